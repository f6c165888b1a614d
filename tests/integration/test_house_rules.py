"""What CONTRIBUTING asks of the code, counted over the whole package: simple functions, known words, events in the log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Final

from tests.support import docs
from tests.support.docs import ROOT

PACKAGE: Final = ROOT / "reminder"

MOST_BRANCHES: Final = 12
"""The cyclomatic complexity that no function passes, as radon counts it."""

STILL_OVER: Final = frozenset({"announcements", "cli", "config", "core/model", "notify", "refresh", "sources", "store"})
"""Rooms that hold functions over it; the list may only shrink."""

BRANCHES: Final = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.comprehension)
INNER: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the package, taken apart, by its path in it."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text()) for path in paths}


def test_no_function_takes_more_branches_than_one_can_follow() -> None:
    over = {
        f"{module}:{node.lineno} {node.name}": count
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (count := branches(node)) > MOST_BRANCHES
    }
    rooms = {room for room in STILL_OVER for place in over if place.startswith(f"{room}/")}
    assert {place: count for place, count in over.items() if not place.startswith(tuple(STILL_OVER))} == {}
    assert rooms == STILL_OVER, "take the room that is done off the list"


def branches(function: ast.FunctionDef) -> int:
    """Count as radon does: one, and one for each branch, loop, condition and further operand of `and` and `or`."""
    count = 1
    left = list(ast.iter_child_nodes(function))
    while left:
        node = left.pop()
        if isinstance(node, INNER):
            continue
        count += isinstance(node, BRANCHES)
        match node:
            case ast.comprehension(ifs=conditions):
                count += len(conditions)
            case ast.BoolOp(values=operands):
                count += len(operands) - 1
            case ast.Match(cases=cases):
                count += len(cases) - 1
        left.extend(ast.iter_child_nodes(node))
    return count


LEVELS: Final = {"exception": "error"} | {level: level for level in ("debug", "info", "warning", "error", "critical")}

SAID_AS_IT_IS: Final = "daemon/app.py"
"""Where a command prints an error's own text as a warning."""


def test_every_event_of_the_log_stands_in_the_operator_s_guide_with_its_level() -> None:
    rows = docs.table(ROOT / "docs" / "operations.md", "event", "level", "what to do")
    listed = {(row["event"].strip("`"), row["level"]) for row in rows}
    assert len(rows) == len(listed)
    assert listed == set(events())


def events() -> Iterator[tuple[str, str]]:
    for module, tree in trees().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=name), args=[text, *values]):
                    if name in LEVELS and module != SAID_AS_IT_IS:
                        assert isinstance(text, ast.Constant), f"{module}:{node.lineno}: the event varies"
                        assert not values, f"{module}:{node.lineno}: what varies belongs into `extra`"
                        yield str(text.value), LEVELS[name]


def test_every_logger_has_the_name_of_its_module() -> None:
    named = {
        f"{module}:{node.lineno}"
        for module, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and "getLogger" in ast.unparse(node)
        if not ast.unparse(node).startswith("log") or "__name__" not in ast.unparse(node)
    }
    assert {place.partition(":")[0] for place in named} == {"platform/logs.py"}  # of the process, not of a module
