"""The threads that send: a dead or slow endpoint costs the others nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import Channel, Kind, Release, Subscriber
from reminder.core.model.secret import Secret
from reminder.core.sending.rate_limit import FIRST_WINDOW, MOST_FAILURES, ChannelPace, SendRate
from reminder.core.sending.retry import Failure, FailureKind, Refused
from reminder.core.text.message import BodyLine, Words
from reminder.delivery.lane_queue import MOST_ADDRESSES, MOST_BEHIND, LaneQueue, LaneScheduler
from reminder.delivery.sender import NotTried, OutgoingMessage, SendResult
from reminder.delivery.sender_pool import MOST_WAITING, SenderPool
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import SystemClock
from reminder.store.outbox_read import PendingDelivery

NOW = datetime(2025, 7, 2, 9, tzinfo=UTC)
DOWN = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable")


def outgoing(channel: str, number: int = 1) -> OutgoingMessage:
    """Return a parcel for a channel."""
    item = PendingDelivery(
        id=number,
        message_id=number,
        channel=channel,
        subscriber_id=number,
        subscriber=Subscriber(name="asha", zone=ZoneInfo("UTC")),
        title=None,
        release=Release(),
        kind=Kind.REMINDER,
        lead=None,
        planned=UNKNOWN,
        heard=None,
        others=0,
        detail={},
        useful_until=NOW + timedelta(days=1),
        due_at=NOW,
        attempts=0,
        plain=False,
        refused=Refused.NEVER,
        at=NOW,
        tried_at=NOW,
        last_reason=None,
        ended_at=None,
        is_muted=False,
        paused_until=None,
    )
    to = Channel(name=channel, url=Secret(f"json://{channel}"), fingerprint=channel)
    words = Words(subject="s", body=(BodyLine(text="b"),))
    return OutgoingMessage(channel=to, items=(item,), kind=Kind.REMINDER, words=words, plain=False, written_at=NOW)


@contextmanager
def a_crew(
    transport: FakeTransport, *, concurrency: int = 16, pace: Callable[[Channel], ChannelPace] | None = None
) -> Iterator[SenderPool]:
    """Run a sender pool, and end it."""
    sender = SenderPool(
        transport,
        concurrency=concurrency,
        pace_of=pace or (lambda channel: ChannelPace(lane=channel.name)),
        monotonic=SystemClock().monotonic,
    )
    try:
        yield sender
    finally:
        sender.close()


def collected(sender: SenderPool, count: int) -> list[SendResult]:
    """Return so many finished parcels, waiting for them."""
    done: list[SendResult] = []
    for _ in range(40):
        done += sender.finished()
        if len(done) >= count:
            return done
        sender.wait(0.5)
    raise AssertionError(f"only {len(done)} of {count} came back")


def test_everything_started_comes_back_once() -> None:
    with a_crew(FakeTransport()) as sender:
        sender.start([outgoing(f"c{number % 5}", number) for number in range(200)])
        done = collected(sender, 200)
    assert sorted(item.outgoing.items[0].id for item in done) == list(range(200))
    assert sender.in_flight == 0


def test_an_endpoint_that_hangs_holds_only_its_window_and_the_others_go_on() -> None:
    gate = threading.Event()
    transport = FakeTransport()

    begun: Counter[str] = Counter()

    def hang(*_: object) -> Sent:
        begun["hanging"] += 1
        gate.wait(20)
        return Sent()

    transport.always("hanging", hang)
    with a_crew(transport, concurrency=16) as sender:
        sender.start([outgoing("hanging", number) for number in range(100)])
        sender.start([outgoing("healthy", 1000 + number) for number in range(100)])
        done = collected(sender, 100)
        assert {item.outgoing.channel.name for item in done} == {"healthy"}
        assert begun["hanging"] <= FIRST_WINDOW
        gate.set()
        collected(sender, 100)


@pytest.mark.parametrize("each", [1, 3])
def test_sixty_four_endpoints_that_hang_hold_up_none_that_answers_though_it_was_never_tried(each: int) -> None:
    gate, begun = threading.Event(), Counter[str]()

    def hang(channel: Channel, *_: object) -> Sent:
        begun[channel.name] += 1
        gate.wait(30)
        return Sent()

    transport = FakeTransport()
    names = [f"hanging{number}" for number in range(64)]
    for name in names:
        transport.always(name, hang)
    with a_crew(transport) as sender:
        sender.start([outgoing(name, number) for number, name in enumerate(names * each)])
        sender.start([outgoing("healthy", 1000)])
        (done,) = collected(sender, 1)
        assert done.outgoing.channel.name == "healthy"
        assert not gate.is_set()
        assert sum(begun.values()) <= MOST_WAITING
        gate.set()
        collected(sender, 64 * each)


def test_when_more_hang_than_there_is_room_for_the_others_go_on_as_soon_as_some_come_back() -> None:
    gate = threading.Event()

    def hang(*_: object) -> Sent:
        gate.wait(30)
        return Sent()

    transport = FakeTransport(otherwise=hang).always("healthy", Sent())
    with a_crew(transport) as sender:
        sender.start([outgoing(f"hanging{number}", number) for number in range(MOST_WAITING + 50)])
        sender.start([outgoing("healthy", 1000)])
        gate.set()
        assert len(collected(sender, MOST_WAITING + 51)) == MOST_WAITING + 51


def test_threads_that_were_hired_while_others_hung_end_when_they_are_needed_no_more() -> None:
    gate = threading.Event()

    def hang(*_: object) -> Sent:
        gate.wait(30)
        return Sent()

    transport = FakeTransport(otherwise=hang).always("healthy", Sent())
    with a_crew(transport, concurrency=4) as sender:
        sender.start([outgoing(f"hanging{number}", number) for number in range(20)])
        sender.start([outgoing("healthy", 1000)])
        collected(sender, 1)
        gate.set()
        collected(sender, 20)
        hired = list(sender.threads)
        assert len(hired) > 20
        for _ in range(200):
            if sum(thread.is_alive() for thread in hired) <= 5:
                break
            sender.wait(0.05)
        assert sum(thread.is_alive() for thread in hired) <= 5


def test_one_persons_messages_on_one_channel_arrive_in_their_order_and_nobody_elses_wait_for_them() -> None:
    gate, seen = threading.Event(), list[str]()

    def answer(_: Channel, __: Words, ref: str) -> Sent:
        if ref == "1":
            gate.wait(20)
        seen.append(ref)
        return Sent()

    with a_crew(FakeTransport().always("phone", answer)) as sender:
        theirs = [
            replace(outgoing("phone", number), items=(of_one(outgoing("phone", number)),)) for number in (1, 2, 3, 4)
        ]
        sender.start([*theirs, outgoing("phone", 90), outgoing("phone", 91)])
        collected(sender, 2)
        assert sorted(seen) == ["90", "91"]
        gate.set()
        collected(sender, 4)
    assert seen[2:] == ["1", "2", "3", "4"]


def of_one(made: OutgoingMessage) -> PendingDelivery:
    """Return a parcel's delivery as that of one and the same person."""
    return replace(made.items[0], subscriber_id=7)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "take", "take", "back", "empty"]), st.integers(1, 3), st.sampled_from("ab")
    ),
    max_size=60,
)
"""What is done: something comes for a person over a host; what may go is taken; what went comes back; a lane empties."""


class Traffic:
    """Lanes with what waits for them and what is on its way, held against a plain list of what came."""

    def __init__(self) -> None:
        self.lanes = LaneScheduler(pace_of=lambda channel: ChannelPace(lane=channel.fingerprint), most=4)
        self.waiting: list[OutgoingMessage] = []
        self.going: list[tuple[LaneQueue, OutgoingMessage]] = []

    def add(self, person: int, host: str) -> None:
        """Let a message come for a person; the address of the channel is now on this host."""
        item = replace(outgoing("c", person), channel=Channel(name="c", url=Secret("json://c"), fingerprint=host))
        self.waiting.append(item)
        self.lanes.add([item], 0.0)

    def take(self, *_: object) -> bool:
        """Take what may go, if anything may: it is its person's first, and nothing else of theirs is on its way."""
        free = next((each for each in self.lanes.waiting if self.lanes.wait(each, 0.0) == 0.0), None)
        if free is None:
            return False
        gone = self.lanes.take(free, 0.0)
        assert whose(gone) not in {whose(item) for _, item in self.going}
        assert gone is next(item for item in self.waiting if whose(item) == whose(gone))
        self.waiting.remove(gone)
        self.going.append((free, gone))
        return True

    def back(self, *_: object) -> None:
        """Let what went first come back."""
        if self.going:
            lane_queue, item = self.going.pop(0)
            lane_queue.lane.succeeded(0.0)
            self.lanes.back(lane_queue, item)

    def empty(self, *_: object) -> None:
        """Take out what waits for the first lane."""
        gone = self.lanes.empty(self.lanes.waiting[0]) if self.lanes.waiting else []
        assert gone == [item for item in self.waiting if any(item is each for each in gone)]
        self.waiting = [item for item in self.waiting if not any(item is each for each in gone)]


def whose(item: OutgoingMessage) -> int:
    return item.items[0].subscriber_id


@given(MOVES)
def test_whatever_comes_and_goes_each_persons_messages_leave_one_by_one_in_their_order(
    moves: list[tuple[str, int, str]],
) -> None:
    """The channel's address may change while something waits for the one before."""
    traffic = Traffic()
    for move, person, host in moves:
        getattr(traffic, move)(person, host)
    while traffic.waiting or traffic.going:
        if not traffic.take():
            traffic.back()


def test_what_waits_behind_a_persons_own_takes_nobodys_place_but_there_is_an_end_to_it() -> None:
    lanes = LaneScheduler(pace_of=lambda channel: ChannelPace(lane=channel.name), most=4)
    channel = outgoing("c").channel
    room = lanes.room(channel, 0.0)
    lanes.add([outgoing("c", 1) for _ in range(20 * room)], 0.0)
    assert lanes.room(channel, 0.0) == 0
    lanes.empty(lanes.waiting[0])
    assert lanes.room(channel, 0.0) == room
    lanes.add([outgoing("c", 1) for _ in range((MOST_BEHIND - 1) * room)], 0.0)
    assert lanes.room(channel, 0.0) == room - 1
    lanes.add([outgoing("c", number) for number in range(2, room + 1)], 0.0)
    assert lanes.room(channel, 0.0) == 0


def test_an_endpoint_that_fails_is_left_alone_and_what_waited_goes_back_untried() -> None:
    transport = FakeTransport()
    transport.always("down", DOWN)
    with a_crew(transport) as sender:
        sender.start([outgoing("down", number) for number in range(50)])
        done = collected(sender, 50)
        tried = [item for item in done if item.outcome == DOWN]
        back = [item for item in done if isinstance(item.outcome, NotTried)]
        assert MOST_FAILURES <= len(tried) <= FIRST_WINDOW + MOST_FAILURES
        assert len(tried) + len(back) == 50
        assert sender.room(outgoing("down").channel) == 0
        assert sender.room(outgoing("healthy").channel) > 0


def test_a_fault_of_the_address_says_nothing_of_the_endpoint() -> None:
    transport = FakeTransport()
    transport.always("gone", Failure(kind=FailureKind.CHANNEL, reason="404"))
    with a_crew(transport) as sender:
        sender.start([outgoing("gone", number) for number in range(20)])
        done = collected(sender, 20)
    assert not any(isinstance(item.outcome, NotTried) for item in done)


def test_a_paced_lane_and_a_paced_address_let_one_go_and_hold_the_rest() -> None:
    seldom = SendRate(amount=1, seconds=3600)
    for pace in (ChannelPace(lane="bot", rate=seldom), ChannelPace(lane="bot", each=seldom)):
        transport = FakeTransport()
        with a_crew(transport, pace=lambda _, pace=pace: pace) as sender:  # type: ignore[misc]
            sender.start([outgoing("chat", number) for number in range(8)])
            collected(sender, 1)
            assert len(transport.given) == 1
            assert sender.in_flight == 7


def test_a_closed_crew_leaves_no_thread_of_its_own() -> None:
    with a_crew(FakeTransport(), concurrency=8) as sender:
        sender.start([outgoing("c", 1)])
        collected(sender, 1)
        mine = list(sender.threads)
    for thread in mine:
        thread.join(10)
    assert not any(thread.is_alive() for thread in mine)


def test_what_is_no_longer_ours_when_its_turn_comes_is_given_back_unsent() -> None:
    transport = FakeTransport()
    sender = SenderPool(
        transport,
        concurrency=4,
        pace_of=lambda channel: ChannelPace(lane=channel.name),
        monotonic=SystemClock().monotonic,
        is_leased=lambda leased_at: leased_at > 10,
    )
    try:
        sender.start([replace(outgoing("a", 1), leased_at=5.0), replace(outgoing("a", 2), leased_at=15.0)])
        outcomes = {done.outgoing.ref: done.outcome for done in collected(sender, 2)}
    finally:
        sender.close()
    assert isinstance(outcomes["2"], Sent)
    assert outcomes["1"] == NotTried(reason="the database could not be reached before its turn came")
    assert [sent.ref for sent in transport.sent] == ["2"]


def test_what_has_not_left_can_be_recalled() -> None:
    slow = ChannelPace(lane="a", rate=SendRate(amount=1, seconds=60.0))
    with a_crew(FakeTransport(), pace=lambda _: slow) as sender:
        sender.start([outgoing("a", number) for number in range(1, 4)])
        (first,) = collected(sender, 1)
        sender.recall()
        rest = collected(sender, 2)
    assert isinstance(first.outcome, Sent)
    assert {done.outcome for done in rest} == {NotTried(reason="it was stopped before its turn came")}


def test_who_counts_the_seconds_of_one_lane_and_is_then_held_by_another_leaves_nobody_waiting() -> None:
    gate = threading.Event()
    transport = FakeTransport().script("hanging", Sent(), lambda *_: Sent() if gate.wait(20) else DOWN)
    paces = {
        "hanging": ChannelPace(lane="hanging", rate=SendRate(amount=20)),
        "chat": ChannelPace(lane="bot", rate=SendRate(amount=10)),
    }
    with a_crew(transport, concurrency=4, pace=lambda channel: paces[channel.name]) as sender:
        sender.start(
            [*(outgoing("hanging", number) for number in (1, 2)), *(outgoing("chat", number) for number in (3, 4, 5))]
        )
        done = collected(sender, 4)
        assert sorted(item.outgoing.ref for item in done) == ["1", "3", "4", "5"]
        gate.set()
        collected(sender, 1)


def test_a_lane_that_may_go_soon_does_not_wait_for_one_that_may_go_much_later() -> None:
    paces = {
        "slow": ChannelPace(lane="slow", rate=SendRate(amount=1, seconds=3600)),
        "fast": ChannelPace(lane="fast", rate=SendRate(amount=20)),
    }
    with a_crew(FakeTransport(), pace=lambda channel: paces[channel.name]) as sender:
        sender.start([outgoing("slow", number) for number in (1, 2)])
        collected(sender, 1)
        sender.start([outgoing("fast", number) for number in (3, 4, 5)])
        assert sorted(item.outgoing.ref for item in collected(sender, 3)) == ["3", "4", "5"]


def test_what_comes_to_a_lane_that_rests_goes_back_untried() -> None:
    busy = Failure(kind=FailureKind.TRANSIENT, reason="429", wait=timedelta(hours=1))
    transport = FakeTransport().script("busy", busy)
    with a_crew(transport) as sender:
        sender.start([outgoing("busy", 1)])
        assert [item.outcome for item in collected(sender, 1)] == [busy]
        sender.start([outgoing("busy", 2), outgoing("busy", 3)])
        assert all(isinstance(item.outcome, NotTried) for item in collected(sender, 2))
    assert len(transport.given) == 1


def test_several_to_one_address_do_not_hold_up_those_to_others() -> None:
    seldom = SendRate(amount=1, seconds=3600)
    pace = ChannelPace(lane="bot", each=seldom)
    transport = FakeTransport()
    with a_crew(transport, pace=lambda _: pace) as sender:
        sender.start([outgoing(f"chat {number // 3}", number) for number in range(18)])
        collected(sender, 6)
        assert sorted(given.ref for given in transport.given) == sorted(str(number) for number in range(0, 18, 3))
        assert sender.in_flight == 12


def test_lanes_that_are_idle_are_forgotten_when_there_are_very_many() -> None:
    seldom = SendRate(amount=1, seconds=3600)
    with a_crew(FakeTransport(), pace=lambda channel: ChannelPace(lane=channel.name, rate=seldom)) as sender:
        sender.start([outgoing("busy", 1), outgoing("busy", 2)])
        collected(sender, 1)
        channel = outgoing("free").channel
        for number in range(2 * MOST_ADDRESSES):
            sender.room(replace(channel, name=f"free {number}", fingerprint=str(number)))
        assert "busy" in sender.lanes
        assert len(sender.lanes) <= MOST_ADDRESSES
        assert sender.in_flight == 1
