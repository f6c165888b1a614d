"""The words that say what a date is of: a release, or one of the many other things that have dates.

They stand in `announcements/vocabulary`. A cue is looked for as a whole word, in any case.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import expression, listed


class CueRole(enum.StrEnum):
    """The role of a date in an announcement; only the first is one to be reminded of."""

    RELEASE = "release"
    PAST = "past"
    OLD = "old date"
    END = "end"
    FINALE = "finale"
    LATER_PART = "later part"
    TRAILER = "trailer"
    FILMING = "filming"
    FESTIVAL = "festival"
    TICKETS = "tickets"
    HISTORY = "history"
    AWARDS = "awards"
    DISC = "disc"
    EXTRA = "extra"
    SAID = "said"
    STAMP = "article's own date"
    SUPPOSED = "only supposed"
    UNSAID = "nothing said"


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A word or phrase with a role, at `start` to `end` of its sentence; `verb`: it does, rather than names."""

    role: CueRole
    start: int
    end: int
    verb: bool = False


# What may not stand around a word of the tables: a part of a longer word.
BEFORE: Final = r"(?<![\w-])(?:"
BEHIND: Final = r")(?!\w|-up\b)"


def _compiled(group: str) -> Pattern:
    words = map(expression, listed(group))
    return uncased(f"{BEFORE}{'|'.join(sorted(words, key=len, reverse=True))}{BEHIND}")


_TABLE: Final = (
    (CueRole.RELEASE, True, _compiled("release-verbs")),
    (CueRole.RELEASE, False, _compiled("release-nouns")),
    (CueRole.PAST, True, _compiled("past")),
    (CueRole.OLD, False, _compiled("old")),
    (CueRole.END, True, _compiled("end")),
    (CueRole.FINALE, False, _compiled("finale")),
    (CueRole.LATER_PART, False, _compiled("later-part")),
    (CueRole.TRAILER, False, _compiled("trailer")),
    (CueRole.FILMING, False, _compiled("filming")),
    (CueRole.FESTIVAL, False, _compiled("festival")),
    (CueRole.TICKETS, False, _compiled("tickets")),
    (CueRole.HISTORY, False, _compiled("history")),
    (CueRole.AWARDS, False, _compiled("awards")),
    (CueRole.DISC, False, _compiled("disc")),
    (CueRole.EXTRA, False, _compiled("extra")),
    (CueRole.SAID, True, _compiled("said")),
    (CueRole.STAMP, False, _compiled("stamp")),
)


# `Part Two` behind a colon is half of a name: `Salt Road: Part Two`.
_NAMED_PART: Final = Pattern(r"[A-Z]\w*\s?:\s$")
# `The Emmy-winning drama returns on July 9` is of no ceremony.
_HONOURED: Final = uncased(
    r"[\s-]+(?:(?:and|,)\s+(?:\w+\s?){1,2}[\s-]+)?(?:awards?[\s-]+)?(?:winn|nomin|prämi|ausgezeichn|"
    r"prim[ée]|ganador|vincit|vencedor)"
)


@functools.lru_cache(
    maxsize=1024
)  # more than the sentences of a text: a sentence is asked for again with each date and each name in it
def cues(text: str) -> tuple[Cue, ...]:
    """Given a sentence, return its cues in order; of two that overlap, the longer one."""
    kept: list[Cue] = []
    for cue in sorted(_all(text), key=lambda found: (found.start - found.end, found.start)):
        if all(cue.end <= other.start or other.end <= cue.start for other in kept):
            kept.append(cue)
    return tuple(sorted(kept, key=lambda found: found.start))


def _all(text: str) -> Iterator[Cue]:
    for role, verb, pattern in _TABLE:
        for found in pattern.finditer(text):
            if role is CueRole.AWARDS and _HONOURED.match(text, found.end()):
                continue
            if role is CueRole.LATER_PART and _NAMED_PART.search(text, 0, found.start()) and found[0][0].isupper():
                continue
            yield Cue(role=role, start=found.start(), end=found.end(), verb=verb)


def says_release(text: str) -> bool:
    """Tell whether a text has a word of release in it."""
    return any(cue.role is CueRole.RELEASE for cue in cues(text))
