"""Titles, dates and subscriptions: what the config and the commands list, brought into the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from reminder.core.lead import DEFAULT_LADDER, Ladder
from reminder.core.listing import Listing, Standing, begin_or_go_on, new_dates
from reminder.core.model import Channel, Subscriber, Title, title_key
from reminder.core.season import unfold
from reminder.errors import StoreError
from reminder.store.codec import dump_listing, dump_since, load_since
from reminder.store.people import Person, sync_channels, sync_people
from reminder.store.tables import OPEN_DELIVERY, delivery, message, meta, subscription, title
from reminder.store.titles import (
    chunks,
    end_title,
    known_releases,
    known_titles,
    listings,
    put_dates,
    put_title,
)

CONFIG: Final = "config"
COMMAND: Final = "command"


@dataclass
class SyncReport:
    """What a sync changed, by name: for the log and for `reload`'s answer."""

    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    channels: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = {"began": self.began, "ended": self.ended, "moved": self.moved, "channels changed": self.channels}
        return ", ".join(f"{len(names)} {what}" for what, names in counts.items() if names) or "nothing"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Everything that a config lists for the database."""

    name: str
    subscribers: tuple[Subscriber, ...]
    channels: Mapping[str, Channel]
    titles: tuple[Listing, ...]


def sync(tx: Connection, listed: Listed, *, now: datetime, grace: timedelta) -> SyncReport:
    """Make the database hold what the config lists. Raises StoreError when it belongs to another config.

    What is no longer listed is unsubscribed and kept; titles added by command stay.
    """
    _claim_name(tx, listed.name)
    report = SyncReport(channels=sync_channels(tx, listed.channels, now))
    people = sync_people(tx, listed.subscribers, now)
    _adopt(tx, listed.titles)
    keys = {item.title.key for item in listed.titles}
    writer = Writer(tx=tx, people=people, now=now, grace=grace, report=report)
    writer.put(listed.titles, CONFIG)
    writer.put([item for item in listings(tx, COMMAND) if item.title.key not in keys], COMMAND)
    writer.end_unlisted(keys)
    return report


def _claim_name(tx: Connection, name: str) -> None:
    known = tx.execute(select(meta.c.value).where(meta.c.key == "config")).scalar()
    if known is None:
        tx.execute(insert(meta).values(key="config", value=name))
    elif known != name:
        raise StoreError(
            f"this database belongs to the config {known!r}, not {name!r}: "
            f"write `name: {known}` in this config to adopt it, or set another `database:`"
        )


def _adopt(tx: Connection, titles: Sequence[Listing]) -> None:
    """Give a title that was known by its text the `id` that it has got since."""
    rows = {row.key: row.id for row in tx.execute(select(title.c.id, title.c.key))}
    listed = {item.title.key for item in titles}
    for item in titles:
        by_text = title_key(item.title.name, item.title.season)
        if item.title.key not in rows and by_text in rows and by_text not in listed:
            tx.execute(update(title).where(title.c.id == rows[by_text]).values(key=item.title.key))
            rows[item.title.key] = rows.pop(by_text)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Puts listed titles into the database within one transaction, at one instant."""

    tx: Connection
    people: Mapping[str, Person]
    now: datetime
    grace: timedelta
    report: SyncReport = field(default_factory=SyncReport)

    def put(self, titles: Sequence[Listing], origin: str) -> None:
        """Write titles, their releases and their subscriptions; record each date that changed."""
        known = known_titles(self.tx, [item.title.key for item in titles])
        ids = [row.id for row in known.values()]
        releases, standings = known_releases(self.tx, ids), _standings(self.tx, ids)
        begun: list[dict[str, Any]] = []
        for item in titles:
            row = known.get(item.title.key)
            title_id, last_no = put_title(self.tx, row, item, origin)
            dates = new_dates(
                releases.get(title_id, {}),
                unfold(item.title),
                last_no=last_no,
                source=origin,
                now=self.now,
                grace=self.grace,
            )
            put_dates(self.tx, title_id, dates, self.now)
            if dates.changes:
                last_no = dates.changes[-1].no
                self.report.moved.append(item.title.name)
            changed = bool(dates) or row is None or row.spec != dump_listing(item)
            begun += self._follow(title_id, item, standings.get(title_id, {}), last_no, changed)
        if begun:
            self.tx.execute(insert(subscription), begun)

    def _follow(
        self, title_id: int, item: Listing, known: Mapping[int, _Known], last_no: int, changed: bool
    ) -> list[dict[str, Any]]:
        """Update the subscriptions of one title, and return the rows of those that begin."""
        followers = item.followers if item.followers is not None else dict.fromkeys(self.people)
        begun = []
        following = set()
        for name, own in followers.items():
            if name not in self.people:
                continue
            person = self.people[name]
            following.add(person.id)
            ladder = effective_ladder(own, item.title, person.subscriber)
            before = known.get(person.id)
            standing = begin_or_go_on(
                before.standing if before else None, ladder, last_no=last_no, now=self.now, grace=self.grace
            )
            if before is None:
                begun.append({"subscriber_id": person.id, "title_id": title_id, **_columns(standing, self.now)})
                self.report.began.append(f"{name}: {item.title.name}")
            elif standing != before.standing or changed:
                self._write(before.id, _columns(standing, self.now))
                if before.standing.ended_at is not None:
                    self._let_go(title_id, person.id)
        self._end_others(item, known, following)
        return begun

    def _end_others(self, item: Listing, known: Mapping[int, _Known], following: set[int]) -> None:
        for subscriber_id, before in known.items():
            if subscriber_id not in following and before.standing.ended_at is None:
                self._write(before.id, {"ended_at": self.now, "next_due_at": None})
                self.report.ended.append(item.title.name)

    def _let_go(self, title_id: int, subscriber_id: int) -> None:
        """Let what was held back while the title was gone be tried at once."""
        about = select(message.c.id).where(message.c.title_id == title_id, message.c.subscriber_id == subscriber_id)
        held = update(delivery).where(OPEN_DELIVERY, delivery.c.message_id.in_(about), delivery.c.due_at > self.now)
        self.tx.execute(held.values(due_at=self.now))

    def _write(self, subscription_id: int, values: Mapping[str, Any]) -> None:
        self.tx.execute(update(subscription).where(subscription.c.id == subscription_id).values(values))

    def end_unlisted(self, listed: set[str]) -> None:
        """Unsubscribe everyone from the config's titles that it no longer lists."""
        live = (title.c.origin == CONFIG) & title.c.ended_at.is_(None)
        for row in self.tx.execute(select(title.c.id, title.c.key, title.c.name).where(live)).all():
            if row.key not in listed:
                end_title(self.tx, row.id, self.now)
                self.report.ended.append(row.name)


@dataclass(frozen=True, kw_only=True)
class _Known:
    id: int
    standing: Standing


def _standings(tx: Connection, ids: Sequence[int]) -> dict[int, dict[int, _Known]]:
    known: dict[int, dict[int, _Known]] = {}
    for part in chunks(ids):
        for row in tx.execute(select(subscription).where(subscription.c.title_id.in_(part))):
            standing = Standing(
                ladder=Ladder.load(row.ladder),
                since=load_since(row.since),
                began_at=row.began_at,
                noticed_no=row.noticed_no,
                ended_at=row.ended_at,
            )
            known.setdefault(row.title_id, {})[row.subscriber_id] = _Known(id=row.id, standing=standing)
    return known


def effective_ladder(own: Ladder | None, item: Title, person: Subscriber) -> Ladder:
    """Return the ladder that counts: this person on this title, else the title's, else the person's (SPEC 2)."""
    wider = item.remind.over(person.remind) if item.remind else person.remind
    return (own.over(wider) if own else wider).over(DEFAULT_LADDER)


def _columns(standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "ladder": standing.ladder.dump(),
        "since": dump_since(standing.since),
        "began_at": standing.began_at,
        "ended_at": standing.ended_at,
        "noticed_no": standing.noticed_no,
        "next_due_at": now,
    }
