"""Reads words beside a title that say which season begins or ends: `Season 3 Premiere: Andor`, `Euphoria (Season 4)`.

They may stand before or behind the name, in any brackets, and are not part of it. A name that consists of nothing else
(*The Premiere*), or that has such a word in its middle (*Season of the Witch*), stays as it is written.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

SEASONS: Final = (
    "season", "series", "staffel", "temporada", "saison", "stagione", "seizoen", "sezon", "сезон", "säsong", "sæson",
    "sesong", "kausi", "évad", "temp", "시즌", "シーズン",
)  # fmt: skip
DASHES: Final = "-–—·|:~•/_,;"
OPENING: Final = "([{<【「『«“„"
CLOSING: Final = ")]}>】」』»”"
QUOTES: Final = ("「」", "『』", "【】", "“”", "„“", "«»", '""')


class Part(enum.Enum):
    """The part of a season that the words name."""

    SEASON = "season"
    PREMIERE = "premiere"
    FINALE = "finale"
    MIDDLE = "middle"


@dataclass(frozen=True, kw_only=True)
class Seasoned:
    """A name without the words of a season around it, and what they said; `number` is an episode right behind them."""

    name: str
    season: int | None = None
    part: Part = Part.SEASON
    number: int | None = None


def season_words(text: str) -> Seasoned | None:
    """Given a text without an episode's number in it, return what its words say of a season; None without any."""
    labelled = _without_label(text) or Seasoned(name=text)
    counted = _counted(labelled)
    if counted is None and labelled.name == text:
        return None
    found = counted or labelled
    return found if _is_name(found.name) else None


def without_season(name: str) -> Seasoned:
    """Given the name before an episode's number, return it without a season's words (`Frieren 2nd Season`).

    A name with a part of a season keeps both: its episodes may begin at 1 again.
    """
    return (None if _BATCH.search(name) else season_words(name)) or Seasoned(name=name)


def says_finale(text: str) -> bool:
    """Tell whether words around an episode's number call it the end of its season."""
    return bool(_ENDS.search(text))


def trimmed(text: str) -> str:
    """Return a name without the separators, open brackets and pictures at its ends, and without quotes around it."""
    text = text.strip()
    while text and (_is_edge(text[-1]) or text[-1] in OPENING):
        text = text[:-1].rstrip()
    while text and (_is_edge(text[0]) or text[0] in CLOSING):
        text = text[1:].lstrip()
    if text.endswith(".") and text.count(".") == 1 and " " not in text:
        text = text[:-1]  # `Silo.S02E03`
    return _without_quotes(text)


def _without_quotes(text: str) -> str:
    for left, right in QUOTES:
        if len(text) > 2 and text[0] == left and text[-1] == right and left not in text[1:-1]:
            return text[1:-1].strip()
    return text


def _is_edge(mark: str) -> bool:
    """Tell whether a sign at an end of a name is none of it: a separator, or a picture."""
    is_picture = unicodedata.category(mark) in {"So", "Cf"} and mark != "\ufffd"
    return mark in DASHES or is_picture or "\ufe00" <= mark <= "\ufe0f"


# Labels --------------------------------------------------------------------------------------------------------------

_OF_A_SEASON: Final = (
    r"(?:seasons?|series|show|staffel|serien|temporada|saison|stagione|seizoens?|sezonu?|säsongs?|sæson|sesong)"
)
_LABEL: Final = (
    rf"(?P<middle>mid-?\s?{_OF_A_SEASON}[\s-]?(?:premiere|finale|return))|"
    rf"(?P<opens>(?:{_OF_A_SEASON}[\s-]?)?(?:premieres?|première|premiera|auftakt|opener|debut|debüt|estreno|estreia)|"
    rf"{_OF_A_SEASON}[\s-]?start|(?:première|estreno|estreia|premiere) (?:de|de la|da) (?:saison|temporada)|"
    r"(?:the )?(?:new|neue|final|last|letzte) (?:season|staffel)|(?:nouvelle|dernière) saison|"
    r"(?:nueva|nova|última) temporada|(?:nuova|ultima) stagione)|"
    rf"(?P<ends>(?:{_OF_A_SEASON}[\s-]?)?finale|(?:season|staffel)[\s-]?final|"
    r"finale? (?:de|di|da) (?:saison|temporada|stagione)|(?:last|final) episode|letzte (?:folge|episode)|"
    r"dernier épisode|último episodio|ultimo episodio)"
)
_WHOLLY: Final = re.compile(rf"(?:{_LABEL})", re.IGNORECASE)
_AT_HEAD: Final = re.compile(
    rf"(?P<open>[(\[]\s?)?(?:{_LABEL})(?(open)\s?[)\]]\s?[:–—|·-]?|(?:\s?[:–—|·]|\s-|(?P<of>\s(?:of|von|de|di|del|da))))\s",
    re.IGNORECASE,
)
_THEN: Final = re.compile(rf"(?:{_LABEL})(?=\s(?:on|auf|sur|bei)\s)", re.IGNORECASE)
_AT_END: Final = re.compile(
    rf"(?:(?P<open>\s?[(\[]\s?)|\s?[:–—|·,]\s?|\s-\s|(?P<space>\s))(?:{_LABEL})(?(open)\s?[)\]])[!.]*$", re.IGNORECASE
)
_ENDS: Final = re.compile(
    rf"{_OF_A_SEASON}[\s-]?finale\b|[(\[]\s?finale\s?[)\]]|\b(?:season|staffel)[\s-]?final\b|"
    r"[\d)\]]\s?[-–—:·|,]?\s?[\"“„«']?(?:the )?finale[\"”“»']?[!.]*$",
    re.IGNORECASE,
)
_SEASON_WORD: Final = re.compile(_OF_A_SEASON, re.IGNORECASE)


def _without_label(text: str) -> Seasoned | None:
    """Return a text without a label at its head or its end; a bare `premiere` or `finale` has to be set apart."""
    head = _AT_HEAD.match(text)
    if head and _is_name(text[head.end() :]) and not (head["of"] and not _SEASON_WORD.search(head[0])):
        return Seasoned(name=trimmed(text[head.end() :]), part=_part(head))
    end = _AT_END.search(text)
    if end and _is_name(text[: end.start()]) and not (end["space"] and not _SEASON_WORD.search(end[0])):
        return Seasoned(name=trimmed(text[: end.start()]), part=_part(end))
    return None


def _part(found: re.Match[str]) -> Part:
    if found["middle"]:
        return Part.MIDDLE
    return Part.FINALE if found["ends"] else Part.PREMIERE


def _is_name(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


# Numbers -------------------------------------------------------------------------------------------------------------

_ORDINALS: Final = {
    word: number
    for number, words in enumerate(
        (
            "first erste première primera prima",
            "second zweite deuxième segunda seconda",
            "third dritte troisième tercera terza",
            "fourth vierte quatrième cuarta quarta",
            "fifth fünfte cinquième quinta",
            "sixth sechste sixième sexta sesta",
            "seventh siebte septième séptima settima",
            "eighth achte huitième octava ottava",
            "ninth neunte neuvième novena nona",
            "tenth zehnte dixième décima decima",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMERALS: Final = {
    word: number
    for number, words in enumerate(
        ["one", "two ii", "three iii", "four iv", "five v", "six vi", "seven vii", "eight viii", "nine ix", "ten x"],
        start=1,
    )
    for word in words.split()
}
_WORDS: Final = "|".join(SEASONS)
_LATIN: Final = "|".join(word for word in SEASONS if word not in {"series", "temp"})
_TOKEN: Final = re.compile(
    rf"(?<![^\W_])(?<!xbox\s)(?:(?P<series>series\s)?(?(series)|(?:{_WORDS})\.?\s?#?)(?P<number>\d{{1,2}}|(?:19|20)\d\d|{'|'.join(_NUMERALS)})|"
    rf"(?-i:S)(?P<short>\d{{1,2}}|(?:19|20)\d\d)|"
    rf"(?P<nth>\d{{1,2}})(?:st|nd|rd|th|\.|ª|º|a|ème|eme|er|ère|re|e)?\s(?:{_LATIN})|"
    rf"(?P<word>{'|'.join(_ORDINALS)})\s(?:{_LATIN}))(?![^\W_])(?!/\d)",
    re.IGNORECASE,
)


def _counted(labelled: Seasoned) -> Seasoned | None:
    """Return a name without the season that is named by its number, where that stands at an end or is set apart."""
    readings = (_without_token(token, labelled) for token in _TOKEN.finditer(labelled.name))
    return next((reading for reading in readings if reading is not None), None)


def _without_token(token: re.Match[str], labelled: Seasoned) -> Seasoned | None:
    """Return the name before a season's number, or behind it; None where the number is a part of the name."""
    before, after = labelled.name[: token.start()], labelled.name[token.end() :]
    season = _number(token)
    part, rest = _behind(after, labelled.part, may_begin=not token["short"])
    if token["series"] and (season > 99 or (not _is_name(before) and part is Part.SEASON)):
        return None  # *World Series 2026*, *Series 7: The Contenders*
    if not _is_name(before):
        follows = part is not labelled.part or _is_apart(after) or _CONNECTED.match(after)
        name = trimmed(_CONNECTED.sub("", rest, count=1))
        return Seasoned(name=name, season=season, part=part) if follows and _is_name(rest) else None
    if not _ends_name(after, rest):
        return None
    number = _number_behind(rest, part)
    return Seasoned(name=trimmed(_COMES.sub("", before)), season=season, part=part, number=number)


def _ends_name(after: str, rest: str) -> bool:
    """Tell whether what follows a season is no more of its name: nothing, or set apart, or a service (`on Netflix`)."""
    return not _is_name(rest) or _is_apart(after) or bool(_ON.match(rest))


def _number_behind(text: str, part: Part) -> int | None:
    """Return the number of an episode at the head of what follows a season, where no part of it was named."""
    said = _NUMBER_BEHIND.match(text) if part is Part.SEASON else None
    return int(said[1]) if said else None


# What a season comes out in, several episodes at once; its number is no episode's.
_BATCH: Final = re.compile(
    r"[\s:–—|·,([-]{1,3}(?:part|vol|volume|teil|partie|parte|część|часть|deel)\.?\s?(\d{1,2})[)\]]?\s?$", re.IGNORECASE
)
_CONNECTED: Final = re.compile(r"^\s(?:of|von|de|di|del|da)\s", re.IGNORECASE)
_NUMBER_BEHIND: Final = re.compile(r"\s?[-–—:·|]\s?(\d{1,4})(?:v\d)?\s?(?:$|[\[(])")
_ON: Final = re.compile(r"^\s?(?:on|auf|sur|bei)\s", re.IGNORECASE)
_COMES: Final = re.compile(r"\s(?:returns|premieres|begins|starts|debuts|drops)\W{0,3}$", re.IGNORECASE)

_AROUND: Final = " :–—-|·,()[]!."
_BEGINS: Final = re.compile(
    r"releases?(?: date)?|starts?|startet|begins|beginnt|launch(?:es)?|drops|debuts|arrives|returns|commence|comienza|"
    r"começa|inizia|erscheint",
    re.IGNORECASE,
)
"""Says right behind a season's number that it begins: `Severance season 3 release`."""


def _is_apart(after: str) -> bool:
    return after.lstrip()[:1] in set(DASHES + CLOSING + OPENING)


def _behind(after: str, part: Part, *, may_begin: bool) -> tuple[Part, str]:
    """Return the part that the words behind a season's number name, and what follows them.

    A number without a word is none that begins: *Galaxy S24 launch*.
    """
    batch = _BATCH.fullmatch(after)
    if batch:
        return (Part.PREMIERE if int(batch[1]) == 1 else Part.MIDDLE), ""
    rest = after.lstrip(" :–—-|·,")
    head = _AT_HEAD.match(rest) or _THEN.match(rest)
    if head:
        return _part(head), rest[head.end() :]
    said = after.strip(_AROUND)
    label = _WHOLLY.fullmatch(said)
    if label:
        return _part(label), ""
    return (Part.PREMIERE, "") if may_begin and _BEGINS.fullmatch(said) else (part, after)


def _number(found: re.Match[str]) -> int:
    said = (found["number"] or found["short"] or found["nth"] or found["word"]).casefold()
    return int(said) if said.isdecimal() else _NUMERALS.get(said) or _ORDINALS[said]


_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}


def figure(said: str) -> int:
    """Return a number in figures, Chinese ones too: `十二`, `一〇二`."""
    if said.isdecimal():
        return int(said)
    if not set(said) & set(_UNITS):
        return int("".join(str(_DIGITS[sign]) for sign in said))
    total = waiting = 0
    for sign in said:
        if sign in _UNITS:
            total += (waiting or 1) * _UNITS[sign]
            waiting = 0
        else:
            waiting = _DIGITS[sign]
    return total + waiting
