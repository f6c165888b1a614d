"""Looks for the entries of titles that are not pinned yet, for `check`, and asks a person where it is not plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from reminder.cli import picking
from reminder.cli.context import CommandContext
from reminder.cli.talk import may_ask, say
from reminder.core.errors import StoreError
from reminder.core.model.entities import Title
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.match import Plain, Unclear
from reminder.core.text.english import count
from reminder.usecases.calendars import look_at_calendars
from reminder.usecases.follow import (
    FoundEntry,
    SourceState,
    is_settled,
    known_sources,
    pin_entries,
    sources_refusing,
)
from reminder.usecases.propose import NoSource, search

SEARCHED: Final = 20
"""The most titles that one `check` searches for; the daemon searches for the rest."""

NAMED: Final = 3
"""So many titles are named of those that one and the same silence is about."""


@dataclass
class SourceCheck:
    """The findings of `check` about sources: the entry of each title by key, and the titles that need a word."""

    entries: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    chosen: list[tuple[ListedEntry, Match]] = field(default_factory=list)
    picked: list[tuple[ListedEntry, Match]] = field(default_factory=list)
    silent: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    searched: int = 0
    left: int = 0


def look_for(wanted: CommandContext, tx: Connection, listings: Iterable[ListedEntry]) -> SourceCheck:
    """Look for what is not pinned yet, asking a person where it is not plain."""
    known = known_sources(tx)
    looked = SourceCheck()
    has_calendars = bool(wanted.app.config.sources.calendars)
    feeds = wanted.there.feeds if has_calendars else ()
    calendars = look_at_calendars(tx, feeds, wanted.app.clock.now().date())
    looked.problems += calendars.problems
    others = sources_refusing(tx)
    looked.warnings += [*(text for text in others if text not in calendars.problems), *calendars.warnings]
    for item in listings:
        title = item.title
        have = known.get(title.key)
        if title.source_options is None:
            continue
        if have and is_settled(title, have):
            looked.entries[title.key] = have.pin.id
            _warn_of_silence(wanted, title, have, looked)
        else:
            _look_for_one(wanted, item, looked)
    looked.warnings += [f"{_named(names)}: {text}" for text, names in looked.silent.items()]
    if looked.left:
        say(f"{count(looked.left, 'more title')} will be looked for by `reminder run`, or now by `reminder refresh`")
    return looked


def _look_for_one(wanted: CommandContext, item: ListedEntry, looked: SourceCheck) -> None:
    """Look for a title, as long as it is one of the first of so many."""
    if looked.searched >= SEARCHED:
        looked.left += 1
        return
    answer = search(item.title, wanted.there)
    looked.searched += not isinstance(answer, NoSource)
    if isinstance(answer, NoAnswer | NoSource):
        if answer.reason:
            looked.silent[f"no source could be asked ({answer.reason})"].append(item.title.name)
    elif isinstance(answer, Plain):
        looked.entries[item.title.key] = answer.match.id
        looked.chosen.append((item, answer.match))
        say(f"{item.title.name}: found {answer.match} ({answer.why})")
    else:
        _unclear(wanted, item, answer, looked)


def _named(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names) if rest < 2 else f"{', '.join(names[:NAMED])} and {rest} more"


def _warn_of_silence(wanted: CommandContext, title: Title, known: SourceState, looked: SourceCheck) -> None:
    if wanted.there.source(known.pin.source, known.pin.ref) is None:
        looked.silent[f"not asked about: {known.pin.source} is switched off or not set up"].append(title.name)
    elif known.stands_in:
        there = known.stands_in
        looked.silent[f"its entry is gone ({known.silence}); {there} gives the dates: write source: {there}"].append(
            title.name
        )
    elif known.silence:
        looked.silent[f"the source gives no answer ({known.silence}); the dates stay"].append(title.name)
    looked.warnings += [f"{title.name}: two sources are more than a day apart: {clash}" for clash in known.clashes]


def _unclear(wanted: CommandContext, item: ListedEntry, answer: Unclear, looked: SourceCheck) -> None:
    name = item.title.name
    if answer.matches and may_ask() and not wanted.json:
        match = picking.ask_which(name, answer)
        if match is not None:
            looked.entries[item.title.key] = match.id
            looked.chosen.append((item, match))
            looked.picked.append((item, match))
        return
    known = "; ".join(str(match) for match in answer.matches[:5])
    hint = f"write source: to say which: {known}" if known else "write its date, or source: none"
    looked.warnings.append(f"{name}: {answer.why}; {hint}")


def pin_chosen(wanted: CommandContext, looked: SourceCheck) -> None:
    """Pin what was found, where there is a database; where none is yet, `run` finds the same."""
    path = wanted.app.database_path
    if path is not None and not path.exists():
        for item, match in looked.picked:
            say(
                f"{item.title.name}: there is no database yet to keep this in; "
                f'write source: "{match.id}" in the config.'
            )
        return
    if not looked.chosen:
        return
    now = wanted.app.clock.now()
    try:
        with closing(wanted.app.open_store()) as store, store.write() as tx:
            found = (
                FoundEntry(key=item.title.key, match=match, is_persons=(item, match) in looked.picked)
                for item, match in looked.chosen
            )
            pin_entries(tx, found, now)
    except StoreError as error:
        say(f"What was found could not be kept: {error}")
