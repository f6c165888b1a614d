"""A language beside English: sentences from gettext, dates, hours and lists by CLDR's patterns (Babel)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from gettext import NullTranslations
from typing import Final, Self

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list

from reminder.core.model.entities import ENGLISH, HourStyle
from reminder.core.text import english
from reminder.core.text.sentence import Value
from reminder.core.text.sentences import SENTENCES
from reminder.texts.languages.catalogue import texts_of
from reminder.texts.languages.known import KnownLanguage

_ENDED: Final = (".", "!", "?", "…", "。")
_MANY: Final = 4096
"""So many days and hours are kept as they were written: a day that many wait for is said to all of them."""


@dataclass(frozen=True, kw_only=True)
class DatePatterns:
    """How a language writes a day: with and without its year, in full, and in few letters."""

    day: str
    month: str
    weekday_and_day: str
    brief: str
    brief_year: str
    clocks: dict[HourStyle, str]

    @classmethod
    def of(cls, locale: Locale) -> DatePatterns:
        """Return the patterns of a language as CLDR has them."""
        known = {name: str(pattern.pattern) for name, pattern in locale.datetime_skeletons.items()}
        return cls(
            day=known["MMMMd"],
            month=known["yMMMM"],
            # CLDR has it with a weekday in few letters; the whole word stands in the same place.
            weekday_and_day=known["MMMMEd"].replace("ccc", "E").replace("E", "EEEE"),
            brief=known["MMMEd"],
            brief_year=known["yMMMEd"],
            clocks={HourStyle.H12: known["hm"], HourStyle.H24: known["Hm"]},
        )


HOUR_FORMS: Final = re.compile(r"\{\w+:[^{}|]*\|[^{}|]*\}")
"""A place for an hour with what stands before it: `{clock:a la |a las }`, for one o'clock and for the other hours."""


class HourText(str):
    """A value of a sentence, of which the place may have two forms for what stands before an hour."""

    singles: frozenset[str]

    def __new__(cls, value: Value, singles: frozenset[str]) -> Self:
        """Make it of the hour as it is written, and of the hours that have the first form."""
        made = super().__new__(cls, value)
        made.singles = singles
        return made

    def __format__(self, forms: str) -> str:
        """Return the hour behind the form that goes with it. Raises ValueError for anything but two forms."""
        if not forms:
            return str(self)
        single, other = forms.split("|")
        hour = _LEADING.match(self)
        return f"{single if hour and hour[0] in self.singles else other}{self}"


_LEADING: Final = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, eq=False)
class TranslatedLanguage:
    """A language of which the sentences are translated; what is not says its English.

    `sentences` are those in which no number decides the form, by id; in those of `hourly` the hour does. `read_by` is
    who has read the translation as a native speaker, None for nobody yet.
    """

    known: KnownLanguage
    locale: Locale
    texts: NullTranslations
    patterns: DatePatterns
    locale_name: str
    sentences: Mapping[str, str]
    hourly: frozenset[str]

    @classmethod
    def of(cls, known: KnownLanguage) -> TranslatedLanguage:
        """Load a language; one that CLDR does not know writes its dates as English does."""
        try:
            locale = Locale.parse(known.folder)
        except (UnknownLocaleError, ValueError):
            locale = Locale.parse(ENGLISH)
        texts = texts_of(known.folder)
        sentences = {each.id: texts.pgettext(each.id, each.text) for each in SENTENCES.values() if not each.counts}
        return cls(
            known=known,
            locale=locale,
            texts=texts,
            sentences=sentences,
            hourly=frozenset(id_ for id_, text in sentences.items() if HOUR_FORMS.search(text)),
            patterns=DatePatterns.of(locale),
            locale_name=str(locale),
        )

    @property
    def code(self) -> str:
        """Return the code by which a config names it: `de`, `pt-BR`."""
        return self.known.code

    @property
    def direction(self) -> str:
        """Return `ltr`, or `rtl` where it is written from right to left."""
        return str(self.locale.text_direction)

    @property
    def read_by(self) -> str | None:
        """Return who has read all of it as a native speaker, None for nobody yet."""
        said = self.texts.info().get("last-translator", UNREAD)
        return None if said == UNREAD else said

    @property
    def is_unread(self) -> bool:
        """Tell whether no native speaker has read it yet."""
        return self.read_by is None

    @property
    def first_weekday(self) -> int:
        """Return the day with which a week begins, 0 for Monday."""
        return int(self.locale.first_week_day)

    # Sentences -------------------------------------------------------------------------------------------------------

    def say(self, sentence_id: str, /, **values: Value) -> str:
        """Return a sentence of the table, filled; in English where it is not translated, or cannot be filled.

        Raises KeyError for an unknown id, or a placeholder without value.
        """
        text = self.sentences.get(sentence_id)
        if text is None:
            text = _of_number(self.texts, sentence_id, int(values[SENTENCES[sentence_id].counts]))
        if sentence_id in self.hourly:
            values = {name: HourText(value, self.known.single_hours) for name, value in values.items()}
        try:
            return text.format_map(values)
        except (KeyError, IndexError, ValueError):  # a message never waits for a translation to be mended
            return SENTENCES[sentence_id].english(values)

    def gettext(self, text: str, /) -> str:
        """Return a text of the page, which is known by its English; where it cannot be filled, its English."""
        said = self.texts.gettext(text)
        return said if _fits(said, text) else text

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return a text of the page in the form that goes with a number."""
        said = self.texts.ngettext(one, many, number)
        return said if _fits(said, many) else one if number == 1 else many

    def pgettext(self, context: str, text: str, /) -> str:
        """Return a text of the page that means something of its own in a `context`."""
        said = self.texts.pgettext(context, text)
        return said if _fits(said, text) else text

    def npgettext(self, context: str, one: str, many: str, number: int, /) -> str:
        """Return a text of the page in a `context`, in the form that goes with a number."""
        said = self.texts.npgettext(context, one, many, number)
        return said if _fits(said, many) else one if number == 1 else many

    # Days ------------------------------------------------------------------------------------------------------------

    def month(self, year: int, number: int) -> str:
        """Return a month of a year by itself: `Juli 2025`."""
        return self._written(date(year, number, 1), self.patterns.month)

    def month_name(self, number: int) -> str:
        """Return a month without its year: `Juli`."""
        return str(self.locale.months["stand-alone"]["wide"][number])

    def weekday(self, number: int, *, is_short: bool = False) -> str:
        """Return a day of the week, 0 for Monday: `Mittwoch`, or `Mi`."""
        return str(self.locale.days["stand-alone"]["abbreviated" if is_short else "wide"][number])

    def _written(self, on: date, pattern: str) -> str:
        """Return a day by a pattern of CLDR's, or by the name of one."""
        return _day(on, pattern, self.locale_name, self.known.first_of_month if on.day == 1 else "")

    def full_day(self, on: date) -> str:
        """Return a day with its weekday and year: `Mittwoch, 9. Juli 2025`."""
        return self._written(on, "full")

    def dated(self, on: date) -> str:
        """Return a day with its year: `9. Juli 2025`."""
        return self._written(on, "long")

    def day(self, on: date, *, beside: date) -> str:
        """Return a day, `9. Juli`; with its year when that of the day `beside` it is another."""
        return self._written(on, self.patterns.day) if on.year == beside.year else self.dated(on)

    def day_within(self, on: date, *, beside: date) -> str:
        """Return the same for the middle of a sentence, where it is no other."""
        return self.day(on, beside=beside)

    def weekday_and_day(self, on: date, *, beside: date) -> str:
        """Return a day with its weekday, and its year when that of the day `beside` it is another."""
        return self._written(on, self.patterns.weekday_and_day) if on.year == beside.year else self.full_day(on)

    def brief_day(self, on: date, *, beside: date) -> str:
        """Return the same in few letters: `Mi., 9. Juli`."""
        return self._written(on, self.patterns.brief if on.year == beside.year else self.patterns.brief_year)

    # Hours -----------------------------------------------------------------------------------------------------------

    def clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day of a local time: `19:00`, or `7:00 PM`."""
        return _clock(local.hour, local.minute, self.patterns.clocks[style], self.locale_name)

    def zoned_clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day with the name of its zone: `19:00 MESZ`, `19:00 (Ortszeit Sao Paulo)`."""
        return self.say("zoned", clock=self.clock(local, style), zone=self._zone(local)).rstrip()

    def _zone(self, local: datetime) -> str:
        """Return the letters of a zone as CLDR has them, else as tzdata has; its city where it has none."""
        zone, letters = local.tzinfo, local.tzname() or ""
        if zone is None:
            return ""
        named = _zone_letters(zone, letters, self.locale, local)
        if named.isalpha():
            return named
        if letters.isalpha():
            return letters
        city = english.city_of(zone)
        return self.say("zone.city", city=city) if city else f"UTC{letters}"

    # Parts -----------------------------------------------------------------------------------------------------------

    def listing(self, parts: Sequence[str]) -> str:
        """Return a list in a sentence: `eins, zwei und drei`."""
        return str(format_list(parts, locale=self.locale))

    def capital(self, text: str) -> str:
        """Return a text as it begins a line."""
        return english.sentence(text)

    def stopped(self, text: str) -> str:
        """Return a text with a full stop, unless it ends a sentence already."""
        return text if text.endswith(_ENDED) else f"{text}{self.known.stop}"

    def inside(self, sentence: str, name: str) -> str:
        """Return a sentence as it stands behind a colon; a title's `name` at its head keeps its letters."""
        if self.known.keeps_capital or sentence.startswith(name):
            return sentence
        return sentence[:1].lower() + sentence[1:]


@lru_cache(maxsize=_MANY)
def _fits(said: str, english: str) -> bool:
    """Tell whether a translation can be filled as its English can: no other places, no stray %, the same elements."""
    places = set(_PLACE.findall(said))
    return (
        places <= set(_PLACE.findall(english))
        and not _STRAY.search(said)
        and sorted(_ELEMENT.findall(said)) == sorted(_ELEMENT.findall(english))
    )


_PLACE: Final = re.compile(r"%\((\w+)\)s")
_STRAY: Final = re.compile(r"(?<!%)(?:%%)*%(?!%|\(\w+\)s)")
_ELEMENT: Final = re.compile(r"<[^<>]*>")

UNREAD: Final = "not yet read by a native speaker"
"""What stands in a `.po` file as its last translator until somebody has read it."""


@lru_cache(maxsize=_MANY)
def _of_number(texts: NullTranslations, sentence_id: str, number: int) -> str:
    """Return a sentence as it is translated, in the form for a number; gettext looks for it anew each time."""
    sentence = SENTENCES[sentence_id]
    return texts.npgettext(sentence.id, sentence.text, sentence.many, number)


@lru_cache(maxsize=_MANY)
def _day(on: date, pattern: str, locale: str, first: str) -> str:
    """Return a day by a pattern of CLDR's, or by the name of one; `first`, if given, stands for its number."""
    if first:
        named = Locale.parse(locale).date_formats.get(pattern)
        pattern = _NUMBER.sub(f"'{first}'", pattern if named is None else str(named.pattern))
    return str(format_date(on, pattern, locale))


_NUMBER: Final = re.compile(r"(?<!\w)d(?!\w)")
"""The day's number in a pattern; not the letter of a word in quotes, as in Portuguese."""


@lru_cache(maxsize=_MANY)
def _clock(hour: int, minute: int, pattern: str, locale: str) -> str:
    return str(format_time(datetime(2000, 1, 1, hour, minute), pattern, locale=locale))  # noqa: DTZ001  a wall's hour


def _zone_letters(zone: tzinfo, letters: str, locale: Locale, local: datetime) -> str:
    key = (str(zone), letters, str(locale))
    if key not in _ZONES:
        if len(_ZONES) >= _MANY:
            _ZONES.clear()
        _ZONES[key] = str(get_timezone_name(local, width="short", locale=locale))
    return _ZONES[key]


_ZONES: Final[dict[tuple[str, str, str], str]] = {}
"""What zones are called, by zone, by its letters (in summer others than in winter) and by language."""
