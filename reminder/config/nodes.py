"""What a YAML file holds, as it was written, and where: scalars stay text, every value knows its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})

Loc = tuple[str | int, ...]
Plain = str | None | list["Plain"] | dict[str, "Plain"]

# In every node: `size` counts the values in it, `height` the deepest nesting, both with aliases followed.


@dataclass(slots=True)
class Scalar:
    """A text. `plain` tells that it stands without quotes, so that `null` can mean nothing."""

    line: int
    column: int
    text: str
    plain: bool
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class Listing:
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


Node = Scalar | Listing | Mapping


def to_plain(node: Node) -> Plain:
    """Return the node as texts, lists and dicts; plain `null` and nothing become None, the first of equal keys counts."""
    if isinstance(node, Scalar):
        return None if node.plain and node.text in NULLS else node.text
    if isinstance(node, Listing):
        return [to_plain(item) for item in node.items]
    plain: dict[str, Plain] = {}
    for key, value in node.pairs:
        if key.text not in plain:
            plain[key.text] = to_plain(value)
    return plain


def repeated_keys(node: Node, loc: Loc = ()) -> Iterator[tuple[Loc, Scalar, Scalar]]:
    """Yield every key that stands a second time in one mapping: its path, the first one, the repeated one."""
    if isinstance(node, Listing):
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
    if isinstance(node, Listing) and isinstance(step, int):
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
