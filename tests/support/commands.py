"""The command line within the test's own process: quick, with its own home and its own clock.

shell.write("watch: [{title: Ballard, premiere: 2025-07-09}]")
shell.at("2025-07-02T04:00:00Z")
assert shell.run("plan", "--json").json()[0]["lead"] == "7d"
shell.sweep()                     # what the daemon would do now; the messages go into `shell.sent`
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path

import pytest

from reminder.cli.main import main
from reminder.core.sending.retry import Failure
from reminder.daemon.app import App, read_config
from reminder.daemon.build_delivery import build_sweeper
from reminder.delivery.sender import InlineSender
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import clock_from
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from reminder.platform.paths import this_machine
from tests.support.process import Finished


class Shell:
    """One user with a home, at a command line."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.config = home / "config.yaml"
        self.clock = home / "clock"
        self.transport = FakeTransport()
        self.patch = patch
        places = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_STATE_HOME": home / "state"}
        for name, place in places.items():
            patch.setenv(name, str(place))
        patch.setenv("TZ", "Asia/Kolkata")
        patch.setenv("REMINDER_CLOCK_FILE", str(self.clock))
        for name in ("FORCE_COLOR", "COLUMNS"):
            patch.delenv(name, raising=False)
        self.at("2025-06-28T06:00:00Z")

    @property
    def database(self) -> Path:
        """Return where the database lies once there is one."""
        return self.home / "state" / "reminder" / "reminder.db"

    @property
    def app(self) -> App:
        """Return what the commands build."""
        machine = this_machine()
        return App(machine=machine, config=read_config(machine, self.config), clock=clock_from(machine.environ))

    def write(self, config: str) -> Shell:
        """Write the config."""
        self.config.write_text(config)
        return self

    def at(self, instant: str) -> Shell:
        """Step the clock; the seconds go on from there."""
        self.clock.write_text(instant)
        return self

    def run(self, *words: str) -> Finished:
        """Run the command with this config."""
        return self.bare("--config", str(self.config), *words)

    def bare(self, *words: str) -> Finished:
        """Run the command with these words alone."""
        out, err = io.StringIO(), io.StringIO()
        status = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main(words)
            except SystemExit as left:
                status = left.code if isinstance(left.code, int) else 1
        return Finished(status=status, out=out.getvalue(), err=err.getvalue())

    def sweep(self, answer: Sent | Failure | None = None) -> None:
        """Do what the daemon does at this instant, until nothing is left to do; with `answer` for every message."""
        self._sweep(FakeTransport(otherwise=answer) if answer else self.transport, begins=True)

    def sweep_alone(self) -> None:
        """Do what a daemon does that runs already: it brings in no config."""
        self._sweep(self.transport, begins=False)

    def _sweep(self, transport: FakeTransport, *, begins: bool) -> None:
        app = self.app
        store = app.open_store()
        try:
            if begins:
                app.config_sync.begin(store, app.clock.now())
            now = app.clock.now()
            sweeper = build_sweeper(app, store, InlineSender(transport))
            for _ in range(20):
                report = sweeper.sweep(now)
                if not report.did_something:
                    break
        finally:
            store.close()
        write_heartbeat(app.runtime_dir, Heartbeat(swept_at=now, pid=1, next_at=report.next_at))

    @property
    def sent(self) -> list[str]:
        """Return the subjects of what arrived."""
        return [given.words.subject for given in self.transport.sent]


def utc(text: str) -> datetime:
    """Return an instant as JSON writes it."""
    return datetime.fromisoformat(text)
