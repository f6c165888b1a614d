"""Asks a source politely: not more often than it allows, and not again while its last answer holds."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.core.sourcing.answers import AccessRefused, NoAnswer, Unavailable
from reminder.core.text.markup import host_of
from reminder.platform.clock import Clock
from reminder.sources.fetch import FetchedAnswer, Fetcher

KEPT_BYTES: Final = 2 * 1024 * 1024
LONGEST_FRESH: Final = timedelta(hours=24)
LONGEST_WAIT: Final = timedelta(minutes=2)
"""A source that asks for a longer pause than this is left alone until the next refresh."""

MOST_FAILURES: Final = 3
"""So many silences in a row, and a source is left alone for a while: nobody waits for each of 500 titles in turn."""

REST: Final = timedelta(minutes=1)
"""For so long. After that one call tells whether it is back."""

_NOT_MODIFIED: Final = 304
_TOO_MANY: Final = 429


@dataclass(frozen=True, kw_only=True)
class CallRate:
    """At most `calls` within `seconds`."""

    calls: int
    seconds: float


@dataclass(kw_only=True)
class Pacer:
    """Holds calls back so that a rate is kept; `stop` ends a wait."""

    rate: CallRate
    clock: Clock
    stop: threading.Event = field(default_factory=threading.Event)
    _recent: deque[float] = field(default_factory=deque)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> bool:
        """Wait until one more call may go; return False when told to stop meanwhile."""
        with self._guard:
            now = self.clock.monotonic()
            while self._recent and self._recent[0] <= now - self.rate.seconds:
                self._recent.popleft()
            pause = self._recent[0] + self.rate.seconds - now if len(self._recent) >= self.rate.calls else 0.0
            if pause > 0:
                self._recent.popleft()
            stopped = self.clock.wait(self.stop, pause) if pause > 0 else self.stop.is_set()
            self._recent.append(self.clock.monotonic())
            return not stopped

    def pause(self, seconds: float) -> bool:
        """Wait as long as the source asked for; return False when told to stop meanwhile."""
        return not self.clock.wait(self.stop, seconds)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    answer: FetchedAnswer
    etag: str | None
    fresh_until: float

    @property
    def size(self) -> int:
        return len(self.answer.body)


@dataclass(kw_only=True)
class AnswerCache:
    """Answers kept for as long as their source allows, the least used going first."""

    limit: int = KEPT_BYTES
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _size: int = 0

    def find(self, url: str) -> _Kept | None:
        """Return what is kept for an address."""
        if url in self._kept:
            self._kept.move_to_end(url)
        return self._kept.get(url)

    def put(self, url: str, kept: _Kept) -> None:
        """Keep an answer; one larger than the cache is not kept."""
        old = self._kept.pop(url, None)
        self._size -= old.size if old else 0
        if kept.size > self.limit:
            return
        self._kept[url] = kept
        self._size += kept.size
        while self._size > self.limit:
            self._size -= self._kept.popitem(last=False)[1].size


@dataclass(frozen=True, kw_only=True)
class _Silent:
    """The last silence of a source, when it was, and how long the source is left alone after it."""

    what: NoAnswer
    rest: timedelta
    at: datetime
    monotonic: float

    def is_over(self, clock: Clock) -> bool:
        """Tell whether it may be asked again, by whichever clock has gone further: one stands still in a suspend."""
        gone = timedelta(seconds=clock.monotonic() - self.monotonic)
        return max(gone, clock.now() - self.at) >= self.rest


@dataclass(kw_only=True)
class PacedSource:
    """Asks one source: paced, with ETag and max-age obeyed, and one more try after a pause that it asked for.

    One that asks for a longer pause, or has been silent several times in a row, is left alone meanwhile.
    """

    fetcher: Fetcher
    pacer: Pacer
    answer_cache: AnswerCache = field(default_factory=AnswerCache)
    calls: int = 0
    _in_a_row: int = 0
    _silent: _Silent | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> FetchedAnswer | NoAnswer:
        """Return the answer to `url`, a kept one while it is fresh; statuses of refusal are values. Never raises."""
        kept = self.answer_cache.find(url)
        now = self.fetcher.clock.monotonic()
        if kept and kept.fresh_until > now:
            return kept.answer
        if self._silent is not None and not self._silent.is_over(self.fetcher.clock):
            return self._silent.what
        found = self._fetched(url, headers, kept)
        self._note(found)
        return found

    def _fetched(self, url: str, headers: Mapping[str, str] | None, kept: _Kept | None) -> FetchedAnswer | NoAnswer:
        asked = {**(headers or {}), **({"If-None-Match": kept.etag} if kept and kept.etag else {})}
        answer = self._patiently(url, asked)
        if isinstance(answer, NoAnswer):
            return answer
        if answer.status == _NOT_MODIFIED and kept:
            answer = FetchedAnswer(
                status=200, headers={**kept.answer.headers, **answer.headers}, body=kept.answer.body, url=url
            )
        if answer.status == 200:
            self.answer_cache.put(url, _keep(answer, self.fetcher.clock.monotonic()))
        return _judged(answer, host_of(url))

    def _note(self, found: FetchedAnswer | NoAnswer) -> None:
        """Note whether it answered, and for how long to leave it alone if it did not."""
        if not isinstance(found, NoAnswer):
            self._in_a_row, self._silent = 0, None
            return
        self._in_a_row += 1
        wait = found.wait or timedelta(0)
        clock = self.fetcher.clock
        rest = max(wait, REST) if self._in_a_row >= MOST_FAILURES else wait
        self._silent = _Silent(what=found, rest=rest, at=clock.now(), monotonic=clock.monotonic())

    def _patiently(self, url: str, headers: Mapping[str, str]) -> FetchedAnswer | NoAnswer:
        """Ask; where the source says to wait and the wait is short, wait and ask once more."""
        answer = self._ask(url, headers)
        if not isinstance(answer, FetchedAnswer) or answer.status != _TOO_MANY:
            return answer
        wait = _retry_after(answer)
        if wait > LONGEST_WAIT or not self.pacer.pause(wait.total_seconds()):
            return Unavailable(reason=f"{host_of(url)} asks for a pause (429)", wait=wait)
        return self._ask(url, headers)

    def _ask(self, url: str, headers: Mapping[str, str]) -> FetchedAnswer | NoAnswer:
        if not self.pacer.wait():
            return Unavailable(reason="stopped before it was asked")
        self.calls += 1
        return self.fetcher.get(url, headers)


def _keep(answer: FetchedAnswer, now: float) -> _Kept:
    etag = answer.headers.get("etag")
    return _Kept(answer=answer, etag=etag, fresh_until=now + _max_age(answer.headers))


def _max_age(headers: Mapping[str, str]) -> float:
    words = [word.strip().lower() for word in headers.get("cache-control", "").split(",")]
    if "no-store" in words or "no-cache" in words:
        return 0.0
    ages = [word.partition("=")[2] for word in words if word.startswith("max-age=")]
    seconds = float(ages[0]) if ages and ages[0].isdecimal() and len(ages[0]) < 9 else 0.0
    return min(seconds, LONGEST_FRESH.total_seconds())


def _retry_after(answer: FetchedAnswer) -> timedelta:
    said = answer.headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if said.isdecimal() and len(said) < 7 else timedelta(seconds=10)


def _judged(answer: FetchedAnswer, host: str) -> FetchedAnswer | NoAnswer:
    """Return the answer, or what its status says: a miss is for the caller to tell apart."""
    if answer.status in {200, 404}:
        return answer
    if answer.status in {401, 403}:
        return AccessRefused(reason=f"{host} does not accept the key ({answer.status})")
    wait = _retry_after(answer) if answer.status == _TOO_MANY else None
    return Unavailable(reason=f"{host} answers {answer.status}", wait=wait)
