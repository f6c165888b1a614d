"""Threads that may be left behind: cut off in time, given up when that does not help, replaced, and counted."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.rate_limit import ChannelPace
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.delivery.sender_pool import SenderPool
from reminder.notify.apprise import AppriseTransport
from reminder.notify.library import loaded
from reminder.notify.router import Router
from reminder.notify.transport import Outcome, Sent, expendable, who_hears
from reminder.platform.clock import SystemClock
from reminder.platform.watchdog import Watchdog
from tests.integration.test_lanes import collected, outgoing
from tests.support.faults import no_thread_left
from tests.support.sink import Reply, Sink

LOST = Failure(kind=FailureKind.UNKNOWN, reason="left behind")
MONOTONIC = SystemClock().monotonic


class Stubborn:
    """A transport whose sends to the channel `deaf` do not even end when cut off, until they are released."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.back = threading.Event()
        self.watch = Watchdog("watch", monotonic=MONOTONIC)

    @property
    def stuck(self) -> int:
        """How many are stuck."""
        return self.watch.stuck

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Send, or hang."""
        hears = who_hears()
        assert hears is not None
        return self.watch.run(
            lambda: self._send(channel), seconds=0.1, cut_off=lambda: None, give_up=lambda: hears(LOST)
        )

    def _send(self, channel: Channel) -> Outcome:
        if channel.name == "deaf":
            self.released.wait(30)
            self.back.set()
        return Sent(detail="late" if channel.name == "deaf" else "")

    def close(self) -> None:
        """Do nothing."""


def soon(holds: Callable[[], bool]) -> bool:
    """Wait a while for something to come true."""
    never = threading.Event()
    return any(holds() or never.wait(0.05) for _ in range(200))


def test_a_call_that_ends_when_cut_off_comes_back_by_itself() -> None:
    watch, cut, given_up = Watchdog("watch", monotonic=MONOTONIC), threading.Event(), threading.Event()
    assert watch.run(lambda: cut.wait(20), seconds=0.1, cut_off=cut.set, give_up=given_up.set)
    assert not given_up.is_set()
    assert (watch.stuck, watch.abandoned) == (0, 0)


def test_a_call_that_does_not_end_is_given_up_and_counted_until_it_does() -> None:
    watch, release, given_up = Watchdog("watch", monotonic=MONOTONIC), threading.Event(), threading.Event()
    thread = threading.Thread(
        target=watch.run,
        args=(lambda: release.wait(20),),
        kwargs={"seconds": 0.1, "cut_off": lambda: None, "give_up": given_up.set},
    )
    thread.start()
    assert given_up.wait(20)
    assert (watch.stuck, watch.abandoned) == (1, 1)
    release.set()
    thread.join()
    assert (watch.stuck, watch.abandoned) == (0, 1)


def test_an_error_while_giving_up_does_not_leave_the_others_unwatched() -> None:
    watch, cut = Watchdog("watch", monotonic=MONOTONIC), threading.Event()

    def stumble() -> None:
        raise RuntimeError

    assert not watch.run(lambda: threading.Event().wait(0.5), seconds=0.1, cut_off=stumble, give_up=lambda: None)
    assert watch.run(lambda: cut.wait(20), seconds=0.1, cut_off=cut.set, give_up=lambda: None)


def test_what_a_call_raises_is_raised() -> None:
    with pytest.raises(SystemExit):
        Watchdog("watch", monotonic=MONOTONIC).run(sys.exit, seconds=5, cut_off=lambda: None, give_up=lambda: None)


def test_a_thread_left_behind_is_replaced_and_its_late_outcome_counts_for_nothing() -> None:
    transport = Stubborn()
    pace = lambda channel: ChannelPace(lane=channel.name)  # noqa: E731
    sender = SenderPool(transport, concurrency=1, pace_of=pace, monotonic=MONOTONIC)
    sender.start([outgoing("deaf", 1), outgoing("healthy", 2), outgoing("healthy", 3)])
    done = collected(sender, 3)
    assert {item.outgoing.items[0].id: item.outcome for item in done} == {1: LOST, 2: Sent(), 3: Sent()}
    assert sender.stuck == 1
    assert len(sender.threads) >= 2  # the one left behind, and at least one in its place
    transport.released.set()
    assert soon(lambda: sender.stuck == 0)
    sender.threads[0].join(20)
    assert sender.finished() == []
    sender.close()


def test_the_router_tells_what_is_stuck_in_its_services() -> None:
    transport = Stubborn()
    router = Router(services=lambda: transport)
    assert router.stuck == 0
    heard: list[Outcome] = []

    def send() -> None:
        with expendable(heard.append):
            router.send(Channel(name="deaf", url=Secret("json://127.0.0.1:9/")), Words(subject="x"), ref="r")

    thread = threading.Thread(target=send)
    thread.start()
    assert soon(lambda: router.stuck == 1)
    transport.released.set()
    thread.join()
    assert (heard, router.stuck) == ([LOST], 0)


@pytest.mark.parametrize(
    "reply", [Reply(hang=True), Reply(status=503, drip=0.3, drip_head=True)], ids=["hangs", "drips its head"]
)
@pytest.mark.parametrize("kept", [False, True], ids=["new connection", "open connection"])
def test_a_service_that_does_not_answer_in_time_is_cut_off_on_the_senders_own_thread(reply: Reply, kept: bool) -> None:
    loaded()  # apprise: that is not the service's time
    transport = AppriseTransport(clock=SystemClock(), timeout=0.5)
    heard: list[Outcome] = []
    with Sink() as sink, expendable(heard.append):
        channel = Channel(name="x", url=Secret(f"json://{sink.netloc}/"))
        if kept:
            assert isinstance(transport.send(channel, Words(subject="x"), ref="r"), Sent)
        sink.script(reply)
        outcome = transport.send(channel, Words(subject="x"), ref="r")
        assert outcome == Failure(kind=FailureKind.UNKNOWN, reason="no answer within 0.5 s (it may have arrived)")
        assert isinstance(transport.send(channel, Words(subject="x"), ref="r"), Sent)
    assert heard == []
    assert (transport.abandoned, transport.stuck) == (0, 0)
    transport.close()


HANGING = """
import sys, time
from reminder.core.sending.rate_limit import ChannelPace
from reminder.delivery.sender_pool import SenderPool
from tests.integration.test_watch import Stubborn, outgoing
sender = SenderPool(Stubborn(), concurrency=2, pace_of=lambda channel: ChannelPace(lane="x"), monotonic=time.monotonic)
sender.start([outgoing("deaf", 1)])
sender.wait(20)
assert sender.stuck == 1
sender.close()
"""


def test_a_thread_left_behind_does_not_keep_the_process_from_ending() -> None:
    subprocess.run([sys.executable, "-c", HANGING], check=True, timeout=25)


def test_nothing_goes_out_unwatched_when_no_thread_can_be_started_and_all_is_well_when_one_can() -> None:
    watch = Watchdog("watch", monotonic=MONOTONIC)
    cut, called = threading.Event(), threading.Event()
    with no_thread_left(), pytest.raises(RuntimeError):
        watch.run(called.set, seconds=0.1, cut_off=cut.set, give_up=cut.set)
    assert not called.is_set()
    assert watch.run(lambda: cut.wait(20), seconds=0.1, cut_off=cut.set, give_up=cut.set)
