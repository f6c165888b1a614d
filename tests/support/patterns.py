"""Every pattern that sees the text of an announcement, found by walking through the modules that hold them."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import reminder.articles
import reminder.core.reading
from reminder.core.reading.patterns import Pattern


def every_pattern() -> dict[str, Pattern]:
    """Return the patterns of `core.reading` and `articles` by the name of the place that holds each."""
    package = reminder.core.reading
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    ]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}{place}": pattern
        for module in [*modules, reminder.articles]
        for name, value in vars(module).items()
        if not name.startswith("__")
        for place, pattern in _within(value, "")
    }


def _within(value: Any, place: str) -> Iterator[tuple[str, Pattern]]:
    if isinstance(value, Pattern):
        yield place, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(each, f"{place}[{key}]")
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _within(each, f"{place}[{number}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in dataclasses.fields(value):
            yield from _within(getattr(value, part.name), f"{place}.{part.name}")
