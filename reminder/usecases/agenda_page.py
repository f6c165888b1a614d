"""A page of what is to come for one person or for everybody: by day, then by month, quarter, season and year (SPEC 10).

What has no day never stands on one. A page costs what it shows: it begins after a cursor, and ends after so many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar

from sqlalchemy import Connection

from reminder.core.model.names import as_written, searchable
from reminder.core.text.phrases import ReaderSettings
from reminder.store import agenda_rows, named_titles
from reminder.store.agenda_rows import DatedRow, ReleaseChoice, UndatedRow
from reminder.store.named_titles import NamedTitles
from reminder.usecases.release_entries import AgendaGroup, AgendaReader
from reminder.usecases.title_names import TitleSearch

A_PAGE: Final = 60
"""How many releases stand on one page."""
ANY_NAME: Final = TitleSearch()
"""No search: titles of any name."""
UNDATED: Final = "undated"
"""The cursor of the first release without a day."""
_DAY: Final = timedelta(days=1)

Row = TypeVar("Row", DatedRow, UndatedRow)


_FIRST: Final = date(1970, 1, 1)
_LAST: Final = date(2200, 12, 31)
_A_MONTH: Final = timedelta(days=31)

Span = tuple[date, int]
"""What has no day is listed by: the last day that it may come out (no date: the last of all), and how exact that is."""


@dataclass(frozen=True, kw_only=True)
class AgendaCursor:
    """Where a page begins: with a day or, where that is None, with a span; behind the release of this number there.

    A release that has gone from there since lets its day or its span begin anew: rather twice than not at all.
    """

    on: date | None
    span: Span | None = None
    after: int | None = None

    @classmethod
    def parse(cls, text: str | None, today: date) -> AgendaCursor:
        """Return the cursor that a text says; today's first release for one that says none."""
        found = _CURSOR.fullmatch(text or "")
        if found is None:
            return cls(on=today)
        try:
            on, last_on = (date.fromisoformat(part) if part else None for part in found.group("on", "last"))
        except ValueError:
            return cls(on=today)
        if on is not None and not _FIRST <= on <= _LAST:
            return cls(on=today)
        after = int(found["after"]) if found["after"] else None
        return cls(on=on, span=(last_on, int(found["exact"])) if last_on else None, after=after)

    def __str__(self) -> str:
        span = f"-{self.span[0]}-{self.span[1]}" if self.span else ""
        place = f"{UNDATED}{span}" if self.on is None else self.on.isoformat()
        return place if self.after is None else f"{place}.{self.after}"


_CURSOR: Final = re.compile(
    rf"(?:(?P<on>\d{{4}}-\d\d-\d\d)|{UNDATED}(?:-(?P<last>\d{{4}}-\d\d-\d\d)-(?P<exact>\d))?)(?:\.(?P<after>\d{{1,18}}))?",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class AgendaPage:
    """A page of releases. `next` is the cursor of the one behind it, None at the end.

    `has_undated` tells that what has no day stands on a later page, `is_following` whether anything is followed at all.
    """

    groups: tuple[AgendaGroup, ...]
    next: str | None
    has_undated: bool
    is_following: bool


def agenda_page(
    tx: Connection,
    person: str | None,
    *,
    reader: ReaderSettings,
    now: datetime,
    after: str | None = None,
    search: TitleSearch = ANY_NAME,
    limit: int = A_PAGE,
) -> AgendaPage:
    """Return what is to come for this person (None for everybody), from a cursor on, in the words of `reader`.

    `search` keeps the titles in whose names it stands, whatever the case and the accents.
    """
    asked = AgendaReader.of(tx, person, reader, now)
    choice = choice_of(tx, asked, search)
    cursor = AgendaCursor.parse(after, asked.today)
    part = _Slice() if cursor.on is None else _dated(tx, choice, cursor, asked.reader, limit)
    has_undated = False
    if part.next is None:
        room = limit - len(part.rows)
        part = part.joined(_undated(tx, choice, cursor if cursor.on is None else AgendaCursor(on=None), room))
    elif cursor.on is not None:
        has_undated = agenda_rows.has_undated(tx, choice)
    groups = tuple(asked.groups(tx, [row.id for row in part.rows]))
    return AgendaPage(
        groups=groups,
        next=str(part.next) if part.next else None,
        has_undated=has_undated,
        is_following=bool(groups) or agenda_rows.is_following(tx, asked.subscriber_id),
    )


# Which ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Slice:
    """The rows of a page, in their order, and where the next page begins."""

    rows: tuple[DatedRow | UndatedRow, ...] = ()
    next: AgendaCursor | None = None

    def joined(self, other: _Slice) -> _Slice:
        return _Slice(rows=(*self.rows, *other.rows), next=other.next)


def _dated(tx: Connection, choice: ReleaseChoice, cursor: AgendaCursor, reader: ReaderSettings, limit: int) -> _Slice:
    start = cursor.on or _FIRST
    # No zone is more than a day from UTC: from there on everything lies behind the cursor, wherever the reader is.
    behind = start + (_DAY if cursor.after is None else 2 * _DAY)
    last = agenda_rows.day_of_nth(tx, choice, behind, limit + 1)
    rows = agenda_rows.dated_rows(tx, choice, start, None if last is None else last + _DAY)
    ahead = sorted((row for row in rows if row.day_in(reader.zone) >= start), key=lambda row: by_day(row, reader))
    found = _behind(ahead, [row.id if row.day_in(reader.zone) == start else None for row in ahead], cursor.after)
    shown, more = found[:limit], len(found) > limit
    return _Slice(
        rows=tuple(shown),
        next=AgendaCursor(on=shown[-1].day_in(reader.zone), after=shown[-1].id) if more else None,
    )


def by_day(row: DatedRow, reader: ReaderSettings) -> tuple[date, float, str, int]:
    """Return the place of a release among those that have a day: by day, then by the hour, then by name."""
    return row.day_in(reader.zone), row.at.timestamp() if row.at else 0.0, row.name.casefold(), row.id


def _undated(tx: Connection, choice: ReleaseChoice, cursor: AgendaCursor, room: int) -> _Slice:
    found: Sequence[UndatedRow] = ()
    for rows in _more_and_more(tx, choice, cursor, room + 1):
        ahead = [row for row in sorted(rows, key=by_span) if _is_ahead(row, cursor)]
        found = _behind(ahead, [row.id if _span(row) == cursor.span else None for row in ahead], cursor.after)
        if len(found) > room:
            break
    shown, more = found[:room], len(found) > room
    last = AgendaCursor(on=None, span=_span(shown[-1]), after=shown[-1].id) if shown else AgendaCursor(on=None)
    return _Slice(rows=tuple(shown), next=last if more else None)


def _is_ahead(row: UndatedRow, cursor: AgendaCursor) -> bool:
    return cursor.span is None or _place(_span(row)) >= _place(cursor.span)


def _more_and_more(
    tx: Connection, choice: ReleaseChoice, cursor: AgendaCursor, count: int
) -> Iterator[list[UndatedRow]]:
    """Yield what has no day, from the cursor's span on and in whole spans, then more of it each time, at last all.

    What may come out by a day has begun by then: so the index by the first day leads to where there is enough.
    """
    if choice.is_of_few:
        yield agenda_rows.undated_rows(tx, choice)
        return
    rows: list[UndatedRow] = []
    start = cursor.span[0] if cursor.span else None
    is_last = start == _LAST
    while not is_last:
        begin = agenda_rows.begin_of_nth(tx, choice, start, count)
        end = None if begin is None else begin + _A_MONTH
        rows += agenda_rows.undated_between(tx, choice, start, end)
        yield rows
        is_last, start, count = end is None, (end or _LAST) + _DAY, 2 * count
    yield [*rows, *agenda_rows.undated_without_end(tx, choice)]


def _span(row: UndatedRow) -> Span:
    return row.to_on or _LAST, row.exact


def _place(span: Span) -> tuple[date, int]:
    """Return the place of a span among others: what ends first, a month before its quarter."""
    return span[0], -span[1]


def by_span(row: UndatedRow) -> tuple[tuple[date, int], str, int]:
    """Return the place of a release among those that have no day: by span, then by name."""
    return _place(_span(row)), row.name.casefold(), row.id


def _behind(rows: Sequence[Row], numbers: Sequence[int | None], after: int | None) -> Sequence[Row]:
    """Return the rows behind the one whose number is `after`; all of them where there is none."""
    return rows if after is None or after not in numbers else rows[numbers.index(after) + 1 :]


FEW: Final = 500
"""Of somebody who follows no more titles than that, releases are found by title; of others, by date."""


def choice_of(tx: Connection, asked: AgendaReader, search: TitleSearch = ANY_NAME) -> ReleaseChoice:
    """Return which releases are meant: somebody's, and if a text is searched for those whose names hold it."""
    if search.text.strip():
        return _called(tx, asked.subscriber_id, search)
    if asked.subscriber_id is None:
        return ReleaseChoice()
    followed = agenda_rows.followed_ids(tx, asked.subscriber_id, FEW + 1)
    if len(followed) <= FEW:
        return ReleaseChoice(title_ids=followed, is_of_few=True)
    return ReleaseChoice(subscriber_id=asked.subscriber_id)


def _called(tx: Connection, subscriber_id: int | None, search: TitleSearch) -> ReleaseChoice:
    """Return the releases of somebody's titles in whose name a text stands, whatever the case and the accents.

    Of somebody who follows many all titles are looked at: their names are the same for everybody, and known by now.
    """
    theirs = None if subscriber_id is None else named_titles.followed(tx, subscriber_id, FEW)
    ids = titles_called(search.names(tx) if theirs is None else theirs, search.text)
    who = subscriber_id if theirs is None else None
    return ReleaseChoice(subscriber_id=who, title_ids=ids, is_of_few=len(ids) <= FEW)


def titles_called(named: NamedTitles, search: str) -> list[int]:
    """Return the numbers of the titles in whose name a text stands, whatever the case and the accents."""
    if not named.ids:
        return []
    wanted, written = searchable(search), as_written(search)
    if wanted:
        return [id_ for id_, name in zip(named.ids, _searchable_lines(named.names), strict=True) if wanted in name]
    names = named.names.split("\n")
    return [id_ for id_, name in zip(named.ids, names, strict=True) if written in as_written(name)]


@lru_cache(maxsize=4)
def _searchable_lines(names: str) -> list[str]:
    """Return names, one on each line, as they are compared: what was looked through is looked through again."""
    return [searchable(name) for name in names.split("\n")]
