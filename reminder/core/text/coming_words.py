"""The words of lists of releases: what each is called, the day it stands under, how far away it is, how it moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from reminder.core.dates.spelling import WEEKDAYS
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import Kind, Release, Title
from reminder.core.text import english
from reminder.core.text.markup import clean
from reminder.core.text.phrases import ReaderSettings, date_in_full, drop_and_place, expected, place, said_season

NO_DATE: Final = "No date"
_NEAR: Final = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}


def release_name(title: Title, release: Release) -> str:
    """Return a title with its season and, but for what opens it, its episode: `Silo season 3 episode 2`."""
    season = "" if release.season is None else f" {said_season(release.season)}"
    return f"{clean(title.name) or 'untitled'}{season}{'' if release.first == 1 else f' {release.label}'}"


def release_facts(title: Title, release: Release) -> str:
    """Return what drops and where, for what stands beside its name: an episode that is named is not named again."""
    return drop_and_place(title, release) if release.first == 1 else place(title.where)


def day_heading(on: date, today: date) -> tuple[str, str]:
    """Return what stands above the releases of a day, and the day itself where that is a word like Tomorrow."""
    full = f"{WEEKDAYS[on.weekday()]}, {english.day(on, beside=today)}"
    near = _NEAR.get((on - today).days)
    return (near, full) if near else (full, "")


def span_heading(when: When, reader: ReaderSettings) -> str:
    """Return what stands above releases without a day: `Sometime in December 2026`, `No date`."""
    return NO_DATE if when == UNKNOWN else date_in_full(when, reader)


def countdown(when: When, reader: ReaderSettings, now: datetime) -> str:
    """Return how far away a release is at `now`: `in 3 days, 8:00 PM`, `out since 3:00 AM`, `no day yet`."""
    today = reader.today(now)
    if when.at is not None:
        return _until_instant(when.at, reader, now)
    if when.on is not None:
        return english.away(when.on, today)
    span = when.span()
    if span is None:
        return "no date yet"
    return "passed without a day" if span[1] < today else "no day yet"


def _until_instant(at: datetime, reader: ReaderSettings, now: datetime) -> str:
    on, today = reader.today(at), reader.today(now)
    if on == today and at <= now:
        return f"out since {reader.clock(at)}"
    is_near = abs((on - today).days) <= 1
    return f"{english.away(on, today)}{' at' if is_near else ','} {reader.clock(at)}"


def move(kind: Kind, before: When, after: When, reader: ReaderSettings, today: date) -> str:
    """Return how a date has changed, given the kind of the notice about it: `moved from December 10`."""
    if kind is Kind.ANNOUNCED:
        return "date announced"
    said = _short(before, after, reader, today)
    return f"no longer {said}" if kind is Kind.WITHDRAWN else f"moved from {said}"


def _short(when: When, beside: When, reader: ReaderSettings, today: date) -> str:
    """Return a date in few words; of an instant on the same day as the one `beside` it only the hour."""
    on = when.day_in(reader.zone)
    if on is None:
        return expected(when).removeprefix("sometime ").removeprefix("in ") if when.is_coarse else "no date"
    if when.at is not None and on == beside.day_in(reader.zone):
        return reader.clock(when.at)
    return english.day(on, beside=today)


def told(at: datetime, channels: Sequence[str], reader: ReaderSettings, now: datetime) -> str:
    """Return when somebody was told, and over which channels: `told at 9:00 AM over phone and mail`."""
    on, today = reader.today(at), reader.today(now)
    when = f"at {reader.clock(at)}" if on == today else f"on {english.day(on, beside=today)}"
    return f"told {when} over {english.listing(channels)}"


def quiet(paused_until: datetime | None, reader: ReaderSettings, now: datetime) -> str:
    """Return that a title is muted, or until when it is paused: `paused until December 3`."""
    if paused_until is None:
        return "muted"
    return f"paused until {english.day(reader.today(paused_until), beside=reader.today(now))}"
