"""`plan` and `simulate`: what will be sent, by looking ahead and by living through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from reminder.core.listing import Listing
    from reminder.crew import Done, Parcel
    from reminder.forecast import Coming
    from reminder.store.listings import Listed

END_OF_TIME: Final = datetime(2201, 1, 1, tzinfo=UTC)
"""No date lies beyond it (SPEC 1)."""

From = Annotated[str | None, typer.Option("--from", help="Begin there, as if nothing had been sent. Else: now.")]
To = Annotated[str | None, typer.Option("--to", help="End there; a bare date includes its day.")]
Person = Annotated[str | None, typer.Option("--subscriber", help="Only for this person.")]
TitleName = Annotated[str | None, typer.Option("--title", help="Only about this title.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("plan")(plan)
    app.command("simulate")(simulate)


def plan(
    context: typer.Context, from_: From = None, to: To = None, subscriber: Person = None, title: TitleName = None
) -> None:
    """Show every message to come: when, to whom, over which channels, in what words."""
    wanted = asked(context)
    rows = [_row(item, wanted) for item in _coming(wanted, from_, to, subscriber, title)]
    if wanted.json:
        print_json(rows)
        return
    columns = {"shown_at": "when", "subscriber": "who", "channels": "over", "subject": "what"}
    shown = [{**row, "shown_at": row["local_at"][:16].replace("T", " ")} for row in rows]
    print_table(shown, columns, empty="Nothing is to come: no title has a date that is still ahead.")


def _coming(
    wanted: Asked, from_: str | None, to: str | None, subscriber: str | None, title: str | None
) -> list[Coming]:
    from reminder.forecast import forecast
    from reminder.store.ledger import all_waiting
    from reminder.store.listings import sync
    from reminder.store.stories import all_cases

    app = wanted.app
    key = title_key_of(wanted, title) if title else None
    _check_person(wanted, subscriber)
    start = wanted.instant(from_, "--from") if from_ else app.clock.now()
    end = wanted.instant(to, "--to", includes_day=True) if to else END_OF_TIME
    grace = app.config.grace
    with app.afresh() if from_ else app.looking_store() as store, store.dry() as tx:
        sync(tx, everything_listed(wanted) if from_ else app.listed, now=start, grace=grace)
        waiting = [
            item
            for item in all_waiting(tx)
            if (key is None or (item.title and item.title.key == key)) and subscriber in {None, item.subscriber.name}
        ]
        cases = all_cases(tx, title_key=key, name=subscriber)
        return forecast(cases, waiting, start=start, end=end, grace=grace)


def everything_listed(wanted: Asked) -> Listed:
    """Return what the config lists, and the titles that commands have put into the database, as one listing."""
    from dataclasses import replace

    app = wanted.app
    known = {item.title.key for item in app.listed.titles}
    more = [item for item in _by_command(wanted) if item.title.key not in known]
    return replace(app.listed, titles=(*app.listed.titles, *more))


def _by_command(wanted: Asked) -> list[Listing]:
    from reminder.store.listings import COMMAND
    from reminder.store.titles import listings

    with wanted.app.looking_store() as store, store.read() as tx:
        return listings(tx, COMMAND)


def title_key_of(wanted: Asked, name: str) -> str:
    """Return the key of the title that someone names on the command line. Raises WrongInput with the nearest one."""
    from reminder.cli.titles import find_key

    return find_key(everything_listed(wanted).titles, name)


def _check_person(wanted: Asked, name: str | None) -> None:
    from reminder.errors import WrongInput

    people = [person.name for person in wanted.app.config.subscribers]
    if name is not None and name not in people:
        raise WrongInput(f"--subscriber: no one is called {name!r}; there are {', '.join(people)}")


def _row(item: Coming, wanted: Asked) -> dict[str, Any]:
    from reminder.writing import write

    written = write(item.letters, wanted.app.templates, item.at)
    return {
        **_times(item.at, item.subscriber.zone),
        "subscriber": item.subscriber.name,
        "channels": list(item.channels),
        **_about(item.letters),
        "kind": str(written.kind),
        "lead": str(item.letters[0].lead) if len(item.letters) == 1 and item.letters[0].lead else None,
        "subject": written.words.subject,
        "body": written.words.plain(),
    }


def _times(at: datetime, zone: Any) -> dict[str, str]:
    from reminder.clock import utc_text

    return {"at": utc_text(at), "local_at": at.astimezone(zone).isoformat(timespec="seconds")}


def _about(letters: Any) -> dict[str, str | None]:
    """Return what one message is about; a digest is about several titles, and names none."""
    first = letters[0]
    if len(letters) > 1 or first.title is None:
        return {"title": None, "release": None, "when": None, "precision": None}
    when = first.release.when
    return {
        "title": first.title.name,
        "release": first.release.label,
        "when": when.json(),
        "precision": str(when.precision),
    }


def simulate(
    context: typer.Context,
    from_: Annotated[str, typer.Option("--from", help="Begin there, as if everything were new.")],
    to: Annotated[str, typer.Option("--to", help="End there; a bare date includes its day.")],
    send: Annotated[bool, typer.Option("--send", help="Really send, over the configured channels.")] = False,
) -> None:
    """Live through a stretch of time at once, and show each message as it arrives."""
    wanted = asked(context)
    start = wanted.instant(from_, "--from")
    end = wanted.instant(to, "--to", includes_day=True)
    rows = []
    count = 0
    for done in _lived(wanted, start, end, send):
        count += 1
        if wanted.json:
            rows += _sent_row(done)
    if wanted.json:
        print_json(rows)
    else:
        say(f"{count} message{'' if count == 1 else 's'} from {from_} to {to}.")


def _lived(wanted: Asked, start: datetime, end: datetime, send: bool) -> Iterator[Done]:
    from reminder.notify.console import ConsoleTransport
    from reminder.notify.fake import FakeTransport
    from reminder.notify.transport import Transport
    from reminder.simulation import Simulation

    app = wanted.app
    headings: dict[str, str] = {}
    console = ConsoleTransport(heading=lambda channel, ref: headings.get(ref, channel.name))
    quiet: Transport = FakeTransport() if wanted.json else console
    with app.afresh() as store:
        simulation = Simulation(
            listed=everything_listed(wanted) if send else _without_secrets(everything_listed(wanted)),
            store=store,
            transport=app.transport(console) if send else quiet,
            templates=app.templates,
            grace=app.config.grace,
            start=start,
            end=end,
        )
        yield from simulation.run(lambda parcel: headings.update({parcel.ref: _heading(parcel)}))


def _without_secrets(listed: Listed) -> Listed:
    """Return what is listed with every channel on the console: there, none lacks a secret (SPEC 7)."""
    from dataclasses import replace

    from reminder.core.secret import Secret

    console = Secret("console://")
    channels = {name: replace(channel, url=console, problem=None) for name, channel in listed.channels.items()}
    return replace(listed, channels=channels)


def _heading(parcel: Parcel) -> str:
    person = parcel.items[0].subscriber
    return f"{person.local(parcel.written_at):%a %-d %b %Y, %H:%M} · {person.name} · {parcel.channel.name}"


def _sent_row(done: Done) -> list[dict[str, Any]]:
    from reminder.simulation import arrived

    parcel = done.parcel
    if not arrived(done):
        return []
    first = parcel.items[0]
    return [
        {
            **_times(parcel.written_at, first.subscriber.zone),
            "subscriber": first.subscriber.name,
            "channel": parcel.channel.name,
            **_about(parcel.items),
            "kind": str(parcel.kind),
            "lead": str(first.lead) if len(parcel.items) == 1 and first.lead else None,
            "subject": parcel.words.subject,
            "body": parcel.words.plain(),
        }
    ]
