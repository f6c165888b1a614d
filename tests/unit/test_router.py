"""Every channel finds its transport, and what cannot be loaded is a failure like any other."""

from __future__ import annotations

import threading

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.fake import FakeTransport
from reminder.notify.router import Router
from reminder.notify.transport import Sent, Transport

HOOK = Channel(name="hook", url=Secret("json://127.0.0.1:9/"))
SCREEN = Channel(name="screen", url=Secret("console://"))
WORDS = Words(subject="Ballard is out today")


def test_the_console_needs_nothing_remote() -> None:
    console = FakeTransport()
    router = Router(services=broken, console=console)
    assert isinstance(router.send(SCREEN, WORDS, ref="1"), Sent)
    assert [given.channel for given in console.given] == [SCREEN]


def test_what_cannot_be_loaded_is_tried_again() -> None:
    outcome = Router(services=broken).send(HOOK, WORDS, ref="1")
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TRANSIENT
    assert outcome.reason == "what sends cannot be loaded (ImportError): after an upgrade, restart reminder"


def test_threads_that_send_at_once_share_what_is_loaded() -> None:
    made: list[FakeTransport] = []
    gate = threading.Barrier(8)

    def services() -> Transport:
        made.append(FakeTransport())
        return made[-1]

    router = Router(services=services)

    def send() -> None:
        gate.wait(10)
        router.send(HOOK, WORDS, ref="1")

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(made) == 1
    assert len(made[0].sent) == 8
    router.close()
    assert made[0].closed


def broken() -> Transport:
    """Stand in for a program that was upgraded under a running daemon."""
    raise ImportError("cannot import name 'quick'")
