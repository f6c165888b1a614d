"""Finds channels that cannot be built, when they or the program change and before anything is due there."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import Connection

from reminder.core.model.entities import Channel
from reminder.store import channels as channel_store
from reminder.store.people import reopen_channel
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)

FAULTY = "!"
"""Stands before the mark of a channel that could not be built."""


@dataclass(frozen=True, kw_only=True)
class ChannelCheck:
    """Looks at channels that no program of this version has seen as they are.

    `problem_of` says what is wrong with one, None for nothing; it loads what sends, so it is asked only then.
    """

    store: Store
    channels: Callable[[], Mapping[str, Channel]]
    operator: Callable[[], str]
    problem_of: Callable[[Channel], str | None]

    def __call__(self, now: datetime) -> None:
        """Park each channel that cannot be built, and tell of it; open one that can be again. Raises StoreError."""
        wanted = self.channels()
        with self.store.read() as tx:
            known = channel_store.examined(tx)
        for name, channel in wanted.items():
            seen = known.get(name)
            mark = _mark(channel)
            if name not in known or seen in {mark, FAULTY + mark}:
                continue
            problem = self._problem(channel)
            with self.store.write() as tx:
                self._note(tx, name, problem, now, was_faulty=bool(seen and seen.startswith(FAULTY)))
                channel_store.note_examined(tx, name, FAULTY + mark if problem else mark)

    def _problem(self, channel: Channel) -> str | None:
        if channel.url is None:
            return channel.problem or "this channel has no URL"
        try:
            return self.problem_of(channel)
        except Exception as error:  # noqa: BLE001  a plugin raises what it likes: then it cannot be built
            log.error("channel not built", extra={"channel": channel.name, "error": type(error).__name__})
            return "the service's plugin failed inside the program, see the log"

    def _note(self, tx: Connection, name: str, problem: str | None, now: datetime, *, was_faulty: bool) -> None:
        if problem is None:
            if was_faulty:
                reopen_channel(tx, name, now, refused=None)
            return
        log.warning("channel unusable", extra={"channel": name, "why": problem})
        if channel_store.park(tx, name, problem, now + channel_store.LONGEST_PARKED, now):
            channel_store.tell_of_outage(tx, name, problem, now, operator=self.operator())


@cache
def _versions() -> str:
    found = []
    for name in ("release-reminder", "apprise"):
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return " ".join(found)


def _mark(channel: Channel) -> str:
    said = f"{_versions()} {channel.fingerprint if channel.url else channel.problem} {channel.url is None}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
