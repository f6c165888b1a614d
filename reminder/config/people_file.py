"""The two forms of a file of subscribers, CSV and lines of JSON, as fields by name with the line they stand on."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reminder.config.names import did_you_mean
from reminder.errors import WrongInput

WHO: Final = ("subscriber", "channel", "address", "titles")
SETTINGS: Final = ("timezone", "at", "quiet_hours", "remind", "notices", "digest", "clock")
FIELDS: Final = (*WHO, *SETTINGS)
CREDIT: Final = "attribution"
"""What an export may have beside these fields: what the sources of the titles' dates ask to be shown. It is not read."""
LONGEST_LINE: Final = 1024 * 1024
_TAKEN: Final = (*FIELDS, CREDIT)

Values = Mapping[str, Any]


@dataclass(kw_only=True)
class PeopleFile:
    """A file of subscribers; `read` counts the bytes read so far, `digest` is known at its end."""

    path: Path
    read: int = 0
    digest: str = ""

    def values(self) -> Iterator[tuple[int, Values | str]]:
        """Yield each row's line and its fields by name, or what is wrong with the line. Raises WrongInput."""
        lines = self._lines()
        first = next(lines, "")
        yield from _json_rows(first, lines) if first.lstrip().startswith("{") else _csv_rows(self.path, first, lines)

    def _lines(self) -> Iterator[str]:
        digest, self.read = hashlib.sha256(), 0
        try:
            with self.path.open("rb") as opened:
                for number, raw in enumerate(opened, 1):
                    digest.update(raw)
                    self.read += len(raw)
                    yield _text(self.path, number, raw)
        except OSError as error:
            raise WrongInput(f"{self.path} cannot be read: {error.strerror}") from None
        self.digest = digest.hexdigest()


def _text(path: Path, number: int, raw: bytes) -> str:
    if len(raw) > LONGEST_LINE:
        raise WrongInput(
            f"{path}:{number}: this line is longer than {LONGEST_LINE // 1024} KiB: that is not a subscriber"
        )
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise WrongInput(f"{path}:{number}: this is not UTF-8 text: save the file as UTF-8") from None


def holds_people(path: Path) -> bool:
    """Tell whether a file is one of subscribers: by its first line, whatever it is called."""
    try:
        with path.open("rb") as opened:
            first = opened.readline(LONGEST_LINE).decode("utf-8-sig", "replace")
    except OSError:
        return False
    if first.lstrip().startswith("{"):
        try:
            found = json.loads(first)
        except (ValueError, RecursionError):
            return False
        return isinstance(found, dict) and "subscriber" in found
    return "subscriber" in {cell.strip().lower() for cell in next(csv.reader([first], delimiter=_delimiter(first)), [])}


# The two forms ---------------------------------------------------------------------------------------------------------


def _delimiter(header: str) -> str:
    return next((mark for mark in (",", "\t", ";") if mark in header), ",")


def _csv_rows(path: Path, header: str, lines: Iterator[str]) -> Iterator[tuple[int, Values | str]]:
    delimiter = _delimiter(header)
    names = [cell.strip().lower() for cell in next(csv.reader([header], delimiter=delimiter), [])]
    problems = [
        f"{path}:1: unknown column {name!r}, {did_you_mean(name, FIELDS)}" for name in names if name not in _TAKEN
    ]
    problems += [f"{path}:1: the column {name!r} appears twice" for name in {n for n in names if names.count(n) > 1}]
    problems += [
        f"{path}:1: the column {name!r} is missing: add it" for name in ("subscriber", "titles") if name not in names
    ]
    if problems:
        raise WrongInput(*problems)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"this is not a line of CSV ({error}): put a text with quotes or commas in it in quotes"
            continue
        if len(cells) > len(names):
            yield (
                line,
                f"there are {len(cells)} fields, and {len(names)} columns: put a text with {delimiter} in it in quotes",
            )
        elif any(cells):
            yield line, dict(zip(names, cells, strict=False))


def _json_rows(first: str, lines: Iterator[str]) -> Iterator[tuple[int, Values | str]]:
    number, text = 1, first
    while text:
        if text.strip():
            yield number, _json_row(text)
        number, text = number + 1, next(lines, "")


def _json_row(text: str) -> Values | str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"this line is not JSON: {error}"
    if not isinstance(found, dict):
        return 'a line holds one subscriber: write {"subscriber": …, "titles": […]}'
    unknown = [f"unknown key {name!r}, {did_you_mean(name, FIELDS)}" for name in found if name not in _TAKEN]
    return "; ".join(unknown) or {name: value for name, value in found.items() if value is not None}


# Titles in one field --------------------------------------------------------------------------------------------------


def split_titles(text: str) -> list[str]:
    r"""Return the titles of one field: separated by `;`, where `\;` is a sign in a title."""
    parts = text.replace("\\;", "\0").split(";")
    return [word for part in parts if (word := " ".join(part.replace("\0", ";").split()))]


def join_titles(titles: Iterable[str]) -> str:
    """Return titles as one field; `split_titles` reads it back."""
    return ";".join(title.replace(";", "\\;") for title in titles)
