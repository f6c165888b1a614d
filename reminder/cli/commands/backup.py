"""`backup` and `restore`: a copy of the database, and how it is put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reminder.cli.context import CommandContext, asked
from reminder.cli.output import print_json, print_lines, say
from reminder.errors import AlreadyRunning, StoreError, WrongInput

if TYPE_CHECKING:
    from datetime import datetime

    from reminder.daemon.app import App
    from reminder.store.sql.store import Store
    from reminder.usecases.restore_gap import Learnt


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the database, also while the daemon runs."""
    from reminder.store.sql.backup import backup as copy
    from reminder.store.sql.engine import database_url

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
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", readable=False, help="A copy that `backup` made.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Instead of FILE: the database was put back by other means (pg_restore, cp) and is as it was then.",
        ),
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send what fell due since the copy was made and is still useful.")
    ] = False,
    skip: Annotated[
        bool, typer.Option("--skip", help="Skip what is more than a day late and not known to be sent.")
    ] = False,
) -> None:
    """Put a copy of the database back; the present one is kept beside it.

    What was sent since the copy was made is learnt from the present database. Where that cannot be read, you are
    asked what to do; without a terminal, what is more than a day late is skipped.
    """
    if resend and skip:
        raise WrongInput("--resend and --skip contradict each other: give one of them")
    if (file is None) == (since is None):
        raise WrongInput(
            "name a copy that `reminder backup` made, or say with --since TIME when the database in place was copied"
        )
    wanted = asked(context)
    if file is not None:
        _put_back(wanted, file, _choice(resend=resend, skip=skip))
    elif since is not None:
        _was_put_back(wanted, wanted.instant(since, "--since"), resend=resend)


def _put_back(wanted: CommandContext, file: Path, skip: bool | None) -> None:
    from reminder.store.restore import look_over, made_ready, put_in_place

    app = wanted.app
    present = app.database_path
    if present is None:
        raise StoreError("this restores SQLite; for PostgreSQL use pg_restore, then `reminder restore --since TIME`")
    if present.exists() and file.exists() and file.samefile(present):
        raise WrongInput(f"{file}: this is the database itself: name a copy of it")
    with _stopped(app):
        look_over(file, app.config.name)
        ready = made_ready(file, present)
        try:
            settled = _settled(wanted, ready, present, skip)
            kept = put_in_place(ready, present, app.clock.now())
        finally:
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):
                    ready.with_name(ready.name + ending).unlink(missing_ok=True)
    _report(wanted, file, settled, kept)


@contextmanager
def _stopped(app: App) -> Iterator[None]:
    """Hold the database. Raises AlreadyRunning with what to do while a daemon runs."""
    with ExitStack() as held:
        try:
            held.enter_context(app.as_only_daemon())
        except AlreadyRunning as error:
            raise AlreadyRunning(f"{error}: stop it first") from None
        yield


def _choice(*, resend: bool, skip: bool) -> bool | None:
    """Return whether to skip; None where nobody has said."""
    return True if skip else False if resend else None


@dataclass(frozen=True, kw_only=True)
class _Settled:
    """A restored copy once it is settled: its newest instant, what it has learnt, how many messages it skips."""

    newest: datetime | None
    learnt: Learnt | None = None
    skipped: int = 0


def _settled(wanted: CommandContext, ready: Path, present: Path, skip: bool | None) -> _Settled:
    """Have the copy know what it is not to send again."""
    from reminder.core.model.secret import Secret
    from reminder.store.identity import renew_sending
    from reminder.store.restore import newest_trace
    from reminder.store.sql.store import open_store
    from reminder.usecases.restore_gap import LATE, skip_the_gap

    app, now = wanted.app, wanted.app.clock.now()
    with closing(open_store(Secret(str(ready)))) as store:
        with store.read() as tx:
            newest = newest_trace(tx)
        learnt = None if skip is False else _learnt(wanted, store, present, now)
        with store.write() as tx:
            renew_sending(tx)
            made_at = newest_trace(tx) if learnt is not None and learnt.is_all else newest
        if skip is None:
            is_known = newest is None or newest >= now - LATE or (learnt is not None and learnt.is_all)
            skip = not is_known and not _wants_again(newest, now)
        skipped = 0
        if skip:
            skipped = skip_the_gap(
                store, app.listed, made_at=made_at, before=now - LATE, now=now, grace=app.config.grace
            )
    return _Settled(newest=newest, learnt=learnt, skipped=skipped)


def _learnt(wanted: CommandContext, store: Store, present: Path, now: datetime) -> Learnt | None:
    """Return what the copy learns from the present database, None where that is not there or cannot be read."""
    from reminder.usecases.restore_gap import learn

    if not present.exists():
        return None
    try:
        return learn(store, present, wanted.app.config.name, now=now, grace=wanted.app.config.grace)
    except StoreError as error:
        say(f"What was sent since the copy was made cannot be learnt from the present database: {error}")
        return None


def _wants_again(newest: datetime | None, now: datetime) -> bool:
    from reminder.core.sending.health import ago

    if newest is None or not sys.stdin.isatty():
        return False
    say(f"The copy ends {ago(newest, now)}. It does not know what was sent after that.")
    return typer.confirm(
        "Send what has fallen due since and is still useful, perhaps a second time?", default=False, err=True
    )


def _was_put_back(wanted: CommandContext, since: datetime, *, resend: bool) -> None:
    """Treat the database in place as a copy that was made at an instant."""
    from reminder.store.daemons import daemons
    from reminder.store.identity import renew_sending
    from reminder.usecases.restore_gap import skip_the_gap

    app, now = wanted.app, wanted.app.clock.now()
    if since > now:
        raise WrongInput("--since: that is in the future: name when the copy was made")
    with app.as_only_daemon(), closing(app.open_store()) as store:
        with store.write() as tx:
            living = [] if app.database_path else daemons(tx)
            if living:
                raise StoreError(f"a daemon uses this database ({living[0]}): stop it first, and wait two minutes")
            renew_sending(tx)
        skipped = 0
        if not resend:
            skipped = skip_the_gap(store, app.listed, made_at=since, before=now, now=now, grace=app.config.grace)
    if wanted.json:
        from reminder.cli.rows import utc_or_none

        print_json({"since": utc_or_none(since), "skipped": skipped})
        return
    print_lines(_said_of_skipped(skipped) or "Nothing fell due since then.")


def _said_of_skipped(skipped: int) -> str | None:
    from reminder.core.text.english import count

    if not skipped:
        return None
    messages = f"{count(skipped, 'message')} since then {'is' if skipped == 1 else 'are'} recorded as skipped"
    return f"{messages}: {'it' if skipped == 1 else 'they'} may have been sent before."


def _report(wanted: CommandContext, file: Path, settled: _Settled, kept: Path | None) -> None:
    from reminder.cli.rows import utc_or_none
    from reminder.core.text.english import count

    learnt, newest = settled.learnt, utc_or_none(settled.newest)
    left_out = list(learnt.left_out) if learnt else []
    if wanted.json:
        known = {"learnt": learnt.messages if learnt else None, "left_out": left_out}
        row = {"file": str(file.absolute()), "newest_at": newest, "skipped": settled.skipped}
        print_json({**row, **known, "kept": str(kept) if kept else None})
        return
    print_lines(f"{file} is the database now; its newest row is from {newest or 'no time'}.")
    if learnt:
        print_lines(f"What happened since is learnt from the previous one: {count(learnt.messages, 'message')}.")
    if left_out:
        print_lines(f"Added since, so not in the copy, and no longer followed: {', '.join(left_out)}.")
    if said := _said_of_skipped(settled.skipped):
        print_lines(said)
    if kept:
        print_lines(f"The previous one is kept as {kept}.")
