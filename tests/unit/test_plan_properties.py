"""What holds for every plan, whatever moves, however someone likes to be told, and whenever the program looks."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.local_time import QuietHours
from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.digest import Digest, Every
from reminder.core.model.drop import Drop, Pace
from reminder.core.model.entities import Subscriber, Title
from reminder.core.model.ledger import Decision, State
from reminder.core.schedule.decide import decide
from reminder.core.schedule.heard import heard
from reminder.core.schedule.moments import without_moment
from reminder.core.schedule.outlook import after, next_look, outlook
from reminder.core.schedule.plan import Plan, PlanVerdict
from reminder.core.schedule.plan import plan as make_plan
from reminder.core.schedule.season import ladder_role
from tests.support.rules import GRACE, Life, a_title, person

BEGAN = datetime(2025, 6, 1, 4, 30, tzinfo=UTC)
ZONES = ("Asia/Kolkata", "America/New_York", "Pacific/Honolulu", "Pacific/Kiritimati", "Australia/Lord_Howe")
LEADS = ("30d", "2w", "7d", "2d", "1d", "day", "release", "48h", "12h", "45m", "+2h", "+1d", "+1w")

days = st.dates(date(2025, 5, 25), date(2025, 8, 15)).map(When.day)
instants = st.integers(0, 80 * 24).map(lambda hours: When.exact(BEGAN + timedelta(hours=hours)))
coarse = st.sampled_from(
    [When.month(2025, 6), When.month(2025, 7), When.quarter(2025, 3), When.season(2025, "summer"), When.year(2025)]
)
dates = st.one_of(days, days, instants, coarse, st.just(UNKNOWN))
changes = dates | st.just(CANCELLED)
drops = st.sampled_from([None, Drop(pace=Pace.WEEKLY), Drop(pace=Pace.DAILY, first=2)])
quiet_hours = st.sampled_from([None, QuietHours.parse("22:00-08:00"), QuietHours.parse("12:00-14:30")])
digests = st.sampled_from([None, None, Digest(every=Every.DAILY), Digest(every=Every.WEEKLY, weekday=0)])
ladders = st.lists(st.sampled_from(LEADS), max_size=5, unique=True)


@st.composite
def people(draw: st.DrawFn) -> Subscriber:
    return person(
        zone=draw(st.sampled_from(ZONES)),
        at=draw(st.sampled_from([time(9), time(20), time(8)])),
        quiet=draw(quiet_hours),
        digest=draw(digests),
    )


@st.composite
def titles(draw: st.DrawFn) -> Title:
    drop = draw(drops)
    return replace(a_title(when=None, drop=drop, episodes=3 if drop else None), premiere=draw(dates))


lives = st.builds(lambda title, who, ladder: Life(title, who, began=BEGAN, ladder=ladder), titles(), people(), ladders)


@dataclass(frozen=True, kw_only=True)
class Event:
    """After `wait`, the date becomes `when`; with `is_down`, nothing was looked at in the meantime.

    `zone` and `at` are where the person lives from then on, and the hour they then want.
    """

    wait: timedelta
    when: When
    is_down: bool
    zone: str | None = None
    at: time | None = None


waits = st.integers(1, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)) | st.integers(0, 90).map(
    lambda minutes: timedelta(minutes=minutes)
)
events = st.lists(st.builds(Event, wait=waits, when=changes, is_down=st.booleans()), max_size=4)
moves = st.lists(
    st.builds(
        Event,
        wait=waits,
        when=changes,
        is_down=st.booleans(),
        zone=st.none() | st.sampled_from(ZONES),
        at=st.sampled_from([None, time(9), time(20), time(8)]),
    ),
    max_size=5,
)
Seen = tuple[datetime, Plan, list[Decision]]


def living(life: Life, happenings: list[Event], *, rest: timedelta = timedelta(days=150)) -> Iterator[Seen]:
    """Live through the events and the `rest` after them; yield each look at the plan with what it decided."""
    now = BEGAN
    for event in happenings:
        then = now + event.wait
        if not event.is_down:
            yield from looks(life, now, then)
        title = life.sub.title
        is_off = event.when == CANCELLED
        life.becomes(replace(title, cancelled=is_off, premiere=title.premiere if is_off else event.when), then)
        who = life.sub.subscriber
        life.person_becomes(zone=ZoneInfo(event.zone or who.zone.key), at=event.at or who.at)
        now = then
    yield from looks(life, now, now + rest)


def looks(life: Life, start: datetime, end: datetime) -> Iterator[Seen]:
    now = start
    while now < end:
        plan = life.plan(now)
        decided = life.sweep(now)
        yield now, plan, decided
        following = life.plan(now).next_due_at
        if following is None:
            return
        assert following > now or decided, "each look at what is due decides something"
        now = following


@given(life=lives, happenings=moves)
def test_no_key_is_sent_twice(life: Life, happenings: list[Event]) -> None:
    decisions = [decision for _, _, decided in living(life, happenings) for decision in decided]

    keys = Counter((item.ref, item.what, item.anchor) for item in decisions if item.reopens is None)
    assert not [key for key, count in keys.items() if count > 1]
    assert not [item for item in decisions if item.reopens is not None], "nothing was skipped, so nothing reopens"


@given(life=lives, happenings=moves)
def test_nothing_is_sent_before_its_moment_or_in_quiet_hours(life: Life, happenings: list[Event]) -> None:
    for now, _, decided in living(life, happenings):
        for decision in decided:
            assert decision.at <= now
            assert not decision.channels or now <= decision.useful_until
            quiet = life.sub.subscriber.quiet
            assert quiet is None or not quiet.contains(life.sub.subscriber.local(now).time())


@given(life=lives, happenings=moves, has_channel=st.booleans())
def test_when_to_look_again_is_what_a_new_plan_would_say(
    life: Life, happenings: list[Event], has_channel: bool
) -> None:
    if not has_channel:
        life.person_becomes(channels=())
    for now, plan, _ in living(life, happenings):
        sub, story = life.before
        decided = decide(sub, story, plan, now)
        anew = make_plan(*after(sub, story, decided, now, as_sent=False), now, GRACE)
        assert next_look(sub, story, plan, decided, now, GRACE) == anew.next_due_at


@given(life=lives, happenings=moves)
def test_one_message_at_a_time_about_one_release(life: Life, happenings: list[Event]) -> None:
    for _, _, decided in living(life, happenings):
        gone = Counter(item.ref for item in decided if item.channels)
        assert all(count == 1 for count in gone.values())


@given(life=lives, happenings=moves)
def test_every_lead_stands_in_the_plan_with_a_verdict_and_a_reason(life: Life, happenings: list[Event]) -> None:
    for _, plan, _ in living(life, happenings):
        assert stated(life, plan) == wanted(life)
        for item in plan.planned:
            assert (item.reason is None) == (
                item.verdict in {PlanVerdict.DUE, PlanVerdict.TO_COME, PlanVerdict.RECORDED}
            )
            assert (item.recorded is None) == (item.verdict is not PlanVerdict.RECORDED)


@given(life=lives, happenings=moves)
def test_in_the_end_every_lead_that_was_owed_is_in_the_ledger(life: Life, happenings: list[Event]) -> None:
    deque(living(life, happenings, rest=timedelta(days=400)), maxlen=0)

    for item in life.plan(BEGAN + timedelta(days=500)).planned:
        assert item.verdict in {PlanVerdict.RECORDED, PlanVerdict.NOT_OWED}


def stated(life: Life, plan: Plan) -> Counter[tuple[object, str]]:
    with_moment = [(item.moment.release.ref, item.moment.what) for item in plan.planned if item.moment.lead]
    releases = [dated.release for dated in life.story.releases]
    without = [(release.ref, lead.key) for release in releases for lead in without_moment(life.sub, release)]
    return Counter([*with_moment, *without])


def wanted(life: Life) -> Counter[tuple[object, str]]:
    releases = [dated.release for dated in life.story.releases]
    return Counter(
        (release.ref, lead.key)
        for release in releases
        for lead in life.sub.ladder.of(ladder_role(life.sub.title, release))
    )


@given(life=lives, happenings=moves)
def test_each_slot_that_does_not_go_says_why(life: Life, happenings: list[Event]) -> None:
    for _, _, decided in living(life, happenings):
        for decision in decided:
            assert decision.slots
            assert all((slot.reason is None) == (slot.state is State.DUE) for slot in decision.slots)


@given(
    life=lives,
    zone=st.sampled_from(ZONES),
    at=st.sampled_from([time(9), time(20), time(8)]),
    days_in=st.integers(0, 60),
)
def test_living_elsewhere_or_by_another_hour_repeats_no_lead(life: Life, zone: str, at: time, days_in: int) -> None:
    moved_at = BEGAN + timedelta(days=days_in)
    before = list(looks(life, BEGAN, moved_at))
    life.person_becomes(zone=ZoneInfo(zone), at=at)
    after = list(looks(life, moved_at, BEGAN + timedelta(days=200)))

    gone = Counter((item.ref, item.what) for _, _, decided in [*before, *after] for item in decided if item.channels)
    assert all(count == 1 for count in gone.values())


@given(life=lives, happenings=events)
def test_nobody_is_left_with_a_day_that_is_no_longer_true(life: Life, happenings: list[Event]) -> None:
    for now, _, _ in living(life, happenings):
        end = now
    for dated in life.story.releases:
        known, zone = heard(life.sub, life.story, dated.release.ref), life.sub.subscriber.zone
        present = dated.release.when.day_in(zone)
        if present is not None and present > life.sub.subscriber.today(end):
            assert known.day_in(zone) == present


@given(life=lives, happenings=moves, start=st.integers(0, 60), length=st.integers(0, 90))
def test_the_outlook_is_what_living_through_the_time_shows(
    life: Life, happenings: list[Event], start: int, length: int
) -> None:
    deque(living(life, happenings, rest=timedelta()), maxlen=0)
    begin = last_moment(happenings) + timedelta(days=start)
    end = begin + timedelta(days=length)
    foreseen = list(outlook(life.sub, life.story, start=begin, end=end, grace=GRACE))

    lived = [(now, decision) for now, _, decided in looks(life, begin, end) for decision in decided]

    assert foreseen == lived


def last_moment(happenings: list[Event]) -> datetime:
    return BEGAN + sum((event.wait for event in happenings), timedelta())
