"""Whether a plugin kept the whole of its URL, every recipient and piece of it: apprise drops some in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from reminder.notify.memory import state_of
from reminder.notify.understanding import SHAPES, SIGNS, Parsed, plain, shape
from reminder.notify.unusable import Unusable
from reminder.notify.urls import Pieces


def check_kept(parsed: Parsed, plugin: Any) -> None:
    """Raise Unusable when a plugin dropped a piece of its URL, or has not got one recipient."""
    scheme, write = parsed.pieces.scheme, shape(parsed.service, parsed.pieces.scheme)
    kept = _kept_of(parsed, plugin)
    named = [text for text in _flat(parsed.fields.get("targets")) if text.strip()]
    if _refused_targets(plugin) or not all(_is_kept(text, kept) for text in named):
        raise Unusable(
            f"a recipient in this {scheme}:// URL is not one that the service can have: write {write}",
            is_address=True,
        )
    _check_number(parsed, plugin)
    parts = () if parsed.is_native else _parts(parsed.pieces)
    dropped = next((what for what, text in parts if not _is_kept(text, kept)), None)
    if dropped:
        raise Unusable(
            f"{dropped} in this {scheme}:// URL would be lost: write {write}; "
            "a sign that parts a URL is written %3A for : and %2F for /, or ${NAME:quoted} for the whole"
        )


def _kept_of(parsed: Parsed, plugin: Any) -> str:
    """Return the texts that a plugin holds, a line for each, but for those that it does not use."""
    aside = _not_used(parsed)
    return "\n".join(plain(text) for name, *texts in state_of(plugin) if name not in aside for text in texts)


def _not_used(parsed: Parsed) -> frozenset[str]:
    """Return the names under which every plugin has the path, where this one made targets of it."""
    said = "/".join(parsed.pieces.path)
    is_as_it_was = bool(said) and unquote(str(parsed.fields.get("fullpath") or "")).strip("/").endswith(said)
    has_targets = "targets" in parsed.service.template_tokens
    return frozenset({"fullpath", "path", "query"}) if has_targets and is_as_it_was else frozenset()


def _check_number(parsed: Parsed, plugin: Any) -> None:
    scheme = parsed.pieces.scheme
    targets = _count(plugin)
    if targets > 1:
        raise Unusable(wrong_number(f"{scheme}://", targets), is_address=True)
    if targets < 1:
        raise Unusable(f"this {scheme}:// URL names nobody to send to: write {shape(parsed.service, scheme)}",
                       is_address=True)  # fmt: skip
    if getattr(plugin, "detect_owner", False) and not getattr(plugin, "targets", True):
        # Telegram's plugin would send to whoever wrote to the bot last.
        raise Unusable("this tgram:// URL names no chat: write tgram://BOT_TOKEN/CHAT", is_address=True)
    if scheme.startswith("matrix") and parsed.pieces.user and not (plugin.rooms or plugin.users):
        # It would send to every room that the account has joined, or by another server than the one named.
        raise Unusable(f"this {scheme}:// URL names no room: write {SHAPES[scheme]}", is_address=True)


def _count(plugin: Any) -> int:
    try:
        return len(plugin)
    except TypeError:  # one that counts its targets before it has any, and then sends to its owner
        return 1


def wrong_number(shown: str, targets: int) -> str:
    """Say that a URL names more than one target."""
    return f"this {shown} URL names {targets} targets; write one channel for each, or a failure repeats the others"


def _refused_targets(plugin: Any) -> bool:
    return any(
        value for name, value in vars(plugin).items() if "invalid" in name and isinstance(value, list | set | tuple)
    )


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from re.split(r"[,\s]+", value)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _flat(each)


def _parts(pieces: Pieces) -> Iterator[tuple[str, str]]:
    yield "the user", pieces.user
    yield "the password", pieces.password
    yield "the host", pieces.host
    for number, part in enumerate(pieces.path, 1):
        yield f"part {number} of the path", part


def _is_kept(text: str, kept: str) -> bool:
    """Tell whether a text stands in what was kept: whole, or piece by piece between its signs."""
    return plain(text) in kept or all(plain(part) in kept for part in SIGNS.split(text))
