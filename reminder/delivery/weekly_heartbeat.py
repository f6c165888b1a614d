"""Tells the operator once a week that all is well, so that a week without the message says something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.dates.local_time import weekly_at_or_before
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.sending.health import complaints
from reminder.core.text.language import Language
from reminder.core.wording import in_words
from reminder.delivery.forecast import forecast
from reminder.delivery.render import write
from reminder.store.channels import OwnMessage, tell
from reminder.store.health import vitals
from reminder.store.load_plans import all_cases
from reminder.store.people import find_people, lock_people
from reminder.store.sql.store import Store
from reminder.texts.languages.choice import language_of
from reminder.texts.templates.engine import Templates

FRESH: Final = timedelta(days=1)
"""A sign of life later than this is not sent: the next one comes in a week."""

STILL_HERE: Final = OwnMessage(kind=Kind.TEST, what="heartbeat", use=FRESH)

AHEAD: Final = timedelta(days=92)
"""How far ahead to look for what comes next."""


@dataclass(kw_only=True)
class WeeklyHeartbeat:
    """Tells the operator on one weekday, at their hour, that all is well; `weekday` is None for never."""

    operator: Subscriber | None
    weekday: int | None
    grace: timedelta
    channels: Collection[str] = ()
    _last: str = ""

    def __call__(self, store: Store, now: datetime) -> bool:
        """Write this week's message if its hour has come and it was not written yet. Raises StoreError."""
        if self.weekday is None or self.operator is None:
            return False
        person = self.operator
        at = weekly_at_or_before(now, self.weekday, person.at, person.zone)
        year, week, _ = person.local(at).isocalendar()
        anchor = f"{year}-W{week:02}"
        if now - at > FRESH or anchor == self._last:
            return False
        with store.write() as tx:
            people = find_people(tx, person.name)
            if lock_people(tx, people) != people.keys():
                return False  # another daemon is about to tell; the next sweep sees that it has
            told = self._tell(tx, people, anchor, now)
        self._last = anchor
        return told

    def _tell(self, tx: Connection, people: Mapping[int, Subscriber], anchor: str, now: datetime) -> bool:
        told = 0
        for id_, person in people.items():
            uses = [use.name for use in person.channels if use.takes(Kind.TROUBLE, None)]
            language = language_of(person.language)
            lines = [*self._state(tx, now, language), self._next(tx, person.name, now, language)]
            detail = {"subject": language.say("heartbeat"), "lines": lines}
            told += tell(tx, id_, uses, anchor=anchor, detail=detail, now=now, said=STILL_HERE)
        return told > 0

    def _state(self, tx: Connection, now: datetime, language: Language) -> tuple[str, ...]:
        """Return whether reminders go out, as `health` says it."""
        seen = replace(vitals(tx, self.channels, now), swept_at=now, oldest_overdue_at=None)  # it is about to go out
        found = complaints(seen, now, FRESH)
        if not found:
            return (language.say("heartbeat.well"),)
        said = [language.stopped(language.capital(str(in_words(problem, language)))) for problem in found]
        return (language.say("heartbeat.not_well"), *said)

    def _next(self, tx: Connection, name: str, now: datetime, language: Language) -> str:
        coming = forecast(all_cases(tx, name=name), (), start=now, end=now + AHEAD, grace=self.grace)
        if not coming:
            return language.say("heartbeat.nothing")
        first = coming[0]
        words = write(first.contexts, Templates(), first.at).words
        today, on = first.subscriber.today(now), first.subscriber.today(first.at)
        return language.say("heartbeat.next", day=language.day(on, beside=today), sentence=words.subject)
