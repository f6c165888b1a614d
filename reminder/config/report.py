"""Gathers what is wrong in one config, each with its place, and speaks pydantic's findings in our words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from reminder.config.names import did_you_mean, nearest
from reminder.config.schema.whole import keys_at
from reminder.config.yaml.nodes import ListNode, Loc, Mapping, Node, Scalar, find, find_key, show
from reminder.core.dates.parse import NoZone
from reminder.core.errors import Problem
from reminder.core.wording import wording_of

LIST: Final = "a list belongs here: write [one, two], or one a line with - in front"
NAMES: Final = "names and their values belong here, as in {NAME: VALUE}, with a space behind the colon"
ADDRESS_OF: Final = "addresses are channels: write its URL under channels:, and here channels: [NAME]"
SERVICES: Final = frozenset(
    {"email", "mail", "telegram", "phone", "discord", "ntfy", "signal", "slack", "chat", "address"}
)
SHOWN_KEYS: Final = 4
MAX_LINE: Final = 400

_QUOTED_URL: Final = re.compile(r'(?<=")([^"]*?[A-Za-z][A-Za-z0-9+.-]*)://(?!…)[^"]+(")')

#: pydantic's kinds of findings → what to write instead
WORDS: Final = {
    "dict_type": NAMES,
    "missing": "is missing: add it",
    "tuple_type": LIST,
}


@dataclass(kw_only=True)
class Report:
    """The problems and warnings of one file, `root` being what it holds.

    `own_zone` is the zone of whoever says none, offered to those who wrote a time without one.
    """

    file: str
    root: Node
    own_zone: str | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def problem(self, loc: Loc, text: str, *, key: bool = False) -> None:
        """Note what cannot be used: the value at `loc`, or with `key` the key itself."""
        _once(self.problems, self._at(loc, text, find_key if key else find))

    def warning(self, loc: Loc, text: str) -> None:
        """Note what is valid at `loc`, and will never send."""
        _once(self.warnings, self._at(loc, text, find))

    def problem_at(self, node: Node, loc: Loc, text: str) -> None:
        """Note what is wrong at a node that `loc` alone does not lead to."""
        self.problems.append(self._said(node, loc, text))

    def holds_mapping(self, loc: Loc) -> bool:
        """Tell whether a mapping was written at `loc`."""
        return isinstance(find(self.root, self._where_written(loc)), Mapping)

    def name_in(self, loc: Loc, name: str) -> Loc:
        """Return the path of a name in the list or the mapping at `loc`, `loc` itself where one text stands."""
        loc = self._where_written(loc)
        node = find(self.root, loc)
        if isinstance(node, Mapping):
            return (*loc, name)
        if isinstance(node, ListNode):
            for place, item in enumerate(node.items):
                if name in _names_in(item):
                    return (*loc, place)
            return loc
        return loc

    def cut(self, loc: Loc) -> str:
        """Return what a comment took from the text at `loc`, as it seems; nothing where it took nothing."""
        node = find(self.root, self._where_written(loc))
        return node.cut if isinstance(node, Scalar) else ""

    def place(self, loc: Loc) -> tuple[int, int]:
        """Return line and column (from 1) of the key at the end of `loc`, of the value where it has none."""
        node = find_key(self.root, self._where_written(loc))
        return node.line, node.column

    def invalid(self, error: ValidationError, loc: Loc) -> frozenset[str | int]:
        """Note what pydantic found in the value at `loc`; return the keys of that value which cannot be used."""
        details = error.errors(include_url=False, include_input=False)
        found = [_Finding.of(detail, self.own_zone) for detail in details]
        strange = [item for item in found if item.kind == "extra_forbidden"]
        meant = {(*item.loc[:-1], word) for item in strange for word in _implied(item.meant(loc))}
        for item in found:
            if item.kind != "missing" or item.loc not in meant:
                self.problem(loc + item.loc, item.text(loc), key=item.is_key)
        return frozenset(item.loc[0] if item.loc else "" for item in found)

    def _at(self, loc: Loc, text: str, look: Any) -> Problem:
        loc = self._where_written(loc)
        while len(loc) > 1 and isinstance(find(self.root, loc[:-1]), Scalar):
            loc = loc[:-1]  # the short form was written: `email: URL` has no url
        return self._said(look(self.root, loc), loc, text)

    def _where_written(self, loc: Loc) -> Loc:
        """Return the path of a key that a group gives to its titles where the group says it."""
        if len(loc) < 5 or loc[2] != "titles":
            return loc
        own, group = find(self.root, loc[:4]), find(self.root, loc[:2])
        says = isinstance(own, Mapping) and own.get(loc[4]) is not None
        gives = isinstance(group, Mapping) and group.get(loc[4]) is not None
        return (*loc[:2], *loc[4:]) if gives and not says else loc

    def _said(self, node: Node, loc: Loc, text: str) -> Problem:
        path = show(tuple(_unspoken_key(step) for step in loc))
        return Problem(
            file=self.file, line=node.line, column=node.column, path=_line(path), text=_line(_unspoken(text))
        )


def _once(found: list[Problem], problem: Problem) -> None:
    """Note a problem unless it is known: what a group says is looked at for each of its titles."""
    if problem not in found:
        found.append(problem)


def _names_in(item: Node) -> list[str]:
    """Return what one item of a list may be called: its text, or the keys and texts of a short mapping."""
    if isinstance(item, Scalar):
        return [item.text]
    pairs = item.pairs if isinstance(item, Mapping) else ()
    return [text for key, value in pairs for text in (key.text, *([value.text] if isinstance(value, Scalar) else []))]


@dataclass(frozen=True, kw_only=True)
class _Finding:
    """One thing that pydantic found; `loc` is the path in the file, without pydantic's own steps."""

    loc: Loc
    kind: str
    message: str
    is_key: bool

    @classmethod
    def of(cls, detail: Any, own_zone: str | None = None) -> _Finding:
        said = detail.get("ctx", {}).get("error")
        if isinstance(said, NoZone):
            said = ValueError(said.said(own_zone))
        text = wording_of(said) if isinstance(said, ValueError) else detail["msg"]
        return cls(
            loc=tuple(_own_steps(detail["loc"])),
            kind=detail["type"],
            message=text,
            is_key=detail["type"] == "extra_forbidden" or "[key]" in detail["loc"],
        )

    def text(self, above: Loc) -> str:
        if self.kind == "extra_forbidden":
            return self._of_key(above)
        if self.kind == "model_type":
            return _keys_stand_here(keys_at(above + self.loc))
        if self.kind == "missing" and self.loc[-1] == "title":
            return "is missing: add it, in quotes if it begins with #"
        return WORDS.get(self.kind, self.message)

    def _of_key(self, above: Loc) -> str:
        """Say what to write for a key that is not known where it stands."""
        if self.loc[-1] == "titles":
            return "a group holds titles, not other groups: list them one by one"
        if _is_person(above + self.loc[:-1]) and str(self.loc[-1]).lower() in SERVICES:
            return ADDRESS_OF
        if not str(self.loc[-1])[:1].isprintable() or str(self.loc[-1])[:1].isspace():
            return "a space of another kind stands before this key: write plain ones"
        if key := _glued(str(self.loc[-1]), keys_at(above + self.loc[:-1])):
            return f'write "{key}: ", with a space behind the colon'
        if _is_entry(above + self.loc[:-1]) and str(self.loc[-1]) in keys_at(()):
            return "unknown key here: it stands at the top of the config"
        return unknown_key(str(self.loc[-1]), keys_at(above + self.loc[:-1]))

    def meant(self, above: Loc) -> str:
        return nearest(str(self.loc[-1]), keys_at(above + self.loc[:-1])) or ""


def _implied(key: str) -> tuple[str, ...]:
    """Return the keys that are not missing where this one was meant: a group has titles, and so no title."""
    return (key, "title") if key == "titles" else (key,)


def _is_person(loc: Loc) -> bool:
    return len(loc) == 2 and loc[0] == "subscribers"


def _glued(key: str, known: Iterable[str]) -> str | None:
    """Return the key that was meant where no space parts it from its value: `at:09:00`."""
    name = key.partition(":")[0]
    return name if ":" in key and name in known else None


def _unspoken(text: str) -> str:
    """Return a complaint in which no URL that it quotes is shown: `"tgram://…"`. Any of them may hold a secret."""
    return _QUOTED_URL.sub(lambda found: f"{found[1]}://…{found[2]}", text)


def _unspoken_key(step: str | int) -> str | int:
    """Return a key without what was glued to it: `phone:tgram://…` is a channel and its URL without a space."""
    name, colon, rest = step.partition(":") if isinstance(step, str) else ("", "", "")
    return f"{name}:…" if colon and rest else step


def _is_entry(loc: Loc) -> bool:
    return len(loc) == 2 and loc[0] in {"subscribers", "watch"}


def findings(error: ValidationError, above: Loc) -> list[tuple[Loc, str]]:
    """Return what pydantic found in the mapping that stands at `above`: where in it, and what to write instead."""
    found = [_Finding.of(detail) for detail in error.errors(include_url=False, include_input=False)]
    return [(item.loc, _line(item.text(above))) for item in found]


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return what to say of a key that is not ours."""
    if key in {"include", "includes", "!include"}:
        return "there is no include: one file holds the whole config"
    return f"unknown key, {did_you_mean(key, known)}"


def _line(text: str) -> str:
    """Return a text that may quote the config as one line that a terminal can show; the same one where it is that."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    if plain == text and len(plain) <= MAX_LINE:
        return text
    return plain if len(plain) <= MAX_LINE else f"{plain[: MAX_LINE // 2]} … {plain[-MAX_LINE // 2 :]}"


def _keys_stand_here(keys: list[str]) -> str:
    more = ", …" if len(keys) > SHOWN_KEYS else ""
    return f"keys and their values belong here: {', '.join(keys[:SHOWN_KEYS])}{more}"


def _own_steps(loc: Iterable[str | int]) -> list[str | int]:
    return [step for step in loc if not (isinstance(step, str) and (step.startswith("~") or step == "[key]"))]
