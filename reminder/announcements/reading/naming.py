"""Decides whether a name may be a title, and frees it of what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from reminder.announcements.reading.clues import (
    CUT,
    CUT_HEADLINE,
    LOOK_BACK,
    MAKER,
    NOT_NAMES,
    NOT_TITLES,
    OWN_MOVIE,
    OWNER,
    PERSON_BEFORE,
    PLACE_BEFORE,
    PRESS,
    SEASON_TAIL,
    STARTS_OTHER,
    STUDIOS,
    TAIL,
)
from reminder.announcements.reading.cues import cues
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.platforms import PLAIN_WORDS, is_platform
from reminder.announcements.reading.shape import ORDINALS, SEASON_WORD
from reminder.announcements.reading.years import FIXED_HOLIDAYS, MOVING_HOLIDAYS
from reminder.announcements.vocabulary import either
from reminder.core.dates.month_names import MONTH_OF, WEEKDAY_OF, any_of

_SMALL: Final = 4


def tails(name: str) -> list[str]:
    """Return a name and what is left of it behind its small words: `L'uscita di Salt Road`, `Salt Road`."""
    cuts = [found.end() for found in re.finditer(r"(?:^|\s)(?:[Dd]i|[Dd]e|of|von|del|du|da|for|per|pour)\s", name)]
    return [name, *(name[cut:] for cut in cuts)]


def is_headline(text: str) -> bool:
    """Tell whether a sentence is written as a headline is, in which all but the small words have capitals."""
    words = text.split()
    return not text.endswith(".") and sum(len(word) > _SMALL and word[0].islower() for word in words) <= len(words) / 8


def tidy(text: str, *, quoted: bool = False, headline: bool = True) -> str:
    """Return a name without the network that owns it, its season, and the marks around it.

    `headline` says that it stands in one: there a capital does not show that a verb belongs to the name.
    """
    name = " ".join(text.split()).strip(' ,;:–—-|*_"“”„«»')
    for also_quoted, step in _STEPS:
        if also_quoted or not quoted:
            name = step(name)
    name = name if quoted else _cut(name, headline=headline)
    if len(name.split()) > 1 and not NOT_NAMES.fullmatch(name):
        name = (SEASON_TAIL if quoted else TAIL).sub("", name).strip(" ,;:–—-|‘’“”\"'*_")
    else:
        name = name.strip("‘’“”\"'*_")
    return re.sub(r"['’]s$", "", name).strip(" ,;:–—-|")


def _is_maker(name: str) -> bool:
    return is_platform(name) or name.lower() in STUDIOS


def _without_owner_inside(name: str) -> str:
    inside = _OWNED_LATER.search(name)
    return name[inside.end() :] if inside and _is_maker(inside[1]) else name


def _without_label(name: str) -> str:
    label, _, rest = name.partition(": ")
    return rest if rest and (NOT_NAMES.fullmatch(label) or is_platform(label)) else name


def _without_owner(name: str) -> str:
    owner = OWNER.match(name)
    return name[owner.end() :] if owner and _is_maker(owner["owner"]) else name


def _as_shouted(name: str) -> str:
    shout = _SHOUTED.match(name)
    return shout[1] if shout else name


def _without(pattern: Pattern) -> Callable[[str], str]:
    return lambda name: pattern.sub("", name)


def _cut(name: str, *, headline: bool) -> str:
    """Return a name up to where it goes over into what is said of it."""
    cuts = [found.start() for found in CUT.finditer(name) if not (next_ := found["next"]) or _is_other(next_)]
    cuts += [found.start() for found in CUT_HEADLINE.finditer(name)] if headline else []
    return name[: min((cut for cut in cuts if not _is_common(name[:cut])), default=len(name))]


def _is_other(behind: str) -> bool:
    """Tell whether what stands behind a preposition is no part of a name: a date, a service, a studio."""
    return bool(STARTS_OTHER.match(behind) or NOT_NAMES.fullmatch(behind)) or behind.lower() in STUDIOS


def _without_service(name: str) -> str:
    """Return a name without the service in front of it (`Netflix Salt Road`), unless that is an ordinary word, too."""
    words = name.split()
    for count in (3, 2, 1):
        first, rest = " ".join(words[:count]), words[count:]
        if rest and rest[0][0].isupper() and first not in PLAIN_WORDS and is_platform(first):
            return _DOES_WITH.sub("", " ".join(rest))
    return name


def is_plain(name: str) -> bool:
    """Tell whether a single word is one that any sentence may begin with: `Filming`, `Tickets`."""
    return " " not in name and any(cue.start == 0 and cue.end == len(name) for cue in cues(name))


def is_spoken(name: str) -> bool:
    """Tell whether what stands in quotes reads like something said: an English sentence, not in a title's capitals."""
    small = [word for word in name.split()[1:] if word.islower() and len(word) > 3]
    return len(small) >= 2 and bool(_SAYS.search(name))


_SAYS: Final = Pattern(rf"\b(?:{either('speech')})\b")


def may_be_quoted(name: str) -> bool:
    """Tell whether a name in quotes may be a title: not too long, and with a capital."""
    words = name.split()
    if len(words) > 9 or not (name[0].isupper() or name[0].isdigit() or name[0] in "¿¡#"):
        return False
    if PRESS.fullmatch(name):
        return False
    return name.lower() not in {"the", "a", "an"} and len(name) > 1 and name.lower() not in MONTH_OF


def _is_common(name: str) -> bool:
    """Tell whether a name is made of nothing but words that any headline has."""
    return all(word.strip(".,:;!?'") in NOT_TITLES for word in name.lower().replace("’", "'").split())


def may_be(name: str) -> bool:
    """Tell whether a name may be a title: no date, platform, studio, award, and more than common words."""
    if len(name) < 2 or is_platform(name) or any(pattern.fullmatch(name) for pattern in _NEVER):
        return False
    if name.replace(" ", "").isdecimal() and len(name) != 4:
        return False
    words = name.lower().replace("’", "'").split()
    return not all(_says_nothing(word.strip(".,:;!?'")) for word in words)


def _says_nothing(word: str) -> bool:
    """Tell whether a word is common, of a date, or a number."""
    is_known = any(word in words for words in (NOT_TITLES, MONTH_OF, WEEKDAY_OF, ORDINALS))
    return is_known or word.rstrip("stndrh").isdecimal()


def is_person(text: str, start: int, name: str) -> bool:
    """Tell whether a name is that of a person or a place, by the words around it."""
    words = name.split()
    before, end = text[max(0, start - LOOK_BACK) : start], start + len(name)
    if PLACE_BEFORE.search(before) or _CAST_AS.match(name):
        return True
    is_full = _FULL_NAME.fullmatch(name) is not None
    if is_full and (_OWNS.match(text, end) or (OWN_MOVIE.match(text, end) and OWNED.search(before))):
        return True
    if len(words) == 2 and _INITIALS.fullmatch(words[0]):
        return True
    is_short = 1 < len(words) <= 3 or " and " in name or " & " in name
    return is_short and bool(PERSON_BEFORE.search(before))


# Whose something is, but for what a work has itself: `Ana Rhys's legal drama`, not `Salt Road's second season`.
_OWNS: Final = Pattern(
    rf"[”\"’»*_]?(?:['’]s|(?<=s)['’])\s+(?!(?:(?:{any_of(ORDINALS)}|and|final|new|next|last|upcoming|"
    rf"\w+-\w+|release|launch|series|long-awaited|worldwide)\s+)*"
    rf"(?:{any_of(SEASON_WORD)}|episodes?|finale|release|premiere|debut(?!\s+(?:feature|film|novel|movie|"
    rf"play))|launch|return|arrival|trailer|cast|delay|date|run|fans|renewal|story|world|creators?|"
    rf"star)\b)[a-z]"
)
_CAST_AS: Final = Pattern(r"[A-ZÀ-Ž][\w.-]+\s[A-ZÀ-Ž][\w.-]+\sas\s")
_HOLIDAY: Final = uncased(rf"(?:{any_of([*FIXED_HOLIDAYS, *MOVING_HOLIDAYS])})(?:\s+Day)?".replace("'", "['’]"))
_FULL_NAME: Final = Pattern(r"(?!(?:The|A|An)\s)[A-ZÀ-Ž][\w.-]+(?:\s[A-ZÀ-Ž][\w.-]+){1,2}")
OWNED: Final = Pattern(r"(?:['’]s?|\b(?:new|next|upcoming|latest|untitled))\s+$")
# `New on Hulu in June: Salt Road`, `June 8: Salt Road`.
_LABELLED: Final = uncased(rf"^[^:]*\b(?:{any_of(MONTH_OF)}|New\s+[Oo]n|Coming\s+[Tt]o)\b[^:]*:\s+(?=\S)")
# `Dead Air Spin-Off Salt Road`: the last is meant.
_ANCESTOR: Final = Pattern(
    r"^.+\s(?:[Ss]pin-?[Oo]ff|[Pp]requel|[Ss]equel|[Ff]ollow-?[Uu]p)\s+(?:[Ss]eries\s+|[Ff]ilm\s+|"
    r"[Mm]ovie\s+)?(?=[A-Z])"
)
# `Venice: A24's Salt Road`.
_OWNED_LATER: Final = Pattern(r":\s([\w&+.]+(?:\s[\w&+.]+){0,2})['’]s?\s+(?=\w)")
# `... joins Salt Road: The drama ...`
_OPENED: Final = Pattern(r":\s(?:The|A|An|It|This|Its|In|Der|Die|Das|La|Le|El|Il)$")
# `Amazon Lands Salt Road`, `Director Ana Rhys's Salt Road`.
_DOES_WITH: Final = Pattern(rf"^(?:{either('headline-acts')})\s+(?=[A-Z])")
_MAKES: Final = Pattern(
    r"^(?:Director|Filmmaker|Creator|Author|Actor|Writer|Producer|Showrunner)\s+(?=[A-Z][\w.-]+\s[A-Z][\w-]+['’])"
)
_ABOUT: Final = Pattern(
    rf"^(?:(?:What|All|Everything)\s+(?:\w+\s+){{0,3}}(?:Know|Known|"
    rf"Need)(?:\s+to\s+Know)?\s+[Aa]bout\s+(?=[A-Z]))|^(?:{either('about')})\s+(?:for|of|on|"
    rf"about)\s+(?=[A-Z])"
)


_COUNTED: Final = Pattern(r"^\d{1,2}\s+(?:de|di|da|du|of|von)\s+(?=[A-ZÀ-Ž])")


# `Die Thrillerserie Salzweg`: what it is stands before it.
_KIND: Final = Pattern(
    r"^(?:Der|Die|Das)\s\w{0,20}(?:[Ss]erie|[Ff]ilm|[Dd]rama|[Kk]omödie|[Rr]eihe|[Kk]rimi|[Tt]hriller)\s+(?=[A-ZÄÖÜ])"
)
_NAMED: Final = Pattern(r"^(?:Titled|Entitled|Called|Named|Intitulée?|Titulad[ao]|Intitolat[ao]|Intitulad[ao])\s+")


_PRAISED: Final = Pattern(
    r"^(?:\w+\s)?[\w-]+-(?:winning|nominated|led|starring|created|produced|directed|fronted)\s+(?=[A-Z“])"
)


_NEWS: Final = Pattern(
    r"^(?:NEWS|News|EXCLUSIVE|Exclusive|BREAKING|Breaking|WATCH|Watch|UPDATE|Update|REVIEW|Review|Delayed|"
    r"Cancell?ed|Renewed|Confirmed|Official|Trailer|TRAILER|First [Ll]ook|Report|Rumou?r|Interview|Cannes|"
    r"Venice|Berlin|Berlinale|Toronto|Sundance|TIFF|SXSW|Comic-Con|CinemaCon|SDCC|D23|Gamescom|Ratings|"
    r"Box [Oo]ffice):\s+|\s?:\s+(?:Netflix|Prime|Disney|HBO|Hulu|Apple|Amazon|Peacock|Paramount)\b.*$"
)


# `Salt Road 1.0`: of a game that is finished now.
_VERSION: Final = Pattern(r"\s(?:v\.?\s?)?\d+\.\d+$")
# A name that was set in capitals ends with them: `FOUNDATION by Ana Rhys`.
_WITH: Final = Pattern(r"\s(?:with|mit|avec|con|com|starring|by|von)\s[A-ZÀ-Ž]\w+\s[A-ZÀ-Ž]\w+.*$")
_SHOUTED: Final = Pattern(r"([A-Z]{4,}(?:[\s'’:&!-]+[A-Z]+)*)\s+(?:von|by|de|di|da|with|mit|starring)\s")


_INITIALS: Final = Pattern(r"(?:[A-Z]\.)+[A-Z]?")
_YEAR_OR_ORDINAL: Final = Pattern(r"(?:19|20)\d\d|\d{1,2}(?:e|er|ère|ème|a|ª|º|st|nd|rd|th)")
# `10月4日`, `9월 17일`: dates in languages that are not read.
_EASTERN_DATE: Final = Pattern(r"(?:\d{2,4}[年년]\s?)?\d{1,2}[月월]\s?(?:\d{1,2}[日일])?")
_NEVER: Final = (NOT_NAMES, PRESS, _HOLIDAY, _YEAR_OR_ORDINAL, _EASTERN_DATE)

# How a name is freed of what stands around it, in this order; whether one in quotation marks is, too.
_STEPS: Final[Sequence[tuple[bool, Callable[[str], str]]]] = (
    (False, _without(_LABELLED)),
    (False, _without(_ANCESTOR)),
    (False, _without_owner_inside),
    (False, _without_label),
    (False, _without(_OPENED)),
    (True, _without_owner),
    (False, _without(_NAMED)),
    (False, _without(_KIND)),
    (False, lambda name: name.removeprefix("Both ")),
    (False, _without(_MAKES)),
    (False, _without(MAKER)),
    (True, _without(_NEWS)),
    (False, _without(_COUNTED)),
    (False, _without_service),
    (False, _without(_PRAISED)),
    (False, _without(_ABOUT)),
    (False, lambda name: name.rstrip("?")),
    (False, _without(_WITH)),
    (False, _without(_VERSION)),
    (True, _as_shouted),
)
