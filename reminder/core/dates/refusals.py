"""Says why a text is not taken as a date, and what to write instead (SPEC 1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

from reminder.core.dates.spelling import EXAMPLE_YEAR, MONTH_NUMBER, month_first, pattern, quoted
from reminder.core.wording import Wording

_HINT: Final = Wording(
    "write it as %(year)s-07-09, 9 July %(year)s, July %(year)s, Q3 %(year)s, summer %(year)s, %(year)s or TBA",
    year=EXAMPLE_YEAR,
)
_YEAR_FIRST: Final = pattern(r"(\d{4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,2})")
_YEAR_LAST: Final = pattern(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})")
_SHORT_YEAR: Final = pattern(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+'?(\d{2})")
_SHORT_IN_WORDS: Final = (
    pattern(r"(?:WEEKDAY,? )?DAY MONTH,? '?(?P<short>\d{2})"),
    pattern(r"(?:WEEKDAY,? )?MONTH DAY,? '?(?P<short>\d{2})"),
)
_DASHED: Final = (pattern(r"DAY[-/. ]MONTH[-/. ]YEAR"), pattern(r"MONTH[-/. ]DAY[-/. ]YEAR"))
_MONTH_OF_YEAR: Final = pattern(r"(?P<number>\d{1,2})[/. -]YEAR")
_SHORT_QUARTER: Final = pattern(r"(?:Q(?P<quarter>[1-4])|(?P<number>[1-4])Q)[ /-]*'?(?:20)?(?P<short>\d{2})")
_HALF: Final = pattern(r"(?:H(?P<half>[12])|(?P<word>first|second) half(?: of)?),? YEAR")
_CJK: Final = re.compile(r"(\d{4})\s*年\s*(?:(\d{1,2})\s*月\s*)?(?:(\d{1,2})\s*日)?")
_DIGITS: Final = pattern(r"(\d{4})(\d{2})(\d{2})")
_WINTER: Final = pattern(r"winter(?:,? (?:of )?YEAR(?:[-/]\d{2,4})?)?")
_YEARLESS_DAY: Final = pattern(r"(?:WEEKDAY,? )?MONTH DAY")
_YEARLESS: Final = pattern(r"(?:WEEKDAY,? )?(?:DAY (?:of )?)?MONTH|Q[1-4]|spring|summer|fall|autumn")
_PART: Final = pattern(
    r"(?:in |the )?(?:(?:early|mid|late|end of|beginning of|middle of|about|around|approx\.?|ca\.?|circa)[- ]|~ ?)"
    r"(?:in )?(?P<rest>.*)"
)
_DOUBTED: Final = pattern(r"(?P<rest>.*\d) ?(?:\(?\?+\)?|\((?:tb[acd]|expected|planned|estimated|est\.?)\)|tb[acd])")
_SOON: Final = pattern(
    r"(?:coming )?soon|someday|sometime|unknown|unclear|not (?:yet )?(?:known|announced)|n/?a|none|tb[ad]\W+|\?+|-+"
)
_RELATIVE: Final = pattern(r"(?:now|today|tonight|tomorrow|yesterday|WEEKDAY|(?:next|this|coming|last|in)\b.*)")
_CANCELLED: Final = pattern(r"cancell?ed")


def refusal(text: str) -> str:
    """Given a text that is no date (spaces joined), return why not, with what to write instead."""
    reasons: tuple[Callable[[str], Wording | None], ...] = (
        _numeric, _short_year, _dashed, _parts_of_a_year, _winter, _yearless, _loose,
    )  # fmt: skip
    found = next((said for reason in reasons if (said := reason(text))), None)
    return found or Wording("%(text)s is not a date: %(hint)s", text=quoted(text), hint=_HINT)


def _numeric(text: str) -> Wording | None:
    if found := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        return _rewrite(text, [_date(int(found[1]), int(found[2]), int(found[3]))])
    if found := _YEAR_LAST.fullmatch(text):
        return _rewrite(text, _both_ways(int(found[1]), int(found[2]), int(found[3])))
    return None


def _short_year(text: str) -> Wording | None:
    if found := _SHORT_YEAR.fullmatch(text):
        return _rewrite(text, _both_ways(int(found[1]), int(found[2]), 2000 + int(found[3])))
    if found := next((found for each in _SHORT_IN_WORDS if (found := each.fullmatch(text))), None):
        month = MONTH_NUMBER[found["month"].lower()]
        return _rewrite(text, [_date(2000 + int(found["short"]), month, int(found["day"]))])
    return None


def _dashed(text: str) -> Wording | None:
    found = next((found for each in _DASHED if (found := each.fullmatch(text))), None)
    if not found:
        return None
    on = _date(int(found["year"]), MONTH_NUMBER[found["month"].lower()], int(found["day"]))
    if on is None:
        return None
    return Wording(
        "%(text)s is not a date as it is written here: write %(meant)s", text=quoted(text), meant=_in_both(on)
    )


def _parts_of_a_year(text: str) -> Wording | None:
    if (found := _MONTH_OF_YEAR.fullmatch(text)) and 1 <= int(found["number"]) <= 12:
        month = date(int(found["year"]), int(found["number"]), 1)
        return _misread(text, f"{month:%Y-%m} ({month_first(month).partition(' ')[0]} {month.year})")
    if found := _SHORT_QUARTER.fullmatch(text):
        return _misread(text, f"Q{found['quarter'] or found['number']} 20{found['short']}")
    if found := _HALF.fullmatch(text):
        first = 1 if (found["half"] or found["word"].lower()) in {"1", "first"} else 3
        year = found["year"]
        return Wording(
            "%(text)s is half a year: write Q%(first)s %(year)s or Q%(second)s %(year)s, or only %(year)s",
            text=quoted(text),
            first=first,
            second=first + 1,
            year=year,
        )
    return None


def other_signs(text: str) -> str:
    """Return a date with plain digits for those of another width, and `2025-07-09` for 2025年7月9日."""
    plain = unicodedata.normalize("NFKC", text)
    return _CJK.sub(lambda found: "-".join(part for part in found.groups() if part), plain)


def _both_ways(one: int, two: int, year: int) -> list[date | None]:
    """Return the readings of two numbers before a year: the month first, as in America, and the day first."""
    return [_date(year, one, two), _date(year, two, one)]


def _in_both(on: date) -> str:
    return f"{on} ({month_first(on)})"


def _misread(text: str, meant: str) -> Wording:
    return Wording("%(text)s could be misread: write %(meant)s", text=quoted(text), meant=meant)


def _rewrite(text: str, readings: list[date | None]) -> Wording:
    """Say how to write a date in numbers, each of its readings with what it means: no hint chooses between them."""
    found = sorted({reading for reading in readings if reading})
    if not found:
        return Wording(
            "%(text)s does not exist: write the date as %(year)s-07-09", text=quoted(text), year=EXAMPLE_YEAR
        )
    if len(found) == 1:
        return _misread(text, _in_both(found[0]))
    one, other = map(_in_both, found)
    return Wording("%(text)s is ambiguous: write %(one)s or %(other)s", text=quoted(text), one=one, other=other)


def _winter(text: str) -> Wording | None:
    found = _WINTER.fullmatch(text)
    if not found:
        return None
    if not found["year"]:
        return Wording(
            "%(text)s has no year, and a winter lies in two: write its month and its year", text=quoted(text)
        )
    year = int(found["year"])
    return Wording(
        "%(text)s could be either end of the year: write Q1 %(year)s or Q4 %(year)s, or the month, "
        "January %(year)s, February %(year)s, December %(year)s",
        text=quoted(text),
        year=year,
    )


def _yearless(text: str) -> Wording | None:
    if _YEARLESS_DAY.fullmatch(text):
        return Wording("%(text)s has no year: write %(plain)s, and the year behind it", text=quoted(text), plain=text)
    if _YEARLESS.fullmatch(text):
        return Wording("%(text)s has no year: write %(plain)s and the year behind it", text=quoted(text), plain=text)
    return None


def _loose(text: str) -> Wording | None:
    if _CANCELLED.fullmatch(text):
        return Wording("%(text)s is not a date: write cancelled: true beside the title", text=quoted(text))
    if _SOON.fullmatch(text):
        return Wording("%(text)s names no date: write TBA", text=quoted(text))
    if found := _PART.fullmatch(text) or _DOUBTED.fullmatch(text):
        rest = found["rest"]
        if not rest:
            return None
        return Wording("%(text)s says no more than %(rest)s: write %(rest)s", text=quoted(text), rest=rest)
    if _RELATIVE.fullmatch(text):
        return Wording("%(text)s is not a date that stays the same: %(hint)s", text=quoted(text), hint=_HINT)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
