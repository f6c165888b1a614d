"""Which channels of one person take nothing just now, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from reminder.store.people import find_people
from reminder.store.sql.tables import channel, refused_address


@dataclass(frozen=True, kw_only=True)
class FailingChannel:
    """A channel that is parked, or this person's address on a shared one, since when, and why."""

    name: str
    since_at: datetime
    reason: str


def failing_for(tx: Connection, person: str) -> list[FailingChannel]:
    """Return the channels of a person that fail, in the order in which the person has them."""
    found: dict[str, FailingChannel] = {}
    uses: list[str] = []
    for number, who in find_people(tx, person).items():
        uses = [use.name for use in who.channels]
        parked = select(channel.c.name, channel.c.parked_at, channel.c.reason).where(channel.c.name.in_(uses))
        theirs = select(refused_address.c.channel, refused_address.c.parked_at, refused_address.c.reason)
        asked = (
            parked.where(channel.c.parked_at.is_not(None)),
            theirs.where(refused_address.c.subscriber_id == number),
        )
        rows = [row for query in asked for row in tx.execute(query)]
        found = {name: FailingChannel(name=name, since_at=at, reason=reason or "") for name, at, reason in rows}
    return [found[name] for name in uses if name in found]
