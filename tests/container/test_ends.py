"""What the ring of the image starts ends with it, as whoever it runs, and a check at its end names what does not."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import psutil
import pytest

from tests.support.image import APART, MARK, PATIENCE, SESSION, end_what_is_left

WAITS = ["env", f"{MARK}={SESSION}", "sh", "-c", "echo waits; sleep 600 & wait"]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def within(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait for the first word of a container; return its processes."""
    assert process.stdout is not None
    assert process.stdout.readline() == "waits\n"
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.parametrize("who", [[], NOBODY, ["setsid", *NOBODY]])
def test_whoever_it_runs_as_it_ends_with_what_started_it(who: Sequence[str]) -> None:
    with subprocess.Popen([*APART, *who, *WAITS], stdout=subprocess.PIPE, text=True) as process:
        started = within(process)
        process.kill()
    _, alive = psutil.wait_procs(started, PATIENCE)
    assert alive == []
    assert end_what_is_left() == []


def test_what_is_left_is_named_and_ended() -> None:
    alone = ["unshare", "--pid", "--fork", "--kill-child", *NOBODY, *WAITS]
    with subprocess.Popen(alone, stdout=subprocess.PIPE, text=True) as process:
        started = within(process)
        process.kill()
        process.wait()
        assert {said.split()[1] for said in end_what_is_left()} == {"sh", "sleep"}
    _, alive = psutil.wait_procs(started, PATIENCE)
    assert alive == []


@pytest.mark.parametrize("status", [0, 1, 3])
def test_its_status_is_that_of_what_it_ran(status: int) -> None:
    assert subprocess.run([*APART, *NOBODY, "sh", "-c", f"exit {status}"], check=False).returncode == status
