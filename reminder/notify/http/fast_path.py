"""The short way for simple calls: a text or a form, over a connection that is already open.

Of the 0.50 ms of CPU that a call took by way of `requests` and urllib3, 0.01 ms was writing and reading. The rest went
into taking the URL apart, objects that these calls never use, and the parser of mail headers. Here the URL is taken
apart once, the request goes out in one piece, and the head of the answer is split at its line ends and colons. What is
not simple, and whatever needs a new connection, goes the long way (`http`): that one knows proxies and what can go
wrong while connecting.
"""

from __future__ import annotations

import http.client
import io
import json as json_codec
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
import urllib3
from requests.auth import _basic_auth_str
from requests.structures import CaseInsensitiveDict
from requests.utils import default_user_agent, get_encoding_from_headers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ClosedPoolError

from reminder.notify.http.attempt import Attempt, Exchange
from reminder.notify.http.pool import INTERIM, LARGEST_BODY, Pool, begin, note, read_body

DEFAULTS: Final = {
    "User-Agent": default_user_agent(),
    "Accept-Encoding": "identity",  # the answers are a few bytes: unpacking costs more than it saves
    "Accept": "*/*",
    "Connection": "keep-alive",
}
"""What a request says of itself where a plugin does not."""

_FRAMING: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "expect", "te", "upgrade"})
_DEFAULT_LINES: Final = {name.lower(): f"{name}: {value}" for name, value in DEFAULTS.items()}
# RFC 9110, 5.1 and 5.5: a name is a token, a value has no line end in it.
_LINE: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: (?:[^\s\0][^\r\n\0]*)?")

_MOST_LINES: Final = 200
_LONGEST_LINE: Final = 65536


@dataclass(frozen=True, kw_only=True)
class Target:
    """A URL taken apart, with the connections to its host."""

    url: str
    path: str
    host: str
    pool: Pool


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request of a plugin, as `requests.request` takes it."""

    method: str
    headers: Mapping[str, Any]
    data: Any = None
    json: Any = None
    auth: Any = None


def send(attempt: Attempt, target: Target, call: Call) -> requests.Response | None:
    """Send a call and note what becomes of it; None, and nothing has left, when it has to go the long way.

    Raises requests.ConnectionError.
    """
    message = _written(target, call)
    if message is None:
        return None
    try:
        connection = target.pool.idle()
    except ClosedPoolError:
        return None
    if connection is None:
        return None
    try:
        exchange = begin(attempt, target.url)
    except BaseException:
        target.pool.keep(connection)
        raise
    return _exchanged(attempt, exchange, target, connection, message, call.method)


def _written(target: Target, call: Call) -> bytes | None:
    """Return a request's bytes, None if it is not simple."""
    try:
        content, kind = _content(call)
        lines = _lines(call, kind)
        if content or call.method not in {"GET", "HEAD"}:
            lines.append(f"Content-Length: {len(content)}")
        head = "\r\n".join((f"{call.method} {target.path} HTTP/1.1", f"Host: {target.host}", *lines, "\r\n"))
        return head.encode("latin-1") + content
    except (TypeError, ValueError):  # among them what cannot be encoded
        return None


def _content(call: Call) -> tuple[bytes, str | None]:
    """Return the body and its kind. Raises TypeError if it is something else than a text, a form or JSON."""
    data = call.data
    if not data and call.json is not None:
        return json_codec.dumps(call.json, allow_nan=False).encode(), "application/json"
    if not data:
        return b"", None
    if isinstance(data, bytes):
        return data, None
    if isinstance(data, str):
        return data.encode(), None
    if isinstance(data, dict | list | tuple):
        form = requests.PreparedRequest._encode_params(data)  # type: ignore[attr-defined]  # not in the stubs
        return str(form).encode(), "application/x-www-form-urlencoded"
    raise TypeError(type(data).__name__)


def _lines(call: Call, kind: str | None) -> list[str]:
    """Return the lines of a request's head. Raises TypeError or ValueError if one is unusual."""
    lines = dict(_DEFAULT_LINES)
    for name, value in call.headers.items():
        key = name.lower()
        if value is None:
            lines.pop(key, None)
            continue
        line = f"{name}: {value}"
        if key in _FRAMING or not isinstance(value, str) or not _LINE.fullmatch(line):
            raise ValueError(name)
        lines[key] = line
    if kind is not None:
        lines.setdefault("content-type", f"Content-Type: {kind}")
    if call.auth is not None:
        user, password = call.auth
        lines["authorization"] = f"Authorization: {_basic_auth_str(user, password)}"
    return list(lines.values())


def _exchanged(
    attempt: Attempt, exchange: Exchange, target: Target, connection: HTTPConnection, message: bytes, method: str
) -> requests.Response:
    try:
        head, whole = _asked(attempt, exchange, connection, message, method)
    except BaseException as error:
        attempt.hold(None)
        target.pool.drop(connection)
        exchange.error = error
        if isinstance(error, OSError | http.client.HTTPException):
            raise requests.ConnectionError(error) from error
        raise
    attempt.hold(None)  # before it serves another attempt, whose socket this one must not cut
    if whole and not head.will_close:
        target.pool.keep(connection)
    else:
        target.pool.drop(connection)
    return _response(target, exchange, head)


def _asked(
    attempt: Attempt, exchange: Exchange, connection: HTTPConnection, message: bytes, method: str
) -> tuple[FastResponse, bool]:
    """Write a request and read its answer; tell whether the connection stands at the answer's end."""
    sock: Any = connection.sock
    attempt.hold(sock)
    attempt.patience(attempt.remaining())
    attempt.depart()
    sock.sendall(message)
    answer = FastResponse(sock, method=method)
    try:
        answer.begin()
        note(exchange, answer.status, answer.reason, answer.fields)
        exchange.body, ended = read_body(attempt, answer.read1)
        return answer, ended and (answer.isclosed() or answer.length == 0)
    finally:
        answer.close()


def _response(target: Target, exchange: Exchange, head: FastResponse) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason, response.url = head.status, head.reason, target.url
    response.headers = CaseInsensitiveDict(head.fields)
    response.encoding = get_encoding_from_headers(response.headers)
    if "content-encoding" in head.fields:
        exchange.body = _unpacked(exchange.body, head.fields)
    return finish(response, exchange.body)


def _unpacked(body: bytes, fields: Mapping[str, str]) -> bytes:
    packed = urllib3.HTTPResponse(io.BytesIO(body), headers=fields, preload_content=False)
    try:
        return packed.read(LARGEST_BODY, decode_content=True)
    except urllib3.exceptions.HTTPError:
        return b""


def finish(response: requests.Response, body: bytes) -> requests.Response:
    """Return an answer with its body read, and without the address that a redirect names."""
    response._content = body
    response._content_consumed = True  # type: ignore[attr-defined]  # not in the stubs
    if response.is_redirect:
        del response.headers["location"]
    return response


class FastResponse(http.client.HTTPResponse):
    """An answer whose head is split at line ends and colons.

    The standard library reads a head with the parser of mails: 130 µs of CPU for twenty lines, against 30 here.
    """

    fields: dict[str, str]
    """The head's lines, by name in lower case; those of one name are joined, as RFC 9110, 5.3 has it."""
    _read_status: Callable[[], tuple[str, int, str]]  # what the stubs leave out
    _check_close: Callable[[], bool]
    _method: str

    def begin(self) -> None:
        """Read the head: RFC 9112, 6.3 says how long the body is."""
        self.status = http.HTTPStatus.CONTINUE
        while self.status in INTERIM:
            version, self.status, self.reason = self._read_status()
            self.fields = {}
            for name, value in self._head():
                known = self.fields.get(name)
                self.fields[name] = value if known is None else f"{known}, {value}"
        self.version = 10 if version == "HTTP/1.0" else 11
        self.chunked = "chunked" in self.fields.get("transfer-encoding", "").lower()
        self.chunk_left: int | None = None
        self.length = self._length()
        said = self.fields.get("connection", "").lower()
        is_open = "close" not in said if self.version == 11 else "keep-alive" in said
        self.will_close = not is_open or (self.length is None and not self.chunked)

    def _head(self) -> Iterator[tuple[str, str]]:
        for _ in range(_MOST_LINES):
            line = self.fp.readline(_LONGEST_LINE + 1)
            if len(line) > _LONGEST_LINE:
                raise http.client.LineTooLong("header line")
            if line in {b"\r\n", b"\n", b""}:
                return
            name, colon, value = line.decode("latin-1").partition(":")
            if colon and not name[:1].isspace():  # what goes on from the line before is of no use to anybody
                yield name.lower(), value.strip()
        raise http.client.HTTPException(f"more than {_MOST_LINES} lines in the head of an answer")

    def _length(self) -> int | None:
        if self.status in {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED} or self._method == "HEAD":
            return 0
        said = self.fields.get("content-length", "")
        if "transfer-encoding" in self.fields or not said.isascii() or not said.isdigit():
            return None
        return int(said)
