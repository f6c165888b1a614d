"""A text that must not be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MASK: Final = "***"


class Secret:
    """Wraps a text so that printing, formatting, comparing in a test and pickling show `***`.

    `reveal()` is the one way to the text; call it where it is used, and keep no copy.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return (Secret, (MASK,))


@dataclass(frozen=True, kw_only=True)
class Unquoted:
    """A secret that stands in a channel's URL as it is, and holds a sign that may part it.

    `url` is the URL as it came out, `quoted` what it would be with this secret percent-encoded.
    """

    name: str
    url: Secret
    quoted: Secret
