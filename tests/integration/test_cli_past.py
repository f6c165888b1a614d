"""`history`, `why` and `retry`: what was sent, what was not, and why."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from reminder.core.sending.retry import Failure, FailureKind
from tests.support.commands import Shell

FIELDS = [
    *("id", "at", "due_at", "next_at", "subscriber", "channel", "title", "release", "when", "kind", "lead", "state"),
    *("reason", "attempts"),
]
REFUSED = Failure(kind=FailureKind.MESSAGE, reason="422 Unprocessable", status=422)
BUSY = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)


def states(shell: Shell, *words: str) -> list[tuple[Any, ...]]:
    rows = shell.run("why", *words, "--json").json()
    return [(row["subscriber"], row["lead"] or row["kind"], row["state"], row["reason"]) for row in rows]


def test_history_has_exactly_the_promised_fields_newest_first(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    household.at("2025-07-04T03:30:00Z").sweep()
    rows = household.run("history", "--json").json()
    assert all(list(row) == FIELDS for row in rows)
    assert [row["title"] for row in rows] == ["Foundation", "Foundation", "Ballard", "Ballard"]
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    ballard = rows[-1]
    assert ballard["at"].startswith("2025-07-02T03:30:0")
    assert (ballard["due_at"], ballard["next_at"]) == ("2025-07-02T03:30:00Z", None)
    assert (ballard["release"], ballard["when"], ballard["kind"], ballard["lead"]) == (
        "premiere",
        "2025-07-09",
        "reminder",
        "7d",
    )
    assert (ballard["state"], ballard["reason"], ballard["attempts"]) == ("sent", "fake", 1)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ((), 4),
        (("--title", "ballard"), 2),
        (("--channel", "phone"), 2),
        (("--subscriber", "ravi"), 0),
        (("--state", "sent"), 4),
        (("--state", "failed"), 0),
        (("--limit", "1"), 1),
        (("--limit", "0"), 4),
    ],
)
def test_history_is_filtered(household: Shell, words: tuple[str, ...], count: int) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    household.at("2025-07-04T03:30:00Z").sweep()
    assert len(household.run("history", *words, "--json").json()) == count


def test_history_of_a_retrying_delivery_tells_when_the_next_try_is(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep(BUSY)
    row = household.run("history", "--channel", "phone", "--json").json()[0]
    assert (row["state"], row["reason"], row["attempts"]) == ("retrying", BUSY.reason, 1)
    assert row["next_at"].startswith("2025-07-02T03:30")
    assert "next Wed 2 Jul 2025 09:00; 503 Service Unavailable" in household.run("history").out


def test_an_empty_ledger_says_so(household: Shell) -> None:
    assert household.run("history").out == "The ledger is empty: nothing has been sent yet.\n"
    assert household.run("history", "--state", "failed").out == "The ledger holds nothing of that kind.\n"
    assert household.run("history", "--state", "snet").status == 2


def test_why_tells_what_was_and_will_be(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    assert states(household, "Ballard") == [
        ("asha", "7d", "sent", "fake"),
        ("asha", "7d", "sent", "fake"),
        ("asha", "1d", "to come", None),
        ("asha", "day", "to come", None),
    ]


def test_why_tells_of_moments_before_the_subscription_and_of_hours_not_known(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-06-30")
    assert states(household, "sandman", "--subscriber", "asha") == [
        ("asha", "7d", "not sent", "subscribed later"),
        ("asha", "1d", "to come", None),
        ("asha", "day", "to come", None),
    ]
    assert ("ravi", "2h", "not sent", "no time known") in states(household, "sandman")


def test_why_tells_of_a_lead_and_of_a_channel_that_came_later(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    later = household.config.read_text().replace("  phone: json:", "  mail: json://127.0.0.1:7/\n  phone: json:")
    household.write(later.replace("asha: {channels: [screen, phone]}", "asha: {remind: [8d, 7d, day]}"))
    household.at("2025-07-03T03:30:00Z").sweep()
    rows = household.run("why", "Ballard", "--json").json()
    found = [(row["lead"], row["channels"], row["reason"]) for row in rows if row["state"] == "not sent"]
    assert ("8d", [], "added later") in found
    assert ("7d", ["mail"], "added later") in found


def test_why_tells_of_the_leads_of_a_date_that_moved(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    household.write(household.config.read_text().replace("July 9, 2025", "July 16, 2025"))
    household.at("2025-07-02T12:00:00Z").sweep()
    rows = household.run("why", "Ballard", "--json").json()
    gone = [(row["lead"], row["when"]) for row in rows if row["reason"] == "moved"]
    assert gone == [("1d", "2025-07-09"), ("day", "2025-07-09")]
    to_come = [(row["lead"] or row["kind"], row["when"]) for row in rows if row["state"] == "to come"]
    assert to_come == [
        ("moved", "2025-07-16"),
        ("7d", "2025-07-16"),
        ("1d", "2025-07-16"),
        ("day", "2025-07-16"),
    ]


def test_why_tells_that_what_is_cancelled_or_muted_will_not_be_sent(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24", "--for", "asha")
    household.run("mute", "sandman")
    assert {reason for _, _, _, reason in states(household, "sandman") if reason != "subscribed later"} == {"muted"}
    household.run("unmute", "sandman")
    household.run("change", "sandman", "--cancelled")
    assert [item for item in states(household, "sandman") if item[3] == "cancelled"] == [
        ("asha", lead, "not sent", "cancelled") for lead in ("7d", "1d", "day")
    ]


def test_why_says_why_nothing_more_is_to_come(household: Shell) -> None:
    found = household.run("why", "severance")
    assert found.err == "Nothing more will be sent about Severance: its date is not known yet.\n"
    assert "no day is known yet" in found.out


def test_what_is_tried_again_is_still_to_come(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-09T03:30:00Z").sweep(BUSY)
    found = household.run("why", "Ballard", "--subscriber", "asha")
    assert "retrying" in found.out
    assert found.err == ""


def failed_delivery(shell: Shell) -> int:
    """Let a message be refused and given up, and return the number of its delivery over the phone."""
    shell.write(shell.config.read_text().replace("channels: [screen, phone]", "channels: [phone]"))
    shell.sweep()
    shell.at("2025-07-02T03:30:00Z").sweep(REFUSED)
    with closing(sqlite3.connect(shell.database)) as base, base:
        # Another message that goes through says whose fault it was; that takes hours, and is another test's.
        base.execute("UPDATE delivery SET state = 'failed', closed_at = tried_at, due_at = NULL, refused = NULL")
    (row,) = shell.run("history", "--title", "ballard", "--json").json()
    assert row["state"] == "failed"
    number: int = row["id"]
    return number


def test_retry_tries_a_failed_delivery_again(household: Shell) -> None:
    number = failed_delivery(household)
    found = household.run("retry", str(number), "--json")
    assert [row["state"] for row in found.json()] == ["retrying"]
    household.sweep()
    assert household.sent == ["Ballard premieres in 7 days"]
    assert household.run("history", "--json").json()[0]["state"] == "sent"


def test_retry_long_after_its_use_still_sends_what_is_true_now(household: Shell) -> None:
    number = failed_delivery(household)
    household.at("2025-07-20T03:30:00Z")
    household.run("retry", str(number))
    household.sweep()
    assert "Ballard came out 11 days ago" in household.sent


def test_retry_refuses_what_was_sent_unless_forced_and_says_all_problems(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    (number, *_) = [row["id"] for row in household.run("history", "--json").json()]
    found = household.run("retry", str(number), "999")
    assert found.status == 2
    assert found.err.splitlines() == [
        "999 is no delivery: `reminder history` lists them",
        f"{number} was sent: --force sends it once more",
    ]
    assert household.run("retry", str(number), "--force").status == 0
    household.sweep()
    assert household.sent.count("Ballard premieres in 7 days") == 3


def test_a_number_that_no_database_takes_is_answered_like_any_other(household: Shell) -> None:
    household.sweep()
    found = household.run("retry", str(10**30))
    assert (found.status, found.err) == (2, f"{10**30} is no delivery: `reminder history` lists them\n")
    assert household.run("history", "--limit", str(10**30)).status == 0


def test_the_ledger_is_shown_from_now_back_to_any_length(household: Shell) -> None:
    watch = "".join(f"  - {{title: T{number}, premiere: 2025-07-09, for: [asha]}}\n" for number in range(40))
    household.write(household.config.read_text() + watch)
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    found = household.run("history")
    assert len(found.out.splitlines()) == 52
    assert found.err == "32 older ones: --limit 0 shows all.\n"
    assert len(household.run("history", "--json").json()) == 82


@pytest.mark.parametrize("state", ["to come", "not sent"])
def test_a_state_that_only_why_knows_is_sent_there(household: Shell, state: str) -> None:
    found = household.run("history", "--state", state)
    assert found.status == 2
    assert "`reminder why TITLE` shows it" in found.err
