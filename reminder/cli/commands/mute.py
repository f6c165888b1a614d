"""`mute`, `unmute`, `pause` and `resume`: silence about a title, or for a person, without forgetting anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final

import typer

from reminder.cli import complete
from reminder.cli.context import CommandContext, asked
from reminder.cli.options import Named, Person
from reminder.cli.output import print_json, print_lines
from reminder.cli.persons import check_person
from reminder.core.dates.parse import parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.errors import WrongInput
from reminder.core.model.digest import WEEKDAYS
from reminder.core.wording import Wording, wording_of
from reminder.usecases import people

Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="DAY", help=f"Until the sending hour of that day: {EXAMPLE_YEAR}-07-09, sunday, tomorrow."
    ),
]
Who = Annotated[str, typer.Argument(metavar="WHO", help="The subscriber.", autocompletion=complete.people)]


def mute(context: typer.Context, title: Named, subscriber: Person = None, until: Until = None) -> None:
    """Silence a title, for good or until a day.

    Reminders until then are left out; a date that differs by then is told when the silence ends.
    """
    wanted = asked(context)
    check_person(wanted, subscriber)
    ends_on = _day(wanted, until) if until is not None else None
    with wanted.app.changing() as tx:
        muted = people.mute(tx, title, subscriber, ends_on, wanted.app.clock.now())
    _say(wanted, muted, muted=True, ends_on=ends_on)
    until_then = f" until {_shown(ends_on)}" if ends_on else ""
    if not wanted.json:
        print_lines(f"{muted.kept.listing.title.name} is muted for {', '.join(muted.followers)}{until_then}.")


def unmute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """End the silence about a title."""
    wanted = asked(context)
    check_person(wanted, subscriber)
    with wanted.app.changing() as tx:
        unmuted = people.unmute(tx, title, subscriber, wanted.app.clock.now())
    _say(wanted, unmuted, muted=False, ends_on=None)
    if not wanted.json:
        _say_unmuted(wanted, unmuted)


def pause(context: typer.Context, who: Who, until: Until = None) -> None:
    """Send a person nothing until a day: they are away.

    Reminders until then are left out; a date that differs by then is told at that day's sending hour.
    """
    if until is None:
        raise WrongInput(f"--until: say until when, as in --until {EXAMPLE_YEAR}-07-09 or --until sunday")
    wanted = asked(context)
    check_person(wanted, who)
    ends_on = _day(wanted, until)
    with wanted.app.changing() as tx:
        people.pause(tx, who, ends_on, wanted.app.clock.now())
    if wanted.json:
        print_json({"subscriber": who, "until": ends_on.isoformat()})
    else:
        print_lines(f"{who} is sent nothing until {_shown(ends_on)}. `reminder resume {who}` ends that.")


def resume(context: typer.Context, who: Who) -> None:
    """End a person's pause now."""
    wanted = asked(context)
    check_person(wanted, who)
    with wanted.app.changing() as tx:
        people.resume(tx, who, wanted.app.clock.now())
    if wanted.json:
        print_json({"subscriber": who, "until": None})
    else:
        print_lines(f"{who} is sent messages again.")


def _say(wanted: CommandContext, done: people.Muted, *, muted: bool, ends_on: date | None) -> None:
    if wanted.json:
        title = done.kept.listing.title
        row = {"title": title.name, "key": title.key, "subscribers": list(done.changed), "muted": muted}
        print_json({**row, "until": ends_on.isoformat() if ends_on else None})


def _say_unmuted(wanted: CommandContext, done: people.Muted) -> None:
    title = done.kept.listing.title
    if done.changed:
        print_lines(f"{title.name} is no longer muted for {', '.join(done.changed)}.")
    subscribers = wanted.app.config.subscribers
    still = [person.name for person in subscribers if person.name in done.followers and person.mutes(title)]
    if still:
        print_lines(f"The config still mutes it for {', '.join(still)}: take it out of `mute:` there.")
    elif not done.changed:
        print_lines(f"{title.name} was not muted for {', '.join(done.followers)}.")


_ONE_DAY: Final = f"is not one day ahead: write it as {EXAMPLE_YEAR}-07-09, sunday or tomorrow"


def _day(wanted: CommandContext, text: str) -> date:
    """Return the day that a text means, as a date or a word that is true today. Raises WrongInput for a past one."""
    word = text.strip().lower()
    if word in WEEKDAYS:
        ahead = (WEEKDAYS.index(word) - wanted.today.weekday() - 1) % 7 + 1
        return wanted.today + timedelta(days=ahead)
    if word == "tomorrow":
        return wanted.today + timedelta(days=1)
    try:
        when = parse_when(text)
    except ValueError as error:
        said = wording_of(error)
        has_hint = isinstance(said, Wording) and "hint" in said.values
        raise WrongInput(f"--until: {f'{text} {_ONE_DAY}' if has_hint else error}") from None
    if when.on is None:
        raise WrongInput(f"--until: {text} {_ONE_DAY}")
    if when.on <= wanted.today:
        raise WrongInput(f"--until: {when.on} is not ahead: today is {wanted.today}")
    return when.on


def _shown(on: date) -> str:
    return f"{on:%A}, {on.isoformat()}, at the sending hour"
