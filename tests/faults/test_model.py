"""A household that lives through anything, in any order: what holds for every message whatever happens.

Over a real SQLite file, the real config, sync, plan, sweep and ledger; only the wire is ours, and time.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Row, select

from reminder.core.model.entities import NOTICES, Channel, Kind
from reminder.core.model.ledger import OPEN, State
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import AS_PLAIN_TOO, Failure, FailureKind
from reminder.core.text.message import Words
from reminder.daemon.build_delivery import build_sweeper
from reminder.daemon.retention import Pruner
from reminder.delivery.sender import InlineSender
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SimulatedClock
from reminder.platform.failpoints import Failpoint, FailpointPlace
from reminder.store import outbox_write
from reminder.store.load_plans import newest_row, next_moment
from reminder.store.sql.store import open_store
from reminder.store.sql.tables import channel, delivery, message, subscriber, title
from tests.support.faults import Failpoints, armed
from tests.support.stores import migrated
from tests.support.world import World

START: Final = "2025-03-20 12:00"
TITLES: Final = {
    "Ballard": ("Ballard", "Balard"),
    "Foundation": ("Foundation", "Fundation"),
    "1899": ("1899", "Eighteen"),
}
"""Titles, each with the two names by which it may be listed."""
CHANNELS: Final = {"mail": ("mail", "post"), "phone": ("phone", "mobile"), "noas": ("noas", "hers")}
"""Channels, each with the two names that its URL may have."""
NOA: Final = ("noa", "noah")
IS_NAMED: Final = {spelt: name for names in (TITLES, CHANNELS) for name, both in names.items() for spelt in both}
LEADS: Final = ("3d", "2d", "1d", "day", "+1d")
BASE: Final = """
timezone: Asia/Kolkata
burst: 0
"""
TO_CRASH_AT: Final = (
    FailpointPlace.DECIDE, FailpointPlace.CLAIM, FailpointPlace.CLAIMED, FailpointPlace.SEND, FailpointPlace.ANSWERED, FailpointPlace.RECORD, FailpointPlace.RECORDED,
)  # fmt: skip
DOWN: Final = {kind: Failure(kind=kind, reason=f"{kind} for a while") for kind in FailureKind}
KEEP: Final = timedelta(days=60)
"""The least that `keep:` may say."""

AUCKLAND: Final = ZoneInfo("Pacific/Auckland")
KOLKATA: Final = ZoneInfo("Asia/Kolkata")
ZONES: Final = {"me": KOLKATA}
KNOWN: Final = (title.c.name, subscriber.c.name, channel.c.name)

OFTEN: Final = st.integers(min_value=1, max_value=40)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message that left: by which delivery, in what words, whether the service has it, and whether it said so."""

    by: int
    subject: str
    has_it: bool
    said_so: bool


@dataclass
class Wire:
    """Takes what is sent, or says why not; an unknown outcome may have arrived, and here it has."""

    down: dict[str, FailureKind] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    stuck: int = 0

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Answer."""
        assert words.subject
        kind = self.down.get(IS_NAMED[channel.name])
        has_it = kind in {None, FailureKind.UNKNOWN}
        by = int(ref.partition("@")[0])
        self.taken.append(Taken(by=by, subject=words.subject, has_it=has_it, said_so=kind is None))
        return Sent() if kind is None else DOWN[kind]

    def close(self) -> None:
        """Do nothing."""


@dataclass
class Entry:
    """A title as the config has it."""

    spelt: str
    was: str | None = None
    premiere: str = "TBA"
    cancelled: bool = False
    listed: bool = True
    leads: tuple[str, ...] = ("1d", "day")

    def line(self) -> str:
        """Return it as the config spells it."""
        more = (", cancelled: true" if self.cancelled else "") + (f', was: "{self.was}"' if self.was else "")
        return f'  - {{title: "{self.spelt}", premiere: "{self.premiere}", remind: [{", ".join(self.leads)}]{more}}}'


class Household(World):
    """A world over a file, whose wire is ours."""

    def __init__(self, folder: Path, config: str) -> None:
        self.config, self.base, self.zone, self.start = config, BASE, "Asia/Kolkata", START
        self.environ: dict[str, str] = {}
        path = folder / "reminder.db"
        path.write_bytes(migrated())
        self.store = open_store(Secret(str(path)))
        self.clock = SimulatedClock(self.instant(START))
        self.wire = Wire()
        self.arrived = []
        self.gone: dict[int, Row[Any]] = {}
        self.app = self._read()
        self.begin()

    def begin(self) -> Household:
        """Start anew, as a process does."""
        self.app.config_sync.begin(self.store, self.app.clock.now())
        self.sweeper = build_sweeper(self.app, self.store, InlineSender(self.wire))
        # What fails is tried again after a wait with a spread: the same one in every run.
        self.sweeper._recorder.jitter = random.Random(0)
        return self

    def reload(self, config: str) -> None:
        """Take an edited config, as a daemon does; and it forgets nothing."""
        self.config = config
        sweeper, self.app = self.sweeper, self._read()
        self.app.config_sync.begin(self.store, self.app.clock.now())
        sweeper.channels, sweeper.grace = self.app.config.channels, self.app.config.grace

    def deliveries(self) -> dict[int, Row[Any]]:
        """Return every delivery beside its message, its person and its title."""
        key = (message.c.title_id, message.c.season, message.c.first, message.c.what, message.c.anchor)
        columns = (*key, message.c.kind, message.c.at, message.c.useful_until, subscriber.c.name.label("person"))
        query = select(delivery, *columns, title.c.name.label("title_name"))
        query = query.join(message, delivery.c.message_id == message.c.id)
        query = query.join(subscriber, subscriber.c.id == delivery.c.subscriber_id).outerjoin(title)
        with self.store.read() as tx:
            return self.gone | {row.id: row for row in tx.execute(query)}

    def prune(self) -> None:
        """Take out of the ledger what is old; what was there is remembered here."""
        self.gone = self.deliveries()
        Pruner(store=self.store, keep=KEEP).prune(self.clock.now())


class AnyLife(RuleBasedStateMachine):
    """What may happen, in any order, and what always holds."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="reminder-model-")
        self.points = Failpoints(Path(self.folder.name) / "points")
        self.entries = {name: Entry(spelt=name) for name in TITLES}
        self.channels = {name: name for name in CHANNELS}
        self.noa = NOA[0]
        self.muted: set[str] = set()
        self.risked: Counter[int] = Counter()
        self.checked = 0
        self.latest = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
        self.home = Household(Path(self.folder.name), self._config())

    def _config(self) -> str:
        urls = ", ".join(f'{spelt}: "json://127.0.0.1:9/{name}"' for name, spelt in self.channels.items())
        mail, phone, noas = self.channels.values()
        people = {
            "me": f"channels: [{mail}, {phone}]",
            self.noa: f"channels: [{noas}], timezone: Pacific/Auckland, quiet_hours: '22:00-08:00'",
        }
        spelt = sorted(f'"{self.entries[name].spelt}"' for name in self.muted)
        muted = f", mute: [{', '.join(spelt)}]" if spelt else ""
        lines = [f"  {name}: {{{text}{muted if name == 'me' else ''}}}" for name, text in people.items()]
        listed = [entry.line() for entry in self.entries.values() if entry.listed]
        head = (f"channels: {{{urls}}}", "subscribers:", *lines)
        return "\n".join([*head, "watch:" if listed else "watch: []", *listed, ""])

    def _edited(self) -> None:
        self.home.reload(self._config())

    # What happens

    @initialize(offsets=st.tuples(*[st.integers(0, 9)] * len(TITLES)))
    def begin(self, offsets: tuple[int, ...]) -> None:
        for name, offset in zip(TITLES, offsets, strict=True):
            self.entries[name].premiere = self._day(offset)
        self._edited()

    def _day(self, offset: int) -> str:
        return f"{self.home.clock.now().astimezone(ZoneInfo('Asia/Kolkata')).date() + timedelta(days=offset)}"

    @rule(name=st.sampled_from(tuple(TITLES)), offset=st.integers(-1, 9))
    def move(self, name: str, offset: int) -> None:
        self.entries[name].premiere = self._day(offset)
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)), premiere=st.sampled_from(["TBA", "April 2025", "2025", "spring 2025"]))
    def withdraw(self, name: str, premiere: str) -> None:
        self.entries[name].premiere = premiere
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)))
    def cancel_or_bring_back(self, name: str) -> None:
        self.entries[name].cancelled = not self.entries[name].cancelled
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)))
    def unlist_or_relist(self, name: str) -> None:
        self.entries[name].listed = not self.entries[name].listed
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)), lead=st.sampled_from(LEADS))
    def add_or_drop_a_lead(self, name: str, lead: str) -> None:
        leads = set(self.entries[name].leads) ^ {lead}
        self.entries[name].leads = tuple(each for each in LEADS if each in leads)
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)))
    def mute_or_unmute(self, name: str) -> None:
        self.muted ^= {name}
        self._edited()

    @rule(name=st.sampled_from(tuple(TITLES)), says_so=st.booleans(), offset=st.none() | st.integers(0, 9))
    def rename_a_title(self, name: str, says_so: bool, offset: int | None) -> None:
        """Spell it otherwise; where it is not plain that it is the same, say so."""
        entry = self.entries[name]
        if not entry.listed:
            return
        old, entry.was = entry.spelt, None
        entry.spelt = next(spelt for spelt in TITLES[name] if spelt != old)
        if offset is not None:
            entry.premiere = self._day(offset)
        is_plain = offset is None and name != "1899" and entry.premiere[:3] == "202" and len(entry.premiere) == 10
        if says_so or not is_plain:
            entry.was = old
        self._edited()

    @rule(name=st.sampled_from(tuple(CHANNELS)))
    def rename_a_channel(self, name: str) -> None:
        self.channels[name] = next(spelt for spelt in CHANNELS[name] if spelt != self.channels[name])
        self._edited()

    @rule()
    def rename_a_person(self) -> None:
        self.noa = next(spelt for spelt in NOA if spelt != self.noa)
        self._edited()

    @rule(name=st.sampled_from(tuple(CHANNELS)), kind=st.sampled_from(FailureKind))
    def a_channel_goes_down(self, name: str, kind: FailureKind) -> None:
        self.home.wire.down[name] = kind

    @rule(name=st.sampled_from(tuple(CHANNELS)))
    def a_channel_comes_up(self, name: str) -> None:
        self.home.wire.down.pop(name, None)

    @rule(hours=OFTEN)
    def live(self, hours: int) -> None:
        self._live(timedelta(hours=hours))

    @rule(hours=OFTEN)
    def be_off(self, hours: int) -> None:
        self.home.clock.advance(timedelta(hours=hours))
        self.home.begin()

    @rule(name=st.sampled_from(tuple(TITLES)), minutes=st.integers(1, 59))
    def be_off_until_just_before_the_hour_of_a_release(self, name: str, minutes: int) -> None:
        """What is late by then says what the day's own would."""
        self.entries[name].premiere = self._day(2)
        self._edited()
        morning = self.home.clock.now().astimezone(KOLKATA).replace(hour=8, minute=minutes) + timedelta(days=2)
        self.home.clock.advance(morning - self.home.clock.now())
        self.home.begin().settle()
        self._live(timedelta(hours=2))

    @rule(days=st.integers(min_value=1, max_value=20))
    def the_ledger_is_pruned_after_months(self, days: int) -> None:
        self.home.clock.advance(KEEP + timedelta(days=days))
        self.home.begin().settle()
        self.home.prune()

    @rule(hours=st.integers(min_value=1, max_value=20))
    def the_clock_goes_back(self, hours: int) -> None:
        self.latest = max(self.latest, self.home.clock.now())
        with self.home.store.read() as tx:
            newest = newest_row(tx)
        back = self.home.clock.now() - timedelta(hours=hours)
        if newest is None or back > newest - timedelta(hours=23):  # else it is not believed, and nothing happens
            self.home.clock.set(back)
            self._pull_in()

    def _pull_in(self) -> None:
        with self.home.store.write() as tx:
            outbox_write.pull_in(tx, self.home.clock.now())

    @rule()
    def sweep(self) -> None:
        self.home.settle()

    @rule(name=st.sampled_from(tuple(CHANNELS)), kind=st.sampled_from(FailureKind))
    def a_moment_comes_while_a_channel_is_down(self, name: str, kind: FailureKind) -> None:
        self.home.wire.down[name] = kind
        self._until_the_next_moment()
        self.home.settle()

    def _until_the_next_moment(self) -> None:
        """Pass the time until something is due, a few days at most."""
        now = self.home.clock.now()
        with self.home.store.read() as tx:
            following = next_moment(tx) or now
        self.home.clock.advance(min(max(following - now, timedelta(0)), timedelta(days=4)))

    @rule(place=st.sampled_from(TO_CRASH_AT))
    def crash(self, place: FailpointPlace) -> None:
        self._until_the_next_moment()
        self.points.set(place, "raise")
        with armed(self.points.folder):
            try:
                self.home.settle()
            except Failpoint:
                held = [row.id for row in self.home.deliveries().values() if row.state == State.SENDING]
                self.risked.update(held)
        self.points.clear(place)
        self.home.begin()

    def _live(self, so_long: timedelta) -> None:
        until = self.home.clock.now() + so_long
        self.home.live(until.astimezone(KOLKATA).replace(tzinfo=None).isoformat())

    # What holds

    @invariant()
    def what_left_was_due_and_wanted(self) -> None:
        rows = self.home.deliveries()
        self.latest = max(self.latest, self.home.clock.now())
        for taken in self.home.wire.taken[self.checked :]:
            row = rows[taken.by]
            assert row.at <= self.latest, f"{row.kind} of {row.title_name} left before its moment"
            if row.kind == Kind.TROUBLE:
                continue
            name = IS_NAMED[row.title_name]
            entry = self.entries[name]
            assert entry.listed, f"{row.kind} of {row.title_name} left after it was unlisted"
            assert row.person != "me" or name not in self.muted, f"{row.title_name} is muted"
            assert row.kind in {*NOTICES, Kind.MISSED} or not entry.cancelled, f"{row.title_name} is cancelled"
        self.checked = len(self.home.wire.taken)

    @invariant()
    def nothing_arrives_twice_but_for_what_was_on_its_way(self) -> None:
        rows = self.home.deliveries()
        copies: Counter[tuple[Any, ...]] = Counter()
        risks: Counter[tuple[Any, ...]] = Counter()
        for taken in self.home.wire.taken:
            key = key_of(rows[taken.by])
            copies[key] += taken.has_it
        for id_, times in (self.risked + Counter(taken.by for taken in self.home.wire.taken if unsure(taken))).items():
            risks[key_of(rows[id_])] += times
        assert [key for key, count in copies.items() if count > 1 + risks[key]] == []

    @invariant()
    def the_same_is_not_said_twice_on_one_day(self) -> None:
        rows = self.home.deliveries()
        last: dict[tuple[Any, ...], Taken] = {}
        for taken in self.home.wire.taken:
            row = rows[taken.by]
            on = row.closed_at and row.closed_at.astimezone(ZONES.get(row.person, AUCKLAND)).date()
            about = (row.subscriber_id, row.title_id, row.season, row.first, IS_NAMED[row.channel], on)
            before = last.get(about)
            if before and taken.said_so and row.kind == Kind.REMINDER and before.by != taken.by:
                assert before.subject != taken.subject, f"{taken.subject}, twice to {row.person} on {on}"
            if taken.said_so and row.state == State.SENT and row.title_id is not None:
                last[about] = taken

    @invariant()
    def nobody_and_nothing_is_known_twice(self) -> None:
        """Whatever is renamed, there is one row for each title, one for each person, and one channel for each URL."""
        with self.home.store.read() as tx:
            titles, people, channels = (tx.execute(select(column)).scalars().all() for column in KNOWN)
        assert sorted(IS_NAMED[name] for name in titles) == sorted({IS_NAMED[name] for name in titles})
        assert sorted(people) == sorted(["me", self.noa])
        assert sorted(channels) == sorted(self.channels.values())

    @invariant()
    def whatever_is_closed_says_why(self) -> None:
        rows = self.home.deliveries().values()
        assert [row for row in rows if State(row.state) not in OPEN | {State.SENT} and not row.reason] == []

    @invariant()
    def nothing_is_failed_but_what_was_refused_itself_beside_another_that_went_through(self) -> None:
        rows = self.home.deliveries().values()
        sent = {row.channel for row in rows if row.state == State.SENT}
        failed = [row for row in rows if row.state == State.FAILED]
        assert [row for row in failed if not str(row.reason).endswith(AS_PLAIN_TOO)] == []
        assert {row.channel for row in failed} <= sent

    def teardown(self) -> None:
        try:
            self._live_happily_ever_after()
        finally:
            self.home.close()
            self.folder.cleanup()

    def _live_happily_ever_after(self) -> None:
        """With every channel up nothing waits for ever, and every lead is accounted for."""
        self.home.wire.down.clear()
        self._live(timedelta(days=45))
        waiting = [row for row in self.home.deliveries().values() if State(row.state) in OPEN]
        assert waiting == []
        self.what_left_was_due_and_wanted()
        self.nothing_arrives_twice_but_for_what_was_on_its_way()
        assert self.home.unexplained() == []


def key_of(row: Row[Any]) -> tuple[Any, ...]:
    """Return what may arrive once: the key of the message, not its number, which goes when the ledger is pruned."""
    place = row.channel and IS_NAMED[row.channel]
    return (row.subscriber_id, row.title_id, row.season, row.first, row.what, row.anchor, place)


def unsure(taken: Taken) -> bool:
    return taken.has_it and not taken.said_so


AnyLife.TestCase.settings = settings(
    max_examples=16, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_life = AnyLife.TestCase
