"""Browsers as addresses of one's own, over SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from reminder.core.errors import WrongInput
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel
from reminder.core.model.own import UNPROVED, Own
from reminder.store import own
from reminder.usecases.browsers import bring_browser, public_key, renew_browser
from tests.support.push import PushedTo
from tests.support.rules import person
from tests.support.stores import NOW, Rig, listed, put

CHANNEL = Channel(name="browser", url=None, is_shared=True, scheme="webpush", join=True, fingerprint="f")
CHANNELS = Channels(
    {"browser": CHANNEL, "letters": Channel(name="letters", url=None, is_shared=True, scheme="mailtos")}
)
LATER = NOW + timedelta(days=1)


def device(number: int, host: str = "fcm.googleapis.com") -> PushedTo:
    return PushedTo(endpoint=f"https://{host}/fcm/send/{number}")


def bring(rig: Rig, said: PushedTo, name: str = "grandma", channel: Channel = CHANNEL) -> str:
    with rig.store.write() as tx:
        return bring_browser(tx, name, channel, json.dumps(said.subscription), "Firefox on Android", NOW, hosts=())


def renew(rig: Rig, before: PushedTo, after: PushedTo, name: str = "grandma") -> bool:
    text = json.dumps(after.subscription)
    with rig.store.write() as tx:
        return renew_browser(tx, name, before.endpoint, text, LATER, channels=CHANNELS, hosts=())


def uses(rig: Rig, name: str = "grandma") -> list[tuple[str, str | None]]:
    with rig.store.read() as tx:
        return [(use.name, use.address) for use in (own.own_of(tx, name) or Own()).channels]


@pytest.fixture
def there(rig: Rig) -> Rig:
    put(rig.store, listed())
    with rig.store.write() as tx:
        for name in ("grandma", "ravi"):
            own.add_person(tx, person(name=name, channels=()), Own())
    return rig


def test_browsers_are_addresses_one_after_the_other_and_wait_for_their_code(there: Rig) -> None:
    first, second = device(1), device(2)
    assert [bring(there, each) for each in (first, first, second)] == ["browser", "browser", "browser#2"]
    assert uses(there) == [("browser", first.address), ("browser#2", second.address)]
    with there.store.read() as tx:
        kept = own.own_of(tx, "grandma")
    assert kept is not None
    assert {use.only for use in kept.channels} == {UNPROVED}
    assert kept.labels == {"browser": "Firefox on Android", "browser#2": "Firefox on Android"}


def test_a_browser_goes_on_under_its_new_address_and_nobody_elses_does(there: Rig) -> None:
    first, second, third = device(1), device(2), device(3)
    bring(there, first)
    bring(there, second, "ravi")
    assert not renew(there, second, third)
    assert renew(there, first, third)
    assert (uses(there), uses(there, "ravi")) == ([("browser", third.address)], [("browser", second.address)])


def test_other_channels_and_other_hosts_take_no_browser(there: Rig) -> None:
    with pytest.raises(WrongInput, match="no browsers"):
        bring(there, device(1), channel=CHANNELS["letters"])
    with pytest.raises(WrongInput, match="push_hosts"):
        bring(there, device(1, "evil.example"))
    assert uses(there) == []


def test_everybody_is_given_one_public_key(there: Rig) -> None:
    keys = []
    for _ in range(2):
        with there.store.write() as tx:
            keys.append(public_key(tx))
    assert keys[0] == keys[1]
