"""The names of people in the stored form of a listed entry: who follows it, who stopped, whose leads are their own."""

from __future__ import annotations

from typing import Any, Final

from reminder.store.sql.records import Json

BY_NAME: Final = ("followers", "ladders")
NAMES: Final = ("stopped",)


def without_name(spec: Json, name: str) -> Json:
    """Return a title's stored form without a person."""
    by_name = {key: {other: own for other, own in spec[key].items() if other != name} for key in _in(spec, BY_NAME)}
    return {**spec, **by_name, **{key: [other for other in spec[key] if other != name] for key in _in(spec, NAMES)}}


def with_new_name(spec: Json, old: str, new: str) -> Json:
    """Return a title's stored form in which a person has another name.

    Where both names stand in it, what was set for the newer counts, else what was for the older.
    """
    by_name = {key: _renamed(spec[key], old, new) for key in _in(spec, BY_NAME)}
    names = {key: sorted({new if name == old else name for name in spec[key]}) for key in _in(spec, NAMES)}
    return {**spec, **by_name, **names}


def _in(spec: Json, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if spec.get(key)]


def _renamed(by_name: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    if old not in by_name:
        return by_name
    kept = {new if name == old else name: own for name, own in by_name.items() if name != new}
    kept[new] = by_name.get(new) or by_name[old]
    return kept
