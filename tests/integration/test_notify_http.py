"""The HTTP seam against real sockets: deadlines, connections kept, redirects, and what the wire can do wrong."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import certifi
import pytest
import requests

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.http import tls
from reminder.notify.http.outcome import no_answer
from reminder.notify.judging import problem_of
from reminder.notify.library import loaded, services
from reminder.notify.schemas import LOCAL, RELAYS, REMOTE
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from reminder.platform.watchdog import Overrun, Watchdog
from tests.support.faults import no_thread_left
from tests.support.proxy import DISCORD, TELEGRAM, Proxy, authority
from tests.support.sink import Reply, Sink

WORDS = Words(
    subject="Ballard <b> premieres in 7 days @everyone",
    body=(
        BodyLine(text="Wednesday, July 9, 2025 *all*"),
        BodyLine(text="More", link="https://example.com/a_b?x=1&y=2"),
    ),
    link="https://example.com/a_b?x=1&y=2",
)
MONOTONIC = SystemClock().monotonic
BOT = "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/12315544"
TOKEN = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WEBHOOK = "discord://417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=4.0)
    yield made
    made.close()


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with Proxy(tmp_path) as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


def send(transport: AppriseTransport, url: str, *, plain: bool = False) -> Outcome:
    return transport.send(Channel(name="x", url=Secret(url)), WORDS, ref="d1", plain=plain)


def hook(sink: Sink) -> str:
    return f"json://{sink.netloc}/hook"


def test_many_messages_go_over_one_connection(sink: Sink, transport: AppriseTransport) -> None:
    for _ in range(20):
        assert isinstance(send(transport, hook(sink)), Sent)
    assert (len(sink.requests), sink.connections) == (20, 1)


def test_a_connection_that_the_server_closed_is_replaced(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply(close=True), Reply())
    assert [type(send(transport, hook(sink))) for _ in range(2)] == [Sent, Sent]
    assert sink.connections == 2


def test_a_hanging_service_is_an_unknown_outcome_at_the_deadline(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply(hang=True))
    outcome = send(transport, hook(sink))
    assert outcome == Failure(kind=FailureKind.UNKNOWN, reason="no answer within 4 s (it may have arrived)")
    assert (transport.abandoned, transport.stuck) == (0, 0)


def test_a_service_that_drips_its_head_is_cut_off_and_leaves_no_thread(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply(status=503, drip=2.0, drip_head=True))
    outcome = send(transport, hook(sink))
    assert outcome == Failure(kind=FailureKind.UNKNOWN, reason="no answer within 4 s (it may have arrived)")
    assert (transport.abandoned, transport.stuck) == (0, 0)


@pytest.mark.parametrize("reply", [Reply(body=b"x" * 100, drip=0.1), Reply(huge=10**9)], ids=["drips", "never ends"])
def test_a_body_without_end_does_not_undo_its_status(sink: Sink, transport: AppriseTransport, reply: Reply) -> None:
    sink.script(reply)
    assert send(transport, hook(sink)) == Sent(detail="200 OK")


def test_a_reset_after_the_request_may_have_arrived(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply(reset=True))
    outcome = send(transport, hook(sink))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.UNKNOWN
    assert outcome.reason == "the connection was lost before the answer (it may have arrived)"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the host's name cannot be found"),
        (OSError(101, "Network is unreachable"), "no connection: network is unreachable"),
        (TimeoutError("timed out"), "no connection in time"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "TLS failed: "),
        (RuntimeError("https://api.telegram.org/bot1:TOKEN"), "no connection: it was not made"),
        (None, "no connection: unknown"),
    ],
)
def test_what_never_left_did_not_arrive(error: BaseException | None, reason: str) -> None:
    wrapped = requests.ConnectionError(f"https://api.telegram.org/bot1:{TOKEN}", error)
    found = no_answer(wrapped if error else None, left=False, overrun=False, seconds=30)
    assert found.kind is FailureKind.TRANSIENT
    assert found.reason.startswith(reason)
    assert TOKEN not in found.reason


@pytest.mark.parametrize("url", ["jsons://{netloc}/hook", "ntfys://{netloc}/topic", "forms://{netloc}/"])
def test_a_port_without_tls_is_said_in_plain_words_with_what_to_write(
    sink: Sink, transport: AppriseTransport, url: str
) -> None:
    outcome = send(transport, url.format(netloc=sink.netloc))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert "what answers on this port speaks no TLS; is it the right port?" in outcome.reason
    assert "ntfy:// for ntfys://" in outcome.reason
    assert sink.requests == []


def test_a_refused_connection_did_not_arrive(transport: AppriseTransport) -> None:
    outcome = send(transport, "json://127.0.0.1:1/")
    assert outcome == Failure(kind=FailureKind.TRANSIENT, reason="connection refused")


def test_a_redirect_is_not_followed_and_names_the_host(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply.redirect("https://elsewhere.example/hook?token=abc", 301))
    outcome = send(transport, hook(sink))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL
    assert "redirects to host elsewhere.example;" in outcome.reason
    assert "token" not in outcome.reason
    assert len(sink.requests) == 1


def test_a_redirect_is_not_followed_even_if_the_url_asks_for_it(sink: Sink, transport: AppriseTransport) -> None:
    sink.script(Reply.redirect(f"http://{sink.netloc}/other"))
    assert isinstance(send(transport, hook(sink) + "?redirect=yes&retry=3&wait=0.1&optional=yes"), Failure)
    assert [each.path for each in sink.requests] == ["/hook"]


def test_a_long_message_is_one_request_even_if_the_url_asks_to_split(sink: Sink, transport: AppriseTransport) -> None:
    words = Words(subject="S", body=(BodyLine(text="word " * 20_000),))
    outcome = transport.send(Channel(name="x", url=Secret(hook(sink) + "?overflow=split")), words, ref="d1")
    assert isinstance(outcome, Sent)
    assert len(sink.requests) == 1


def test_an_untrusted_certificate_is_told_and_nothing_leaves(transport: AppriseTransport) -> None:
    with Sink(tls=authority().context("127.0.0.1")) as sink:
        outcome = send(transport, f"jsons://{sink.netloc}/")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert outcome.reason.startswith("the server's certificate is not trusted: ")
    assert sink.requests == []


def test_the_bundle_in_the_environment_is_trusted(
    transport: AppriseTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority().write(tmp_path)))
    with Sink(tls=authority().context("127.0.0.1")) as sink:
        for _ in range(3):
            assert isinstance(send(transport, f"jsons://{sink.netloc}/"), Sent)
        assert sink.connections == 1


def test_threads_that_begin_at_once_have_one_context(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(Path(certifi.where()).read_text() + authority().write(tmp_path).read_text())
    begin = threading.Barrier(8)

    def ask(_: int) -> ssl.SSLContext:
        begin.wait()
        return tls.context(str(bundle))

    with ThreadPoolExecutor(8) as threads:
        # Two would mean two sets of connections, each of which opens what the other has open already.
        assert len(set(threads.map(ask, range(8)))) == 1


def test_a_missing_bundle_is_a_failure_and_no_crash(
    transport: AppriseTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    outcome = send(transport, "jsons://127.0.0.1:1/")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT


def test_outside_of_an_attempt_requests_is_as_it_was(sink: Sink, transport: AppriseTransport) -> None:
    send(transport, hook(sink))
    sink.script(Reply.redirect(f"http://{sink.netloc}/other"))
    answer = requests.post(f"http://{sink.netloc}/hook", timeout=5)
    assert [each.status_code for each in answer.history] == [302]


def test_hanging_endpoints_delay_nobody_else(sink: Sink) -> None:
    transport = AppriseTransport(clock=SystemClock(), timeout=5.0)
    with Sink() as dead:
        dead.always(Reply(hang=True))
        stuck = [threading.Thread(target=send, args=(transport, hook(dead))) for _ in range(20)]
        for thread in stuck:
            thread.start()
        assert dead.wait_for(20)
        for _ in range(20):
            assert isinstance(send(transport, hook(sink)), Sent)
        assert all(thread.is_alive() for thread in stuck)
    for thread in stuck:
        thread.join(10)
    transport.close()


def test_a_call_that_cannot_be_cut_off_is_left_behind_and_counted() -> None:
    watchdog, release, cut = Watchdog("test", monotonic=MONOTONIC), threading.Event(), threading.Event()
    with pytest.raises(Overrun):
        watchdog.wait_for(release.wait, seconds=0.05, cut_off=cut.set)
    assert (watchdog.abandoned, watchdog.stuck, cut.is_set()) == (1, 1, True)
    assert watchdog.wait_for(lambda: 42, seconds=5) == 42
    release.set()


def test_who_waits_for_a_call_hears_that_no_thread_can_be_started() -> None:
    watchdog = Watchdog("test", monotonic=MONOTONIC)
    with no_thread_left(), pytest.raises(RuntimeError):
        watchdog.wait_for(lambda: 42, seconds=5)
    assert watchdog.wait_for(lambda: 42, seconds=5) == 42


def test_a_call_is_cut_off_when_told_to_stop_and_given_up_at_once_where_it_has_no_last_words() -> None:
    watchdog, stop, release = Watchdog("test", monotonic=MONOTONIC), threading.Event(), threading.Event()
    stop.set()
    began = MONOTONIC()
    with pytest.raises(Overrun):
        watchdog.wait_for(release.wait, seconds=600, stop=stop, last_words=0.0)
    assert MONOTONIC() - began < 20
    assert watchdog.wait_for(lambda: release.wait(20), seconds=600, cut_off=release.set, stop=stop)


def test_even_a_system_exit_in_a_call_reaches_who_waits() -> None:
    with pytest.raises(SystemExit):
        Watchdog("test", monotonic=MONOTONIC).wait_for(sys.exit, seconds=5)


HANGING = """
import sys, threading
from reminder.platform.clock import SystemClock
from reminder.core.text.message import Words
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.notify.http.outcome import no_answer
from reminder.notify.apprise import AppriseTransport
transport = AppriseTransport(clock=SystemClock(), timeout=60)
channel = Channel(name="x", url=Secret(sys.argv[1]))
threading.Thread(target=lambda: transport.send(channel, Words(subject="x"), ref="r"), daemon=True).start()
sys.stdin.readline()
"""


def test_a_hanging_send_does_not_keep_the_process_from_ending(sink: Sink) -> None:
    sink.always(Reply(hang=True))
    with subprocess.Popen([sys.executable, "-c", HANGING, hook(sink)], stdin=subprocess.PIPE) as child:
        try:
            assert sink.wait_for(1, 20)
            child.communicate(b"\n", timeout=20)
        finally:
            child.kill()
    assert child.returncode == 0


def test_telegram_gets_one_html_text_with_everything_escaped(proxy: Proxy, transport: AppriseTransport) -> None:
    assert isinstance(send(transport, BOT), Sent)
    request = proxy.of(TELEGRAM)[0]
    assert request.path == f"/bot110201543:{TOKEN}/sendMessage"
    sent = request.json()
    assert (sent["parse_mode"], sent["chat_id"]) == ("HTML", 12315544)
    assert sent["text"].splitlines() == [
        "<b>Ballard &lt;b&gt; premieres in 7 days @\u200beveryone</b>",
        "Wednesday, July 9, 2025 *all*",
        '<a href="https://example.com/a_b?x=1&amp;y=2">More</a>',
    ]


def test_discord_gets_markdown_that_pings_nobody(proxy: Proxy, transport: AppriseTransport) -> None:
    assert send(transport, WEBHOOK) == Sent(detail="204 No Content")
    content = proxy.of(DISCORD)[0].json()["content"]
    assert content.startswith("**Ballard \\<b\\> premieres in 7 days @\u200beveryone**")
    assert "\\*all\\*" in content
    assert "https://example.com/a_b?x=1&y=2" in content
    assert "@everyone" not in content


@pytest.mark.parametrize(
    ("url", "reply", "kind", "seconds", "words"),
    [
        (BOT, Reply.json({"ok": False, "description": "Too Many Requests: retry after 7",
                                    "parameters": {"retry_after": 7}}, 429),
         FailureKind.TRANSIENT, 7, "Too Many Requests: retry after 7"),
        (BOT, Reply.json({"ok": False, "description": "Bad Request: chat not found"}, 400),
         FailureKind.CHANNEL, None, "chat not found"),
        (BOT, Reply.json({"ok": False, "description": "Forbidden: bot was blocked by the user"}, 403),
         FailureKind.CHANNEL, None, "bot was blocked by the user"),
        (BOT, Reply.json({"ok": False, "description": "Unauthorized"}, 401),
         FailureKind.CHANNEL, None, "was the token changed? a rotated credential needs a restart"),
        (BOT, Reply.json({"ok": False, "description": "Bad Request: message is too long"}, 400),
         FailureKind.MESSAGE, None, "message is too long"),
        (WEBHOOK, Reply.json({"message": "You are being rate limited.", "retry_after": 1.5, "global": True}, 429),
         FailureKind.TRANSIENT, 1.5, "You are being rate limited."),
        (WEBHOOK, Reply.json({"message": "slow down"}, 429, X_RateLimit_Remaining="0",
                                      X_RateLimit_Reset="99999999999", Retry_After="3"),
         FailureKind.TRANSIENT, 3, "slow down"),
        (WEBHOOK, Reply.json({"message": "Unknown Webhook", "code": 10015}, 404),
         FailureKind.CHANNEL, None, "Unknown Webhook"),
    ],
)  # fmt: skip
def test_a_services_own_words_and_wait_are_read(
    proxy: Proxy, transport: AppriseTransport, url: str, reply: Reply, kind: FailureKind, seconds: float | None,
    words: str,
) -> None:  # fmt: skip
    host = TELEGRAM if url == BOT else DISCORD
    proxy.script(reply, on=host)
    outcome = send(transport, url)
    assert isinstance(outcome, Failure)
    assert outcome.kind is kind
    assert outcome.status == reply.status
    assert (outcome.wait.total_seconds() if outcome.wait else None) == seconds
    assert outcome.is_wait_of_address is (url == BOT and seconds is not None)
    assert words in outcome.reason
    assert TOKEN not in outcome.reason
    assert len(proxy.of(host)) == 1, "apprise's own second try must not go out"


def test_a_rate_limit_in_the_past_makes_nobody_sleep(proxy: Proxy, transport: AppriseTransport) -> None:
    full = Reply(status=204, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"})
    proxy.script(full, full, on=DISCORD)
    assert [type(send(transport, WEBHOOK)) for _ in range(2)] == [Sent, Sent]


def test_a_proxy_that_turns_away_is_transient(proxy: Proxy, transport: AppriseTransport) -> None:
    proxy.turns_away = True
    outcome = send(transport, BOT)
    said = f"the proxy {proxy.netloc} did not let it through"
    assert outcome == Failure(kind=FailureKind.TRANSIENT, reason=said)


def test_nothing_of_apprise_reaches_the_log(
    proxy: Proxy, transport: AppriseTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    proxy.script(Reply(status=500), Reply(reset=True), on=TELEGRAM)
    for _ in range(3):
        send(transport, BOT)
    send(transport, BOT + "/another")
    send(transport, "tgram://not-a-token")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("console://", None),
        ("json://localhost:8080/path", None),
        (BOT, None),
        (BOT + "/77777777", "this tgram:// URL names 2 targets; write one channel for each"),
        ("tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "this tgram:// URL names no chat"),
        (
            "discord://417429632418316298",
            "this discord:// URL cannot be used: WEBHOOK_TOKEN is missing, or is not as the service writes it: write",
        ),
        ("mailto://a:b@example.com/c@d.org/e@f.org", "this mailto:// URL names 2 targets"),
        (
            "tgram://123",
            "this tgram:// URL cannot be used: it is not complete: write tgram://BOT_TOKEN/CHAT, see https://",
        ),
        ("json://", "this json:// URL cannot be used: it is not complete: write json://HOST, see https://"),
        ("mqtt://localhost/topic", "mqtt:// needs paho-mqtt"),
        ("gnome://", "gnome:// writes to this machine only"),
    ],
)
def test_a_channel_url_is_judged_with_what_to_write(url: str, said: str | None) -> None:
    found = problem_of(Channel(name="x", url=Secret(url)))
    assert found is None if said is None else (found or "").startswith(said)
    assert TOKEN not in (found or "")


def test_our_list_of_services_is_apprises() -> None:
    loaded()
    assert set(services().schemas()) == REMOTE | LOCAL | RELAYS


def test_the_version_of_tls_is_a_recent_one() -> None:
    assert tls.context(True).minimum_version is ssl.TLSVersion.TLSv1_2
    assert tls.context(True).verify_mode is ssl.CERT_REQUIRED
    assert tls.context(False).verify_mode is ssl.CERT_NONE


def test_a_library_that_an_upgrade_took_away_is_told_with_what_to_do(
    transport: AppriseTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> bool:
        raise ModuleNotFoundError("No module named 'apprise.plugins.other'")

    monkeypatch.setattr("apprise.plugins.custom_form.NotifyForm.send", gone)
    channel = Channel(name="hook", url=Secret("form://127.0.0.1:9/"))
    outcome = transport.send(channel, WORDS, ref="1")
    reason = "what sends cannot be loaded (ModuleNotFoundError): after an upgrade, restart reminder"
    assert outcome == Failure(kind=FailureKind.TRANSIENT, reason=reason)
