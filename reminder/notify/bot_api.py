"""Calls methods of Telegram's Bot API (https://core.telegram.org/bots/api) over the connections that all share."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any, Final

import requests

from reminder.core.model.secret import Secret
from reminder.notify.http.routes import route_of
from reminder.platform.http.connections import BROKEN, POOL, HeldSocket, connect, new_connection

HOST: Final = "api.telegram.org"

SECONDS: Final = 15.0
"""How long a call may take that does not wait for anything."""
CONNECT_SECONDS: Final = 10.0
LARGEST: Final = 4 * 1024 * 1024
PIECE: Final = 64 * 1024


class BotProblem(enum.StrEnum):
    """The ways in which a call may fail."""

    UNREACHED = "unreached"
    TOKEN = "token"  # noqa: S105  its name, and no token
    CONFLICT = "conflict"
    WEBHOOK = "webhook"
    SLOW_DOWN = "slow down"
    REFUSED = "refused"


class BotApiError(Exception):
    """A call that failed; the text says why in a sentence, without the token.

    `retry_after` are the seconds that Telegram asks to wait, None where it asks for none.
    """

    def __init__(self, problem: BotProblem, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.problem, self.retry_after = problem, retry_after


class BotApi:
    """One bot. A call may be cut off from another thread; from then on every call fails at once."""

    def __init__(self, token: Secret) -> None:
        self._token = token
        self._held = HeldSocket()

    def cut_off(self) -> None:
        """End the call that is under way, and any after it."""
        self._held.cut_off()

    def call(self, method: str, arguments: Mapping[str, Any] | None = None, *, seconds: float = SECONDS) -> Any:
        """Call a method and return its result; each piece of the answer may take so many seconds.

        Raises BotApiError.
        """
        status, body = self._ask(method, json.dumps(arguments or {}).encode(), seconds)
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        if status == 200 and said.get("ok") is True:
            return said.get("result")
        raise _error(status, said)

    def _ask(self, method: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        try:
            route = route_of("https", HOST, None)
            connection = POOL.take(route.origin) or new_connection(route.origin)
        except (requests.RequestException, OSError):  # a proxy or a bundle that cannot be used
            raise _unreached() from None
        try:
            if connection.is_closed:
                connection.timeout = CONNECT_SECONDS
                connect(connection)
            self._held.hold(connection.sock)
            connection.timeout = seconds
            headers = {"Content-Type": "application/json", "Accept": "application/json", **connection.origin.headers}
            connection.request("POST", f"/bot{self._token.reveal()}/{method}", body=body, headers=headers)
            answer = connection.answer()
            status, content = answer.status, _content(answer)
            is_whole = answer.length in {0, None} and not answer.will_close
            answer.close()
        except BROKEN:
            connection.close()
            # Neither the error's own text nor its cause: both may hold the address, and so the token.
            raise _unreached() from None
        finally:
            self._held.hold(None)
        POOL.take_back(connection, is_whole=is_whole)
        return status, content


def _content(answer: HTTPResponse) -> bytes:
    body = b""
    while len(body) < LARGEST and (piece := answer.read(min(PIECE, LARGEST - len(body)))):
        body += piece
    return body


def _unreached() -> BotApiError:
    return BotApiError(BotProblem.UNREACHED, f"{HOST} cannot be reached from here")


def _error(status: int, said: Mapping[str, Any]) -> BotApiError:
    description = said.get("description")
    if status in {401, 404} and "method" not in str(description):
        return BotApiError(BotProblem.TOKEN, "Telegram does not know this token: copy it whole, as in 123456789:AA…")
    if status == 409:
        is_webhook = "webhook" in str(description)
        return BotApiError(
            BotProblem.WEBHOOK if is_webhook else BotProblem.CONFLICT,
            "another program reads this bot's messages" + (", by a webhook" if is_webhook else ""),
        )
    if status == 429:
        parameters = said.get("parameters")
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        wait = float(seconds) if isinstance(seconds, int) and seconds > 0 else None
        return BotApiError(BotProblem.SLOW_DOWN, "Telegram asks to slow down", wait)
    if status >= 500 or not said:
        return BotApiError(BotProblem.UNREACHED, f"Telegram answered {status}")
    return BotApiError(BotProblem.REFUSED, f"Telegram refused it: {description}")
