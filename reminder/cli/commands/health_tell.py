"""`health --tell`: the operator hears of an outage that no daemon can tell of, once, straight over their channels."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from reminder.cli.context import CommandContext
from reminder.cli.logs import set_up_logs
from reminder.cli.talk import say
from reminder.core.model.entities import Channel, Kind
from reminder.core.sending.health import kind_of
from reminder.core.sending.retry import Failure
from reminder.core.text.message import compose_alarm
from reminder.daemon.build_delivery import build_transport
from reminder.platform.files import make_folder, make_private
from reminder.platform.paths import state_dir

NAME: Final = "outage-told.json"


def tell_operator(wanted: CommandContext, problems: Sequence[str]) -> None:
    """Send one message to the operator if there are problems of which one was not told yet.

    It does not go through the ledger: the database may be what is broken. That it was told is kept in a small file,
    until all is well again.
    """
    file = state_dir(wanted.app.machine, wanted.app.config.path) / NAME
    if not problems:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        return
    if _kinds(problems) <= _told(file):
        return
    told = list(_sent(wanted, problems))
    if told:
        say(f"told {wanted.app.config.operator} over {', '.join(told)}")
        _remember(file, {"at": wanted.app.clock.now().isoformat(), "over": told, "problems": list(problems)})
    else:
        say(f"{wanted.app.config.operator} could not be told: no channel took it")


def _kinds(problems: Sequence[str]) -> set[str]:
    return {kind_of(problem) for problem in problems}


def _told(file: Path) -> set[str]:
    """Return the kinds of trouble that were told of already; none when that cannot be read."""
    try:
        return _kinds(json.loads(file.read_text())["problems"])
    except (OSError, ValueError, LookupError, TypeError):
        return set()


def _sent(wanted: CommandContext, problems: Sequence[str]) -> Iterator[str]:
    """Yield the channels that took the message."""
    set_up_logs(wanted.app, level="error")
    words = compose_alarm("Reminders are not going out", *problems)
    transport = build_transport(wanted.app)
    try:
        for channel in _channels(wanted):
            answer = transport.send(channel, words, ref=f"outage@{token_hex(16)}")
            if isinstance(answer, Failure):
                say(f"{channel.name}: {answer.reason}")
            else:
                yield channel.name
    finally:
        transport.close()


def _channels(wanted: CommandContext) -> Iterator[Channel]:
    config = wanted.app.config
    for person in config.subscribers:
        if person.name == config.operator:
            uses = [use for use in person.channels if use.takes(Kind.TROUBLE, None)]
            yield from (config.channels[use.name].to(use.address) for use in uses)


def _remember(file: Path, row: dict[str, Any]) -> None:
    try:
        make_folder(file.parent)
        partial = file.with_name(f".{file.name}.{os.getpid()}")
        make_private(partial)
        partial.write_text(json.dumps(row))
        partial.replace(file)
    except OSError as error:
        say(f"{file} cannot be written ({error.strerror}): the next call tells again")
