"""Runs the service: ticks, reloads and a clean end. It knows when, never what."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from reminder.core.errors import ReminderError, StoreCorrupt, StoreError, StoreGone
from reminder.core.sending.clock_guard import Doubtful
from reminder.daemon.bots import BotReaders, look_at_bots
from reminder.daemon.clock_watch import STEP, ClockWatch
from reminder.daemon.refresh_thread import Refresh
from reminder.daemon.reloading import ReloadRequest
from reminder.daemon.scheduler import Ticker
from reminder.daemon.shutdown import drain
from reminder.daemon.signals import Signals
from reminder.daemon.status import ServiceStatus
from reminder.delivery.sweep import Sweeper, SweepReport
from reminder.platform.clock import Clock
from reminder.platform.failpoints import FailpointPlace, reach
from reminder.platform.heartbeat import Heartbeat, living
from reminder.platform.systemd import Systemd
from reminder.store.sql.news import News

log = logging.getLogger(__name__)

TICK: Final = timedelta(seconds=30)
"""The longest the daemon sleeps: a clock that steps, a suspend or a dead network costs no more than this."""

FIRST_RETRY: Final = timedelta(seconds=0.5)
"""A database that could not be used is tried again after twice this, and the wait doubles each time."""

ASK: Final = timedelta(minutes=5)
"""How often to check whether any title is due to be asked about; each has its own time for that."""

TIDY: Final = timedelta(hours=1)
"""How often to check whether the ledger is due to be pruned, which happens once a day."""

GLANCE: Final = 1.0
"""Seconds between two looks at the clock: the most that a step of it can delay. Signals wake at once."""

DRAIN: Final = 25.0
"""Seconds that a stopping daemon gives what is in flight; the rest is handed back, all within 30 s (SPEC 4)."""

SWEEP_SHARE: Final = 0.6
"""The part of that time for which a sweep at work is waited for."""

MOST_STUCK: Final = 32
"""With so many sends stuck for good the daemon ends, to be started afresh: only that frees their memory and sockets."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(kw_only=True)
class Daemon:
    """One running daemon. `reload` reads the config again and returns what changed, or raises what is wrong with it.

    `news` tells when another program has written into the database. `bots` are read beside the ticks. `config` returns
    what tells the config in use from others.
    """

    sweeper: Sweeper
    clock: Clock
    systemd: Systemd
    runtime_dir: Path
    reload: Callable[[datetime], str]
    refresh: Refresh | None = None
    tidy: Callable[[datetime], object] | None = None
    examine: Callable[[datetime], None] | None = None
    news: News | None = None
    bots: BotReaders | None = None
    config: Callable[[], str | None] = lambda: None
    drain: float = DRAIN
    stop: threading.Event = field(default_factory=threading.Event)
    _reload: ReloadRequest = field(default_factory=ReloadRequest)
    _idle: threading.Event = field(default_factory=threading.Event)
    _woken: threading.Event = field(default_factory=threading.Event)
    _near: threading.Event = field(default_factory=threading.Event)
    _clock_watch: ClockWatch = field(init=False)
    _ticker: Ticker = field(default_factory=Ticker)
    _condition: ServiceStatus = field(init=False)
    _signals: Signals = field(init=False)
    _decided_by: datetime = _NEVER  # the wall clock less the monotonic one, at the last tick
    _lost: bool = False
    _failures: int = 0
    _worn: bool = False
    _told_next: bool = False

    def __post_init__(self) -> None:
        self._condition = ServiceStatus(
            clock=self.clock,
            systemd=self.systemd,
            runtime_dir=self.runtime_dir,
            alarm=self.sweeper.alarm,
            config=self.config,
        )
        self._clock_watch = ClockWatch(clock=self.clock, store=self.sweeper.store)
        self._signals = Signals(stop=self.stop, reload=self._reload)

    @property
    def last_beat(self) -> Heartbeat | None:
        """The last heartbeat, as it was meant to be written; None before the first."""
        return self._condition.last_beat

    def reload_soon(self) -> None:
        """Have the config read, again or for the first time, before the next sweep."""
        self._reload.set()

    def wake(self) -> None:
        """Have the next sweep made now: somebody has asked for something. For every thread."""
        self._woken.set()
        self._signals.wake()

    def leave_config(self, reason: str) -> None:
        """Say, now and in the status, why the config was not taken and what the database holds goes on."""
        self._condition.config_refused(reason)
        log.warning("config not used", extra={"why": reason})

    def run(self) -> int:
        """Run until told to stop; return the exit status."""
        with living(self.runtime_dir) as self._condition.kernel:
            return self._run()

    def _run(self) -> int:
        self._signals.listen()
        self._idle.set()
        self._decided_by = self._offset()
        # The second place is for the tick that a tick asks for at its end.
        self._ticker.every(TICK, "tick", self._tick, at_once=True, waiting=1)
        self._ticker.every(ASK, "sources", self._ask_sources, at_once=True)
        # Only after an hour: a clock that is wrong has been noticed by then.
        self._ticker.every(TIDY, "tidy", self._tidy_up, at_once=False)
        self._ticker.every(TIDY, "load", self._load_if_near, at_once=False)
        self._ticker.every(ASK, "channels", self._examine_channels, at_once=True)
        self._ticker.start()
        if self.news is not None:
            self.news.listen(self.wake)
        self.systemd.ready("starting")
        self._watch()
        return self._end()

    def _watch(self) -> None:
        """Look after signals and the clock until it is time to stop; everything else happens in the ticks."""
        while not self.stop.is_set():
            self._signals.hear(GLANCE)
            self._look_at_threads()
            # Against what the last tick saw, not the last glance: a step and its correction in between are no news,
            # but a tick that decided by the hour that is now taken back is.
            stepped = abs(self._offset() - self._decided_by) > STEP
            # A tick at work sees all of it by itself; it may also be about to end, so it is not forgotten here.
            wanted = stepped or self._reload.is_due(self.clock.monotonic()) or self._is_woken()
            if wanted and self._idle.is_set():
                self._ticker.call("tick")

    def _is_woken(self) -> bool:
        return self._woken.is_set() or (self.news is not None and self.news.has_come())

    def _hear_out(self) -> None:
        """Take what was written and asked up to now for heard: the sweep that follows sees it."""
        self._woken.clear()
        if self.news is not None:
            self.news.mark()

    def _look_at_threads(self) -> None:
        stuck = self.sweeper.sender.stuck
        if stuck >= MOST_STUCK and not self._worn:
            log.error("too many stuck sends, ending", extra={"stuck": stuck})
            self._worn = True
            self.stop.set()

    def _offset(self) -> datetime:
        return self.clock.now() - timedelta(seconds=self.clock.monotonic())

    def _tick(self) -> None:
        self._idle.clear()
        try:
            self._work()
        except (StoreGone, StoreCorrupt) as error:
            self._give_up(error)
        except ReminderError as error:
            self._condition.trouble(str(error), self._clock_watch.believed())
            self._failures += 1
            self._ticker.call("tick", after=min(TICK, FIRST_RETRY * 2**self._failures))
        except Exception:
            log.exception("sweep failed", extra={"next_try": TICK})
            self._condition.trouble("the sweep failed", self._clock_watch.believed())
        finally:
            self._idle.set()
            if self._woken.is_set():
                self._signals.wake()  # since the last pass began

    def _give_up(self, error: StoreError) -> None:
        """Stop, for a start anew: no later sweep would find this database whole."""
        self._condition.trouble(str(error), self._clock_watch.believed())
        self._lost = True
        self.stop.set()
        self._signals.wake()

    @property
    def _may_work(self) -> bool:
        return self._condition.is_well and not self.stop.is_set()

    def _ask_sources(self) -> None:
        """Ask what is due, unless the clock or the database are in doubt."""
        if self.refresh is not None and self._may_work:
            self.refresh(self.clock.now())

    def _examine_channels(self) -> None:
        """See whether channels that are new can be built at all, unless the clock or the database are in doubt."""
        if self.examine is None or not self._may_work:
            return
        try:
            self.examine(self.clock.now())
        except StoreError as error:
            log.warning("channels not checked", extra={"why": str(error), "next_try": ASK})

    def _tidy_up(self) -> None:
        """Take out what the ledger has kept for long enough, unless the clock or the database are in doubt."""
        if self.tidy is None or not self._may_work:
            return
        try:
            self.tidy(self.clock.now())
        except StoreError as error:
            log.warning("ledger not pruned", extra={"why": str(error), "next_try": TIDY})

    def _work(self) -> None:
        """Sweep until nothing is due and nothing is in flight, then sleep until the next moment."""
        while not self.stop.is_set():
            reach(FailpointPlace.TICK)
            self._decided_by = self._offset()
            self.sweeper.store.must_be_there()
            self._hear_out()
            now = self.clock.now()
            doubt = self._clock_watch.doubt(now)
            report = None
            if doubt:
                self._wait_out(doubt)
            else:
                report = self._sweep(now)
                if report.wants_loading:
                    self._load()
                    continue  # the clock has gone on, and the words are to be true when they leave
                if report.more or report.started:
                    continue
                self._load_soon(report.next_at, now)
            if not self.sweeper.sender.in_flight:
                if report:
                    self._say_what_is_next(report.next_at)
                    self._ticker.call("tick", after=min(_until(report.next_at, now), _until(report.look_at, now)))
                return
            self.sweeper.sender.wait(1.0)

    def _say_what_is_next(self, next_at: datetime | None) -> None:
        """Say once, when all that was due is done, until when a person at the terminal need not wait for anything."""
        if not self._told_next:
            log.info("waiting", extra={"next": next_at or "nothing to come"})
        self._told_next = True

    def _load(self) -> None:
        if self.sweeper.loader is not None:
            self.sweeper.loader()

    def _load_soon(self, next_at: datetime | None, now: datetime) -> None:
        """Have what sends loaded beside the ticks when the next moment is near: an idle daemon stays small."""
        if self.sweeper.loader is not None and self.sweeper.loader.is_near(next_at, now):
            self._near.set()
            self._ticker.call("load")

    def _load_if_near(self) -> None:
        if self._near.is_set():
            self._load()

    def _sweep(self, now: datetime) -> SweepReport:
        if self._reload.is_due(self.clock.monotonic()):
            self._do_reload()
        began = self.clock.monotonic()
        report = self.sweeper.sweep(now)
        self.sweeper.counters.swept(self.clock.monotonic() - began, now)
        self._failures = 0
        self._condition.well(now, report.next_at)
        if self.bots is not None:
            look_at_bots(self.bots, now)
        return report

    def _wait_out(self, doubt: Doubtful) -> None:
        """Only record what is returned while the clock is in doubt.

        A reload waits as well: what began in a year that never comes would owe nothing until then.
        """
        self.sweeper.collect(self._clock_watch.believed())
        self.sweeper.renew_leases(self._clock_watch.believed())
        self._condition.trouble(doubt.reason, self._clock_watch.believed())
        self.systemd.watchdog()  # it works, it only waits: a restart would make it forget what it doubts

    def _do_reload(self) -> None:
        self._reload.take(self.clock.monotonic())
        self.systemd.reloading(self.clock.monotonic())
        try:
            changed = self.reload(self.clock.now())
            self._condition.config_taken(changed.partition("; ")[2])
            log.info("config reloaded", extra={"changed": changed})
            self._ticker.call("sources")  # what is new is asked about now
            self._ticker.call("channels")
        except StoreError:
            self._reload.set()  # the config is not to blame: try again with the next sweep
            raise
        except Exception as error:
            if not isinstance(error, ReminderError):
                log.exception("reload failed")
            self._condition.config_refused(f"the edited config is not taken: {str(error).partition(chr(10))[0]}")
            for line in str(error).splitlines():
                log.error("config refused, previous one stays in use", extra={"why": line})
        finally:
            self.systemd.ready()

    def _end(self) -> int:
        """Finish what is in flight, hand back the rest, and stop."""
        self.systemd.stopping("finishing what is on its way")
        until = self.clock.monotonic() + self.drain
        # Not for all of that time: a sweep that hangs may hold the database, and a try to write takes its patience.
        self._idle.wait(self.drain * SWEEP_SHARE)
        self._ticker.stop()
        if self.news is not None:
            self.news.close()
        if self.bots is not None:
            self.bots.close()
        self.sweeper.sender.recall()
        try:
            # Into a database that is gone nothing is written: another may lie in its place.
            ended_well = not self._lost and drain(self.sweeper, self.clock, until=until, now=self._clock_watch.believed)
        finally:
            self.sweeper.sender.close()
        log.info("stopped")
        return 0 if ended_well and not self._worn else 1


def _until(next_at: datetime | None, now: datetime) -> timedelta:
    """Return how long to sleep. What is due and did not start waits for a resting endpoint: check again soon."""
    if next_at is None:
        return TICK
    return min(TICK, max(next_at - now, timedelta(seconds=1) if next_at <= now else timedelta(0)))
