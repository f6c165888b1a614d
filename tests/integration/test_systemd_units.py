"""The units: each line says why it is there, systemd takes them as they are, and the sandbox is tight."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "systemd"
SERVICES = ("reminder.service", "reminder-once.service", "reminder-web.service", "user/reminder.service")
ALL = (*SERVICES, "reminder-once.timer")
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 1.5

# What a daemon has and a single pass has not. All other lines of the two system services must be the same.
ONLY_DAEMON = {
    "Type",
    "NotifyAccess",
    "ExecStart",
    "ExecReload",
    "TimeoutStartSec",
    "WatchdogSec",
    "Restart",
    "RestartSec",
    "RestartPreventExitStatus",
    "RuntimeDirectoryPreserve",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One directive, where it stands and whether the line above it says why."""

    section: str
    name: str
    value: str
    commented: bool


def directives(unit: str) -> list[Line]:
    """Return the directives of a unit file in their order."""
    lines, section, above = [], "", ""
    for text in (UNITS / unit).read_text(encoding="utf-8").splitlines():
        if text.startswith("["):
            section = text
        elif text and not text.startswith("#"):
            name, _, value = text.partition("=")
            lines.append(Line(section=section, name=name, value=value, commented=above.startswith("# ")))
        above = text
    return lines


def values(unit: str, name: str) -> list[str]:
    return [line.value for line in directives(unit) if line.name == name]


def analyze(*arguments: str) -> str:
    """Run systemd-analyze and return what it printed; on a machine without it, nothing."""
    if ANALYZE is None:
        return ""
    done = subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", ALL)
def test_every_line_says_why_it_is_there(unit: str) -> None:
    assert [line.name for line in directives(unit) if not line.commented] == []


@pytest.mark.parametrize("unit", ALL)
def test_every_line_stands_in_a_section_and_has_a_name(unit: str) -> None:
    lines = directives(unit)
    assert {line.section for line in lines} <= {"[Unit]", "[Service]", "[Timer]", "[Install]"}
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", line.name) for line in lines)


@pytest.mark.parametrize("unit", ["reminder.service", "user/reminder.service"])
def test_the_daemon_tells_systemd_how_it_is(unit: str) -> None:
    """Type=notify-reload would need systemd 253; the signal is sent by ExecReload= instead."""
    assert values(unit, "Type") == ["notify"]
    assert values(unit, "ExecReload") == ["/bin/kill -HUP $MAINPID"]
    assert values(unit, "WatchdogSec") == ["3min"]
    assert values(unit, "TimeoutStopSec") == ["45"]
    assert (values(unit, "Restart"), values(unit, "RestartPreventExitStatus")) == (["on-failure"], ["2"])


def test_the_daemon_waits_for_network_and_clock() -> None:
    assert "network-online.target time-sync.target" in values("reminder.service", "After")


def test_both_services_have_one_user_one_database_and_one_sandbox() -> None:
    daemon, once = (
        [(line.name, line.value) for line in directives(unit) if line.section == "[Service]"]
        for unit in ("reminder.service", "reminder-once.service")
    )
    assert [line for line in daemon if line[0] not in ONLY_DAEMON] == [
        line for line in once if line[0] not in ONLY_DAEMON
    ]
    assert ("User", "reminder") in daemon
    assert ("StateDirectory", "reminder") in once


def test_the_page_has_the_daemons_user_and_sandbox_and_no_secret_of_a_channel() -> None:
    daemon, page = (
        {(line.name, line.value) for line in directives(unit) if line.section == "[Service]"}
        for unit in ("reminder.service", "reminder-web.service")
    )
    own = {"ExecStart", "LoadCredential", "MemoryMax", "TimeoutStopSec", "Type"}
    assert {name for name, _ in page - daemon} == own
    assert {name for name, _ in daemon - page} - own == {
        "ExecReload",
        "NotifyAccess",
        "RuntimeDirectory",
        "RuntimeDirectoryMode",
        "WatchdogSec",
    }
    assert values("reminder-web.service", "LoadCredential") == ["reminder:/etc/reminder/web-credentials"]


def test_a_single_pass_leaves_the_daemons_heartbeat_alone() -> None:
    assert values("reminder-once.service", "RuntimeDirectoryPreserve") == ["yes"]


def test_the_service_starts_when_there_are_no_credentials() -> None:
    """A missing directory stops a unit unless SetCredential= of the same name stands in (systemd.exec(5))."""
    (loaded,) = values("reminder.service", "LoadCredential")
    (stands_in,) = values("reminder.service", "SetCredential")
    assert loaded.split(":")[0] == stands_in.split(":")[0]


def test_the_user_unit_keeps_the_database_where_the_users_shell_looks() -> None:
    assert values("user/reminder.service", "StateDirectory") == []


@pytest.mark.parametrize("unit", ALL)
def test_systemd_finds_nothing_to_say_about_a_unit(unit: str, tmp_path: Path) -> None:
    """The command is the only thing that need not be on this machine: another stands in for it."""
    for name in ALL:
        text = (UNITS / name).read_text(encoding="utf-8")
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/sh", text), encoding="utf-8")
    assert values(unit, "ExecStart") or unit.endswith(".timer")
    assert analyze("verify", "--man=no", str(tmp_path / unit)) == ""


@pytest.mark.parametrize("unit", ["reminder.service", "reminder-once.service", "reminder-web.service"])
def test_the_sandbox_leaves_little_exposed(unit: str) -> None:
    assert values(unit, "ProtectSystem") == ["strict"]
    assert values(unit, "CapabilityBoundingSet") == [""]
    said = analyze("security", "--offline=true", "--no-pager", str(UNITS / unit))
    exposed = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert [float(level) <= MOST_EXPOSED for level in exposed] == [True] * (ANALYZE is not None)
