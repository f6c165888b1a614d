"""Ends addresses that people brought themselves, and that their service says are no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.core.model.own import is_proved
from reminder.store.channels import others_of, tell
from reminder.store.own import change_own, own_of
from reminder.store.people import load_people


def end_address(tx: Connection, subscriber_id: int, use: str, reason: str, now: datetime) -> bool:
    """End an address of a person's own, and tell them over their other channels; return whether that was done.

    It is not where the config or an import says it, nor where nothing else would reach them: then it is left to be
    tried, and to be seen as broken.
    """
    person = load_people(tx, [subscriber_id]).get(subscriber_id)
    own = own_of(tx, person.name) if person else None
    if person is None or own is None or use not in {each.name for each in own.channels}:
        return False
    left = {each.name for each in person.channels if each.name != use and is_proved(each)}
    others = [name for name in others_of(person, use, set()) if name in left]
    if not others:
        return False
    detail = {"gone": own.labels.get(use) or use, "reason": reason, "since": now.isoformat()}
    tell(tx, subscriber_id, others, anchor=f"{use} gone {now.isoformat()}", detail=detail, now=now)
    change_own(tx, person.name, lambda kept: kept.without_use(use, now), now)
    return True
