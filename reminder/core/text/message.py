"""Composes what a message about a release says to one reader at the instant at which it is sent (SPEC 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import NOTICES, Kind, Release, Title
from reminder.core.model.lead import Lead
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.language import Language
from reminder.core.text.markup import clean, isolated, web_link
from reminder.core.text.phrases import (
    ReaderSettings,
    Subject,
    away,
    briefly,
    drop_and_place,
    expected,
    facts,
    in_span,
    named,
    span_name,
    state,
)
from reminder.core.text.system_messages import (
    AskedFrom,
    compose_alarm,
    compose_code,
    compose_digest,
    compose_gone,
    compose_proof,
    compose_test,
    compose_trouble,
)

__all__ = [
    "GAP",
    "AskedFrom",
    "BodyLine",
    "ReaderSettings",
    "Topic",
    "Words",
    "compose",
    "compose_alarm",
    "compose_code",
    "compose_digest",
    "compose_gone",
    "compose_proof",
    "compose_test",
    "compose_trouble",
]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """The subject of a message. `release.when` is the present date, `heard` the one this person last heard of.

    `lead` is the reminder's; an hour lead makes the words count hours. `others` is how many later releases of the
    title changed together with this one, for a notice that stands for them all; `finale` when the last of the season
    comes out, where it is another release.
    """

    kind: Kind
    title: Title
    release: Release
    heard: When | None = None
    lead: Lead | None = None
    others: int = 0
    finale: When | None = None


def compose(topic: Topic, reader: ReaderSettings, now: datetime) -> Words:
    """Given a topic, return its words for `reader`, true at the instant `now`.

    Raises ValueError for a kind that is not about a release: those have functions of their own.
    """
    if topic.kind not in _COMPOSERS:
        raise ValueError(f"a message of kind {topic.kind} is not about a release")
    said = _Said(topic=topic, reader=reader, now=now)
    subject, lines, brief = _COMPOSERS[topic.kind](said)
    link = web_link(topic.title.page)
    return Words(
        subject=subject,
        body=(
            *_texts(lines),
            *_note(topic.title.note),
            *((BodyLine(link=link),) if link else ()),
            *_credit(topic.title),
        ),
        link=link,
        about=said.name.work,
        brief=brief,
        order_at=topic.release.when.starts_at(reader.zone),
    )


def _texts(lines: Iterable[str]) -> tuple[BodyLine, ...]:
    return tuple(BodyLine(text=text) for text in lines if text)


def _note(note: str | None) -> tuple[BodyLine, ...]:
    return _texts(isolated(line) for line in (note or "").splitlines() if clean(line))


def _credit(title: Title) -> tuple[BodyLine, ...]:
    """Return the line that names the source of a date, where someone wants it in messages."""
    if title.sourced is None or title.source_options is None or not title.source_options.credit:
        return ()
    return _texts([ATTRIBUTION.get(title.sourced.source, "")])


_Parts = tuple[str, tuple[str, ...], str]
"""A subject, the lines of a body, and the body in a few words."""


@dataclass(frozen=True, kw_only=True)
class _Said:
    """The parts that several kinds of message are put together from."""

    topic: Topic
    reader: ReaderSettings
    now: datetime

    @property
    def language(self) -> Language:
        return self.reader.language

    @property
    def name(self) -> Subject:
        return named(self.topic.title, self.topic.release, self.language)

    @property
    def when(self) -> When:
        return self.topic.release.when

    @property
    def heard(self) -> When:
        return self.topic.heard or UNKNOWN

    @property
    def sentence(self) -> str:
        return state(self.name, self.when, self.topic.lead, self.reader, self.now)

    @property
    def stated(self) -> str:
        return self.language.stopped(self.sentence)

    @property
    def facts(self) -> str:
        return facts(self.topic.title, self.topic.release, self.reader)

    @property
    def facts_or_none(self) -> str:
        return self.facts or self.language.say("facts.none")

    @property
    def drop_and_place(self) -> str:
        return drop_and_place(self.topic.title, self.topic.release, self.language)

    @property
    def others(self) -> str:
        """Say how many later releases changed too, and when the finale comes out by now.

        That is what somebody who waits for the whole season plans by.
        """
        others, finale = self.topic.others, self.topic.finale
        if not others:
            return ""
        on = finale.day_in(self.reader.zone) if finale else None
        if on is None or on < self.reader.today(self.now):
            return self.language.say("others.changed", count=others)
        return self.language.say("others.changed_finale", count=others, day=self.language.dated(on))


def _reminder(said: _Said) -> _Parts:
    return said.sentence, (said.facts_or_none,), said.facts


def _window(said: _Said) -> _Parts:
    return said.sentence, (said.facts_or_none,), said.drop_and_place


def _missed(said: _Said) -> _Parts:
    on, today = said.when.day_in(said.reader.zone), said.reader.today(said.now)
    is_over = on is not None and on < today
    told = said.name.say("came_out_on", day=said.language.day(on, beside=today)) if on and is_over else said.sentence
    subject = said.language.say("missed", sentence=said.language.inside(told, said.name.work))
    return subject, (said.stated, said.facts), said.drop_and_place


def _notice(said: _Said) -> _Parts:
    """Tell of a change by the two dates: what the change is called decides only between a move and a next release."""
    if said.when == CANCELLED:
        return _cancelled(said)
    if not said.when.is_dated:
        return _moved(said) if said.heard.is_coarse and said.when.is_coarse else _withdrawn(said)
    return _moved(said) if said.heard.is_dated and said.topic.kind is Kind.MOVED else _announced(said)


def _announced(said: _Said) -> _Parts:
    on, today = said.when.day_in(said.reader.zone), said.reader.today(said.now)
    if on is None:
        raise ValueError(f"announced without a day: {said.when!r}")
    form = "announced"
    if said.heard == CANCELLED:
        form = "on_again"
    elif said.heard.is_dated:
        form = "new_date"
    subject = said.name.say(form, date=said.language.full_day(on), away=away(on, today, said.language))
    return subject, (said.stated, said.facts, said.others), said.drop_and_place


def _moved(said: _Said) -> _Parts:
    day = "" if said.when.is_coarse and not said.drop_and_place else said.facts
    brief = briefly(said.name, said.when, said.topic.lead, said.reader, said.now)
    return _from_to(said), (said.stated, day, said.others), brief


def _from_to(said: _Said) -> str:
    name, language, zone = said.name, said.language, said.reader.zone
    old, new = said.heard.day_in(zone), said.when.day_in(zone)
    if old is None or new is None:
        return name.say("moved_span", old=span_name(said.heard, language), new=span_name(said.when, language))
    day = language.dated(new)
    if old != new:
        return name.say("moved_day", old=language.day_within(old, beside=new), new=day)
    if said.heard.at and said.when.at:
        hours = said.reader.clock(said.heard.at), said.reader.clock(said.when.at)
        return name.say("moved_hour", old=hours[0], new=hours[1], day=day)
    return name.say("now_timed" if said.when.at else "time_lost", day=day)


def _withdrawn(said: _Said) -> _Parts:
    is_awaited = {"when": in_span(said.when, said.language)} if said.when.is_coarse else {}
    on = said.heard.day_in(said.reader.zone)
    behind = "_expected" if is_awaited else ""
    if on is None:
        subject = said.name.say(f"undated{behind}", **is_awaited)
    else:
        day = said.language.day_within(on, beside=said.reader.today(said.now))
        subject = said.name.say(f"withdrawn{behind}", day=day, **is_awaited)
    return subject, (said.stated, said.drop_and_place and said.facts, said.others), ""


def _cancelled(said: _Said) -> _Parts:
    """Tell that it is off: the whole title, when that is what was cancelled, and not only its next episode."""
    name = said.name
    off = Subject(work=name.work, sort="premiere", language=said.language) if said.topic.title.cancelled else name
    return off.say("cancelled"), (said.language.stopped(_was_due(said)),), ""


def _was_due(said: _Said) -> str:
    it = said.name if said.name.has_a_name else Subject(work=said.name.work, sort="it", language=said.language)
    if said.heard.at is not None:
        return it.say("due_on", date=said.reader.in_full(said.heard.at))
    if said.heard.on is not None:
        return it.say("due_on", date=said.language.full_day(said.heard.on))
    if said.heard.is_coarse:
        return it.say("due_sometime", when=expected(said.heard, said.language))
    return it.say("due_unknown")


_COMPOSERS: Final[Mapping[Kind, Callable[[_Said], _Parts]]] = {
    Kind.REMINDER: _reminder,
    Kind.WINDOW: _window,
    Kind.MISSED: _missed,
    **dict.fromkeys(NOTICES, _notice),
}
