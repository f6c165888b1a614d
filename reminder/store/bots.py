"""Bots whose messages are read: which daemon reads one, up to which update, what it is called, and how that goes.

A service lets one reader at a time. On PostgreSQL a lease by the database's clock tells which of several daemons that
is; on SQLite there is one daemon, and no lease.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from reminder.store.sql.tables import meta, poller

LEASE: Final = timedelta(seconds=45)
"""Longer than one wait for updates takes, and what is done about them."""

KEY: Final = "bot "
"""Begins the keys in `meta` under which bots are known; the fingerprint of the channel's URL stands behind it."""


# Who reads, and how far ----------------------------------------------------------------------------------------------


def take_lease(tx: Connection, bot: str, owner: str) -> int | None:
    """Be who reads a bot for `LEASE` from now; return up to which update it was read, None where another reads it."""
    if tx.dialect.name == "sqlite":
        return tx.execute(_READ_TO, {"bot": bot}).scalar() or 0
    tx.execute(_KNOWN, {"bot": bot})
    free = or_(poller.c.owner == owner, poller.c.owner.is_(None), poller.c.lease_until < func.now())
    mine = update(poller).where(poller.c.bot == bot, free).values(owner=owner, lease_until=func.now() + LEASE)
    read_to: int | None = tx.execute(mine.returning(poller.c.read_to)).scalar()
    return read_to


_READ_TO: Final = text("SELECT read_to FROM poller WHERE bot = :bot")
_KNOWN: Final = text("INSERT INTO poller (bot, read_to) VALUES (:bot, 0) ON CONFLICT DO NOTHING")


def note_read(tx: Connection, bot: str, owner: str, update_id: int) -> bool:
    """Write down that a bot was read up to an update; return False for who does not read it any more."""
    if tx.dialect.name == "sqlite":
        tx.execute(_KNOWN, {"bot": bot})
        tx.execute(update(poller).where(poller.c.bot == bot).values(read_to=update_id))
        return True
    mine = (poller.c.bot == bot, poller.c.owner == owner, poller.c.lease_until >= func.now())
    return tx.execute(update(poller).where(*mine).values(read_to=update_id)).rowcount == 1


def leave_bot(tx: Connection, bot: str, owner: str) -> None:
    """Let another daemon read a bot at once."""
    if tx.dialect.name != "sqlite":
        mine = (poller.c.bot == bot, poller.c.owner == owner)
        tx.execute(update(poller).where(*mine).values(owner=None, lease_until=None))


# What is known of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class KnownBot:
    """A bot as its service knows it: `username` is a part of its address, empty as long as nobody has asked.

    `trouble` says why it cannot be read, and `since_at` since when; `is_read_elsewhere` that another program reads it.
    `is_always_read` tells a bot that is to be read at all times from one that is read only while somebody joins.
    """

    channel: str
    username: str = ""
    trouble: str | None = None
    since_at: datetime | None = None
    is_read_elsewhere: bool = False
    is_always_read: bool = False


def known_bot(tx: Connection, fingerprint: str) -> KnownBot | None:
    """Return what is known of the bot of a channel, by the fingerprint of its URL; None before it was asked."""
    said = tx.execute(select(meta.c.value).where(meta.c.key == f"{KEY}{fingerprint}")).scalar()
    return None if said is None else _read(said)


def note_bot(tx: Connection, fingerprint: str, bot: KnownBot) -> None:
    """Keep what is known of a bot; since when it has its trouble is kept as long as that is the same."""
    before = known_bot(tx, fingerprint)
    if before is not None and before.trouble == bot.trouble:
        bot = replace(bot, since_at=before.since_at)
    if bot == before:
        return
    value = json.dumps({**bot.__dict__, "since_at": bot.since_at.isoformat() if bot.since_at else None})
    key = f"{KEY}{fingerprint}"
    if not tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
        tx.execute(insert(meta).values(key=key, value=value))


def forget_bots(tx: Connection, but: Collection[str]) -> None:
    """Forget the bots of channels that are gone, but for those of these fingerprints."""
    gone = (meta.c.key.startswith(KEY), meta.c.key.not_in([f"{KEY}{each}" for each in but]))
    if tx.execute(select(meta.c.key).where(*gone)).first() is not None:
        tx.execute(delete(meta).where(*gone))


def unread_bots(tx: Connection) -> list[KnownBot]:
    """Return the bots that are to be read at all times and cannot be, by their channels."""
    rows = tx.execute(select(meta.c.value).where(meta.c.key.startswith(KEY)).order_by(meta.c.key)).scalars()
    found = (_read(said) for said in rows)
    return sorted((bot for bot in found if bot.is_always_read and bot.trouble), key=lambda bot: bot.channel)


def _read(said: str) -> KnownBot:
    values: dict[str, Any] = json.loads(said)
    since = values.pop("since_at", None)
    return KnownBot(**values, since_at=datetime.fromisoformat(since) if since else None)
