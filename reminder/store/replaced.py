"""Brings into a copy what the database that it replaces knows: who is who, and what was done since.

What somebody listed by command or by import is as the copy has it; what people have chosen for themselves, who has
joined or left, and what is only remembered (what was said, the dates that moved, what is muted, the names that have
changed) is as the database has it that went on living.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from reminder.core.model.entities import Channel
from reminder.store.identity import DATABASE, SENDING
from reminder.store.listings import COMMAND
from reminder.store.moving import rename_channels
from reminder.store.own import end_person
from reminder.store.people import CONFIG, WEB
from reminder.store.sql.any_of import one_of
from reminder.store.sql.tables import (
    LOOK,
    channel,
    date_change,
    followed,
    meta,
    refused_address,
    release,
    seen_release,
    source,
    streak,
    subscriber,
    subscription,
    title,
)
from reminder.store.titles import chosen_titles, chunks

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kin:
    """The rows of the copy for those of the replaced database: numbers there, to numbers in the copy.

    `is_one_line` tells whether the copy was made of that database, so that its rows have the same numbers. `left_out`
    are the names of people and titles that somebody has added there since, and that the copy does not list, `forgotten`
    those of people who had joined and were forgotten there since: they are told nothing.
    """

    people: Mapping[int, int]
    titles: Mapping[int, int]
    is_one_line: bool
    left_out: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()


def bring_over(tx: Connection, old: Connection, now: datetime, grace: timedelta) -> Kin:
    """Bring what `old` knows of people, titles, channels and sources into the copy; return who is who.

    Of a database that the copy was not made of only the names are taken: its numbers mean nothing here.
    """
    if not _is_one_line(tx, old):
        return Kin(people=_by_name(tx, old, subscriber), titles=_by_name(tx, old, title), is_one_line=False)
    marks = {row.name: Channel(name=row.name, url=None, fingerprint=row.fingerprint) for row in _rows(old, channel)}
    rename_channels(tx, marks, now)
    alike = _alike(tx, old)
    people, new_people = _merged(tx, old, subscriber, {pair[0]: pair[1] for pair in alike}, now)
    titles, new_titles = _merged(tx, old, title, {pair[2]: pair[3] for pair in alike}, now)
    _bring_dates(tx, old, titles)
    _bring_subscriptions(tx, old, people, titles, now, grace)
    _bring_seen(tx, old, people, titles)
    _bring_the_rest(tx, old, people)
    return Kin(
        people=people,
        titles=titles,
        is_one_line=True,
        left_out=(*new_people, *new_titles),
        forgotten=_end_forgotten(tx, set(people.values()), now),
    )


def _end_forgotten(tx: Connection, known: Container[int], now: datetime) -> tuple[str, ...]:
    """Tell those nothing who had joined when the copy was made and are gone since; return their names.

    They had themselves forgotten, or an owner did it: an owner may take them up again, or forget them in the copy too.
    """
    query = select(subscriber.c.id, subscriber.c.name).order_by(subscriber.c.id)
    joined = query.where(subscriber.c.origin == WEB, subscriber.c.ended_at.is_(None))
    gone = [row.name for row in tx.execute(joined).all() if row.id not in known]
    for name in gone:
        end_person(tx, name, now)
    return tuple(gone)


def _is_one_line(tx: Connection, old: Connection) -> bool:
    """Tell whether one database was made of the other; a copy of before there were marks is known by its first row."""
    mark = select(meta.c.value).where(meta.c.key == DATABASE)
    first = select(subscription.c.id, subscription.c.began_at).order_by(subscription.c.id).limit(1)
    begun = tx.execute(first).first()
    same_mark = tx.execute(mark).scalar() == old.execute(mark).scalar()
    return same_mark or (begun is not None and begun == old.execute(first).first())


def _rows(tx: Connection, table: Table) -> list[Row[Any]]:
    return list(tx.execute(select(table)))


def _name_of(table: Table) -> Any:
    return table.c.key if table is title else table.c.name


def _by_name(tx: Connection, old: Connection, table: Table) -> dict[int, int]:
    query = select(table.c.id, _name_of(table).label("name"))
    here = {row.name: row.id for row in tx.execute(query)}
    return {row.id: here[row.name] for row in old.execute(query) if row.name in here}


def _alike(tx: Connection, old: Connection) -> list[tuple[int, int, int, int]]:
    """Return whose numbers stand for the same person and title in both: there is a subscription that began in both."""
    columns = (subscription.c.id, subscription.c.subscriber_id, subscription.c.title_id, subscription.c.began_at)
    here = {row.id: row for row in tx.execute(select(*columns))}
    there = [(row, here[row.id]) for row in old.execute(select(*columns)) if row.id in here]
    return [(row.subscriber_id, mine.subscriber_id, row.title_id, mine.title_id) for row, mine in there if row == mine]


def _merged(
    tx: Connection, old: Connection, table: Table, alike: Mapping[int, int], now: datetime
) -> tuple[dict[int, int], list[str]]:
    """Let each row of one table be what it has become; return which is which, and the names that the copy lacks."""
    theirs, mine = {row.id: row for row in _rows(old, table)}, {row.id: row for row in _rows(tx, table)}
    name = _name_of(table).name
    found = _same_rows(theirs, mine, alike, name)
    became = {here: theirs[there] for there, here in found.items()}
    _make_way(tx, table, {getattr(row, name) for row in theirs.values()}, mine, became, now)
    _rename(tx, table, became, mine)
    left_out, chosen = [], chosen_titles(old, list(theirs)) if table is title else set[int]()
    for id_, row in theirs.items():
        if id_ not in found:
            stays = row.origin in {CONFIG, WEB} or id_ in chosen
            is_left_out = row.ended_at is None and not stays
            found[id_] = _added_since(tx, table, row, now, is_left_out=is_left_out)
            left_out += [row.name] if is_left_out else []
    return found, left_out


def _same_rows(
    theirs: Mapping[int, Row[Any]], mine: Mapping[int, Row[Any]], alike: Mapping[int, int], name: str
) -> dict[int, int]:
    """Return which rows of the copy are which here: those that are known to be alike, then those of one name."""
    found = {there: here for there, here in alike.items() if there in theirs and here in mine}
    taken = set(found.values())
    by_name = {getattr(row, name): row.id for row in mine.values() if row.id not in taken}
    rest = [row for id_, row in theirs.items() if id_ not in found]
    return found | {row.id: by_name[getattr(row, name)] for row in rest if getattr(row, name) in by_name}


def _make_way(
    tx: Connection,
    table: Table,
    names: Container[str],
    mine: Mapping[int, Row[Any]],
    became: Container[int],
    now: datetime,
) -> None:
    """Put aside what has a name in the copy by which somebody else is known since."""
    for id_, row in mine.items():
        name = getattr(row, _name_of(table).name)
        if id_ not in became and name in names:
            values = {_name_of(table).name: f"{name} #{id_}", "origin": COMMAND, "ended_at": now}
            tx.execute(update(table).where(table.c.id == id_).values(values))
            theirs = subscription.c.title_id if table is title else subscription.c.subscriber_id
            tx.execute(update(subscription).where(theirs == id_).values(ended_at=now, next_due_at=None))


def _rename(tx: Connection, table: Table, became: Mapping[int, Row[Any]], mine: Mapping[int, Row[Any]]) -> None:
    name = _name_of(table)
    changed = {here: _as_it_is(table, row, mine[here]) for here, row in became.items()}
    moved = [here for here, values in changed.items() if values.get(name.name) != getattr(mine[here], name.name)]
    for here in moved:  # two may have changed names: none is taken while another still has it
        tx.execute(update(table).where(table.c.id == here).values({name: f"{here} is renamed"}))
    for here, values in changed.items():
        tx.execute(update(table).where(table.c.id == here).values(values))


def _as_it_is(table: Table, row: Row[Any], mine: Row[Any]) -> Values:
    """Return what of a row is as it has become: all of it for the config's, and for what has another name now."""
    values = _values(row, "id")
    name = _name_of(table).name
    if row.origin == CONFIG or values[name] != getattr(mine, name):
        return values
    if table is subscriber:
        chosen = {name: row.name, "paused_until": row.paused_until, "own": row.own}
        decides = row.origin == WEB or "left" in (row.own or {})  # whoever joined, or left, did so by themselves
        return {**chosen, **({"ended_at": row.ended_at} if decides else {})}
    # Dates of a source are not what somebody listed; and a date that somebody has moved since has moved.
    has_moved = "sourced" in row.spec or row.last_no > mine.last_no
    return {name: row.key, "last_no": row.last_no, **({"spec": row.spec} if has_moved else {})}


def _values(row: Row[Any], *without: str) -> Values:
    return {name: value for name, value in row._mapping.items() if name not in without}


def _added_since(tx: Connection, table: Table, row: Row[Any], now: datetime, *, is_left_out: bool) -> int:
    """Take over a row that the copy does not have; one that is left out is not listed, as in the copy."""
    values = _values(row, "id")
    if is_left_out:
        values["ended_at"] = now
    made: int = tx.execute(insert(table).returning(table.c.id), values).scalar_one()
    return made


def _bring_dates(tx: Connection, old: Connection, titles: Mapping[int, int]) -> None:
    """Take over the dates of titles and how they came to be, unless the copy knows of more changes."""
    ahead = select(date_change.c.title_id, date_change.c.no).order_by(date_change.c.no)
    known = {row.title_id: row.no for row in tx.execute(ahead)}
    lived = {row.title_id: row.no for row in old.execute(ahead)}
    behind = {there: here for there, here in titles.items() if lived.get(there, 0) >= known.get(here, 0)}
    for there, here in titles.items():
        if there not in behind:
            tx.execute(update(title).where(title.c.id == here).values(last_no=known[here]))
    for table in (release, date_change):
        for part in chunks(list(behind)):
            tx.execute(delete(table).where(one_of(table.c.title_id, [behind[there] for there in part])))
            rows = old.execute(select(table).where(one_of(table.c.title_id, part)))
            _insert(tx, table, [{**_values(row, "id"), "title_id": behind[row.title_id]} for row in rows])


def _insert(tx: Connection, table: Table, rows: Sequence[Values]) -> None:
    if rows:
        tx.execute(insert(table), rows)


def _bring_subscriptions(
    tx: Connection,
    old: Connection,
    people: Mapping[int, int],
    titles: Mapping[int, int],
    now: datetime,
    grace: timedelta,
) -> None:
    """Take over what is known of each subscription: since when, what was settled, what is muted.

    One that has ended since goes on where the copy lists it; after `grace` it begins anew. What somebody has chosen
    since is as they have chosen it.
    """
    mine = {(row.subscriber_id, row.title_id): row for row in _rows(tx, subscription)}
    listed = {row.id for row in tx.execute(select(subscriber.c.id).where(subscriber.c.ended_at.is_(None)))}
    ours = {row.id for row in tx.execute(select(title.c.id).where(title.c.ended_at.is_(None)))}
    added = []
    for row in old.execute(select(subscription)):
        who, what = people[row.subscriber_id], titles[row.title_id]
        values = {**_values(row, "id"), "subscriber_id": who, "title_id": what}
        before = mine.get((who, what))
        if before is None:
            is_over = who not in listed or what not in ours
            added.append(values | ({"ended_at": row.ended_at or now, "next_due_at": None} if is_over else {}))
            continue
        values |= _going_on(before, row, now, grace) if who in listed else {}
        values["noticed_no"] = max(row.noticed_no, before.noticed_no)
        tx.execute(update(subscription).where(subscription.c.id == before.id).values(values))
    _insert(tx, subscription, added)


def _going_on(before: Row[Any], row: Row[Any], now: datetime, grace: timedelta) -> Values:
    """Return what lets a subscription go on that has ended since the copy; nothing where its person stopped it."""
    if before.ended_at is not None or row.ended_at is None or row.stopped_at is not None:
        return {}
    return {"ended_at": None, "next_due_at": now, **({"began_at": now} if row.ended_at < now - grace else {})}


def _bring_seen(tx: Connection, old: Connection, people: Mapping[int, int], titles: Mapping[int, int]) -> None:
    """Take over what people have seen."""
    tx.execute(delete(seen_release))
    rows = _rows(old, seen_release)
    here = ({"subscriber_id": people[row.subscriber_id], "title_id": titles[row.title_id]} for row in rows)
    _insert(tx, seen_release, [{**_values(row), **keys} for row, keys in zip(rows, here, strict=True)])


def _bring_the_rest(tx: Connection, old: Connection, people: Mapping[int, int]) -> None:
    """Take over how channels and sources fare, what sources said last, and what a database notes of itself."""
    asked = [row.title_key for row in old.execute(select(followed.c.title_key))]
    for part in chunks(asked):
        tx.execute(delete(followed).where(followed.c.title_key.in_(part)))
    notes = [row for row in _rows(old, meta) if row.key not in {SENDING, LOOK}]
    tx.execute(delete(meta).where(meta.c.key.in_([*(row.key for row in notes), LOOK])))
    for table in (channel, streak, refused_address, source):
        tx.execute(delete(table))
    for table in (channel, source, followed):
        _insert(tx, table, [_values(row) for row in _rows(old, table)])
    for table in (streak, refused_address):
        _insert(tx, table, list(_of_people(_rows(old, table), people)))
    _insert(tx, meta, [_values(row) for row in notes])


def _of_people(rows: Iterable[Row[Any]], people: Mapping[int, int]) -> Iterable[Values]:
    return ({**_values(row), "subscriber_id": people.get(row.subscriber_id, row.subscriber_id)} for row in rows)
