"""Threads that send, lane by lane: each endpoint at its own pace, so that a dead or slow one costs the others nothing."""

from __future__ import annotations

import itertools
import logging
import math
import queue
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeGuard

from reminder.core.lane import Lane, Pace, Rate, Spacing
from reminder.core.model import Channel
from reminder.core.retry import Failure, FailureKind
from reminder.crew import Done, NotTried, Parcel, carry
from reminder.notify.transport import Sent, Transport
from reminder.notify.watch import expendable

log = logging.getLogger(__name__)

FEW: Final = 8
GATHERING: Final = 0.02
"""Seconds in which answers are gathered while more than a few sends are on their way."""

MOST_UNRECORDED: Final = 128
"""The most answers that may wait for the ledger before sending pauses: about as many as a crash may repeat."""

MOST_ADDRESSES: Final = 10_000
"""Addresses whose own rate is remembered; an older one has long been free again."""


@dataclass(kw_only=True, eq=False)
class _Road:
    """A lane with the parcels that wait for it."""

    name: str
    lane: Lane
    waiting: deque[Parcel] = field(default_factory=deque)

    def is_idle(self, at: float) -> bool:
        """Tell whether nothing would be lost if it were forgotten."""
        busy = self.waiting or self.lane.active or self.lane.failures
        return not busy and not self.lane.wait(at)


@dataclass(kw_only=True, eq=False)
class _Turn:
    """One parcel in a thread's hands, until the thread comes back with it or is given up."""

    road: _Road
    parcel: Parcel
    began: float
    over: bool = False


class LaneCrew:
    """Up to `concurrency` sends at once, over as many lanes as there are endpoints.

    Args:
        transport: what sends.
        concurrency: sends at once, over all lanes.
        pace_of: a channel's pace; asked once for each address.
        monotonic: the monotonic clock, in seconds.
        holds: whether what was claimed then (`Parcel.leased_at`) is still ours; asked when its turn has come.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        concurrency: int,
        pace_of: Callable[[Channel], Pace],
        monotonic: Callable[[], float],
        holds: Callable[[float], bool] = lambda _: True,
    ) -> None:
        self._transport = transport
        self._holds = holds
        # One lane may hold three quarters of the threads, once it has shown that it gives them back.
        self._most = max(1, concurrency - concurrency // 4)
        self._pace_of = pace_of
        self._monotonic = monotonic
        self._paces: dict[str, Pace] = {}
        self._roads: dict[str, _Road] = {}
        self._queue: dict[str, _Road] = {}  # those for which something waits, the next one first
        self._each: OrderedDict[str, Spacing] = OrderedDict()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._work = threading.Condition()
        self._back = threading.Event()
        self._pause = threading.Event()
        self._wakes_at = math.inf  # when the first thread that counts seconds wakes up
        self._in_flight = 0
        self._closed = False
        self._numbers = itertools.count()
        self.threads: list[threading.Thread] = []
        for _ in range(concurrency):
            self._hire()

    @property
    def in_flight(self) -> int:
        """Return how many parcels were started and not yet collected."""
        return self._in_flight

    @property
    def lanes(self) -> frozenset[str]:
        """Return the lanes that are remembered."""
        return frozenset(self._roads)

    @property
    def stuck(self) -> int:
        """Return how many sends overran their time and still hold a thread."""
        return self._transport.stuck

    def room(self, channel: Channel) -> int:
        """Return how many more parcels for this channel its lane can take; none while it rests."""
        with self._work:
            pace = self._pace(channel)
            road = self._road(pace)
            if road.lane.is_resting(self._monotonic()):
                return 0
            return max(0, road.lane.capacity - road.lane.active - len(road.waiting))

    def start(self, parcels: Sequence[Parcel]) -> None:
        """Queue these for their lanes."""
        with self._work:
            paces = [self._pace(parcel.channel) for parcel in parcels]  # first, since only this can fail
            roads = [self._queued(parcel, pace) for parcel, pace in zip(parcels, paces, strict=True)]
            self._in_flight += len(parcels)
            at = self._monotonic()
            for road in roads:
                if road.lane.is_resting(at):  # since its room was asked for
                    self._give_back(road, at)
            self._work.notify(len(parcels))

    def finished(self) -> list[Done]:
        """Return what came back since the last call."""
        self._back.clear()
        done: list[Done] = []
        while not self._done.empty():
            done.append(self._done.get())
        self._in_flight -= len(done)
        if len(done) >= MOST_UNRECORDED:
            with self._work:
                self._work.notify_all()
        return done

    def wait(self, seconds: float) -> None:
        """Return when something came back, at the latest after so many seconds (by the monotonic clock)."""
        if self._back.wait(seconds) and self._in_flight > FEW:
            # With many on their way more come back at once: one transaction for all of them.
            self._pause.wait(GATHERING)

    def recall(self) -> None:
        """Give back what has not left yet, as not tried."""
        with self._work:
            for road in tuple(self._queue.values()):
                self._put_back(road, NotTried(seconds=0.0, reason="it was stopped before its turn came"))
        self._back.set()

    def close(self) -> None:
        """Let idle threads end and the transport go; what is on its way is not waited for."""
        with self._work:
            self._closed = True
            self._pause.set()
            self._work.notify_all()
        self._transport.close()

    def _pace(self, channel: Channel) -> Pace:
        key = channel.fingerprint or channel.name
        if key not in self._paces:
            if len(self._paces) >= MOST_ADDRESSES:
                self._paces.clear()
            self._paces[key] = self._pace_of(channel)
        return self._paces[key]

    def _road(self, pace: Pace) -> _Road:
        if pace.lane not in self._roads:
            most = min(self._most, pace.most or self._most)
            if len(self._roads) >= MOST_ADDRESSES:
                at = self._monotonic()
                self._roads = {name: road for name, road in self._roads.items() if not road.is_idle(at)}
            self._roads[pace.lane] = _Road(name=pace.lane, lane=Lane(rate=pace.rate, most=most))
        return self._roads[pace.lane]

    def _queued(self, parcel: Parcel, pace: Pace) -> _Road:
        road = self._road(pace)
        road.waiting.append(parcel)
        self._queue[road.name] = road
        return road

    def _carry(self) -> None:
        while (found := self._next()) is not None:
            turn = _Turn(road=found[0], parcel=found[1], began=self._monotonic())
            with expendable(partial(self._give_up, turn)):
                outcome = self._carried(turn.parcel)
            if not self._finish(turn, outcome):
                return  # it was given up, and another thread has its place

    def _finish(self, turn: _Turn, outcome: Sent | Failure) -> bool:
        """Take what came of a turn; False when that was done before."""
        with self._work:
            if turn.over:
                return False
            turn.over = True
            self._done.put(Done(parcel=turn.parcel, outcome=outcome))
            self._tell(turn.road, outcome, self._monotonic() - turn.began)
            self._work.notify()
        self._back.set()
        return True

    def _give_up(self, turn: _Turn, outcome: Sent | Failure) -> None:
        """Go on without a thread that does not come back."""
        if self._finish(turn, outcome):
            self._hire()

    def _hire(self) -> None:
        thread = threading.Thread(target=self._carry, name=f"sender-{next(self._numbers)}", daemon=True)
        self.threads.append(thread)
        thread.start()

    def _carried(self, parcel: Parcel) -> Sent | Failure:
        try:
            return carry(self._transport, parcel)
        except BaseException as error:  # noqa: BLE001  the edge of a thread: a parcel that is lost here is never recorded
            log.error("sending failed inside the program", extra={"ref": parcel.ref, "error": type(error).__name__})
            reason = f"sending failed inside the program ({type(error).__name__}; it may have arrived)"
            return Failure(kind=FailureKind.UNKNOWN, reason=reason)

    def _next(self) -> tuple[_Road, Parcel] | None:
        with self._work:
            while not self._closed:
                if self._done.qsize() >= MOST_UNRECORDED:
                    self._work.wait()  # the ledger is behind: a crash would repeat all of these
                    continue
                at = self._monotonic()
                soonest: float | None = None
                for road in tuple(self._queue.values()):
                    wait = self._wait(road, at)
                    if wait == 0.0:
                        return road, self._take(road, at)
                    if wait is not None:
                        soonest = wait if soonest is None else min(soonest, wait)
                self._sleep(soonest, at)
        return None

    def _wait(self, road: _Road, at: float) -> float | None:
        """Return the seconds until the lane's next parcel may go, None when none waits or only a return makes room."""
        self._give_up_lost(road)
        if not road.waiting:
            self._queue.pop(road.name, None)
            return None
        wait = road.lane.wait(at)
        if wait is None:
            return None
        return max(wait, self._first_free(road, at)[0])

    def _first_free(self, road: _Road, at: float) -> tuple[float, int]:
        """Return which parcel of a lane may go first, and in how many seconds its address lets it."""
        first = (math.inf, 0)
        for number, parcel in enumerate(road.waiting):
            own = self._each.get(parcel.channel.fingerprint)
            first = min(first, (own.wait(at) if own else 0.0, number))
            if first[0] == 0.0:
                break  # several to one address do not hold up those to others
        return first

    def _take(self, road: _Road, at: float) -> Parcel:
        _, number = self._first_free(road, at)
        parcel = road.waiting[number]
        del road.waiting[number]
        del self._queue[road.name]
        if road.waiting:
            self._queue[road.name] = road  # at the end of the round: the lanes take turns
        road.lane.start(at)
        pace = self._pace(parcel.channel)
        if pace.each:
            self._count(parcel.channel.fingerprint, pace.each, at)
        if self._queue:
            self._work.notify()  # this thread may have been the one that counted their seconds
        return parcel

    def _count(self, address: str, rate: Rate, at: float) -> None:
        spacing = self._each.setdefault(address, Spacing(rate=rate))
        spacing.take(at)
        self._each.move_to_end(address)
        if len(self._each) > MOST_ADDRESSES:
            self._each.popitem(last=False)

    def _sleep(self, seconds: float | None, at: float) -> None:
        """Wait for work. Only who wakes first counts the seconds of a paced lane; it wakes another when it takes work."""
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

    def _tell(self, road: _Road, outcome: Sent | Failure, took: float) -> None:
        at = self._monotonic()
        if not _is_the_lanes(outcome):
            road.lane.succeeded(took)
            return
        asked = outcome.wait.total_seconds() if outcome.wait is not None else None
        road.lane.failed(at, asked)
        if road.lane.is_resting(at):
            self._give_back(road, at)

    def _give_up_lost(self, road: _Road) -> None:
        """Return what is no longer surely ours: the database could not be reached for as long as a claim holds."""
        while road.waiting and not self._holds(road.waiting[0].leased_at):
            lost = NotTried(seconds=0.0, reason="the database could not be reached before its turn came")
            self._done.put(Done(parcel=road.waiting.popleft(), outcome=lost))
            self._back.set()

    def _give_back(self, road: _Road, at: float) -> None:
        """Return what waits for a lane that is left alone: the database keeps it better than a queue."""
        self._put_back(road, NotTried(seconds=road.lane.closed_until - at, reason="its service is not answering"))

    def _put_back(self, road: _Road, outcome: NotTried) -> None:
        for parcel in road.waiting:
            self._done.put(Done(parcel=parcel, outcome=outcome))
        road.waiting.clear()
        self._queue.pop(road.name, None)


def _is_the_lanes(outcome: Sent | Failure) -> TypeGuard[Failure]:
    """Tell whether a failure says something of the endpoint, and not only of the message or the address."""
    return isinstance(outcome, Failure) and outcome.kind in {FailureKind.TRANSIENT, FailureKind.UNKNOWN}
