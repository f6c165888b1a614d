"""Joining by Telegram: whoever sends the token of their link to the bot has shown that the chat is theirs (SPEC 10).

Every function works in the transaction `tx` that it is given. The page holds no channel's secret: the daemon, which
reads the bot, writes down what it is called.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.channels import base_name, next_name
from reminder.core.model.entities import Channel, ChannelUse, Subscriber
from reminder.core.model.own import Own, is_proved
from reminder.core.wording import Wording
from reminder.store import address_proofs, bots
from reminder.store.bots import KnownBot
from reminder.store.own import change_own
from reminder.store.people import load_people
from reminder.store.web_sessions import person_number
from reminder.usecases.tokens import hash_of

__all__ = ["KnownBot"]

START_HOLDS: Final = timedelta(minutes=15)
"""How long a `/start` link holds; so long the bot is read for it."""

TROUBLE_TELLS: Final = timedelta(hours=1)
"""How long it counts that a bot could not be read which is read only while somebody joins."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What Telegram lets stand behind `?start=`."""


@dataclass(frozen=True, kw_only=True)
class ProvedChat:
    """Somebody whose chat has proved itself: `person` as they are now; `is_new` is false for one that they had."""

    person: Subscriber
    is_new: bool


def start_token(tx: Connection, person: str, channel: str, now: datetime) -> str:
    """Return the token by which a chat becomes this person's address on a channel, once, within fifteen minutes.

    One that was made before for the same holds no longer. Raises WrongInput for nobody.
    """
    number = person_number(tx, person)
    if number is None:
        raise WrongInput(Wording('there is nobody called "%(person)s"', person=person))
    token = secrets.token_urlsafe(32)
    secret = address_proofs.start_secret(hash_of(token))
    address_proofs.await_proof(tx, number, base_name(channel), secret, now, now + START_HOLDS)
    return token


def start_link(username: str, token: str) -> str:
    """Return the address that opens Telegram with the bot, and sends it the token at a press."""
    return f"https://t.me/{username}?start={token}"


def bot_of(tx: Connection, channel: Channel, now: datetime) -> KnownBot | None:
    """Return what is known of the bot behind a channel, None as long as no daemon has asked for its name.

    Of one that is read only while somebody joins, a trouble of long ago tells nothing: it is left out.
    """
    known = bots.known_bot(tx, channel.fingerprint)
    is_old = known is not None and known.since_at is not None and known.since_at + TROUBLE_TELLS < now
    if known is None or known.is_always_read or not is_old:
        return known
    return replace(known, trouble=None, since_at=None, is_read_elsewhere=False)


def awaited_channels(tx: Connection, now: datetime) -> frozenset[str]:
    """Return the channels on which somebody is just joining by `/start`."""
    return address_proofs.awaited_starts(tx, now)


def proved(tx: Connection, token: str, chat: str, channel: Channel, now: datetime) -> ProvedChat | None:
    """Make the chat that sent a token its person's address on a channel; None for a token that does not hold there.

    To send it twice, or from a chat that they have there already, adds none.
    """
    if not _TOKEN.fullmatch(token):
        return None
    proof = address_proofs.open_proof(tx, address_proofs.start_secret(hash_of(token)), now)
    if proof is None or proof.channel != channel.name or not address_proofs.note_proved(tx, proof, now):
        return None
    person = load_people(tx, [proof.subscriber_id])[proof.subscriber_id]
    use = _use_of(person, chat, channel, now)
    if use is None:
        return ProvedChat(person=person, is_new=False)

    def with_chat(own: Own) -> Own:
        return own.with_use(use)

    after = change_own(tx, person.name, with_chat, now)
    return None if after is None else ProvedChat(person=after, is_new=True)


def _use_of(person: Subscriber, chat: str, channel: Channel, now: datetime) -> ChannelUse | None:
    """Return the use that a chat becomes: one that waits for its proof, or a new one; None if it counts already."""
    theirs = [use for use in person.channels if base_name(use.name) == channel.name and use.address == chat]
    if any(is_proved(use) for use in theirs):
        return None
    name = theirs[0].name if theirs else next_name(channel.name, {use.name for use in person.channels})
    return ChannelUse(name=name, only=channel.only, since_at=now, address=chat, mark=channel.fingerprint)
