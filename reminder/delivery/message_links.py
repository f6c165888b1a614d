"""Gives a message what its reader can do about it: signed addresses that name one person and one message (SPEC 12).

Such an address lets nobody in: it is for this message alone, and holds for thirty days after it went out or its release
came, whichever is later. itsdangerous, which signs them, comes with the extra `web`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from itsdangerous import BadSignature, TimestampSigner

from reminder.core.model.entities import Channel, Kind
from reminder.core.sending.offers import Offer, offers
from reminder.core.text.action_sentences import action_id
from reminder.core.text.content import Action, ActionKind, Words
from reminder.delivery.deed_marks import DEED, mark_of
from reminder.notify import schemas
from reminder.store.outbox_read import PendingDelivery
from reminder.texts.languages.choice import reader_of

MESSAGE: Final = "reminder: message"
UNSUBSCRIBE: Final = "reminder: mail"
"""What a token is for: one that was made for something else is none."""

LONGEST: Final = 200
"""No token of ours is longer."""


@dataclass(frozen=True, kw_only=True)
class MessageToken:
    """A token that was read: whose, about which message, by which delivery of it, and when it was signed."""

    subscriber_id: int
    message_id: int
    delivery_id: int
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class MailToken:
    """A token that was read by which mail to an address ends: whose, of which delivery; `mark` tells the address."""

    subscriber_id: int
    delivery_id: int
    mark: str
    signed_at: datetime


class LinkSigner:
    """Makes and reads the part of an address that nobody can make up. `now` is when it signs."""

    def __init__(self, key: str, now: datetime) -> None:
        self._key, self._now = key, now

    def message(self, subscriber_id: int, message_id: int, delivery_id: int) -> str:
        """Return a token for one message to one person, as it is delivered over one channel."""
        return self._messages.sign("-".join(map(_short, (subscriber_id, message_id, delivery_id)))).decode()

    def mail(self, subscriber_id: int, delivery_id: int, mark: str) -> str:
        """Return a token by which mail to the address ends that a delivery went to."""
        return self._mails.sign(f"{_short(subscriber_id)}-{_short(delivery_id)}-{mark}").decode()

    def read_message(self, token: str) -> MessageToken | None:
        """Return what a token for a message says; None for one that we did not make."""
        found = _parts(self._messages, token)
        if found is None or len(found[0]) != 3:
            return None
        (person, message, delivery), signed_at = found
        numbers = {"subscriber_id": int(person, 36), "message_id": int(message, 36), "delivery_id": int(delivery, 36)}
        return MessageToken(**numbers, signed_at=signed_at)

    def read_mail(self, token: str) -> MailToken | None:
        """Return what a token says by which mail ends; None for one that we did not make."""
        found = _parts(self._mails, token)
        if found is None or len(found[0]) != 3:
            return None
        (person, delivery, mark), signed_at = found
        return MailToken(subscriber_id=int(person, 36), delivery_id=int(delivery, 36), mark=mark, signed_at=signed_at)

    @cached_property
    def _messages(self) -> TimestampSigner:
        return _ClockedSigner(self._key, salt=MESSAGE, at=self._now)

    @cached_property
    def _mails(self) -> TimestampSigner:
        return _ClockedSigner(self._key, salt=UNSUBSCRIBE, at=self._now)


class _ClockedSigner(TimestampSigner):
    """The library's signer, with the time that it is given."""

    def __init__(self, key: str, *, salt: str, at: datetime) -> None:
        super().__init__(key, salt=salt, key_derivation="hmac")
        self._at = int(at.timestamp())

    def get_timestamp(self) -> int:
        return self._at


def _parts(signer: TimestampSigner, token: str) -> tuple[list[str], datetime] | None:
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        said, signed_at = signer.unsign(token, return_timestamp=True)
    except BadSignature:
        return None
    return said.decode().split("-"), signed_at.astimezone(UTC)


_FIGURES: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _short(number: int) -> str:
    """Return a number in as few letters as `int(…, 36)` reads."""
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _FIGURES[rest] + text
    return text or "0"


@dataclass(frozen=True, kw_only=True)
class MessageLinks:
    """Adds links to messages. `address` is where people reach the page, `signer` makes what stands behind it."""

    address: str
    signer: LinkSigner

    def added_to(self, words: Words, items: Sequence[PendingDelivery], channel: Channel, now: datetime) -> Words:
        """Return the words of what goes out as one message over a channel at `now`, with its links."""
        first = items[0]
        if len(items) > 1:
            label = reader_of(first.subscriber).language.say("action.releases")
            page = Action(kind=ActionKind.OPEN, label=label, url=f"{self.address}/")
            actions: tuple[Action, ...] = (page,)
        else:
            actions = self._actions(first, now)
        is_mail = channel.url is not None and schemas.scheme_of(channel.url.reveal()) in schemas.MAIL
        return replace(words, actions=actions, unsubscribe=self._unsubscribe(first) if is_mail else None)

    def _actions(self, item: PendingDelivery, now: datetime) -> tuple[Action, ...]:
        if item.title is None:
            return self._take_back(item) if item.detail.get(DEED) else ()
        made = offers(item.kind, item.release.when, item.subscriber, now)
        if not made:
            return ()
        token, page = self._page(item)
        acts = [
            Action(kind=offer.kind, label=_label(offer, item, now), url=f"{page}/{offer.kind}", token=token)
            for offer in made
        ]
        say = reader_of(item.subscriber).language.say
        more = say(action_id(ActionKind.OPEN))
        opens = Action(kind=ActionKind.OPEN, label=more, url=page, said=say("action.not_now"), token=token)
        return (*acts, opens)

    def _page(self, item: PendingDelivery) -> tuple[str, str]:
        token = self.signer.message(item.subscriber_id, item.message_id, item.id)
        return token, f"{self.address}/m/{token}"

    def _take_back(self, item: PendingDelivery) -> tuple[Action, ...]:
        """Return what the message offers that tells somebody of what was done by a link: to take it back."""
        token, page = self._page(item)
        say = reader_of(item.subscriber).language.say
        label, said = say(action_id(ActionKind.UNDO)), say("action.take_back")
        return (Action(kind=ActionKind.UNDO, label=label, url=f"{page}/{ActionKind.UNDO}", said=said, token=token),)

    def _unsubscribe(self, item: PendingDelivery) -> str | None:
        """Return the address by which mail ends, of messages that come by themselves; over https only (RFC 8058)."""
        if item.kind in _ASKED or not self.address.startswith("https://"):
            return None
        mark = mark_of(item.channel, item.subscriber.address_on(item.channel))
        return f"{self.address}/u/{self.signer.mail(item.subscriber_id, item.id, mark)}"


_ASKED: Final = frozenset({Kind.CODE, Kind.TEST})


def _label(offer: Offer, item: PendingDelivery, now: datetime) -> str:
    person = item.subscriber
    is_today = offer.at is None or person.today(offer.at) == person.today(now)
    return reader_of(person).language.say(action_id(offer.kind, is_today=is_today))
