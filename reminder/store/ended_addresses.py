"""Ends addresses that people brought themselves, and that their service says are no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.model.entities import Subscriber
from reminder.core.model.own import Own, is_proved
from reminder.store.channels import others_of, tell
from reminder.store.own import change_own, own_of
from reminder.store.people import load_people


def end_address(tx: Connection, subscriber_id: int, use: str, reason: str, now: datetime) -> bool:
    """End an address of a person's own, and tell them over their other channels; return whether that was done.

    It is not where the config or an import says it, nor where nothing else would reach them: then it is left to be
    tried, and to be seen as broken.
    """
    person = load_people(tx, [subscriber_id]).get(subscriber_id)
    own = (own_of(tx, person.name) if person else None) or Own()
    if person is None or all(each.name != use for each in own.channels):
        return False
    others = _that_reach(person, others_of(person, use, set()))
    if not others:
        return False
    detail = {"gone": own.labels.get(use) or use, "reason": reason, "since": now.isoformat()}
    tell(tx, subscriber_id, others, anchor=f"{use} gone {now.isoformat()}", detail=detail, now=now)
    change_own(tx, person.name, lambda kept: kept.without_use(use, now), now)
    return True


def _that_reach(person: Subscriber, names: Sequence[str]) -> list[str]:
    """Return those of a person's uses that have proved themselves."""
    proved = {each.name for each in person.channels if is_proved(each)}
    return [name for name in names if name in proved]
