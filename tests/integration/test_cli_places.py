"""Where the database lies, whose it is, and what the commands say when it cannot be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from tests.support.commands import Shell
from tests.support.process import COMMAND, PATIENCE, Reminder
from tests.support.users import as_somebody_else

ONE = 'channels: {screen: "console://"}\nwatch: [{title: Ballard, premiere: "July 9, 2025"}]\n'
HALF = ONE + "database: postgresql://me:${NOWHERE}@127.0.0.1:1/x\n"
NO_SECRET = "NOWHERE is not set: set it in the environment, or write NAME=VALUE into"


def mode(path: Path) -> int:
    """Return who may do what with a file."""
    return S_IMODE(path.stat().st_mode)


# Private


def test_the_database_of_a_users_own_install_is_theirs_alone(shell: Shell) -> None:
    shell.write(ONE).sweep()
    assert mode(shell.database.parent) == 0o700
    assert mode(shell.database) == 0o600
    shell.run("backup", str(shell.home / "copy.db"))
    assert mode(shell.home / "copy.db") == 0o600


def test_the_mode_that_the_administrator_gave_stays_and_goes_for_copies(shell: Shell) -> None:
    shell.write(ONE).sweep()
    shell.database.parent.chmod(0o750)
    shell.database.chmod(0o640)
    shell.at("2025-07-02T04:00:00Z").sweep()
    shell.run("backup", str(shell.home / "copy.db"))
    assert [mode(path) for path in (shell.database.parent, shell.database, shell.home / "copy.db")] == [
        *(0o750, 0o640, 0o640)
    ]


def test_in_systemds_state_directory_the_umask_says_who_may_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(shell.home / "var"))
    shell.write(ONE).sweep()
    assert mode(shell.home / "var" / "reminder.db") & 0o040


# Whose


def test_one_config_is_one_however_its_path_is_written(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write(ONE).sweep()
    (shell.home / "below").mkdir()
    monkeypatch.chdir(shell.home / "below")
    for path in ("../config.yaml", f"{shell.home}/below/../config.yaml", str(shell.config)):
        assert shell.bare("--config", path, "plan").status == 0


def test_health_does_not_speak_for_another_configs_database(shell: Shell) -> None:
    shell.write(ONE).sweep()
    other = shell.home / "other.yaml"
    other.write_text(ONE)
    found = shell.bare("--config", str(other), "health")
    assert found.status == 1
    assert f"this database belongs to the config '{shell.config}', not '{other}'" in found.out


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A home whose database lies in a folder into which one may not look."""
    # Not in the tests' own folder, into which nobody else can look at all.
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder), monkeypatch).write(ONE)
        shell.sweep()
        for command in ("health", "test", "plan", "check"):  # loads what somebody else could perhaps not read
            shell.run(command)
        for path in (shell.home, shell.home / "state", shell.home / "state" / "reminder"):
            path.chmod(0o755)
        shell.database.parent.chmod(0o000)
        yield shell
        shell.database.parent.chmod(0o755)


@pytest.mark.parametrize("words", [("health",), ("backup", "copy.db"), ("plan",), ("check",), ("test",)])
def test_a_database_that_may_not_be_looked_at_is_named_with_its_owner(hidden: Shell, words: tuple[str, ...]) -> None:
    with as_somebody_else():
        found = hidden.run(*words)
    assert found.status == {"check": 2, "test": 0}.get(words[0], 1)
    said = found.out + found.err
    assert f"{hidden.database}: permission denied for uid" in said
    assert f"({hidden.database.parent} belongs to uid" in said


def test_check_says_when_the_database_could_not_be_made(shell: Shell) -> None:
    (shell.home / "file").write_text("")
    found = shell.write(f"{ONE}database: {shell.home}/file/x.db\n").run("check")
    assert found.status == 2
    assert f"{shell.home}/file/x.db: {shell.home}/file is no folder: set `database:` to a file in one" in found.err
    assert "Everything is in order." not in found.err


# Where the service's secrets lie


def test_a_shell_finds_the_secrets_of_the_users_service(shell: Shell) -> None:
    shell.write(
        'channels: {hook: "json://127.0.0.1:9/${TOKEN}"}\nwatch: [{title: Ballard, premiere: "July 9, 2027"}]\n'
    )
    lost = shell.run("check")
    assert lost.status == 2
    assert f"TOKEN is not set: set it in the environment, or write NAME=VALUE into {shell.home}/environment" in lost.err
    (shell.home / "environment").write_text("TOKEN=hunter22\n")
    assert shell.run("check").status == 0
    tried = shell.run("test", "hook")
    assert "TOKEN" not in tried.out + tried.err
    assert "hunter22" not in tried.out + tried.err


# A database that is none


@pytest.mark.parametrize("setting", ["host=127.0.0.1 dbname=x password=${DB_PASSWORD}", "${DB_PASSWORD}"])
def test_what_is_no_database_is_refused_and_makes_no_file(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "host=127.0.0.1 password=hunter2secret")
    shell.write(f"{ONE}database: '{setting}'\n")
    for command in ("check", "run --once", "health"):
        found = shell.run(*command.split())
        assert found.status in {1, 2}
        assert "a database is not given by words such as host=… and dbname=…" in found.out + found.err
        assert "hunter2secret" not in found.out + found.err
    assert [path.name for path in shell.home.rglob("*hunter2*")] == []


# Without its secret


def test_check_makes_a_problem_of_a_missing_secret_of_the_database(shell: Shell) -> None:
    found = shell.write(HALF).run("check")
    assert found.status == 2
    assert f"{shell.config}:3:11: database: {NO_SECRET}" in found.err
    assert "Ballard" in found.out


@pytest.mark.parametrize("words", [("plan",), ("upcoming",), ("list",), ("history",), ("why", "ballard")])
def test_who_only_looks_is_shown_the_config_without_its_database(shell: Shell, words: tuple[str, ...]) -> None:
    found = shell.write(HALF).run(*words)
    assert found.status == 0
    assert f"only the config is shown, without the database: {NO_SECRET}" in found.err
    assert words == ("history",) or "9 Jul 2025" in found.out


@pytest.mark.parametrize("words", [("run", "--once"), ("add", "Severance"), ("health",), ("backup", "x.db")])
def test_who_needs_the_database_fails_and_makes_none_in_its_stead(shell: Shell, words: tuple[str, ...]) -> None:
    found = shell.write(HALF).run(*words)
    assert found.status == 1
    assert NO_SECRET in found.out + found.err
    assert not shell.database.parent.exists()


# What will never send


def test_check_warns_of_what_is_already_out(shell: Shell) -> None:
    found = shell.write(ONE.replace("July 9, 2025", "June 9, 2025")).run("check")
    assert found.status == 0
    assert f"warning: {shell.config}:2:9: watch[0]: it came out on June 9, 2025, and nothing more will be sent" in (
        found.err
    )


def test_check_warns_of_a_rate_and_of_a_scheme_that_no_service_has(shell: Shell) -> None:
    shell.write(
        f"{ONE}delivery: {{rates: {{tgram: 3, telegramm: 3, ntfys: 2, wobble: 1}}}}\nallow_schemas: [sislog, qt]\n"
    )
    found = shell.run("check")
    assert found.status == 0
    assert [line.partition(": delivery.")[2] for line in found.err.splitlines() if ": delivery." in line] == [
        'rates.telegramm: there is no service "telegramm", did you mean telegram?',
        'rates.tgram: there is no service "tgram", did you mean telegram?',
        'rates.wobble: there is no service "wobble", docs/channels lists them',
    ]
    assert 'allow_schemas: there is no service "sislog", did you mean syslog?' in found.err
    assert found.err.splitlines()[1].startswith(f"warning: {shell.config}:3:30: delivery.rates.telegramm: ")


def test_a_title_may_be_called_null(shell: Shell) -> None:
    rows = shell.write("watch: [Null, {title: NULL, season: 2}]").run("list", "--json").json()
    assert [row["title"] for row in rows] == ["Null", "NULL"]


# One name, several seasons


def test_plan_and_history_of_a_title_are_of_all_its_seasons(shell: Shell) -> None:
    two = (
        'channels: {screen: "console://"}\nwatch: [{title: Foundation, season: 2, premiere: 2025-07-06},'
        " {title: Foundation, season: 3, premiere: 2025-07-07}, {title: Ballard, premiere: 2025-07-06}]"
    )
    shell.write(two).sweep()
    shell.at("2025-06-30T04:00:00Z").sweep()
    found = shell.run("plan", "--title", "foundation", "--json").json()
    assert {(row["title"], row["release"]) for row in found} == {
        ("Foundation", "season 2 premiere"),
        ("Foundation", "season 3 premiere"),
    }
    assert {row["release"] for row in shell.run("plan", "--title", "foundation season 2", "--json").json()} == {
        "season 2 premiere"
    }
    assert [row["title"] for row in shell.run("history", "--title", "foundation", "--json").json()] == [
        "Foundation"
    ] * 2
    assert "could be foundation #2 or foundation #3: write one of these" in shell.run("show", "foundation").err


def test_an_address_for_a_channel_that_has_its_own_is_refused(shell: Shell) -> None:
    found = shell.write(ONE).run("test", "screen", "--address", "12345")
    assert found.status == 2
    assert found.err == "--address: only a shared channel takes one, with {address} in its URL\n"


# Where the output goes


@pytest.mark.parametrize("words", ["list", "list --json", "plan", "config schema", "--help"])
def test_an_output_that_is_closed_or_full_makes_no_traceback(tmp_path: Path, words: str) -> None:
    reminder = Reminder(tmp_path)
    reminder.config.write_text(ONE)
    reminder.at("2025-07-01T03:30:00Z")
    command = f"{COMMAND} {words} --config {reminder.config}"

    def ended(where: str) -> tuple[int, str]:
        found = subprocess.run(
            ["/bin/sh", "-c", f"{command} {where}"], env=reminder.env, capture_output=True, text=True, check=False
        )
        return found.returncode, found.stderr.removeprefix("Hours are in UTC (the system's).\n")

    assert ended(">&-") == (0, "")
    assert "Traceback" not in ended("2>&-")[1]
    assert ended(">/dev/full") == (1, "the output cannot be written: No space left on device\n")


def test_an_interrupt_while_the_program_loads_ends_it_without_a_word(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "typer.py").write_text(f"open({str(pipe)!r}).read()")  # who imports it waits for somebody who writes
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # not ignored, as it is in the background
    loading = subprocess.Popen([sys.executable, "-m", "reminder", "list"], env=env, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with pipe.open("w"):  # opens when the other end is open: the program is in the middle of loading
        loading.send_signal(signal.SIGINT)
        _, said = loading.communicate(timeout=PATIENCE)
    assert (loading.returncode, said) == (-signal.SIGINT, "")
