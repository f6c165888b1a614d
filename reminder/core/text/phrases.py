"""Builds the sentences about one release: what it is called, when it comes, what drops and where (SPEC 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from reminder.core.dates.when import CANCELLED, UNKNOWN, Precision, When
from reminder.core.model.entities import HourStyle, Release, Role, Title, TitleKind
from reminder.core.model.lead import Lead, Measure
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.markup import isolated
from reminder.core.text.sentence import MONTH_IDS, Value

_COMES_OUT: Final = frozenset({TitleKind.GAME, TitleKind.OTHER})
_HOURS_ARE_SAID_FOR: Final = timedelta(days=2)
_MINUTE: Final = timedelta(minutes=1)
_MINUTES_AN_HOUR: Final = 60


@dataclass(frozen=True, kw_only=True)
class ReaderSettings:
    """For whom the words are: in which zone days are counted, how a time of day is written, and in which language."""

    zone: ZoneInfo
    hour_style: HourStyle = HourStyle.H12
    language: Language = ENGLISH

    def today(self, now: datetime) -> date:
        """Return the reader's date at the instant `now`."""
        return now.astimezone(self.zone).date()

    def clock(self, at: datetime) -> str:
        """Return the time of day of an instant as the reader writes it: `7:00 PM`."""
        return self.language.clock(at.astimezone(self.zone), self.hour_style)

    def in_full(self, at: datetime) -> str:
        """Return an instant with weekday and zone: `Wednesday, July 9, 2025, at 7:00 PM NZST`."""
        local = at.astimezone(self.zone)
        clock = self.language.zoned_clock(local, self.hour_style)
        return self.language.say("in_full", date=self.language.full_day(local.date()), clock=clock)


# What a release is called --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a sentence is about: `work` is the title with its season, `sort` the sort of release, as ids begin with it.

    `values` are what the sentences of that sort need beside `work`.
    """

    work: str
    sort: str
    values: Mapping[str, Value] = field(default_factory=dict)
    language: Language = ENGLISH

    def say(self, form: str, **values: Value) -> str:
        """Return the sentence of this subject in a form of the table, such as `tomorrow`."""
        return self.language.say(f"{self.sort}.{form}", work=self.work, **self.values, **values)

    @property
    def text(self) -> str:
        """The name in the middle of a sentence: `Ballard season 2`, `Ballard episode 3`, `the finale of Ballard`."""
        return self.language.say(f"name.{self.sort}", work=self.work, **self.values) if self.has_a_name else self.work

    @property
    def opening(self) -> str:
        """The name at the head of a sentence. A title keeps the letters it is written with."""
        return self.text if self.text.startswith(self.work) else self.language.capital(self.text)

    @property
    def has_a_name(self) -> bool:
        """Tell whether the release is called by more than its title."""
        return self.sort in _NAMED


_NAMED: Final = frozenset({"episode", "episodes", "finale"})


def named(title: Title, release: Release, language: Language = ENGLISH) -> Subject:
    """Return what to call a release, and the sort of sentences that is said of it."""
    season = title.season if release.season is None else release.season
    work = with_season(isolated(title.name) or language.say("name.untitled"), season, language)
    if release.first == 1:
        return Subject(work=work, sort="out" if title.kind in _COMES_OUT else "premiere", language=language)
    if release.role is Role.FINALE:
        return Subject(work=work, sort="finale", language=language)
    if release.day is not None:
        return Subject(work=work, sort="out", language=language)
    last = release.last or release.first
    if last == release.first:
        return Subject(work=work, sort="episode", values={"episode": last}, language=language)
    run = said_run(release.first, last, language)
    return Subject(work=work, sort="episodes", values={"run": run}, language=language)


FIRST_YEAR: Final = 1900


def with_season(name: str, season: int | None, language: Language = ENGLISH) -> str:
    """Return a title with its season: one that is counted by years is that year, as in *Late Talk 2026*."""
    if season is None:
        return name
    return language.say("name.year" if season >= FIRST_YEAR else "name.season", title=name, season=season)


def said_season(season: int) -> str:
    """Return a season by itself, in English: one that is counted by years is that year, as in *Late Talk 2026*."""
    return str(season) if season >= FIRST_YEAR else f"season {season}"


def said_run(first: int, last: int, language: Language = ENGLISH) -> str:
    """Return the numbers of several episodes: `3 and 4`, `5 to 7`."""
    return language.say("run.two" if last == first + 1 else "run.many", first=first, last=last)


# When it comes -------------------------------------------------------------------------------------------------------


def expected(when: When, language: Language = ENGLISH) -> str:
    """Return when something coarse is expected, as it was said: `in July 2025`, `sometime in summer 2025`.

    Raises ValueError for a date that is not coarse.
    """
    said = in_span(when, language)
    return said if when.precision in {Precision.MONTH, Precision.QUARTER} else language.say("sometime", when=said)


def in_span(when: When, language: Language = ENGLISH) -> str:
    """Return something coarse as a time within which: `in July 2025`, `in summer 2025`.

    Raises ValueError for a date that is not coarse.
    """
    year, number = _first_month(when)
    if when.precision is Precision.MONTH:
        return language.say(MONTH_IDS[number - 1], year=year)
    return _span_of("in_span", when, language)


def span_name(when: When, language: Language = ENGLISH) -> str:
    """Return something coarse by itself: `July 2025`, `Q3 2025`, `summer 2025`. Raises ValueError for what is not."""
    year, number = _first_month(when)
    return language.month(year, number) if when.precision is Precision.MONTH else _span_of("span", when, language)


def _span_of(ids: str, when: When, language: Language) -> str:
    year, number = _first_month(when)
    if when.precision is Precision.QUARTER:
        return language.say(f"{ids}.quarter", quarter=number // 3 + 1, year=year)
    return language.say(f"{ids}.{when.word or 'year'}", year=year)


def _first_month(when: When) -> tuple[int, int]:
    if when.first_on is None:
        raise ValueError(f"no month, quarter, season or year: {when!r}")
    return when.first_on.year, when.first_on.month


def away(on: date, today: date, language: Language = ENGLISH) -> str:
    """Return how far `on` is from `today`, in calendar days: `in 7 days`, `tomorrow`, `today`, `3 days ago`."""
    days = (on - today).days
    form, number = _days_form(days)
    return language.say(f"away.{form}", **number)


def _days_form(days: int) -> tuple[str, Mapping[str, Value]]:
    """Return how so many days are said, and what the sentence needs beside its subject."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days], {}
    return ("in_days", {"days": days}) if days > 0 else ("days_ago", {"days": -days})


def time_left(left: timedelta) -> str:
    """Return elapsed time to come, a begun minute counted whole: `in 2 hours`, `in 1 hour and 30 minutes`."""
    return ENGLISH.say("time.left", span=_hours(_minutes_left(left), ENGLISH))


def _minutes_left(left: timedelta) -> int:
    return -(-left // _MINUTE)


def _hours(minutes: int, language: Language) -> str:
    hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
    if not hours:
        return language.say("span.minutes", minutes=rest)
    said_hours = language.say("span.hours", hours=hours)
    if not rest:
        return said_hours
    return language.say("span.both", hours=said_hours, minutes=language.say("span.minutes", minutes=rest))


def state(what: Subject, when: When, lead: Lead | None, reader: ReaderSettings, now: datetime) -> str:
    """Return what is true of a release at `now`: `Ballard premieres in 7 days`, `Ballard is out (since 3:00 AM)`."""
    form, values = _form(when, lead, reader, now)
    return what.say(form, **values)


def briefly(what: Subject, when: When, lead: Lead | None, reader: ReaderSettings, now: datetime) -> str:
    """Return the same of what has a date, without its name: `premieres in 7 days`, `comes out tomorrow`."""
    form, values = _form(when, lead, reader, now)
    sort = what.sort if what.sort in {"premiere", "episodes"} else "out"
    return reader.language.say(f"brief.{sort}.{form}", **values)


_Form = tuple[str, Mapping[str, Value]]
"""The second part of a sentence's id, and what it needs beside its subject."""


def _form(when: When, lead: Lead | None, reader: ReaderSettings, now: datetime) -> _Form:
    on = when.day_in(reader.zone)
    if on is None:
        return _undated(when, reader, now)
    if when.at is None:
        return _on_day(on, reader.today(now))
    if lead is not None and lead.measure is Measure.MINUTES and abs(when.at - now) < _said_in_hours(lead):
        return _in_hours(when.at, lead, reader, now)
    return _at_instant(when.at, reader, now)


def _undated(when: When, reader: ReaderSettings, now: datetime) -> _Form:
    if when == CANCELLED:
        return "cancelled", {}
    if when == UNKNOWN:
        return "no_date", {}
    span = when.span()
    is_over = span is not None and span[1] < reader.today(now)
    return "was_expected" if is_over else "expected", {"when": expected(when, reader.language)}


def _on_day(on: date, today: date) -> _Form:
    return _days_form((on - today).days)


def _at_instant(at: datetime, reader: ReaderSettings, now: datetime) -> _Form:
    on, today = reader.today(at), reader.today(now)
    if on == today and now >= at:
        return "out_since", {"clock": reader.clock(at)}
    if now < at and (on - today).days in {0, 1}:
        return "today_at" if on == today else "tomorrow_at", {"clock": reader.clock(at)}
    return _on_day(on, today)


def _said_in_hours(lead: Lead) -> timedelta:
    """Return how far from the release an hour lead says hours: its own length, and two days at the least."""
    return max(_HOURS_ARE_SAID_FOR, timedelta(minutes=abs(lead.amount) + 1))


def _in_hours(at: datetime, lead: Lead, reader: ReaderSettings, now: datetime) -> _Form:
    if now < at:
        span = _hours(_minutes_left(at - now), reader.language)
        return "in_time", {"span": span, "at": _clock_and_day(at, reader, now)}
    if lead.amount >= 0:
        return _at_instant(at, reader, now)
    minutes = (now - at) // _MINUTE
    if not minutes:
        return "just_now", {"at": _clock_and_day(at, reader, now)}
    return "time_ago", {"span": _hours(minutes, reader.language), "at": _clock_and_day(at, reader, now)}


def _clock_and_day(at: datetime, reader: ReaderSettings, now: datetime) -> str:
    on, today = reader.today(at), reader.today(now)
    near = {-1: "at.yesterday", 0: "at.clock", 1: "at.tomorrow"}.get((on - today).days)
    if near is not None:
        return reader.language.say(near, clock=reader.clock(at))
    return reader.language.say("at.day", day=reader.language.day(on, beside=today), clock=reader.clock(at))


def date_in_full(when: When, reader: ReaderSettings) -> str:
    """Return a date as exactly as it is known and no more; nothing for what has none."""
    if when.at is not None:
        return reader.in_full(when.at)
    if when.on is not None:
        return reader.language.full_day(when.on)
    if not when.is_coarse:
        return ""
    return reader.language.say("sometime.heading", when=in_span(when, reader.language))


# What drops, and where -----------------------------------------------------------------------------------------------


def facts(title: Title, release: Release, reader: ReaderSettings) -> str:
    """Return the date in full, what drops and where: `Wednesday, July 9, 2025: all 10 episodes on Prime Video`."""
    language = reader.language
    day = language.capital(date_in_full(release.when, reader))
    drops = drop_and_place(title, release, language)
    if not day or not drops:
        return day or language.capital(drops)
    if drop(release, language):
        return language.say("facts.dated_drop", date=day, drop=drops)
    return language.say("facts.dated_place", date=day, place=drops)


def drop_and_place(title: Title, release: Release, language: Language = ENGLISH) -> str:
    """Return what drops and where: `all 10 episodes on Prime Video`; nothing where neither is known."""
    drops, where = drop(release, language), place(title.where, language)
    return language.say("facts.drop_and_place", drop=drops, place=where) if drops and where else drops or where


def drop(release: Release, language: Language = ENGLISH) -> str:
    """Return what drops: `all 10 episodes`, `episodes 1 and 2 of 10`; nothing where it is not known."""
    if release.last is None:
        return ""
    if (release.first, release.last) == (1, release.total):
        return language.say("drop.all", count=release.last)
    of = "" if release.total is None else "_of"
    total: Mapping[str, Value] = {} if release.total is None else {"total": release.total}
    if release.first == release.last:
        return language.say(f"drop.one{of}", episode=release.first, **total)
    return language.say(f"drop.run{of}", run=said_run(release.first, release.last, language), **total)


@lru_cache(maxsize=1024)  # a few services have most titles
def place(platform: str | None, language: Language = ENGLISH) -> str:
    """Return where a title comes out: `on Prime Video`, `in cinemas`; nothing where it is not known."""
    name = isolated(platform or "")
    roofs = {*_listed("place.roofs", ENGLISH), *_listed("place.roofs", language)}
    rest = name[len(_opens_with(name, _listed("place.openings", ENGLISH))) :].lstrip()
    if language is not ENGLISH and rest.casefold() in roofs:  # somebody wrote it in English
        return language.say("place.under", platform=rest)
    if not name or _opens_with(name, _listed("place.openings", language)):
        return name
    return language.say("place.under" if rest.casefold() in roofs else "place.on", platform=rest)


def _listed(sentence_id: str, language: Language) -> list[str]:
    return [word.strip().casefold() for word in language.say(sentence_id).split(",")]


def _opens_with(name: str, openings: Sequence[str]) -> str:
    """Return the word among these with which a name begins, nothing where it is none of them."""
    first = name.casefold().partition(" ")
    return first[0] if first[1] and first[0] in openings else ""


def first_few(names: Sequence[str], language: Language = ENGLISH, most: int = 2) -> str:
    """Return the first names and how many more there are: `Ballard, Severance and 7 more`. One more is named."""
    if len(names) <= most + 1:
        return language.listing(names)
    return language.listing([*names[:most], language.say("list.more", count=len(names) - most)])
