"""What a message offers: by its kind, its release's date, and the reader's zone, hour and quiet hours."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from reminder.core.dates.local_time import QuietHours
from reminder.core.dates.parse import load_when
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.sending.offers import ABOUT_A_RELEASE, offer_of, offers
from reminder.core.text.action_sentences import action_id
from reminder.core.text.content import ActionKind
from reminder.core.text.sentences import SENTENCES

KOLKATA = ZoneInfo("Asia/Kolkata")
NIGHTS = QuietHours.parse("22:00-08:00")
EVENINGS = QuietHours.parse("19:00-08:00")


def reader(hour: str = "09:00", quiet: QuietHours | None = NIGHTS) -> Subscriber:
    return Subscriber(name="asha", zone=KOLKATA, at=time.fromisoformat(hour), quiet=quiet)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KOLKATA)


def made(when: str, now: str, person: Subscriber | None = None, kind: Kind = Kind.REMINDER) -> list[str]:
    """Return what is offered, each with its moment by the reader's clock."""
    found = offers(kind, load_when(when), person or reader(), local(now))
    return [" ".join([each.kind, f"{each.at.astimezone(KOLKATA):%m-%d %H:%M}" if each.at else ""]).strip()
            for each in found]  # fmt: skip


REST = ["mute", "stop"]


@pytest.mark.parametrize(
    ("when", "now", "person", "put_off"),
    [
        # A countdown: this evening, tomorrow, and no later than the release's own moment.
        ("2025-07-09", "2025-07-02 09:00", reader(), ["later 07-02 20:00", "tomorrow 07-03 09:00"]),
        ("2025-07-09", "2025-07-08 09:00", reader(), ["later 07-08 20:00", "tomorrow 07-09 09:00"]),
        ("2025-07-09", "2025-07-08 20:00", reader("20:00"), ["tomorrow 07-09 20:00"]),
        ("2025-07-09", "2025-07-08 21:00", reader(), ["tomorrow 07-09 09:00"]),
        # At an instant: the evening may lie behind it, and then it is told at the instant itself.
        ("2025-07-09T13:30Z", "2025-07-09 09:00", reader(), ["release 07-09 19:00"]),
        ("2025-07-09T15:30Z", "2025-07-09 09:00", reader(), ["later 07-09 20:00", "release 07-09 21:00"]),
        ("2025-07-09T20:30Z", "2025-07-09 09:00", reader(), ["later 07-09 20:00", "release 07-10 08:00"]),
        # Quiet hours in the evening: there is none.
        ("2025-07-09", "2025-07-02 09:00", reader(quiet=EVENINGS), ["tomorrow 07-03 09:00"]),
        # At eight itself it is the next evening; after midnight, tomorrow is the next day by the calendar.
        ("2025-07-09", "2025-07-02 20:00", reader(), ["later 07-03 20:00", "tomorrow 07-03 09:00"]),
        ("2025-07-09", "2025-07-03 00:30", reader(quiet=None), ["later 07-03 20:00", "tomorrow 07-04 09:00"]),
        # Nothing is known of the day: there is nothing that it could come too late for, but for the month's end.
        ("TBA", "2025-07-02 09:00", reader(), ["later 07-02 20:00", "tomorrow 07-03 09:00"]),
        ("2025-07", "2025-07-01 09:00", reader(), ["later 07-01 20:00", "tomorrow 07-02 09:00"]),
        ("2025-07", "2025-07-31 21:00", reader(), []),
    ],
)  # fmt: skip
def test_a_countdown_is_put_off_to_the_release_at_most(
    when: str, now: str, person: Subscriber, put_off: list[str]
) -> None:
    assert made(when, now, person) == [*put_off, *REST]


@pytest.mark.parametrize("when", ["2025-07-09", "2025-07-09T01:30Z", "2025-07-01"])
def test_what_is_out_can_always_be_put_off_and_may_have_been_seen(when: str) -> None:
    assert made(when, "2025-07-09 09:00") == ["later 07-09 20:00", "tomorrow 07-10 09:00", "seen", *REST]


@pytest.mark.parametrize("kind", sorted(set(Kind) - ABOUT_A_RELEASE))
def test_codes_tests_troubles_and_digests_offer_nothing(kind: Kind) -> None:
    assert made("2025-07-09", "2025-07-02 09:00", kind=kind) == []


def test_what_was_cancelled_can_only_be_stopped() -> None:
    assert made("cancelled", "2025-07-02 09:00", kind=Kind.CANCELLED) == ["stop"]
    assert made("cancelled", "2025-07-02 09:00") == ["stop"]


def test_a_button_pressed_late_leads_to_the_moment_that_is_left() -> None:
    when, person = load_when("2025-07-09T13:30Z"), reader()
    at_noon = offer_of(ActionKind.LATER, Kind.REMINDER, when, person, local("2025-07-09 12:00"))
    assert at_noon is not None
    assert (at_noon.kind, at_noon.at) == (ActionKind.RELEASE, local("2025-07-09 19:00"))
    once_out = offer_of(ActionKind.LATER, Kind.REMINDER, when, person, local("2025-07-09 19:30"))
    assert once_out is not None
    assert (once_out.kind, once_out.at) == (ActionKind.LATER, local("2025-07-09 20:00"))
    assert offer_of(ActionKind.SEEN, Kind.REMINDER, when, person, local("2025-07-09 12:00")) is None


def test_every_action_has_a_label() -> None:
    assert {action_id(kind) for kind in ActionKind} <= SENTENCES.keys()
