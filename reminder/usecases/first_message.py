"""The first message that somebody would get about a title, worked out before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reminder.core.model.entities import Subscriber, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Dated, Subscription, TitleHistory
from reminder.core.schedule.season import unfold
from reminder.core.text.content import Words
from reminder.delivery.forecast import ForecastMessage, forecast
from reminder.delivery.render import write
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.writer import effective_ladder
from reminder.texts.templates.engine import Templates
from reminder.usecases.agenda import END_OF_TIME, why_silent


@dataclass(frozen=True, kw_only=True)
class FirstMessage:
    """A message to come: when (UTC), over which channels, and its words."""

    at: datetime
    channels: tuple[str, ...]
    words: Words


def written(message: ForecastMessage, templates: Templates) -> FirstMessage:
    """Return a message to come with the words that it will have."""
    words = write(message.contexts, templates, message.at).words
    return FirstMessage(at=message.at, channels=message.channels, words=words)


def first_message(
    title: Title, person: Subscriber, own: Ladder | None, *, templates: Templates, now: datetime, grace: timedelta
) -> FirstMessage | str:
    """Return the first message about a title for a person who follows it from `now` on, by leads of their `own` or not.

    Where there is none, return why not, as a clause.
    """
    case = _as_if_followed(title, person, own, now)
    ahead = forecast([case], (), start=now, end=END_OF_TIME, grace=grace)
    if ahead:
        return written(ahead[0], templates)
    return why_silent(title, [case], zone=person.zone, now=now, grace=grace)


def _as_if_followed(title: Title, person: Subscriber, own: Ladder | None, now: datetime) -> SubscriptionSnapshot:
    """Return a subscription that begins now, of a title that nothing has been said of."""
    subscription = Subscription(
        subscriber=person, title=title, ladder=effective_ladder(own, title, person), began_at=now
    )
    releases = tuple(Dated(release=release, seen_at=now) for release in unfold(title))
    history = TitleHistory(releases=releases)
    return SubscriptionSnapshot(
        id=0, subscriber_id=0, title_id=0, next_due_at=now, subscription=subscription, story=history
    )
