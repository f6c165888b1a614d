"""What holds for every test: no deadline that a busy machine could miss, and nothing leaks in from outside."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, event

from tests.support.statements import COMPILED

# Each run draws other examples, so few at a time add up. `make thorough` takes the other profile.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("quick")

OUTSIDE = (
    "CREDENTIALS_DIRECTORY",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "NOTIFY_SOCKET",
    "PYTHONDONTWRITEBYTECODE",
    "REMINDER_CLOCK_FILE",
    "REMINDER_CONFIG",
    "REMINDER_FAILPOINTS",
    "RUNTIME_DIRECTORY",
    "STATE_DIRECTORY",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what draws its examples as `properties`, a ring of its own that stands beside the tables of its room."""
    for item in items:
        if isinstance(item, pytest.Function) and getattr(item.obj, "is_hypothesis_test", False):
            item.add_marker(pytest.mark.properties)


@pytest.fixture(autouse=True, scope="session")
def nothing_from_outside() -> Iterator[None]:
    """Hide what a service manager or a developer's shell may have set, from the tests and the commands they start."""
    with pytest.MonkeyPatch.context() as environment:
        for name in OUTSIDE:
            environment.delenv(name, raising=False)
        environment.setenv("REMINDER_OFFLINE", "1")  # no test asks a catalogue at its public address
        yield


@pytest.fixture(autouse=True)
def level_of_our_logs() -> Iterator[None]:
    """Give our logger back the level it had: a command that ran inside this process has set its own."""
    ours = logging.getLogger("reminder")
    level = ours.level
    yield
    ours.setLevel(level)


@event.listens_for(Engine, "engine_connect")
def share_compiled_statements(connection: Connection) -> None:
    """Compile each statement once for all databases: thousands of tests open one of their own."""
    connection.execution_options(compiled_cache=COMPILED[connection.dialect.name])
