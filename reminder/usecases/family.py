"""People as an owner sees and changes them: their role, whether they are told, and forgetting them (SPEC 10).

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.entities import Channel
from reminder.core.model.own import is_proved
from reminder.core.wording import Wording
from reminder.store import own
from reminder.store.channel_uses import ChannelUseState, use_states
from reminder.store.forget import StoredPerson, forget_person, what_is_known
from reminder.store.invitations import open_invitations
from reminder.store.people import CONFIG, WEB
from reminder.store.person_cards import PersonCard, card_of, cards, count_imported, find_cards, names_known

__all__ = ["PersonCard", "StoredPerson"]

MOST: Final = 100
"""So many people are shown at once; others are found by their name."""


@dataclass(frozen=True, kw_only=True)
class FamilyMember:
    """Somebody with how their addresses fare: how many work, do not work, were not tried yet, and wait for a code."""

    card: PersonCard
    working: int = 0
    broken: int = 0
    untried: int = 0
    unproved: int = 0


@dataclass(frozen=True, kw_only=True)
class Family:
    """Who there is: those who have joined, those whom the config lists, and how many were imported."""

    joined: Sequence[FamilyMember]
    listed: Sequence[FamilyMember]
    imported: int


def family(tx: Connection, channels: Mapping[str, Channel], now: datetime) -> Family:
    """Return who there is, at most a hundred of each; `channels` are those of the config.

    Who has only begun to join is still invited, and nobody here.
    """
    beginning = {each.begun_by for each in open_invitations(tx, now)}
    joined = [card for card in cards(tx, WEB, MOST) if card.person.name not in beginning]
    return Family(
        joined=_members(tx, joined, channels),
        listed=_members(tx, cards(tx, CONFIG, MOST), channels),
        imported=count_imported(tx),
    )


def found_by(tx: Connection, word: str, channels: Mapping[str, Channel]) -> list[FamilyMember]:
    """Return whoever has this word in their name, whoever lists them."""
    return _members(tx, find_cards(tx, word, MOST), channels)


def names(tx: Connection) -> list[str]:
    """Return the names by which something can be asked for: of all but those who were imported and chose nothing."""
    return names_known(tx)


def member_of(tx: Connection, number: int, channels: Mapping[str, Channel]) -> FamilyMember | None:
    """Return the person of this number, None for nobody."""
    card = card_of(tx, number)
    return None if card is None else _members(tx, [card], channels)[0]


def known_of(tx: Connection, card: PersonCard) -> StoredPerson:
    """Return how much would be removed with somebody."""
    found = what_is_known(tx, card.person.name)
    return found or StoredPerson(subscriptions=0, messages=0, deliveries=0)


def _members(tx: Connection, found: Sequence[PersonCard], channels: Mapping[str, Channel]) -> list[FamilyMember]:
    people = {card.number: card.person for card in found}
    states = use_states(tx, people, {channel.name for channel in channels.values() if channel.is_shared})
    return [_member(card, states, channels) for card in found]


def _member(
    card: PersonCard, states: Mapping[tuple[int, str], ChannelUseState], channels: Mapping[str, Channel]
) -> FamilyMember:
    proved = [use.name for use in card.person.channels if is_proved(use)]
    theirs = [states[card.number, name] for name in proved if name in channels]  # nothing comes over the others
    broken = sum(state.is_broken or state.failing_since is not None for state in theirs) + len(proved) - len(theirs)
    working = sum(state.last_success_at is not None and state.failing_since is None for state in theirs)
    return FamilyMember(
        card=card,
        working=working,
        broken=broken,
        untried=len(proved) - working - broken,
        unproved=len(card.person.channels) - len(proved),
    )


# What an owner changes -----------------------------------------------------------------------------------------------


def set_owner(tx: Connection, card: PersonCard, by: str, now: datetime, *, is_owner: bool, operator: str) -> None:
    """Make somebody an owner, or a member again."""
    name = card.person.name
    if name == operator:
        raise WrongInput(Wording("%(name)s is the operator in the config, who always is an owner", name=name))
    if name == by:
        raise WrongInput(Wording("ask another owner: nobody changes their own role"))
    if card.ended_at is not None:
        raise WrongInput(Wording("%(name)s is told nothing more: take them up again first", name=name))
    own.change_own(tx, name, lambda kept: replace(kept, is_owner=is_owner), now)


def end(tx: Connection, card: PersonCard, by: str, now: datetime) -> None:
    """Have somebody told nothing more; what was sent to them is kept."""
    _must_not_be_listed(card, by)
    own.end_person(tx, card.person.name, now)


def take_up(tx: Connection, card: PersonCard, now: datetime) -> None:
    """Tell somebody again, as if never gone."""
    if card.ended_at is None or card.origin == CONFIG:
        raise WrongInput(Wording("%(name)s is told as it is", name=card.person.name))
    own.bring_back(tx, card.person.name, now)


def forget(tx: Connection, card: PersonCard, by: str, now: datetime) -> None:
    """Remove somebody completely, with everything that was theirs."""
    _must_not_be_listed(card, by)
    if card.ended_at is None:
        own.end_person(tx, card.person.name, now)
    forget_person(tx, card.person.name, now)


def _must_not_be_listed(card: PersonCard, by: str) -> None:
    name = card.person.name
    if name == by:
        raise WrongInput(Wording("that is you: leave on the page Me"))
    if card.origin == CONFIG and card.ended_at is None:
        raise WrongInput(Wording("%(name)s is listed in the config: take them out there", name=name))


def places(lines: Mapping[str, tuple[int, int]], file: str, names: Collection[str]) -> dict[str, str]:
    """Return where the config lists these people: `config.yaml:12`."""
    found = {name: lines.get(f"subscribers.{name}") for name in names}
    return {name: f"{file}:{at[0]}" for name, at in found.items() if at is not None}
