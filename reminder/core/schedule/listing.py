"""Compares what is listed with what is kept: how titles, dates and subscriptions begin, change, end and go on again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import ChannelUse, FormerHours, FormerUse, Release, Role, Subscriber, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import DateChange, Dated, Ref


@dataclass(frozen=True, kw_only=True)
class ReadDate:
    """A date that was read in an announcement: the sentence that it was read from, and the host of its page if any."""

    when: When
    sentence: str
    host: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListedEntry:
    """A title as it is listed, and who follows it: None for everyone, else names with their own ladder or None.

    What each of them has chosen for themselves stands beside it: `stopped` are those who do not follow it any more,
    `ladders` the leads that somebody has taken instead of those that are listed. `read_from` is where its date was
    read, if it was; it speaks for no other date.
    """

    title: Title
    followers: Mapping[str, Ladder | None] | None = None
    stopped: frozenset[str] = frozenset()
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    read_from: ReadDate | None = None

    def followed_by(self, people: Iterable[str]) -> dict[str, Ladder | None]:
        """Return who follows the title, where `people` is everyone: names, with their own ladder or None."""
        listed = dict.fromkeys(people) if self.followers is None else self.followers
        return {name: self.ladders.get(name, own) for name, own in listed.items() if name not in self.stopped}

    def joined_by(self, people: Mapping[str, Ladder | None]) -> ListedEntry:
        """Return the title as these people follow it too, with leads of their own or None; others go on as they do."""
        own = {name: ladder for name, ladder in people.items() if ladder is not None}
        others = {name: ladder for name, ladder in self.ladders.items() if name not in own}
        return replace(
            self,
            followers=None if self.followers is None else {**self.followers, **people},
            stopped=self.stopped - people.keys(),
            ladders={**others, **own} if self.followers is None else others,
        )


@dataclass(frozen=True, kw_only=True)
class KnownRelease:
    """A release as it is kept; `gone_at` when the listing last dropped it."""

    release: Release
    seen_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ListingChanges:
    """The effect of a new look at a title's listing: releases to keep, changes to record, releases that are gone."""

    kept: tuple[Dated, ...] = ()
    changes: tuple[DateChange, ...] = ()
    gone: tuple[Ref, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kept or self.changes or self.gone)


def new_dates(
    known: Mapping[Ref, KnownRelease],
    wanted: Iterable[Release],
    *,
    last_no: int,
    source: str,
    now: datetime,
    grace: timedelta = timedelta(days=2),
    is_first_answer: bool = False,
) -> ListingChanges:
    """Given the releases kept and those listed now, return what changes; numbers go on from `last_no` (SPEC 5).

    A first date, and a source's first answer, is no change, but for the next season of a title known by its id, and for
    an episode put in between those that are known: these are announced, unless they are over already. A release that
    was gone for longer than `grace` begins anew.
    """
    listed = tuple(wanted)
    openings = {release.season: release for release in reversed(listed)}
    kept: list[Dated] = []
    changes: list[DateChange] = []
    for release in listed:
        before = known.get(release.ref)
        if (dated := _to_keep(before, release, now, grace)) is not None:
            kept.append(dated)
        opens = release is openings[release.season]
        old = before.release.when if before else _date_before_first(release, known, now, opens=opens)
        if old != release.when and not (is_first_answer and old == UNKNOWN):
            no = last_no + len(changes) + 1
            changes.append(
                DateChange(no=no, ref=release.ref, before=old, after=release.when, source=source, seen_at=now)
            )
    refs = {release.ref for release in listed}
    gone = tuple(ref for ref, item in known.items() if item.gone_at is None and ref not in refs)
    return ListingChanges(kept=tuple(kept), changes=tuple(changes), gone=gone)


def _to_keep(before: KnownRelease | None, release: Release, now: datetime, grace: timedelta) -> Dated | None:
    """Return a listed release as it is to be kept, None where it is kept so already."""
    if before is None:
        return Dated(release=release, seen_at=now)
    if before.release == release and before.gone_at is None:
        return None
    is_new = before.gone_at is not None and before.gone_at + grace < now
    return Dated(release=release, seen_at=now if is_new else before.seen_at)


def _date_before_first(release: Release, known: Mapping[Ref, KnownRelease], now: datetime, *, opens: bool) -> When:
    """Return the date from which a release first seen has changed: its own, or none where it is to be announced.

    `opens` says that it is the first of its season in the listing.
    """
    is_next = opens and _is_next_season(release, known)
    is_news = (is_next or _is_put_between(release, known)) and not _is_over(release, now)
    return UNKNOWN if is_news else release.when


def _is_next_season(release: Release, known: Mapping[Ref, KnownRelease]) -> bool:
    """Tell whether a title already kept goes on; a number given to the season that is kept is none."""
    seasons = {item.release.season for item in known.values()}
    dates = [item.release.when for item in known.values()]
    return bool(known) and release.season not in seasons and release.when not in dates


def _is_put_between(release: Release, known: Mapping[Ref, KnownRelease]) -> bool:
    """Tell whether an episode has come in before some that are known, and was no part of any."""
    season = [item.release for item in known.values() if item.gone_at is None and item.release.season == release.season]
    is_part = any(item.first <= release.first <= (item.last or item.first) for item in season)
    return release.day is None and not is_part and any(item.first > release.first for item in season)


def _is_over(release: Release, now: datetime) -> bool:
    """Tell whether a release was over, everywhere on earth, before it was first seen."""
    days = release.when.days()
    return days is not None and days[1] < (now - timedelta(hours=12)).date()


@dataclass(frozen=True, kw_only=True)
class SubscriptionState:
    """The state of a subscription: since when, with which ladder, which leads came later, served to which change."""

    ladder: Ladder
    began_at: datetime
    since: Mapping[tuple[Role, str], datetime] = field(default_factory=dict)
    noticed_no: int = 0
    ended_at: datetime | None = None


def begin_or_go_on(
    known: SubscriptionState | None, ladder: Ladder, *, last_no: int, now: datetime, grace: timedelta
) -> SubscriptionState:
    """Return how a listed subscription stands at `now`: new, going on, or back within `grace` as if never gone."""
    if known is None or (known.ended_at is not None and known.ended_at + grace < now):
        return SubscriptionState(ladder=ladder, began_at=now, noticed_no=last_no)
    return replace(known, ladder=ladder, since=_since(known, ladder, now), ended_at=None)


def _since(known: SubscriptionState, ladder: Ladder, now: datetime) -> dict[tuple[Role, str], datetime]:
    since = {}
    for role in Role:
        before = {lead.key for lead in known.ladder.of(role)}
        for lead in ladder.of(role):
            if lead.key not in before:
                since[role, lead.key] = now
            elif (role, lead.key) in known.since:
                since[role, lead.key] = known.since[role, lead.key]
    return since


MANY: Final = 10
"""From this many titles on, losing most of them looks like an accident; a shorter list may change freely."""


def lost_by(were: int, left: int) -> str | None:
    """Return what is wrong with a config that leaves `left` of `were` titles followed, None when nothing is.

    A file that was cut short is often still good YAML: most of its titles would be unsubscribed without a word.
    """
    if were < MANY or (were - left) * 2 <= were:
        return None
    return f"{were - left} of {were} titles would lose everyone who follows them: was the file cut short?"


MOST_FORMER: Final = 12
"""The most changes of a person's hours that are remembered; an older one matters only to what began before it."""


def former_hours(known: Subscriber, wanted: Subscriber, now: datetime) -> tuple[FormerHours, ...]:
    """Return the hours that a person had before, once they are as `wanted`."""
    if (known.at, known.zone.key) == (wanted.at, wanted.zone.key):
        return known.former
    return (*known.former, FormerHours(at=known.at, zone=known.zone, until_at=now))[-MOST_FORMER:]


def channels_since(
    known: Iterable[ChannelUse] | None, wanted: Iterable[ChannelUse], now: datetime
) -> tuple[ChannelUse, ...]:
    """Return a subscriber's channels, each with the instant it was added; None for those there from the start.

    A channel goes on when its name or its URL is the same; where both lead somewhere, the URL decides (SPEC 4).
    """
    if known is None:
        return tuple(wanted)
    wanted = tuple(wanted)
    before = _before(tuple(known), wanted)
    return tuple(_going_on(before.get(use.name), use, now) for use in wanted)


def _going_on(before: ChannelUse | None, use: ChannelUse, now: datetime) -> ChannelUse:
    if before is None:
        return replace(use, since_at=now)
    # Without its secret a URL is not known: a command that runs without them forgets nothing.
    mark = use.mark or (before.mark if before.name == use.name else "")
    return replace(use, since_at=before.since_at, mark=mark)


def _before(known: Sequence[ChannelUse], wanted: Sequence[ChannelUse]) -> dict[str, ChannelUse]:
    """Return which use each wanted one was before, by its present name."""
    by_name = {use.name: use for use in known}
    by_place = {use.place: use for use in reversed(known) if use.place}
    places = {use.place for use in wanted if use.place is not None}
    before = {use.name: _use_before(use, by_name.get(use.name), by_place, places) for use in wanted}
    return {name: use for name, use in before.items() if use is not None}


Place = tuple[str, str | None]
"""Where a use of a channel leads: the fingerprint of its URL, and the address."""


def _use_before(
    use: ChannelUse, namesake: ChannelUse | None, by_place: Mapping[Place, ChannelUse], places: Container[Place]
) -> ChannelUse | None:
    """Return the use that went to the same place, else the one of the same name, if that place is not used any more."""
    if not use.place or (namesake is not None and namesake.place == use.place):
        return namesake
    if use.place in by_place:
        return by_place[use.place]
    goes_on = namesake is not None and namesake.place is not None and namesake.place in places
    return None if goes_on else namesake


def former_uses(known: Subscriber, wanted: Iterable[ChannelUse], now: datetime) -> tuple[FormerUse, ...]:
    """Return the channels that a person used before, once they use those `wanted`."""
    wanted = tuple(wanted)
    going_on = {use.name for use in _before(known.channels, wanted).values()}
    gone = [FormerUse(use=use, until_at=now) for use in known.channels if use.name not in going_on]
    return (*known.former_uses, *gone)[-MOST_FORMER:]
