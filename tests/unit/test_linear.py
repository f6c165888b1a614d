"""No text from outside costs more than linear time: every pattern is fed runs of every sign that it names, and counted."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

import reminder
from tests.support.steps import Steps

pytestmark = pytest.mark.properties

#: Announcements and web pages have bounds, and a test, of their own; tables are changed with the program stopped.
ELSEWHERE: Final = (
    "reminder.announcements.reading",
    "reminder.announcements.article",
    "reminder.announcements.page",
    "reminder.store.migrations",
)
#: What these read comes from whoever runs the program: config, command line, and the URLs of channels.
ONES_OWN: Final = (
    "reminder.config",
    "reminder.cli",
    "reminder.core.dates.local_time",
    "reminder.core.model.database",
    "reminder.notify.schemas",
    "reminder.notify.urls",
)
SHORT: Final = 10
LONG: Final = 200
GROWTH: Final = 2.6
"""Twice the text may cost so many times as much; what grows with the square costs four times."""

FUNCTIONS: Final = frozenset({"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})


@dataclass(frozen=True, kw_only=True)
class Found:
    """A pattern, and whether it is only ever tried at the beginning of a text."""

    pattern: re.Pattern[Any]
    at_beginning: bool


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(reminder.__path__, "reminder."):
        if not found.name.startswith((*ELSEWHERE, *ONES_OWN)) and not found.name.endswith("__main__"):
            yield found.name


def compiled(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from compiled(item)
    elif isinstance(value, dict):
        yield from compiled([*value.keys(), *value.values()])


def written(path: Path) -> Iterator[Found]:
    """Yield the patterns that are written where they are used."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in FUNCTIONS
        text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if is_re and isinstance(text, (str, bytes)):
            at_beginning = node.func.attr in {"match", "fullmatch"}
            yield Found(pattern=re.compile(text), at_beginning=at_beginning)


def uses(path: Path) -> dict[str, set[str]]:
    """Return how a module uses each name: `NAME.match` gives `{"NAME": {"match"}}`, anything else `?`."""
    found: dict[str, set[str]] = defaultdict(set)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id].add(called.get(id(node), "?"))
    return found


def patterns() -> dict[str, Found]:
    loaded = [importlib.import_module(name) for name in modules()]
    used = {module.__name__: uses(Path(module.__file__ or "")) for module in loaded}
    found: dict[str, Found] = {}
    for module in loaded:
        for name, value in vars(module).items():
            # What is private is used at home; what is public also where it is imported.
            homes = [module.__name__] if name.startswith("_") else list(used)
            ways = set[str]().union(*(used[home][name] for home in homes))
            for pattern in compiled(value):
                found.setdefault(
                    str(pattern.pattern),
                    Found(pattern=pattern, at_beginning=bool(ways) and ways <= {"match", "fullmatch"}),
                )
    for module in loaded:
        for each in written(Path(module.__file__ or "")):
            found.setdefault(str(each.pattern.pattern), each)
    return found


def runs(signs: list[str], length: int) -> Iterator[str]:
    """Yield runs of every sign, and of every two that are no letters and follow each other, also with a bad end."""
    marks = [sign for sign in signs if not sign.isalnum()]
    units = [*signs, *(one + other for one, other in pairwise([*marks, *marks[:1]]))]
    for unit in units:
        yield unit * length
        yield f"a{unit * length}\0"


def growth(steps: Steps, signs: list[str], length: int, *, at_beginning: bool) -> tuple[float, str]:
    """Return how many times as much the worst text costs when it is twice as long, and how that text begins."""
    ways = (steps.match, steps.fullmatch) if at_beginning else (steps.find_all, steps.fullmatch)
    pairs = zip(runs(signs, length), runs(signs, 2 * length), strict=True)
    return max((way(long) / max(way(short), length), short[:4]) for short, long in pairs for way in ways)


def worst_of(found: Found) -> tuple[float, str]:
    """Return how fast the cost of a pattern grows; a repeat with a bound grows no more beyond it."""
    steps = Steps(found.pattern)
    signs = list(steps.signs()) or ["a"]
    worst = growth(steps, signs, SHORT, at_beginning=found.at_beginning)
    return worst if worst[0] <= GROWTH else growth(steps, signs, LONG, at_beginning=found.at_beginning)


def test_every_pattern_takes_twice_the_steps_for_twice_the_text() -> None:
    found = patterns()
    grown = {name: worst for name, each in found.items() if (worst := worst_of(each))[0] > GROWTH}
    assert len(found) > 60
    assert grown == {}


@pytest.mark.parametrize("pattern", [r"\s+$", r".+?[-,]*\bx", r"(?:a+)+b", r"[a-z]+://", r"(\d+),(\d+)x"])
def test_what_grows_faster_than_its_text_is_noticed(pattern: str) -> None:
    steps = Steps(re.compile(pattern))
    assert growth(steps, list(steps.signs()), 8, at_beginning=False)[0] > GROWTH
