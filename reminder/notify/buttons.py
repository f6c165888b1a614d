"""Adds what a reader can do about a message to the requests of apprise's plugins, which know nothing of it.

One table says how, service by service: a button for each action, or what a tap on the message opens. The plugin is
used as it is; its request is changed at the seam, on its way out. A service without a row shows a line of links.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests

from reminder.core.text.content import PUTS_OFF, Action, ActionKind, Words
from reminder.notify import schemas

Dress = Callable[[requests.PreparedRequest], None]
"""Changes a request that is about to leave. One of another kind, a login for example, it leaves as it is."""

MOST_NTFY: Final = 3
"""ntfy, "Action buttons": up to three."""
MOST_IN_ROW: Final = 5
"""Discord, "Action Row": up to five buttons."""
MOST_CALLBACK_BYTES: Final = 64
"""Telegram, InlineKeyboardButton: `callback_data` has 1 to 64 bytes."""
IN_A_ROW: Final = 2
"""So many buttons stand side by side in Telegram: with more, a phone shows half of each."""

POSTED: Final = PUTS_OFF | {ActionKind.SEEN, ActionKind.MUTE, ActionKind.STOP, ActionKind.UNDO}
"""What a button does at once, where a service can send a request from it; the others open the page."""


def tap_of(url: str, words: Words) -> Dress | None:
    """Return how a tap on a message comes to open its own link, where its plugin has no place for one."""
    return _tap(words.link) if words.link and schemas.scheme_of(url) in _TAPPED else None


def buttons_of(url: str, words: Words, *, is_read: bool = False) -> Dress | None:
    """Return how the requests to a channel's URL get the buttons of a message.

    None where its service shows none of them, or has nothing to show: then they stand in the text as links. `is_read`
    tells of a Telegram bot that what is pressed comes back to us: then its buttons act, and lead to no page.
    """
    scheme = schemas.scheme_of(url)
    row = _ROWS.get(scheme)
    if row is None or not words.actions:
        return None
    if is_read and scheme == _TELEGRAM and not _leads_to_group(url):
        return _keyboard([button for action in words.actions if (button := _pressed_or_opened(action))])
    return row(words, schemas.arguments(url))


def _ntfy(words: Words, asked: Mapping[str, str]) -> Dress | None:
    """Write X-Actions and X-Click; what the channel's URL says of either stands.

    As JSON in plain ASCII: a header holds nothing else, and a label may be in any language.
    """
    if "actions" in asked:
        return None
    actions = json.dumps([_of_ntfy(action) for action in words.buttons(MOST_NTFY)], separators=(",", ":"))

    def dress(request: requests.PreparedRequest) -> None:
        request.headers["X-Actions"] = actions
        if "X-Click" not in request.headers and words.page is not None:
            request.headers["X-Click"] = words.page

    return dress


def _of_ntfy(action: Action) -> dict[str, Any]:
    if action.kind not in POSTED:
        return {"action": "view", "label": action.label, "url": action.url}
    return {"action": "http", "label": action.label, "url": action.url, "method": "POST", "clear": True}


def _telegram(words: Words, asked: Mapping[str, str]) -> Dress | None:
    """Write an inline keyboard of links. Telegram refuses a message with a link that leads to no public https page."""
    del asked
    if not _are_public(words):
        return None
    return _keyboard([{"text": action.label, "url": action.url} for action in words.actions])


def _pressed_or_opened(action: Action) -> dict[str, str] | None:
    """Return a button that comes back to the bot when it is pressed, else one that opens a public page."""
    data = f"{action.kind}:{action.token}"
    if action.kind in POSTED and action.token and len(data) <= MOST_CALLBACK_BYTES:
        return {"text": action.label, "callback_data": data}
    return {"text": action.label, "url": action.url} if action.url.startswith("https://") else None


def _leads_to_group(url: str) -> bool:
    """Tell whether a Telegram channel leads to a group, whose numbers are negative: there no button is anybody's."""
    return urlsplit(url).path.lstrip("/").startswith("-")


def _keyboard(buttons: Sequence[Mapping[str, str]]) -> Dress | None:
    if not buttons:
        return None
    rows = [buttons[start : start + IN_A_ROW] for start in range(0, len(buttons), IN_A_ROW)]

    def dress(request: requests.PreparedRequest) -> None:
        if urlsplit(request.url or "").path.endswith("/sendMessage"):
            _add_to_json(request, {"reply_markup": {"inline_keyboard": rows}})

    return dress


def _discord(words: Words, asked: Mapping[str, str]) -> Dress | None:
    """Write a row of link buttons, and ask for it: a webhook shows components only `with_components`."""
    del asked
    if not _are_public(words):
        return None
    links = [{"type": 2, "style": 5, "label": action.label, "url": action.url} for action in words.buttons(MOST_IN_ROW)]

    def dress(request: requests.PreparedRequest) -> None:
        parts = urlsplit(request.url or "")
        if "/webhooks/" not in parts.path:
            return
        if _add_to_json(request, {"components": [{"type": 1, "components": links}]}):
            query = f"{parts.query}&with_components=true".lstrip("&")
            request.url = urlunsplit(parts._replace(query=query))

    return dress


def _gotify(words: Words, asked: Mapping[str, str]) -> Dress | None:
    """Have a tap open the page of the message. Where the release has a link, a tap opens that (`tap_of`)."""
    del asked
    return _tap(words.page) if words.link is None else None


def _tap(link: str | None) -> Dress:
    def dress(request: requests.PreparedRequest) -> None:
        said = _json_of(request)
        if said is not None:
            extras = said.get("extras", {}) | {"client::notification": {"click": {"url": link}}}
            _write_json(request, said | {"extras": extras})

    return dress


def _pushover(words: Words, asked: Mapping[str, str]) -> Dress | None:
    """Write the one address that a message may have, unless the release's link, or the channel's URL, has the place."""
    if words.link is not None or words.page is None or "url" in asked:
        return None
    added = urlencode({"url": words.page, "url_title": words.way_in_said})

    def dress(request: requests.PreparedRequest) -> None:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        if "message=" in body and "encrypted=1" not in body:
            _write(request, f"{body}&{added}")

    return dress


_Row = Callable[[Words, Mapping[str, str]], Dress | None]

_TELEGRAM: Final = "tgram"
_ROWS: Final[Mapping[str, _Row]] = {
    "ntfy": _ntfy,
    "ntfys": _ntfy,
    _TELEGRAM: _telegram,
    "discord": _discord,
    "gotify": _gotify,
    "gotifys": _gotify,
    "pover": _pushover,
}
"""By the scheme of a channel's URL."""
_TAPPED: Final = frozenset({"gotify", "gotifys"})


def _are_public(words: Words) -> bool:
    return all(action.url.startswith("https://") for action in words.actions)


def _json_of(request: requests.PreparedRequest) -> dict[str, Any] | None:
    """Return the JSON object that a request brings, None for one that brings something else."""
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    try:
        said = json.loads(body or "")
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _add_to_json(request: requests.PreparedRequest, added: Mapping[str, Any]) -> bool:
    said = _json_of(request)
    if said is None:
        return False
    _write_json(request, {**said, **added})
    return True


def _write_json(request: requests.PreparedRequest, said: Mapping[str, Any]) -> None:
    _write(request, json.dumps(said))


def _write(request: requests.PreparedRequest, body: str) -> None:
    request.prepare_body(body.encode(), None)
