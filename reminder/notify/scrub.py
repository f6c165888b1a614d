"""Texts from outside, made fit to show: one short line without the secrets of a channel's URL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, unquote_plus

from reminder.core.model.secret import MASK

LONGEST_LINE: Final = 160
LONG_SECRET: Final = 8
"""A part this long is masked wherever it stands, a shorter one only as a word of its own."""
SHORT_SECRET: Final = 4

_ADDRESS: Final = re.compile(r"(?<![a-z0-9+.-])[a-z0-9+.-]+://\S+", re.IGNORECASE)
_NOT_PRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\s]+")
_PARTS: Final = re.compile(r"[/?&=:@,;#\s|]+")


def secret_parts(url: str) -> tuple[str, ...]:
    """Return every part of a channel's URL that must not be shown, the longest first.

    Which part of a URL is the secret differs by service, so all of it counts: user, password, path, query, and a
    host that has no dot (`discord://ID/TOKEN`). A real host name may be shown.
    """
    _, _, rest = url.partition("://")
    host = _host(rest)
    found = {rest, unquote(rest), *_spellings(_PARTS.split(_without_names(rest))), *_spellings([_path(rest)])}
    return tuple(sorted((part for part in found if _counts(part, host)), key=len, reverse=True))


def _without_names(rest: str) -> str:
    """Return a URL's rest without the names of its options, nor of a room or channel: they are no secrets."""
    head, mark, query = rest.partition("?")
    values = [pair.partition("=")[2] or pair for pair in query.split("&")]
    return re.sub(r"/(?:#|%23)[^/?]*", "", head, flags=re.IGNORECASE) + mark + "&".join(values)


def _host(rest: str) -> str:
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    return host if "." in host or host == "localhost" else ""


def _path(rest: str) -> str:
    return rest.partition("/")[2].partition("?")[0]


def _spellings(parts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        found |= {part, unquote(part), unquote_plus(part), *unquote_plus(part).split()}
    return found


def _counts(part: str, host: str) -> bool:
    return len(part) >= SHORT_SECRET and part != host


def line(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` as one line of at most 160 characters: no URL, no control character, no secret.

    Nor half a letter, which JSON can spell and no database can store.
    """
    text = mask(_NOT_PRINTABLE.sub(" ", text[:2000]), secrets)
    text = _ADDRESS.sub(_only_host, text).strip()
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1].rstrip() + "…"


def _only_host(found: re.Match[str]) -> str:
    """Return an address without what stands behind or before its host, which may be a secret."""
    scheme, _, rest = found[0].partition("://")
    authority, slash, _ = rest.partition("/")
    is_host = re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", authority)
    return f"{scheme}://{authority}{slash and '/' + MASK}" if is_host else f"{scheme}://{MASK}"


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with `***` in the place of each secret; give the longest first."""
    for secret in secrets:
        if len(secret) >= LONG_SECRET:
            text = text.replace(secret, MASK)
        elif secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", lambda _: MASK, text)
    return text
