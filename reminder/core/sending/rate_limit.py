"""Limits how fast one endpoint is sent to: its rate, how many sends at once, and when to leave it alone.

A lane is an endpoint: scheme, host and credential. Its state changes only by what is told to it; `at` is always a
reading of the monotonic clock, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

FIRST_WINDOW: Final = 8
"""Sends at once to an endpoint of which nothing is known: a hanging one holds no more threads than this."""

SLOW: Final = 1.0
"""Seconds that a send is taken to need before the first one has returned."""

AHEAD: Final = 1.0
"""Seconds of work that may wait for a lane beside what is in flight."""

MOST_AHEAD: Final = 500

HANGS: Final = 1.0
"""A send that has waited for so many seconds counts no longer against the sends at once,"""
HANGS_UNPROVEN: Final = 0.2
"""one to an endpoint that has not answered yet after so many: where all are new, it lets the others by sooner."""

MOST_FAILURES: Final = 3
"""After this many failures in a row the endpoint is left alone for a while."""

FIRST_REST: Final = 5.0
LONGEST_REST: Final = 30.0
"""How long that while is, in seconds; it doubles each time the one try after it fails too."""


@dataclass(frozen=True, kw_only=True)
class SendRate:
    """At most `amount` sends in any `seconds`."""

    amount: float
    seconds: float = 1.0

    @property
    def per_second(self) -> float:
        """Return the rate in sends a second."""
        return self.amount / self.seconds


@dataclass(frozen=True, kw_only=True)
class ChannelPace:
    """The limits of one channel: its lane, the lane's rate, the rate for this one address, connections at most.

    `family` is set where the addresses of a channel are at several endpoints: their lanes' names begin with it, and
    it is itself the lane of the channel as long as no address is filled in.
    """

    lane: str
    family: str | None = None
    rate: SendRate | None = None
    each: SendRate | None = None
    most: int | None = None


@dataclass(kw_only=True)
class Spacing:
    """Keeps sends apart by the rate's share of a second: never more than the rate in any stretch, and no bursts."""

    rate: SendRate
    free_at: float = 0.0

    def wait(self, at: float) -> float:
        """Return the seconds until the next send may start, 0 for now."""
        return max(0.0, self.free_at - at)

    def take(self, at: float) -> None:
        """Count one send."""
        self.free_at = max(at, self.free_at) + 1.0 / self.rate.per_second


@dataclass(kw_only=True)
class Lane:
    """One endpoint as it was found so far. Its window grows with each success and halves with each failure.

    `told_until` is until when its service asked to be left alone.
    """

    rate: SendRate | None = None
    most: int = 1
    window: float = FIRST_WINDOW
    active: int = 0
    failures: int = 0
    rest: float = 0.0
    closed_until: float = 0.0
    told_until: float = 0.0
    took: float = SLOW
    has_answered: bool = False
    spacing: Spacing | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.spacing = Spacing(rate=self.rate) if self.rate else None

    @property
    def width(self) -> int:
        """Return how many sends may be in flight at once: one, to try, after a rest."""
        return 1 if self.failures >= MOST_FAILURES else max(1, min(int(self.window), self.most))

    @property
    def capacity(self) -> int:
        """Return how many may be in flight or wait for their turn: as many as soon will be gone."""
        ahead = self.width / self.took * AHEAD
        if self.rate is not None:
            ahead = min(ahead, self.rate.per_second * AHEAD)
        return self.width + max(1, min(int(ahead), MOST_AHEAD))

    @property
    def hangs_after(self) -> float:
        """Return after how many seconds a send is taken to hang, and makes room for those to other endpoints."""
        return HANGS if self.has_answered else HANGS_UNPROVEN

    @property
    def is_kept_waiting_after(self) -> float:
        """Return for how many seconds a send may last before the lane gets no more until one returns."""
        return max(HANGS, 3 * self.took) if self.has_answered else HANGS_UNPROVEN

    def is_resting(self, at: float) -> bool:
        """Tell whether the endpoint is left alone now."""
        return at < self.closed_until

    def urge(self, at: float) -> None:
        """End a rest: somebody waits for one try. A wait that the service itself asked for stays."""
        self.closed_until = min(self.closed_until, max(at, self.told_until))

    def wait(self, at: float) -> float | None:
        """Return the seconds until the next send may start, None while only a return can make room."""
        if self.active >= self.width:
            return None
        resting = max(0.0, self.closed_until - at)
        return max(resting, self.spacing.wait(at) if self.spacing else 0.0)

    def start(self, at: float) -> None:
        """Count a send that starts."""
        self.active += 1
        if self.spacing:
            self.spacing.take(at)

    def succeeded(self, took: float) -> None:
        """Count a send that the endpoint answered after so many seconds, whatever it said of the message."""
        self.active -= 1
        self.has_answered = True
        self.took += (max(took, 0.001) - self.took) / 8
        self.failures, self.rest = 0, 0.0
        self.window = min(self.window + 1, float(self.most))

    def failed(self, at: float, asked: float | None = None) -> None:
        """Count a send that the endpoint did not take; `asked` are the seconds it asked to be left alone."""
        self.active -= 1
        self.window = max(1.0, self.window / 2)
        self.failures += 1
        if asked is not None:
            self.told_until = max(self.told_until, at + asked)
            self.closed_until = max(self.closed_until, self.told_until)
        elif self.failures >= MOST_FAILURES:
            self.rest = min(max(FIRST_REST, self.rest * 2), LONGEST_REST)
            self.closed_until = at + self.rest
