"""Which answer to a search is meant: taken without asking only when it is plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.core.source import Match

_YEAR: Final = re.compile(r"\s*\(?\b((?:19|20)\d{2})\)?\s*$")
_JOINS: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, kw_only=True)
class Plain:
    """The one entry that is meant: it alone has the name, or, `by_id`, it was named by its id."""

    match: Match
    why: str
    by_id: bool = False


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """A person must say which; `matches` are what there is to choose from, the likeliest first. It may be none.

    `share_the_name` tells that each of them has exactly the name that was searched for.
    """

    matches: tuple[Match, ...]
    why: str
    share_the_name: bool = False


def plain_name(name: str) -> str:
    """Return a name without case, accents, punctuation and a leading `the`, for comparing only."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    words = _JOINS.sub(" ", bare.casefold().replace("&", " and ").replace("'", "").replace("\u2019", "")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def without_year(words: str) -> str | None:
    """Return words without the year behind them; None where there is none, or nothing else."""
    said = _YEAR.search(words)
    return words[: said.start()].strip() or None if said else None


def plainest(words: str, found: Sequence[Match]) -> Plain | Unclear:
    """Given what was searched for and what was found, return the one that is plainly meant, else what to choose from.

    Plain is: its name is the words, alone among all that were found; a year behind the words counts.
    """
    if not found:
        return Unclear(matches=(), why="nothing was found")
    named = [match for match in found if plain_name(match.name) == plain_name(words)]
    if not named:
        named = _of_year(words, found)
    if len(named) == 1:
        return Plain(match=named[0], why="the only one of that name")
    if named:
        return Unclear(matches=tuple(named), why=f"{len(named)} have that name", share_the_name=True)
    return Unclear(matches=tuple(found), why="none has exactly that name")


def _of_year(words: str, found: Sequence[Match]) -> list[Match]:
    said, bare = _YEAR.search(words), without_year(words)
    if not said or bare is None:
        return []
    name = plain_name(bare)
    return [match for match in found if plain_name(match.name) == name and match.year == int(said[1])]
