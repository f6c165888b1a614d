"""Subscribers by the thousand: put in a chunk at a time, read out again, and how far an import has come.

A chunk is one transaction: its people, their subscriptions, each with its pointer, and the mark up to where the file
is in. What is there already is left as it is, so that a file can be brought in again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, cast, delete, func, insert, select, update

from reminder.core.errors import WrongInput
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Subscription, TitleHistory
from reminder.core.model.own import Own
from reminder.core.schedule.listing import SubscriptionState, begin_or_go_on, channels_since, former_hours, former_uses
from reminder.core.schedule.plan import plan
from reminder.store.load_plans import TitleCache, library_of
from reminder.store.own import joined_names
from reminder.store.people import CONFIG, IMPORT, leave_channels, look_again, moved_addresses
from reminder.store.refusals import reopen
from reminder.store.sql.codec import dump_subscriber, dump_use, load_own, load_subscriber, read_ladder, read_since
from reminder.store.sql.tables import meta, release, subscriber, subscription, title
from reminder.store.titles import SOURCE, chunks
from reminder.store.writer import GO_ON, columns_of, effective_ladder

_MARK: Final = "import "


@dataclass(frozen=True, kw_only=True)
class NewSubscriber:
    """One row of an import. `settings` are shared by many; `titles` are keys of titles that are listed."""

    name: str
    settings: Subscriber
    use: ChannelUse
    titles: tuple[str, ...]


@dataclass(kw_only=True)
class Counts:
    """The effect of an import: people added, changed, left as they were; subscriptions begun, and those resumed."""

    added: int = 0
    changed: int = 0
    same: int = 0
    began: int = 0
    went_on: int = 0


@dataclass(frozen=True, kw_only=True)
class ListedTitle:
    """A title that can be followed. `source` is where its dates are from, None where they are written by hand."""

    id: int
    key: str
    name: str
    season: int | None
    source: str | None = None


def listed_titles(tx: Connection) -> list[ListedTitle]:
    """Return the titles that someone lists, in the order they came."""
    query = select(title.c.id, title.c.key, title.c.name, title.c.spec, SOURCE.label("source")).where(
        title.c.ended_at.is_(None)
    )
    return [
        ListedTitle(id=row.id, key=row.key, name=row.name, season=row.spec.get("season"), source=row.source)
        for row in tx.execute(query.order_by(title.c.id))
    ]


# How far an import has come ------------------------------------------------------------------------------------------


def rows_in(tx: Connection, digest: str) -> int:
    """Return how many rows of the file of this digest are in, 0 when it was never begun or has come to its end."""
    said = tx.execute(select(meta.c.value).where(meta.c.key == _key(digest))).scalar()
    return int(said) if said else 0


def mark_rows(tx: Connection, digest: str, rows: int) -> None:
    """Remember that so many rows of a file are in."""
    known = update(meta).where(meta.c.key == _key(digest)).values(value=str(rows))
    if not tx.execute(known).rowcount:
        tx.execute(insert(meta).values(key=_key(digest), value=str(rows)))


def forget_mark(tx: Connection, digest: str) -> None:
    """Forget how far a file was in: it has come to its end."""
    tx.execute(delete(meta).where(meta.c.key == _key(digest)))


def _key(digest: str) -> str:
    return f"{_MARK}{digest[:40]}"


def has_joined(written: str, joined: str) -> str:
    """Return, for a person, that a name that is `written` in a file is the one of somebody who has joined."""
    other = f', as "{joined}"' if joined != written else ""
    return f'"{written}" has joined on the page{other}, and keeps their own settings: write another name'


# In ------------------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class BulkLoader:
    """Puts newcomers in, chunk by chunk. It keeps what is the same for many: settings as JSON, ladders, pointers."""

    now: datetime
    grace: timedelta
    counts: Counts = field(default_factory=Counts)
    _signature: object = None
    _ids: dict[str, int] = field(default_factory=dict)
    _last_no: dict[int, int] = field(default_factory=dict)
    _library: TitleCache = field(default_factory=TitleCache)
    _profiles: dict[int, dict[str, Any]] = field(default_factory=dict)
    _starts: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    _ladders: dict[tuple[int, int], Ladder] = field(default_factory=dict)

    def put(self, tx: Connection, newcomers: Sequence[NewSubscriber]) -> None:
        """Put a chunk in. Raises WrongInput when somebody of these is in the config, or has joined, meanwhile."""
        self._look_at_titles(tx)
        self._must_not_have_joined(tx, newcomers)
        known = _known(tx, [item.name for item in newcomers])
        fresh = {item.name: item for item in newcomers if item.name not in known}
        ids = self._insert(tx, fresh.values())
        theirs = _subscriptions(tx, [row.id for row in known.values()])
        begun: dict[tuple[int, int], dict[str, Any]] = {}
        for item in self._without(_left(known), newcomers):
            row = known.get(item.name)
            number = ids[item.name] if row is None else self._update(tx, row, item)
            own = load_own(row.own) if row is not None and row.own is not None else None
            for pair, start in self._following(tx, number, item, theirs.get(number, {}), own):
                begun.setdefault(pair, start)
        if begun:
            tx.execute(insert(subscription), list(begun.values()))
        self.counts.began += len(begun)

    def _must_not_have_joined(self, tx: Connection, newcomers: Sequence[NewSubscriber]) -> None:
        joined = joined_names(tx)
        for item in newcomers if joined else ():
            if item.name.casefold() in joined:
                raise WrongInput(has_joined(item.name, joined[item.name.casefold()]))

    def _without(self, left: Collection[str], newcomers: Sequence[NewSubscriber]) -> Iterator[NewSubscriber]:
        """Yield whom to bring in; who has left by themselves stays away."""
        self.counts.same += len(left)
        return (item for item in newcomers if item.name not in left)

    def _look_at_titles(self, tx: Connection) -> None:
        """Keep the titles as they stand to this transaction, and read them again if one has changed."""
        query = select(title.c.id, title.c.key, title.c.last_no).where(title.c.ended_at.is_(None))
        rows = tx.execute(query.order_by(title.c.id).with_for_update(read=True)).all()
        dates = tx.execute(select(func.count(), func.max(release.c.id), func.max(release.c.seen_at))).one()
        signature = (tuple(map(tuple, rows)), tuple(dates))
        if signature == self._signature:
            return
        self._signature = signature
        self._ids = {row.key: row.id for row in rows}
        self._last_no = {row.id: row.last_no for row in rows}
        self._library = library_of(tx, list(self._ids.values()))
        self._starts.clear()
        self._ladders.clear()

    def _insert(self, tx: Connection, newcomers: Iterable[NewSubscriber]) -> dict[str, int]:
        rows = [{"name": item.name, "origin": IMPORT, "profile": self._profile(item)} for item in newcomers]
        self.counts.added += len(rows)
        if not rows:
            return {}
        made = tx.execute(insert(subscriber).returning(subscriber.c.id, subscriber.c.name), rows)
        return {row.name: row.id for row in made}

    def _profile(self, item: NewSubscriber) -> dict[str, Any]:
        """Return what `dump_subscriber` would, having done it once for all who share their settings."""
        shared = self._profiles.get(id(item.settings))
        if shared is None:
            shared = self._profiles[id(item.settings)] = dump_subscriber(item.settings)
        return {**shared, "channels": [dump_use(item.use)]}

    def _start(self, item: NewSubscriber, title_id: int) -> dict[str, Any]:
        """Return how a new subscription stands and when it is first looked at: the same for all who say the same."""
        found = self._starts.get((id(item.settings), title_id))
        if found is None:
            found = self._starts[id(item.settings), title_id] = self._planned(item, title_id)
        return found

    def _planned(self, item: NewSubscriber, title_id: int, own: Own | None = None) -> dict[str, Any]:
        ladder = self._ladder(item, title_id) if own is None else self._ladder_of(item, title_id, own)
        standing = begin_or_go_on(None, ladder, last_no=self._last_no[title_id], now=self.now, grace=self.grace)
        sub = Subscription(
            subscriber=item.settings if own is None else own.over(item.settings),
            title=self._library.titles[title_id],
            ladder=standing.ladder,
            began_at=self.now,
            noticed_no=standing.noticed_no,
        )
        story = TitleHistory(
            releases=self._library.releases.get(title_id, ()), changes=self._library.changes.get(title_id, ())
        )
        return {**columns_of(standing, self.now), "next_due_at": plan(sub, story, self.now, self.grace).next_due_at}

    def _ladder(self, item: NewSubscriber, title_id: int) -> Ladder:
        """Return the ladder that counts, the same for all who share their settings."""
        ladder = self._ladders.get((id(item.settings), title_id))
        if ladder is None:
            ladder = effective_ladder(None, self._library.titles[title_id], item.settings)
            self._ladders[id(item.settings), title_id] = ladder
        return ladder

    def _ladder_of(self, item: NewSubscriber, title_id: int, own: Own) -> Ladder:
        """Return the ladder that counts for one who has chosen for themselves."""
        return effective_ladder(None, self._library.titles[title_id], own.over(item.settings))

    def _update(self, tx: Connection, row: Row[Any], item: NewSubscriber) -> int:
        """Bring one who is known up to date; return their number."""
        row_id: int = row.id
        if row.origin == CONFIG and row.ended_at is None:
            raise WrongInput(f'"{item.name}" is listed in the config: change them there, or write another name')
        if row.origin == IMPORT and row.profile == self._profile(item):
            self.counts.same += 1  # what is written would be written again: by far the most rows of a second import
            return row_id
        before = load_subscriber(row.name, row.profile)
        wanted = replace(item.settings, name=item.name, channels=(item.use,))
        channels = channels_since(before.channels, wanted.channels, self.now)
        former = former_uses(before, wanted.channels, self.now)
        after = replace(wanted, channels=channels, former=former_hours(before, wanted, self.now), former_uses=former)
        if after == before and row.origin == IMPORT:
            self.counts.same += 1
            return row_id
        values = {"profile": dump_subscriber(after), "origin": IMPORT, "ended_at": None}
        tx.execute(update(subscriber).where(subscriber.c.id == row_id).values(values))
        look_again(tx, row_id, self.now)
        leave_channels(tx, row_id, before, after, self.now)
        reopen(tx, moved_addresses(row_id, before, after), self.now)
        self.counts.changed += 1
        return row_id

    def _following(
        self,
        tx: Connection,
        subscriber_id: int,
        item: NewSubscriber,
        theirs: Mapping[int, Row[Any]],
        own: Own | None,
    ) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
        """Yield the subscriptions to begin; those that are there go on, with the leads that somebody has chosen.

        What a row does not name goes on as well, by the row's leads: those are the person's own, as their hour is.
        """
        for id_ in self._named_and_followed(item, theirs):
            if id_ not in theirs:
                start = self._start(item, id_) if own is None else self._planned(item, id_, own)
                yield (subscriber_id, id_), {"subscriber_id": subscriber_id, "title_id": id_, **start}
                continue
            row = theirs[id_]
            if row.stopped_at is not None:
                continue  # they do not want it
            ladder = self._ladder(item, id_) if own is None else self._ladder_of(item, id_, own)
            if row.own_ladder is not None:
                ladder = Ladder.load(row.own_ladder).over(ladder)
            if row.ended_at is None and row.since == NO_LEAD and read_ladder(row.ladder) == ladder:
                continue  # it goes on with the same leads, all of them there from the start
            before = _state_of(row)
            last_no = self._last_no[id_]
            after = begin_or_go_on(before, ladder, last_no=last_no, now=self.now, grace=self.grace)
            if after != before:
                tx.execute(GO_ON, {"of": theirs[id_].id, **columns_of(after, self.now)})
                self.counts.went_on += 1

    def _named_and_followed(self, item: NewSubscriber, theirs: Mapping[int, Row[Any]]) -> dict[int, None]:
        """Return the titles of a row, without what has gone since the file was checked, then what else they follow."""
        named = [self._ids[key] for key in item.titles if key in self._ids]
        followed = [id_ for id_, row in theirs.items() if row.ended_at is None and id_ in self._last_no]
        return dict.fromkeys([*named, *followed])


_STANDS: Final = select(
    *(subscription.c[name] for name in ("id", "subscriber_id", "title_id", "began_at", "ended_at", "noticed_no")),
    *(subscription.c[name] for name in ("own_ladder", "stopped_at")),
    *(cast(subscription.c[name], Text).label(name) for name in ("ladder", "since")),
)
"""The columns that tell how a subscription stands; what many have in common is text here, and read once."""


NO_LEAD: Final = "{}"
"""What is stored where no lead came later than its subscription."""


def _state_of(row: Row[Any]) -> SubscriptionState:
    return SubscriptionState(
        ladder=read_ladder(row.ladder),
        since=read_since(row.since),
        began_at=row.began_at,
        noticed_no=row.noticed_no,
        ended_at=row.ended_at,
    )


def _subscriptions(tx: Connection, ids: Sequence[int]) -> dict[int, dict[int, Row[Any]]]:
    found: dict[int, dict[int, Row[Any]]] = {}
    for part in chunks(ids):
        for row in tx.execute(_STANDS.where(subscription.c.subscriber_id.in_(part))):
            found.setdefault(row.subscriber_id, {})[row.title_id] = row
    return found


def _left(known: Mapping[str, Row[Any]]) -> set[str]:
    """Return the names of those who were imported and have left by themselves since."""
    return {name for name, row in known.items() if row.own is not None and "left" in row.own}


def _known(tx: Connection, names: Sequence[str]) -> dict[str, Row[Any]]:
    asked = (tx.execute(select(subscriber).where(subscriber.c.name.in_(part))) for part in chunks(names))
    return {row.name: row for rows in asked for row in rows}


# Out -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One imported subscriber with the titles followed, by number."""

    subscriber: Subscriber
    titles: tuple[int, ...]


AT_ONCE: Final = 500


_TOLD: Final = (subscriber.c.origin == IMPORT, subscriber.c.ended_at.is_(None))


def imported(tx: Connection) -> int:
    """Return how many people are imported, but for those who have left."""
    found: int = tx.execute(select(func.count()).where(*_TOLD)).scalar_one()
    return found


def export_people(tx: Connection) -> Iterator[Exported]:
    """Yield everybody who is imported, in the order they came, with the titles that they follow now.

    They are as they have chosen to be. Who has left by themselves is not among them: another database would bring them
    back.
    """
    last = 0
    while True:
        query = select(subscriber).where(*_TOLD, subscriber.c.id > last)
        rows = tx.execute(query.order_by(subscriber.c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        followed = _followed(tx, [row.id for row in rows])
        for row in rows:
            person = load_own(row.own or {}).over(load_subscriber(row.name, row.profile))
            yield Exported(subscriber=person, titles=tuple(followed.get(row.id, ())))


def _followed(tx: Connection, ids: Sequence[int]) -> Mapping[int, list[int]]:
    query = select(subscription.c.subscriber_id, subscription.c.title_id)
    query = query.where(subscription.c.subscriber_id.in_(ids), subscription.c.ended_at.is_(None))
    found: dict[int, list[int]] = {}
    for row in tx.execute(query.order_by(subscription.c.subscriber_id, subscription.c.title_id)):
        found.setdefault(row.subscriber_id, []).append(row.title_id)
    return found
