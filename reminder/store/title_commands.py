"""Looks up, adds, renames, removes and mutes titles for commands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select, update

from reminder.core.model.entities import Title
from reminder.core.model.ledger import DateChange, Dated, Ref
from reminder.core.schedule.listing import KnownRelease, ListedEntry
from reminder.store import listings
from reminder.store.followed import Resolve, rekey
from reminder.store.listings import COMMAND
from reminder.store.load_plans import date_changes
from reminder.store.people import Person, load_people
from reminder.store.sql.any_of import one_of_those
from reminder.store.sql.codec import load_listing
from reminder.store.sql.tables import CHOOSING, CONFIGURED, date_change, subscriber, subscription, title
from reminder.store.titles import chunks, end_titles, known_releases, known_titles
from reminder.store.writer import SyncReport, Writer


@dataclass(frozen=True, kw_only=True)
class StoredTitle:
    """A title as the database keeps it: what is listed, by whom (`config` or `command`), and until when if it ended."""

    id: int
    listing: ListedEntry
    origin: str
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TitleDates:
    """The releases of a title, those to come or gone by, and every change of their dates."""

    releases: tuple[Dated, ...]
    changes: tuple[DateChange, ...]


def kept_titles(tx: Connection, *, ended: bool = False) -> list[StoredTitle]:
    """Return the titles in the order they came; with `ended` also those that nobody lists any more."""
    query = select(title).order_by(title.c.id)
    query = query if ended else query.where(title.c.ended_at.is_(None))
    return [_kept(row) for row in tx.execute(query)]


def named_titles(tx: Connection, *, ended: bool = False) -> list[StoredTitle]:
    """Return what `kept_titles` does with the names alone, for whoever looks for one of very many."""
    season = title.c.spec["season"].as_integer().label("season")
    query = select(title.c.id, title.c.key, title.c.name, season, title.c.origin, title.c.ended_at).order_by(title.c.id)
    query = query if ended else query.where(title.c.ended_at.is_(None))
    return [
        StoredTitle(
            id=row.id,
            listing=ListedEntry(title=Title(key=row.key, name=row.name, season=row.season)),
            origin=row.origin,
            ended_at=row.ended_at,
        )
        for row in tx.execute(query)
    ]


def kept_title(tx: Connection, key: str) -> StoredTitle:
    """Return the title of this key, which is there."""
    return _kept(tx.execute(select(title).where(title.c.key == key)).one())


def kept_by_key(tx: Connection, keys: Sequence[str]) -> dict[str, StoredTitle]:
    """Return the titles of these keys that are or were watched, by key."""
    return {key: _kept(row) for key, row in known_titles(tx, keys).items()}


def kept_by_numbers(tx: Connection, ids: Sequence[int]) -> list[StoredTitle]:
    """Return the titles of these numbers that there are, watched or not, in the order of their numbers."""
    rows = [row for part in chunks(ids) for row in tx.execute(select(title).where(title.c.id.in_(part)))]
    return [_kept(row) for row in sorted(rows, key=lambda row: row.id)]


def _kept(row: Row[Any]) -> StoredTitle:
    return StoredTitle(id=row.id, listing=load_listing(row.key, row.spec), origin=row.origin, ended_at=row.ended_at)


def dates_of(tx: Connection, title_id: int) -> TitleDates:
    """Return the dates of one title, in the order of its episodes, and their changes, oldest first."""
    return TitleDates(
        releases=releases_of(tx, [title_id]).get(title_id, ()),
        changes=date_changes(tx, [title_id]).get(title_id, ()),
    )


def releases_of(tx: Connection, title_ids: Sequence[int]) -> dict[int, tuple[Dated, ...]]:
    """Return the releases of titles, past and to come, in the order of their episodes, by the title's number."""
    return {id_: _in_order(known.values()) for id_, known in known_releases(tx, title_ids).items()}


def known_refs(tx: Connection, title_id: int) -> frozenset[Ref]:
    """Return the releases that a title has, by season and first episode."""
    known = known_releases(tx, [title_id]).get(title_id, {})
    return frozenset(ref for ref, item in known.items() if item.gone_at is None)


def _in_order(known: Iterable[KnownRelease]) -> tuple[Dated, ...]:
    here = [item for item in known if item.gone_at is None]
    ordered = sorted(here, key=lambda item: (item.release.season or 0, item.release.first))
    return tuple(Dated(release=item.release, seen_at=item.seen_at) for item in ordered)


@dataclass(frozen=True, kw_only=True)
class Size:
    """The number of watched titles, and of known people, imported ones too."""

    titles: int
    people: int


def size_of(tx: Connection) -> Size:
    """Return how much is watched, and for how many."""
    titles, people = (
        tx.execute(select(func.count()).select_from(table).where(table.c.ended_at.is_(None))).scalar_one()
        for table in (title, subscriber)
    )
    return Size(titles=titles, people=people)


def told_of(tx: Connection, title_ids: Collection[int]) -> dict[int, list[str]]:
    """Return who of the config's people follows each of these titles and has not muted it, by the title's number."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in tx.execute(_TOLD, {"ids": sorted(title_ids)}):
        found[row.title_id].append(row.name)
    return found


_TOLD: Final = (
    select(subscription.c.title_id, subscriber.c.name)
    .join(subscriber, subscription.c.subscriber_id == subscriber.c.id)
    .where(CHOOSING, subscriber.c.ended_at.is_(None))
    .where(subscription.c.ended_at.is_(None), subscription.c.muted_at.is_(None))
    .where(one_of_those(subscription.c.title_id, "ids"))
    .order_by(subscription.c.title_id, subscriber.c.id)
)


def put(tx: Connection, listing: ListedEntry, now: datetime, grace: timedelta, resolve: Resolve) -> None:
    """Write a title that a command adds or changes, with its releases, date changes and subscriptions."""
    put_new(tx, [listing], COMMAND, now, grace, resolve)


def put_new(
    tx: Connection,
    titles: Sequence[ListedEntry],
    origin: str,
    now: datetime,
    grace: timedelta,
    resolve: Resolve,
    *,
    for_one: bool = False,
) -> None:
    """Write titles of one origin, with their releases and subscriptions.

    `for_one` is for what somebody takes up again for themselves: nobody else who followed it comes back to it.
    """
    writer = Writer(tx=tx, people=_people(tx), now=now, grace=grace, resolve=resolve, for_one=for_one)
    writer.put(titles, origin)


def let_go(tx: Connection, gone: Mapping[int, str], now: datetime, grace: timedelta, resolve: Resolve) -> None:
    """End titles, by number and key, but for those that somebody follows by choice: they go on for them."""
    listings.let_go(Writer(tx=tx, people=_people(tx), now=now, grace=grace, resolve=resolve), gone)


def put_again(tx: Connection, keys: Sequence[str], now: datetime, grace: timedelta, resolve: Resolve) -> SyncReport:
    """Write titles as they are listed now, with the dates that their sources have given since; return what moved."""
    writer = Writer(tx=tx, people=_people(tx), now=now, grace=grace, resolve=resolve)
    by_origin: dict[str, list[ListedEntry]] = defaultdict(list)
    # Locked: who stops following one meanwhile, on another connection of a server, is written before or after this.
    theirs = select(title).where(title.c.ended_at.is_(None)).order_by(title.c.id).with_for_update()
    for part in chunks(keys):
        for row in tx.execute(theirs.where(title.c.key.in_(part))):
            by_origin[row.origin].append(load_listing(row.key, row.spec))
    for origin, titles in by_origin.items():
        writer.put(titles, origin)
    return writer.report


def _people(tx: Connection) -> Mapping[str, Person]:
    ours = select(subscriber.c.id).where(CONFIGURED, subscriber.c.ended_at.is_(None))
    live = list(tx.execute(ours).scalars())
    return {person.name: Person(id=id_, subscriber=person) for id_, person in load_people(tx, live).items()}


ADDING: Final = 0x72656D696E64
"""The number of the one lock of a server that whoever adds a title holds."""


def hold_titles(tx: Connection, keys: Sequence[str]) -> None:
    """Let nobody else add a title, or change these, until this transaction ends: two could add the same one at once."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(ADDING)))
        tx.execute(select(title.c.id).where(title.c.key.in_(keys)).order_by(title.c.id).with_for_update())


def rename(tx: Connection, title_id: int, key: str) -> None:
    """Give a title another key; what was sent about it stays with it."""
    old = tx.execute(select(title.c.key).where(title.c.id == title_id)).scalar_one()
    tx.execute(update(title).where(title.c.id == title_id).values(key=key))
    rekey(tx, old, key)


def correct(tx: Connection, title_id: int, now: datetime) -> tuple[DateChange, ...]:
    """Let the last change of a title's dates, all that was seen at once, put a slip right; return it, empty for none.

    The dates before it count as if they had never stood, for whoever has not been told of them (SPEC 5).
    """
    changes = date_changes(tx, [title_id]).get(title_id, ())
    last = tuple(change for change in changes if change.seen_at == changes[-1].seen_at)
    for change in last:
        this = (date_change.c.title_id == title_id, date_change.c.no == change.no)
        tx.execute(update(date_change).where(*this).values(corrects=1))
    theirs = (subscription.c.title_id == title_id, subscription.c.ended_at.is_(None))
    tx.execute(update(subscription).where(*theirs).values(next_due_at=now))
    return last


def remove(tx: Connection, title_id: int, now: datetime) -> None:
    """Unsubscribe everyone from a title. One that a calendar brought is a command's from now on: it stays away."""
    tx.execute(update(title).where(title.c.id == title_id).values(origin=COMMAND))
    end_titles(tx, [title_id], now)


def end_unfollowed(tx: Connection, ids: Collection[int], now: datetime) -> list[int]:
    """Watch those of these titles no more that a command has added, or somebody, and that nobody follows now."""
    followed = select(subscription.c.title_id).where(subscription.c.ended_at.is_(None))
    query = select(title.c.id).where(title.c.origin == COMMAND, title.c.ended_at.is_(None))
    over: list[int] = []
    for part in chunks(sorted(ids)):
        these = query.where(title.c.id.in_(part), title.c.id.not_in(followed.where(subscription.c.title_id.in_(part))))
        over += tx.execute(these).scalars()
    end_titles(tx, over, now)
    return over


@dataclass(frozen=True, kw_only=True)
class QuietSource:
    """The silence about a title for somebody: from `muted_at` for good, or `paused_until`; both None for none."""

    muted_at: datetime | None = None
    paused_until: datetime | None = None


def mute(tx: Connection, title_id: int, name: str | None, silence: QuietSource, now: datetime) -> tuple[str, ...]:
    """Silence a title for one person or, without a name, for all who follow it; return for whom that changed it."""
    query = select(subscription, subscriber.c.name).join(subscriber, subscription.c.subscriber_id == subscriber.c.id)
    rows = [row for row in tx.execute(_followed_by(query, title_id, name)) if _differs(row, silence)]
    values = {"muted_at": silence.muted_at, "paused_until": silence.paused_until, "next_due_at": now}
    for part in chunks([row.id for row in rows]):
        tx.execute(update(subscription).where(subscription.c.id.in_(part)).values(values))
    return tuple(row.name for row in rows)


def _differs(row: Row[Any], silence: QuietSource) -> bool:
    is_muted = row.muted_at is not None
    return is_muted != (silence.muted_at is not None) or row.paused_until != silence.paused_until


def followers(tx: Connection, title_id: int, name: str | None) -> tuple[str, ...]:
    """Return who follows a title; with a name only that person, if they do."""
    query = select(subscriber.c.name).join(subscription, subscription.c.subscriber_id == subscriber.c.id)
    return tuple(tx.execute(_followed_by(query, title_id, name)).scalars())


def _followed_by(query: Select[Any], title_id: int, name: str | None) -> Select[Any]:
    query = query.where(subscription.c.title_id == title_id, subscription.c.ended_at.is_(None))
    return (query if name is None else query.where(subscriber.c.name == name)).order_by(subscriber.c.id)
