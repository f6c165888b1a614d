"""The client of Telegram's Bot API, and the double that every test of the bot talks to, by the service's own rules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reminder.core.model.secret import Secret
from reminder.notify.bot_api import BotApi, BotApiError, BotProblem
from reminder.notify.bot_token import number_of, token_of
from reminder.notify.http import routes
from reminder.platform.http.connections import POOL
from tests.support.telegram_api import TOKEN, TelegramApi, TelegramServer


@pytest.fixture
def telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramApi]:
    """The double, where this process finds api.telegram.org."""
    with TelegramServer(tmp_path) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        routes.forget()
        yield server.api
        POOL.clear()
    routes.forget()


@pytest.fixture
def bot(telegram: TelegramApi) -> BotApi:
    """A client of that bot."""
    return BotApi(Secret(telegram.token))


def refused(bot: BotApi, method: str, **arguments: Any) -> BotApiError:
    with pytest.raises(BotApiError) as caught:
        bot.call(method, arguments)
    assert TOKEN.partition(":")[2] not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("url", "token"),
    [
        (f"tgram://{TOKEN}/{{address}}", TOKEN),
        (f"tgram://bot{TOKEN}/{{address}}?silent=yes", TOKEN),
        (f"TGRAM://{TOKEN.replace(':', '%3A')}/77", TOKEN),
        ("discord://1/2", None),
        ("tgram://mytoken/{address}", None),
    ],
)
def test_the_token_stands_in_the_channels_url(url: str, token: str | None) -> None:
    found = token_of(Secret(url))
    assert (found.reveal() if found else None) == token
    assert found is None or number_of(found) == "110201543"


def test_it_says_who_the_bot_is(bot: BotApi) -> None:
    assert bot.call("getMe")["username"] == "family_reminder_bot"


def test_an_update_comes_until_one_asks_for_what_is_behind_it(bot: BotApi, telegram: TelegramApi) -> None:
    first, second = telegram.says(77, "one"), telegram.says(77, "two")
    assert [each["update_id"] for each in bot.call("getUpdates")] == [first, second]
    assert [each["update_id"] for each in bot.call("getUpdates", {"limit": 1})] == [first]
    assert [each["message"]["text"] for each in bot.call("getUpdates", {"offset": second})] == ["two"]
    assert bot.call("getUpdates", {"offset": second + 1}) == []
    assert telegram.waiting == 0


def test_a_long_poll_waits_for_what_comes(bot: BotApi, telegram: TelegramApi) -> None:
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.extend(bot.call("getUpdates", {"timeout": 30})))
    waiting.start()
    assert telegram.wait_for(lambda api: api.polls == 1)
    telegram.says(77, "/help")
    waiting.join()
    assert [each["message"]["text"] for each in got] == ["/help"]


def test_who_waits_is_sent_away_by_whoever_asks_after_them(bot: BotApi, telegram: TelegramApi) -> None:
    problems: list[BotApiError] = []

    def wait() -> None:
        try:
            bot.call("getUpdates", {"timeout": 30})
        except BotApiError as error:
            problems.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert telegram.wait_for(lambda api: api.polls == 1)
    assert BotApi(Secret(TOKEN)).call("getUpdates") == []
    waiting.join()
    assert [each.problem for each in problems] == [BotProblem.CONFLICT]


def test_nobody_polls_where_a_webhook_is_set(bot: BotApi, telegram: TelegramApi) -> None:
    telegram.webhook = "https://example.org/hook"
    error = refused(bot, "getUpdates")
    assert (error.problem, str(error)) == (
        BotProblem.WEBHOOK,
        "another program reads this bot's messages, by a webhook",
    )


def test_a_call_can_be_cut_off_from_another_thread(bot: BotApi, telegram: TelegramApi) -> None:
    problems: list[BotApiError] = []

    def wait() -> None:
        try:
            bot.call("getUpdates", {"timeout": 60}, seconds=70)
        except BotApiError as error:
            problems.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert telegram.wait_for(lambda api: api.polls == 1)
    bot.cut_off()
    waiting.join(10)
    assert [each.problem for each in problems] == [BotProblem.UNREACHED]


def test_a_message_has_its_buttons_and_they_can_be_taken_away(bot: BotApi, telegram: TelegramApi) -> None:
    keyboard = {
        "inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}], [{"text": "More", "url": "https://a.b/"}]]
    }
    sent = bot.call(
        "sendMessage",
        {"chat_id": 77, "text": "<b>Ballard</b> &amp; co", "parse_mode": "HTML", "reply_markup": keyboard},
    )
    assert (telegram.sent[0].text, telegram.sent[0].buttons) == (
        "Ballard & co",
        (("Yes", "yes"), ("More", "https://a.b/")),
    )
    bot.call("editMessageReplyMarkup", {"chat_id": 77, "message_id": sent["message_id"]})
    assert telegram.sent[0].buttons == ()
    assert (
        refused(bot, "editMessageReplyMarkup", chat_id=77, message_id=sent["message_id"]).problem is BotProblem.REFUSED
    )


def test_a_press_is_answered_once(bot: BotApi, telegram: TelegramApi) -> None:
    bot.call("sendMessage", {"chat_id": 77, "text": "?"})
    telegram.presses(77, "yes")
    (update,) = bot.call("getUpdates")
    press = update["callback_query"]["id"]
    assert bot.call("answerCallbackQuery", {"callback_query_id": press, "text": "Done."}) is True
    assert [each.text for each in telegram.answered] == ["Done."]
    assert refused(bot, "answerCallbackQuery", callback_query_id=press).problem is BotProblem.REFUSED


@pytest.mark.parametrize(
    "arguments",
    [
        {"chat_id": 77, "text": ""},
        {"chat_id": 77, "text": "x" * 4097},
        {"chat_id": 77, "text": "<b>open", "parse_mode": "HTML"},
        {"chat_id": 77, "text": "<script>x</script>", "parse_mode": "HTML"},
        {"chat_id": 77, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]}},
        {"chat_id": 78, "text": "x"},
    ],
)
def test_what_the_service_does_not_take_is_refused(
    bot: BotApi, telegram: TelegramApi, arguments: dict[str, Any]
) -> None:
    telegram.strangers.add(78)
    assert refused(bot, "sendMessage", **arguments).problem is BotProblem.REFUSED
    assert not telegram.sent


def test_it_says_how_long_to_wait(bot: BotApi, telegram: TelegramApi) -> None:
    telegram.slow_down.append(7)
    error = refused(bot, "sendMessage", chat_id=77, text="x")
    assert (error.problem, error.retry_after) == (BotProblem.SLOW_DOWN, 7.0)


def test_a_token_that_is_not_known(bot: BotApi, telegram: TelegramApi) -> None:
    telegram.is_revoked = True
    assert refused(bot, "getMe").problem is BotProblem.TOKEN


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    routes.forget()
    assert refused(BotApi(Secret(TOKEN)), "getMe").problem is BotProblem.UNREACHED
    routes.forget()
