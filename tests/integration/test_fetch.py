"""Fetching goes only where it may, and ends: addresses, redirects, sizes, times, and nothing secret in an error."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from contextlib import ExitStack

import pytest

from reminder.core.sourcing.answers import AccessRefused, InvalidAnswer, NoAnswer, TooSlow, Unavailable
from reminder.platform.clock import SystemClock
from reminder.sources.addresses import is_public
from reminder.sources.fetch import FetchedAnswer, Fetcher
from tests.support.sink import Reply, Sink
from tests.support.wire import OK, Wire

SECRET = "s3cr3t"
HERE = frozenset({"127.0.0.1"})


def fetch(
    url: str, *, private: frozenset[str] | None = HERE, seconds: float = 5.0, size: int = 1000
) -> FetchedAnswer | NoAnswer:
    return Fetcher(clock=SystemClock(), private=private, seconds=seconds, max_bytes=size).get(url, {"X-Key": SECRET})


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a",
        "gopher://127.0.0.1/",
        "data:text/plain,hello",
        "//127.0.0.1/",
        "http://",
        "not an address",
        "http://user:pass@127.0.0.1/",
        "http://[::1",
        "http://127.0.0.1:port/",
        "http://127.0.0.1/\r\nX: y",
    ],
)
def test_what_is_no_plain_web_address_is_not_fetched(url: str) -> None:
    assert isinstance(fetch(url, private=None), AccessRefused)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1"]
)
def test_a_private_address_is_not_reached_however_it_is_spelt(host: str) -> None:
    with Sink() as sink:
        found = fetch(f"http://{host}:{sink.port}/", private=frozenset())
        assert isinstance(found, AccessRefused | Unavailable), found
        assert sink.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[::ffff:0:10.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[2002:0a00:0001::1]",
    ],
)
def test_addresses_of_networks_at_home_and_in_clouds_are_private(host: str) -> None:
    assert isinstance(fetch(f"http://{host}/", private=frozenset(), seconds=0.5), AccessRefused)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public_also_where_it_is_translated(address: str) -> None:
    assert is_public(address)


def test_an_address_that_says_nothing_leaves_time_for_the_next_one() -> None:
    with Sink() as sink, ExitStack() as open_:
        sink.always(Reply(body=b"hello"))
        silent = open_.enter_context(socket.create_server(("127.0.0.2", sink.port), backlog=0))
        _fill(silent, open_)
        fetcher = Fetcher(
            clock=SystemClock(), private=None, seconds=4.0, look_up=lambda host: ["127.0.0.2", "127.0.0.1"]
        )
        found = fetcher.get(f"http://two.example:{sink.port}/")
        assert isinstance(found, FetchedAnswer)
        assert found.body == b"hello"


def _fill(server: socket.socket, open_: ExitStack) -> None:
    """Take every place in a server's queue: whoever comes now hears nothing at all."""
    for _ in range(3):
        waiting = open_.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(server.getsockname())


def test_a_host_that_was_written_down_may_be_private() -> None:
    with Sink() as sink:
        sink.always(Reply(body=b"hello"))
        found = fetch(f"http://{sink.netloc}/a?b=c")
        assert isinstance(found, FetchedAnswer)
        assert (found.status, found.body) == (200, b"hello")
        assert sink.requests[0].path == "/a?b=c"


def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    with Sink() as sink:
        sink.always(Reply.redirect(f"http://localhost:{sink.port}/inside"))
        assert isinstance(fetch(f"http://{sink.netloc}/"), AccessRefused)
        assert [request.path for request in sink.requests] == ["/"]


def test_a_redirect_to_another_scheme_is_not_followed() -> None:
    with Sink() as sink:
        sink.always(Reply.redirect("file:///etc/passwd"))
        assert isinstance(fetch(f"http://{sink.netloc}/"), AccessRefused)


def test_a_redirect_in_a_circle_ends() -> None:
    with Sink() as sink:
        sink.always(Reply.redirect("/again"))
        assert isinstance(fetch(f"http://{sink.netloc}/"), Unavailable)
        assert len(sink.requests) == 6


def test_headers_stay_with_their_host() -> None:
    with Sink() as sink:
        sink.script(Reply.redirect(f"http://localhost:{sink.port}/there"))
        fetch(f"http://{sink.netloc}/", private=None)
        first, second = sink.requests
        assert first.headers["x-key"] == SECRET
        assert "x-key" not in second.headers


def test_headers_do_not_go_to_another_server_on_the_same_host() -> None:
    with Sink() as sink, Sink() as neighbour:
        sink.script(Reply.redirect(f"http://127.0.0.1:{neighbour.port}/there"))
        fetch(f"http://{sink.netloc}/")
        assert "x-key" not in neighbour.requests[0].headers


def test_an_answer_that_is_too_large_is_not_read_to_its_end() -> None:
    with Sink() as sink:
        sink.always(Reply(huge=5_000_000))
        assert isinstance(fetch(f"http://{sink.netloc}/"), InvalidAnswer)


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    with Sink() as sink:
        sink.always(Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"0" * 5_000_000)))
        assert isinstance(fetch(f"http://{sink.netloc}/", size=100_000), InvalidAnswer)


def test_a_packed_answer_is_unpacked() -> None:
    with Sink() as sink:
        sink.always(Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"hello")))
        found = fetch(f"http://{sink.netloc}/")
        assert isinstance(found, FetchedAnswer)
        assert found.body == b"hello"


@pytest.mark.parametrize(
    "reply",
    [Reply(hang=True), Reply(drip=0.1, body=b"x" * 100), Reply(drip=0.1, drip_head=True)],
    ids=["hang", "drip", "head"],
)
def test_an_answer_that_does_not_come_to_an_end_is_cut_off(reply: Reply) -> None:
    with Sink() as sink:
        sink.always(reply)
        clock = SystemClock()
        before = clock.monotonic()
        assert isinstance(fetch(f"http://{sink.netloc}/", seconds=0.5), TooSlow)
        assert clock.monotonic() - before < 5


@pytest.mark.parametrize(
    "reply", [Reply(reset=True), Reply(status=500), Reply(headers={"Content-Encoding": "gzip"}, body=b"no")]
)
def test_no_secret_stands_in_what_went_wrong(reply: Reply) -> None:
    with Sink() as sink:
        sink.always(reply)
        assert SECRET not in repr(fetch(f"http://{sink.netloc}/{SECRET}?token={SECRET}"))


def test_nobody_at_the_address_is_down() -> None:
    with Sink() as sink:
        netloc = sink.netloc
    found = fetch(f"http://{netloc}/{SECRET}")
    assert found == Unavailable(reason="127.0.0.1: the connection was refused")


HEAD = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
PACKED = gzip.compress(b"July 18, 2025, on Prime Video" * 20)
DEFLATED = zlib.compress(b"July 18, 2025")
BARE = zlib.compress(b"July 18, 2025", wbits=-zlib.MAX_WBITS)


def raw(headers: str, body: bytes) -> FetchedAnswer | NoAnswer:
    with Wire(f"{HEAD}{headers}\r\n".encode() + body) as wire:
        return fetch(f"http://127.0.0.1:{wire.port}/")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param("Content-Length: 1000\r\n", b"Ballard premieres on July 1", id="less than announced"),
        pytest.param("Content-Length: 1\r\n", b"", id="nothing, where one byte was announced"),
        pytest.param("Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n", id="no last chunk"),
        pytest.param("Transfer-Encoding: chunked\r\n", b"50\r\nhello", id="half a chunk"),
        pytest.param("Content-Encoding: gzip\r\n", PACKED[:-20], id="gzip cut in its data"),
        pytest.param("Content-Encoding: gzip\r\n", PACKED[:-4], id="gzip without its check sum"),
        pytest.param("Content-Encoding: gzip\r\n", PACKED[:5], id="gzip cut in its head"),
        pytest.param("Content-Encoding: gzip\r\n", b"", id="gzip of nothing"),
        pytest.param("Content-Encoding: GZIP\r\n", PACKED[:-20], id="gzip in capitals, cut"),
        pytest.param("Content-Encoding: x-gzip\r\n", PACKED[:-20], id="gzip by its old name, cut"),
        pytest.param("Content-Encoding: deflate\r\n", DEFLATED[:-2], id="deflate without its check sum"),
        pytest.param("Content-Encoding: deflate\r\n", BARE[:-1], id="bare deflate without its end"),
        pytest.param("Content-Encoding: deflate\r\n", b"x", id="one byte of deflate"),
        pytest.param(f"Content-Encoding: gzip\r\nContent-Length: {len(PACKED)}\r\n", PACKED[:-1], id="both"),
    ],
)
def test_an_answer_that_was_cut_short_is_none(headers: str, body: bytes) -> None:
    assert isinstance(raw(headers, body), Unavailable)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param("Content-Encoding: gzip\r\n", PACKED + PACKED, id="a second member of gzip"),
        pytest.param("Content-Encoding: gzip\r\n", PACKED + b"\0" * 70_000, id="much behind the end"),
        pytest.param("Content-Encoding: gzip\r\n", PACKED[:-8] + b"12345678", id="a wrong check sum"),
        pytest.param("Content-Encoding: deflate\r\n", DEFLATED + b"more", id="something behind deflate"),
        pytest.param("Content-Encoding: br\r\n", b"hello", id="a form that was not asked for"),
        pytest.param("Content-Encoding: gzip, gzip\r\n", gzip.compress(PACKED), id="packed twice"),
        pytest.param("Content-Length: 5\r\nContent-Length: 9\r\n", b"hello you", id="two lengths"),
        pytest.param("Content-Length: many\r\n", b"hello", id="a length that is no number"),
    ],
)
def test_an_answer_that_is_more_or_other_than_it_says_is_none(headers: str, body: bytes) -> None:
    assert isinstance(raw(headers, body), InvalidAnswer)


@pytest.mark.parametrize(
    ("headers", "body", "found"),
    [
        pytest.param("", b"hello", b"hello", id="until the connection ends"),
        pytest.param("Content-Length: 5\r\n", b"hello and more", b"hello", id="more than announced"),
        pytest.param("Content-Length: 5\r\nContent-Length: 5\r\n", b"hello", b"hello", id="one length twice"),
        pytest.param("Content-Encoding: deflate\r\n", DEFLATED, b"July 18, 2025", id="deflate"),
        pytest.param("Content-Encoding: deflate\r\n", BARE, b"July 18, 2025", id="bare deflate"),
        pytest.param("Content-Encoding: x-gzip\r\n", gzip.compress(b"hello"), b"hello", id="gzip by its old name"),
        pytest.param("Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"hello", id="chunks"),
        pytest.param("Content-Encoding: identity\r\n", b"hello", b"hello", id="not packed, and said so"),
    ],
)
def test_a_whole_answer_is_read_whole(headers: str, body: bytes, found: bytes) -> None:
    answer = raw(headers, body)
    assert isinstance(answer, FetchedAnswer)
    assert answer.body == found


def test_an_answer_without_a_body_may_speak_of_one() -> None:
    headers = f"Content-Length: 1000\r\nContent-Encoding: gzip\r\n{HEAD.partition(chr(10))[2]}\r\n"
    with Wire(f"HTTP/1.1 304 Not Modified\r\n{headers}".encode()) as wire:
        answer = fetch(f"http://127.0.0.1:{wire.port}/")
    assert isinstance(answer, FetchedAnswer)
    assert (answer.status, answer.body) == (304, b"")


def test_a_scheme_in_capitals_is_the_same_scheme() -> None:
    with Sink() as sink:
        assert isinstance(fetch(f"HTTP://{sink.netloc}/"), FetchedAnswer)


def test_a_look_up_that_hangs_takes_no_longer_than_the_fetch_may() -> None:
    over = threading.Event()

    def hang(host: str) -> list[str]:
        over.wait()
        return []

    found = Fetcher(clock=SystemClock(), private=None, seconds=0.5, look_up=hang).get("http://slow.example/")
    over.set()
    assert isinstance(found, TooSlow)


def test_a_look_up_that_hangs_ends_when_the_program_stops() -> None:
    over, stop = threading.Event(), threading.Event()

    def hang(host: str) -> list[str]:
        stop.set()
        over.wait()
        return []

    found = Fetcher(clock=SystemClock(), private=None, seconds=600.0, stop=stop, look_up=hang).get(
        "http://slow.example"
    )
    over.set()
    assert isinstance(found, TooSlow)


def test_calls_go_over_one_connection_and_one_that_the_server_closed_is_replaced() -> None:
    with Wire(OK, OK, None, OK) as wire:
        fetcher = Fetcher(clock=SystemClock(), private=HERE, seconds=5.0)
        found = [fetcher.get(f"http://127.0.0.1:{wire.port}/{number}") for number in range(3)]
    assert [answer.body for answer in found if isinstance(answer, FetchedAnswer)] == [b"{}"] * 3
    assert (len(wire.requests), wire.connections) == (4, 2)


def test_a_connection_that_was_opened_to_an_allowed_host_serves_no_host_that_is_not() -> None:
    with Sink() as sink:
        fetcher = Fetcher(clock=SystemClock(), private=frozenset({"home.example"}), look_up=lambda host: ["127.0.0.1"])
        assert isinstance(fetcher.get(f"http://home.example:{sink.port}/"), FetchedAnswer)
        assert isinstance(fetcher.get(f"http://other.example:{sink.port}/"), AccessRefused)
        assert len(sink.requests) == 1
