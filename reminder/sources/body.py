"""The body of an answer, read whole: one that is cut short, or packed without its end, is no answer."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Callable
from typing import Final

from reminder.core.sourcing.answers import InvalidAnswer, NoAnswer, Unavailable

_CHUNK: Final = 64 * 1024
_PLAIN: Final = frozenset({"", "identity"})
_PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_BODILESS: Final = frozenset({204, 304})
UNCLEAR_LENGTH: Final = "the answer does not say plainly how long it is"
_CUT_SHORT: Final = "the answer was cut short"


def read_body(response: http.client.HTTPResponse, most: int, *, check_time: Callable[[], object]) -> bytes | NoAnswer:
    """Return the whole body of an answer, unpacked, or why there is none.

    `most` bounds the size, packed and unpacked; `check_time` is called after each part, and raises when the time is
    over.
    """
    announced = _announced(response)
    coding = (response.getheader("Content-Encoding") or "").strip().lower()
    if isinstance(announced, NoAnswer):
        return announced
    if coding not in _PLAIN | _PACKED:
        return InvalidAnswer(reason="the answer is packed in a way that was not asked for")
    body = bytearray()
    while len(body) <= most and (part := response.read1(_CHUNK)):
        check_time()
        body += part
    check_time()
    if len(body) > most:
        return _too_large(most)
    if announced is not None and len(body) < announced:
        return Unavailable(reason=f"{_CUT_SHORT}: {len(body)} of {announced} bytes came")
    if coding in _PLAIN or not (body or response.status == http.client.OK):
        return bytes(body)
    return _unpacked(bytes(body), coding, most)


def _announced(response: http.client.HTTPResponse) -> int | NoAnswer | None:
    """Return how many bytes the answer says it has, None where it does not say (RFC 9112, 6.3)."""
    said, *_ = response.headers.get_all("Content-Length", [None])
    if said is None or response.getheader("Transfer-Encoding") or response.status in _BODILESS:
        return None
    if not (said.isascii() and said.isdecimal()) or len(said) > 12:
        return InvalidAnswer(reason=UNCLEAR_LENGTH)
    return int(said)


def _unpacked(body: bytes, coding: str, most: int) -> bytes | NoAnswer:
    # 32 more: gzip or zlib, by its head. In `deflate` some servers send what stands inside zlib (RFC 9110, 8.4.1.2),
    # whose first two bytes name the method (8) and are a multiple of 31 (RFC 1950, 2.2).
    is_bare = coding == "deflate" and not (body and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0)
    packed = zlib.decompressobj(-zlib.MAX_WBITS if is_bare else 32 + zlib.MAX_WBITS)
    try:
        found = packed.decompress(body, most + 1)
    except zlib.error:
        return InvalidAnswer(reason="the answer cannot be unpacked")
    if len(found) > most:
        return _too_large(most)
    if packed.unused_data:
        return InvalidAnswer(reason="the answer cannot be unpacked")
    return found if packed.eof else Unavailable(reason=f"{_CUT_SHORT}: it is packed, and has no end")


def _too_large(most: int) -> NoAnswer:
    return InvalidAnswer(reason=f"the answer is larger than {most // 1024} KiB")
