"""Subscribers from a file into the database: the whole file is checked first, then loaded chunk by chunk.

Nothing is written while anything in the file is wrong. An interrupted import continues where it stopped: each
transaction also records how much of the file, known by its digest, is loaded.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import Connection

from reminder.config.people import BadRow, Judge, PersonRow, RowReader, titles_of
from reminder.config.people_file import PeopleFile
from reminder.config.values import Config
from reminder.core.errors import WrongInput
from reminder.store.bulk import (
    BulkLoader,
    Counts,
    NewSubscriber,
    forget_mark,
    has_joined,
    listed_titles,
    mark_rows,
    rows_in,
)
from reminder.store.own import joined_names
from reminder.store.sql.store import Store

CHUNK: Final = 2_000
"""Rows brought in by one transaction: half a second, in which nobody else can write to SQLite."""

MOST_PROBLEMS: Final = 200
"""The most problems that are shown; then only how many more there are."""

Step = Callable[[int], None]
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The result of an import: its rows, from which one on (from 0), and what they did."""

    rows: int
    resumed_at: int
    counts: Counts


@dataclass(kw_only=True)
class PeopleImport:
    """One file of subscribers on its way into a store; `step` hears how many bytes are read, in both passes.

    `judge` says what is wrong with an address on a channel.
    """

    store: Store
    config: Config
    file: PeopleFile
    judge: Judge | None = None
    step: Step = field(default=lambda _: None)

    def check(self, tx: Connection) -> int:
        """Check the whole file; return how many rows it has. Raises WrongInput with every problem, by line."""
        reader = self._reader(tx, self.judge)
        problems: list[str] = []
        rows, found, joined = 0, 0, joined_names(tx)
        with closing(_Names()) as names:
            for chunk in _batched(self._rows(reader), CHUNK):
                rows += len(chunk)
                good = [row for row in chunk if isinstance(row, PersonRow)]
                bad = [row for row in chunk if isinstance(row, BadRow)] + names.contradictions(good)
                bad += _who_joined(good, joined) if joined else []
                for row in sorted(bad, key=lambda row: row.line):
                    found += len(row.problems)
                    problems += [f"{self.file.path}:{row.line}: {text}" for text in row.problems]
                    del problems[MOST_PROBLEMS:]
        if found > MOST_PROBLEMS:
            problems.append(f"{self.file.path}: and {found - MOST_PROBLEMS} more")
        if problems:
            raise WrongInput(*problems)
        return rows

    def load(self, now: datetime) -> ImportReport:
        """Bring the file in, after `check`. Raises WrongInput when it has changed since, and StoreError."""
        digest = self.file.digest
        with self.store.read() as tx:
            # What was checked is not judged again: for very many addresses that takes longer than all the rest.
            judge = None if self.file.is_as_read() else self.judge
            reader, resumed_at = self._reader(tx, judge), rows_in(tx, digest)
        loader = BulkLoader(now=now, grace=self.config.grace)
        rows = 0
        for chunk in _batched(self._rows(reader), CHUNK):
            done, rows = rows, rows + len(chunk)
            if rows <= resumed_at:
                continue
            with self.store.write() as tx:
                loader.put(tx, [self._newcomer(row) for row in chunk[max(0, resumed_at - done) :]])
                mark_rows(tx, digest, rows)
        if self.file.digest != digest:
            raise WrongInput(f"{self.file.path} was changed while it was brought in: import it again")
        with self.store.write() as tx:
            forget_mark(tx, digest)
        return ImportReport(rows=rows, resumed_at=resumed_at, counts=loader.counts)

    def _reader(self, tx: Connection, judge: Judge | None) -> RowReader:
        listed = ((item.key, item.name, item.season) for item in listed_titles(tx))
        return RowReader(config=self.config, titles=titles_of(listed), judge=judge)

    def _rows(self, reader: RowReader) -> Iterator[PersonRow | BadRow]:
        for line, values in self.file.values():
            self.step(self.file.read)
            yield reader.row(line, values)

    def _newcomer(self, row: PersonRow | BadRow) -> NewSubscriber:
        if isinstance(row, BadRow):
            raise WrongInput(f"{self.file.path}:{row.line}: {row.problems[0]}")
        return NewSubscriber(name=row.name, settings=row.settings, use=row.use, titles=row.titles)


def _batched(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _who_joined(rows: list[PersonRow], joined: Mapping[str, str]) -> list[BadRow]:
    """Return the rows that name somebody who has joined, in whatever letters."""
    names = ((row, joined.get(row.name.casefold())) for row in rows)
    return [BadRow(line=row.line, problems=(has_joined(row.name, name),)) for row, name in names if name is not None]


_ALIKE: Final = "write both alike if that is one person, else another name"


class _Names:
    """Every name of a file with its first line, in a file of its own: a million would not be small in memory."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        columns = "folded TEXT PRIMARY KEY, name TEXT, line INTEGER, mark INTEGER"
        self._base.execute(f"CREATE TABLE seen ({columns}) WITHOUT ROWID")

    def contradictions(self, rows: list[PersonRow]) -> list[BadRow]:
        """Return the rows of people who stood before: with other settings, or in other letters."""
        known = "INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._base.executemany(known, [(row.name.casefold(), row.name, row.line, row.mark) for row in rows])
        return [bad for row in rows if (bad := self._contradiction(row)) is not None]

    def _contradiction(self, row: PersonRow) -> BadRow | None:
        query = "SELECT name, line, mark FROM seen WHERE folded = ?"
        name, line, mark = self._base.execute(query, (row.name.casefold(),)).fetchone()
        if name != row.name:
            return BadRow(line=row.line, problems=(f'"{row.name}" is already on line {line}, as "{name}": {_ALIKE}',))
        if line == row.line or mark == row.mark:
            return None
        return BadRow(line=row.line, problems=(f'"{row.name}" is already on line {line}, with other settings',))

    def close(self) -> None:
        """Forget all names."""
        self._base.close()
