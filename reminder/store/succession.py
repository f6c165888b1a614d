"""Titles and people that go on under another name: their rows, with all that is known and was said of them (SPEC 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from reminder.core.model.entities import Subscriber, Title, title_key
from reminder.core.model.names import as_written
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.successors import Succession, person_successors, question, title_successors
from reminder.store.followed import rekey
from reminder.store.people import CONFIG, WEB
from reminder.store.seen import join_seen
from reminder.store.sql.any_of import one_of
from reminder.store.sql.codec import dump_own, load_listing, load_own, load_subscriber
from reminder.store.sql.listed_names import with_new_name
from reminder.store.sql.tables import (
    CONFIGURED,
    date_proposal,
    deed,
    delivery,
    message,
    seen_release,
    subscriber,
    subscription,
    title,
)
from reminder.store.titles import chunks, end_titles
from reminder.store.writer import COMMAND, LISTING, OWN


def succeed_titles(tx: Connection, listed: Sequence[ListedEntry], now: datetime) -> list[str]:
    """Let titles of the config that are listed under another name go on; return what happened, for people."""
    wanted = [item.title for item in listed]
    rows = _title_rows(tx)
    gone = {key: row for key, row in rows.items() if row.origin == CONFIG and key not in {item.key for item in wanted}}
    done = []
    for item in wanted:
        old = _said(item, gone) if item.was else None
        if old is not None:
            done.append(_take_over(tx, gone.pop(old), item, rows.get(item.key), now))
    for old, item in _plain(tx, gone, [item for item in wanted if item.key not in rows]).items():
        done.append(_take_over(tx, gone[old], item, None, now))
    return done


def _title_rows(tx: Connection) -> dict[str, Row[Any]]:
    columns = [column for column in title.c if column.name in {"id", "key", "name", "origin", "ended_at"}]
    return {row.key: row for row in tx.execute(select(*columns))}


def _said(item: Title, gone: Mapping[str, Row[Any]]) -> str | None:
    """Return the key of the title that somebody says this one was."""
    was = item.was or ""
    for key in (was, title_key(was, item.season), title_key(was, None)):
        if key in gone:
            return key
    found = [key for key, row in gone.items() if as_written(row.name) == as_written(was)]
    return found[0] if len(found) == 1 else None


def _plain(tx: Connection, gone: Mapping[str, Row[Any]], new: Sequence[Title]) -> dict[str, Title]:
    live = [row.id for row in gone.values() if row.ended_at is None]
    if not live or not new:
        return {}
    found = title_successors(_titles(tx, live), new).found
    by_key = {item.key: item for item in new}
    return {old: by_key[key] for old, key in found.items()}


def _titles(tx: Connection, ids: Sequence[int]) -> list[Title]:
    query = select(title.c.key, title.c.spec)
    parts = (tx.execute(query.where(title.c.id.in_(part))) for part in chunks(ids))
    return [load_listing(row.key, row.spec).title for rows in parts for row in rows]


def _take_over(tx: Connection, old: Row[Any], item: Title, new: Row[Any] | None, now: datetime) -> str:
    """Give a title the key that it has now. What was begun under that key already is joined to it."""
    if new is not None:
        _join(tx, message.c.title_id, old.id, new.id)
        join_seen(tx, seen_release.c.title_id, old.id, new.id)
        _join_subscriptions(tx, subscription.c.title_id, old.id, new.id, now)
        _join_deeds(tx, "title_id", old.id, new.id)
        end_titles(tx, [new.id], now)
        tx.execute(update(title).where(title.c.id == new.id).values(key=f"{item.key} #{new.id}", origin=COMMAND))
    tx.execute(update(title).where(title.c.id == old.id).values(key=item.key))
    rekey(tx, old.key, item.key)
    return f"{old.name} is {item.name} now"


_KEYS: Final = ("subscriber_id", "title_id", "first", "what", "anchor")


def _join(tx: Connection, of: ColumnElement[int], old: int, new: int) -> None:
    """Let what was said of one row be said of another, but for what was said of both."""
    keys = [message.c[name] for name in _KEYS if name != of.key]
    said = {tuple(row) for row in tx.execute(select(*keys).where(of == old))}
    rows = tx.execute(select(message.c.id, *keys).where(of == new)).all()
    ids = [row.id for row in rows if tuple(row)[1:] not in said]
    for part in chunks(ids):
        tx.execute(update(message).where(one_of(message.c.id, part)).values({of.key: old}))
        if of.key == "subscriber_id":
            tx.execute(update(delivery).where(one_of(delivery.c.message_id, part)).values(subscriber_id=old))


def _join_subscriptions(tx: Connection, of: ColumnElement[int], old: int, new: int, now: datetime) -> None:
    """Let what one row has begun and the other has not go on; where both have, what silences either silences both."""
    other = _OTHER[of.key or ""]
    mine = {row._mapping[other]: row for row in tx.execute(select(subscription).where(of == old))}
    counts = or_(subscription.c.ended_at.is_(None), subscription.c.stopped_at.is_not(None))
    _join_rows(tx, of, old, tx.execute(select(subscription).where(of == new, counts)).all(), mine, now)


def carry_choices(tx: Connection, old: int, new: int, now: datetime) -> None:
    """Let those who follow one title by choice follow another instead, which it has turned out to be a part of."""
    chosen = (subscription.c.ended_at.is_(None), subscription.c.origin == OWN)
    rows = tx.execute(select(subscription).where(subscription.c.title_id == old, *chosen)).all()
    theirs = (subscription.c.title_id == new, one_of(subscription.c.subscriber_id, [row.subscriber_id for row in rows]))
    mine = {row.subscriber_id: row for row in tx.execute(select(subscription).where(*theirs))} if rows else {}
    _join_rows(tx, subscription.c.title_id, new, rows, mine, now)


def _join_rows(
    tx: Connection,
    of: ColumnElement[int],
    old: int,
    rows: Iterable[Row[Any]],
    mine: Mapping[int, Row[Any]],
    now: datetime,
) -> None:
    other = _OTHER[of.key or ""]
    for row in rows:
        before = mine.get(row._mapping[other])
        this = subscription.c.id == (before.id if before is not None else row.id)
        values = _joined(tx, of, old, before, row, now) if row.ended_at is None else _stopped(of, old, before, row)
        if values:
            tx.execute(update(subscription).where(this).values(values))


_OTHER: Final = {"title_id": "subscriber_id", "subscriber_id": "title_id"}


def _joined(
    tx: Connection, of: ColumnElement[int], old: int, before: Row[Any] | None, row: Row[Any], now: datetime
) -> dict[str, Any]:
    """Return what a subscription becomes: the older row's, with the silence of both; or all that the newer one was.

    An older one that ended as the newer began was never gone: whoever lists it now goes on with it.
    """
    if _is_stopped_for(before, row):
        return {}  # they have stopped it, and nothing but a listing has brought it back
    values: dict[str, Any] = {"next_due_at": now, **_choice_of(before, row)}
    both = [row] if before is None else [before, row]
    if before is None:
        values[of.key or ""] = old
    elif before.ended_at is not None and before.ended_at >= row.began_at:
        values = {"ended_at": now, **_choice_of(before, row)}
    elif before.ended_at is not None:
        values |= {name: row._mapping[name] for name in ("ladder", "since", "began_at", "ended_at")}
        both = [row]
    if of.key == "title_id" and both == [row]:
        # The older title counts its own changes: what it was told of then, it is told of.
        values["noticed_no"] = tx.execute(select(title.c.last_no).where(title.c.id == old)).scalar_one()
    return values | _silence_of(both)


def _is_stopped_for(before: Row[Any] | None, row: Row[Any]) -> bool:
    return before is not None and before.stopped_at is not None and row.origin == LISTING


def _choice_of(before: Row[Any] | None, row: Row[Any]) -> dict[str, Any]:
    """Return what a person has chosen of a subscription under either name; what they chose later counts."""
    if before is None:
        return {}
    is_own = OWN in {before.origin, row.origin}
    kept = row.own_ladder if row.own_ladder is not None else before.own_ladder
    return {"origin": OWN if is_own else LISTING, "own_ladder": kept, "stopped_at": None}


def _stopped(of: ColumnElement[int], old: int, before: Row[Any] | None, row: Row[Any]) -> dict[str, Any]:
    """Return what a subscription becomes that its person has stopped under the newer name: stopped it stays."""
    if before is None:
        return {of.key or "": old}
    if before.stopped_at is not None or (before.origin == OWN and before.began_at > row.stopped_at):
        return {}
    return {"ended_at": before.ended_at or row.ended_at, "stopped_at": row.stopped_at, "next_due_at": None}


def _silence_of(rows: Iterable[Row[Any]]) -> dict[str, Any]:
    """Return what silences any of these subscriptions: since the first was muted, until the last pause ends."""
    muted, paused = zip(*((row.muted_at, row.paused_until) for row in rows), strict=True)
    return {"muted_at": min(filter(None, muted), default=None), "paused_until": max(filter(None, paused), default=None)}


def _join_deeds(tx: Connection, of: str, old: int, new: int) -> None:
    """Let what was proposed and done of one row be so of another."""
    for table in (date_proposal, deed):
        tx.execute(update(table).where(table.c[of] == new).values({of: old}))


def _joined_choices(old: Row[Any], new: Row[Any]) -> dict[str, Any] | None:
    """Return what somebody has chosen under either name, None for nothing; what they chose later counts."""
    if old.own is None or new.own is None:
        chosen: dict[str, Any] | None = new.own if old.own is None else old.own
        return chosen
    return dump_own(load_own(old.own).joined_by(load_own(new.own)))


def succeed_people(tx: Connection, listed: Sequence[Subscriber], now: datetime) -> list[str]:
    """Let people of the config who are listed under another name go on; return what happened, for people.

    A name under which somebody has joined or was imported is theirs: only where the config says `was:` are both one.
    """
    rows = {row.name: row for row in tx.execute(select(subscriber).where(CONFIGURED))}
    wanted = {person.name: person for person in listed}
    others = _others_called(tx, [name for name in wanted if name not in rows])
    gone = {name: row for name, row in rows.items() if name not in wanted}
    found = _said_to_be(listed, gone)
    alike = _renamed(gone, rows, {name: person for name, person in wanted.items() if name not in others})
    found = {**alike, **found}
    for old, new in found.items():
        _become(tx, gone[old], new, rows.get(new) or others.get(new), now)
    return [f"{old} is {new} now" for old, new in found.items()]


def _said_to_be(listed: Sequence[Subscriber], gone: Mapping[str, Row[Any]]) -> dict[str, str]:
    """Return who of those that are gone is somebody else now, as the config says: old name to new name."""
    return {person.was: person.name for person in listed if person.was is not None and person.was in gone}


def _others_called(tx: Connection, names: Sequence[str]) -> dict[str, Row[Any]]:
    """Return those whom the config does not list so far, and who are called so."""
    parts = (tx.execute(select(subscriber).where(subscriber.c.name.in_(part))) for part in chunks(names))
    return {row.name: row for rows in parts for row in rows}


def _renamed(
    gone: Mapping[str, Row[Any]], rows: Mapping[str, Row[Any]], wanted: Mapping[str, Subscriber]
) -> Mapping[str, str]:
    return _people(gone, rows, wanted).found


def _people(gone: Mapping[str, Row[Any]], rows: Mapping[str, Row[Any]], wanted: Mapping[str, Subscriber]) -> Succession:
    left = [load_subscriber(row.name, row.profile) for row in gone.values() if row.ended_at is None]
    new = [person for name, person in wanted.items() if name not in rows]
    others = [person for name, person in wanted.items() if name in rows]
    return person_successors(left, new, others) if left and new else Succession()


def _become(tx: Connection, old: Row[Any], name: str, new: Row[Any] | None, now: datetime) -> None:
    """Give a person the name that they have now. What was begun under that name already is joined to them."""
    if new is not None:
        _join(tx, message.c.subscriber_id, old.id, new.id)
        join_seen(tx, seen_release.c.subscriber_id, old.id, new.id)
        _join_subscriptions(tx, subscription.c.subscriber_id, old.id, new.id, now)
        _join_deeds(tx, "subscriber_id", old.id, new.id)
        own = _joined_choices(old, new)
        tx.execute(update(subscriber).where(subscriber.c.id == old.id).values(own=own))
        mine = (subscription.c.subscriber_id == new.id, subscription.c.ended_at.is_(None))
        tx.execute(update(subscription).where(*mine).values(ended_at=now, next_due_at=None))
        tx.execute(update(subscriber).where(subscriber.c.id == new.id).values(name=f"{name} #{new.id}", ended_at=now))
    until = max((row.paused_until for row in (old, new) if row is not None and row.paused_until), default=None)
    tx.execute(update(subscriber).where(subscriber.c.id == old.id).values(name=name, paused_until=until))
    _rename_follower(tx, old.name, name)


def _rename_follower(tx: Connection, old: str, new: str) -> None:
    """Let the titles that commands have added go on for a person under another name.

    Where both names follow one, the leads that were set for the newer count, else those of the older.
    """
    rows = tx.execute(select(title.c.id, title.c.spec).where(title.c.origin != CONFIG)).all()
    for row in rows:
        kept = with_new_name(row.spec, old, new)
        if kept != row.spec:
            tx.execute(update(title).where(title.c.id == row.id).values(spec=kept))


def open_questions(
    tx: Connection, titles: Sequence[ListedEntry], people: Sequence[Subscriber], now: datetime, grace: timedelta
) -> tuple[str, ...]:
    """Return what should be asked: who is gone, or went within `grace`, as somebody like them came."""
    doubts = [*_about_titles(tx, [item.title for item in titles], now - grace), *_about_people(tx, people, now - grace)]
    others = _others_called(tx, [person.name for person in people])
    joined = [name for name, row in others.items() if row.origin == WEB and row.ended_at is None]
    return (*(question(old, new) for old, new in dict.fromkeys(doubts)), *map(_has_joined, joined))


def _has_joined(name: str) -> str:
    return (
        f'"{name}" has joined on the page: what the config says of them counts from now on, beside what they have '
        "chosen; if it lists somebody else, write another name"
    )


def _about_titles(tx: Connection, wanted: Sequence[Title], since: datetime) -> list[tuple[str, str]]:
    rows = _title_rows(tx)
    listed = {item.key for item in wanted}
    left = [row for key, row in rows.items() if row.origin == CONFIG and key not in listed]
    live = [row.id for row in left if row.ended_at is None]
    new = [item for item in wanted if item.key not in rows]
    doubts = list(title_successors(_titles(tx, live), new).doubts) if live and new else []
    return doubts + _about_titles_gone(tx, wanted, rows, left, since)


def _about_titles_gone(
    tx: Connection, wanted: Sequence[Title], rows: Mapping[str, Row[Any]], left: Sequence[Row[Any]], since: datetime
) -> list[tuple[str, str]]:
    """Return the doubts about titles that went, and no longer ago than `since`, as others that are wanted came."""
    doubts: list[tuple[str, str]] = []
    known = {rows[item.key].id: item for item in wanted if item.key in rows}
    went = {row.id: row.ended_at for row in left if row.ended_at is not None and row.ended_at >= since}
    began = _began_at(tx, subscription.c.title_id, set(went.values())) if went else {}
    for at in set(went.values()):
        came = [item for id_, item in known.items() if began.get(id_) == at]
        doubts += title_successors(_titles(tx, [id_ for id_, ended in went.items() if ended == at]), came).doubts
    return doubts


def _began_at(tx: Connection, of: ColumnElement[int], instants: Iterable[datetime]) -> dict[int, datetime]:
    """Return the titles, or people, all of whose subscriptions began at one of these instants, and when."""
    first = func.min(subscription.c.began_at)
    query = select(of.label("of"), first.label("at")).group_by(of)
    return {row.of: row.at for row in tx.execute(query.having(first.in_(sorted(instants))))}


def _about_people(tx: Connection, wanted: Sequence[Subscriber], since: datetime) -> list[tuple[str, str]]:
    rows = {row.name: row for row in tx.execute(select(subscriber).where(CONFIGURED))}
    names = {person.name: person for person in wanted}
    gone = {name: row for name, row in rows.items() if name not in names}
    doubts = list(_people(gone, rows, names).doubts)
    went = [row for row in gone.values() if row.ended_at is not None and row.ended_at >= since]
    return doubts + _about_people_gone(tx, names, rows, went)


def _about_people_gone(
    tx: Connection, names: Mapping[str, Subscriber], rows: Mapping[str, Row[Any]], gone: Sequence[Row[Any]]
) -> list[tuple[str, str]]:
    """Return the doubts about people who went, as somebody else came."""
    doubts: list[tuple[str, str]] = []
    went = {row.ended_at for row in gone}
    began = _began_at(tx, subscription.c.subscriber_id, went) if went else {}
    for at in went:
        left = [load_subscriber(row.name, row.profile) for row in gone if row.ended_at == at]
        came = {name: person for name, person in names.items() if name in rows and began.get(rows[name].id) == at}
        others = [person for name, person in names.items() if name not in came]
        doubts += person_successors(left, list(came.values()), others).doubts
    return doubts
