"""Titles, dates and subscriptions: what the config and the commands list, brought into the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, insert, select, update

from reminder.core.errors import StoreError
from reminder.core.model.entities import Channel, Subscriber, title_key
from reminder.core.schedule.listing import ListedEntry
from reminder.platform.failpoints import FailpointPlace, reach
from reminder.store.followed import Resolve, rekey
from reminder.store.moving import look_for_homes, rename_channels
from reminder.store.people import sync_channels, sync_people, take_kinds
from reminder.store.sql.codec import load_listing
from reminder.store.sql.tables import meta, subscription, title
from reminder.store.succession import open_questions, succeed_people, succeed_titles
from reminder.store.titles import chosen_titles, end_listed, end_titles, known_titles, listings
from reminder.store.writer import LISTING, SyncReport, Writer

CONFIG: Final = "config"
COMMAND: Final = "command"
CALENDAR: Final = "calendar"

RULES: Final = "zones"
"""The key in `meta` of the rules of the time zones by which the pointers were set."""


@dataclass(frozen=True, kw_only=True)
class ListedConfig:
    """Everything that a config lists for the database."""

    name: str
    subscribers: tuple[Subscriber, ...]
    channels: Mapping[str, Channel]
    titles: tuple[ListedEntry, ...]


def sync(
    tx: Connection, listed: ListedConfig, *, now: datetime, grace: timedelta, resolve: Resolve, is_look: bool = False
) -> SyncReport:
    """Make the database hold what the config lists. Raises StoreError when it belongs to another config.

    What is no longer listed is unsubscribed and kept; titles added by command stay. `is_look` tells that nothing of it
    is kept: then nothing is locked, since a look keeps nobody waiting and may be one of who may only read.
    """
    if not must_belong(tx, listed.name):
        tx.execute(insert(meta).values(key="config", value=listed.name))
    rename_channels(tx, listed.channels, now)
    report = SyncReport(channels=sync_channels(tx, listed.channels, now))
    report.renamed += [*succeed_people(tx, listed.subscribers, now), *succeed_titles(tx, listed.titles, now)]
    report.questions = open_questions(tx, listed.titles, listed.subscribers, now, grace)
    take_kinds(tx, listed.channels, now)
    people = sync_people(tx, listed.subscribers, now)
    look_for_homes(tx, listed.channels, now)
    _adopt(tx, listed.titles)
    keys = {item.title.key for item in listed.titles}
    writer = Writer(tx=tx, people=people, now=now, grace=grace, resolve=resolve, report=report)
    writer.put(listed.titles, CONFIG)
    for origin in (COMMAND, CALENDAR):
        writer.put([item for item in listings(tx, origin, lock=not is_look) if item.title.key not in keys], origin)
    _end_unlisted(writer, keys)
    reach(FailpointPlace.SYNC)
    return report


def followed(tx: Connection, now: datetime) -> tuple[int, int]:
    """Return for how many of the config's titles somebody was listed before `now`, and for how many somebody still is.

    For right after a sync at `now`, in its transaction. Who follows a title by choice does not count: no config that
    was cut short takes it from them.
    """
    is_listed = and_(subscription.c.title_id == title.c.id, subscription.c.origin == LISTING)
    went_on = (title.c.origin == COMMAND) & title.c.ended_at.is_(None) & (title.c.spec["followers"].as_string() == "{}")
    before = subscription.c.ended_at.is_(None) | (subscription.c.ended_at == now)
    query = select(func.count(), func.count(subscription.c.id) - func.count(subscription.c.ended_at))
    query = query.select_from(subscription.join(title, is_listed)).where(subscription.c.began_at < now, before)
    query = query.where((title.c.origin == CONFIG) | went_on)
    counted = tx.execute(query.group_by(subscription.c.title_id)).all()
    return len(counted), sum(live > 0 for _, live in counted)


def must_belong(tx: Connection, name: str) -> bool:
    """Tell whether the database is this config's already. Raises StoreError when it is another's."""
    known = tx.execute(select(meta.c.value).where(meta.c.key == "config")).scalar()
    if known not in {None, name}:
        raise StoreError(
            f"this database belongs to the config {known!r}, not {name!r}: "
            f"write `name: {known}` in this config to adopt it, or set another `database:`"
        )
    return known is not None


def note_rules(tx: Connection, rules: str, now: datetime) -> bool:
    """Remember by which rules of the time zones moments are worked out; under others all are looked at again.

    Returns whether they are.
    """
    known = tx.execute(select(meta.c.value).where(meta.c.key == RULES)).scalar()
    if known is None:
        tx.execute(insert(meta).values(key=RULES, value=rules))
    elif known != rules:
        tx.execute(update(meta).where(meta.c.key == RULES).values(value=rules))
        tx.execute(update(subscription).where(subscription.c.next_due_at.is_not(None)).values(next_due_at=now))
    return known not in {None, rules}


def _adopt(tx: Connection, titles: Sequence[ListedEntry]) -> None:
    """Give a title that was known by its text the `id` that it has got since."""
    rows = {row.key: row.id for row in tx.execute(select(title.c.id, title.c.key))}
    listed = {item.title.key for item in titles}
    for item in titles:
        by_text = title_key(item.title.name, item.title.season)
        if item.title.key not in rows and by_text in rows and by_text not in listed:
            tx.execute(update(title).where(title.c.id == rows[by_text]).values(key=item.title.key))
            rekey(tx, by_text, item.title.key)
            rows[item.title.key] = rows.pop(by_text)


def _end_unlisted(writer: Writer, listed: set[str]) -> None:
    """Unsubscribe everyone from the config's titles that it no longer lists, but for who follows them by choice."""
    tx = writer.tx
    live = (title.c.origin == CONFIG) & title.c.ended_at.is_(None)
    query = select(title.c.id, title.c.key, title.c.name).where(live)
    gone = [row for row in tx.execute(query) if row.key not in listed]
    let_go(writer, {row.id: row.key for row in gone})
    writer.report.ended += [row.name for row in gone]


def let_go(writer: Writer, gone: Mapping[int, str]) -> None:
    """End titles, by number and key, that are no longer listed; those that somebody follows by choice go on for them.

    Nobody else follows these any more.
    """
    chosen = chosen_titles(writer.tx, list(gone))
    end_titles(writer.tx, [id_ for id_ in gone if id_ not in chosen], writer.now)
    end_listed(writer.tx, chosen, writer.now)
    keys = [key for id_, key in gone.items() if id_ in chosen]
    kept = [load_listing(key, row.spec) for key, row in known_titles(writer.tx, keys).items()]
    writer.put([replace(listing, followers={}, stopped=frozenset()) for listing in kept], COMMAND)
