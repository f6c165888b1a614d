"""An address that is no more: ended where its person brought it and something else reaches them, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.core.model.entities import ChannelUse
from reminder.core.model.own import UNPROVED, Own
from reminder.store import own
from reminder.store.ended_addresses import end_address
from reminder.store.identity import keep_push_key, push_key
from reminder.store.people import find_people
from reminder.store.sql.tables import message
from tests.support.rules import person
from tests.support.stores import NOW, Rig, listed, put

LATER = NOW + timedelta(days=1)
BROWSER, SECOND = ChannelUse(name="browser", address="x"), ChannelUse(name="browser#2", address="y")
WAITING = ChannelUse(name="browser#2", address="y", only=UNPROVED)


@pytest.mark.parametrize(
    ("uses", "ended", "is_ended"),
    [
        ((BROWSER, SECOND), "browser", True),
        ((BROWSER, SECOND), "browser#2", True),
        ((BROWSER,), "browser", False),
        ((BROWSER, WAITING), "browser", False),
        ((BROWSER, SECOND), "browser#3", False),
    ],
)
def test_only_ones_own_address_ends_and_never_the_last_that_counts(
    rig: Rig, uses: tuple[ChannelUse, ...], ended: str, is_ended: bool
) -> None:
    put(rig.store, listed())
    with rig.store.write() as tx:
        number = own.add_person(
            tx, person(name="grandma", channels=()), Own(channels=uses, labels={"browser": "Firefox"})
        )
        before = next(iter(find_people(tx, "grandma").values())).channels
        assert end_address(tx, number, ended, "410", LATER) is is_ended
        after = next(iter(find_people(tx, "grandma").values())).channels
    assert {use.name for use in before} - {use.name for use in after} == ({ended} if is_ended else set())
    told = [row.detail for row in rig.rows(select(message.c.detail))]
    name = "Firefox" if ended == "browser" else ended
    assert told == ([{"gone": name, "reason": "410", "since": LATER.isoformat()}] if is_ended else [])


def test_a_key_for_browsers_is_made_once_whoever_comes_first(rig: Rig) -> None:
    with rig.store.read() as tx:
        assert push_key(tx) is None
    with rig.store.write() as tx:
        assert keep_push_key(tx, "a" * 64) == "a" * 64
    with rig.store.write() as tx:
        assert keep_push_key(tx, "b" * 64) == "a" * 64
        assert push_key(tx) == "a" * 64
