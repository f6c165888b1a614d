"""What a sweep looks up, it finds through an index: its cost follows what is due, not what is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update

from reminder.core.model.ledger import State
from reminder.store import channels as channel_store
from reminder.store.health import backlog
from reminder.store.load_plans import newest_row, next_moment
from reminder.store.outbox_read import dressed, due_ids, due_pairs
from reminder.store.outbox_write import (
    DeliveryOutcome,
    claim,
    close,
    hand_back,
    look_again,
    postpone,
    record,
    renew,
    supersede_stale,
    take_over,
)
from reminder.store.people import reopen_channel
from reminder.store.sql.any_of import one_of, one_of_those
from reminder.store.sql.tables import delivery, subscription
from reminder.store.title_commands import dates_of
from reminder.store.title_reads import case_of as case_of_title
from reminder.store.title_reads import followers_of, following_of, messages_to, title_of
from tests.support.rules import a_title, person
from tests.support.stores import (
    NOW,
    SQLITE,
    Rig,
    Statements,
    case_of,
    decision,
    due,
    due_cases,
    listed,
    put,
    settle,
    uses,
    watching,
)

LARGE = {"subscription", "message", "delivery", "release", "date_change", "title", "subscriber"}
HOUR = timedelta(hours=1)

_COUNTED = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) INSERT INTO "
_PEOPLE = "subscriber (id, name, profile) SELECT i, 'p' || i, (SELECT profile FROM subscriber WHERE id = 1) FROM n"
_TITLES = (
    "title (id, {key}, name, origin, spec)"
    " SELECT i, 't' || i, 'T' || i, 'command', (SELECT spec FROM title WHERE id = 1) FROM n"
)
_RELEASES = (
    "release (id, title_id, season, first, spec, when_text, seen_at)"
    " SELECT n.i, n.i, season, first, spec, when_text, seen_at FROM n, release WHERE id = 1"
)
_CHANGES = (
    "date_change (title_id, no, season, first, {before}, {after}, source, seen_at)"
    " SELECT n.i, 1, season, first, when_text, when_text, 'config', seen_at FROM n, release WHERE id = 1"
)
_SUBSCRIPTIONS = (
    "subscription (id, subscriber_id, title_id, ladder, since, began_at, next_due_at)"
    " SELECT n.i, 1, n.i, ladder, since, began_at, '2030-01-01 00:00:00.000000' FROM n, subscription WHERE id = 1"
)
_MESSAGES = (
    "message (id, subscriber_id, title_id, season, first, what, anchor, kind, label, planned, change_no, at,"
    " useful_until, decided_at)"
    " SELECT n.i, 1, n.i, season, first, what, anchor, kind, label, planned, change_no, at, useful_until, decided_at"
    " FROM n, message WHERE id = 1"
)
_DELIVERIES = (
    "delivery (id, message_id, subscriber_id, channel, state, due_at, tried_at)"
    " SELECT n.i, n.i, 1, 'c' || (n.i % 50), CASE WHEN n.i % 10 = 0 THEN 'retrying' ELSE 'sent' END,"
    " '2030-01-01 00:00:00.000000', tried_at FROM n, delivery WHERE id = 1"
)


def fill(rig: Rig, first: int, last: int) -> None:
    """Keep so many subscriptions more, each with a message sent or to be tried much later."""
    quoted = {name: f'"{name}"' for name in ("key", "before", "after")}
    with rig.store.write() as tx:
        if rig.kind != SQLITE:
            tx.execute(text("SET LOCAL session_replication_role = replica"))  # the references are right: not looked at
        for rows in (_PEOPLE, _TITLES, _RELEASES, _CHANGES, _SUBSCRIPTIONS, _MESSAGES, _DELIVERIES):
            counted = _COUNTED.format(first=first, last=last) + rows.format(**quoted)
            if rig.kind != SQLITE:
                counted = counted.replace("'2030-01-01 00:00:00.000000'", "timestamptz '2030-01-01 00:00:00+00'")
            tx.execute(text(counted))
        tx.execute(text("ANALYZE"))


def begin(rig: Rig) -> None:
    """Have one subscription with its pointer due, and one delivery due on each of two channels."""
    put(rig.store, listed(a_title(), people=[person(channels=uses("mail", "phone"))]))
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, channels=["mail", "phone"]), next_due_at=NOW)


Look = Callable[[Connection], object]


def _claim_and_record(tx: Connection) -> None:
    found = due_ids(tx, due_pairs(tx, NOW, full={"c1"}, limit=64), NOW)
    numbers = [id_ for ids in found.values() for id_ in ids]
    items = dressed(tx, numbers)
    claim(tx, numbers, "me", NOW)
    look_again(tx, items[0].subscriber_id, items[0].message_id, NOW)
    outcomes = [
        DeliveryOutcome(id=id_, attempt=1, state=State.RETRYING, reason="503", due_at=NOW + HOUR) for id_ in numbers
    ]
    assert record(tx, outcomes, "me", NOW) == len(outcomes) == 2
    supersede_stale(tx, numbers, NOW)
    postpone(tx, numbers, NOW, "quiet hours")
    close(tx, numbers[:1], State.EXPIRED, "over", NOW)


def _decide(tx: Connection) -> object:
    (case,) = due_cases(tx, NOW, 200)
    settle(tx, case, decision(case, "second", ["mail"]), next_due_at=NOW + HOUR)
    return case


def _channels(tx: Connection) -> object:
    channel_store.park(tx, "mail", "401", NOW + HOUR, NOW)
    return reopen_channel(tx, "mail", NOW)


def _one_title(tx: Connection) -> object:
    following = following_of(tx, 15, "asha")
    assert following is not None
    found = (title_of(tx, 15), dates_of(tx, 15), case_of_title(tx, following), followers_of(tx, 15, 50))
    return *found, messages_to(tx, 15, following.subscriber_id)


LOOKS: dict[str, Look] = {
    "next moment": next_moment,
    "newest row": newest_row,
    "decide": _decide,
    "claim and record": _claim_and_record,
    "take over": lambda tx: take_over(tx, NOW, all_of_them=False),
    "take over all": lambda tx: take_over(tx, NOW, all_of_them=True),
    "renew": lambda tx: renew(tx, "me"),
    "hand back": lambda tx: hand_back(tx, "me", NOW),
    "park and reopen": _channels,
    "backlog": lambda tx: backlog(tx, NOW + HOUR),
    "one title of one person": _one_title,
}


def scans_of_sqlite(tx: Connection, seen: Statements) -> Iterator[str]:
    for statement, parameters in seen.sent:
        for step in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
            is_scan = step.detail.startswith("SCAN") and step.detail.split()[1] in {*LARGE, "newer", "newer_message"}
            # A partial index scanned whole holds only what is open; and the first of an index is one step.
            if is_scan and "USING" not in step.detail:
                yield f"{step.detail} in {statement}"


def scans_of_postgresql(tx: Connection, seen: Statements) -> Iterator[str]:
    for statement, parameters in seen.sent:
        (answer,) = tx.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).one()
        plans = [answer[0]["Plan"]]
        while plans:
            plan = plans.pop()
            plans += plan.get("Plans", [])
            if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in LARGE:
                yield f"{json.dumps(plan)} in {statement}"


def test_no_look_of_a_sweep_reads_a_whole_table(rig: Rig) -> None:
    begin(rig)
    fill(rig, 10, 20_000)
    found: dict[str, list[str]] = {}
    for name, look in LOOKS.items():
        with watching(rig.store) as seen, rig.store.dry() as tx:
            look(tx)
        explained = Statements(sent=[item for item in seen.sent if not item[0].startswith(("INSERT", "ROLLBACK"))])
        assert len(explained) > 0, name
        with rig.store.dry() as tx:
            scans = scans_of_sqlite if rig.kind == SQLITE else scans_of_postgresql
            found[name] = list(scans(tx, explained))
    assert {name: scans for name, scans in found.items() if scans} == {}


@contextmanager
def counting_steps(rig: Rig) -> Iterator[list[int]]:
    """Count the steps of SQLite's machine in thousandths, in everything this store does meanwhile."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    with rig.store.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(count, 10)
    yield steps
    driver.set_progress_handler(None, 0)


def work(rig: Rig, look: Look) -> int:
    """Return how much the database does for one look: steps of its machine, or pages it reads."""
    if rig.kind == SQLITE:
        with counting_steps(rig) as steps, rig.store.dry() as tx:
            look(tx)
        return steps[0]
    with watching(rig.store) as seen, rig.store.dry() as tx:
        look(tx)
    pages = 0
    with rig.store.dry() as tx:
        for statement, parameters in seen.sent:
            if statement.startswith("SELECT"):
                explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}"
                plan = tx.exec_driver_sql(explain, parameters).one()[0][0]["Plan"]
                pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return pages


def test_a_tick_costs_the_same_with_a_hundred_thousand_subscriptions_as_with_a_thousand(rig: Rig) -> None:
    begin(rig)
    rig.write(update(subscription).values(next_due_at=None))
    rig.write(update(delivery).values(due_at=datetime(2030, 1, 1, tzinfo=UTC)))

    def tick(tx: Connection) -> None:
        take_over(tx, NOW, all_of_them=False)
        assert due_cases(tx, NOW, 200) == []
        assert due_pairs(tx, NOW, full=(), limit=64) == []
        assert next_moment(tx) == datetime(2030, 1, 1, tzinfo=UTC)
        newest_row(tx)

    fill(rig, 10, 1_000)
    few = work(rig, tick)
    fill(rig, 1_001, 100_000)
    many = work(rig, tick)
    assert few > 0
    assert many <= 1.5 * few + 5


@pytest.mark.parametrize("form", [list, tuple, set, frozenset])
def test_many_may_be_given_in_any_form(rig: Rig, form: Callable[[Sequence[int]], Collection[int]]) -> None:
    due(rig.store, first=["mail"])
    numbers = form([1, 2, 3])
    with rig.store.read() as tx:
        at_once = select(delivery.c.id).where(one_of(delivery.c.id, numbers))
        by_name = select(delivery.c.id).where(one_of_those(delivery.c.id, "these"))
        assert tx.execute(at_once).scalars().all() == tx.execute(by_name, {"these": numbers}).scalars().all() == [1]
