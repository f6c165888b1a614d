"""By what the ledger knows what was done by a link or in a chat, and which address of a person it was about."""

from __future__ import annotations

import hashlib
from typing import Final

DEED: Final = "deed"
"""In the detail of a message that tells of what was done by a link: the number of what was done."""


def mark_of(channel: str, address: str | None) -> str:
    """Return what tells one person's address on a channel from another of theirs, without telling it."""
    return hashlib.sha256(f"{channel} {address or ''}".encode()).hexdigest()[:8]
