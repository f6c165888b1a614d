"""Fits a table into a terminal: columns with one value in all rows go first, then long texts move below their row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.cells import cell_len

from reminder.core.text.markup import clean

Row = dict[str, Any]
Style = str | Callable[[Row], str]
Part = tuple[str, str]
"""A text and its style."""

GAP: Final = 3
INDENT: Final = 4
LONGEST_WORD: Final = 20
"""A column is not made so narrow that words break, but for words longer than this."""
SHORTEST_PART: Final = 8
"""Where not even words fit side by side, they break, but into no less than this."""
READABLE: Final = 24
"""A text that would be folded more narrowly than this goes below its row, if its column may."""


WIDEST: Final = 72
"""Where there is no end to a line, one text longer than this does not widen its column for all the others."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: which value, under which heading, in which style.

    `whole` keeps its cells unbroken. Where the terminal is too narrow, an `obvious` column is left out when it says
    the same in every row, and the text of a `below` column goes on a line of its own if it would be hard to read. One
    that is to `give_way` does so only where there is no room for all of them.
    """

    key: str
    heading: str
    style: Style = ""
    whole: bool = False
    obvious: bool = False
    below: bool = False
    give_way: bool = False

    def style_of(self, row: Row) -> str:
        """Return the style of this column's cell in `row`."""
        return self.style if isinstance(self.style, str) else self.style(row)

    def text_of(self, row: Row) -> str:
        """Return this column's cell in `row`."""
        return cell(row.get(self.key))


def cell(value: object) -> str:
    """Return a value as a table shows it: on one line, with nothing in it that could turn a terminal about."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return clean(", ".join(str(item) for item in value))
    return clean(str(value))


def table(rows: Sequence[Row], columns: Sequence[Column], width: int | None) -> Iterator[list[Part]]:
    """Yield the lines of a table, each in parts with their styles; `width` is what there is of it, None for all."""
    shown, below = _arranged(rows, [column for column in columns if any(map(column.text_of, rows))], width)
    widths = _widths(rows, shown, width)
    fold = width is not None
    yield from _lines([column.heading for column in shown], ["bold"] * len(shown), widths, fold=fold)
    yield [("─" * min(_total(widths), width or _total(widths)), "dim")]
    for row in rows:
        yield from _lines(
            [column.text_of(row) for column in shown], [column.style_of(row) for column in shown], widths, fold=fold
        )
        for column in filter(lambda column: column.text_of(row), below):
            for text in wrapped(column.text_of(row), (width or 0) - INDENT):
                yield [(" " * INDENT + text, column.style_of(row))]


def _arranged(rows: Sequence[Row], columns: Sequence[Column], width: int | None) -> tuple[list[Column], list[Column]]:
    """Return the columns that stand side by side, and those whose texts go below their rows."""
    shown = list(columns)
    if width is None or _natural(rows, shown) <= width:
        return shown, []
    shown = [column for column in shown if not (column.obvious and len(set(map(column.text_of, rows))) == 1)]
    below = []
    while lower := _to_go_below(rows, shown, width):
        shown.remove(lower)
        below.append(lower)
    return shown, [column for column in columns if column in below]


def _cells(rows: Sequence[Row], column: Column) -> list[str]:
    return [column.heading, *(column.text_of(row) for row in rows)]


def _natural(rows: Sequence[Row], columns: Sequence[Column]) -> int:
    return _total([max(map(cell_len, _cells(rows, column))) for column in columns])


def _to_go_below(rows: Sequence[Row], columns: Sequence[Column], width: int) -> Column | None:
    """Return the column that goes below its rows: one that would be hard to read beside the others, or in their way."""
    if _natural(rows, columns) <= width:
        return None
    widths = _widths(rows, columns, width)
    is_crowded = _total(widths) > width
    for column, here in zip(columns, widths, strict=True):
        if column.below and (is_crowded or here < min(READABLE, max(map(cell_len, _cells(rows, column))))):
            return column
    return next((column for column in columns if is_crowded and column.give_way), None)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _widths(rows: Sequence[Row], columns: Sequence[Column], width: int | None) -> list[int]:
    """Return the widths of the columns: as wide as their cells, or narrowed down to their words, or through them."""
    if width is None:
        return [max(here for here in map(cell_len, _cells(rows, column)) if here <= WIDEST) for column in columns]
    widths = [max(map(cell_len, _cells(rows, column))) for column in columns]
    words = [max(map(_longest_word, _cells(rows, column))) for column in columns]
    for most in (LONGEST_WORD, SHORTEST_PART):
        least = [
            here if column.whole else min(word, most) for column, here, word in zip(columns, widths, words, strict=True)
        ]
        widths = _narrowed(widths, least, width)
    return widths


def _narrowed(widths: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Return the widths, taken from the widest that may still give, until they fit."""
    found = list(widths)
    while _total(found) > width:
        loose = [number for number in range(len(found)) if found[number] > least[number]]
        if not loose:
            break
        found[max(loose, key=lambda number: found[number])] -= 1
    return found


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in text.split()), default=0)


def _lines(
    texts: Sequence[str], styles: Sequence[str], widths: Sequence[int], *, fold: bool = True
) -> Iterator[list[Part]]:
    """Yield the one or more lines of a row; without `fold` what is too long pushes the rest of its row aside."""
    folded = [
        wrapped(text, width) if fold and cell_len(text) > width else [text]
        for text, width in zip(texts, widths, strict=True)
    ]
    for number in range(max(map(len, folded), default=0)):
        parts: list[Part] = []
        for texts_here, style, width in zip(folded, styles, widths, strict=True):
            text = texts_here[number] if number < len(texts_here) else ""
            parts += [(text, style), (" " * (max(width - cell_len(text), 0) + GAP), "")]
        yield _without_end(parts)


def _without_end(parts: list[Part]) -> list[Part]:
    while parts and not parts[-1][0].strip():
        parts.pop()
    return parts


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines no wider than `width`, broken between words, or within one that is too long."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        lines += [line] if line else []
        *whole, line = _broken(word, max(width, 1))
        lines += whole
    return [*lines, line]


def _broken(word: str, width: int) -> list[str]:
    parts = [""]
    for char in word:
        if parts[-1] and cell_len(parts[-1] + char) > width:
            parts.append("")
        parts[-1] += char
    return parts
