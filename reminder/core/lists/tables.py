"""Splits tables: CSV in the dialects of spreadsheets, whose header may stand below some lines of other text."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from reminder.core.lists.markdown import is_rule_of_table, unmarked
from reminder.core.lists.programs import PLAIN, shape_of
from reminder.core.lists.rows import Row, plain_key
from reminder.core.lists.shapes import CSV, FLAT_IDS, ListShape
from reminder.core.lists.values import ListError

HEADER_WITHIN: Final = 20
"""How many rows are looked at for the one with the names of the columns."""
MARKS: Final = ",;\t|"

IDS: Final = frozenset(column for columns in FLAT_IDS.values() for column in columns if column.endswith("id"))
"""Columns of numbers: a list may have these alone, without names."""

_SEPARATOR: Final = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)

Cells = tuple[int, list[str]]


def separator_of(line: str) -> str | None:
    """Return the mark that Excel's first line names, as in `sep=;`."""
    said = _SEPARATOR.fullmatch(line.strip(" \n"))
    return said[1] if said and (said[1] in MARKS) else None


def split(text: str, mark: str) -> list[Cells]:
    """Return the rows of a table that have anything in them, each with its first line. Raises ListError."""
    rows = list(_rows(text, mark))
    if rows:
        _must_close(text, mark, rows[-1][0])
    return rows


def head_of(text: str, mark: str, most: int = HEADER_WITHIN) -> list[Cells]:
    """Return the first rows of a table; those before the first that cannot be read."""
    found: list[Cells] = []
    try:
        for row in _rows(text, mark):
            found.append(row)
            if len(found) >= most:
                break
    except ListError:
        pass
    return found


def _rows(text: str, mark: str) -> Iterator[Cells]:
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=mark)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not is_rule_of_table(cells):
                yield line, [unmarked(cell) for cell in cells] if mark == "|" else cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ListError(f"line {line} is not CSV ({error}): put a text with quotes or commas in it in quotes") from None


def _must_close(text: str, mark: str, line: int) -> None:
    """Refuse a table whose last row is one only because a quotation mark was never closed."""
    rest = [f"{part}\n" for part in text.split("\n")[line - 1 :]]
    try:
        list(csv.reader(rest, delimiter=mark, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise ListError(f"line {line}: a quotation mark is opened here and never closed: close it") from None


# The header ----------------------------------------------------------------------------------------------------------


def names_of(cells: Sequence[str]) -> list[str]:
    """Return the names of columns as the table of programs spells them."""
    return [_name_of(cell) for cell in cells]


def _name_of(cell: str) -> str:
    """Return the name of one column; `Movie/Show Name` is one of titles, as each of its parts is."""
    parts = [plain_key(part) for part in cell.split("/")]
    return "title" if len(parts) > 1 and set(parts) <= set(PLAIN.names) else plain_key(cell)


def header_in(head: Sequence[Cells], file: str) -> tuple[int, ListShape] | None:
    """Return which of the first rows names the columns, and the shape of the file; None if none does.

    A row that a program is recognised by goes before one that has only a column such as `title`.
    """
    for number, (_, cells) in enumerate(head):
        shape = shape_of(CSV, frozenset(names_of(cells)), file)
        if shape is not None:
            return number, shape
    for number, (_, cells) in enumerate(head):
        names = set(names_of(cells))
        is_heading = heading_of(cells) is not None or cells[0].rstrip().endswith(":")
        if names & (set(PLAIN.names) | IDS) and (len(cells) > 1 or number == 0) and not is_heading:
            return number, PLAIN
    return None


def as_rows(
    rows: Sequence[Cells], columns: Sequence[str], section: str = "", headers: Collection[int] = ()
) -> Iterator[Row]:
    """Yield the rows below a header by the names of their columns; of two columns of one name the first counts.

    A heading between the rows of Markdown (`section` is the one above the header) says what became of those below it,
    or what sort they are, where no column does. `headers` are the lines in which a further table begins.
    """
    for line, cells in rows:
        if names_of(cells) == list(columns):
            continue  # the header once more: another table of the file, or another page
        if line in headers:
            columns = names_of(cells)
            continue
        if heading_of(cells) is not None:
            section = heading_of(cells) or ""
            continue
        values: dict[str, str] = {}
        for column, cell in zip(columns, cells, strict=False):
            values.setdefault(column, cell)
        if section:
            values.setdefault("status", section)
            values.setdefault("type", section)
        yield Row(line=line, values=values)


def headers_of(text: str) -> frozenset[int]:
    """Return the lines (from 1) of Markdown above which no row of their table stands: a rule is drawn below each."""
    lines = text.split("\n")
    return frozenset(
        number
        for number, (line, below) in enumerate(pairwise(lines), 1)
        if "|" in line and "|" in below and is_rule_of_table(below.split("|")) and not is_rule_of_table(line.split("|"))
    )


def heading_of(cells: Sequence[str]) -> str | None:
    """Return the heading of Markdown that a row is, None for another row."""
    found = _HEADING.fullmatch(cells[0].strip()[:200]) if len(cells) == 1 else None
    return found[1] if found else None


_HEADING: Final = re.compile(r"#{1,6}\s+([^#]{1,200})#{0,6}")
