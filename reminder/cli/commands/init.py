"""`init`: a first config, from a few questions on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer

from reminder.cli.asking import ask, choose, new_name
from reminder.cli.channel_kinds import ask_channel
from reminder.cli.commands.test_channel import print_rows, try_channels
from reminder.cli.context import CommandContext, asked
from reminder.cli.first_titles import ask_title
from reminder.cli.output import print_json, print_lines
from reminder.cli.talk import say
from reminder.config.parsers import parse_text
from reminder.config.secrets import names_in, secret_line
from reminder.config.starter import Answers, FirstPerson, FirstTitle, starter_config
from reminder.core.dates.local_time import parse_time, show_time
from reminder.core.dates.zones import find_zone
from reminder.core.errors import ReminderError, WrongInput
from reminder.platform.paths import new_config, own_secrets
from reminder.platform.zone import system_zone


def init(context: typer.Context) -> None:
    """Write a first config, asking for what it needs on a terminal.

    An existing config is never touched.
    """
    wanted = asked(context)
    path = new_config(wanted.machine, wanted.option)
    if path.exists():
        raise WrongInput(f"{path} already exists, and is left as it is")
    is_shared = path.absolute().is_relative_to(wanted.machine.etc)
    on_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    try:
        told = _ask(wanted, path) if on_terminal else _Told()
    except (typer.Abort, EOFError, KeyboardInterrupt):
        raise ReminderError("stopped: nothing was written") from None
    place = own_secrets(wanted.machine, path)
    where = f"{place}/NAME" if is_shared else f"the file {place}, a line NAME=value each"
    _write(path, starter_config(told.answers, where), 0o644 if is_shared else 0o600)
    _keep(told.secrets, place)
    if wanted.json:
        print_json({"config": str(path)})
    else:
        print_lines(str(path))
    if on_terminal and told.answers.channels:
        _offer_test(wanted, path)
    _advise(path, place if told.secrets or is_shared else None, wanted.option)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """The answers, and the secrets in them by name: a config holds none."""

    answers: Answers = field(default_factory=Answers)
    secrets: Mapping[str, str] = field(default_factory=dict)


def _write(path: Path, text: str, mode: int) -> None:
    """Write a new file, of this mode from its first byte on. Raises WrongInput if it exists or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o755)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            os.fchmod(descriptor, mode)
            opened.write(text)
    except FileExistsError:
        raise WrongInput(f"{path} already exists, and is left as it is") from None
    except OSError as error:
        raise WrongInput(f"{path} cannot be written: {error.strerror}") from None


def _keep(secrets: Mapping[str, str], place: Path) -> None:
    """Keep secrets where the service finds them: as files in a folder of credentials, else as lines of one file."""
    if not secrets:
        return
    if place.name == "credentials":
        for name, value in secrets.items():
            _write(place / name, f"{value}\n", 0o600)
        return
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
            opened.writelines(secret_line(name, value) for name, value in secrets.items())
    except OSError as error:
        raise WrongInput(f"{place} cannot be written: {error.strerror}") from None


# Asking --------------------------------------------------------------------------------------------------------------


def _ask(wanted: CommandContext, path: Path) -> _Told:
    zone = _ask_zone()
    at = ask("The hour at which you like to be told", _hour, "09:00")
    say("Where shall messages go?")
    channels, secrets = dict[str, str](), _known_secrets(wanted, path)
    new = dict[str, str]()
    _ask_channels(channels, new, secrets)
    people = _ask_people(channels, new, secrets, zone, at) if channels else {}
    answers = Answers(timezone=zone, at=at, channels=channels, people=people)
    return _Told(answers=replace(answers, titles=tuple(_ask_titles(wanted, path, answers))), secrets=new)


def _ask_zone() -> str:
    """Ask for the time zone. A machine on UTC is most likely a server, and its owner elsewhere: that is asked."""
    zone = system_zone()
    if zone in {"UTC", "Etc/UTC", "Etc/UCT", "Universal", "Zulu", "GMT", "Etc/GMT"}:
        say("This machine stands on UTC. Your time zone is that of your place, such as Europe/Berlin or Asia/Kolkata.")
        return ask("Your time zone", _zone)
    return ask("Your time zone", _zone, zone)


def _zone(text: str) -> str:
    return str(find_zone(text))


def _hour(text: str) -> str:
    return show_time(parse_time(text))


def _known_secrets(wanted: CommandContext, path: Path) -> set[str]:
    """Return the names of secrets that are there already: a new one does not take the place of an old one."""
    return names_in(own_secrets(wanted.machine, path))


def _ask_channels(channels: dict[str, str], new: dict[str, str], known: set[str]) -> None:
    """Ask for channels until there are no more; add them, and the secrets in them."""
    while (made := ask_channel(channels, known | new.keys())) is not None:
        channels[made.name] = made.url
        new.update(made.secrets)
        say(f"{made.name} is noted. Another one?")


def _ask_people(
    channels: dict[str, str], new: dict[str, str], known: set[str], zone: str, at: str
) -> dict[str, FirstPerson]:
    """Ask who else is told, and over which channels; nobody else is the usual answer, and leaves subscribers out."""
    mine = tuple(channels)
    others: dict[str, FirstPerson] = {}
    while name := ask("Who else is told? Their name (Enter for nobody)", lambda text: _person(text, others), ""):
        theirs = _ask_their_channel(name, channels, new, known)
        their_zone = ask(f"The time zone of {name}", _zone, zone)
        their_hour = ask(f"The hour at which {name} likes to be told", _hour, at)
        said = {"timezone": their_zone} if their_zone != zone else {}
        said |= {"at": their_hour} if their_hour != at else {}
        others[name] = FirstPerson(channels=(theirs,), said=said)
    if not others:
        return {}
    me = ask("And what is your own name", lambda text: new_name(text, others, "person"), "me")
    return {me: FirstPerson(channels=mine), **others}


def _person(text: str, known: Mapping[str, FirstPerson]) -> str:
    return new_name(text, known, "person") if text.strip() else ""


def _ask_their_channel(name: str, channels: dict[str, str], new: dict[str, str], known: set[str]) -> str:
    """Return the channel that somebody is told over: one that is there, or a new one of their own."""
    say(f"Over which channel is {name} told?")
    there = list(channels)
    chosen = choose("Which", [*there, "a new one of their own"])
    if chosen is not None and chosen < len(there):
        return there[chosen]
    made = ask_channel(channels, known | new.keys())
    while made is None:
        say(f"{name} needs a channel.")
        made = ask_channel(channels, known | new.keys())
    channels[made.name] = made.url
    new.update(made.secrets)
    return made.name


def _ask_titles(wanted: CommandContext, path: Path, answers: Answers) -> Iterator[FirstTitle]:
    """Ask for titles until there are no more; each is looked for, so that a bare name is followed from now on."""
    question = "A title to watch (Enter for none)"
    while name := ask(question, _text_or_nothing, ""):
        yield ask_title(wanted, path, answers, name)
        question = "Another title (Enter for no more)"


def _text_or_nothing(text: str) -> str:
    return parse_text(text) if text.strip() else ""


# Afterwards ----------------------------------------------------------------------------------------------------------


def _offer_test(wanted: CommandContext, path: Path) -> None:
    if not typer.confirm("Send a test message to each channel now?", default=True, err=True):
        return
    print_rows(try_channels(CommandContext(option=path, machine_=wanted.machine), []))


def _advise(path: Path, place: Path | None, option: Path | None) -> None:
    command = f"reminder --config {path}" if option else "reminder"
    say(f"The config is {path}: everything in it can be changed there.")
    if place is not None and place.name == "credentials":
        say(f"Everybody can read it, so secrets lie in {place}/NAME (mode 600), and stand in it as ${{NAME}}.")
    elif place is not None:
        say(f"Its secrets lie in {place} (mode 600), and stand in it as ${{NAME}}.")
    say(f"Next: `{command} check` shows what will be sent, and `{command} run` starts it.")
