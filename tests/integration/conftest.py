"""What the tests of the commands stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Shell

HOUSEHOLD = """\
timezone: Asia/Kolkata
clock: 12h
channels:
  screen: console://
  phone: json://127.0.0.1:9/
subscribers:
  asha: {channels: [screen, phone]}
  ravi: {timezone: America/New_York, at: 20:00, channels: [screen], remind: [1d, 2h]}
watch:
  - {title: Ballard, premiere: "July 9, 2025", platform: Prime Video, episodes: 10, for: [asha]}
  - {title: Foundation, season: 3, premiere: "July 11, 2025", episodes: 3, drop: weekly, for: [asha]}
  - {title: Bananza, kind: game, premiere: 2025-07-17 00:00 America/New_York, remind: [1d, release], for: [ravi]}
  - {title: "Alien: Earth", premiere: August 2025, for: [asha]}
  - {title: Window, premiere: May 2025}
  - Severance
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a command line in a home where nothing is yet."""
    return Shell(tmp_path, monkeypatch)


@pytest.fixture
def household(shell: Shell) -> Shell:
    """Return a command line with a config of two people, on 28 June 2025."""
    return shell.write(HOUSEHOLD)
