"""What the fault suite stands on: one user of the command, failpoints, and a door that takes what arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.door import Door
from tests.support.faults import Failpoints
from tests.support.nursery import Hatched
from tests.support.process import Reminder


@pytest.fixture
def points(tmp_path: Path) -> Failpoints:
    """Return failpoints, none set."""
    return Failpoints(tmp_path / "points", patience=0.3)


@pytest.fixture
def reminder(tmp_path: Path, points: Failpoints) -> Reminder:
    """Return one user of the command, who has nothing yet, and whose program meets the failpoints."""
    home = tmp_path / "home"
    home.mkdir()
    return Hatched(home, environ=dict(points.env))


@pytest.fixture
def door() -> Iterator[Door]:
    """Take what arrives."""
    with Door() as running:
        yield running
