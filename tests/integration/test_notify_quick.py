"""Requests over a connection that is open already: the same request, the same reading of every answer."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from tests.support.proxy import DISCORD, TELEGRAM, Proxy, authority
from tests.support.sink import Reply, Sink
from tests.support.wire import OK, Wire

WORDS = Words(
    subject="Ballard premieres in 7 days: Dörte 🎬", body=(BodyLine(text="Wednesday, July 9, 2025 & <more>"),)
)
BOT = "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/12315544"
WEBHOOK = "discord://417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
MAY_HAVE_ARRIVED = Failure(
    kind=FailureKind.UNKNOWN, reason="the connection was lost before the answer (it may have arrived)"
)


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=4.0)
    yield made
    made.close()


def send(transport: AppriseTransport, url: str) -> Outcome:
    return transport.send(Channel(name="x", url=Secret(url)), WORDS, ref="d1")


URLS = {
    "a webhook": "json://{}/hook/a%20b?%2BX-Show=Ballard&:note=caf%C3%A9",
    "a user and a password": "json://me:p%40ss%3Aword@{}/hook",
    "arguments in the address": "json://{}/hook?-show=Ballard&-day=9",
    "another verb": "json://{}/hook?method=put",
    "no body": "json://{}/hook?method=get",
    "a form": "form://{}/hook?-x=1",
    "XML": "xml://{}/hook",
    "ntfy": "ntfy://{}/ballard?priority=high&click=https://example.com",
    "ntfy with a token": "ntfy://tk_abcdefghijklmnopqrstuvwxyz123@{}/ballard",
    "gotify": "gotify://{}/AZkdj3.dJ2d",
    "rocket": "rocket://abcdefghi/jklmnopqrstuvwxyz12@{}/%23general",
}


@pytest.mark.parametrize("url", URLS.values(), ids=list(URLS))
def test_a_request_is_the_same_over_a_new_connection_and_an_open_one(transport: AppriseTransport, url: str) -> None:
    with Sink() as sink:
        outcomes = [send(transport, url.format(sink.netloc)) for _ in range(2)]
        first, second = sink.requests
    assert outcomes[0] == outcomes[1]
    assert second == first
    assert sink.connections == 1


@pytest.mark.parametrize(("url", "host"), [(BOT, TELEGRAM), (WEBHOOK, DISCORD)])
def test_through_a_proxy_it_is_the_same_as_well(
    transport: AppriseTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, host: str
) -> None:
    with Proxy(tmp_path) as proxy:
        for name, value in proxy.env.items():
            monkeypatch.setenv(name, value)
        assert [type(send(transport, url)) for _ in range(2)] == [Sent, Sent]
        first, second = proxy.of(host)
        assert second == first
        assert proxy.connections == 1


def test_requests_in_the_clear_through_a_proxy_name_the_whole_address(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.netloc}")
        monkeypatch.setenv("NO_PROXY", "")
        for _ in range(2):
            send(transport, "json://example.invalid/hook")
        assert [each.path for each in proxy.requests] == ["http://example.invalid/hook"] * 2


def test_a_connection_with_unchecked_certificate_serves_nobody_who_wants_it_checked(
    transport: AppriseTransport,
) -> None:
    with Sink(tls=authority().context("127.0.0.1")) as sink:
        for _ in range(2):
            assert isinstance(send(transport, f"jsons://{sink.netloc}/?verify=no"), Sent)
        outcome = send(transport, f"jsons://{sink.netloc}/")
    assert isinstance(outcome, Failure)
    assert "certificate is not trusted" in outcome.reason
    assert len(sink.requests) == 2


def test_a_header_that_would_break_the_request_is_not_let_out(transport: AppriseTransport) -> None:
    with Sink() as sink:
        good, bad = f"json://{sink.netloc}/hook", f"json://{sink.netloc}/hook?%2BX-Show=a%0D%0AX-Forged:%20b"
        assert isinstance(send(transport, good), Sent)
        assert isinstance(send(transport, bad), Failure)
        assert [each.headers.get("x-forged") for each in sink.requests] == [None]


def answered(transport: AppriseTransport, *answers: bytes | None) -> tuple[Outcome, Wire]:
    """Return what a second request comes to, over the connection of the first, when it is answered so."""
    with Wire(OK, *answers, OK) as wire:
        url = f"json://127.0.0.1:{wire.port}/hook"
        assert isinstance(send(transport, url), Sent)
        outcome = send(transport, url)
        assert wire.connections == 1
        if answers[0] is not None:
            send(transport, url)
        return outcome, wire


GOOD = {
    "chunked": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", 1),
    "no content": (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 1),
    "a line folded, a line without a colon": (b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}", 2),
    "goes on first": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 1),
    "to the end of the connection": (b"HTTP/1.1 200 OK\r\n\r\n{}", 2),
    "closes": (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 2),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 2),
    "HTTP/1.0 kept": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}", 1),
    "a length that is none": (b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n", 2),
    "shorter than it says": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}", 2),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "connections"), GOOD.values(), ids=list(GOOD))
def test_an_accepting_answer_in_any_shape_is_sent_and_the_next_request_has_a_clean_connection(
    transport: AppriseTransport, answer: bytes, connections: int
) -> None:
    outcome, wire = answered(transport, answer)
    assert isinstance(outcome, Sent)
    assert (len(wire.requests), wire.connections) == (3, connections)


BAD = {
    "hung up": None,
    "no HTTP": b"220 mail.example.com ESMTP Content-Length\r\n\r\n",
    "a head without end": b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 300 + b"Content-Length: 0\r\n\r\n",
    "a line without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("answer", BAD.values(), ids=list(BAD))
def test_no_answer_that_can_be_read_may_have_arrived(transport: AppriseTransport, answer: bytes | None) -> None:
    outcome, wire = answered(transport, answer)
    assert outcome == MAY_HAVE_ARRIVED
    assert len(wire.requests) == (2 if answer is None else 3)


def test_a_packed_answer_is_read(transport: AppriseTransport) -> None:
    body = gzip.compress(b'{"message": "unknown address"}')
    head = b"HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    outcome, _ = answered(transport, head + body)
    assert isinstance(outcome, Failure)
    assert outcome.reason == "404 Not Found (unknown address)"


def test_the_wait_that_a_service_asks_for_is_read(transport: AppriseTransport) -> None:
    outcome, _ = answered(transport, b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")
    assert isinstance(outcome, Failure)
    assert outcome.wait is not None
    assert outcome.wait.total_seconds() == 7


SLOW = {
    "hangs": Reply(hang=True),
    "drips its head": Reply(status=503, drip=2.0, drip_head=True),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=list(SLOW))
def test_no_answer_in_time_is_cut_off(transport: AppriseTransport, reply: Reply) -> None:
    with Sink() as sink:
        url = f"json://{sink.netloc}/"
        send(transport, url)
        sink.script(reply)
        outcome = send(transport, url)
        assert outcome == Failure(kind=FailureKind.UNKNOWN, reason="no answer within 4 s (it may have arrived)")
        assert isinstance(send(transport, url), Sent)
        assert (transport.stuck, sink.connections) == (0, 2)


@pytest.mark.parametrize("reply", [Reply(body=b"x" * 100, drip=0.1), Reply(huge=10**9)], ids=["drips", "never ends"])
def test_a_body_without_end_does_not_undo_its_status(transport: AppriseTransport, reply: Reply) -> None:
    with Sink() as sink:
        url = f"json://{sink.netloc}/"
        send(transport, url)
        sink.script(reply)
        assert send(transport, url) == Sent(detail="200 OK")
        assert isinstance(send(transport, url), Sent)
        assert sink.connections == 2


def test_a_redirect_is_not_followed(transport: AppriseTransport) -> None:
    outcome, wire = answered(
        transport, b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"
    )
    assert isinstance(outcome, Failure)
    assert "redirects to host elsewhere.example;" in outcome.reason
    assert len(wire.requests) == 3


MANY_HOSTS = """
import os, resource, sys
from reminder.platform.clock import SystemClock
from reminder.core.text.message import Words
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent
resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))
transport = AppriseTransport(clock=SystemClock(), timeout=10)
for _ in range(2):
    for port in sys.argv[1:]:
        channel = Channel(name="x", url=Secret(f"json://127.0.0.1:{port}/"))
        assert isinstance(transport.send(channel, Words(subject="x"), ref="r"), Sent)
links = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{name}")]
print(sum(link.startswith("socket:") for link in links))
"""


def test_idle_connections_to_many_hosts_do_not_use_up_the_open_files() -> None:
    with ExitStack() as stack:
        sinks = [stack.enter_context(Sink()) for _ in range(60)]
        ports = [str(sink.port) for sink in sinks]
        printed = subprocess.run(
            [sys.executable, "-c", MANY_HOSTS, *ports], check=True, capture_output=True, text=True, timeout=60
        ).stdout
        assert [len(sink.requests) for sink in sinks] == [2] * 60
    assert int(printed) == 48 // 4
