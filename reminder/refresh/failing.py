"""One title's failure is that title's own: it is noted with its name, and the pass goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from reminder.core.errors import ReminderError, StoreCorrupt, StoreGone, StoreLocked
from reminder.refresh.report import RefreshReport
from reminder.store.asking_faults import RefreshFault

log = logging.getLogger(__name__)

EVERYBODYS: Final = (StoreLocked, StoreGone, StoreCorrupt)
"""The database itself is the matter: no other title would fare better."""


@contextmanager
def own_fault(report: RefreshReport, key: str, name: str, *, is_title: bool = True) -> Iterator[None]:
    """Note any failure inside as that of one title or calendar, unless the database itself is the matter."""
    try:
        yield
    except EVERYBODYS:
        raise
    except Exception as error:  # noqa: BLE001  whatever one title's answer sets off ends at that title
        report.failed[key] = fault_of(error, name, is_title=is_title)


def fault_of(error: Exception, name: str, *, is_title: bool = True) -> RefreshFault:
    """Return a failure as it is kept and shown, and log it."""
    why = reason_of(error)
    log.error("asking for dates failed", extra={"title": name, "why": why})
    log.debug("asking for dates failed, traceback", exc_info=error)
    return RefreshFault(name=name, why=why, is_title=is_title)


def reason_of(error: Exception) -> str:
    """Return why, in one line. An address in the text of a foreign error may hold a key, so such a text is left out."""
    text = " ".join(str(error).split())
    if isinstance(error, ReminderError):
        return text
    return type(error).__name__ if not text or "://" in text else f"{type(error).__name__}: {text[:200]}"
