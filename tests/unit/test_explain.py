"""Why something will, or will not, be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import ChannelUse, Role, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import State
from reminder.core.schedule.explain import explain, has_passed, silence
from reminder.core.wording import in_words
from reminder.texts.languages.choice import language_of
from tests.support.rules import GRACE, Life, a_title, at, person

FIRST = at("2025-06-20 12:00")
END = at("2026-12-31 00:00")
ZONE = ZoneInfo("Asia/Kolkata")

Told = list[tuple[str | None, str | None, str | None]]


def told(life: Life, now: datetime) -> Told:
    """Return what is explained at `now`: lead or kind, the date, and the reason (None: it will be sent)."""
    found = explain(life.sub, life.story, now=now, end=END, grace=GRACE)
    return [(item.lead or str(item.kind), item.release.when.json(), item.reason) for item in found]


def why_silent(life: Life, now: datetime) -> str:
    return silence(life.sub.title, [(life.sub, life.story)], zone=ZONE, now=now, grace=GRACE)


def test_before_anything_was_sent_all_is_to_come() -> None:
    life = Life(a_title(), began=FIRST)
    assert told(life, FIRST) == [("7d", "2025-07-09", None), ("1d", "2025-07-09", None), ("day", "2025-07-09", None)]


def test_what_the_ledger_holds_is_not_repeated() -> None:
    life = Life(a_title(), began=FIRST)
    life.sweep(at("2025-07-02 09:00"))
    assert [lead for lead, _, _ in told(life, at("2025-07-03 09:00"))] == ["1d", "day"]


def test_what_had_passed_at_the_beginning_was_not_owed() -> None:
    life = Life(a_title(), began=at("2025-07-05 12:00"))
    assert told(life, at("2025-07-05 12:00"))[0] == ("7d", "2025-07-09", "subscribed later")


def test_hours_of_a_plain_day_have_no_time() -> None:
    life = Life(a_title(), began=FIRST, ladder=["2h", "day"])
    assert told(life, FIRST) == [("day", "2025-07-09", None), ("2h", "2025-07-09", "no time known")]


def test_leads_of_a_month_wait_for_a_day() -> None:
    life = Life(a_title(when="July 2025"), began=FIRST, ladder=["1d"])
    assert told(life, FIRST) == [("window", "2025-07", None), ("1d", "2025-07", "no day is known yet")]


def test_the_leads_of_a_former_date_moved() -> None:
    life = Life(a_title(), began=FIRST)
    life.sweep(at("2025-07-02 09:00"))
    life.becomes(a_title(when="July 16, 2025"), at("2025-07-03 12:00"))
    assert told(life, at("2025-07-03 12:00")) == [
        ("moved", "2025-07-16", None),
        ("1d", "2025-07-09", "moved"),
        ("day", "2025-07-09", "moved"),
        ("7d", "2025-07-16", None),
        ("1d", "2025-07-16", None),
        ("day", "2025-07-16", None),
    ]


def test_a_day_that_became_exact_has_not_moved() -> None:
    life = Life(a_title(), began=FIRST)
    life.becomes(a_title(when="2025-07-09 20:00 Asia/Kolkata"), at("2025-07-01 12:00"))
    assert "moved" not in [reason for _, _, reason in told(life, at("2025-07-01 12:00"))]


def test_a_date_that_came_back_is_told_once() -> None:
    life = Life(a_title(), began=FIRST)
    life.becomes(a_title(when="July 16, 2025"), at("2025-06-21 12:00"))
    life.becomes(a_title(), at("2025-06-22 12:00"))
    found = [item for item in told(life, at("2025-06-22 12:00")) if item[1] == "2025-07-09"]
    assert found == [
        ("moved", "2025-07-09", "moved back before it was told"),
        ("7d", "2025-07-09", None),
        ("1d", "2025-07-09", None),
        ("day", "2025-07-09", None),
    ]


def test_cancelled_leads_are_called_so() -> None:
    life = Life(a_title(), began=FIRST)
    life.becomes(a_title(cancelled=True), at("2025-07-03 12:00"))
    reasons = [reason for lead, _, reason in told(life, at("2025-07-03 12:00")) if lead in {"1d", "day"}]
    assert reasons == ["cancelled", "cancelled"]


def test_a_date_that_changed_twice_is_told_with_its_last_reason() -> None:
    life = Life(a_title(), began=FIRST)
    life.becomes(a_title(cancelled=True), at("2025-06-21 12:00"))
    life.becomes(a_title(), at("2025-06-22 12:00"))
    life.becomes(a_title(when="TBA"), at("2025-06-23 12:00"))
    found = [item for item in told(life, at("2025-06-23 12:00")) if item[1] == "2025-07-09"]
    assert found == [("7d", "2025-07-09", "moved"), ("1d", "2025-07-09", "moved"), ("day", "2025-07-09", "moved")]


def test_the_muted_will_not_be_told() -> None:
    life = Life(a_title(), began=FIRST)
    life.sub = replace(life.sub, muted=True)
    assert {reason for _, _, reason in told(life, FIRST)} == {"muted"}


def test_a_channel_that_came_later_is_owed_nothing() -> None:
    life = Life(a_title(), began=FIRST)
    life.sweep(at("2025-07-02 09:00"))
    late = ChannelUse(name="phone", since_at=at("2025-07-03 09:00"))
    life.sub = replace(life.sub, subscriber=person(channels=(ChannelUse(name="mail"), late)))
    (first, *_) = explain(life.sub, life.story, now=at("2025-07-03 10:00"), end=END, grace=GRACE)
    assert (first.lead, first.channels, first.reason) == ("7d", ("phone",), "added later")


@pytest.mark.parametrize(
    ("when", "now", "said"),
    [
        ("TBA", "2025-06-20 12:00", "its date is not known yet"),
        ("2026", "2025-06-20 12:00", "expected sometime in 2026, no day is known yet"),
        ("May 2025", "2025-06-20 12:00", "May 2025 has passed, and no day is known"),
        ("spring 2025", "2025-06-20 12:00", "spring 2025 has passed, and no day is known"),
        ("Q1 2025", "2025-06-20 12:00", "Q1 2025 has passed, and no day is known"),
        ("2024", "2025-06-20 12:00", "2024 has passed, and no day is known"),
        ("2025-01-01", "2025-06-20 12:00", "it came out on January 1, 2025"),
        ("July 2025", "2025-07-10 12:00", "expected in July 2025, no day is known yet"),
    ],
)
def test_why_nothing_is_to_come(when: str, now: str, said: str) -> None:
    assert why_silent(Life(a_title(when=when), began=at(now)), at(now)) == said


def test_why_nothing_is_to_come_about_a_day_ahead() -> None:
    today = at("2025-07-09 12:00")
    assert why_silent(Life(a_title(), began=today), today) == "its reminders' moments had passed when it was added"
    assert why_silent(Life(a_title(), began=FIRST, ladder=["2h"]), FIRST) == (
        "its leads count hours, and only the day is known"
    )
    none = Life(a_title(), began=FIRST)
    none.sub = replace(none.sub, ladder=Ladder.parse([]))
    assert why_silent(none, FIRST) == "it has no leads"
    alone = Life(a_title(), person(channels=()), began=FIRST)
    assert why_silent(alone, FIRST) == "no channel is there to tell it over"
    sent = Life(a_title(), began=FIRST)
    sent.through(FIRST, at("2025-07-09 12:00"))
    assert why_silent(sent, today) == "all its messages were sent"
    muted = Life(a_title(), began=FIRST)
    muted.sub = replace(muted.sub, muted=True)
    assert why_silent(muted, FIRST) == "it is muted"
    assert why_silent(Life(a_title(cancelled=True), began=FIRST), FIRST) == "it is cancelled"
    assert silence(a_title(), [], zone=ZONE, now=FIRST, grace=GRACE) == "nobody follows it"


@pytest.mark.parametrize(
    ("when", "today", "passed"),
    [
        ("July 2025", "2025-07-31", False),
        ("July 2025", "2025-08-01", True),
        ("summer 2025", "2025-08-31", False),
        ("2025", "2026-01-01", True),
        ("2025-07-09", "2026-01-01", False),
        ("TBA", "2026-01-01", False),
    ],
)
def test_a_window_passes_with_its_last_day(when: str, today: str, passed: bool) -> None:
    assert has_passed(parse_when(when), datetime.fromisoformat(today).date()) == passed


LATE, DAY = at("2025-07-08 12:00"), at("2025-07-09 12:00")
ONLY_MOVES = (ChannelUse(name="mail", only=frozenset({"moved"})),)


def with_line(state: State, **over: Any) -> Life:
    life = Life(a_title(), began=FIRST, ladder=["day"])
    life.sweep(at("2025-07-09 09:00"))
    life.story = replace(life.story, recorded=tuple(replace(line, state=state, **over) for line in life.story.recorded))
    return life


@pytest.mark.parametrize(
    ("life", "now", "reason"),
    [
        (Life(a_title(), person(channels=ONLY_MOVES), began=FIRST), LATE, "no channel takes its messages"),
        (Life(a_title(), began=LATE, ladder=["1d"]), LATE, "its reminders' moments had passed when it was added"),
        (with_line(State.SENT), DAY, "all its messages were sent"),
        (with_line(State.RETRYING), DAY, "what is left of it is on its way"),
        (with_line(State.FAILED), DAY, "not all its messages could be sent: `reminder why` says more"),
        (with_line(State.EXPIRED), DAY, "not all its messages could be sent: `reminder why` says more"),
        (with_line(State.SUPERSEDED), DAY, "other messages about it said it all"),
        (with_line(State.SKIPPED), DAY, "what is left of it is passed over: `reminder why` says more"),
        (Life(a_title(), began=FIRST, ladder=["2h"]), LATE, "its leads count hours, and only the day is known"),
    ],
)
def test_that_no_channel_takes_it_is_said_only_where_none_does(life: Life, now: datetime, reason: str) -> None:
    assert why_silent(life, now) == reason


def test_a_lead_that_was_added_too_late_is_said_to_be() -> None:
    life = Life(a_title(), began=FIRST, ladder=["1d"])
    life.sub = replace(life.sub, since={(Role.PREMIERE, "1d"): LATE})
    assert why_silent(life, LATE) == "its reminders' moments had passed when they were added"


@pytest.mark.parametrize(
    ("title", "now", "english", "german"),
    [
        (a_title(when="July 2025"), FIRST, "expected in July 2025, no day is known yet", "im Juli 2025 erwartet, der Tag ist noch nicht bekannt"),
        (a_title(), at("2025-07-20 12:00"), "it came out on July 9, 2025", "es ist am 9. Juli 2025 erschienen"),
        (a_title(cancelled=True), FIRST, "it is cancelled", "es ist abgesagt"),
    ],
)  # fmt: skip
def test_why_nothing_comes_is_said_in_each_language(title: Title, now: datetime, english: str, german: str) -> None:
    life = Life(title, began=FIRST, ladder=[])
    said = why_silent(life, now)
    assert said == english
    assert in_words(said, language_of("de")) == german
