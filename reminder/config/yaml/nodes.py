"""A YAML file as it was written: scalars stay text, and every value knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})

Loc = tuple[str | int, ...]
Plain = str | None | list["Plain"] | dict[str, "Plain"]

# In every node: `size` counts the values in it, `height` the deepest nesting, both with aliases followed.


@dataclass(slots=True)
class Scalar:
    """A text. `plain` tells that it stands without quotes, so that `null` can mean nothing.

    `cut` is what begins as a comment right behind it, without a space after its sign: `#1` in `Heat #1`.
    """

    line: int
    column: int
    text: str
    plain: bool
    cut: str = ""
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class ListNode:
    """A list of values."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class Mapping:
    """Keys and their values, both copies of a repeated key included."""

    line: int
    column: int
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list)
    size: int = 1
    height: int = 1
    index: dict[str, tuple[Scalar, Node]] | None = field(default=None, compare=False, repr=False)

    def get(self, key: str | int) -> tuple[Scalar, Node] | None:
        """Return a key and its value, the first of equal ones. The mapping must be whole."""
        if self.index is None:
            self.index = {name.text: (name, value) for name, value in reversed(self.pairs)}
        return self.index.get(str(key))


Node = Scalar | ListNode | Mapping


def to_plain(node: Node) -> Plain:
    """Return the node as texts, lists and dicts; `null` and nothing become None, the first of equal keys counts."""
    if isinstance(node, Scalar):
        return None if node.plain and node.text in NULLS else node.text
    if isinstance(node, ListNode):
        return [to_plain(item) for item in node.items]
    plain: dict[str, Plain] = {}
    for key, value in node.pairs:
        if key.text not in plain:
            plain[key.text] = to_plain(value)
    return plain


def repeated_keys(node: Node, loc: Loc = ()) -> Iterator[tuple[Loc, Scalar, Scalar]]:
    """Yield every key that stands a second time in one mapping: its path, the first one, the repeated one."""
    if isinstance(node, ListNode):
        for place, item in enumerate(node.items):
            yield from repeated_keys(item, (*loc, place))
    elif isinstance(node, Mapping):
        yield from _repeated_here(node, loc)
        for key, value in node.pairs:
            yield from repeated_keys(value, (*loc, key.text))


def _repeated_here(node: Mapping, loc: Loc) -> Iterator[tuple[Loc, Scalar, Scalar]]:
    first: dict[str, Scalar] = {}
    for key, _ in node.pairs:
        if first.setdefault(key.text, key) is not key:
            yield (*loc, key.text), first[key.text], key


def join_parted(node: Node, loc: Loc = ()) -> Iterator[tuple[Loc, Scalar]]:
    """Rejoin what a comma between { and } has split; yield where, and the text.

    `{premiere: July 9, 2025}` is to YAML a `premiere` of July 9, and a key 2025 with nothing after it.
    """
    if isinstance(node, ListNode):
        for place, item in enumerate(node.items):
            yield from join_parted(item, (*loc, place))
    elif isinstance(node, Mapping):
        for key, text in _joined(node):
            yield (*loc, key.text), text
        for key, value in node.pairs:
            yield from join_parted(value, (*loc, key.text))


def _joined(node: Mapping) -> list[tuple[Scalar, Scalar]]:
    """Join the texts of one mapping; return those that were split, with their keys."""
    whole: list[tuple[Scalar, Node]] = []
    joined: dict[int, tuple[Scalar, Scalar]] = {}
    for key, value in node.pairs:
        before = whole[-1][1] if whole else None
        if _is_rest(key, value) and isinstance(before, Scalar) and before.plain and before.text:
            before.text = f"{before.text}, {key.text}"
            joined[id(before)] = (whole[-1][0], before)
        else:
            whole.append((key, value))
    node.pairs, node.index = whole, None
    return list(joined.values())


def _is_rest(key: Scalar, value: Node) -> bool:
    """Tell whether a key without a value may be the end of a text: no key of ours has capitals, digits or spaces."""
    is_bare = isinstance(value, Scalar) and value.plain and not value.text
    return is_bare and re.search(r"[A-Z0-9 ]", key.text) is not None


def find(root: Node, loc: Iterable[str | int]) -> Node:
    """Return the node at `loc`, or the deepest one on the way when the path goes on past what is written."""
    node = root
    for step in loc:
        below = _child(node, step)
        if below is None:
            break
        node = below
    return node


def find_key(root: Node, loc: Loc) -> Node:
    """Return the key at the end of `loc` (for what is wrong about the key itself), else what `find` answers."""
    parent = find(root, loc[:-1])
    pair = parent.get(loc[-1]) if isinstance(parent, Mapping) and loc else None
    return pair[0] if pair else find(root, loc)


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, ListNode) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    pair = node.get(step) if isinstance(node, Mapping) else None
    return pair[1] if pair else None


def show(loc: Loc) -> str:
    """Return a path as it is shown to people: `watch[0].premiere`."""
    text = ""
    for step in loc:
        name = f"[{step}]" if isinstance(step, int) else step or '""'
        text += f".{name}" if text and isinstance(step, str) else name
    return text
