"""What the command line does with what people type at other programs, and how it speaks while it works."""

from __future__ import annotations

import gc
import os
import pty
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.nursery import Hatched
from tests.support.process import COMMAND, Reminder
from tests.support.users import as_somebody_else

ONE = "timezone: UTC\nchannels: {screen: console://}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n"


@pytest.mark.parametrize("words", [(), ("plan",), ("config", "schema"), ("add",)], ids=" ".join)
def test_help_is_a_word_too(shell: Shell, words: tuple[str, ...]) -> None:
    found = shell.bare("help", *words)
    assert (found.status, found.out) == (0, shell.bare(*words, "--help").out)
    assert "Usage: reminder" in found.out


def test_a_title_called_help_is_still_a_title(household: Shell) -> None:
    assert household.run("add", "help", "--premiere", "2025-07-24").status == 0
    assert household.run("show", "help").status == 0


@pytest.mark.parametrize(
    ("said", "means"),
    [("yesterday", "2025-06-27"), ("today", "2025-06-28"), ("Tomorrow", "2025-06-29"), (" today ", "2025-06-28")],
)
def test_a_day_on_the_command_line_may_be_said_by_a_word(household: Shell, said: str, means: str) -> None:
    assert (
        household.run("plan", "--from", said, "--json").json()
        == household.run("plan", "--from", means, "--json").json()
    )
    household.at("2025-07-02T20:00:00Z")  # July 3 in Kolkata
    until = household.run("plan", "--from", "2025-06-01", "--to", said, "--json").json()
    shifted = {"2025-06-27": "2025-07-02", "2025-06-28": "2025-07-03", "2025-06-29": "2025-07-04"}[means]
    assert until == household.run("plan", "--from", "2025-06-01", "--to", shifted, "--json").json()


def test_a_word_for_a_day_is_still_refused_in_a_config(shell: Shell) -> None:
    found = shell.write("watch: [{title: Ballard, premiere: tomorrow}]\n").run("check")
    assert "is not a date that stays the same" in found.err


# A file that is named and cannot be used: 2


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "gone/x.db"), ("restore", "gone.db"), ("import", "gone.csv"), ("read", "gone.txt"),
        ("export", "gone/x.csv"), ("--config", "gone.yaml", "check"), ("--config", "/dev/null/x.yaml", "init"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_named_file_that_is_not_there_is_wrong_input(household: Shell, words: tuple[str, ...]) -> None:
    household.sweep()
    found = household.bare(*words) if words[0] == "--config" else household.run(*words)
    assert (found.status, found.out) == (2, "")
    assert "Errno" not in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    "words",
    [("backup", "x.db"), ("export", "x.csv"), ("import", "list.csv"), ("restore", "list.csv"), ("check",)],
    ids=" ".join,
)
def test_a_named_file_that_may_not_be_used_is_wrong_input_too(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    shell.write(ONE).sweep()
    shut = shell.home / "shut"
    shut.mkdir()
    (shut / "list.csv").write_text("title\nBallard\n")
    (shut / "list.csv").chmod(0o600)
    shut.chmod(0o755)
    for place in (shell.home, *shell.home.parents[:3]):  # pytest keeps its folders to itself
        with suppress(PermissionError):
            place.chmod(place.stat().st_mode | 0o055)
    monkeypatch.chdir(shut)
    if words == ("check",):
        shell.config.chmod(0o600)
    for file in shell.database.parent.glob("*"):
        file.chmod(0o666)
    for folder in (shell.database.parent, shell.database.parent.parent):
        folder.chmod(0o777)
    monkeypatch.setenv("REMINDER_OFFLINE", "1")
    shell.run("import", "list.csv", "--dry-run")  # loads what somebody else could perhaps not read
    with as_somebody_else():
        found = shell.run(*words)
    assert found.status == 2, found.err
    assert "ermission denied" in found.err
    assert "Errno" not in found.err
    if words == ("check",):
        assert f"{shell.config} (owned by " in found.err
        assert "mode 600) cannot be read: Permission denied" in found.err


# What it says while it works


def test_a_pass_in_which_all_went_well_says_nothing_that_cron_would_mail(tmp_path: Path) -> None:
    reminder = Hatched(tmp_path)
    reminder.write(f"{ONE}subscribers: {{a: {{}}, b: {{}}}}\n")  # valid, with a warning: one channel serves two
    reminder.at("2025-07-01T09:00:00Z")
    first = reminder.once()
    reminder.at("2025-07-02T09:00:00Z")
    sent = reminder.once()
    assert [(each.status, each.err) for each in (first, sent)] == [(0, ""), (0, "")]
    assert sent.out.count("Ballard premieres in 7 days") == 2
    reminder.write(f"{ONE}subscribers: {{a: {{}}, b: {{}}}}\nlog: {{level: info}}\n")
    reminder.at("2025-07-08T09:00:00Z")
    assert " info " in reminder.once().err


def test_a_pass_still_says_what_did_not_go_well(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    reminder.write("timezone: UTC\nchannels: {phone: 'json://127.0.0.1:9/${NOWHERE}'}\nwatch: [Ballard]\n")
    reminder.at("2025-07-01T09:00:00Z")
    assert "NOWHERE is not set" in reminder.once().err


def test_the_start_line_says_how_much_there_is_and_when_the_next_message_goes(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    reminder.write(f"{ONE}subscribers: {{a: {{}}, b: {{}}}}\n")
    reminder.at("2025-07-01T10:00:00Z")
    with reminder.daemon() as daemon:
        daemon.wait_for(lambda: "info waiting" in daemon.log)
        lines = {line.split(" ")[2]: line for line in daemon.log.splitlines() if " info " in line}
    assert 'titles=1 people=2 channels=1 hours="UTC (written in the config)"' in lines["started"]
    assert "next=2025-07-02T09:00:00Z" in lines["waiting"]


def test_talk_on_a_terminal_is_broken_between_words_and_an_address_is_not(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    reminder.write("channels: {screen: console://}\nwatch: [{title: Ballard, premier: 2025-07-09}]\n")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(COMMAND, ["reminder", "--config", str(reminder.config), "check"], {**reminder.env, "COLUMNS": "60"})
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:
        pass  # the command has ended
    os.waitpid(pid, 0)
    os.close(terminal)
    lines = shown.decode().split("\r\n")
    assert [line for line in lines if len(line) > 60 and " " in line.strip()] == []
    assert "unknown key, did you mean premiere?" in " ".join(line.strip() for line in lines)


# Fewer words for the same, and more where something is missing


def test_add_says_that_sources_are_switched_off(household: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMINDER_OFFLINE", "1")
    found = household.run("add", "Fallout")
    assert "Fallout is watched without a date: sources are switched off by REMINDER_OFFLINE." in found.err


def test_read_says_how_a_day_without_a_year_is_read(household: Shell, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Harbour Lights premieres on July 9 on Prime Video.")
    assert "--published YYYY-MM-DD" in household.run("read", str(path)).err
    assert "--published" not in household.run("read", str(path), "--published", "2027-06-01").err


def test_a_command_collects_its_garbage_though_none_is_collected_while_it_is_loaded(household: Shell) -> None:
    gc.disable()
    try:
        assert household.run("list").status == 0
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()
