"""Decides what is believed of what a second reader says: nothing that the text does not say itself.

A second reader is a model, and an announcement is a stranger's text that may tell it what to answer. So each field
comes with the sentence it is said to be read from. That must stand in the text word for word, and the value is read
from it again, by the grammar of this package; a field that does not come out the same is dropped, with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.announcements.reading.candidates import folded
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.details import read_drop
from reminder.announcements.reading.mentions import Mention, mentions
from reminder.announcements.reading.naming import may_be, may_be_quoted
from reminder.announcements.reading.platforms import platforms
from reminder.announcements.reading.prepared import Prepared, plain
from reminder.announcements.reading.proposing import inferred_of, shown
from reminder.announcements.reading.sentences import Sentence, one_line
from reminder.announcements.reading.shape import episodes, seasons
from reminder.announcements.reading.spotting import spotted
from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import When

FIELDS: Final = ("title", "season", "premiere", "platform", "episodes", "drop")

_LONGEST: Final = 800
_LONGEST_NAME: Final = 120
# Marks that are copied in another form, one for one: their kind is no word.
_ALIKE: Final = str.maketrans("“”„«»‘’‚–—‑", '"""""\'\'\'---')
_QUOTES: Final = "\"' "
_NUMBER: Final = re.compile(r"\D{0,20}(\d{1,4})\D{0,20}", re.ASCII)
# Dates that may be those of a release, or of a later part where nothing else lies ahead; the rest are of other things.
_OPEN: Final = frozenset({CueRole.RELEASE, CueRole.UNSAID, CueRole.LATER_PART})

NOT_THERE: Final = "its sentence does not stand in the text"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A claim of the second reader about a field, and the sentence it names as its source. Neither is believed yet."""

    value: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Believed:
    """The value of a field as the text itself gives it, with the whole sentence of the text.

    `inferred` is the part of a date that was not written: `year` or `day`.
    """

    value: str | int | When
    sentence: str
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A field that was said and is not believed, and why not."""

    field: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Belief:
    """The second reader's statements that the text bears out, by field, and those that it does not."""

    believed: Mapping[str, Believed] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A sentence of the text on one line, and the part of it, `start` to `end`, that was given as the sentence."""

    text: Prepared
    sentence: Sentence
    start: int
    end: int

    @property
    def part(self) -> str:
        return self.sentence.text[self.start : self.end]

    def holds(self, start: int, end: int) -> bool:
        return self.start <= start and end <= self.end


@dataclass(frozen=True)
class _No:
    """Why a value is not believed."""

    reason: str


def believe(text: Prepared, statements: Mapping[str, Statement], title: str | None = None) -> Belief:
    """Given a text and what a second reader says of it, return what the text bears out, and what it does not.

    All has to be of the title that is believed; where none is, of `title`, which our own reader found.
    """
    believed: dict[str, Believed] = {}
    dropped: list[Dropped] = []
    for name in FIELDS:
        if name not in statements:
            continue
        found = _judged(text, name, statements[name])
        if isinstance(found, Believed):
            believed[name] = found
        else:
            dropped.append(Dropped(field=name, reason=found.reason))
    about = str(believed["title"].value) if "title" in believed else title
    strange = [name for name, each in believed.items() if about and _is_of_another(each.sentence, about)]
    dropped += [Dropped(field=name, reason="its sentence is about another title") for name in strange]
    kept = {name: each for name, each in believed.items() if name not in strange}
    return Belief(believed=kept, dropped=tuple(dropped))


def _is_of_another(line: str, title: str) -> bool:
    """Tell whether a sentence names works in quotation marks, and the title is none of them."""
    sentence = Sentence(text=line, start=0, end=len(line), paragraph=0)
    quoted = [spot for spot in spotted(sentence) if spot.quoted and spot.weight >= 1]
    return bool(quoted) and folded(title) not in folded(line)


def _judged(text: Prepared, name: str, said: Statement) -> Believed | _No:
    """Return the field as the first sentence gives it in which it is borne out, else why the first one does not."""
    answers = [_READ[name](place, one_line(plain(said.value))) for place in _places(text, said.sentence)]
    good = (answer for answer in answers if isinstance(answer, Believed))
    return next(good, answers[0] if answers else _No(NOT_THERE))


def _places(text: Prepared, said: str) -> Iterator[_Place]:
    """Yield each sentence of the text in which these words stand, one after the other and whole."""
    words = alike(one_line(plain(said[: 2 * _LONGEST])))
    if not words or len(words) > _LONGEST or not any(map(str.isalnum, words)):
        return
    for sentence in text.sentences:
        line = shown(sentence)
        start = _find(alike(line), words)
        if start is not None:
            flat = Sentence(text=line, start=0, end=len(line), paragraph=sentence.paragraph, heading=sentence.heading)
            yield _Place(text=text, sentence=flat, start=start, end=start + len(words))


def alike(text: str) -> str:
    """Return a text with one kind of quotation marks and dashes, letter for letter."""
    return text.translate(_ALIKE)


def _find(text: str, words: str) -> int | None:
    """Return where words stand in a text, beginning and ending where words do; None where they do not."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not (_parts(text, start) or _parts(text, end)):
            return start
        start = text.find(words, start + 1)
    return None


def _parts(text: str, at: int) -> bool:
    """Tell whether a place lies within a word."""
    return 0 < at < len(text) and _is_of_word(text[at - 1]) and _is_of_word(text[at])


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


# One field each -----------------------------------------------------------------------------------------------


def _title(place: _Place, value: str) -> Believed | _No:
    name = _written(place, value)
    if name is None:
        return _No("it does not stand in its sentence")
    is_name = may_be(name) and (name != name.lower() or name.upper() == name)
    if not is_name and not (_is_quoted(place, name) and may_be_quoted(name)):
        return _No("it is no name of a title")
    return Believed(value=name, sentence=place.sentence.text)


def _written(place: _Place, value: str) -> str | None:
    """Return a name as the sentence writes it, None where it does not stand there."""
    name = alike(value).strip(_QUOTES)
    if not name or len(name) > _LONGEST_NAME:
        return None
    start = _find(alike(place.part), name)
    return None if start is None else place.part[start : start + len(name)]


def _is_quoted(place: _Place, name: str) -> bool:
    return f'"{alike(name)}' in alike(place.part)


def _platform(place: _Place, value: str) -> Believed | _No:
    said = alike(value).strip(_QUOTES).casefold()
    for named in platforms(place.sentence.text):
        written = alike(place.sentence.text[named.start : named.end]).casefold()
        if place.holds(named.start, named.end) and said in {named.name.casefold(), written}:
            return Believed(value=named.name, sentence=place.sentence.text)
    name = _written(place, value)
    if name is None:
        return _No("it does not stand in its sentence")
    if name == name.lower() != name.upper() or mentions(name, place.text.published):
        return _No("it is no name of a platform")
    return Believed(value=name, sentence=place.sentence.text)


def _premiere(place: _Place, value: str) -> Believed | _No:
    meant = _days_of(value, place.text.published)
    found = [verdict for verdict in place.text.dates_in(place.sentence) if _is_within(place, verdict.mention)]
    same = [verdict for verdict in found if any(_says(verdict.mention.value, each) for each in meant)]
    if not same:
        return _No("its sentence does not say that date")
    mention = next((verdict.mention for verdict in same if verdict.role in _OPEN), None)
    if mention is None:
        return _No(f"our own reader says of that date: {same[0].role}")
    return Believed(value=mention.value, sentence=place.sentence.text, inferred=inferred_of(mention))


def _is_within(place: _Place, mention: Mention) -> bool:
    return place.holds(mention.start, mention.end) and not mention.conflict


def _days_of(value: str, published: dt.date | None) -> list[When]:
    """Return what a date as it was given means: as a config writes it, else as texts do."""
    try:
        return [parse_when(value[:_LONGEST_NAME])]
    except ValueError:
        return [mention.value for mention in mentions(value[:_LONGEST_NAME], published)][:1]


def _says(written: When, meant: When) -> bool:
    """Tell whether a date of the text is the one that was meant; of an instant its day will do."""
    if written.at and written.zone and meant.on:
        return written.at.astimezone(written.zone).date() == meant.on
    return (written.is_dated or written.is_coarse) and written == meant


def _season(place: _Place, value: str) -> Believed | _No:
    number = _number(value)
    if any(seen.number == number and place.holds(seen.start, seen.end) for seen in seasons(place.sentence.text)):
        return Believed(value=number or 0, sentence=place.sentence.text)
    return _No("its sentence does not say that season")


def _episodes(place: _Place, value: str) -> Believed | _No:
    seen = episodes(place.sentence.text)
    if seen and seen.number == _number(value) and place.holds(seen.start, seen.end):
        return Believed(value=seen.number, sentence=place.sentence.text)
    return _No("its sentence does not say that number of episodes")


def _number(value: str) -> int | None:
    found = _NUMBER.fullmatch(value)
    return int(found[1]) if found else None


def _drop(place: _Place, value: str) -> Believed | _No:
    read = read_drop([place.sentence])
    if read and read.value == value.strip().lower():
        return Believed(value=read.value, sentence=place.sentence.text)
    return _No("its sentence does not say that")


_READ: Final[Mapping[str, Callable[[_Place, str], Believed | _No]]] = {
    "title": _title,
    "season": _season,
    "premiere": _premiere,
    "platform": _platform,
    "episodes": _episodes,
    "drop": _drop,
}
