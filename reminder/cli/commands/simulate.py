"""`simulate`: what will be sent, by living through a stretch of time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Annotated

import typer

from reminder.cli.context import CommandContext, asked
from reminder.cli.dates import local
from reminder.cli.hours import whose_hours
from reminder.cli.output import print_json
from reminder.cli.stretch import all_chosen, all_listed, stretch
from reminder.cli.talk import say
from reminder.core.model.secret import Secret
from reminder.core.text.english import count
from reminder.daemon.build_delivery import build_transport
from reminder.delivery.sender import OutgoingMessage, SendResult
from reminder.delivery.simulation import Simulation, arrived
from reminder.notify.console import UntilNobodyReads
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Transport
from reminder.refresh.resolving import resolve_dates
from reminder.usecases.agenda import ListedConfig
from reminder.usecases.rows.messages import simulated_row


def simulate(
    context: typer.Context,
    from_: Annotated[str, typer.Option("--from", metavar="TIME", help="Start here, as if everything were new.")],
    to: Annotated[str, typer.Option("--to", metavar="TIME", help="End here; a bare date includes its day.")],
    send: Annotated[bool, typer.Option("--send", help="Really send, over the configured channels.")] = False,
) -> None:
    """Play through a stretch of time at once, message by message.

    Nothing is sent and nothing is kept. With --send messages are sent, once: failures are shown, not retried.
    """
    wanted = asked(context)
    start, end = stretch(wanted, from_, to)
    rows = []
    failed = 0
    for done in _lived(wanted, start, end, send):
        if arrived(done):
            rows.append(simulated_row(done))
        else:
            failed += 1
            say(f"{done.outgoing.channel.name}: {getattr(done.outcome, 'reason', 'not sent')}")
    if wanted.json:
        print_json(rows)
    else:
        said = f"{count(len(rows), 'message')} from {from_} to {to}"
        say(f"{said}; {failed} could not be sent." if failed else f"{said}.")
        if rows:
            say(f"Hours are in {whose_hours(wanted.settings)}.")
    raise typer.Exit(1 if failed else 0)


def _lived(wanted: CommandContext, start: datetime, end: datetime, send: bool) -> Iterator[SendResult]:
    app = wanted.app
    headings: dict[str, str] = {}
    # Under --json standard output holds nothing else.
    stream = sys.stderr if wanted.json else None
    console = UntilNobodyReads(heading=lambda channel, ref: headings.get(ref, channel.name), stream=stream)
    quiet: Transport = FakeTransport() if wanted.json else console
    listed = all_listed(wanted)
    with app.afresh() as store:
        simulation = Simulation(
            listed=listed if send else _on_screen(listed),
            store=store,
            transport=build_transport(app, console) if send else quiet,
            templates=app.config.templates,
            grace=app.config.grace,
            resolve=resolve_dates,
            start=start,
            end=end,
            choices=all_chosen(wanted),
        )
        yield from simulation.run(lambda outgoing: headings.update({outgoing.ref: _heading(outgoing, wanted.zone)}))


def _on_screen(listed: ListedConfig) -> ListedConfig:
    """Return what is listed with every channel on the console: what is only shown needs no address and no secret."""
    screens = {
        name: replace(channel, url=Secret("console://"), problem=None) for name, channel in listed.channels.items()
    }
    return replace(listed, channels=screens)


def _heading(outgoing: OutgoingMessage, home: tzinfo) -> str:
    person = outgoing.items[0].subscriber
    return f"{local(outgoing.written_at, person.zone, home)} · {person.name} · {outgoing.channel.name}"
