"""Processes of the installed command without the second that each start costs: forked from one that has imported all.

The suite starts and kills hundreds of them. Each is a process of its own, with its own memory, threads, signals
and environment; only the imports were done before it began, and it leaves its memory as it is when it ends. What is
started as it is installed asks for `installed`.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.support.process import PATIENCE, Finished, Process, Reminder

_KEPT = ("LD_LIBRARY_PATH", "PATH")


class Nursery:
    """The process that others are forked from. It ends with the one that started it."""

    def __init__(self) -> None:
        env = {name: value for name, value in os.environ.items() if name in _KEPT}
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "tests.support.nursery"],
            env={**env, "LANG": "C.UTF-8"},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.close)

    def ask(self, **question: Any) -> Any:
        """Ask, and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            self._process.stdin.close()
            self._process.wait(10)


@cache
def nursery() -> Nursery:
    """Return the nursery of this test run."""
    return Nursery()


@dataclass(kw_only=True)
class Child:
    """A process from the nursery."""

    pid: int
    watch: int
    status: int | None = None

    def poll(self) -> int | None:
        """Return its status once it has ended."""
        return self._status(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its status, -9 if it was killed by signal 9."""
        status = self._status(PATIENCE if timeout is None else timeout)
        if status is None:
            raise subprocess.TimeoutExpired("reminder", timeout or 0)
        return status

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it is still there."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.watch, sig)

    def _status(self, seconds: float) -> int | None:
        if self.status is None:
            poll = select.poll()
            poll.register(self.watch, select.POLLIN)
            if poll.poll(seconds * 1000):
                self.status = nursery().ask(status=self.pid)
                os.close(self.watch)
        return self.status


class Hatched(Reminder):
    """One user of the command, whose processes come from the nursery."""

    def run(self, *arguments: str, seconds: float = PATIENCE) -> Finished:
        """Run `reminder` with these arguments to its end."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self._hatch(arguments, self.env, out, err)
            try:
                status = process.wait(seconds)
            finally:
                process.kill()
            out.seek(0)
            err.seek(0)
            done = Finished(status=status, out=out.read().decode(), err=err.read().decode())
        self.printed += [done.out, done.err]
        return done

    def _begin(self, arguments: Sequence[str], env: Mapping[str, str], out: IO[bytes]) -> Process:
        return self._hatch(arguments, env, out, out)

    def _hatch(self, arguments: Sequence[str], env: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> Child:
        prints = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in (out, err)]
        pid = nursery().ask(arguments=list(arguments), env=dict(env), cwd=str(self.home), prints=prints)
        return Child(pid=pid, watch=os.pidfd_open(pid))


def _serve() -> list[str]:
    """Answer questions. Returns, in a child only, the arguments that it was started with."""
    while line := sys.stdin.buffer.readline():
        question = json.loads(line)
        if "status" in question:
            _, status = os.waitpid(question["status"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                _become(question)
                return list(question["arguments"])
        os.write(1, json.dumps(answer).encode() + b"\n")
    raise SystemExit(0)


def _become(question: Mapping[str, Any]) -> None:
    files = [
        os.open(os.devnull, os.O_RDONLY),
        *(os.open(path, os.O_WRONLY | os.O_APPEND) for path in question["prints"]),
    ]
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(question["env"])
    time.tzset()
    os.chdir(question["cwd"])
    sys.argv = ["reminder", *question["arguments"]]


def _main() -> None:
    import gc

    import alembic.command
    import alembic.config
    import apscheduler.schedulers.background
    import psycopg

    import reminder.cli.main
    import reminder.cli.registry
    import reminder.daemon.app
    import reminder.daemon.factory
    import reminder.daemon.run_once
    import reminder.daemon.service
    import reminder.delivery.sender_pool
    import reminder.notify.apprise
    import reminder.notify.pace
    import reminder.notify.plugins

    reminder.notify.plugins.open_plugin("json://127.0.0.1/")
    for name, entry in reminder.cli.registry.COMMANDS.items():
        entry.load(name)
    del alembic, apscheduler, psycopg
    gc.freeze()
    _serve()
    try:
        reminder.cli.main.main()
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        _leave(ended.code or 0)
    _leave(0)


def _leave(status: int) -> None:
    """End as the interpreter does, but for tidying up memory: that would first copy all of it, which takes longest.

    Threads are waited for, what was registered for the end is run, and what was printed is written.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # beside threads, it ends the executors
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    raise SystemExit(status)


if __name__ == "__main__":
    _main()
