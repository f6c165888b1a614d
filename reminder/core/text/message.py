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
from reminder.core.text import english
from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.markup import clean, isolated, web_link
from reminder.core.text.phrases import ReaderSettings, Subject, drop_and_place, expected, facts, named, predicate
from reminder.core.text.system_messages import (
    compose_alarm,
    compose_code,
    compose_digest,
    compose_test,
    compose_trouble,
)

__all__ = [
    "GAP",
    "BodyLine",
    "ReaderSettings",
    "Topic",
    "Words",
    "compose",
    "compose_alarm",
    "compose_code",
    "compose_digest",
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
    def name(self) -> Subject:
        return named(self.topic.title, self.topic.release)

    @property
    def when(self) -> When:
        return self.topic.release.when

    @property
    def heard(self) -> When:
        return self.topic.heard or UNKNOWN

    @property
    def predicate(self) -> str:
        return predicate(self.name, self.when, self.topic.lead, self.reader, self.now)

    @property
    def sentence(self) -> str:
        return f"{self.name.opening} {self.predicate}"

    @property
    def stated(self) -> str:
        return english.stopped(self.sentence)

    @property
    def facts(self) -> str:
        return facts(self.topic.title, self.topic.release, self.reader)

    @property
    def drop_and_place(self) -> str:
        return drop_and_place(self.topic.title, self.topic.release)

    @property
    def others(self) -> str:
        others = self.topic.others
        changed = f"{english.count(others, 'later release')} changed with it"
        return f"{changed}{self._finale}." if others else ""

    @property
    def _finale(self) -> str:
        """Say when the finale comes out by now: that is what somebody who waits for the whole season plans by."""
        on = self.topic.finale.day_in(self.reader.zone) if self.topic.finale else None
        is_ahead = on is not None and on >= self.reader.today(self.now)
        return f"; the finale comes out on {english.dated(on)}" if is_ahead and on is not None else ""


def _reminder(said: _Said) -> _Parts:
    return said.sentence, (said.facts or "No date is known yet.",), said.facts


def _window(said: _Said) -> _Parts:
    return said.sentence, (said.facts or "No date is known yet.",), said.drop_and_place


def _missed(said: _Said) -> _Parts:
    on, today = said.when.day_in(said.reader.zone), said.reader.today(said.now)
    told = f"came out on {english.day(on, beside=today)}" if on and on < today else said.predicate
    subject = f"While I was away: {said.name.text} {told}"
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
    has = "have" if said.name.plural else "has"
    news = f"now {has} a date"
    if said.heard == CANCELLED:
        news = f"{said.name.be} on again"
    elif said.heard.is_dated:
        news = f"{has} a new date"
    subject = f"{said.name.opening} {news}: {english.full_day(on)}, {english.away(on, today)}"
    return subject, (said.stated, said.facts, said.others), said.drop_and_place


def _moved(said: _Said) -> _Parts:
    subject = f"{said.name.opening} {_from_to(said.heard, said.when, said.reader)}"
    day = "" if said.when.is_coarse and not said.drop_and_place else said.facts
    return subject, (said.stated, day, said.others), said.predicate


def _from_to(heard: When, when: When, reader: ReaderSettings) -> str:
    old, new = heard.day_in(reader.zone), when.day_in(reader.zone)
    if old is None or new is None:
        return f"moved from {_span_name(heard)} to {_span_name(when)}"
    if old != new:
        comma = "" if old.year == new.year else ","
        return f"moved from {english.day(old, beside=new)}{comma} to {english.dated(new)}"
    if heard.at and when.at:
        return f"moved from {reader.clock(heard.at)} to {reader.clock(when.at)} on {english.dated(new)}"
    return f"stays on {english.dated(new)}, {'now with a time' if when.at else 'but its time is no longer known'}"


def _span_name(when: When) -> str:
    return expected(when).removeprefix("sometime ").removeprefix("in ")


def _withdrawn(said: _Said) -> _Parts:
    has = "have" if said.name.plural else "has"
    now_known = f"now expected in {_span_name(said.when)}" if said.when.is_coarse else "no new date is known"
    subject = f"{said.name.opening} no longer {has} a date: {_withdrawn_date(said)}{now_known}"
    return subject, (said.stated, said.drop_and_place and said.facts, said.others), ""


def _withdrawn_date(said: _Said) -> str:
    on = said.heard.day_in(said.reader.zone)
    if on is None:
        return ""
    today = said.reader.today(said.now)
    comma = "" if on.year == today.year else ","
    return f"{english.day(on, beside=today)}{comma} was withdrawn; "


def _cancelled(said: _Said) -> _Parts:
    """Tell that it is off: the whole title, when that is what was cancelled, and not only its next episode."""
    whole = said.topic.title.cancelled
    name = said.name.work if whole else said.name.opening
    has = "have" if said.name.plural and not whole else "has"
    return f"{name} {has} been cancelled", (english.stopped(_was_due(said)),), ""


def _was_due(said: _Said) -> str:
    it = "It" if said.name.text == said.name.work else said.name.opening
    was = "were" if said.name.plural else "was"
    if said.heard.at is not None:
        return f"{it} {was} due on {said.reader.in_full(said.heard.at)}"
    if said.heard.on is not None:
        return f"{it} {was} due on {english.full_day(said.heard.on)}"
    if said.heard.is_coarse:
        return f"{it} {was} expected {expected(said.heard)}"
    return f"No date was known for {'it' if it == 'It' else said.name.text}"


_COMPOSERS: Final[Mapping[Kind, Callable[[_Said], _Parts]]] = {
    Kind.REMINDER: _reminder,
    Kind.WINDOW: _window,
    Kind.MISSED: _missed,
    **dict.fromkeys(NOTICES, _notice),
}
