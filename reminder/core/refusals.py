"""Why a text is not taken as a date, and what to write instead. Source: SPEC 1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from reminder.core.spelling import in_words, pattern, quoted

_HINT: Final = "write it as 2025-07-09, 9 July 2025, July 2025, Q3 2025, summer 2025, 2025 or TBA"
_YEAR_FIRST: Final = pattern(r"(\d{4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,2})")
_YEAR_LAST: Final = pattern(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})")
_SHORT_YEAR: Final = pattern(r"\d{1,2}[-/. ]+\d{1,2}[-/. ]+'?\d{2}")
_WINTER: Final = pattern(r"winter(?:,? (?:of )?YEAR(?:[-/]\d{2,4})?)?")
_YEARLESS_DAY: Final = pattern(r"(?:WEEKDAY,? )?MONTH DAY")
_YEARLESS: Final = pattern(r"(?:WEEKDAY,? )?(?:DAY (?:of )?)?MONTH|Q[1-4]|spring|summer|fall|autumn")
_RELATIVE: Final = pattern(
    r"(?:now|today|tonight|tomorrow|yesterday|WEEKDAY|soon|(?:next|this|coming|last|in|early|mid|late|end of)\b.*)"
)
_CANCELLED: Final = pattern(r"cancell?ed")


def refusal(text: str) -> str:
    """Given a text that is no date (spaces joined), return why not, with what to write instead."""
    reasons: tuple[Callable[[str], str | None], ...] = (_numeric, _winter, _yearless, _loose)
    found = next((said for reason in reasons if (said := reason(text))), None)
    return f"{quoted(text)} {found or f'is not a date: {_HINT}'}"


def _numeric(text: str) -> str | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _rewrite([_date(int(found[1]), int(found[2]), int(found[3]))])
    if found := _YEAR_LAST.fullmatch(text):
        one, two, year = int(found[1]), int(found[2]), int(found[3])
        return _rewrite([_date(year, two, one), _date(year, one, two)])
    if _SHORT_YEAR.fullmatch(text):
        return "is ambiguous: write the year in full and first, as in 2025-07-09"
    return None


def _rewrite(readings: list[date | None]) -> str:
    """Say how to write a date in numbers, given its readings (the day first, before the month first)."""
    found = list(dict.fromkeys(reading for reading in readings if reading))
    if not found:
        return "does not exist: write the date as 2025-07-09"
    fault = "is ambiguous" if len(found) > 1 else "could be misread"
    return f"{fault}: write {found[0]} or {in_words(found[0])}"


def _winter(text: str) -> str | None:
    found = _WINTER.fullmatch(text)
    if not found:
        return None
    year = found["year"] or "2025"
    return f"could be either end of the year: write January {year}, December {year}, Q1 {year} or Q4 {year}"


def _yearless(text: str) -> str | None:
    if _YEARLESS_DAY.fullmatch(text):
        return f"has no year: write it in full, as in {text}, 2025"
    if _YEARLESS.fullmatch(text):
        return f"has no year: write it in full, as in {text} 2025"
    return None


def _loose(text: str) -> str | None:
    if _CANCELLED.fullmatch(text):
        return "is not a date: write cancelled: true beside the title"
    if _RELATIVE.fullmatch(text):
        return f"is not a date that stays the same: {_HINT}"
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
