"""Queues messages by endpoint and picks the next: lanes take turns, each lane and each address at its pace.

No thread and no clock is in here: whoever uses it holds a lock, and says what time it is.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, TypeVar

from reminder.core.model.entities import Channel
from reminder.core.sending.rate_limit import FIRST_REST, ChannelPace, Lane, SendRate, Spacing
from reminder.delivery.sender import OutgoingMessage

MOST_ADDRESSES: Final = 10_000
"""Addresses and lanes that are remembered; an older one has long been free again."""


MOST_BEHIND: Final = 16
"""So many times what a lane can take at once may wait for it: what waits behind a person's own takes nobody's place."""

T = TypeVar("T")

Whose = tuple[int, str]
"""A person and a channel: what goes to both goes one after the other."""


@dataclass(kw_only=True, eq=False)
class LaneQueue:
    """A lane with the messages that wait for it: by their identity in memory, the oldest first.

    `ready` are those of people of whom nothing is in flight, one of each: the others wait behind their own.
    """

    name: str
    lane: Lane
    waiting: dict[int, OutgoingMessage] = field(default_factory=dict)
    ready: deque[OutgoingMessage] = field(default_factory=deque)
    began: dict[int, float] = field(default_factory=dict)
    """When each message in flight was started, by its identity in memory, the oldest first."""

    def keeps_waiting(self, at: float) -> bool:
        """Tell whether its endpoint has let a send wait for so long that it gets no more until one returns."""
        oldest = next(iter(self.began.values()), None)
        return oldest is not None and at - oldest >= self.lane.is_kept_waiting_after

    def is_idle(self, at: float) -> bool:
        """Tell whether nothing would be lost if it were forgotten."""
        busy = self.waiting or self.lane.active or self.lane.failures
        return not busy and not self.lane.wait(at)


class LaneScheduler:
    """Every lane that is remembered. `at` is always a reading of the monotonic clock, in seconds.

    Args:
        pace_of: a channel's pace; asked once for each address.
        most: sends at once on one lane, where its service does not want fewer.
    """

    def __init__(self, *, pace_of: Callable[[Channel], ChannelPace], most: int) -> None:
        self._pace_of = pace_of
        self._most = most
        self._paces: dict[str, ChannelPace] = {}
        self._known: dict[str, LaneQueue] = {}
        self._queue: dict[str, LaneQueue] = {}
        self._each: OrderedDict[str, Spacing] = OrderedDict()
        self._behind: dict[Whose, deque[tuple[LaneQueue, OutgoingMessage]]] = {}
        self._resting: dict[str, tuple[str, float]] = {}

    @property
    def lanes(self) -> frozenset[str]:
        """Return the lanes that are remembered."""
        return frozenset(self._known)

    @property
    def waiting(self) -> tuple[LaneQueue, ...]:
        """Return those for which something waits, the next one first."""
        return tuple(self._queue.values())

    def room(self, channel: Channel, at: float) -> int:
        """Return how many more messages for this channel its lane can take; none while it rests."""
        if self._rest_of_address(channel, at):
            return 0
        pace = self._pace(channel)
        lane_queue = self._queue_of(pace, at)
        if pace.lane == pace.family:  # nothing goes there itself: what is at work decides
            there = [each for name, each in self._known.items() if name.startswith(pace.lane) and name != pace.lane]
            free = [each for each in there if not each.lane.is_resting(at) and not each.keeps_waiting(at)]
            return min(self._room_of(each, at) for each in free or [lane_queue])
        return self._room_of(lane_queue, at)

    def _room_of(self, lane_queue: LaneQueue, at: float) -> int:
        if lane_queue.lane.is_resting(at):
            return 0
        capacity = lane_queue.lane.capacity
        there = (capacity - len(lane_queue.ready), capacity * MOST_BEHIND - len(lane_queue.waiting))
        return max(0, min(there) - lane_queue.lane.active)

    def urge(self, channel: Channel, at: float) -> bool:
        """End the rest that failures gave the lane of this channel; return whether it may be tried now."""
        if self._rest_of_address(channel, at):
            return False
        lane = self._queue_of(self._pace(channel), at).lane
        lane.urge(at)
        return not lane.is_resting(at)

    def rest(self, channel: Channel, at: float) -> float:
        """Return for how many seconds nothing goes to the address of a channel, though others of it may have room.

        That is where its service asked for it, or where its endpoint, one of several of the channel, is left alone.
        """
        seconds = self._rest_of_address(channel, at)
        pace = self._pace(channel)
        found = self._known.get(pace.lane) if pace.family else None
        if found is None:
            return seconds
        waits = FIRST_REST if found.keeps_waiting(at) else 0.0
        return max(seconds, waits, found.lane.closed_until - at)

    def rest_address(self, lane_queue: LaneQueue, channel: Channel, seconds: float, at: float) -> bool:
        """Let the address of a channel rest; False where another of the lane rests too: then it is about the lane."""
        self._resting = {key: rests for key, rests in self._resting.items() if rests[1] > at}
        others = [key for key, (lane, _) in self._resting.items() if lane == lane_queue.name]
        self._resting[_key(channel)] = (lane_queue.name, at + seconds)
        return all(key == _key(channel) for key in others)

    def _rest_of_address(self, channel: Channel, at: float) -> float:
        return max(0.0, self._resting.get(_key(channel), ("", at))[1] - at)

    def add(self, outgoing_messages: Sequence[OutgoingMessage], at: float) -> list[LaneQueue]:
        """Let these wait for their lanes; return those lanes."""
        paces = [self._pace(outgoing.channel) for outgoing in outgoing_messages]  # first, since only this can fail
        return [self._add(outgoing, pace, at) for outgoing, pace in zip(outgoing_messages, paces, strict=True)]

    def _add(self, outgoing: OutgoingMessage, pace: ChannelPace, at: float) -> LaneQueue:
        lane_queue = self._queue_of(pace, at)
        lane_queue.waiting[id(outgoing)] = outgoing
        self._queue[lane_queue.name] = lane_queue
        whose = _whose(outgoing)
        if whose not in self._behind:
            self._behind[whose] = deque()
            _join(lane_queue.ready, outgoing, first=outgoing.is_asked)
        else:
            _join(self._behind[whose], (lane_queue, outgoing), first=outgoing.is_asked)
        return lane_queue

    def wait(self, lane_queue: LaneQueue, at: float) -> float | None:
        """Return the seconds until a lane's next message may go, None when none waits or only a return makes room."""
        if not lane_queue.waiting:
            self._queue.pop(lane_queue.name, None)
            return None
        wait = None if lane_queue.keeps_waiting(at) else lane_queue.lane.wait(at)
        if wait is None:
            return None
        free = self._first_free(lane_queue, at)[0]
        return None if math.isinf(free) else max(wait, free)

    def take(self, lane_queue: LaneQueue, at: float) -> OutgoingMessage:
        """Take out the message that may go, and count it as a send that starts."""
        _, number = self._first_free(lane_queue, at)
        outgoing = lane_queue.ready[number]
        del lane_queue.ready[number]
        del lane_queue.waiting[id(outgoing)]
        del self._queue[lane_queue.name]
        if lane_queue.waiting:
            self._queue[lane_queue.name] = lane_queue  # at the end of the round: the lanes take turns
        lane_queue.lane.start(at)
        lane_queue.began[id(outgoing)] = at
        pace = self._pace(outgoing.channel)
        if pace.each:
            self._count(outgoing.channel.fingerprint, pace.each, at)
        return outgoing

    def back(self, lane_queue: LaneQueue, outgoing: OutgoingMessage) -> None:
        """Note that a message was returned: what is next for its person there may go."""
        lane_queue.began.pop(id(outgoing), None)
        self._let_next(_whose(outgoing))

    def _let_next(self, whose: Whose) -> None:
        behind = self._behind[whose]
        while behind:
            lane_queue, outgoing = behind.popleft()
            if id(outgoing) in lane_queue.waiting:
                _join(lane_queue.ready, outgoing, first=outgoing.is_asked)
                return
        del self._behind[whose]

    def empty(self, lane_queue: LaneQueue) -> list[OutgoingMessage]:
        """Take out everything that waits for a lane."""
        return self.take_out(lane_queue, lambda _: True)

    def empty_address(self, lane_queue: LaneQueue, channel: Channel) -> list[OutgoingMessage]:
        """Take out what waits for one address of a lane."""
        waiting = lane_queue.waiting.values()
        return self._out(lane_queue, [each for each in waiting if _key(each.channel) == _key(channel)])

    def take_out(self, lane_queue: LaneQueue, which: Callable[[OutgoingMessage], bool]) -> list[OutgoingMessage]:
        """Take out, of what waits for a lane, the oldest up to the first that `which` does not mean."""
        return self._out(lane_queue, list(takewhile(which, lane_queue.waiting.values())))

    def _out(self, lane_queue: LaneQueue, gone: list[OutgoingMessage]) -> list[OutgoingMessage]:
        for outgoing in gone:
            del lane_queue.waiting[id(outgoing)]
        left = [outgoing for outgoing in lane_queue.ready if id(outgoing) not in lane_queue.waiting] if gone else []
        for outgoing in left:
            lane_queue.ready.remove(outgoing)
            self._let_next(_whose(outgoing))
        if not lane_queue.waiting:
            self._queue.pop(lane_queue.name, None)
        return gone

    def _first_free(self, lane_queue: LaneQueue, at: float) -> tuple[float, int]:
        """Return which message of a lane may go first, and in how many seconds its address lets it."""
        first = (math.inf, 0)
        for number, outgoing in enumerate(lane_queue.ready):
            own = self._each.get(outgoing.channel.fingerprint)
            first = min(first, (own.wait(at) if own else 0.0, number))
            if first[0] == 0.0:
                break  # several to one address do not hold up those to others
        return first

    def _pace(self, channel: Channel) -> ChannelPace:
        key = _key(channel)
        if key not in self._paces:
            if len(self._paces) >= MOST_ADDRESSES:
                self._paces.clear()
            self._paces[key] = self._pace_of(channel)
        return self._paces[key]

    def _queue_of(self, pace: ChannelPace, at: float) -> LaneQueue:
        if pace.lane not in self._known:
            most = min(self._most, pace.most or self._most)
            if len(self._known) >= MOST_ADDRESSES:
                self._known = {
                    name: lane_queue for name, lane_queue in self._known.items() if not lane_queue.is_idle(at)
                }
            self._known[pace.lane] = LaneQueue(name=pace.lane, lane=Lane(rate=pace.rate, most=most))
        return self._known[pace.lane]

    def _count(self, address: str, rate: SendRate, at: float) -> None:
        spacing = self._each.setdefault(address, Spacing(rate=rate))
        spacing.take(at)
        self._each.move_to_end(address)
        if len(self._each) > MOST_ADDRESSES:
            self._each.popitem(last=False)


def _key(channel: Channel) -> str:
    """Return what tells one address from another."""
    return channel.fingerprint or channel.name


def _whose(outgoing: OutgoingMessage) -> Whose:
    """Return whose message it is, and over which channel."""
    return outgoing.items[0].subscriber_id, outgoing.channel.name


def _join(line: deque[T], one: T, *, first: bool) -> None:
    """Let one more stand in a line, at its end or before all others."""
    if first:
        line.appendleft(one)
    else:
        line.append(one)
