"""Channels: how each one fares, for whoever uses it; what a test of it says, and taking note of how that went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.model.entities import Channel, Kind, Subscriber
from reminder.core.model.own import is_proved
from reminder.core.text.content import Words
from reminder.core.text.message import compose_test
from reminder.store.channel_uses import ChannelUseState, is_any_broken, people_listed, use_states
from reminder.store.channels import note_failure, note_success
from reminder.store.health import ChannelState, channel_states, waiting_of
from reminder.store.people import know_channels, load_people, present_person, reopen_channel
from reminder.store.refusals import refusals
from reminder.texts.languages.choice import reader_of

__all__ = ["ChannelState", "ChannelUseState", "channel_states"]


@dataclass(frozen=True, kw_only=True)
class PersonChannel:
    """A channel that a person uses, and how it fares for them; whether their address there has proved itself.

    It `is_gone` where the config has it no more: nothing comes over it.
    """

    person: str
    channel: str
    state: ChannelUseState
    is_proved: bool = True
    is_gone: bool = False


def channels_of(tx: Connection, name: str, channels: Mapping[str, Channel]) -> list[PersonChannel]:
    """Return the channels of a person, in their order; `channels` are those of the config."""
    found = present_person(tx, name)
    return [] if found is None else _of(tx, {found.id: found.subscriber}, channels)


def broken_channels_of(tx: Connection, name: str, channels: Mapping[str, Channel]) -> list[PersonChannel]:
    """Return those channels of a person that are broken, in their order: what is due there waits."""
    found = present_person(tx, name)
    if found is None or not is_any_broken(tx, found.id):
        return []
    return [use for use in _of(tx, {found.id: found.subscriber}, channels) if use.state.is_broken]


def everybodys_channels(tx: Connection, first: str, channels: Mapping[str, Channel]) -> list[PersonChannel]:
    """Return the channels of all whom the config lists, or who choose for themselves, those of one person first."""
    return sorted(_of(tx, people_listed(tx), channels), key=lambda use: use.person != first)


def _of(tx: Connection, people: Mapping[int, Subscriber], channels: Mapping[str, Channel]) -> list[PersonChannel]:
    shared = {channel.name for channel in channels.values() if channel.is_shared}  # each has an address there
    states = use_states(tx, people, shared)
    unproved = {(id_, use.name) for id_, who in people.items() for use in who.channels if not is_proved(use)}
    return [
        PersonChannel(
            person=people[id_].name,
            channel=name,
            state=state,
            is_proved=(id_, name) not in unproved,
            is_gone=name not in channels,
        )
        for (id_, name), state in states.items()
    ]


@dataclass(frozen=True, kw_only=True)
class OwnChannel:
    """A channel as one person may know it: `waiting` and `refused` count what is theirs alone."""

    state: ChannelState
    refused: int


def own_channels(
    tx: Connection, number: int, states: Mapping[str, ChannelState], channels: Mapping[str, Channel]
) -> list[OwnChannel]:
    """Return the channels that the person of this number uses, of those of the config.

    Why a shared one failed is left out: it may have been at another person's address.
    """
    person = load_people(tx, [number]).get(number)
    names = [use.name for use in person.channels if use.name in states] if person else []
    waiting = waiting_of(tx, number)
    refused = refusals(tx, [(number, name) for name in names])
    return [
        OwnChannel(
            state=_own(states[name], waiting.get(name, 0), is_shared=name in channels and channels[name].is_shared),
            refused=int((number, name) in refused),
        )
        for name in names
    ]


def _own(state: ChannelState, waiting: int, *, is_shared: bool) -> ChannelState:
    known = replace(state, waiting=waiting)
    return replace(known, last_failure=None, reason=None) if is_shared else known


def words_of_test(config: Config, channel: Channel, now: datetime) -> Words:
    """Return a test of a channel in the config's own words, as its first user, else the first subscriber, reads it."""
    users = [person for person in config.subscribers if channel.name in {use.name for use in person.channels}]
    words = compose_test(channel.name, now, reader_of((users or config.subscribers)[0]))
    return config.templates.apply(Kind.TEST, words).words


def note_tests(
    tx: Connection, channels: Mapping[str, Channel], tried: Iterable[tuple[str, str | None]], now: datetime
) -> None:
    """Note how channels fared in a test: each one's name, and why it failed (None for one that works).

    On one that works, what waits is tried at once. `channels` are those of the config.
    """
    know_channels(tx, channels)
    for name, failure in tried:
        if failure is not None:
            note_failure(tx, name, failure, now)
        else:
            note_success(tx, [name], now)
            reopen_channel(tx, name, now)
