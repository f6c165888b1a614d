"""A household of very many titles for the measurements of the page: 10,000 of one person, 18,600 releases, a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import ChannelUse, Kind, Subscriber, Title
from reminder.core.model.ledger import State
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.refresh.resolving import resolve_dates
from reminder.store.listings import ListedConfig, sync
from reminder.store.sql.store import Store
from reminder.store.sql.tables import delivery, message, release, subscription
from tests.support.stores import channels

OWNER: Final = "asha"
OTHER: Final = "ben"
TITLES: Final = 10_000
SERIES: Final = 1_230
WEEKS: Final = 8
OTHERS_SHARE: Final = 40
"""Every so many titles are followed by the other person too."""
DELIVERIES: Final = 20_000
GRACE: Final = timedelta(days=2)
NEW_YORK: Final = ZoneInfo("America/New_York")


def fill(store: Store, now: datetime) -> None:
    """Put 10,000 titles into a database that two follow, begun three weeks ago, and a ledger of 20,000 deliveries."""
    began = now - timedelta(days=21)
    with store.write() as tx:
        sync(tx, _listed(now.date()), now=began, grace=GRACE, resolve=resolve_dates)
        tx.execute(insert(message), list(_messages(tx, now)))
        tx.execute(insert(delivery), list(_deliveries(tx, now)))
        # The daemon has decided about what was due: each is looked at next when its next message is due.
        for row in tx.execute(select(release.c.title_id, release.c.from_on)).all():
            at = _next_look(row.from_on, now)
            tx.execute(update(subscription).where(subscription.c.title_id == row.title_id).values(next_due_at=at))


def _next_look(on: date | None, now: datetime) -> datetime | None:
    if on is None or on < now.date():
        return None
    leads = (datetime(on.year, on.month, on.day, 3, 30, tzinfo=UTC) - timedelta(days=days) for days in (7, 1, 0))
    return next((at for at in leads if at > now), None)


def _listed(today: date) -> ListedConfig:
    people = [
        Subscriber(name=name, zone=ZoneInfo("Asia/Kolkata"), channels=(ChannelUse(name="phone"), ChannelUse(name=mail)))
        for name, mail in ((OWNER, "mail"), (OTHER, "post"))
    ]
    return ListedConfig(
        name="bench",
        subscribers=tuple(people),
        channels=channels(phone="1", mail="2", post="3"),
        titles=tuple(_entry(number, today) for number in range(TITLES)),
    )


def _entry(number: int, today: date) -> ListedEntry:
    names = {OWNER: None, OTHER: None} if number % OTHERS_SHARE == 0 else {OWNER: None}
    return ListedEntry(title=_title(number, today), followers=names)


_WORDS: Final = ("Silent", "Été", "Night", "Über", "River", "Crown", "Last", "Łódź", "Harbor", "Signal")


def _title(number: int, today: date) -> Title:
    name = f"{_WORDS[number % 10]} {_WORDS[number // 10 % 10]} {number}"
    platform = ("Netflix", "Prime Video")[number % 2]
    base: dict[str, Any] = {"key": name.casefold(), "name": name, "platform": platform}
    on = today + timedelta(days=(number * 104_729) % 450)
    if number < SERIES:
        return Title(**base, premiere=When.day(on), season=1, episodes=WEEKS, drop=parse_drop("weekly"))
    return Title(**base, premiere=_when(number, on))


def _when(number: int, on: date) -> When:
    kind = number % 20
    if kind < 3:
        return When.exact(datetime(on.year, on.month, on.day, 20, number % 60, tzinfo=NEW_YORK))
    coarse = {
        3: When.month(on.year, on.month),
        4: When.month(on.year, on.month),
        5: When.quarter(on.year, (on.month + 2) // 3),
        6: When.season(on.year, ("spring", "summer", "autumn")[number % 3]),
        7: When.year(on.year),
        8: UNKNOWN,
    }
    return coarse.get(kind, When.day(on))


_STATES: Final = (State.SENT,) * 7 + (State.SUPERSEDED, State.FAILED, State.SKIPPED)


def _messages(tx: Any, now: datetime) -> Iterator[dict[str, Any]]:
    rows = tx.execute(select(release.c.title_id, release.c.season, release.c.first, release.c.when_text)).all()
    for number in range(DELIVERIES):
        row = rows[number % len(rows)]
        at = now - timedelta(minutes=number + 1)
        of_title = {"title_id": row.title_id, "season": row.season, "first": row.first}
        yield of_title | {
            "subscriber_id": 1 if row.title_id % OTHERS_SHARE != 1 or number % 2 else 2,
            "what": "30d" if number < len(rows) else "14d",
            "anchor": row.when_text,
            "kind": Kind.REMINDER,
            "lead": "30d",
            "label": "premiere",
            "planned": row.when_text,
            "change_no": 0,
            "at": at,
            "useful_until": now,
            "decided_at": at,
        }


def _deliveries(tx: Any, now: datetime) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(tx.execute(select(message.c.id, message.c.subscriber_id, message.c.at)).all()):
        state = _STATES[number % 10]
        reason = {State.SENT: None, State.FAILED: "404 no such chat"}.get(state, "the same was said there on that day")
        yield {
            "message_id": row.id,
            "subscriber_id": row.subscriber_id,
            "channel": "mail" if number % 3 == 0 else "phone",
            "state": state,
            "reason": reason,
            "attempts": 1,
            "tried_at": row.at,
            "closed_at": row.at,
        }
