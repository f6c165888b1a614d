"""One request of an attempt over a connection of the pool: what left, what came back, how long it may take."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPResponse
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from reminder.notify.http.attempt import Attempt, Exchange
from reminder.notify.http.routes import Address, Route, Verify, address_of, route_of
from reminder.platform.http.connections import BROKEN, POOL, Connection, connect, new_connection

CONNECT_SECONDS: Final = 10.0
"""A host that does not accept a connection in this time counts as absent."""
BODY_SECONDS: Final = 5.0
"""Once the status is there, the rest of an answer gets this long; what is missing then is done without."""
LARGEST_BODY: Final = 256 * 1024
PIECE: Final = 64 * 1024

TOO_MANY: Final = 429


class RequestRefused(requests.ConnectionError):
    """A request that was not let out: the service has already asked us to stay away, or we never ask that."""


def send(attempt: Attempt, prepared: requests.PreparedRequest, address: Address, verify: Verify) -> requests.Response:
    """Send one request of an attempt and note what becomes of it.

    Raises requests.ConnectionError, and OSError when the bundle of authorities cannot be read.
    """
    if attempt.dress is not None:
        attempt.dress(prepared)
        address = address_of(prepared.url or "") if prepared.url != address.url else address
    exchange = _begin(attempt, address.url)
    try:
        route = route_of(address.scheme, address.netloc, verify)
        exchange.proxy = route.proxy
        _ask(attempt, exchange, route, prepared, address)
    except BaseException as error:
        exchange.error = error
        raise
    return _response(exchange, prepared)


def _begin(attempt: Attempt, url: str) -> Exchange:
    """Enter one more request into an attempt. Raises RequestRefused when there may be none."""
    asked_to_wait = any(exchange.status == TOO_MANY for exchange in attempt.exchanges)
    if asked_to_wait or attempt.overrun:
        raise RequestRefused("no more requests in this attempt")
    attempt.verdict = attempt.verdict or attempt.forbids(url)
    if attempt.verdict is not None:
        raise RequestRefused("a request that may not be made")
    exchange = Exchange(host=urlsplit(url).hostname or "")
    attempt.exchanges.append(exchange)
    return exchange


def _ask(
    attempt: Attempt, exchange: Exchange, route: Route, prepared: requests.PreparedRequest, address: Address
) -> None:
    connection = POOL.take(route.origin) or new_connection(route.origin)
    try:
        if connection.is_closed:
            _open(attempt, connection)
        is_whole = _asked(attempt, exchange, connection, prepared, route.target(address))
    except BaseException as error:
        attempt.hold(None)
        connection.close()
        if isinstance(error, BROKEN):
            raise requests.ConnectionError(error) from error
        raise
    attempt.hold(None)  # before the connection serves another attempt, whose socket this one must not cut
    POOL.take_back(connection, is_whole=is_whole)


def _open(attempt: Attempt, connection: Connection) -> None:
    connection.timeout = min(CONNECT_SECONDS, attempt.remaining())
    connection.before_send = lambda: attempt.hold(connection.sock)  # to a proxy, which may never answer
    connect(connection)


def _asked(
    attempt: Attempt, exchange: Exchange, connection: Connection, prepared: requests.PreparedRequest, target: str
) -> bool:
    """Send a request and read its answer; tell whether the connection stands at the answer's end."""
    attempt.hold(connection.sock)
    connection.timeout = attempt.remaining()
    connection.before_send = attempt.depart
    with suppress(BrokenPipeError):  # a server may answer before it has read everything
        headers = {**(prepared.headers or {}), **connection.origin.headers}
        connection.request(prepared.method or "", target, body=prepared.body, headers=headers)
    answer = connection.answer()
    try:
        exchange.status, exchange.phrase = answer.status, answer.reason
        exchange.headers = _by_name(answer.getheaders())
        exchange.body, is_whole = _read_body(attempt, answer)
    finally:
        answer.close()
    if "content-encoding" in exchange.headers:
        exchange.body = _unpacked(exchange.body, exchange.headers)
    return is_whole


def _by_name(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name in lower case; those of one name are joined, as RFC 9110, 5.3 has it."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _read_body(attempt: Attempt, answer: HTTPResponse) -> tuple[bytes, bool]:
    """Return the body, or as much of it as comes in time and fits, and whether it came to its end.

    The status has already said what counts.
    """
    until = attempt.monotonic() + min(BODY_SECONDS, attempt.remaining() / 2)
    body = b""
    try:
        while answer.length != 0 and (left := until - attempt.monotonic()) > 0 and len(body) < LARGEST_BODY:
            attempt.set_timeout(left)
            piece = answer.read1(min(PIECE, LARGEST_BODY - len(body)))
            if not piece:
                return body, answer.length is None
            body += piece
    except (*BROKEN, ValueError):  # a body that breaks off is as good as one that ends
        return body, False
    return body, answer.length == 0


def _unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    packed = urllib3.HTTPResponse(io.BytesIO(body), headers=headers, preload_content=False)
    try:
        return packed.read(LARGEST_BODY, decode_content=True)
    except urllib3.exceptions.HTTPError:
        return b""


def _response(exchange: Exchange, prepared: requests.PreparedRequest) -> requests.Response:
    """Return what a plugin is given: the answer with its body read, and without the address that a redirect names."""
    response = requests.Response()
    response.status_code, response.reason = exchange.status or 0, exchange.phrase
    response.url, response.request = prepared.url or "", prepared
    response.headers = CaseInsensitiveDict(exchange.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = io.BytesIO(exchange.body)
    if response.is_redirect:
        del response.headers["location"]
    return response
