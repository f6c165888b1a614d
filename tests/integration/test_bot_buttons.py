"""The buttons of a message over a bot that is read: a press comes back to the bot, by the unmodified plugin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reminder.bot.commands import GivenAction, read_press
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.content import Action, ActionKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.http import routes
from reminder.notify.transport import Sent
from reminder.platform.clock import SystemClock
from tests.support.telegram_api import TOKEN, SentMessage, TelegramServer

SIGNED = "7-2b-5zz.aXy1Zw.Tqv0pQ-m1ZP0mJb8v7cQ1xJ3sXk"
PAGE = f"https://reminder.example.org/m/{SIGNED}"
KINDS = (ActionKind.LATER, ActionKind.TOMORROW, ActionKind.MUTE, ActionKind.STOP)
ACTIONS = (
    *(Action(kind=kind, label=str(kind), url=f"{PAGE}/{kind}", token=SIGNED) for kind in KINDS),
    Action(kind=ActionKind.OPEN, label="More", url=PAGE, said="Later, mute or stop", token=SIGNED),
)
WORDS = Words(subject="Ballard premieres", body=(BodyLine(text="On Prime Video"),), actions=ACTIONS)
LOCAL = replace(
    WORDS, actions=tuple(replace(each, url=each.url.replace("https://", "http://")) for each in WORDS.actions)
)
LONG = replace(WORDS, actions=tuple(replace(each, token="9" * 60) for each in WORDS.actions))
PRESSED = [(str(kind), f"{kind}:{SIGNED}") for kind in KINDS]
OPENED = [(str(kind), f"{PAGE}/{kind}") for kind in KINDS]
MORE = ("More", PAGE)


@pytest.fixture
def telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramServer]:
    with TelegramServer(tmp_path) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        routes.forget()
        yield server
    routes.forget()


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=4.0)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("words", "chat", "is_read", "buttons"),
    [
        (WORDS, "4711", True, [*PRESSED, MORE]),
        (LOCAL, "4711", True, PRESSED),
        (LONG, "4711", True, [*OPENED, MORE]),
        (WORDS, "-1001", True, [*OPENED, MORE]),
        (WORDS, "4711", False, [*OPENED, MORE]),
        (LOCAL, "4711", False, []),
    ],
)
def test_a_press_comes_back_where_the_bot_is_read(
    telegram: TelegramServer,
    transport: AppriseTransport,
    words: Words,
    chat: str,
    is_read: bool,
    buttons: list[tuple[str, str]],
) -> None:
    channel = Channel(name="bot", url=Secret(f"tgram://{TOKEN}/{chat}"), bot=is_read)
    sent = transport.send(channel, words, ref="d1", plain=False)
    assert isinstance(sent, Sent), sent
    (message,) = telegram.api.sent
    assert list(message.buttons) == buttons
    assert "On Prime Video" in message.text
    assert_understood(message)


def assert_understood(message: SentMessage) -> None:
    """Assert that what a button carries is what the bot reads."""
    carried = [data for _, data in message.buttons if not data.startswith("http")]
    assert [read_press(data) for data in carried] == [
        GivenAction(kind=ActionKind(data.partition(":")[0]), token=SIGNED) for data in carried
    ]
