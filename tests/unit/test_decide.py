"""From what is due to one message at a time, each channel with its part (SPEC 4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminder.core.dates.when import When
from reminder.core.model.entities import ChannelUse, Kind
from reminder.core.model.ledger import Decision, Reason, State
from tests.support.rules import Life, a_title, at, lived, person

BEGAN = at("2025-06-01 10:00")
Parts = list[tuple[str | None, State, str | None]]


def parts(decision: Decision) -> Parts:
    return [(slot.channel, slot.state, slot.reason) for slot in decision.slots]


def by_what(decisions: list[Decision]) -> dict[str, Parts]:
    return {item.what: parts(item) for item in decisions}


def uses(**only: str) -> tuple[ChannelUse, ...]:
    """Return channels by name, each with the words it takes, or all of them for an empty text."""
    return tuple(ChannelUse(name=name, only=frozenset(words.split())) for name, words in only.items())


def test_of_several_leads_due_at_once_the_latest_goes() -> None:
    life = Life(a_title(), began=BEGAN)

    assert by_what(life.sweep(at("2025-07-09 10:00"))) == {
        "7d": [("mail", State.SUPERSEDED, Reason.BY_LATER)],
        "1d": [("mail", State.SUPERSEDED, Reason.BY_LATER)],
        "day": [("mail", State.DUE, None)],
    }


@pytest.mark.parametrize("ladder", [["7d", "1d", "day"], ["day", "1d", "7d"]])
def test_the_latest_lead_does_not_depend_on_the_order_in_which_they_are_written(ladder: list[str]) -> None:
    life = Life(a_title(), began=BEGAN, ladder=ladder)

    assert life.sent(at("2025-07-08 10:00")) == [(Kind.REMINDER, "1d")]


def test_each_message_keeps_its_own_moment_and_key() -> None:
    life = Life(a_title(), began=BEGAN)

    decisions = life.sweep(at("2025-07-08 10:00"))

    assert {(item.what, item.anchor, item.at) for item in decisions} == {
        ("7d", "2025-07-09", at("2025-07-02 09:00")),
        ("1d", "2025-07-09", at("2025-07-08 09:00")),
    }


def test_a_lead_is_told_as_it_was_spelt_and_known_by_what_it_means() -> None:
    life = Life(a_title(), began=BEGAN, ladder=["2w"])

    (decision,) = life.sweep(at("2025-06-25 09:00"))

    assert (decision.lead, decision.what) == ("2w", "14d")


def test_every_channel_gets_its_own_part() -> None:
    life = Life(a_title(), person(channels=uses(mail="", phone="premiere", family="moved")), began=BEGAN)

    (decision,) = life.sweep(at("2025-07-02 09:00"))

    assert decision.channels == ("mail", "phone")


def test_a_message_that_no_channel_takes_is_skipped_and_says_so() -> None:
    life = Life(a_title(), person(channels=uses(family="moved")), began=BEGAN)

    (decision,) = life.sweep(at("2025-07-02 09:00"))

    assert parts(decision) == [(None, State.SKIPPED, Reason.NO_CHANNEL)]


def test_muted_is_decided_at_the_moment_and_not_made_good_later() -> None:
    life = Life(a_title(), began=BEGAN)
    life.sub = replace(life.sub, muted=True)

    (decision,) = life.sweep(at("2025-07-02 09:00"))
    life.sub = replace(life.sub, muted=False)

    assert parts(decision) == [("mail", State.SKIPPED, Reason.MUTED)]
    assert not life.sweep(at("2025-07-02 10:00"))
    assert life.sent(at("2025-07-08 09:00")) == [(Kind.REMINDER, "1d")]


def test_a_title_is_muted_by_the_config_too() -> None:
    life = Life(a_title(), person(muted=frozenset({"ballard"})), began=BEGAN)

    assert by_what(life.sweep(at("2025-07-02 09:00"))) == {"7d": [("mail", State.SKIPPED, Reason.MUTED)]}


def test_what_expired_is_closed_on_each_channel_and_told_once_as_missed() -> None:
    life = Life(a_title(), person(channels=uses(mail="", phone="premiere")), began=BEGAN, ladder=["day"])

    assert by_what(life.sweep(at("2025-07-15 10:00"))) == {
        "day": [("mail", State.EXPIRED, Reason.OVER), ("phone", State.EXPIRED, Reason.OVER)],
        "missed": [("mail", State.DUE, None)],
    }


def test_the_notice_stands_for_the_leads_that_had_passed_where_it_is_heard() -> None:
    life = Life(a_title(when="August 8, 2025"), person(channels=uses(mail="", phone="premiere")), began=BEGAN)
    life.moves("July 6, 2025", at("2025-07-04 10:00"))

    decided = by_what(life.sweep(at("2025-07-05 09:00")))

    assert decided == {
        "notice": [("mail", State.DUE, None)],
        "7d": [("mail", State.SUPERSEDED, Reason.BY_NOTICE), ("phone", State.SUPERSEDED, Reason.BY_LATER)],
        "1d": [("mail", State.SUPERSEDED, Reason.BY_NOTICE), ("phone", State.DUE, None)],
    }


def test_leads_that_had_passed_wait_for_the_notice() -> None:
    life = Life(a_title(when="August 8, 2025"), began=BEGAN)
    life.moves("July 9, 2025", at("2025-07-04 10:00"))

    assert not life.sweep(at("2025-07-05 08:59"))
    assert life.plan(at("2025-07-05 08:59")).next_due_at == at("2025-07-05 09:00")


@pytest.mark.parametrize("kind", [Kind.MOVED, Kind.CANCELLED])
def test_a_notice_that_is_not_wanted_is_in_the_ledger_with_its_reason(kind: Kind) -> None:
    life = Life(a_title(), person(notices=frozenset({Kind.ANNOUNCED, Kind.WITHDRAWN})), began=BEGAN)
    if kind is Kind.MOVED:
        life.moves("July 20, 2025", at("2025-06-10 10:00"))
    else:
        life.is_cancelled(at("2025-06-10 10:00"))

    (decision,) = life.sweep(at("2025-06-11 09:00"))

    assert (decision.kind, parts(decision)) == (kind, [(None, State.SKIPPED, Reason.NOT_WANTED)])


def test_a_muted_notice_lets_no_lead_through_in_its_place() -> None:
    life = Life(a_title(when="August 8, 2025"), began=BEGAN)
    life.sub = replace(life.sub, muted=True)
    life.moves("July 9, 2025", at("2025-07-04 10:00"))

    assert not life.sent(at("2025-07-05 09:00"))


def test_a_notice_tells_from_what_was_heard_to_what_is() -> None:
    life = Life(a_title(), began=BEGAN)
    life.moves("July 20, 2025", at("2025-06-10 10:00"))

    (decision,) = life.sweep(at("2025-06-11 09:00"))

    assert (decision.what, decision.anchor, decision.change_no) == ("notice", "1", 1)
    assert (decision.heard, decision.planned.json()) == (a_title().premiere, "2025-07-20")


def test_changes_that_are_nobodys_news_are_settled_as_they_are_seen() -> None:
    life = Life(a_title(), began=BEGAN)
    life.moves("2025-07-09T00:00-07:00", at("2025-06-10 10:00"))

    assert not life.sweep(at("2025-06-10 10:00"))
    assert life.sub.noticed_no == 1


def test_a_reminder_before_the_notice_has_told_the_new_date() -> None:
    life = Life(a_title(when="2025-08-08T12:00Z"), began=BEGAN, ladder=["7d", "60h"])
    life.moves("2025-07-09T23:00+05:30", at("2025-07-07 10:00"))

    before = life.sweep(at("2025-07-07 11:00"))
    (decision,) = life.sweep(at("2025-07-07 11:00"))

    assert [item.lead for item in before if item.channels] == ["60h"]
    assert parts(decision) == [(None, State.SUPERSEDED, Reason.KNOWN)]


def test_what_has_no_use_any_more_takes_no_notices_place() -> None:
    who = person(channels=uses(phone="premiere"))
    life = Life(a_title(when="August 8, 2025"), who, began=BEGAN)
    life.moves("July 1, 2025", at("2025-07-04 10:00"))

    assert by_what(life.sweep(at("2025-07-05 09:00")))["day"] == [("phone", State.EXPIRED, Reason.OVER)]


def test_a_notice_that_is_too_late_is_expired_and_what_it_told_of_is_missed() -> None:
    life = Life(a_title(when="August 8, 2025"), began=BEGAN)
    life.moves("July 6, 2025", at("2025-07-03 10:00"))
    now = at("2025-07-12 10:00")

    first, then = by_what(life.sweep(now)), life.sent(now)

    assert first["notice"] == [("mail", State.EXPIRED, Reason.OVER)]
    assert then == [(Kind.MISSED, None)]


def test_a_window_goes_to_those_who_take_windows() -> None:
    life = Life(a_title(when="July 2025"), person(channels=uses(mail="premiere", phone="window")), began=BEGAN)

    (decision,) = life.sweep(at("2025-07-01 09:00"))

    assert (decision.kind, decision.lead, decision.channels) == (Kind.WINDOW, None, ("phone",))
    assert decision.planned == When.month(2025, 7)


def test_a_release_far_in_the_past_reaches_nobody() -> None:
    assert not lived(Life(a_title(when="July 9, 2015"), began=BEGAN), [], "2025-08-01 00:00")
