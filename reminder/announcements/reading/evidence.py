"""Whether what begins, opens or is set for a date is the work: such words are said of trials, shops and calls, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.cues import Cue
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either, listed
from reminder.core.dates.month_names import words

# Words that are said of anything: of a work only where a work is named as what does it.
_OF_ANYTHING: Final = uncased(rf"(?:{either('of-anything')})")
# What may stand between who does something and the verb.
_AUXILIARIES: Final = frozenset(listed("auxiliaries"))
_PREPOSITIONS: Final = frozenset(listed("prepositions"))
# What a work, a part of it or its coming is called; and who brings it or sees it.
_OF_WORKS: Final = frozenset(listed("of-works"))
# Of a show with a name one is the host for a night; of `a live special` it is said that it comes.
_HOST: Final = uncased(r"(?:will|to)\s+host")
# `Refunds start`: a word for several, where a title would have `starts`.
_SEVERAL: Final = Pattern(r"[A-Z][a-z]+s")
_PLURAL: Final = uncased(r"start|begin|open|hit|follow|come|go")
# `Starting July 9, the plan will cost more`: what is so from then on is named behind.
_SINCE: Final = uncased(r"starting|beginning")
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
# `Good news for fans: the season starts`: who does it is named behind the colon.
_CALL: Final = Pattern(r"^[^:]{3,80}(?<=\w)\s?:\s+(?=[a-zà-ü])")
_GERMAN: Final = frozenset(words("der die das ein eine dem den"))
_MARKED: Final = "”\"’'»*_)“"
_LOOSE: Final = " ,;:–—-(“„«\"'"


def is_of_something_else(verbs: Sequence[Cue], text: str, clause: int, date: tuple[int, int]) -> bool:
    """Given the verbs of release before a date, and where its clause begins, tell whether what does it is no work.

    So it is where each of them can be said of anything, and what does it, or what it is done to, is named and no work.
    """
    first, last = verbs[0], verbs[-1]
    does, done_to = _does(text[clause : first.start]), _done_to(text[last.end : date[0]])
    if _HOST.fullmatch(text, last.start, last.end):
        return not done_to or _is_other(done_to)
    if not _are_of_anything(verbs, text):
        return _is_thing(does) and _is_other(does)
    if not (does or clause) and _SINCE.fullmatch(text, first.start, first.end):
        behind = _FOLLOWS.match(text, date[1])
        return behind is not None and _is_other(behind["does"].split())
    is_plural = not clause and _is_plural_of(does, text[first.start : first.end])
    return is_plural or _is_other(does) or _is_other(done_to)


def _are_of_anything(verbs: Sequence[Cue], text: str) -> bool:
    return all(_OF_ANYTHING.fullmatch(text, cue.start, cue.end) for cue in verbs)


def _is_plural_of(does: list[str], verb: str) -> bool:
    """Tell whether one word for several does it: `Refunds start`."""
    return len(does) == 1 and bool(_SEVERAL.fullmatch(does[0]) and _PLURAL.fullmatch(verb))


def _does(before: str) -> list[str]:
    """Return the words, in front of a verb, that say who does it; none where they do not say."""
    whole = before.strip(_LOOSE)
    found = (_CALL.sub("", whole) or whole).split()
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
    head = _head(found)
    word = _bare(head)
    if head[-1] in _MARKED or not head[0].isalpha() or _is_work(word) or word in _DETERMINERS:
        return False
    return not head[0].isupper() or _bare(found[0]) in _GERMAN


def _head(found: list[str]) -> str:
    """Return the noun that words are about: the last before a preposition."""
    ends = (place for place, word in enumerate(found) if place and _bare(word) in _PREPOSITIONS)
    return found[next(ends, len(found)) - 1]


def _is_work(word: str) -> bool:
    """Tell whether a word is one for works: `rom-com`, `Krimiserie`."""
    return word in _OF_WORKS or word.rpartition("-")[2] in _OF_WORKS or bool(_COMPOUND.search(word))


def _bare(word: str) -> str:
    """Return a word in small letters, without the marks around it."""
    return word.strip("“”„\"'‘’«»*_.,:;!?()").lower().removesuffix("’s").removesuffix("'s")
