"""The ledger of a database that a copy is about to replace, brought into that copy: what was sent since is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_

from reminder.core.model.entities import NOTICES
from reminder.core.model.ledger import State
from reminder.store.decisions import KEY
from reminder.store.replaced import Kin, Values
from reminder.store.sql.any_of import one_of
from reminder.store.sql.tables import delivery, message, title
from reminder.store.titles import CHUNK

_UNTITLED: Final = ("subscriber_id", "what", "anchor")
_BIRTH: Final = ("what", "decided_at", "at")


def bring_ledger(tx: Connection, old: Connection, kin: Kin) -> int:
    """Let the copy know every message that `old` knows, each as it stands there; return how many that changes."""
    numbers = {table.name: _Numbers(tx, old, kin, table) for table in (message, delivery)}
    last_no = (
        {} if kin.is_one_line else {row.id: row.last_no for row in tx.execute(select(title.c.id, title.c.last_no))}
    )
    changed = 0
    for part in _parts(old):
        told = [_Told(row=row, values=_here(row, kin, last_no)) for row in part if _is_for_here(row, kin)]
        changed += _bring(tx, old, told, kin, numbers)
    return changed


@dataclass(frozen=True, kw_only=True)
class _Told:
    """A message of the replaced database, and its values in the copy."""

    row: Row[Any]
    values: Values

    @property
    def key(self) -> tuple[Any, ...]:
        return _key(self.values)


def _key(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in (KEY if values["title_id"] is not None else _UNTITLED))


def _values(row: Row[Any]) -> Values:
    return dict(row._mapping)


def _parts(old: Connection) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    while part := old.execute(select(message).where(message.c.id > last).order_by(message.c.id).limit(CHUNK)).all():
        yield part
        last = part[-1].id


def _is_for_here(row: Row[Any], kin: Kin) -> bool:
    """Tell whether a message can be known in the copy: of another line, changes are counted otherwise."""
    is_known = row.subscriber_id in kin.people and (row.title_id is None or row.title_id in kin.titles)
    return is_known and (kin.is_one_line or row.kind not in NOTICES)


def _here(row: Row[Any], kin: Kin, last_no: Mapping[int, int]) -> Values:
    title_id = None if row.title_id is None else kin.titles[row.title_id]
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    number = row.change_no if kin.is_one_line or title_id is None else last_no[title_id]
    return {**values, "subscriber_id": kin.people[row.subscriber_id], "title_id": title_id, "change_no": number}


class _Numbers:
    """The numbers that rows get in the copy: those that they had, where nothing else has them there."""

    def __init__(self, tx: Connection, old: Connection, kin: Kin, table: Any) -> None:
        newest = select(func.coalesce(func.max(table.c.id), 0))
        self._here: int = tx.execute(newest).scalar_one()
        self._next: int = max(self._here, old.execute(newest).scalar_one())
        self._keeps = kin.is_one_line

    def give(self, number: int, free: set[int]) -> int:
        """Return the number that a row gets which had this one; `free` are numbers that were given up just now."""
        if self._keeps and (number > self._here or number in free):
            free.discard(number)
            return number
        self._next += 1
        return self._next


def _bring(tx: Connection, old: Connection, told: Sequence[_Told], kin: Kin, numbers: Mapping[str, _Numbers]) -> int:
    here = _those_here(tx, told, kin)
    theirs = _deliveries(old, [item.row.id for item in told])
    mine = _deliveries(tx, [row.id for rows in here for row in rows])
    new, gone = [], set()
    for item, rows in zip(told, here, strict=True):
        if not _is_known(item, rows, theirs[item.row.id], [one for row in rows for one in mine[row.id]], kin):
            new.append(item)
            gone |= {row.id for row in rows}
    free = {"message": set(gone), "delivery": {row.id for id_ in gone for row in mine[id_]}}
    tx.execute(delete(delivery).where(one_of(delivery.c.message_id, gone)))
    tx.execute(delete(message).where(one_of(message.c.id, gone)))
    for item in new:
        _take_over(tx, item, theirs[item.row.id], numbers, free)
    return len(new)


def _take_over(
    tx: Connection, item: _Told, rows: Sequence[Row[Any]], numbers: Mapping[str, _Numbers], free: Mapping[str, set[int]]
) -> None:
    """Write a message with its deliveries, under their own numbers where these are free."""
    id_ = numbers["message"].give(item.row.id, free["message"])
    tx.execute(insert(message), {**item.values, "id": id_})
    whose = {"message_id": id_, "subscriber_id": item.values["subscriber_id"]}
    kept = [{**_values(row), **whose, "id": numbers["delivery"].give(row.id, free["delivery"])} for row in rows]
    tx.execute(insert(delivery), kept)


def _those_here(tx: Connection, told: Sequence[_Told], kin: Kin) -> list[list[Row[Any]]]:
    """Return, for each message, what the copy has of it: under its number, or under its key."""
    by_id = {row.id: row for row in tx.execute(select(message).where(one_of(message.c.id, [t.row.id for t in told])))}
    by_key = {_key(_values(row)): row for row in _of_keys(tx, told)}
    found = []
    for item in told:
        rows = {}
        row = by_id.get(item.row.id)
        if kin.is_one_line and row is not None and all(getattr(row, name) == item.values[name] for name in _BIRTH):
            rows[row.id] = row
        if (row := by_key.get(item.key)) is not None:
            rows[row.id] = row
        found.append(list(rows.values()))
    return found


def _of_keys(tx: Connection, told: Sequence[_Told]) -> Iterator[Row[Any]]:
    for names, is_titled in ((KEY, True), (_UNTITLED, False)):
        keys = [item.key for item in told if (item.values["title_id"] is not None) is is_titled]
        if keys:
            of = tuple_(*(message.c[name] for name in names)).in_(keys)
            about = message.c.title_id.is_not(None) if is_titled else message.c.title_id.is_(None)
            yield from tx.execute(select(message).where(of, about))


def _deliveries(tx: Connection, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(select(delivery).where(one_of(delivery.c.message_id, ids)).order_by(delivery.c.id)):
        found[row.message_id].append(row)
    return found


def _is_known(
    item: _Told, rows: Sequence[Row[Any]], theirs: Sequence[Row[Any]], mine: Sequence[Row[Any]], kin: Kin
) -> bool:
    """Tell whether the copy knows as much of a message: the same, or what happened later."""
    if not kin.is_one_line and all(row.state == State.SKIPPED for row in theirs):
        return True  # whoever began there later was owed less than here
    if not rows:
        return False
    if max(row.tried_at for row in mine) > max(row.tried_at for row in theirs):
        return True
    is_same = len(rows) == 1 and all(rows[0]._mapping[name] == value for name, value in item.values.items())
    return is_same and _bare(theirs) == _bare(mine)


def _bare(rows: Sequence[Row[Any]]) -> list[Values]:
    return [{n: v for n, v in row._mapping.items() if n not in {"id", "message_id", "subscriber_id"}} for row in rows]
