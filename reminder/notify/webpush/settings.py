"""In whose name browsers are sent to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reminder.notify.webpush.vapid import VapidKey


@dataclass(frozen=True, kw_only=True)
class PushSettings:
    """What is sent to browsers with: our key, how push services reach us, and which of them may be asked besides."""

    key: VapidKey = field(repr=False)
    contact: str
    hosts: frozenset[str] = frozenset()
