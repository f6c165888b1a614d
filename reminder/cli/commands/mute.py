"""`mute`, `unmute`, `pause` and `resume`: silence about a title, or for a person, without forgetting anything."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from reminder.cli import complete
from reminder.cli.context import CommandContext, asked
from reminder.cli.options import Named, Person
from reminder.cli.output import print_json, print_lines
from reminder.cli.titles import find_title
from reminder.errors import WrongInput

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.core.model.entities import Subscriber
    from reminder.store.title_commands import StoredTitle

Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="Until the sending hour of that day: 2027-07-09, sunday, tomorrow."),
]
Who = Annotated[str, typer.Argument(metavar="WHO", help="The subscriber.", autocompletion=complete.people)]


def mute(context: typer.Context, title: Named, subscriber: Person = None, until: Until = None) -> None:
    """Silence a title, for good or until a day.

    Reminders until then are left out; a date that differs by then is told when the silence ends.
    """
    wanted = asked(context)
    wanted.check_person(subscriber)
    ends_on = _day(wanted, until) if until is not None else None
    with wanted.app.changing() as tx:
        found = _listed(tx, title)
        who = _who_follows(tx, found, subscriber)
        for name in who:
            _silence(tx, wanted, found, name, ends_on)
    _say(wanted, found, who, muted=True, ends_on=ends_on)
    until_then = f" until {_shown(ends_on)}" if ends_on else ""
    if not wanted.json:
        print_lines(f"{found.listing.title.name} is muted for {', '.join(who)}{until_then}.")


def unmute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """End the silence about a title."""
    from reminder.store import title_commands

    wanted = asked(context)
    wanted.check_person(subscriber)
    with wanted.app.changing() as tx:
        found = _listed(tx, title)
        who = _who_follows(tx, found, subscriber)
        changed = title_commands.mute(tx, found.id, subscriber, title_commands.QuietSource(), wanted.app.clock.now())
    _say(wanted, found, changed, muted=False, ends_on=None)
    if not wanted.json:
        _say_unmuted(wanted, found, who, changed)


def pause(context: typer.Context, who: Who, until: Until = None) -> None:
    """Send a person nothing until a day: they are away.

    Reminders until then are left out; a date that differs by then is told at that day's sending hour.
    """
    if until is None:
        raise WrongInput("--until: say until when, as in --until 2027-07-09 or --until sunday")
    wanted = asked(context)
    wanted.check_person(who)
    ends_on = _day(wanted, until)
    with wanted.app.changing() as tx:
        ends_at = _hour(tx, wanted, who, ends_on)
        _pause(tx, wanted, who, ends_at)
    if wanted.json:
        print_json({"subscriber": who, "until": ends_on.isoformat()})
    else:
        print_lines(f"{who} is sent nothing until {_shown(ends_on)}. `reminder resume {who}` ends that.")


def resume(context: typer.Context, who: Who) -> None:
    """End a person's pause now."""
    wanted = asked(context)
    wanted.check_person(who)
    with wanted.app.changing() as tx:
        _pause(tx, wanted, who, None)
    if wanted.json:
        print_json({"subscriber": who, "until": None})
    else:
        print_lines(f"{who} is sent messages again.")


def _pause(tx: Connection, wanted: CommandContext, who: str, ends_at: datetime | None) -> None:
    from reminder.store import people

    people.pause(tx, who, ends_at, wanted.app.clock.now())


def _listed(tx: Connection, words: list[str]) -> StoredTitle:
    found = find_title(tx, words)
    if found.ended_at is not None:
        raise WrongInput(f"{found.listing.title.name} is no longer watched: `reminder add` takes it up again")
    return found


def _who_follows(tx: Connection, found: StoredTitle, name: str | None) -> tuple[str, ...]:
    from reminder.store import title_commands

    who = title_commands.followers(tx, found.id, name)
    if not who:
        raise WrongInput(f"{name or 'nobody'} does not follow {found.listing.title.name}")
    return who


def _silence(tx: Connection, wanted: CommandContext, found: StoredTitle, name: str, ends_on: date | None) -> None:
    from reminder.store import title_commands

    now = wanted.app.clock.now()
    silence = (
        title_commands.QuietSource(muted_at=now)
        if ends_on is None
        else title_commands.QuietSource(paused_until=_hour(tx, wanted, name, ends_on))
    )
    title_commands.mute(tx, found.id, name, silence, now)


def _say(
    wanted: CommandContext, found: StoredTitle, who: tuple[str, ...], *, muted: bool, ends_on: date | None
) -> None:
    if wanted.json:
        title = found.listing.title
        row = {"title": title.name, "key": title.key, "subscribers": list(who), "muted": muted}
        print_json({**row, "until": ends_on.isoformat() if ends_on else None})


def _say_unmuted(wanted: CommandContext, found: StoredTitle, who: tuple[str, ...], changed: tuple[str, ...]) -> None:
    title = found.listing.title
    if changed:
        print_lines(f"{title.name} is no longer muted for {', '.join(changed)}.")
    still = [person.name for person in wanted.app.config.subscribers if person.name in who and person.mutes(title)]
    if still:
        print_lines(f"The config still mutes it for {', '.join(still)}: take it out of `mute:` there.")
    elif not changed:
        print_lines(f"{title.name} was not muted for {', '.join(who)}.")


def _hour(tx: Connection, wanted: CommandContext, name: str, on: date) -> datetime:
    """Return the person's sending hour of a day."""
    from reminder.core.dates.local_time import local_at
    from reminder.store.people import find_people

    person: Subscriber = next(iter(find_people(tx, name).values()))
    return local_at(on, person.at, person.zone)


def _day(wanted: CommandContext, text: str) -> date:
    """Return the day that a text means, as a date or a word that is true today. Raises WrongInput for a past one."""
    from reminder.core.dates.parse import parse_when
    from reminder.core.model.entities import WEEKDAYS

    word = text.strip().lower()
    if word in WEEKDAYS:
        ahead = (WEEKDAYS.index(word) - wanted.today.weekday() - 1) % 7 + 1
        return wanted.today + timedelta(days=ahead)
    if word == "tomorrow":
        return wanted.today + timedelta(days=1)
    try:
        when = parse_when(text)
    except ValueError as error:
        raise WrongInput(f"--until: {error}") from None
    if when.on is None:
        raise WrongInput(f"--until: {text} is not one day: write it as 2027-07-09, sunday or tomorrow")
    if when.on <= wanted.today:
        raise WrongInput(f"--until: {when.on} is not ahead: today is {wanted.today}")
    return when.on


def _shown(on: date) -> str:
    return f"{on:%A}, {on.isoformat()}, at the sending hour"
