"""Tells under which name a channel, a title or a person goes on: names are not identities (SPEC 4)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import Subscriber, Title, title_key
from reminder.core.model.names import as_written
from reminder.core.schedule.season import unfold


def channel_successors(known: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the channels that go on under another name, as old name to new name.

    Given are the fingerprints of the channels' URLs by name, as they are kept and as they are listed now; an empty one
    is not known. Where both a name and a URL lead somewhere, the URL decides.
    """
    homes: dict[str, list[str]] = {}
    for name, mark in wanted.items():
        homes.setdefault(mark, []).append(name)
    found = {}
    for name, mark in known.items():
        if not mark or wanted.get(name) in {"", mark} or mark not in homes:
            continue
        new = [home for home in homes[mark] if known.get(home) != mark]
        found[name] = (new or homes[mark])[0]
    return found


@dataclass(frozen=True, kw_only=True)
class Succession:
    """The successors by key: of what is gone, to what goes on; and the pairs of names where that is not plain."""

    found: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[tuple[str, str], ...] = ()


def title_successors(gone: Sequence[Title], new: Sequence[Title]) -> Succession:
    """Return which of the titles that are gone are those that are new in the same change (SPEC 4).

    Like is the same text with an `id` or a season added or taken away, whatever the date; or the same season and date,
    and a spelling at most two letters off, no figure among them. Only a pair of which neither has another is plain.
    """
    pairs = [(old, title) for old in gone for title in new if _is_like(old, title)]
    olds, news = Counter(old.key for old, _ in pairs), Counter(title.key for _, title in pairs)
    successors = {old.key: title.key for old, title in pairs if olds[old.key] == news[title.key] == 1}
    return Succession(found=successors, doubts=_doubts(gone, new, successors))


def _doubts(gone: Sequence[Title], new: Sequence[Title], successors: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the names of every two titles that may be one, without those that plainly go on."""
    taken = set(successors.values())
    left_old = [title for title in gone if title.key not in successors]
    left_new = [title for title in new if title.key not in taken]
    return tuple(
        (old.name, title.name) for old in left_old for title in left_new if _is_like(old, title) or _may_be(old, title)
    )


def _is_like(old: Title, new: Title) -> bool:
    if as_written(old.name) == as_written(new.name):
        seasons = {old.season, new.season}
        is_added = _has_id(old) != _has_id(new) or (len(seasons) == 2 and None in seasons)
        if is_added and (len(seasons) == 1 or None in seasons):
            return True
    is_same_date = _first_date(old) is not None and _first_date(old) == _first_date(new)
    return old.season == new.season and is_same_date and _is_misspelt(old.name, new.name)


def _may_be(old: Title, new: Title) -> bool:
    """Tell whether somebody should be asked: the names are near, and no figure tells them apart."""
    one, other = as_written(old.name), as_written(new.name)
    if None not in {old.season, new.season} and old.season != new.season:
        return False
    is_same_date = _first_date(old) is not None and _first_date(old) == _first_date(new)
    is_near = _is_misspelt(one, other) or (is_same_date and letters_off(one, other, FEW_LETTERS) <= FEW_LETTERS)
    is_near = is_near or (is_same_date and _is_part(one, other)) or SequenceMatcher(None, one, other).ratio() >= NEAR
    return is_near and _figures(one) == _figures(other)


def _is_part(one: str, other: str) -> bool:
    """Tell whether one name is some of the other's words in a row: *Low* and *Low Tide*."""
    short, long = sorted((_WORD.findall(one), _WORD.findall(other)), key=len)
    starts = range(len(long) - len(short) + 1)
    return bool(short) and any(long[start : start + len(short)] == short for start in starts)


_WORD: Final = re.compile(r"[^\W_]+")

NEAR: Final = 0.75
"""Names that share so much are asked about; from 0 to 1."""

FEW_LETTERS: Final = 2
_NUMBER_WORDS: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "last",
    "final",
]
_FIGURE: Final = re.compile(rf"\d+|\b[ivx]+\b|\b(?:{'|'.join(_NUMBER_WORDS)})\b")


def _has_id(title: Title) -> bool:
    return title.key != title_key(title.name, title.season)


def _first_date(title: Title) -> When | None:
    return next((release.when for release in unfold(title) if release.when != UNKNOWN), None)


def _figures(name: str) -> list[str]:
    """Return what counts or numbers in a name: *Rocky II* is no misspelling of *Rocky III*."""
    return _FIGURE.findall(as_written(name))


def _is_misspelt(one: str, other: str) -> bool:
    one, other = as_written(one), as_written(other)
    off = letters_off(one, other, FEW_LETTERS)
    return off <= FEW_LETTERS and 2 * off < max(len(one), len(other)) and _figures(one) == _figures(other)


def letters_off(one: str, other: str, most: int) -> int:
    """Return how many letters to change, add or take away to make one of the other; above `most` any more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, its in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != its))
    return row[-1]


def person_successors(
    gone: Sequence[Subscriber], new: Sequence[Subscriber], others: Sequence[Subscriber]
) -> Succession:
    """Return which person that is gone is the one that is new in the same change; `others` are listed still.

    It is the only one gone and the only one new, with channels that nobody else has.
    """
    taken = {place for person in others for place in _places(person)}
    if len(gone) == len(new) == 1:
        old, renewed = _places(gone[0]), _places(new[0])
        if old == renewed and renewed and not renewed & taken:
            return Succession(found={gone[0].name: new[0].name})
    is_one = len(gone) == len(new) == 1
    doubts = [(old.name, one.name) for old in gone for one in new if is_one or _own(old, taken) & _own(one, taken)]
    return Succession(doubts=tuple(doubts))


def _own(person: Subscriber, taken: Container[tuple[str, str | None]]) -> set[tuple[str, str | None]]:
    return {place for place in _places(person) if place not in taken}


def _places(person: Subscriber) -> set[tuple[str, str | None]]:
    return {(use.name, use.address) for use in person.channels}


def question(old: str, new: str) -> str:
    """Return what is asked where it is not plain whether two names are one."""
    return f"{old} is gone and {new} is new: if they are one, write `was: {spelt(old)}` on {new}"


def spelt(name: str) -> str:
    """Return a name as YAML takes it for a text."""
    return (
        name
        if re.fullmatch(r"[^\W\d][\w ]*", name) and not name.endswith(" ")
        else json.dumps(name, ensure_ascii=False)
    )
