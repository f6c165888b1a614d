"""What a language can say: sentences by id, days, hours and lists. English is here; the others are loaded elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.model.entities import HourStyle
from reminder.core.text import english
from reminder.core.text.sentence import Value
from reminder.core.text.sentences import SENTENCES


class Language(Protocol):
    """A language in which messages and pages are written. Every `on` is a date of the reader's own calendar."""

    @property
    def code(self) -> str:
        """Return the code by which a config names it: `de`, `pt-BR`."""
        ...

    @property
    def direction(self) -> str:
        """Return `ltr`, or `rtl` where it is written from right to left."""
        ...

    @property
    def first_weekday(self) -> int:
        """Return the day with which a week begins, 0 for Monday."""
        ...

    @property
    def is_unread(self) -> bool:
        """Tell whether no native speaker has read its translation yet."""
        ...

    def __hash__(self) -> int:
        """What is said in it may be remembered by it."""
        ...

    def say(self, sentence_id: str, /, **values: Value) -> str:
        """Return a sentence of the table, filled. Raises KeyError for an unknown id, or a placeholder without value."""
        ...

    def gettext(self, text: str, /) -> str:
        """Return a text of the page, which is known by its English."""
        ...

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return a text of the page in the form that goes with a number."""
        ...

    def pgettext(self, context: str, text: str, /) -> str:
        """Return a text of the page that means something of its own in a `context`."""
        ...

    def npgettext(self, context: str, one: str, many: str, number: int, /) -> str:
        """Return a text of the page in a `context`, in the form that goes with a number."""
        ...

    def month(self, year: int, number: int) -> str:
        """Return a month of a year by itself: `July 2025`."""
        ...

    def month_name(self, number: int) -> str:
        """Return a month without its year: `July`."""
        ...

    def weekday(self, number: int, *, is_short: bool = False) -> str:
        """Return a day of the week, 0 for Monday: `Wednesday`, or `Wed`."""
        ...

    def full_day(self, on: date) -> str:
        """Return a day with its weekday and year: `Wednesday, July 9, 2025`."""
        ...

    def dated(self, on: date) -> str:
        """Return a day with its year: `July 9, 2025`."""
        ...

    def day(self, on: date, *, beside: date) -> str:
        """Return a day, `July 9`; with its year when that of the day `beside` it is another."""
        ...

    def day_within(self, on: date, *, beside: date) -> str:
        """Return the same for the middle of a sentence, where English sets a comma behind a year."""
        ...

    def weekday_and_day(self, on: date, *, beside: date) -> str:
        """Return a day with its weekday, and its year when that of the day `beside` it is another."""
        ...

    def brief_day(self, on: date, *, beside: date) -> str:
        """Return the same in few letters: `Wed, Jul 9`."""
        ...

    def clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day of a local time: `7:00 PM`, or `19:00`."""
        ...

    def zoned_clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day with the name of its zone: `7:00 PM NZST`."""
        ...

    def listing(self, parts: Sequence[str]) -> str:
        """Return a list in a sentence: `one, two and three`."""
        ...

    def capital(self, text: str) -> str:
        """Return a text as it begins a line."""
        ...

    def stopped(self, text: str) -> str:
        """Return a text with a full stop, unless it ends a sentence already."""
        ...

    def inside(self, sentence: str, name: str) -> str:
        """Return a sentence as it stands behind a colon; a title's `name` at its head keeps its letters."""
        ...


@dataclass(frozen=True)
class English:
    """English, in which the sentences are written: it needs nothing but the table."""

    code: str = "en"
    direction: str = "ltr"
    first_weekday: int = 0
    is_unread: bool = False

    def say(self, sentence_id: str, /, **values: Value) -> str:
        """Return a sentence of the table, filled. Raises KeyError for an unknown id, or a placeholder without value."""
        return SENTENCES[sentence_id].english(values)

    def gettext(self, text: str, /) -> str:
        """Return the text."""
        return text

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return the form for one, or the other."""
        return one if number == 1 else many

    def pgettext(self, context: str, text: str, /) -> str:
        """Return the text."""
        return text

    def npgettext(self, context: str, one: str, many: str, number: int, /) -> str:
        """Return the form for one, or the other."""
        return one if number == 1 else many

    def month(self, year: int, number: int) -> str:
        """Return a month of a year: `July 2025`."""
        return f"{MONTHS[number - 1]} {year}"

    def month_name(self, number: int) -> str:
        """Return a month without its year: `July`."""
        return MONTHS[number - 1]

    def weekday(self, number: int, *, is_short: bool = False) -> str:
        """Return a day of the week, 0 for Monday: `Wednesday`, or `Wed`."""
        return WEEKDAYS[number][:3] if is_short else WEEKDAYS[number]

    def full_day(self, on: date) -> str:
        """Return a day with its weekday and year: `Wednesday, July 9, 2025`."""
        return f"{WEEKDAYS[on.weekday()]}, {self.dated(on)}"

    def dated(self, on: date) -> str:
        """Return a day with its year: `July 9, 2025`."""
        return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"

    def day(self, on: date, *, beside: date) -> str:
        """Return a day, `July 9`; with its year when that of the day `beside` it is another."""
        return f"{MONTHS[on.month - 1]} {on.day}" if on.year == beside.year else self.dated(on)

    def day_within(self, on: date, *, beside: date) -> str:
        """Return a day as it stands within a sentence: `July 9`, `July 9, 2025,`."""
        return self.day(on, beside=beside) if on.year == beside.year else f"{self.dated(on)},"

    def weekday_and_day(self, on: date, *, beside: date) -> str:
        """Return a day with its weekday: `Wednesday, July 9`; with its year when it is another than `beside`."""
        return f"{self.weekday(on.weekday())}, {self.day(on, beside=beside)}"

    def brief_day(self, on: date, *, beside: date) -> str:
        """Return the same in few letters: `Wed, Jul 9`."""
        year = "" if on.year == beside.year else f", {on.year}"
        return f"{self.weekday(on.weekday(), is_short=True)}, {MONTHS[on.month - 1][:3]} {on.day}{year}"

    def clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day of a local time: `7:00 PM`, or `19:00`."""
        if style is HourStyle.H24:
            return f"{local.hour:02}:{local.minute:02}"
        return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"

    def zoned_clock(self, local: datetime, style: HourStyle) -> str:
        """Return the time of day with the name of its zone: `7:00 PM NZST`, `19:00 Sao Paulo time`."""
        return f"{self.clock(local, style)} {english.letters(local)}".rstrip()

    def listing(self, parts: Sequence[str]) -> str:
        """Return a list in a sentence: `one`, `one and two`, `one, two and three`."""
        *most, last = parts
        return f"{', '.join(most)} and {last}" if most else last

    def capital(self, text: str) -> str:
        """Return a text begun with a capital letter; the rest stays as it is."""
        return english.sentence(text)

    def stopped(self, text: str) -> str:
        """Return a text with a full stop at its end, unless it ends a sentence already."""
        return text if text.endswith((".", "!", "?", "…")) else f"{text}."

    def inside(self, sentence: str, name: str) -> str:
        """Return a sentence as it stands behind a colon: with a small letter, unless a title stands at its head."""
        return sentence if sentence.startswith(name) else sentence[:1].lower() + sentence[1:]


ENGLISH: Final = English()
"""The one instance: whoever is told nothing of languages speaks English."""
