"""The words without which a regular expression cannot match, found from its text.

Most patterns here are of words in seven languages, and most texts have none of them: looking for those words first
costs a hundredth of compiling the pattern, and less than running it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

Needed = tuple[tuple[str, ...], ...]
"""In every match stands one word of each group; in small letters."""

_TOKEN: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-z]+\)|\(\?(?:P<\w+>|<?[=!]|[a-z-]*:)|[()|]|[*+?]\??|"
    r"\{\d+,?\d*\}\??|[^\\\[(){}|*+?.^$]+|.",
    re.DOTALL,
)
_LOOKS: Final = frozenset({"(?=", "(?!", "(?<=", "(?<!"})
_QUANTIFIERS: Final = frozenset("?*+{")
_NO_WORD: Final = frozenset("\\[{(*+?.^$")
_ENDS: Final = frozenset({"", ")"})
_BARS: Final = frozenset("|")
# Shorter pieces stand in nearly every text.
_LEAST: Final = 2


def needed_by(pattern: str) -> Needed:
    """Given the text of a regular expression, return the words that it needs; nothing where it needs none for sure."""
    return tuple(_all_of(_Tokens(_TOKEN.findall(pattern))))


class _Tokens:
    """The tokens of an expression, with the place that is read next."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = [*tokens, ""]
        self._at = 0

    def next(self) -> str:
        """Return the token at the place, and go on; an empty one behind the end."""
        token = self._tokens[self._at]
        self._at += 1
        return token

    def is_optional(self) -> bool:
        """Step over a quantifier, if there is one, and tell whether it lets what stands before it be left out."""
        if not self.is_repeated():
            return False
        quantifier = self.next()
        return quantifier[0] in "?*" or quantifier.startswith("{0")

    def is_repeated(self) -> bool:
        """Tell whether a quantifier comes next."""
        return self._tokens[self._at][:1] in _QUANTIFIERS


def _all_of(tokens: _Tokens) -> list[tuple[str, ...]]:
    """Return what a group needs, read up to the bracket that closes it: of alternatives, one word of each."""
    branches = list(_branches(tokens))
    if len(branches) == 1:
        return branches[0]
    if not all(branches):
        return []
    best = [max(branch, key=lambda words: min(map(len, words))) for branch in branches]
    return [tuple(dict.fromkeys(word for words in best for word in words))]


def _branches(tokens: _Tokens) -> Iterator[list[tuple[str, ...]]]:
    found: list[tuple[str, ...]] = []
    while (piece := tokens.next()) not in _ENDS:
        if piece in _BARS:
            yield found
            found = []
        elif piece[0] == "(" and not piece.endswith(")"):
            inside = _all_of(tokens)
            if not tokens.is_optional() and piece not in _LOOKS:
                found += inside
        else:
            found += _word(piece, repeated=tokens.is_repeated())
            tokens.is_optional()
    yield found


def _word(piece: str, *, repeated: bool) -> list[tuple[str, ...]]:
    """Return the word that a piece stands for, if it is one; a quantifier behind it is of its last letter alone."""
    if piece[0] in _NO_WORD:
        return []
    word = (piece[:-1] if repeated else piece).strip().lower()
    return [(word,)] if len(word) >= _LEAST else []
