"""What is to come in a few figures, for widgets: how much today, this week and this month, and what is next."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.text.phrases import ReaderSettings, named, state
from reminder.store.coming import ComingFilter, ComingRelease, coming, days_between, instants_between
from reminder.store.watched_pages import watched_count
from reminder.usecases.agenda import order_of

_SUNDAY: Final = 6
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ComingSummary:
    """What is to come: the next release that has a day and is not out, and a sentence about it; None for none.

    `today`, `this_week` and `this_month` count the releases from today to the end of the day, of Sunday and of the
    month, those of today that are out already too; what has no day is not counted. `watched` counts titles.
    """

    next: ComingRelease | None
    sentence: str | None
    today: int
    this_week: int
    this_month: int
    watched: int


def summary_of(tx: Connection, wanted: ComingFilter, reader: ReaderSettings, now: datetime) -> ComingSummary:
    """Return what is to come at `now`, on the days of the reader's zone and in the reader's words."""
    today = reader.today(now)
    sunday = today + timedelta(days=_SUNDAY - today.weekday())
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    last = max(sunday, month_end)
    days = Counter(days_between(tx, today, last, wanted))
    days.update(reader.today(at) for at in instants_between(tx, today - _A_DAY, last + _A_DAY, wanted))
    following = _next(tx, wanted, reader, today, now)
    return ComingSummary(
        next=following,
        sentence=_sentence(following, reader, now) if following else None,
        today=days[today],
        this_week=sum(number for on, number in days.items() if today <= on <= sunday),
        this_month=sum(number for on, number in days.items() if today <= on <= month_end),
        watched=watched_count(tx, wanted.subscriber_id),
    )


def _next(
    tx: Connection, wanted: ComingFilter, reader: ReaderSettings, today: date, now: datetime
) -> ComingRelease | None:
    dated = [
        each for each in coming(tx, today, 1, wanted, behind=today + _A_DAY) if _is_ahead(each, reader, today, now)
    ]
    return min(dated, key=lambda each: order_of(each.dated.release.when, reader.zone, each.title), default=None)


def _is_ahead(item: ComingRelease, reader: ReaderSettings, today: date, now: datetime) -> bool:
    """Tell whether a release has a day and is not over: an instant that is past is out already."""
    when = item.dated.release.when
    on = when.day_in(reader.zone)
    return on is not None and on >= today and (when.at is None or when.at > now)


def _sentence(item: ComingRelease, reader: ReaderSettings, now: datetime) -> str:
    release = item.dated.release
    return state(named(item.title, release, reader.language), release.when, None, reader, now)
