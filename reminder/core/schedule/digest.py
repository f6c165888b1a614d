"""Groups what goes to one person over one channel at once: single messages, or several as one digest (SPEC 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from reminder.core.model.entities import ASKED_FOR, NOTICES, Kind, Subscriber
from reminder.core.model.lead import Lead

Item = TypeVar("Item")


def is_collected(kind: Kind, lead: Lead | None, person: Subscriber) -> bool:
    """Tell whether the person's digest takes such a message: day leads, windows and notices; hour leads go alone."""
    if person.digest is None:
        return False
    return kind in NOTICES or kind is Kind.WINDOW or (lead is not None and lead.is_day_lead)


def bundles(
    items: Sequence[Item], person: Subscriber, subject_of: Callable[[Item], tuple[Kind, Lead | None]]
) -> list[tuple[Item, ...]]:
    """Given what is due at once for one person on one channel, return it as it goes out, in its order.

    More than `burst` messages go as one; a digest takes what it collects. What was asked for goes by itself, first.
    `subject_of` tells an item's kind and lead.
    """
    asked = [(item,) for item in items if subject_of(item)[0] in ASKED_FOR]
    if asked:
        rest = [item for item in items if subject_of(item)[0] not in ASKED_FOR]
        return [*asked, *bundles(rest, person, subject_of)]
    collected: list[Item] = []
    alone: list[tuple[Item, ...]] = []
    for item in items:
        if is_collected(*subject_of(item), person):
            collected.append(item)
        else:
            alone.append((item,))
    parts = [tuple(collected), *alone] if collected else alone
    if person.burst and len(parts) > person.burst:
        return [tuple(items)]
    return parts
