"""Judges the pictures that sources have of their works: what sort they are, how large, and how long they are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_BYTES: Final = 200 * 1024
"""The largest picture that is kept: those of sources, at the size that is asked for, have 10 to 50 KiB."""

MOST_IN_ALL: Final = 200 * 1024 * 1024

KEPT: Final = timedelta(days=150)
"""How long one is kept before it is asked for again: terms of sources set an end to that after six months."""


def picture_kind(content: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, whatever its server says; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
