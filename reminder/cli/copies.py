"""`backup` and `restore`: a copy of the database, and how it is put back."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.output import print_json, print_lines, say
from reminder.cli.registry import SERVICE, add
from reminder.errors import StoreError, WrongInput

if TYPE_CHECKING:
    from datetime import datetime


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "backup", backup, SERVICE)
    add(app, "restore", restore, SERVICE)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the database, also while the daemon runs."""
    from reminder.store.backup import backup as copy
    from reminder.store.engine import database_url

    wanted = asked(context)
    if file.is_dir():
        raise WrongInput(f"{file} is a directory: name a file in it")
    if file.exists() and not force:
        raise WrongInput(f"{file} already exists: name another file, or replace it with --force")
    if not file.absolute().parent.is_dir():
        raise WrongInput(f"{file}: the directory {file.absolute().parent} does not exist")
    copy(database_url(wanted.app.database), file)
    size = file.stat().st_size
    if wanted.json:
        print_json({"file": str(file.absolute()), "size": size})
    else:
        print_lines(f"{file}: {size // 1024} KiB")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="A copy that `backup` made.")],
    resend: Annotated[
        bool, typer.Option("--resend", help="Send what fell due since the copy was made and is still useful.")
    ] = False,
    skip: Annotated[
        bool, typer.Option("--skip", help="Skip what is more than a day late. The default without a terminal.")
    ] = False,
) -> None:
    """Put a copy of the database back; the present one is kept beside it.

    The copy does not know what was sent after it was made.
    """
    from reminder.store.restore import look_over, made_ready, put_in_place

    if resend and skip:
        raise WrongInput("--resend and --skip contradict each other: give one of them")
    wanted = asked(context)
    app = wanted.app
    present = app.database_path
    if present is None:
        raise StoreError("this restores SQLite; for PostgreSQL use pg_restore")
    if present.exists() and file.exists() and file.samefile(present):
        raise WrongInput(f"{file}: this is the database itself: name a copy of it")
    with app.holding():  # refuses while a daemon runs
        look_over(file, app.config.name)
        ready = made_ready(file, present)
        try:
            newest, skipped = _settled(wanted, ready, _choice(resend=resend, skip=skip))
            kept = put_in_place(ready, present, app.clock.now())
        finally:
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):
                    ready.with_name(ready.name + ending).unlink(missing_ok=True)
    _report(wanted, file, newest, skipped, kept)


def _choice(*, resend: bool, skip: bool) -> bool | None:
    """Return whether to skip; None to ask."""
    return True if skip else False if resend else None if sys.stdin.isatty() else True


def _settled(wanted: Asked, ready: Path, skip: bool | None) -> tuple[datetime | None, int]:
    """Have the copy know what it is not to send again; return its newest instant and how many messages those are."""
    from reminder.core.secret import Secret
    from reminder.restoring import LATE, skip_the_gap
    from reminder.store.identity import renew_sending
    from reminder.store.restore import newest_trace
    from reminder.store.store import open_store

    app, now = wanted.app, wanted.app.clock.now()
    with closing(open_store(Secret(str(ready)))) as store:
        with store.write() as tx:
            newest = newest_trace(tx)
            renew_sending(tx)
        if newest is None or newest >= now - LATE:
            return newest, 0
        if skip is None:
            skip = not _wants_again(newest, now)
        return newest, skip_the_gap(store, app.listed, now=now, grace=app.config.grace) if skip else 0


def _wants_again(newest: datetime, now: datetime) -> bool:
    from reminder.core.health import ago

    say(f"The copy ends {ago(newest, now)}. It does not know what was sent after that.")
    return typer.confirm(
        "Send what has fallen due since and is still useful, perhaps a second time?", default=False, err=True
    )


def _report(wanted: Asked, file: Path, newest: datetime | None, skipped: int, kept: Path | None) -> None:
    from reminder.cli.rows import utc_or_none
    from reminder.core.spoken import count

    if wanted.json:
        row = {"file": str(file.absolute()), "newest_at": utc_or_none(newest), "skipped": skipped}
        print_json({**row, "kept": str(kept) if kept else None})
        return
    print_lines(f"{file} is the database now; its newest row is from {utc_or_none(newest) or 'no time'}.")
    if skipped:
        messages = f"{count(skipped, 'message')} since then {'is' if skipped == 1 else 'are'} recorded as skipped"
        print_lines(f"{messages}: {'it' if skipped == 1 else 'they'} may have been sent before.")
    if kept:
        print_lines(f"The previous one is kept as {kept}.")
