"""Judges whether the service is well by its last sweep, its backlog and its channels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminder.core.text.kept_texts import recognised
from reminder.core.wording import Wording


@dataclass(frozen=True, kw_only=True)
class Vitals:
    """The facts that a monitor can know. `swept_at` is None when no sweep ever was; `parked` are broken channels.

    `is_dead` tells that the daemon is known to be gone, however short ago it has swept.
    `unreached_since` is since when nothing could be reached, no channel and no source. `unasked` says what failed in
    asking the sources, each with its title and why; `locked` who keeps rows locked; `unplanned` which messages cannot
    even be planned; `unread` are channels whose bot should be read and cannot be; `stranded` are people who joined by
    channels that the config has no more, each with those channels: nothing reaches them.
    """

    swept_at: datetime | None
    is_dead: bool = False
    trouble: str | None = None
    database_problem: str | None = None
    clock_problem: str | None = None
    oldest_overdue_at: datetime | None = None
    parked: Mapping[str, str] = field(default_factory=dict)
    unreached_since: datetime | None = None
    unasked: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    unplanned: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    stranded: Mapping[str, str] = field(default_factory=dict)


def complaints(vitals: Vitals, now: datetime, max_age: timedelta) -> tuple[str, ...]:
    """Return everything that is wrong at `now`, in words; nothing when all is well.

    `max_age` is how old the last sweep, and the oldest thing that waits for one, may be.
    """
    found = [recognised(problem) for problem in (vitals.database_problem, vitals.clock_problem) if problem]
    found += _of_daemon(vitals, now, max_age)
    if vitals.oldest_overdue_at is not None and now - vitals.oldest_overdue_at > max_age:
        found.append(Wording("something has been due since %(when)s", when=ago(vitals.oldest_overdue_at, now)))
    found += map(recognised, (*vitals.locked, *vitals.unplanned))
    found += [
        Wording("channel %(name)s does not work: %(reason)s", name=name, reason=recognised(reason))
        for name, reason in vitals.parked.items()
    ]
    found += [
        Wording(
            "what people write to the bot of %(name)s is not read: %(reason)s", name=name, reason=recognised(reason)
        )
        for name, reason in vitals.unread.items()
    ]
    found += [
        Wording("nothing reaches %(name)s: the config has no channel %(channels)s any more", name=name, channels=gone)
        for name, gone in vitals.stranded.items()
    ]
    if vitals.unreached_since is not None:
        when = ago(vitals.unreached_since, now)
        found.append(Wording("nothing could be reached since %(when)s: is this machine's network down?", when=when))
    found += map(recognised, vitals.unasked)
    return tuple(found)


def _of_daemon(vitals: Vitals, now: datetime, max_age: timedelta) -> list[str]:
    """Return what is wrong with the daemon itself: it never ran, is gone, or does not send."""
    when = ago(vitals.swept_at, now) if vitals.swept_at else ""
    if vitals.is_dead:
        return [Wording("no daemon is running: the last sweep was %(when)s", when=when)]
    found: list[str] = []
    if vitals.swept_at is None:
        found.append(Wording("no sweep has been made yet: no daemon has run here"))
    elif now - vitals.swept_at > max_age:
        # Where the daemon has said why it does not send, nothing is guessed.
        known = Wording("the last sweep was %(when)s", when=when)
        guessed = Wording("the last sweep was %(when)s: the daemon is not running, or stuck", when=when)
        found.append(known if vitals.trouble else guessed)
    if vitals.trouble:
        found.append(Wording("nothing is sent now: %(why)s", why=recognised(vitals.trouble)))
    return found


def kind_of(problem: str) -> str:
    """Return a complaint without its times, by which the same trouble is known an hour later."""
    return _TIMES.sub("", problem)


_TIMES: Final = re.compile(r"\b\d+ (s|min|hours|days?)( ago)?\b")


def ago(at: datetime, now: datetime) -> Wording:
    """Return how long before `now` something was, roughly: `12 s ago`, `5 min ago`, `3 hours ago`, `9 days ago`."""
    seconds = int((now - at).total_seconds())
    if seconds < 120:
        return Wording("%(seconds)s s ago", seconds=max(seconds, 0))
    if seconds < 7200:
        return Wording("%(minutes)s min ago", minutes=seconds // 60)
    if seconds < 172_800:
        return Wording.of_number("%(num)s hour ago", "%(num)s hours ago", seconds // 3600)
    return Wording.of_number("%(num)s day ago", "%(num)s days ago", seconds // 86_400)
