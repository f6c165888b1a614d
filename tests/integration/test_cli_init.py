"""`init` on a terminal: from nothing to a config that works, in a person's words, with every secret out of it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from reminder.cli.commands.init import _keep
from reminder.config import parse_config
from reminder.config.secrets import Secrets
from tests.support.process import Reminder
from tests.support.proxy import TELEGRAM, Proxy
from tests.support.sink import Reply, Request
from tests.support.terminal import answered

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
UNSET = "(taken out of the environment)"
PASSWORD = 'p@ss "w/rd" #1'


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """The internet, as far as `init` asks it anything."""
    with Proxy(tmp_path) as made:
        yield made


def told(reminder: Reminder, answers: list[str], **environ: str) -> str:
    """Answer the questions; return what the terminal showed."""
    reminder.at("2025-06-28T06:00:00Z")
    env = {name: value for name, value in {**reminder.env, "TERM": "dumb", **environ}.items() if value != UNSET}
    status, shown = answered(["--config", str(reminder.config), "init"], env, answers)
    assert status == 0, shown
    return shown


def environment(reminder: Reminder) -> Path:
    """Return the file of secrets beside the config."""
    return reminder.config.parent / "environment"


def telegram(proxy: Proxy, *chats: dict[str, object], silent: int = 0) -> None:
    """Play the Bot API: a bot called Shows, to which these chats wrote after `silent` looks."""
    looks: Iterator[list[object]] = iter([[]] * silent)

    def answer(request: Request) -> Reply:
        if request.path.endswith("/getMe"):
            return Reply.json({"ok": True, "result": {"id": 1, "first_name": "Shows", "username": "shows_bot"}})
        if request.path.endswith("/getUpdates"):
            updates = [{"update_id": n, "message": {"chat": chat, "text": "hi"}} for n, chat in enumerate(chats)]
            return Reply.json({"ok": True, "result": next(looks, updates)})
        return Reply.json({"ok": True, "result": {"message_id": 1}})

    proxy.always(answer, on=TELEGRAM)


def test_answers_are_asked_for_until_they_can_be_taken(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    answers = [
        "IST",
        "Asia/Kolkata",
        "8pm",
        "20:00",
        "7",
        "5",
        "telegram://x",
        "console://",
        "",
        "",
        "",
        "Ballard",
        "",
        "n",
    ]
    shown = told(reminder, answers)
    for hint in (
        "This machine stands on UTC.",
        "write its name, such as Asia/Kolkata",
        "write 20:00",
        "write a number from 1 to 5",
        "did you mean tgram://?",
        "It cannot be looked for now; that is done later.",
    ):
        assert hint in shown
    assert stat.S_IMODE(reminder.config.stat().st_mode) == 0o600
    written = yaml.safe_load(reminder.config.read_text())
    assert (written["timezone"], written["channels"]) == ("Asia/Kolkata", {"screen": "console://"})
    assert written["watch"] == [{"title": "Ballard"}]
    assert reminder.run("check").status == 0
    assert not environment(reminder).exists()


def test_telegram_is_set_up_by_its_token_alone_and_the_chat_finds_itself(tmp_path: Path, proxy: Proxy) -> None:
    reminder = Reminder(tmp_path)
    telegram(proxy, {"id": 4711, "type": "private", "first_name": "Asha"}, silent=1)
    answers = ["Asia/Kolkata", "", "1", "4711", TOKEN, "", "", "", "", "", "", "y"]
    shown = told(reminder, answers, **proxy.env)
    assert "a bot's token looks like 123456789:AAH" in shown
    assert "That is the bot Shows. Open https://t.me/shows_bot and write anything to it now." in shown
    assert "Nothing has arrived yet" in shown
    assert "Found Asha (a person, 4711)." in shown
    text = reminder.config.read_text()
    assert yaml.safe_load(text)["channels"] == {"telegram": "tgram://${TELEGRAM_TOKEN}/4711"}
    assert TOKEN not in text
    assert stat.S_IMODE(environment(reminder).stat().st_mode) == 0o600
    sent = [request for request in proxy.requests if request.path.endswith("/sendMessage")]
    assert [str(request.json()["chat_id"]) for request in sent] == ["4711"]
    reminder.environ.update(proxy.env)
    assert reminder.run("test", "telegram").status == 0


def test_of_several_who_wrote_to_the_bot_one_is_chosen(tmp_path: Path, proxy: Proxy) -> None:
    reminder = Reminder(tmp_path)
    telegram(
        proxy,
        {"id": 5, "type": "private", "first_name": "Ravi"},
        {"id": -1007, "type": "supergroup", "title": "Family"},
    )
    shown = told(reminder, ["UTC", "", "1", TOKEN, "", "1", "", "", "", "", "n"], **proxy.env)
    assert "Family (a group, -1007)" in shown
    assert yaml.safe_load(reminder.config.read_text())["channels"] == {"telegram": "tgram://${TELEGRAM_TOKEN}/-1007"}


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(status=401, body=b'{"ok": false}'), "Telegram does not know this token"),
        (Reply(status=409, body=b'{"ok": false}'), "another program reads this bot's messages"),
        (Reply(status=502, body=b"<html>"), "Telegram answered 502"),
        (Reply(body=b"[1, 2"), "Telegram answered 200"),
        (
            Reply.json({"ok": True, "result": [{"message": {"chat": {}}}, 7]}),
            "Telegram's answer could not be understood",
        ),
    ],
)
def test_what_telegram_refuses_is_said_and_the_chat_may_be_typed(
    tmp_path: Path, proxy: Proxy, reply: Reply, says: str
) -> None:
    reminder = Reminder(tmp_path)
    proxy.always(reply, on=TELEGRAM)
    shown = told(reminder, ["UTC", "", "1", TOKEN, "", "4711", "", "", "", "", "n"], **proxy.env)
    assert says in shown
    assert shown.count(TOKEN) == 1  # as it was typed, and never in what is said
    assert "tgram://${TELEGRAM_TOKEN}/4711" in reminder.config.read_text()


def test_mail_knows_the_providers_server_and_hides_the_password(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    answers = [
        "Europe/Berlin",
        "",
        "2",
        "asha",
        "asha@hotmail.com",
        "2",
        "asha@gmail.com",
        PASSWORD,
        "",
        "",
        "",
        "",
        "",
        "n",
    ]
    shown = told(reminder, answers)
    assert "a mail address looks like asha@example.com" in shown
    assert "hotmail.com takes no passwords from programs any more" in shown
    assert "https://myaccount.google.com/apppasswords" in shown
    assert PASSWORD not in shown + reminder.config.read_text()
    url = yaml.safe_load(reminder.config.read_text())["channels"]["email"]
    assert url == (
        "mailtos://asha%40gmail.com:${MAIL_PASSWORD:quoted}@smtp.gmail.com:465?from=asha@gmail.com&to=asha@gmail.com"
    )
    assert Secrets(environ={}, places=(environment(reminder),)).look_up("MAIL_PASSWORD") == PASSWORD
    assert reminder.run("check").status == 0


def test_ntfy_discord_and_any_other_keep_their_secrets_out_of_the_config(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    hook = "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    answers = ["UTC", "", "3", "", "", "", "4", hook, "", "5", "json://127.0.0.1:9/t0ken", "hook", "", "", "", "", "n"]
    shown = told(reminder, answers)
    assert "https://ntfy.sh/reminder-" in shown
    written = yaml.safe_load(reminder.config.read_text())["channels"]
    assert written == {"phone": "ntfys://ntfy.sh/${NTFY_TOPIC}", "discord": "${DISCORD_WEBHOOK}", "hook": "${HOOK_URL}"}
    assert "t0ken" not in reminder.config.read_text()
    found = reminder.run("check")
    assert found.status == 0, found.err


def test_a_second_person_has_a_channel_and_an_hour_of_their_own(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    answers = [
        *("Asia/Kolkata", "", "5", "console://", "", ""),
        *("ravi", "2", "5", "json://127.0.0.1:9/ravi", "ravis", "America/New_York", "20:00"),
        *("mina", "1", "", "", ""),
        *("asha", "Ballard", "", "n"),
    ]
    told(reminder, answers)
    written = yaml.safe_load(reminder.config.read_text())
    assert written["subscribers"] == {
        "asha": {"channels": ["screen"]},
        "ravi": {"channels": ["ravis"], "timezone": "America/New_York", "at": "20:00"}
        | {"at": written["subscribers"]["ravi"]["at"]},
        "mina": {"channels": ["screen"]},
    }
    config = parse_config(
        reminder.config.read_text(), "c.yaml", environ={}, secrets=Secrets(environ={}, places=(environment(reminder),))
    )
    assert [(person.name, f"{person.at:%H:%M}") for person in config.subscribers] == [
        *(("asha", "09:00"), ("ravi", "20:00"), ("mina", "09:00"))
    ]


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path).at("2025-06-28T06:00:00Z")
    found = reminder.run("--config", str(reminder.config), "init", "--json")
    assert found.json() == {"config": str(reminder.config)}
    assert reminder.run("check").status == 0


@pytest.mark.parametrize("value", ["plain", PASSWORD, "a\\b", "$x `y` 'z'", "ünïcode=1"])
def test_a_secret_that_is_kept_is_read_back_as_it_was(tmp_path: Path, value: str) -> None:
    for place in (tmp_path / "environment", tmp_path / "credentials"):
        _keep({"TOKEN": value}, place)
        _keep({"OTHER": "2"}, place)
        assert Secrets(environ={}, places=(place,)).look_up("TOKEN") == value


def test_secrets_that_are_there_already_keep_their_names(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    environment(reminder).parent.mkdir(parents=True, exist_ok=True)
    environment(reminder).write_text("NTFY_TOPIC=old\n")
    told(reminder, ["UTC", "", "3", "", "topic-new", "", "", "", "", "n"])
    assert "ntfys://ntfy.sh/${NTFY_TOPIC_2}" in reminder.config.read_text()
    assert environment(reminder).read_text() == 'NTFY_TOPIC=old\nNTFY_TOPIC_2="topic-new"\n'


def test_a_title_is_looked_for_at_once_and_stands_alone_when_it_is_found(tmp_path: Path, proxy: Proxy) -> None:
    reminder = Reminder(tmp_path)
    show = {"id": 44933, "name": "Severance", "premiered": "2022-02-18", "status": "Running", "externals": {}}
    none = Reply(body=b"[]")

    def answer(request: Request) -> Reply:
        return Reply(body=json.dumps([{"score": 1.0, "show": show}]).encode()) if "everance" in request.path else none

    proxy.always(answer, on="api.tvmaze.com")
    environ = {**proxy.env, "SSL_CERT_FILE": str(proxy.bundle), "REMINDER_OFFLINE": UNSET}
    shown = told(
        reminder, ["UTC", "", "", "Severance", "Unheard Of", "2027-07-09", "Nothing Yet", "", "", "n"], **environ
    )
    assert "Found: Severance (2022)" in shown
    assert "Nothing by that name was found" in shown
    assert yaml.safe_load(reminder.config.read_text())["watch"] == [
        {"title": "Severance"},
        {"title": "Unheard Of", "premiere": date(2027, 7, 9)},
        {"title": "Nothing Yet"},
    ]


def test_only_its_owner_may_read_what_init_writes(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        _keep({"TOKEN": "x"}, tmp_path / "environment")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600


@pytest.mark.parametrize("typed", ["\x03", "\x04"])
def test_whoever_stops_in_the_middle_of_the_questions_finds_nothing_written(tmp_path: Path, typed: str) -> None:
    reminder = Reminder(tmp_path)
    reminder.at("2025-06-28T06:00:00Z")
    reminder.config.unlink(missing_ok=True)
    env = {**reminder.env, "TERM": "dumb"}
    status, shown = answered(["--config", str(reminder.config), "init"], env, ["Europe/Berlin", typed])
    assert status == 1
    assert "stopped: nothing was written" in shown
    assert not reminder.config.exists()
