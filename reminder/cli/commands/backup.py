"""`backup` and `restore`: a copy of the database, and how it is put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reminder.cli.context import CommandContext, asked
from reminder.cli.output import print_json, print_lines
from reminder.cli.talk import say
from reminder.core.errors import AlreadyRunning, StoreError, WrongInput
from reminder.core.sending.health import ago
from reminder.core.text.english import count
from reminder.daemon.app import App
from reminder.usecases.copies import Restore, RestoredCopy, make_copy, settle_in_place
from reminder.usecases.rows.fields import utc_or_none


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the database, also while the daemon runs."""
    wanted = asked(context)
    size = make_copy(wanted.app.database, file, replace=force)
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
    app = wanted.app
    present, now = app.database_path, app.clock.now()
    if present is None:
        raise StoreError("this restores SQLite; for PostgreSQL use pg_restore, then `reminder restore --since TIME`")
    restore = Restore(
        file=file,
        present=present,
        listed=app.listed,
        grace=app.config.grace,
        skip=skip,
        wants_again=lambda newest: _wants_again(newest, now),
        tell=say,
    )
    with _stopped(app):
        restored = restore.run(now)
    _report(wanted, file, restored)


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
    return skip if skip or resend else None


def _wants_again(newest: datetime, now: datetime) -> bool:
    if not sys.stdin.isatty():
        return False
    say(f"The copy ends {ago(newest, now)}. It does not know what was sent after that.")
    return typer.confirm(
        "Send what has fallen due since and is still useful, perhaps a second time?", default=False, err=True
    )


def _was_put_back(wanted: CommandContext, since: datetime, *, resend: bool) -> None:
    """Treat the database in place as a copy that was made at an instant."""
    app, now = wanted.app, wanted.app.clock.now()
    if since > now:
        raise WrongInput("--since: that is in the future: name when the copy was made")
    with app.as_only_daemon(), closing(app.open_store()) as store:
        skipped = settle_in_place(store, app.listed, since, resend=resend, now=now, grace=app.config.grace)
    if wanted.json:
        print_json({"since": utc_or_none(since), "skipped": skipped})
        return
    print_lines(_said_of_skipped(skipped) or "Nothing fell due since then.")


def _said_of_skipped(skipped: int) -> str | None:
    if not skipped:
        return None
    messages = f"{count(skipped, 'message')} since then {'is' if skipped == 1 else 'are'} recorded as skipped"
    return f"{messages}: {'it' if skipped == 1 else 'they'} may have been sent before."


def _report(wanted: CommandContext, file: Path, restored: RestoredCopy) -> None:
    learnt, newest, kept = restored.learnt, utc_or_none(restored.newest), restored.kept
    left_out, forgotten = (list(learnt.left_out), list(learnt.forgotten)) if learnt else ([], [])
    if wanted.json:
        known = {"learnt": learnt.messages if learnt else None, "left_out": left_out, "forgotten": forgotten}
        row = {"file": str(file.absolute()), "newest_at": newest, "skipped": restored.skipped}
        print_json({**row, **known, "kept": str(kept) if kept else None})
        return
    print_lines(f"{file} is the database now; its newest row is from {newest or 'no time'}.")
    if learnt:
        print_lines(f"What happened since is learnt from the previous one: {count(learnt.messages, 'message')}.")
    if left_out:
        print_lines(f"Added since, so not in the copy, and no longer followed: {', '.join(left_out)}.")
    if forgotten:
        print_lines(
            f"Forgotten since, but in the copy: {', '.join(forgotten)}. They are told nothing: "
            "`reminder forget NAME` forgets them here too, or an owner takes them up again on the page People."
        )
    if said := _said_of_skipped(restored.skipped):
        print_lines(said)
    if kept:
        print_lines(f"The previous one is kept as {kept}.")
