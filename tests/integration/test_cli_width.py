"""What fits a terminal of 80 columns: no line runs over its edge, and no heading or name is broken to fit."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from tests.support.commands import Shell

ANSI = re.compile(r"\x1b\[[0-9;]*m")
WEEKLY = """\
timezone: Europe/Berlin
channels: {screen: console://, ravi_phone: json://127.0.0.1:9/}
subscribers:
  asha: {channels: [screen]}
  ravi: {channels: [ravi_phone], timezone: America/New_York}
watch:
  - {title: Harbour Lights, season: 2, premiere: 2025-07-09, episodes: 6, drop: weekly}
"""
THREE = """\
timezone: Asia/Kolkata
channels: {bedroom_tablet: console://, grandmother: json://127.0.0.1:9/, livingroom: json://127.0.0.1:9/a}
subscribers:
  asha-and-ravi: {channels: [bedroom_tablet], timezone: Australia/Adelaide}
  grandmother: {channels: [grandmother, livingroom], timezone: America/St_Johns, remind: [30d, 2w, day, +1d]}
watch:
  - {title: "The Long Way to a Small Angry Planet", season: 12, premiere: 2025-07-09 20:00 UTC, episodes: 24,
     drop: 2 then weekly, platform: Prime Video}
  - {title: Fog, premiere: August 2025}
"""


@pytest.mark.parametrize("config", [WEEKLY, THREE], ids=["weekly", "three"])
@pytest.mark.parametrize("command", ["why", "show", "check", "plan", "upcoming", "list", "history", "health"])
def test_no_table_runs_over_80_columns_or_breaks_a_heading(shell: Shell, config: str, command: str) -> None:
    shell.write(config).sweep()
    shell.at("2025-07-02T13:30:00Z").sweep()
    shell.patch.setenv("FORCE_COLOR", "1")
    shell.patch.setenv("COLUMNS", "80")
    title = "harbour lights" if config == WEEKLY else "the long way to a small angry planet"
    out = ANSI.sub("", shell.run(command, *([title] if command in {"why", "show"} else [])).out)
    assert [line for line in out.splitlines() if cell_len(line) > 80 and "/" not in line] == []  # a path stays whole
    lines = out.splitlines()
    rules = [number for number, line in enumerate(lines) if set(line) == {"─"}]
    assert rules or command in {"health", "history"}
    assert all(number == 1 or not lines[number - 2].strip() for number in rules), "a heading is broken"
