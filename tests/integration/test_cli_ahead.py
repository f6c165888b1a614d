"""`plan`, `simulate`, `upcoming` and `check`: what is to come."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell

PLAN_FIELDS = [
    *("at", "local_at", "subscriber", "channels", "title", "release", "when", "precision", "kind", "lead"),
    *("subject", "body"),
]


def test_plan_has_exactly_the_promised_fields_oldest_first(household: Shell) -> None:
    rows = household.run("plan", "--json").json()
    assert all(list(row) == PLAN_FIELDS for row in rows)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    first = rows[0]
    assert (first["at"], first["local_at"]) == ("2025-07-02T03:30:00Z", "2025-07-02T09:00:00+05:30")
    assert (first["subscriber"], first["channels"]) == ("asha", ["screen", "phone"])
    assert (first["title"], first["release"], first["when"], first["precision"]) == (
        "Ballard",
        "premiere",
        "2025-07-09",
        "day",
    )
    assert (first["kind"], first["lead"], first["subject"]) == ("reminder", "7d", "Ballard premieres in 7 days")
    assert first["body"] == "Wednesday, July 9, 2025: all 10 episodes on Prime Video"


def test_plan_shows_each_at_the_hour_of_the_person(household: Shell) -> None:
    rows = household.run("plan", "--subscriber", "ravi", "--json").json()
    assert [(row["local_at"], row["lead"], row["when"]) for row in rows] == [
        ("2025-07-16T20:00:00-04:00", "1d", "2025-07-17T04:00:00Z"),
        ("2025-07-17T00:00:00-04:00", "release", "2025-07-17T04:00:00Z"),
    ]
    assert "Wed 16 Jul 2025 20:00 EDT" in household.run("plan").out


def test_plan_is_bounded_by_from_included_and_to_whose_day_counts(household: Shell) -> None:
    def leads(*bounds: str) -> list[str]:
        rows = household.run("plan", "--title", "ballard", *bounds, "--json").json()
        return [row["lead"] for row in rows]

    assert leads("--from", "2025-07-02", "--to", "2025-07-08") == ["7d", "1d"]
    assert leads("--from", "2025-07-02 09:00", "--to", "2025-07-08 09:00") == ["7d"]
    assert leads("--from", "2025-07-02 09:01") == ["1d", "day"]


def test_plan_from_answers_as_if_nothing_had_been_sent(household: Shell) -> None:
    household.at("2025-07-02T04:00:00Z").sweep()
    assert "7d" not in [row["lead"] for row in household.run("plan", "--title", "Ballard", "--json").json()]
    again = household.run("plan", "--title", "Ballard", "--from", "2025-07-01", "--json").json()
    assert [row["lead"] for row in again] == ["7d", "1d", "day"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--subscriber", "ahsa"), 'there is no subscriber "ahsa": did you mean asha?'),
        (("plan", "--title", "Balard"), 'no title is called "Balard": did you mean "Ballard"?'),
        (("plan", "--from", "09/07/2025"), "--from: "),
        (("plan", "--from", "2025-07-09", "--to", "2025-07-01"), "--to: 2025-07-01 lies before 2025-07-09"),
        (("plan", "--from", "2025-07-09", "--to", "2025-07-08"), "--to: 2025-07-08 lies before 2025-07-09"),
        (("simulate", "--from", "2025-07-09", "--to", "2025"), "--to: "),
    ],
)
def test_what_cannot_be_meant_is_wrong_input(household: Shell, words: tuple[str, ...], said: str) -> None:
    found = household.run(*words)
    assert found.status == 2
    assert said in found.err
    assert found.out == ""


def test_looking_begins_nothing_and_makes_no_database(household: Shell) -> None:
    for words in (["plan"], ["check"], ["upcoming"], ["list"], ["show", "ballard"], ["history"], ["why", "ballard"]):
        assert household.run(*words).status == 0
    assert not household.database.exists()


def test_plan_body_shows_the_whole_words(household: Shell) -> None:
    assert household.run("plan", "--body", "--to", "2025-07-03").out == (
        "Wed 2 Jul 2025 09:00 · asha · screen, phone\n"
        "Ballard premieres in 7 days\n"
        "Wednesday, July 9, 2025: all 10 episodes on Prime Video\n\n"
    )


def test_simulate_tells_each_message_with_its_one_channel(household: Shell) -> None:
    found = household.run("simulate", "--from", "2025-07-01", "--to", "2025-07-09", "--json")
    rows = found.json()
    assert list(rows[0]) == [key if key != "channels" else "channel" for key in PLAN_FIELDS]
    ballard = [(row["at"], row["channel"], row["lead"]) for row in rows if row["title"] == "Ballard"]
    assert ballard == [
        (f"2025-07-{day}T03:30:00Z", channel, lead)
        for day, lead in (("02", "7d"), ("08", "1d"), ("09", "day"))
        for channel in ("screen", "phone")
    ]
    assert not household.database.exists()


def test_simulate_shows_what_a_channel_without_its_secret_would_get(shell: Shell) -> None:
    shell.write("channels: {phone: 'tgram://${NOWHERE}/1'}\nwatch: [{title: Ballard, premiere: 2025-07-09}]")
    found = shell.run("simulate", "--from", "2025-07-08", "--to", "2025-07-09")
    assert found.status == 0
    assert "Tue 8 Jul 2025 09:00 · me · phone" in found.out
    assert "Ballard is out today" in found.out
    said, hours = found.err.splitlines()
    assert said == "2 messages from 2025-07-08 to 2025-07-09."
    assert hours.startswith("Hours are in ")


def test_simulate_says_whose_hours_it_shows(shell: Shell) -> None:
    shell.write(
        "timezone: Asia/Kolkata\nchannels: {phone: 'json://127.0.0.1:9'}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n"
        "subscribers: {asha: {}, ben: {timezone: America/New_York}}\n"
    )
    found = shell.run("simulate", "--from", "2025-07-09", "--to", "2025-07-09")
    assert "Wed 9 Jul 2025 09:00 · asha · phone" in found.out
    assert "Wed 9 Jul 2025 09:00 EDT · ben · phone" in found.out
    assert found.err.endswith("Hours are in Asia/Kolkata (written in the config).\n")


def test_upcoming_counts_down_and_puts_what_has_no_day_at_the_end(household: Shell) -> None:
    assert household.run("upcoming").out == (
        "when                    countdown              title                           what\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "Wed 9 Jul 2025          in 11 days             Ballard                         all 10 episodes on Prime Video\n"
        "Fri 11 Jul 2025         in 13 days             Foundation season 3             episode 1 of 3\n"
        "Thu 17 Jul 2025 09:30   in 19 days             Bananza\n"
        "Fri 18 Jul 2025         in 20 days             Foundation season 3 episode 2\n"
        "Fri 25 Jul 2025         in 27 days             Foundation season 3 finale\n"
        "May 2025                passed without a day   Window\n"
        "August 2025             no day yet             Alien: Earth\n"
        "TBA                     no date yet            Severance\n"
    ).replace("─" * 104, "─" * (21 + 3 + 20 + 3 + 29 + 3 + 30))
    limited = household.run("upcoming", "-n", "1", "--json").json()
    assert [(row["title"], row["countdown"], row["when"]) for row in limited] == [
        ("Ballard", "in 11 days", "2025-07-09")
    ]


UPCOMING = {
    "Ballard": {
        "season": None, "release": "premiere", "when": "2025-07-09", "precision": "day", "days": 11,
        "local_date": "2025-07-09", "local_time": None, "at": None, "first_episode": 1, "last_episode": 10,
        "episodes": 10, "platform": "Prime Video", "link": None, "kind": None, "source": None, "who": ["asha"],
    },
    "Bananza": {
        "season": None, "release": "premiere", "when": "2025-07-17T04:00:00Z", "precision": "exact", "days": 19,
        "local_date": "2025-07-17", "local_time": "09:30", "at": "2025-07-17T04:00:00Z", "first_episode": None,
        "last_episode": None, "episodes": None, "platform": None, "link": None, "kind": "game", "source": None,
        "who": ["ravi"],
    },
    "Window": {
        "season": None, "release": "premiere", "when": "2025-05", "precision": "month", "days": None,
        "local_date": None, "local_time": None, "at": None, "first_episode": None, "last_episode": None,
        "episodes": None, "platform": None, "link": None, "kind": None, "source": None, "who": ["asha", "ravi"],
    },
}  # fmt: skip


@pytest.mark.parametrize("title", UPCOMING)
def test_upcoming_gives_programs_numbers_and_dates_and_who_is_told(household: Shell, title: str) -> None:
    rows = {row["title"]: row for row in household.run("upcoming", "--json").json()}
    words = {"title", "countdown", "what"}
    assert {key: value for key, value in rows[title].items() if key not in words} == UPCOMING[title]


def test_upcoming_gives_the_numbers_of_each_episode_and_leaves_out_who_has_muted_it(household: Shell) -> None:
    household.run("mute", "Foundation", "--subscriber", "asha")
    rows = [row for row in household.run("upcoming", "--json").json() if row["title"] == "Foundation"]
    assert [(row["season"], row["first_episode"], row["last_episode"], row["days"], row["who"]) for row in rows] == [
        (3, 1, 1, 13, []), (3, 2, 2, 20, []), (3, 3, 3, 27, [])
    ]  # fmt: skip


def test_list_gives_programs_the_next_day_of_each_title(household: Shell) -> None:
    household.at("2025-07-12T06:00:00Z")
    rows = {row["title"]: row["next"] for row in household.run("list", "--json").json()}
    assert rows["Foundation"] == {"release": "episode 2", "when": "2025-07-18", "precision": "day", "days": 6}
    assert rows["Ballard"] is None  # it is out
    assert rows["Alien: Earth"] is None  # it has no day


def test_upcoming_says_hours_on_the_day_itself(household: Shell) -> None:
    household.at("2025-07-16T20:30:00Z")
    assert household.run("upcoming", "-n", "1", "--json").json()[0]["countdown"] == "in 7 hours and 30 minutes"
    household.at("2025-07-17T05:00:00Z")
    assert household.run("upcoming", "-n", "1", "--json").json()[0]["countdown"] == "out"


def test_check_says_of_each_title_what_comes_or_why_nothing_does(household: Shell) -> None:
    found = household.run("check")
    assert found.status == 0
    for line in (
        "Ballard               Wed 2 Jul 2025 09:00        asha   Ballard premieres in 7 days",
        "nothing: May 2025 has passed, and no day is known",
        "nothing: its date is not known yet",
    ):
        assert line in found.out
    rows = {row["title"]: row for row in household.run("check", "--json").json()["titles"]}
    assert rows["Ballard"]["next"]["at"] == "2025-07-02T03:30:00Z"
    assert rows["Severance"]["next_reason"] == "its date is not known yet"


def test_check_names_a_missing_secret_and_an_unusable_channel_with_their_lines(shell: Shell) -> None:
    shell.write(
        "channels:\n  phone: tgram://${NOWHERE}/1\n  lamp: blink1://\n  post: telegram://x/y\nwatch: [Severance]\n"
    )
    found = shell.run("check")
    assert found.status == 2
    said = found.err.splitlines()[-4:]
    assert said[0].startswith(f"{shell.config}:2:3: channels.phone: NOWHERE is not set")
    assert said[1].startswith(f"{shell.config}:3:3: channels.lamp: blink1:// writes to this machine only")
    assert said[2].startswith(
        f"{shell.config}:4:3: channels.post: there is no service telegram://; did you mean tgram://"
    )
    assert said[-1] == "3 problems"


def test_check_of_a_broken_config_is_json_too(shell: Shell) -> None:
    shell.write("wach: [Ballard]\n")
    found = shell.run("check", "--json")
    assert found.status == 2
    assert found.json()["problems"] == [f"{shell.config}:1:1: wach: unknown key, did you mean watch?"]


def test_check_tells_of_a_database_that_belongs_to_another_config(household: Shell) -> None:
    household.sweep()
    other = household.config.with_name("other.yaml")
    other.write_text(household.config.read_text())
    found = household.bare("--config", str(other), "check")
    assert found.status == 2
    assert "this database belongs to the config" in found.err


def test_simulate_send_tells_of_each_that_fails_and_does_not_try_it_again(household: Shell) -> None:
    found = household.run("simulate", "--from", "2025-07-01", "--to", "2025-07-09", "--send", "--json")
    assert found.status == 1
    assert [line.partition(":")[0] for line in found.err.splitlines() if line.startswith("phone:")] == ["phone"] * 4
    assert {row["channel"] for row in found.json()} == {"screen"}
    assert {row["kind"] for row in found.json()} == {"reminder"}
    assert not household.database.exists()
