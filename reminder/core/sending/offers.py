"""Decides what a message offers its reader to do about it, and until when it can be put off (SPEC 12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from reminder.core.dates.local_time import local_at, next_at
from reminder.core.dates.when import CANCELLED, Precision, When
from reminder.core.model.entities import NOTICES, Kind, Subscriber
from reminder.core.schedule.moments import deferred
from reminder.core.text.content import ActionKind

EVENING: Final = time(20)
AHEAD: Final = timedelta(minutes=1)
"""A message that comes at eight in the evening is put off to the next evening, not to the same minute."""

ABOUT_A_RELEASE: Final = NOTICES | {Kind.REMINDER, Kind.WINDOW, Kind.MISSED}
"""Only messages about a release offer anything: no code, no test, no trouble, and a digest has a link to the page."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One action that a message offers; `at` is when it would come again, None for an action that puts nothing off."""

    kind: ActionKind
    at: datetime | None = None


def offers(kind: Kind, when: When, person: Subscriber, now: datetime) -> tuple[Offer, ...]:
    """Return what a message of a kind about a release offers `person` at the instant `now`, in the order of buttons.

    `when` is the release's date as it is now.
    """
    if kind not in ABOUT_A_RELEASE:
        return ()
    if kind is Kind.CANCELLED or when == CANCELLED:
        return (Offer(kind=ActionKind.STOP),)
    seen = [Offer(kind=ActionKind.SEEN)] if _is_out(when, person, now) else []
    return (*_put_off(when, person, now), *seen, Offer(kind=ActionKind.MUTE), Offer(kind=ActionKind.STOP))


def offer_of(action: ActionKind, kind: Kind, when: When, person: Subscriber, now: datetime) -> Offer | None:
    """Return one of the offers that a message makes; of what can be put off no longer, the one in its place.

    A button that was shown in the morning is pressed at night: then the evening that it names is the next one, or the
    moment of the release. None for what is not offered.
    """
    made = {offer.kind: offer for offer in offers(kind, when, person, now)}
    if action not in made and action in {ActionKind.LATER, ActionKind.TOMORROW}:
        return made.get(ActionKind.RELEASE)
    return made.get(action)


def release_moment(when: When, person: Subscriber) -> datetime | None:
    """Return when a release's own moment is for `person`: its instant, or their sending hour on its day.

    None without a day. What falls into quiet hours waits for their end.
    """
    if when.precision is Precision.EXACT and when.at is not None:
        return deferred(when.at, person)
    on = when.day_in(person.zone)
    return local_at(on, person.at, person.zone) if on is not None else None


def _is_out(when: When, person: Subscriber, now: datetime) -> bool:
    starts_at = when.starts_at(person.zone) if when.is_dated else None
    return starts_at is not None and starts_at <= now


def _put_off(when: When, person: Subscriber, now: datetime) -> Iterator[Offer]:
    """Yield when a message can come again: a countdown not after the release, nothing after the end of its window."""
    wanted = [(ActionKind.LATER, evening(person, now)), (ActionKind.TOMORROW, tomorrow(person, now))]
    moments = _limited({at: kind for kind, at in wanted if at is not None}, when, person, now)
    yield from (Offer(kind=kind, at=at) for at, kind in moments.items())


def _limited(
    moments: Mapping[datetime, ActionKind], when: When, person: Subscriber, now: datetime
) -> dict[datetime, ActionKind]:
    if when.is_coarse:
        ends_at = when.ends_at(person.zone) or now
        return {at: kind for at, kind in moments.items() if at < ends_at}
    limit = None if _is_out(when, person, now) else release_moment(when, person)
    if limit is None or limit <= now or all(at <= limit for at in moments):
        return dict(moments)
    in_time = {at: kind for at, kind in moments.items() if at <= limit}
    return {**in_time, limit: in_time.get(limit, ActionKind.RELEASE)}


def evening(person: Subscriber, now: datetime) -> datetime | None:
    """Return the next eight in the evening of `person`, None where their quiet hours hold it."""
    if person.quiet is not None and person.quiet.contains(EVENING):
        return None
    return next_at(now + AHEAD, EVENING, person.zone)


def tomorrow(person: Subscriber, now: datetime) -> datetime:
    """Return the sending hour of `person` on the day after today's, by their calendar."""
    return local_at(person.today(now) + timedelta(days=1), person.at, person.zone)
