"""The Bot API of Telegram on loopback: one bot, its chats, and the updates that a test feeds.

It stands behind the proxy of `tests.support.proxy`, so that whatever asks https://api.telegram.org talks to it:

    with TelegramServer(tmp_path) as telegram:
        reminder = Reminder(tmp_path, environ=telegram.env)
        telegram.api.says(4711, "/upcoming")
        assert telegram.api.wait_for(lambda api: api.sent)
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from reminder.platform.clock import SystemClock
from tests.support.process import PATIENCE
from tests.support.proxy import TELEGRAM, Proxy
from tests.support.sink import Reply, Request

TOKEN: Final = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
USERNAME: Final = "family_reminder_bot"
LONGEST_TEXT: Final = 4096
LONGEST_DATA: Final = 64
"""Bytes of what a button may carry."""
TAGS: Final = frozenset(
    {"b", "i", "u", "s", "a", "code", "pre", "strong", "em", "del", "ins", "blockquote", "tg-spoiler"}
)


class Refused(Exception):
    """An answer that is not ok: its status, its words, and what else it carries."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """A message of the bot, as it stands in its chat. `buttons` are (text, callback data or address)."""

    id: int
    chat: int
    text: str
    parse_mode: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AnsweredPress:
    """What a press on a button was answered: `text` is what the person sees for a moment."""

    id: str
    text: str


class _Balanced(HTMLParser):
    """Reads HTML as the service does: only its own tags, and each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problem = ""
        self.seen: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.problem = f'Unsupported start tag "{tag}"'
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problem = f'Unexpected end tag "{tag}"'


@dataclass
class TelegramApi:
    """One bot. What is fed and what was sent may be read and changed from any thread."""

    token: str = TOKEN
    username: str = USERNAME
    webhook: str = ""
    is_read_elsewhere: bool = False
    """Another program asks for the updates all the time: whoever else does is turned away."""
    is_revoked: bool = False
    slow_down: list[int] = field(default_factory=list)
    """Seconds of waiting that the next answers to a message ask for, one each."""
    strangers: set[int] = field(default_factory=set)
    """Chats that have never written to the bot, or have blocked it."""

    sent: list[SentMessage] = field(default_factory=list)
    answered: list[AnsweredPress] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._updates: list[dict[str, Any]] = []
        self._pressed: set[str] = set()
        self._next_update, self._next_message = 1000, 1
        self._poll = 0
        self._closed = False

    # What a test does ------------------------------------------------------------------------------------------------

    def says(self, chat: int, text: str, *, kind: str = "private", who: int | None = None) -> int:
        """Have somebody write into a chat; return the number of the update."""
        sender = {"id": chat if who is None else who, "is_bot": False, "first_name": "Some <b>One</b>"}
        message = {"message_id": self._number(), "from": sender, "chat": _chat(chat, kind), "date": 1, "text": text}
        return self.feed({"message": message})

    def presses(self, chat: int, data: str, *, who: int | None = None) -> int:
        """Have somebody press a button of the bot's newest message in a chat; return the number of the update."""
        with self._changed:
            newest = next((each for each in reversed(self.sent) if each.chat == chat), None)
            press = f"press-{len(self._pressed) + 1}"
            self._pressed.add(press)
        message = {"message_id": newest.id if newest else 1, "chat": _chat(chat, "private"), "date": 1, "text": "…"}
        query = {
            "id": press,
            "from": {"id": chat if who is None else who, "is_bot": False, "first_name": "Someone"},
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return self.feed({"callback_query": query})

    def feed(self, update: Mapping[str, Any]) -> int:
        """Let an update come in as it is; return its number."""
        with self._changed:
            number, self._next_update = self._next_update, self._next_update + 1
            self._updates.append({"update_id": number, **update})
            self._changed.notify_all()
        return number

    @property
    def waiting(self) -> int:
        """Return how many updates nobody has confirmed yet."""
        with self._changed:
            return len(self._updates)

    @property
    def polls(self) -> int:
        """Return how often updates were asked for."""
        with self._changed:
            return sum(method == "getUpdates" for method, _ in self.calls)

    def texts(self, chat: int) -> list[str]:
        """Return what the bot has written into a chat, the oldest first."""
        with self._changed:
            return [each.text for each in self.sent if each.chat == chat]

    def wait_for(self, is_so: Callable[[TelegramApi], object], seconds: float = PATIENCE) -> bool:
        """Wait until something is so; tell whether it is."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: is_so(self), seconds))

    def close(self) -> None:
        """Let everybody go who waits for an update."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _number(self) -> int:
        with self._changed:
            self._next_message += 1
            return self._next_message

    # What the service does -------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply:
        """Return the answer to one call."""
        try:
            return Reply.json({"ok": True, "result": self._result(request)})
        except Refused as refused:
            said = {"ok": False, "error_code": refused.status, "description": refused.description}
            if refused.parameters:
                said["parameters"] = refused.parameters
            return Reply.json(said, refused.status)

    def _result(self, request: Request) -> Any:
        parts = urlsplit(request.path)
        found = re.fullmatch(r"/bot([^/]*)/(\w+)", parts.path)
        if found is None:
            raise Refused(404, "Not Found")
        token, method = found.groups()
        if self.is_revoked or token != self.token:
            raise Refused(401, "Unauthorized")
        arguments = _arguments(request, parts.query)
        with self._changed:
            self.calls.append((method, arguments))
            self._changed.notify_all()
        known = {
            "getMe": self._me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_press,
            "editMessageReplyMarkup": self._edit_buttons,
        }
        if method not in known:
            raise Refused(404, "Not Found: method not found")
        return known[method](arguments)

    def _me(self, _: Mapping[str, Any]) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Family", "username": self.username}

    def _get_updates(self, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        offset, limit = int(arguments.get("offset") or 0), int(arguments.get("limit") or 100)
        until = SystemClock().monotonic() + float(arguments.get("timeout") or 0)
        with self._changed:
            if self.webhook:
                raise Refused(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                    "webhook first",
                )
            self._poll += 1
            mine = self._poll
            self._changed.notify_all()  # whoever asked before is sent away
            if offset > 0:
                self._updates = [each for each in self._updates if each["update_id"] >= offset]
            while (
                not self._updates
                and not self._closed
                and not self._is_taken(mine)
                and (left := until - SystemClock().monotonic()) > 0
            ):
                self._changed.wait(left)
            if self._is_taken(mine):
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return list(self._updates[:limit])

    def _is_taken(self, mine: int) -> bool:
        return self.is_read_elsewhere or self._poll != mine

    def _send_message(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        chat, text = int(arguments.get("chat_id") or 0), str(arguments.get("text") or "")
        with self._changed:
            if self.slow_down:
                seconds = self.slow_down.pop(0)
                raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
            if not text.strip():
                raise Refused(400, "Bad Request: message text is empty")
            if chat in self.strangers:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            shown = _shown(text, str(arguments.get("parse_mode") or ""))
            if len(shown.encode("utf-16-le")) // 2 > LONGEST_TEXT:
                raise Refused(400, "Bad Request: message is too long")
            buttons = _buttons(arguments.get("reply_markup"))
            self._next_message += 1
            message = SentMessage(
                id=self._next_message,
                chat=chat,
                text=shown,
                parse_mode=str(arguments.get("parse_mode") or ""),
                buttons=buttons,
                arguments=dict(arguments),
            )
            self.sent.append(message)
            self._changed.notify_all()
        return {"message_id": message.id, "chat": _chat(chat, "private"), "date": 1, "text": shown}

    def _answer_press(self, arguments: Mapping[str, Any]) -> bool:
        with self._changed:
            press = str(arguments.get("callback_query_id"))
            if press not in self._pressed:
                raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
            self._pressed.discard(press)
            self.answered.append(AnsweredPress(id=press, text=str(arguments.get("text") or "")))
            if len(self.answered[-1].text) > 200:
                raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
            self._changed.notify_all()
        return True

    def _edit_buttons(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with self._changed:
            wanted = (int(arguments.get("chat_id") or 0), int(arguments.get("message_id") or 0))
            place = next((no for no, each in enumerate(self.sent) if (each.chat, each.id) == wanted), None)
            if place is None:
                raise Refused(400, "Bad Request: message to edit not found")
            buttons = _buttons(arguments.get("reply_markup"))
            if buttons == self.sent[place].buttons:
                raise Refused(400, "Bad Request: message is not modified")
            self.sent[place] = replace(self.sent[place], buttons=buttons)
            self._changed.notify_all()
        return {"message_id": wanted[1], "chat": _chat(wanted[0], "private"), "date": 1}


def _chat(number: int, kind: str) -> dict[str, Any]:
    named = {"first_name": "Someone"} if kind == "private" else {"title": "The family"}
    return {"id": number, "type": kind, **named}


def _arguments(request: Request, query: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(parse_qsl(query))
    if not request.body:
        return found
    if "json" in request.headers.get("content-type", ""):
        return {**found, **request.json()}
    return {**found, **dict(parse_qsl(request.body.decode()))}


def _shown(text: str, parse_mode: str) -> str:
    """Return a text as it is seen: of HTML, what stands between its tags."""
    if parse_mode.upper() != "HTML":
        return text
    reader = _Balanced()
    reader.feed(text)
    reader.close()
    if reader.problem or reader.open:
        raise Refused(400, f"Bad Request: can't parse entities: {reader.problem or 'a tag is not closed'}")
    return "".join(reader.seen)


def _buttons(markup: Any) -> tuple[tuple[str, str], ...]:
    if not markup:
        return ()
    rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
    found = tuple((each["text"], str(each.get("callback_data") or each.get("url"))) for row in rows for each in row)
    if any(len(data.encode()) > LONGEST_DATA for row in rows for each in row if (data := each.get("callback_data"))):
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return found


class TelegramServer(Proxy):
    """The proxy behind which api.telegram.org is the double; its `env` leads a process there."""

    def __init__(self, directory: Path, api: TelegramApi | None = None) -> None:
        self.api = api or TelegramApi()
        super().__init__(directory)
        self.always(self.api.answer, on=TELEGRAM)

    def close(self) -> None:
        """Stop it."""
        self.api.close()
        super().close()
