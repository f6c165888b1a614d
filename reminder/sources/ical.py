"""Any calendar as a source: Sonarr, Radarr, Yamtrack, TVmaze, or one's own. Its address is a secret, and never shown.

Entries are pinned as `ical:NAME/ballard`. What is no longer in the feed has left its window; that is no cancellation.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from reminder.core.dates.when import CANCELLED, When, WhenError
from reminder.core.dates.zones import find_zone
from reminder.core.model.names import as_written, plain
from reminder.core.model.secret import Secret
from reminder.core.sourcing.answers import (
    EmptyAnswer,
    InvalidAnswer,
    Match,
    NoAnswer,
    NotFound,
    ReleaseKind,
    SourceTitle,
    Stated,
    WorkForm,
)
from reminder.core.sourcing.placeholder_dates import CheckedDate, Pad, PlaceholderRule, WordedDate, read
from reminder.core.sourcing.runs import by_day, is_single, placed
from reminder.core.sourcing.season_words import Part
from reminder.core.sourcing.series_moved import LEFT_OUT
from reminder.core.sourcing.summaries import SummaryParts, read_summary
from reminder.sources.cache import CallRate, PacedSource
from reminder.sources.events import Event
from reminder.sources.ics import read_calendar
from reminder.sources.ics_lines import MAX_BYTES
from reminder.sources.source import Changed

NAME: Final = "ical"
RATE: Final = CallRate(calls=2, seconds=1.0)

UNNUMBERED: Final = "@day"
"""Stands behind the name of a work that has no numbers: a film, or episodes that are known by their day."""

_SONARR: Final = "NzbDrone_episode_"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The works in a calendar, and what could not be read of it, in words."""

    titles: tuple[SourceTitle, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ICal:
    """One calendar, from an address or a file, under the name that the config gives it."""

    calendar: str
    place: Secret
    polite: PacedSource
    name: str = field(default=NAME, init=False)

    def search(self, words: str) -> tuple[Match, ...] | NoAnswer:
        """Return the works in the calendar that the words may mean."""
        found = self.titles(date.min)
        if isinstance(found, NoAnswer):
            return found
        wanted = plain(words)
        return tuple(_match(title) for title in found if wanted and wanted in plain(title.name))

    def fetch(self, ref: str, today: date) -> SourceTitle | NoAnswer:
        """Return what the calendar says of one work."""
        return in_calendar(self.titles(today), ref)

    def changed(self, since: str | None, refs: frozenset[str], now: datetime) -> Changed | NoAnswer | None:
        """Return None: a calendar is one answer, and always read whole."""
        return None

    def find(self, ids: Mapping[str, str]) -> str | NoAnswer | None:
        """Return None: a calendar has no numbers of others."""
        return None

    def titles(self, today: date) -> tuple[SourceTitle, ...] | NoAnswer:
        """Return every work in the calendar, with its dates."""
        found = self.read(today)
        return found if isinstance(found, NoAnswer) else found.titles

    def read(self, today: date) -> Contents | NoAnswer:
        """Return what is in the calendar, its repeating events around a day. One without events is Empty."""
        body = self._body()
        if isinstance(body, NoAnswer):
            return body
        found = read_calendar(body, today, _named)
        if isinstance(found, NoAnswer):
            return found
        if not found.events:
            return EmptyAnswer(reason="the calendar has no events")
        return Contents(titles=tuple(_titles(self.calendar, found.events, today)), remarks=found.remarks)

    def _body(self) -> bytes | NoAnswer:
        place = self.place.reveal()
        if place.lower().startswith("webcal://"):
            place = f"https://{place[len('webcal://') :]}"
        if "://" not in place:
            return _file(Path(place))
        url, login = _without_login(place)
        answer = self.polite.get(url, {"Accept": "text/calendar", **login})
        if isinstance(answer, NoAnswer):
            return answer
        return answer.body if answer.status == 200 else NotFound(reason="there is no calendar at its address")


def in_calendar(found: tuple[SourceTitle, ...] | NoAnswer, ref: str) -> SourceTitle | NoAnswer:
    """Given all that a calendar said, return what it says of one work."""
    if isinstance(found, NoAnswer):
        return found
    named = {title.ref: title for title in reversed(found)}
    return named.get(ref) or _as_before(found, ref) or NotFound(reason="it is not in the calendar now")


def _as_before(found: tuple[SourceTitle, ...], ref: str) -> SourceTitle | None:
    """Return the work that was pinned by its plain name, also without a mark for what has no number."""
    for title in found:
        calendar, _, slug = title.ref.partition("/")
        plain_ref = f"{calendar}/{plain(title.name).replace(' ', '-')}"
        mark = UNNUMBERED if slug.endswith(UNNUMBERED) else ""
        if ref in {plain_ref, plain_ref + mark}:
            return title
    return None


def _without_login(url: str) -> tuple[str, dict[str, str]]:
    """Return an address without the login in it, and that login as the header that says it (RFC 7617)."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    said = base64.b64encode(unquote(login).encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), {"Authorization": f"Basic {said}"}


def _file(path: Path) -> bytes | NoAnswer:
    try:
        if path.stat().st_size > MAX_BYTES:
            return InvalidAnswer(reason="the calendar's file is too large")
        return path.read_bytes()
    except OSError as error:
        return NotFound(reason=f"the calendar's file cannot be read: {(error.strerror or 'no such file').lower()}")


@lru_cache(maxsize=1024)
def _said(summary: str) -> SummaryParts:
    """Return what a summary says; the instances of a repeating event say the same again and again."""
    return read_summary(summary)


@lru_cache(maxsize=1024)
def _written(name: str) -> str:
    return as_written(name)


def _told(event: Event) -> SummaryParts:
    told = _said(event.summary)
    if told.is_numbered:
        return told
    if event.uid.startswith(_SONARR):
        # A daily show: `Series - Title`, without numbers.
        return SummaryParts(name=event.summary.partition(" - ")[0], form=WorkForm.SERIES, is_dated=True)
    # What repeats goes on: each of its instances is an episode, known by its day.
    repeats = bool(event.instance) and told.kind is ReleaseKind.EPISODE
    return replace(told, form=WorkForm.SERIES, is_dated=True) if repeats else told


def _named(summary: str) -> object:
    """Return what a summary names, to be compared: a work, and the part of it."""
    told = _said(summary)
    return plain(told.name), told.season, told.number, told.kind, told.part


def _titles(calendar: str, events: tuple[Event, ...], today: date) -> Iterator[SourceTitle]:
    found: dict[str, list[tuple[SummaryParts, Stated]]] = {}
    told_of = [(event, _told(event)) for event in sorted(events, key=lambda item: (item.stamp or item.on, item.uid))]
    numbered = {_written(told.name) for _, told in told_of if _is_of_series(told)}
    for event, told in told_of:
        stated = ((told, _stated(event, told, number, today)) for number in told.numbers or [None])
        found.setdefault(_slug(told, numbered), []).extend(stated)
    for slug, parts in found.items():
        yield _work(f"{calendar}/{slug}", parts)


def _is_of_series(told: SummaryParts) -> bool:
    return told.is_numbered or told.season is not None


def _slug(told: SummaryParts, numbered: Container[str]) -> str:
    """Return what a work is pinned by: its name as written. A film and a series of one name are two.

    What opens or ends a season without a number belongs to the series of its name, where there is one (`numbered`).
    """
    name = _written(told.name)
    is_series = _is_of_series(told) or (told.part is not None and name in numbered)
    return name.replace(" ", "-") + ("" if is_series else UNNUMBERED)


def _work(ref: str, parts: list[tuple[SummaryParts, Stated]]) -> SourceTitle:
    """Return a work with its dates: what has no number and comes on several days is a run of episodes."""
    told, stated = [told for told, _ in parts], tuple(stated for _, stated in parts)
    work = SourceTitle(
        source=NAME, ref=ref, name=told[0].name, form=told[0].form, service=stated[0].service, releases=stated
    )
    if not ref.endswith(UNNUMBERED):
        return replace(work, form=WorkForm.SERIES, releases=placed(parts))
    if not is_single(work) and not any(item.is_dated for item in told):
        return work
    is_run = any(item.is_dated for item in told) or len({item.on for item in stated if item.on}) > 1
    return replace(work, form=WorkForm.SERIES, releases=by_day(stated)) if is_run else work


def _stated(event: Event, told: SummaryParts, number: int | None, today: date) -> Stated:
    # A bare number for a UID is Yamtrack, which fills up what it does not know of a date.
    pads = frozenset(Pad) if event.uid.isdecimal() else frozenset[Pad]()
    wording = WordedDate(
        on=event.on,
        clock="00:00" if event.floating else "",
        stamp=event.stamp,
        zone=event.zone,
        pads=pads,
        midnight_is_real=event.uid.startswith(_SONARR),
        today=today if today > date.min else None,
    )
    reading = _by_clock(event) or read(wording)
    when, rule = _standing(event, reading)
    return Stated(
        raw=wording.raw.replace(" 00:00", " (local time)") if event.floating else wording.raw,
        when=when,
        rule=rule,
        on=date.fromisoformat(event.filed_on) if event.instance else reading.on,
        kind=told.kind,
        season=told.season,
        number=number,
        special=told.season == 0,
        finale=told.part is Part.FINALE and number in {None, told.last or told.number},
        service=_network(event, told),
        name=event.summary,
        note=event.note or None,
        until=event.until,
        id=event.id if len(told.numbers) < 2 else f"{event.id}#{number}",
    )


def _standing(event: Event, reading: CheckedDate) -> tuple[When, str]:
    """Return the date that counts, and why."""
    if event.left_out:
        return CANCELLED, LEFT_OUT
    return (CANCELLED, "the calendar says that it is cancelled") if event.cancelled else (reading.when, reading.rule)


def _by_clock(event: Event) -> CheckedDate | None:
    """Return an instant that the clocks of a place show, which no catalogue puts there for want of another."""
    if not event.local or not event.stamp:
        return None
    at = datetime.fromisoformat(event.stamp)
    try:
        when = When.exact(at, find_zone(event.zone) if event.zone else at.tzinfo or UTC)
    except (WhenError, OverflowError):
        return None
    return CheckedDate(when=when, rule=PlaceholderRule.AS_SAID, on=at.date())


def _network(event: Event, told: SummaryParts) -> str | None:
    """Return where a series is shown; a film's category is its studio."""
    return event.category if told.form is WorkForm.SERIES else None


def _match(title: SourceTitle) -> Match:
    return Match(source=NAME, ref=title.ref, name=title.name, form=title.form, service=title.service)
