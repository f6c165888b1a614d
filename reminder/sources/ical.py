"""Any calendar as a source: Sonarr, Radarr, Yamtrack, TVmaze, or one's own. Its address is a secret, and never shown.

Entries are pinned as `ical:NAME/ballard`. What is no longer in the feed has left its window; that is no cancellation.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from reminder.core.fillers import Pad, Wording, read
from reminder.core.names import plain
from reminder.core.secret import Secret
from reminder.core.source import Empty, Form, Match, Nonsense, NotFound, ReleaseKind, Silence, SourceTitle, Stated
from reminder.core.when import CANCELLED
from reminder.sources.cache import Polite, Rate
from reminder.sources.events import MAX_BYTES, Event, read_events
from reminder.sources.source import Changed

NAME: Final = "ical"
RATE: Final = Rate(calls=2, seconds=1.0)

_NUMBERED: Final = re.compile(r"(?P<name>.+?)[\s:,-]*\bS?(?P<season>\d{1,4})[xE](?P<number>\d{1,4})\b", re.I)
_FILM: Final = re.compile(r"(?P<name>.+?)\s*\((?P<kind>Theatrical|Cinema|Cinemas|Digital|Physical) Release\)\s*$", re.I)
_KINDS: Final = {
    "theatrical": ReleaseKind.CINEMA,
    "cinema": ReleaseKind.CINEMA,
    "cinemas": ReleaseKind.CINEMA,
    "digital": ReleaseKind.DIGITAL,
    "physical": ReleaseKind.PHYSICAL,
}
_SONARR: Final = "NzbDrone_episode_"


@dataclass(frozen=True, kw_only=True)
class ICal:
    """One calendar, from an address or a file, under the name that the config gives it."""

    calendar: str
    place: Secret
    polite: Polite
    name: str = field(default=NAME, init=False)

    def search(self, words: str) -> tuple[Match, ...] | Silence:
        """Return the works in the calendar that the words may mean."""
        found = self.titles(date.min)
        if isinstance(found, Silence):
            return found
        wanted = plain(words)
        return tuple(_match(title) for title in found if wanted and wanted in plain(title.name))

    def fetch(self, ref: str, today: date) -> SourceTitle | Silence:
        """Return what the calendar says of one work."""
        return in_calendar(self.titles(today), ref)

    def changed(self, since: str | None, refs: frozenset[str], now: datetime) -> Changed | Silence | None:
        """Return None: a calendar is one answer, and always read whole."""
        return None

    def find(self, ids: Mapping[str, str]) -> str | Silence | None:
        """Return None: a calendar has no numbers of others."""
        return None

    def titles(self, today: date) -> tuple[SourceTitle, ...] | Silence:
        """Return every work in the calendar, with its dates. A calendar without events is Empty."""
        body = self._body()
        if isinstance(body, Silence):
            return body
        events = read_events(body)
        if isinstance(events, Silence):
            return events
        if not events:
            return Empty(reason="the calendar has no events")
        return tuple(_titles(self.calendar, events, today))

    def _body(self) -> bytes | Silence:
        place = self.place.reveal()
        if place.startswith("webcal://"):
            place = f"https://{place.removeprefix('webcal://')}"
        if "://" not in place:
            return _file(Path(place))
        url, login = _without_login(place)
        answer = self.polite.get(url, {"Accept": "text/calendar", **login})
        if isinstance(answer, Silence):
            return answer
        return answer.body if answer.status == 200 else NotFound(reason="there is no calendar at its address")


def in_calendar(found: tuple[SourceTitle, ...] | Silence, ref: str) -> SourceTitle | Silence:
    """Given all that a calendar said, return what it says of one work."""
    if isinstance(found, Silence):
        return found
    return next((title for title in found if title.ref == ref), NotFound(reason="it is not in the calendar now"))


def _without_login(url: str) -> tuple[str, dict[str, str]]:
    """Return an address without the login in it, and that login as the header that says it (RFC 7617)."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    said = base64.b64encode(unquote(login).encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), {"Authorization": f"Basic {said}"}


def _file(path: Path) -> bytes | Silence:
    try:
        if path.stat().st_size > MAX_BYTES:
            return Nonsense(reason="the calendar's file is too large")
        return path.read_bytes()
    except OSError as error:
        return NotFound(reason=f"the calendar's file cannot be read: {(error.strerror or 'no such file').lower()}")


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What an event's words say: which work, and which part of it."""

    name: str
    form: Form
    kind: ReleaseKind = ReleaseKind.EPISODE
    season: int | None = None
    number: int | None = None


def _told(event: Event) -> _Told:
    film = _FILM.match(event.summary)
    if film:
        return _Told(name=film["name"], form=Form.FILM, kind=_KINDS[film["kind"].lower()])
    part = _NUMBERED.match(event.summary)
    if part:
        name = part["name"].rstrip(" -:,")
        return _Told(name=name, form=Form.SERIES, season=int(part["season"]), number=int(part["number"]))
    if event.uid.startswith(_SONARR):
        # A daily show: `Series - Title`, without numbers. Each of its days is an episode of that year.
        return _Told(name=event.summary.partition(" - ")[0], form=Form.SERIES)
    return _Told(name=event.summary, form=Form.FILM)


def _titles(calendar: str, events: tuple[Event, ...], today: date) -> Iterator[SourceTitle]:
    found: dict[str, SourceTitle] = {}
    for event in sorted(events, key=lambda item: (item.stamp or item.on, item.uid)):
        told = _told(event)
        slug = plain(told.name).replace(" ", "-") or "untitled"
        stated = _stated(event, told, today)
        if told.form is Form.SERIES and told.number is None:
            stated = _daily(stated)
        known = found.get(slug)
        before = known.releases if known else ()
        base = known or SourceTitle(
            source=NAME, ref=f"{calendar}/{slug}", name=told.name, form=told.form, service=_network(event, told)
        )
        found[slug] = replace(base, releases=(*before, stated))
    yield from found.values()


def _stated(event: Event, told: _Told, today: date) -> Stated:
    # A bare number for a UID is Yamtrack, which fills up what it does not know of a date.
    pads = frozenset(Pad) if event.uid.isdecimal() else frozenset[Pad]()
    wording = Wording(
        on=event.on,
        clock="00:00" if event.floating else "",
        stamp=event.stamp,
        zone=event.zone,
        pads=pads,
        midnight_is_real=event.uid.startswith(_SONARR),
        today=today if today > date.min else None,
    )
    reading = read(wording)
    return Stated(
        raw=wording.raw.replace(" 00:00", " (local time)") if event.floating else wording.raw,
        when=CANCELLED if event.cancelled else reading.when,
        rule="the calendar says that it is cancelled" if event.cancelled else reading.rule,
        on=reading.on,
        kind=told.kind,
        season=told.season,
        number=told.number,
        special=told.season == 0,
        service=_network(event, told),
        name=event.summary,
    )


def _network(event: Event, told: _Told) -> str | None:
    """Return where a series is shown; a film's category is its studio."""
    return event.category if told.form is Form.SERIES else None


def _daily(stated: Stated) -> Stated:
    """Return an episode of a daily show under a number that stays: the day in its year."""
    on = stated.on
    return replace(stated, season=on.year, number=on.timetuple().tm_yday) if on else stated


def _match(title: SourceTitle) -> Match:
    return Match(source=NAME, ref=title.ref, name=title.name, form=title.form, service=title.service)
