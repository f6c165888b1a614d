"""What a service that keeps messages for a sleeping device may know of one: how long, how urgent, what it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reminder.core.model.entities import ASKED_FOR, Kind, Release, Subscriber, Title


@dataclass(frozen=True, kw_only=True)
class DeliveryHints:
    """How a message is to be kept on its way. `useful_until` is None where nobody says.

    Of two messages with the same `replaces` the newer one counts alone; "" for one that replaces none.
    """

    useful_until: datetime | None = None
    is_urgent: bool = False
    replaces: str = ""


NO_HINTS: Final = DeliveryHints()


def hints_of(
    kind: Kind, title: Title | None, release: Release, person: Subscriber, *, useful_until: datetime, now: datetime
) -> DeliveryHints:
    """Return how a message of this kind is to be kept on its way to a person, as it stands at the instant `now`.

    Urgent is what somebody has asked for, and what is about a release that is out or comes out today. What is about
    one release replaces what was said of it before.
    """
    if title is None or kind in ASKED_FOR:
        return DeliveryHints(useful_until=useful_until, is_urgent=kind in ASKED_FOR)
    on = release.when.day_in(person.zone)
    return DeliveryHints(
        useful_until=useful_until,
        is_urgent=kind is not Kind.MISSED and on is not None and on <= person.today(now),
        replaces=f"{title.key} {release.season} {release.first}",
    )


def together(hints: Sequence[DeliveryHints]) -> DeliveryHints:
    """Return the hints of one message that stands for several: it is kept as long as any is useful."""
    if len(hints) == 1:
        return hints[0]
    until = [each.useful_until for each in hints if each.useful_until is not None]
    return DeliveryHints(useful_until=max(until, default=None), is_urgent=any(each.is_urgent for each in hints))
