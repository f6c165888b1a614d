"""Reads a cell: a name on one line, a year, a season's number, a work's number in a catalogue."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from reminder.core.lists.rows import Row, plain_key
from reminder.core.lists.shapes import ListShape
from reminder.core.sourcing.answers import WorkForm

LONGEST_NAME: Final = 200
"""The longest real title has 168 letters."""

_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|2[01]\d\d)(?!\d)")
_MILLISECONDS: Final = re.compile(r"-?\d{11,14}")
_MIDNIGHT: Final = re.compile(r"(?<=\d)[T ]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?$")
_YEAR_BEHIND: Final = re.compile(r" \((1[89]\d\d|2[01]\d\d)\)$")
_IMDB: Final = re.compile(r"(?<![a-z])tt\d{1,12}(?!\d)")
_TMDB: Final = re.compile(r"(?:^|themoviedb\.org/)(tv|movie)/(\d{1,10})")
_TVMAZE: Final = re.compile(r"tvmaze\.com/shows/(\d{1,9})")
_NUMBER: Final = re.compile(r"0*([1-9]\d{0,9})(?:\.0+)?")
_SERIES_PATH: Final = "tv"


def clean(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen or stored."""
    seen = (" " if letter.isspace() else letter for letter in text if _is_seen(letter))
    return " ".join("".join(seen).split())


def _is_seen(letter: str) -> bool:
    category = unicodedata.category(letter)
    return letter.isspace() or letter in "\u200c\u200d" or category not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def named(text: str) -> tuple[str, int | None]:
    """Return a title and the year in brackets behind it."""
    name = clean(text[: 4 * LONGEST_NAME])
    said = _YEAR_BEHIND.search(name)
    return (name[: said.start()].rstrip(), int(said[1])) if said and said.start() else (name, None)


def year_of(text: str) -> int | None:
    """Return the year in a year, a date, or milliseconds since 1970."""
    said = text.strip()[:40]
    if _MILLISECONDS.fullmatch(said):
        return 1970 + int(said) // 31_556_952_000
    found = _YEAR.search(said)
    return int(found[1]) if found else None


def day_written(text: str) -> str:
    """Return a date as it is written, without the midnight that a program adds to a day; "" for a year alone."""
    said = clean(text[:100])
    plain = _MIDNIGHT.sub("", said)
    return "" if _YEAR.fullmatch(plain) or _MILLISECONDS.fullmatch(plain) else plain


def season_number(text: str) -> int | None:
    """Return the number of a season, None for what is no number."""
    said = text.strip().removesuffix(".0")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 4 else None


def ids_of(row: Row, shape: ListShape, form: WorkForm | None) -> dict[str, str]:
    """Return the numbers in catalogues that sources know, in the way in which they write them."""
    only = plain_key(row.values.get(shape.numbers_of, "")) if shape.numbers_of else ""
    found = {}
    for catalogue, columns in shape.ids.items():
        if shape.numbers_of and not only.startswith(catalogue.removeprefix("the")):
            continue
        number = next(
            (id_ for column in columns if (id_ := number_in(catalogue, row.values.get(column, ""), form))), ""
        )
        if number:
            found[catalogue] = number
    return found


def number_in(catalogue: str, text: str, form: WorkForm | None) -> str:
    """Return the number of a work in a catalogue, out of a number, an address, or `imdb://…`; "" if there is none."""
    said = text.strip()[:300]
    if catalogue == "imdb":
        found = _IMDB.search(said)
        return found[0] if found else ""
    if catalogue == "tmdb":
        return _tmdb(said, form)
    linked = _TVMAZE.search(said) if catalogue == "tvmaze" else None
    number = linked or _NUMBER.fullmatch(said)
    return number[1] if number else ""


def _tmdb(said: str, form: WorkForm | None) -> str:
    linked = _TMDB.search(said)
    if linked:
        return f"{linked[1]}/{linked[2]}"
    number = _NUMBER.fullmatch(said)
    if not number or form is None:
        return ""
    return f"{'movie' if form is WorkForm.FILM else _SERIES_PATH}/{number[1]}"
