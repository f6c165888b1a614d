"""Matches each title of a list with a source's entry: by the numbers that the list has, else by name and year.

What no source is sure of is watched by the date that the list has for it, if it has one that lies ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.config.entry import read_listing, with_config_options
from reminder.config.sourcing import SWITCHED_OFF
from reminder.core.errors import WrongInput
from reminder.core.lists import Wanted
from reminder.core.model.entities import Title, TitleKind, title_key
from reminder.core.model.names import Index
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer, NotFound, WorkForm
from reminder.core.sourcing.match import Plain, Unclear
from reminder.refresh.finding import find, search_order, silence_of
from reminder.refresh.resolving import resolve_dates
from reminder.sources.build import Catalogues
from reminder.store import followed as pins
from reminder.store.followed import known_sources
from reminder.store.listings import COMMAND
from reminder.store.title_commands import kept_titles, put_new

YEARS_APART: Final = 1
"""Catalogues differ by a year about one work: more than that makes it two."""
_KINDS: Final = {WorkForm.FILM: TitleKind.FILM, WorkForm.SERIES: TitleKind.SERIES}


@dataclass(frozen=True, kw_only=True)
class MatchedTitle:
    """A title of a list, to be watched from now on: with the entry that it means, or by the date that the list has."""

    listing: ListedEntry
    match: Match | None


@dataclass(frozen=True, kw_only=True)
class AlreadyThere:
    """A title of a list that is watched already, by its name or by its entry."""

    name: str


@dataclass(kw_only=True)
class Matcher:
    """Matches the titles of one list, one after the other; what it has found counts as watched for the next."""

    config: Config
    there: Catalogues
    now: datetime
    is_offline: bool
    _names: Index[str] = field(default_factory=Index)
    _kinds: dict[str, TitleKind | None] = field(default_factory=dict)
    _years: dict[str, int | None] = field(default_factory=dict)
    _entries: set[tuple[str, int | None]] = field(default_factory=set)

    def know_watched(self, tx: Connection) -> None:
        """Take note of what is watched already: it is not found again."""
        kept = {item.listing.title.key: item.listing.title for item in kept_titles(tx)}
        followed = known_sources(tx, list(kept))
        for key, title in kept.items():
            known = followed.get(key)
            ref = known.pin.ref if known else ""
            if known is not None and ref:
                self._entries.add((known.pin.id, title.season))
            self._note(key, title, title.kind or _kind_of(ref), known.answer.year if known and known.answer else None)

    def _note(self, key: str, title: Title, kind: TitleKind | None, year: int | None) -> None:
        self._kinds[key], self._years[key] = kind, year
        if title.season is None:
            self._names.add(title.name, key, year)

    def match(self, item: Wanted) -> MatchedTitle | AlreadyThere | Unclear | NoAnswer:
        """Return what a title of the list means, or why it is not watched from now on."""
        listing = self._listing(item)
        if item.name and (same := self._same(item, listing)):
            if not all(self._is_another(item, listing, key) for key in same):
                return AlreadyThere(name=item.name)
            listing = self._listing(replace(item, name=f"{item.name} ({item.year})"))
            if listing.title.key in self._kinds:
                return AlreadyThere(name=listing.title.name)
        meant = self._meant(item, listing)
        if not isinstance(meant, Plain):
            return self._by_its_date(listing.title.name, item, meant)
        if not item.name:
            named = self._named(meant.match)
            if isinstance(named, NoAnswer):
                return named
            meant, listing = replace(meant, match=named), self._listing(replace(item, name=named.name))
        return self._found(listing, meant.match, item.year)

    def _found(self, listing: ListedEntry, match: Match, year: int | None) -> MatchedTitle | AlreadyThere:
        season = listing.title.season
        if {(match.id, season), (match.id, None)} & self._entries or listing.title.key in self._kinds:
            return AlreadyThere(name=listing.title.name)
        self._entries.add((match.id, season))
        self._note(listing.title.key, listing.title, _kind_of(match.ref), year or match.year)
        return MatchedTitle(listing=listing, match=match)

    def _by_its_date(
        self, name: str, item: Wanted, meant: Unclear | NoAnswer
    ) -> MatchedTitle | AlreadyThere | Unclear | NoAnswer:
        """Return a title of which no source is sure as its list dates it; where that is no help, why it is not watched.

        A source that gave no answer may know it yet: it is asked again when the list is brought in again.
        """
        is_silent = isinstance(meant, NoAnswer) and not isinstance(meant, NotFound)
        if is_silent or not item.name or not item.premiere:
            return meant
        try:
            listing = read_listing(_said_of(name, item), (), self.config.zone)
        except WrongInput as error:
            return _with_more(meant, "; ".join(text.removeprefix("--") for text in error.problems))
        ends_at = listing.title.premiere.ends_at(self.config.zone)
        if ends_at is None:
            return meant
        if ends_at <= self.now:
            return _with_more(meant, f"the list's date is past: {listing.title.premiere.show()}")
        listing = with_config_options(listing, self.config, own_kinds=False)
        if listing.title.key in self._kinds:
            return AlreadyThere(name=listing.title.name)
        self._note(listing.title.key, listing.title, listing.title.kind, item.year)
        return MatchedTitle(listing=listing, match=None)

    def _same(self, item: Wanted, listing: ListedEntry) -> tuple[str, ...]:
        """Return the keys of what is watched under this name, as it is written or spelt otherwise."""
        written = (listing.title.key,) if listing.title.key in self._kinds else ()
        return written or self._names.find(item.name, item.year)

    def _is_another(self, item: Wanted, listing: ListedEntry, key: str) -> bool:
        """Tell whether the title of this name that is watched is another work: of another sort, or years apart."""
        if item.year is None:
            return False
        ours = listing.title.kind
        there, year = self._kinds[key], self._years.get(key)
        is_other_sort = None not in {there, ours} and there is not ours
        return is_other_sort or (year is not None and abs(year - item.year) > YEARS_APART)

    def _listing(self, item: Wanted) -> ListedEntry:
        kind = _KINDS.get(item.form) if item.form else None
        key = title_key(item.name, item.season)
        title = Title(key=key, name=item.name, season=item.season, kind=kind, source_options=SourceOptions())
        return with_config_options(ListedEntry(title=title), self.config, own_kinds=False)

    def _meant(self, item: Wanted, listing: ListedEntry) -> Plain | Unclear | NoAnswer:
        names = search_order(listing.title, self.there)
        if not names and self.is_offline:
            return NotFound(reason=SWITCHED_OFF)
        for name in names:
            ref = item.ids.get(name) or self.there.sources[name].find(item.ids)
            if isinstance(ref, NoAnswer):
                return silence_of(name, ref)
            if ref is not None:
                form = WorkForm.FILM if ref.startswith("movie/") else WorkForm.SERIES
                match = Match(source=name, ref=ref, name=item.name, form=form, year=item.year)
                return Plain(match=match, why="its id", by_id=True)
        if not item.name and names:
            return Unclear(matches=(), why="no source that is set up knows its number")
        return find(listing.title, self.there, item.year)

    def _named(self, match: Match) -> Match | NoAnswer:
        """Return a match with the name that its source has: the list had only its number."""
        answer = self.there.sources[match.source].fetch(match.ref, self.now.date())
        if isinstance(answer, NoAnswer):
            return silence_of(match.source, answer)
        return replace(match, name=answer.name, year=answer.year)


def _said_of(name: str, item: Wanted) -> dict[str, str]:
    """Return what a list says of a title, by the config's words."""
    said = {
        "title": name,
        "premiere": item.premiere,
        "platform": item.platform,
        "season": "" if item.season is None else str(item.season),
        "kind": str(_KINDS[item.form]) if item.form else "",
    }
    return {key: text for key, text in said.items() if text}


def _with_more(meant: Unclear | NoAnswer, why: str) -> Unclear | NoAnswer:
    """Return why a title is not watched, with one more reason."""
    if isinstance(meant, Unclear):
        return replace(meant, why=f"{meant.why}; {why}")
    return replace(meant, reason=f"{meant.reason}; {why}")


def _kind_of(ref: str) -> TitleKind | None:
    if not ref:
        return None
    return TitleKind.FILM if ref.startswith("movie/") else TitleKind.SERIES


def watch(tx: Connection, matched: Sequence[MatchedTitle], now: datetime, config: Config) -> None:
    """Watch these titles from `now` on, each pinned to the entry that its name led to, if there is one."""
    for one in matched:
        if one.match is not None:
            pins.pin_to(tx, one.listing.title.key, one.match, pins.BY_NAME, now)
    put_new(tx, [one.listing for one in matched], COMMAND, now, config.grace, resolve_dates)
