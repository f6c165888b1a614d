"""Copies of the database: making one, putting one back, and having it know what it is not to send again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from reminder.core.errors import StoreError, WrongInput
from reminder.core.model.secret import Secret
from reminder.store.daemons import daemons
from reminder.store.identity import renew_sending
from reminder.store.listings import ListedConfig
from reminder.store.restore import look_over, made_ready, newest_trace, put_in_place
from reminder.store.sql.backup import backup
from reminder.store.sql.engine import database_url
from reminder.store.sql.store import Store, open_store
from reminder.store.web_sessions import end_every_session
from reminder.usecases.restore_gap import LATE, Learnt, learn, skip_the_gap


def make_copy(database: Secret, file: Path, *, replace: bool) -> int:
    """Copy a database into a file, also while a daemon runs; return its size in bytes.

    Raises WrongInput for a file that is in the way, unless it is to be replaced, and StoreError.
    """
    if file.is_dir():
        raise WrongInput(f"{file} is a directory: name a file in it")
    if file.exists() and not replace:
        raise WrongInput(f"{file} already exists: name another file, or replace it with --force")
    if not file.absolute().parent.is_dir():
        raise WrongInput(f"{file}: the directory {file.absolute().parent} does not exist")
    backup(database_url(database), file)
    return file.stat().st_size


@dataclass(frozen=True, kw_only=True)
class RestoredCopy:
    """A copy that was put in place: its newest instant, what it has learnt, how many messages it skips.

    `kept` is where the database lies whose place it has taken.
    """

    newest: datetime | None
    learnt: Learnt | None
    skipped: int
    kept: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Restore:
    """Puts the copy `file` in the place of the database `present`, which nobody else may use meanwhile.

    `skip` says whether what fell due since the copy was made is skipped; for None, `wants_again` is asked where that
    is not known from the present database, given the copy's newest instant. `tell` hears why it is not known.
    Raises WrongInput where the copy is the database itself.
    """

    file: Path
    present: Path
    listed: ListedConfig
    grace: timedelta
    skip: bool | None
    wants_again: Callable[[datetime], bool]
    tell: Callable[[str], None]

    def __post_init__(self) -> None:
        if self.present.exists() and self.file.exists() and self.file.samefile(self.present):
            raise WrongInput(f"{self.file}: this is the database itself: name a copy of it")

    def run(self, now: datetime) -> RestoredCopy:
        """Put the copy back. Raises StoreError, and then nothing has changed."""
        look_over(self.file, self.listed.name)
        ready = made_ready(self.file, self.present)
        try:
            newest, learnt, skipped = self._settle(ready, now)
            kept = put_in_place(ready, self.present, now)
        finally:
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):
                    ready.with_name(ready.name + ending).unlink(missing_ok=True)
        return RestoredCopy(newest=newest, learnt=learnt, skipped=skipped, kept=kept)

    def _settle(self, ready: Path, now: datetime) -> tuple[datetime | None, Learnt | None, int]:
        """Have the copy know what it is not to send again."""
        with closing(open_store(Secret(str(ready)))) as store:
            with store.read() as tx:
                newest = newest_trace(tx)
            learnt = None if self.skip is False else self._learn(store, now)
            has_all = learnt is not None and learnt.is_all
            with store.write() as tx:
                renew_sending(tx)
                end_every_session(tx)  # one that was ended since would be open again
                made_at = newest_trace(tx) if has_all else newest
            if not self._skips(newest, now, has_all=has_all):
                return newest, learnt, 0
            before = now - LATE
            skipped = skip_the_gap(store, self.listed, made_at=made_at, before=before, now=now, grace=self.grace)
            return newest, learnt, skipped

    def _skips(self, newest: datetime | None, now: datetime, *, has_all: bool) -> bool:
        if self.skip is not None:
            return self.skip
        if newest is None or newest >= now - LATE or has_all:
            return False
        return not self.wants_again(newest)

    def _learn(self, store: Store, now: datetime) -> Learnt | None:
        """Return what the copy learns from the present database, None where that is not there or cannot be read."""
        if not self.present.exists():
            return None
        try:
            return learn(store, self.present, self.listed.name, now=now, grace=self.grace)
        except StoreError as error:
            self.tell(f"What was sent since the copy was made cannot be learnt from the present database: {error}")
            return None


def settle_in_place(
    store: Store, listed: ListedConfig, since: datetime, *, resend: bool, now: datetime, grace: timedelta
) -> int:
    """Treat the database in place as a copy that was made at an instant; return how many messages are skipped.

    Raises StoreError while a daemon uses the database.
    """
    with store.write() as tx:
        living = [] if store.is_sqlite else daemons(tx)
        if living:
            raise StoreError(f"a daemon uses this database ({living[0]}): stop it first, and wait two minutes")
        renew_sending(tx)
        end_every_session(tx)
    if resend:
        return 0
    return skip_the_gap(store, listed, made_at=since, before=now, now=now, grace=grace)
