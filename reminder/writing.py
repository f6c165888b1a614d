"""From deliveries to the text that goes out: the built-in words, the user's templates, one digest for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminder.core.lead import Lead
from reminder.core.message import Reader, Topic, compose, compose_alarm, compose_digest, compose_trouble
from reminder.core.model import Kind, Release, Subscriber, Title
from reminder.core.when import When
from reminder.core.words import Words
from reminder.templates import Templates, variables


@dataclass(frozen=True, kw_only=True)
class Letter:
    """All that the words of one message need. `title` is None for what is about no title; then `detail` says what."""

    kind: Kind
    subscriber: Subscriber
    title: Title | None
    release: Release
    lead: Lead | None = None
    heard: When | None = None
    others: int = 0
    detail: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """The words of one parcel, what kind it goes as, and what went wrong with the user's templates, if anything."""

    kind: Kind
    words: Words
    problems: tuple[str, ...] = ()


def reader(person: Subscriber) -> Reader:
    """Return how this person reads times."""
    return Reader(zone=person.zone, hour_style=person.hour_style)


def write(letters: Sequence[Letter], templates: Templates, now: datetime) -> Written:
    """Return the words for one letter, or one digest for several, true at the instant `now` (SPEC 4 and 8)."""
    written = [_write_one(letter, templates, now) for letter in letters]
    if len(written) == 1:
        return written[0]
    applied = templates.apply(Kind.DIGEST, compose_digest([item.words for item in written]))
    problems = [problem for item in written for problem in item.problems]
    problems += [applied.problem] if applied.problem else []
    return Written(kind=Kind.DIGEST, words=applied.words, problems=tuple(problems))


def _write_one(letter: Letter, templates: Templates, now: datetime) -> Written:
    person = letter.subscriber
    if letter.title is None:
        words, values = _without_title(letter, now), None
    else:
        topic = Topic(
            kind=letter.kind,
            title=letter.title,
            release=letter.release,
            heard=letter.heard,
            lead=letter.lead,
            others=letter.others,
        )
        words = compose(topic, reader(person), now)
        values = variables(topic, reader(person), now, subscriber=person.name) if templates.has(letter.kind) else None
    applied = templates.apply(letter.kind, words, values)
    return Written(kind=letter.kind, words=applied.words, problems=(applied.problem,) if applied.problem else ())


def _without_title(letter: Letter, now: datetime) -> Words:
    detail = letter.detail or {}
    if "channel" not in detail:
        return compose_alarm(detail["subject"], *detail.get("lines", ()))
    return compose_trouble(
        detail["channel"],
        detail["reason"],
        reader(letter.subscriber),
        now,
        since_at=datetime.fromisoformat(detail["since"]),
        waiting=detail.get("waiting", 0),
    )
