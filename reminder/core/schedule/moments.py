"""Computes when a person's messages about one release fall due, before anything is known of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reminder.core.dates.local_time import local_at, next_at, weekly_at_or_before
from reminder.core.dates.when import Precision
from reminder.core.model.entities import Kind, Release, Role, Subscriber
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import Subscription
from reminder.core.schedule.season import ladder_role

WINDOW: Final = "window"
MISSED: Final = "missed"
NOTICE: Final = "notice"
AGAIN: Final = "again"
"""A message that its reader has put off: it comes again at the moment that they chose."""
MISSED_USE: Final = timedelta(days=30)
"""How long after its release a `missed` message is worth telling (SPEC 4)."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One rung of a person's ladder for one release.

    `at` is its own moment, `due_at` the same after quiet hours; both UTC. `owed_from` is when the person began to be
    owed it; `is_owed` tells whether it had not yet passed then.
    """

    release: Release
    role: Role
    what: str
    kind: Kind
    lead: Lead | None
    at: datetime
    due_at: datetime
    useful_until: datetime
    owed_from: datetime
    is_owed: bool

    @property
    def anchor(self) -> str:
        """Return the date that this message is planned against, as it stands in its key."""
        return self.release.when.json() or ""


def moments(
    sub: Subscription, release: Release, seen_at: datetime, grace: timedelta, changed_at: datetime | None = None
) -> tuple[Moment, ...]:
    """Return the moments of `sub` for a release first seen at `seen_at`, earliest first.

    A coarse date has at most its window, and for a ladder without leads none: who wants no reminders hears only of
    changes. An hour lead on a plain day has no moment (SPEC 2). `changed_at` is when its last change worth a notice
    was seen: no weekly digest before that can hold a lead for the new date.
    """
    since = max(seen_at, changed_at or seen_at)
    rungs = [*_lead_moments(sub, release, seen_at, since, grace), *_window_moment(sub, release, seen_at)]
    return tuple(sorted(rungs, key=lambda moment: (moment.due_at, moment.at)))


def without_moment(sub: Subscription, release: Release) -> tuple[Lead, ...]:
    """Return the leads of `sub` that have no moment for a release: its hour, or its day, is not known."""
    person = sub.subscriber
    leads = sub.ladder.of(ladder_role(sub.title, release))
    return tuple(lead for lead in leads if lead.moment(release.when, person.at, person.zone) is None)


def _own_moments(sub: Subscription, release: Release, role: Role) -> list[tuple[datetime, Lead]]:
    person = sub.subscriber
    found = [(lead.moment(release.when, person.at, person.zone), lead) for lead in sub.ladder.of(role)]
    return sorted(((at, lead) for at, lead in found if at is not None), key=lambda item: item[0])


def _lead_moments(
    sub: Subscription, release: Release, seen_at: datetime, since: datetime, grace: timedelta
) -> Iterator[Moment]:
    person, role = sub.subscriber, ladder_role(sub.title, release)
    ends_at = release.when.ends_at(person.zone)
    for own_at, lead in _own_moments(sub, release, role):
        if ends_at is None:
            continue
        owed_from = max(sub.began_at, seen_at, sub.since.get((role, lead.key), sub.began_at))
        at = collected_at(own_at, lead, person, max(owed_from, since))
        at_an_hour = lead.is_day_lead or release.when.precision is Precision.DAY
        yield Moment(
            release=release,
            role=role,
            what=lead.key,
            kind=Kind.REMINDER,
            lead=lead,
            at=at,
            due_at=deferred(at, person),
            useful_until=max(at, ends_at) + grace,
            owed_from=owed_from,
            is_owed=max(at, own_at) >= (first_hour(person, owed_from) if at_an_hour else owed_from),
        )


def _window_moment(sub: Subscription, release: Release, seen_at: datetime) -> Iterator[Moment]:
    person, role = sub.subscriber, ladder_role(sub.title, release)
    speaks_on, ends_at = release.when.speaks_on(), release.when.ends_at(person.zone)
    if speaks_on is None or ends_at is None or not sub.ladder.of(role):
        return
    at = local_at(speaks_on, person.at, person.zone)
    owed_from = max(sub.began_at, seen_at)
    yield Moment(
        release=release,
        role=role,
        what=WINDOW,
        kind=Kind.WINDOW,
        lead=None,
        at=at,
        due_at=deferred(at, person),
        useful_until=ends_at,
        owed_from=owed_from,
        is_owed=at >= first_hour(person, owed_from),
    )


def first_hour(person: Subscriber, owed_from: datetime) -> datetime:
    """Return the earliest owed moment at a sending hour of someone who is owed messages from an instant on.

    Had they other hours then, it is that day's moment by the present ones: another zone or hour neither takes what was
    still to come, nor brings back what had passed (SPEC 2).
    """
    then = next((hours for hours in person.former if owed_from < hours.until_at), None)
    if then is None:
        return owed_from
    on = next_at(owed_from, then.at, then.zone).astimezone(then.zone).date()
    return local_at(on, person.at, person.zone)


def deferred(at: datetime, person: Subscriber) -> datetime:
    """Return `at`, or the end of the person's quiet hours when it lies inside them (SPEC 2)."""
    return person.quiet.defer(at, person.zone) if person.quiet else at


def collected_at(own_at: datetime, lead: Lead, person: Subscriber, since: datetime) -> datetime:
    """Return when a lead is told to someone with a weekly digest: in the digest before its own moment.

    The digest looks ahead: one that looked back would tell of a premiere after it. Only a lead after the release
    waits for the next one. A digest before `since`, when the subscription began or the date was last changed,
    cannot hold the lead; then it keeps its own moment.
    """
    if person.digest is None or person.digest.weekday is None or not lead.is_day_lead:
        return own_at
    if lead.amount < 0:
        return next_at(own_at, person.at, person.zone, person.digest.weekday)
    slot = weekly_at_or_before(own_at, person.digest.weekday, person.at, person.zone)
    return slot if slot >= since else own_at
