"""Updates channel health from send results: which channels and addresses are broken, and which work again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.own import is_proved
from reminder.core.sending.retry import Failure, FailureKind, Refused
from reminder.core.sending.streak import FEWEST_ADDRESSES, Streak, lengthened
from reminder.delivery.sender import SendResult
from reminder.notify.schemas import is_console
from reminder.notify.transport import Sent
from reminder.store import channels, outbox_write
from reminder.store.ended_addresses import end_address
from reminder.store.people import reopen_channel
from reminder.store.refusals import park_address, refusals, reopen
from reminder.store.sql.any_of import Pair
from reminder.store.streaks import (
    WHOLE,
    addresses_in_a_row,
    blame_waiting,
    end_streaks,
    keep_streak,
    parked_with_the_channel,
    streaks_at,
)

log = logging.getLogger(__name__)

HOUR: Final = timedelta(hours=1)


def end_of(done: SendResult) -> Pair:
    """Return where a message went: the channel as a whole, or one address of a shared one."""
    outgoing = done.outgoing
    return (outgoing.items[0].subscriber_id if outgoing.channel.is_shared else WHOLE, outgoing.channel.name)


def is_refused(done: SendResult) -> bool:
    """Tell whether a message was refused as plain text too, whosever fault that is."""
    return isinstance(done.outcome, Failure) and done.outcome.is_refusal and done.outgoing.plain


def note_reached(tx: Connection, back: Iterable[SendResult], now: datetime) -> None:
    """Remember which services said anything. The console is no service: it is always there."""
    said = (done.outgoing.channel for done in back if _has_answered(done))
    channels.note_answers(
        tx, {channel.name for channel in said if channel.url and not is_console(channel.url.reveal())}, now
    )


def _has_answered(done: SendResult) -> bool:
    return isinstance(done.outcome, Sent) or (isinstance(done.outcome, Failure) and done.outcome.status is not None)


@dataclass(kw_only=True)
class ChannelHealth:
    """The health of the ends of some messages while their results are recorded.

    `working` are the channels that took one of these messages.
    """

    tx: Connection
    now: datetime
    operator: str
    streaks: dict[Pair, Streak]
    parked: set[str]
    refused: set[Pair]
    working: set[str]

    @classmethod
    def of(cls, tx: Connection, back: Sequence[SendResult], *, now: datetime, operator: str) -> ChannelHealth:
        """Read how the ends of these messages stand."""
        ends = {end_of(done) for done in back}
        return cls(
            tx=tx,
            now=now,
            operator=operator,
            streaks=streaks_at(tx, ends),
            parked=set(outbox_write.parked_channels(tx)),
            refused=set(refusals(tx, {end for end in ends if end[0] != WHOLE})),
            working={done.outgoing.channel.name for done in back if isinstance(done.outcome, Sent)},
        )

    def judged(self, done: SendResult) -> SendResult:
        """Count a failure at its end; return it as the channel's fault where by now it is (SPEC 4)."""
        failure = done.outcome
        if not isinstance(failure, Failure) or self._is_unproved(done, failure):
            return done
        stands = {item.refused for item in done.outgoing.items}
        if failure.kind is FailureKind.MESSAGE and not done.outgoing.plain:
            self._begin(done)
            return done  # its plain form has yet to be tried
        if is_refused(done) and Refused.BEFORE in stands:
            return done  # something else went through since it was refused
        why = self._count(done, failure, stands)
        if why:
            return replace(done, outcome=_of_channel(failure, f"{failure.reason}; {why}"))
        is_broken = done.outgoing.channel.name in self.parked or end_of(done) in self.refused
        return replace(done, outcome=_of_channel(failure, failure.reason)) if is_broken else done

    def _begin(self, done: SendResult) -> None:
        """Remember when an address began to refuse, though nothing is counted yet: others may be reached meanwhile."""
        end = end_of(done)
        if end[0] != WHOLE and end not in self.streaks:
            self.streaks[end] = Streak(since=self.now)
            keep_streak(self.tx, end, self.streaks[end])

    def _count(self, done: SendResult, failure: Failure, stands: set[Refused]) -> str | None:
        """Lengthen the streak of an end; return why it is broken, None while it is not."""
        end = end_of(done)
        elsewhere_at = None if failure.status is not None else channels.answered_elsewhere(self.tx, end[1])
        how = Refused.WAITS if Refused.WAITS in stands else Refused.NEVER
        streak = lengthened(
            self.streaks.get(end),
            failure,
            refused=how if is_refused(done) else None,
            elsewhere_at=elsewhere_at,
            now=self.now,
        )
        self.streaks[end] = streak
        keep_streak(self.tx, end, streak)
        if streak.is_of_network(self.now):
            self._tell_of_network(streak, failure.reason)
        return streak.why_broken(self.now)

    def _tell_of_network(self, streak: Streak, reason: str) -> None:
        last = channels.answered_elsewhere(self.tx, "")
        line = f"From {streak.since:%Y-%m-%d %H:%M} UTC on, no service could be reached ({reason})."
        lines = (
            line,
            "This machine's network or its DNS was down, or none of them was there.",
            "What was due then is late.",
        )
        anchor = f"network {last.isoformat() if last else 'never'}"
        channels.tell_operator(self.tx, self.operator, "Nothing could be reached", lines, anchor=anchor, now=self.now)

    def failed(self, done: SendResult, failure: Failure, next_at: datetime | None) -> None:
        """Note a failure, as `judged` returned it; what waits for its end is tried at `next_at`."""
        name = done.outgoing.channel.name
        if self._is_unproved(done, failure):
            return
        channels.note_failure(self.tx, name, failure.reason, self.now)
        if failure.kind is FailureKind.CHANNEL:
            self._park(done, failure, next_at or self.now + HOUR)
        elif done.outgoing.channel.is_shared and is_refused(done):
            self._park_in_a_row(name, failure, self.now + HOUR)
        elif failure.kind is FailureKind.MESSAGE and name in self.parked and next_at:
            channels.try_at(self.tx, name, next_at)  # its plain form

    def _is_unproved(self, done: SendResult, failure: Failure) -> bool:
        """Tell whether an address was refused that has not proved itself: that says nothing of the channel.

        It may be a slip, or nobody's. Who typed it sees what the service said.
        """
        channel, item = done.outgoing.channel, done.outgoing.items[0]
        if not channel.is_shared or channel.url is None or channel.name in self.parked:
            return False
        if failure.is_of_login or failure.is_gone:
            return False
        is_of_address = failure.is_address or failure.is_refusal or failure.kind is FailureKind.CHANNEL
        here = (use for use in item.subscriber.channels if use.name == channel.name)
        return is_of_address and not all(map(is_proved, here))

    def _park(self, done: SendResult, failure: Failure, until: datetime) -> None:
        channel, end = done.outgoing.channel, end_of(done)
        is_own = failure.is_address and not failure.is_guess
        of_all = channel.url is None or failure.is_of_login or (channel.name in self.parked and not is_own)
        if not channel.is_shared or of_all:
            self._park_channel(channel.name, failure.reason, until)
            return
        if failure.is_gone and end_address(self.tx, end[0], end[1], failure.reason, self.now):
            log.info("address ended", extra={"channel": end[1], "subscriber": done.outgoing.items[0].subscriber.name})
            return
        if park_address(self.tx, end, failure.reason, until, self.now):
            self.refused.add(end)
            channels.tell_of_refusal(self.tx, end, failure.reason, self.now, operator=self.operator)
        self._park_in_a_row(channel.name, failure, until)

    def _park_in_a_row(self, name: str, failure: Failure, until: datetime) -> None:
        """Hold a shared channel where so many of its addresses were refused that it can be none of them."""
        if name not in self.working and addresses_in_a_row(self.tx, name) >= FEWEST_ADDRESSES:
            why = f"{failure.reason}; {FEWEST_ADDRESSES} different addresses in a row were refused"
            self._park_channel(name, why, until)

    def _park_channel(self, name: str, reason: str, until: datetime) -> None:
        self.parked.add(name)
        if channels.park(self.tx, name, reason, until, self.now):
            channels.tell_of_outage(self.tx, name, reason, self.now, operator=self.operator)

    def settle(self, sent: Sequence[SendResult]) -> int:
        """Note where something has gone through; return how many others are thereby known to be at fault themselves."""
        if not sent:
            return 0
        ends = {end_of(done) for done in sent}
        names = {name for _, name in ends}
        channels.note_success(self.tx, names, self.now)
        reopen(self.tx, ends & self.refused, self.now)
        for name in names & self.parked:
            reopen(self.tx, parked_with_the_channel(self.tx, name), self.now)
            waiting = reopen_channel(self.tx, name, self.now)
            log.info("channel works again", extra={"channel": name, "waiting": waiting})
        known = ends & self.streaks.keys()
        works = [end for end in known if end not in self.refused and end[1] not in self.parked]
        blamed = sum(blame_waiting(self.tx, end, self.now) for end in works if self.streaks[end].refused)
        end_streaks(self.tx, known)
        return blamed


def _of_channel(failure: Failure, reason: str) -> Failure:
    of_message = failure.is_refusal
    return replace(failure, kind=FailureKind.CHANNEL, reason=reason, wait=None, is_of_message=of_message)
