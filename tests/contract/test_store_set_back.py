"""A clock that ran ahead for a while, was believed, and has been set right."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from reminder.core.model.entities import Channel
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import State
from reminder.core.schedule.listing import ListedEntry
from reminder.delivery.sender import InlineSender
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.store.clock_reset import set_back
from reminder.store.load_plans import all_cases, newest_row
from reminder.store.sql.tables import Instant, delivery, look_change, message, metadata, subscription
from reminder.texts.templates.engine import Templates
from tests.support.rules import GRACE, a_title, at, person
from tests.support.stores import NOW, Rig, channels, listed, put, uses

AHEAD = NOW + timedelta(days=300)
WHO = person(channels=uses("mail"), remind=Ladder.parse(["1d", "day"]))
FAR = a_title("Dune", "2026-12-18")


def lived(rig: Rig, now: datetime, known: dict[str, Channel]) -> list[str]:
    """Sweep at `now` until nothing is left to do; return the subjects of what arrived."""
    transport = FakeTransport()
    sweeper = Sweeper(
        store=rig.store,
        sender=InlineSender(transport),
        channels=known,
        templates=Templates({}),
        grace=GRACE,
        operator="asha",
    )
    for _ in range(6):
        sweeper.sweep(now)
    return [given.words.subject for given in transport.sent]


OURS: Final = tuple(table for table in metadata.sorted_tables if table is not look_change)
"""The tables whose instants are the daemon's; PostgreSQL's triggers date `look_change` by the server's clock."""


def ahead(rig: Rig) -> list[str]:
    """Return the columns in which something is recorded later than `NOW`, but for what is planned."""
    found = []
    for table in OURS:
        for column in table.columns:
            if isinstance(column.type, Instant):
                (newest,) = rig.rows(select(func.max(column)))
                if newest[0] is not None and newest[0] > NOW:
                    found.append(f"{table.name}.{column.name}")
    return found


def test_what_was_sent_in_a_time_that_never_came_stays_sent_and_all_else_is_as_it_was(rig: Rig) -> None:
    known = channels(mail="1", phone="1")
    put(rig.store, listed(a_title(), FAR, people=[WHO]))
    put(rig.store, listed(a_title(), FAR, a_title("Silo", "2026-05-01"), people=[replace(WHO, at=time(10))]), now=AHEAD)
    assert lived(rig, AHEAD + timedelta(days=3), known) == ["Silo is out today"]
    assert {"delivery.tried_at", "message.decided_at", "subscription.began_at", "release.seen_at"} <= set(ahead(rig))

    with rig.store.write() as tx:
        set_back(tx, NOW)
    with rig.store.read() as tx:
        assert (newest_row(tx) or NOW) <= NOW
        cases = {case.subscription.title.name: case for case in all_cases(tx)}
    assert {case.subscription.began_at for case in cases.values()} == {NOW}
    assert [hours.until_at for hours in cases["Dune"].subscription.subscriber.former] == [NOW]
    assert set(ahead(rig)) <= {"message.at", "message.useful_until", "subscription.next_due_at"}
    assert [row.state for row in rig.rows(select(delivery.c.state))] == [State.SENT]


def test_what_was_let_go_for_a_time_that_never_came_is_sent_in_its_own(rig: Rig) -> None:
    known = channels(mail="1", phone="1")
    put(rig.store, listed(a_title(), people=[WHO]))
    assert lived(rig, AHEAD, known) == []  # more than thirty days after: not even missed
    assert {row.state for row in rig.rows(select(delivery.c.state))} == {State.EXPIRED}

    with rig.store.write() as tx:
        assert set_back(tx, NOW) == 2
    assert rig.rows(select(message.c.id)) == []
    assert lived(rig, NOW, known) == []
    assert lived(rig, at("2025-07-08 09:00"), known) == ["Ballard premieres tomorrow"]
    assert lived(rig, at("2025-07-09 09:00"), known) == ["Ballard is out today"]


def test_leads_and_channels_that_came_in_that_time_count_from_now(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[WHO]))
    more = replace(WHO, channels=uses("mail", "phone"))
    own: dict[str, Any] = {"asha": Ladder.parse(["3d", "1d", "day"])}
    put(rig.store, listed(ListedEntry(title=a_title(), followers=own), people=[more]), now=AHEAD)
    with rig.store.write() as tx:
        set_back(tx, NOW)
    with rig.store.read() as tx:
        (case,) = all_cases(tx)
    sub = case.subscription
    assert set(sub.since.values()) == {NOW}
    assert [use.since_at for use in sub.subscriber.channels] == [None, NOW]
    assert {row.next_due_at for row in rig.rows(select(subscription.c.next_due_at))} == {NOW}


def test_a_right_clock_changes_nothing(rig: Rig) -> None:
    known = channels(mail="1", phone="1")
    put(rig.store, listed(a_title(), people=[WHO]))
    lived(rig, NOW + timedelta(days=6), known)
    before = [rig.rows(select(table)) for table in OURS if table is not subscription]
    with rig.store.write() as tx:
        assert set_back(tx, NOW + timedelta(days=7)) == 0
    assert [rig.rows(select(table)) for table in OURS if table is not subscription] == before
