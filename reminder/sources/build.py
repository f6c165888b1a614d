"""From addresses and keys to sources that can be asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from reminder.core.model.secret import Secret
from reminder.core.sending.proxies import Proxies
from reminder.core.text.markup import host_of
from reminder.platform.clock import Clock
from reminder.sources import ical, tmdb, tvmaze
from reminder.sources.cache import CallRate, PacedSource, Pacer
from reminder.sources.fetch import SECONDS, Fetcher
from reminder.sources.ical import ICal
from reminder.sources.ics_lines import MAX_BYTES
from reminder.sources.source import MAX_ANSWER, Door, Source
from reminder.sources.tmdb import TMDB
from reminder.sources.tvmaze import TVmaze


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A calendar of which everything is followed, or only the premieres."""

    calendar: ICal
    only_premieres: bool = False


@dataclass(frozen=True, kw_only=True)
class Catalogues:
    """Everything that may be asked: sources by name, and calendars. `stop` ends every wait for a turn."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    feeds: tuple[Feed, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what they are called where people see them."""
        return (*self.sources, *(f"calendar {feed.calendar.calendar}" for feed in self.feeds))

    @property
    def calls(self) -> int:
        """Return how many calls were made so far."""
        asked = [source.door.polite for source in self.sources.values() if isinstance(source, TVmaze | TMDB)]
        return sum(each.calls for each in (*asked, *(feed.calendar.polite for feed in self.feeds)))

    def source(self, name: str, ref: str) -> Source | None:
        """Return the source that holds an entry; of calendars the one of that name."""
        if name != ical.NAME:
            return self.sources.get(name)
        return next((feed.calendar for feed in self.feeds if ref.startswith(f"{feed.calendar.calendar}/")), None)


@dataclass(frozen=True, kw_only=True)
class Builder:
    """Makes sources that share a clock, the proxies to go through, and one event that stops them."""

    clock: Clock
    seconds: float = SECONDS
    proxies: Proxies = field(default_factory=Proxies)
    stop: threading.Event = field(default_factory=threading.Event)

    def tvmaze(self, url: str | None = None) -> TVmaze:
        """Return TVmaze, or a mirror of it."""
        base = url or tvmaze.URL
        return TVmaze(door=Door(base=base, polite=self._polite(base, tvmaze.RATE, own=url is not None)))

    def tmdb(self, key: Secret, url: str | None = None) -> TMDB:
        """Return TMDB, asked with a key that goes into the header."""
        base = url or tmdb.URL
        headers = {"Authorization": f"Bearer {key.reveal()}"}
        return TMDB(door=Door(base=base, polite=self._polite(base, tmdb.RATE, own=url is not None), headers=headers))

    def calendar(self, name: str, place: Secret) -> ICal:
        """Return a calendar. Its host may be at home: whoever wrote the config knows it."""
        at = place.reveal().replace("webcal://", "https://", 1)
        return ICal(calendar=name, place=place, polite=self._polite(at, ical.RATE, own=True, size=MAX_BYTES))

    def _polite(self, url: str, rate: CallRate, *, own: bool, size: int = MAX_ANSWER) -> PacedSource:
        private = frozenset({host_of(url)}) if own else frozenset[str]()
        fetcher = Fetcher(
            clock=self.clock,
            private=private,
            seconds=self.seconds,
            max_bytes=size,
            stop=self.stop,
            proxies=self.proxies,
        )
        return PacedSource(fetcher=fetcher, pacer=Pacer(rate=rate, clock=self.clock, stop=self.stop))
