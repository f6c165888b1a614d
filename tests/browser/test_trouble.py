"""A channel that is broken is red, in its service's words, until it is mended; the way in never depends on a channel."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, View, looked_at
from tests.support.page_home import as_text
from tests.support.page_process import page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.sink import Reply, Sink
from tests.support.smtp import MailServer

BEFORE: Final = "2025-07-01T12:00:00Z"
DUE: Final = "2025-07-02T03:30:00Z"
VIEW: Final = View(width=PHONE, scheme="dark", scripts=False)
PASSWORD: Final = "right-Passw0rd-33"


def with_mail(server: MailServer, password: str) -> dict[str, Any]:
    url = f"mailto://me:{password}@127.0.0.1:{server.port}/asha@example.com?from=me@example.org"
    return {
        "timezone": "Asia/Kolkata",
        "channels": {"mail": url},
        "subscribers": {"asha": {}},
        "watch": [{"title": "Ballard", "premiere": "2025-07-09"}],
    }


def test_a_wrong_password_is_red_and_a_test_after_the_mend_sends_what_waited(
    browser: Browser, reminder: Reminder
) -> None:
    with (
        MailServer(login=("me", PASSWORD)) as server,
        page_process(reminder, with_mail(server, "wrong"), BEFORE) as process,
    ):
        tab = ServedPage(process=process).tab(browser, VIEW, "asha")
        process.daemon.at(DUE)
        process.daemon.wait_for(lambda: [row.reason is not None for row in reminder.ledger()] == [True])
        tab.open(process.at("/channels"))
        assert "535" in tab.words, "the server's own words"
        assert "✗" in tab.page.inner_text(".bad >> nth=0")
        assert "1 message waits" in tab.words
        assert "wrong" not in re.sub("(what|is) wrong", "", tab.words), "no password"
        assert looked_at(tab) == []

        reminder.write(as_text(with_mail(server, PASSWORD) | {"web": {"listen": f"127.0.0.1:{process.port}"}}))
        process.daemon.hup()
        tab.page.get_by_role("button", name="Send a test over mail").click()
        tab.page.wait_for_url("**/channels/test/*")
        tab.page.get_by_text("It works.").wait_for()  # the page looks again by itself, without a script
        assert looked_at(tab) == []
        assert server.wait_for(2)
        assert "Ballard premieres in 7 days" in {str(mail.message["Subject"]) for mail in server.mails}
        process.daemon.wait_for(lambda: {row.state for row in reminder.ledger()} == {"sent"})
        tab.open(process.at("/channels"))
        assert "✓ works" in tab.words
        assert "✗" not in tab.words
        tab.close()


def test_where_every_channel_is_dead_the_terminal_still_lets_in(
    browser: Browser, reminder: Reminder, sink: Sink
) -> None:
    config = {
        "timezone": "Asia/Kolkata",
        "channels": {"phone": f"ntfy://{sink.netloc}/asha", "push": f"json://{sink.netloc}/asha"},
        "subscribers": {"asha": {}},
        "watch": [{"title": "Ballard", "premiere": "2025-07-09"}],
    }
    sink.always(Reply(status=403))
    with page_process(reminder, config, BEFORE) as process:
        process.daemon.at(DUE)
        process.daemon.wait_for(lambda: process.daemon.log.count("not sent") == 2)
        tab = ServedPage(process=process).tab(browser, VIEW, "asha")
        tab.open(process.at("/channels"))
        assert len(tab.page.locator(".bad", has_text="✗").all()) == 2
        assert looked_at(tab) == []
        tab.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no JavaScript"])
def test_a_code_over_the_phone_signs_in_and_the_history_shows_what_was_sent(
    browser: Browser, reminder: Reminder, sink: Sink, scripts: bool
) -> None:
    config = {
        "timezone": "Asia/Kolkata",
        "channels": {"phone": f"json://{sink.netloc}/asha"},
        "subscribers": {"asha": {}},
        "watch": [{"title": "Ballard", "premiere": "2025-07-09"}],
    }
    with page_process(reminder, config, BEFORE) as process:
        process.daemon.at(DUE)
        assert sink.wait_for(1)
        tab = ServedPage(process=process).tab(browser, View(width=PHONE, scheme="light", scripts=scripts))
        tab.open(process.at("/history"))
        assert tab.path.startswith("/sign-in")
        tab.page.get_by_label("Your name").fill("asha")
        tab.press("Send me a code")
        assert sink.wait_for(2)
        said = json.loads(sink.requests[-1].body)
        digits = re.search(r"\d{4}\s?\d{4}", f"{said['title']} {said['message']}")
        assert digits, said
        tab.page.get_by_label("Code").fill(digits[0])
        tab.press("Sign in")
        assert tab.path.startswith("/history"), "where one wanted to go"
        assert "Ballard" in tab.words
        assert "over phone" in tab.words
        assert digits[0] not in tab.words, "a code is nobody's history"
        assert looked_at(tab) == []
        tab.page.get_by_label("Title").fill("no such title")
        tab.press("Show")
        assert "Ballard" not in tab.page.inner_text("main")
        assert tab.complaints == []
        tab.close()
