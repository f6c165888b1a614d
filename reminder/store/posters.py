"""Pictures of titles: where their source has them, and those that are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, delete, exists, func, insert, or_, select, update

from reminder.core.sourcing.answers import SourceTitle
from reminder.store.sql.any_of import one_of
from reminder.store.sql.tables import followed, poster, subscriber, subscription, title
from reminder.store.titles import chunks

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a picture was asked for that nobody has asked for yet."""

AGAIN: Final = timedelta(days=1)
"""How long after it was asked for in vain a picture is asked for again."""


@dataclass(frozen=True, kw_only=True)
class WantedPoster:
    """A picture to be fetched: of which title, and from where."""

    key: str
    url: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class KeptPoster:
    """A picture that is kept: of which title by its number, whose it is, and since when (UTC)."""

    number: int
    source: str
    kept_at: datetime


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture itself: its media type, its bytes, and since when it is kept (UTC)."""

    kind: str
    content: bytes = field(repr=False)
    kept_at: datetime


def note_picture(tx: Connection, key: str, answers: Sequence[SourceTitle]) -> None:
    """Note where the sources of a title say that its picture is; one that is kept from elsewhere is let go of."""
    first = next((answer for answer in answers if answer.image), None)
    known = tx.execute(select(poster.c.url).where(poster.c.title_key == key)).scalar()
    if first is not None and known == first.image:
        return
    if known is not None:
        tx.execute(delete(poster).where(poster.c.title_key == key))
    if first is not None:
        tx.execute(insert(poster).values(title_key=key, source=first.source, url=first.image, asked_at=NEVER))


def rekey_picture(tx: Connection, old: str, new: str) -> None:
    """Let a title keep its picture under another key."""
    tx.execute(delete(poster).where(poster.c.title_key == new))
    tx.execute(update(poster).where(poster.c.title_key == old).values(title_key=new))


def has_wanted(tx: Connection, now: datetime, kept: timedelta) -> bool:
    """Tell whether any picture is to be fetched at `now`, where each is kept for as long as `kept`."""
    return bool(tx.execute(select(_wanted(now, kept).limit(1).exists())).scalar())


def claim_wanted(tx: Connection, now: datetime, kept: timedelta, most: int) -> list[WantedPoster]:
    """Return what is to be fetched at `now`, at most so many, and note that it was asked for.

    What was kept for its time is let go of, and so is what belongs to no title that is followed through a source.
    """
    tx.execute(delete(poster).where(poster.c.title_key.not_in(select(followed.c.title_key))))
    rows = tx.execute(_wanted(now, kept).order_by(poster.c.asked_at, poster.c.title_key).limit(most)).all()
    these = poster.c.title_key.in_([row.title_key for row in rows])
    tx.execute(update(poster).where(these).values(asked_at=now, kind=None, image=None, kept_at=None))
    return [WantedPoster(key=row.title_key, url=row.url) for row in rows]


def _wanted(now: datetime, kept: timedelta) -> Select[tuple[str, str]]:
    is_old = or_(poster.c.kept_at.is_(None), poster.c.kept_at < now - kept)
    return select(poster.c.title_key, poster.c.url).where(is_old, poster.c.asked_at < now - AGAIN)


def bytes_kept(tx: Connection) -> int:
    """Return how many bytes of pictures are kept."""
    return int(tx.execute(select(func.coalesce(func.sum(func.length(poster.c.image)), 0))).scalar_one())


def keep_picture(tx: Connection, wanted: WantedPoster, kind: str, content: bytes, now: datetime) -> None:
    """Keep a picture that was fetched, unless its source has it elsewhere by now."""
    tx.execute(
        update(poster)
        .where(poster.c.title_key == wanted.key, poster.c.url == wanted.url)
        .values(kind=kind, image=content, kept_at=now)
    )


def kept_posters(tx: Connection, numbers: Collection[int], since: datetime) -> list[KeptPoster]:
    """Return which of these titles, by number, have a picture that is kept since `since` or later."""
    columns = (title.c.id, poster.c.source, poster.c.kept_at)
    query = select(*columns).join(poster, poster.c.title_key == title.c.key).where(poster.c.kept_at >= since)
    rows = (row for part in chunks(list(numbers)) for row in tx.execute(query.where(one_of(title.c.id, part))))
    return [KeptPoster(number=row.id, source=row.source, kept_at=row.kept_at) for row in rows]


def picture_of(tx: Connection, number: int, since: datetime, person: str | None) -> Picture | None:
    """Return the picture of a title for a person who follows it, or for anybody (None); None where there is none."""
    columns = (poster.c.kind, poster.c.image, poster.c.kept_at)
    query = select(*columns).join(title, title.c.key == poster.c.title_key)
    query = query.where(title.c.id == number, poster.c.kept_at >= since)
    if person is not None:
        is_theirs = (subscription.c.subscriber_id == subscriber.c.id, subscriber.c.name == person)
        query = query.where(exists().where(subscription.c.title_id == number, *is_theirs))
    row = tx.execute(query).one_or_none()
    return None if row is None else Picture(kind=row.kind, content=row.image, kept_at=row.kept_at)
