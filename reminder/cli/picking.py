"""Finds the entry of a source for a title, and asks a person where that is not plain."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import typer

from reminder.cli.context import CommandContext
from reminder.cli.talk import may_ask, say
from reminder.config.source_parsers import parse_source
from reminder.config.sourcing import OFFLINE, SWITCHED_OFF
from reminder.core.model.entities import title_key
from reminder.core.model.names import plain
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.match import Plain, Unclear
from reminder.daemon.build_sources import build_refresher
from reminder.errors import WrongInput
from reminder.refresh.finding import find, is_askable, unserved
from reminder.usecases.follow import FoundEntry, pin_entries

SHOWN = 9


def search(wanted: CommandContext, listing: ListedEntry) -> Plain | Unclear | NoAnswer | None:
    """Return what a title that is to be followed may mean; None where its dates are by hand, or nobody can be asked."""
    title, there = listing.title, wanted.there
    return find(title, there) if title.source_options is not None and is_askable(title, there) else None


def entry_said(wanted: CommandContext, words: str) -> dict[str, str]:
    """Return title and source where somebody wrote an entry (`tvmaze:44933`) or the address of its page, else nothing.

    Raises WrongInput for one that its source does not know, or that cannot be asked now.
    """
    try:
        entry = parse_source(words)
    except ValueError:
        return {}
    name, _, ref = entry.partition(":")
    if not ref:
        return {}
    source = wanted.there.source(name, ref)
    if source is None:
        raise WrongInput(f"{entry}: {name} is switched off or not set up")
    answer = source.fetch(ref, wanted.app.clock.now().date())
    if isinstance(answer, NoAnswer):
        raise WrongInput(f"{entry}: {answer.reason}")
    return {"title": answer.name, "source": entry}


def pick(wanted: CommandContext, listing: ListedEntry, *, only_plain: bool) -> Match | None:
    """Return the entry that is meant, asking where it is not plain; None to watch the title without one.

    Raises WrongInput where nobody can be asked, with what there is to choose from.
    """
    found = search(wanted, listing)
    if found is None:
        _say_who_is_missing(wanted, listing)
        return None
    if isinstance(found, Plain):
        if not found.by_id:
            say(f"Found {found.match} ({found.why}).")
        return found.match
    if isinstance(found, NoAnswer):
        say(f"No source could be asked now ({found.reason}); it is searched for later.")
        return None
    if not found.matches:
        if only_plain:
            raise WrongInput(f"{listing.title.name}: {found.why}")
        say(f"Nothing by that name was found: {listing.title.name} is watched without a date, and searched for daily.")
        return None
    if only_plain or not may_ask():
        raise WrongInput(*_choices(listing.title.name, found))
    return _ask(listing.title.name, found)


def _say_who_is_missing(wanted: CommandContext, listing: ListedEntry) -> None:
    if listing.title.source_options is None:
        return
    is_offline = OFFLINE in wanted.machine.environ and not wanted.there.sources
    reason = SWITCHED_OFF if is_offline else unserved(listing.title, wanted.there)
    if reason:
        say(f"{listing.title.name} is watched without a date: {reason}.")


def _choices(name: str, found: Unclear) -> Sequence[str]:
    lines = [f"  {match}" for match in found.matches[:SHOWN]]
    return [f'"{name}" could be several things ({found.why}): say which with --source, such as', *lines]


def _ask(name: str, found: Unclear) -> Match | None:
    say(f'Which "{name}" is it? ({found.why})')
    for number, match in enumerate(found.matches[:SHOWN], 1):
        say(f"  {number}  {match}")
    say("  0  none of these: watch it without a date")
    last = min(len(found.matches), SHOWN)
    chosen: int = typer.prompt("Number", value_proc=lambda text: _number(text, last), err=True)
    return found.matches[chosen - 1] if chosen else None


def _number(text: str, last: int) -> int:
    """Return the number that was typed. Raises BadParameter, upon which it is asked again."""
    if not text.strip().isdecimal() or int(text) > last:
        raise typer.BadParameter(f"write a number from 0 to {last}")
    return int(text)


def named_for(listing: ListedEntry, match: Match) -> ListedEntry:
    """Return a listing under the name that its entry has, where it was only searched for by some words."""
    title = listing.title
    if title.key != title_key(title.name, title.season):
        return listing  # it has an id
    name = match.name if plain(match.name) != plain(title.name) or title.name.islower() else title.name
    return replace(listing, title=replace(title, name=name, key=title_key(name, title.season)))


def follow(wanted: CommandContext, listing: ListedEntry, match: Match) -> None:
    """Pin a title to its entry and ask for its dates at once."""
    app = wanted.app
    now = app.clock.now()
    with closing(app.open_store()) as store:
        with store.write() as tx:
            pin_entries(tx, [FoundEntry(key=listing.title.key, match=match)], now)
        report = build_refresher(app, store, lambda subject, lines, at: say(f"{subject}: {' '.join(lines)}")).refresh(
            now, [listing.title.key]
        )
        for name, reason in report.silent.items():
            say(f"{name}: no answer yet ({reason}); it is asked again later.")
