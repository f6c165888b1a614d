"""What the config lists, brought into a database to look at what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.refresh.resolving import resolve_dates
from reminder.store.choices import PersonChoices
from reminder.store.listings import ListedConfig, sync


def begin_at(
    tx: Connection, listed: ListedConfig, choices: Sequence[PersonChoices], start: datetime, grace: timedelta
) -> None:
    """Have everything that is listed, and chosen beside it, begin at `start` where nothing has been sent."""
    sync(tx, listed, now=start, grace=grace, resolve=resolve_dates)
    for each in choices:
        each.make(tx, start, grace)


def questions_about(tx: Connection, listed: ListedConfig, now: datetime, grace: timedelta) -> tuple[str, ...]:
    """Bring what is listed into `tx`, and return what should be asked about names that may have changed."""
    return sync(tx, listed, now=now, grace=grace, resolve=resolve_dates, is_look=True).questions
