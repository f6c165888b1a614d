"""Mail against a real server: the parts, the identity, and each code at each verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.content import Action, ActionKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from tests.support.proxy import authority
from tests.support.smtp import DROP, HANG, MailServer

WORDS = Words(
    subject="Ballard <b> premieres\nin 7 days 🎬",
    body=(BodyLine(text="Wednesday, July 9 *all* <i>"), BodyLine(text="More", link="https://example.com/?x=1&y=2")),
    link="https://example.com/?x=1&y=2",
)
PASSWORD = "p4ssw0rd!x"


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=4.0)
    yield made
    made.close()


@pytest.fixture(params=[False, True], ids=["line by line", "at once"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    with MailServer(pipelining=request.param) as made:
        yield made


def address(server: MailServer, query: str = "") -> str:
    return f"mailto://127.0.0.1:{server.port}/asha@example.com?from=reminder@example.org{query}"


def send(transport: AppriseTransport, url: str, *, ref: str = "d1", plain: bool = False) -> Outcome:
    return transport.send(Channel(name="email", url=Secret(url)), WORDS, ref=ref, plain=plain)


def test_a_mail_has_its_words_as_text_and_as_html(server: MailServer, transport: AppriseTransport) -> None:
    assert isinstance(send(transport, address(server)), Sent)
    mail = server.mails[0]
    assert (mail.sender, mail.recipients) == ("reminder@example.org", ("asha@example.com",))
    assert mail.message["Subject"] == "Ballard <b> premieres in 7 days 🎬"
    assert mail.part("plain").splitlines() == [
        "Wednesday, July 9 *all* <i>",
        "More https://example.com/?x=1&y=2",
    ]
    assert "Wednesday, July 9 *all* &lt;i&gt;" in mail.part("html")
    assert '<a href="https://example.com/?x=1&amp;y=2">More</a>' in mail.part("html")


def test_the_headers_are_one_of_each(server: MailServer, transport: AppriseTransport) -> None:
    send(transport, address(server, "&%2BX-Show=Ballard&name=Reminder&reply=me@example.net"))
    message = server.mails[0].message
    assert message.get_all("X-Show") == ["Ballard"]
    assert message["From"] == "Reminder <reminder@example.org>"
    assert message["Reply-To"] == "me@example.net"
    assert message["Auto-Submitted"] == "auto-generated"
    for name in ("Message-ID", "Date", "From", "To", "Subject"):
        assert len(message.get_all(name) or []) == 1
    assert parsedate_to_datetime(str(message["Date"])).tzinfo is not None


def test_a_repeated_try_has_the_same_message_id_and_another_delivery_another(
    server: MailServer, transport: AppriseTransport
) -> None:
    for ref in ("d1", "d1", "d2"):
        send(transport, address(server), ref=ref)
    first, again, other = (str(mail.message["Message-ID"]) for mail in server.mails)
    assert first == again != other
    assert first.endswith("@example.org>")


@pytest.mark.parametrize(("query", "plain"), [("&format=text", False), ("", True)])
def test_a_plain_mail_has_no_html(server: MailServer, transport: AppriseTransport, query: str, plain: bool) -> None:
    send(transport, address(server, query), plain=plain)
    assert server.mails[0].part("html") == ""
    assert "Wednesday, July 9" in server.mails[0].part("plain")


def test_lines_that_begin_with_a_dot_arrive(server: MailServer, transport: AppriseTransport) -> None:
    words = Words(subject="Dots", body=(BodyLine(text=".hidden"), BodyLine(text="."), BodyLine(text="..")))
    transport.send(Channel(name="email", url=Secret(address(server, "&format=text"))), words, ref="d1")
    assert server.mails[0].part("plain").splitlines() == [".hidden", ".", ".."]


CODES = [
    ("GREETING", "421 4.3.2 busy", FailureKind.TRANSIENT, True),
    ("GREETING", "554 5.7.1 go away", FailureKind.CHANNEL, False),
    ("MAIL", "451 4.3.0 try later", FailureKind.TRANSIENT, True),
    ("MAIL", "550 5.7.1 sender refused", FailureKind.CHANNEL, False),
    ("MAIL", "552 5.3.4 too large", FailureKind.MESSAGE, False),
    ("RCPT", "450 4.7.1 greylisted", FailureKind.TRANSIENT, True),
    ("RCPT", "550 5.1.1 no such user", FailureKind.CHANNEL, False),
    ("DATA", "421 4.4.2 timeout", FailureKind.TRANSIENT, True),
    ("DATA", "452 4.3.1 disk full", FailureKind.TRANSIENT, True),
    ("DATA", "552 5.3.4 too large", FailureKind.MESSAGE, False),
    ("DATA", "554 5.7.1 looks like spam", FailureKind.MESSAGE, False),
]


@pytest.mark.parametrize(("verb", "answer", "kind", "greylisted"), CODES)
def test_each_code_is_read_at_its_verb(
    server: MailServer, transport: AppriseTransport, verb: str, answer: str, kind: FailureKind, greylisted: bool
) -> None:
    server.answers[verb] = answer
    outcome = send(transport, address(server))
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.greylisted, outcome.status) == (kind, greylisted, int(answer[:3]))
    assert outcome.reason.startswith(answer)
    assert server.mails == []


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (DROP, "the connection was lost before the answer (it may have arrived)"),
        (HANG, "no answer within 4 s (it may have arrived)"),
    ],
)
def test_no_answer_after_the_text_may_have_arrived(
    server: MailServer, transport: AppriseTransport, what: str, reason: str
) -> None:
    server.answers["DATA"] = what
    assert send(transport, address(server)) == Failure(kind=FailureKind.UNKNOWN, reason=reason)
    assert len(server.mails) == 1
    assert transport.stuck == 0


def test_no_server_is_transient(transport: AppriseTransport) -> None:
    outcome = send(transport, "mailto://127.0.0.1:1/asha@example.com?from=a@b.org")
    assert outcome == Failure(kind=FailureKind.TRANSIENT, reason="connection refused")


def login_url(server: MailServer, scheme: str = "mailto", host: str = "127.0.0.1", query: str = "") -> str:
    password = PASSWORD.replace("!", "%21")
    return f"{scheme}://me:{password}@{host}:{server.port}/asha@example.com?from=me@example.org{query}"


def test_a_password_with_letters_beyond_ascii_logs_in(transport: AppriseTransport) -> None:
    with MailServer(login=("me", "pässwörd-8128")) as server:
        url = f"mailto://me:p%C3%A4ssw%C3%B6rd-8128@127.0.0.1:{server.port}/asha@example.com?from=me@example.org"
        assert isinstance(send(transport, url), Sent)
        server.login = None
        server.answers["AUTH"] = "535 no"
        transport.close()
        refused = send(transport, url)
    assert isinstance(refused, Failure)
    assert refused.kind is FailureKind.CHANNEL


def test_a_login_is_used(transport: AppriseTransport) -> None:
    with MailServer(login=("me", PASSWORD)) as server:
        assert isinstance(send(transport, login_url(server)), Sent)
    assert server.mails[0].user == "me"


def test_a_refused_login_is_the_channels_fault_and_asks_about_the_password(transport: AppriseTransport) -> None:
    with MailServer(login=("me", "another")) as server:
        outcome = send(transport, login_url(server))
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status) == (FailureKind.CHANNEL, 535)
    assert "was the password changed? a rotated credential needs a restart" in outcome.reason
    assert PASSWORD not in outcome.reason


def test_a_server_without_login_is_the_channels_fault(server: MailServer, transport: AppriseTransport) -> None:
    outcome = send(transport, login_url(server))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL


@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_mail_goes_in_tls(
    transport: AppriseTransport, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority().write(tmp_path)))
    context = authority().context("127.0.0.1")
    made = MailServer(login=("me", PASSWORD), starttls=context) if mode == "starttls" else MailServer(tls=context)
    with made as server:
        url = login_url(server, "mailtos", query=f"&mode={mode}") if made.login else (
            f"mailtos://127.0.0.1:{server.port}/asha@example.com?from=me@example.org&mode=ssl"
        )  # fmt: skip
        assert isinstance(send(transport, url), Sent)
    assert len(server.mails) == 1


def test_an_untrusted_mail_server_gets_no_password(transport: AppriseTransport) -> None:
    with MailServer(login=("me", PASSWORD), starttls=authority().context("127.0.0.1")) as server:
        outcome = send(transport, login_url(server, "mailtos", query="&mode=starttls"))
    assert isinstance(outcome, Failure)
    assert outcome.reason.startswith("the server's certificate is not trusted: ")
    assert server.mails == []


def test_a_server_without_starttls_is_not_sent_to_in_the_clear(server: MailServer, transport: AppriseTransport) -> None:
    outcome = send(transport, login_url(server, "mailtos", query="&mode=starttls"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL
    assert "offers no TLS on this port, so nothing was sent" in outcome.reason


LONG = f"<https://reminder.example.org/u/{'a' * 200}>"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("List-Unsubscribe", LONG),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Archive", f"<mailto:{'list' * 60}@example.org?subject=archive>"),
        ("Feedback-ID", f"{'campaign' * 15}:reminder"),
        ("X-Route", "r" * 300),
    ],
)
def test_a_header_stands_in_the_mail_as_it_was_written_on_one_line(
    server: MailServer, transport: AppriseTransport, header: str, value: str
) -> None:
    assert isinstance(send(transport, address(server, f"&%2B{header}={quote(value, safe='')}")), Sent)
    assert f"\r\n{header}: {value}\r\n".encode() in server.mails[0].content


def test_a_text_for_people_beyond_ascii_is_an_encoded_word(server: MailServer, transport: AppriseTransport) -> None:
    send(transport, address(server, "&%2BX-Show=B%C3%A4lle"))
    assert server.mails[0].message["X-Show"] == "Bälle"
    assert b"X-Show: =?utf-8?" in server.mails[0].content


def test_mail_over_a_shared_channel_names_its_list_and_other_mail_none(
    server: MailServer, transport: AppriseTransport
) -> None:
    url = f"mailto://127.0.0.1:{server.port}/{{address}}?from=reminder@example.org"
    shared = Channel(name="Film club", url=Secret(url), is_shared=True)
    for person in ("asha@example.com", "ravi@example.com"):
        assert isinstance(transport.send(shared.to(person), WORDS, ref=person), Sent)
    assert isinstance(send(transport, address(server)), Sent)
    found = [mail.message["List-Id"] for mail in server.mails]
    assert found == ["<film-club.reminder.example.org>"] * 2 + [None]


@pytest.mark.parametrize(
    "name",
    [
        "Message-ID",
        "Bcc",
        "cc",
        "Resent-To",
        "Return-Path",
        "Received",
        "Content-Type",
        "Sender",
        "Auto-Submitted",
        "Date",
    ],
)
def test_what_servers_set_or_each_mail_has_once_cannot_be_set(
    server: MailServer, transport: AppriseTransport, name: str
) -> None:
    outcome = send(transport, address(server, f"&%2B{name}=eve@example.net"))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CHANNEL
    assert f"+{name}= cannot be set: each mail has its own" in outcome.reason
    assert server.mails == []


def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it_and_an_international_host_by_its_old_name(
    server: MailServer, transport: AppriseTransport
) -> None:
    for to in ("jörg@example.com", "anna@exämple.de"):
        url = f"mailto://127.0.0.1:{server.port}?from=reminder@example.org&to={to}"
        assert isinstance(send(transport, url), Sent)
    assert [mail.recipients for mail in server.mails] == [("jörg@example.com",), ("anna@xn--exmple-cua.de",)]


@pytest.mark.parametrize(
    ("sender", "to", "hint", "is_address"),
    [
        ("reminder@example.org", "jörg@example.com", "the recipient was refused", True),
        ("reminder@example.org", "märta@example.com", "the recipient was refused", True),
        ("erinnerung-für-alle@example.org", "anna@example.com", "the sender was refused", False),
    ],
)
def test_an_address_beyond_ascii_that_a_server_does_not_take_is_named_as_the_one_that_it_is(
    transport: AppriseTransport, sender: str, to: str, hint: str, is_address: bool
) -> None:
    with MailServer(smtputf8=False) as server:
        outcome = send(transport, f"mailto://127.0.0.1:{server.port}?from={sender}&to={to}")
    assert isinstance(outcome, Failure)
    reason = f"553 the server does not take addresses with letters beyond ASCII ({hint})"
    assert (outcome.reason, outcome.is_address) == (reason, is_address)


def test_names_of_a_home_network_are_senders_and_recipients(server: MailServer, transport: AppriseTransport) -> None:
    url = f"mailto://127.0.0.1:{server.port}?from=reminder@nas&to=anna@mailserver"
    assert isinstance(send(transport, url), Sent)
    assert (server.mails[0].sender, server.mails[0].recipients) == ("reminder@nas", ("anna@mailserver",))


END = f"https://reminder.example.org/u/{'a' * 180}"
PAGE = "https://reminder.example.org/m/token"
ACTING = replace(
    WORDS,
    unsubscribe=END,
    actions=(
        Action(kind=ActionKind.TOMORROW, label="Tomorrow", url=f"{PAGE}/tomorrow"),
        Action(kind=ActionKind.OPEN, label="More", url=PAGE, said="Later, mute or stop"),
    ),
)


@pytest.mark.parametrize("plain", [False, True])
def test_mail_says_on_one_line_each_how_it_ends(server: MailServer, transport: AppriseTransport, plain: bool) -> None:
    channel = Channel(name="Asha's mail", url=Secret(address(server)))
    assert isinstance(transport.send(channel, ACTING, ref="d1", plain=plain), Sent)
    head = server.mails[0].content.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert [line for line in head if line.startswith("List-")] == [
        f"List-Unsubscribe: <{END}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Id: <asha-s-mail.reminder.example.org>",
    ]


def test_what_a_channels_address_says_of_its_list_stands(server: MailServer, transport: AppriseTransport) -> None:
    channel = Channel(name="email", url=Secret(address(server, f"&%2BList-Unsubscribe={quote(LONG, safe='')}")))
    assert isinstance(transport.send(channel, ACTING, ref="d1"), Sent)
    assert server.mails[0].message.get_all("List-Unsubscribe") == [LONG]
    assert server.mails[0].message["List-Unsubscribe-Post"] is None


def test_mail_has_what_can_be_done_as_one_line_in_text_and_as_words_in_html(
    server: MailServer, transport: AppriseTransport
) -> None:
    assert isinstance(transport.send(Channel(name="email", url=Secret(address(server))), ACTING, ref="d1"), Sent)
    text, html = (part.get_content() for part in list(server.mails[0].message.walk())[1:])
    assert text.splitlines()[-2:] == ["", f"Later, mute or stop: {PAGE}"]
    assert f'<p><a href="{PAGE}/tomorrow">Tomorrow</a></p>' in html
