"""The stretch of time that `plan` and `simulate` are asked about, and all that is listed in it."""

from __future__ import annotations

from datetime import datetime

from reminder.cli.context import CommandContext
from reminder.core.errors import WrongInput
from reminder.usecases.agenda import END_OF_TIME, ListedConfig, PersonChoices, everything_chosen, everything_listed


def stretch(wanted: CommandContext, from_: str | None, to: str | None) -> tuple[datetime, datetime]:
    """Return the instants of `--from` (else now, included) and `--to` (else never, not included). Raises WrongInput."""
    start = wanted.instant(from_, "--from") if from_ else wanted.clock.now()
    end = wanted.instant(to, "--to", includes_day=True) if to else END_OF_TIME
    if end < start or (to and end == start != wanted.instant(to, "--to")):  # of a bare date the first moment counts
        raise WrongInput(f"--to: {to} lies before {from_ or 'now'}")
    return start, end


def all_listed(wanted: CommandContext) -> ListedConfig:
    """Return what the config lists, and what commands and calendars have put into the database."""
    with wanted.app.looking_store() as store, store.read() as tx:
        return everything_listed(tx, wanted.app.listed)


def all_chosen(wanted: CommandContext) -> tuple[PersonChoices, ...]:
    """Return what people have chosen for themselves beside it."""
    with wanted.app.looking_store() as store, store.read() as tx:
        return everything_chosen(tx)
