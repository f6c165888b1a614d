"""Short ways to write people, titles and what happened to them, for tests of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reminder.core.dates import parse_when
from reminder.core.decide import Decided, decide
from reminder.core.hours import QuietHours
from reminder.core.lead import DEFAULT_LADDER, Ladder
from reminder.core.ledger import Decision, Story, Subscription
from reminder.core.listing import KnownRelease, new_dates
from reminder.core.model import ChannelUse, Kind, Subscriber, Title, title_key
from reminder.core.outlook import after
from reminder.core.plan import Plan, plan
from reminder.core.season import unfold
from reminder.core.ledger import Dated

GRACE = timedelta(days=2)


def at(text: str, zone: str = "Asia/Kolkata") -> datetime:
    """Return a local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def person(**over: Any) -> Subscriber:
    """Return Asha of Kolkata, who reads mail at nine, but for what `over` says."""
    zone = ZoneInfo(over.pop("zone", "Asia/Kolkata"))
    base = Subscriber(name="asha", zone=zone, at=time(9), channels=(ChannelUse(name="mail"),))
    return replace(base, **over)


def a_title(name: str = "Ballard", when: str | None = "July 9, 2025", **over: Any) -> Title:
    """Return a title out at `when`."""
    return Title(key=title_key(name, over.get("season")), name=name, premiere=parse_when(when), **over)


class Life:
    """One person and one title through time: the plan's rules with an in-memory ledger, everything sent arriving."""

    def __init__(
        self, title: Title, who: Subscriber | None = None, *, began: datetime, ladder: list[str] | None = None
    ):
        chosen = Ladder.parse(ladder).over(DEFAULT_LADDER) if ladder is not None else DEFAULT_LADDER
        self.sub = Subscription(subscriber=who or person(), title=title, ladder=chosen, began_at=began)
        self.story = Story(releases=tuple(Dated(release=item, seen_at=began) for item in unfold(title)))

    def becomes(self, title: Title, now: datetime) -> None:
        """Have the listing of the title change."""
        known = {
            item.release.ref: KnownRelease(release=item.release, seen_at=item.seen_at) for item in self.story.releases
        }
        dates = new_dates(known, unfold(title), last_no=self.story.last_no, source="config", now=now)
        kept = {item.release.ref: item for item in (*self.story.releases, *dates.kept)}
        releases = tuple(item for ref, item in kept.items() if ref not in dates.gone)
        self.story = replace(self.story, releases=releases, changes=(*self.story.changes, *dates.changes))
        self.sub = replace(self.sub, title=title)

    def plan(self, now: datetime) -> Plan:
        """Return the plan at `now`."""
        return plan(self.sub, self.story, now, GRACE)

    def sweep(self, now: datetime, *, arrives: bool = True) -> list[Decision]:
        """Decide what is due at `now`; it arrives. Return everything decided."""
        decided: Decided = decide(self.sub, self.story, self.plan(now), now)
        self.sub, self.story = after(self.sub, self.story, decided, now, as_sent=arrives)
        return list(decided.decisions)

    def sent(self, now: datetime) -> list[tuple[Kind, str | None]]:
        """Sweep at `now`; return kind and lead of what went out."""
        return [(item.kind, item.lead) for item in self.sweep(now) if item.channels]

    def through(self, start: datetime, end: datetime) -> list[tuple[datetime, Kind, str | None]]:
        """Live from `start` to `end`, sweeping at each moment; return what went out when."""
        gone: list[tuple[datetime, Kind, str | None]] = []
        now = start
        while now < end:
            gone += [(now, *item) for item in self.sent(now)]
            following = self.plan(now).next_due_at
            if following is None:
                return gone
            now = max(following, now + timedelta(seconds=1))
        return gone


def quiet(text: str) -> QuietHours:
    """Return quiet hours."""
    return QuietHours.parse(text)
