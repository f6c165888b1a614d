"""What people have chosen for themselves, carried into a database that begins anew: for `plan --from`, `simulate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, or_, select, update

from reminder.core.model.lead import Ladder
from reminder.store import own
from reminder.store.people import CONFIG
from reminder.store.sql.records import Json
from reminder.store.sql.tables import CHOOSING, subscriber, subscription, title
from reminder.store.titles import known_titles
from reminder.store.writer import OWN


@dataclass(frozen=True, kw_only=True)
class ChosenTitle:
    """What somebody has chosen about one title: to follow it, or not to, and the leads that they have taken for it."""

    key: str
    is_followed: bool
    is_stopped: bool
    ladder: Ladder | None


@dataclass(frozen=True, kw_only=True)
class PersonChoices:
    """Somebody who has chosen something: who lists them, what is listed of them, and all that they have chosen."""

    name: str
    origin: str
    profile: Json
    own: Json | None
    titles: tuple[ChosenTitle, ...]

    def make(self, tx: Connection, now: datetime, grace: timedelta) -> None:
        """Let this person choose the same from `now` on; titles that are not watched here are left out."""
        known = tx.execute(select(subscriber.c.id).where(subscriber.c.name == self.name)).scalar()
        if known is None and self.origin == CONFIG:
            return
        if known is None:
            tx.execute(
                insert(subscriber).values(name=self.name, origin=self.origin, profile=self.profile, own=self.own)
            )
        elif self.own is not None:
            tx.execute(update(subscriber).where(subscriber.c.id == known).values(own=self.own))
        own.settle(tx, self.name, now)
        here = known_titles(tx, [each.key for each in self.titles])
        for each in self.titles:
            if each.key in here and here[each.key].ended_at is None:
                self._choose(tx, each, here[each.key].id, now, grace)

    def _choose(self, tx: Connection, chosen: ChosenTitle, title_id: int, now: datetime, grace: timedelta) -> None:
        if chosen.is_followed:
            own.follow(tx, self.name, title_id, now, grace)
        if chosen.ladder is not None:
            own.take_leads(tx, self.name, title_id, chosen.ladder, now)
        if chosen.is_stopped:
            own.stop(tx, self.name, title_id, now)


def choices_of(tx: Connection) -> tuple[PersonChoices, ...]:
    """Return what everybody has chosen who is told something, in the order in which they came."""
    people = select(subscriber).where(CHOOSING, subscriber.c.ended_at.is_(None)).order_by(subscriber.c.id)
    chosen: dict[int, list[ChosenTitle]] = {}
    for row in tx.execute(_TITLES):
        chosen.setdefault(row.subscriber_id, []).append(_title(row))
    return tuple(_people(tx.execute(people).all(), chosen))


def _people(rows: Sequence[Row[Any]], chosen: Mapping[int, Sequence[ChosenTitle]]) -> Iterator[PersonChoices]:
    for row in rows:
        if row.own is not None or row.id in chosen:
            titles = tuple(chosen.get(row.id, ()))
            yield PersonChoices(name=row.name, origin=row.origin, profile=row.profile, own=row.own, titles=titles)


_IS_CHOSEN: Final = or_(
    subscription.c.origin == OWN,
    subscription.c.stopped_at.is_not(None),
    subscription.c.own_ladder.is_not(None),
    subscriber.c.origin != CONFIG,
)
_TITLES: Final = (
    select(subscription, title.c.key, subscriber.c.origin.label("listed_by"))
    .join(subscriber, subscription.c.subscriber_id == subscriber.c.id)
    .join(title, subscription.c.title_id == title.c.id)
    .where(CHOOSING, subscriber.c.ended_at.is_(None), _IS_CHOSEN)
    .where(or_(subscription.c.ended_at.is_(None), subscription.c.stopped_at.is_not(None)))
    .order_by(subscription.c.id)
)


def _title(row: Row[Any]) -> ChosenTitle:
    is_live = row.ended_at is None
    return ChosenTitle(
        key=row.key,
        is_followed=is_live and (row.origin == OWN or row.listed_by != CONFIG),
        is_stopped=row.stopped_at is not None,
        ladder=Ladder.load(row.own_ladder) if row.own_ladder is not None else None,
    )
