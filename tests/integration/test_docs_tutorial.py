"""The tutorial, lived: its config in a bare home, each command that shows an answer typed in, and the same answer."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support import docs
from tests.support.docs import ROOT, Block

TUTORIAL: Final = ROOT / "docs" / "tutorial.md"
TROUBLE: Final = ROOT / "docs" / "troubleshooting.md"
ANSWERED: Final = [block for block in docs.blocks(TUTORIAL) if block.language == "console" and docs.output(block)]
SECRETS: Final = "TELEGRAM_TOKEN=123456789:AAabcdefghijklmnopqrstuvwxyz123456789\nMAIL_PASSWORD='p@ss word'\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the home in which the tutorial's third step is done."""
    config = next(block for block in docs.blocks(TUTORIAL) if block.language == "yaml")
    folder = tmp_path / ".config" / "reminder"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(config.text)
    (folder / "config.yaml").chmod(0o600)
    (folder / "environment").write_text(SECRETS)
    (tmp_path / "clock").write_text("2026-12-01T08:00:00Z")
    return tmp_path


def run(home: Path, words: list[str]) -> tuple[int, list[str]]:
    """Type a command in that home; return its status and what a terminal would show of both streams."""
    own = {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "reminder", *words],
        cwd=home,
        env={**own, "REMINDER_CLOCK_FILE": str(home / "clock"), "REMINDER_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, [line.rstrip() for line in done.stdout.splitlines()]


@pytest.mark.parametrize("block", ANSWERED, ids=str)
def test_what_the_tutorial_shows_is_what_the_program_prints(block: Block, home: Path) -> None:
    (command,) = docs.prompted(block)
    assert run(home, shlex.split(command)[1:]) == (0, docs.output(block))


def test_every_command_of_the_tutorial_that_only_looks_or_changes_a_title_works_in_that_home(home: Path) -> None:
    rows = docs.table(TUTORIAL, "to", "do")
    later = [name for row in rows for name in docs.names(row["do"]) if name.startswith("reminder ")]
    assert len(later) >= 5
    simulated = next(
        command
        for block in docs.blocks(TUTORIAL)
        if block.language == "console"
        for command in docs.prompted(block)
        if command.startswith("reminder simulate")
    )
    for command in (simulated, *later):
        status, said = run(home, shlex.split(command)[1:])
        assert (command, status) == (command, 0), said


def test_the_tutorial_s_household_is_two_people_over_two_services_and_five_titles_ahead(home: Path) -> None:
    status, said = run(home, ["upcoming", "--json"])
    assert status == 0
    text = "\n".join(said)
    assert len(set(re.findall(r'"title": "([^"]+)"', text))) == 5
    assert {'"asha"', '"ravi"'} <= set(re.findall(r'"(?:asha|ravi)"', text))


@pytest.mark.parametrize("word", ["superseded", "subscribed later", "muted", "paused", "to come", "sent"])
def test_troubleshooting_uses_the_words_that_why_shows(word: str) -> None:
    from reminder.core.model.ledger import Reason, State

    known = {str(each) for each in (*Reason, *State)} | {"to come"}
    assert word in known
    assert f"`{word}`" in TROUBLE.read_text()


@pytest.mark.parametrize("path", [TUTORIAL, TROUBLE], ids=lambda path: path.name)
def test_the_first_pages_have_no_walls_of_text(path: Path) -> None:
    assert [line for line in docs.prose(path).splitlines() if len(line) > 300] == []
