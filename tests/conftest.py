"""What holds for every test: no deadline that a busy machine could miss, and nothing leaks in from outside."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("reminder", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("reminder")

OUTSIDE = (
    "CREDENTIALS_DIRECTORY",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "NOTIFY_SOCKET",
    "REMINDER_CLOCK_FILE",
    "REMINDER_CONFIG",
    "REMINDER_FAILPOINTS",
    "RUNTIME_DIRECTORY",
    "STATE_DIRECTORY",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
)


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide what a service manager or a developer's shell may have set, from the tests and the commands they start."""
    for name in OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REMINDER_OFFLINE", "1")  # no test asks a catalogue at its public address
