"""Sends on threads, lane by lane: each endpoint at its own pace, so that a slow one costs the others nothing."""

from __future__ import annotations

import itertools
import logging
import math
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeGuard

from reminder.core.model.entities import Channel
from reminder.core.sending.rate_limit import ChannelPace
from reminder.core.sending.retry import LONGEST_WAIT, Failure, FailureKind
from reminder.delivery.lane_queue import LaneQueue, LaneScheduler
from reminder.delivery.sender import RESTS, NotTried, OutgoingMessage, SendResult, carry
from reminder.notify.transport import Sent, Transport, expendable

log = logging.getLogger(__name__)

FEW: Final = 8
GATHERING: Final = 0.02
"""Seconds in which answers are gathered while more than a few sends are in flight."""

MOST_WAITING: Final = 256
"""The most sends in flight, those included that have waited for so long that they count no longer as at work."""

MOST_UNRECORDED: Final = 128
"""The most answers that may wait for the ledger before sending pauses: about as many as a crash may repeat."""


@dataclass(kw_only=True, eq=False)
class _Turn:
    """One message in a thread's hands, until the thread returns it or is given up."""

    lane_queue: LaneQueue
    outgoing: OutgoingMessage
    began: float
    hangs_at: float
    over: bool = False


class SenderPool:
    """Up to `concurrency` sends at once, over as many lanes as there are endpoints.

    One that has waited for a second counts no longer: endpoints that hang hold up none that answers.

    Args:
        transport: what sends.
        concurrency: sends at once, over all lanes.
        pace_of: a channel's pace; asked once for each address.
        monotonic: the monotonic clock, in seconds.
        is_leased: whether what was claimed at `OutgoingMessage.leased_at` is still ours; asked at its turn.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        concurrency: int,
        pace_of: Callable[[Channel], ChannelPace],
        monotonic: Callable[[], float],
        is_leased: Callable[[float], bool] = lambda _: True,
    ) -> None:
        self._transport = transport
        self._is_leased = is_leased
        self._monotonic = monotonic
        # One lane may hold three quarters of the threads, once it has shown that it gives them back.
        self._scheduler = LaneScheduler(pace_of=pace_of, most=max(1, concurrency - concurrency // 4))
        self._done: queue.SimpleQueue[SendResult] = queue.SimpleQueue()
        self._work = threading.Condition()
        self._back = threading.Event()
        self._pause = threading.Event()
        self._wakes_at = math.inf  # when the first thread that counts seconds wakes up
        self._in_flight = 0
        self._concurrency = concurrency
        self._most = max(MOST_WAITING, concurrency)
        self._turns: set[_Turn] = set()
        self._idle = 0
        self._closed = False
        self._numbers = itertools.count()
        self.threads: list[threading.Thread] = []
        for _ in range(concurrency):
            self._hire()

    @property
    def in_flight(self) -> int:
        """Return how many messages were started and not yet collected."""
        return self._in_flight

    @property
    def lanes(self) -> frozenset[str]:
        """Return the lanes that are remembered."""
        return self._scheduler.lanes

    @property
    def stuck(self) -> int:
        """Return how many sends overran their time and still hold a thread."""
        return self._transport.stuck

    def room(self, channel: Channel) -> int:
        """Return how many more messages for this channel its lane can take; none while it rests."""
        with self._work:
            return self._scheduler.room(channel, self._monotonic())

    def urge(self, channel: Channel) -> bool:
        """Have a channel's endpoint tried, though it has failed and rests; False where its service asked to wait."""
        with self._work:
            return self._scheduler.urge(channel, self._monotonic())

    def rest(self, channel: Channel) -> float:
        """Return for how many seconds nothing goes to the address of a channel, though others of it may have room."""
        with self._work:
            return self._scheduler.rest(channel, self._monotonic())

    def start(self, outgoing_messages: Sequence[OutgoingMessage]) -> None:
        """Queue these for their lanes."""
        with self._work:
            at = self._monotonic()
            lane_queues = self._scheduler.add(outgoing_messages, at)
            self._in_flight += len(outgoing_messages)
            for lane_queue in lane_queues:
                if lane_queue.lane.is_resting(at):  # since its room was asked for
                    self._give_back(self._scheduler.empty(lane_queue))
            self._work.notify(len(outgoing_messages))

    def finished(self) -> list[SendResult]:
        """Return what was returned since the last call."""
        self._back.clear()
        done: list[SendResult] = []
        while not self._done.empty():
            done.append(self._done.get())
        self._in_flight -= len(done)
        if len(done) >= MOST_UNRECORDED:
            with self._work:
                self._work.notify_all()
        return done

    def wait(self, seconds: float) -> None:
        """Return when something was returned, at the latest after so many seconds (by the monotonic clock)."""
        if self._back.wait(seconds) and self._in_flight > FEW:
            # With many in flight more return at once: one transaction for all of them.
            self._pause.wait(GATHERING)

    def recall(self) -> None:
        """Give back what has not left yet, as not tried."""
        with self._work:
            for lane_queue in self._scheduler.waiting:
                self._put_back(self._scheduler.empty(lane_queue), "it was stopped before its turn came")
        self._back.set()

    def close(self) -> None:
        """Let idle threads end and the transport go; what is in flight is not waited for."""
        with self._work:
            self._closed = True
            self._pause.set()
            self._work.notify_all()
        self._transport.close()

    def _carry(self) -> None:
        while (turn := self._next()) is not None:
            with expendable(partial(self._give_up, turn)):
                outcome = self._carried(turn.outgoing)
            if not self._finish(turn, outcome):
                return  # it was given up, and another thread has its place

    def _finish(self, turn: _Turn, outcome: Sent | Failure) -> bool:
        """Take what came of a turn; False when that was done before."""
        with self._work:
            if turn.over:
                return False
            turn.over = True
            self._turns.discard(turn)
            self._scheduler.back(turn.lane_queue, turn.outgoing)
            self._done.put(SendResult(outgoing=turn.outgoing, outcome=outcome))
            self._tell(turn, outcome)
            self._work.notify()
        self._back.set()
        return True

    def _give_up(self, turn: _Turn, outcome: Sent | Failure) -> None:
        """Go on without a thread that does not return."""
        if self._finish(turn, outcome):
            self._hire()

    def _hire(self) -> None:
        self.threads = [each for each in self.threads if each.is_alive()]
        thread = threading.Thread(target=self._carry, name=f"sender-{next(self._numbers)}", daemon=True)
        self.threads.append(thread)
        thread.start()

    def _carried(self, outgoing: OutgoingMessage) -> Sent | Failure:
        try:
            return carry(self._transport, outgoing)
        except BaseException as error:  # noqa: BLE001  the edge of a thread: what is lost here is never recorded
            log.error("sender failed", extra={"ref": outgoing.ref, "error": type(error).__name__})
            reason = f"sending failed inside the program ({type(error).__name__}; it may have arrived)"
            return Failure(kind=FailureKind.UNKNOWN, reason=reason)

    def _next(self) -> _Turn | None:
        """Return what this thread shall carry; None when it shall end."""
        with self._work:
            if self._idle > self._concurrency:
                return None  # it was hired while others hung
            self._idle += 1
            try:
                return self._wait_for_work()
            finally:
                self._idle -= 1

    def _wait_for_work(self) -> _Turn | None:
        while not self._closed:
            if self._done.qsize() >= MOST_UNRECORDED:
                self._work.wait()  # the ledger is behind: a crash would repeat all of these
                continue
            at = self._monotonic()
            soonest = self._until_a_place_is_free(at)
            if soonest == 0.0:
                found = self._first_free(at)
                if isinstance(found, LaneQueue):
                    return self._take(found, at)
                soonest = found
            self._sleep(soonest, at)
        return None

    def _until_a_place_is_free(self, at: float) -> float | None:
        """Return the seconds until a send may start for all that is in flight, None while only a return makes room."""
        if len(self._turns) < self._concurrency:
            return 0.0
        if len(self._turns) >= self._most or not self._scheduler.waiting:
            return None
        at_work = [turn.hangs_at for turn in self._turns if turn.hangs_at > at]
        return 0.0 if len(at_work) < self._concurrency else min(at_work) - at

    def _first_free(self, at: float) -> LaneQueue | float | None:
        """Return the lane whose turn it is, or the seconds until there is one, None while only a return makes room."""
        soonest: float | None = None
        for lane_queue in self._scheduler.waiting:
            self._give_up_lost(lane_queue)
            wait = self._scheduler.wait(lane_queue, at)
            if wait == 0.0:
                return lane_queue
            if wait is not None:
                soonest = wait if soonest is None else min(soonest, wait)
        return soonest

    def _take(self, lane_queue: LaneQueue, at: float) -> _Turn:
        outgoing = self._scheduler.take(lane_queue, at)
        turn = _Turn(lane_queue=lane_queue, outgoing=outgoing, began=at, hangs_at=at + lane_queue.lane.hangs_after)
        self._turns.add(turn)
        if self._idle == 1 and len(self._turns) < self._most:
            with suppress(RuntimeError):  # no thread can be started: those that there are go on
                self._hire()  # somebody has to see when a place becomes free
        if self._scheduler.waiting:
            self._work.notify()  # this thread may have been the one that counted their seconds
        return turn

    def _sleep(self, seconds: float | None, at: float) -> None:
        """Wait for work. Who wakes first counts the seconds of a paced lane, and wakes another when it takes work."""
        wakes_at = math.inf if seconds is None else at + seconds
        if wakes_at >= self._wakes_at:
            self._work.wait()
            return
        self._wakes_at = wakes_at
        try:
            self._work.wait(seconds)
        finally:
            if self._wakes_at == wakes_at:
                self._wakes_at = math.inf

    def _tell(self, turn: _Turn, outcome: Sent | Failure) -> None:
        at, lane_queue = self._monotonic(), turn.lane_queue
        if not _is_the_lanes(outcome):
            lane_queue.lane.succeeded(at - turn.began)
            return
        asked = min(outcome.wait, LONGEST_WAIT).total_seconds() if outcome.wait is not None else None
        channel = turn.outgoing.channel
        if outcome.is_wait_of_address and asked and self._scheduler.rest_address(lane_queue, channel, asked, at):
            lane_queue.lane.succeeded(at - turn.began)
            self._give_back(self._scheduler.empty_address(lane_queue, channel))
            return
        lane_queue.lane.failed(at, asked)
        if lane_queue.lane.is_resting(at):
            self._give_back(self._scheduler.empty(lane_queue))

    def _give_up_lost(self, lane_queue: LaneQueue) -> None:
        """Return what is no longer surely ours: the database could not be reached for as long as a claim holds."""
        for outgoing in self._scheduler.take_out(lane_queue, lambda outgoing: not self._is_leased(outgoing.leased_at)):
            lost = NotTried(reason="the database could not be reached before its turn came")
            self._done.put(SendResult(outgoing=outgoing, outcome=lost))
            self._back.set()

    def _give_back(self, waiting: Sequence[OutgoingMessage]) -> None:
        """Return what waits for a lane, or an address, that is left alone: the database keeps it better than a queue.

        It stays due, and so goes before the retry of what has closed the lane: else one channel of an endpoint could
        keep the others waiting for ever.
        """
        self._put_back(waiting, RESTS)

    def _put_back(self, waiting: Sequence[OutgoingMessage], reason: str) -> None:
        for outgoing in waiting:
            self._done.put(SendResult(outgoing=outgoing, outcome=NotTried(reason=reason)))


def _is_the_lanes(outcome: Sent | Failure) -> TypeGuard[Failure]:
    """Tell whether a failure says something of the endpoint, and not only of the message or the address."""
    return isinstance(outcome, Failure) and outcome.kind in {FailureKind.TRANSIENT, FailureKind.UNKNOWN}
