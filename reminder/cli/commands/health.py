"""`health`: whether reminders go out, for monitors and for cron."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reminder.cli.commands.health_tell import tell_operator
from reminder.cli.context import CommandContext, asked
from reminder.cli.output import draw, print_json, print_lines, print_table
from reminder.cli.table import Column
from reminder.errors import ConfigMissing, StoreError, WrongInput

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.config import Config
    from reminder.core.sending.health import Vitals
    from reminder.daemon.app import App
    from reminder.platform.heartbeat import Heartbeat
    from reminder.store.daemons import Peer
    from reminder.store.health import Backlog, ChannelState
    from reminder.store.source_health import Health
    from reminder.store.sql.store import Store

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
) -> None:
    """Say whether reminders go out: exit status 0, or 1 if not."""
    from reminder.config.parsers import parse_duration
    from reminder.core.sending.health import complaints
    from reminder.platform.heartbeat import read_heartbeat

    wanted = asked(context)
    try:
        age = parse_duration(max_age)
    except ValueError as error:
        raise WrongInput(f"--max-age: {error}") from None
    now = _app_to_look_at(wanted).clock.now()
    beat = read_heartbeat(wanted.app.runtime_dir)
    seen = _look(wanted, now)
    vitals = replace(seen.vitals, swept_at=beat.swept_at if beat else None, trouble=beat.trouble if beat else None)
    found = complaints(vitals, now, age)
    if tell:
        tell_operator(wanted, found)
    if wanted.json:
        print_json(_json(found, beat, seen, now))
    else:
        _print(found, beat, seen, wanted, now)
    raise typer.Exit(1 if found else 0)


def _app_to_look_at(wanted: CommandContext) -> App:
    """Return what the config says; where it is gone, a monitor is not told to have a new one written."""
    try:
        return wanted.app
    except ConfigMissing as error:
        raise WrongInput(
            f"{error.where} does not exist: whether reminders go out cannot be seen without it. Is its disk there?"
        ) from None


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The database's answer to `health`, or why it cannot be asked."""

    place: str
    vitals: Vitals
    refused: Mapping[str, int] = field(default_factory=dict)
    backlog: Backlog | None = None
    channels: tuple[ChannelState, ...] = ()
    sources: tuple[Health, ...] = ()
    silent: Mapping[str, int] = field(default_factory=dict)
    daemons: tuple[Peer, ...] = ()


def _look(wanted: CommandContext, now: datetime) -> _Seen:
    """Look at the database as it is: unlike elsewhere, what only the config says is not yet the daemon's."""
    from reminder.store.sql.engine import is_there
    from reminder.store.sql.store import open_to_look

    app = wanted.app
    path = app.database_path
    place = str(path) if path else "the configured database"
    try:
        if path is not None and app.config.database_problem is None and not is_there(path):
            return _unseen(place, f"{place} does not exist yet: the first run creates it")
        app.check_place()  # one that may only be read can be looked at, but nothing would go out
        with closing(open_to_look(app.database)) as store, store.read() as tx:
            if store.stands_in:
                return _unseen(place, f"{place} has no tables yet: the first run makes them")
            return _seen(tx, store, app.config, now)
    except StoreError as error:
        return _unseen(place, str(error))


def _unseen(place: str, problem: str) -> _Seen:
    from reminder.core.sending.health import Vitals

    return _Seen(place=place, vitals=Vitals(swept_at=None, database_problem=problem))


def _seen(tx: Connection, store: Store, config: Config, now: datetime) -> _Seen:
    from reminder.store.daemons import daemons
    from reminder.store.health import backlog, channel_states, vitals
    from reminder.store.listings import must_belong
    from reminder.store.refusals import refused_on
    from reminder.store.source_health import source_states, waiting_for

    must_belong(tx, config.name)
    states = channel_states(tx)
    return _Seen(
        place=store.place,
        vitals=vitals(tx, config.channels, now),
        refused=refused_on(tx),
        backlog=backlog(tx, now),
        channels=tuple(states[name] for name in config.channels if name in states),
        sources=tuple(source_states(tx, config.sources.names).values()),
        silent=waiting_for(tx),
        daemons=() if store.is_sqlite else tuple(daemons(tx)),
    )


def _json(found: tuple[str, ...], beat: Heartbeat | None, seen: _Seen, now: datetime) -> Row:
    from reminder.cli.rows import utc_or_none

    oldest = seen.backlog.oldest_at if seen.backlog else None
    return {
        "ok": not found,
        "problems": list(found),
        "sweep": {
            "at": utc_or_none(beat.swept_at if beat else None),
            "age": int((now - beat.swept_at).total_seconds()) if beat else None,
            "pid": beat.pid if beat else None,
            "next_at": utc_or_none(beat.next_at if beat else None),
            "trouble": beat.trouble if beat else None,
        },
        "overdue": {
            "count": seen.backlog.count if seen.backlog else None,
            "oldest_at": utc_or_none(oldest),
            "age": int((now - oldest).total_seconds()) if oldest else None,
            "to_plan": seen.backlog.to_plan if seen.backlog else None,
        },
        "daemons": [
            {"host": peer.host, "pid": peer.pid, "seen_at": utc_or_none(peer.seen_at), "config": str(peer.standing)}
            for peer in seen.daemons
        ],
        "clock": {"ok": seen.vitals.clock_problem is None, "problem": seen.vitals.clock_problem},
        "database": {
            "ok": seen.vitals.database_problem is None,
            "place": seen.place,
            "problem": seen.vitals.database_problem,
        },
        "channels": [_channel_json(item, seen.refused.get(item.name, 0)) for item in seen.channels],
        "sources": [_source_json(item, seen.silent.get(item.name, 0)) for item in seen.sources],
    }


def _channel_json(item: ChannelState, refused: int) -> Row:
    from reminder.cli.rows import utc_or_none

    return {
        "channel": item.name,
        "ok": item.parked_at is None,
        "last_success_at": utc_or_none(item.last_success_at),
        "last_failure_at": utc_or_none(item.last_failure_at),
        "last_failure": item.last_failure,
        "parked_at": utc_or_none(item.parked_at),
        "waiting": item.waiting,
        "refused": refused,
    }


def _source_json(item: Health, waiting: int) -> Row:
    from reminder.cli.rows import utc_or_none

    return {
        "source": item.name,
        "ok": not item.is_failing,
        "last_success_at": utc_or_none(item.last_success_at),
        "last_failure_at": utc_or_none(item.failing_since),
        "last_failure": item.reason,
        "waiting": waiting,
    }


def _print(found: tuple[str, ...], beat: Heartbeat | None, seen: _Seen, wanted: CommandContext, now: datetime) -> None:
    from rich.text import Text

    from reminder.cli import dates
    from reminder.core.sending.health import ago

    for problem in found:
        draw(Text.assemble(("✗ ", "bold red"), problem))
    if not found:
        draw(Text.assemble(("✓ ", "bold green"), _verdict(seen)))
    if beat is not None:
        print_lines(f"  last sweep  {ago(beat.swept_at, now)}")
        print_lines(f"  next        {dates.instant(beat.next_at, wanted.zone) or 'nothing to come'}")
    if seen.backlog is not None:
        oldest = (
            f"{seen.backlog.count} since {ago(seen.backlog.oldest_at, now)}" if seen.backlog.oldest_at else "nothing"
        )
        planning = [f"  to be planned: {seen.backlog.to_plan}"] if seen.backlog.to_plan else []
        print_lines(f"  overdue     {oldest}", *planning, f"  database    {seen.place}")
    for peer in seen.daemons:
        print_lines(f"  daemon      {peer}, {peer.standing} config")
    for rows, columns in ((_channel_rows(seen, now), _CHANNELS), (_source_rows(seen, now), _SOURCES)):
        if rows:
            print_lines("")
            print_table(rows, columns, empty="")


def _verdict(seen: _Seen) -> str:
    """Return what is said when nothing is wrong: all is well only where the last try over each channel went through."""
    failed = [item.name for item in seen.channels if _failed_last(item.last_success_at, item.last_failure_at)]
    return f"No alarm yet; the last try over {', '.join(failed)} failed." if failed else "All is well."


def _failed_last(success_at: datetime | None, failure_at: datetime | None) -> bool:
    return failure_at is not None and (success_at is None or failure_at > success_at)


def _channel_rows(seen: _Seen, now: datetime) -> list[Row]:
    return [
        {
            "channel": item.name,
            "success": _ago(item.last_success_at, now),
            "failure": _ago(item.last_failure_at, now),
            "reason": item.last_failure or "",
            "waiting": item.waiting or "",
            "refused": seen.refused.get(item.name) or "",
        }
        for item in seen.channels
    ]


def _source_rows(seen: _Seen, now: datetime) -> list[Row]:
    return [
        {
            "source": item.name,
            "success": _ago(item.last_success_at, now),
            "failure": ("still, since " if item.is_failing else "") + _ago(item.failing_since, now),
            "reason": item.reason or "",
            "waiting": seen.silent.get(item.name) or "",
        }
        for item in seen.sources
    ]


def _ago(at: datetime | None, now: datetime) -> str:
    from reminder.core.sending.health import ago

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
