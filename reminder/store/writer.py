"""Titles written for the config or a command: their dates, each change kept, and who follows them since when."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, bindparam, insert, or_, select, update

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
from reminder.store.people import CONFIG, IMPORT, LISTED, Person, load_people
from reminder.store.relabel import move_labels, was_told
from reminder.store.sql.codec import dump_since, load_since
from reminder.store.sql.tables import CHOOSING, CONFIGURED, OPEN_DELIVERY, delivery, message, subscriber, subscription
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


COMMAND: Final = "command"
LISTING: Final = LISTED
OWN: Final = "own"
"""The origins of a subscription: what is listed for a person, and what they follow beside that."""

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
        | {"stopped_at": None}
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
    subscription.c.ended_at.is_not(None),
    subscription.c.stopped_at.is_(None),
    subscription.c.origin == LISTING,
    subscription.c.subscriber_id.in_(
        select(subscriber.c.id).where(subscriber.c.origin == IMPORT, subscriber.c.ended_at.is_(None))
    ),
)
_BEGIN_IMPORTED: Final = (
    update(subscription)
    .where(*_IMPORTED_AT_ITS_END, subscription.c.ended_at < bindparam("too_long_ago"))
    .values(ended_at=None, next_due_at=bindparam("at"), began_at=bindparam("at"), since={}, noticed_no=bindparam("no"))
)
_REVIVE_IMPORTED: Final = (
    update(subscription).where(*_IMPORTED_AT_ITS_END).values(ended_at=None, next_due_at=bindparam("at"))
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
    """Puts listed titles into the database within one transaction, at one instant.

    With `for_one` a title that is back is one person's alone: nobody else who followed it until it ended goes on.
    """

    tx: Connection
    people: Mapping[str, Person]
    now: datetime
    grace: timedelta
    resolve: Resolve
    report: SyncReport = field(default_factory=SyncReport)
    for_one: bool = False

    def put(self, titles: Sequence[ListedEntry], origin: str) -> None:
        """Write titles, their releases and their subscriptions; record each date that changed.

        The dates of a title that is followed through a source are those that it has given, as `resolve` decides.
        """
        placed = put_titles(self.tx, resolved(self.tx, titles, self.now, self.resolve), origin)
        ids = [item.id for item in placed if not item.is_new]
        releases, standings = known_releases(self.tx, ids), _standings(self.tx, ids)
        others = _others(self.tx, standings, self.people)
        batch = Batch(self.tx)
        for item in placed:
            last_no = self._put_dates(batch, item, releases.get(item.id, {}), origin)
            if item.is_back and not self.for_one:
                self._revive_imported(batch, item.id, last_no)
            standing = standings.get(item.id, {})
            if item.had_ended and origin == COMMAND and not self.for_one:
                standing = _as_wanted_again(item.listing.followed_by(self.people), self.people, standing)
            self._follow(batch, item, standing, last_no)
            self._follow_by_choice(batch, item, standing, others, last_no)
        batch.run()

    def _put_dates(self, batch: Batch, item: PutTitle, before: Mapping[Ref, KnownRelease], origin: str) -> int:
        """Write the dates of one title; return the number of its last change."""
        title = item.listing.title
        wanted = unfold(title)
        known = self._as_counted_now(item.id, before, wanted, title)
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
            self.report.moved.append(title.name)
        if not item.is_new and (item.is_changed or dates):
            batch.add(_LOOK_AGAIN, {"of_title": item.id, "at": self.now})
        return dates.changes[-1].no if dates.changes else item.last_no

    def _as_counted_now(
        self, title_id: int, known: Mapping[Ref, KnownRelease], wanted: Sequence[Release], title: Title
    ) -> Mapping[Ref, KnownRelease]:
        """Return the releases of a title by the seasons and numbers that they have now; in the database, too."""
        moved = relabelled(known, wanted, title, lambda ref: was_told(self.tx, title_id, ref))
        if not moved:
            return known
        move_labels(self.tx, title_id, moved)
        return known_releases(self.tx, [title_id])[title_id]

    def _revive_imported(self, batch: Batch, title_id: int, last_no: int) -> None:
        """Let those who were imported follow a title that is listed again: as if never gone, or from now on."""
        keys = {"of_title": title_id, "at": self.now}
        batch.add(_BEGIN_IMPORTED, {**keys, "no": last_no, "too_long_ago": self.now - self.grace})
        batch.add(_REVIVE_IMPORTED, keys)
        batch.add(_LET_ALL_GO, {"of_title": title_id, "at": self.now})

    def _follow(self, batch: Batch, item: PutTitle, known: Mapping[int, _Known], last_no: int) -> None:
        """Begin, go on with and end the subscriptions that one title is listed for."""
        listing = item.listing
        following = set()
        for person, own in self._listed_for(listing, known):
            before = known.get(person.id)
            following.add(person.id)
            own_ladder = before.own_ladder if before else None
            standing = begin_or_go_on(
                before.standing if before else None,
                effective_ladder(own, listing.title, person.subscriber, own_ladder),
                last_no=last_no,
                now=self.now,
                grace=self.grace,
            )
            if before is None:
                keys = {"subscriber_id": person.id, "title_id": item.id}
                batch.add(_BEGIN, {**keys, **columns_of(standing, self.now)})
                self.report.began.append(f"{person.subscriber.name}: {listing.title.name}")
            elif standing != before.standing:
                self._go_on(batch, item.id, person.id, before, standing)
        for subscriber_id, gone in known.items():
            if subscriber_id not in following and gone.is_live and not gone.is_own:
                batch.add(_END, {"of": gone.id, "at": self.now})
                self.report.ended.append(listing.title.name)

    def _listed_for(self, listing: ListedEntry, known: Mapping[int, _Known]) -> Iterator[tuple[Person, Ladder | None]]:
        """Yield for whom a title is listed, each with the leads that are listed, but for who has chosen otherwise."""
        for name, ladder in listing.followed_by(self.people).items():
            person = self.people.get(name)
            before = known.get(person.id) if person else None
            if person is not None and not (before and (before.is_stopped or before.is_own)):
                yield person, ladder

    def _follow_by_choice(
        self, batch: Batch, item: PutTitle, known: Mapping[int, _Known], others: Mapping[int, Subscriber], last_no: int
    ) -> None:
        """Go on with the subscriptions to one title that people have chosen: no listing begins or ends them."""
        chosen = _chosen(known, only_live=self.for_one)
        listed = {person.id: person.subscriber for person in self.people.values()} if chosen else {}
        ladders = item.listing.followed_by(self.people) if chosen else {}
        for subscriber_id, before in chosen.items():
            person = listed.get(subscriber_id) or others.get(subscriber_id)
            if person is None:
                if before.is_live:
                    batch.add(_END, {"of": before.id, "at": self.now})
                continue
            own = ladders.get(person.name) if subscriber_id in listed else None
            ladder = effective_ladder(own, item.listing.title, person, before.own_ladder)
            standing = begin_or_go_on(before.standing, ladder, last_no=last_no, now=self.now, grace=self.grace)
            if standing != before.standing:
                self._go_on(batch, item.id, subscriber_id, before, standing)

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
    own_ladder: Ladder | None
    is_own: bool
    is_stopped: bool

    @property
    def is_live(self) -> bool:
        """Tell whether it has not ended."""
        return self.standing.ended_at is None


def _chosen(known: Mapping[int, _Known], *, only_live: bool) -> dict[int, _Known]:
    """Return the subscriptions that people have chosen and not stopped; those that have ended, too, unless told."""
    return {
        id_: each
        for id_, each in known.items()
        if each.is_own and not each.is_stopped and (each.is_live or not only_live)
    }


def _as_wanted_again(
    listed: Collection[str], people: Mapping[str, Person], known: Mapping[int, _Known]
) -> dict[int, _Known]:
    """Return subscriptions to a title that a command takes up again: for whom it does, to have stopped is over."""
    wanted = {people[name].id for name in listed if name in people}
    return {id_: replace(each, is_stopped=False) if id_ in wanted else each for id_, each in known.items()}


def _by_whom(dates: ListingChanges, title: Title, origin: str) -> ListingChanges:
    """Let a date that a hand has put above the source's be the hand's, not the source's."""
    said = title.source_options.when if title.source_options else None
    if said is None or not dates.changes:
        return dates
    changes = tuple(replace(item, source=origin) if item.after == said else item for item in dates.changes)
    return replace(dates, changes=changes)


def _standings(tx: Connection, ids: Sequence[int]) -> dict[int, dict[int, _Known]]:
    """Return how the subscriptions of titles stand, but for what an import lists: there may be a million of them."""
    known: dict[int, dict[int, _Known]] = {}
    configured, choosing = (
        subscription.c.subscriber_id.in_(select(subscriber.c.id).where(which)) for which in (CONFIGURED, CHOOSING)
    )
    theirs = (choosing, or_(configured, subscription.c.origin == OWN))
    for part in chunks(ids):
        for row in tx.execute(select(subscription).where(subscription.c.title_id.in_(part), *theirs)):
            known.setdefault(row.title_id, {})[row.subscriber_id] = _Known(
                id=row.id,
                standing=standing_of(row),
                own_ladder=Ladder.load(row.own_ladder) if row.own_ladder is not None else None,
                is_own=row.origin == OWN,
                is_stopped=row.stopped_at is not None,
            )
    return known


def _others(
    tx: Connection, standings: Mapping[int, Mapping[int, _Known]], people: Mapping[str, Person]
) -> dict[int, Subscriber]:
    """Return those whom the config does not list, and who follow some of these titles by their own choice."""
    listed = {person.id for person in people.values()}
    choosing = {id_ for known in standings.values() for id_, each in known.items() if each.is_own} - listed
    if not choosing:
        return {}
    living: set[int] = set()
    for part in chunks(sorted(choosing)):
        not_listed = (subscriber.c.id.in_(part), subscriber.c.ended_at.is_(None), subscriber.c.origin != CONFIG)
        living.update(tx.execute(select(subscriber.c.id).where(*not_listed)).scalars())
    return load_people(tx, living)


def standing_of(row: Row[Any]) -> SubscriptionState:
    """Return how a subscription stands."""
    return SubscriptionState(
        ladder=Ladder.load(row.ladder),
        since=load_since(row.since),
        began_at=row.began_at,
        noticed_no=row.noticed_no,
        ended_at=row.ended_at,
    )


def effective_ladder(listed: Ladder | None, item: Title, person: Subscriber, own: Ladder | None = None) -> Ladder:
    """Return the ladder that counts (SPEC 2).

    It is what this person has taken for this title, else what is listed for them on it, else the title's, else theirs.
    """
    wider = item.remind.over(person.remind) if item.remind else person.remind
    wider = listed.over(wider) if listed else wider
    return (own.over(wider) if own is not None else wider).over(DEFAULT_LADDER)


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
