"""How long a service asks us to stay away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from reminder.core.dates.local_time import utc


def retry_after(headers: dict[str, str], answer: dict[str, Any], now: Callable[[], datetime]) -> timedelta | None:
    """Return how long a service asks us to stay away, None if it does not say so in a way that makes sense.

    Seconds or an HTTP date (RFC 9110, 10.2.3; a date is measured against the answer's own `Date`), else
    `parameters.retry_after` (Telegram Bot API) or `retry_after` (Discord) of the body, in seconds.
    """
    parameters = answer.get("parameters")
    in_body = parameters.get("retry_after") if isinstance(parameters, dict) else answer.get("retry_after")
    found = _seconds(headers.get("retry-after")) or _seconds(in_body)
    return found or _until(headers.get("retry-after", ""), headers.get("date", ""), now)


LONGEST_KNOWN: Final = timedelta(days=365)


def _seconds(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    if not seconds > 0:
        return None
    return timedelta(seconds=min(seconds, LONGEST_KNOWN.total_seconds()))


def _until(retry_at: str, date: str, now: Callable[[], datetime]) -> timedelta | None:
    until = _instant(retry_at)
    if until is None:
        return None
    wait = until - (_instant(date) or now())
    return min(wait, LONGEST_KNOWN) if wait > timedelta(0) else None


def _instant(text: str) -> datetime | None:
    try:
        return utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
