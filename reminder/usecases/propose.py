"""Proposing what a title that somebody names may be at the sources, and following the entry that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reminder.config import Config
from reminder.config.entry import read_listing, with_config_options
from reminder.config.source_parsers import parse_source
from reminder.config.sourcing import SWITCHED_OFF
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Title, title_key
from reminder.core.model.names import plain
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.match import Plain, Unclear
from reminder.refresh.finding import find, is_askable, unserved
from reminder.refresh.refresher import Refresher
from reminder.sources.build import Catalogues
from reminder.usecases.follow import FoundEntry, pin_entries
from reminder.usecases.titles import listing_of


@dataclass(frozen=True, kw_only=True)
class NoSource:
    """No source was asked about a title: `reason` is what is missing, None if its dates are by hand or none is set up.

    The title can be watched all the same.
    """

    reason: str | None = None


SearchAnswer = Plain | Unclear | NoAnswer | NoSource


@dataclass(frozen=True, kw_only=True)
class CandidateTitle:
    """A title as it would be watched, and what the sources say it may mean."""

    listing: ListedEntry
    answer: SearchAnswer


def propose(
    said: Mapping[str, str | None], config: Config, there: Catalogues, now: datetime, *, is_offline: bool
) -> CandidateTitle:
    """Given what was said of a title, as a config spells each key, return it with what it may mean; nothing is kept.

    Only `title` must be said: a name, an entry (`tvmaze:44933`) or the address of its page. `is_offline` tells that
    the sources are switched off from outside the config. Raises WrongInput with every problem.
    """
    if said.get("source") is None:
        said = {**said, **_entry_said(said["title"] or "", there, now)}
    listing = describe(said, config)
    return CandidateTitle(listing=listing, answer=search(listing.title, there, is_offline=is_offline))


def describe(said: Mapping[str, str | None], config: Config, before: ListedEntry | None = None) -> ListedEntry:
    """Return the title that `said` describes, what is not said being as it was `before`. Raises WrongInput."""
    written = {key: text for key, text in said.items() if text is not None}
    if not written.get("title", "-").strip():
        raise WrongInput("--title is empty: write what it is called" if before else "write what it is called")
    listing = read_listing(written, [person.name for person in config.subscribers], config.zone, before)
    return with_config_options(listing, config, own_kinds="kinds" in written)


def search(title: Title, there: Catalogues, *, is_offline: bool = False) -> SearchAnswer:
    """Return what a title may mean at the sources: the one entry that is plainly meant, else what to choose from."""
    if title.source_options is None:
        return NoSource()
    if is_askable(title, there):
        return find(title, there)
    return NoSource(reason=SWITCHED_OFF if is_offline and not there.sources else unserved(title, there))


def _entry_said(words: str, there: Catalogues, now: datetime) -> dict[str, str]:
    """Return title and source where somebody wrote an entry or the address of its page, else nothing.

    Raises WrongInput for one that its source does not know, or that cannot be asked now.
    """
    try:
        entry = parse_source(words)
    except ValueError:
        return {}
    name, _, ref = entry.partition(":")
    if not ref:
        return {}
    source = there.source(name, ref)
    if source is None:
        raise WrongInput(f"{entry}: {name} is switched off or not set up")
    answer = source.fetch(ref, now.date())
    if isinstance(answer, NoAnswer):
        raise WrongInput(f"{entry}: {answer.reason}")
    return {"title": answer.name, "source": entry}


def named_for(listing: ListedEntry, match: Match) -> ListedEntry:
    """Return a listing under the name that its entry has, where it was only searched for by some words."""
    title = listing.title
    if title.key != title_key(title.name, title.season):
        return listing  # it has an id
    name = match.name if plain(match.name) != plain(title.name) or title.name.islower() else title.name
    return replace(listing, title=replace(title, name=name, key=title_key(name, title.season)))


@dataclass(frozen=True, kw_only=True)
class FollowedEntry:
    """A title that follows an entry, as it stands after its source was asked; `silent`: why which gave no answer."""

    listing: ListedEntry
    silent: Mapping[str, str]


def follow(refresher: Refresher, key: str, match: Match, now: datetime) -> FollowedEntry:
    """Pin the title of this key, which is watched, to the entry that a person chose, and ask for its dates at once."""
    store = refresher.store
    with store.write() as tx:
        pin_entries(tx, [FoundEntry(key=key, match=match)], now)
    report = refresher.refresh(now, [key])
    with store.read() as tx:
        return FollowedEntry(listing=listing_of(tx, key), silent=report.silent)
