"""What is to come, played through without sending (SPEC 7, `plan` and `simulate`)."""

from __future__ import annotations

import cProfile
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.model.digest import Digest, Every
from reminder.core.model.entities import Kind
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Decision, RecordedMessage, State, TitleHistory
from reminder.core.schedule.decide import decide
from reminder.core.schedule.outlook import after, outlook
from reminder.core.schedule.plan import plan
from reminder.core.schedule.season import parse_drop
from tests.support.rules import GRACE, Life, a_title, at, person, quiet, told

BEGAN = at("2025-06-01 10:00")


def foreseen(life: Life, start: datetime, end: datetime) -> list[str]:
    found = outlook(life.sub, life.story, start=start, end=end, grace=GRACE)
    return [told(life.sub.subscriber, now, item.kind, item.lead) for now, item in found if item.channels]


def test_it_foresees_every_message_with_its_instant() -> None:
    assert foreseen(Life(a_title(), began=BEGAN), BEGAN, at("2025-08-01 00:00")) == [
        "07-02 09:00 reminder 7d",
        "07-08 09:00 reminder 1d",
        "07-09 09:00 reminder day",
    ]


def test_its_start_is_included_and_its_end_is_not() -> None:
    life = Life(a_title(), began=BEGAN)
    life.sweep(at("2025-07-02 09:00"))

    assert foreseen(life, at("2025-07-08 09:00"), at("2025-07-09 09:00")) == ["07-08 09:00 reminder 1d"]


def test_it_changes_nothing() -> None:
    life = Life(a_title(), began=BEGAN)
    before = life.story

    assert foreseen(life, BEGAN, at("2025-08-01 00:00")) == foreseen(life, BEGAN, at("2025-08-01 00:00"))
    assert life.story == before


def test_what_is_overdue_goes_at_its_start() -> None:
    life = Life(a_title(), began=BEGAN)

    assert foreseen(life, at("2025-07-07 10:00"), at("2025-07-08 00:00")) == ["07-07 10:00 reminder 7d"]


def test_what_is_overdue_in_quiet_hours_goes_at_their_end() -> None:
    life = Life(a_title(), person(quiet=quiet("22:00-08:00")), began=BEGAN)

    assert foreseen(life, at("2025-07-06 23:00"), at("2025-07-08 00:00")) == ["07-07 08:00 reminder 7d"]
    assert not foreseen(life, at("2025-07-06 23:00"), at("2025-07-07 08:00"))


def test_a_notice_that_waits_is_foreseen_with_the_leads_after_it() -> None:
    life = Life(a_title(), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))

    assert foreseen(life, at("2025-06-10 11:00"), at("2025-07-14 00:00")) == [
        "06-11 09:00 moved",
        "07-13 09:00 reminder 7d",
    ]


def test_what_is_on_its_way_is_taken_to_arrive() -> None:
    life = Life(a_title(), began=BEGAN, ladder=["day"])
    life.sweep(at("2025-07-09 09:00"), arrives=False)

    assert life.story.recorded[0].state is State.DUE
    assert not foreseen(life, at("2025-07-09 10:00"), at("2025-08-01 00:00"))


def test_moved_back_while_its_notice_is_on_its_way_does_not_end_the_outlook() -> None:
    life = Life(a_title(), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))
    life.sweep(at("2025-06-11 09:00"), arrives=False)
    life.moves("July 9, 2025", at("2025-06-11 09:01"))

    assert foreseen(life, at("2025-06-11 09:02"), at("2025-08-01 00:00")) == [
        "06-12 09:00 moved",
        "07-02 09:00 reminder 7d",
        "07-08 09:00 reminder 1d",
        "07-09 09:00 reminder day",
    ]


def test_a_muted_title_is_foreseen_in_silence() -> None:
    life = Life(a_title(), began=BEGAN)
    life.sub = replace(life.sub, muted=True)

    assert not foreseen(life, BEGAN, at("2025-08-01 00:00"))


def test_a_date_that_the_readers_zone_leaves_out_is_told_at_the_first_instant_after_it() -> None:
    samoa = "Pacific/Apia"
    began = at("2011-12-01 12:00", samoa)
    life = Life(a_title(when="2011-12-30"), person(zone=samoa), began=began)

    assert life.through(began, at("2012-02-01 12:00", samoa)) == [
        (at("2011-12-23 09:00", samoa), Kind.REMINDER, "7d"),
        (at("2011-12-29 09:00", samoa), Kind.REMINDER, "1d"),
        (at("2011-12-31 00:00", samoa), Kind.REMINDER, "day"),
    ]


def plainly(life: Life, start: datetime, end: datetime) -> list[tuple[datetime, Decision]]:
    """Return the outlook as it is defined: the whole plan made again after everything that is decided."""
    sub, now = life.sub, start
    found: list[tuple[datetime, Decision]] = []
    story = replace(life.story, recorded=tuple(arrived(line, start) for line in life.story.recorded))
    while True:
        due_at = plan(sub, story, now, GRACE).next_due_at
        if due_at is None or max(due_at, now) >= end:
            return found
        now = max(due_at, now)
        decided = decide(sub, story, plan(sub, story, now, GRACE), now)
        found += [(now, decision) for decision in decided.decisions]
        if not decided.decisions and decided.noticed_no == sub.noticed_no:
            return found
        sub, story = after(sub, story, decided, now, as_sent=True)


def arrived(line: RecordedMessage, now: datetime) -> RecordedMessage:
    is_open = line.state in {State.DUE, State.SENDING, State.RETRYING}
    return replace(line, state=State.SENT, sent_at=now, closed_at=now) if is_open else line


def mishaps(story: TitleHistory, states: list[State | None]) -> TitleHistory:
    """Return a story whose messages came to something else than they did, one after the other."""
    lines = [
        replace(line, state=state, sent_at=None, closed_at=line.useful_until) if state else line
        for line, state in zip(story.recorded, states, strict=False)
    ]
    return replace(story, recorded=(*lines, *story.recorded[len(lines) :]))


SEASONS = st.builds(
    lambda when, drop, episodes: a_title(when=when, drop=parse_drop(drop), episodes=episodes),
    st.sampled_from(["2025-06-03", "2025-06-20 21:00 America/New_York", "2025-07-09"]),
    st.sampled_from(["weekly", "daily", "2 then weekly", "all"]),
    st.integers(2, 40),
)
STATES = st.sampled_from([None, State.EXPIRED, State.FAILED, State.SKIPPED, State.RETRYING])
MOVES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["2025-06-05", "2025-07-16", "fall 2025"])), max_size=3)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Return a season that somebody has followed for a while: moved, told of, and not always with success."""
    hours = draw(st.sampled_from([None, "22:00-08:30"]))
    digest = draw(st.sampled_from([None, Digest(every=Every.WEEKLY, weekday=4)]))
    who = person(quiet=quiet(hours) if hours else None, digest=digest)
    leads = st.sampled_from([["7d", "day"], ["12h", "release", "+1d"], ["30d", "1d"]])
    life = Life(draw(SEASONS), who, began=BEGAN, ladder=draw(leads))
    if draw(st.booleans()):
        by_kind = {"premiere": draw(leads), "episode": draw(leads), "finale": ["+1d"]}
        life.sub = replace(life.sub, ladder=Ladder.parse(by_kind))
    moved = draw(MOVES)
    sweeps = draw(st.lists(st.integers(0, 60), max_size=4))
    for day, when in sorted([*moved, *((day, "") for day in sweeps)]):
        now = BEGAN + timedelta(days=day, hours=3)
        if when:
            life.moves(when, now)
        else:
            life.sweep(now)
    life.story = mishaps(life.story, draw(st.lists(STATES, max_size=12)))
    return life


@given(life=lives(), start=st.integers(0, 70))
def test_a_season_is_foreseen_release_by_release_as_it_is_planned_as_a_whole(life: Life, start: int) -> None:
    begin = BEGAN + timedelta(days=start, hours=15)
    end = begin + timedelta(days=120)

    assert list(outlook(life.sub, life.story, start=begin, end=end, grace=GRACE)) == plainly(life, begin, end)


def test_a_loss_is_foreseen_though_a_reminder_goes_out_before_the_release() -> None:
    title = a_title(when="2025-06-03", drop=parse_drop("weekly"), episodes=2)
    life = Life(title, person(), began=BEGAN, ladder=["30d", "1d"])
    life.moves("2025-06-05", BEGAN + timedelta(hours=3))
    life.sweep(BEGAN + timedelta(days=1, hours=3))
    life.story = mishaps(life.story, [State.EXPIRED])
    begin, end = BEGAN + timedelta(days=1, hours=15), BEGAN + timedelta(days=120)

    expected = plainly(life, begin, end)
    assert Kind.MISSED in {decision.kind for _, decision in expected}
    assert list(outlook(life.sub, life.story, start=begin, end=end, grace=GRACE)) == expected


@pytest.mark.properties
@pytest.mark.parametrize(("drop", "ladder"), [("daily", ["day"]), ("weekly", ["7d", "1d", "day"]), ("daily", ["12h"])])
def test_what_it_costs_to_foresee_a_season_grows_with_its_messages(drop: str, ladder: list[str]) -> None:
    def work(episodes: int) -> int:
        life = Life(a_title(episodes=episodes, drop=parse_drop(drop)), began=BEGAN)
        life.sub = replace(life.sub, ladder=Ladder.parse(dict.fromkeys(("premiere", "episode", "finale"), ladder)))
        profile = cProfile.Profile()
        profile.runcall(
            lambda: list(outlook(life.sub, life.story, start=BEGAN, end=at("2190-01-01 00:00"), grace=GRACE))
        )
        return sum(entry.callcount for entry in profile.getstats())

    assert work(400) < 2.5 * work(200)
