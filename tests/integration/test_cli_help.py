"""The command's help: every command, in its group, says in one clear line what it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from reminder.cli.registry import COMMANDS as ENTRIES
from tests.support.commands import Shell
from tests.support.process import COMMAND

COMMANDS = (
    *(
        "init",
        "check",
        "test",
        "config",
        "upcoming",
        "plan",
        "simulate",
        "calendar",
        "list",
        "show",
        "add",
        "change",
        "remove",
    ),
    *(
        "mute",
        "unmute",
        "pause",
        "resume",
        "refresh",
        "import",
        "read",
        "history",
        "why",
        "retry",
        "run",
        "web",
        "health",
        "backup",
    ),
    *("restore", "export", "forget"),
)
GROUPS = ("To begin", "What comes", "Titles", "What was sent", "The service")


def lines_of_help(shell: Shell, *words: str) -> list[str]:
    shell.patch.setenv("COLUMNS", "100")
    shell.patch.setenv("TERMINAL_WIDTH", "100")
    found = shell.bare(*words, "--help")
    assert found.status == 0
    return found.out.splitlines()


def test_help_lists_every_command_in_groups_with_one_line_each(shell: Shell) -> None:
    lines = lines_of_help(shell)
    shown = [found[1] for line in lines if (found := re.match(r"│ ([a-z]+)  +[A-Z].*\. *│$", line))]
    assert tuple(shown) == COMMANDS
    assert [group for group in GROUPS if any(f" {group} " in line for line in lines)] == list(GROUPS)


def test_every_command_and_every_option_has_a_help(shell: Shell) -> None:
    helps = {name: "\n".join(lines_of_help(shell, *name.split())) for name in (*COMMANDS, "config schema")}
    assert [name for name, text in helps.items() if f"reminder {name}" not in text] == []
    assert [name for name, text in helps.items() if "<bool>" in text] == []
    without_a_word = re.compile(r"│\s+--[a-z-]+\s+(-[a-z]\s+)?([A-Z]+)?\s+│")
    assert [name for name, text in helps.items() if without_a_word.search(text)] == []


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        ("show", "reminder show [OPTIONS] TITLE..."),
        ("test", "reminder test [OPTIONS] [CHANNEL]..."),
        ("refresh", "reminder refresh [OPTIONS] [TITLE]..."),
        ("backup", "reminder backup [OPTIONS] FILE"),
        ("export", "reminder export [OPTIONS] [FILE]"),
    ],
)
def test_the_usage_shows_what_may_be_left_out_in_brackets_and_nothing_else(
    shell: Shell, command: str, usage: str
) -> None:
    assert lines_of_help(shell, command)[1].strip() == f"Usage: {usage}"


def test_no_command_is_left_out_of_the_list() -> None:
    assert set(ENTRIES) == set(COMMANDS)


def test_the_line_that_lists_a_command_is_the_first_of_its_own_help() -> None:
    first_paragraphs = {name: entry.load(name).help.partition("\n\n")[0] for name, entry in ENTRIES.items()}
    assert {name: entry.help for name, entry in ENTRIES.items()} == first_paragraphs


def test_help_of_all_commands_loads_no_command_and_no_converter_of_types() -> None:
    script = "import sys; from reminder.cli.main import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    loaded = done.stdout.splitlines()[-1].split()
    assert not [name for name in loaded if name.startswith(("reminder.cli.commands.", "pydantic", "sqlalchemy"))]


def test_global_options_stand_before_or_after_the_command(household: Shell) -> None:
    before = household.bare("--json", "--config", str(household.config), "list")
    after = household.bare("list", f"--config={household.config}", "--json")
    assert before.json() == after.json()
    assert len(after.json()) == 6


@pytest.mark.parametrize("words", [("list", "-cCONFIG"), ("-cCONFIG", "list"), ("list", "-c", "CONFIG")])
def test_the_short_option_may_be_glued_to_its_file(household: Shell, words: tuple[str, ...]) -> None:
    found = household.bare(*(word.replace("CONFIG", str(household.config)) for word in words))
    assert found.status == 0
    assert "Ballard" in found.out


@pytest.mark.parametrize("option", ["--version", "--about"])
def test_what_the_program_says_of_itself_is_said_after_a_command_too(shell: Shell, option: str) -> None:
    after = shell.bare("plan", option)
    assert after.status == 0
    assert after.out == shell.bare(option).out


def test_an_option_without_its_value_is_named(shell: Shell) -> None:
    found = shell.bare("plan", "--config")
    assert found.status == 2
    assert "'--config' requires an argument" in found.err


def test_an_unknown_command_or_option_is_wrong_input(shell: Shell) -> None:
    assert shell.bare("lists").status == 2
    assert shell.bare("list", "--frm").status == 2


def test_without_a_config_every_command_says_how_to_get_one(shell: Shell) -> None:
    found = shell.run("list")
    assert found.status == 2
    assert found.err == f"{shell.config} does not exist; `reminder --config {shell.config} init` writes it\n"
    assert found.out == ""


def test_a_monitor_without_its_config_is_not_told_to_have_a_new_one_written(shell: Shell) -> None:
    for words in (("health",), ("health", "--tell"), ("health", "--json")):
        found = shell.run(*words)
        assert found.status == 2
        assert found.err.startswith(f"{shell.config} does not exist: whether reminders go out cannot be seen")
        assert "init" not in found.err


def test_a_config_that_is_no_file_is_said_to_be_none(shell: Shell) -> None:
    shell.config.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(shell.config)
    found = shell.run("list")
    assert found.status == 2
    assert (
        found.err == f"{shell.config} is no file: a config is read again and again, so it has to be written into one\n"
    )


# Completion


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("reminder pl", ["plan"]),
        ("reminder --config CONFIG show Bal", ["Ballard"]),
        ("reminder --config CONFIG plan --subscriber ", ["asha", "ravi"]),
        ("reminder --config /nowhere/config.yaml show ", []),
        ("reminder history --state s", ["sent", "superseded", "skipped"]),
        ("reminder add Ballard --kind f", ["film"]),
        ("reminder change Ballard --follow ", ["episodes", "premiere", "finale"]),
    ],
)
def test_the_shell_completes_commands_names_and_words(household: Shell, line: str, words: list[str]) -> None:
    said = line.replace("CONFIG", str(household.config)).split(" ")
    env = {
        **os.environ,
        "_REMINDER_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(said),
        "COMP_CWORD": str(len(said) - 1),
    }
    found = subprocess.run([COMMAND], env=env, capture_output=True, text=True, check=False)
    assert (found.stdout.split(), found.stderr) == (words, "")
