"""What stands beside releases on a page: how their dates moved lately, what one person has heard, how quiet it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.ledger import DateChange, Ref, State
from reminder.store.load_plans import date_changes
from reminder.store.sql.any_of import one_of_those
from reminder.store.sql.codec import ref_of
from reminder.store.sql.tables import date_change, delivery, message, subscription

TitleRelease = tuple[int, Ref]
"""A release: the number of its title, and which one of it."""


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """A delivery that was sent: of which message, of which date it told, over which channel, and when."""

    message_id: int
    planned: When
    channel: str
    at: datetime


def arrived(
    tx: Connection, subscriber_id: int, releases: Collection[TitleRelease]
) -> dict[TitleRelease, list[SentMessage]]:
    """Return what came to one person about these releases, oldest first; nothing for one of which nothing came."""
    told: dict[TitleRelease, list[SentMessage]] = {which: [] for which in releases}
    titles, firsts = ({title_id for title_id, _ in told}, {first for _, (_, first) in told})
    for row in tx.execute(_ARRIVED, {"who": subscriber_id, "titles": sorted(titles), "firsts": sorted(firsts)}):
        which = row.title_id, ref_of(row.season, row.first)
        if which in told:
            planned = load_when(row.planned)
            sent = SentMessage(message_id=row.id, planned=planned, channel=row.channel, at=row.closed_at)
            told[which].append(sent)
    return told


_SENT_OF: Final = (message.c.id, message.c.title_id, message.c.season, message.c.first, message.c.planned)
_ARRIVED: Final = (
    select(*_SENT_OF, delivery.c.channel, delivery.c.closed_at)
    .select_from(delivery.join(message, delivery.c.message_id == message.c.id))
    .where(message.c.subscriber_id == bindparam("who"), delivery.c.state == State.SENT)
    .where(one_of_those(message.c.title_id, "titles"), one_of_those(message.c.first, "firsts"))
    .order_by(delivery.c.closed_at, delivery.c.id)
)


@dataclass(frozen=True, kw_only=True)
class QuietFollow:
    """Whether one person has muted a title, and until when they have paused it (None for no pause)."""

    is_muted: bool
    paused_until: datetime | None


def quiet_of(tx: Connection, subscriber_id: int, title_ids: Collection[int]) -> dict[int, QuietFollow]:
    """Return how quiet one person keeps these titles, by the title's number: those that are muted or were paused."""
    rows = tx.execute(_QUIET, {"who": subscriber_id, "titles": sorted(title_ids)})
    return {
        title_id: QuietFollow(is_muted=muted_at is not None, paused_until=until) for title_id, muted_at, until in rows
    }


_QUIET: Final = (
    select(subscription.c.title_id, subscription.c.muted_at, subscription.c.paused_until)
    .where(subscription.c.subscriber_id == bindparam("who"), one_of_those(subscription.c.title_id, "titles"))
    .where(or_(subscription.c.muted_at.is_not(None), subscription.c.paused_until.is_not(None)))
)


def recent_changes(tx: Connection, title_ids: Sequence[int], since: datetime) -> dict[int, tuple[DateChange, ...]]:
    """Return the changes of these titles' dates that were seen since an instant, oldest first, by title."""
    moved = tx.execute(_MOVED, {"titles": title_ids, "since": since}).scalars().all()
    found = date_changes(tx, moved) if moved else {}
    return {id_: tuple(change for change in changes if change.seen_at >= since) for id_, changes in found.items()}


_MOVED: Final = (
    select(date_change.c.title_id)
    .where(one_of_those(date_change.c.title_id, "titles"), date_change.c.seen_at >= bindparam("since"))
    .distinct()
)
