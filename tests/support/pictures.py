"""Pictures for catalogues to have and for pages to show: real ones, made here."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from reminder.store.sql.tables import poster


def png(width: int = 2, height: int = 3, colour: tuple[int, int, int] = (40, 60, 90)) -> bytes:
    """Return a picture in PNG, all of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * width) * height
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


PNG: Final = png()


def put_picture(tx: Connection, key: str, at: datetime, content: bytes = PNG, source: str = "tvmaze") -> None:
    """Keep a picture of a title, as if it had been fetched at `at`."""
    tx.execute(
        insert(poster).values(
            title_key=key, source=source, url="https://static.example/7.png", kind="image/png",
            image=content, asked_at=at, kept_at=at,
        )
    )  # fmt: skip
