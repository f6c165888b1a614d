"""Lists the messages to come as they will go out: what waits already, and what the plans will decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby

from reminder.core.model.entities import Kind, Subscriber
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import Decision
from reminder.core.schedule.digest import bundles
from reminder.core.schedule.outlook import outlook
from reminder.delivery.render import MessageContext
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.outbox_read import PendingDelivery


@dataclass(frozen=True, kw_only=True)
class ForecastMessage:
    """One message to come: when (UTC), for whom, over which channels; several go as one digest."""

    at: datetime
    subscriber: Subscriber
    channels: tuple[str, ...]
    contexts: tuple[MessageContext, ...]


@dataclass(frozen=True, kw_only=True)
class _Piece:
    at: datetime
    context: MessageContext
    channels: tuple[str, ...]


def forecast(
    cases: Iterable[SubscriptionSnapshot],
    waiting: Iterable[PendingDelivery],
    *,
    start: datetime,
    end: datetime,
    grace: timedelta,
) -> list[ForecastMessage]:
    """Given the subscriptions and what waits, return the messages from `start` (included) to `end` (not), in order."""
    played = ((case, outlook(case.subscription, case.story, start=start, end=end, grace=grace)) for case in cases)
    planned = (piece for case, decided in played for piece in _pieces(case, decided))
    return _as_messages([*_waiting(waiting, start, end), *planned])


def forecast_in_turn(
    cases: Iterable[SubscriptionSnapshot],
    waiting: Iterable[PendingDelivery],
    *,
    start: datetime,
    end: datetime,
    grace: timedelta,
) -> Iterator[ForecastMessage]:
    """Yield what `forecast` returns, and play no further than is asked for: a page shows the first few of many."""
    played = ((case, outlook(case.subscription, case.story, start=start, end=end, grace=grace)) for case in cases)
    known = sorted(_waiting(waiting, start, end), key=_instant)
    # Of pieces that come at once the first ones are those that wait, then each subscription's in turn.
    pieces = merge(known, *(_pieces(case, decided) for case, decided in played), key=_instant)
    for _, together in groupby(pieces, key=_instant):
        yield from _as_messages(together)


def _instant(piece: _Piece) -> datetime:
    return piece.at


def forecast_of(
    case: SubscriptionSnapshot,
    decided: Iterable[tuple[datetime, Decision]],
    waiting: Iterable[PendingDelivery],
    *,
    start: datetime,
    end: datetime,
) -> list[ForecastMessage]:
    """Given what will be decided for one subscription, and when, return what `forecast` does of it and what waits."""
    return _as_messages([*_waiting(waiting, start, end), *_pieces(case, decided)])


def _as_messages(pieces: Iterable[_Piece]) -> list[ForecastMessage]:
    by_person: dict[tuple[datetime, str], list[_Piece]] = defaultdict(list)
    for piece in pieces:
        by_person[piece.at, piece.context.subscriber.name].append(piece)
    coming = [message for (at, _), group in by_person.items() for message in _messages(at, group)]
    return sorted(coming, key=lambda item: (item.at, item.subscriber.name, item.channels))


def first_about(coming: Iterable[ForecastMessage]) -> dict[str, ForecastMessage]:
    """Given messages to come, oldest first, return the first one about each title, by its key."""
    first: dict[str, ForecastMessage] = {}
    for item in coming:
        for context in item.contexts:
            if context.title is not None:
                first.setdefault(context.title.key, item)
    return first


def told_about(coming: Iterable[ForecastMessage]) -> dict[str, list[str]]:
    """Given messages to come, oldest first, return by the key of each title who gets any, the first one first."""
    told: dict[str, dict[str, None]] = defaultdict(dict)
    for item in coming:
        for context in item.contexts:
            if context.title is not None:
                told[context.title.key][item.subscriber.name] = None
    return {key: list(names) for key, names in told.items()}


def _waiting(waiting: Iterable[PendingDelivery], start: datetime, end: datetime) -> Iterator[_Piece]:
    by_message: dict[int, list[PendingDelivery]] = defaultdict(list)
    for item in waiting:
        if not item.is_asked:  # it goes now, and what is in it is for one person alone
            by_message[item.message_id].append(item)
    for items in by_message.values():
        at = max(min(item.due_at for item in items), start)
        if at < end:
            yield _Piece(at=at, context=context_of(items[0]), channels=tuple(item.channel for item in items))


def _pieces(case: SubscriptionSnapshot, decided: Iterable[tuple[datetime, Decision]]) -> Iterator[_Piece]:
    for at, decision in decided:
        if decision.channels:
            yield _Piece(at=at, context=_context(case, decision), channels=decision.channels)


def _context(case: SubscriptionSnapshot, decision: Decision) -> MessageContext:
    return MessageContext(
        kind=decision.kind,
        subscriber=case.subscription.subscriber,
        title=case.subscription.title,
        release=decision.release,
        lead=Lead.parse(decision.lead) if decision.lead else None,
        heard=decision.heard,
        others=decision.others,
    )


def context_of(item: PendingDelivery) -> MessageContext:
    """Return what the words of a waiting delivery need."""
    return MessageContext(
        kind=item.kind,
        subscriber=item.subscriber,
        title=item.title,
        release=item.release,
        lead=item.lead,
        heard=item.heard,
        others=item.others,
        detail=item.detail,
    )


def _messages(at: datetime, pieces: list[_Piece]) -> Iterator[ForecastMessage]:
    """Put what goes to one person at one instant into messages; the same message on several channels is one message."""
    person = pieces[0].context.subscriber
    together: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for channel in dict.fromkeys(name for piece in pieces for name in piece.channels):
        on_channel = [number for number, piece in enumerate(pieces) if channel in piece.channels]
        for part in bundles(on_channel, person, lambda number: _subject(pieces[number])):
            together[part].append(channel)
    for part, channels in together.items():
        contexts = tuple(pieces[number].context for number in part)
        yield ForecastMessage(at=at, subscriber=person, channels=tuple(channels), contexts=contexts)


def _subject(piece: _Piece) -> tuple[Kind, Lead | None]:
    return piece.context.kind, piece.context.lead
