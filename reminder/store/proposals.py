"""Dates that somebody has proposed to the owner for a title that others follow too, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, bindparam, cast, delete, func, insert, select, update

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Subscriber
from reminder.store.people import find_people, load_people
from reminder.store.sql.tables import date_proposal, message, subscriber, title


@dataclass(frozen=True, kw_only=True)
class DateProposal:
    """A date that a person has proposed for a title; `is_taken` is None until the owner has decided."""

    id: int
    title_id: int
    name: str
    subscriber_id: int
    person: str
    when: When
    said_at: datetime
    decided_at: datetime | None
    is_taken: bool | None


_PROPOSALS: Final = (
    select(date_proposal, title.c.name, subscriber.c.name.label("person"))
    .join(title, date_proposal.c.title_id == title.c.id)
    .join(subscriber, date_proposal.c.subscriber_id == subscriber.c.id)
)
_OPEN: Final = (date_proposal.c.decided_at.is_(None), title.c.ended_at.is_(None))


def add_proposal(tx: Connection, title_id: int, subscriber_id: int, when: When, now: datetime) -> DateProposal:
    """Keep a date that somebody proposes, and return it; one of theirs that nobody has decided makes way for it."""
    before = (date_proposal.c.title_id == title_id, date_proposal.c.subscriber_id == subscriber_id)
    tx.execute(delete(date_proposal).where(*before, date_proposal.c.decided_at.is_(None)))
    values = {"title_id": title_id, "subscriber_id": subscriber_id, "said": when.show(), "said_at": now}
    made = tx.execute(insert(date_proposal).values(values).returning(date_proposal.c.id)).scalar_one()
    return _proposal(tx.execute(_PROPOSALS.where(date_proposal.c.id == made)).one())


def proposal_of(tx: Connection, number: int, *, lock: bool = False) -> DateProposal | None:
    """Return the proposal of this number, None where there is none; `lock` has others wait who would decide it."""
    query = _PROPOSALS.where(date_proposal.c.id == number)
    row = tx.execute(query.with_for_update(of=date_proposal) if lock else query).first()
    return None if row is None else _proposal(row)


def open_proposals(tx: Connection, most: int) -> tuple[DateProposal, ...]:
    """Return what is proposed and not decided yet, the oldest first."""
    query = _PROPOSALS.where(*_OPEN).order_by(date_proposal.c.id).limit(most)
    return tuple(map(_proposal, tx.execute(query)))


def proposals_about(tx: Connection, title_id: int) -> tuple[DateProposal, ...]:
    """Return all that was proposed for a title, the newest first."""
    return tuple(map(_proposal, tx.execute(_ABOUT, {"number": title_id})))


_ABOUT: Final = _PROPOSALS.where(date_proposal.c.title_id == bindparam("number")).order_by(date_proposal.c.id.desc())


def proposals_by(tx: Connection, subscriber_id: int, most: int) -> tuple[DateProposal, ...]:
    """Return what a person has proposed, the newest first."""
    query = _PROPOSALS.where(date_proposal.c.subscriber_id == subscriber_id).order_by(date_proposal.c.id.desc())
    return tuple(map(_proposal, tx.execute(query.limit(most))))


def count_open(tx: Connection, subscriber_id: int) -> int:
    """Return how many dates a person has proposed that nobody has decided yet."""
    theirs = (date_proposal.c.subscriber_id == subscriber_id, date_proposal.c.decided_at.is_(None))
    found: int = tx.execute(select(func.count()).where(*theirs)).scalar_one()
    return found


def decide(tx: Connection, number: int, now: datetime, *, is_taken: bool) -> None:
    """Keep what became of a proposal."""
    this = update(date_proposal).where(date_proposal.c.id == number)
    tx.execute(this.values(decided_at=now, is_taken=int(is_taken)))


def _proposal(row: Row[Any]) -> DateProposal:
    return DateProposal(
        id=row.id,
        title_id=row.title_id,
        name=row.name,
        subscriber_id=row.subscriber_id,
        person=row.person,
        when=load_when(row.said),
        said_at=row.said_at,
        decided_at=row.decided_at,
        is_taken=None if row.is_taken is None else bool(row.is_taken),
    )


# Who is told of it ---------------------------------------------------------------------------------------------------


def owners(tx: Connection, operator: str) -> dict[int, Subscriber]:
    """Return who decides, by the number of the row: the operator, and whom one has made an owner."""
    made = cast(subscriber.c.own, Text).contains('"is_owner"')
    query = select(subscriber.c.id).where(subscriber.c.own.is_not(None), subscriber.c.ended_at.is_(None), made)
    found = load_people(tx, tx.execute(query).scalars())
    return find_people(tx, operator) | {id_: person for id_, person in found.items() if person.is_owner}


def told_since(tx: Connection, subscriber_id: int, what: str, since: datetime) -> list[datetime]:
    """Return when somebody was told something of this kind since an instant, the oldest first."""
    theirs = (message.c.subscriber_id == subscriber_id, message.c.what == what, message.c.title_id.is_(None))
    return list(tx.execute(select(message.c.at).where(*theirs, message.c.at > since).order_by(message.c.at)).scalars())
