"""Titles of calendars that go on as what they are read as now, with all that was said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from reminder.core.model.entities import TitleKind
from reminder.core.model.ledger import Ref
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import SourceTitle
from reminder.store import followed as sources
from reminder.store.sql.codec import dump_listing, dump_source_options, ref_of, season_column
from reminder.store.sql.records import Json
from reminder.store.sql.tables import followed, message, release, title
from reminder.store.succession import carry_choices
from reminder.store.title_commands import StoredTitle
from reminder.store.titles import end_titles


def pins_in(tx: Connection, calendar: str) -> dict[str, str]:
    """Return which entries of a calendar are followed, by the key of the title."""
    mine = (followed.c.source == "ical", followed.c.ref.startswith(f"{calendar}/", autoescape=True))
    return {row.title_key: row.ref for row in tx.execute(select(followed.c.title_key, followed.c.ref).where(*mine))}


def go_on_as(
    tx: Connection,
    item: StoredTitle,
    work: SourceTitle,
    now: datetime,
    *,
    key: str,
    kind: TitleKind | None,
    labels: Mapping[Ref, Ref],
) -> None:
    """Let a title that a calendar has brought go on as a work of that calendar, under its name and its labels."""
    options = SourceOptions(source=work.id)
    known = replace(item.listing.title, key=key, name=work.name, kind=kind, source_options=options)
    spec = dump_listing(replace(item.listing, title=known))
    if "sourced" in spec:
        spec["sourced"] = {**spec["sourced"], "releases": _relabelled(spec["sourced"]["releases"], labels)}
    tx.execute(update(title).where(title.c.id == item.id).values(key=key, name=work.name, spec=spec))
    old = item.listing.title.key
    if key != old:
        sources.rekey(tx, old, key)
    take_entry(tx, key, work, options, now, labels=labels)
    for before, after in labels.items():
        _move(tx, item.id, item.id, before, after)


def take_entry(
    tx: Connection,
    key: str,
    work: SourceTitle,
    options: SourceOptions,
    now: datetime,
    *,
    labels: Mapping[Ref, Ref] | None = None,
) -> None:
    """Pin what follows an entry to what that is called now, and ask about it in this very pass."""
    row = tx.execute(select(followed.c.chosen).where(followed.c.title_key == key)).one()
    values: Json = {"ref": work.ref, "name": work.name, "next_at": now, "silence": None, "told": None}
    if row.chosen is not None:
        dates = {**row.chosen["sourced"], "releases": _relabelled(row.chosen["sourced"]["releases"], labels or {})}
        values["chosen"] = {**row.chosen, "wish": dump_source_options(options), "sourced": dates}
    tx.execute(update(followed).where(followed.c.title_key == key).values(**values))


def hand_over(tx: Connection, old: StoredTitle, new: StoredTitle, now: datetime, *, labels: Mapping[Ref, Ref]) -> bool:
    """End a title in favour of another, which it has turned out to be a part of; what was said of it goes along.

    Tell whether the other one had no entry of its own, and has that of the one that ends now.
    """
    theirs = select(release.c.season, release.c.first).where(release.c.title_id == old.id)
    for row in tx.execute(theirs).all():
        ref = ref_of(row.season, row.first)
        _move(tx, old.id, new.id, ref, labels.get(ref, ref))
    key, heir = old.listing.title.key, new.listing.title.key
    pins = tx.execute(select(followed.c.title_key, followed.c.ref).where(followed.c.title_key.in_([key, heir])))
    refs = {row.title_key: row.ref for row in pins}
    takes_entry = new.listing.title.source_options is not None and not refs.get(heir)
    if takes_entry:
        sources.rekey(tx, key, heir)
    else:
        tx.execute(delete(followed).where(followed.c.title_key == key))
    carry_choices(tx, old.id, new.id, now)
    end_titles(tx, [old.id], now)
    return takes_entry


def _relabelled(releases: Sequence[Json], labels: Mapping[Ref, Ref]) -> list[Json]:
    found = []
    for item in releases:
        ref = (item["season"], item["first"])
        season, first = labels.get(ref, ref)
        last = first if ref in labels else item["last"]
        found.append({**item, "season": season, "first": first, "last": last})
    return found


def _move(tx: Connection, old: int, new: int, before: Ref, after: Ref) -> None:
    """Move a release and its messages, but for those that are there already."""
    _move_release(tx, old, new, before, after)
    of = (message.c.season == season_column(before[0]), message.c.first == before[1])
    there = message.alias()
    taken = (
        select(there.c.id)
        .where(there.c.title_id == new, there.c.season == season_column(after[0]), there.c.first == after[1])
        .where(*(there.c[name] == message.c[name] for name in ("subscriber_id", "what", "anchor")))
    )
    values = {"title_id": new, "season": season_column(after[0]), "first": after[1]}
    tx.execute(update(message).where(message.c.title_id == old, *of, ~taken.exists()).values(**values))


def _move_release(tx: Connection, old: int, new: int, before: Ref, after: Ref) -> None:
    is_after = (release.c.season == season_column(after[0]), release.c.first == after[1])
    if tx.execute(select(release.c.id).where(release.c.title_id == new, *is_after)).first():
        return
    is_before = (release.c.season == season_column(before[0]), release.c.first == before[1])
    values = {"title_id": new, "season": season_column(after[0]), "first": after[1]}
    tx.execute(update(release).where(release.c.title_id == old, *is_before).values(**values))
