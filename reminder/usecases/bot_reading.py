"""Reading a bot: which daemon does, up to where, and what is known of the bot meanwhile.

Every function works in the transaction `tx` that it is given.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from reminder.store import bots
from reminder.store.bots import KnownBot

__all__ = ["KnownBot"]


def take_lease(tx: Connection, bot: str, owner: str) -> int | None:
    """Be who reads a bot for a while; return up to which update it was read, None where another daemon reads it."""
    return bots.take_lease(tx, bot, owner)


def note_read(tx: Connection, bot: str, owner: str, update_id: int) -> bool:
    """Write down that a bot was read up to an update; return False for who does not read it any more."""
    return bots.note_read(tx, bot, owner, update_id)


def leave_bot(tx: Connection, bot: str, owner: str) -> None:
    """Let another daemon read a bot at once."""
    bots.leave_bot(tx, bot, owner)


def known_bot(tx: Connection, fingerprint: str) -> KnownBot | None:
    """Return what is known of the bot of a channel, by the fingerprint of its URL."""
    return bots.known_bot(tx, fingerprint)


def note_bot(tx: Connection, fingerprint: str, bot: KnownBot) -> None:
    """Keep what is known of a bot."""
    bots.note_bot(tx, fingerprint, bot)


def forget_bots(tx: Connection, but: Collection[str]) -> None:
    """Forget the bots of channels that are gone, but for those of these fingerprints."""
    bots.forget_bots(tx, but)


def unread_bots(tx: Connection) -> tuple[KnownBot, ...]:
    """Return the bots that are to be read at all times and cannot be."""
    return tuple(bots.unread_bots(tx))
