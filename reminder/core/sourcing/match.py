"""Decides which answer to a search is meant; without asking only where it is plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reminder.core.model.names import Index, has_year
from reminder.core.sourcing.answers import Match


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


def plainest(words: str, found: Sequence[Match]) -> Plain | Unclear:
    """Given what was searched for and what was found, return the one that is plainly meant, else what to choose from.

    Plain is: its name is the words, alone among all that were found; a year behind the words counts.
    """
    if not found:
        return Unclear(matches=(), why="nothing was found")
    named = _named(words, found)
    if len(named) == 1:
        return Plain(match=named[0], why="the only one of that name")
    if named:
        return Unclear(matches=tuple(named), why=f"{len(named)} have that name", share_the_name=True)
    return Unclear(matches=tuple(found), why="none has exactly that name")


def _named(words: str, found: Sequence[Match]) -> Sequence[Match]:
    """Return those of this name; where some are of the year behind the words, those."""
    index = Index[int]()
    for place, match in enumerate(found):
        index.add(match.name, place, match.year)
    named = [found[place] for place in index.find(words)]
    return [match for match in named if match.year is not None and has_year(words, match.year)] or named
