"""`health`: whether reminders go out, for monitors and for cron."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.drawing import draw
from reminder.cli.not_reloaded import of_beat
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.quick_health import WELL, problems_of
from reminder.cli.table import Column
from reminder.config import LookSettings
from reminder.config.parsers import parse_duration
from reminder.core.errors import ConfigMissing, StoreError, WrongInput
from reminder.core.model.database import is_server
from reminder.core.sending.health import ago
from reminder.platform.heartbeat import Heartbeat, read_heartbeat
from reminder.platform.paths import runtime_dir
from reminder.usecases.health import ELSEWHERE, ServiceState, look_at, unseen
from reminder.usecases.rows.health import health_row, sweep_row

Row = dict[str, Any]


def health(
    context: typer.Context,
    max_age: Annotated[
        str,
        typer.Option(
            "--max-age", metavar="TIME", help="How old the last sweep may be: 5m, or 26h for a daily cron job."
        ),
    ] = "5m",
    tell: Annotated[
        bool, typer.Option("--tell", help="Tell the operator, once per outage, when no daemon can; for cron.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Look only at when the last sweep was; for a check every minute.")
    ] = False,
) -> None:
    """Say whether reminders go out: exit status 0, or 1 if not."""
    wanted = asked(context)
    try:
        age = parse_duration(max_age)
    except ValueError as error:
        raise WrongInput(f"--max-age: {error}") from None
    now = wanted.clock.now()
    settings = _settings_to_look_at(wanted, now, age)
    if quick and tell:
        raise WrongInput("--quick asks no channel: leave out --tell, or --quick")
    if quick:
        _tell_quickly(wanted, settings, now, age)
    state, file = _look(wanted, settings, now)
    beat = read_heartbeat(runtime_dir(wanted.machine, settings.path, file))
    found = state.problems(beat, now, age)
    if tell:
        from reminder.cli.commands.health_tell import tell_operator

        tell_operator(wanted, found)
    if wanted.json:
        print_json(health_row(found, beat, state, now))
    else:
        _print(found, beat, state, wanted, now)
    raise typer.Exit(1 if found else 0)


def _tell_quickly(wanted: CommandContext, settings: LookSettings, now: datetime, age: timedelta) -> None:
    """Say what the heartbeat alone says, and end."""
    folder = runtime_dir(wanted.machine, settings.path, wanted.app.database_path)
    found = problems_of(folder, now, age)
    if wanted.json:
        print_json({"ok": not found, "problems": list(found), "sweep": sweep_row(read_heartbeat(folder), now)})
    else:
        _print_verdict(found, WELL)
    raise typer.Exit(1 if found else 0)


def _settings_to_look_at(wanted: CommandContext, now: datetime, age: timedelta) -> LookSettings:
    """Return what the config says; where it cannot be used, say so, and how the daemon is all the same.

    Where it is gone, a monitor is not told to have a new one written. Raises WrongInput.
    """
    try:
        return wanted.settings
    except WrongInput as error:
        from reminder.cli.blind_health import of_daemon  # what few calls need

        problems = error.problems
        if isinstance(error, ConfigMissing):
            missing = "does not exist: whether reminders go out cannot be seen without it. Is its disk there?"
            problems = (f"{error.where} {missing}",)
        raise WrongInput(*problems, *of_daemon(wanted, now, age)) from None


def _look(wanted: CommandContext, settings: LookSettings, now: datetime) -> tuple[ServiceState, Path | None]:
    """Return what the database says of the service, and its file (None for a server)."""
    try:
        database = wanted.database
    except StoreError as error:  # its secret is missing
        file = wanted.app.database_path
        return unseen(str(file) if file else ELSEWHERE, str(error)), file
    state = look_at(
        database, name=settings.name, channels=settings.channel_names, sources=settings.source_names, now=now
    )
    return state, None if is_server(database.reveal()) else Path(database.reveal())


def _print(
    found: tuple[str, ...], beat: Heartbeat | None, state: ServiceState, wanted: CommandContext, now: datetime
) -> None:
    _print_verdict(found, state.verdict)
    if beat is not None:
        print_lines(f"  last sweep  {ago(beat.swept_at, now)}")
        print_lines(f"  next        {dates.instant(beat.next_at, wanted.zone) or 'nothing to come'}")
        stale = of_beat(wanted, beat)
        if stale:
            print_lines(f"  config      {stale}")
    if state.backlog is not None:
        oldest = (
            f"{state.backlog.count} since {ago(state.backlog.oldest_at, now)}" if state.backlog.oldest_at else "nothing"
        )
        planning = [f"  to be planned: {state.backlog.to_plan}"] if state.backlog.to_plan else []
        print_lines(f"  overdue     {oldest}", *planning, f"  database    {state.place}")
    for peer in state.daemons:
        print_lines(f"  daemon      {peer}, {peer.standing} config")
    for rows, columns in ((_channel_rows(state, now), _CHANNELS), (_source_rows(state, now), _SOURCES)):
        if rows:
            print_lines("")
            print_table(rows, columns, empty="")


def _print_verdict(found: tuple[str, ...], otherwise: str) -> None:
    for problem in found:
        draw(Text.assemble(("✗ ", "bold red"), problem))
    if not found:
        draw(Text.assemble(("✓ ", "bold green"), otherwise))


def _channel_rows(state: ServiceState, now: datetime) -> list[Row]:
    return [
        {
            "channel": channel.name,
            "success": _ago(channel.last_success_at, now),
            "failure": _ago(channel.last_failure_at, now),
            "reason": channel.last_failure or "",
            "waiting": channel.waiting or "",
            "refused": state.refused.get(channel.name) or "",
        }
        for channel in state.channels.values()
    ]


def _source_rows(state: ServiceState, now: datetime) -> list[Row]:
    return [
        {
            "source": source.name,
            "success": _ago(source.last_success_at, now),
            "failure": ("still, since " if source.is_failing else "") + _ago(source.failing_since, now),
            "reason": source.reason or "",
            "waiting": state.waiting.get(source.name) or "",
        }
        for source in state.sources.values()
    ]


def _ago(at: datetime | None, now: datetime) -> str:
    return ago(at, now) if at else "never"


_CHANNELS = (
    Column(key="channel", heading="channel", style="bold"),
    Column(key="success", heading="last success", whole=True),
    Column(key="failure", heading="last failure", whole=True),
    Column(key="waiting", heading="waiting"),
    Column(key="refused", heading="refused addresses"),
    Column(key="reason", heading="why", style="dim", below=True),
)
_SOURCES = (
    Column(key="source", heading="source", style="bold"),
    Column(key="success", heading="last answer", whole=True),
    Column(key="failure", heading="silent", whole=True),
    Column(key="waiting", heading="titles waiting"),
    Column(key="reason", heading="why", style="dim", below=True),
)
