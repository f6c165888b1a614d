"""What every transport promises, asked of each: the fake, the console, and apprise and Web Push against real servers."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.console import ConsoleTransport
from reminder.notify.fake import FakeTransport
from reminder.notify.router import Router
from reminder.notify.transport import Sent, Transport
from reminder.notify.webpush.settings import PushSettings
from reminder.notify.webpush.vapid import VapidKey, new_key
from reminder.platform.clock import SystemClock
from tests.support.push import PushService
from tests.support.sink import Reply, Request, Sink

PLANTED = ("hunter22", "s3cr3t-path", "bearer-t0ken")
WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
SECONDS = 30.0
"""Nobody here waits for it; the first send loads the services within it, on a machine that may be busy."""


@dataclass(frozen=True, kw_only=True)
class Rig:
    """A transport, a channel on it, how to make it fail, and what has arrived."""

    transport: Transport
    channel: Channel
    break_it: Callable[[], None]
    arrived: Callable[[], list[str]]


class _Broken(io.StringIO):
    broken = False

    def write(self, text: str) -> int:
        if self.broken:
            raise BrokenPipeError
        return super().write(text)


@contextmanager
def fake_rig() -> Iterator[Rig]:
    transport = FakeTransport()

    def broken() -> None:
        transport.always("any", RuntimeError(PLANTED[0]))

    channel = Channel(name="any", url=Secret(f"json://user:{PLANTED[0]}@example.com/{PLANTED[1]}"))
    yield Rig(
        transport=transport,
        channel=channel,
        break_it=broken,
        arrived=lambda: [each.words.subject for each in transport.sent],
    )


@contextmanager
def console_rig() -> Iterator[Rig]:
    stream = _Broken()
    channel = Channel(name="screen", url=Secret("console://"))

    def broken() -> None:
        stream.broken = True

    yield Rig(
        transport=ConsoleTransport(stream=stream),
        channel=channel,
        break_it=broken,
        arrived=lambda: [each.splitlines()[1] for each in stream.getvalue().split("\n\n") if each],
    )


def sink_url(sink: Sink) -> str:
    return f"json://user:{PLANTED[0]}@{sink.netloc}/{PLANTED[1]}?+Authorization=Bearer%20{PLANTED[2]}"


@contextmanager
def apprise_rig() -> Iterator[Rig]:
    with Sink() as sink:
        transport = AppriseTransport(clock=SystemClock(), timeout=SECONDS)
        echo = Reply(status=500, body=f'{{"message": "no {" ".join(PLANTED)}"}}'.encode())

        def broken() -> None:
            sink.always(echo)

        yield Rig(
            transport=transport,
            channel=Channel(name="hook", url=Secret(sink_url(sink))),
            break_it=broken,
            arrived=lambda: [each.json()["title"] for each in sink.requests],
        )
        transport.close()


@contextmanager
def router_rig() -> Iterator[Rig]:
    with apprise_rig() as rig:
        router = Router(services=lambda: rig.transport)
        yield Rig(transport=router, channel=rig.channel, break_it=rig.break_it, arrived=rig.arrived)


def push_settings() -> PushSettings:
    key = VapidKey(Secret(new_key()))
    return PushSettings(key=key, contact="mailto:me@example.org", hosts=frozenset({"127.0.0.1"}))


@contextmanager
def push_rig() -> Iterator[Rig]:
    settings = push_settings()
    with PushService() as service:
        transport = AppriseTransport(clock=SystemClock(), timeout=SECONDS, push=lambda: settings)
        browser = service.subscribe(path="/".join(PLANTED), asked_with=settings.key.public)
        shared = Channel(name="browser", url=Secret("webpush:///{address}"), is_shared=True)
        echo = Reply(status=500, body=f'{{"message": "no {" ".join(PLANTED)}"}}'.encode())

        def broken() -> None:
            service.sink.always(echo)

        yield Rig(
            transport=transport,
            channel=shared.to(browser.address),
            break_it=broken,
            arrived=lambda: [each.title for each in browser.shown],
        )
        transport.close()


RIGS = {"webpush": push_rig, "fake": fake_rig, "console": console_rig, "apprise": apprise_rig, "router": router_rig}


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as made:
        yield made


def test_an_accepted_message_is_sent_and_arrives_once(rig: Rig) -> None:
    assert isinstance(rig.transport.send(rig.channel, WORDS, ref="d1"), Sent)
    assert rig.arrived() == ["Ballard premieres in 7 days"]


def test_a_channel_without_a_url_is_the_channels_fault_in_the_words_of_its_problem(rig: Rig) -> None:
    channel = Channel(name="phone", url=None, problem="TELEGRAM_TOKEN is not set")
    outcome = rig.transport.send(channel, WORDS, ref="d1")
    assert outcome == Failure(kind=FailureKind.CHANNEL, reason="TELEGRAM_TOKEN is not set")
    assert rig.arrived() == []


def test_trouble_is_an_answer_and_never_raised(rig: Rig) -> None:
    rig.break_it()
    for plain in (False, True):
        outcome = rig.transport.send(rig.channel, WORDS, ref="d1", plain=plain)
        assert isinstance(outcome, Failure)
        assert outcome.reason


def test_no_secret_stands_in_a_reason(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    rig.break_it()
    outcome = rig.transport.send(rig.channel, WORDS, ref="d1")
    for planted in PLANTED:
        assert planted not in str(outcome)
        assert planted not in caplog.text


ODD = {
    "nothing to say": Words(subject=""),
    "white space only": Words(subject=" ", body=(BodyLine(text="\u200b \n"),)),
    "control characters": Words(subject="a\x00b\r\nc\u202ed", body=(BodyLine(text="\x1b[31m\ud83d lone"),)),
    "letters from the right": Words(subject="\u2068\u05e4\u05d0\u05d5\u05d3\u05d4\u2069 premieres today"),
    "much too long": Words(subject="S" * 5000, body=(BodyLine(text="x " * 100_000),), link="https://example.com"),
}


@pytest.mark.parametrize("words", ODD.values(), ids=list(ODD))
@pytest.mark.parametrize("plain", [False, True])
def test_odd_words_are_answered_for(rig: Rig, words: Words, plain: bool) -> None:
    outcome = rig.transport.send(rig.channel, words, ref="d1", plain=plain)
    assert isinstance(outcome, Sent | Failure)


def test_many_threads_may_send_at_once(rig: Rig) -> None:
    outcomes: list[object] = []

    def send(index: int) -> None:
        for number in range(5):
            words = Words(subject=f"{index}/{number}")
            outcomes.append(rig.transport.send(rig.channel, words, ref=f"{index}/{number}"))

    threads = [threading.Thread(target=send, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert sorted(rig.arrived()) == sorted(f"{index}/{number}" for index in range(6) for number in range(5))


def test_closing_twice_does_no_harm(rig: Rig) -> None:
    rig.transport.send(rig.channel, WORDS, ref="d1")
    rig.transport.close()
    rig.transport.close()
    assert rig.transport.stuck == 0


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=SECONDS)
    yield made
    made.close()


def hook(sink: Sink) -> Channel:
    return Channel(name="hook", url=Secret(sink_url(sink)))


TABLE = [
    (200, None), (201, None), (202, None), (204, None),
    (301, FailureKind.CHANNEL), (302, FailureKind.CHANNEL), (307, FailureKind.CHANNEL), (308, FailureKind.CHANNEL),
    (400, FailureKind.MESSAGE), (401, FailureKind.CHANNEL), (403, FailureKind.CHANNEL), (404, FailureKind.CHANNEL),
    (405, FailureKind.CHANNEL), (408, FailureKind.TRANSIENT), (410, FailureKind.CHANNEL), (413, FailureKind.MESSAGE),
    (418, FailureKind.MESSAGE), (422, FailureKind.MESSAGE), (425, FailureKind.TRANSIENT),
    (429, FailureKind.TRANSIENT), (500, FailureKind.TRANSIENT), (502, FailureKind.TRANSIENT),
    (503, FailureKind.TRANSIENT), (504, FailureKind.TRANSIENT), (599, FailureKind.TRANSIENT),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind"), TABLE)
def test_every_status_is_somebodys_fault(
    sink: Sink, transport: AppriseTransport, status: int, kind: FailureKind | None
) -> None:
    headers = {"Location": f"http://elsewhere.example/{PLANTED[1]}"} if 300 <= status < 400 else {}
    sink.script(Reply(status=status, headers=headers, body=f"no {PLANTED[0]}".encode()))
    outcome = transport.send(hook(sink), WORDS, ref="d1")
    if kind is None:
        assert isinstance(outcome, Sent)
    else:
        assert isinstance(outcome, Failure)
        assert (outcome.kind, outcome.status) == (kind, status)
        assert outcome.reason.startswith(str(status))
        assert not any(planted in outcome.reason for planted in PLANTED)
    assert len(sink.requests) == 1


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0.5", timedelta(seconds=0.5)),
        ("Wed, 02 Jul 2025 03:32:00 GMT", timedelta(minutes=2)),
        ("Wed, 02 Jul 2025 03:29:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("0", None),
        ("1e400", timedelta(days=365)),
        ("nan", None),
        ("1000000000", timedelta(days=365)),
        ("", None),
    ],
)
def test_retry_after_is_read_in_every_form(
    sink: Sink, transport: AppriseTransport, value: str, wait: timedelta | None
) -> None:
    sink.script(Reply(status=429, headers={"Retry-After": value, "Date": "Wed, 02 Jul 2025 03:30:00 GMT"}))
    outcome = transport.send(hook(sink), WORDS, ref="d1")
    assert isinstance(outcome, Failure)
    assert outcome.wait == wait


def test_a_fake_answers_by_script_then_as_told_for_good() -> None:
    busy = Failure(kind=FailureKind.TRANSIENT, reason="503")
    fake = FakeTransport().script("phone", busy, Sent(detail="at last")).always("email", busy)
    phone, email = Channel(name="phone", url=Secret("json://a")), Channel(name="email", url=Secret("json://b"))
    assert [fake.send(phone, WORDS, ref="1") for _ in range(3)] == [busy, Sent(detail="at last"), Sent(detail="fake")]
    assert [fake.send(email, WORDS, ref="2") for _ in range(2)] == [busy, busy]
    assert [each.ref for each in fake.sent] == ["1", "1"]


def test_a_request_is_kept_as_it_came(sink: Sink, transport: AppriseTransport) -> None:
    transport.send(hook(sink), WORDS, ref="d1")
    request: Request = sink.requests[0]
    assert (request.method, request.path) == ("POST", f"/{PLANTED[1]}")
    assert request.headers["authorization"].endswith(PLANTED[2]) or "basic" in request.headers["authorization"].lower()
