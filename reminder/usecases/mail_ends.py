"""The end of mail to an address, by one click in a mail program or on a page, without signing in (RFC 8058, SPEC 12).

Every function works in the transaction `tx`. A token that was made up, or names what is not there any more, is answered
by None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import is_proved
from reminder.core.wording import Wording
from reminder.delivery.deed_marks import mark_of
from reminder.delivery.message_links import LinkSigner, MailToken
from reminder.store import own
from reminder.store.acting import NamedDelivery, named_delivery
from reminder.store.deeds import note_deed
from reminder.store.web_sessions import person_number
from reminder.usecases.deeds import MAIL, DeedNews, take_mail_again, tell_others


@dataclass(frozen=True, kw_only=True)
class MailEnd:
    """Mail to one address of a person, over one channel: whether it has ended, and the title that the mail was about.

    `message_token` leads to the message itself, for who only wants to hear no more of its title. `has_others` tells
    whether anything else reaches the person.
    """

    person: Subscriber
    channel: str
    has_ended: bool
    has_others: bool
    message_token: str


def look_at_mail(tx: Connection, key: str, token: str, now: datetime) -> MailEnd | None:
    """Return what a token ends, for a page that shows it; it changes nothing."""
    found = _named(tx, key, token, now, to_act=False)
    return None if found is None else _shown(tx, key, found)


def end_mail(tx: Connection, key: str, token: str, now: datetime) -> MailEnd | None:
    """End mail to the address that a token names; the person hears of it over their other channels. Twice is once."""
    found = _named(tx, key, token, now, to_act=True)
    if found is None:
        return None
    named, mark = found.delivery, found.token.mark
    if found.use is not None and own.end_use(tx, named.person.name, found.use, now):
        detail = {"message": named.message_id, "about": named.channel, "channel": named.channel, "mark": mark}
        deed_id = note_deed(tx, named.subscriber_id, MAIL, None, detail, now)
        news = DeedNews(deed_id=deed_id, what=MAIL, about=named.channel, over=named.channel)
        tell_others(tx, named.subscriber_id, named.person, news, now)
    return _shown(tx, key, found)


def resume_mail(tx: Connection, key: str, token: str, now: datetime) -> MailEnd | None:
    """Have mail sent again to the address that a token names."""
    found = _named(tx, key, token, now, to_act=True)
    if found is None:
        return None
    whose = (found.delivery.subscriber_id, found.delivery.person.name)
    take_mail_again(tx, whose, found.delivery.channel, found.token.mark, now)
    return _shown(tx, key, found)


@dataclass(frozen=True, kw_only=True)
class _Named:
    """What a token names: the delivery, and the use of its channel that leads to the same address, if it is there."""

    token: MailToken
    delivery: NamedDelivery
    use: ChannelUse | None


def _named(tx: Connection, key: str, token: str, now: datetime, *, to_act: bool) -> _Named | None:
    read = LinkSigner(key, now).read_mail(token)
    if read is None:
        return None
    delivery = named_delivery(tx, read.subscriber_id, read.delivery_id, to_act=to_act)
    if delivery is None:
        return None
    uses = (use for use in delivery.person.channels if use.name == delivery.channel)
    use = next((use for use in uses if mark_of(use.name, use.address) == read.mark), None)
    found = _Named(token=read, delivery=delivery, use=use)
    return found if use is not None or _has_ended(tx, found) else None


def _has_ended(tx: Connection, found: _Named) -> bool:
    ended = own.ended_uses(tx, found.delivery.person.name)
    here = (use for use in ended if use.name == found.delivery.channel)
    return any(mark_of(use.name, use.address) == found.token.mark for use in here)


def _shown(tx: Connection, key: str, found: _Named) -> MailEnd:
    named = found.delivery
    signer = LinkSigner(key, found.token.signed_at)  # the message's own link holds as long as that in the mail
    return MailEnd(
        person=named.person,
        channel=named.channel,
        has_ended=_has_ended(tx, found),
        has_others=any(use.name != named.channel and is_proved(use) for use in named.person.channels),
        message_token=signer.message(named.subscriber_id, named.message_id, found.token.delivery_id),
    )


@dataclass(frozen=True, kw_only=True)
class EndedUse:
    """A channel to which nothing is sent any more because its person has ended it; `mark` tells the address."""

    channel: str
    mark: str


def ended_uses(tx: Connection, person: str) -> tuple[EndedUse, ...]:
    """Return what a person has ended by themselves."""
    ended = own.ended_uses(tx, person)
    return tuple(EndedUse(channel=use.name, mark=mark_of(use.name, use.address)) for use in ended)


def take_again(tx: Connection, person: str, channel: str, mark: str, now: datetime) -> None:
    """Have messages sent again over a channel that a person has ended. Raises WrongInput where they have not."""
    number = person_number(tx, person)
    if number is None or not take_mail_again(tx, (number, person), channel, mark, now):
        raise WrongInput(Wording("you have not ended this channel"))
