"""What waits for which endpoint, and which of it may go next: lanes take turns, each lane and each address at its pace.

No thread and no clock is in here: whoever uses it holds a lock, and says what time it is.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reminder.core.model.entities import Channel
from reminder.core.sending.rate_limit import Lane, Pace, Rate, Spacing
from reminder.delivery.sender import Parcel

MOST_ADDRESSES: Final = 10_000
"""Addresses and lanes that are remembered; an older one has long been free again."""


@dataclass(kw_only=True, eq=False)
class Road:
    """A lane with the parcels that wait for it."""

    name: str
    lane: Lane
    waiting: deque[Parcel] = field(default_factory=deque)
    began: dict[int, float] = field(default_factory=dict)
    """When each parcel on its way was started, by its identity in memory, the oldest first."""

    def keeps_waiting(self, at: float) -> bool:
        """Tell whether its endpoint has let a send wait for so long that it gets no more until one comes back."""
        oldest = next(iter(self.began.values()), None)
        return oldest is not None and at - oldest >= self.lane.is_kept_waiting_after

    def is_idle(self, at: float) -> bool:
        """Tell whether nothing would be lost if it were forgotten."""
        busy = self.waiting or self.lane.active or self.lane.failures
        return not busy and not self.lane.wait(at)


class Roads:
    """Every lane that is remembered. `at` is always a reading of the monotonic clock, in seconds.

    Args:
        pace_of: a channel's pace; asked once for each address.
        most: sends at once on one lane, where its service does not want fewer.
    """

    def __init__(self, *, pace_of: Callable[[Channel], Pace], most: int) -> None:
        self._pace_of = pace_of
        self._most = most
        self._paces: dict[str, Pace] = {}
        self._known: dict[str, Road] = {}
        self._queue: dict[str, Road] = {}
        self._each: OrderedDict[str, Spacing] = OrderedDict()
        self._served: set[tuple[int, str]] = set()

    @property
    def lanes(self) -> frozenset[str]:
        """Return the lanes that are remembered."""
        return frozenset(self._known)

    @property
    def waiting(self) -> tuple[Road, ...]:
        """Return those for which something waits, the next one first."""
        return tuple(self._queue.values())

    def room(self, channel: Channel, at: float) -> int:
        """Return how many more parcels for this channel its lane can take; none while it rests."""
        road = self._road(self._pace(channel), at)
        if road.lane.is_resting(at):
            return 0
        return max(0, road.lane.capacity - road.lane.active - len(road.waiting))

    def add(self, parcels: Sequence[Parcel], at: float) -> list[Road]:
        """Let these wait for their lanes; return those lanes."""
        paces = [self._pace(parcel.channel) for parcel in parcels]  # first, since only this can fail
        return [self._add(parcel, pace, at) for parcel, pace in zip(parcels, paces, strict=True)]

    def _add(self, parcel: Parcel, pace: Pace, at: float) -> Road:
        road = self._road(pace, at)
        road.waiting.append(parcel)
        self._queue[road.name] = road
        return road

    def wait(self, road: Road, at: float) -> float | None:
        """Return the seconds until a lane's next parcel may go, None when none waits or only a return makes room."""
        if not road.waiting:
            self._queue.pop(road.name, None)
            return None
        wait = None if road.keeps_waiting(at) else road.lane.wait(at)
        if wait is None:
            return None
        free = self._first_free(road, at)[0]
        return None if math.isinf(free) else max(wait, free)

    def take(self, road: Road, at: float) -> Parcel:
        """Take out the parcel that may go, and count it as a send that starts."""
        _, number = self._first_free(road, at)
        parcel = road.waiting[number]
        del road.waiting[number]
        del self._queue[road.name]
        if road.waiting:
            self._queue[road.name] = road  # at the end of the round: the lanes take turns
        road.lane.start(at)
        road.began[id(parcel)] = at
        self._served.add(_whose(parcel))
        pace = self._pace(parcel.channel)
        if pace.each:
            self._count(parcel.channel.fingerprint, pace.each, at)
        return parcel

    def back(self, road: Road, parcel: Parcel) -> None:
        """Note that a parcel has come back: what is next for its person there may go."""
        road.began.pop(id(parcel), None)
        self._served.discard(_whose(parcel))

    def empty(self, road: Road) -> list[Parcel]:
        """Take out everything that waits for a lane."""
        parcels = list(road.waiting)
        road.waiting.clear()
        self._queue.pop(road.name, None)
        return parcels

    def _first_free(self, road: Road, at: float) -> tuple[float, int]:
        """Return which parcel of a lane may go first, and in how many seconds its address lets it."""
        first = (math.inf, 0)
        for number, parcel in enumerate(road.waiting):
            if _whose(parcel) in self._served:
                continue  # one person's messages on one channel arrive in their order
            own = self._each.get(parcel.channel.fingerprint)
            first = min(first, (own.wait(at) if own else 0.0, number))
            if first[0] == 0.0:
                break  # several to one address do not hold up those to others
        return first

    def _pace(self, channel: Channel) -> Pace:
        key = channel.fingerprint or channel.name
        if key not in self._paces:
            if len(self._paces) >= MOST_ADDRESSES:
                self._paces.clear()
            self._paces[key] = self._pace_of(channel)
        return self._paces[key]

    def _road(self, pace: Pace, at: float) -> Road:
        if pace.lane not in self._known:
            most = min(self._most, pace.most or self._most)
            if len(self._known) >= MOST_ADDRESSES:
                self._known = {name: road for name, road in self._known.items() if not road.is_idle(at)}
            self._known[pace.lane] = Road(name=pace.lane, lane=Lane(rate=pace.rate, most=most))
        return self._known[pace.lane]

    def _count(self, address: str, rate: Rate, at: float) -> None:
        spacing = self._each.setdefault(address, Spacing(rate=rate))
        spacing.take(at)
        self._each.move_to_end(address)
        if len(self._each) > MOST_ADDRESSES:
            self._each.popitem(last=False)


def _whose(parcel: Parcel) -> tuple[int, str]:
    """Return whose parcel it is, and over which channel."""
    return parcel.items[0].subscriber_id, parcel.channel.name
