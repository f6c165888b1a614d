"""Asks a push service to take one message for one browser, and says what its answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import requests

from reminder.core.errors import StoreError
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.http import outcome as answers
from reminder.notify.http.attempt import Attempt, running
from reminder.notify.transport import Outcome
from reminder.notify.webpush.browser import Browser, browser_of_url
from reminder.notify.webpush.encrypt import encrypt
from reminder.notify.webpush.hosts import check_host
from reminder.notify.webpush.payload import payload_of, topic_of
from reminder.notify.webpush.settings import PushSettings

LONGEST_KEPT: Final = timedelta(days=28)
"""Longer no push service keeps a message for a device that is off."""
USUALLY_KEPT: Final = timedelta(days=1)
"""For a message of which nobody says how long it is useful: `reminder test`."""

GONE: Final = frozenset({404, 410})
"""What a push service answers for a browser that takes no messages any more (RFC 8030, 7.3)."""
NOT_OURS: Final = frozenset({401, 403})
"""What it answers where our signature is not the one that the browser asked for (RFC 8292, 4.2)."""
NOT_OURS_IN_WORDS: Final = "VapidPkHashMismatch"
"""Apple's word for the same, in a 400."""


def post(
    attempt: Attempt,
    url: str,
    words: Words,
    settings: Callable[[], PushSettings],
    *,
    now: Callable[[], datetime],
    plain: bool = False,
) -> Outcome:
    """Send `words` to the browser that a channel's URL leads to, within an attempt. Raises Unusable.

    Args:
        attempt: the bounds of this try.
        url: the channel's, filled in for one browser.
        words: what to say.
        settings: returns what is sent with, and raises StoreError while that cannot be read.
        now: the clock.
        plain: the short form.
    """
    browser = browser_of_url(url)
    try:
        by = settings()
    except StoreError:
        return Failure(kind=FailureKind.TRANSIENT, reason="the key that signs for browsers cannot be read just now")
    check_host(browser.endpoint, by.hosts)
    body, headers = _request(browser, words, by, now(), plain=plain)
    with running(attempt):
        is_taken = _is_taken(browser.endpoint, body, headers)
        found = answers.outcome(attempt, accepted=is_taken, url=url, now=now, endpoint=browser.endpoint)
    said = attempt.exchanges[-1].body if attempt.exchanges else b""
    return _of_browser(found, said) if isinstance(found, Failure) else found


def _request(
    browser: Browser, words: Words, by: PushSettings, now: datetime, *, plain: bool
) -> tuple[bytes, dict[str, str]]:
    topic = topic_of(words.hints.replaces, browser)
    headers = {
        "Authorization": by.key.authorization(browser.origin, by.contact, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds_kept(words.hints.useful_until, now)),
        "Urgency": "high" if words.hints.is_urgent else "normal",
        **({"Topic": topic} if topic else {}),
    }
    return encrypt(payload_of(words, tag=topic, plain=plain), browser), headers


def seconds_kept(useful_until: datetime | None, now: datetime) -> int:
    """Return for how many seconds a push service shall keep a message for a browser that is not there: 1 or more.

    With 0 it would reach none that sleeps.
    """
    kept = USUALLY_KEPT if useful_until is None else useful_until - now
    return max(1, int(min(kept, LONGEST_KEPT).total_seconds()))


def _is_taken(endpoint: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        answer = requests.post(endpoint, data=body, headers=headers, timeout=None)  # noqa: S113  the attempt's own
    except (requests.RequestException, OSError):
        return False  # the attempt has it
    return 200 <= answer.status_code < 300


def _of_browser(failure: Failure, said: bytes) -> Failure:
    """Return a refusal as what it says of one browser, where it does: others on the same channel may be fine."""
    if failure.status in GONE:
        reason = f"this browser takes no messages from here any more ({failure.status})"
        return replace(failure, reason=reason, is_address=True, is_guess=False, is_gone=True)
    if failure.status in NOT_OURS or NOT_OURS_IN_WORDS.encode() in said:
        reason = (
            f"the push service answers {failure.status}: this browser waits for messages signed with another key, or "
            "this machine's clock is wrong; set the browser up again under Channels on the page"
        )
        return replace(failure, kind=FailureKind.CHANNEL, reason=reason, is_address=True, is_guess=True)
    return failure
