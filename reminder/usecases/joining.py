"""Addresses that people bring to shared channels, and how each proves itself before it counts (SPEC 10).

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.channels import Channels, base_name, next_name
from reminder.core.model.entities import Channel, ChannelUse, Subscriber
from reminder.core.model.own import UNPROVED, Own, is_proved
from reminder.core.sending.address_kinds import AddressKind, address_problem, kind_of
from reminder.core.text.message import AskedFrom
from reminder.core.wording import Wording
from reminder.store import asks as store
from reminder.store import invitations, own, proof_codes
from reminder.store.asks import SentCode
from reminder.usecases.asks import known_person

__all__ = ["SentCode"]

CODE_HOLDS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
MOST_CODES: Final = 3
"""So many codes an hour is a person sent at most, to whatever addresses."""

MOST_ADDRESSES: Final = 12
MOST_UNPROVED: Final = 3
"""So many addresses has a person at most, and so many that have not proved themselves."""

LONGEST_LABEL: Final = 60
DIGITS: Final = 6
TOPIC_BYTES: Final = 16


@dataclass(frozen=True, kw_only=True)
class OwnAddress:
    """An address that somebody brought: on which channel, of what sort, what they call it, whether it counts yet."""

    use: ChannelUse
    kind: AddressKind
    label: str
    is_proved: bool

    @property
    def channel(self) -> str:
        """Return the channel of the config that it is on."""
        return base_name(self.use.name)


def open_channels(channels: Channels) -> list[Channel]:
    """Return the channels of the config to which people may add an address of their own."""
    return [channel for channel in channels.values() if channel.join]


def own_addresses(tx: Connection, person: str, channels: Channels) -> list[OwnAddress]:
    """Return the addresses that somebody has brought, in their order."""
    chosen = own.own_of(tx, person) or Own()
    return [
        OwnAddress(
            use=use,
            kind=kind_of(channels[use.name]) if use.name in channels else AddressKind.OTHER,
            label=chosen.labels.get(use.name, ""),
            is_proved=is_proved(use),
        )
        for use in chosen.channels
    ]


def has_address(person: Subscriber, channels: Channels) -> bool:
    """Tell whether anything reaches somebody: an address of theirs counts, on a channel that the config still has."""
    return any(is_proved(use) and use.name in channels for use in person.channels)


def new_topic() -> str:
    """Return a topic of ntfy that nobody can guess: 128 random bits."""
    return f"reminder-{secrets.token_hex(TOPIC_BYTES)}"


# Bringing an address -------------------------------------------------------------------------------------------------


def bring_address(tx: Connection, person: str, channel: Channel, address: str, label: str, now: datetime) -> str:
    """Give somebody an address on a shared channel that has still to prove itself; return the name of its use.

    Brought again before it has, it stays the same one. Raises WrongInput for what cannot be an address there, for one
    that they have, and for too many.
    """
    if not channel.join:
        raise WrongInput(Wording("this channel takes no addresses of people's own"))
    written = address.strip()
    problem = address_problem(kind_of(channel), written)
    if problem:
        raise WrongInput(problem)
    whose = known_person(tx, person).subscriber
    there = [use for use in whose.channels if base_name(use.name) == channel.name and use.address == written]
    if any(is_proved(use) for use in there):
        raise WrongInput(Wording("You have this address already."))
    if there:
        return there[0].name
    _must_have_room(whose)
    name = next_name(channel.name, {use.name for use in whose.channels})
    use = ChannelUse(name=name, only=UNPROVED, since_at=now, address=written, mark=channel.fingerprint)
    own.change_own(tx, person, lambda kept: kept.with_use(use, _label(label)), now)
    return name


def _must_have_room(person: Subscriber) -> None:
    if len(person.channels) >= MOST_ADDRESSES:
        raise WrongInput(Wording("%(most)s addresses are the most: remove one first.", most=MOST_ADDRESSES))
    if sum(not is_proved(use) for use in person.channels) >= MOST_UNPROVED:
        raise WrongInput(Wording("Several of your addresses wait for their code: prove or remove one first."))


def rename_address(tx: Connection, person: str, use: str, label: str, now: datetime) -> None:
    """Call somebody's own address something else."""
    found = _own_use(tx, person, use)
    own.change_own(tx, person, lambda kept: replace(kept, labels={**kept.labels, found.name: _label(label)}), now)


def drop_address(tx: Connection, person: str, use: str, now: datetime) -> None:
    """Remove somebody's own address; what is still owed there goes to those that are left."""
    found, whose = _own_use(tx, person, use), known_person(tx, person)
    own.change_own(tx, person, lambda kept: kept.without_use(found.name, now), now)
    proof_codes.forget_use(tx, whose.id, found.name)


def _own_use(tx: Connection, person: str, use: str) -> ChannelUse:
    found = next((each for each in (own.own_of(tx, person) or Own()).channels if each.name == use), None)
    if found is None:
        raise WrongInput(Wording("You have no such address: it may have been removed already."))
    return found


def _label(text: str) -> str:
    return " ".join("".join(filter(str.isprintable, text)).split())[:LONGEST_LABEL]


# Proving it ----------------------------------------------------------------------------------------------------------


def send_code(tx: Connection, person: str, use: str, asked_from: AskedFrom, now: datetime) -> None:
    """Have a code sent to an address of somebody's that has still to prove itself; `asked_from` is where from.

    It holds for ten minutes and five tries. Raises WrongInput for another address, and for too many codes in an hour.
    """
    found, whose = _own_use(tx, person, use), known_person(tx, person)
    if is_proved(found):
        raise WrongInput(Wording("This address has proved itself already."))
    if proof_codes.codes_since(tx, whose.id, now - timedelta(hours=1)) >= MOST_CODES:
        raise WrongInput(
            Wording("%(most)s codes an hour are the most: wait a little, then ask for another.", most=MOST_CODES)
        )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    proof_codes.keep_code(tx, whose.id, use, _secret(whose.id, use, code), now, now + CODE_HOLDS)
    store.ask(tx, whose.id, [use], store.A_PROOF, {"code": code, "asked_from": asked_from, "proves": True}, now)


def sent_code(tx: Connection, person: str, use: str) -> SentCode | None:
    """Return how the code goes that was last sent to an address of somebody's, None where none was."""
    return store.sent_code(tx, known_person(tx, person).id, use)


def prove(tx: Connection, person: str, use: str, code: str, now: datetime, *, channels: Channels) -> bool:
    """Let an address count from now on, given the code that came there; return whether that was the one.

    It uses up the invitation by which somebody came. A code that was sent before the last one holds no longer.
    `channels` are the config's.
    """
    found, whose = _own_use(tx, person, use), known_person(tx, person)
    if is_proved(found):
        return True
    sent = proof_codes.newest_code(tx, whose.id, use, now)
    if sent is None or sent.tries >= MOST_TRIES or use not in channels:
        return False
    digits = "".join(filter(str.isdecimal, code))
    if not secrets.compare_digest(sent.secret, _secret(whose.id, use, digits)):
        proof_codes.count_try(tx, sent.id)
        return False
    if not proof_codes.note_proved(tx, sent.id, now):
        return False
    counts = replace(found, only=channels[use].only, since_at=now, mark=channels[use].fingerprint)
    own.change_own(tx, person, lambda kept: kept.with_use(counts), now)
    invitations.use_up(tx, whose.id, now)
    return True


def _secret(number: int, use: str, digits: str) -> str:
    return hashlib.sha256(f"{number} {use} {digits}".encode()).hexdigest()


# Upkeep --------------------------------------------------------------------------------------------------------------


def forget_unfinished(tx: Connection, now: datetime) -> list[str]:
    """Forget addresses that have not proved themselves for three days, and who began to join and came no further.

    Returns what went, in words for the log.
    """
    people = invitations.drop_unfinished(tx, now)
    addresses = own.drop_unproved(tx, now)
    return [*([f"{people} people"] if people else []), *([f"{len(addresses)} addresses"] if addresses else [])]
