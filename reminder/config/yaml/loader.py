"""YAML text → nodes, read from the parser's events alone.

YAML's own guesses (`12:30` as 750, `No` as False, the last of two equal keys) never happen, and the tree is built on
a stack of ours: deep nesting, aliases that multiply and tags cost an error, not the process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml import events

from reminder.config.yaml.errors import YamlFault, syntax_fault, unprintable
from reminder.config.yaml.nodes import ListNode, Mapping, Node, Scalar

MAX_DEPTH: Final = 12
ALIAS_ROOM: Final = 50_000  # values that aliases may add: room for shared lists, none for a bomb
TEXT_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:str"})
LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class NotYaml(Exception):
    """The text cannot be read; `fault` says where and what to write."""

    def __init__(self, fault: YamlFault) -> None:
        super().__init__(fault.text)
        self.fault = fault


_COMMENT: Final = re.compile(r"[ \t]+(#\S+)")


def read_tree(text: str) -> Node | None:
    """Given the text of a YAML file, return its one value, None when it holds nothing. Raises NotYaml."""
    fault = unprintable(text)
    if fault is not None:
        raise NotYaml(fault)
    builder = _Builder(room=len(text) + ALIAS_ROOM, lines=text.splitlines())
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise NotYaml(syntax_fault(error, text)) from None
    return builder.root


@dataclass
class _Builder:
    """Puts the parser's events together; `room` is how many values there may be once aliases are followed."""

    room: int
    lines: list[str]
    root: Node | None = None
    open: list[ListNode | Mapping] = field(default_factory=list)
    keys: list[Scalar | None] = field(default_factory=list)  # for each open mapping, the key that waits for its value
    names: list[str | None] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        if isinstance(event, events.ScalarEvent):
            self._check_tag(event)
            self._value(self._scalar(event), event.anchor)
        elif isinstance(event, events.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, events.CollectionEndEvent):
            self.keys.pop()
            self._value(merged(self.open.pop()), self.names.pop())
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.DocumentStartEvent) and self.root is not None:
            raise _fault(event, "a second document begins here: one file holds one config")

    def _begin(self, event: Any) -> None:
        self._check_tag(event)
        if len(self.open) >= MAX_DEPTH:
            raise _fault(event, f"nested more than {MAX_DEPTH} deep: no config needs that")
        kind = ListNode if isinstance(event, events.SequenceStartEvent) else Mapping
        self.open.append(kind(event.start_mark.line + 1, event.start_mark.column + 1))
        self.keys.append(None)
        self.names.append(event.anchor)

    def _alias(self, event: Any) -> None:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise _fault(event, f'"*{event.anchor}" names nothing above: put a text that begins with * in quotes')
        self.room -= node.size
        if self.room < 0 or len(self.open) + node.height > MAX_DEPTH:
            raise _fault(event, "the aliases (*) in this file make it too large or too deep")
        self._value(node, None)

    def _value(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if isinstance(parent, ListNode):
            parent.items.append(node)
        else:
            self._pair(parent, node)

    def _pair(self, parent: Mapping, node: Node) -> None:
        key = self.keys[-1]
        if key is not None:
            parent.pairs.append((key, node))
            self.keys[-1] = None
        elif isinstance(node, Scalar):
            self.keys[-1] = node
        else:
            raise NotYaml(
                YamlFault(line=node.line, column=node.column, text="a key is one text, not a list or a mapping")
            )

    def _scalar(self, event: Any) -> Scalar:
        mark, plain = event.start_mark, event.style in (None, "") and event.tag is None
        return Scalar(mark.line + 1, mark.column + 1, event.value, plain=plain, cut=self._cut(event) if plain else "")

    def _cut(self, event: Any) -> str:
        """Return the comment behind a text that looks like a part of it."""
        end = event.end_mark
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        found = _COMMENT.match(line, end.column) if "#" in line else None
        return found[1] if found else ""

    @staticmethod
    def _check_tag(event: Any) -> None:
        if event.tag not in TEXT_TAGS:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            if event.tag == "!include":
                raise _fault(event, "there is no !include: one file holds the whole config")
            raise _fault(event, f'"{shown}" is a YAML tag: put a text that begins with ! in quotes')


def merged(node: ListNode | Mapping) -> ListNode | Mapping:
    """Return a mapping with the keys of those that its merge key names; what it says itself wins, then the first named.

    What is merged keeps the place where it was written, so that an error in it is shown there. Raises NotYaml for a
    merge key that names no mapping.
    """
    if not isinstance(node, Mapping) or not any(_is_merge(key) for key, _ in node.pairs):
        return node
    own = [(key, value) for key, value in node.pairs if not _is_merge(key)]
    known = {key.text for key, _ in own}
    for key, value in node.pairs:
        for key_, value_ in _named(key, value) if _is_merge(key) else ():
            if key_.text not in known:
                known.add(key_.text)
                own.append((key_, value_))
    node.pairs = own
    return node


def _is_merge(key: Scalar) -> bool:
    return key.plain and key.text == "<<"


def _named(key: Scalar, value: Node) -> list[tuple[Scalar, Node]]:
    """Return the pairs of the mapping, or of the mappings in the list, that a merge key names."""
    parts = value.items if isinstance(value, ListNode) else [value]
    if not all(isinstance(part, Mapping) for part in parts):
        text = "a merge key takes mappings that stand above, as in <<: *base or <<: [*base, *more]"
        raise NotYaml(YamlFault(line=key.line, column=key.column, text=text))
    return [pair for part in parts if isinstance(part, Mapping) for pair in part.pairs]


def _fault(event: Any, text: str) -> NotYaml:
    return NotYaml(YamlFault(line=event.start_mark.line + 1, column=event.start_mark.column + 1, text=text))
