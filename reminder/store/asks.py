"""What a page asks to be sent to one person: a code to sign in with, or a test of one of their channels."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import OPEN, State
from reminder.store.channels import OwnMessage, tell
from reminder.store.sql.tables import delivery, message, subscriber

ASKED_USE: Final = timedelta(minutes=10)
"""So long what was asked for is of use: as long as a code holds, and as somebody waits for a test at most."""

A_CODE: Final = OwnMessage(kind=Kind.CODE, what="code", use=ASKED_USE, is_asked=True)
A_TEST: Final = OwnMessage(kind=Kind.TEST, what="asked test", use=ASKED_USE, is_asked=True)


A_PROOF: Final = OwnMessage(kind=Kind.CODE, what="proof", use=ASKED_USE, is_asked=True)


@dataclass(frozen=True, kw_only=True)
class SentCode:
    """How a code went that was sent to an address: `reason` is the service's own word, where it gave one."""

    state: State
    reason: str | None
    asked_at: datetime

    @property
    def has_failed(self) -> bool:
        """Tell whether it did not come through, so far or for good."""
        return self.state is not State.SENT and bool(self.reason)


@dataclass(frozen=True, kw_only=True)
class AskedTest:
    """How a test to one person went over one channel: `reason` is the service's own word, where it gave one."""

    person: str
    channel: str
    state: State
    reason: str | None
    asked_at: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more comes of it."""
        return self.state not in OPEN


def ask(
    tx: Connection,
    subscriber_id: int,
    channels: Sequence[str],
    said: OwnMessage,
    detail: Mapping[str, Any],
    now: datetime,
) -> int:
    """Write one message that goes at once over these channels of a person; return its number.

    Its key is made up, so that asking twice makes two.
    """
    anchor = secrets.token_hex(16)
    tell(tx, subscriber_id, dict.fromkeys(channels), anchor=anchor, detail=detail, now=now, said=said)
    mine = (message.c.subscriber_id == subscriber_id, message.c.what == said.what, message.c.anchor == anchor)
    made: int = tx.execute(select(message.c.id).where(*mine, message.c.title_id.is_(None))).scalar_one()
    return made


def asked_test(tx: Connection, message_id: int, name: str | None) -> AskedTest | None:
    """Return how the test of this number went, to this person (None: anybody); None where there is no such test."""
    theirs = [subscriber.c.name == name] if name is not None else []
    query = (
        select(subscriber.c.name, delivery.c.channel, delivery.c.state, delivery.c.reason, message.c.at)
        .join(message, delivery.c.message_id == message.c.id)
        .join(subscriber, subscriber.c.id == message.c.subscriber_id)
        .where(message.c.id == message_id, message.c.what == A_TEST.what, *theirs)
        .order_by(delivery.c.id.desc())
    )
    row = tx.execute(query.limit(1)).first()
    if row is None:
        return None
    return AskedTest(person=row.name, channel=row.channel, state=State(row.state), reason=row.reason, asked_at=row.at)


def sent_code(tx: Connection, subscriber_id: int, channel: str) -> SentCode | None:
    """Return how the code went by which an address of a person was last to prove itself, None where none was sent."""
    mine = (message.c.subscriber_id == subscriber_id, message.c.what == A_PROOF.what, delivery.c.channel == channel)
    query = select(delivery.c.state, delivery.c.reason, message.c.at).join(message).where(*mine)
    row = tx.execute(query.order_by(delivery.c.id.desc()).limit(1)).first()
    return None if row is None else SentCode(state=State(row.state), reason=row.reason, asked_at=row.at)
