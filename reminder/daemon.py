"""The service: APScheduler as a ticker, signals, systemd. It knows when, never what."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from reminder.clock import Clock, SystemClock, utc_text
from reminder.core.clockguard import ClockGuard, Doubtful, behind_ledger
from reminder.errors import ReminderError, StoreCorrupt, StoreError, StoreGone
from reminder.failpoints import Place, reach
from reminder.heartbeat import Heartbeat, read_heartbeat, write_heartbeat
from reminder.store import ledger
from reminder.store.stories import newest_row
from reminder.sweep import Sweeper
from reminder.systemd import Systemd

log = logging.getLogger(__name__)

TICK: Final = timedelta(seconds=30)
"""The longest the daemon sleeps: a clock that steps, a suspend or a dead network costs no more than this."""

FIRST_RETRY: Final = timedelta(seconds=0.5)
"""Twice this after a database that could not be used, and twice as long each time, the next try is made."""

ASK: Final = timedelta(minutes=5)
"""How often it is looked whether a source is to be asked; each title has its own time for that."""

TIDY: Final = timedelta(hours=1)
"""How often it is looked whether the ledger is to be pruned; that is done once a day."""

GLANCE: Final = 1.0
"""Seconds between two looks at the clock (signals wake at once): a step of it costs no more than this."""

DRAIN: Final = 25.0
"""Seconds that what is on its way may take when the daemon stops; the rest is handed back, all within 30 s (SPEC 4)."""

LAST_TRY: Final = 5.0
"""Seconds before the end of that in which a database that cannot be written is tried no more: a try takes its time."""

MOST_STUCK: Final = 32
"""So many sends that overran their time and hold a thread for good, and it ends, to be started afresh: each keeps its
memory and its socket, and only the end of the process frees them."""

STEP: Final = timedelta(seconds=2)
"""A clock that moved by more than this against the monotonic one is looked at anew, at once."""


WORTH_TELLING: Final = timedelta(minutes=5)
"""A standstill shorter than this is in the log only; a longer one is told to the operator when it is over."""


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class _Broken:
    reason: str
    since_at: datetime
    since: float


class Refresh(Protocol):
    """Asks the sources about what is due at some instant; `sources` are the names of those that may be asked."""

    @property
    def sources(self) -> tuple[str, ...]: ...  # noqa: D102

    def __call__(self, now: datetime) -> None: ...  # noqa: D102


@dataclass(kw_only=True)
class Daemon:
    """One running daemon. `reload` reads the config again and returns what changed, or raises what is wrong with it."""

    sweeper: Sweeper
    clock: Clock
    systemd: Systemd
    runtime_dir: Path
    reload: Callable[[datetime], str]
    refresh: Refresh | None = None
    tidy: Callable[[datetime], object] | None = None
    drain: float = DRAIN
    stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _reload: threading.Event = field(default_factory=threading.Event)
    _idle: threading.Event = field(default_factory=threading.Event)
    _guard: ClockGuard = field(default_factory=ClockGuard)
    _scheduler: Any = None
    _decided_by: datetime = _NEVER  # the wall clock less the monotonic one, at the last tick
    _broken: _Broken | None = None
    _refused: str = ""
    _lost: bool = False
    _failures: int = 0
    _worn: bool = False

    def reload_soon(self) -> None:
        """Have the config read, again or for the first time, before the next sweep."""
        self._reload.set()

    def leave_config(self, reason: str) -> None:
        """Say, now and in the status, why the config was not taken and what the database holds goes on."""
        self._refused = f"; {reason}"
        log.warning("the config is not taken", extra={"why": reason})

    def run(self) -> int:
        """Run until told to stop; return the exit status."""
        self._listen()
        self._idle.set()
        self._decided_by = self._offset()
        # A tick that is skipped because two wait already is as it should be, and no news.
        quiet = logging.getLogger("reminder.ticker")
        quiet.setLevel(logging.ERROR)
        executors = {name: ThreadPoolExecutor(1) for name in ("default", "sources", "tidy")}
        self._scheduler = BackgroundScheduler(executors=executors, timezone="UTC", logger=quiet)
        self._scheduler.add_job(
            self._tick,
            "interval",
            id="tick",
            seconds=TICK.total_seconds(),
            next_run_time=SystemClock().now(),
            misfire_grace_time=None,
            coalesce=True,
            # One thread, so ticks never overlap; the second place is for the tick that this one asks for at its end.
            max_instances=2,
        )
        self._scheduler.add_job(
            self._ask_sources,
            "interval",
            id="sources",
            executor="sources",  # a thread of its own: a slow source delays no sweep
            seconds=ASK.total_seconds(),
            next_run_time=SystemClock().now(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.add_job(
            self._tidy_up,
            "interval",
            id="tidy",
            executor="tidy",
            seconds=TIDY.total_seconds(),  # the first time after that: a clock that is wrong has been seen by then
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        self.systemd.ready("starting")
        self._watch()
        return self._end()

    def _listen(self) -> None:
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)

    def _on_stop(self, number: int, _frame: object) -> None:
        if self.stop.is_set():
            os._exit(128 + number)  # asked twice: now
        self.stop.set()
        self._wake.set()

    def _on_reload(self, _number: int, _frame: object) -> None:
        self._reload.set()
        self._wake.set()

    def _watch(self) -> None:
        """Look after signals and the clock until it is time to stop; everything else happens in the ticks."""
        while not self.stop.is_set():
            self._wake.wait(GLANCE)
            self._wake.clear()
            self._look_at_threads()
            # Against what the last tick saw, not the last glance: a step and its correction in between are no news,
            # but a tick that decided by the hour that is now taken back is.
            stepped = abs(self._offset() - self._decided_by) > STEP
            # A tick at work sees both by itself; it may also be about to end, so it is not forgotten here.
            if (stepped or self._reload.is_set()) and self._idle.is_set():
                self._tick_at(timedelta(0))

    def _look_at_threads(self) -> None:
        stuck = self.sweeper.crew.stuck
        if stuck >= MOST_STUCK and not self._worn:
            log.error("too many sends are stuck for good: ending, to be started afresh", extra={"stuck": stuck})
            self._worn = True
            self.stop.set()

    def _offset(self) -> datetime:
        return self.clock.now() - timedelta(seconds=self.clock.monotonic())

    def _tick_at(self, delay: timedelta) -> None:
        # The scheduler counts by the system's clock, which under a test's clock file is not ours.
        self._scheduler.modify_job("tick", next_run_time=SystemClock().now() + max(delay, timedelta(0)))

    def _tick(self) -> None:
        self._idle.clear()
        try:
            self._work()
        except (StoreGone, StoreCorrupt) as error:
            self._give_up(error)
        except ReminderError as error:
            self._trouble(str(error))
            self._failures += 1
            self._tick_at(min(TICK, FIRST_RETRY * 2**self._failures))
        except Exception:
            log.exception("the sweep failed; the next one is in %s s", int(TICK.total_seconds()))
            self._trouble("the sweep failed")
        finally:
            self._idle.set()

    def _give_up(self, error: StoreError) -> None:
        """Stop, for a start anew: no later sweep would find this database whole."""
        self._trouble(str(error))
        self._lost = True
        self.stop.set()
        self._wake.set()

    def _ask_sources(self) -> None:
        """Ask what is due, unless the clock or the database are in doubt."""
        if self.refresh is not None and self._broken is None and not self.stop.is_set():
            self.refresh(self.clock.now())

    def _tidy_up(self) -> None:
        """Take out what the ledger has kept for long enough, unless the clock or the database are in doubt."""
        if self.tidy is None or self._broken is not None or self.stop.is_set():
            return
        try:
            self.tidy(self.clock.now())
        except StoreError as error:
            log.warning("the ledger could not be pruned; the next try is in an hour", extra={"why": str(error)})

    def _work(self) -> None:
        """Sweep until nothing is due and nothing is on its way, then sleep until the next moment."""
        while not self.stop.is_set():
            reach(Place.TICK)
            self._decided_by = self._offset()
            self.sweeper.store.must_be_there()
            now = self.clock.now()
            doubt = self._doubt(now)
            if doubt:
                # A reload waits as well: what began in a year that never comes would owe nothing until then.
                self.sweeper.collect(self._believed())
                self.sweeper.keep(self._believed())
                self._trouble(doubt.reason)
                self.systemd.watchdog()  # it works, it only waits: a restart would make it forget what it doubts
                if not self.sweeper.crew.in_flight:
                    return
                self.sweeper.crew.wait(1.0)
                continue
            if self._reload.is_set():
                self._do_reload()
            began = self.clock.monotonic()
            report = self.sweeper.sweep(now)
            self.sweeper.tally.swept(self.clock.monotonic() - began, now)
            self._alive(now, report.next_at)
            if report.more or report.started:
                continue
            if not self.sweeper.crew.in_flight:
                self._tick_at(min(_until(report.next_at, now), _until(report.look_at, now)))
                return
            self.sweeper.crew.wait(1.0)

    def _doubt(self, now: datetime) -> Doubtful | None:
        seen = self._guard.look(now, self.clock.monotonic())
        with self.sweeper.store.read() as tx:
            newest = newest_row(tx)
        doubt = seen or behind_ledger(now, newest)
        if doubt is None and newest is not None and newest > now + STEP:
            with self.sweeper.store.write() as tx:
                ledger.pull_in(tx, now)
        return doubt

    def _believed(self) -> datetime:
        """Return the instant under which to record what came back, also while the clock is doubted."""
        now, monotonic = self.clock.now(), self.clock.monotonic()
        self._guard.look(now, monotonic)
        return self._guard.believed(now, monotonic)

    def _alive(self, now: datetime, next_at: datetime | None) -> None:
        write_heartbeat(self.runtime_dir, Heartbeat(swept_at=now, pid=os.getpid(), next_at=next_at))
        self.systemd.watchdog()
        self.systemd.status((f"next message {utc_text(next_at)}" if next_at else "nothing to come") + self._refused)
        self._failures = 0
        if self._broken:
            self._mended(self._broken, now)

    def _trouble(self, reason: str) -> None:
        now = self._believed()
        if self._broken is None or self._broken.reason != reason:
            log.error("nothing is sent now", extra={"why": reason})
            was = self._broken
            self._broken = _Broken(
                reason=reason,
                since_at=was.since_at if was else now,
                since=was.since if was else self.clock.monotonic(),
            )
        last = read_heartbeat(self.runtime_dir)
        swept_at = last.swept_at if last else now
        write_heartbeat(self.runtime_dir, Heartbeat(swept_at=swept_at, pid=os.getpid(), trouble=reason))
        self.systemd.status(f"nothing is sent now: {reason}")

    def _mended(self, was: _Broken, now: datetime) -> None:
        """Tell the operator, once it can be told, for how long nothing was sent."""
        lasted = timedelta(seconds=self.clock.monotonic() - was.since)
        if lasted >= WORTH_TELLING:
            self.sweeper.alarm(
                "Reminders were held up",
                f"From {utc_text(was.since_at)}, for {lasted // timedelta(minutes=1)} minutes, nothing was sent: "
                f"{was.reason}",
                "What was due goes out now.",
                now=now,
            )
        self._broken = None  # only now: an alarm that could not be written is written with the next sweep
        log.info("working again", extra={"was": was.reason, "since": was.since_at})

    def _do_reload(self) -> None:
        self._reload.clear()
        self.systemd.reloading(self.clock.monotonic())
        try:
            changed = self.reload(self.clock.now())
            self._refused = ""
            log.info("config read again", extra={"changed": changed})
            self._scheduler.modify_job("sources", next_run_time=SystemClock().now())  # what is new is asked about now
        except StoreError:
            self._reload.set()  # the config is not to blame: try again with the next sweep
            raise
        except Exception as error:
            if not isinstance(error, ReminderError):
                log.exception("reading the config again failed")
            self._refused = f"; the edited config is not taken: {str(error).partition(chr(10))[0]}"
            for line in str(error).splitlines():
                log.error("the config is not taken; the one before goes on", extra={"why": line})
        finally:
            self.systemd.ready()

    def _end(self) -> int:
        """Finish what is on its way, hand back the rest, and stop."""
        self.systemd.stopping("finishing what is on its way")
        until = self.clock.monotonic() + self.drain
        self._idle.wait(self.drain)
        self._scheduler.shutdown(wait=False)
        self.sweeper.crew.recall()
        try:
            # Into a database that is gone nothing is written: another may lie in its place.
            ended_well = not self._lost and self._drained(until)
        finally:
            self.sweeper.crew.close()
        log.info("stopped")
        return 0 if ended_well and not self._worn else 1

    def _drained(self, until: float) -> bool:
        """Record what still comes back and hand back the rest; tell whether it could be written by `until`."""
        while True:
            try:
                self.sweeper.collect(self._believed())  # also what came back before and could not be written then
                if not self.sweeper.crew.in_flight or self.clock.monotonic() >= until:
                    self._hand_back()
                    return True
            except StoreError as error:
                if self.clock.monotonic() >= until - LAST_TRY:
                    log.error("what was on its way could not be recorded", extra={"why": str(error)})
                    return False
            self.sweeper.crew.wait(0.2)

    def _hand_back(self) -> None:
        with self.sweeper.store.write() as tx:
            left = ledger.hand_back(tx, self.sweeper.owner, self._believed())
        if self.sweeper.presence:
            self.sweeper.presence.leave(self.sweeper.store)
        if left:
            log.warning("handed back what was still on its way", extra={"deliveries": left})


def _until(next_at: datetime | None, now: datetime) -> timedelta:
    """Return how long to sleep. What is due and did not start waits for an endpoint that rests: look again soon."""
    if next_at is None:
        return TICK
    return min(TICK, max(next_at - now, timedelta(seconds=1) if next_at <= now else timedelta(0)))
