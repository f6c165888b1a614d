"""What is watched, in pages by the number of the title: for one person, or for everybody."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select

from reminder.store.sql.tables import subscription, title
from reminder.store.title_commands import StoredTitle, kept_by_numbers


def watched_page(tx: Connection, subscriber_id: int | None, after: int, limit: int) -> list[StoredTitle]:
    """Return `limit` of the titles that one person follows, or that are watched at all, with numbers above `after`."""
    query = select(title.c.id).where(*_watched(subscriber_id), title.c.id > after).order_by(title.c.id).limit(limit)
    return kept_by_numbers(tx, list(tx.execute(query).scalars()))


def watched_count(tx: Connection, subscriber_id: int | None) -> int:
    """Return how many titles one person follows, or are watched at all."""
    query = select(func.count()).where(title.c.ended_at.is_(None))
    if subscriber_id is None:
        query = query.select_from(title)
    else:
        theirs = (subscription.c.subscriber_id == subscriber_id, subscription.c.ended_at.is_(None))
        query = query.select_from(subscription.join(title, subscription.c.title_id == title.c.id)).where(*theirs)
    number: int = tx.execute(query).scalar_one()
    return number


def numbered_title(tx: Connection, number: int) -> StoredTitle | None:
    """Return the title of this number, whether or not it is still watched; None where there is none."""
    return next(iter(kept_by_numbers(tx, [number])), None)


def _watched(subscriber_id: int | None) -> list[ColumnElement[bool]]:
    if subscriber_id is None:
        return [title.c.ended_at.is_(None)]
    theirs = (subscription.c.subscriber_id == subscriber_id, subscription.c.ended_at.is_(None))
    follows = select(subscription.c.id).where(*theirs, subscription.c.title_id == title.c.id).exists()
    return [title.c.ended_at.is_(None), follows]
