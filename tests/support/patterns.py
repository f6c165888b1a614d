"""Every pattern that sees the text of an announcement, found by walking through the modules that hold them."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import reminder.announcements.article
import reminder.announcements.page
import reminder.announcements.reading
from reminder.announcements.reading.patterns import Pattern


def every_pattern() -> dict[str, Pattern]:
    """Return the patterns of `announcements.reading` and `articles` by the name of the place that holds each."""
    modules = _modules()
    held = {
        f"{module.__name__.rpartition('.')[2]}.{name}{place}": pattern
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__")
        for place, pattern in _within(value, "")
    }
    inline = {f"{module.__name__}:{line}": pattern for module in modules for line, pattern in _inline(module)}
    return {**held, **inline}


def signs_of(pattern: Pattern) -> list[str]:
    """Return a sign for each that a pattern names, and for each of its classes."""
    classes = {"s": " ", "w": "a", "d": "1", "n": "\n", "W": "-", "D": "a", "S": "a"}
    named = {found[1] for found in re.finditer(r"([^\\\w]|\\\W)", pattern.text)}
    of_classes = {sign for name, sign in classes.items() if f"\\{name}" in pattern.text}
    return sorted({sign[-1] for sign in named} | of_classes | {"a", "A", "1", " "})


def work_of(task: Callable[[], object]) -> int:
    """Return the steps that a task takes: each call of a function, and each letter that is handed to a pattern."""
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}
        if event == "call" and isinstance(frame.f_locals.get("self"), Pattern) and "text" in frame.f_locals:
            steps += len(frame.f_locals["text"][frame.f_locals.get("start", 0) :][: frame.f_locals.get("end")])

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        task()
    finally:
        sys.setprofile(before)
    return steps


def _modules() -> list[Any]:
    package = reminder.announcements.reading
    names = [found.name for found in pkgutil.iter_modules(package.__path__)]
    reading = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [*reading, reminder.announcements.article, reminder.announcements.page]


def _inline(module: Any) -> Iterator[tuple[int, Pattern]]:
    """Yield the patterns that stand in a call of `re` itself, with their lines."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("re.") or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield node.lineno, Pattern(first.value, re.IGNORECASE)


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
