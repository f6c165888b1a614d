"""What somebody writes to the bot or presses, what it may do, and how long a bot that cannot be read is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from reminder.bot.answer import BotAnswer, BotButton, BotReply, as_message, as_note
from reminder.bot.commands import BotCommand, GivenAction, GivenCommand, GivenPress, PressKind, read_command, read_press
from reminder.bot.patience import BotPatience
from reminder.bot.standing import BotRoute, ChatStanding, press_route_of, route_of, standing_of
from reminder.bot.updates import BotUpdate, read_updates
from reminder.config import parse_config
from reminder.core.text.content import ActionKind
from reminder.daemon.bots import bots_of
from reminder.notify.bot_api import BotProblem

PRIVATE = {"id": 77, "type": "private"}
UPCOMING, FOLLOW, MUTE, HELP = BotCommand.UPCOMING, BotCommand.FOLLOW, BotCommand.MUTE, BotCommand.HELP


# Updates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"message": {"chat": PRIVATE, "text": "hi"}}, BotUpdate(id=1, chat="77", is_private=True, text="hi")),
        ({"message": {"chat": {"id": -5, "type": "supergroup"}, "text": "hi"}}, BotUpdate(id=1, chat="-5", text="hi")),
        (
            {"message": {"chat": PRIVATE, "text": "x" * 5000}},
            BotUpdate(id=1, chat="77", is_private=True, text="x" * 4096),
        ),
        ({"message": {"chat": PRIVATE, "text": "hi", "from": {"is_bot": True}}}, BotUpdate(id=1)),
        ({"message": {"chat": PRIVATE}}, BotUpdate(id=1)),
        ({"message": {"chat": {"id": "77"}, "text": "hi"}}, BotUpdate(id=1)),
        ({"message": ["x"]}, BotUpdate(id=1)),
        ({"edited_message": {"chat": PRIVATE, "text": "hi"}}, BotUpdate(id=1)),
        ({}, BotUpdate(id=1)),
        (
            {
                "callback_query": {
                    "id": "p",
                    "from": {"id": 77},
                    "data": "d",
                    "message": {"message_id": 9, "chat": PRIVATE},
                }
            },
            BotUpdate(id=1, chat="77", is_private=True, data="d", press_id="p", message_id=9),
        ),
        (
            {"callback_query": {"id": "p", "from": {"id": 78}, "data": "d", "message": {"chat": PRIVATE}}},
            BotUpdate(id=1),
        ),
        ({"callback_query": {"id": "p", "from": {"id": 77}, "data": "d"}}, BotUpdate(id=1)),
        ({"callback_query": {"id": "p", "game_short_name": "x", "message": {"chat": PRIVATE}}}, BotUpdate(id=1)),
    ],
)
def test_an_update_is_read_or_passed_over(said: dict[str, Any], read: BotUpdate) -> None:
    assert read_updates([{"update_id": 1, **said}]) == (read,)


@pytest.mark.parametrize("said", [None, {}, "x", [1], [{"message": {}}], [{"update_id": "1"}]])
def test_what_has_no_number_is_no_update(said: Any) -> None:
    assert read_updates(said) == ()


# Commands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("/upcoming", GivenCommand(command=UPCOMING)),
        ("  /Upcoming  ", GivenCommand(command=UPCOMING)),
        ("/upcoming@Family_Bot", GivenCommand(command=UPCOMING)),
        ("/upcoming@other_bot", None),
        ("/follow Ballard  season 2", GivenCommand(command=FOLLOW, rest="Ballard  season 2")),
        ("/follow\nBallard", GivenCommand(command=FOLLOW, rest="Ballard")),
        ("/follow One\nTwo", GivenCommand(command=FOLLOW, rest="One\nTwo")),
        ("/start abc-_1", GivenCommand(command=BotCommand.START, rest="abc-_1")),
        ("/start", GivenCommand(command=BotCommand.START)),
        ("/dance now", GivenCommand(command=None, rest="now")),
        ("/", GivenCommand(command=None, rest="/", is_command=False)),
        ("//upcoming", GivenCommand(command=None, rest="//upcoming", is_command=False)),
        ("thank you", GivenCommand(command=None, rest="thank you", is_command=False)),
        ("see https://a.b/c", GivenCommand(command=FOLLOW, rest="see https://a.b/c", is_command=False)),
    ],
)
def test_a_message_is_a_command_or_words(text: str, given: GivenCommand | None) -> None:
    assert read_command(text, "family_bot") == given


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("c:mute:12", GivenPress(kind=PressKind.MUTE, about="12")),
        ("c:stop?:12", GivenPress(kind=PressKind.ASK_STOP, about="12")),
        ("c:leave:", GivenPress(kind=PressKind.LEAVE)),
        ("c:follow:tvmaze:44933;3", GivenPress(kind=PressKind.FOLLOW, about="tvmaze:44933;3")),
        ("c:follow:tmdb:movie/603;", GivenPress(kind=PressKind.FOLLOW, about="tmdb:movie/603;")),
        ("tomorrow:1-2.abc.DEF_-9", GivenAction(kind=ActionKind.TOMORROW, token="1-2.abc.DEF_-9")),
        ("c:dance:1", None),
        ("dance:1", None),
        ("", None),
        ("c:mute:" + "9" * 99, None),
        ("c:mute:\u0661", None),
    ],
)
def test_a_button_does_what_it_carries(data: str, press: GivenPress | GivenAction | None) -> None:
    assert read_press(data) == press
    if isinstance(press, GivenPress):
        assert str(press) == data


@pytest.mark.parametrize(("about", "number"), [("12", 12), ("", 0), ("-1", 0), ("1e9", 0), ("²", 0)])
def test_the_number_of_a_title_is_digits(about: str, number: int) -> None:
    assert GivenPress(kind=PressKind.MUTE, about=about).number == number


# Who may what --------------------------------------------------------------------------------------------------------

OWN, SEVERAL, GROUP, STRANGE = ChatStanding.OWN, ChatStanding.SEVERAL, ChatStanding.GROUP, ChatStanding.STRANGE


@pytest.mark.parametrize(
    ("is_private", "people", "standing"),
    [(True, 0, STRANGE), (True, 1, OWN), (True, 2, SEVERAL), (False, 0, STRANGE), (False, 1, GROUP), (False, 9, GROUP)],
)
def test_a_chat_is_what_it_is_an_address_of(is_private: bool, people: int, standing: ChatStanding) -> None:
    assert standing_of(is_private=is_private, people=people) is standing


@pytest.mark.parametrize(
    ("text", "standing", "is_always_read", "route"),
    [
        ("/mute Ballard", OWN, True, BotRoute.OBEY),
        ("/upcoming", OWN, True, BotRoute.OBEY),
        ("thanks", OWN, True, BotRoute.OBEY),
        ("/upcoming", SEVERAL, True, BotRoute.OBEY),
        ("/mute Ballard", SEVERAL, True, BotRoute.LOOK_ONLY),
        ("/upcoming", GROUP, True, BotRoute.OBEY),
        ("/mute Ballard", GROUP, True, BotRoute.LOOK_ONLY),
        ("/dance", GROUP, True, BotRoute.IGNORE),
        ("thanks", GROUP, True, BotRoute.IGNORE),
        ("see https://a.b/c", GROUP, True, BotRoute.IGNORE),
        ("/upcoming@other_bot", GROUP, True, BotRoute.IGNORE),
        ("/upcoming", STRANGE, True, BotRoute.TURN_AWAY),
        ("/start t0k", STRANGE, True, BotRoute.JOIN),
        ("/start t0k", OWN, True, BotRoute.JOIN),
        ("/start t0k", STRANGE, False, BotRoute.JOIN),
        ("/start", STRANGE, False, BotRoute.IGNORE),
        ("/upcoming", OWN, False, BotRoute.IGNORE),
        ("/upcoming", STRANGE, False, BotRoute.IGNORE),
    ],
)
def test_nobody_unknown_is_obeyed(text: str, standing: ChatStanding, is_always_read: bool, route: BotRoute) -> None:
    given = read_command(text, "family_bot")
    is_private = standing is not GROUP
    assert route_of(given, standing, is_private=is_private, is_always_read=is_always_read) is route


def test_no_group_joins_and_no_unknown_group_is_answered() -> None:
    for text in ("/start t0k", "/upcoming"):
        given = read_command(text, "family_bot")
        assert route_of(given, STRANGE, is_private=False, is_always_read=True) is BotRoute.IGNORE


@pytest.mark.parametrize(
    ("standing", "is_always_read", "route"),
    [
        (OWN, True, BotRoute.OBEY),
        (OWN, False, BotRoute.IGNORE),
        (SEVERAL, True, BotRoute.LOOK_ONLY),
        (GROUP, True, BotRoute.LOOK_ONLY),
        (STRANGE, True, BotRoute.IGNORE),
    ],
)
def test_only_ones_own_chat_has_buttons(standing: ChatStanding, is_always_read: bool, route: BotRoute) -> None:
    assert press_route_of(standing, is_always_read=is_always_read) is route


# What is said --------------------------------------------------------------------------------------------------------


def test_a_message_is_plain_text_that_pings_nobody() -> None:
    reply = BotReply(
        text="<b>@everyone</b> \u202eevil\x00",
        buttons=(BotButton(label="x" * 200, press=GivenPress(kind=PressKind.MUTE, about="1")),),
    )
    message = as_message(reply, "77")
    assert "parse_mode" not in message
    assert message["text"] == "<b>@\u200beveryone</b> evil"
    assert message["link_preview_options"] == {"is_disabled": True}
    ((button,),) = message["reply_markup"]["inline_keyboard"]
    assert (len(button["text"]), button["callback_data"]) == (60, "c:mute:1")


@pytest.mark.parametrize("text", ["x" * 9000, "😀" * 9000, "", "\x00"])
def test_a_message_is_never_too_long_nor_empty(text: str) -> None:
    sent = as_message(BotReply(text=text), "77")["text"]
    assert 0 < len(sent.encode("utf-16-le")) // 2 <= 4096
    assert len(as_note(BotAnswer(note=text)).encode("utf-16-le")) // 2 <= 200


# Patience ------------------------------------------------------------------------------------------------------------


def waits(patience: BotPatience, *problems: BotProblem) -> list[tuple[float, bool]]:
    return [patience.failed(problem, None) for problem in problems]


def test_one_conflict_is_somebody_who_looked_and_two_are_another_program() -> None:
    patience = BotPatience()
    assert waits(patience, *[BotProblem.CONFLICT] * 4) == [(2.0, False), (4.0, True), (8.0, False), (16.0, False)]
    assert patience.mended()
    assert not patience.mended()
    assert waits(patience, BotProblem.CONFLICT) == [(2.0, False)]


def test_a_trouble_is_told_once_and_another_one_again() -> None:
    patience = BotPatience()
    told = waits(patience, BotProblem.WEBHOOK, BotProblem.WEBHOOK, BotProblem.TOKEN, BotProblem.TOKEN)
    assert told == [(2.0, True), (4.0, False), (60.0, True), (120.0, False)]


def test_the_longest_wait_is_minutes() -> None:
    patience = BotPatience()
    assert waits(patience, *[BotProblem.UNREACHED] * 20)[-1] == (300.0, False)
    assert waits(BotPatience(), *[BotProblem.TOKEN] * 20)[-1] == (600.0, False)


@pytest.mark.parametrize(("asked", "wait"), [(None, 2.0), (1.0, 2.0), (40.0, 40.0), (1e9, 300.0)])
def test_it_waits_as_long_as_it_is_asked_to(asked: float | None, wait: float) -> None:
    assert BotPatience().failed(BotProblem.SLOW_DOWN, asked) == (wait, False)


# Which bots ----------------------------------------------------------------------------------------------------------


def test_a_bot_is_read_for_one_channel_that_takes_commands_or_joiners() -> None:
    token, other = f"1{'0' * 8}:{'A' * 35}", f"2{'0' * 8}:{'A' * 35}"
    config = parse_config(
        f"""
        channels:
          plain: "tgram://{token}/{{address}}"
          own: "tgram://{token}/77"
          mail: {{url: "mailtos://a:b@example.com?to={{address}}", join: true}}
          all: {{url: "tgram://${{ONE}}/{{address}}", join: true}}
          same: {{url: "tgram://${{TWO}}/{{address}}", bot: true}}
          other: {{url: "tgram://{other}/{{address}}", bot: true}}
          unset: {{url: "tgram://${{NONE}}/{{address}}", bot: true}}
        """,
        "config.yaml",
        environ={"ONE": token, "TWO": token},
    )
    assert [(bot.channel.name, bot.key[2]) for bot in bots_of(config)] == [("all", False), ("other", True)]
