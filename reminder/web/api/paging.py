"""Pages of a list that is long: where the next one begins, as a cursor and as a link to follow (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from reminder.web.api.problems import WrongFields

Cursor = Sequence[str | int | float]

MOST: Final = 500
"""How many rows a page has at most."""


@dataclass(frozen=True, kw_only=True)
class RowPage:
    """Some rows of a list; `next` is where the rest begins, None at its end."""

    rows: Sequence[object]
    next: Cursor | None


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as it stands in an address: no more is promised of it than that it can be given back."""
    return base64.urlsafe_b64encode(json.dumps(list(cursor)).encode()).decode().rstrip("=")


def read_cursor(text: str | None, *parts: type) -> Sequence[Any] | None:
    """Return the cursor that a text stands for, of parts of these types; None for none. Raises WrongFields."""
    if text is None:
        return None
    try:
        found = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    if isinstance(found, list) and [type(part) for part in found] == list(parts):
        return found
    raise WrongFields(
        [{"field": "after", "detail": "no cursor of ours: take it from the Link header of a page before"}]
    )


def link_to_next(address: str, query: dict[str, str], cursor: Cursor) -> str:
    """Return the Link header that leads to the next page of an address."""
    return f'<{address}?{urlencode({**query, "after": cursor_text(cursor)})}>; rel="next"'
