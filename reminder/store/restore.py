"""An old copy of a SQLite database put in the place of the present one: checked first, and nothing thrown away."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, func, select, update

from reminder.core.errors import StoreCorrupt, StoreError, StoreTooNew, WrongInput
from reminder.core.model.ledger import Reason, State
from reminder.platform.files import PRIVATE, give_to_folders_owner
from reminder.store.load_plans import newest_row
from reminder.store.outbox_write import wipe_codes
from reminder.store.sql.backup import copy_database
from reminder.store.sql.migrate import HEAD
from reminder.store.sql.tables import OPEN_DELIVERY, date_change, delivery, message, subscription

PART: Final = ".restoring"


def look_over(file: Path, name: str) -> None:
    """Check that a file is an undamaged copy of this config's database, of a version known here.

    `name` is the config's. Raises StoreError, StoreCorrupt and StoreTooNew, each with what to do.
    """
    if not file.is_file():
        raise WrongInput(f"{file} does not exist: name a copy that `reminder backup` made")
    if not os.access(file, os.R_OK):
        raise WrongInput(f"{file} cannot be read: Permission denied")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as base:
            finding = base.execute("PRAGMA quick_check(1)").fetchone()[0]
            if finding != "ok":
                raise StoreCorrupt(f"{file}: the copy is damaged ({finding}): take another one")
            _is_ours(file, base, name)
    except sqlite3.Error as error:
        raise StoreCorrupt(f"{file}: this is no copy of a database of ours, or a damaged one ({error})") from None


def _is_ours(file: Path, base: sqlite3.Connection, name: str) -> None:
    tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "meta", "delivery"} <= tables:
        raise StoreError(f"{file}: this is another program's database")
    version = base.execute("SELECT version_num FROM alembic_version").fetchone()
    if version is not None and version[0] > HEAD:
        raise StoreTooNew(
            f"{file}: the copy has version {version[0]}, this reminder knows {HEAD}: install the newer one"
        )
    whose = base.execute("SELECT value FROM meta WHERE key = 'config'").fetchone()
    if whose is not None and whose[0] != name:
        raise StoreError(
            f"{file}: the copy belongs to the config {whose[0]!r}, not {name!r}: "
            f"write `name: {whose[0]}` in this config to adopt it"
        )


def made_ready(file: Path, present: Path) -> Path:
    """Return a copy of the file beside the present database, to be changed before it replaces it. Raises StoreError."""
    ready = present.with_name(present.name + PART)
    try:
        for ending in ("", "-wal", "-shm"):
            ready.with_name(ready.name + ending).unlink(missing_ok=True)
        copy_database(file, ready)
        _as_owned(ready, present)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{ready}: the copy could not be written: {error}") from None
    return ready


def _as_owned(ready: Path, present: Path) -> None:
    """Give a file to whom the present one belongs, else to the folder's owner, as far as we may."""
    if not present.exists():
        ready.chmod(PRIVATE)
        give_to_folders_owner(ready)
    else:
        found = present.stat()
        ready.chmod(found.st_mode & 0o777)
        with suppress(PermissionError):
            os.chown(ready, found.st_uid, found.st_gid)


def put_in_place(ready: Path, present: Path, now: datetime) -> Path | None:
    """Put a finished copy in the place of the present database; return where that one is kept. Raises StoreError.

    At no instant is there no database: whoever started then would begin a new one.
    """
    kept = present.with_name(f"{present.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    try:
        has_been = present.exists()
        if has_been:
            kept.unlink(missing_ok=True)
            _write_back(present)
            os.link(present, kept)
            _move_aside(present, kept)
        ready.replace(present)
        folder = os.open(present.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StoreError(f"{present}: the copy could not be put in place: {error}") from None
    return kept if has_been else None


def _write_back(present: Path) -> None:
    """Bring what stands in the log into the file; a damaged one is kept with its log."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(present)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _move_aside(present: Path, kept: Path) -> None:
    wal, shm = (present.with_name(present.name + ending) for ending in ("-wal", "-shm"))
    if wal.exists():
        wal.replace(kept.with_name(kept.name + "-wal"))
    shm.unlink(missing_ok=True)


def newest_trace(tx: Connection) -> datetime | None:
    """Return the newest instant of which a database knows, None when it is empty: later than that it was copied."""
    columns = (subscription.c.began_at, date_change.c.seen_at)
    found = [newest_row(tx), *(tx.execute(select(func.max(column))).scalar() for column in columns)]
    return max((at for at in found if at is not None), default=None)


def due_before(tx: Connection, before: datetime) -> list[int]:
    """Return the subscriptions that had something to decide before an instant."""
    query = select(subscription.c.id).where(subscription.c.ended_at.is_(None), subscription.c.next_due_at < before)
    return list(tx.execute(query.order_by(subscription.c.id)).scalars())


def skip_open(tx: Connection, before: datetime, now: datetime) -> int:
    """Close what was still open in a copy and whose moment was before an instant; return how many that are."""
    late = select(message.c.id).where(message.c.at < before)
    values = {"state": State.SKIPPED, "reason": Reason.RESTORED, "closed_at": now, "tried_at": now, "due_at": None}
    mine = update(delivery).where(OPEN_DELIVERY, delivery.c.message_id.in_(late))
    closed = tx.execute(mine.values(values)).rowcount
    wipe_codes(tx)
    return closed
