"""A service that asks for a pause: what it is about rests, and nothing else (SPEC 4, "Failure")."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.core.model.entities import Channel
from reminder.core.sending.rate_limit import ChannelPace
from reminder.core.sending.retry import Failure, FailureKind
from reminder.daemon.build_delivery import build_sweeper
from reminder.delivery.lane_queue import LaneScheduler
from reminder.delivery.sender import RESTS, NotTried
from reminder.notify.fake import FakeTransport
from reminder.notify.pace import asks_for_address
from reminder.store.sql.tables import delivery
from tests.integration.test_lanes import a_crew, collected, outgoing
from tests.support.world import Postman, World

PAUSE = Failure(
    kind=FailureKind.TRANSIENT, reason="429 Too Many Requests", status=429, wait=timedelta(hours=1), is_wait_of_address=True
)  # fmt: skip
DOWN = replace(PAUSE, reason="503 Service Unavailable", status=503, is_wait_of_address=False)


@pytest.mark.parametrize(
    ("url", "status", "is_of_address"),
    [
        ("tgram://110201543:AAHdqTcv/1", 429, True),
        ("slack://A/B/C/#general", 429, True),
        ("webpush:///x", 429, True),
        ("webpush:///x", 503, False),
        ("tgram://110201543:AAHdqTcv/1", 502, False),
        ("ntfys://ntfy.sh/topic", 429, False),  # of the visitor: every topic from here
        ("discord://1/abc", 429, False),  # of the webhook, which is the endpoint
        ("matrixs://token@matrix.example.org/!room:example.org", 429, False),  # of who is logged in
        ("pover://user@token", 429, False),  # of the application
        ("mailto://relay.example.org", 421, False),
    ],
)
def test_each_services_pause_is_about_something(url: str, status: int, is_of_address: bool) -> None:
    assert asks_for_address(url, status) is is_of_address


def of_bot(channel: Channel) -> ChannelPace:
    return ChannelPace(lane=channel.fingerprint[0])


def left_of(*failing: tuple[str, Failure], family: str | None = None) -> set[str]:
    """Return which of four chats at two endpoints still get something, once these were answered so."""
    transport = FakeTransport()
    for name, failure in failing:
        transport.always(name, failure)

    def pace(channel: Channel) -> ChannelPace:
        return ChannelPace(lane=of_bot(channel).lane, family=family)

    with a_crew(transport, pace=pace) as sender:
        for number, (name, _) in enumerate(failing):
            sender.start([outgoing(name, number)])
            collected(sender, 1)
        chats = [outgoing(name, 10 + number) for number, name in enumerate(["a1", "a2", "a3", "b1"])]
        going = [each for each in chats if sender.room(each.channel) and not sender.rest(each.channel)]
        sender.start(going)
        done = collected(sender, len(going)) if going else []
    return {each.outgoing.channel.name for each in done if not isinstance(each.outcome, NotTried)}


@pytest.mark.parametrize("family", [None, ""])
@pytest.mark.parametrize(
    ("failing", "left"),
    [
        ([("a1", PAUSE)], {"a2", "a3", "b1"}),
        ([("a1", PAUSE), ("a1", PAUSE)], {"a2", "a3", "b1"}),
        ([("a1", PAUSE), ("a2", PAUSE)], {"b1"}),
        ([("a1", PAUSE), ("b1", PAUSE)], {"a2", "a3"}),
        ([("a1", DOWN)], {"b1"}),
    ],
)
def test_what_was_told_to_wait_rests_and_the_others_go_on(
    failing: list[tuple[str, Failure]], left: set[str], family: str | None
) -> None:
    assert left_of(*failing, family=family) == left


def test_what_waits_for_that_address_goes_back_untried_and_what_waits_for_another_goes() -> None:
    lanes = LaneScheduler(pace_of=of_bot, most=4)
    there = [outgoing(name, number) for number, name in enumerate(["a1", "a2", "a1"])]
    (lane_queue,) = set(lanes.add(there, 0.0))
    assert lanes.rest_address(lane_queue, there[0].channel, 60.0, 0.0)
    assert lanes.empty_address(lane_queue, there[0].channel) == [there[0], there[2]]
    assert list(lane_queue.waiting.values()) == [there[1]]
    assert not lanes.urge(there[0].channel, 30.0)
    assert lanes.urge(there[1].channel, 30.0)
    assert [lanes.rest(there[0].channel, at) for at in (0.0, 59.0, 60.0)] == [60.0, 1.0, 0.0]
    assert lanes.rest_address(lane_queue, there[1].channel, 60.0, 61.0)


def test_no_service_keeps_anything_waiting_for_longer_than_an_hour() -> None:
    transport = FakeTransport().always("a1", replace(PAUSE, wait=timedelta(days=9)))
    with a_crew(transport, pace=of_bot) as sender:
        sender.start([outgoing("a1", 1)])
        collected(sender, 1)
        assert 0 < sender.rest(outgoing("a1", 1).channel) <= 3600


def of_services(channel: Channel) -> ChannelPace:
    lane = "push:" if channel.name == "all" else f"push:{channel.name[0]}"
    return ChannelPace(lane=lane, family="push:")


def test_a_channel_to_several_services_has_room_while_one_of_them_has() -> None:
    whole, one, other = (outgoing(name, number) for number, name in enumerate(["all", "a1", "b1"]))
    lanes = LaneScheduler(pace_of=of_services, most=4)
    room = lanes.room(whole.channel, 0.0)
    for each in (one, other):
        (lane_queue,) = lanes.add([each], 0.0)
        lanes.take(lane_queue, 0.0)
        lane_queue.lane.failed(0.0, asked=60.0)
        if each is one:
            assert 0 < lanes.room(whole.channel, 0.0) <= room
            assert (lanes.rest(one.channel, 0.0), lanes.rest(other.channel, 0.0)) == (60.0, 0.0)
    assert lanes.room(whole.channel, 0.0) == room, "there may be a third"


class Pausing(Postman):
    """Sends to all but one address, which rests for a minute."""

    def rest(self, channel: Channel) -> float:
        """Return the pause of that address."""
        return 60.0 if channel.url and channel.url.reveal().endswith("/1") else 0.0


def test_who_is_at_an_address_that_rests_waits_and_nobody_else_on_the_channel() -> None:
    people = "subscribers: {asha: {channels: [{bot: '1'}]}, ravi: {channels: [{bot: '2'}]}}\n"
    world = World(
        people + "watch: [{title: Ballard, premiere: 2025-07-09}]",
        "2025-07-01 12:00",
        base='channels: {bot: "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/{address}"}\n',
    )
    world.sweeper = build_sweeper(world.app, world.store, Pausing(world.transport, world.arrived))
    world.at("2025-07-02 09:00").settle()
    assert [each.subscriber for each in world.arrived] == ["ravi"]
    with world.store.read() as tx:
        assert set(tx.execute(select(delivery.c.state, delivery.c.reason))) == {("sent", "fake"), ("due", RESTS)}
    assert world.sweeper.sweep(world.clock.now()).next_at == world.clock.now() + timedelta(minutes=1)
    world.begin().at("2025-07-02 09:01").settle()
    assert [each.subscriber for each in world.arrived] == ["ravi", "asha"]
