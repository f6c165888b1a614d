"""`mute --until`, `pause` and `resume`: silence that ends by itself, for every title and every person."""

from __future__ import annotations

import pytest

from reminder.core.sending.retry import Failure, FailureKind
from tests.support.commands import Shell

CONFIG = """
timezone: Asia/Kolkata
channels: {{screen: "console://", bot: "json://127.0.0.1:9/{{address}}"}}
subscribers: {{asha: {{channels: [screen]}}, ravi: {{channels: [screen]}}}}
watch:
- {{title: Ballard, premiere: "{ballard}"}}
- {{title: Silo, premiere: "2025-07-10", for: [asha]}}
"""
DAYS = [f"2025-07-{day:02}T03:30:00Z" for day in range(1, 14)]  # the sending hour in Kolkata


def household(shell: Shell, ballard: str = "2025-07-09") -> Shell:
    return shell.write(CONFIG.format(ballard=ballard))


def lived(shell: Shell, *days: str) -> dict[str, list[str]]:
    """Live through these days; return what each person was sent, in order."""
    for day in days:
        shell.at(day).sweep()
    rows = shell.run("history", "--json", "--limit", "500").json()
    sent = [row for row in reversed(rows) if row["state"] == "sent"]
    return {
        who: [row["title"] + " " + (row["lead"] or row["kind"]) for row in sent if row["subscriber"] == who]
        for who in ("asha", "ravi")
    }


def skipped(shell: Shell) -> set[tuple[str, str, str, str]]:
    rows = shell.run("history", "--json", "--limit", "500").json()
    return {(row["subscriber"], row["title"], row["lead"], row["reason"]) for row in rows if row["state"] == "skipped"}


def test_a_title_of_the_config_is_muted_for_one_person_until_a_day(shell: Shell) -> None:
    household(shell).sweep()
    said = shell.run("mute", "ballard", "--subscriber", "asha", "--until", "2025-07-08")
    assert said.out == "Ballard is muted for asha until Tuesday, 2025-07-08, at the sending hour.\n"
    got = lived(shell, *DAYS)
    assert sorted(got["asha"]) == ["Ballard 1d", "Ballard day", "Silo 1d", "Silo 7d", "Silo day"]
    assert got["ravi"] == ["Ballard 7d", "Ballard 1d", "Ballard day"]
    assert skipped(shell) == {("asha", "Ballard", "7d", "paused")}


def test_who_is_away_is_told_at_the_end_what_differs_and_nothing_else(shell: Shell) -> None:
    household(shell).sweep()
    lived(shell, *DAYS[:2])
    shell.run("pause", "asha", "--until", "2025-07-12")
    household(shell, ballard="2025-07-20")
    got = lived(shell, *DAYS[2:12])
    assert got["asha"] == ["Ballard 7d", "Ballard moved"]
    assert got["ravi"] == ["Ballard 7d", "Ballard moved"]
    moved = [row["at"] for row in shell.run("history", "--json").json() if row["kind"] == "moved"]
    assert sorted(at[:10] for at in moved) == ["2025-07-04", "2025-07-12"]
    assert {lead for who, title, lead, _ in skipped(shell) if title == "Silo"} == {"7d", "1d", "day"}


def test_a_date_that_is_back_when_the_pause_ends_is_no_news(shell: Shell) -> None:
    household(shell).sweep()
    shell.run("pause", "asha", "--until", "2025-07-08")
    household(shell, ballard="2025-07-20")
    lived(shell, *DAYS[2:4])
    household(shell)
    got = lived(shell, *DAYS[4:])
    assert "Ballard moved" not in got["asha"]
    assert got["asha"][0] == "Ballard 1d"


def test_what_waits_for_a_retry_is_not_sent_in_a_pause_and_a_notice_waits_for_its_end(shell: Shell) -> None:
    household(shell).sweep()
    for day in DAYS[:2]:
        shell.at(day).sweep()
    household(shell, ballard="2025-07-20")
    shell.at(DAYS[2]).sweep()
    shell.at(DAYS[3]).sweep(answer=Failure(kind=FailureKind.TRANSIENT, reason="no answer"))
    shell.run("pause", "asha", "--until", "2025-07-08")
    got = lived(shell, *DAYS[4:])
    assert got["asha"].count("Ballard moved") == 1
    moved = {
        row["subscriber"]: row["at"][:10] for row in shell.run("history", "--json").json() if row["kind"] == "moved"
    }
    assert moved["asha"] == "2025-07-08"
    assert moved["ravi"] < "2025-07-08"


def test_a_pause_ends_when_it_is_told_to(shell: Shell) -> None:
    household(shell).sweep()
    shell.run("pause", "asha", "--until", "sunday")
    assert shell.run("resume", "asha").out == "asha is sent messages again.\n"
    got = lived(shell, *DAYS)["asha"]
    assert sorted(got) == sorted(f"{title} {lead}" for title in ("Ballard", "Silo") for lead in ("7d", "1d", "day"))


def test_an_imported_person_can_be_paused_and_muted(shell: Shell) -> None:
    household(shell).sweep()
    people = shell.home / "people.csv"
    people.write_text("subscriber,channel,address,titles\nsam,bot,12,*\n")
    assert shell.run("import", str(people)).status == 0
    assert shell.run("mute", "Silo", "--subscriber", "sam").out == "Silo is muted for sam.\n"
    assert shell.run("pause", "sam", "--until", "2025-07-05").status == 0
    planned = shell.run("plan", "--subscriber", "sam", "--json").json()
    assert [(row["title"], row["lead"]) for row in planned] == [("Ballard", "1d"), ("Ballard", "day")]
    assert shell.run("pause", "asha", "--until", "2025-07-05").status == 0
    shown = {
        row["subscriber"]: row["paused_until"] for row in shell.run("show", "Ballard", "--json").json()["subscribers"]
    }
    assert shown == {"asha": "2025-07-05T03:30:00Z", "ravi": None}


def test_a_mute_by_command_outlives_a_reload_and_unmute_says_whom_it_changed(shell: Shell) -> None:
    household(shell).sweep()
    shell.run("mute", "Ballard", "--subscriber", "asha")
    household(shell).sweep()
    assert shell.run("unmute", "Ballard").out == "Ballard is no longer muted for asha.\n"
    assert shell.run("unmute", "Ballard").out == "Ballard was not muted for asha, ravi.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("pause", "asha"), "--until: say until when"),
        (("pause", "nobody", "--until", "2025-07-09"), 'there is no subscriber "nobody"'),
        (("pause", "asha", "--until", "2025-06-28"), "--until: 2025-06-28 is not ahead: today is 2025-06-28"),
        (("pause", "asha", "--until", "July 2025"), "--until: July 2025 is not one day ahead: write it as 2030-07-09"),
        (("mute", "Ballard", "--until", "yesterday"), "yesterday is not one day ahead: write it as 2030-07-09, sunday"),
        (("mute", "Ballard", "--until", "next friday"), "next friday is not one day ahead: write it as 2030-07-09, su"),
        (("pause", "asha", "--until", "soonish"), "soonish is not one day ahead: write it as 2030-07-09, sunday or to"),
        (("mute", "Ballard", "--until", "8/1/2025"), "2025-01-08 (January 8) or 2025-08-01 (August 1)"),
        (("mute", "Silo", "--subscriber", "ravi"), "ravi does not follow Silo"),
    ],
)
def test_what_cannot_be_done_is_said(shell: Shell, words: tuple[str, ...], says: str) -> None:
    household(shell).sweep()
    found = shell.run(*words)
    assert found.status == 2
    assert says in found.err


@pytest.mark.parametrize(
    ("word", "day"), [("sunday", "2025-06-29"), ("saturday", "2025-07-05"), ("tomorrow", "2025-06-29")]
)
def test_a_word_for_a_day_is_the_next_one_of_its_name(shell: Shell, word: str, day: str) -> None:
    """The clock stands on Saturday, June 28."""
    household(shell).sweep()
    assert shell.run("pause", "asha", "--until", word, "--json").json() == {"subscriber": "asha", "until": day}


def test_a_plan_leaves_out_what_a_pause_leaves_out(shell: Shell) -> None:
    household(shell).sweep()
    shell.run("pause", "asha", "--until", "2025-07-09")
    planned = [(row["subscriber"], row["title"], row["lead"]) for row in shell.run("plan", "--json").json()]
    assert [row[1:] for row in planned if row[0] == "asha"] == [("Ballard", "day"), ("Silo", "1d"), ("Silo", "day")]
