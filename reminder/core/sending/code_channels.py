"""Over which channels a code to sign in may come: whoever reads it gets in (SPEC 10)."""

from __future__ import annotations

from collections.abc import Iterable

from reminder.core.model.channels import Channels, base_name
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import is_proved


def code_channels(person: Subscriber, everybody: Iterable[Subscriber], channels: Channels) -> tuple[str, ...]:
    """Return the names of a person's channels over which a code may come.

    They are those that nobody else of `everybody` uses with the same address, but for what the config says otherwise.
    An address that has not proved itself counts for nobody: it may be anyone's.
    """
    others = {_end(use) for other in everybody if other.name != person.name for use in other.channels if is_proved(use)}
    return tuple(
        use.name
        for use in person.channels
        if is_proved(use) and use.name in channels and _may(channels[use.name].sign_in, is_own=_end(use) not in others)
    )


def _end(use: ChannelUse) -> tuple[str, str | None]:
    return base_name(use.name), use.address


def _may(said: bool | None, *, is_own: bool) -> bool:
    return is_own if said is None else said
