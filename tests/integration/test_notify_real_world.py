"""What networks, proxies, servers and services were seen to do, and what is made of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.http.outcome import no_answer
from reminder.notify.http.proxy import proxies_for
from reminder.notify.scrub import line, secret_parts
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from tests.support.proxy import TELEGRAM, Proxy, authority
from tests.support.sink import Reply, Sink
from tests.support.smtp import MailServer
from tests.support.wire import OK, Wire

WORDS = Words(
    subject="Ballard is out today",
    body=(BodyLine(text="Wednesday, July 9"),),
    link="https://example.com/watch?id=7&x=a_b",
)
BOT = "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/12315544"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppriseTransport]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    made = AppriseTransport(clock=SystemClock(), timeout=5.0)
    yield made
    made.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


@pytest.fixture
def proxy(tmp_path: Path, transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with Proxy(tmp_path) as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


def send(transport: AppriseTransport, url: str, words: Words = WORDS, *, plain: bool = False) -> Outcome:
    return transport.send(Channel(name="x", url=Secret(url)), words, ref="1@a", plain=plain)


# Answers after the request has left

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
PROCESSING = b"HTTP/1.1 102 Processing\r\n\r\n"


@pytest.mark.parametrize("before", [EARLY, EARLY + EARLY, PROCESSING + EARLY, b"HTTP/1.1 199 Odd\r\n\r\n"])
def test_answers_that_come_before_the_answer_are_passed_over(transport: AppriseTransport, before: bytes) -> None:
    with Wire(before + OK) as wire:
        for _ in range(3):  # over a new connection, and over one that is kept
            assert send(transport, f"json://127.0.0.1:{wire.port}/") == Sent(detail="200 OK")
        assert len(wire.requests) == 3


TORN = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2, 5\r\n\r\n{}",
    b"HTTP/1.1 abc\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    None,
]


@pytest.mark.parametrize("answer", TORN, ids=[str(number) for number in range(len(TORN))])
def test_what_goes_wrong_after_the_request_has_left_may_have_arrived(
    transport: AppriseTransport, answer: bytes | None
) -> None:
    with Wire(answer) as wire:
        outcome = send(transport, f"json://127.0.0.1:{wire.port}/")
    assert isinstance(outcome, Failure | Sent)
    if isinstance(outcome, Failure):
        assert outcome.kind is FailureKind.UNKNOWN
        assert "URL" not in outcome.reason


# Proxies


def test_what_is_at_home_is_reached_without_the_proxy(
    transport: AppriseTransport, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as elsewhere:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{elsewhere.netloc}")
        for url in (f"json://{sink.netloc}/a", f"json://localhost:{sink.port}/a"):
            for _ in range(2):
                assert isinstance(send(transport, url), Sent)
        assert (len(sink.requests), elsewhere.requests) == (4, [])


def test_a_proxy_is_gone_through_for_hosts_elsewhere(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.netloc}")
        assert isinstance(send(transport, "json://hooks.example.org/a"), Sent)
        assert proxy.requests[0].path == "http://hooks.example.org/a"


@pytest.mark.parametrize("left_out", ["hooks.example.org", ".example.org", "hooks.example.org:8443", "*"])
def test_no_proxy_leaves_out_a_host(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    assert proxies_for("https", "hooks.example.org:8443") == {"https": "http://127.0.0.1:3128"}
    monkeypatch.setenv("NO_PROXY", left_out)
    assert proxies_for("https", "hooks.example.org:8443") == {}


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("url", [BOT, "json://hooks.example.org/x", "jsons://hooks.example.org/x"])
def test_a_proxy_that_is_down_is_named_as_the_proxy(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    port = unused_port()
    monkeypatch.setenv("ALL_PROXY", f"http://me:hunter22@127.0.0.1:{port}")
    outcome = send(transport, url)
    said = f"the proxy 127.0.0.1:{port} cannot be reached: connection refused"
    assert outcome == Failure(kind=FailureKind.TRANSIENT, reason=said)


def test_a_misspelt_proxy_is_named_as_the_proxy() -> None:
    error = requests.ConnectionError("x", socket.gaierror(-2, "Name or service not known"))
    found = no_answer(error, left=False, overrun=False, seconds=30, proxy="prxoy.lan:3128")
    said = "the proxy prxoy.lan:3128 cannot be reached: the host's name cannot be found"
    assert found == Failure(kind=FailureKind.TRANSIENT, reason=said)


@pytest.mark.parametrize("setting", ["socks5h://127.0.0.1:1080", "socks5://127.0.0.1:1080", "ftp://127.0.0.1:21"])
def test_a_proxy_of_a_kind_that_is_not_spoken_to_is_the_settings_fault(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", setting)
    outcome = send(transport, BOT)
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert outcome.reason.startswith(
        f"the proxy in the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is {setting.partition(':')[0]}://, which"
    )
    assert "write http://HOST:PORT" in outcome.reason


def test_a_proxy_is_given_the_login_that_the_environment_has_for_it(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:hunter%2022@{proxy.netloc}")
        for _ in range(2):
            assert isinstance(send(transport, "json://hooks.example.org/a"), Sent)
    assert [each.headers["proxy-authorization"] for each in proxy.requests] == ["Basic bWU6aHVudGVyIDIy"] * 2


def test_a_proxy_that_asks_for_a_login_is_no_fault_of_the_channel(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as proxy:
        proxy.always(Reply(status=407))
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.netloc}")
        outcome = send(transport, "json://hooks.example.org/a")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert "the proxy asks for a login" in outcome.reason


# Words

NASTY = [
    "Contact <me@mail.com>",
    "<script>x</script> Show",
    '<a href="https://evil.example/">Ballard</a>',
    "<b>Ballard",
    "Tom &amp; Jerry",
    "1 < 2 > 0 & more",
    "*Ballard* _x_ `y` [z](https://evil.example)",
]


@pytest.mark.parametrize("title", NASTY)
@pytest.mark.parametrize(
    ("query", "plain"), [("?format=text", False), ("", True), ("", False), ("?format=html", False)]
)
def test_telegram_shows_a_title_as_the_text_it_is(
    proxy: Proxy, transport: AppriseTransport, title: str, query: str, plain: bool
) -> None:
    words = Words(subject=title, body=(BodyLine(text="Wednesday & July 9"),))
    assert isinstance(send(transport, BOT + query, words, plain=plain), Sent)
    sent = proxy.of(TELEGRAM)[0].json()
    assert sent["parse_mode"] == "HTML"
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = sent["text"].replace("&quot;", '"').replace("&#x27;", "'").replace("\u200b", "")
    assert escaped in shown
    assert "Wednesday &amp; July 9" in shown
    assert "\n" in shown


@pytest.mark.parametrize("title", NASTY)
def test_telegrams_first_markdown_goes_as_html_which_reads_the_same(
    proxy: Proxy, transport: AppriseTransport, title: str
) -> None:
    assert isinstance(send(transport, f"{BOT}?format=markdown", Words(subject=title)), Sent)
    sent = proxy.of(TELEGRAM)[0].json()
    assert sent["parse_mode"] == "HTML"
    assert "\\" not in sent["text"]


def test_telegrams_second_markdown_is_escaped_by_its_own_rules(proxy: Proxy, transport: AppriseTransport) -> None:
    words = Words(subject="Mr. Robot (*season* 2)!")
    assert isinstance(send(transport, f"{BOT}?format=markdown&mdv=2", words), Sent)
    sent = proxy.of(TELEGRAM)[0].json()
    assert sent["parse_mode"] == "MarkdownV2"
    assert sent["text"] == "*Mr\\. Robot \\(\\*season\\* 2\\)\\!*"


def test_a_tap_on_ntfy_opens_the_link_of_this_message_and_of_no_other(sink: Sink, transport: AppriseTransport) -> None:
    url = f"ntfy://{sink.netloc}/topic"
    for words in (WORDS, Words(subject="No link"), Words(subject="x", link="https://example.com/a%20b")):
        assert isinstance(send(transport, url, words), Sent)
    assert isinstance(send(transport, f"{url}?click=https://own.example/", WORDS), Sent)
    assert [request.headers.get("x-click") for request in sink.requests] == [
        "https://example.com/watch?id=7&x=a_b",
        None,
        "https://example.com/a%20b",
        "https://own.example/",
    ]


def test_a_tap_on_pushover_opens_the_link(proxy: Proxy, transport: AppriseTransport) -> None:
    proxy.always(Reply.json({"status": 1}), on="api.pushover.net")
    url = f"pover://{'u' * 30}@{'a' * 30}"
    for words in (WORDS, Words(subject="No link")):
        assert isinstance(send(transport, url, words), Sent)
    bodies = [request.body.decode() for request in proxy.of("api.pushover.net")]
    assert ["watch%3Fid%3D7" in body or "watch?id=7" in body for body in bodies] == [True, False]


@pytest.mark.parametrize(
    ("said", "url", "shown"),
    [
        ("Channel 'general' does not exist", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
         "Channel 'general' does not exist"),
        ("see https://docs.example.com/errors/7", "json://user:hunter22@127.0.0.1/x", "see https://docs.example.com/***"),
        ("see https://127.0.0.1/bot110201543:AAH", BOT, "see https://127.0.0.1/***"),
        ("no mode of that name", "mailto://me:hunter22@127.0.0.1?mode=insecure&to=a@b.org", "no mode of that name"),
        ("no hunter22", "mailto://me:hunter22@127.0.0.1?mode=insecure&to=a@b.org", "no ***"),
        ("no hunter22", "json://127.0.0.1/x?+Authorization=hunter22", "no ***"),
    ],
)  # fmt: skip
def test_masks_hide_secrets_and_nothing_else(said: str, url: str, shown: str) -> None:
    assert line(said, secret_parts(url)) == shown


# Mail


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer(login=("me", "right")) as made:
        yield made


def login(server: MailServer, password: str, query: str = "") -> str:
    return f"mailto://me:{password}@127.0.0.1:{server.port}?from=a@example.org&to=b@example.org{query}"


def test_a_wrong_password_is_tried_once(mail: MailServer, transport: AppriseTransport) -> None:
    outcome = send(transport, login(mail, "wrong"))
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status) == (FailureKind.CHANNEL, 535)
    assert mail.logins == 1
    assert isinstance(send(transport, login(mail, "right")), Sent)
    assert mail.logins == 2


def test_the_name_in_ehlo_is_one_that_a_server_can_make_something_of(
    mail: MailServer, transport: AppriseTransport
) -> None:
    send(transport, login(mail, "right"))
    name = mail.greeted_by[0]
    assert name == "[127.0.0.1]" or ("." in name and not name.startswith("["))


def test_without_tls_nothing_is_sent_and_the_advice_is_not_to_go_without(
    mail: MailServer, transport: AppriseTransport
) -> None:
    outcome = send(transport, login(mail, "right", "&mode=starttls"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL
    assert outcome.reason.startswith("the server offers no TLS on this port, so nothing was sent, nor the password")
    assert "insecure" not in outcome.reason
    assert "***" not in outcome.reason
    assert (mail.mails, mail.logins) == ([], 0)


def test_a_server_without_login_is_told_by_one_hint(transport: AppriseTransport) -> None:
    with MailServer() as server:
        outcome = send(transport, login(server, "right", "&mode=insecure"))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "the server offers no login here: is it the right port or mode?"


def test_tls_from_the_start_on_a_port_that_begins_in_clear_says_what_to_write(
    mail: MailServer, transport: AppriseTransport
) -> None:
    outcome = send(transport, login(mail, "right", "&mode=ssl"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert outcome.reason == f"TLS failed: port {mail.port} begins in clear: write mode=starttls, or port 465"


def test_a_server_that_is_tls_from_the_start_is_spoken_to_so(
    transport: AppriseTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority().write(tmp_path)))
    with MailServer(tls=authority().context("127.0.0.1")) as server:
        url = f"mailto://127.0.0.1:{server.port}?from=a@example.org&to=b@example.org&mode=ssl"
        assert isinstance(send(transport, url), Sent)


# Services


def test_a_telegram_group_that_became_another_chat_is_told_with_its_new_number(
    proxy: Proxy, transport: AppriseTransport
) -> None:
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    answer = {"ok": False, "description": said, "parameters": {"migrate_to_chat_id": -1001234567890}}
    proxy.script(Reply.json(answer, 400), on=TELEGRAM)
    outcome = send(transport, BOT)
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL
    assert outcome.reason.endswith("write the chat as -1001234567890)")
