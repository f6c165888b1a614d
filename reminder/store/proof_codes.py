"""Codes by which an address that somebody brings proves itself: of each a hash is kept, and how often it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, not_, select, update

from reminder.store.address_proofs import START
from reminder.store.sql.tables import address_proof, refused_address, streak

IS_CODE: Final = not_(address_proof.c.secret.startswith(START))


@dataclass(frozen=True, kw_only=True)
class ProofCode:
    """A code that was sent to an address: its hash, and how often another was typed in its place."""

    id: int
    secret: str
    tries: int


def keep_code(tx: Connection, subscriber_id: int, use: str, secret: str, now: datetime, until: datetime) -> None:
    """Keep the hash of a code that was sent to a person's address."""
    values = {"subscriber_id": subscriber_id, "channel": use, "secret": secret}
    tx.execute(insert(address_proof).values(**values, created_at=now, expires_at=until))


def newest_code(tx: Connection, subscriber_id: int, use: str, now: datetime) -> ProofCode | None:
    """Return the code that was last sent to a person's address and holds, None without one."""
    holds = (address_proof.c.expires_at > now, address_proof.c.proved_at.is_(None), IS_CODE)
    theirs = (address_proof.c.subscriber_id == subscriber_id, address_proof.c.channel == use)
    columns = (address_proof.c.id, address_proof.c.secret, address_proof.c.tries)
    query = select(*columns).where(*theirs, *holds).order_by(address_proof.c.id.desc()).limit(1)
    row = tx.execute(query).first()
    return None if row is None else ProofCode(**row._mapping)


def codes_since(tx: Connection, subscriber_id: int, since: datetime) -> int:
    """Return how many codes were sent to a person's addresses since an instant."""
    theirs = (address_proof.c.subscriber_id == subscriber_id, address_proof.c.created_at >= since, IS_CODE)
    return tx.execute(select(func.count()).where(*theirs)).scalar_one()


def count_try(tx: Connection, id_: int) -> None:
    """Count a wrong code."""
    tx.execute(update(address_proof).where(address_proof.c.id == id_).values(tries=address_proof.c.tries + 1))


def note_proved(tx: Connection, id_: int, now: datetime) -> bool:
    """Take a code as given; return whether it was not before. Of two at once one is told no."""
    free = (address_proof.c.id == id_, address_proof.c.proved_at.is_(None))
    return tx.execute(update(address_proof).where(*free).values(proved_at=now)).rowcount == 1


def forget_use(tx: Connection, subscriber_id: int, use: str) -> None:
    """Forget what came of an address that is gone: another may be called so one day."""
    for table in (refused_address, streak):
        tx.execute(delete(table).where(table.c.subscriber_id == subscriber_id, table.c.channel == use))
    codes = (address_proof.c.subscriber_id == subscriber_id, address_proof.c.channel == use, IS_CODE)
    tx.execute(update(address_proof).where(*codes).values(expires_at=address_proof.c.created_at))
