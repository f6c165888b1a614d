"""What a reader can do about a message, as each service shows it: captured requests of the unmodified plugins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.text.content import Action, ActionKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import SystemClock
from tests.support.proxy import DISCORD, TELEGRAM, Proxy
from tests.support.sink import Request, Sink

PAGE = "https://reminder.example.org/m/7-2b.aXy1Zw.Tqv0pQ-m1ZP0mJb8v7cQ1xJ3sXk"
LABELS = {
    ActionKind.LATER: "Heute Abend",
    ActionKind.TOMORROW: "Morgen früh",
    ActionKind.MUTE: "Stumm",
    ActionKind.STOP: "Stop following",
}
ACTIONS = (
    *(Action(kind=kind, label=label, url=f"{PAGE}/{kind}") for kind, label in LABELS.items()),
    Action(kind=ActionKind.OPEN, label="More", url=PAGE, said="Later, mute or stop"),
)
WORDS = Words(
    subject="Ballard premieres in 7 days",
    body=(BodyLine(text="Wednesday, July 9, 2025: all 10 episodes on Prime Video"),),
    actions=ACTIONS,
)
SHOW = "https://example.com/ballard"
LINKED = replace(WORDS, body=(*WORDS.body, BodyLine(link=SHOW)), link=SHOW)
LINE = f"Later, mute or stop: {PAGE}"
BOT = "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/12315544"
WEBHOOK = "discord://417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
PUSHOVER = "pover://abcdefghijklmnopqrstuvwxyz1234@ABCDEFGHIJKLMNOPQRSTUVWXYZ1234"


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=4.0)
    yield made
    made.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with Proxy(tmp_path) as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


def send(transport: AppriseTransport, url: str, words: Words = WORDS, *, plain: bool = False) -> None:
    sent = transport.send(Channel(name="x", url=Secret(url)), words, ref="d1", plain=plain)
    assert isinstance(sent, Sent), sent


def to_ntfy(
    sink: Sink, transport: AppriseTransport, words: Words, options: str = "", *, plain: bool = False
) -> Request:
    send(transport, f"ntfy://{sink.netloc}/films{options}", words, plain=plain)
    return sink.requests[-1]


def test_ntfy_has_two_buttons_that_act_at_once_and_one_for_the_rest(sink: Sink, transport: AppriseTransport) -> None:
    request = to_ntfy(sink, transport, WORDS)
    assert json.loads(request.headers["x-actions"]) == [
        {"action": "http", "label": "Heute Abend", "url": f"{PAGE}/later", "method": "POST", "clear": True},
        {"action": "http", "label": "Morgen früh", "url": f"{PAGE}/tomorrow", "method": "POST", "clear": True},
        {"action": "view", "label": "More", "url": PAGE},
    ]
    assert request.headers["x-actions"].isascii()
    assert request.headers["x-click"] == PAGE
    assert request.json()["message"] == WORDS.plain()


def test_a_tap_in_ntfy_opens_the_link_of_the_release(sink: Sink, transport: AppriseTransport) -> None:
    assert to_ntfy(sink, transport, LINKED).headers["x-click"] == SHOW


def test_buttons_of_ones_own_in_ntfys_url_stand_and_ours_are_links(sink: Sink, transport: AppriseTransport) -> None:
    request = to_ntfy(sink, transport, WORDS, "?actions=view,Lamp,https://example.com/lamp")
    assert "Lamp" in request.headers["x-actions"]
    assert "reminder.example.org" not in request.headers["x-actions"]
    assert request.json()["message"] == f"{WORDS.plain()}\n\n{LINE}"


def test_telegram_has_a_keyboard_of_links(proxy: Proxy, transport: AppriseTransport) -> None:
    send(transport, BOT)
    sent = proxy.of(TELEGRAM)[-1].json()
    assert sent["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "Heute Abend", "url": f"{PAGE}/later"}, {"text": "Morgen früh", "url": f"{PAGE}/tomorrow"}],
            [{"text": "Stumm", "url": f"{PAGE}/mute"}, {"text": "Stop following", "url": f"{PAGE}/stop"}],
            [{"text": "More", "url": PAGE}],
        ]
    }
    assert (sent["parse_mode"], PAGE in sent["text"]) == ("HTML", False)


def test_discord_has_a_row_of_link_buttons_and_asks_for_them(proxy: Proxy, transport: AppriseTransport) -> None:
    send(transport, WEBHOOK)
    request = proxy.of(DISCORD)[-1]
    assert parse_qs(urlsplit(request.path).query)["with_components"] == ["true"]
    (row,) = request.json()["components"]
    assert [(each["type"], each["style"], each["label"]) for each in row["components"]] == [
        (2, 5, label) for label in [*LABELS.values(), "More"]
    ]
    assert [each["url"] for each in row["components"]] == [action.url for action in ACTIONS]
    assert PAGE not in request.json()["content"]


def test_discord_keeps_what_else_its_address_asks_for(proxy: Proxy, transport: AppriseTransport) -> None:
    send(transport, f"{WEBHOOK}?thread=1234")
    query = parse_qs(urlsplit(proxy.of(DISCORD)[-1].path).query)
    assert query == {"thread_id": ["1234"], "with_components": ["true"]}


@pytest.mark.parametrize(("words", "opens", "line"), [(WORDS, PAGE, False), (LINKED, SHOW, True)])
def test_a_tap_in_gotify_opens_the_link_of_the_release_or_the_page(
    sink: Sink, transport: AppriseTransport, words: Words, opens: str, line: bool
) -> None:
    send(transport, f"gotify://{sink.netloc}/AbCdEfGhIjKlMnO", words)
    sent = sink.requests[-1].json()
    assert sent["extras"] == {"client::notification": {"click": {"url": opens}}}
    assert (LINE in sent["message"]) is line


@pytest.mark.parametrize(("words", "opens", "line"), [(WORDS, PAGE, False), (LINKED, SHOW, True)])
def test_the_one_address_of_pushover_is_the_link_of_the_release_or_the_page(
    proxy: Proxy, transport: AppriseTransport, words: Words, opens: str, line: bool
) -> None:
    send(transport, PUSHOVER, words)
    sent = parse_qs(proxy.of("api.pushover.net")[-1].body.decode())
    assert sent["url"] == [opens]
    assert sent.get("url_title") == (None if line else ["Later, mute or stop"])
    assert (LINE in sent["message"][0]) is line


def test_a_service_without_buttons_has_one_short_line(sink: Sink, transport: AppriseTransport) -> None:
    send(transport, f"json://{sink.netloc}/hook")
    assert sink.requests[-1].json()["message"] == f"{WORDS.plain()}\n\n{LINE}"


def test_where_markdown_or_html_is_read_each_action_is_a_word() -> None:
    linked = WORDS.with_links()
    assert linked.markdown().splitlines()[-1] == (
        f"[Heute Abend]({PAGE}/later) · [Morgen früh]({PAGE}/tomorrow) · [Stumm]({PAGE}/mute) · "
        f"[Stop following]({PAGE}/stop)"
    )
    assert linked.html().splitlines()[-1] == (
        f'<p><a href="{PAGE}/later">Heute Abend</a> · <a href="{PAGE}/tomorrow">Morgen früh</a> · '
        f'<a href="{PAGE}/mute">Stumm</a> · <a href="{PAGE}/stop">Stop following</a></p>'
    )


@pytest.mark.parametrize("url", ["ntfy", "tgram", "discord", "gotify"])
def test_the_second_short_try_of_a_refused_message_has_no_buttons(
    sink: Sink, proxy: Proxy, transport: AppriseTransport, url: str
) -> None:
    urls = {"ntfy": f"ntfy://{sink.netloc}/films", "gotify": f"gotify://{sink.netloc}/AbCdEfGhIjKlMnO",
            "tgram": BOT, "discord": WEBHOOK}  # fmt: skip
    send(transport, urls[url], plain=True)
    request = [*sink.requests, *proxy.of(TELEGRAM), *proxy.of(DISCORD)][-1]
    whole = f"{request.path} {dict(request.headers)} {request.body!r}"
    assert "reminder.example.org" not in whole


def test_telegram_and_discord_refuse_links_to_this_machine_so_they_are_told_in_the_text(
    proxy: Proxy, transport: AppriseTransport
) -> None:
    local = replace(WORDS, actions=tuple(replace(each, url=each.url.replace("https://reminder.example.org", "http://localhost:8484")) for each in ACTIONS))  # fmt: skip
    send(transport, BOT, local)
    send(transport, WEBHOOK, local)
    to_telegram, to_discord = proxy.of(TELEGRAM)[-1].json(), proxy.of(DISCORD)[-1].json()
    assert "reply_markup" not in to_telegram
    assert "components" not in to_discord
    assert "http://localhost:8484/m/" in to_telegram["text"]


def test_without_actions_a_request_is_what_it_was(sink: Sink, transport: AppriseTransport) -> None:
    bare: dict[str, Any] = dict(to_ntfy(sink, transport, replace(WORDS, actions=())).headers)
    assert "x-actions" not in bare
    assert "x-click" not in bare
