"""All that one person may know of one title, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.dates.when import CANCELLED
from reminder.core.model.entities import Role, Subscriber, Title
from reminder.core.model.ledger import OPEN, DateChange, Dated, Ref
from reminder.core.schedule.season import ladder_role
from reminder.core.text.phrases import ReaderSettings
from reminder.store.listings import CONFIG
from reminder.store.load_plans import SubscriptionSnapshot
from reminder.store.outbox_read import dressed
from reminder.store.people import find_people
from reminder.store.proposals import DateProposal, proposals_about
from reminder.store.seen import seen_of
from reminder.store.title_commands import StoredTitle, TitleDates, dates_of
from reminder.store.title_reads import (
    Followers,
    Following,
    LedgerMessage,
    case_of,
    followers_of,
    messages_to,
)
from reminder.texts.languages.choice import reader_of
from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.usecases.title_page.choice import FollowingChoice, choice_of
from reminder.usecases.title_page.dates import (
    ReleaseDate,
    SeenChange,
    date_words,
    name_of,
    next_of,
    release_dates,
    seen_changes,
)
from reminder.usecases.title_page.leads import RoleLeads, leads_of
from reminder.usecases.title_page.messages import TitleMessages, heard, messages_of
from reminder.usecases.title_page.origin import DateOrigin, origin_of

MOST_NAMES: Final = 50
"""The most followers that are named; their number is told in any case."""


@dataclass(frozen=True, kw_only=True)
class TitleSilence:
    """Why a person hears nothing of a title at present: `muted` by themselves, or by the config, or paused until when.

    `is_persons` tells that the pause is one of the person, not of this title alone.
    """

    is_muted: bool = False
    is_muted_in_config: bool = False
    paused_until: datetime | None = None
    is_persons: bool = False

    def __bool__(self) -> bool:
        return self.is_muted or self.is_muted_in_config or self.paused_until is not None


@dataclass(frozen=True, kw_only=True)
class ShownProposal:
    """A date that was proposed for a title, and the date in words."""

    proposal: DateProposal
    date: str


@dataclass(frozen=True, kw_only=True)
class TitlePage:
    """A title as one person sees it at one instant; words and days are in their zone.

    `following` is None for an owner who does not follow it. `next` is the release that the page is about. `others` is
    how many other people follow it, `names` who follows it, for the owner alone. `may_correct` tells whether this
    person may correct its date: the owner may, and whoever is the only one to follow it. `choice` tells whose choice it
    is that they follow it. `proposals` are the dates that were proposed for it, the newest first: to a member, their
    own. `to_see` is the release that a follower may have seen by now, the last that is out; `seen` are those that they
    have, and since when.
    """

    kept: StoredTitle
    name: str
    reader: ReaderSettings
    is_owner: bool
    following: Following | None
    is_followed: bool
    next: ReleaseDate | None
    releases: tuple[ReleaseDate, ...]
    origin: DateOrigin
    changes: tuple[SeenChange, ...] = ()
    messages: TitleMessages = field(default_factory=TitleMessages)
    leads: tuple[RoleLeads, ...] = ()
    silence: TitleSilence = field(default_factory=TitleSilence)
    others: int = 0
    names: tuple[str, ...] = ()
    may_correct: bool = False
    choice: FollowingChoice = field(default_factory=FollowingChoice)
    proposals: tuple[ShownProposal, ...] = ()
    to_see: ReleaseDate | None = None
    seen: Mapping[Ref, datetime] = field(default_factory=dict)

    @property
    def has_seen(self) -> bool:
        """Tell whether this person has seen the release that they may have seen by now."""
        return self.to_see is not None and self.to_see.release.ref in self.seen

    @property
    def title(self) -> Title:
        """Return the title itself."""
        return self.kept.listing.title

    @property
    def has_ended(self) -> bool:
        """Tell whether nobody watches the title any more."""
        return self.kept.ended_at is not None


def title_page(
    tx: Connection, config: Config, number: int, person: str, now: datetime, *, is_owner: bool
) -> TitlePage | None:
    """Return what a person may know of the title of this number at `now`; None where they may know nothing of it.

    A member sees what they follow, and of what they have followed what they were told; the owner sees every title.
    """
    access = access_to(tx, number, person, is_owner=is_owner)
    if access is None:
        return None
    case = case_of(tx, access.following) if access.following else None
    who = case.subscription.subscriber if case else next(iter(find_people(tx, person).values()), None)
    if who is None:
        return None
    return _Looking(tx=tx, config=config, access=access, case=case, who=who, now=now).page()


@dataclass(frozen=True, kw_only=True)
class _Looking:
    """One look at one title by one person."""

    tx: Connection
    config: Config
    access: TitleAccess
    case: SubscriptionSnapshot | None
    who: Subscriber
    now: datetime

    def page(self) -> TitlePage:
        case, known = self.case, self._dates()
        recorded, proposed = self._recorded(), self._proposed()
        releases = release_dates(self.kept.listing.title, known.releases, self.reader, self.now)
        head = next_of(releases)
        followers = followers_of(self.tx, self.kept.id, MOST_NAMES if self.access.is_owner else 0)
        others = followers.number - (case is not None)
        return TitlePage(
            kept=self.kept,
            name=name_of(self.kept.listing.title, self.reader.language),
            reader=self.reader,
            is_owner=self.access.is_owner,
            following=self.access.following,
            is_followed=case is not None,
            next=head,
            releases=tuple(releases),
            origin=self._origin(head),
            changes=seen_changes(
                self._changes(known),
                known.releases,
                case,
                recorded,
                self.reader,
                self.config.grace,
                {each.decided_at: each.person for each in proposed if each.is_taken and each.decided_at},
            ),
            messages=self._messages(case, recorded),
            leads=self._leads(case, known),
            silence=self._silence(case),
            others=others,
            names=followers.names,
            may_correct=self._may_correct(case, followers),
            choice=choice_of(self.kept, self.access.person, self.access.following),
            proposals=tuple(map(self._shown, proposed)),
            to_see=self._to_see(releases) if case is not None else None,
            seen=seen_of(self.tx, case.subscriber_id, self.kept.id) if case is not None else {},
        )

    @property
    def kept(self) -> StoredTitle:
        return self.access.kept

    @property
    def reader(self) -> ReaderSettings:
        return reader_of(self.who)

    def _dates(self) -> TitleDates:
        if self.case is None:
            return dates_of(self.tx, self.kept.id)
        return TitleDates(releases=self.case.story.releases, changes=self.case.story.changes)

    def _origin(self, head: ReleaseDate | None) -> DateOrigin:
        place = self.config.place_of(self.kept.listing.title.key)
        release = head.release if head else None
        found = origin_of(self.tx, self.kept, release, self.reader, is_listed=place is not None)
        return replace(found, place=place) if self.access.is_owner else found

    def _recorded(self) -> tuple[LedgerMessage, ...]:
        theirs = self.access.following
        return messages_to(self.tx, self.kept.id, theirs.subscriber_id) if theirs else ()

    def _changes(self, known: TitleDates) -> tuple[DateChange, ...]:
        """Return the changes of the title's dates; for a member who has stopped, those up to then."""
        until = self.access.following.ended_at if self.access.following and not self.access.is_owner else None
        return tuple(change for change in known.changes if until is None or change.seen_at < until)

    def _messages(self, case: SubscriptionSnapshot | None, recorded: tuple[LedgerMessage, ...]) -> TitleMessages:
        if case is None:
            return TitleMessages(heard=heard(recorded, self.reader))
        open_ = [result.id for item in recorded for result in item.results if result.state in OPEN]
        waiting = dressed(self.tx, open_, {case.subscriber_id: self.who}) if open_ else []
        said = self.config
        return messages_of(case, recorded, waiting, said.templates, now=self.now, grace=said.grace)

    def _roles(self, releases: tuple[Dated, ...]) -> frozenset[Role]:
        return frozenset(ladder_role(self.kept.listing.title, dated.release) for dated in releases)

    def _leads(self, case: SubscriptionSnapshot | None, known: TitleDates) -> tuple[RoleLeads, ...]:
        if case is None:
            return ()
        own = self.access.following.own_ladder if self.access.following else None
        roles, is_listed = self._roles(known.releases), self.kept.origin == CONFIG
        return leads_of(case.subscription, own, self.kept.listing, roles, self.reader.language, is_listed=is_listed)

    def _proposed(self) -> tuple[DateProposal, ...]:
        """Return what was proposed for the title, as far as this person may know of it."""
        mine = self.access.following.subscriber_id if self.access.following else None
        found = proposals_about(self.tx, self.kept.id)
        return tuple(each for each in found if self.access.is_owner or each.subscriber_id == mine)

    def _shown(self, proposal: DateProposal) -> ShownProposal:
        return ShownProposal(proposal=proposal, date=date_words(proposal.when, self.reader))

    def _to_see(self, releases: Sequence[ReleaseDate]) -> ReleaseDate | None:
        """Return the last release that is out; the only one of a title in any case, unless its day is still ahead."""
        today = self.reader.today(self.now)
        days = [(item.when.day_in(self.reader.zone), item) for item in releases]
        out = [item for day, item in days if day is not None and day <= today]
        alone = [item for day, item in days if day is None and item.when != CANCELLED] if len(days) == 1 else []
        found = out or alone
        return found[-1] if found else None

    def _silence(self, case: SubscriptionSnapshot | None) -> TitleSilence:
        if case is None:
            return TitleSilence()
        sub = case.subscription
        until = sub.silent_until if sub.silent_until is not None and sub.silent_until > self.now else None
        return TitleSilence(
            is_muted=sub.muted,
            is_muted_in_config=sub.subscriber.mutes(sub.title),
            paused_until=until,
            is_persons=until is not None and until == sub.subscriber.paused_until,
        )

    def _may_correct(self, case: SubscriptionSnapshot | None, followers: Followers) -> bool:
        is_alone = case is not None and followers.number == 1
        return self.kept.ended_at is None and (self.access.is_owner or is_alone)
