"""What one person will hear, has heard and has not heard of one title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from reminder.core.model.lead import Lead
from reminder.core.model.ledger import OPEN, State
from reminder.core.schedule.digest import is_collected
from reminder.core.schedule.explain import Explained, explain_beside, silence_words
from reminder.core.schedule.outlook import outlook
from reminder.core.text.coming_words import label_words
from reminder.core.text.language import Language
from reminder.core.text.leads import occasion, reason_words
from reminder.core.text.phrases import ReaderSettings, date_in_full
from reminder.delivery.forecast import ForecastMessage, forecast_of
from reminder.delivery.render import Renderer
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.outbox_read import PendingDelivery
from reminder.store.title_reads import ChannelResult, LedgerMessage
from reminder.texts.languages.choice import reader_of
from reminder.texts.templates.engine import Templates
from reminder.usecases.agenda import END_OF_TIME

__all__ = ["ChannelResult"]

MOST_AHEAD: Final = 20
"""The most messages to come that are written out: a daily show has hundreds of them."""
MOST_PLAYED: Final = 60
"""So many decisions to come are looked at, of which some lead to no message."""

GIVEN_UP: Final = frozenset({State.FAILED, State.EXPIRED})


@dataclass(frozen=True, kw_only=True)
class TitleMessage:
    """A message to come: when, over which channels, and its subject as it would be written then.

    `is_collected` tells that it goes in the person's digest.
    """

    at: datetime
    channels: tuple[str, ...]
    subject: str
    is_collected: bool


@dataclass(frozen=True, kw_only=True)
class HeardMessage:
    """A message that was sent, or is on its way: on what occasion, about which release and date, and how it went."""

    at: datetime
    occasion: str
    release: str
    date: str
    results: tuple[ChannelResult, ...]

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether it has reached the person on no channel yet."""
        return all(result.state is not State.SENT for result in self.results)


@dataclass(frozen=True, kw_only=True)
class UnheardMessage:
    """A message that did not come, or will not: when it would have (None: at no time), and why.

    `is_lost` tells that it should have come: tried and given up, or over before it could be sent.
    """

    at: datetime | None
    occasion: str
    release: str
    date: str
    channels: tuple[str, ...]
    reason: str
    is_lost: bool = False

    def was_due(self, now: datetime) -> bool:
        """Tell whether the moment has come at which it would have been sent."""
        return self.at is not None and self.at <= now


@dataclass(frozen=True, kw_only=True)
class TitleMessages:
    """All messages of one title to one person; `has_more` tells that more are to come than are written out.

    `silence` says why none is to come, where none is.
    """

    ahead: tuple[TitleMessage, ...] = ()
    has_more: bool = False
    silence: str | None = None
    heard: tuple[HeardMessage, ...] = ()
    unheard: tuple[UnheardMessage, ...] = ()


def messages_of(
    case: SubscriptionSnapshot,
    recorded: Sequence[LedgerMessage],
    waiting: Sequence[PendingDelivery],
    templates: Templates,
    *,
    now: datetime,
    grace: timedelta,
) -> TitleMessages:
    """Return what a subscription leads to, and has led to, given its messages in the ledger and those that wait."""
    person = case.subscription.subscriber
    reader = reader_of(person)
    sub, story = case.subscription, case.story
    decided = list(islice(outlook(sub, story, start=now, end=END_OF_TIME, grace=grace), MOST_PLAYED + 1))
    coming = forecast_of(case, decided[:MOST_PLAYED], waiting, start=now, end=END_OF_TIME)
    explained = explain_beside(sub, story, decided[:MOST_PLAYED], now=now, grace=grace)
    quiet = [_explained(item, reader) for item in explained if item.reason]
    return TitleMessages(
        ahead=tuple(_ahead(item, templates) for item in coming[:MOST_AHEAD]),
        has_more=len(coming) > MOST_AHEAD or len(decided) > MOST_PLAYED,
        silence=None if coming else _why_silent(case, reader, now, grace),
        heard=heard(recorded, reader),
        unheard=_in_order([*_unheard(recorded, reader), *quiet]),
    )


def _why_silent(case: SubscriptionSnapshot, reader: ReaderSettings, now: datetime, grace: timedelta) -> str:
    sub = case.subscription
    return silence_words(sub.title, [(sub, case.story)], reader, now, grace)


def _ahead(item: ForecastMessage, templates: Templates) -> TitleMessage:
    written = Renderer(templates=templates, now=item.at).write(item.contexts)
    first = item.contexts[0]
    return TitleMessage(
        at=item.at,
        channels=item.channels,
        subject=written.words.subject,
        is_collected=is_collected(first.kind, first.lead, item.subscriber),
    )


def heard(recorded: Sequence[LedgerMessage], reader: ReaderSettings) -> tuple[HeardMessage, ...]:
    """Return the messages of the ledger that were sent somewhere, or are on their way, the newest first."""
    found = [_heard(item, reader) for item in recorded if _has_gone(item)]
    return tuple(sorted(found, key=lambda item: item.at, reverse=True))


def _has_gone(item: LedgerMessage) -> bool:
    return any(result.state is State.SENT or result.state in OPEN for result in item.results)


def _heard(item: LedgerMessage, reader: ReaderSettings) -> HeardMessage:
    sent = [result.at for result in item.results if result.state is State.SENT]
    return HeardMessage(
        at=min(sent, default=item.at),
        occasion=_occasion(item, reader.language),
        release=label_words(item.label, reader.language),
        date=date_in_full(item.planned, reader),
        results=tuple(result for result in item.results if result.channel is not None),
    )


def _occasion(item: LedgerMessage, language: Language) -> str:
    return occasion(item.kind, Lead.parse(item.lead) if item.lead else None, language, what=item.what)


def _unheard(recorded: Sequence[LedgerMessage], reader: ReaderSettings) -> list[UnheardMessage]:
    return [_lost(item, reader) for item in recorded if item.results and not _has_gone(item)]


def _lost(item: LedgerMessage, reader: ReaderSettings) -> UnheardMessage:
    worst = next((result for result in item.results if result.state in GIVEN_UP), item.results[-1])
    return UnheardMessage(
        at=item.at,
        occasion=_occasion(item, reader.language),
        release=label_words(item.label, reader.language),
        date=date_in_full(item.planned, reader),
        channels=tuple(dict.fromkeys(result.channel for result in item.results if result.channel)),
        reason=reason_words(worst.reason or str(worst.state), reader.language),
        is_lost=worst.state in GIVEN_UP,
    )


def _explained(item: Explained, reader: ReaderSettings) -> UnheardMessage:
    return UnheardMessage(
        at=item.at,
        occasion=occasion(item.kind, Lead.parse(item.lead) if item.lead else None, reader.language),
        release=label_words(item.release.label, reader.language),
        date=date_in_full(item.release.when, reader),
        channels=item.channels,
        reason=reason_words(item.reason or "", reader.language),
    )


def _in_order(items: list[UnheardMessage]) -> tuple[UnheardMessage, ...]:
    return tuple(sorted(items, key=lambda item: (item.at is None, item.at.timestamp() if item.at else 0.0)))
