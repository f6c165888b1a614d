"""Telegram as a face: the installed command beside a double of the Bot API (SPEC 10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import func, update

from reminder.core.model.secret import Secret
from reminder.store.sql.store import open_store
from reminder.store.sql.tables import poller
from tests.support.faults import until
from tests.support.fleet import Fleet, fleet
from tests.support.nursery import Hatched
from tests.support.page_process import Answer, PageProcess, free_port, page_process
from tests.support.process import Daemon, Reminder
from tests.support.telegram_api import TOKEN, TelegramApi, TelegramServer

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

ASHA, RAVI, GROUP, STRANGER = 4711, 4712, -1001, 666
HOSTILE: Final = "<b>Bold</b> *star* _under_ [x](tg://user?id=1) @everyone </code> \u202eevil"
CONFIG: Final[Mapping[str, Any]] = {
    "operator": "asha",
    "channels": {"bot": {"url": f"tgram://{TOKEN}/{{address}}", "bot": True}},
    "subscribers": {
        "asha": {"channels": [{"bot": str(ASHA)}]},
        "ravi": {"channels": [{"bot": str(RAVI)}]},
        "home": {"channels": [{"bot": str(GROUP)}]},
    },
    "watch": [
        {"title": "Ballard", "premiere": "2199-07-09", "for": ["asha", "home"]},
        {"title": HOSTILE, "premiere": "2199-07-10", "for": ["asha", "home"]},
        {"title": "Silo", "premiere": "2199-07-11", "for": ["ravi"]},
    ],
}
JOINING: Final[Mapping[str, Any]] = {
    **CONFIG,
    "channels": {
        "bot": {"url": f"tgram://{TOKEN}/{{address}}", "join": True},
        "hook": "json://127.0.0.1:9/",
    },
    "subscribers": {"asha": {"channels": ["hook"]}},
    "watch": [{"title": "Ballard", "premiere": "2199-07-09"}],
}


@pytest.fixture
def telegram(tmp_path: Path) -> Iterator[TelegramServer]:
    with TelegramServer(tmp_path) as server:
        yield server


@pytest.fixture
def reminder(tmp_path: Path, telegram: TelegramServer) -> Reminder:
    made = Hatched(tmp_path, environ=dict(telegram.env)).at("+0")
    made.write(CONFIG)
    return made


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramApi]:
    """Return the service that one daemon talks to in all tests that change nothing for one another."""
    folder = tmp_path_factory.mktemp("family")
    with TelegramServer(folder) as server:
        reminder = Reminder(folder, environ=dict(server.env)).at("+0")
        reminder.write(CONFIG)
        with reminder.daemon():
            yield server.api


def said(api: TelegramApi, chat: int, *, after: int = 0) -> str:
    """Return the next message of the bot into a chat, once it is there."""
    assert api.wait_for(lambda api: len([each for each in api.sent if each.chat == chat]) > after), api.calls[-5:]
    return api.texts(chat)[after]


def buttons(api: TelegramApi, chat: int) -> dict[str, str]:
    """Return the buttons under the newest message of a chat: what each does, by its label."""
    return dict([each for each in api.sent if each.chat == chat][-1].buttons)


def press(api: TelegramApi, chat: int, label: str) -> str:
    """Press a button of the newest message; return what is said then."""
    before = len(api.texts(chat))
    api.presses(chat, buttons(api, chat)[label])
    return said(api, chat, after=before)


def talk(api: TelegramApi, chat: int, text: str) -> str:
    """Write something; return what the bot says to it."""
    before = len(api.texts(chat))
    api.says(chat, text)
    return said(api, chat, after=before)


# Commands ------------------------------------------------------------------------------------------------------------


def test_a_chat_is_answered(api: TelegramApi) -> None:
    shown = talk(api, ASHA, "/upcoming")
    assert "Ballard" in shown
    assert "Silo" not in shown, "it is another person's"
    assert "<b>Bold</b> *star* _under_" in shown, "a title is what it says, and no markup"
    assert api.sent[-1].parse_mode == ""
    assert "@everyone" not in shown
    assert "\u202e" not in shown
    assert "/follow NAME" in talk(api, ASHA, "/help")
    assert talk(api, ASHA, "/mute silo") == "You follow no title that is called silo."

    assert talk(api, ASHA, "/mute ballard") == "Ballard is muted: I say nothing about it."
    assert "muted" in talk(api, ASHA, "/upcoming")
    assert talk(api, ASHA, "/unmute") == "Which title shall I tell you about again?"
    assert press(api, ASHA, "Ballard") == "I tell you about Ballard again."
    assert api.answered[-1].text == "I tell you about Ballard again."
    assert buttons_of_question(api) == ()
    assert talk(api, ASHA, "/unmute") == "No title is muted."

    assert talk(api, ASHA, "/stop ballard") == "Stop following Ballard?"
    assert press(api, ASHA, "Yes, stop it") == "You do not follow Ballard any more."
    assert "Ballard" not in talk(api, ASHA, "/upcoming")
    assert press_again(api) == "You follow Ballard again."
    assert "Ballard" in talk(api, ASHA, "/upcoming")


def buttons_of_question(api: TelegramApi) -> tuple[tuple[str, str], ...]:
    (asked,) = [each for each in api.sent if each.text == "Which title shall I tell you about again?"]
    return asked.buttons


def press_again(api: TelegramApi) -> str:
    (stopped,) = [each for each in api.sent if each.text == "You do not follow Ballard any more."]
    before = len(api.texts(ASHA))
    api.presses(ASHA, dict(stopped.buttons)["Follow it again"])
    return said(api, ASHA, after=before)


def test_a_title_is_followed_by_its_name(api: TelegramApi) -> None:
    shown = talk(api, RAVI, "/follow Severance returns on January 17, 2199 on Apple TV+")
    assert shown.splitlines()[0] == "Severance"
    assert "January 10, 2199" in shown
    assert press(api, RAVI, "Follow").startswith("You follow Severance. The first message comes")
    assert "Severance" in talk(api, RAVI, "/upcoming")
    assert (
        talk(api, RAVI, "/follow Severance returns on January 17, 2199 on Apple TV+") == "You follow Severance already."
    )
    assert talk(api, RAVI, "/follow").startswith("Write a title behind it")
    hostile = talk(api, RAVI, f"/follow {HOSTILE[:40]} comes out on May 5, 2199")
    assert "<b>" in hostile or "Bold" in hostile
    api.presses(RAVI, "c:kept:00000000")
    assert "forgotten" in said(api, RAVI, after=len(api.texts(RAVI)))


def test_nobody_unknown_is_obeyed(api: TelegramApi) -> None:
    api.says(-2002, "/upcoming", kind="supergroup", who=STRANGER)
    for text in ("/upcoming", "/mute Ballard", "/start", "hello"):
        api.says(STRANGER, text)
    api.presses(STRANGER, "c:stop:1")
    api.presses(ASHA, "c:stop:1", who=STRANGER)
    assert "Ballard" in talk(api, ASHA, "/upcoming")
    assert api.texts(STRANGER) == ["I do not know this chat. Whoever runs this reminder can invite you."]
    assert api.texts(-2002) == []


def test_a_group_only_looks(api: TelegramApi) -> None:
    api.says(GROUP, "did you see it?", kind="supergroup", who=ASHA)
    api.says(GROUP, "/upcoming@another_bot", kind="supergroup", who=ASHA)
    api.says(GROUP, "/stop Ballard", kind="supergroup", who=ASHA)
    assert "only do /upcoming here" in said(api, GROUP, after=0)
    before = len(api.texts(GROUP))
    api.says(GROUP, "/upcoming@family_reminder_bot", kind="supergroup", who=STRANGER)
    assert "Ballard" in said(api, GROUP, after=before)
    assert "@everyone" not in api.texts(GROUP)[-1]


def test_an_update_that_cannot_be_read_keeps_no_other_waiting(api: TelegramApi) -> None:
    before = len(api.texts(ASHA))
    for odd in ({}, {"message": 7}, {"message": {"chat": {"id": "x"}, "text": 3}}, {"callback_query": {"id": 1}}):
        api.feed(odd)
    api.feed({"message": {"chat": {"id": ASHA, "type": "private"}, "text": "/mute \x00\ud800"}})
    assert said(api, ASHA, after=before).startswith("Write which title")
    assert "/follow NAME" in talk(api, ASHA, "/help")
    until(lambda: api.waiting == 0, lambda: f"{api.waiting} wait")


# Buttons of messages -------------------------------------------------------------------------------------------------


def test_a_message_is_acted_on_in_the_chat(reminder: Reminder, telegram: TelegramServer) -> None:
    api = telegram.api
    web = {"listen": f"127.0.0.1:{free_port()}", "address": "https://reminder.example.org"}
    watch = [{"title": "Ballard", "premiere": "2025-07-09", "for": ["asha"]}]
    reminder.write({**CONFIG, "timezone": "Asia/Kolkata", "web": web, "watch": watch})
    reminder.at("2025-07-02T02:00:00Z")
    with reminder.daemon() as daemon:
        assert "Ballard" in talk(api, ASHA, "/upcoming")
        before = len(api.texts(ASHA))
        daemon.at("2025-07-02T03:30:00Z")
        assert "Ballard premieres in 7 days" in said(api, ASHA, after=before)
        shown = buttons(api, ASHA)
        assert shown["More"].startswith("https://reminder.example.org/m/")
        assert sorted(each for each in shown if each != "More") == [
            "Mute",
            "Stop following",
            "This evening",
            "Tomorrow",
        ]

        assert noted(api, RAVI, shown["Mute"]) == "This button no longer works.", "it is another person's"
        assert noted(api, ASHA, "mute:1-1-1.x.y") == "This button no longer works."
        assert noted(api, ASHA, shown["Tomorrow"]) == (
            "You will hear of Ballard again: Thursday, July 3, 2025, at 9:00 AM IST."
        )
        assert api.wait_for(lambda api: "Undo" in buttons(api, ASHA))
        assert noted(api, ASHA, shown["Mute"]) == "Ballard is muted: you hear nothing more of it."
        assert api.wait_for(lambda api: "Tomorrow" not in buttons(api, ASHA))
        assert noted(api, ASHA, buttons(api, ASHA)["Undo"]) == "Taken back: Ballard muted. All is as it was."
        assert "muted" not in talk(api, ASHA, "/upcoming")
        daemon.term()
        assert daemon.ends() == 0


def noted(api: TelegramApi, chat: int, data: str) -> str:
    """Press a button that carries this; return what is shown for a moment."""
    before = len(api.answered)
    api.presses(chat, data)
    assert api.wait_for(lambda api: len(api.answered) > before)
    return api.answered[before].text


# Joining -------------------------------------------------------------------------------------------------------------


def test_a_chat_joins_by_the_link_of_the_page(reminder: Reminder, telegram: TelegramServer) -> None:
    api = telegram.api
    with page_process(reminder, dict(JOINING), "+0") as page:
        assert api.wait_for(lambda api: ("getMe", {}) in api.calls)
        link = page.link("asha").rpartition("/")[2]
        visit = _Visit(page)
        form = visit.get(f"/in/{link}")
        assert visit.post("/in", token=link, form_token=form.form_token).status == 303
        assert "bot read here" not in page.daemon.log, "nobody joins, so nothing is read"
        assert api.polls == 0

        form = visit.get("/channels/add")
        assert visit.post("/channels/add", channel="bot", form_token=form.form_token).status == 303
        until(lambda: _START.search(visit.get("/channels/start").text), lambda: "the page shows no link")
        (sent,) = set(_START.findall(visit.get("/channels/start").text))
        api.says(STRANGER, "/upcoming")
        api.says(STRANGER, "/start " + "x" * 43)
        api.says(ASHA, f"/start {sent}")
        assert said(api, ASHA) == "Connected, asha: your reminders come here from now on."
        assert api.texts(STRANGER) == ["This link no longer works. Go back to the page and ask for a new one."]
        assert visit.get("/channels/start").headers["location"] == "/channels"
        page.daemon.wait_for(lambda: "bot left alone" in page.daemon.log)
        page.daemon.term()
        assert page.daemon.ends() == 0
    assert [secret for secret in (TOKEN, sent, str(ASHA)) if secret in page.daemon.log] == []


_START: Final = re.compile(r"https://t\.me/family_reminder_bot\?start=([A-Za-z0-9_-]+)")


@dataclass
class _Visit:
    """A browser at the page: it keeps cookies, and posts from the page itself."""

    page: PageProcess
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        return self._ask("POST", path, **form)

    def _ask(self, method: str, path: str, **form: str) -> Answer:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Sec-Fetch-Site": "same-origin", **({"Cookie": kept} if kept else {})}
        answer = self.page.ask(method, path, headers, **form)
        self.cookies.update(answer.cookies)
        return answer


# Trouble -------------------------------------------------------------------------------------------------------------


def test_why_a_bot_is_not_read_is_said_once_and_that_it_is_read_again(
    reminder: Reminder, telegram: TelegramServer
) -> None:
    api = telegram.api
    api.is_read_elsewhere = True
    with reminder.daemon() as daemon:
        assert_unread(reminder, daemon, 1, "another program reads this bot's messages: stop it there")
        api.webhook = "https://example.org/"
        assert_unread(reminder, daemon, 2, "another program reads this bot's messages, by a webhook: have it call")
        api.webhook, api.is_read_elsewhere = "", False
        daemon.wait_for(lambda: "bot read again" in daemon.log)
        assert unread(reminder) == []
        assert "Ballard" in talk(api, ASHA, "/upcoming")
        api.is_revoked = True
        api.says(ASHA, "/help")
        assert_unread(reminder, daemon, 3, "Telegram does not know the token: write the token that @BotFather shows")
        daemon.term()
        assert daemon.ends() == 0
    assert TOKEN not in daemon.log


def assert_unread(reminder: Reminder, daemon: Daemon, times: int, why: str) -> None:
    """Assert that the log says for so many reasons that the bot is not read, and `health` the last one of them."""
    daemon.wait_for(lambda: daemon.log.count("bot not read") == times)
    (problem,) = unread(reminder)
    assert why in problem


def unread(reminder: Reminder) -> list[str]:
    return [each for each in reminder.run("health", "--json").json()["problems"] if "is not read" in each]


def test_it_waits_as_long_as_telegram_asks(api: TelegramApi) -> None:
    api.slow_down = [1]
    assert "Ballard" in talk(api, ASHA, "/upcoming")


# Several daemons -----------------------------------------------------------------------------------------------------


def test_of_two_daemons_one_reads_and_the_other_goes_on_when_it_dies(tmp_path: Path, telegram: TelegramServer) -> None:
    api = telegram.api
    with fleet(tmp_path, 2) as ships:
        ships.write(CONFIG)
        for ship in ships.ships:
            ship.environ.update(telegram.env)
        ships.all_at("+0")
        with ships[0].daemon() as first:
            assert api.wait_for(lambda api: api.polls)
            reads = owner(ships)
            with ships[1].daemon() as second:
                assert talk(api, ASHA, "/mute ballard") == "Ballard is muted: I say nothing about it."
                until(lambda: api.waiting == 0, lambda: "it is not read")
                assert (owner(ships), "bot read here" in second.log) == (reads, False)
                first.kill()
                run_out(ships)
                assert talk(api, ASHA, "/unmute ballard") == "I tell you about Ballard again."
                assert api.texts(ASHA).count("Ballard is muted: I say nothing about it.") == 1
                assert owner(ships) not in {None, reads}
                second.term()
                assert second.ends() == 0
        assert owner(ships) is None, "who ends by itself leaves the bot to others"
        assert "bot not read" not in first.log + second.log


def owner(ships: Fleet) -> str | None:
    found: str | None = ships.value("SELECT owner FROM poller")
    return found


def run_out(ships: Fleet) -> None:
    """Let the lease of whoever reads run out, as it does by itself in less than a minute."""
    with closing(open_store(Secret(ships.database))) as store, store.write() as tx:
        tx.execute(update(poller).values(lease_until=func.now()))
