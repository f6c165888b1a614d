"""Whose address a chat is."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, Text, cast, or_, select

from reminder.core.model.channels import base_name
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import is_proved
from reminder.store.people import load_people
from reminder.store.sql.tables import subscriber, subscription


def people_at(tx: Connection, channel: str, chat: str) -> dict[int, Subscriber]:
    """Return whose proved address on a channel a chat is, or a topic in it is, by the number of their row."""
    # The database finds who may be meant by the text of the settings, so that not everybody's are read for it.
    said = json.dumps({"address": chat})[1:-2]
    named = [cast(column, Text).contains(said, autoescape=True) for column in (subscriber.c.profile, subscriber.c.own)]
    query = select(subscriber.c.id).where(subscriber.c.ended_at.is_(None), or_(*named)).order_by(subscriber.c.id)
    found = load_people(tx, tx.execute(query).scalars().all())
    return {id_: who for id_, who in found.items() if use_at(who, channel, chat) is not None}


def use_at(person: Subscriber, channel: str, chat: str) -> ChannelUse | None:
    """Return the use by which a chat is a person's proved address on a channel, None where it is not."""
    theirs = (use for use in person.channels if base_name(use.name) == channel and is_proved(use))
    return next((use for use in theirs if (use.address or "").partition(":")[0] == chat), None)


def silenced(tx: Connection, person_id: int, now: datetime) -> list[int]:
    """Return the numbers of the titles about which a person has asked for silence, in the order of their numbers."""
    theirs = (subscription.c.subscriber_id == person_id, subscription.c.ended_at.is_(None))
    quiet = or_(subscription.c.muted_at.is_not(None), subscription.c.paused_until > now)
    query = select(subscription.c.title_id).where(*theirs, quiet).order_by(subscription.c.title_id)
    return list(tx.execute(query).scalars())
