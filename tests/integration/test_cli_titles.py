"""`add`, `change`, `remove`, `mute`, `unmute`, `list` and `show`."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell


def test_add_says_the_next_message(household: Shell) -> None:
    found = household.run("add", "The", "Sandman", "--premiere", "2025-07-24", "--platform", "Netflix")
    assert found.status == 0
    assert found.out == (
        "Added The Sandman: Thu 24 Jul 2025.\n"
        "Next: Thu 17 Jul 2025 09:00 to asha over screen, phone\n"
        "      The Sandman premieres in 7 days\n"
    )
    said = household.run("list", "--json").json()[-1]
    assert (said["title"], said["when"], said["listed"]) == ("The Sandman", "2025-07-24", "by command")


@pytest.mark.parametrize("title", ["Fog, July 9, 2027", "Fog: July 9, 2027", "Fog July 9, 2027"])
def test_a_date_in_the_name_of_a_new_title_is_not_passed_over_in_silence(household: Shell, title: str) -> None:
    found = household.run("add", title)
    right = f"reminder change '{title}' --title Fog --premiere 'July 9, 2027'"
    assert found.err.splitlines()[-1] == f"If July 9, 2027 is its date, write: {right}"
    assert household.run("change", title, "--title", "Fog", "--premiere", "July 9, 2027").status == 0
    said = household.run("list", "--json").json()[-1]
    assert (said["title"], said["when"]) == ("Fog", "2027-07-09")


def test_show_does_not_say_that_a_source_is_to_be_asked_where_none_is(shell: Shell) -> None:
    shell.write("channels: {screen: console://}\nsources: {tvmaze: {ask: false}}\nwatch: [Fog]\n")
    said = shell.run("show", "Fog").out
    assert "source: none yet; no source is asked: write its date, or sources: in the config" in said
    assert "searched for" not in said


def test_no_title_turns_the_terminal_about_whatever_is_said_of_it(household: Shell) -> None:
    evil = "Red \x1b[31m\u202eAlert"
    said = [
        household.run("add", evil, "--premiere", "2025-07-24"),
        household.run("show", evil),
        household.run("mute", evil),
        household.run("add", evil),
        household.run("why", evil),
        household.run("plan", "--body"),
        household.run("remove", evil),
        household.run("remove", evil),
    ]
    printed = "".join(found.out + found.err for found in said)
    assert "Added Red [31mAlert: Thu 24 Jul 2025." in printed
    assert "Red [31mAlert is no longer watched." in printed
    assert not {"\x1b", "\u202e"} & set(printed)


def test_add_says_that_it_is_the_finale_that_is_waited_for(household: Shell) -> None:
    words = ("--premiere", "2025-07-20", "--episodes", "8", "--drop", "weekly", "--follow", "finale")
    found = household.run("add", "The", "Sandman", *words)
    assert found.out.startswith("Added The Sandman: the finale, Sun 7 Sep 2025.\n")


def test_add_takes_every_field_of_the_config(household: Shell) -> None:
    words = [
        *("--season", "2", "--premiere", "2025-08-01 20:00", "--platform", "Netflix", "--episodes", "6"),
        *("--drop", "2 then weekly", "--follow", "episodes", "--remind", "{premiere: [2w, day], finale: [release]}"),
        *(
            "--for",
            "{asha: {remind: [3d]}, ravi: {}}",
            "--kind",
            "series",
            "--link",
            "https://example.com/",
            "--id",
            "w2",
        ),
        *("--note", "the second half"),
    ]
    assert household.run("add", "Wednesday", *words).status == 0
    row = household.run("show", "w2", "--json").json()
    assert (row["title"], row["key"], row["season"], row["episodes"], row["drop"]) == (
        "Wednesday",
        "w2",
        2,
        6,
        "2 then weekly",
    )
    assert row["when"] == "2025-08-01T14:30:00Z", "a time without a zone is in the config's"
    assert [release["release"] for release in row["releases"]] == [
        *("season 2 premiere", "episode 3", "episode 4", "episode 5", "finale"),
    ]
    leads = {person["subscriber"]: person["remind"]["premiere"] for person in row["subscribers"]}
    assert leads == {"asha": ["3d"], "ravi": ["2w", "day"]}
    assert (row["kind"], row["link"], row["note"]) == ("series", "https://example.com/", "the second half")


def test_add_tells_all_problems_at_once_and_adds_nothing(household: Shell) -> None:
    found = household.run(
        *(
            "add",
            "X",
            "--premiere",
            "09/07/2025",
            "--kind",
            "serie",
            "--for",
            "ahsa",
            "--remind",
            "7x",
            "--drop",
            "weekly",
        )
    )
    assert found.status == 2
    assert found.err.splitlines() == [
        '--premiere: "09/07/2025" is ambiguous: write 2025-07-09 (July 9) or 2025-09-07 (September 7)',
        '--remind: "7x" is not a lead: write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h',
        '--kind: "serie" is unknown, did you mean series?',
        '--for: there is no subscriber "ahsa": did you mean asha?',
    ]
    assert not household.database.exists()


def test_what_the_config_lists_is_changed_there(household: Shell) -> None:
    for words in (
        ["change", "ballard", "--note", "x"],
        ["remove", "ballard"],
    ):
        found = household.run(*words)
        assert found.status == 2
        assert f"Ballard is listed at {household.config}:10: " in found.err
    assert f"Ballard is listed at {household.config}:10: change it there" in household.run("add", "Ballard").err


def test_who_gives_a_title_the_name_of_another_is_told_how_that_one_is_changed(household: Shell) -> None:
    for words in (("Fog", "--premiere", "2026-07-09"), ("Fog", "--season", "2", "--premiere", "2027-07-09")):
        assert household.run("add", *words).status == 0
    found = household.run("change", "Fog", "--season", "2", "--premiere", "2027-08-01")
    assert (found.status, found.err) == (
        2,
        "Fog season 2 is watched as a title of its own: `reminder change 'Fog season 2'` changes it; "
        "or tell two works apart with --id\n",
    )
    assert household.run("change", "Fog season 2", "--premiere", "2027-08-01").status == 0
    household.run("remove", "Fog season 2")
    found = household.run("change", "Fog", "--season", "2")
    assert "Fog season 2 was watched as a title of its own: `reminder add` takes it up again" in found.err
    assert household.run("change", "Fog", "--season", "2", "--id", "fog-2").status == 0
    household.run("add", "Mist", "--premiere", "2026-07-09")
    assert household.run("change", "Mist", "--season", "3").status == 0


def test_a_changed_date_becomes_a_notice_and_is_shown_with_its_number(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24", "--for", "asha")
    household.at("2025-06-30T12:00:00Z")  # put right within a day, it would be a slip and no news
    found = household.run("change", "sandman", "--premiere", "2025-08-07")
    assert "Sandman moved from July 24 to August 7, 2025" in found.out
    (change,) = household.run("show", "sandman", "--json").json()["changes"]
    assert change | {"seen_at": ""} == {
        "number": 1,
        "release": "premiere",
        "from": "2025-07-24",
        "from_precision": "day",
        "to": "2025-08-07",
        "to_precision": "day",
        "source": "command",
        "seen_at": "",
    }
    assert "Thu 24 Jul 2025   Thu 7 Aug 2025   command" in household.run("show", "sandman").out


def test_change_leaves_what_is_not_said_and_takes_back_what_is_empty(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24", "--platform", "Netflix", "--note", "n", "--for", "asha")
    household.run("change", "sandman", "--platform", "", "--for", "", "--kind", "series")
    row = household.run("show", "sandman", "--json").json()
    assert (row["when"], row["platform"], row["note"], row["kind"]) == ("2025-07-24", None, "n", "series")
    assert [person["subscriber"] for person in row["subscribers"]] == ["asha", "ravi"]


def test_a_corrected_name_keeps_its_history(household: Shell) -> None:
    household.run("add", "Sandmann", "--premiere", "2025-07-01", "--for", "asha")
    household.at("2025-06-30T04:00:00Z").sweep()
    assert household.run("change", "sandmann", "--title", "Sandman").status == 0
    lines = household.run("history", "--title", "sandman", "--json").json()
    assert {(line["title"], line["lead"], line["state"]) for line in lines} == {("Sandman", "1d", "sent")}
    assert "1d" not in [row["lead"] for row in household.run("plan", "--title", "sandman", "--json").json()]


def test_cancelled_and_on_again(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24", "--for", "asha")
    household.at("2025-06-30T12:00:00Z")
    assert "Sandman has been cancelled" in household.run("change", "sandman", "--cancelled").out
    assert household.run("show", "sandman").out.startswith("Sandman (cancelled)\n")
    assert "Sandman premieres in 7 days" in household.run("change", "sandman", "--not-cancelled").out


def test_removed_is_no_longer_listed_but_still_known(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24")
    assert household.run("remove", "sandman").out == "Sandman is no longer watched.\n"
    assert "Sandman" not in household.run("list").out
    assert "no longer watched since Sat 28 Jun 2025" in household.run("show", "sandman").out
    assert household.run("remove", "sandman").status == 2
    assert household.run("add", "Sandman", "--premiere", "2025-07-24").status == 0


def test_a_title_added_twice_is_refused(household: Shell) -> None:
    household.run("add", "Sandman")
    found = household.run("add", "SANDMAN")
    assert found.status == 2
    assert "is already watched" in found.err


def test_muted_for_one_person_until_unmuted(household: Shell) -> None:
    household.run("add", "Sandman", "--premiere", "2025-07-24")

    def people() -> set[str]:
        return {row["subscriber"] for row in household.run("plan", "--title", "sandman", "--json").json()}

    assert household.run("mute", "sandman", "--subscriber", "ravi").out == "Sandman is muted for ravi.\n"
    assert people() == {"asha"}
    assert household.run("mute", "sandman").out == "Sandman is muted for asha, ravi.\n"
    assert people() == set()
    assert "nothing: it is muted" in household.run("check").out
    household.run("unmute", "sandman")
    assert people() == {"asha", "ravi"}


def test_commands_and_daemon_see_one_database(household: Shell) -> None:
    household.sweep()
    household.run("add", "Sandman", "--premiere", "2025-06-29", "--for", "asha")
    household.at("2025-06-29T03:30:00Z").sweep()
    assert household.sent == ["Sandman is out today"] * 2


@pytest.mark.parametrize("name", ["1899", "No", "<b>bold</b>", "🎬 ünïcode", "שלום", "[list]", "{map}", "null", "# x"])
def test_any_text_is_a_title(household: Shell, name: str) -> None:
    assert household.run("add", "--premiere", "2025-07-24", "--", name).status == 0
    assert household.run("list", "--json").json()[-1]["title"] == name
    assert household.run("remove", "--", name).status == 0


def test_list_shows_who_and_where(household: Shell) -> None:
    out = household.run("list").out.splitlines()
    assert out[0].split() == ["title", "date", "where", "for", "listed"]
    assert out[2].split("   ")[0] == "Ballard"
    assert out[2].endswith("Prime Video   asha         line 10")
    assert out[3].startswith("Foundation season 3   Fri 11 Jul 2025")
    rows = household.run("list", "--json").json()
    assert rows[0]["listed"] == f"{household.config}:10"


def test_show_of_a_listed_title_tells_all_that_is_known(household: Shell) -> None:
    assert household.run("show", "foundation").out == (
        "Foundation season 3\n"
        f"  listed at {household.config}:11\n"
        "\n"
        "release             date              what\n"
        "────────────────────────────────────────────────────\n"
        "season 3 premiere   Fri 11 Jul 2025   episode 1 of 3\n"
        "episode 2           Fri 18 Jul 2025   episode 2 of 3\n"
        "finale              Fri 25 Jul 2025   episode 3 of 3\n"
        "\n"
        "for    premiere      episode   finale   over\n"
        "─────────────────────────────────────────────────────\n"
        "asha   7d, 1d, day   day       day      screen, phone\n"
        "\n"
        "next: Fri 4 Jul 2025 09:00 to asha over screen, phone\n"
        "      Foundation season 3 premieres in 7 days\n"
    )


def test_change_correct_says_that_the_last_change_of_a_date_put_a_slip_right(household: Shell) -> None:
    assert household.run("add", "Zorn", "--premiere", "2026-12-15").status == 0
    nothing = household.run("change", "Zorn", "--correct")
    assert (nothing.status, "nothing to put right" in nothing.err) == (2, True)
    assert household.run("change", "Zorn", "--premiere", "2026-12-05").status == 0
    both = household.run("change", "Zorn", "--correct", "--premiere", "2026-12-06")
    assert (both.status, "give it alone" in both.err) == (2, True)
    done = household.run("change", "Zorn", "--correct", "--json").json()
    assert [(row["before"], row["after"]) for row in done["corrected"]] == [("2026-12-15", "2026-12-05")]


def test_a_title_of_which_nothing_is_to_come_is_told_as_that(household: Shell) -> None:
    assert household.run("add", "Fog", "--premiere", "TBA").out == (
        "Added Fog: TBA.\nNothing is to come: its date is not known yet.\n"
    )


def test_options_that_another_one_makes_meaningless_are_refused_together(household: Shell) -> None:
    """As the keys are in a config."""
    asked = household.run(
        "add", "T", "--premiere", "2027-02-01", "--source", "none", "--when", "2027-03-01", "--offset", "+3h"
    )
    none = "this is for a title that a source is asked about, and this one is not: take it out"
    assert (asked.status, asked.err.splitlines()) == (2, [f"--when: {none}", f"--offset: {none}"])
    asked = household.run("add", "T", "--premiere", "2027-02-01", "--source", "tvmaze:5")
    assert "--premiere: --source gives the dates: write --when to correct them, or --source none to" in asked.err
