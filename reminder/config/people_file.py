"""The two forms of a file of subscribers, CSV and lines of JSON, as fields by name with the line they stand on."""

from __future__ import annotations

import codecs
import csv
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from reminder.config.names import did_you_mean
from reminder.core.errors import WrongInput
from reminder.core.lists.tables import HEADER_WITHIN, separator_of

WHO: Final = ("subscriber", "channel", "address", "titles")
SETTINGS: Final = ("timezone", "at", "quiet_hours", "remind", "notices", "digest", "language", "clock")
FIELDS: Final = (*WHO, *SETTINGS)
CREDIT: Final = "attribution"
"""A field that an export may have beside these: the credit that the sources of its dates ask for. It is not read."""
LONGEST_LINE: Final = 1024 * 1024
MOST_WIDE: Final = 64 * 1024 * 1024
"""The most of a file that is read at once, where it cannot be read line by line: UTF-16, old line ends, JSON lists."""
MARKS: Final = ",\t;|"
_NAME: Final = "subscriber"
_TAKEN: Final = (*FIELDS, CREDIT)
_SPACES: Final = {0xA0: " ", 0x202F: " ", 0x2007: " "}
"""Spaces that do not break are spaces."""
_SUBSCRIBER: Final = re.compile(r'"subscriber"\s{0,20}:', re.IGNORECASE)
_COMPUTED: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}")
_EXCEL: Final = re.compile(r"\d(?:[.,]\d{1,17})?[eE]\+?\d{1,3}")

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
        empty, first = 0, next(lines, "")
        while first and not first.strip():
            empty, first = empty + 1, next(lines, "")
        start = first.lstrip()[:1]
        if start == "[" or (start == "{" and not _is_json(first)):
            rows = _json_whole(self.path, "\n" * empty + first, lines)
        elif start == "{":
            rows = _json_rows(first, lines, empty + 1)
        else:
            rows = _csv_rows(self.path, first, lines, empty + 1)
        for line, values in rows:
            yield line, values if isinstance(values, str) else _shortened(values) or values

    def is_as_read(self) -> bool:
        """Tell whether the file still holds what was read of it to its end."""
        digest = hashlib.sha256()
        try:
            with self.path.open("rb") as opened:
                for raw in _pieces(opened):
                    digest.update(raw)
        except OSError:
            return False
        return digest.hexdigest() == self.digest

    def _lines(self) -> Iterator[str]:
        digest, self.read = hashlib.sha256(), 0
        try:
            with self.path.open("rb") as opened:
                pieces = _pieces(opened)
                for number, raw in enumerate(pieces, 1):
                    digest.update(raw)
                    self.read += len(raw)
                    yield _text(self.path, number, raw)
        except OSError as error:
            raise WrongInput(f"{self.path} cannot be read: {error.strerror}") from None
        self.digest = digest.hexdigest()


def _pieces(opened: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file with their ends: those of Excel for the Mac may be carriage returns alone."""
    head = opened.read(LONGEST_LINE)
    opened.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = opened.read(MOST_WIDE).decode("utf-16", "replace")
        yield from (f"{line}\n".encode() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    elif b"\r" in head and b"\n" not in head:
        yield from (piece + b"\n" for piece in opened.read(MOST_WIDE).split(b"\r"))
    else:
        yield from opened


def _text(path: Path, number: int, raw: bytes) -> str:
    if len(raw) > LONGEST_LINE:
        raise WrongInput(
            f"{path}:{number}: this line is longer than {LONGEST_LINE // 1024} KiB: that is not a subscriber"
        )
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise WrongInput(f"{path}:{number}: this is not UTF-8 text: save the file as UTF-8") from None
    return text if text.isascii() else text.translate(_SPACES)


def holds_people(path: Path) -> bool:
    """Tell whether a file is one of subscribers: by its first lines, whatever it is called."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(LONGEST_LINE)
    except OSError:
        return False
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = raw.decode("utf-16" if wide else "utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip()[:1] in {"{", "["}:
        return _SUBSCRIBER.search(text) is not None
    lines = text.split("\n")[:HEADER_WITHIN]
    return any(_is_header(_cells(line, mark), number) for number, line in enumerate(lines) for mark in MARKS)


def _is_header(names: Sequence[str], number: int) -> bool:
    """Tell whether a line names the columns of people; below the first line a single word is a title."""
    return _NAME in names and (len(names) > 1 or number == 0)


# The two forms -------------------------------------------------------------------------------------------------------


def _cells(line: str, mark: str) -> list[str]:
    """Return the names of columns that a line would have; a line that cannot be split has none."""
    try:
        found = next(csv.reader([line.rstrip("\n")], delimiter=mark), [])
    except csv.Error:
        return []
    names = [cell.strip().lower() for cell in found]
    while names and not names[-1]:
        names.pop()
    return names


def _header(path: Path, first: str, lines: Iterator[str], at: int) -> tuple[int, str, list[str]]:
    """Return the line that names the columns, what separates them, and the names: a few other lines may stand above."""
    said = None
    for number, line in enumerate(itertools.chain([first], itertools.islice(lines, HEADER_WITHIN - 1)), at):
        said = said or separator_of(line)
        for mark in said or MARKS:
            names = _cells(line, mark)
            if _NAME in names:
                return number, mark, names
    raise WrongInput(f"{path}:1: the column 'subscriber' is missing: add it")


def _csv_rows(path: Path, first: str, lines: Iterator[str], begins: int) -> Iterator[tuple[int, Values | str]]:
    at, delimiter, names = _header(path, first, lines, begins)
    _must_be_columns(names, f"{path}:{at}")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + at + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"this is not a line of CSV ({error}): put a text with quotes or commas in it in quotes"
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            yield (
                line,
                f"there are {len(cells)} fields, and {len(names)} columns: put a text with {delimiter} in it in quotes",
            )
        elif any(cells):
            yield line, {name: from_cell(cell.strip()) for name, cell in zip(names, cells, strict=False)}


def _must_be_columns(names: Sequence[str], place: str) -> None:
    """Raise WrongInput for columns that are unknown, there twice, or missing."""
    problems = [
        f"{place}: unknown column {name!r}, {did_you_mean(name, FIELDS)}" for name in names if name not in _TAKEN
    ]
    problems += [f"{place}: the column {name!r} appears twice" for name in {n for n in names if names.count(n) > 1}]
    problems += [f"{place}: the column {name!r} is missing: add it" for name in (_NAME, "titles") if name not in names]
    if problems:
        raise WrongInput(*problems)


def to_cell(text: str) -> str:
    """Return a text as a spreadsheet shows it: one that it would compute (`=…`, `@…`) has an apostrophe in front."""
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text


def from_cell(text: str) -> str:
    """Return the text that `to_cell` was given."""
    return text[1:] if text.startswith("'") and _COMPUTED.match(text[1:]) else text


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _json_rows(first: str, lines: Iterator[str], number: int) -> Iterator[tuple[int, Values | str]]:
    text = first
    while text:
        if text.strip():
            yield number, _json_row(text)
        number, text = number + 1, next(lines, "")


def _json_row(text: str) -> Values | str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"this line is not JSON: {error}"
    return _person(found)


def _person(found: object) -> Values | str:
    if not isinstance(found, dict):
        return 'a line holds one subscriber: write {"subscriber": …, "titles": […]}'
    unknown = [f"unknown key {name!r}, {did_you_mean(name, FIELDS)}" for name in found if name not in _TAKEN]
    return "; ".join(unknown) or {name: value for name, value in found.items() if value is not None}


def _json_whole(path: Path, first: str, lines: Iterator[str]) -> Iterator[tuple[int, Values | str]]:
    """Yield the people of a list in JSON, or of objects over several lines, each with the line it begins on."""
    text = _all_of(path, first, lines)
    decoder = json.JSONDecoder()
    at, line, counted = 0, 1, 0
    while at < len(text):
        if text[at].isspace() or text[at] in "[],":
            at += 1
            continue
        line, counted = line + text.count("\n", counted, at), at
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield line, f"this is not JSON: {error}"
            return
        for person in _people_in(found):
            yield line, _person(person)


def _people_in(found: object) -> list[object]:
    """Return the people of an object: itself, or those in the one list that it has."""
    if isinstance(found, dict) and _NAME not in found:
        lists = [value for value in found.values() if isinstance(value, list)]
        if len(lists) == 1:
            return lists[0]
    return [found]


def _all_of(path: Path, first: str, lines: Iterator[str]) -> str:
    parts, size = [first], len(first)
    for line in lines:
        parts.append(line)
        size += len(line)
        if size > MOST_WIDE:
            raise WrongInput(f"{path}: this JSON is too large to be read as one: write one subscriber a line")
    return "".join(parts)


def _shortened(values: Values) -> str | None:
    """Return what is wrong with an address that a spreadsheet has shortened, as in `1,23457E+11`."""
    said = values.get("address")
    if isinstance(said, float) or (isinstance(said, str) and _EXCEL.fullmatch(said.strip())):
        return (
            f'address: "{said}" is a number that a spreadsheet has shortened: give the column the format "text" there,'
            " and write the number again in full"
        )
    return None


# Titles in one field -------------------------------------------------------------------------------------------------


def split_titles(text: str) -> list[str]:
    r"""Return the titles of one field: separated by `;`, where `\;` is a sign in a title."""
    parts = text.replace("\\;", "\0").split(";")
    return [word for part in parts if (word := " ".join(part.replace("\0", ";").split()))]


def join_titles(titles: Iterable[str]) -> str:
    """Return titles as one field; `split_titles` reads it back."""
    return ";".join(title.replace(";", "\\;") for title in titles)
