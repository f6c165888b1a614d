"""The links of messages: which have any, what they name, and that nobody can make one up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from reminder.core.text.content import ActionKind, Words
from reminder.core.text.message import AskedFrom
from reminder.delivery.message_links import LinkSigner
from reminder.store.identity import signing_key
from reminder.store.sql.tables import message, subscriber
from reminder.usecases import asks
from tests.support.world import World

ADDRESS = "https://reminder.example.org"
PAGE = "web: {address: 'https://reminder.example.org'}\n"
BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
BASE = """
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/", mail: "mailto://127.0.0.1:9/asha@example.com?from=reminder@example.org"}
"""
NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)

Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    worlds: list[World] = []

    def made(config: str = PAGE + BALLARD, base: str = BASE, start: str = "2025-06-20 12:00") -> World:
        worlds.append(World(config, start, base=base))
        return worlds[-1]

    yield made
    for world in worlds:
        world.close()


def words_on(world: World, channel: str) -> list[Words]:
    return [each.words for each in world.arrived if each.channel == channel]


def test_a_message_names_one_person_and_itself_in_each_of_its_links(make: Make) -> None:
    world = make()
    world.live("2025-07-02 10:00")
    (words,) = words_on(world, "phone")
    kinds = [action.kind for action in words.actions]
    assert kinds == [ActionKind.LATER, ActionKind.TOMORROW, ActionKind.MUTE, ActionKind.STOP, ActionKind.OPEN]
    page, token = words.actions[-1].url, words.actions[-1].token
    assert page == f"{ADDRESS}/m/{token}"
    assert [action.url for action in words.actions[:-1]] == [f"{page}/{kind}" for kind in kinds[:-1]]
    with world.store.read() as tx:
        signer = LinkSigner(signing_key(tx), NOW)
        person, number = tx.execute(select(message.c.subscriber_id, message.c.id)).one()
    read = signer.read_message(token)
    assert read is not None
    assert (read.subscriber_id, read.message_id, read.signed_at) == (person, number, NOW)
    assert read.delivery_id == 1
    assert len(token) < 60  # with a letter for the action, it fits into the 64 bytes of a button of Telegram


def test_only_mail_says_how_mail_ends(make: Make) -> None:
    world = make()
    world.live("2025-07-02 10:00")
    (mail,), (phone,) = words_on(world, "mail"), words_on(world, "phone")
    assert phone.unsubscribe is None
    assert mail.unsubscribe is not None
    assert mail.unsubscribe.startswith(f"{ADDRESS}/u/")
    with world.store.read() as tx:
        signer = LinkSigner(signing_key(tx), NOW)
    assert signer.read_mail(mail.unsubscribe.rpartition("/")[2]) is not None
    assert signer.read_message(mail.unsubscribe.rpartition("/")[2]) is None


def test_a_digest_has_one_link_to_the_page(make: Make) -> None:
    titles = ", ".join(f"{{title: Title {number}, premiere: 2025-07-09}}" for number in range(12))
    world = make(f"{PAGE}watch: [{titles}]")
    world.live("2025-07-02 10:00")
    (words,) = words_on(world, "phone")
    assert [(action.kind, action.label, action.url) for action in words.actions] == [
        (ActionKind.OPEN, "Your releases", f"{ADDRESS}/")
    ]
    assert words.with_links().plain().splitlines()[-1] == f"Your releases: {ADDRESS}/"


@pytest.mark.parametrize("web", ["", "web: {}\n"])
def test_where_nobody_reaches_the_page_messages_lead_nowhere(make: Make, web: str) -> None:
    world = make(web + BALLARD)
    world.live("2025-07-02 10:00")
    assert [(words.actions, words.unsubscribe) for words in words_on(world, "mail")] == [((), None)]


def test_codes_and_tests_lead_nowhere_and_end_no_mail(make: Make) -> None:
    world = make()
    with world.store.write() as tx:
        asks.ask_code(
            tx, person="me", channels=["mail"], code="12345678", asked_from=AskedFrom(""), now=world.clock.now()
        )
        asks.ask_test(tx, person="me", channel="mail", now=world.clock.now())
    world.settle()
    assert [(each.kind, each.words.actions, each.words.unsubscribe) for each in world.arrived] == [
        ("code", (), None),
        ("test", (), None),
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "8" + token[1:],
        lambda token: token.rpartition(".")[0],
        lambda token: "",
        lambda token: "a" * 500,
        lambda token: token + "\u0661",
    ],
)
def test_a_link_that_was_made_up_is_none(spoil: Callable[[str], str]) -> None:
    signer = LinkSigner("key", NOW)
    assert signer.read_message(spoil(signer.message(7, 95, 120))) is None
    assert LinkSigner("another key", NOW).read_message(signer.message(7, 95, 120)) is None


def test_a_link_says_when_it_was_signed_whatever_the_clock_reads_since() -> None:
    token = LinkSigner("key", NOW).message(7, 95, 120)
    read = LinkSigner("key", NOW + timedelta(days=900)).read_message(token)
    assert read is not None
    assert read.signed_at == NOW


def test_no_two_people_share_a_link(make: Make) -> None:
    world = make(f"{PAGE}subscribers: {{asha: {{}}, ravi: {{}}}}\n{BALLARD}")
    world.live("2025-07-02 10:00")
    tokens = {words.actions[-1].token for words in words_on(world, "phone")}
    assert len(tokens) == 2
    with world.store.read() as tx:
        assert len(tx.execute(select(subscriber.c.id)).all()) == 2
