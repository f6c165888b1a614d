"""Short ways to write people, titles and what happened to them, for tests of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import QuietHours
from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import ChannelUse, Kind, Subscriber, Title, title_key
from reminder.core.model.lead import DEFAULT_LADDER, Ladder
from reminder.core.model.ledger import Dated, Decision, Ref, Subscription, TitleHistory
from reminder.core.schedule.decide import Decided, decide
from reminder.core.schedule.listing import KnownRelease, new_dates
from reminder.core.schedule.outlook import after
from reminder.core.schedule.plan import Plan, plan
from reminder.core.schedule.season import unfold

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
        self.story = TitleHistory(releases=tuple(Dated(release=item, seen_at=began) for item in unfold(title)))
        self.before = self.sub, self.story
        """How things stood when last something was decided."""
        self.gone: dict[Ref, KnownRelease] = {}

    def becomes(self, title: Title, now: datetime) -> None:
        """Have the listing of the title change."""
        here = [KnownRelease(release=item.release, seen_at=item.seen_at) for item in self.story.releases]
        known = self.gone | {item.release.ref: item for item in here}
        dates = new_dates(known, unfold(title), last_no=self.story.last_no, source="config", now=now)
        kept = {item.release.ref: item for item in (*self.story.releases, *dates.kept)}
        self.gone = {ref: item for ref, item in self.gone.items() if ref not in kept}
        self.gone |= {ref: replace(known[ref], gone_at=now) for ref in dates.gone}
        releases = tuple(item for ref, item in kept.items() if ref not in dates.gone)
        self.story = replace(self.story, releases=releases, changes=(*self.story.changes, *dates.changes))
        self.sub = replace(self.sub, title=title)

    def moves(self, when: str | None, now: datetime) -> None:
        """Have the title's date change."""
        self.becomes(replace(self.sub.title, premiere=parse_when(when), cancelled=False), now)

    def is_cancelled(self, now: datetime) -> None:
        """Have the title be cancelled."""
        self.becomes(replace(self.sub.title, cancelled=True), now)

    def person_becomes(self, **over: Any) -> None:
        """Have the person live elsewhere, or like it otherwise."""
        self.sub = replace(self.sub, subscriber=replace(self.sub.subscriber, **over))

    def plan(self, now: datetime) -> Plan:
        """Return the plan at `now`."""
        return plan(self.sub, self.story, now, GRACE)

    def sweep(self, now: datetime, *, arrives: bool = True) -> list[Decision]:
        """Decide what is due at `now`; it arrives. Return everything decided."""
        decided: Decided = decide(self.sub, self.story, self.plan(now), now)
        self.before = self.sub, self.story
        self.sub, self.story = after(self.sub, self.story, decided, now, as_sent=arrives)
        return list(decided.decisions)

    def sent(self, now: datetime) -> list[tuple[Kind, str | None]]:
        """Sweep at `now`; return kind and lead of what went out."""
        return [(item.kind, item.lead) for item in self.sweep(now) if item.channels]

    def through(self, start: datetime, end: datetime) -> list[tuple[datetime, Kind, str | None]]:
        """Live from `start` to `end`, sweeping at each moment; return what went out when."""
        return [(now, item.kind, item.lead) for now, item in self.decided(start, end) if item.channels]

    def decided(self, start: datetime, end: datetime) -> list[tuple[datetime, Decision]]:
        """Live from `start` to `end`, sweeping at each moment; return everything decided, and when."""
        gone: list[tuple[datetime, Decision]] = []
        now = start
        while now < end:
            gone += [(now, item) for item in self.sweep(now)]
            following = self.plan(now).next_due_at
            if following is None:
                return gone
            now = max(following, now + timedelta(seconds=1))
        return gone


def quiet(text: str) -> QuietHours:
    """Return quiet hours."""
    return QuietHours.parse(text)


def lived(life: Life, events: list[tuple[str, str]], until: str, *, start: str = "2025-06-01 10:00") -> list[str]:
    """Live from `start` to `until` while events happen; return what went out, as `07-02 09:00 reminder 7d`.

    An event is a local time of the person's and a date to move to, or `cancelled`, `down`, `up`, `mute`, `unmute`.
    """
    zone = str(life.sub.subscriber.zone)
    gone: list[tuple[datetime, Kind, str | None]] = []
    now, is_up = at(start, zone), True
    for moment, event in [*events, (until, "")]:
        then = at(moment, zone)
        gone += life.through(now, then) if is_up else []
        is_up = event != "down" and (is_up or event == "up")
        _happen(life, event, then)
        now = then
    return [told(life.sub.subscriber, *item) for item in gone]


def _happen(life: Life, event: str, now: datetime) -> None:
    if event in {"mute", "unmute"}:
        life.sub = replace(life.sub, muted=event == "mute")
    elif event == "cancelled":
        life.is_cancelled(now)
    elif event not in {"", "up", "down"}:
        life.moves(event, now)


def told(who: Subscriber, now: datetime, kind: Kind, lead: str | None) -> str:
    """Return what went out, as the person's clock showed it."""
    return f"{who.local(now):%m-%d %H:%M} {kind}{f' {lead}' if lead else ''}"
