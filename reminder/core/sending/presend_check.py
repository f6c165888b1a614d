"""Takes the last look before a delivery leaves: whether it is still true and useful, and the person awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reminder.core.dates.when import Precision, When
from reminder.core.model.entities import NOTICES, Kind, Subscriber
from reminder.core.model.ledger import Reason, State
from reminder.core.schedule.moments import deferred
from reminder.core.schedule.notice_kinds import notice_kind
from reminder.core.schedule.said import Repeats
from reminder.core.sending.retry import over_after

_IN_FLIGHT: Final = timedelta(seconds=5)
"""How long to wait before looking again whether what is in flight has arrived."""


@dataclass(frozen=True, kw_only=True)
class Go:
    """Send it now."""


@dataclass(frozen=True, kw_only=True)
class Postpone:
    """Not now: look again at `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """Not at all: close the delivery in `state`, for `reason`."""

    state: State
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reroute:
    """Not here: its channel is gone, and it goes over these instead."""

    channels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChannelGone:
    """The channel that a delivery was to go over is the person's no more, or the config's.

    `instead` are the channels that they have now and that take it, `reached` tells whether it came, or is on its way,
    over another one; `has_any` whether they have any channel at all.
    """

    instead: tuple[str, ...] = ()
    reached: bool = False
    has_any: bool = False


@dataclass(frozen=True, kw_only=True)
class OutgoingDelivery:
    """A delivery about to leave, beside what is true now.

    `present` is the release's date now (None when the message is about no release); `repeats` whether it says what has
    been said there since it was decided; `ended_at` when the subscription ended; `channel_works` tells, for a `trouble`
    message, that there is nothing left to tell; `gone` is set where the person no longer uses the channel it was to go
    over, or the config has it no more. `is_seen` tells that the person has seen the release, `is_asked` that somebody
    has just asked for it, and waits.
    """

    kind: Kind
    subscriber: Subscriber
    planned: When
    present: When | None
    useful_until: datetime
    attempts: int = 0
    last_reason: str | None = None
    ended_at: datetime | None = None
    is_muted: bool = False
    is_seen: bool = False
    paused_until: datetime | None = None
    channel_works: bool = False
    repeats: Repeats = Repeats.NO
    gone: ChannelGone | None = None
    is_asked: bool = False


def last_look(out: OutgoingDelivery, now: datetime, grace: timedelta) -> Go | Postpone | GiveUp | Reroute:
    """Given a delivery and the instant `now`, return whether it goes, waits or is dropped, with the reason (SPEC 4)."""
    gone = _gone(out, now, grace) or _untrue(out)
    if gone:
        return gone
    if out.useful_until < now:
        return _over(out)
    if out.gone is not None:
        return _elsewhere(out.gone, out.useful_until) if not out.is_asked else _NOT_THERE
    awake_at = now if out.is_asked else deferred(now, out.subscriber)
    if awake_at > now:
        return Postpone(until=awake_at, reason="quiet hours")
    if out.repeats is Repeats.YES:
        return GiveUp(state=State.SUPERSEDED, reason=Reason.SAID_TODAY)
    return (
        Postpone(until=now + _IN_FLIGHT, reason="the same is on its way there")
        if out.repeats is Repeats.MAYBE
        else Go()
    )


def _gone(out: OutgoingDelivery, now: datetime, grace: timedelta) -> Postpone | GiveUp | None:
    if out.ended_at is not None:
        # A title dropped from the config by mistake goes on as if never gone when it is back within `grace`.
        back_by = out.ended_at + grace
        unlisted = GiveUp(state=State.SKIPPED, reason=Reason.UNLISTED)
        return Postpone(until=back_by, reason=Reason.UNLISTED) if now < back_by else unlisted
    unwanted = _unwanted(out)
    if unwanted is not None:
        return GiveUp(state=State.SKIPPED, reason=unwanted)
    if out.paused_until is not None and now < out.paused_until and out.kind is not Kind.TROUBLE:
        # A change of date is told when the pause ends; what only counts the days is not.
        waits = out.kind in NOTICES or out.kind is Kind.MISSED
        paused = GiveUp(state=State.SKIPPED, reason=Reason.PAUSED)
        return Postpone(until=out.paused_until, reason=Reason.PAUSED) if waits else paused
    if out.kind is Kind.TROUBLE and out.channel_works:
        return GiveUp(state=State.SUPERSEDED, reason="the channel works again")
    return None


def _unwanted(out: OutgoingDelivery) -> Reason | None:
    if out.is_muted and out.kind is not Kind.TROUBLE:
        return Reason.MUTED
    return Reason.SEEN if out.is_seen and out.kind in _BEFORE_IT_IS_SEEN else None


_BEFORE_IT_IS_SEEN: Final = frozenset({Kind.REMINDER, Kind.WINDOW, Kind.MISSED})
"""What only says when a release comes out, or that it has: nothing to whoever has seen it. A change of date is news."""

_NOT_THERE: Final = GiveUp(state=State.SKIPPED, reason=Reason.CHANNEL_GONE)
"""What was asked for on one channel is sent over no other: a code goes only where its person chose to have it."""


def _elsewhere(gone: ChannelGone, useful_until: datetime) -> Postpone | GiveUp | Reroute:
    """Return where a message goes whose channel is gone: with the last of them, to those that the person has now."""
    if gone.reached:
        return GiveUp(state=State.SKIPPED, reason=Reason.CHANNEL_GONE)
    if gone.instead:
        return Reroute(channels=gone.instead)
    if gone.has_any:
        return GiveUp(state=State.SKIPPED, reason=Reason.NO_CHANNEL)
    # Past the end of its use: there it is expired, and told as missed.
    return Postpone(until=useful_until + timedelta(seconds=1), reason=Reason.CHANNEL_GONE)


def _untrue(out: OutgoingDelivery) -> GiveUp | None:
    """Return why the date it was decided against no longer holds, None while it does."""
    if out.present is None or out.present == out.planned:
        return None
    is_told_otherwise = notice_kind(out.planned, out.present, out.subscriber.zone) is not None
    is_no_window = out.kind is Kind.WINDOW and out.present.speaks_on() is None
    if not is_told_otherwise and not is_no_window:
        return None
    if out.kind in NOTICES:
        return GiveUp(state=State.SUPERSEDED, reason=Reason.MOVED)
    cancelled = out.present.precision is Precision.CANCELLED
    return GiveUp(state=State.SKIPPED, reason=Reason.CANCELLED if cancelled else Reason.MOVED)


def _over(out: OutgoingDelivery) -> GiveUp:
    reason = over_after(out.attempts, out.last_reason) if out.attempts else Reason.OVER
    return GiveUp(state=State.EXPIRED, reason=reason)
