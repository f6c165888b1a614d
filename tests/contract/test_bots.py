"""Reading a bot: one daemon at a time, and joining by the chat that sends a token, over SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from reminder.core.errors import WrongInput
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel, ChannelUse
from reminder.core.model.own import UNPROVED, Own
from reminder.core.model.secret import Secret
from reminder.store import bots, own
from reminder.store.address_proofs import await_proof, open_proof
from reminder.store.bots import KnownBot
from reminder.store.people import find_people
from reminder.store.sql.tables import invitation, poller, subscriber
from reminder.usecases import telegram_proof
from reminder.usecases.telegram_proof import START_HOLDS, ProvedChat
from tests.support.rules import person
from tests.support.stores import NOW, POSTGRESQL, Rig, rig_of

BOT = Channel(
    name="bot", url=Secret("tgram://1:x/{address}"), fingerprint="f" * 16, is_shared=True, only=frozenset({"premiere"})
)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def joining(rig: Rig) -> Rig:
    """Return a database in which Grandma is about to join."""
    with rig.store.write() as tx:
        number = own.add_person(tx, replace(person(name="grandma"), channels=()), Own())
        invited = {"name": "grandma", "language": "de", "zone": "Europe/Berlin", "role": "member", "invited_by": "asha"}
        times = {"created_at": NOW, "expires_at": NOW + timedelta(days=3)}
        tx.execute(insert(invitation).values(hash="h", subscriber_id=number, **invited, **times))
    return rig


def token(rig: Rig, who: str = "grandma") -> str:
    with rig.store.write() as tx:
        return telegram_proof.start_token(tx, who, "bot", NOW)


def proved(rig: Rig, sent: str, chat: str = "4711", now: object = LATER, channel: Channel = BOT) -> ProvedChat | None:
    with rig.store.write() as tx:
        return telegram_proof.proved(tx, sent, chat, channel, now)  # type: ignore[arg-type]


def uses(rig: Rig) -> list[tuple[str, str | None]]:
    with rig.store.read() as tx:
        (found,) = find_people(tx, "grandma").values()
    return [(use.name, use.address) for use in found.channels]


# Joining -------------------------------------------------------------------------------------------------------------


def test_the_chat_that_sends_the_token_is_an_address(joining: Rig) -> None:
    sent = token(joining)
    assert len(sent) <= 64
    found = proved(joining, sent)
    assert found is not None
    assert (found.person.name, found.is_new) == ("grandma", True)
    assert found.person.channels == (
        ChannelUse(name="bot", only=BOT.only, since_at=LATER, address="4711", mark="f" * 16),
    )
    assert [row.used_at for row in joining.rows(select(invitation.c.used_at))] == [LATER]


@pytest.mark.parametrize("chat", ["4711", "4712"])
def test_a_token_holds_once(joining: Rig, chat: str) -> None:
    sent = token(joining)
    assert proved(joining, sent) is not None
    assert proved(joining, sent, chat) is None
    assert uses(joining) == [("bot", "4711")]


def test_a_token_holds_for_fifteen_minutes(joining: Rig) -> None:
    sent = token(joining)
    assert proved(joining, sent, now=NOW + START_HOLDS) is None
    assert uses(joining) == []
    assert [row.used_at for row in joining.rows(select(invitation.c.used_at))] == [None]


def test_only_the_newest_token_holds(joining: Rig) -> None:
    first, second = token(joining), token(joining)
    assert (proved(joining, first), uses(joining)) == (None, [])
    assert proved(joining, second) is not None


@pytest.mark.parametrize("sent", ["", "x", "x" * 65, "ä" * 43, "' OR 1=1 --", "\x00"])
def test_what_is_no_token_of_ours_proves_nothing(joining: Rig, sent: str) -> None:
    token(joining)
    assert proved(joining, sent) is None


def test_a_token_is_of_its_channel(joining: Rig) -> None:
    sent = token(joining)
    assert proved(joining, sent, channel=replace(BOT, name="other")) is None
    assert proved(joining, sent) is not None


def test_a_code_is_no_token_and_a_token_no_code(joining: Rig) -> None:
    sent = token(joining)
    with joining.store.write() as tx:
        number = tx.execute(select(subscriber.c.id).where(subscriber.c.name == "grandma")).scalar_one()
        await_proof(tx, number, "bot", "c" * 64, NOW, NOW + START_HOLDS)
        assert open_proof(tx, "c" * 64, NOW) is not None
        await_proof(tx, number, "bot", "d" * 64, NOW, NOW + START_HOLDS)
        assert open_proof(tx, "c" * 64, NOW) is None
    assert proved(joining, sent) is not None, "a code does not end the token"


def test_a_second_phone_is_a_second_address(joining: Rig) -> None:
    assert proved(joining, token(joining), "1") is not None
    assert proved(joining, token(joining), "2") is not None
    again = proved(joining, token(joining), "2")
    assert again is not None
    assert not again.is_new
    assert uses(joining) == [("bot", "1"), ("bot#2", "2")]


def test_an_address_that_waited_for_a_code_is_proved_by_its_chat(joining: Rig) -> None:
    waits = ChannelUse(name="bot", only=UNPROVED, address="4711")
    with joining.store.write() as tx:
        own.change_own(tx, "grandma", lambda kept: kept.with_use(waits), NOW)
    assert proved(joining, token(joining)) is not None
    with joining.store.read() as tx:
        (found,) = find_people(tx, "grandma").values()
    assert [(use.name, use.only) for use in found.channels] == [("bot", BOT.only)]


def test_it_is_known_while_somebody_joins(joining: Rig) -> None:
    sent = token(joining)
    with joining.store.read() as tx:
        assert telegram_proof.awaited_channels(tx, LATER) == {"bot"}
        assert telegram_proof.awaited_channels(tx, NOW + START_HOLDS) == frozenset()
    proved(joining, sent)
    with joining.store.read() as tx:
        assert telegram_proof.awaited_channels(tx, LATER) == frozenset()


def test_nobody_joins_who_is_not_there(joining: Rig) -> None:
    with joining.store.write() as tx, pytest.raises(WrongInput, match="nobody called"):
        telegram_proof.start_token(tx, "nobody", "bot", NOW)
    sent = token(joining)
    with joining.store.write() as tx:
        own.end_person(tx, "grandma", NOW)
    assert proved(joining, sent) is None


def test_the_new_address_is_a_channel_of_the_config(joining: Rig) -> None:
    proved(joining, token(joining), "1")
    proved(joining, token(joining), "2")
    found = Channels({"bot": BOT})
    assert [found[name].to(address).url is not None for name, address in uses(joining)] == [True, True]


# What is known of a bot ----------------------------------------------------------------------------------------------


def test_a_bot_is_known_by_its_channel(rig: Rig) -> None:
    with rig.store.write() as tx:
        assert telegram_proof.bot_of(tx, BOT, NOW) is None
        bots.note_bot(tx, BOT.fingerprint, KnownBot(channel="bot", username="family_bot"))
        found = telegram_proof.bot_of(tx, BOT, NOW)
        assert found is not None
        assert telegram_proof.start_link(found.username, "t0k") == "https://t.me/family_bot?start=t0k"
        bots.forget_bots(tx, [BOT.fingerprint])
        assert telegram_proof.bot_of(tx, BOT, NOW) is not None
        bots.forget_bots(tx, ["another"])
        assert telegram_proof.bot_of(tx, BOT, NOW) is None


def test_since_when_a_bot_is_not_read_stays_as_long_as_it_is_the_same(rig: Rig) -> None:
    troubled = KnownBot(channel="bot", trouble="another program reads it", since_at=NOW, is_always_read=True)
    with rig.store.write() as tx:
        bots.note_bot(tx, "f", troubled)
        bots.note_bot(tx, "f", replace(troubled, since_at=LATER))
        assert [bot.since_at for bot in bots.unread_bots(tx)] == [NOW]
        bots.note_bot(tx, "f", replace(troubled, trouble="the token is wrong", since_at=LATER))
        assert [bot.since_at for bot in bots.unread_bots(tx)] == [LATER]
        bots.note_bot(tx, "f", replace(troubled, is_always_read=False))
        assert bots.unread_bots(tx) == []
        bots.note_bot(tx, "f", KnownBot(channel="bot", is_always_read=True))
        assert bots.unread_bots(tx) == []


def test_an_old_trouble_tells_nothing_of_a_bot_that_is_read_while_somebody_joins(rig: Rig) -> None:
    known = KnownBot(channel="bot", username="x", trouble="read elsewhere", since_at=NOW, is_read_elsewhere=True)
    with rig.store.write() as tx:
        bots.note_bot(tx, BOT.fingerprint, known)
        assert telegram_proof.bot_of(tx, BOT, LATER) == known
        later = telegram_proof.bot_of(tx, BOT, NOW + timedelta(hours=2))
        assert later == KnownBot(channel="bot", username="x")
        bots.note_bot(tx, BOT.fingerprint, replace(known, is_always_read=True))
        assert telegram_proof.bot_of(tx, BOT, NOW + timedelta(hours=2)) == replace(known, is_always_read=True)


# Who reads -----------------------------------------------------------------------------------------------------------


def test_how_far_a_bot_was_read_is_remembered(rig: Rig) -> None:
    with rig.store.write() as tx:
        assert bots.take_lease(tx, "1", "me") == 0
        assert bots.note_read(tx, "1", "me", 4711)
        assert bots.take_lease(tx, "1", "me") == 4711
        assert bots.take_lease(tx, "2", "me") == 0


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Rig]:
    """Return a database that several daemons can share."""
    with rig_of(POSTGRESQL, tmp_path) as made:
        yield made


def test_one_daemon_reads_and_another_goes_on_where_it_ended(shared: Rig) -> None:
    with shared.store.write() as tx:
        assert bots.take_lease(tx, "1", "me") == 0
        assert bots.take_lease(tx, "1", "other") is None
        assert not bots.note_read(tx, "1", "other", 9)
        assert bots.note_read(tx, "1", "me", 7)
        bots.leave_bot(tx, "1", "other")
        assert bots.take_lease(tx, "1", "other") is None
        bots.leave_bot(tx, "1", "me")
        assert bots.take_lease(tx, "1", "other") == 7


def test_who_was_gone_for_a_lease_writes_nothing_more(shared: Rig) -> None:
    with shared.store.write() as tx:
        bots.take_lease(tx, "1", "me")
        tx.execute(update(poller).values(lease_until=func.now() - timedelta(seconds=1)))
        assert not bots.note_read(tx, "1", "me", 7)
        assert bots.take_lease(tx, "1", "other") == 0
        assert not bots.note_read(tx, "1", "me", 7)
        assert bots.take_lease(tx, "1", "me") is None
