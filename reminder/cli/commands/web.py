"""`web`: the page from a process of its own, and links that sign in to it."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from reminder.cli import complete
from reminder.cli.commands import web_api
from reminder.cli.context import CommandContext, asked
from reminder.cli.logs import set_up_logs
from reminder.cli.output import print_json, print_lines
from reminder.cli.registry import Command, Group
from reminder.cli.talk import say
from reminder.config.values import Web
from reminder.core.errors import ReminderError, WrongInput
from reminder.core.model.entities import ENGLISH
from reminder.daemon.app import App, read_config
from reminder.daemon.build_web import build_site, is_of_extra
from reminder.usecases import inviting, joining
from reminder.usecases.own_settings import read_settings
from reminder.usecases.signing_in import LINK_HOLDS, make_link

log = logging.getLogger(__name__)

group = typer.Typer(cls=Group, add_completion=False)
for _command in (web_api.token, web_api.tokens, web_api.openapi):
    group.command(_command.__name__, cls=Command)(_command)

GLANCE = 1.0
"""Seconds between two looks at whether the page is to end, or the config has changed."""


@group.callback(invoke_without_command=True)
def web(context: typer.Context) -> None:
    """Serve the page from a process of its own, and print links to sign in.

    With `web:` in the config and without `process: own`, the daemon serves it already.
    """
    if context.invoked_subcommand is not None:
        return
    wanted = asked(context)
    app = wanted.app
    if app.config.web is None:
        raise WrongInput(f"{app.config.file} has no web: write `web: {{listen: 127.0.0.1:8484}}` in it")
    set_up_logs(app)
    try:
        from reminder.web.app import build_app
        from reminder.web.serve import WebServer
    except ModuleNotFoundError as error:
        if not is_of_extra(error):
            raise
        raise WrongInput("the page needs more libraries: pip install 'release-reminder[web]'") from None
    seen, stop = _SeenConfig(wanted), threading.Event()
    host, port = app.config.web.listen
    with closing(app.open_store()) as store:
        try:
            server = WebServer(app=build_app(build_site(seen, store, stop=stop)), address=(host, port))
        except OSError as error:
            raise WrongInput(f"{host}:{port} cannot be listened on: {error.strerror}") from None
        log.info("page served", extra={"at": f"{host}:{port}", "address": app.config.web.address or "this machine"})
        with closing(server):
            is_asked = _wait(stop)
    log.info("stopped")
    if not is_asked:
        raise typer.Exit(1)  # the database is gone: who starts this anew opens the one that lies there then


def _wait(stop: threading.Event) -> bool:
    """Wait until the process is told to end, or cannot go on; return whether it was told."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    while not asked.wait(GLANCE) and not stop.is_set():
        pass
    return asked.is_set()


class _SeenConfig:
    """Returns the config on its machine, read again once its file has changed; one that is wrong changes nothing."""

    def __init__(self, wanted: CommandContext) -> None:
        self._wanted = wanted
        self._app = wanted.app
        self._mark = _mark_of(self._app.config.path)
        self._guard = threading.Lock()

    def __call__(self) -> App:
        mark = _mark_of(self._app.config.path)
        with self._guard:
            if mark != self._mark:
                self._mark = mark
                self._read()
            return self._app

    def _read(self) -> None:
        try:
            config = read_config(self._wanted.machine, self._wanted.option)
        except ReminderError as error:
            log.error("config refused, previous one stays in use", extra={"why": str(error).partition("\n")[0]})
            return
        self._app = replace(self._app, config=config)


def _mark_of(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return None


@group.command("link", cls=Command)
def link(
    context: typer.Context,
    who: Annotated[
        str | None,
        typer.Argument(metavar="PERSON", help="Who signs in. Default: the owner.", autocompletion=complete.people),
    ] = None,
) -> None:
    """Print a link that signs somebody in to the page: once, within fifteen minutes."""
    wanted = asked(context)
    app = wanted.app
    name = who or app.config.operator
    now = app.clock.now()
    with app.changing() as tx:
        token = make_link(tx, name, now)
    address = f"{_address_of(app)}/in/{token}"
    if wanted.json:
        row: dict[str, Any] = {"person": name, "link": address, "until": (now + LINK_HOLDS).isoformat()}
        print_json(row)
        return
    print_lines(address)
    say(f"It signs in {name} once, within fifteen minutes.")
    if app.config.web is None:
        say(f"warning: nothing serves the page: write `web: {{listen: 127.0.0.1:8484}}` in {app.config.file}")


@group.command("invite", cls=Command)
def invite(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom you invite: a proposal, they may change it.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="Their language: en, de, fr, es, …")] = ENGLISH,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Where they are. Default: the config's zone.")] = "",
    owner: Annotated[bool, typer.Option("--owner", help="Make them an owner, who sees everything.")] = False,
) -> None:
    """Print a link by which one person joins: it holds for three days, until an address of theirs has proved itself."""
    wanted = asked(context)
    app = wanted.app
    said = read_settings(app.config.anyone, {"timezone": zone, "language": language}, fields=_asked_of(zone))
    if said.problems:
        raise WrongInput(*(f"--{_OPTIONS[key]}: {problem}" for key, problem in said.problems.items()))
    chosen, now = replace(app.config.anyone, **said.values), app.clock.now()
    with app.changing() as tx:
        by = app.config.operator
        token = inviting.invite(tx, by, name=name, language=chosen.language, zone=chosen.zone, is_owner=owner, now=now)
    address = f"{_address_of(app)}/join/{token}"
    if wanted.json:
        print_json({"name": name, "link": address, "until": (now + inviting.HOLDS).isoformat()})
        return
    print_lines(address)
    say("It lets one person join, within three days. Opening it does nothing yet.")
    if not joining.open_channels(app.config.channels):
        say(f"warning: they can bring no address: write join: true beside a shared channel in {app.config.file}")
    if app.config.web is None:
        say(f"warning: nothing serves the page: write `web: {{listen: 127.0.0.1:8484}}` in {app.config.file}")


_OPTIONS: Final = {"timezone": "zone", "language": "language"}


def _asked_of(zone: str) -> tuple[str, ...]:
    return ("timezone", "language") if zone else ("language",)


def _address_of(app: App) -> str:
    web = app.config.web or Web()
    host, port = web.listen
    shown = "localhost" if host in {"127.0.0.1", "::1"} else host
    return web.address or f"http://{shown}:{port}"
