"""What is to come, played through without sending (SPEC 7, `plan` and `simulate`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reminder.core.ledger import State
from reminder.core.model import Kind
from reminder.core.outlook import outlook
from tests.support.stories import GRACE, Life, a_title, at, person, quiet, told

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
