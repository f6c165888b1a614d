"""Invitations: who may join, known by the hash of what their link holds, and who has begun to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from reminder.core.model.own import is_proved
from reminder.store.forget import forget_person
from reminder.store.people import load_people
from reminder.store.sql.tables import address_proof, invitation, subscriber

OWNER: Final = "owner"
MEMBER: Final = "member"

COUNTS_FOR: Final = timedelta(hours=1)
"""So long a proof that is over is kept: how many were asked for in an hour is limited."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation that holds: what whoever made it proposes, and who has begun to join by it, if anybody."""

    hash: str
    name: str
    language: str
    zone: str
    role: str
    invited_by: str
    begun_by: str | None
    created_at: datetime
    expires_at: datetime

    @property
    def is_for_owner(self) -> bool:
        """Tell whether who joins by it is an owner."""
        return self.role == OWNER


_COLUMNS: Final = (
    invitation.c.hash,
    invitation.c.name,
    invitation.c.language,
    invitation.c.zone,
    invitation.c.role,
    invitation.c.invited_by,
    subscriber.c.name.label("begun_by"),
    invitation.c.created_at,
    invitation.c.expires_at,
)
_OPEN: Final = select(*_COLUMNS).join(subscriber, isouter=True).where(invitation.c.used_at.is_(None))


def keep_invitation(tx: Connection, made: Invitation) -> None:
    """Keep an invitation, to be found by its hash."""
    values = {name: getattr(made, name) for name in ("hash", "name", "language", "zone", "role", "invited_by")}
    tx.execute(insert(invitation).values(**values, created_at=made.created_at, expires_at=made.expires_at))


def invitation_of(tx: Connection, hash_: str, now: datetime) -> Invitation | None:
    """Return the invitation of this hash, None for one that is used up, over, or was never made."""
    row = tx.execute(_OPEN.where(invitation.c.hash == hash_, invitation.c.expires_at > now)).one_or_none()
    return None if row is None else _read(row)


def open_invitations(tx: Connection, now: datetime) -> list[Invitation]:
    """Return the invitations that hold, the newest first."""
    rows = tx.execute(_OPEN.where(invitation.c.expires_at > now).order_by(invitation.c.created_at.desc()))
    return [_read(row) for row in rows]


def _read(row: Any) -> Invitation:
    return Invitation(**row._mapping)


def begin_anew(tx: Connection, hash_: str, now: datetime) -> None:
    """Forget who began to join by an invitation and came no further."""
    this = invitation.c.hash == hash_
    begun = tx.execute(select(invitation.c.subscriber_id).where(this)).scalar()
    if begun is not None:
        tx.execute(update(invitation).where(this).values(subscriber_id=None))  # forgetting would take it along
        forget_unproved(tx, begun, now)


def begin_by(tx: Connection, hash_: str, subscriber_id: int, until: datetime) -> None:
    """Remember who has begun to join by an invitation, and until when it holds."""
    values = {"subscriber_id": subscriber_id, "expires_at": until}
    tx.execute(update(invitation).where(invitation.c.hash == hash_).values(values))


def use_up(tx: Connection, subscriber_id: int, now: datetime) -> None:
    """Let the invitation by which somebody came hold no longer: an address of theirs has proved itself."""
    theirs = (invitation.c.subscriber_id == subscriber_id, invitation.c.used_at.is_(None))
    tx.execute(update(invitation).where(*theirs).values(used_at=now))


def take_back(tx: Connection, hash_: str, now: datetime) -> bool:
    """Let an invitation hold no longer, and forget who has only begun to join by it; return whether it held."""
    this = (invitation.c.hash == hash_, invitation.c.used_at.is_(None))
    row = tx.execute(select(invitation.c.subscriber_id).where(*this)).one_or_none()
    if row is None:
        return False
    if row.subscriber_id is not None:
        forget_unproved(tx, row.subscriber_id, now)
    tx.execute(delete(invitation).where(*this))
    return True


def forget_unproved(tx: Connection, subscriber_id: int, now: datetime) -> bool:
    """Forget somebody none of whose addresses has proved itself; return whether that was so."""
    person = load_people(tx, [subscriber_id]).get(subscriber_id)
    if person is None or any(is_proved(use) for use in person.channels):
        return False
    forget_person(tx, person.name, now)
    return True


def drop_unfinished(tx: Connection, now: datetime) -> int:
    """Forget invitations and proofs whose time is over, and who only began to join; return how many people that are."""
    over = (invitation.c.expires_at <= now,)
    begun = select(invitation.c.subscriber_id).where(*over, invitation.c.used_at.is_(None))
    ids = list(tx.execute(begun.where(invitation.c.subscriber_id.is_not(None))).scalars())
    gone = sum(forget_unproved(tx, id_, now) for id_ in ids)
    tx.execute(delete(invitation).where(*over))
    tx.execute(delete(address_proof).where(address_proof.c.expires_at <= now - COUNTS_FOR))
    return gone
