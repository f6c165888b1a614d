"""Composes messages that are not about one release: digests, trouble, tests and codes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.markup import clean, isolated
from reminder.core.text.phrases import ReaderSettings, first_few

_LATEST: Final = datetime.max.replace(tzinfo=UTC)


def compose_digest(items: Sequence[Words], language: Language = ENGLISH) -> Words:
    """Return several messages as one: how many and about what, then a list in the order of their dates, undated last.

    A single one stays as it is. Raises ValueError for none.
    """
    if not items:
        raise ValueError("a digest of nothing")
    if len(items) == 1:
        return items[0]
    ordered = sorted(items, key=lambda item: item.order_at or _LATEST)
    names = list(dict.fromkeys(item.about for item in ordered if item.about))
    subject = language.say("digest", count=len(items))
    if names:
        subject = language.say("digest.names", count=len(items), names=first_few(names, language))
    body = tuple(_entry(item, language) for item in ordered)
    return Words(subject=subject, body=body, order_at=ordered[0].order_at)


def _entry(item: Words, language: Language) -> BodyLine:
    text = language.say("digest.entry", sentence=item.subject, brief=item.brief) if item.brief else item.subject
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
    name, language = clean(channel), reader.language
    since = language.say("trouble.since", date=reader.in_full(since_at or now), reason=clean(reason))
    # A command stands at the end of its line without a full stop, so that it can be copied as it is.
    usual = language.say("trouble.usual", command=f"reminder test {shlex.quote(name)}")
    waits = language.say("trouble.waits", count=waiting) if waiting else language.say("trouble.nothing_waits")
    return compose_alarm(
        language.say("trouble", channel=name),
        language.stopped(since),
        language.say("trouble.advice", advice=clean(advice)) if advice else usual,
        language.stopped(waits),
    )


def compose_gone(address: str, reason: str, reader: ReaderSettings, at: datetime) -> Words:
    """Return the words that tell a person that an address of theirs is no more; `address` is what they call it."""
    name, language = clean(address), reader.language
    return compose_alarm(
        language.say("gone", address=name),
        language.stopped(language.say("gone.said", date=reader.in_full(at), reason=clean(reason))),
        language.say("gone.elsewhere"),
        language.say("gone.advice"),
    )


def compose_alarm(subject: str, *lines: str) -> Words:
    """Return the words of a trouble that no channel has (the disk, the clock, a source), each line cleaned."""
    return Words(subject=clean(subject), body=tuple(BodyLine(text=clean(line)) for line in lines if clean(line)))


def compose_test(channel: str, now: datetime, reader: ReaderSettings) -> Words:
    """Return the words of a test message over `channel`."""
    name, language = clean(channel), reader.language
    return Words(
        subject=language.say("test", channel=name),
        body=(
            BodyLine(text=language.stopped(language.say("test.body", channel=name))),
            GAP,
            BodyLine(text=language.stopped(language.say("test.sent", date=reader.in_full(now)))),
        ),
    )


_LONGEST_PLACE: Final = 120
"""So much of what a browser says of itself is repeated: it is a stranger's text."""


class AskedFrom(NamedTuple):
    """Where a code was asked for: an address on the network, and the names of the browser and its system if known."""

    place: str
    browser: str = ""
    system: str = ""

    @classmethod
    def load(cls, kept: Sequence[str] | str) -> AskedFrom:
        """Return what was kept as JSON; a text alone is a place."""
        return cls(kept) if isinstance(kept, str) else cls(*kept)

    def say(self, language: Language) -> str:
        """Return it as a sentence, an empty text where nothing is known."""
        place, browser, system = (isolated(clean(each)[:_LONGEST_PLACE]) for each in self)
        if not place:
            return ""
        if not browser:
            return language.stopped(language.say("code.from", place=place))
        if not system:
            return language.stopped(language.say("code.from_browser", browser=browser, place=place))
        return language.stopped(language.say("code.from_system", browser=browser, system=system, place=place))


def compose_code(code: str, asked_from: AskedFrom, language: Language = ENGLISH) -> Words:
    """Return the words that bring somebody the `code` that signs them in; `asked_from` tells where it was asked for."""
    origin = asked_from.say(language)
    return Words(
        subject=language.say("code", code=spelt(code)),
        body=(
            BodyLine(text=language.say("code.body")),
            *([BodyLine(text=origin)] if origin else []),
            BodyLine(text=language.say("code.not_you")),
        ),
    )


def compose_proof(code: str, asked_from: AskedFrom, language: Language = ENGLISH) -> Words:
    """Return the words that bring an address the `code` by which it proves itself; `asked_from` tells who asked."""
    origin = asked_from.say(language)
    return Words(
        subject=language.say("code", code=spelt(code)),
        body=(
            BodyLine(text=language.say("proof.body")),
            *([BodyLine(text=origin)] if origin else []),
            BodyLine(text=language.say("proof.not_you")),
        ),
    )


def spelt(code: str) -> str:
    """Return a code in equal groups, of four or three, as it is read from one screen and typed on another."""
    size = 3 if len(code) % 4 and not len(code) % 3 else 4
    return " ".join(code[start : start + size] for start in range(0, len(code), size))
