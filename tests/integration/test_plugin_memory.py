"""What apprise's plugins note while they send: each one that notes anything is known, with how long it is kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apprise
import pytest

from reminder.notify.memory import KEEPS

PLUGINS: Final = Path(apprise.__file__).parent / "plugins"
MAKING: Final = frozenset({"__init__", "__init_subclass__", "parse_url", "parse_native_url", "url", "url_identifier"})
"""What runs once for a URL, or changes nothing."""
CHANGING: Final = frozenset(
    [
        "append",
        "appendleft",
        "add",
        "extend",
        "update",
        "pop",
        "popitem",
        "remove",
        "discard",
        "clear",
        "set",
        "insert",
        "setdefault",
    ]
)


def noting(source: str) -> set[str]:
    """Return the methods of a module by which an instance, or its class, changes while it sends."""
    return {
        f"{owner.name}.{method.name}"
        for owner in ast.walk(ast.parse(source))
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name not in MAKING
        if any(belongs(target, owner.name) for target in changed(method))
    }


def changed(method: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(method):
        if isinstance(node, ast.Assign | ast.Delete):
            yield from node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            yield node.target
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
            yield node.func.value


def belongs(target: ast.expr, owner: str) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(belongs(each, owner) for each in target.elts)
    is_inside = False
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        is_inside = is_inside or isinstance(target, ast.Attribute)
        target = target.value
    return is_inside and isinstance(target, ast.Name) and target.id in {"self", "cls", owner}


def module_of(file: Path) -> str:
    return file.relative_to(PLUGINS).parts[0].removesuffix(".py")


def test_every_plugin_that_notes_something_while_it_sends_is_listed_and_no_other() -> None:
    found = {module_of(file) for file in PLUGINS.rglob("*.py") if noting(file.read_text())}
    # What all plugins share: switched on and off, and a store that each fills by itself.
    assert found - {"base"} == KEEPS.keys()
    assert noting((PLUGINS / "base.py").read_text()) == {
        "NotifyBase.enable",
        "NotifyBase.disable",
        "NotifyBase.store",
    }


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        ("self.token = 1", True),
        ("self.seen += 1", True),
        ("self.a, self.b = 1, 2", True),
        ("self.rooms['x'] = 1", True),
        ("self.account.token = 1", True),
        ("self.store.set('k', 1)", True),
        ("del self.token", True),
        ("Plugin.cache = 1", True),
        ("token = self.token", False),
        ("headers['x'] = self.token", False),
        ("self.post(payload)", False),
    ],
)
def test_a_plugin_that_begins_to_note_something_is_noticed(line: str, notes: bool) -> None:
    assert bool(noting(f"class Plugin:\n    def send(self):\n        {line}\n")) is notes
