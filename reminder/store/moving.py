"""Channels under another name, and messages that go over another channel because theirs is gone (SPEC 4)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, bindparam, cast, delete, insert, or_, select, update

from reminder.core.model.channels import base_name
from reminder.core.model.entities import Channel
from reminder.core.model.ledger import OPEN, Reason, State
from reminder.core.schedule.successors import channel_successors
from reminder.store.outbox_read import PendingDelivery
from reminder.store.outbox_write import wipe_codes
from reminder.store.sql.any_of import one_of
from reminder.store.sql.tables import OPEN_DELIVERY, channel, delivery, message, refused_address, streak, subscriber
from reminder.store.titles import chunks

_FIRST: Final = (State.SENT, State.SENDING, State.RETRYING, State.DUE)
"""Of two deliveries of one message that come to one place, the one that counts: the first of these states."""


def rename_channels(tx: Connection, wanted: Mapping[str, Channel], now: datetime) -> Mapping[str, str]:
    """Let channels whose URL is listed under another name go on under it; return them, old name to new name.

    With a channel goes what waits there, whether it works, and whose addresses on it refuse.
    """
    known = {row.name: row for row in tx.execute(select(channel))}
    marks = {name: row.fingerprint for name, row in known.items() if base_name(name) == name}
    renamed = channel_successors(marks, {name: item.fingerprint for name, item in wanted.items()})
    if renamed:
        further = {name: base_name(name) for name in known if base_name(name) in renamed and base_name(name) != name}
        renamed = {**renamed, **{name: name.replace(base, renamed[base], 1) for name, base in further.items()}}
        _try_at_the_new_address(tx, (known.keys() - renamed.keys()) & set(renamed.values()), now)
        _rename_rows(tx, renamed, known)
        _rename_refusals(tx, renamed)
        _rename_deliveries(tx, renamed, now)
        _rename_troubles(tx, renamed)
        _rename_uses(tx, renamed)
    return renamed


def _try_at_the_new_address(tx: Connection, names: Collection[str], now: datetime) -> None:
    """Have what waits under a name that another URL takes over tried there at once: what was refused was elsewhere."""
    waits = (OPEN_DELIVERY, delivery.c.channel.in_(sorted(names)))
    tx.execute(update(delivery).where(*waits).values(due_at=now, refused=None, plain=0))


def _rename_rows(tx: Connection, renamed: Mapping[str, str], known: Mapping[str, Row[Any]]) -> None:
    """Give each channel's row to its new name; what stood there is another channel's, or gone."""
    tx.execute(delete(channel).where(channel.c.name.in_({*renamed, *renamed.values()})))
    # Of several names for one URL, the one that was tried last knows best how it fares.
    rows = {new: known[old] for old, new in sorted(renamed.items(), key=lambda pair: _last_tried(known[pair[0]]))}
    tx.execute(insert(channel), [{**row._mapping, "name": new} for new, row in rows.items()])


def _last_tried(row: Row[Any]) -> str:
    tried = [at.isoformat() for at in (row.last_success_at, row.last_failure_at) if at is not None]
    return max(tried, default="")


def _rename_refusals(tx: Connection, renamed: Mapping[str, str]) -> None:
    """Let what is known of a channel's addresses, and what failed in a row there, go on under its new name."""
    for table in (refused_address, streak):
        mine = table.c.channel.in_({*renamed, *renamed.values()})
        rows = [dict(row._mapping) for row in tx.execute(select(table).where(mine))]
        tx.execute(delete(table).where(mine))
        again = {(row["subscriber_id"], renamed[row["channel"]]): row for row in rows if row["channel"] in renamed}
        if again:
            tx.execute(insert(table), [{**row, "channel": name} for (_, name), row in again.items()])


def _rename_deliveries(tx: Connection, renamed: Mapping[str, str], now: datetime) -> None:
    """Let what waits, or is on its way, go on under the new names; what went out before is told as it went."""
    waits = delivery.c.channel.in_(renamed) & delivery.c.state.in_(OPEN)
    ids = list(tx.execute(select(delivery.c.message_id).where(waits).distinct()).scalars())
    for part in chunks(ids):
        of = (one_of(delivery.c.message_id, part), delivery.c.channel.is_not(None), delivery.c.state != State.SKIPPED)
        _rename_these(tx, renamed, tx.execute(select(delivery).where(*of)).all(), now)


def _rename_these(tx: Connection, renamed: Mapping[str, str], rows: Iterable[Row[Any]], now: datetime) -> None:
    places: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        places[row.message_id, renamed.get(row.channel, row.channel)].append(row)
    twice: list[int] = []
    to: dict[str, list[int]] = defaultdict(list)
    for (_, name), here in places.items():
        first, *others = sorted(here, key=lambda row: (_rank(row.state), row.id))
        twice += [row.id for row in others]
        if first.channel != name:
            to[name].append(first.id)
    if twice:
        tx.execute(update(delivery).where(one_of(delivery.c.id, twice)).values(_skipped(Reason.SAME_ADDRESS, now)))
        wipe_codes(tx, {row.message_id for row in rows})
    # Two channels may change places: no name is taken while another still stands there.
    moving = [id_ for ids in to.values() for id_ in ids]
    tx.execute(update(delivery).where(one_of(delivery.c.id, moving)).values(channel=None))
    for name, ids in to.items():
        tx.execute(update(delivery).where(one_of(delivery.c.id, ids)).values(channel=name))


def _rank(state: str) -> int:
    return _FIRST.index(State(state)) if state in _FIRST else len(_FIRST)


def _skipped(reason: str, now: datetime) -> dict[str, Any]:
    return {"state": State.SKIPPED, "reason": reason, "closed_at": now, "tried_at": now, "due_at": None}


def _rename_troubles(tx: Connection, renamed: Mapping[str, str]) -> None:
    """Let what is still to be told of a channel's trouble be about the channel that has it now."""
    open_ = select(delivery.c.message_id).where(delivery.c.state.in_(OPEN))
    mine = (message.c.title_id.is_(None), message.c.detail.is_not(None), message.c.id.in_(open_))
    for row in tx.execute(select(message.c.id, message.c.detail).where(*mine)).all():
        new = renamed.get(str(row.detail.get("channel")))
        if new is not None:
            detail = {**row.detail, "channel": new}
            tx.execute(update(message).where(message.c.id == row.id).values(detail=detail))


def _rename_uses(tx: Connection, renamed: Mapping[str, str]) -> None:
    """Give channels their new names in everybody's settings: the config does not list who is imported, or joined."""
    for column in (subscriber.c.profile, subscriber.c.own):
        said = cast(column, Text)
        named = [said.contains(json.dumps({"name": old})[1:-1], autoescape=True) for old in renamed]
        rows = tx.execute(select(subscriber.c.id, column.label("before")).where(or_(*named))).all()
        rewrite = update(subscriber).where(subscriber.c.id == bindparam("of")).values({column: bindparam("after")})
        for part in chunks(rows):
            tx.execute(rewrite, [{"of": row.id, "after": _renamed(row.before, renamed)} for row in part])


def _renamed(settings: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    uses = [{**use, "name": renamed.get(use["name"], use["name"])} for use in settings.get("channels", ())]
    ended = [{**use, "name": renamed.get(use["name"], use["name"])} for use in settings.get("ended", ())]
    labels = {renamed.get(name, name): label for name, label in settings.get("labels", {}).items()}
    once = list({use["name"]: use for use in reversed(uses)}.values())[::-1]
    others = {name: values for name, values in (("labels", labels), ("ended", ended)) if values}
    return {**settings, "channels": once, **others}


def look_for_homes(tx: Connection, wanted: Mapping[str, Channel], now: datetime) -> None:
    """Have everything looked at now that waits for a channel that is gone, or that its person no longer uses."""
    further = [name for name in tx.execute(select(channel.c.name)).scalars() if name in wanted]
    homeless = or_(delivery.c.channel.not_in(sorted({*wanted, *further})), delivery.c.reason == Reason.CHANNEL_GONE)
    waits = (OPEN_DELIVERY, homeless, delivery.c.due_at > now)
    if tx.execute(select(delivery.c.id).where(*waits).limit(1)).first():
        tx.execute(update(delivery).where(*waits).values(due_at=now))


def deliveries_beside(tx: Connection, item: PendingDelivery) -> list[tuple[str, State]]:
    """Return the other deliveries of a message that are not skipped: their channels and states."""
    others = (delivery.c.message_id == item.message_id, delivery.c.id != item.id, delivery.c.state != State.SKIPPED)
    rows = tx.execute(select(delivery.c.channel, delivery.c.state).where(*others))
    return [(row.channel, State(row.state)) for row in rows]


def move(tx: Connection, item: PendingDelivery, channels: Sequence[str], now: datetime) -> None:
    """Send a message over other channels than the one that is gone; what was tried there does not count."""
    tx.execute(update(delivery).where(delivery.c.id == item.id).values(_skipped(Reason.CHANNEL_GONE, now)))
    values = {"message_id": item.message_id, "subscriber_id": item.subscriber_id, "state": State.DUE}
    rows = [{**values, "channel": name, "due_at": now, "tried_at": now} for name in channels]
    tx.execute(insert(delivery), rows)
