"""Several daemons on one PostgreSQL: who lives, which config each runs, and which one is the newest.

Every instant here is the database's own: hosts may disagree by seconds. On SQLite there is one daemon, and nothing of
this is kept.
"""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, text, update

from reminder.store.listings import ListedConfig
from reminder.store.sql.codec import dump_listing, dump_subscriber
from reminder.store.sql.tables import SENDING_DELIVERY, config_taken, daemon, delivery

SEEN: Final = timedelta(minutes=2)
"""A daemon not seen for longer than this counts as dead; one that stopped elsewhere may be about to start again."""

FORGOTTEN: Final = timedelta(days=7)

SYNC_PATIENCE: Final = 120
"""Seconds that a config waits for another that is just being brought into the database."""

_SYNC_LOCK: Final = 0x72656D6A
"""The advisory lock of whoever brings a config into the database; any number that nobody else uses."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """One daemon: no other start of it has the same `owner`. `digest` is of the config that it runs."""

    owner: str
    host: str
    pid: int
    digest: str


class ConfigStanding(enum.StrEnum):
    """The age of the config that a daemon runs beside the one that was taken last."""

    NEWEST = "newest"
    OLDER = "older"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A daemon as the database knows it."""

    host: str
    pid: int
    digest: str
    seen_at: datetime
    standing: ConfigStanding

    def __str__(self) -> str:
        return f"pid {self.pid} on {self.host}"


def digest_of(listed: ListedConfig) -> str:
    """Return what tells one config from another, as far as the database holds it: people, channels, titles.

    Addresses are left out: a secret that only one host has makes no other config.
    """
    parts = {
        "name": listed.name,
        "people": [[person.name, dump_subscriber(person)] for person in listed.subscribers],
        "channels": sorted(listed.channels),
        "titles": [[item.title.key, dump_listing(item)] for item in listed.titles],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


# Who lives -----------------------------------------------------------------------------------------------------------


def note_daemon(tx: Connection, me: Identity) -> None:
    """Say that this daemon lives, and what it runs."""
    values = {"digest": me.digest, "seen_at": func.now(), "stopped_at": None}
    if tx.execute(update(daemon).where(daemon.c.owner == me.owner).values(values)).rowcount:
        return
    tx.execute(delete(daemon).where(daemon.c.seen_at < func.now() - FORGOTTEN))
    tx.execute(insert(daemon).values(owner=me.owner, host=me.host, pid=me.pid, started_at=func.now(), **values))


def note_stopped(tx: Connection, owner: str) -> None:
    """Say that this daemon has stopped by itself."""
    tx.execute(update(daemon).where(daemon.c.owner == owner).values(stopped_at=func.now()))


def daemons(tx: Connection) -> list[Peer]:
    """Return the daemons that live, the longest first."""
    query = _seen().where(daemon.c.stopped_at.is_(None)).order_by(daemon.c.started_at)
    newest = newest_config(tx)
    return [_peer(row, newest) for row in tx.execute(query)]


def _seen() -> Select[Any]:
    return select(daemon).where(daemon.c.seen_at > func.now() - SEEN)


def _peer(row: Any, newest: str | None) -> Peer:
    standing = ConfigStanding.NEWEST if row.digest == newest else ConfigStanding.OLDER
    return Peer(host=row.host, pid=row.pid, digest=row.digest, seen_at=row.seen_at, standing=standing)


def lapses_in(tx: Connection, owner: str) -> float | None:
    """Return in how many seconds the first lease of another owner ends, unless it is renewed; None without one."""
    others = select(func.extract("epoch", func.min(delivery.c.lease_until) - func.now()))
    seconds = tx.execute(others.where(SENDING_DELIVERY, delivery.c.owner != owner)).scalar()
    return None if seconds is None else float(seconds)


def end_frozen(tx: Connection, seconds: float) -> int:
    """End the sessions of this program that hold rows and have been silent for so long in the middle of a batch.

    The server ends a transaction that idles, but one that still awaits the rest of a batch does not idle to it: whoever
    was stopped there would keep everybody from its rows until it wakes. Returns how many sessions were ended.
    """
    others = tx.execute(_FROZEN, {"seconds": seconds}).scalars()
    return sum(map(bool, others))


_FROZEN: Final = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
        AND application_name = current_setting('application_name')
        AND state = 'active' AND wait_event IN ('ClientRead', 'ClientWrite') AND backend_xid IS NOT NULL
        AND state_change < clock_timestamp() - make_interval(secs => :seconds)
""")


# Which config is the newest ------------------------------------------------------------------------------------------


def one_at_a_time(tx: Connection) -> None:
    """Wait until nobody else brings a config into the database, and keep others from it until this transaction ends."""
    patience = tx.execute(text("SHOW lock_timeout")).scalar()
    set_timeout = text("SELECT set_config('lock_timeout', :to, true)")
    tx.execute(set_timeout, {"to": f"{SYNC_PATIENCE}s"})
    tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SYNC_LOCK})
    tx.execute(set_timeout, {"to": patience})


def newest_config(tx: Connection) -> str | None:
    """Return the digest of the config that was taken last, None before the first."""
    newest: str | None = tx.execute(select(config_taken.c.digest).order_by(config_taken.c.no.desc()).limit(1)).scalar()
    return newest


def who_runs_newer(tx: Connection, me: Identity) -> Peer | None:
    """Return a daemon that runs the newest config, when `me` has one that it replaced; None when mine may be taken.

    A daemon that stopped on another host counts for a while: in a rolling restart it is about to be back. One that
    stopped on this host was stopped by whoever starts me.
    """
    newest = newest_config(tx)
    known = select(config_taken.c.no).where(config_taken.c.digest == me.digest)
    if newest in {None, me.digest} or tx.execute(known).scalar() is None:
        return None
    theirs = _seen().where(daemon.c.digest == newest, daemon.c.owner != me.owner)
    theirs = theirs.where(or_(daemon.c.stopped_at.is_(None), daemon.c.host != me.host))
    row = tx.execute(theirs.order_by(daemon.c.seen_at.desc()).limit(1)).first()
    return _peer(row, newest) if row else None


def note_config(tx: Connection, digest: str) -> None:
    """Remember that this config is the newest from now on."""
    if newest_config(tx) == digest:
        return
    last = tx.execute(select(func.max(config_taken.c.no))).scalar() or 0
    tx.execute(delete(config_taken).where(config_taken.c.digest == digest))
    tx.execute(insert(config_taken).values(no=last + 1, digest=digest, taken_at=func.now()))
