"""Finds what a person reads on the page, and nobody can translate: letters in a template, sentences in its Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from jinja2 import Environment, nodes

SAID: Final = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
"""The calls by which a template says a text."""
MARKS: Final = frozenset({"say", "marked", "Wording", "of_number"})
"""The calls by which Python says a text, or marks one that is said elsewhere."""
SHOWN: Final = frozenset({"alt", "aria-label", "label", "placeholder", "title"})
"""The attributes that somebody reads or hears."""
FILLED: Final = "\uffff"
"""Stands for what a template fills in."""
_NAMES: Final = re.compile(r"\b(Telegram|ntfy)\b")
"""Services bear their makers' names in every language."""
_UNSEEN: Final = re.compile(rf'( (?!(?:{"|".join(sorted(SHOWN))})=)[a-z-]+="[^"]*"?)+')
"""Attributes that nobody reads, by themselves, as a macro writes them into an element."""
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"[^\W\d_]{2,}[ ,:;]+(?:%\(\w+\)s )?[^\W\d_]{2,}|^[A-Z][a-z]+[.:!?]?$")


# Templates -----------------------------------------------------------------------------------------------------------


class _Seen(HTMLParser):
    """Collects the letters that a page shows by itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in {"code", "script", "style"}
        self.found += [f"{name}={value}" for name, value in attrs if name in SHOWN and _LETTERS.search(value or "")]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in {"code", "script", "style"}

    def handle_data(self, data: str) -> None:
        said = _NAMES.sub("", data)
        if not self._unseen and _LETTERS.search(said):
            self.found.append(" ".join(said.replace(FILLED, "…").split()))


def unmarked_in_template(source: str) -> list[str]:
    """Return what a template shows in letters of its own, outside the calls that translate."""
    tree = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True).parse(source)
    seen = _Seen()
    seen.feed("".join(_shown(tree)))
    seen.close()
    return seen.found + [text for text in _constants(tree) if _SENTENCE.search(text)]


def _shown(node: nodes.Node) -> Iterator[str]:
    """Yield what a template writes, in its order: its own letters, and a sign for what it fills in."""
    if isinstance(node, nodes.TemplateData):
        yield "" if _UNSEEN.fullmatch(node.data) else node.data
    elif isinstance(node, nodes.Expr):
        yield FILLED
    else:
        for child in node.iter_child_nodes():
            yield from _shown(child)


def _constants(node: nodes.Node) -> Iterator[str]:
    """Yield the texts that stand in a template's expressions, but for those that are translated or compared."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in SAID:
        for each in node.kwargs:
            yield from _constants(each)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    if not isinstance(node, nodes.Compare | nodes.Test):
        for child in node.iter_child_nodes():
            yield from _constants(child)


# Python --------------------------------------------------------------------------------------------------------------


def unmarked_in_python(file: Path) -> list[str]:
    """Return the sentences of a module that are not marked, but for docstrings, routes and what goes into the log."""
    return [text for text in _texts(ast.parse(file.read_text(encoding="utf-8"))) if _SENTENCE.search(text)]


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and _name(node.func) in MARKS | {"warning", "error", "info", "compile"}:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.FunctionDef):
        for each in (node.args, *node.body):  # and not its decorators: routes are no sentences
            yield from _texts(each)
        return
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
