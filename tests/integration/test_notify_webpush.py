"""What a push service answers, and what is made of it: whose fault it is, and nothing of the address in any word."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from reminder.core.errors import StoreError
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent
from reminder.notify.webpush.settings import PushSettings
from reminder.notify.webpush.vapid import VapidKey, new_key
from reminder.platform.clock import SystemClock
from tests.support.push import PushedTo, PushService, as_text
from tests.support.sink import Reply

WORDS = Words(subject="Ballard premieres in 7 days", body=(BodyLine(text="Wednesday, July 9, 2025"),))
SHARED = Channel(name="browser", url=Secret("webpush:///{address}"), is_shared=True)
SECONDS = 1.0
SETTINGS = PushSettings(
    key=VapidKey(Secret(new_key())), contact="mailto:me@example.org", hosts=frozenset({"127.0.0.1"})
)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=SECONDS, push=lambda: SETTINGS)
    yield made
    made.close()


def secrets_of(browser: PushedTo) -> list[str]:
    return [as_text(browser.auth), as_text(browser.p256dh), browser.endpoint.rpartition("/")[2]]


TRANSIENT, CHANNEL, MESSAGE = FailureKind.TRANSIENT, FailureKind.CHANNEL, FailureKind.MESSAGE

#: status, whose fault, whether it is this browser's alone, whether it is no more
TABLE = [
    (400, MESSAGE, False, False), (401, CHANNEL, True, False), (403, CHANNEL, True, False), (404, CHANNEL, True, True),
    (410, CHANNEL, True, True), (413, MESSAGE, False, False), (429, TRANSIENT, False, False),
    (500, TRANSIENT, False, False), (502, TRANSIENT, False, False), (503, TRANSIENT, False, False),
    (301, CHANNEL, False, False), (302, CHANNEL, False, False), (307, CHANNEL, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind", "is_address", "is_gone"), TABLE)
def test_every_refusal_is_somebodys_fault(
    service: PushService,
    transport: AppriseTransport,
    caplog: pytest.LogCaptureFixture,
    status: int,
    kind: FailureKind,
    is_address: bool,
    is_gone: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = service.subscribe()
    echo = f"no {' '.join(secrets_of(browser))} {browser.endpoint}"
    headers = {"Location": f"{browser.endpoint}/elsewhere"} if 300 <= status < 400 else {}
    service.sink.script(Reply(status=status, headers=headers, body=echo.encode()))
    outcome = transport.send(SHARED.to(browser.address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status) == (kind, status)
    assert (outcome.is_address, outcome.is_gone) == (is_address, is_gone)
    assert str(status) in outcome.reason
    assert not outcome.is_of_login
    for secret in secrets_of(browser):
        assert secret not in outcome.reason
        assert secret not in caplog.text
    assert len(service.sink.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_way_to_say_yes_is_understood(service: PushService, transport: AppriseTransport, status: int) -> None:
    service.sink.script(Reply(status=status))
    assert isinstance(transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1"), Sent)


def test_a_browser_that_was_set_up_with_another_key_is_to_be_set_up_again(
    service: PushService, transport: AppriseTransport
) -> None:
    browser = service.subscribe(asked_with="another")
    outcome = transport.send(SHARED.to(browser.address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status, outcome.is_address) == (CHANNEL, 403, True)
    assert "set the browser up again under Channels" in outcome.reason
    assert browser.shown == []


@pytest.mark.parametrize("path", ["w/?token=BwYAAAB%2FA%3D%3D%2Bx", "wpush/v2/gAAAAAB-_x:y~z", "a%20b/%E2%82%AC"])
def test_an_address_is_asked_sign_by_sign_as_the_browser_gave_it(
    service: PushService, transport: AppriseTransport, path: str
) -> None:
    browser = service.subscribe(path=path)
    assert isinstance(transport.send(SHARED.to(browser.address), WORDS, ref="1"), Sent)
    assert [request.path for request in service.sink.requests] == [f"/push/{path}"]


def test_apples_word_for_another_key_is_of_one_browser(service: PushService, transport: AppriseTransport) -> None:
    service.sink.script(Reply.json({"reason": "VapidPkHashMismatch"}, status=400))
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.is_address, outcome.is_gone) == (CHANNEL, True, False)
    assert "set the browser up again" in outcome.reason


def test_a_service_says_how_long_to_stay_away(service: PushService, transport: AppriseTransport) -> None:
    service.sink.script(Reply(status=429, headers={"Retry-After": "90"}))
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert outcome.wait == timedelta(seconds=90)
    assert outcome.is_wait_of_address


@pytest.mark.parametrize("status", [500, 503])
def test_a_service_that_is_down_asks_for_a_pause_of_all_its_browsers(
    service: PushService, transport: AppriseTransport, status: int
) -> None:
    service.sink.script(Reply(status=status, headers={"Retry-After": "90"}))
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert (outcome.wait, outcome.is_wait_of_address) == (timedelta(seconds=90), False)


def test_a_service_that_hangs_is_cut_off_within_the_time_of_an_attempt(
    service: PushService, transport: AppriseTransport
) -> None:
    service.sink.script(Reply(hang=True))
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.UNKNOWN
    assert outcome.reason == "no answer within 1 s (it may have arrived)"


def test_the_short_form_is_short(service: PushService, transport: AppriseTransport) -> None:
    browser = service.subscribe()
    words = Words(subject="Ballard", body=(BodyLine(text="A" * 900), BodyLine(text="B" * 100)))
    for plain in (False, True):
        assert isinstance(transport.send(SHARED.to(browser.address), words, ref="1", plain=plain), Sent)
    whole, short = (each.said["body"] for each in browser.shown)
    assert len(whole) == 1001
    assert len(short.encode()) <= 300
    assert "B" not in short


def test_a_host_that_nobody_has_named_is_not_asked(service: PushService) -> None:
    unnamed = PushSettings(key=SETTINGS.key, contact=SETTINGS.contact)
    transport = AppriseTransport(clock=SystemClock(), timeout=SECONDS, push=lambda: unnamed)
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    transport.close()
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.is_address) == (CHANNEL, True)
    assert "push_hosts" in outcome.reason
    assert service.sink.requests == []


def test_while_the_key_cannot_be_read_it_waits(service: PushService) -> None:
    def unreadable() -> PushSettings:
        raise StoreError("the database is locked")

    transport = AppriseTransport(clock=SystemClock(), timeout=SECONDS, push=unreadable)
    outcome = transport.send(SHARED.to(service.subscribe().address), WORDS, ref="1")
    transport.close()
    assert isinstance(outcome, Failure)
    assert outcome.kind is TRANSIENT
    assert service.sink.requests == []


@pytest.mark.parametrize(
    "address",
    ["12345", "somebody@example.com", f"{'A' * 22}.{'B' * 87}.https://evil.example/x", f"{'A' * 22}.{'B' * 87}.http://127.0.0.1/x"],
)  # fmt: skip
def test_what_is_no_browsers_address_is_never_asked(transport: AppriseTransport, address: str) -> None:
    outcome = transport.send(SHARED.to(address), WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.is_address) == (CHANNEL, True)
    assert "evil" not in outcome.reason
