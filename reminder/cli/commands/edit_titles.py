"""`add`, `change` and `remove`: the titles that the config does not list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from reminder.cli import picking
from reminder.cli.adding import add_title, follow_and_tell
from reminder.cli.context import CommandContext, asked
from reminder.cli.next import next_messages
from reminder.cli.options import Named, NewTitle
from reminder.cli.output import print_json, print_lines
from reminder.cli.title_options import Said, title_options
from reminder.config.sourcing import OFFLINE
from reminder.core.errors import WrongInput
from reminder.core.text.english import count
from reminder.usecases import title_changes
from reminder.usecases.propose import CandidateTitle, describe, search
from reminder.usecases.rows.fields import utc_or_none
from reminder.usecases.rows.titles import removed_row


@title_options(is_for_change=False)
def add_(
    context: typer.Context,
    title: NewTitle,
    said: Said,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take only an unambiguous match.")] = False,
) -> None:
    """Watch a title that the config does not list.

    Without a date it is searched for at the sources, and its dates are kept up to date.
    """
    add_title(asked(context), {"title": " ".join(title), **said}, only_plain=yes)


@title_options(is_for_change=True)
def change(
    context: typer.Context,
    title: Named,
    said: Said,
    correct: Annotated[
        bool, typer.Option("--correct", help="Say that the last change of its date put a slip right; for any title.")
    ] = False,
) -> None:
    """Change a title that was added by command.

    Options left out change nothing; an empty text ("") removes what was set before.
    """
    if correct:
        if any(value is not None for value in said.values()):
            raise WrongInput("--correct changes no date: give it alone, after the change")
        _correct(asked(context), title)
        return
    wanted = asked(context)
    if all(value is None for value in said.values()):
        raise WrongInput("nothing to change: `reminder change --help` lists what can be changed")
    with wanted.app.changing() as tx:
        found = title_changes.ours_to_change(tx, wanted.app.config, title)
        listing = describe(said, wanted.app.config, found.listing)
        title_changes.change_title(
            tx, wanted.app.config, found, listing, wanted.app.clock.now(), names_followers=said["for"] is not None
        )
        coming = next_messages(wanted, tx, [listing])[listing.title.key]
    match = None
    if ":" in (said["source"] or ""):
        answer = search(listing.title, wanted.there, is_offline=OFFLINE in wanted.machine.environ)
        match = picking.pick(CandidateTitle(listing=listing, answer=answer), only_plain=True)
    follow_and_tell(wanted, listing, coming, match, "Changed")


def _correct(wanted: CommandContext, called: Sequence[str]) -> None:
    with wanted.app.changing() as tx:
        kept, last = title_changes.correct_title(tx, called, wanted.app.clock.now())
    name = kept.listing.title.name
    if wanted.json:
        rows = [
            {"before": item.before.json(), "after": item.after.json(), "at": utc_or_none(item.seen_at)} for item in last
        ]
        print_json({"title": name, "corrected": rows})
    else:
        print_lines(
            f"{count(len(last), 'change')} of {name} put a slip right: who was told nothing of it hears nothing."
        )


def remove(context: typer.Context, title: Named) -> None:
    """Stop watching a title that was added by command."""
    wanted = asked(context)
    with wanted.app.changing() as tx:
        found = title_changes.remove_title(tx, wanted.app.config, title, wanted.app.clock.now())
    if wanted.json:
        print_json(removed_row(found))
    else:
        print_lines(f"{found.listing.title.name} is no longer watched.")
