"""Entries that their source does not know any more: where the work is now, and what the operator is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reminder.core.model.names import name_of
from reminder.core.sourcing.answers import InvalidAnswer, NoAnswer, NotFound, SourceTitle
from reminder.refresh.report import CALENDARS, Tell
from reminder.sources.build import Catalogues
from reminder.store import followed
from reminder.store.followed import SourceState
from reminder.store.source_health import silent_titles
from reminder.store.sql.store import Store
from reminder.store.title_commands import StoredTitle

MANY: Final = 3
"""From so many entries on that are gone at one source it is the source's trouble: one message about all of them."""

NAMED: Final = 5
"""So many titles are named in one message about several."""

STAY: Final = "Its dates stay as they were."

_JOINING: Final = ("imdb", "thetvdb")
"""The numbers by which an entry is known to be the same work as another."""


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Another entry for a work whose own is gone; `answer` is what its source says of it."""

    answer: SourceTitle
    is_repinned: bool = False


@dataclass(kw_only=True)
class GoneEntries:
    """The entries of one source that are gone in one pass."""

    store: Store
    there: Catalogues
    tell: Tell
    source: str
    lost: list[tuple[StoredTitle, SourceState, NoAnswer, str]] = field(default_factory=list)
    found: list[tuple[StoredTitle, SourceState, str]] = field(default_factory=list)

    def look_up(self, item: StoredTitle, known: SourceState, silence: NoAnswer, now: datetime) -> Elsewhere | None:
        """Return where the work is now: under another number of the same source, else at another source.

        Of many that are gone at once no more is looked up: then it is the source that is in trouble.
        """
        there = self._here(known, silence, now) or self._at_another(known, now)
        if there is None:
            self.lost.append((item, known, silence, STAY))
            return None
        options = item.listing.title.source_options
        is_ours = there.source == known.pin.source
        if is_ours and (options is None or options.source is None or ":" not in options.source):
            self.found.append((item, known, f"It is {there.id} there now, and followed there from now on."))
            return Elsewhere(answer=there, is_repinned=True)
        where = f"It is {there.id} there now" if is_ours else f"{there.id} is the same work"
        advice = f"{where}, and gives the dates meanwhile. Write source: {there.id} for this title to keep it."
        if is_ours:
            self.found.append((item, known, advice))
        else:
            self.lost.append((item, known, silence, advice))
        return Elsewhere(answer=there)

    def _here(self, known: SourceState, silence: NoAnswer, now: datetime) -> SourceTitle | None:
        source = self.there.source(known.pin.source, known.pin.ref)
        if source is None or known.answer is None or not isinstance(silence, NotFound) or self.source == CALENDARS:
            return None
        ref: str | NoAnswer | None = silence.ref
        if ref is None and len(self.lost) < MANY:
            ref = source.find(known.answer.ids)
        if not isinstance(ref, str) or ref == known.pin.ref:
            return None
        answer = source.fetch(ref, now.date())
        return answer if isinstance(answer, SourceTitle) and is_same_work(known.answer, answer) else None

    def _at_another(self, known: SourceState, now: datetime) -> SourceTitle | None:
        if known.answer is None:
            return None
        for name, source in self.there.sources.items():
            if name == known.pin.source:
                continue
            second = known.second.ref if known.second and known.second.source == name else None
            ref = second or source.find(known.answer.ids)
            answer = source.fetch(ref, now.date()) if isinstance(ref, str) else None
            if isinstance(answer, SourceTitle) and answer.releases:
                return answer
        return None

    def report(self, now: datetime) -> None:
        """Tell the operator what is gone: once it was gone at two looks, and of many at one source in one message."""
        again = [each for each in self.lost if each[1].told != each[2].word and each[1].silence is not None]
        if again:
            self._tell_lost(again, now)
        if self.found:
            self._tell_found(now)

    def _tell_lost(self, again: Sequence[tuple[StoredTitle, SourceState, NoAnswer, str]], now: datetime) -> None:
        with self.store.write() as tx:
            others = silent_titles(tx, self.source, [silence.reason for _, _, silence, _ in again])
            names = {item.listing.title.key: item.listing.title.name for item, *_ in again} | others
            is_many = len(names) >= MANY
            words = {item.listing.title.key: silence.word for item, _, silence, _ in again}
            for key in names if is_many else words:
                followed.note_told(tx, key, words.get(key, again[0][2].word))
        if is_many:
            lines = [f"{again[0][2].reason}: {listed(list(names.values()))}.", "Their dates stay as they were."]
            self.tell(f"{self.source} has lost {len(names)} entries", lines, now)
            return
        for item, known, silence, advice in again:
            lines = [f"{known.pin.id}: {silence.reason}.", advice]
            what = "cannot be read" if isinstance(silence, InvalidAnswer) else "is missing"
            self.tell(f"{item.listing.title.name} {what} at its source", lines, now)

    def _tell_found(self, now: datetime) -> None:
        new = [each for each in self.found if each[1].told != _FOUND]
        with self.store.write() as tx:
            for item, _, _ in new:
                followed.note_told(tx, item.listing.title.key, _FOUND)
        if len(new) >= MANY:
            lines = [f"{item.listing.title.name}: {advice}" for item, _, advice in new[:NAMED]]
            rest = [f"And {len(new) - NAMED} more"] if len(new) > NAMED else []
            self.tell(f"{self.source} has moved {len(new)} entries", [*lines, *rest], now)
            return
        for item, known, advice in new:
            lines = [f"{known.pin.id} does not stand for it any more.", advice]
            self.tell(f"{item.listing.title.name} has another entry at its source", lines, now)


_FOUND: Final = "found elsewhere"


def listed(names: Sequence[str]) -> str:
    """Return names for a message, the first of many."""
    rest = len(names) - NAMED
    return ", ".join(names) if rest < 2 else f"{', '.join(names[:NAMED])} and {rest} more"


def is_same_work(one: SourceTitle, other: SourceTitle) -> bool:
    """Tell whether two entries are of one work: by their numbers elsewhere, and without those by name and year."""
    shared = [name for name in _JOINING if one.ids.get(name) and other.ids.get(name)]
    if shared:
        return any(one.ids[name] == other.ids[name] for name in shared)
    return name_of(one.name).means(name_of(other.name)) and one.year == other.year
