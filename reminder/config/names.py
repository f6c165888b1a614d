"""The nearest right word for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reminder.core.wording import Wording, enumerated

#: words that people expect from elsewhere → ours
OTHER_WORDS: Final = {
    "air_date": "premiere",
    "date": "premiere",
    "db": "database",
    "digests": "digest",
    "every": "episodes",
    "everything": "episodes",
    "first": "premiere",
    "hour": "at",
    "last": "finale",
    "lang": "language",
    "locale": "language",
    "leads": "remind",
    "logging": "log",
    "movie": "film",
    "movies": "watch",
    "muted": "mute",
    "name": "title",
    "network": "platform",
    "notifications": "notices",
    "release": "premiere",
    "release_date": "premiere",
    "reminders": "remind",
    "service": "platform",
    "show": "series",
    "shows": "watch",
    "silent": "quiet_hours",
    "targets": "channels",
    "time": "at",
    "titles": "watch",
    "tv": "series",
    "type": "kind",
    "tz": "timezone",
    "url": "link",
    "urls": "channels",
    "users": "subscribers",
    "watchlist": "watch",
    "when": "premiere",
}


def nearest(word: str, right: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the word of `right` that was most likely meant, None when none is near (`likeness` from 0 to 1)."""
    from difflib import get_close_matches

    known = {_plain(known): known for known in right}
    meant = OTHER_WORDS.get(_plain(word))
    if meant in known.values():
        return meant
    close = get_close_matches(_plain(word), known, n=1, cutoff=likeness)
    return known[close[0]] if close else None


def did_you_mean(word: str, right: Iterable[str]) -> str:
    """Return `did you mean channels?`, else what may stand there."""
    words = list(right)
    near = nearest(word, words)
    if near is not None:
        return Wording("did you mean %(word)s?", word=near)
    if len(words) == 1:
        return Wording("write %(word)s", word=words[0])
    return Wording("write one of %(words)s", words=enumerated(words))


def _plain(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")
