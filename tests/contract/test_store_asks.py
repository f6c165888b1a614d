"""What is asked for, on every database: it is found first, held by nothing, and its digits are taken out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from reminder.core.errors import WrongInput
from reminder.core.model.entities import Channel, ChannelUse, Kind
from reminder.core.model.ledger import State
from reminder.core.text.message import AskedFrom
from reminder.store import channels as channel_store
from reminder.store.asks import ASKED_USE
from reminder.store.channel_uses import people_listed, use_states
from reminder.store.outbox_read import asked_ids, dressed
from reminder.store.outbox_write import claim, close, expire_on, take_over, wipe_codes
from reminder.store.refusals import park_address, queue_refused, refusals
from reminder.store.sql.tables import delivery, message
from reminder.usecases import asks
from tests.support.rules import a_title, person
from tests.support.stores import NOW, Rig, due, listed, put, uses

CODE = "12345678"
HOUR = timedelta(hours=1)


@pytest.fixture
def home(rig: Rig) -> Rig:
    """Return a database in which Asha reads mail and has a phone, and something waits for her mail."""
    put(rig.store, listed(a_title(), people=[person(channels=uses("mail", "phone"))]))
    return rig


def code(rig: Rig, *channels: str) -> int:
    with rig.store.write() as tx:
        asks.ask_code(tx, person="asha", channels=channels, code=CODE, asked_from=AskedFrom("here"), now=NOW)
        number: int = tx.execute(select(message.c.id).order_by(message.c.id.desc()).limit(1)).scalar_one()
    return number


def details(rig: Rig) -> list[object]:
    return [
        row.detail
        for row in rig.rows(select(message.c.detail).where(message.c.kind == Kind.CODE).order_by(message.c.id))
    ]


def test_what_is_asked_for_is_found_whatever_else_is_due_and_what_is_tried_again_is_not_taken_for_it(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail"], second=["mail"])
    rig.write(update(delivery).where(delivery.c.id == numbers["first/mail"]).values(asked=1, state=State.RETRYING))
    with rig.store.write() as tx:
        asks.ask_test(tx, person="asha", channel="mail", now=NOW)
    code(rig, "mail")
    with rig.store.write() as tx:
        found = dressed(tx, asked_ids(tx, NOW))
        assert [(item.kind, item.is_asked) for item in found] == [(Kind.TEST, True), (Kind.CODE, True)]
        assert asked_ids(tx, NOW - HOUR) == []
        claim(tx, [item.id for item in found], "me", NOW)
        assert asked_ids(tx, NOW) == []
        take_over(tx, NOW, all_of_them=True)
        assert len(asked_ids(tx, NOW)) == 2  # a crash sends them again


def test_one_that_another_daemon_has_is_left_to_it(home: Rig) -> None:
    code(home, "mail")
    with home.store.write() as tx:
        assert len(asked_ids(tx, NOW)) == 1
        if home.kind != "sqlite":
            with home.another().write() as other:
                assert asked_ids(other, NOW) == []


def test_neither_a_parked_channel_nor_a_refused_address_holds_it_before_it_was_tried(home: Rig) -> None:
    code(home, "mail")
    with home.store.write() as tx:
        (id_,) = people_listed(tx)
        channel_store.park(tx, "mail", "401", NOW + HOUR, NOW)
        channel_store.queue_behind(tx, "mail", NOW)
        park_address(tx, (id_, "mail"), "403", NOW + HOUR, NOW)
        (number,) = asked_ids(tx, NOW)
        claim(tx, [number], "me", NOW)
        take_over(tx, NOW, all_of_them=True)  # it was tried
        queue_refused(tx, refusals(tx, [(id_, "mail")]), NOW)
        assert asked_ids(tx, NOW) == []
        assert asked_ids(tx, NOW + HOUR) == [number]


def test_digits_are_taken_out_with_the_last_delivery_and_not_before(home: Rig) -> None:
    number = code(home, "mail", "phone")
    first, second = (row.id for row in home.rows(select(delivery.c.id).where(delivery.c.message_id == number)))
    for closed, kept in ((first, True), (second, False)):
        with home.store.write() as tx:
            close(tx, [closed], State.SENT, "", NOW)
            wipe_codes(tx, [number])
        assert (CODE in repr(details(home))) is kept


def test_digits_are_taken_out_where_a_channel_kept_it_to_its_end(home: Rig) -> None:
    code(home, "mail")
    other = code(home, "phone")
    with home.store.write() as tx:
        assert expire_on(tx, "mail", NOW + ASKED_USE + timedelta(seconds=1)) == 1
    assert [CODE in repr(detail) for detail in details(home)] == [False, True]
    with home.store.write() as tx:
        wipe_codes(tx, [])
        assert CODE in repr(tx.execute(select(message.c.detail).where(message.c.id == other)).scalar())


def test_who_is_gone_is_asked_nothing(home: Rig) -> None:
    put(home.store, listed(a_title(), people=[person(name="ben", channels=uses("mail"))]))
    with pytest.raises(WrongInput, match="nobody called"), home.store.write() as tx:
        asks.ask_test(tx, person="asha", channel="mail", now=NOW)


def test_how_a_shared_channel_fares_is_told_of_ones_own_address_alone(rig: Rig) -> None:
    bot = Channel(name="bot", url=None, fingerprint="b", is_shared=True)
    mine, theirs = (person(name=name, channels=(ChannelUse(name="bot", address=name),)) for name in ("asha", "ben"))
    put(rig.store, replace(listed(a_title(), people=[mine, theirs]), channels={"bot": bot}))
    with rig.store.write() as tx:
        test = asks.ask_test(tx, person="asha", channel="bot", now=NOW)
        ids = {who.name: id_ for id_, who in people_listed(tx).items()}
        tx.execute(update(delivery).values(state=State.SENT, closed_at=NOW, due_at=None))
        park_address(tx, (ids["ben"], "bot"), "403 blocked", NOW + HOUR, NOW)
        found = use_states(tx, people_listed(tx), {"bot"})
        assert asks.test_state(tx, test, person="ben") is None
    states = {name: found[id_, "bot"] for name, id_ in ids.items()}
    assert (states["asha"].last_success_at, states["asha"].is_broken, states["asha"].reason) == (NOW, False, None)
    assert (states["ben"].last_success_at, states["ben"].is_broken, states["ben"].reason) == (None, True, "403 blocked")
