"""Writes the text of deliveries: the built-in words, the user's templates, one digest for many."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reminder.core.dates.when import When
from reminder.core.model.entities import Kind, Release, Subscriber, Title
from reminder.core.model.lead import Lead
from reminder.core.schedule.season import finale_of
from reminder.core.text.content import Words
from reminder.core.text.kept_texts import in_language
from reminder.core.text.message import (
    AskedFrom,
    Topic,
    compose,
    compose_alarm,
    compose_code,
    compose_digest,
    compose_gone,
    compose_proof,
    compose_test,
    compose_trouble,
)
from reminder.texts.languages.choice import reader_of
from reminder.texts.templates.engine import Templates, Value
from reminder.texts.templates.variables import variables


@dataclass(frozen=True, kw_only=True)
class MessageContext:
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
class Rendered:
    """The words of one message, what kind it goes as, and what went wrong with the user's templates, if anything."""

    kind: Kind
    words: Words
    problems: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Renderer:
    """Writes what goes out at the instant `now`. What several people read in the same way is composed once."""

    templates: Templates
    now: datetime
    _composed: dict[Hashable, tuple[Topic, Words]] = field(default_factory=dict)

    def write(self, contexts: Sequence[MessageContext]) -> Rendered:
        """Return the words for one message, or one digest for several, true at `now` (SPEC 4 and 8)."""
        written = [self._write_one(context) for context in contexts]
        if len(written) == 1:
            return written[0]
        person = contexts[0].subscriber
        digest = compose_digest([item.words for item in written], reader_of(person).language)
        applied = self.templates.apply(Kind.DIGEST, digest, _of_person(person))
        problems = [problem for item in written for problem in item.problems]
        problems += [applied.problem] if applied.problem else []
        return Rendered(kind=Kind.DIGEST, words=applied.words, problems=tuple(problems))

    def _write_one(self, context: MessageContext) -> Rendered:
        person, values = context.subscriber, None
        has_template = self.templates.has(context.kind)
        if context.title is None:
            words = _without_title(context, self.now)
            values = _of_person(person) if has_template else None
        else:
            topic, words = self._compose(context, context.title)
            if has_template:
                values = variables(topic, reader_of(person), self.now, subscriber=person.name)
        applied = self.templates.apply(context.kind, words, values)
        return Rendered(kind=context.kind, words=applied.words, problems=(applied.problem,) if applied.problem else ())

    def _compose(self, context: MessageContext, title: Title) -> tuple[Topic, Words]:
        person = context.subscriber
        how = (
            person.zone.key,
            person.hour_style,
            person.language,
            context.kind,
            context.lead,
            context.heard,
            context.others,
        )
        # By identity: to compare all of a title costs more than its words. They are kept, so no number comes twice.
        same = (id(title), id(context.release), *how)
        if same not in self._composed:
            topic = Topic(
                kind=context.kind,
                title=title,
                release=context.release,
                heard=context.heard,
                lead=context.lead,
                others=context.others,
                finale=finale_of(title, context.release) if context.others else None,
            )
            self._composed[same] = topic, compose(topic, reader_of(person), self.now)
        return self._composed[same]


def write(contexts: Sequence[MessageContext], templates: Templates, now: datetime) -> Rendered:
    """Return the words for one message, or one digest for several, true at the instant `now`."""
    return Renderer(templates=templates, now=now).write(contexts)


def _of_person(person: Subscriber) -> dict[str, Value]:
    """Return what a template may say of who is told, whatever the message is about."""
    return {"subscriber": person.name, "language": reader_of(person).language.code}


def _without_title(context: MessageContext, now: datetime) -> Words:
    detail, language = context.detail or {}, reader_of(context.subscriber).language
    if context.kind is Kind.CODE:
        compose = compose_proof if detail.get("proves") else compose_code
        return compose(detail["code"], AskedFrom.load(detail["asked_from"]), language)
    if context.kind is Kind.TEST and "channel" in detail:
        return compose_test(detail["channel"], now, reader_of(context.subscriber))
    if "gone" in detail:
        at = datetime.fromisoformat(detail["since"])
        return compose_gone(detail["gone"], in_language(detail["reason"], language), reader_of(context.subscriber), at)
    if "channel" not in detail:
        subject = in_language(detail["subject"], language) if detail.get("subject") else language.say("refused")
        return compose_alarm(subject, *(in_language(line, language) for line in detail.get("lines", ())))
    return compose_trouble(
        detail["channel"],
        in_language(detail["reason"], language),
        reader_of(context.subscriber),
        now,
        since_at=datetime.fromisoformat(detail["since"]),
        waiting=detail.get("waiting", 0),
    )
