"""The words of lists of releases: what each is called, the day it stands under, how far away it is, how it moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import Kind, Release, Title
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.markup import clean
from reminder.core.text.phrases import (
    ReaderSettings,
    away,
    date_in_full,
    drop_and_place,
    place,
    span_name,
    with_season,
)
from reminder.core.text.sentence import Value

_NEAR: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def release_name(title: Title, release: Release, language: Language = ENGLISH) -> str:
    """Return a title with its season and, but for what opens it, its episode: `Silo season 3 episode 2`."""
    work = with_season(clean(title.name) or language.say("name.untitled"), release.season, language)
    return work if release.first == 1 else f"{work} {label_words(release.label, language)}"


_LABELS: Final = {
    "label.premiere": re.compile(r"premiere"),
    "label.finale": re.compile(r"finale"),
    "label.season_premiere": re.compile(r"season (?P<season>\d+) premiere"),
    "label.episode": re.compile(r"episode (?P<episode>\d+)"),
    "label.episodes": re.compile(r"episodes (?P<first>\d+)-(?P<last>\d+)"),
    "label.episode_of": re.compile(r"episode of (?P<date>\d{4}-\d\d-\d\d)"),
}
"""How releases are labelled in the ledger, by the id of the sentence that says it."""


def label_words(label: str, language: Language = ENGLISH) -> str:
    """Return which release of its title one is, given its label; a label that nobody knows stays as it is."""
    for sentence_id, shape in _LABELS.items():
        if found := shape.fullmatch(label):
            values: dict[str, Value] = found.groupdict()
            return language.say(sentence_id, **values)
    return label


def release_facts(title: Title, release: Release, language: Language = ENGLISH) -> str:
    """Return what drops and where, for what stands beside its name: an episode that is named is not named again."""
    return drop_and_place(title, release, language) if release.first == 1 else place(title.where, language)


def day_heading(on: date, today: date, language: Language = ENGLISH) -> tuple[str, str]:
    """Return what stands above the releases of a day, and the day itself where that is a word like Tomorrow."""
    full = language.weekday_and_day(on, beside=today)
    near = _NEAR.get((on - today).days)
    return (language.say(f"coming.{near}"), full) if near else (language.capital(full), "")


def span_heading(when: When, reader: ReaderSettings) -> str:
    """Return what stands above releases without a day: `Sometime in December 2026`, `No date`."""
    return reader.language.say("coming.no_date") if when == UNKNOWN else date_in_full(when, reader)


def countdown(when: When, reader: ReaderSettings, now: datetime) -> str:
    """Return how far away a release is at `now`: `in 3 days, 8:00 PM`, `out since 3:00 AM`, `no day yet`."""
    today = reader.today(now)
    if when.at is not None:
        return _until_instant(when.at, reader, now)
    if when.on is not None:
        return away(when.on, today, reader.language)
    span = when.span()
    if span is None:
        return reader.language.say("coming.no_date_yet")
    return reader.language.say("coming.passed" if span[1] < today else "coming.no_day_yet")


def _until_instant(at: datetime, reader: ReaderSettings, now: datetime) -> str:
    on, today, clock = reader.today(at), reader.today(now), reader.clock(at)
    if on == today and at <= now:
        return reader.language.say("coming.out_since", clock=clock)
    near = _NEAR.get((on - today).days)
    if near is not None:
        return reader.language.say(f"coming.at_{near}", clock=clock)
    return reader.language.say("coming.at", away=away(on, today, reader.language), clock=clock)


def move(kind: Kind, before: When, after: When, reader: ReaderSettings, today: date) -> str:
    """Return how a date has changed, given the kind of the notice about it: `moved from December 10`."""
    if kind is Kind.ANNOUNCED:
        return reader.language.say("coming.announced")
    said = _short(before, after, reader, today)
    form = "withdrawn" if kind is Kind.WITHDRAWN else "moved"
    if said is None:
        return reader.language.say("coming.withdrawn_none" if form == "withdrawn" else "coming.moved_from_none")
    return reader.language.say(f"coming.{form}", old=said)


def _short(when: When, beside: When, reader: ReaderSettings, today: date) -> str | None:
    """Return a date in few words, None for none; of an instant on the same day as the one `beside` it only the hour."""
    on = when.day_in(reader.zone)
    if on is None:
        return span_name(when, reader.language) if when.is_coarse else None
    if when.at is not None and on == beside.day_in(reader.zone):
        return reader.clock(when.at)
    return reader.language.day(on, beside=today)


def told(at: datetime, channels: Sequence[str], reader: ReaderSettings, now: datetime) -> str:
    """Return when somebody was told, and over which channels: `told at 9:00 AM over phone and mail`."""
    on, today, language = reader.today(at), reader.today(now), reader.language
    over = language.listing(channels)
    if on == today:
        return language.say("coming.told_at", clock=reader.clock(at), channels=over)
    return language.say("coming.told_on", day=language.day(on, beside=today), channels=over)


def quiet(paused_until: datetime | None, reader: ReaderSettings, now: datetime) -> str:
    """Return that a title is muted, or until when it is paused: `paused until December 3`."""
    if paused_until is None:
        return reader.language.say("coming.muted")
    day = reader.language.day(reader.today(paused_until), beside=reader.today(now))
    return reader.language.say("coming.paused", day=day)


def again(at: datetime, reader: ReaderSettings, now: datetime) -> str:
    """Return when something is tried again: `at 9:00 AM`, `July 9 at 9:00 AM`."""
    on, today, clock = reader.today(at), reader.today(now), reader.clock(at)
    if on == today:
        return reader.language.say("coming.again_at", clock=clock)
    return reader.language.say("coming.again_on", day=reader.language.day(on, beside=today), clock=clock)
