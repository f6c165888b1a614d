"""Recognises whose list a file is and reads its titles, each once; lists of people, books or music are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reminder.core.lists import jsons, people, plain, tables, xmls, yamls
from reminder.core.lists.fields import read_row
from reminder.core.lists.markdown import without_front_matter
from reminder.core.lists.programs import BOOKS, MAYBE_NAMES, MUSIC, OF_OTHERS, OF_WORKS, PLAIN, PROGRAMS, shape_of
from reminder.core.lists.rows import Row, columns_of, plain_key
from reminder.core.lists.shapes import IN, JSON, XML, ListShape
from reminder.core.lists.texts import decode
from reminder.core.lists.values import MAX_TITLES, LeftOut, LeftOutReason, ListError, TitleList, Wanted

LOOKED_AT = 500
"""How many entries of JSON are looked at to know whose they are."""

_READ = f"read are {', '.join(PROGRAMS)}; CSV with a column `title`; and text with one title a line"


def read_list(raw: bytes, file: str = "") -> TitleList:
    """Given the bytes of an export and the name of the file, return its titles, each once. Raises ListError."""
    text, guessed = decode(raw)
    found = read_text(text, file.casefold())
    return TitleList(kind=found.kind, titles=found.titles, dropped=found.dropped, encoding=guessed, advice=found.advice)


def read_text(text: str, file: str = "") -> TitleList:
    """Given the text of an export, return its titles, each once. Raises ListError."""
    body = without_front_matter(text.lstrip("\ufeff"))
    start = body.lstrip()[:1]
    if not start:
        raise ListError("the file is empty")
    if start == "<":
        return _xml(body.strip(), file)
    if start in {"[", "{"} and not _is_box(body):
        return _json(body, file)
    values = None if plain.is_config(body) else yamls.parse(body)
    return _table(body, file) if values is None else _of_values(values, file, "YAML")


def _is_box(text: str) -> bool:
    """Tell whether a text begins with the box of a list (`[ ] Silo`, `[x] Arrow`), not with JSON."""
    head = text.lstrip()[:4]
    return head[:3] in {"[ ]", "[x]", "[X]"} and not head[3:].strip()


def _result(kind: str, read: Iterable[Wanted | LeftOut], advice: str = "") -> TitleList:
    """Return what was read, each title once. A season of a title that is wanted whole is not wanted again."""
    unique: dict[object, Wanted] = {}
    dropped: list[LeftOut] = []
    for item in read:
        if isinstance(item, LeftOut):
            dropped.append(item)
        else:
            unique.setdefault((item.identity, item.season), item)
    whole = {item.identity for item in unique.values() if item.season is None}
    titles = tuple(item for item in unique.values() if item.season is None or item.identity not in whole)
    if len(titles) > MAX_TITLES:
        raise ListError(f"the list has more than {MAX_TITLES} titles")
    return TitleList(kind=kind, titles=titles, dropped=tuple(dropped), advice="" if titles else advice)


def _of_rows(rows: Sequence[Row], shape: ListShape, kind: str) -> TitleList:
    read = [read_row(row, shape) for row in rows]
    return _result(kind, _by_title(read) if shape.by_title else read, shape.advice)


def _by_title(read: Sequence[Wanted | LeftOut]) -> list[Wanted | LeftOut]:
    """Return rows so that what one says of a title counts for its others: TV Time has `follow` and `watch`."""
    seen = {item.item.identity: item.reason for item in read if isinstance(item, LeftOut)}
    left: dict[object, LeftOut] = {}
    kept: list[Wanted | LeftOut] = []
    for item in read:
        bare = item.item if isinstance(item, LeftOut) else item
        reason = seen.get(bare.identity)
        if reason is None:
            kept.append(item)
        else:
            left.setdefault(bare.identity, LeftOut(item=bare, reason=reason))
    return [*kept, *left.values()]


# Tables and lines ----------------------------------------------------------------------------------------------------


def _table(text: str, file: str) -> TitleList:
    first, _, rest = text.partition("\n")
    said = tables.separator_of(first)
    body = f"\n{rest}" if said else text
    header = _header_of(body, said or tables.MARKS, file)
    if header is None:
        _refuse_people_without_titles(body, said or tables.MARKS)
        return _result("plain text", plain.titles_of(body))
    mark, number, shape = header
    rows = tables.split(body, mark)
    _, names = rows[number]
    above = [heading for _, cells in rows[:number] if (heading := tables.heading_of(cells))]
    headers = tables.headers_of(body) if mark == "|" else frozenset[int]()
    read = tables.as_rows(rows[number + 1 :], tables.names_of(names), above[-1] if above else "", headers)
    if shape is not PLAIN:
        return _of_rows(list(read), shape, shape.program)
    _must_be_of_titles(names, rows[number + 1 :])
    is_markdown = mark == "|" and not names[0].strip()
    return _of_rows(list(read), shape, "a table in Markdown" if is_markdown else "plain CSV")


def _header_of(text: str, marks: str, file: str) -> tuple[str, int, ListShape] | None:
    """Return by which mark fields are separated, in which row their names stand, and whose they are; None without any.

    The header of a known program goes before others, then the one with the most columns.
    """
    headers = [
        (mark, *header) for mark in marks if (header := tables.header_in(tables.head_of(text, mark), file)) is not None
    ]
    return max(headers, key=lambda one: (one[2] is not PLAIN, _width(text, one[0], one[1])), default=None)


def _width(text: str, mark: str, number: int) -> int:
    return len(tables.head_of(text, mark, number + 1)[number][1])


def _refuse_people_without_titles(text: str, marks: str) -> None:
    for mark in marks:
        for _, cells in tables.head_of(text, mark, 3):
            column = people.column_of(cells) if len(cells) > 1 else None
            if column is not None:
                raise people.refusal(f'the column "{column.strip()}"')


def _must_be_of_titles(header: Sequence[str], rows: Sequence[tables.Cells]) -> None:
    """Refuse a table that is about people, books or music, before anything of it is looked up."""
    column = people.column_of(header)
    if column is not None:
        raise people.refusal(f'the column "{column.strip()}"')
    columns = tables.names_of(header)
    if BOOKS.intersection(columns):
        raise ListError(_IS_OF.format("books"))
    if MUSIC.intersection(columns):
        raise ListError(_IS_OF.format("music"))
    _must_be_works({plain_key(name): name.strip() for name in header if name.strip()})
    names_at = next((place for place, name in enumerate(columns) if name in PLAIN.names), None)
    for line, cells in rows:
        if any(people.holds_address(cell) for cell in cells) or _has_handle(cells, names_at):
            raise people.refusal(f"line {line} has an address")


def _has_handle(cells: Sequence[str], names_at: int | None) -> bool:
    """Tell whether a row has a handle elsewhere than in the column of the titles, one of which may be written so."""
    return any(people.is_handle(cell) for place, cell in enumerate(cells) if place != names_at)


_IS_OF: Final = "it is a list of {}: only series and films are followed through a source"


def _must_be_works(columns: Mapping[str, str]) -> None:
    """Refuse what has names of anything; given are its columns as they are compared and as they are written."""
    names = columns.keys()
    is_named = bool(names & (set(PLAIN.names) - MAYBE_NAMES))
    others = [written for name, written in columns.items() if name in OF_OTHERS]
    is_of_anything = not is_named and len(names) > 1 and names & MAYBE_NAMES
    if names & OF_WORKS or not (others or is_of_anything):
        return
    beside = others or [written for name, written in columns.items() if name not in PLAIN.names]
    said = ", ".join(f'"{name[:40]}"' for name in beside[:3])
    cure = _cure(is_named=is_named, has_others=bool(others))
    raise ListError(f"it does not say that it is a list of series and films (the columns {said}): if it is, {cure}")


def _cure(*, is_named: bool, has_others: bool) -> str:
    """Return what to change in the columns, so that a list is known to be one of series and films."""
    cures = ('call the column of the titles "title"', not is_named), ("leave such columns out", has_others)
    return ", and ".join(cure for cure, is_needed in cures if is_needed)


# JSON and XML --------------------------------------------------------------------------------------------------------


def _json(text: str, file: str) -> TitleList:
    return _of_values(jsons.parse(text.strip()), file, "JSON")


def _of_values(values: list[Any], file: str, kind: str) -> TitleList:
    rows = jsons.entries(values)
    columns = columns_of(rows[:LOOKED_AT])
    shape = shape_of(JSON, columns, file)
    if shape is not None:
        return _named(_of_rows(rows, shape, shape.program), shape)
    _must_be_json_of_titles(rows, columns)
    found = _of_rows(rows, PLAIN, kind)
    if not found.titles and not any(item.reason is not LeftOutReason.NAMELESS for item in found.dropped):
        raise ListError(f"no titles are in it: {_READ}")
    return found


def _named(found: TitleList, shape: ListShape) -> TitleList:
    """Return a list whose every entry has a name or a number that a source knows. Raises ListError if none has."""
    nameless = sum(item.reason is LeftOutReason.NAMELESS for item in found.dropped)
    if nameless and nameless == len(found.dropped) and not found.titles:
        raise ListError(
            f"it is {shape.program}'s, and has only numbers of its own in it, no names:"
            " write the titles as text, one a line"
        )
    return found


def _must_be_json_of_titles(rows: Sequence[Row], columns: frozenset[str]) -> None:
    column = people.column_of(path.rpartition(".")[2] for path in columns)
    if column is not None:
        raise people.refusal(f'the key "{column}"')
    for row in rows:
        if people.is_group(row.values.get("in", "")):
            raise people.refusal("a list of people in it")
        if any(people.holds_address(value) for value in row.values.values()):
            raise people.refusal(f"entry {row.line} has an address")
    names = {plain_key(path.rpartition(".")[2]) for path in columns}
    if names & BOOKS and "title" in names:
        raise ListError(_IS_OF.format("books"))
    _must_be_works({name: name for name in sorted(names) if name not in {IN, "id"}})


def _xml(text: str, file: str) -> TitleList:
    rows = xmls.entries(text)
    shape = shape_of(XML, columns_of(rows[:LOOKED_AT]), file)
    if shape is None:
        raise ListError("no titles are in it: the list is empty")
    return _of_rows(rows, shape, shape.program)
