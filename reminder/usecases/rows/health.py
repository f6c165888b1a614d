"""Rows of how the service fares: `health`, its channels and its sources (SPEC 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from typing_extensions import TypedDict

from reminder.platform.heartbeat import Heartbeat
from reminder.store.daemons import ConfigStanding
from reminder.usecases.health import Backlog, ChannelState, Health, ServiceState
from reminder.usecases.rows.fields import ChannelName, FieldText, Instant, utc_or_none


class SweepRow(TypedDict):
    """The last sweep of the daemon; all null where there was none."""

    at: Instant | None
    age: Annotated[int | None, FieldText("How many seconds ago it was.")]
    pid: Annotated[int | None, FieldText("The number of the daemon's process.")]
    next_at: Instant | None
    trouble: Annotated[str | None, FieldText("Why nothing is sent, where the daemon says so.")]


class OverdueRow(TypedDict):
    """What should have gone out by now; all null where the database cannot be asked."""

    count: int | None
    oldest_at: Instant | None
    age: Annotated[int | None, FieldText("How many seconds the oldest of it has been due.")]
    to_plan: Annotated[int | None, FieldText("How many subscriptions are still to be planned.")]


class DaemonRow(TypedDict):
    """A daemon that shares a PostgreSQL."""

    host: str
    pid: int
    seen_at: Instant | None
    config: Annotated[ConfigStanding, FieldText("How old its config is beside the one that was taken last.")]


class ClockRow(TypedDict):
    """Whether the clock can be believed."""

    ok: bool
    problem: str | None


class DatabaseRow(TypedDict):
    """Whether the database can be used."""

    ok: bool
    place: Annotated[str, FieldText("The database, for a person to read.")]
    problem: str | None


class ChannelRow(TypedDict):
    """How a channel fares."""

    channel: ChannelName
    ok: Annotated[bool, FieldText("Whether it is not known to be broken.")]
    last_success_at: Instant | None
    last_failure_at: Instant | None
    last_failure: Annotated[str | None, FieldText("What its service said to the last failure.")]
    parked_at: Instant | None
    waiting: Annotated[int, FieldText("How many deliveries wait for it.")]
    refused: Annotated[int, FieldText("How many addresses it refuses.")]


class SourceStateRow(TypedDict):
    """How a source of dates fares."""

    source: str
    ok: Annotated[bool, FieldText("Whether it answers.")]
    last_success_at: Instant | None
    last_failure_at: Instant | None
    last_failure: Annotated[str | None, FieldText("What it fails by.")]
    waiting: Annotated[int, FieldText("How many titles wait for it.")]


class HealthRow(TypedDict):
    """Whether reminders go out."""

    ok: Annotated[bool, FieldText("Whether all is well.")]
    problems: Annotated[list[str], FieldText("All that is wrong, in words.")]
    sweep: SweepRow
    overdue: OverdueRow
    daemons: list[DaemonRow]
    clock: ClockRow
    database: DatabaseRow
    channels: list[ChannelRow]
    sources: list[SourceStateRow]


def health_row(found: tuple[str, ...], beat: Heartbeat | None, state: ServiceState, now: datetime) -> HealthRow:
    """Return whether reminders go out at `now`, given all that was `found` to be wrong and the last heartbeat."""
    clock, database = state.vitals.clock_problem, state.vitals.database_problem
    return {
        "ok": not found,
        "problems": list(found),
        "sweep": sweep_row(beat, now),
        "overdue": _overdue(state.backlog, now),
        "daemons": [
            {"host": peer.host, "pid": peer.pid, "seen_at": utc_or_none(peer.seen_at), "config": peer.standing}
            for peer in state.daemons
        ],
        "clock": {"ok": clock is None, "problem": clock},
        "database": {"ok": database is None, "place": state.place, "problem": database},
        "channels": [channel_row(each, state.refused.get(name, 0)) for name, each in state.channels.items()],
        "sources": [_source(each, state.waiting.get(name, 0)) for name, each in state.sources.items()],
    }


def sweep_row(beat: Heartbeat | None, now: datetime) -> SweepRow:
    """Return the last sweep, by the heartbeat that it left, as it stands at `now`."""
    if beat is None:
        return {"at": None, "age": None, "pid": None, "next_at": None, "trouble": None}
    return {
        "at": utc_or_none(beat.swept_at),
        "age": int((now - beat.swept_at).total_seconds()),
        "pid": beat.pid,
        "next_at": utc_or_none(beat.next_at),
        "trouble": beat.trouble,
    }


def _overdue(backlog: Backlog | None, now: datetime) -> OverdueRow:
    if backlog is None:
        return {"count": None, "oldest_at": None, "age": None, "to_plan": None}
    return {
        "count": backlog.count,
        "oldest_at": utc_or_none(backlog.oldest_at),
        "age": int((now - backlog.oldest_at).total_seconds()) if backlog.oldest_at else None,
        "to_plan": backlog.to_plan,
    }


def channel_row(channel: ChannelState, refused: int) -> ChannelRow:
    """Return how a channel fares, and how many addresses it refuses."""
    return {
        "channel": channel.name,
        "ok": channel.parked_at is None,
        "last_success_at": utc_or_none(channel.last_success_at),
        "last_failure_at": utc_or_none(channel.last_failure_at),
        "last_failure": channel.last_failure,
        "parked_at": utc_or_none(channel.parked_at),
        "waiting": channel.waiting,
        "refused": refused,
    }


def _source(source: Health, waiting: int) -> SourceStateRow:
    return {
        "source": source.name,
        "ok": not source.is_failing,
        "last_success_at": utc_or_none(source.last_success_at),
        "last_failure_at": utc_or_none(source.failing_since),
        "last_failure": source.reason,
        "waiting": waiting,
    }
