"""Over which channels a code to sign in may come: whoever reads it gets in (SPEC 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reminder.core.model.entities import Channel, Subscriber


def code_channels(
    person: Subscriber, everybody: Iterable[Subscriber], channels: Mapping[str, Channel]
) -> tuple[str, ...]:
    """Return the names of a person's channels over which a code may come.

    They are those that nobody else of `everybody` uses with the same address, but for what the config says otherwise.
    """
    others = {(use.name, use.address) for other in everybody if other.name != person.name for use in other.channels}
    return tuple(
        use.name
        for use in person.channels
        if use.name in channels and _may(channels[use.name].sign_in, is_own=(use.name, use.address) not in others)
    )


def _may(said: bool | None, *, is_own: bool) -> bool:
    return is_own if said is None else said
