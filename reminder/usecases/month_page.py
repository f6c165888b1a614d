"""A month as a grid of weeks and days, with what comes out on each, and beneath it what has no day (SPEC 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.dates.when import FIRST_YEAR, LAST_YEAR
from reminder.core.text import coming_words
from reminder.core.text.phrases import ReaderSettings
from reminder.store import agenda_rows
from reminder.store.agenda_rows import AgendaRelease, DatedRow
from reminder.usecases.agenda_page import AgendaCursor, by_day, by_span, choice_of
from reminder.usecases.release_entries import AgendaGroup, AgendaReader

MOST_A_DAY: Final = 4
"""How many releases stand in one day of the grid; the rest is counted."""
MOST_BELOW: Final = 40
"""How many releases without a day stand beneath it."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class CalendarMonth:
    """A month of a year."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str | None, today: date) -> CalendarMonth:
        """Return the month that `2026-12` says; this month for what says none."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            first = today
        return cls(year=first.year, month=first.month) if FIRST_YEAR <= first.year <= LAST_YEAR else cls.of(today)

    @classmethod
    def of(cls, on: date) -> CalendarMonth:
        """Return the month of a day."""
        return cls(year=on.year, month=on.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.step(1).first - _DAY

    def step(self, months: int) -> CalendarMonth:
        """Return the month so many months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return CalendarMonth(year=year, month=month + 1)

    @property
    def is_shown(self) -> bool:
        """Tell whether it lies in the years that a date may have."""
        return FIRST_YEAR <= self.year <= LAST_YEAR


@dataclass(frozen=True, kw_only=True)
class MonthEntry:
    """A release in its day of the grid; `clock` is its time of day where that is known."""

    title_id: int
    name: str
    clock: str


@dataclass(frozen=True, kw_only=True)
class MonthDay:
    """A day of the grid: its first few releases, and how many more there are. `cursor` is where the agenda has it.

    `name` is the day with its weekday: `Thursday, December 3`.
    """

    on: date
    name: str
    entries: tuple[MonthEntry, ...]
    more: int
    is_today: bool

    @property
    def cursor(self) -> str:
        """Return where a list of releases begins with this day."""
        return str(AgendaCursor(on=self.on))


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """A month: its weeks, which begin as the reader's do (None for days of other months), and what has no day in it.

    `before` and `after` are the months beside it, None at the ends of time; `more` is how many stand on no list.
    """

    month: CalendarMonth
    weeks: tuple[tuple[MonthDay | None, ...], ...]
    sometime: tuple[AgendaGroup, ...]
    more: int
    before: CalendarMonth | None
    after: CalendarMonth | None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing comes out in it, on a day or some time."""
        days = (day for week in self.weeks for day in week if day is not None)
        return not self.sometime and not any(day.entries or day.more for day in days)


def month_of(
    tx: Connection, person: str | None, month: CalendarMonth, *, reader: ReaderSettings, now: datetime
) -> MonthPage:
    """Return a month of what this person follows (None for everybody), in the words of `reader`."""
    asked = AgendaReader.of(tx, person, reader, now)
    choice = choice_of(tx, asked)
    rows = agenda_rows.dated_rows(tx, choice, month.first, month.last)
    by_date: dict[date, list[DatedRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: by_day(row, reader)):
        by_date[row.day_in(reader.zone)].append(row)
    undated = sorted(agenda_rows.undated_rows(tx, choice, within=(month.first, month.last)), key=by_span)
    return MonthPage(
        month=month,
        weeks=_weeks(tx, month, by_date, asked),
        sometime=tuple(asked.groups(tx, [row.id for row in undated[:MOST_BELOW]])),
        more=max(0, len(undated) - MOST_BELOW),
        before=_beside(month, -1),
        after=_beside(month, 1),
    )


def _beside(month: CalendarMonth, step: int) -> CalendarMonth | None:
    beside = month.step(step)
    return beside if beside.is_shown else None


def _weeks(
    tx: Connection, month: CalendarMonth, by_date: Mapping[date, Sequence[DatedRow]], asked: AgendaReader
) -> tuple[tuple[MonthDay | None, ...], ...]:
    days = [month.first + number * _DAY for number in range(month.last.day)]
    shown = [row.id for on in days for row in by_date.get(on, ())[:MOST_A_DAY]]
    whole = agenda_rows.whole_releases(tx, shown)
    before = (month.first.weekday() - asked.reader.language.first_weekday) % 7
    cells = [None] * before + [_day(on, by_date.get(on, ()), whole, asked) for on in days]
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))


def _day(on: date, rows: Sequence[DatedRow], whole: Mapping[int, AgendaRelease], asked: AgendaReader) -> MonthDay:
    entries = [_entry(whole[row.id], row, asked.reader) for row in rows[:MOST_A_DAY] if row.id in whole]
    return MonthDay(
        on=on,
        name=asked.reader.language.weekday_and_day(on, beside=on),
        entries=tuple(entries),
        more=len(rows) - len(entries),
        is_today=on == asked.today,
    )


def _entry(item: AgendaRelease, row: DatedRow, reader: ReaderSettings) -> MonthEntry:
    return MonthEntry(
        title_id=item.title_id,
        name=coming_words.release_name(item.title, item.release, reader.language),
        clock=reader.clock(row.at) if row.at else "",
    )
