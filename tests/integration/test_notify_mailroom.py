"""Many mails over one connection: kept, closed, reopened in time, and one mail at a time."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.http.attempt import Attempt
from reminder.notify.mail.compose import write_mail
from reminder.notify.mail.mailbox import read_mailbox
from reminder.notify.mail.pool import ASK_AFTER_SECONDS, LIFE_SECONDS, SmtpPool
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from tests.support.faults import no_thread_left
from tests.support.smtp import DROP, HANG, MailServer

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9"),))
LOGIN = ("me", "p4ssw0rd")
MONOTONIC = SystemClock().monotonic


class Later:
    """The monotonic clock, and some more."""

    def __init__(self) -> None:
        self.more = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return MONOTONIC() + self.more


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(login=LOGIN) as made:
        yield made


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=2.0)
    yield made
    made.close()


def made(smtp_pool: SmtpPool, timeout: float = 2.0) -> AppriseTransport:
    return AppriseTransport(clock=SystemClock(), timeout=timeout, smtp_pool=smtp_pool)


def url(server: MailServer, to: str = "asha", query: str = "") -> str:
    return f"mailto://{':'.join(LOGIN)}@127.0.0.1:{server.port}/{to}@example.com?from=me@example.org{query}"


def send(transport: AppriseTransport, address: str, ref: str = "d1") -> Outcome:
    return transport.send(Channel(name="email", url=Secret(address)), WORDS, ref=ref)


def soon(holds: Callable[[], bool]) -> bool:
    """Wait a while for something to come true."""
    never = threading.Event()
    return any(holds() or never.wait(0.05) for _ in range(200))


def test_many_mails_to_many_people_go_over_one_connection(server: MailServer, transport: AppriseTransport) -> None:
    for number in range(20):
        assert isinstance(send(transport, url(server, f"p{number}"), f"d{number}"), Sent)
    assert [mail.recipients for mail in server.mails] == [(f"p{number}@example.com",) for number in range(20)]
    assert len({mail.message["Message-ID"] for mail in server.mails}) == 20
    assert {mail.user for mail in server.mails} == {"me"}
    assert server.connections == 1


def test_a_mail_is_the_same_over_a_new_connection_and_a_kept_one(
    server: MailServer, transport: AppriseTransport
) -> None:
    for _ in range(2):
        send(transport, url(server, query="&name=Reminder&reply=me@example.net"))
    first, second = (mail.message for mail in server.mails)
    del first["Date"], second["Date"]
    boundaries = [str(message.get_boundary()) for message in (first, second)]
    assert first.as_string().replace(boundaries[0], "=") == second.as_string().replace(boundaries[1], "=")


def test_another_login_has_another_connection(transport: AppriseTransport) -> None:
    with MailServer() as server:
        for name in ("asha", "ravi", "asha"):
            send(transport, f"mailto://127.0.0.1:{server.port}/x@example.com?from={name}@example.org")
        assert server.connections == 1, "the sender's address is no login"
        send(transport, f"mailto://127.0.0.1:{server.port}/x@example.com?from=a@example.org&verify=no")
        assert server.connections == 2


def test_a_connection_dropped_between_mails_is_opened_again_within_the_attempt(
    server: MailServer, transport: AppriseTransport
) -> None:
    outcomes = []
    for number in range(3):
        outcomes.append(type(send(transport, url(server), f"d{number}")))
        server.hang_up()
    assert outcomes == [Sent] * 3
    assert (len(server.mails), server.connections) == (3, 3)


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("MAIL", "421 4.7.0 too many mails, try again later"),
        ("RCPT", "421 4.4.2 idle for too long"),
        ("MAIL", "452 4.5.3 too many mails over this connection"),
    ],
)
def test_a_server_that_has_had_enough_of_a_connection_gets_the_mail_over_another(
    server: MailServer, transport: AppriseTransport, verb: str, answer: str
) -> None:
    send(transport, url(server), "d1")
    server.once[verb] = answer
    assert isinstance(send(transport, url(server), "d2"), Sent)
    assert (len(server.mails), server.connections) == (2, 2)


@pytest.mark.parametrize(
    ("verb", "answer", "kind"),
    [
        ("MAIL", "550 5.7.1 sender refused", FailureKind.CHANNEL),
        ("RCPT", "550 5.1.1 no such user", FailureKind.CHANNEL),
        ("RCPT", "450 4.7.1 greylisted", FailureKind.TRANSIENT),
        ("DATA", "554 5.7.1 looks like spam", FailureKind.MESSAGE),
    ],
)
def test_a_refused_mail_leaves_the_connection_to_the_next(
    server: MailServer, transport: AppriseTransport, verb: str, answer: str, kind: FailureKind
) -> None:
    send(transport, url(server), "d1")
    server.once[verb] = answer
    outcome = send(transport, url(server), "d2")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status) == (kind, int(answer[:3]))
    assert isinstance(send(transport, url(server), "d3"), Sent)
    assert (len(server.mails), server.connections) == (2, 1)


@pytest.mark.parametrize("what", [DROP, HANG])
def test_no_answer_after_the_text_may_have_arrived_and_is_not_sent_again_by_itself(
    server: MailServer, what: str
) -> None:
    transport = AppriseTransport(clock=SystemClock(), timeout=0.7)
    send(transport, url(server), "d1")
    server.once["DATA"] = what
    outcome = send(transport, url(server), "d2")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.UNKNOWN
    assert len(server.mails) == 2
    assert isinstance(send(transport, url(server), "d3"), Sent)
    assert (len(server.mails), server.connections) == (3, 2)
    transport.close()


def test_a_server_that_is_gone_is_transient(transport: AppriseTransport) -> None:
    with MailServer(login=LOGIN) as server:
        send(transport, url(server))
    assert send(transport, url(server)) == Failure(kind=FailureKind.TRANSIENT, reason="connection refused")


def test_a_connection_carries_so_many_mails_and_no_more(server: MailServer) -> None:
    transport = made(SmtpPool(monotonic=MONOTONIC, mails=3))
    for number in range(7):
        send(transport, url(server), f"d{number}")
    assert (len(server.mails), server.connections) == (7, 3)
    assert soon(lambda: server.open == 1)
    transport.close()


def test_an_old_connection_is_replaced(server: MailServer) -> None:
    later = Later()
    transport = made(SmtpPool(monotonic=later, idle=3600))
    for _ in range(2):
        send(transport, url(server))
        later.more += LIFE_SECONDS + 1
    assert (len(server.mails), server.connections) == (2, 2)
    transport.close()


@pytest.mark.parametrize(("dropped", "connections"), [(False, 1), (True, 2)])
def test_one_that_was_idle_is_asked_first_whether_it_is_still_there(
    server: MailServer, dropped: bool, connections: int
) -> None:
    later = Later()
    transport = made(SmtpPool(monotonic=later, idle=3600))
    send(transport, url(server))
    later.more += ASK_AFTER_SECONDS + 1
    if dropped:
        server.hang_up()
    assert isinstance(send(transport, url(server)), Sent)
    assert (len(server.mails), server.connections) == (2, connections)
    transport.close()


def test_an_idle_connection_is_closed_and_opened_for_the_next_mail(server: MailServer) -> None:
    transport = made(SmtpPool(monotonic=MONOTONIC, idle=0.2))
    send(transport, url(server))
    assert soon(lambda: server.open == 0)
    assert isinstance(send(transport, url(server)), Sent)
    assert server.connections == 2
    transport.close()


def test_a_mail_that_was_taken_is_sent_also_when_no_thread_is_left_to_look_after_its_connection(
    server: MailServer,
) -> None:
    pool = SmtpPool(monotonic=MONOTONIC, idle=0.2)
    transport, box = made(pool), read_mailbox(url(server))
    mail = write_mail(box.head, WORDS, ref="d1", plain=False, text_only=False, now=SystemClock().now())
    send(transport, url(server))
    assert soon(lambda: not any(thread.name == "mailroom" for thread in threading.enumerate()))
    with no_thread_left():
        assert isinstance(pool.send(box.server, mail, Attempt(2.0, MONOTONIC)), Sent)
    send(transport, url(server))
    assert soon(lambda: server.open == 0)
    transport.close()


def test_closing_hangs_up(server: MailServer, transport: AppriseTransport) -> None:
    send(transport, url(server))
    transport.close()
    assert soon(lambda: server.open == 0)


def test_many_threads_take_turns(server: MailServer, transport: AppriseTransport) -> None:
    outcomes: list[Outcome] = []

    def run(thread: int) -> None:
        outcomes.extend(send(transport, url(server), f"{thread}/{number}") for number in range(5))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(outcome) for outcome in outcomes] == [Sent] * 30
    assert (len(server.mails), server.connections) == (30, 1)


def test_a_mail_that_waits_for_another_in_vain_has_not_left(server: MailServer) -> None:
    smtp_pool = SmtpPool(monotonic=MONOTONIC)
    patient, hasty = made(smtp_pool, 3.0), made(smtp_pool, 0.3)
    server.once["DATA"] = HANG
    thread = threading.Thread(target=send, args=(patient, url(server)))
    thread.start()
    assert server.wait_for(1)
    outcome = send(hasty, url(server))
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert outcome.reason == "another mail was on its way to this server all the time"
    thread.join()
    patient.close()


@pytest.mark.parametrize(
    "subject",
    [
        "Ballard: перенос с 9 июля на 16 июля 2025 г.",
        "Ballard: перенос с 9 июля на 16 июля 2025 г. и ещё 12 серий, 3 фильма и 4 игры",
        "Ballard の配信日が 7月16日 に変わりました 12 話 " * 4 + "終",
        "Während ich weg war – Ballard ist am 9. Juli gestartet, und 12 weitere Folgen auch",
        "Ballard premieres in 7 days",
    ],
)
def test_a_subject_is_read_as_it_was_written_wherever_it_is_folded(subject: str) -> None:
    box = read_mailbox("mailto://127.0.0.1/asha@example.com?from=reminder@example.net")
    words = replace(WORDS, subject=subject)
    mail = write_mail(box.head, words, ref="d1", plain=False, text_only=False, now=SystemClock().now())
    read = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert str(read["Subject"]) == subject
    assert max(map(len, mail.content.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998
