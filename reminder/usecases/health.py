"""Whether reminders go out: one reading of the database and the heartbeat, for `health` and for `/healthz`."""

from __future__ import annotations

import platform
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import StoreError
from reminder.core.model.database import is_server
from reminder.core.model.secret import Secret
from reminder.core.sending.clock_guard import behind_ledger
from reminder.core.sending.health import Vitals, complaints
from reminder.core.text.kept_texts import recognised
from reminder.core.wording import Wording, enumerated
from reminder.platform.heartbeat import Heartbeat
from reminder.store.daemons import Peer, daemons
from reminder.store.health import Backlog, ChannelState, backlog, channel_states, unplanned, vitals
from reminder.store.listings import must_belong
from reminder.store.load_plans import newest_row
from reminder.store.refusals import refused_on
from reminder.store.source_health import Health, source_states, waiting_for
from reminder.store.sql.engine import check_file, is_there
from reminder.store.sql.store import check_server, open_to_look

__all__ = ["Backlog", "ChannelState", "Health", "unplanned"]


ELSEWHERE: Final = "the configured database"
"""What a server is called, whose URL holds a secret, before it was asked for its name."""


@dataclass(frozen=True, kw_only=True)
class ServiceState:
    """The state of the service as its database tells it; `vitals` say why where it cannot be asked.

    Keys are names of channels (`channels`, `refused` addresses) and of sources (`sources`, titles `waiting` for one).
    `daemons` are those that share a PostgreSQL. `place` is the database for a person to read.
    """

    place: str
    vitals: Vitals
    backlog: Backlog | None = None
    channels: Mapping[str, ChannelState] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, Health] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    daemons: tuple[Peer, ...] = ()

    @property
    def verdict(self) -> str:
        """Return what is said where nothing is wrong: all is well only where each channel's last try went through."""
        failed = [name for name, each in self.channels.items() if _failed_last(each)]
        if failed:
            return Wording("No alarm yet; the last try over %(channels)s failed.", channels=enumerated(failed))
        return Wording("All is well.")

    def problems(self, beat: Heartbeat | None, now: datetime, max_age: timedelta) -> tuple[str, ...]:
        """Return everything that is wrong at `now`, in words, given the daemon's last heartbeat."""
        seen = replace(self.vitals, swept_at=None)
        if beat is not None:
            seen = replace(seen, swept_at=beat.swept_at, is_dead=beat.is_dead(now), trouble=beat.trouble)
        return complaints(seen, now, max_age)


def _failed_last(channel: ChannelState) -> bool:
    success_at, failure_at = channel.last_success_at, channel.last_failure_at
    return failure_at is not None and (success_at is None or failure_at > success_at)


NO_DAEMON: Final = Wording("no daemon is running")

AWAKE: Final = timedelta(minutes=2)
"""A daemon that runs has swept since then, even an idle one, four times."""


def beat_of(tx: Connection, beat: Heartbeat | None, now: datetime) -> Heartbeat | None:
    """Return the newest sign of life: of the daemon here, or of one elsewhere that shares a PostgreSQL."""
    is_dead = beat is not None and beat.is_dead(now)
    if tx.dialect.name == "sqlite" or (beat is not None and now - beat.swept_at < AWAKE and not is_dead):
        return beat
    # The database knows of a death later than this machine does.
    here = (platform.node(), beat.pid) if beat is not None and is_dead else None
    peers = [peer for peer in daemons(tx) if (peer.host, peer.pid) != here]
    last = max(peers, key=lambda peer: peer.seen_at, default=None)
    return Heartbeat(swept_at=last.seen_at, pid=last.pid) if last else beat


def is_sending(beat: Heartbeat | None, now: datetime) -> bool:
    """Tell, by the newest sign of life, whether a daemon runs and sends; else what is asked for waits."""
    return beat is not None and beat.trouble is None and now - beat.swept_at < AWAKE and not beat.is_dead(now)


def why_unsent(beat: Heartbeat | None, now: datetime) -> str | None:
    """Return why nothing is sent now, by the newest sign of life; None where a daemon runs and sends."""
    if is_sending(beat, now):
        return None
    trouble = beat.trouble if beat is not None and not beat.is_dead(now) else None
    return recognised(trouble) if trouble else NO_DAEMON


def unseen(place: str, problem: str) -> ServiceState:
    """Return the state where the database cannot be asked, for this reason."""
    return ServiceState(place=place, vitals=Vitals(swept_at=None, database_problem=problem))


def look_at(
    database: Secret, *, name: str, channels: Collection[str], sources: Collection[str], now: datetime
) -> ServiceState:
    """Look at the database as it is, a file or a server; of what keeps it from being used, the state says why.

    Unlike elsewhere, what only the config says is not yet the daemon's. `name` is the config's.
    """
    file = None if is_server(database.reveal()) else Path(database.reveal())
    place = str(file) if file else ELSEWHERE
    try:
        if file is not None and not is_there(file):
            return unseen(place, f"{place} does not exist yet: the first run creates it")
        # One that may only be read can be looked at, but nothing would go out.
        if file is not None:
            check_file(file)
        else:
            check_server(database)
        with closing(open_to_look(database)) as store, store.read() as tx:
            if store.stands_in:
                return unseen(place, f"{place} has no tables yet: the first run makes them")
            return replace(state_of(tx, name=name, channels=channels, sources=sources, now=now), place=store.place)
    except StoreError as error:
        return unseen(place, str(error))


def vitals_of(tx: Connection, *, name: str, channels: Collection[str], now: datetime) -> ServiceState:
    """Return what tells whether the service is well, and nothing more. Raises StoreError as `state_of` does."""
    must_belong(tx, name)
    return ServiceState(place="", vitals=vitals(tx, channels, now))


def doubt_of_clock(tx: Connection, now: datetime) -> list[str]:
    """Return why nothing is sent under this clock, as a list of one; an empty one where it is believed."""
    doubt = behind_ledger(now, newest_row(tx))
    return [f"nothing is sent: {doubt.reason}"] if doubt else []


def state_of(
    tx: Connection, *, name: str, channels: Collection[str], sources: Collection[str], now: datetime
) -> ServiceState:
    """Return how the service fares, with the channels and sources of these names.

    Raises StoreError where the database is that of another config than `name`.
    """
    must_belong(tx, name)
    states = channel_states(tx)
    return ServiceState(
        place="",
        vitals=vitals(tx, channels, now),
        backlog=backlog(tx, now),
        channels={name: states[name] for name in channels if name in states},
        refused=refused_on(tx),
        sources=source_states(tx, sources),
        waiting=waiting_for(tx),
        daemons=() if tx.dialect.name == "sqlite" else tuple(daemons(tx)),
    )
