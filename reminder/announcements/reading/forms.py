"""The forms that dates take in running text, each with what it makes of a match.

A form returns None for what is no date after all, and for what needs the day of publication when that is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Final

from reminder.announcements.reading import meanings
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.years import (
    FIXED_HOLIDAYS,
    MOVING_HOLIDAYS,
)
from reminder.announcements.vocabulary import filled, load
from reminder.core.dates.month_names import (
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    MONTH_OF,
    SEASON_OF,
    WEEKDAY_OF,
    WINTERS,
    any_of,
    words,
)
from reminder.core.dates.when import FIRST_YEAR, LAST_YEAR, WhenError

_Form = Callable[[re.Match[str], dt.date | None], meanings.FormMeaning | None]

_NOT_WORD: Final = r"(?<![\w/.\-])"
_WEEKDAY: Final = (
    rf"(?:(?P<weekday>{any_of(WEEKDAY_OF)})\b\.?(?:\s+(?:night|evening|morning))?,?\s+(?:den\s+|dem\s+|the\s+)?)?"
)
_MONTH: Final = rf"(?P<month>{any_of(MONTH_OF)})\b\.?"
_ENGLISH_MONTH: Final = rf"(?P<month>{any_of(ENGLISH_MONTHS)})\b\.?"
_DAY: Final = r"(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)"
_YEAR: Final = r"(?P<year>(?:19|20|21)\d\d)(?!\d)"
_LATE_YEAR: Final = rf"(?:(?:,?\s+|,?\s+del?\s+|\s+of\s+){_YEAR})?"
_IN: Final = (
    r"(?:in|im|en|au|à|a|ao|em|no|na|nel|nell'|w|we|during|by|this|next|last|coming|until|till|bis|since|"
    r"early|mid|late|"
    r"anfang|mitte|ende|début|fin|mi|principios\s+de|mediados\s+de|finales\s+de|for|für|from|to|para|per|"
    r"por|dla|desde|dès|ab|von|start(?:ing)?)"
)
_WHICH: Final = any_of(
    words(
        "this next coming last past every each diesen dieser diesem nächsten nächster nächstes nächstem "
        "kommenden kommender vergangenen letzten ce cet cette este esta próximo próxima questo questa "
        "prossimo prossima neste nesta em im przyszłym tym early late mid"
    )
)
_LATER: Final = any_of(
    words("prochain prochaine próximo próxima prossimo prossima passado pasado scorso scorsa dernier dernière")
)
# What the patterns of `forms.toml` name in braces.
_PARTS: Final = {
    "word-begins": _NOT_WORD,
    "day": _DAY,
    "year": _YEAR,
    "year-behind": _LATE_YEAR,
    "month": _MONTH,
    "months": any_of(MONTH_OF),
    "between": "(?:between|zwischen|entre|tra|fra|między)",
    "and": "(?:and|und|et|y|e|a|i|&)",
    "english-month": _ENGLISH_MONTH,
    "in-month": _IN,
    "weekday": any_of(WEEKDAY_OF),
    "weekday-before": _WEEKDAY,
    "english-weekday": any_of(ENGLISH_WEEKDAYS),
    "season": any_of([*SEASON_OF, *WINTERS]),
    "which-season": _WHICH,
    "season-behind": _LATER,
    "fourth": any_of(["fourth of july", "4th of july", "july fourth"]),
    "holiday": any_of([*FIXED_HOLIDAYS, *MOVING_HOLIDAYS]).replace("'", "[’']"),
    "relative-day": any_of(meanings.RELATIVE_DAYS).replace("'", "[’']"),
}


def _form(pattern: str, meaning: str, *, cased: bool = False) -> tuple[Pattern, _Form]:
    return Pattern(filled(pattern, _PARTS), 0 if cased else re.IGNORECASE), getattr(meanings, meaning)


_FORMS: Final = tuple(_form(**each) for each in load("forms")["form"])


def readings(text: str, published: dt.date | None) -> Iterator[tuple[re.Match[str], meanings.FormMeaning]]:
    """Given a sentence, yield every match of every form with its meaning; they may overlap."""
    for pattern, form in _FORMS:
        for match in pattern.finditer(text):
            reading = _read(form, match, published)
            if reading:
                yield match, reading


TWO_WAYS: Final = "two ways"
"""A day that can be read in two ways: `01/02/2027`."""
NO_SUCH_DAY: Final = "no such day"
"""A day that the calendar has not: `February 30, 2027`."""


_WHOLE_DAYS: Final = frozenset({meanings.on_day, meanings.slashed, meanings.month_noun})


def unreadable(text: str) -> list[tuple[str, str]]:
    """Given a sentence, return each whole day in it, its year written, that cannot be read, with the reason."""
    found: dict[int, tuple[str, str]] = {}
    for pattern, form in _FORMS:
        for match in pattern.finditer(text) if form in _WHOLE_DAYS else ():
            year = match.groupdict().get("year")
            if year and FIRST_YEAR <= int(year) <= LAST_YEAR and not _is_a_day(form, match):
                is_slashed = form is meanings.slashed and int(match["first"]) <= 12
                found[match.start()] = (match[0].strip(), TWO_WAYS if is_slashed else NO_SUCH_DAY)
    return [found[start] for start in sorted(found)]


def _is_a_day(form: _Form, match: re.Match[str]) -> bool:
    """Tell whether a match is a day of the calendar, or no date at all (`may 5 of them, 2027`)."""
    is_noun = form is meanings.month_noun and not match["month"][0].isupper()
    return is_noun or form(match, None) is not None


def _read(form: _Form, match: re.Match[str], published: dt.date | None) -> meanings.FormMeaning | None:
    """Return what a form makes of a match; nothing for a year that no date of ours may have (`in 1923`)."""
    try:
        return form(match, published)
    except WhenError:
        return None
