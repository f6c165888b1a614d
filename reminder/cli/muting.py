"""`mute` and `unmute`: silence about a title, without forgetting it."""

from __future__ import annotations

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.options import Named, Person
from reminder.cli.output import print_json, print_lines
from reminder.cli.registry import TITLES, add
from reminder.cli.titles import ours_to_change
from reminder.errors import WrongInput


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "mute", mute, TITLES)
    add(app, "unmute", unmute, TITLES)


def mute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Mute a title that was added by command."""
    _set_muted(asked(context), title, subscriber, muted=True)


def unmute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Unmute a title."""
    _set_muted(asked(context), title, subscriber, muted=False)


def _set_muted(wanted: Asked, words: list[str], subscriber: str | None, *, muted: bool) -> None:
    from reminder.store import desk

    wanted.check_person(subscriber)
    now = wanted.app.clock.now()
    with wanted.app.changing() as tx:
        found = ours_to_change(
            tx, wanted.app.config, words, "write it under `mute:` there, at the top or for a subscriber"
        )
        title = found.listing.title
        names = desk.mute(tx, found.id, subscriber, now if muted else None, now)
    if not names:
        raise WrongInput(f"{subscriber or 'nobody'} does not follow {title.name}")
    in_config = [person.name for person in wanted.app.config.subscribers if person.mutes(title)]
    if wanted.json:
        print_json({"title": title.name, "key": title.key, "subscribers": list(names), "muted": muted})
        return
    print_lines(f"{title.name} is {'muted' if muted else 'no longer muted'} for {', '.join(names)}.")
    still = [name for name in in_config if name in names]
    if still and not muted:
        print_lines(f"The config still mutes it for {', '.join(still)}.")
