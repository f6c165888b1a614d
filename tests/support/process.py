"""The installed command as a process: its own home, its own clock, a service manager that listens, and no leftovers.

In a test:

    reminder = Reminder(tmp_path)
    reminder.write({"channels": {"hook": "json://127.0.0.1:8080/"}, "watch": [...]})
    reminder.at("2025-07-02T03:30:00Z")
    assert reminder.once().status == 0
    with reminder.daemon() as daemon:           # returns once the daemon has said READY=1
        daemon.at("2025-07-03T03:30:00Z")       # steps the clock, and waits until a sweep has seen it
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol, Self

COMMAND: Final = Path(sys.executable).with_name("reminder")
"""The command as it is installed beside the Python that runs the tests."""

PATIENCE: Final = 90.0
"""Seconds until an event that should have come long ago is given up: machines are busy, and a tick comes each 30 s."""

STRETCHES: Final = 100

LATELY: Final = timedelta(minutes=10)
"""A sweep that long after an instant was before the clock was set back to it: no test waits so long."""

NEVER: Final = datetime.min.replace(tzinfo=UTC)

KEPT: Final = ("COVERAGE_", "LD_LIBRARY_PATH", "PYTHONPATH")


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A command that has ended."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """Return its output, read as JSON."""
        return json.loads(self.out)


class Row(NamedTuple):
    """A delivery in the ledger."""

    id: int
    subscriber: str
    channel: str | None
    kind: str
    lead: str | None
    state: str
    reason: str | None
    attempts: int


class Process(Protocol):
    """A process that was started: what `subprocess.Popen` can do, and what is asked of it here."""

    @property
    def pid(self) -> int:
        """Return its number."""
        ...

    def poll(self) -> int | None:
        """Return its status once it has ended."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its status."""
        ...

    def kill(self) -> None:
        """Kill it."""
        ...

    def send_signal(self, sig: int) -> None:
        """Send it a signal."""
        ...


class Manager:
    """What systemd is to a service: a socket that takes its notifications (sd_notify(3))."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._name = f"reminder-test-{uuid.uuid4().hex}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{self._name}")
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._listen, name="manager")

    @property
    def env(self) -> dict[str, str]:
        """What a service is given in its environment."""
        return {"NOTIFY_SOCKET": f"@{self._name}"}

    def wait_for(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Wait until `is_so`; looked at with each notification that comes. Tell whether it is."""
        with self._changed:
            return self._changed.wait_for(is_so, seconds)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as myself:
            myself.sendto(b"", f"\0{self._name}")
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while said := self._socket.recv(65536):
            with self._changed:
                self.said.append(said.decode())
                self._changed.notify_all()


def line_in(notifications: list[str], beginning: str) -> bool:
    """Tell whether any notification has a line that begins so."""
    return any(line.startswith(beginning) for said in notifications for line in said.splitlines())


@dataclass
class Reminder:
    """One user of the command: a home directory with a config, a state directory and a clock file."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    """Everything that any command has printed so far."""
    _daemons: int = 0

    def __post_init__(self) -> None:
        self.config.parent.mkdir(parents=True, exist_ok=True)
        (self.home / "run").mkdir(exist_ok=True)

    @property
    def config(self) -> Path:
        """The config, where the command looks for it by itself."""
        return self.home / "config" / "reminder" / "config.yaml"

    @property
    def state(self) -> Path:
        """Where database, lock and heartbeat lie."""
        return self.home / "state" / "reminder"

    @property
    def database(self) -> Path:
        """The default database."""
        return self.state / "reminder.db"

    @property
    def env(self) -> dict[str, str]:
        """The whole environment of the command."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
        return {
            **kept,
            "PATH": os.defpath,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "REMINDER_CLOCK_FILE": str(self._clock),
            "REMINDER_OFFLINE": "1",
            **self.environ,
        }

    @property
    def _clock(self) -> Path:
        return self.home / "run" / "clock"

    def write(self, config: Mapping[str, Any] | str) -> None:
        """Write the config, in one step: text as it is, or values as JSON, which is YAML too."""
        text = config if isinstance(config, str) else json.dumps(config, indent=1)
        self._replace(self.config, text)

    def at(self, instant: str) -> Self:
        """Make it this instant (`2025-07-02T03:30:00Z`); from here on time runs by itself."""
        self._replace(self._clock, instant)
        return self

    def run(self, *arguments: str, seconds: float = PATIENCE) -> Finished:
        """Run `reminder` with these arguments to its end."""
        done = subprocess.run(
            [COMMAND, *arguments],
            env=self.env,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        self.printed += [done.stdout, done.stderr]
        return Finished(status=done.returncode, out=done.stdout, err=done.stderr)

    def once(self) -> Finished:
        """Run one pass."""
        return self.run("run", "--once")

    def history(self) -> list[dict[str, Any]]:
        """Return the ledger as the command prints it, newest first."""
        found = self.run("history", "--json")
        assert found.status == 0, found.err
        rows: list[dict[str, Any]] = found.json()
        return rows

    def ledger(self) -> list[Row]:
        """Return every delivery as the database has it, oldest first; the command need not be started for it."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            found = database.execute(
                "SELECT delivery.id, subscriber.name, channel, kind, lead, state, delivery.reason, attempts FROM delivery "
                "JOIN message ON message.id = message_id JOIN subscriber ON subscriber.id = delivery.subscriber_id "
                "ORDER BY delivery.id"
            )
            return [Row(*values) for values in found]

    @property
    def swept_at(self) -> datetime | None:
        """When the last sweep was that reached the database, by the daemon's own clock."""
        with suppress(OSError, ValueError):
            return datetime.fromisoformat(json.loads((self.state / "heartbeat.json").read_text())["swept_at"])
        return None

    @contextmanager
    def daemon(self, **environ: str) -> Iterator[Daemon]:
        """Start the daemon, wait until it is ready, and leave no process behind."""
        with self.started("run", **environ) as daemon:
            daemon.expect("READY=1")
            yield daemon

    @contextmanager
    def started(self, *arguments: str, **environ: str) -> Iterator[Daemon]:
        """Start `reminder` with these arguments, and leave no process behind."""
        self._daemons += 1
        log = self.home / f"daemon-{self._daemons}.log"
        with Manager() as manager, log.open("wb") as out:
            process = self._begin(arguments, {**self.env, **manager.env, **environ}, out)
            daemon = Daemon(reminder=self, process=process, manager=manager, log_file=log)
            try:
                yield daemon
            finally:
                process.kill()
                process.wait()
                self.printed.append(daemon.log)

    def _begin(self, arguments: Sequence[str], env: Mapping[str, str], out: IO[bytes]) -> Process:
        """Start a process of the command that prints into `out`."""
        return subprocess.Popen(
            [COMMAND, *arguments], env=env, cwd=self.home, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )

    @staticmethod
    def _replace(path: Path, text: str) -> None:
        partial = path.with_name(f"{path.name}.part")
        partial.write_text(text)
        partial.replace(path)


@dataclass(frozen=True, kw_only=True)
class Daemon:
    """A daemon that runs."""

    reminder: Reminder
    process: Process
    manager: Manager
    log_file: Path

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text()

    @property
    def said(self) -> list[str]:
        """What it has told the service manager."""
        return self.manager.said

    def expect(self, line: str, *, after: int = 0) -> None:
        """Wait until it tells the manager a line that begins so, the first `after` notifications not counted."""
        self._wait(lambda: line_in(self.said[after:], line), f"{line} never came")

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; looked at after each sweep."""
        self._wait(is_so, "it never came to be")

    def _wait(self, is_so: Callable[[], bool], otherwise: str) -> None:
        # In short stretches: whoever has died says nothing more.
        for _ in range(STRETCHES):
            if self.manager.wait_for(is_so, PATIENCE / STRETCHES):
                return
            if self.process.poll() is not None:
                break
        raise AssertionError(f"{otherwise}\n{self.said}\n{self.log}")

    def at(self, instant: str) -> None:
        """Step the clock to `instant` and wait until a sweep has seen it."""
        self.reminder.at(instant)
        self.sweeps(instant)

    def sweeps(self, instant: str) -> None:
        """Wait for a sweep at or soon after `instant`."""
        wanted = datetime.fromisoformat(instant)
        self.wait_for(lambda: wanted <= (self.reminder.swept_at or NEVER) < wanted + LATELY)

    def hup(self) -> None:
        """Have it read its config again, and wait until it has."""
        before = len(self.said)
        self.process.send_signal(signal.SIGHUP)
        self.expect("RELOADING=1", after=before)
        self.expect("READY=1", after=before)

    def term(self) -> None:
        """Ask it to stop."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it as a crash would, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def ends(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended by itself; return its status."""
        return self.process.wait(seconds)
