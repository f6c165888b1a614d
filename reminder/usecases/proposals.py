"""Dates that members propose to the owner, for titles that others follow too: said, told, taken or declined (SPEC 10).

Each works in the transaction `tx`. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.schedule.season import season_problems
from reminder.core.wording import Wording
from reminder.store import proposals
from reminder.store.channels import OwnMessage, tell
from reminder.store.people import find_people
from reminder.store.proposals import DateProposal
from reminder.texts.languages.choice import reader_of
from reminder.usecases.title_page.access import TitleAccess
from reminder.usecases.title_page.actions import dated_by_hand, may_set_date, must_be_ours, parse_said, set_date
from reminder.usecases.title_page.dates import date_words

__all__ = ["DateProposal"]

MOST_OPEN: Final = 10
"""The most dates of one person that may wait for the owner."""
A_DAY: Final = timedelta(days=1)
MOST_TOLD: Final = 3
"""Of so many proposals an owner is told one by one within a day; of those that come then, in one message."""
MOST_SHOWN: Final = 50

WHAT: Final = "proposal"
_USE: Final = timedelta(days=14)


def propose_date(tx: Connection, config: Config, access: TitleAccess, text: str, now: datetime) -> DateProposal:
    """Propose a date for a title that others follow too, and tell the owners; return what is proposed.

    A time without a zone is by the person's clock. Whoever may set the date does that instead.
    """
    must_be_ours(config, access)
    following = access.following
    if following is None or not access.is_followed:
        raise WrongInput(Wording("you do not follow %(title)s", title=_name(access)))
    if may_set_date(tx, access):
        raise WrongInput(Wording("you can put the date of %(title)s right yourself", title=_name(access)))
    who = next(iter(find_people(tx, access.person).values()))
    when = parse_said(text, who.zone)
    problems = season_problems(dated_by_hand(access.kept.listing.title, when))
    if problems:
        raise WrongInput(*problems)
    if proposals.count_open(tx, following.subscriber_id) >= MOST_OPEN:
        raise WrongInput(Wording("%(owner)s has not decided your last proposals yet", owner=config.operator))
    made = proposals.add_proposal(tx, access.kept.id, following.subscriber_id, when, now)
    for id_, owner in proposals.owners(tx, config.operator).items():
        _tell(tx, id_, owner, made, now)
    return made


def _name(access: TitleAccess) -> str:
    return access.kept.listing.title.name


def _tell(tx: Connection, id_: int, owner: Subscriber, made: DateProposal, now: datetime) -> None:
    """Tell an owner of a proposal; of the fourth within a day, and of those after it, together a day later."""
    reader = reader_of(owner)
    say, uses = reader.language.say, [use.name for use in owner.channels if use.takes(Kind.TROUBLE, None)]
    told = proposals.told_since(tx, id_, WHAT, now - A_DAY)
    if len(told) < MOST_TOLD:
        subject = say("proposal", who=made.person, name=made.name, date=date_words(made.when, reader))
        detail = {"subject": subject, "lines": [say("proposal.where")]}
        tell(
            tx,
            id_,
            uses,
            anchor=f"{WHAT} {made.id} {made.said_at.isoformat()}",
            detail=detail,
            now=now,
            said=_said(now),
        )
        return
    at = told[0] + A_DAY if told[-1] <= now else told[-1]
    detail = {"subject": say("proposal.more"), "lines": [say("proposal.listed")]}
    tell(tx, id_, uses, anchor=f"{WHAT}s {at.isoformat()}", detail=detail, now=now, said=_said(at))


def _said(at: datetime) -> OwnMessage:
    return OwnMessage(kind=Kind.TROUBLE, what=WHAT, use=_USE, at=at)


# What becomes of it --------------------------------------------------------------------------------------------------


def take_proposal(tx: Connection, config: Config, access: TitleAccess, number: int, now: datetime) -> None:
    """Let a date that was proposed be the title's, as if the owner, whose access it is, had put it there."""
    made = _undecided(tx, access, number)
    set_date(tx, config, access, made.when, now)
    proposals.decide(tx, number, now, is_taken=True)


def decline_proposal(tx: Connection, access: TitleAccess, number: int, now: datetime) -> None:
    """Leave the date of a title as it is, whatever was proposed; it is an owner's access."""
    _undecided(tx, access, number)
    proposals.decide(tx, number, now, is_taken=False)


def find_proposal(tx: Connection, number: int) -> DateProposal | None:
    """Return the proposal of this number, None where there is none."""
    return proposals.proposal_of(tx, number) if number < 2**63 else None


def _undecided(tx: Connection, access: TitleAccess, number: int) -> DateProposal:
    made = proposals.proposal_of(tx, number, lock=True) if number < 2**63 else None
    if made is None or made.title_id != access.kept.id:
        raise WrongInput(Wording("there is no such proposal: it may have been replaced by another"))
    if made.decided_at is not None:
        raise WrongInput(Wording("this was decided already"))
    return made


def waiting(tx: Connection) -> tuple[DateProposal, ...]:
    """Return what waits for the owner, the oldest first."""
    return proposals.open_proposals(tx, MOST_SHOWN)


def proposed_by(tx: Connection, person: str) -> tuple[DateProposal, ...]:
    """Return what a person has proposed, the newest first."""
    ids: Iterable[int] = find_people(tx, person)
    return tuple(each for id_ in ids for each in proposals.proposals_by(tx, id_, MOST_SHOWN))
