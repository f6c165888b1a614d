"""The values that the ledger remembers: subscriptions, date changes, and the messages decided so far."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final, Protocol, TypeVar

from reminder.core.dates.when import When
from reminder.core.model.entities import NOTICES, Kind, Release, Role, Subscriber, Title
from reminder.core.model.lead import Ladder

Ref = tuple[int | None, int]
"""A release within its title: season and first episode."""


class State(enum.StrEnum):
    """The state of a delivery (SPEC 4). `due` is decided and waits for its turn."""

    DUE = "due"
    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    FAILED = "failed"
    SKIPPED = "skipped"


OPEN = frozenset({State.DUE, State.SENDING, State.RETRYING})


class Reason(enum.StrEnum):
    """Why something was, or will be, not sent. What a person reads in `why` and `history`."""

    SUBSCRIBED_LATER = "subscribed later"
    ADDED_LATER = "added later"
    MUTED = "muted"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    MOVED = "moved"
    MOVED_BACK = "moved back before it was told"
    KNOWN = "this person has heard of the new date already"
    NO_TIME = "no time known"
    NOT_WANTED = "not among the notices wanted"
    NO_CHANNEL = "no channel takes it"
    CHANNEL_GONE = "its channel is gone"
    SAME_ADDRESS = "it comes there over another channel"
    UNLISTED = "no longer subscribed"
    BY_NOTICE = "the notice about the new date says it all"
    BY_LATER = "a later message about the same release says it all"
    SAID_TODAY = "the same was said there on that day"
    PUT_RIGHT = "put right before it was told"
    OVER = "its use was over before it could be tried"
    RESTORED = "restored from an old copy"
    FORGOTTEN = "older than the ledger is kept"
    SEEN = "seen"
    TAKEN_BACK = "taken back"


NO_WORDS: Final = "no words could be found for it"
UNREADABLE: Final = "it cannot be read"
WAITS_FOR_A_MEND: Final = (NO_WORDS, UNREADABLE)
"""Why a delivery that is due is put off until somebody mends the program or the database."""


@dataclass(frozen=True, kw_only=True)
class DateChange:
    """One change of one release's date. `no` counts per title, from 1.

    `corrects` is set where somebody has said that the date before it was a slip.
    """

    no: int
    ref: Ref
    before: When
    after: When
    source: str
    seen_at: datetime
    corrects: bool = False


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A release as the database knows it: with the instant it was first seen."""

    release: Release
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordedMessage:
    """A message already decided for one person about one title.

    `planned` is the date it was decided against (and tells), `change_no` the newest change of the title by then.
    `state` sums its deliveries up: open, else sent if any was, else failed, expired, superseded or skipped. `arrived`
    are the channels over which it came, and when, or is on its way: None.
    """

    id: int
    ref: Ref
    what: str
    kind: Kind
    planned: When
    change_no: int
    at: datetime
    decided_at: datetime
    useful_until: datetime
    state: State
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    arrived: tuple[tuple[str, datetime | None], ...] = ()

    @property
    def is_lost(self) -> bool:
        """Tell whether it reached the person on no channel: given up by its own fault, or over before it could."""
        return self.state in {State.FAILED, State.EXPIRED}


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One person's choice of one title.

    `ladder` is what counts after the nearest has won; `since` names the leads that came later than `began_at`.
    `paused_until` ends a pause for this title alone. `seen` are the releases of which they want to hear nothing more,
    but for a change of date. `noticed_no` is the newest change of the title that has been
    decided about for this person.
    """

    subscriber: Subscriber
    title: Title
    ladder: Ladder
    began_at: datetime
    since: Mapping[tuple[Role, str], datetime] = field(default_factory=dict)
    noticed_no: int = 0
    muted: bool = False
    paused_until: datetime | None = None
    seen: frozenset[Ref] = frozenset()

    @property
    def silent_until(self) -> datetime | None:
        """Return when the later pause ends, this title's or the person's; it may lie in the past. None for no pause."""
        pauses = [until for until in (self.paused_until, self.subscriber.paused_until) if until is not None]
        return max(pauses, default=None)

    @property
    def is_muted(self) -> bool:
        """Tell whether this person wants to hear nothing of this title, by command or by config."""
        return self.muted or self.subscriber.mutes(self.title)


@dataclass(frozen=True, kw_only=True)
class TitleHistory:
    """A title's dates and their changes, and what one person was told or not told of them.

    Messages whose use was over before `settled_before` may have been taken out of the ledger: they were decided.
    """

    releases: tuple[Dated, ...]
    changes: tuple[DateChange, ...] = ()
    recorded: tuple[RecordedMessage, ...] = ()
    settled_before: datetime | None = None

    @cached_property
    def last_no(self) -> int:
        """Return the number of the newest change, 0 when there was none."""
        return self._newest_change.no if self._newest_change else 0

    @cached_property
    def told_no(self) -> int:
        """Return the number of the newest change that a notice was decided about, 0 when none was."""
        return self._newest_notice.change_no if self._newest_notice else 0

    @cached_property
    def _newest_change(self) -> DateChange | None:
        return max(self.changes, key=lambda change: change.no, default=None)

    @cached_property
    def _newest_notice(self) -> RecordedMessage | None:
        return max(self.notices, key=lambda line: line.change_no, default=None)

    @cached_property
    def notices(self) -> tuple[RecordedMessage, ...]:
        """Return the messages about changes, whichever release they name."""
        return tuple(line for line in self.recorded if line.kind in NOTICES)

    @cached_property
    def _changes(self) -> Mapping[Ref, tuple[DateChange, ...]]:
        return _by_ref(sorted(self.changes, key=lambda change: change.no))

    @cached_property
    def _lines(self) -> Mapping[Ref, tuple[RecordedMessage, ...]]:
        return _by_ref(self.recorded)

    def changes_of(self, ref: Ref) -> tuple[DateChange, ...]:
        """Return the changes of one release's date, oldest first."""
        return self._changes.get(ref, ())

    def lines_of(self, ref: Ref) -> tuple[RecordedMessage, ...]:
        """Return the messages about one release, in the order of the ledger."""
        return self._lines.get(ref, ())

    def told(self, lines: Sequence[RecordedMessage]) -> TitleHistory:
        """Return the story with further messages at its end."""
        # Not by `replace`, which takes four times as long: a page plays hundreds of messages forward.
        return TitleHistory(
            releases=self.releases,
            changes=self.changes,
            recorded=(*self.recorded, *lines),
            settled_before=self.settled_before,
        )

    def about(self, dated: Dated) -> TitleHistory:
        """Return the part of the story that matters to one release once every change has been decided about.

        The newest change and the newest notice stay in it, whichever release they are of, so that both numbers do.
        """
        changes, lines = self.changes_of(dated.release.ref), self.lines_of(dated.release.ref)
        if self._newest_change and self._newest_change not in changes[-1:]:
            changes = (*changes, self._newest_change)
        if self._newest_notice and self._newest_notice not in lines:
            lines = (*lines, self._newest_notice)
        return TitleHistory(releases=(dated,), changes=changes, recorded=lines, settled_before=self.settled_before)


class _OfRelease(Protocol):
    @property
    def ref(self) -> Ref: ...


_Item = TypeVar("_Item", bound=_OfRelease)


def _by_ref(items: Iterable[_Item]) -> dict[Ref, tuple[_Item, ...]]:
    found: dict[Ref, list[_Item]] = {}
    for item in items:
        found.setdefault(item.ref, []).append(item)
    return {ref: tuple(mine) for ref, mine in found.items()}


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One channel's part in a decision: the delivery's first state, and why when it is not `due`."""

    channel: str | None
    state: State
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One message decided at its moment, with one slot for each channel.

    `anchor` completes the key: the date a reminder was planned against, the number of a notice's change.
    `reopens` is the id of a skipped message under the same key: a skip closes no key. `others` counts the later
    releases that a notice stands for.
    """

    ref: Ref
    what: str
    anchor: str
    kind: Kind
    lead: str | None
    release: Release
    planned: When
    heard: When | None
    change_no: int
    at: datetime
    due_at: datetime
    useful_until: datetime
    slots: tuple[Slot, ...]
    reopens: int | None = None
    others: int = 0

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels over which this message goes out."""
        return tuple(slot.channel for slot in self.slots if slot.channel is not None and slot.state is State.DUE)
