"""Looks up what the last look at a delivery judges by: its channel, where else it goes, what was said since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import Channel, ChannelUse, Kind, Subscriber
from reminder.core.model.ledger import OPEN, State
from reminder.core.schedule.decide import apart
from reminder.core.schedule.said import Repeats, repeats
from reminder.core.schedule.season import ladder_role
from reminder.core.sending.presend_check import ChannelGone, OutgoingDelivery
from reminder.delivery.deed_marks import DEED
from reminder.store import channels as channel_store
from reminder.store.moving import deliveries_beside
from reminder.store.outbox_read import PendingDelivery
from reminder.store.refusals import refusals, refused_on
from reminder.texts.languages.choice import language_of


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """The facts about deliveries within one claim; `parked` are the channels at fault, with the end of their rest."""

    tx: Connection
    channels: Mapping[str, Channel]
    parked: Mapping[str, datetime]

    def of(self, item: PendingDelivery, now: datetime) -> OutgoingDelivery:
        """Return a delivery with all that the last look at it judges by. Raises StoreError."""
        return OutgoingDelivery(
            kind=item.kind,
            subscriber=item.subscriber,
            planned=item.planned,
            present=item.release.when if item.title else None,
            useful_until=item.useful_until,
            attempts=item.attempts,
            last_reason=item.last_reason,
            ended_at=item.ended_at,
            is_muted=item.is_muted,
            is_seen=item.is_seen,
            paused_until=item.paused_until,
            channel_works=self._works_again(item),
            repeats=_repeats(item, now),
            gone=None if self._still_serves(item) else self._gone(item),
            is_asked=item.is_asked,
        )

    def _works_again(self, item: PendingDelivery) -> bool:
        """Tell, of a message about a channel's trouble, whether the trouble is over."""
        broken = item.detail.get("channel")
        if item.detail.get(channel_store.REFUSALS):
            return not refused_on(self.tx)
        if item.detail.get("address"):
            return not refusals(self.tx, [(item.subscriber_id, str(broken))])
        return broken is not None and broken not in self.parked

    def with_present_count(self, item: PendingDelivery) -> PendingDelivery:
        """Return a message that says how many addresses refuse with their number as it is now."""
        if not item.detail.get(channel_store.REFUSALS):
            return item
        say = language_of(item.subscriber.language).say
        refused = sorted(refused_on(self.tx).items())
        lines = [say("refused.line", count=number, channel=name) for name, number in refused]
        return replace(item, detail={"subject": say("refused"), "lines": lines})

    def _still_serves(self, item: PendingDelivery) -> bool:
        """Tell whether the config has the channel, and the person still uses it: it may be somebody else's now."""
        return self._serves(item.subscriber, item.channel)

    def _serves(self, person: Subscriber, name: str) -> bool:
        channel = self.channels.get(name)
        uses = [use for use in person.channels if use.name == name]
        return channel is not None and any(use.address is not None or not channel.is_shared for use in uses)

    def _gone(self, item: PendingDelivery) -> ChannelGone:
        """Return what becomes of a message whose channel is gone: where it is besides, and where it may go."""
        uses = [use for use in item.subscriber.channels if self._serves(item.subscriber, use.name)]
        elsewhere = deliveries_beside(self.tx, item)
        used, taken = {use.name for use in uses}, {name for name, _ in elsewhere}
        return ChannelGone(
            instead=tuple(use.name for use in apart(_taking(item, uses)) if use.name not in taken),
            reached=any(state in _SAID or (state in OPEN and name in used) for name, state in elsewhere),
            has_any=bool(uses),
        )


_SAID: Final = frozenset({State.SENT, State.SUPERSEDED})
"""What a message on another channel came to that has told what one says; superseded: another message said it all."""


def _taking(item: PendingDelivery, uses: Iterable[ChannelUse]) -> list[ChannelUse]:
    """Return the uses of channels that take a message, but for the broken channel that it tells of.

    What was done in somebody's name comes over each, whatever its `only:` leaves out (SPEC 12).
    """
    if DEED in item.detail:
        return list(uses)
    role = ladder_role(item.title, item.release) if item.title else None
    broken = item.detail.get("channel") if item.kind is Kind.TROUBLE else None
    return [use for use in uses if use.takes(item.kind, role) and use.name != broken]


def _repeats(item: PendingDelivery, now: datetime) -> Repeats:
    if item.title is None or not item.meanwhile:
        return Repeats.NO
    return repeats(item.subscriber, item.title, item.release, item.lead, item.meanwhile, now)
