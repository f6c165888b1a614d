"""`init`: the first config, asking what it needs on a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.output import print_json, print_lines, say
from reminder.cli.registry import BEGIN, add
from reminder.errors import ReminderError, WrongInput

if TYPE_CHECKING:
    from reminder.config.starter import Answers, FirstTitle

NAMES: Final = {"mailto": "email", "mailtos": "email", "tgram": "telegram", "console": "screen"}
"""What a channel is called when its scheme is no word."""


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "init", init, BEGIN)


def init(context: typer.Context) -> None:
    """Write a first config, asking for what it needs on a terminal.

    An existing config is never touched.
    """
    from reminder.config.starter import Answers, starter_config
    from reminder.machine.paths import new_config

    wanted = asked(context)
    path = new_config(wanted.machine, wanted.option)
    if path.exists():
        raise WrongInput(f"{path} already exists, and is left as it is")
    is_shared = path.absolute().is_relative_to(wanted.machine.etc)
    on_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    told = _ask() if on_terminal else _Told(answers=Answers())
    secrets = _as_credentials(told) if is_shared else {}
    answers = replace(
        told.answers, channels={**told.answers.channels, **{n: f"${{{s}}}" for n, (s, _) in secrets.items()}}
    )
    _write(path, starter_config(answers), 0o644 if is_shared else 0o600)
    for name, url in secrets.values():
        _write(path.parent / "credentials" / name, f"{url}\n", 0o600)
    if wanted.json:
        print_json({"config": str(path)})
    else:
        print_lines(str(path))
    if on_terminal and told.answers.channels:
        _offer_test(wanted, path)
    _advise(path, wanted.option, is_shared=is_shared)


@dataclass(frozen=True, kw_only=True)
class _Told:
    answers: Answers


def _as_credentials(told: _Told) -> dict[str, tuple[str, str]]:
    """Return, by channel, the credential that its URL becomes: a config that everybody can read holds no secret."""
    return {
        name: (f"{re.sub('[^A-Z0-9]', '_', name.upper())}_URL", url)
        for name, url in told.answers.channels.items()
        if "${" not in url and not url.startswith("console:")
    }


def _write(path: Path, text: str, mode: int) -> None:
    """Write a new file with this mode from its first byte on. Raises WrongInput when it is there, ReminderError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o755)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            os.fchmod(descriptor, mode)
            opened.write(text)
    except FileExistsError:
        raise WrongInput(f"{path} already exists, and is left as it is") from None
    except OSError as error:
        raise ReminderError(f"{path} cannot be written: {error.strerror}") from None


# Asking ----------------------------------------------------------------------------------------------------------------


def _ask() -> _Told:
    from reminder.config.starter import Answers
    from reminder.core.hours import parse_time, show_time
    from reminder.core.zones import find_zone
    from reminder.machine.zone import system_zone

    zone = _prompt("Your time zone", system_zone(), lambda text: str(find_zone(text)))
    at = _prompt("The hour at which you like to be told", "09:00", lambda text: show_time(parse_time(text)))
    return _Told(answers=Answers(timezone=zone, at=at, channels=_ask_channels(), titles=_ask_title()))


def _prompt(question: str, default: str, check: Callable[[str], str]) -> str:
    """Ask until the answer can be taken; what is wrong with it is said."""

    def checked(text: str) -> str:
        try:
            return check(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    answer: str = typer.prompt(question, default=default, value_proc=checked, show_default=bool(default), err=True)
    return answer


def _ask_channels() -> dict[str, str]:
    say("Where shall messages go? A channel is a URL of apprise: mailtos://…, tgram://…, ntfys://…")
    say(
        "(https://appriseit.com/services/). Press Enter when there are no more; without any, messages appear on the terminal."
    )
    channels: dict[str, str] = {}
    while url := _prompt("Channel URL", "", _channel):
        scheme = url.partition("://")[0].lower()
        name = NAMES.get(scheme, scheme) if scheme.isalnum() else "phone"
        channels[_prompt("What to call it", name, lambda text: _new_name(text, channels))] = url
    return channels


def _channel(text: str) -> str:
    from reminder.config.parsers import parse_channel
    from reminder.notify.schemas import refusal

    if not text.strip():
        return ""
    url = parse_channel(text)
    refused = None if url.startswith("${") else refusal(url)
    if refused is None and "$" not in url:
        from reminder.core.model import Channel
        from reminder.core.secret import Secret
        from reminder.notify.judging import problem_of  # loads apprise

        refused = problem_of(Channel(name="new", url=Secret(url)))
    if refused:
        raise ValueError(refused)
    return url


def _new_name(text: str, known: Mapping[str, str]) -> str:
    from reminder.config.parsers import parse_name

    name = parse_name(text)
    if name in known:
        raise ValueError(f"{name} is already a channel: write another name")
    return name


def _ask_title() -> tuple[FirstTitle, ...]:
    from reminder.config.parsers import parse_text
    from reminder.config.starter import FirstTitle

    name = _prompt("A first title to watch (Enter for none)", "", lambda text: parse_text(text) if text.strip() else "")
    if not name:
        return ()
    when = _prompt("When does it come out", "TBA", _date)
    return (FirstTitle(name=name, said={"premiere": when}),)


def _date(text: str) -> str:
    from reminder.core.dates import parse_when

    parse_when(text)
    return text


# Afterwards ------------------------------------------------------------------------------------------------------------


def _offer_test(wanted: Asked, path: Path) -> None:
    from reminder.cli.trial import print_rows, try_channels

    if not typer.confirm("Send a test message to each channel now?", default=True, err=True):
        return
    print_rows(try_channels(Asked(option=path, machine_=wanted.machine), []))


def _advise(path: Path, option: Path | None, *, is_shared: bool) -> None:
    command = f"reminder --config {path}" if option else "reminder"
    if is_shared:
        say("Everybody can read this file, so it holds no secrets. Write ${NAME} in it, and put the secret")
        say(f"into {path.parent}/credentials/NAME (mode 600): the service reads it as a systemd credential.")
    say(
        f"Next: list titles in it under watch:, see what will be sent with `{command} check`, and start `{command} run`."
    )
