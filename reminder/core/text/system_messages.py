"""Composes messages that are not about one release: digests, trouble, tests and codes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from reminder.core.text import english
from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.markup import clean, isolated
from reminder.core.text.phrases import ReaderSettings

_LATEST: Final = datetime.max.replace(tzinfo=UTC)


def compose_digest(items: Sequence[Words]) -> Words:
    """Return several messages as one: how many and about what, then a list in the order of their dates, undated last.

    A single one stays as it is. Raises ValueError for none.
    """
    if not items:
        raise ValueError("a digest of nothing")
    if len(items) == 1:
        return items[0]
    ordered = sorted(items, key=lambda item: item.order_at or _LATEST)
    names = list(dict.fromkeys(item.about for item in ordered if item.about))
    subject = english.count(len(items), "reminder") + (f": {english.first_few(names)}" if names else "")
    return Words(subject=subject, body=tuple(map(_entry, ordered)), order_at=ordered[0].order_at)


def _entry(item: Words) -> BodyLine:
    text = f"{item.subject} ({item.brief})" if item.brief else item.subject
    return BodyLine(text=text, link=item.link, item=True)


def compose_trouble(
    channel: str,
    reason: str,
    reader: ReaderSettings,
    now: datetime,
    *,
    since_at: datetime | None = None,
    waiting: int = 0,
    advice: str | None = None,
) -> Words:
    """Return the words that tell a person, over another channel, that `channel` fails, why, and what to do.

    `since_at` is when it began (else `now`), `waiting` how many messages are held for it, `advice` what to do
    instead of the usual.
    """
    name = clean(channel)
    usual = "check its address and its secrets, restart reminder if a secret was renewed, then run: reminder test"
    return compose_alarm(
        f"Channel {name} is not working",
        english.stopped(f"It has failed since {reader.in_full(since_at or now)}: {clean(reason)}"),
        # A command stands at the end of its line without a full stop, so that it can be copied as it is.
        f"What to do: {clean(advice) if advice else f'{usual} {shlex.quote(name)}'}",
        english.stopped(_what_waits(waiting)),
    )


def _what_waits(waiting: int) -> str:
    tried = "tried again every hour while it is still useful"
    if not waiting:
        return f"Nothing waits for it now; what comes due is {tried}"
    if waiting == 1:
        return f"1 message waits for it, {tried}"
    return f"{english.count(waiting, 'message')} wait for it, each {tried}"


def compose_alarm(subject: str, *lines: str) -> Words:
    """Return the words of a trouble that no channel has (the disk, the clock, a source), each line cleaned."""
    return Words(subject=clean(subject), body=tuple(BodyLine(text=clean(line)) for line in lines if clean(line)))


def compose_test(channel: str, now: datetime, reader: ReaderSettings) -> Words:
    """Return the words of a test message over `channel`."""
    name = clean(channel)
    return Words(
        subject=f"A test of channel {name}",
        body=(
            BodyLine(text=english.stopped(f"If you can read this, reminders reach you over {name}")),
            GAP,
            BodyLine(text=english.stopped(f"Sent on {reader.in_full(now)}")),
        ),
    )


_GROUP: Final = 4
_LONGEST_PLACE: Final = 120
"""So much of what a browser says of itself is repeated: it is a stranger's text."""


def compose_code(code: str, asked_from: str) -> Words:
    """Return the words that bring somebody the `code` that signs them in; `asked_from` tells where it was asked for."""
    place = isolated(clean(asked_from)[:_LONGEST_PLACE])
    return Words(
        subject=f"Your code: {spelt(code)}",
        body=(
            BodyLine(text="It signs you in on the page of your reminders, and holds for ten minutes."),
            *([BodyLine(text=english.stopped(f"It was asked for from {place}"))] if place else []),
            BodyLine(text="If that was not you, do nothing: without the code nobody gets in."),
        ),
    )


def spelt(code: str) -> str:
    """Return a code in groups of four, as it is read from one screen and typed on another."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
