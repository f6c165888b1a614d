"""The body of an answer, read whole: one that is cut short, or packed without its end, is no answer."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Callable
from typing import Final, Protocol

from reminder.core.sourcing.answers import InvalidAnswer, NoAnswer, Unavailable

_CHUNK: Final = 64 * 1024
_PLAIN: Final = frozenset({"", "identity"})
_GZIP: Final = frozenset({"gzip", "x-gzip"})
_BODILESS: Final = frozenset({204, 304})
UNCLEAR_LENGTH: Final = "the answer does not say plainly how long it is"
_CUT_SHORT: Final = "the answer was cut short"


class Unpacker(Protocol):
    """Takes the next bytes of a packed body and returns what they hold, at most `room` bytes."""

    def add(self, part: bytes, room: int) -> bytes:
        """Return what these bytes hold. Raises zlib.error."""
        ...

    def problem(self) -> str | None:
        """Return why what was added is not a whole body, None when it is."""
        ...


def read_body(response: http.client.HTTPResponse, most: int, *, check_time: Callable[[], object]) -> bytes | NoAnswer:
    """Return the whole body of an answer, unpacked, or why there is none.

    `most` bounds the unpacked size; `check_time` is called after each part, and raises when the time is over.
    """
    announced, unpacker = _announced(response), _unpacker(response)
    if isinstance(announced, NoAnswer):
        return announced
    if isinstance(unpacker, NoAnswer):
        return unpacker
    body = bytearray()
    came = 0
    while part := response.read1(_CHUNK):
        check_time()
        came += len(part)
        try:
            body += unpacker.add(part, most + 1 - len(body))
        except zlib.error:
            return InvalidAnswer(reason="the answer cannot be unpacked")
        if len(body) > most:
            return InvalidAnswer(reason=f"the answer is larger than {most // 1024} KiB")
    check_time()
    if announced is not None and came < announced:
        return Unavailable(reason=f"{_CUT_SHORT}: {came} of {announced} bytes came")
    problem = unpacker.problem() if came or response.status == http.client.OK else None
    return Unavailable(reason=problem) if problem else bytes(body)


def _announced(response: http.client.HTTPResponse) -> int | NoAnswer | None:
    """Return how many bytes the answer says it has, None where it does not say (RFC 9112, 6.3)."""
    said, *_ = response.headers.get_all("Content-Length", [None])
    if said is None or response.getheader("Transfer-Encoding") or response.status in _BODILESS:
        return None
    if not (said.isascii() and said.isdecimal()) or len(said) > 12:
        return InvalidAnswer(reason=UNCLEAR_LENGTH)
    return int(said)


def _unpacker(response: http.client.HTTPResponse) -> Unpacker | NoAnswer:
    coding = (response.getheader("Content-Encoding") or "").strip().lower()
    if coding in _PLAIN:
        return _Plain()
    if coding in _GZIP:
        return _Zlib(16 + zlib.MAX_WBITS)
    if coding == "deflate":
        return _Deflate()
    return InvalidAnswer(reason="the answer is packed in a way that was not asked for")


class _Plain:
    def add(self, part: bytes, room: int) -> bytes:
        return part

    def problem(self) -> str | None:
        return None


class _Zlib:
    """A body in one piece of gzip or zlib, which has an end and a check sum."""

    def __init__(self, window: int) -> None:
        self._packed = zlib.decompressobj(window)

    def add(self, part: bytes, room: int) -> bytes:
        if self._packed.eof:
            raise zlib.error
        found = self._packed.decompress(part, max(room, 1))
        if self._packed.unused_data:
            raise zlib.error
        return found

    def problem(self) -> str | None:
        return None if self._packed.eof else f"{_CUT_SHORT}: it is packed, and has no end"


class _Deflate:
    """A body in `deflate`, which is zlib's form, and with some servers what stands inside it (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._held = b""
        self._packed: _Zlib | None = None

    def add(self, part: bytes, room: int) -> bytes:
        if self._packed is not None:
            return self._packed.add(part, room)
        self._held += part
        if len(self._held) < 2:
            return b""
        # zlib's first two bytes name the method (8) and are a multiple of 31 (RFC 1950, 2.2).
        is_zlib = self._held[0] & 15 == 8 and int.from_bytes(self._held[:2]) % 31 == 0
        self._packed = _Zlib(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        return self._packed.add(self._held, room)

    def problem(self) -> str | None:
        return self._packed.problem() if self._packed else f"{_CUT_SHORT}: it is packed, and has no end"
