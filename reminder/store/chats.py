"""Whose address a chat is."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, Text, cast, or_, select

from reminder.core.model.channels import base_name
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import is_proved
from reminder.store.own import ended_uses
from reminder.store.people import load_people
from reminder.store.sql.tables import subscriber, subscription


def people_at(tx: Connection, channel: str, chat: str) -> dict[int, Subscriber]:
    """Return whose proved address on a channel a chat is, or a topic in it is, by the number of their row."""
    return {id_: who for id_, who in _named(tx, chat).items() if use_at(who, channel, chat) is not None}


def people_left(tx: Connection, channel: str, chat: str) -> dict[int, Subscriber]:
    """Return who has ended a use by which a chat was their address, by the number of their row."""
    named = _named(tx, chat).items()
    return {id_: who for id_, who in named if any(leads_to(use, channel, chat) for use in ended_uses(tx, who.name))}


def _named(tx: Connection, chat: str) -> dict[int, Subscriber]:
    # The database finds who may be meant by the text of the settings, so that not everybody's are read for it.
    said = json.dumps({"address": chat})[1:-2]
    named = [cast(column, Text).contains(said, autoescape=True) for column in (subscriber.c.profile, subscriber.c.own)]
    query = select(subscriber.c.id).where(subscriber.c.ended_at.is_(None), or_(*named)).order_by(subscriber.c.id)
    return load_people(tx, tx.execute(query).scalars().all())


def use_at(person: Subscriber, channel: str, chat: str) -> ChannelUse | None:
    """Return the use by which a chat is a person's proved address on a channel, None where it is not."""
    return next((use for use in person.channels if leads_to(use, channel, chat) and is_proved(use)), None)


def leads_to(use: ChannelUse, channel: str, chat: str) -> bool:
    """Tell whether a use of a channel leads to a chat, or to a topic in it."""
    return base_name(use.name) == channel and (use.address or "").partition(":")[0] == chat


def silenced(tx: Connection, person_id: int, now: datetime) -> list[int]:
    """Return the numbers of the titles about which a person has asked for silence, in the order of their numbers."""
    theirs = (subscription.c.subscriber_id == person_id, subscription.c.ended_at.is_(None))
    quiet = or_(subscription.c.muted_at.is_not(None), subscription.c.paused_until > now)
    query = select(subscription.c.title_id).where(*theirs, quiet).order_by(subscription.c.title_id)
    return list(tx.execute(query).scalars())
