"""Asks a person which entry of a source a title means, where that is not plain, and says what was found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import typer

from reminder.cli.context import CommandContext
from reminder.cli.talk import may_ask, say
from reminder.core.errors import WrongInput
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.match import Plain, Unclear
from reminder.daemon.build_sources import build_refresher
from reminder.usecases import propose
from reminder.usecases.propose import CandidateTitle, NoSource

SHOWN = 9


def pick(candidate: CandidateTitle, *, only_plain: bool) -> Match | None:
    """Return the entry that is meant, asking where it is not plain; None to watch the title without one.

    Raises WrongInput where nobody can be asked, with what there is to choose from.
    """
    name, answer = candidate.listing.title.name, candidate.answer
    if isinstance(answer, NoSource):
        if answer.reason:
            say(f"{name} is watched without a date: {answer.reason}.")
        return None
    if isinstance(answer, Plain):
        if not answer.by_id:
            say(f"Found {answer.match} ({answer.why}).")
        return answer.match
    if isinstance(answer, NoAnswer):
        say(f"No source could be asked now ({answer.reason}); it is searched for later.")
        return None
    if not answer.matches:
        if only_plain:
            raise WrongInput(f"{name}: {answer.why}")
        say(f"Nothing by that name was found: {name} is watched without a date, and searched for daily.")
        return None
    if only_plain or not may_ask():
        raise WrongInput(*_choices(name, answer))
    return ask_which(name, answer)


def _choices(name: str, unclear: Unclear) -> Sequence[str]:
    lines = [f"  {match}" for match in unclear.matches[:SHOWN]]
    return [f'"{name}" could be several things ({unclear.why}): say which with --source, such as', *lines]


def ask_which(name: str, unclear: Unclear) -> Match | None:
    """Return the entry that the person at the terminal chooses, None for none of them."""
    say(f'Which "{name}" is it? ({unclear.why})')
    for number, match in enumerate(unclear.matches[:SHOWN], 1):
        say(f"  {number}  {match}")
    say("  0  none of these: watch it without a date")
    last = min(len(unclear.matches), SHOWN)
    chosen: int = typer.prompt("Number", value_proc=lambda text: _number(text, last), err=True)
    return unclear.matches[chosen - 1] if chosen else None


def _number(text: str, last: int) -> int:
    """Return the number that was typed. Raises BadParameter, upon which it is asked again."""
    if not text.strip().isdecimal() or int(text) > last:
        raise typer.BadParameter(f"write a number from 0 to {last}")
    return int(text)


def follow(wanted: CommandContext, key: str, match: Match) -> ListedEntry:
    """Have the title of this key follow its entry at once; return it with the dates that it has then."""
    app = wanted.app
    with closing(app.open_store()) as store:
        refresher = build_refresher(app, store, lambda subject, lines, at: say(f"{subject}: {' '.join(lines)}"))
        followed = propose.follow(refresher, key, match, app.clock.now())
    for name, reason in followed.silent.items():
        say(f"{name}: no answer yet ({reason}); it is asked again later.")
    return followed.listing
