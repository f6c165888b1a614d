"""Whether what begins, opens or is set for a date is the work: such words are said of trials, shops and calls, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.cues import Cue
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.vocabulary import either, listed
from reminder.core.dates.month_names import words

# Words that are said of anything: of a work only where a work is named as what does it.
_OF_ANYTHING: Final = Pattern(
    rf"(?:{either('of-anything')})",
    re.IGNORECASE,
)
# What may stand between who does something and the verb.
_AUXILIARIES: Final = frozenset(listed("auxiliaries"))
_PREPOSITIONS: Final = frozenset(listed("prepositions"))
# What a work, a part of it or its coming is called; and who brings it or sees it.
_OF_WORKS: Final = frozenset(listed("of-works"))
# Of a show with a name one is the host for a night; of `a live special` it is said that it comes.
_HOST: Final = Pattern(r"(?:will|to)\s+host", re.IGNORECASE)
# `Refunds start`: a word for several, where a title would have `starts`.
_SEVERAL: Final = Pattern(r"[A-Z][a-z]+s")
_PLURAL: Final = Pattern(r"start|begin|open|hit|follow|come|go", re.IGNORECASE)
# `Starting July 9, the plan will cost more`: what is so from then on is named behind.
_SINCE: Final = Pattern(r"starting|beginning", re.IGNORECASE)
_FOLLOWS: Final = Pattern(r",\s+(?P<does>[^,;:.]{1,60}?)\s+(?:will|can|is|are|has|have|costs?|gets?|may|must)\b")
_DETERMINERS: Final = frozenset(listed("determiners"))
_JOINING: Final = frozenset(listed("joining"))
# A German word for a kind of work ends with that of the work: `Katastrophenserie`.
_COMPOUND: Final = Pattern(
    r"\w(?:serie|serien|film|filme|reihe|staffel|folgen?|drama|komödie|krimi|thriller|spiel|start|saga|"
    r"epos|märchen|sendung|show)$"
)
_ENGLISH: Final = frozenset(words("the a an new its their another our"))
_ADJECTIVE: Final = Pattern(r"(?:ic|al|ive|ous|ful|est|long|ed)$")
_LONGEST: Final = 5
_GERMAN: Final = frozenset(words("der die das ein eine dem den"))
_MARKED: Final = "”\"’'»*_)“"
_LOOSE: Final = " ,;:–—-(“„«\"'"


def is_of_something_else(verbs: Sequence[Cue], text: str, clause: int, date: tuple[int, int]) -> bool:
    """Given the verbs of release before a date, and where its clause begins, tell whether what does it is no work.

    So it is where each of them can be said of anything, and what does it, or what it is done to, is named and no work.
    """
    does = _does(text[clause : verbs[0].start])
    if _HOST.fullmatch(text, verbs[-1].start, verbs[-1].end):
        return not (done_to := _done_to(text[verbs[-1].end : date[0]])) or _is_other(done_to)
    if not all(_OF_ANYTHING.fullmatch(text, cue.start, cue.end) for cue in verbs):
        return _is_thing(does) and _is_other(does)
    if not does and not clause and _SINCE.fullmatch(text, verbs[0].start, verbs[0].end):
        return (behind := _FOLLOWS.match(text, date[1])) is not None and _is_other(behind["does"].split())
    several = (
        len(does) == 1
        and not clause
        and _SEVERAL.fullmatch(does[0])
        and _PLURAL.fullmatch(text, verbs[0].start, verbs[0].end)
    )
    return bool(several) or _is_other(does) or _is_other(_done_to(text[verbs[-1].end : date[0]]))


def _does(before: str) -> list[str]:
    """Return the words, in front of a verb, that say who does it; none where they do not say."""
    found = before.strip(_LOOSE).split()
    while found and (_bare(found[-1]) in _AUXILIARIES or _bare(found[-1]).endswith("ly")):
        found.pop()
    return found


def _done_to(behind: str) -> list[str]:
    """Return the words, between a verb and its date, that say what it is done to; none where they do not say."""
    found = behind.split()
    return found if found and found[-1][-1] != ":" and _bare(found[0]) in _DETERMINERS else []


def _is_thing(found: list[str]) -> bool:
    """Tell whether words are no more than an article and what it is of: `the demo`, `new outfits`."""
    return (
        2 <= len(found) <= _LONGEST
        and _bare(found[0]) in _ENGLISH
        and not any(_bare(word) in _AUXILIARIES for word in found)
        and not _ADJECTIVE.search(found[-1])
    )


def _is_other(found: list[str]) -> bool:
    """Tell whether what the words name is neither a name nor a work."""
    if not found or _bare(found[0]) in _PREPOSITIONS or _bare(found[-1]) in _JOINING:
        return False
    at = next((place for place, word in enumerate(found) if place and _bare(word) in _PREPOSITIONS), len(found))
    head = found[at - 1] if at < len(found) or found[-1][-1] not in _MARKED else found[-1]
    if head[-1] in _MARKED or _is_work(_bare(head)) or _bare(head) in _DETERMINERS:
        return False
    if head[0].isdigit() or not head[0].isalpha():
        return False
    named = head[0].isupper() and _bare(found[0]) not in _GERMAN
    return not named


def _is_work(word: str) -> bool:
    """Tell whether a word is one for works: `rom-com`, `Krimiserie`."""
    return word in _OF_WORKS or word.rpartition("-")[2] in _OF_WORKS or bool(_COMPOUND.search(word))


def _bare(word: str) -> str:
    """Return a word in small letters, without the marks around it."""
    return word.strip("“”„\"'‘’«»*_.,:;!?()").lower().removesuffix("’s").removesuffix("'s")
