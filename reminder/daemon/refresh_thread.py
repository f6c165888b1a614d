"""Asks the sources at intervals on a thread beside the sweeps: no sweep waits for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from reminder.core.errors import ReminderError
from reminder.delivery.sweep import Sweeper
from reminder.refresh.failing import reason_of
from reminder.refresh.posters import PosterKeeper
from reminder.refresh.refresher import Refresher
from reminder.refresh.report import Tell

log = logging.getLogger(__name__)

BRIEFLY: Final = 60.0
"""Seconds for which a single pass waits for sources."""


class Refresh(Protocol):
    """Asks the sources about what is due at some instant; `sources` are the names of those that may be asked."""

    @property
    def sources(self) -> tuple[str, ...]: ...  # noqa: D102

    def __call__(self, now: datetime) -> None: ...  # noqa: D102


@dataclass(kw_only=True)
class Refreshing:
    """Asks what is due each time it is called, then for pictures. A reload puts others in the places of both."""

    refresher: Refresher
    posters: PosterKeeper | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of what may be asked now."""
        return self.refresher.there.names

    def __call__(self, now: datetime) -> None:
        """Ask the sources about what is due at `now`; what fails is logged, and tried again the next time."""
        self.ask(now)
        if self.posters is not None:
            _keep_pictures(self.posters, now)

    def ask(self, now: datetime) -> tuple[str, ...]:
        """Ask the sources about what is due at `now`, and return what failed, in words. It is logged too."""
        try:
            report = self.refresher.refresh(now)
        except ReminderError as error:
            log.error("sources not asked", extra={"why": str(error)})
            return (f"the sources could not be asked: {error}",)
        except Exception as error:
            log.exception("asking the sources failed")
            return (f"asking the sources failed: {reason_of(error)}",)
        if report.asked or report.began or report.matched:
            log.info("sources refreshed", extra={"report": str(report)})
        return tuple(map(str, report.failed.values()))


def _keep_pictures(posters: PosterKeeper, now: datetime) -> None:
    try:
        kept = posters.keep(now)
    except ReminderError as error:
        log.warning("pictures not kept", extra={"why": str(error)})
        return
    if kept:
        log.info("pictures kept", extra={"count": kept})


def ask_briefly(
    build: Callable[[Tell, threading.Event], Refresher], sweeper: Sweeper, now: datetime
) -> tuple[str, ...]:
    """Ask what is due before a single pass, for at most a minute: the rest stays due for the next pass.

    Returns what failed, in words.
    """
    stop = threading.Event()
    end = threading.Timer(BRIEFLY, stop.set)
    end.daemon = True
    end.start()
    try:
        return Refreshing(refresher=build(teller(sweeper), stop)).ask(now)
    finally:
        end.cancel()


def teller(sweeper: Sweeper) -> Tell:
    """Return what tells the operator, over the channels that this person has."""

    def tell(subject: str, lines: Sequence[str], now: datetime) -> None:
        sweeper.alarm(subject, *lines, now=now)

    return tell
