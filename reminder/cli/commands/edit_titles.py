"""`add`, `change` and `remove`: the titles that the config does not list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reminder.cli import picking
from reminder.cli.context import CommandContext, asked
from reminder.cli.options import Named, NewTitle
from reminder.cli.output import draw, print_json, print_lines
from reminder.cli.title_options import Said, title_options
from reminder.cli.titles import find_title, first_date, ours_to_change
from reminder.errors import WrongInput
from reminder.refresh.resolving import resolve_dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from reminder.cli.next import Next
    from reminder.core.schedule.listing import ListedEntry
    from reminder.store.title_commands import StoredTitle


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


def add_title(wanted: CommandContext, said: dict[str, str | None], *, only_plain: bool = False) -> None:
    """Watch the title that `said` describes, as a config spells each key, and say its next message. Raises WrongInput.

    One without a date is searched for at the sources; `only_plain` asks nobody which one is meant.
    """
    if said.get("source") is None:
        said = {**said, **picking.entry_said(wanted, said["title"] or "")}
    listing = _read(wanted, said)
    match = picking.pick(wanted, listing, only_plain=only_plain)
    listing = picking.named_for(listing, match) if match else listing
    with wanted.app.changing() as tx:
        _must_be_free(wanted, tx, listing)
        coming = _put(wanted, tx, listing)
    if match is not None:
        picking.follow(wanted, listing, match)
        listing, coming = _as_followed(wanted, listing)
    _tell(wanted, listing, coming, "Added")


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
        found = ours_to_change(tx, wanted.app.config, title)
        listing = _read(wanted, said, found.listing)
        _rekey(wanted, tx, found, listing)
        coming = _put(wanted, tx, listing)
    match = picking.pick(wanted, listing, only_plain=True) if ":" in (said["source"] or "") else None
    if match is not None:
        picking.follow(wanted, listing, match)
        listing, coming = _as_followed(wanted, listing)
    _tell(wanted, listing, coming, "Changed")


def _correct(wanted: CommandContext, called: Sequence[str]) -> None:
    """Say of the last change of any title's dates that it put a slip right; nobody who heard nothing hears of it."""
    from reminder.cli.rows import utc_or_none
    from reminder.core.text.english import count
    from reminder.store.title_commands import correct

    now = wanted.app.clock.now()
    with wanted.app.changing() as tx:
        found = find_title(tx, called)
        last = correct(tx, found.id, now)
    name = found.listing.title.name
    if not last:
        raise WrongInput(f"no date of {name} has changed yet: there is nothing to put right")
    if wanted.json:
        rows = [
            {"before": item.before.json(), "after": item.after.json(), "at": utc_or_none(item.seen_at)} for item in last
        ]
        print_json({"title": name, "corrected": rows})
    else:
        print_lines(
            f"{count(len(last), 'change')} of {name} put a slip right: who was told nothing of it hears nothing."
        )


def _read(wanted: CommandContext, said: dict[str, str | None], before: ListedEntry | None = None) -> ListedEntry:
    from reminder.config.entry import read_listing, wished

    people = [person.name for person in wanted.app.config.subscribers]
    written = {key: text for key, text in said.items() if text is not None}
    if not written.get("title", "-").strip():
        raise WrongInput("--title is empty: write what it is called" if before else "write what it is called")
    listing = read_listing(written, people, wanted.zone, before)
    return wished(listing, wanted.app.config, own_kinds="kinds" in written)


def _as_followed(wanted: CommandContext, listing: ListedEntry) -> tuple[ListedEntry, Next]:
    """Return a title as it stands now that its source was asked, and what comes next about it."""
    from reminder.cli.next import next_messages
    from reminder.store.title_commands import kept_titles

    with wanted.looking() as tx:
        kept = next(item.listing for item in kept_titles(tx) if item.listing.title.key == listing.title.key)
        return kept, next_messages(wanted, tx, [kept])[kept.title.key]


def _must_be_free(wanted: CommandContext, tx: Connection, listing: ListedEntry) -> None:
    """Raise WrongInput when a title of this key is watched already."""
    from reminder.store.title_commands import kept_titles

    title = listing.title
    place = wanted.app.config.place_of(title.key)
    if place is not None:
        raise WrongInput(f"{title.name} is listed at {place}: change it there, or tell two works apart with --id")
    if any(item.listing.title.key == title.key for item in kept_titles(tx)):
        raise WrongInput(f"{title.name} is already watched: `reminder change` changes it; --id tells two works apart")


def _rekey(wanted: CommandContext, tx: Connection, found: StoredTitle, listing: ListedEntry) -> None:
    """Let a renamed title keep its history."""
    from reminder.store.title_commands import kept_titles, rename

    key = listing.title.key
    if key == found.listing.title.key:
        return
    place = wanted.app.config.place_of(key)
    if place or any(item.listing.title.key == key for item in kept_titles(tx, ended=True)):
        raise WrongInput(f"{listing.title.name} is {f'listed at {place}' if place else 'known'} already: add an --id")
    rename(tx, found.id, key)


def _put(wanted: CommandContext, tx: Connection, listing: ListedEntry) -> Next:
    from reminder.cli.next import next_messages
    from reminder.store.title_commands import put

    app = wanted.app
    put(tx, listing, app.clock.now(), app.config.grace, resolve_dates)
    return next_messages(wanted, tx, [listing])[listing.title.key]


def _tell(wanted: CommandContext, listing: ListedEntry, coming: Next, done: str) -> None:
    from rich.text import Text

    from reminder.cli.dates import date_of
    from reminder.cli.rows import when_fields
    from reminder.core.model.entities import Role
    from reminder.core.schedule.season import unfold

    title = listing.title
    first = first_date(title, wanted.today)
    if wanted.json:
        fields = {"title": title.name, "key": title.key, "season": title.season, **when_fields(first)}
        print_json({**fields, "next": coming.row, "next_reason": coming.reason})
        return
    season = "" if title.season is None else f" season {title.season}"
    which = "the finale, " if unfold(title)[0].role is Role.FINALE else ""
    draw(Text.assemble(f"{done} ", (f"{title.name}{season}", "bold"), f": {which}{date_of(first, wanted.zone)}."))
    draw(Text(f"Next: {coming.text(wanted)}" if coming.row else f"Nothing is to come: {coming.reason}."))
    if coming.row:
        draw(Text(f"      {coming.row['subject']}", style="bold"))


def remove(context: typer.Context, title: Named) -> None:
    """Stop watching a title that was added by command."""
    from reminder.store import title_commands

    wanted = asked(context)
    with wanted.app.changing() as tx:
        found = ours_to_change(tx, wanted.app.config, title, "remove it there")
        title_commands.remove(tx, found.id, wanted.app.clock.now())
    if wanted.json:
        print_json({"title": found.listing.title.name, "key": found.listing.title.key})
    else:
        print_lines(f"{found.listing.title.name} is no longer watched.")
