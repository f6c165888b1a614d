"""Logging of a whole process: where lines go, and that nothing they meet there stops the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SET_UP = """
import logging, os, sys, threading, warnings
from reminder.core.model.secret import Secret
from reminder.platform.logs import Format, Scrubber, log, set_up
form = Format(sys.argv[1])
set_up("info", form, Scrubber([Secret("hunter22")]), os.environ)
"""


def run(program: str, form: str = "plain", stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run `program` in a process of its own with logging set up."""
    return subprocess.run(
        [sys.executable, "-c", SET_UP + program, form],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "JOURNAL_STREAM"},
        text=True,
        timeout=60,
        check=False,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def test_ours_come_from_the_level_up_and_the_libraries_from_warning_up() -> None:
    done = run(
        """
log.debug("hidden")
log.info("sent", extra={"delivery": 12})
logging.getLogger("reminder.store").info("opened")
for name in ("apprise", "apscheduler.scheduler", "alembic.runtime", "urllib3.connectionpool", "elsewhere"):
    logging.getLogger(name).info("hidden")
    logging.getLogger(name).warning("told")
"""
    )
    assert done.stdout == ""
    assert [line.split(" ", 1)[1] for line in done.stderr.splitlines()] == [
        "info sent delivery=12",
        "info opened",
        *["warning told"] * 5,
    ]


def test_secrets_are_masked_in_messages_values_tracebacks_and_what_libraries_say() -> None:
    done = run(
        """
log.error("at tgram://hunter22/1", extra={"reason": "hunter22 refused"})
logging.getLogger("apprise").warning("Failed: %s", "https://api.example/bothunter22")
warnings.warn("hunter22 is deprecated")
try:
    raise ConnectionError("no route to hunter22")
except ConnectionError:
    log.exception("lost")
worker = threading.Thread(target=lambda: int("hunter22"), name="sender-1")
worker.start()
worker.join()
raise RuntimeError("hunter22")
"""
    )
    assert done.returncode == 1
    assert "hunter22" not in done.stdout + done.stderr
    assert done.stderr.count("***") >= 7
    assert "thread died worker=sender-1" in done.stderr
    assert done.stderr.endswith("RuntimeError: ***\n")


def test_an_interrupted_program_shows_no_traceback() -> None:
    assert "Traceback" not in run("raise KeyboardInterrupt").stderr


def test_json_lines_are_objects() -> None:
    done = run('log.info("sent", extra={"delivery": 12})\nlog.error("lost")', "json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["message"], line.get("delivery")) for line in lines] == [
        ("info", "sent", 12),
        ("error", "lost", None),
    ]


@pytest.mark.parametrize("form", ["plain", "json"])
def test_under_the_journal_every_line_begins_with_its_priority(form: str) -> None:
    done = run(
        """
found = os.fstat(2)
set_up("debug", form, Scrubber(), {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"})
for level in (logging.CRITICAL, logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG):
    log.log(level, "said")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
""",
        form,
    )
    lines = done.stderr.splitlines()
    assert [line[:3] for line in lines[:5]] == ["<2>", "<3>", "<4>", "<6>", "<7>"]
    assert {line[:3] for line in lines[5:]} == {"<3>"}
    assert "2025" not in lines[0] or form == "json"


GO_ON = """
for number in range(2000):
    log.info("sent", extra={"delivery": number, "title": "Ballard" * 20})
print("went on", flush=True)
"""


def test_a_full_disk_does_not_stop_the_program() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = run(GO_ON, stderr=full)
    os.close(full)
    assert (done.returncode, done.stdout) == (0, "went on\n")


def test_a_closed_pipe_does_not_stop_the_program() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(GO_ON, stderr=writing)
    os.close(writing)
    assert (done.returncode, done.stdout) == (0, "went on\n")


def test_no_stderr_at_all_does_not_stop_the_program() -> None:
    done = run("os.close(2)\n" + GO_ON)
    assert (done.returncode, done.stdout) == (0, "went on\n")


def test_setting_up_again_replaces_what_was_there() -> None:
    done = run('set_up("warning", Format.JSON, Scrubber())\nlog.info("hidden")\nlog.warning("told")')
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()] == ["told"]
