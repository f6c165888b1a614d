"""A name that may be a title, with the places that it was seen at."""

from __future__ import annotations

from dataclasses import dataclass, field

from reminder.announcements.reading.sentences import Sentence


@dataclass(frozen=True, kw_only=True)
class Spotted:
    """A name that may be a title, where it stands, and how much that place speaks for it."""

    name: str
    start: int
    end: int
    weight: float
    quoted: bool = False


@dataclass(kw_only=True)
class Candidate:
    """A name with all the places it was seen at; `score` adds up what speaks for it."""

    name: str
    score: float = 0.0
    quoted: bool = False
    at: list[tuple[Sentence, Spotted]] = field(default_factory=list)

    @property
    def first(self) -> Sentence:
        """Return the sentence it was seen in first."""
        return self.at[0][0]


def folded(name: str) -> str:
    """Return a name as it is compared: in small letters, with one kind of apostrophe."""
    return name.casefold().replace("’", "'")


def note(seen: dict[str, Candidate], sentence: Sentence, spot: Spotted, worth: float) -> None:
    """Add a place of a name, and what it says for it, to the candidates of a text, which are by their folded names."""
    candidate = seen.setdefault(folded(spot.name), Candidate(name=spot.name))
    candidate.at.append((sentence, spot))
    candidate.quoted |= spot.quoted
    candidate.score += worth
