"""Finds the entries in a JSON file, wherever in it they stand, and returns each as a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reminder.core.lists.rows import Row, flat, plain_key
from reminder.core.lists.values import ListError

DEEPEST: Final = 5
"""How many steps into a file lists of entries are looked for."""

_NO_ENTRIES: Final = frozenset(
    {"seasons", "episodes", "reviews", "seenhistory", "activity", "included", "links", "paging"}
)
_ITS_LISTS: Final = frozenset({"entries", "items"})
"""Keys under which an element of a list holds the entries themselves."""


def parse(text: str) -> list[Any]:
    """Return the values of a file: one, or one on each line. Raises ListError."""
    try:
        return [json.loads(text)]
    except RecursionError:
        raise ListError("this looks like JSON, and is nested too deep to be read") from None
    except ValueError as error:
        lines = _each_line(text)
        if lines is None:
            raise ListError(f"this looks like JSON, and cannot be read as such: {error}") from None
        return lines


def _each_line(text: str) -> list[Any] | None:
    found = []
    for line in text.split("\n"):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                return None
    return found if len(found) > 1 else None


def entries(values: list[Any]) -> list[Row]:
    """Return what a file holds, as rows numbered from 1: exports differ in how deep their lists stand."""
    whole = values[0] if len(values) == 1 else values
    prepared = _joined(whole) if isinstance(whole, dict) else whole
    rows: list[Row] = []
    for place, entry in _entries(prepared, "", DEEPEST):
        rows.append(_row(entry, place, len(rows) + 1))
    return rows


def _row(entry: object, place: str, line: int) -> Row:
    if isinstance(entry, dict):
        return flat(entry, place, line)
    return Row(line=line, values={"title": str(entry), "in": place})


def _entries(value: object, path: str, deep: int) -> Iterator[tuple[str, object]]:
    """Yield each entry with the path of the list in which it stands; a list of lists is each of them."""
    if isinstance(value, list):
        for inner in value:
            yield from _of_list(inner, path, deep)
    elif isinstance(value, dict) and deep:
        yield from _of_object(value, path, deep)


def _of_object(value: Mapping[str, Any], path: str, deep: int) -> Iterator[tuple[str, object]]:
    """Yield the entries of an object: itself where it is one title, else those by number or in its lists."""
    if not path and isinstance(value.get("title"), str) and not any(map(_holds_entries, value.values())):
        yield path, value
    elif _is_numbered(value):
        yield from ((path, {"appid": number, **inner}) for number, inner in value.items())
    else:
        for name, inner in value.items():
            if isinstance(inner, list | dict) and plain_key(name) not in _NO_ENTRIES:
                yield from _entries(inner, _below(path, name), deep - 1)


def _below(path: str, name: str) -> str:
    return f"{path}.{plain_key(name)}" if path else plain_key(name)


def _of_list(inner: object, path: str, deep: int) -> Iterator[tuple[str, object]]:
    """Yield an element of a list as an entry, or the entries of the lists that are in it."""
    match inner:
        case dict():
            lists = [name for name, value in inner.items() if _holds_entries(value) and plain_key(name) in _ITS_LISTS]
            if not (lists and deep):
                yield path, inner
                return
            for name in lists:
                yield from _entries(inner[name], _below(path, name), deep - 1)
        case list() if deep:
            yield from _entries(inner, path, deep - 1)
        case str() if inner.strip():
            yield path, inner


def _holds_entries(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _is_numbered(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a list in other clothes: entries by their number, as Steam writes its wishlist."""
    return bool(value) and all(key.isdecimal() and isinstance(inner, dict) for key, inner in value.items())


def _joined(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer in the form of JSON:API (Kitsu) with each entry's work put into it."""
    data, included = found.get("data"), found.get("included")
    if not isinstance(data, list) or not isinstance(included, list):
        return found
    works = {
        (part.get("type"), part.get("id")): part for part in included if isinstance(part, dict) and _hashable(part)
    }
    return {"data": [_with_work(entry, works) for entry in data]}


def _hashable(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get("type"), str) and isinstance(part.get("id"), str | int)


def _with_work(entry: object, works: Mapping[Any, Any]) -> object:
    relations = entry.get("relationships") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(relations, dict):
        return entry
    for relation in relations.values():
        data = relation.get("data") if isinstance(relation, dict) else None
        if isinstance(data, dict) and _hashable(data) and (data["type"], data["id"]) in works:
            return {**entry, "media": works[data["type"], data["id"]]}
    return entry
