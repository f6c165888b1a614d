"""Patterns for titles in a text: the marks around them, the words beside them, and names that are no titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.shape import ORDINALS, SEASON_WORD
from reminder.announcements.vocabulary import either, filled, listed, load
from reminder.core.dates.month_names import ENGLISH_MONTHS, MONTH_OF, WEEKDAY_OF, any_of

_UPPER: Final = r"A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĶŁĻŃŇŌŐŒŘŚŠŞŤŪŮŰŹŻŽ"
_WORD: Final = (
    rf"(?:(?:[{_UPPER}]\.)+(?=\s)|(?:Mrs?|Ms|Dr|St|Mt|Jr)\.(?=\s[{_UPPER}])|"
    rf"(?:[LDld]['’])?[{_UPPER}][\w’'.\-+!&×]*[\w!+?]|[{_UPPER}]\w+in[’'](?=\s[{_UPPER}])|"
    rf"[0-9#][\w:.\-]*\w|[{_UPPER}0-9])"
)
_JOINT: Final = rf"(?:{either('joints')})"
_RUN: Final = (
    rf"(?<!\w)[¡¿]?{_WORD}(?:(?:\s+|\s?:\s+|\s+[–-]\s+(?=Part|Chapter))(?:{_JOINT}\s+){{0,3}}{_WORD}){{0,11}}(?!\w)"
)

# As few words as may be: a headline gives most of its words capitals.
_LAZY: Final = _RUN.replace("{0,11}", "{0,11}?")

NAME: Final = Pattern(_RUN)
PAIRS: Final = (
    Pattern(r"“([^“”\n]{1,80}?)”"),
    Pattern(r"(?<!\w)“([^“”\n]{1,80}?)“(?!\w)"),
    Pattern(r"„([^„“”\n]{1,80}?)[“”]"),
    Pattern(r"[„“]([^„“”\"\n]{1,80}?)\"(?!\w)"),  # as typed where only the first one is at hand
    Pattern(r"[«»]\s?([^«»\n]{1,80}?)\s?[«»]"),
    Pattern(r"(?<!\w)\"([^\"\n]{1,80}?)\"(?!\w)"),
    Pattern(rf"(?<!\w)[‘‚']([^‘\n]{{1,80}}?)[’‘'](?!\w)(?!\s[{_UPPER}]\w+[’'](?!\w))"),
    Pattern(r"(?<![*\w])\*{1,2}([^*\n]{1,80}?)\*{1,2}(?![*\w])"),
    Pattern(r"(?<![_\w])_([^_\n]{1,80}?)_(?![_\w])"),
)
# Words that are no first name before a last one: `Other People's Weddings`.
_NO_FORENAME: Final = (
    "The|A|An|Other|Another|Some|All|No|My|Our|Your|Every|Dead|Old|Young|Little|Big|Good|Bad|Last|Lost"
)
_ORDINAL: Final = rf"(?:{any_of(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th|\.|ª|ème|e)?)"
_SEASON: Final = rf"(?:{any_of(SEASON_WORD)})"
_WORKS: Final = rf"(?:{either('works')})"


RELEASE_OF: Final = rf"(?:{either('release-of')})\s+(?:of|von|de|d['’]|du|di|dell?['’]|della|do|da|serialu|filmu)"


@dataclass(frozen=True, kw_only=True)
class Clue:
    """A pattern whose group `t` may be a title, and what it is worth; `vocabulary/clues.toml` explains the marks."""

    pattern: Pattern
    weight: float
    label: bool = False
    certain: bool = False
    headline: bool = False


# What the patterns of `clues.toml` name in braces beside the groups of the languages.
_PARTS: Final = {
    "name": _RUN,
    "first-name": _LAZY,
    "capital": _UPPER,
    "season": _SEASON,
    "ordinal": _ORDINAL,
    "ordinal-word": any_of(ORDINALS),
    "month": any_of(name.title() for name in ENGLISH_MONTHS),
    "no-forename": _NO_FORENAME,
    "release-of-it": RELEASE_OF,
}


def _clue(pattern: str, **facts: Any) -> Clue:
    return Clue(pattern=Pattern(filled(pattern, _PARTS)), **facts)


CLUES: Final = tuple(_clue(**each) for each in load("clues")["clue"])

# Names that are brought up for comparison.
_ELSEWHERE_BEFORE: Final = uncased(
    rf"(?:{either('comparisons')})\s*(?:the\s+(?:(?:19|20)\d\d\s+)?(?:[A-Z]\w+\s+)?|(?:19|20)\d\d['’]s\s+|"
    rf"(?:Netflix|HBO|Hulu|Apple|Amazon|Disney)['’]s\s+)?(?:(?:hit|series|show|film|movie|novel|book|"
    rf"beloved|famed|original|acclaimed)\s+)*[“\"'‘«„*_]?\s?$"
)
# `Another film that was delayed is ...`, `what was then called ...`.
_ANOTHER: Final = uncased(
    r"(?:\b(?:another|a\s+second|a\s+third|a\s+further|un\s+autre|une\s+autre|otr[oa]|outr[oa]|un\s+altro|"
    r"un['’]altra|ein(?:e)?\s+weitere[rs]?|kolejny|inny)\s+(?:\w+\s+)?(?:film|movie|series|show|title|game|"
    r"filme|película|serie|série|título|titel|serial)\b[^.;,]{0,40}|"
    r"\b(?:competing\s+with|up\s+against|against|opposite)\s+(?:[\w+’']+\s+){0,3}|\b(?:then|once|first|"
    r"was)\s+(?:called|known\s+as|titled)\s+)[“\"'‘«„*_]?\s?$"
)
ELSEWHERE_AFTER: Final = Pattern(rf"[”\"'’»“*_]?\s?(?:['’]s\s+)?(?:{either('comparisons-behind')})\b")
SPEECH_AFTER: Final = uncased(
    rf"[”\"’»“]\s*,\s*(?:ha|aveva|a|avait|había|hatte|havia|tinha)\s+\w+|"
    rf"[”\"’»“]\s*,?\s*(?:\w+\s+){{0,3}}(?:{either('speech-verbs')})\b"
)
# What somebody says in a headline: `Salt Road star: “See it on the biggest screen”`.
SPEECH_COLON: Final = Pattern(r"\w:\s*$")
SPEECH_BEFORE: Final = uncased(r"\b(?:adding|added|said|says|saying|teased|joked|noted|replied|wrote)(?:\s+\w+)?,\s*$")
# A new work of somebody is no comparison: `a vision from Salt Road, the latest film`.
NEW_WORK: Final = Pattern(
    rf"[”\"’»*_]?,\s+(?:the|an?|his|her|their|its)\s+(?:latest|newest|new|upcoming|next|"
    rf"forthcoming)\s+(?:[\w-]+\s+){{0,3}}{_WORKS}\b"
)
# `Apple's Ana Rhys movie`: somebody's, whose name follows.
OWN_MOVIE: Final = Pattern(r"\s+(?:movie|film|project|vehicle|starrer|picture)\b")
PERSON_BEFORE: Final = Pattern(rf"\b(?:{either('before-people')})\s+$")
STARTS_OTHER: Final = uncased(
    rf"(?:{any_of(MONTH_OF)}|{any_of(WEEKDAY_OF)}|{any_of(SEASON_WORD)}|{either('no-part-of-a-name')})"
)
# Names of people and places in the story, and of those who make it.
# Who does something to a work that is named behind: `Pear Orchard has given Salt Road an ending`.
ACTS: Final = Pattern(
    rf"\s+(?:has|have|had)\s+(?:\w+ly\s+|now\s+|just\s+)?(?:{either('acts')})\s+(?:the\s+|a\s+|its\s+|"
    rf"new\s+)*[“\"‘«*_]?[{_UPPER}]"
)
PLACE_BEFORE: Final = Pattern(rf"\b(?:{either('before-places')})\s+(?:called|named|known\s+as)\s+$")
NOT_TITLES: Final = frozenset(listed("common-words"))
PRESS: Final = Pattern(rf"(?:{either('press')})")
NOT_NAMES: Final = Pattern(rf"{either('no-names')}")
_NUMBERED: Final = (
    rf"(?:TV\s+)?(?:Anime\s+)?\d(?:st|nd|rd|th)|(?:(?:TV\s+)?Anime\s+)?(?:\d(?:st|nd|rd|th)|"
    rf"(?i:{any_of(ORDINALS)}))\s+(?i:{_SEASON})|"
    rf"(?i:{_SEASON})\s*(?:\d+|{any_of(ORDINALS)}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)|S\d{{1,2}}"
)
# Quotation marks hold the name and at most its season: “The First” keeps its last word.
SEASON_TAIL: Final = Pattern(rf"(?:[\s,:–—-]+(?:{_NUMBERED}|(?<!:\s)Part\s(?:\d|One|Two|Three)))+$")
TAIL: Final = Pattern(
    rf"(?:[\s,:–—-]+(?:{_NUMBERED}|(?i:{_SEASON})|TV|OTT.*|Release.*|Premiere.*|Trailer.*|Sets|Gets|"
    rf"Teaser.*|Official.*|First|Review|(?<!:\s)Part\s(?:\d|One|Two|Three)))+$"
)
OWNER: Final = Pattern(r"^(?P<owner>[\w&+.]+(?:\s[\w&+.]+){0,2})['’]s?\s+(?=[\w‘“\"'])")
# Who made it: `Ana Rhys's Salt Road`, but not `The Warden's Daughter`.
_PERSON: Final = (
    rf"(?!(?:{_NO_FORENAME}|Le|La|Les|El|Los|Il|Der|Die|Das|O)\s)[{_UPPER}][\w.-]{{1,40}}\s[{_UPPER}][\w-]{{1,40}}"
)
MAKER: Final = Pattern(rf"^{_PERSON}(?:\s+(?:and|&)\s+{_PERSON}){{0,3}}['’]s?\s+(?=[{_UPPER}0-9])")
STUDIOS: Final = frozenset(listed("studios"))
# Where a name goes over into what is said of it: `Salt Road on Hulu`, `Salt Road for a second season`.
CUT: Final = Pattern(
    r"(?:\s+(?:for|on|in|at|to|from|by|with|auf|bei|im|am|sur|en|le|el|il|em|na|w|su)\s+(?=(?:the\s+)?(?P<next>.+)))|"
    r"\s+(?:for|to)\s+(?:a|an|its|the)\s+(?:\d|\w+\s+(?:\w+\s+)?(?i:season)|second|third|fourth|fifth|sixth|final)\b"
)
# The same in a headline, whose verbs have capitals; elsewhere a word with one is a part of the name: `Side Kicks`.
CUT_HEADLINE: Final = Pattern(rf"\s+(?:{either('headline-cuts')})\b")
CAST: Final = Pattern(
    rf"\b(?:{either('before-cast')})"
    rf"\s+(?P<names>{_RUN}(?:\s\([^)]*\))?(?:,\s+(?:and\s+)?{_RUN}(?!\s+(?:[{_UPPER}]|stars?\b|follows\b|"
    rf"is\b|tells\b|will\b))(?:\s\([^)]*\))?)*(?:,?\s+(?:and|&)\s+{_RUN})?)"
)


# A name in marks that is joined to the next: `the team behind “Salt Road” and “Dead Air”`.
_JOINED_BEFORE: Final = Pattern(
    r"[“\"‘«„*_][^“”\"‘«»„*_\n]{1,60}[,.]?[”\"’»“*_]\s*(?:\([^()]{0,40}\)\s*)?(?:,\s*(?:and|or|&)?|and|or|"
    r"&|und|et|y|e|i)\s*[“\"‘«„*_]?\s?$"
)
# `The first images from Salt Road` are of it.
_SHOWN: Final = uncased(rf"\b(?:{either('shown-of')})\s+(?:from|at|of|for)\s+[“\"'‘«„*_]?$")
_MOST_JOINED: Final = 4
# How far before a name its sentence is looked at.
LOOK_BACK: Final = 120


def is_elsewhere(text: str, start: int) -> bool:
    """Tell whether the name at `start` of a sentence is brought up for comparison: `from the creator of ...`."""
    before = text[max(0, start - LOOK_BACK) : start]
    if _SHOWN.search(before):
        return False
    for _ in range(_MOST_JOINED):
        if _ELSEWHERE_BEFORE.search(before) or _ANOTHER.search(before):
            return True
        joined = _JOINED_BEFORE.search(before)
        if not joined:
            return False
        before = before[: joined.start()]
    return False


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Return where names stand in quotes, in a title's capitals: their words say nothing of the dates beside them."""
    return [found.span() for pattern in PAIRS for found in pattern.finditer(text) if _is_titled(found[1])]


def _is_titled(name: str) -> bool:
    """Tell whether each word of a name has a capital, or is a short one; counted, as a pattern could take very long."""
    return all(word[0].isupper() or word[0].isdecimal() or len(word.rstrip(",.!?")) <= 3 for word in name.split())
