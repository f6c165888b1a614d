"""Who carries the parcels: threads that send, each channel kept from taking them all."""

from __future__ import annotations

import queue
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from reminder.core.model import Channel, Kind
from reminder.core.retry import Failure
from reminder.core.words import Words
from reminder.notify.transport import Sent, Transport
from reminder.store.ledger import Waiting


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes to one channel at once: one delivery, or a digest of several, with the words for it."""

    channel: Channel
    items: tuple[Waiting, ...]
    kind: Kind
    words: Words
    plain: bool
    written_at: datetime

    @property
    def ref(self) -> str:
        """Return the stable id of what is sent: the same at each try, so that a mail reader can drop the copy."""
        ids = ".".join(str(item.id) for item in self.items[:8])
        return f"{ids}-{len(self.items)}" if len(self.items) > 1 else ids


@dataclass(frozen=True, kw_only=True)
class Done:
    """A parcel and how it went."""

    parcel: Parcel
    outcome: Sent | Failure


class Crew(Protocol):
    """Carries parcels and says how they went."""

    @property
    def in_flight(self) -> int:
        """Return how many parcels are on their way, or back and not yet collected."""
        ...

    def room(self, channel: str) -> int:
        """Return how many more parcels for this channel may be started."""
        ...

    def start(self, parcels: Sequence[Parcel]) -> None:
        """Send these, soon."""
        ...

    def finished(self) -> list[Done]:
        """Return what came back since the last call."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when something came back, at the latest after so many seconds."""
        ...

    def close(self) -> None:
        """Stop; what is on its way is left to end by itself."""
        ...


class InlineCrew:
    """Sends each parcel at once, in the caller's thread: for simulated time and for tests."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._done: list[Done] = []

    @property
    def in_flight(self) -> int:
        """Return how many came back and were not yet collected."""
        return len(self._done)

    def room(self, channel: str) -> int:
        """Return 1: parcels go one after the other, so that each sees what the one before it did."""
        del channel
        return 1

    def start(self, parcels: Sequence[Parcel]) -> None:
        """Send these now."""
        self._done += [Done(parcel=parcel, outcome=carry(self._transport, parcel)) for parcel in parcels]

    def finished(self) -> list[Done]:
        """Return what was sent since the last call."""
        done, self._done = self._done, []
        return done

    def peek(self) -> list[Done]:
        """Return what was sent and not yet collected, and leave it there."""
        return list(self._done)

    def wait(self, seconds: float) -> None:
        """Return at once: nothing is ever on its way."""

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()


QUEUE_PER_PLACE: Final = 3
"""Parcels that wait for each place of a channel, so that its threads need not wait for the database."""


class ThreadCrew:
    """A fixed number of threads; one channel may use no more than its share of them, so a dead one stops nobody."""

    def __init__(self, transport: Transport, *, concurrency: int) -> None:
        self._transport = transport
        self._share = max(1, concurrency // 4)
        self._queues: dict[str, deque[Parcel]] = {}
        self._active: Counter[str] = Counter()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._work = threading.Condition()
        self._back = threading.Event()
        self._in_flight = 0
        self._closed = False
        for number in range(concurrency):
            threading.Thread(target=self._carry, name=f"sender-{number}", daemon=True).start()

    @property
    def in_flight(self) -> int:
        """Return how many parcels were started and not yet collected."""
        return self._in_flight

    def room(self, channel: str) -> int:
        """Return how many more parcels this channel's threads and queue can take."""
        with self._work:
            taken = self._active[channel] + len(self._queues.get(channel, ()))
        return max(0, self._share * (1 + QUEUE_PER_PLACE) - taken)

    def start(self, parcels: Sequence[Parcel]) -> None:
        """Queue these for their channels."""
        with self._work:
            for parcel in parcels:
                self._queues.setdefault(parcel.channel.name, deque()).append(parcel)
            self._in_flight += len(parcels)
            self._work.notify(len(parcels))

    def finished(self) -> list[Done]:
        """Return what came back since the last call."""
        self._back.clear()
        done: list[Done] = []
        while not self._done.empty():
            done.append(self._done.get())
        self._in_flight -= len(done)
        return done

    def wait(self, seconds: float) -> None:
        """Return when something came back, at the latest after so many seconds (by the monotonic clock)."""
        self._back.wait(seconds)

    def close(self) -> None:
        """Let idle threads end and the transport go; what is on its way is not waited for."""
        with self._work:
            self._closed = True
            self._work.notify_all()
        self._transport.close()

    def _carry(self) -> None:
        while (parcel := self._next()) is not None:
            done = Done(parcel=parcel, outcome=carry(self._transport, parcel))
            with self._work:
                self._active[parcel.channel.name] -= 1
                self._work.notify()
            self._done.put(done)
            self._back.set()

    def _next(self) -> Parcel | None:
        with self._work:
            while not self._closed:
                for name, waiting in self._queues.items():
                    if waiting and self._active[name] < self._share:
                        return self._take(name)
                self._work.wait()
        return None

    def _take(self, name: str) -> Parcel:
        # To the end of the round: the channels take turns.
        waiting = self._queues.pop(name)
        parcel = waiting.popleft()
        self._queues[name] = waiting
        self._active[name] += 1
        return parcel


def carry(transport: Transport, parcel: Parcel) -> Sent | Failure:
    """Hand one parcel to the transport, which never raises."""
    return transport.send(parcel.channel, parcel.words, ref=parcel.ref, plain=parcel.plain)
