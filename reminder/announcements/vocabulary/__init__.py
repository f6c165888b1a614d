"""The words by which announcements are read: data, a file for each language, and for clues, dates, services and names.

What reads them stands beside the reader, which is pure. It does so once, when the reader is first imported: only the
commands that read announcements wait for it.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

LANGUAGES: Final = ("english", "german", "french", "spanish", "italian", "portuguese", "polish")
_NUMBERS: Final = ("cardinals", "ordinals")
# An entry that is too long for a line goes on behind a backslash, a pattern on any line that is set in.
_GOES_ON: Final = re.compile(r"\\?\n\s+")
_NAMED: Final = re.compile(r"\{([a-z-]+)\}")
_BETWEEN: Final = re.compile(r",[ \n]|\n")


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return one of the files as `tomllib` reads it."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def entries(text: str) -> tuple[str, ...]:
    """Return the entries of a group as they are written."""
    return tuple(entry for entry in _BETWEEN.split(_GOES_ON.sub("", text.strip())) if entry)


def expression(text: str) -> str:
    """Return what is written for a pattern as `re` takes it: a space is any gap, a line break nothing."""
    return _GOES_ON.sub("", text.strip()).replace(" ", r"\s+")


def listed(group: str) -> Sequence[str]:
    """Return the entries of a group in all languages, one language after the other."""
    return _groups()[group]


def either(group: str) -> str:
    """Return the entries of a group as the alternatives of a pattern."""
    return "|".join(map(expression, listed(group)))


def numbered(section: str) -> Mapping[str, int]:
    """Return the words of the `cardinals` or `ordinals` of all languages, each with its number."""
    sections = [load(name)[section] for name in LANGUAGES]
    return {word: int(number) for numbers in sections for number, text in numbers.items() for word in text.split()}


def filled(text: str, parts: Mapping[str, str]) -> str:
    """Return an expression with the parts that it names in braces; what is none of them is a group."""

    def part(named: re.Match[str]) -> str:
        name = named[1]
        return parts[name] if name in parts else f"(?:{either(name)})"

    return _NAMED.sub(part, expression(text))


@functools.cache
def _groups() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in (*LANGUAGES, "names"):
        for section, groups in load(name).items():
            for group, text in groups.items() if section not in _NUMBERS else ():
                found[group] += entries(text)
    return {group: tuple(dict.fromkeys(each)) for group, each in found.items()}
