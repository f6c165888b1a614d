"""A broken channel is known, by count and not by words; nothing is lost by it, and one address is one person's (SPEC 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.core.model.entities import Channel, ChannelUse
from reminder.core.model.ledger import State
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.transport import Outcome, Sent
from reminder.store import outbox_write
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.refusals import refused_on
from reminder.store.sql.tables import channel
from tests.support.world import Row, World

TOPIC = Failure(kind=FailureKind.MESSAGE, reason="400 Bad Request (message thread not found)", status=400)
NO_NAME = Failure(kind=FailureKind.TRANSIENT, reason="the host's name cannot be found")
REFUSED = Failure(kind=FailureKind.TRANSIENT, reason="connection refused")
BUSY = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
TOKEN = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09, remind: [3d, 2d, 1d, day]}]"
TWO = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}
"""
PHONE = """
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/phone"}
"""
OF_GRAN = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", gran: "json://127.0.0.1:9/gran"}
operator: me
subscribers: {me: {channels: [mail]}, gran: {channels: [gran]}}
"""

IST = timedelta(hours=5, minutes=30)
Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    worlds: list[World] = []

    def made(config: str, base: str = TWO, start: str = "2025-07-01 12:00") -> World:
        worlds.append(World(config, start, base=base))
        return worlds[-1]

    yield made
    for world in worlds:
        world.close()


def on(world: World, name: str, kind: str = "reminder") -> list[Row]:
    return [row for row in world.rows() if row.channel == name and row.kind == kind]


def broken(world: World) -> dict[str, str]:
    with world.store.read() as tx:
        rows = tx.execute(select(channel).where(channel.c.parked_at.is_not(None)))
        return {row.name: row.reason for row in rows}


def subjects(world: World, name: str) -> list[str]:
    return [item.words.subject for item in world.arrived if item.channel == name]


@pytest.mark.parametrize(
    "reason",
    [
        "400 Bad Request (message thread not found)",
        "400 Bad Request (Webhooks posted to forum channels must have a thread_name)",
        "400 Bad Request (TOPIC_CLOSED)",
        "400 (Invalid group id)",
        "424 Failed Dependency",
        "422 Unprocessable Entity",
        "",
    ],
)
def test_two_different_messages_refused_in_a_row_make_a_channel_broken_whatever_is_said(
    make: Make, reason: str
) -> None:
    both = "{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: '2025-07-09 04:30Z', remind: [release]}"
    world = make(f"watch: [{both}]\nremind: [day]")
    world.transport.always("phone", Failure(kind=FailureKind.MESSAGE, reason=reason, status=400))
    world.live("2025-07-09 09:50")
    assert broken(world) == {}
    world.live("2025-07-09 10:05")
    assert list(broken(world)) == ["phone"]
    assert "2 messages in a row were refused" in broken(world)["phone"]
    world.live("2025-07-10 08:00")
    assert subjects(world, "mail").count("Channel phone is not working") == 1
    assert State.FAILED not in {row.state for row in world.rows()}


def test_what_waited_and_is_still_of_use_goes_when_the_channel_works_and_goes_whole(make: Make) -> None:
    world = make("watch: [{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: 2025-07-10}]\nremind: [day]")
    world.transport.always("phone", TOPIC)
    world.live("2025-07-10 12:00")
    assert list(broken(world)) == ["phone"]
    world.transport.always("phone", Sent())
    world.live("2025-07-10 14:00")
    assert broken(world) == {}
    assert subjects(world, "phone") == ["Dune is out today", "Ballard came out yesterday"]
    assert [str(row.state) for row in on(world, "phone")] == ["sent", "sent"]


def test_one_message_that_is_refused_is_failed_once_another_has_gone_through(make: Make) -> None:
    both = "{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: '2025-07-09 09:00Z', remind: [release]}"
    world = make(f"watch: [{both}]\nremind: [day]")
    world.transport.script("phone", TOPIC, TOPIC)
    world.live("2025-07-09 14:00")
    assert [(str(row.state), row.attempts) for row in on(world, "phone")] == [("retrying", 2)]
    world.live("2025-07-09 14:35")
    assert broken(world) == {}
    assert [str(row) for row in on(world, "phone")] == [
        "day: failed (400 Bad Request (message thread not found); refused as plain text too)",
        "release: sent (fake)",
    ]


def test_what_failed_by_its_own_fault_on_every_channel_is_told_once_as_missed(make: Make) -> None:
    both = "{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: '2025-07-09 09:00Z', remind: [release]}"
    world = make(f"watch: [{both}]\nremind: [day]", base=PHONE)
    world.transport.always("phone", lambda _, words, __: TOPIC if "Ballard is" in words.subject else Sent())
    world.live("2025-07-20 12:00")
    assert world.lines() == [
        "2025-07-09 14:30 me/phone: Dune is out (since 2:30 PM)",
        "2025-07-10 09:00 me/phone: While I was away: Ballard came out on July 9",
    ]


def test_one_message_alone_is_parked_after_six_hours_and_goes_when_the_channel_is_mended(make: Make) -> None:
    world = make("watch: [{title: Ballard, premiere: 2025-07-09}]\nremind: [day]")
    world.transport.always("phone", TOPIC)
    world.live("2025-07-09 14:00")
    assert broken(world) == {}
    world.live("2025-07-09 15:05")
    assert list(broken(world)) == ["phone"]
    world.transport.always("phone", Sent())
    world.live("2025-07-09 17:00")
    assert subjects(world, "phone") == ["Ballard is out today"]


def test_what_is_refused_before_and_after_a_success_is_that_messages_own_fault(make: Make) -> None:
    names = ("Ballard", "Dune", "Silo")
    lines = ", ".join(f"{{title: {name}, premiere: 2025-07-09}}" for name in names)
    world = make(f"watch: [{lines}]\nremind: [day]\nburst: 0")
    world.transport.always("phone", TOPIC)
    world.live("2025-07-09 09:30")
    assert list(broken(world)) == ["phone"]
    world.transport.always("phone", lambda _, words, __: TOPIC if "Dune" in words.subject else Sent())
    world.live("2025-07-10 12:00")
    assert broken(world) == {}
    assert sorted(subjects(world, "phone")) == ["Ballard is out today", "Silo is out today"]
    states = {row.key.split()[0]: str(row.state) for row in on(world, "phone")}
    assert sorted(states.values()) == ["failed", "sent", "sent"]


def test_the_hourly_try_takes_another_delivery_each_time(make: Make) -> None:
    names = ("Ballard", "Dune", "Silo", "Foundation")
    lines = ", ".join(f"{{title: {name}, premiere: 2025-07-09}}" for name in names)
    world = make(f"watch: [{lines}]\nremind: [day]\nburst: 0")
    world.transport.always("phone", TOKEN)
    world.live("2025-07-09 13:00")
    tried = [given.words.subject for given in world.transport.given if given.channel.name == "phone"]
    assert len(tried) >= 4
    assert len(set(tried[:4])) == 4


def test_what_a_broken_channel_kept_until_its_use_was_over_is_expired_and_told_as_missed(make: Make) -> None:
    world = make("watch: [{title: Ballard, premiere: 2025-07-09}]\nremind: [day]", base=OF_GRAN)
    world.transport.always("gran", TOPIC)
    world.live("2025-07-13 12:00")
    assert [str(row.state) for row in on(world, "gran")] == ["expired"]
    world.transport.always("gran", Sent())
    world.live("2025-07-13 14:00")
    assert subjects(world, "gran") == ["While I was away: Ballard came out on July 9"]


@pytest.mark.parametrize("failure", [NO_NAME, REFUSED, BUSY, Failure(kind=FailureKind.UNKNOWN, reason="no answer")])
def test_a_channel_that_never_worked_is_broken_after_six_hours_while_another_works(
    make: Make, failure: Failure
) -> None:
    world = make("watch: [{title: Ballard, premiere: 2025-07-09}]\nremind: [1d, day]")
    world.transport.always("phone", failure)
    world.live("2025-07-08 14:55")
    assert broken(world) == {}
    world.live("2025-07-08 16:30")
    assert list(broken(world)) == ["phone"]
    assert failure.reason in broken(world)["phone"]
    assert subjects(world, "mail") == ["Ballard premieres tomorrow", "Channel phone is not working"]


def test_where_nothing_can_be_reached_it_is_the_networks_trouble_and_told_once(make: Make) -> None:
    world = make(BALLARD)
    for name in ("mail", "phone"):
        world.transport.always(name, REFUSED)
    world.live("2025-07-07 20:00")
    assert broken(world) == {}
    for name in ("mail", "phone"):
        world.transport.always(name, Sent())
    world.live("2025-07-07 22:00")
    assert broken(world) == {}
    assert subjects(world, "mail").count("Nothing could be reached") == 1
    told = next(item for item in world.arrived if item.words.subject == "Nothing could be reached")
    assert told.words.body[0].text == "From 2025-07-06 03:30 UTC on, no service could be reached (connection refused)."
    assert not [item for item in world.arrived if "is not working" in item.words.subject]


@pytest.mark.parametrize("failure", [TOPIC, REFUSED, TOKEN])
def test_who_has_no_other_channel_is_spoken_for_to_the_operator(make: Make, failure: Failure) -> None:
    world = make(BALLARD, base=OF_GRAN)
    world.transport.always("gran", failure)
    world.live("2025-07-08 20:00")
    assert subjects(world, "mail").count("Channel gran is not working") == 1


def test_a_channel_that_works_again_by_itself_is_reported_no_more(make: Make) -> None:
    world = make(BALLARD, base=OF_GRAN)
    world.transport.always("gran", TOKEN)
    world.live("2025-07-06 12:00")
    world.transport.always("gran", Sent())
    world.live("2025-07-06 14:00")
    with world.store.read() as tx:
        assert outbox_write.parked_channels(tx) == {}
    assert subjects(world, "gran") == ["Ballard premieres in 3 days"]


# Shared channels -----------------------------------------------------------------------------------------------------

CLUB = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", club: "json://127.0.0.1:9/{address}"}
operator: boss
subscribers:
  boss: {channels: [mail]}
"""
PEOPLE = tuple(f"p{number}" for number in range(20))
OWN = Failure(kind=FailureKind.CHANNEL, reason="this URL names 2 targets", is_address=True)
RAISED = Failure(kind=FailureKind.CHANNEL, reason="the service's plugin failed inside the program, see the log")
UNKNOWN_404 = Failure(kind=FailureKind.CHANNEL, reason="404 Not Found", status=404, is_address=True, is_guess=True)


def crowd(make: Make, *more: str) -> World:
    """Return a world in which twenty people, and some more, have an address each on one shared channel."""
    world = make("watch: [{title: Ballard, premiere: 2025-07-09, remind: [1d, day]}]", base=CLUB)
    settings = replace(world.app.config.subscribers[0], channels=())
    with world.store.write() as tx:
        BulkLoader(now=world.clock.now(), grace=world.app.config.grace).put(
            tx,
            [
                NewSubscriber(
                    name=name, settings=settings, use=ChannelUse(name="club", address=name), titles=("ballard",)
                )
                for name in (*more, *PEOPLE)
            ],
        )
    return world


def refuses(world: World, failure: Failure, *addresses: str) -> None:
    def answer(channel: Channel, _: Words, __: str) -> Outcome:
        url = channel.url.reveal() if channel.url else ""
        return failure if url.rpartition("/")[2] in addresses else Sent()

    world.transport.always("club", answer)


def refused_addresses(world: World) -> dict[str, int]:
    with world.store.read() as tx:
        return refused_on(tx)


def tries_at(world: World, address: str) -> int:
    return sum(given.channel.url is not None and given.channel.url.reveal().endswith(f"/{address}") for given in world.transport.given)  # fmt: skip


@pytest.mark.parametrize("failure", [OWN, RAISED, UNKNOWN_404, TOPIC, BUSY])
def test_whatever_one_address_causes_it_delays_none_of_the_twenty_beside_it(make: Make, failure: Failure) -> None:
    world = crowd(make, "bad")
    refuses(world, failure, "bad")
    for day in ("2025-07-08", "2025-07-09"):
        world.live(f"{day} 09:01")
        reached = [item for item in world.arrived if item.channel == "club" and f"{item.at + IST:%Y-%m-%d}" == day]
        assert {item.subscriber for item in reached} == set(PEOPLE)
        assert {f"{item.at + IST:%H:%M}" for item in reached} == {"09:00"}
    assert broken(world) == {}
    assert tries_at(world, "bad") <= 60


def test_refused_addresses_are_counted_and_told_to_the_operator_together_once_a_day(make: Make) -> None:
    bad = ("bad1", "bad2", "bad3", "bad4")
    world = crowd(make, *bad)
    refuses(world, OWN, *bad)
    world.live("2025-07-09 20:00")
    assert refused_addresses(world) == {"club": 4}
    assert broken(world) == {}
    told = [item for item in world.arrived if item.channel == "mail" and "addresses refuse" in item.words.subject]
    assert len(told) == 1
    assert "4 addresses of channel club" in told[0].words.plain()


def test_who_refuses_later_is_told_a_day_later(make: Make) -> None:
    world = crowd(make, "bad1", "bad2")
    refuses(world, OWN, "bad1")
    world.live("2025-07-08 12:00")
    refuses(world, OWN, "bad1", "bad2")
    world.live("2025-07-10 12:00")
    told = [item for item in world.arrived if item.channel == "mail" and "addresses refuse" in item.words.subject]
    assert [len(told), "1 address of" in told[0].words.plain(), "2 addresses of" in told[1].words.plain()] == [
        2,
        True,
        True,
    ]


@pytest.mark.parametrize("failure", [RAISED, UNKNOWN_404, TOPIC])
def test_three_different_addresses_refused_in_a_row_for_no_reason_of_their_own_are_the_channels_fault(
    make: Make, failure: Failure
) -> None:
    world = crowd(make)
    refuses(world, failure, *PEOPLE)
    world.live("2025-07-08 09:05")
    assert list(broken(world)) == ["club"]
    assert "3 different addresses in a row" in broken(world)["club"]
    given = [each for each in world.transport.given if each.channel.name == "club"]
    final = {each.channel.fingerprint for each in given if each.plain or failure.kind is FailureKind.CHANNEL}
    assert len(final) == 3
    refuses(world, failure)
    world.live("2025-07-08 11:30")
    assert broken(world) == {}
    assert refused_addresses(world) == {}
    assert {item.subscriber for item in world.arrived if item.channel == "club"} == set(PEOPLE)


@pytest.mark.parametrize("failure", [RAISED, UNKNOWN_404, TOPIC])
def test_dead_addresses_that_are_tried_again_and_again_delay_nobody_who_is_reached(
    make: Make, failure: Failure
) -> None:
    world = crowd(make)
    refuses(world, failure, *PEOPLE[9:13])
    for day in ("2025-07-08", "2025-07-09"):
        world.live(f"{day} 09:01")
        reached = [item for item in world.arrived if item.channel == "club" and f"{item.at + IST:%Y-%m-%d}" == day]
        assert {item.subscriber for item in reached} == {*PEOPLE[:9], *PEOPLE[13:]}
        world.live(f"{day} 12:00")
        assert broken(world) == {}
    assert "Channel club is not working" not in subjects(world, "mail")


@pytest.mark.parametrize("failure", [RAISED, UNKNOWN_404, TOPIC])
def test_a_shared_channel_that_breaks_later_is_known_beside_addresses_that_were_dead_before(
    make: Make, failure: Failure
) -> None:
    world = crowd(make)
    refuses(world, failure, *PEOPLE[9:12])
    world.live("2025-07-08 20:00")
    assert broken(world) == {}
    refuses(world, failure, *PEOPLE)
    world.live("2025-07-09 09:05")
    assert list(broken(world)) == ["club"]


@pytest.mark.parametrize("failure", [RAISED, UNKNOWN_404, TOPIC])
def test_where_nobody_who_was_ever_reached_is_reached_now_it_is_the_channel_however_few_they_are(
    make: Make, failure: Failure
) -> None:
    world = crowd(make)
    refuses(world, failure, *PEOPLE[1:])
    world.live("2025-07-08 09:05")
    refuses(world, failure, *PEOPLE)
    world.live("2025-07-09 12:05")
    assert list(broken(world)) == ["club"]


def test_a_wrong_token_is_every_addresss_at_once(make: Make) -> None:
    world = crowd(make)
    refuses(world, TOKEN, *PEOPLE)
    world.live("2025-07-08 09:05")
    assert list(broken(world)) == ["club"]
    assert len([given for given in world.transport.given if given.channel.name == "club"]) == 1
