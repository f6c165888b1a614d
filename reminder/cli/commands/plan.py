"""`plan` and `simulate`: what will be sent, by looking ahead and by living through it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reminder.cli.context import CommandContext, asked
from reminder.cli.hours import whose_hours
from reminder.cli.options import Person, TitleName
from reminder.cli.output import draw, print_json, print_lines, print_table, say
from reminder.refresh.resolving import resolve_dates

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.core.schedule.listing import ListedEntry
    from reminder.delivery.forecast import ForecastMessage
    from reminder.delivery.sender import OutgoingMessage, SendResult
    from reminder.store.listings import ListedConfig

NOTHING: Final = "Nothing to come: `reminder check` says why, title by title."

From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="Start here, as if nothing had been sent. Default: from now, as things are."
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="End here; a bare date includes its day.")]


def plan(
    context: typer.Context,
    from_: From = None,
    to: To = None,
    subscriber: Person = None,
    title: TitleName = None,
    body: Annotated[bool, typer.Option("--body", help="Show the whole text of each, not only its subject.")] = False,
) -> None:
    """Show every message to come: when, to whom, where, in what words."""
    from reminder.cli.rows import COMING_COLUMNS, coming_row, shown_coming

    wanted = asked(context)
    templates = wanted.templates
    problems: set[str] = set()
    rows = [coming_row(item, templates, problems) for item in _coming(wanted, from_, to, subscriber, title)]
    for problem in sorted(problems):
        say(f"warning: {problem}")
    if wanted.json:
        print_json(rows)
    elif body and rows:
        for row in rows:
            _show_whole(shown_coming(row, wanted))
    else:
        print_table([shown_coming(row, wanted) for row in rows], COMING_COLUMNS, empty=NOTHING)
    if rows and not wanted.json:
        say(f"Hours are in {whose_hours(wanted.settings)}.")


def _show_whole(row: dict[str, Any]) -> None:
    from rich.text import Text

    head = f"{row['shown_at']} · {row['subscriber']} · {', '.join(row['channels'])}"
    draw(Text(head, style="dim"), Text(row["subject"], style="bold"), *map(Text, row["body"].splitlines()))
    print_lines("")


def _coming(
    wanted: CommandContext, from_: str | None, to: str | None, subscriber: str | None, title: str | None
) -> list[ForecastMessage]:
    from reminder.delivery.forecast import forecast
    from reminder.store.load_plans import all_cases
    from reminder.store.outbox_read import all_waiting

    keys = _keys(wanted, title) if title else None
    wanted.check_person(subscriber)
    start, end = wanted.stretch(from_, to)
    wanted.tell_what_is_missing()
    with _as_if_new(wanted, start) if from_ else wanted.showing(start) as tx:
        waiting = [
            item
            for item in all_waiting(tx)
            if (keys is None or (item.title and item.title.key in keys)) and subscriber in {None, item.subscriber.name}
        ]
        only = next(iter(keys)) if keys and len(keys) == 1 else None
        cases = all_cases(tx, title_key=only, name=subscriber)
        cases = [case for case in cases if keys is None or case.subscription.title.key in keys]
        return forecast(cases, waiting, start=start, end=end, grace=wanted.settings.grace)


def _keys(wanted: CommandContext, name: str) -> frozenset[str]:
    from reminder.cli.titles import called, find_keys
    from reminder.store.title_commands import named_titles

    with wanted.known() as tx:
        found = called([item.listing for item in named_titles(tx)], name) if tx is not None else frozenset()
    return found or find_keys(everything_listed(wanted).titles, name)


@contextmanager
def _as_if_new(wanted: CommandContext, start: datetime) -> Iterator[Connection]:
    """Show what is listed as if all of it began at `start` and nothing had been sent."""
    from reminder.store.listings import sync

    with wanted.app.afresh() as store, store.dry() as tx:
        sync(tx, everything_listed(wanted), now=start, grace=wanted.settings.grace, resolve=resolve_dates)
        yield tx


def everything_listed(wanted: CommandContext) -> ListedConfig:
    """Return what the config lists, and the titles that commands and calendars have put into the database, as one listing."""
    from dataclasses import replace

    app = wanted.app
    known = {item.title.key for item in app.listed.titles}
    more = [item for item in _in_database(wanted) if item.title.key not in known]
    return replace(app.listed, titles=(*app.listed.titles, *more))


def _in_database(wanted: CommandContext) -> list[ListedEntry]:
    from reminder.store.listings import CALENDAR, COMMAND
    from reminder.store.titles import listings

    with wanted.app.looking_store() as store, store.read() as tx:
        return [item for origin in (COMMAND, CALENDAR) for item in listings(tx, origin)]


def simulate(
    context: typer.Context,
    from_: Annotated[str, typer.Option("--from", metavar="TIME", help="Start here, as if everything were new.")],
    to: Annotated[str, typer.Option("--to", metavar="TIME", help="End here; a bare date includes its day.")],
    send: Annotated[bool, typer.Option("--send", help="Really send, over the configured channels.")] = False,
) -> None:
    """Play through a stretch of time at once, message by message.

    Nothing is sent and nothing is kept. With --send messages are sent, once: failures are shown, not retried.
    """
    from reminder.cli.rows import sent_row
    from reminder.core.text.english import count
    from reminder.delivery.simulation import arrived

    wanted = asked(context)
    start, end = wanted.stretch(from_, to)
    rows = []
    failed = 0
    for done in _lived(wanted, start, end, send):
        if arrived(done):
            rows.append(sent_row(done))
        else:
            failed += 1
            say(f"{done.outgoing.channel.name}: {getattr(done.outcome, 'reason', 'not sent')}")
    if wanted.json:
        print_json(rows)
    else:
        said = f"{count(len(rows), 'message')} from {from_} to {to}"
        say(f"{said}; {failed} could not be sent." if failed else f"{said}.")
    raise typer.Exit(1 if failed else 0)


def _lived(wanted: CommandContext, start: datetime, end: datetime, send: bool) -> Iterator[SendResult]:
    from reminder.daemon.build_delivery import build_transport
    from reminder.delivery.simulation import Simulation
    from reminder.notify.console import UntilNobodyReads
    from reminder.notify.fake import FakeTransport
    from reminder.notify.transport import Transport

    app = wanted.app
    headings: dict[str, str] = {}
    # Under --json standard output holds nothing else.
    stream = sys.stderr if wanted.json else None
    console = UntilNobodyReads(heading=lambda channel, ref: headings.get(ref, channel.name), stream=stream)
    quiet: Transport = FakeTransport() if wanted.json else console
    listed = everything_listed(wanted)
    with app.afresh() as store:
        simulation = Simulation(
            listed=listed if send else _on_screen(listed),
            store=store,
            transport=build_transport(app, console) if send else quiet,
            templates=app.templates,
            grace=app.config.grace,
            resolve=resolve_dates,
            start=start,
            end=end,
        )
        yield from simulation.run(lambda outgoing: headings.update({outgoing.ref: _heading(outgoing)}))


def _on_screen(listed: ListedConfig) -> ListedConfig:
    """Return what is listed with every channel on the console: what is only shown needs no address and no secret."""
    from dataclasses import replace

    from reminder.core.model.secret import Secret

    screens = {
        name: replace(channel, url=Secret("console://"), problem=None) for name, channel in listed.channels.items()
    }
    return replace(listed, channels=screens)


def _heading(outgoing: OutgoingMessage) -> str:
    from reminder.cli.dates import instant

    person = outgoing.items[0].subscriber
    return f"{instant(outgoing.written_at, person.zone)} · {person.name} · {outgoing.channel.name}"
