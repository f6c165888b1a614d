"""What people have chosen for themselves that keeps the messages of a title from them, and how each is ended (SPEC 12).

Every function works in the transaction `tx` that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.channels import base_name
from reminder.core.model.entities import ChannelUse
from reminder.store.quiet_people import QuietPerson, quiet_people
from reminder.store.seen import seen_of

LEFT: Final = "left"
ENDED: Final = "ended"
GONE: Final = "gone"
PAUSED: Final = "paused"
PAUSED_TITLE: Final = "paused this title"
MUTED: Final = "muted"
SEEN: Final = "seen"


@dataclass(frozen=True, kw_only=True)
class OwnSilence:
    """One choice of one person that keeps messages from them: what, since or until when, on which channel if on one."""

    person: str
    what: str
    at: datetime | None = None
    channel: str = ""


def own_silences(tx: Connection, title_id: int, name: str | None, now: datetime) -> list[OwnSilence]:
    """Return what the followers of a title have chosen that keeps its messages from them; or that of one person."""
    return [each for who in quiet_people(tx, title_id, name) for each in _of(tx, title_id, who, now)]


def _of(tx: Connection, title_id: int, who: QuietPerson, now: datetime) -> Iterator[OwnSilence]:
    if who.has_ended:
        if who.own.left_at is not None:
            yield OwnSilence(person=who.name, what=LEFT, at=who.own.left_at)
        return
    yield from _of_channels(who)
    if who.all_paused_until is not None and who.all_paused_until > now:
        yield OwnSilence(person=who.name, what=PAUSED, at=who.all_paused_until)
    if who.muted_at is not None:
        yield OwnSilence(person=who.name, what=MUTED, at=who.muted_at)
    elif who.paused_until is not None and who.paused_until > now:
        yield OwnSilence(person=who.name, what=PAUSED_TITLE, at=who.paused_until)
    seen = seen_of(tx, who.id, title_id)
    if seen:
        yield OwnSilence(person=who.name, what=SEEN, at=max(seen.values()))


def _of_channels(who: QuietPerson) -> Iterator[OwnSilence]:
    """Yield the channels that somebody has ended, and those on which they have no address any more."""
    ended = {use.name for use in who.own.ended}
    for use in who.own.ended:
        yield OwnSilence(person=who.name, what=ENDED, at=_until(who, use), channel=use.name)
    bases = {base_name(name) for name in (*who.channels, *ended)}
    gone = {base_name(each.use.name): each for each in who.own.former_uses}
    for channel, each in gone.items():
        if channel not in bases:
            yield OwnSilence(person=who.name, what=GONE, at=each.until_at, channel=channel)


def _until(who: QuietPerson, use: ChannelUse) -> datetime | None:
    """Return when a use was ended, None where that is no longer kept."""
    of_it = [
        each.until_at for each in who.own.former_uses if (each.use.name, each.use.address) == (use.name, use.address)
    ]
    return max(of_it, default=None)
