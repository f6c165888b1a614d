"""What people choose for themselves, as `why` says it: since when nothing comes, and what a channel takes (SPEC 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel, ChannelUse
from reminder.core.model.own import UNPROVED, Own
from reminder.store import own, people, title_commands
from reminder.store.people import find_people, take_kinds
from reminder.store.seen import add_seen
from reminder.store.title_commands import QuietSource
from reminder.usecases import own_silence
from reminder.usecases.messages import explain_title
from reminder.usecases.own_silence import OwnSilence
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, listed, put

LATER = NOW + timedelta(days=1)
BOT, PUSH = ChannelUse(name="bot", address="7"), ChannelUse(name="bot#2", address="8")
GRANDMA = replace(person(name="grandma"), channels=())


@pytest.fixture
def there(rig: Rig) -> Rig:
    """Return a database in which Grandma has joined over two addresses and follows Silo."""
    put(rig.store, listed(a_title("Silo", "2025-08-01")))
    with rig.store.write() as tx:
        own.add_person(tx, GRANDMA, Own(channels=(BOT, PUSH)))
        own.follow(tx, "grandma", 1, NOW, GRACE)
    return rig


def _number(tx: Connection) -> int:
    return next(iter(find_people(tx, "grandma")))


def _drop_all(tx: Connection) -> None:
    for use in (BOT, PUSH):
        own.change_own(tx, "grandma", lambda kept, name=use.name: kept.without_use(name, LATER), LATER)  # type: ignore[misc]


CHOICES: dict[str, tuple[Callable[[Connection], object], list[OwnSilence]]] = {
    "nothing": (lambda tx: None, []),
    "mail ended by one click": (
        lambda tx: own.end_use(tx, "grandma", BOT, LATER),
        [OwnSilence(person="grandma", what=own_silence.ENDED, at=LATER, channel="bot")],
    ),
    "a second address ended": (
        lambda tx: own.end_use(tx, "grandma", PUSH, LATER),
        [OwnSilence(person="grandma", what=own_silence.ENDED, at=LATER, channel="bot#2")],
    ),
    "one of two addresses taken away": (
        lambda tx: own.change_own(tx, "grandma", lambda kept: kept.without_use("bot", LATER), LATER),
        [],
    ),
    "all addresses taken away": (
        _drop_all,
        [OwnSilence(person="grandma", what=own_silence.GONE, at=LATER, channel="bot")],
    ),
    "paused": (
        lambda tx: people.pause(tx, "grandma", LATER, NOW),
        [OwnSilence(person="grandma", what=own_silence.PAUSED, at=LATER)],
    ),
    "a pause that is over": (lambda tx: people.pause(tx, "grandma", NOW, NOW), []),
    "muted": (
        lambda tx: title_commands.mute(tx, 1, "grandma", QuietSource(muted_at=NOW), NOW),
        [OwnSilence(person="grandma", what=own_silence.MUTED, at=NOW)],
    ),
    "the title paused": (
        lambda tx: title_commands.mute(tx, 1, "grandma", QuietSource(paused_until=LATER), NOW),
        [OwnSilence(person="grandma", what=own_silence.PAUSED_TITLE, at=LATER)],
    ),
    "seen": (
        lambda tx: add_seen(tx, _number(tx), 1, (None, 1), NOW),
        [OwnSilence(person="grandma", what=own_silence.SEEN, at=NOW)],
    ),
    "left": (
        lambda tx: own.end_person(tx, "grandma", LATER),
        [OwnSilence(person="grandma", what=own_silence.LEFT, at=LATER)],
    ),
}


@pytest.mark.parametrize("who", [None, "grandma"])
@pytest.mark.parametrize("choice", CHOICES)
def test_why_names_what_somebody_has_chosen_themselves(there: Rig, choice: str, who: str | None) -> None:
    happens, silences = CHOICES[choice]
    with there.store.write() as tx:
        happens(tx)
    with there.store.read() as tx:
        about = explain_title(tx, ["silo"], who, zone=GRANDMA.zone, now=NOW, grace=GRACE)
    assert list(about.own) == silences


@pytest.mark.parametrize(
    ("uses", "taken"),
    [
        ((BOT,), [{"premiere"}]),
        ((BOT, PUSH), [{"premiere"}, {"premiere"}]),
        ((replace(BOT, only=UNPROVED), PUSH), [set(UNPROVED), {"premiere"}]),
        ((ChannelUse(name="post", address="x"),), [set()]),
    ],
)
def test_what_a_channel_takes_is_what_the_config_says_now(
    rig: Rig, uses: tuple[ChannelUse, ...], taken: list[set[str]]
) -> None:
    channels = Channels(bot=Channel(name="bot", url=None, is_shared=True, only=frozenset({"premiere"})))
    with rig.store.write() as tx:
        own.add_person(tx, GRANDMA, Own(channels=uses))
        take_kinds(tx, channels, LATER)
        (who,) = find_people(tx, "grandma").values()
    assert [set(use.only) for use in who.channels] == taken
