"""Looking at a config that has not changed: what is shown is what the long way shows, to the byte, and never stale."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.commands import Shell
from tests.support.households import lives

LOOKS = (
    ("plan",),
    ("plan", "--json"),
    ("plan", "--title", "Ballard"),
    ("plan", "--title", "Balard"),
    ("plan", "--subscriber", "ravi", "--body"),
    ("plan", "--subscriber", "nobody"),
    ("plan", "--from", "2025-07-01", "--json"),
    ("check",),
    ("check", "--json"),
    ("show", "ballard"),
    ("show", "foundation", "season", "3", "--json"),
    ("show", "Alien", "Earth"),
    ("show", "nothing"),
    ("upcoming",),
    ("upcoming", "-n", "2"),
    ("upcoming", "-n", "50", "--json"),
    ("list",),
    ("list", "--json"),
    ("why", "ballard"),
    ("why", "Window", "--json"),
    ("history",),
    ("history", "--title", "Ballard", "--json"),
)
TELLING = (
    *(
        ("plan", "--json"),
        ("check", "--json"),
        ("show", "ballard", "--json"),
        ("upcoming", "-n", "3"),
        ("list", "--json"),
    ),
)
SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(?=Z|[+-]\d\d:\d\d)")
"""What is overdue is due now, and the seconds of now go on; every other moment is on the minute."""
SECRET = "hush-very-hush"


def kept(shell: Shell) -> dict[str, str]:
    """Return what the database keeps for a look."""
    with closing(sqlite3.connect(shell.database)) as base:
        return dict(base.execute("SELECT key, value FROM meta WHERE key LIKE 'look%'"))


def change(shell: Shell, statement: str) -> None:
    with closing(sqlite3.connect(shell.database)) as base, base:
        base.execute(statement)


def forget(shell: Shell) -> None:
    change(shell, "DELETE FROM meta WHERE key = 'look'")


def said(shell: Shell, words: tuple[str, ...]) -> tuple[int, str, str]:
    shell.at(shell.clock.read_text())  # its seconds go on
    found = shell.run(*words)
    return found.status, SECONDS.sub(r"\1", found.out), SECONDS.sub(r"\1", found.err)


def settled(shell: Shell) -> Shell:
    """Let the daemon take the config, and somebody look: from now on a look need not read it."""
    shell.sweep()
    shell.at("2025-06-28T07:00:00Z").run("list")
    assert kept(shell)["look"]
    return shell


def differences(shell: Shell, looks: tuple[tuple[str, ...], ...] = TELLING) -> list[tuple[str, ...]]:
    """Return the commands that say something else when the config is brought in for them."""
    short = {words: said(shell, words) for words in looks}
    long = {}
    for words in looks:
        if shell.database.exists():
            forget(shell)
        long[words] = said(shell, words)
    return [words for words in looks if short[words] != long[words]]


def test_a_look_says_the_same_with_the_config_read_and_without(household: Shell) -> None:
    settled(household)
    assert differences(household, LOOKS) == []
    household.at("2025-07-08T04:00:00Z").sweep()
    household.at("2025-07-08T05:00:00Z").run("list")
    assert kept(household)["look"]
    assert differences(household, LOOKS) == []


def test_a_look_at_a_config_that_is_known_does_not_bring_it_in(household: Shell) -> None:
    settled(household)
    change(
        household, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'"
    )
    assert "+05:30" not in household.run("upcoming").out  # what was kept counts, not the file
    assert "Asia/Tokyo" in kept(household)["look_settings"]


READERS = """
import contextlib, io, sys
from reminder.cli.main import main
for words in sys.argv[2:]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main(["-c", sys.argv[1], *words.split()])
    if "yaml" in sys.modules:
        sys.exit(f"{words} has read the config")
"""
READ_NOTHING = (
    *("plan", "plan --json", "plan --body", "plan --title Ballard", "plan --subscriber ravi"),
    *("upcoming", "upcoming --json", "list", "list --json"),
    *("show ballard", "show ballard --json", "show Severance", "why ballard", "why Window --json", "history"),
)


def test_no_look_at_a_config_that_is_known_reads_it(household: Shell) -> None:
    """Whoever reads a config loads what YAML is read with: a process that has only looked has not."""
    settled(household)
    process = [sys.executable, "-c", READERS, str(household.config), *READ_NOTHING]
    found = subprocess.run(process, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_a_file_that_was_only_touched_is_the_same_config(household: Shell) -> None:
    before = kept(settled(household))
    os.utime(household.config, (1, 1))
    household.run("upcoming")
    assert kept(household) == before


def edit(old: str, new: str) -> Callable[[Shell], object]:
    return lambda shell: shell.write(shell.config.read_text().replace(old, new))


def environment(name: str, value: str) -> Callable[[Shell], object]:
    return lambda shell: shell.patch.setenv(name, value)


def statement(text: str) -> Callable[[Shell], object]:
    return lambda shell: change(shell, text)


def older_copy(shell: Shell) -> None:
    with closing(sqlite3.connect(shell.database)) as base, closing(sqlite3.connect(shell.home / "old.db")) as copy:
        base.backup(copy)
    shell.write(shell.config.read_text().replace("July 9, 2025", "July 19, 2025")).sweep()
    shell.run("list")
    for name in ("-wal", "-shm"):
        shell.database.with_name(shell.database.name + name).unlink(missing_ok=True)
    shutil.copy(shell.home / "old.db", shell.database)


def another_place(shell: Shell) -> None:
    shell.config = Path(shutil.copy(shell.config, shell.home / "copy.yaml"))


def swept(shell: Shell) -> None:
    shell.at("2025-07-09T04:00:00Z").sweep()
    shell.at("2025-07-09T05:00:00Z")


def imported(shell: Shell) -> None:
    (shell.home / "people.csv").write_text("name,channel,address,timezone\nzoe,phone,1,Asia/Tokyo\n")
    shell.run("import", str(shell.home / "people.csv"))


CHANGES: dict[str, Callable[[Shell], object]] = {
    "a date": edit("July 9, 2025", "July 10, 2025"),
    "a line moved": edit("watch:", "# one line more\nwatch:"),
    "a title left out": edit("  - Severance\n", ""),
    "a person's zone": edit("timezone: America/New_York, at", "timezone: America/Chicago, at"),
    "a template": edit("watch:", "templates: {reminder: {subject: 'Out: {{ title }}'}}\nwatch:"),
    "the grace": edit("watch:", "grace: 5d\nwatch:"),
    "another database": edit("watch:", "database: other.db\nwatch:"),
    "a config that is broken": edit("July 9, 2025", "09/07/2025"),
    "the system's zone": environment("TZ", "America/New_York"),
    "the locale": environment("LC_ALL", "de_DE.UTF-8"),
    "a secret": environment("PHONE", "another"),
    "a date in the database": statement("UPDATE release SET when_text = '2025-07-12' WHERE when_text = '2025-07-09'"),
    "a title gone from the database": statement(
        "UPDATE title SET ended_at = '2025-06-28 06:00:00.000000' WHERE id = 1"
    ),
    "a subscription gone": statement("DELETE FROM subscription WHERE id = 1"),
    "a person gone": statement("UPDATE subscriber SET ended_at = '2025-06-28 06:00:00.000000' WHERE name = 'ravi'"),
    "a channel's address": statement("UPDATE channel SET fingerprint = 'x' WHERE name = 'phone'"),
    "another config's database": statement("UPDATE meta SET value = 'another' WHERE key = 'config'"),
    "another program's row": statement("UPDATE meta SET value = 'of another program' WHERE key = 'look'"),
    "an older copy of the database": older_copy,
    "the config in another place": another_place,
    "a title added": lambda shell: shell.run("add", "Dune", "--premiere", "2026-12-18"),
    "a title muted": lambda shell: shell.run("mute", "Ballard"),
    "a person paused": lambda shell: shell.run("pause", "asha", "--until", "2025-07-08"),
    "a title paused": lambda shell: shell.run("mute", "Ballard", "--until", "2025-07-08"),
    "a pause in the database": statement("UPDATE subscriber SET paused_until = '2025-07-30 04:00:00.000000'"),
    "a paused title in the database": statement(
        "UPDATE subscription SET paused_until = '2025-07-30 04:00:00.000000' WHERE title_id = 1"
    ),
    "a date changed by command": lambda shell: (
        shell.run("add", "Dune", "--premiere", "2026-12-18"),
        shell.run("list"),
        shell.run("change", "Dune", "--premiere", "2026-12-19"),
    ),
    "a change of date in the database": statement(
        "INSERT INTO date_change (title_id, no, season, first, before, after, source, seen_at) "
        "SELECT id, 9, 0, 1, '2025-07-01', '2025-07-09', 'config', '2025-06-28 06:00:00.000000' FROM title LIMIT 1"
    ),
    "a source that fails": statement(
        "INSERT INTO source (name, failing_since, reason) VALUES ('tvmaze', '2025-06-28 06:00:00.000000', 'silent')"
    ),
    "a note of a pass that failed": statement(
        'INSERT INTO meta (key, value) VALUES (\'asking faults\', \'{"ballard": {"name": "Ballard", "why": "KeyError"}}\')'
    ),
    "a message in the ledger": statement("UPDATE delivery SET state = 'failed', reason = 'by hand'"),
    "settings that nobody can read": statement("UPDATE meta SET value = '{}' WHERE key = 'look_settings'"),
    "lines that nobody can read": statement("UPDATE meta SET value = '[' WHERE key = 'look_lines'"),
    "a person imported": lambda shell: imported(shell),
    "a title removed": lambda shell: (
        shell.run("add", "Dune", "--premiere", "2026-12-18"),
        shell.run("remove", "Dune"),
    ),
    "a sweep": swept,
    "time": lambda shell: shell.at("2025-09-01T04:00:00Z"),
    "no database": lambda shell: shell.database.unlink(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_no_look_is_stale(household: Shell, what: str) -> None:
    household.patch.setenv("PHONE", "a")
    household.write(household.config.read_text().replace("timezone: Asia/Kolkata\nclock: 12h\n", ""))
    household.write(household.config.read_text().replace("json://127.0.0.1:9/\n", "json://127.0.0.1:9/${PHONE}\n"))
    settled(household)
    CHANGES[what](household)
    assert differences(household) == []


def test_what_somebody_adds_is_known_after_one_look(household: Shell) -> None:
    settled(household).run("add", "Dune", "--premiere", "2026-12-18")
    assert "look" not in kept(household)
    household.run("upcoming")
    assert kept(household)["look"]
    assert "Dune" in household.run("upcoming").out


def test_nothing_is_kept_while_the_config_has_something_new(household: Shell) -> None:
    settled(household)
    household.write(household.config.read_text() + "  - Dune\n")
    assert "Dune" in household.run("list").out
    assert "Dune" in household.run("list").out
    household.sweep()
    household.run("list")
    assert "dune" in kept(household)["look_lines"]


def test_no_secret_is_kept(shell: Shell) -> None:
    shell.patch.setenv("TOKEN", SECRET)
    shell.write("channels: {phone: 'json://127.0.0.1:9/${TOKEN}'}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n")
    settled(shell)
    assert SECRET not in "".join(kept(shell).values())
    assert "TOKEN" not in "".join(kept(shell).values())


@pytest.mark.parametrize("written", [r'"json://127.0.0.1:9/\x24{TOKEN}"', '"json://127.0.0.1:9/$\\\n      {TOKEN}"'])
def test_a_secret_whose_name_cannot_be_seen_in_the_file_is_no_reason_to_be_stale(shell: Shell, written: str) -> None:
    shell.patch.setenv("TOKEN", "a")
    shell.write(f"channels:\n  phone: {written}\nwatch: [{{title: Ballard, premiere: 2025-07-09}}]\n")
    shell.sweep()
    shell.run("list")
    shell.patch.setenv("TOKEN", "b")
    assert differences(shell) == []


@pytest.mark.parametrize(
    "database",
    [
        "database: mine.db",
        "database: 'mine.db'",
        'database: "mine.db"  # here',
        "database: sqlite:///mine.db",
        "database: ~/mine.db",
        "database: $$",
        "database:",
        "database: ${PLACE}",
        "'database': mine.db",
    ],
)
def test_wherever_the_database_lies_the_look_is_the_same(household: Shell, database: str) -> None:
    household.patch.setenv("PLACE", "mine.db")
    household.write(f"{database}\n{household.config.read_text()}").sweep()
    short = [(said(household, words), said(household, words)) for words in TELLING[:2]]
    assert [first for first, again in short if first != again] == []


@contextmanager
def somebody() -> Iterator[Shell]:
    """Give somebody a home of their own."""
    with TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        yield Shell(Path(home), patch)


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(lives())
def test_whatever_a_household_lives_through_no_look_is_stale(life: tuple[str, list[tuple[date, str]]]) -> None:
    first, later = life
    with somebody() as shell:
        shell.at("2025-05-20T04:00:00Z").write(first).sweep()
        shell.run("list")
        assert kept(shell)["look"]
        for on, config in later:
            shell.at(f"{on}T04:00:00Z")
            assert differences(shell) == [], "time alone"
            shell.write(config)
            assert differences(shell) == [], "a config that is new"
            shell.sweep()
            shell.run("list")
            assert kept(shell)["look"], "nothing is new any more"
            assert differences(shell) == [], "a config that is known"


def test_a_list_names_for_each_title_those_who_follow_it(shell: Shell) -> None:
    titles = [f"  - {{title: T{number}, premiere: 2025-07-09, for: [asha]}}" for number in range(40)]
    people = "subscribers: {asha: {}, ravi: {}}\nchannels: {screen: console://}\n"
    shell.write(f"{people}watch:\n" + "\n".join([*titles, "  - Severance"]) + "\n")
    rows = shell.run("list", "--json").json()
    assert [row["subscribers"] for row in rows] == [["asha"]] * 40 + [["asha", "ravi"]]


@pytest.mark.parametrize("database", ["database: $PLACE", "database: {", "database: [a]"])
def test_a_database_that_is_none_is_named_by_every_look(household: Shell, database: str) -> None:
    household.write(f"{database}\n{household.config.read_text()}")
    for words in TELLING:
        found = household.run(*words)
        assert found.status == 2
        assert "Traceback" not in found.err
        assert "config.yaml:1" in found.out + found.err
