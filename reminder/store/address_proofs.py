"""How addresses that people bring prove themselves: what has to come back, until when. Of each secret only a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from reminder.store.sql.tables import address_proof, invitation, subscriber

START: Final = "start:"
"""Begins the secret of a proof by `/start`; what stands behind it are the first digits of the token's SHA-256."""
LONGEST_SECRET: Final = 64


@dataclass(frozen=True, kw_only=True)
class OpenProof:
    """A proof that is awaited: whose address, and on which channel."""

    id: int
    subscriber_id: int
    person: str
    channel: str


def start_secret(hash_: str) -> str:
    """Return what is kept of the token of a `/start` link, given its SHA-256."""
    return f"{START}{hash_}"[:LONGEST_SECRET]


def await_proof(tx: Connection, subscriber_id: int, channel: str, secret: str, now: datetime, until: datetime) -> None:
    """Await a proof in the place of the one of its kind that was awaited for this person and channel."""
    kind = address_proof.c.secret.startswith(START)
    same = kind if secret.startswith(START) else ~kind
    theirs = (address_proof.c.subscriber_id == subscriber_id, address_proof.c.channel == channel)
    tx.execute(delete(address_proof).where(*theirs, same, address_proof.c.proved_at.is_(None)))
    values = {"subscriber_id": subscriber_id, "channel": channel, "secret": secret}
    tx.execute(insert(address_proof).values(**values, created_at=now, expires_at=until))


def open_proof(tx: Connection, secret: str, now: datetime) -> OpenProof | None:
    """Return the proof that this secret gives, None where none such is awaited, or its person is told nothing."""
    columns = (address_proof.c.id, address_proof.c.subscriber_id, subscriber.c.name, address_proof.c.channel)
    holds = (address_proof.c.proved_at.is_(None), address_proof.c.expires_at > now, subscriber.c.ended_at.is_(None))
    query = select(*columns).join(subscriber, address_proof.c.subscriber_id == subscriber.c.id)
    row = tx.execute(query.where(address_proof.c.secret == secret, *holds)).first()
    if row is None:
        return None
    return OpenProof(id=row.id, subscriber_id=row.subscriber_id, person=row.name, channel=row.channel)


def note_proved(tx: Connection, proof: OpenProof, now: datetime) -> bool:
    """Take a proof as given, which uses up the invitation of who gave it; return whether nobody else was quicker."""
    this = (address_proof.c.id == proof.id, address_proof.c.proved_at.is_(None))
    if tx.execute(update(address_proof).where(*this).values(proved_at=now)).rowcount != 1:
        return False
    theirs = (invitation.c.subscriber_id == proof.subscriber_id, invitation.c.used_at.is_(None))
    tx.execute(update(invitation).where(*theirs).values(used_at=now))
    return True


def awaited_starts(tx: Connection, now: datetime) -> frozenset[str]:
    """Return the channels on which somebody is just joining by `/start`."""
    open_ = (address_proof.c.proved_at.is_(None), address_proof.c.expires_at > now)
    query = select(address_proof.c.channel).where(*open_, address_proof.c.secret.startswith(START)).distinct()
    return frozenset(tx.execute(query).scalars())
