"""Following a title that was proposed: it is kept, for one person, and its source is asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match
from reminder.refresh.resolving import resolve_dates
from reminder.store import title_commands
from reminder.store.listings import COMMAND
from reminder.store.load_plans import all_cases
from reminder.store.title_commands import StoredTitle, kept_title
from reminder.usecases import own, propose
from reminder.usecases.add_title import AddProposal, TitleAdder
from reminder.usecases.agenda import END_OF_TIME, messages_to_come, why_silent
from reminder.usecases.first_message import FirstMessage, written
from reminder.usecases.follow import FoundEntry, pin_entries
from reminder.usecases.said_title import SaidOfTitle
from reminder.usecases.standing import StandingState, TitleStanding, standing_of

WHICH: Final = "say which of these it is, or that it is none of them"


@dataclass(frozen=True, kw_only=True)
class FollowedTitle:
    """A title that a person follows: from now on, or (`is_new` is false then) already.

    `first` is the first message that they will get, else `silence` says as a clause why there is none. `silent` says
    which source has not answered yet, and why.
    """

    kept: StoredTitle
    is_new: bool
    first: FirstMessage | None
    silence: str | None
    silent: Mapping[str, str] = field(default_factory=dict)


def follow_title(adder: TitleAdder, said: SaidOfTitle, name: str, now: datetime) -> FollowedTitle | AddProposal:
    """Have the person of this name follow the title that was described; return the proposal where it cannot be.

    To ask for it twice is to follow it once. Raises WrongInput for nobody.
    """
    proposal = adder.propose(said, name, now)
    if proposal.is_undecided:
        proposal = replace(proposal, problems={**proposal.problems, "entry": WHICH})
    if proposal.problems or proposal.listing is None:
        return proposal
    store, match = adder.refresher.store, proposal.match
    with store.write() as tx:
        title_commands.hold_titles(tx, [proposal.listing.title.key])
        standing = standing_of(tx, proposal.listing.title, match, name)
        key = _keep(tx, standing, proposal.listing, match, name, adder.config, now)
    is_asked = match is not None and standing.state is StandingState.NEW
    silent = propose.follow(adder.refresher, key, match, now).silent if match is not None and is_asked else {}
    with store.read() as tx:
        first, silence = _next(tx, adder, key, name, now)
        is_new = standing.state is not StandingState.YOURS
        return FollowedTitle(kept=kept_title(tx, key), is_new=is_new, first=first, silence=silence, silent=silent)


def _keep(
    tx: Connection,
    standing: TitleStanding,
    listing: ListedEntry,
    match: Match | None,
    name: str,
    config: Config,
    now: datetime,
) -> str:
    """Have somebody follow a title by their own choice; return its key. What is watched stays as it is listed."""
    if standing.kept is not None and standing.state is StandingState.YOURS:
        return standing.kept.listing.title.key
    leads = listing.followed_by([name]).get(name)
    if standing.state is StandingState.NEW:
        if match is not None:
            pin_entries(tx, [FoundEntry(key=listing.title.key, match=match)], now)
        alone = replace(listing, followers={}, ladders={})
        title_commands.put_new(tx, [alone], COMMAND, now, config.grace, resolve_dates, for_one=True)
    kept = standing.kept or kept_title(tx, listing.title.key)
    own.follow(tx, config, name, kept.id, now)
    if leads is not None:
        own.set_leads(tx, name, kept.id, leads, now)
    return kept.listing.title.key


def _next(
    tx: Connection, adder: TitleAdder, key: str, name: str, now: datetime
) -> tuple[FirstMessage | None, str | None]:
    """Return the next message about a title to one person, else why there is none."""
    grace = adder.config.grace
    ahead = messages_to_come(tx, start=now, end=END_OF_TIME, grace=grace, keys=frozenset({key}), subscriber=name)
    if ahead:
        return written(ahead[0], adder.config.templates), None
    cases = all_cases(tx, title_key=key, name=name)
    if not cases:
        return None, "nobody follows it"
    subscription = cases[0].subscription
    return None, why_silent(subscription.title, cases, zone=subscription.subscriber.zone, now=now, grace=grace)
