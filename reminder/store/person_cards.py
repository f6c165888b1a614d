"""People as an owner sees them: who lists them, since when, whether an owner, and whether they are still told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, or_, select

from reminder.core.model.entities import Subscriber
from reminder.core.model.own import Own
from reminder.store.people import CONFIG, IMPORT, WEB
from reminder.store.sql.codec import load_own, load_subscriber
from reminder.store.sql.tables import CHOOSING, subscriber


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """Somebody who is told, or was: `ended_at` is when that ended, `left_at` when they ended it themselves."""

    number: int
    origin: str
    person: Subscriber
    own: Own
    ended_at: datetime | None

    @property
    def left_at(self) -> datetime | None:
        """Return when they left by themselves, or an owner had them told nothing more."""
        return self.own.left_at

    @property
    def since_at(self) -> datetime | None:
        """Return since when an address that they brought counts, None where that is not known."""
        return min((use.since_at for use in self.own.channels if use.since_at is not None), default=None)


_CARDS: Final = select(subscriber)


def card_of(tx: Connection, number: int) -> PersonCard | None:
    """Return the person of this number, None for nobody."""
    row = tx.execute(_CARDS.where(subscriber.c.id == number)).one_or_none()
    return None if row is None else _card(row)


def cards(tx: Connection, origin: str, most: int) -> list[PersonCard]:
    """Return people whom the config lists, or who have joined, by name; whom the config does not list any more not."""
    these = _CARDS.where(subscriber.c.origin == origin)
    if origin == CONFIG:
        these = these.where(subscriber.c.ended_at.is_(None))
    return _found(tx, these, most)


def find_cards(tx: Connection, word: str, most: int) -> list[PersonCard]:
    """Return whoever has this word in their name, whoever lists them."""
    has_it = func.lower(subscriber.c.name).contains(word.lower(), autoescape=True)
    told = or_(subscriber.c.ended_at.is_(None), subscriber.c.origin.in_([IMPORT, WEB]))
    return _found(tx, _CARDS.where(has_it, told), most)


def names_known(tx: Connection) -> list[str]:
    """Return the names of all whom the config lists or did, who have joined, or choose for themselves."""
    return list(tx.execute(_NAMES).scalars())


_NAMES: Final = select(subscriber.c.name).where(CHOOSING).order_by(subscriber.c.name)


def count_imported(tx: Connection) -> int:
    """Return how many people who were imported are told."""
    these = select(func.count()).where(subscriber.c.origin == IMPORT, subscriber.c.ended_at.is_(None))
    return tx.execute(these).scalar_one()


def _found(tx: Connection, query: Select[Any], most: int) -> list[PersonCard]:
    return [_card(row) for row in tx.execute(query.order_by(subscriber.c.name).limit(most))]


def _card(row: Row[Any]) -> PersonCard:
    kept = load_own(row.own or {})
    person = replace(kept.over(load_subscriber(row.name, row.profile)), paused_until=row.paused_until)
    return PersonCard(number=row.id, origin=row.origin, person=person, own=kept, ended_at=row.ended_at)
