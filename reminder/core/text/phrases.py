"""Builds the parts of sentences about one release: what it is called, when it comes, what drops and where (SPEC 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.dates.when import CANCELLED, UNKNOWN, Precision, When
from reminder.core.model.entities import HourStyle, Release, Role, Title, TitleKind
from reminder.core.model.lead import Lead, Measure
from reminder.core.text import english
from reminder.core.text.markup import isolated

_COMES_OUT: Final = frozenset({TitleKind.GAME, TitleKind.OTHER})
_UNDER_A_ROOF: Final = frozenset({"cinema", "cinemas", "theater", "theaters", "theatre", "theatres"})
_PLACED: Final = ("on ", "in ", "at ")
_HOURS_ARE_SAID_FOR: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class ReaderSettings:
    """For whom the words are: in which zone days are counted, and how a time of day is written."""

    zone: ZoneInfo
    hour_style: HourStyle = HourStyle.H12

    def today(self, now: datetime) -> date:
        """Return the reader's date at the instant `now`."""
        return now.astimezone(self.zone).date()

    def clock(self, at: datetime) -> str:
        """Return the time of day of an instant as the reader writes it: `7:00 PM`."""
        return english.clock(at.astimezone(self.zone), self.hour_style)

    def in_full(self, at: datetime) -> str:
        """Return an instant with weekday and zone: `Wednesday, July 9, 2025, at 7:00 PM NZST`."""
        local = at.astimezone(self.zone)
        return f"{english.full_day(local.date())}, at {english.zoned_clock(local, self.hour_style)}"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The subject of a sentence: `work` is the title with its season, `text` the release; `verb` says that it comes."""

    work: str
    text: str
    verb: str = "premieres"
    plural: bool = False

    @property
    def opening(self) -> str:
        """The name at the head of a sentence. A title keeps the letters it is written with."""
        return self.text if self.text.startswith(self.work) else english.sentence(self.text)

    @property
    def be(self) -> str:
        """`is`, or `are` for several episodes."""
        return "are" if self.plural else "is"


def named(title: Title, release: Release) -> Subject:
    """Return what to call a release: `Ballard season 2`, `Ballard episode 3`, `the finale of Ballard`."""
    season = title.season if release.season is None else release.season
    work = isolated(title.name) or "untitled"
    work = work if season is None else f"{work} {said_season(season)}"
    if release.first == 1:
        return Subject(work=work, text=work, verb="comes out" if title.kind in _COMES_OUT else "premieres")
    if release.role is Role.FINALE:
        return Subject(work=work, text=f"the finale of {work}", verb="comes out")
    if release.day is not None:
        return Subject(work=work, text=work, verb="comes out")
    last = release.last or release.first
    plural = last > release.first
    run = english.episodes(release.first, last)
    return Subject(work=work, text=f"{work} {run}", verb="come out" if plural else "comes out", plural=plural)


FIRST_YEAR: Final = 1900


def said_season(season: int) -> str:
    """Return a season as one says it: one that is counted by years is that year, as in *Late Talk 2026*."""
    return str(season) if season >= FIRST_YEAR else f"season {season}"


def expected(when: When) -> str:
    """Return when something coarse is expected, as it was said: `in July 2025`, `sometime in summer 2025`.

    Raises ValueError for a date that is not coarse.
    """
    if when.first_on is None:
        raise ValueError(f"no month, quarter, season or year: {when!r}")
    year, number = when.first_on.year, when.first_on.month
    if when.precision is Precision.MONTH:
        return f"in {english.month(year, number)}"
    if when.precision is Precision.QUARTER:
        return f"in Q{number // 3 + 1} {year}"
    return f"sometime in {when.json()}"


def predicate(what: Subject, when: When, lead: Lead | None, reader: ReaderSettings, now: datetime) -> str:
    """Return what is true of a release at `now`, without its name: `premieres in 7 days`, `is out (since 3:00 AM)`."""
    on = when.day_in(reader.zone)
    if when == CANCELLED:
        return "has been cancelled"
    if when == UNKNOWN:
        return f"{'have' if what.plural else 'has'} no date yet"
    if on is None:
        return _awaited(what, when, reader.today(now))
    if when.at is None:
        return _on_day(what, on, reader.today(now))
    if lead is not None and lead.measure is Measure.MINUTES and abs(when.at - now) < _said_in_hours(lead):
        return _in_hours(what, when.at, lead, reader, now)
    return _at_instant(what, when.at, reader, now)


def _awaited(what: Subject, when: When, today: date) -> str:
    span = when.span()
    if span and span[1] < today:
        return f"{'were' if what.plural else 'was'} expected {expected(when)}; no day is known"
    return f"{what.be} expected {expected(when)}; no day is known yet"


def _on_day(what: Subject, on: date, today: date) -> str:
    if on == today:
        return f"{what.be} out today"
    return f"{what.verb if on > today else 'came out'} {english.away(on, today)}"


def _at_instant(what: Subject, at: datetime, reader: ReaderSettings, now: datetime) -> str:
    on, today = reader.today(at), reader.today(now)
    if on == today and now >= at:
        return f"{what.be} out (since {reader.clock(at)})"
    if now < at and (on - today).days in {0, 1}:
        return f"{what.verb} {english.away(on, today)} at {reader.clock(at)}"
    return _on_day(what, on, today)


def _said_in_hours(lead: Lead) -> timedelta:
    """Return how far from the release an hour lead says hours: its own length, and two days at the least."""
    return max(_HOURS_ARE_SAID_FOR, timedelta(minutes=abs(lead.amount) + 1))


def _in_hours(what: Subject, at: datetime, lead: Lead, reader: ReaderSettings, now: datetime) -> str:
    if now < at:
        return f"{what.verb} {english.time_left(at - now)}, {_clock_and_day(at, reader, now)}"
    if lead.amount < 0:
        return f"came out {english.time_gone(now - at)}, {_clock_and_day(at, reader, now)}"
    return _at_instant(what, at, reader, now)


def _clock_and_day(at: datetime, reader: ReaderSettings, now: datetime) -> str:
    on, today = reader.today(at), reader.today(now)
    if on == today:
        return f"at {reader.clock(at)}"
    near = abs((on - today).days) == 1
    return f"{english.away(on, today) if near else f'on {english.day(on, beside=today)}'} at {reader.clock(at)}"


def facts(title: Title, release: Release, reader: ReaderSettings) -> str:
    """Return the date in full, what drops and where: `Wednesday, July 9, 2025: all 10 episodes on Prime Video`."""
    day, drops = date_in_full(release.when, reader), drop_and_place(title, release)
    if not day or not drops:
        return day or english.sentence(drops)
    return f"{day}{': ' if drop(release) else ', '}{drops}"


def date_in_full(when: When, reader: ReaderSettings) -> str:
    """Return a date as exactly as it is known and no more; nothing for what has none."""
    if when.at is not None:
        return reader.in_full(when.at)
    if when.on is not None:
        return english.full_day(when.on)
    if not when.is_coarse:
        return ""
    return english.sentence(expected(when) if expected(when).startswith("sometime") else f"sometime {expected(when)}")


def drop_and_place(title: Title, release: Release) -> str:
    """Return what drops and where: `all 10 episodes on Prime Video`; nothing where neither is known."""
    return " ".join(filter(None, (drop(release), place(title.where))))


def drop(release: Release) -> str:
    """Return what drops: `all 10 episodes`, `episodes 1 and 2 of 10`; nothing where it is not known."""
    if release.last is None:
        return ""
    if (release.first, release.last) == (1, release.total):
        return f"all {release.last} episodes" if release.last > 1 else "1 episode"
    total = "" if release.total is None else f" of {release.total}"
    return english.episodes(release.first, release.last) + total


def place(platform: str | None) -> str:
    """Return where a title comes out: `on Prime Video`, `in cinemas`; nothing where it is not known."""
    name = isolated(platform or "")
    if not name or name.casefold().startswith(_PLACED):
        return name
    return f"{'in' if name.casefold() in _UNDER_A_ROOF else 'on'} {name}"
