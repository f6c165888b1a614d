"""The last look before a delivery leaves (SPEC 2, 4 and 5)."""

from __future__ import annotations

from typing import Any

import pytest

from reminder.core.dates.parse import load_when
from reminder.core.model.entities import Kind
from reminder.core.model.ledger import Reason, State
from reminder.core.schedule.said import Repeats
from reminder.core.sending.presend_check import ChannelGone, GiveUp, Go, OutgoingDelivery, Postpone, Reroute, last_look
from tests.support.rules import GRACE, at, person, quiet

NOW = at("2025-07-02 09:00")
AT_NIGHT = at("2025-07-02 23:00")


def outgoing(planned: str = "July 9, 2025", present: str | None = "July 9, 2025", **over: Any) -> OutgoingDelivery:
    values = {
        "kind": Kind.REMINDER,
        "subscriber": person(),
        "planned": load_when(planned),
        "present": load_when(present) if present else None,
        "useful_until": at("2025-07-12 00:00"),
    }
    return OutgoingDelivery(**{**values, **over})


SKIPPED, SUPERSEDED = State.SKIPPED, State.SUPERSEDED


@pytest.mark.parametrize("kind", sorted(set(Kind)))
def test_of_what_was_seen_only_news_of_its_date_and_what_is_about_no_release_goes(kind: Kind) -> None:
    verdict = last_look(outgoing(kind=kind, is_seen=True), NOW, GRACE)
    is_dropped = kind in {Kind.REMINDER, Kind.WINDOW, Kind.MISSED}
    assert verdict == (GiveUp(state=SKIPPED, reason=Reason.SEEN) if is_dropped else Go())


GONE = [
    (ChannelGone(reached=True, instead=("mail",), has_any=True), GiveUp(state=SKIPPED, reason=Reason.CHANNEL_GONE)),
    (ChannelGone(instead=("mail", "phone"), has_any=True), Reroute(channels=("mail", "phone"))),
    (ChannelGone(has_any=True), GiveUp(state=SKIPPED, reason=Reason.NO_CHANNEL)),
    (ChannelGone(), Postpone(until=at("2025-07-12 00:00:01"), reason=Reason.CHANNEL_GONE)),
]
TRUE = [
    (Kind.REMINDER, "July 9, 2025", "July 9, 2025", None),
    (Kind.REMINDER, "July 9, 2025", "2025-07-09T00:00-07:00", None),
    (Kind.REMINDER, "July 9, 2025", "July 10, 2025", (SKIPPED, Reason.MOVED)),
    (Kind.REMINDER, "July 9, 2025", "July 2025", (SKIPPED, Reason.MOVED)),
    (Kind.REMINDER, "July 9, 2025", "TBA", (SKIPPED, Reason.MOVED)),
    (Kind.REMINDER, "July 9, 2025", "cancelled", (SKIPPED, Reason.CANCELLED)),
    (Kind.WINDOW, "July 2025", "Q3 2025", None),
    (Kind.WINDOW, "July 2025", "July 9, 2025", (SKIPPED, Reason.MOVED)),
    (Kind.WINDOW, "July 2025", "August 2025", (SKIPPED, Reason.MOVED)),
    (Kind.WINDOW, "July 2025", "2025", (SKIPPED, Reason.MOVED)),
    (Kind.WINDOW, "July 2025", "TBA", (SKIPPED, Reason.MOVED)),
    (Kind.WINDOW, "July 2025", "cancelled", (SKIPPED, Reason.CANCELLED)),
    (Kind.MOVED, "July 9, 2025", "July 9, 2025", None),
    (Kind.MOVED, "July 9, 2025", "2025-07-09T00:00-07:00", None),
    (Kind.MOVED, "July 9, 2025", "July 10, 2025", (SUPERSEDED, Reason.MOVED)),
    (Kind.ANNOUNCED, "July 9, 2025", "cancelled", (SUPERSEDED, Reason.MOVED)),
    (Kind.CANCELLED, "cancelled", "July 9, 2025", (SUPERSEDED, Reason.MOVED)),
    (Kind.CANCELLED, "cancelled", "cancelled", None),
    (Kind.WITHDRAWN, "TBA", "July 9, 2025", (SUPERSEDED, Reason.MOVED)),
    (Kind.MISSED, "July 9, 2025", "July 20, 2025", (SKIPPED, Reason.MOVED)),
]


@pytest.mark.parametrize(("kind", "planned", "present", "drop"), TRUE)
def test_what_is_no_longer_true_does_not_leave(
    kind: Kind, planned: str, present: str, drop: tuple[State, str] | None
) -> None:
    expected = GiveUp(state=drop[0], reason=drop[1]) if drop else Go()

    assert last_look(outgoing(planned, present, kind=kind), NOW, GRACE) == expected


def test_a_message_about_no_release_is_never_untrue() -> None:
    assert last_look(outgoing(present=None, kind=Kind.TROUBLE), NOW, GRACE) == Go()


def test_nothing_leaves_in_quiet_hours() -> None:
    who = person(quiet=quiet("22:00-08:00"))

    assert last_look(outgoing(subscriber=who), AT_NIGHT, GRACE) == Postpone(
        until=at("2025-07-03 08:00"), reason="quiet hours"
    )
    assert last_look(outgoing(subscriber=who), at("2025-07-03 08:00"), GRACE) == Go()


@pytest.mark.parametrize("kind", [Kind.TROUBLE, Kind.MISSED, Kind.CANCELLED])
def test_quiet_hours_hold_for_every_kind(kind: Kind) -> None:
    night = outgoing(kind=kind, present=None, subscriber=person(quiet=quiet("22:00-08:00")))

    assert isinstance(last_look(night, AT_NIGHT, GRACE), Postpone)


def test_what_was_never_tried_expires() -> None:
    late = at("2025-07-12 00:01")

    assert last_look(outgoing(), late, GRACE) == GiveUp(state=State.EXPIRED, reason=Reason.OVER)
    assert last_look(outgoing(), at("2025-07-12 00:00"), GRACE) == Go()


def test_what_was_tried_in_vain_has_expired_with_the_reason_of_the_last_try() -> None:
    tried = outgoing(attempts=3, last_reason="503 Service Unavailable")

    assert last_look(tried, at("2025-07-12 00:01"), GRACE) == GiveUp(
        state=State.EXPIRED, reason="its use was over after 3 tries: 503 Service Unavailable"
    )


def test_what_was_muted_since_is_skipped() -> None:
    assert last_look(outgoing(is_muted=True), NOW, GRACE) == GiveUp(state=SKIPPED, reason=Reason.MUTED)
    assert last_look(outgoing(is_muted=True, kind=Kind.TROUBLE, present=None), NOW, GRACE) == Go()


def test_a_title_dropped_from_the_list_waits_for_its_return_until_grace_is_over() -> None:
    gone = outgoing(ended_at=at("2025-07-02 08:00"))

    assert last_look(gone, NOW, GRACE) == Postpone(until=at("2025-07-04 08:00"), reason=Reason.UNLISTED)
    assert last_look(gone, at("2025-07-04 08:00"), GRACE) == GiveUp(state=SKIPPED, reason=Reason.UNLISTED)


def test_what_a_channel_no_longer_takes_goes_to_those_that_there_are_unless_it_came() -> None:
    for gone, expected in GONE:
        assert last_look(outgoing(gone=gone), NOW, GRACE) == expected


def test_trouble_that_is_over_is_not_told() -> None:
    over = outgoing(kind=Kind.TROUBLE, present=None, channel_works=True)

    assert last_look(over, NOW, GRACE) == GiveUp(state=SUPERSEDED, reason="the channel works again")


def test_what_is_untrue_is_dropped_by_night_too() -> None:
    moved = outgoing(present="July 20, 2025", subscriber=person(quiet=quiet("22:00-08:00")))

    assert last_look(moved, AT_NIGHT, GRACE) == GiveUp(state=SKIPPED, reason=Reason.MOVED)


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        (Repeats.NO, Go()),
        (Repeats.YES, GiveUp(state=SUPERSEDED, reason=Reason.SAID_TODAY)),
        (Repeats.MAYBE, Postpone(until=at("2025-07-02 09:00:05"), reason="the same is on its way there")),
    ],
)
def test_what_was_said_there_meanwhile_is_not_said_again(repeats: Repeats, expected: object) -> None:
    assert last_look(outgoing(repeats=repeats), NOW, GRACE) == expected
