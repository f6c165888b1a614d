"""What our service worker is handed: a message as a small JSON, read again by `web/static/sw.js`."""

from __future__ import annotations

import hmac
import json
from typing import Any, Final

from reminder.core.text.content import Action, ActionKind, Words
from reminder.notify.buttons import POSTED
from reminder.notify.limits import PLAIN_LIMIT, service
from reminder.notify.schemas import PUSH
from reminder.notify.text import cut, tidy
from reminder.notify.webpush.browser import Browser, in_base64url
from reminder.notify.webpush.encrypt import MOST_BYTES

LIMITS: Final = service(PUSH)
URL_BYTES: Final = 800
MOST_BUTTONS: Final = 2
"""Chrome shows so many (`Notification.maxActions`), Firefox and Safari none."""
TOPIC_BYTES: Final = 24
"""As many as 32 signs of base64url hold: the longest topic (RFC 8030, 5.4)."""


def payload_of(words: Words, *, tag: str, plain: bool = False) -> bytes:
    """Return the JSON of a message; `tag` is that of the notification which this one replaces, `plain` the short form.

    It fits into one record, whatever is said.
    """
    limits = (PLAIN_LIMIT, 0) if plain else (LIMITS.body or 0, PLAIN_LIMIT, 0)
    tries = (_written(words, tag, body_bytes=limit, plain=plain) for limit in limits)
    return next(found for found in tries if len(found) <= MOST_BYTES)


def topic_of(replaces: str, browser: Browser) -> str:
    """Return by what the push service knows two messages of which the newer counts alone, "" for one that stands alone.

    It tells the service neither what they are about, nor that another person follows the same.
    """
    if not replaces:
        return ""
    mark = hmac.digest(browser.auth, replaces.encode("utf-8", "surrogatepass"), "sha256")
    return in_base64url(mark[:TOPIC_BYTES])


def _written(words: Words, tag: str, *, body_bytes: int, plain: bool) -> bytes:
    title = cut(tidy(words.subject).strip(), LIMITS.title or 0, unit=LIMITS.unit)
    said: dict[str, Any] = {"title": title, "body": cut(_body(words, plain=plain), body_bytes, unit=LIMITS.unit)}
    url = next((each for each in (words.link, words.page) if each and len(each.encode()) <= URL_BYTES), None)
    if url:
        said["url"] = url
    if tag:
        said["tag"] = tag
    if words.actions and not plain:
        said["actions"] = [_button(action) for action in _offered(words, is_page_tapped=url == words.page)]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _offered(words: Words, *, is_page_tapped: bool) -> list[Action]:
    """Return the buttons: what is wanted most, and the page that has everything where no tap opens it."""
    pages = [] if is_page_tapped else [action for action in words.actions if action.kind is ActionKind.OPEN]
    acts = words.buttons(MOST_BUTTONS - len(pages))
    return [action for action in acts if action.kind in POSTED] + pages


def _button(action: Action) -> dict[str, str]:
    return {"action": str(action.kind), "title": action.label, "url": action.url}


def _body(words: Words, *, plain: bool) -> str:
    """Return the lines of a body without their links: a notification has one, and opens it by a tap."""
    lines = words.body[:1] if plain else words.body
    return tidy("\n".join(f"- {line.text}" if line.item else line.text for line in lines if line.text)).strip()
