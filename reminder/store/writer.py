"""Titles written for the config or a command: their dates, each change kept, and who follows them since when."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, bindparam, insert, select, update

from reminder.core.model.entities import Release, Subscriber, Title
from reminder.core.model.lead import DEFAULT_LADDER, Ladder
from reminder.core.model.ledger import Ref
from reminder.core.schedule.listing import (
    KnownRelease,
    ListedEntry,
    ListingChanges,
    SubscriptionState,
    begin_or_go_on,
    new_dates,
)
from reminder.core.schedule.relabelling import relabelled
from reminder.core.schedule.season import unfold
from reminder.store.followed import Resolve, resolved
from reminder.store.people import IMPORT, Person
from reminder.store.relabel import move_labels, was_told
from reminder.store.sql.codec import dump_since, load_since
from reminder.store.sql.tables import CONFIGURED, OPEN_DELIVERY, delivery, message, subscriber, subscription
from reminder.store.titles import PutTitle, chunks, date_rows, known_releases, put_titles

log = logging.getLogger(__name__)


@dataclass
class SyncReport:
    """The changes of a sync, by name: for the log and for `reload`'s answer."""

    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    channels: tuple[str, ...] = ()
    renamed: list[str] = field(default_factory=list)
    questions: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = {"began": self.began, "ended": self.ended, "moved": self.moved, "renamed": self.renamed}
        counts["channels changed"] = list(self.channels)
        changed = ", ".join(f"{len(names)} {what}" for what, names in counts.items() if names) or "nothing"
        return "; ".join([changed, *self.questions])

    def log(self) -> None:
        """Say who goes on under another name, and where that is not plain."""
        for text in self.renamed:
            log.info("name changed", extra={"what": text})
        for text in self.questions:
            log.warning("name may have changed", extra={"what": text})


class Batch:
    """Statements with their rows, run together: one round trip for many rows, in the order they first came."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._rows: dict[Executable, list[Mapping[str, Any]]] = defaultdict(list)

    def add(self, statement: Executable, row: Mapping[str, Any]) -> None:
        """Have `statement` run with this row."""
        self._rows[statement].append(row)

    def run(self) -> None:
        """Run everything."""
        for statement, rows in self._rows.items():
            self._tx.execute(statement, rows)
        self._rows.clear()


_BEGIN: Final = insert(subscription)
_LOOK_AGAIN: Final = (
    update(subscription)
    .where(subscription.c.title_id == bindparam("of_title"), subscription.c.ended_at.is_(None))
    .values(next_due_at=bindparam("at"))
)
GO_ON: Final = (
    update(subscription)
    .where(subscription.c.id == bindparam("of"))
    .values(
        {name: bindparam(name) for name in ("ladder", "since", "began_at", "ended_at", "noticed_no", "next_due_at")}
    )
)
_END: Final = (
    update(subscription).where(subscription.c.id == bindparam("of")).values(ended_at=bindparam("at"), next_due_at=None)
)
_LET_GO: Final = (
    update(delivery)
    .where(
        OPEN_DELIVERY,
        delivery.c.due_at > bindparam("at"),
        delivery.c.message_id.in_(
            select(message.c.id).where(
                message.c.title_id == bindparam("of_title"), message.c.subscriber_id == bindparam("of_subscriber")
            )
        ),
    )
    .values(due_at=bindparam("at"))
)
"""What was held back while a title was gone is tried at once."""


_IMPORTED_AT_ITS_END: Final = (
    subscription.c.title_id == bindparam("of_title"),
    subscription.c.ended_at == bindparam("was"),
    subscription.c.subscriber_id.in_(select(subscriber.c.id).where(subscriber.c.origin == IMPORT)),
)
_REVIVE_IMPORTED: Final = (
    update(subscription).where(*_IMPORTED_AT_ITS_END).values(ended_at=None, next_due_at=bindparam("at"))
)
_BEGIN_IMPORTED: Final = (
    update(subscription)
    .where(*_IMPORTED_AT_ITS_END)
    .values(ended_at=None, next_due_at=bindparam("at"), began_at=bindparam("at"), since={}, noticed_no=bindparam("no"))
)
_LET_ALL_GO: Final = (
    update(delivery)
    .where(
        OPEN_DELIVERY,
        delivery.c.due_at > bindparam("at"),
        delivery.c.message_id.in_(select(message.c.id).where(message.c.title_id == bindparam("of_title"))),
    )
    .values(due_at=bindparam("at"))
)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Puts listed titles into the database within one transaction, at one instant."""

    tx: Connection
    people: Mapping[str, Person]
    now: datetime
    grace: timedelta
    resolve: Resolve
    report: SyncReport = field(default_factory=SyncReport)

    def put(self, titles: Sequence[ListedEntry], origin: str) -> None:
        """Write titles, their releases and their subscriptions; record each date that changed.

        The dates of a title that is followed through a source are those that it has given, as `resolve` decides.
        """
        placed = put_titles(self.tx, resolved(self.tx, titles, self.now, self.resolve), origin)
        ids = [item.id for item in placed if not item.is_new]
        releases, standings = known_releases(self.tx, ids), _standings(self.tx, ids)
        batch = Batch(self.tx)
        for item in placed:
            title = item.listing.title
            wanted = unfold(title)
            known = self._as_counted_now(item.id, releases.get(item.id, {}), wanted, title)
            dates = new_dates(
                known,
                wanted,
                last_no=item.last_no,
                source=title.sourced.source if title.sourced else origin,
                now=self.now,
                grace=self.grace,
                is_first_answer=item.is_first_answer,
            )
            dates = _by_whom(dates, title, origin)
            for statement, row in date_rows(item.id, dates, known, self.now):
                batch.add(statement, row)
            if dates.changes:
                self.report.moved.append(item.listing.title.name)
            last_no = dates.changes[-1].no if dates.changes else item.last_no
            if not item.is_new and (item.is_changed or dates):
                batch.add(_LOOK_AGAIN, {"of_title": item.id, "at": self.now})
            if item.was_ended_at is not None:
                self._revive_imported(batch, item.id, item.was_ended_at, last_no)
            self._follow(batch, item, standings.get(item.id, {}), last_no)
        batch.run()

    def _as_counted_now(
        self, title_id: int, known: Mapping[Ref, KnownRelease], wanted: Sequence[Release], title: Title
    ) -> Mapping[Ref, KnownRelease]:
        """Return the releases of a title by the seasons and numbers that they have now; in the database, too."""
        moved = relabelled(known, wanted, title, lambda ref: was_told(self.tx, title_id, ref))
        if not moved:
            return known
        move_labels(self.tx, title_id, moved)
        return known_releases(self.tx, [title_id])[title_id]

    def _revive_imported(self, batch: Batch, title_id: int, ended_at: datetime, last_no: int) -> None:
        """Let those who were imported follow a title that is listed again: as if never gone, or from now on."""
        keys = {"of_title": title_id, "was": ended_at, "at": self.now}
        if ended_at + self.grace < self.now:
            batch.add(_BEGIN_IMPORTED, {**keys, "no": last_no})
            return
        batch.add(_REVIVE_IMPORTED, keys)
        batch.add(_LET_ALL_GO, {"of_title": title_id, "at": self.now})

    def _follow(self, batch: Batch, item: PutTitle, known: Mapping[int, _Known], last_no: int) -> None:
        """Begin, go on with and end the subscriptions of one title."""
        listing = item.listing
        following = set()
        for name, own in listing.followed_by(self.people).items():
            if name not in self.people:
                continue
            person = self.people[name]
            following.add(person.id)
            before = known.get(person.id)
            standing = begin_or_go_on(
                before.standing if before else None,
                effective_ladder(own, listing.title, person.subscriber),
                last_no=last_no,
                now=self.now,
                grace=self.grace,
            )
            if before is None:
                keys = {"subscriber_id": person.id, "title_id": item.id}
                batch.add(_BEGIN, {**keys, **columns_of(standing, self.now)})
                self.report.began.append(f"{name}: {listing.title.name}")
            elif standing != before.standing:
                self._go_on(batch, item.id, person.id, before, standing)
        for subscriber_id, gone in known.items():
            if subscriber_id not in following and gone.standing.ended_at is None:
                batch.add(_END, {"of": gone.id, "at": self.now})
                self.report.ended.append(listing.title.name)

    def _go_on(
        self, batch: Batch, title_id: int, subscriber_id: int, before: _Known, standing: SubscriptionState
    ) -> None:
        batch.add(GO_ON, {"of": before.id, **columns_of(standing, self.now)})
        if before.standing.ended_at is not None:
            batch.add(_LET_GO, {"of_title": title_id, "of_subscriber": subscriber_id, "at": self.now})


@dataclass(frozen=True, kw_only=True)
class _Known:
    id: int
    standing: SubscriptionState


def _by_whom(dates: ListingChanges, title: Title, origin: str) -> ListingChanges:
    """Let a date that a hand has put above the source's be the hand's, not the source's."""
    said = title.source_options.when if title.source_options else None
    if said is None or not dates.changes:
        return dates
    changes = tuple(replace(item, source=origin) if item.after == said else item for item in dates.changes)
    return replace(dates, changes=changes)


def _standings(tx: Connection, ids: Sequence[int]) -> dict[int, dict[int, _Known]]:
    """Return how the subscriptions of titles stand, but for people who are imported: there may be a million of them."""
    known: dict[int, dict[int, _Known]] = {}
    theirs = subscription.c.subscriber_id.in_(select(subscriber.c.id).where(CONFIGURED))
    for part in chunks(ids):
        for row in tx.execute(select(subscription).where(subscription.c.title_id.in_(part), theirs)):
            known.setdefault(row.title_id, {})[row.subscriber_id] = _Known(id=row.id, standing=standing_of(row))
    return known


def standing_of(row: Row[Any]) -> SubscriptionState:
    """Return how a subscription stands."""
    return SubscriptionState(
        ladder=Ladder.load(row.ladder),
        since=load_since(row.since),
        began_at=row.began_at,
        noticed_no=row.noticed_no,
        ended_at=row.ended_at,
    )


def effective_ladder(own: Ladder | None, item: Title, person: Subscriber) -> Ladder:
    """Return the ladder that counts: this person on this title, else the title's, else the person's (SPEC 2)."""
    wider = item.remind.over(person.remind) if item.remind else person.remind
    return (own.over(wider) if own else wider).over(DEFAULT_LADDER)


def columns_of(standing: SubscriptionState, now: datetime) -> dict[str, Any]:
    """Return what a subscription's row says of how it stands; it is to be looked at now."""
    return {
        "ladder": standing.ladder.dump(),
        "since": dump_since(standing.since),
        "began_at": standing.began_at,
        "ended_at": standing.ended_at,
        "noticed_no": standing.noticed_no,
        "next_due_at": now,
    }
