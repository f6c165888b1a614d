"""A first title for `init`: it is looked for at once, and only what no source knows is asked for its date."""

from __future__ import annotations

from pathlib import Path

from reminder.cli.asking import ask, choose
from reminder.cli.context import CommandContext
from reminder.cli.talk import say
from reminder.config import parse_config
from reminder.config.starter import Answers, FirstTitle, starter_config
from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import Title, title_key
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.match import Plain
from reminder.daemon.app import App
from reminder.daemon.build_sources import build_catalogues
from reminder.platform.clock import clock_from
from reminder.usecases.propose import NoSource, SearchAnswer, search

SHOWN = 5


def ask_title(wanted: CommandContext, path: Path, answers: Answers, name: str) -> FirstTitle:
    """Return a title as it is to stand in the config: alone where a source has it, else with what was answered."""
    found = _searched(wanted, path, answers, name)
    if isinstance(found, Plain):
        say(f"Found: {found.match}. Its dates come from there.")
        return FirstTitle(name=name)
    if isinstance(found, NoAnswer | NoSource):
        say(f"It cannot be looked for now{f' ({found.reason})' if found.reason else ''}; that is done later.")
        return FirstTitle(name=name)
    if found.matches:
        return _chosen(name, found.matches)
    return _by_hand(name)


def _searched(wanted: CommandContext, path: Path, answers: Answers, name: str) -> SearchAnswer:
    """Return what the sources of the coming config find by this name."""
    config = parse_config(
        starter_config(answers), str(path), environ=wanted.machine.environ, system_zone=answers.timezone or "UTC"
    )
    app = App(machine=wanted.machine, config=config, clock=clock_from(wanted.machine.environ))
    title = Title(key=title_key(name, None), name=name, source_options=SourceOptions())
    return search(title, build_catalogues(app))


def _chosen(name: str, matches: tuple[Match, ...]) -> FirstTitle:
    say(f'Which "{name}" is it?')
    chosen = choose("Number", [str(match) for match in matches[:SHOWN]], "none of these")
    if chosen is None:
        return _by_hand(name)
    return FirstTitle(name=name, said={"source": matches[chosen].id})


def _by_hand(name: str) -> FirstTitle:
    """Return a title that no source has, with its date if it is known. Without one it goes on being looked for."""
    say("Nothing by that name was found: films need `sources: tmdb:`, see docs/sources.md.")
    when = ask("When does it come out (Enter if that is not known yet)", _date, "")
    return FirstTitle(name=name, said={"premiere": when} if when else {})


def _date(text: str) -> str:
    return text.strip() if text.strip() and parse_when(text) != UNKNOWN else ""
