"""The contract of every source, and how its answers are read without trusting them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol, TypeVar, overload
from urllib.parse import urlencode

from reminder.core.sourcing.answers import EmptyAnswer, InvalidAnswer, Match, NoAnswer, NotFound, SourceTitle, Stated
from reminder.sources.cache import PacedSource

MOST_RELEASES: Final = 20_000
"""An answer with more than this is not of a work that anyone follows; a daily soap has 16,000 episodes."""

MAX_ANSWER: Final = 32 * 1024 * 1024
"""With the pictures and summaries of them all, such a soap is some 20 MiB."""

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The entries that changed since, of those that were asked for, and the mark to ask from the next time."""

    refs: frozenset[str]
    mark: str


class Source(Protocol):
    """A place that knows dates. It never raises: what goes wrong is a value, and changes nothing."""

    @property
    def name(self) -> str:
        """The name by which a config pins its entries: `tvmaze`."""
        ...

    def search(self, words: str) -> tuple[Match, ...] | NoAnswer:
        """Return the entries that the words may mean, the likeliest first; none found is no failure."""
        ...

    def fetch(self, ref: str, today: date) -> SourceTitle | NoAnswer:
        """Return everything that it says of one entry, as it says it.

        Args:
            ref: the entry's number there.
            today: the date in UTC, by which it is judged whether a padded date may be believed.
        """
        ...

    def changed(self, since: str | None, refs: frozenset[str], now: datetime) -> Changed | NoAnswer | None:
        """Return which of `refs` changed since the mark; None when it cannot say, and each must be asked."""
        ...

    def find(self, ids: Mapping[str, str]) -> str | NoAnswer | None:
        """Return its number for a work that other catalogues know under `ids`; None when it has none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Door:
    """Asks a source that answers in JSON."""

    base: str
    polite: PacedSource
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, path: str, params: Iterable[tuple[str, str]] = ()) -> Any | NoAnswer:
        """Return the JSON behind a path. A miss is NotFound, whatever stands in it."""
        query = urlencode(list(params))
        url = f"{self.base.rstrip('/')}{path}{'?' + query if query else ''}"
        answer = self.polite.get(url, {"Accept": "application/json", **self.headers})
        if isinstance(answer, NoAnswer):
            return answer
        if answer.status == 404:
            return NotFound(reason="it does not know this entry")
        return _parsed(answer.body)


def _parsed(body: bytes) -> Any | NoAnswer:
    if not body.strip():
        return EmptyAnswer(reason="it answered with nothing")
    try:
        return _storable(json.loads(body))
    except (ValueError, RecursionError):
        return InvalidAnswer(reason="it answered with something that is no JSON")


def storable(text: str) -> str:
    """Return a text with a mark for what no database holds: NUL, and half a letter, which JSON can spell."""
    return _UNSTORABLE.sub("\ufffd", text)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _storable(part) for key, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, list) else value


class Odd(Exception):
    """An answer is not in the shape that the source answers in."""


@overload
def part(value: object, key: str, kind: type[T]) -> T | None: ...
@overload
def part(value: object, key: str, kind: type[T], default: T) -> T: ...
def part(value: object, key: str, kind: type[T], default: T | None = None) -> T | None:
    """Return what stands under a key, the default where it is missing or null. Raises Odd for another type."""
    if not isinstance(value, dict):
        raise Odd(f"no mapping around {key}")
    found = value.get(key)
    if found is None:
        return default
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise Odd(f"{key} is no {kind.__name__}")
    return found


def needed(value: object, key: str, kind: type[T]) -> T:
    """Return what stands under a key. Raises Odd when it is not there."""
    found = part(value, key, kind)
    if found is None:
        raise Odd(f"{key} is missing")
    return found


def worded(value: object, key: str) -> str:
    """Return a date or an hour as the source words it; what is no text becomes one that cannot be read."""
    found = part(value, key, object)
    if found is None or isinstance(found, str):
        return found or ""
    return f"{type(found).__name__} {str(found)[:40]}"


LAST_NUMBER: Final = 99_999
"""No season and no episode has a higher number than this."""


def numbered(value: object, key: str) -> int:
    """Return the number of a season or an episode. Raises Odd where there is none that can be one."""
    found = needed(value, key, int)
    if not 0 <= found <= LAST_NUMBER:
        raise Odd(f"{key} is no number that it can be")
    return found


def readable(items: Iterable[T], read: Callable[[T], Stated]) -> tuple[tuple[Stated, ...], int]:
    """Return what can be read of the parts of an answer, and how many cannot. Raises Odd where that is all of them."""
    found: list[Stated] = []
    skipped = 0
    last: Odd | None = None
    for item in items:
        try:
            found.append(read(item))
        except Odd as error:
            skipped, last = skipped + 1, error
    if last is not None and not found:
        raise last
    return tuple(found), skipped


def picture_address(text: str | None) -> str | None:
    """Return an address at which a picture can be asked for, None for anything else."""
    is_one = text is not None and len(text) <= 500 and text.startswith(("https://", "http://")) and text.isprintable()
    return text if is_one else None


def odd(error: Odd) -> InvalidAnswer:
    """Return the failure of an answer in a strange shape."""
    return InvalidAnswer(reason=f"its answer has a strange shape: {error}")


def year_of(text: str | None) -> int | None:
    """Return the year with which a date begins, if it does."""
    head = (text or "")[:4]
    return int(head) if len(head) == 4 and head.isascii() and head.isdecimal() else None
