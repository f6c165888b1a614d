"""Counts the steps that a pattern takes on a text, as a backtracking engine takes them: work without a clock.

`re` counts nothing, so the parse of a pattern is walked here in the order in which `re` walks it: greedy and lazy
repeats, branches and look-around, with every way back. A step is one node tried at one place.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as c
    import sre_parse

Goes = Callable[[int], bool]
_DEPTH: Final = 60_000
_CATEGORIES: Final = {
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
}
_SINGLE: Final = frozenset({c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN})


class Steps:
    """One pattern, ready to be walked. `taken` counts the steps since it was made."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        self.taken = 0
        self._flags = pattern.flags
        parsed: Any = sre_parse.parse(text, pattern.flags & ~re.UNICODE & ~re.DEBUG)
        self._parsed: Sequence[Any] = list(parsed)
        self._text = ""
        self._end = 0
        self._groups: dict[int, tuple[int, int]] = {}
        self._known: dict[tuple[int, str], bool] = {}

    def find_all(self, text: str) -> int:
        """Return how many steps it takes to find all matches, one after the other."""
        return self._count(text, self._all)

    def fullmatch(self, text: str) -> int:
        """Return how many steps it takes to match the whole text."""
        return self._count(text, lambda: self._run(0, whole=True))

    def match(self, text: str) -> int:
        """Return how many steps it takes to match the beginning of the text."""
        return self._count(text, lambda: self._run(0, whole=False))

    def signs(self) -> Iterator[str]:
        """Yield the signs that the pattern names; of a range its ends, of a category one of it."""
        yield from dict.fromkeys(self._signs(self._parsed))

    def _count(self, text: str, run: Callable[[], object]) -> int:
        self.taken, self._text, self._known = 0, text, {}
        with _deep():
            run()
        return self.taken

    def _all(self) -> None:
        start = 0
        while start <= len(self._text):
            self._end = start
            start = max(self._end, start + 1) if self._run(start, whole=False) else start + 1

    def _run(self, start: int, *, whole: bool) -> bool:
        self._groups = {}

        def end(at: int) -> bool:
            self._end = at
            return not whole or at == len(self._text)

        return self._walk(self._parsed, 0, start, end)

    def _walk(self, nodes: Sequence[Any], place: int, at: int, then: Goes) -> bool:
        if place == len(nodes):
            return then(at)
        op, value = nodes[place]
        self.taken += 1
        return self._node(op, value, at, lambda to: self._walk(nodes, place + 1, to, then))

    def _node(self, op: Any, value: Any, at: int, then: Goes) -> bool:
        if op in _SINGLE:
            return at < len(self._text) and self._is(op, value, self._text[at]) and then(at + 1)
        if op in {c.MAX_REPEAT, c.MIN_REPEAT}:
            return self._repeat(value, at, then, greedy=op is c.MAX_REPEAT)
        if op is c.SUBPATTERN:
            return self._group(value, at, then)
        if op is c.BRANCH:
            return any(self._walk(list(branch), 0, at, then) for branch in value[1])
        if op in {c.ASSERT, c.ASSERT_NOT}:
            return self._look(value, at) == (op is c.ASSERT) and then(at)
        if op is c.AT:
            return self._stands(value, at) and then(at)
        if op is c.GROUPREF:
            start, end = self._groups.get(value, (0, 0))
            return self._text.startswith(self._text[start:end], at) and then(at + end - start)
        if op is c.GROUPREF_EXISTS:
            number, there, missing = value
            return self._walk(list((there if number in self._groups else missing) or []), 0, at, then)
        raise NotImplementedError(f"{op}: teach it to tests/support/steps.py")

    def _group(self, value: Any, at: int, then: Goes) -> bool:
        number, _, _, inside = value

        def after(to: int) -> bool:
            before = self._groups.get(number)
            self._groups[number] = (at, to)
            if then(to):
                return True
            if before is None:
                del self._groups[number]
            else:
                self._groups[number] = before
            return False

        return self._walk(list(inside), 0, at, after if number is not None else then)

    def _repeat(self, value: Any, at: int, then: Goes, *, greedy: bool) -> bool:
        low, high, inside = value
        nodes = list(inside)
        if len(nodes) == 1 and nodes[0][0] in _SINGLE:
            return self._repeat_sign(nodes[0], low, high, at, then, greedy=greedy)
        return self._again(nodes, low, high, at, then, 0, greedy=greedy)

    def _again(
        self, nodes: Sequence[Any], low: int, high: int, at: int, then: Goes, done: int, *, greedy: bool
    ) -> bool:
        def once() -> bool:
            return done < high and self._walk(
                nodes,
                0,
                at,
                lambda to: (to > at or done < low) and self._again(nodes, low, high, to, then, done + 1, greedy=greedy),
            )

        self.taken += 1
        if done < low:
            return once()
        return once() or then(at) if greedy else then(at) or once()

    def _repeat_sign(self, node: Any, low: int, high: int, at: int, then: Goes, *, greedy: bool) -> bool:
        """Repeat one sign without going deeper for each."""
        most = 0
        while most < high and at + most < len(self._text) and self._is(node[0], node[1], self._text[at + most]):
            most += 1
            self.taken += 1
            if not greedy and most > low and then(at + most - 1):
                return True
        if not greedy:
            return most >= low and then(at + most)
        for count in range(most, low - 1, -1):
            self.taken += 1
            if then(at + count):
                return True
        return False

    def _look(self, value: Any, at: int) -> bool:
        direction, inside = value
        nodes = list(inside)
        if direction > 0:
            return self._walk(nodes, 0, at, lambda _: True)
        low, _ = inside.getwidth()
        return at >= low and self._walk(nodes, 0, at - low, lambda to: to == at)

    def _stands(self, where: Any, at: int) -> bool:
        text = self._text
        line = bool(self._flags & re.MULTILINE)
        if where in {c.AT_BEGINNING, c.AT_BEGINNING_STRING}:
            return at == 0 or (line and where is c.AT_BEGINNING and text[at - 1] == "\n")
        if where in {c.AT_END, c.AT_END_STRING}:
            return at == len(text) or (where is c.AT_END and (text[at:] == "\n" or (line and text[at] == "\n")))
        edge = _is_word(text[at - 1 : at]) != _is_word(text[at : at + 1])
        return edge == (where is c.AT_BOUNDARY)

    def _is(self, op: Any, value: Any, sign: str) -> bool:
        key = (id(value) if op is c.IN else hash((op, value)), sign)
        if key not in self._known:
            self._known[key] = self._fits(op, value, sign)
        return self._known[key]

    def _fits(self, op: Any, value: Any, sign: str) -> bool:
        variants = {sign, sign.lower(), sign.upper()} if self._flags & re.IGNORECASE else {sign}
        if op is c.ANY:
            return sign != "\n" or bool(self._flags & re.DOTALL)
        if op is c.LITERAL:
            return chr(value) in variants
        if op is c.NOT_LITERAL:
            return chr(value) not in variants
        negated = bool(value) and value[0][0] is c.NEGATE
        return any(_in(item, variants, self._flags) for item in value if item[0] is not c.NEGATE) != negated

    def _signs(self, nodes: Sequence[Any]) -> Iterator[str]:
        for op, value in nodes:
            if op in {c.LITERAL, c.NOT_LITERAL}:
                yield chr(value)
            elif op is c.IN:
                yield from _named_in(value)
            elif op in {c.MAX_REPEAT, c.MIN_REPEAT}:
                yield from self._signs(list(value[2]))
            elif op is c.SUBPATTERN:
                yield from self._signs(list(value[3]))
            elif op is c.BRANCH:
                for branch in value[1]:
                    yield from self._signs(list(branch))
            elif op in {c.ASSERT, c.ASSERT_NOT}:
                yield from self._signs(list(value[1]))


def _named_in(items: Sequence[Any]) -> Iterator[str]:
    for op, value in items:
        if op is c.LITERAL:
            yield chr(value)
        elif op is c.RANGE:
            yield from (chr(value[0]), chr(value[1]))
        elif op is c.CATEGORY:
            yield {c.CATEGORY_DIGIT: "7", c.CATEGORY_SPACE: " ", c.CATEGORY_NOT_SPACE: "-"}.get(value, "w")


def _in(item: Any, variants: set[str], flags: int) -> bool:
    op, value = item
    if op is c.LITERAL:
        return chr(value) in variants
    if op is c.RANGE:
        return any(value[0] <= ord(sign) <= value[1] for sign in variants if len(sign) == 1)
    ascii_only = re.ASCII if flags & re.ASCII else 0
    return re.fullmatch(_CATEGORIES[value], next(iter(variants)), ascii_only | re.DOTALL) is not None


def _is_word(sign: str) -> bool:
    return bool(sign) and (sign.isalnum() or sign == "_")


@contextmanager
def _deep() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
