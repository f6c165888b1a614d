"""Defines what a list of titles gives: what is wanted, and what is left out with its reason."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.core.sourcing.answers import WorkForm

MAX_TITLES: Final = 20_000


class ListError(ValueError):
    """A file is no list of titles that can be read; the text says what it is and what to do."""


class LeftOutReason(enum.StrEnum):
    """Why a row of a list is left out; the value is how it is counted."""

    EPISODE = "episodes"
    GAME = "games"
    BOOK = "books and comics"
    PERSON = "people"
    OTHER = "music and the like"
    DROPPED = "dropped"
    COMPLETED = "completed"
    WATCHED = "watched"
    ARCHIVED = "archived"
    UNFOLLOWED = "not followed"
    UNMONITORED = "unmonitored"
    HIDDEN = "hidden"
    THERE = "there as a file"
    UNLISTED = "not on the watchlist"
    NAMELESS = "without a name"
    LONG = "too long for a title"


LET_GO: Final = frozenset(
    {LeftOutReason.DROPPED, LeftOutReason.ARCHIVED, LeftOutReason.UNFOLLOWED, LeftOutReason.HIDDEN}
)
"""Reasons that count for a title wherever else in an archive it stands."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One title of a list: its name, what tells it from others, and the line or place (from 1) it stands in.

    `name` may be empty where the list has only numbers (`ids`); `season` limits it to one season. `premiere` and
    `platform` are what the list itself says of when and where it comes out, as it is written there.
    """

    name: str
    year: int | None = None
    form: WorkForm | None = None
    season: int | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    premiere: str = ""
    platform: str = ""

    @property
    def words(self) -> str:
        """Return what to call it where people see it."""
        name = self.name or " ".join(f"{catalogue}:{number}" for catalogue, number in self.ids.items())
        name = f"{name} ({self.year})" if self.year else name
        return name if self.season is None else f"{name}, season {self.season}"

    @property
    def identity(self) -> tuple[str, int | None, WorkForm | None]:
        """Return what two rows about one work share."""
        return (self.name.casefold() or str(sorted(self.ids.items())), self.year, self.form)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A row that nobody waits for, and why."""

    item: Wanted
    reason: LeftOutReason


@dataclass(frozen=True, kw_only=True)
class TitleList:
    """The titles of a file, the program whose file it is (`kind`), and what was left out.

    `member` names the files within an archive that were read; `encoding` is said where it had to be guessed.
    """

    kind: str
    titles: tuple[Wanted, ...]
    dropped: tuple[LeftOut, ...] = ()
    member: str = ""
    encoding: str = ""
    advice: str = ""

    @property
    def left_out(self) -> int:
        """Return how many rows are left out."""
        return len(self.dropped)

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many rows are left out for each reason, the most frequent first."""
        return dict(Counter(str(item.reason) for item in self.dropped).most_common())


_ONE: Final = {
    LeftOutReason.EPISODE: "episode",
    LeftOutReason.GAME: "game",
    LeftOutReason.BOOK: "book or comic",
    LeftOutReason.PERSON: "person",
}


def _counted(reason: str, count: int) -> str:
    one = _ONE.get(LeftOutReason(reason)) if count == 1 else None
    return f"{count} {one or reason}"


def summary(found: TitleList) -> str:
    """Return how many titles of which sort a list has, and how much of it is left out for which reason."""
    films = sum(item.form is WorkForm.FILM for item in found.titles)
    why = ", ".join(_counted(reason, count) for reason, count in found.reasons.items())
    parts = (
        f"{len(found.titles)} titles" if len(found.titles) != 1 else "1 title",
        f"{films} of them films" if films > 1 else "1 of them a film" if films else "",
        f"{found.left_out} left out: {why}" if found.left_out else "",
    )
    return ", ".join(part for part in parts if part)
