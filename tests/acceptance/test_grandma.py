"""Grandma joins by Telegram, is told in her language, and presses what the message offers (SPEC 10, 12, 13).

The installed command, its page over a socket, and a double of the Bot API: one daemon from the invitation to the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance.test_joined import Visitor
from tests.acceptance.test_telegram import buttons, noted, said, talk
from tests.support.faults import until
from tests.support.page_process import PageProcess, page_process
from tests.support.process import Reminder
from tests.support.telegram_api import TOKEN, TelegramApi, TelegramServer

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

GRANDMA = 4242
INVITED: Final = "2025-07-07T10:00:00Z"
DAY_BEFORE: Final = "2025-07-08T05:00:00Z"
"""Seven in the morning where she is: the hour that she chooses."""
THE_DAY: Final = "2025-07-09T05:00:00Z"
CONFIG: Final[Mapping[str, Any]] = {
    "timezone": "Asia/Kolkata",
    "operator": "asha",
    "channels": {
        "bot": {"url": f"tgram://{TOKEN}/{{address}}", "join": True, "bot": True},
        "hook": "json://127.0.0.1:9/",
    },
    "subscribers": {"asha": {"channels": ["hook"]}},
    "watch": [{"title": "Ballard", "premiere": "2025-07-09", "platform": "Prime Video"}],
    "web": {"address": "https://reminder.example.org"},
}
START: Final = re.compile(r"https://t\.me/family_reminder_bot\?start=([A-Za-z0-9_-]+)")


@pytest.fixture
def telegram(tmp_path: Path) -> Iterator[TelegramServer]:
    with TelegramServer(tmp_path) as server:
        yield server


@pytest.fixture
def page(tmp_path: Path, telegram: TelegramServer) -> Iterator[PageProcess]:
    with page_process(Reminder(tmp_path, environ=dict(telegram.env)), dict(CONFIG), INVITED) as running:
        yield running


def invited(page: PageProcess) -> Visitor:
    """Let the owner invite Grandma on the page, and her open the link and say who she is."""
    owner = Visitor(page)
    link = page.link("asha").rpartition("/")[2]
    assert owner.press(f"/in/{link}", "/in", token=link).status == 303
    made = owner.press("/people", "/people/invite", name="Grandma", language="de", timezone="Europe/Berlin")
    assert made.status == 303
    (token,) = set(re.findall(r"https://reminder\.example\.org/join/([A-Za-z0-9_-]+)", owner.get("/people").text))
    her = Visitor(page)
    who = {"token": token, "name": "Grandma", "timezone": "Europe/Berlin", "language": "de", "clock": "24h"}
    assert her.press(f"/join/{token}", "/join", **who).status == 303
    return her


def proves_her_chat(her: Visitor, api: TelegramApi) -> None:
    """Let her press the link to the bot, and START there."""
    assert her.press("/channels/add", "/channels/add", channel="bot").status == 303
    until(lambda: START.search(her.get("/channels/start").text), lambda: "the page shows no link")
    (sent,) = set(START.findall(her.get("/channels/start").text))
    api.says(GRANDMA, f"/start {sent}")
    assert "Grandma" in said(api, GRANDMA)
    until(lambda: her.get("/channels/start").headers.get("location") == "/channels", lambda: "she is not connected")


def test_grandma_joins_by_telegram_is_told_in_german_and_presses_seen(
    page: PageProcess, telegram: TelegramServer
) -> None:
    api, her = telegram.api, invited(page)
    proves_her_chat(her, api)
    settings = {
        "language": "de",
        "timezone": "Europe/Berlin",
        "at": "07:00",
        "clock": "24h",
        "digest": "none",
        "premiere": "1d, day",
    }
    assert her.press("/me/settings", "/me/settings", **settings).status == 303

    assert "Ballard" in talk(api, GRANDMA, "/follow Ballard")
    before = len(api.texts(GRANDMA))
    api.presses(GRANDMA, next(iter(buttons(api, GRANDMA).values())))
    assert "Ballard" in said(api, GRANDMA, after=before)

    page.daemon.at(DAY_BEFORE)
    assert said(api, GRANDMA, after=before + 1).startswith("Ballard startet morgen")
    number = title_number(her)
    assert noted(api, GRANDMA, buttons(api, GRANDMA)["Stumm"]) == "Ballard ist stumm: Du hörst nichts mehr davon."
    assert "stumm" in her.get(f"/title/{number}").text
    assert api.wait_for(lambda api: "Rückgängig" in buttons(api, GRANDMA))
    assert noted(api, GRANDMA, buttons(api, GRANDMA)["Rückgängig"])

    page.daemon.at(THE_DAY)
    assert "Mittwoch, 9. Juli 2025" in said(api, GRANDMA, after=before + 2)
    assert noted(api, GRANDMA, buttons(api, GRANDMA)["Gesehen"])
    assert "Doch nicht gesehen" in her.get(f"/title/{number}").text
    page.daemon.term()
    assert page.daemon.ends() == 0
    assert [secret for secret in (TOKEN, str(GRANDMA)) if secret in page.daemon.log] == []


def title_number(her: Visitor) -> str:
    """Return the number of the one title that she sees."""
    (number,) = set(re.findall(r'href="/title/(\d+)', her.get("/").text))
    return str(number)
