"""Reads status, Retry-After, body and error of a service's answer: sent, or one kind of failure."""

from __future__ import annotations

import http
import json
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.http import tls
from reminder.notify.http.attempt import Attempt, Exchange
from reminder.notify.http.proxy import BadProxy
from reminder.notify.http.retry_after import retry_after
from reminder.notify.pace import asks_for_address
from reminder.notify.scrub import line, mask, secret_parts
from reminder.notify.transport import Outcome, Sent

_CHANNEL, _MESSAGE = FailureKind.CHANNEL, FailureKind.MESSAGE
_TRANSIENT, _UNKNOWN = FailureKind.TRANSIENT, FailureKind.UNKNOWN

# RFC 9110, 15: what is not listed is by its hundred, below.
STATUS: Final = {
    400: _MESSAGE, 401: _CHANNEL, 402: _CHANNEL, 403: _CHANNEL, 404: _CHANNEL, 405: _CHANNEL, 407: _TRANSIENT,
    408: _TRANSIENT, 409: _TRANSIENT, 410: _CHANNEL, 411: _MESSAGE, 413: _MESSAGE, 414: _MESSAGE, 415: _MESSAGE,
    421: _TRANSIENT, 422: _MESSAGE, 423: _TRANSIENT, 425: _TRANSIENT, 426: _CHANNEL, 429: _TRANSIENT, 451: _CHANNEL,
    501: _CHANNEL,
}  # fmt: skip
HUNDREDS: Final = {2: _CHANNEL, 3: _CHANNEL, 4: _MESSAGE, 5: _TRANSIENT}
"""A 2xx stands here only when the service said no in the body of it."""

# Services that answer 400 for what is the channel's fault, or say so in a 200; matched in their own words.
CHANNEL_WORDS: Final = re.compile(
    r"chat not found|chat_id is empty|bot was (?:blocked|kicked)|user is deactivated|peer_id_invalid"  # Telegram
    r"|upgraded to a supergroup|not enough rights|unknown (?:webhook|channel)|invalid webhook token"  # Discord
    r"|channel_not_found|channel_is_archived|no_service|no_team|invalid_auth|account_inactive|token_revoked"  # Slack
    r"|(?:application )?token is invalid|user (?:key|identifier) is (?:invalid|not valid)",  # Pushover
    re.IGNORECASE,
)

# Of these, what is said of one chat or user, not of the bot or the token.
ADDRESS_WORDS: Final = re.compile(
    r"chat not found|chat_id is empty|bot was (?:blocked|kicked)|user is deactivated|peer_id_invalid"
    r"|upgraded to a supergroup|not enough rights|unknown channel|channel_not_found|channel_is_archived"
    r"|user (?:key|identifier) is (?:invalid|not valid)",
    re.IGNORECASE,
)
OF_ADDRESS: Final = frozenset({403, 404, 410})
"""What a service answers for a place in it that it refuses, does not know, or has no more."""

PROXY_LOGIN: Final = 407
HINTS: Final = {
    401: "was the token changed? a rotated credential needs a restart",
    PROXY_LOGIN: "the proxy asks for a login: write it as http://USER:PASSWORD@HOST:PORT",
    410: "it no longer exists",
}
WORDS_KEYS: Final = (
    "description", "errorDescription", "error_description", "message", "detail", "error", "errors", "reason", "msg"
)  # fmt: skip
LONGEST_WORDS: Final = 120
TURNED_AWAY: Final = "the proxy did not let it through"
OK: Final = range(200, 300)
REDIRECTS: Final = range(300, 400)


def outcome(
    attempt: Attempt, *, accepted: bool, url: str, now: Callable[[], datetime], endpoint: str | None = None
) -> Outcome:
    """Return what an attempt over HTTP came to.

    Args:
        attempt: with what left and what came back.
        accepted: what the service's plugin made of it.
        url: the channel's, no part of which may show in a reason.
        now: the clock, for a Retry-After that names a date in an answer that names none.
        endpoint: the address that was asked, where the channel's URL holds it in other words; no part of it shows.
    """
    if attempt.verdict is not None and not accepted:
        return attempt.verdict
    if not attempt.exchanges:
        if attempt.overrun:
            return no_answer(None, left=False, overrun=True, seconds=attempt.seconds)
        return Failure(kind=_MESSAGE, reason="nothing was sent: the service's plugin asked for nothing")
    last = attempt.exchanges[-1]
    if accepted and last.status is not None and last.status not in REDIRECTS:
        return Sent(detail=_named(last))
    exchange = next((each for each in reversed(attempt.exchanges) if not each.answered_well), last)
    if exchange.status is None:
        return no_answer(
            exchange.error,
            left=exchange.left,
            overrun=attempt.overrun,
            seconds=attempt.seconds,
            proxy=exchange.proxy,
        )
    hidden = secret_parts(url) + (secret_parts(endpoint) if endpoint else ())
    return _of_address(_answered(exchange, hidden, now), url)


def _of_address(found: Failure, url: str) -> Failure:
    """Return a failure as one whose wait is asked for one address alone, where its service may mean that."""
    is_meant = found.wait is not None and asks_for_address(url, found.status or 0)
    return replace(found, is_wait_of_address=True) if is_meant else found


def _named(exchange: Exchange) -> str:
    try:
        phrase = http.HTTPStatus(exchange.status or 0).phrase
    except ValueError:
        phrase = line(exchange.phrase)
    return f"{exchange.status} {phrase}".strip()


def _answered(exchange: Exchange, secrets: tuple[str, ...], now: Callable[[], datetime]) -> Failure:
    status = exchange.status or 0
    if status in REDIRECTS:
        return Failure(kind=_CHANNEL, reason=_redirect(exchange, secrets), status=status)
    answer = _parsed(exchange.body)
    said = service_words(answer, exchange.body, secrets)
    kind = STATUS.get(status, HUNDREDS.get(status // 100, _UNKNOWN))
    if kind is _MESSAGE and CHANNEL_WORDS.search(said):
        kind = _CHANNEL
    hint = HINTS.get(status, "") if kind is _CHANNEL or status == PROXY_LOGIN else ""
    remarks = "; ".join(filter(None, (said, hint, _moved_to(answer))))
    wait = retry_after(exchange.headers, answer, now) if kind is _TRANSIENT else None
    reason = f"{_named(exchange)} ({remarks})" if remarks else _named(exchange)
    is_named = bool(ADDRESS_WORDS.search(said))
    return Failure(
        kind=kind,
        reason=_refused_in_200(reason, status),
        status=status,
        wait=wait,
        is_address=kind is _CHANNEL and (status in OF_ADDRESS or is_named),
        is_guess=kind is _CHANNEL and not is_named,
    )


def _moved_to(answer: dict[str, Any]) -> str:
    """Return what to write for a Telegram group that became another chat (ResponseParameters), "" if none did."""
    parameters = answer.get("parameters")
    chat = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return f"write the chat as {chat}" if isinstance(chat, int) else ""


def _refused_in_200(reason: str, status: int) -> str:
    return f"the service answered {reason}, but did not take it" if status in OK else reason


def _redirect(exchange: Exchange, secrets: tuple[str, ...]) -> str:
    try:
        host = urlsplit(exchange.headers.get("location", "")).hostname or exchange.host
    except ValueError:
        host = ""
    shown = host if host == exchange.host else line(mask(host, secrets))
    return f"{_named(exchange)}: redirects to host {shown or 'unknown'}; write the address it leads to"


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def service_words(answer: dict[str, Any], body: bytes, secrets: Iterable[str]) -> str:
    """Return what the service itself said, if it is short, a text for people, and free of secrets; else ""."""
    said = next(filter(None, _texts(answer, WORDS_KEYS)), "")
    if not answer and not body.lstrip().startswith((b"<", b"{", b"[")):
        said = body[: LONGEST_WORDS * 4].decode("utf-8", "replace")
    shown = line(said, secrets)
    return shown if len(shown) <= LONGEST_WORDS else ""


def _texts(answer: Any, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        found = answer.get(key) if isinstance(answer, dict) else None
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            yield from _texts(found, ("message", "description", "code"))
        elif isinstance(found, str):
            yield found.strip()


def no_answer(error: BaseException | None, *, left: bool, overrun: bool, seconds: float, proxy: str = "") -> Failure:
    """Return the failure of a request that got no answer: before it left nothing can have arrived, after it may.

    `proxy` is the one on the way, by host and port: what could not be reached then is the proxy.
    """
    cause = _cause(error)
    bad_proxy = next((str(each) for each in _chain(error) if isinstance(each, BadProxy)), "")
    if bad_proxy:
        return Failure(kind=_TRANSIENT, reason=bad_proxy)
    if overrun or isinstance(cause, TimeoutError):
        said = f"no answer within {seconds:g} s" if left else "no connection in time"
    else:
        said = _said(error, cause, left=left)
    if left:
        # Whatever was wrong with the answer: the request may have been taken.
        return Failure(kind=_UNKNOWN, reason=f"{said} (it may have arrived)")
    if proxy and not isinstance(cause, ssl.SSLError):
        return Failure(kind=_TRANSIENT, reason=_of_proxy(proxy, said))
    if _cannot_ever(error):
        return Failure(kind=_CHANNEL, reason="the address in this channel's URL cannot be used")
    return Failure(kind=_TRANSIENT, reason=said)


def _of_proxy(proxy: str, said: str) -> str:
    if said.startswith(TURNED_AWAY):
        return f"the proxy {proxy} did not let it through"
    return f"the proxy {proxy} cannot be reached: {said}"


def _said(error: BaseException | None, cause: BaseException | None, *, left: bool) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {line(getattr(cause, 'verify_message', ''))}"
    if tls.speaks_none(cause):
        return (
            "TLS failed: what answers on this port speaks no TLS; is it the right port? "
            "Without TLS a scheme has no s at its end, as ntfy:// for ntfys://"
        )
    if isinstance(cause, ssl.SSLError):
        reason = getattr(cause, "reason", None) or "unknown"
        return f"TLS failed: {line(reason.replace('_', ' ').lower())}"
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    if isinstance(cause, socket.gaierror):
        return "the host's name cannot be found"
    if _has(error, "ProxyFailed"):
        return TURNED_AWAY
    if left:
        return "the connection was lost before the answer"
    return f"no connection: {_plain_name(cause or error)}"


def _plain_name(error: BaseException | None) -> str:
    # A wrapper's text holds the whole URL, token included: of those only the name is told.
    told = error.strerror if isinstance(error, OSError) and type(error).__module__ not in _WRAPPERS else None
    if isinstance(told, str) and told:
        return line(told.lower())
    return "it was not made" if error else "unknown"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all it was made from: `requests` and urllib3 wrap each other's, in args, reason and cause."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]


def _cause(error: BaseException | None) -> BaseException | None:
    plain = (OSError, ssl.SSLError)
    found = [each for each in _chain(error) if isinstance(each, plain) and type(each).__module__ not in _WRAPPERS]
    return found[-1] if found else None


_WRAPPERS: Final = frozenset(
    {
        "requests.exceptions",
        "urllib3.exceptions",
        "reminder.notify.http.exchange",
        "reminder.notify.http.proxy",
        "reminder.platform.http.connections",
    }
)


def _has(error: BaseException | None, name: str) -> bool:
    return any(type(each).__name__ == name for each in _chain(error))


def _cannot_ever(error: BaseException | None) -> bool:
    names = ("InvalidURL", "MissingSchema", "InvalidSchema", "LocationParseError", "InvalidHeader", "UnicodeError")
    return any(_has(error, name) for name in names)
