"""Stores decisions: messages under their keys, a delivery for each channel, and the pointer moved on."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Executable, bindparam, func, insert, update
from sqlalchemy.exc import IntegrityError

from reminder.core.model.ledger import OPEN, Decision, Reason, State
from reminder.core.schedule.moments import AGAIN
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.sql.any_of import one_of_those
from reminder.store.sql.codec import season_column
from reminder.store.sql.tables import OPEN_DELIVERY, Instant, delivery, message, subscription

log = logging.getLogger(__name__)

PUT_OFF: Final = timedelta(hours=1)
"""When what cannot be read, planned or written is looked at again: by then someone may have mended it."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The decision about one subscription, and when it must be looked at next.

    `is_put_off` says that nothing could be decided: from now on it is known to be late.
    """

    case: SubscriptionSnapshot
    decisions: tuple[Decision, ...]
    noticed_no: int
    next_due_at: datetime | None
    is_put_off: bool = False


def write_settled(tx: Connection, settled: Sequence[Settled], now: datetime) -> None:
    """Store what was decided for many subscriptions at once: messages, deliveries, and each pointer moved on.

    One whose decisions break a key is put off and logged, so that it stops nobody else.
    """
    if not settled:
        return
    try:
        with tx.begin_nested():
            _write(tx, settled, now)
    except IntegrityError:
        for item in settled:
            _write_alone(tx, item, now)


def _write_alone(tx: Connection, item: Settled, now: datetime) -> None:
    try:
        with tx.begin_nested():
            _write(tx, [item], now)
    except IntegrityError as error:
        sub = item.case.subscription
        names = {"subscriber": sub.subscriber.name, "title": sub.title.key, "why": str(error.orig)}
        log.error("decisions not stored", extra={**names, "next_try": "in an hour"})
        nothing = replace(item, decisions=(), noticed_no=sub.noticed_no, next_due_at=now + PUT_OFF, is_put_off=True)
        _write(tx, [nothing], now)


def _write(tx: Connection, settled: Sequence[Settled], now: datetime) -> None:
    pairs = [(item.case, decision) for item in settled for decision in item.decisions]
    decided = list(zip(pairs, _put_messages(tx, pairs, now), strict=True))
    _execute(tx, insert(delivery), [row for (case, what), id_ in decided for row in _slots(id_, case, what, now)])
    _execute(tx, _SUPERSEDE, [row for (case, what), id_ in decided for row in _older(id_, case, what, now)])
    _execute(tx, _MOVE_POINTER, _pointers(item for item in settled if not item.is_put_off))
    late = _pointers(item for item in settled if item.is_put_off)
    _execute(tx, _PUT_OFF, [{**row, "now": now} for row in late])


def _execute(tx: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(statement, rows)


_MOVE_POINTER: Final = (
    update(subscription)
    .where(one_of_those(subscription.c.id, "cases"))
    .values(next_due_at=bindparam("next_due_at"), noticed_no=bindparam("noticed_no"), put_off_at=None)
)
_PUT_OFF: Final = (
    update(subscription)
    .where(one_of_those(subscription.c.id, "cases"))
    .values(
        next_due_at=bindparam("next_due_at"),
        noticed_no=bindparam("noticed_no"),
        put_off_at=func.coalesce(subscription.c.put_off_at, bindparam("now", type_=Instant())),
    )
)


def _pointers(settled: Iterable[Settled]) -> list[dict[str, Any]]:
    """Return where pointers move to: one row for all that move to the same instant."""
    same: dict[tuple[datetime | None, int], list[int]] = defaultdict(list)
    for item in settled:
        same[item.next_due_at, item.noticed_no].append(item.case.id)
    return [{"cases": ids, "next_due_at": at, "noticed_no": no} for (at, no), ids in same.items()]


_REOPEN: Final = update(message).where(message.c.id == bindparam("reopens"))


def _put_messages(tx: Connection, pairs: Sequence[tuple[SubscriptionSnapshot, Decision]], now: datetime) -> list[int]:
    """Insert the messages, or reopen those that a skip has left, and return their numbers in the same order."""
    rows = [_message_row(case, decision, now) for case, decision in pairs if decision.reopens is None]
    # Matched by key: in the order of the rows, SQLite would be given them one by one.
    made = {tuple(row)[1:]: row.id for row in tx.execute(_INSERT, rows)} if rows else {}
    again = [{"reopens": what.reopens, **_verdict(what, now)} for _, what in pairs if what.reopens is not None]
    _execute(tx, _REOPEN, again)
    return [made[_key(case, what)] if what.reopens is None else what.reopens for case, what in pairs]


KEY: Final = ("subscriber_id", "title_id", "season", "first", "what", "anchor")
"""What tells one message about a release from another."""
_INSERT: Final = insert(message).returning(message.c.id, *(message.c[name] for name in KEY))


def _key(case: SubscriptionSnapshot, decision: Decision) -> tuple[Any, ...]:
    season, first = season_column(decision.ref[0]), decision.ref[1]
    return (case.subscriber_id, case.title_id, season, first, decision.what, decision.anchor)


def _message_row(case: SubscriptionSnapshot, decision: Decision, now: datetime) -> dict[str, Any]:
    return {**dict(zip(KEY, _key(case, decision), strict=True)), **_verdict(decision, now)}


def _verdict(decision: Decision, now: datetime) -> dict[str, Any]:
    return {
        "kind": decision.kind,
        "lead": decision.lead,
        "label": decision.release.label,
        "planned": decision.planned.show(),
        "heard": decision.heard.show() if decision.heard else None,
        "change_no": decision.change_no,
        "at": decision.at,
        "useful_until": decision.useful_until,
        "decided_at": now,
        "detail": {"others": decision.others} if decision.others else None,
    }


def _slots(message_id: int, case: SubscriptionSnapshot, decision: Decision, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "message_id": message_id,
            "subscriber_id": case.subscriber_id,
            "channel": slot.channel,
            "state": slot.state,
            "reason": slot.reason,
            "due_at": decision.due_at if slot.state is State.DUE else None,
            "tried_at": now,
            "closed_at": None if slot.state is State.DUE else now,
        }
        for slot in decision.slots
    ]


_SUPERSEDE: Final = (
    update(delivery)
    .where(delivery.c.message_id == bindparam("older_id"), delivery.c.channel == bindparam("on_channel"), OPEN_DELIVERY)
    .values(
        state=State.SUPERSEDED,
        reason=Reason.BY_LATER,
        closed_at=bindparam("now"),
        tried_at=bindparam("now"),
        due_at=None,
    )
)


def _older(message_id: int, case: SubscriptionSnapshot, decision: Decision, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield what still waits about this release on channels that now get something newer (SPEC 4, "One at a time")."""
    for line in case.story.recorded:
        # What somebody has asked to hear again is overtaken by nothing.
        if line.state in OPEN and line.ref == decision.ref and line.id != message_id and line.what != AGAIN:
            yield from ({"older_id": line.id, "on_channel": name, "now": now} for name in decision.channels)
