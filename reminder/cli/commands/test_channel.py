"""`test`: one message to each channel, and what its service answered."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from secrets import token_hex
from typing import Annotated, Final

import typer

from reminder.cli import complete
from reminder.cli.context import CommandContext, asked
from reminder.cli.logs import set_up_logs
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.config.names import did_you_mean
from reminder.core.errors import StoreError, WrongInput
from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure
from reminder.core.text.content import Words
from reminder.daemon.build_delivery import build_transport
from reminder.notify.console import ConsoleTransport
from reminder.notify.transport import Outcome, Transport
from reminder.usecases.channels import note_tests, words_of_test
from reminder.usecases.rows.channels import TriedChannelRow, tried_channel_row


def send_tests(
    context: typer.Context,
    channels: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHANNEL", help="Which channels, by name. Default: all.", autocompletion=complete.channels
        ),
    ] = None,
    address: Annotated[
        str, typer.Option("--address", metavar="ADDRESS", help="Whose, on a channel that is shared.")
    ] = "",
) -> None:
    """Send a message to each channel, and show the service's answer.

    When a channel works again, what waits for it is sent at once.
    """
    wanted = asked(context)
    rows = try_channels(wanted, channels or [], address)
    if wanted.json:
        print_json(rows)
    else:
        print_rows(rows)
    raise typer.Exit(0 if all(row["ok"] for row in rows) else 1)


def try_channels(wanted: CommandContext, names: Sequence[str], address: str = "") -> list[TriedChannelRow]:
    """Send a test to the channels of these names, all at once; remember how it went. Raises WrongInput.

    A shared channel is tried with `address`, else with that of the first subscriber of the config who has one there.
    """
    set_up_logs(wanted.app, level="error")
    chosen = _addressed(wanted, _chosen(wanted, names), names, address)
    tried = list(_tried(wanted, chosen))
    _remember(wanted, tried)
    return [tried_channel_row(channel, outcome) for channel, outcome in tried]


def _chosen(wanted: CommandContext, names: Sequence[str]) -> list[Channel]:
    channels = wanted.app.config.channels
    if not channels:
        raise WrongInput("the config has no channel: add one, such as screen: console://")
    problems = [
        f'there is no channel "{name}": {did_you_mean(name, channels)}'
        for name in dict.fromkeys(names)
        if name not in channels
    ]
    if problems:
        raise WrongInput(*problems)
    return [channels[name] for name in dict.fromkeys(names or channels)]


def _addressed(wanted: CommandContext, chosen: Sequence[Channel], names: Sequence[str], said: str) -> list[Channel]:
    """Return the channels filled in for someone; when none is named, leave out shared ones without an address."""
    if said and not any(channel.is_shared for channel in chosen):
        raise WrongInput("--address: only a shared channel takes one, with {address} in its URL")
    addressed = []
    for channel in chosen:
        address = said or _first_address(wanted, channel)
        if not channel.is_shared or address:
            addressed.append(channel.to(address or None))
        elif names:
            raise WrongInput(f'"{channel.name}" is shared: say with --address to whom the test goes')
        else:
            say(f"{channel.name} is shared and nobody in the config has an address there: not tried")
    return addressed


def _first_address(wanted: CommandContext, channel: Channel) -> str:
    addresses = (person.address_on(channel.name) for person in wanted.app.config.subscribers)
    return next(filter(None, addresses), "")


def _tried(wanted: CommandContext, chosen: Sequence[Channel]) -> Iterator[tuple[Channel, Outcome]]:
    # Under --json standard output holds nothing else.
    console = ConsoleTransport(stream=sys.stderr) if wanted.json else ConsoleTransport()
    app = wanted.app
    transport = build_transport(app, console)
    with ThreadPoolExecutor(max_workers=max(1, min(len(chosen), 32))) as pool:
        answers = [
            pool.submit(_send, transport, channel, words_of_test(app.config, channel, app.clock.now()))
            for channel in chosen
        ]
        for channel, answer in zip(chosen, answers, strict=True):
            yield channel, answer.result()
    transport.close()


def _send(transport: Transport, channel: Channel, words: Words) -> Outcome:
    # A test sent again is another message, which a mailbox must not take for a copy of the first.
    return transport.send(channel, words, ref=f"test@{token_hex(16)}")


def _remember(wanted: CommandContext, tried: Sequence[tuple[Channel, Outcome]]) -> None:
    """Note how each channel fared; on one that works, what waits is tried at once.

    Before the first `run` nothing is begun but the database, in which the channels are known.
    """
    app = wanted.app
    now = app.clock.now()
    try:
        with wanted.looking():
            pass  # a database of another config is not ours to touch
        with closing(app.open_to_change()) as store, store.write() as tx:
            failures = [
                (each.name, outcome.reason if isinstance(outcome, Failure) else None) for each, outcome in tried
            ]
            note_tests(tx, app.config.channels, failures, now)
    except StoreError as error:
        say(f"the answers could not be noted: {error}")


def print_rows(rows: Sequence[TriedChannelRow]) -> None:
    """Print the answers as a table."""
    print_table([{**row, "mark": "sent" if row["ok"] else "failed"} for row in rows], COLUMNS, empty="")


COLUMNS: Final = (
    Column(key="channel", heading="channel", style="bold"),
    Column(key="service", heading="service", style="dim"),
    Column(key="mark", heading="", style=lambda row: "green" if row["ok"] else "red"),
    Column(key="answer", heading="answer", below=True),
)
