"""What one person does about one title, for themselves alone: silence, leads, following, and the date put right.

Each works in the transaction `tx`, on an access that was asked for to change the title. WrongInput says, in words for
the person, what does not go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.dates.local_time import local_at
from reminder.core.dates.parse import NoZone, parse_instant, parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import UNKNOWN, When, WhenError
from reminder.core.errors import WrongInput
from reminder.core.model.drop import Drop, Pace
from reminder.core.model.entities import Role, Title
from reminder.core.model.lead import Ladder, LeadError
from reminder.core.model.ledger import Ref
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import season_problems
from reminder.core.wording import Wording, wording_of
from reminder.refresh.resolving import resolve_dates
from reminder.store import title_commands
from reminder.store.followed import ask_again, known_sources
from reminder.store.listings import CONFIG
from reminder.store.people import find_people
from reminder.store.title_commands import QuietSource
from reminder.store.title_reads import followers_of
from reminder.usecases import own, seen
from reminder.usecases.title_page.access import TitleAccess

BETWEEN_ASKING: Final = timedelta(minutes=10)
"""A source is asked about one title by hand no more often than this."""


# Silence -------------------------------------------------------------------------------------------------------------


def mute(tx: Connection, access: TitleAccess, now: datetime, until: date | None = None) -> None:
    """Let a person hear nothing of a title, for good or until their sending hour of a day to come."""
    _must_follow(access)
    silence = QuietSource(muted_at=now)
    if until is not None:
        who = next(iter(find_people(tx, access.person).values()))
        if until <= who.today(now):
            raise WrongInput(Wording("%(until)s is not ahead: write a day after today", until=until.isoformat()))
        silence = QuietSource(paused_until=local_at(until, who.at, who.zone))
    title_commands.mute(tx, access.kept.id, access.person, silence, now)


def unmute(tx: Connection, access: TitleAccess, now: datetime) -> None:
    """End a person's silence, or pause, about a title."""
    _must_follow(access)
    title_commands.mute(tx, access.kept.id, access.person, QuietSource(), now)


def _must_follow(access: TitleAccess) -> None:
    if not access.is_followed:
        raise WrongInput(Wording("you do not follow %(title)s", title=_name(access)))


def _name(access: TitleAccess) -> str:
    return access.kept.listing.title.name


# Following -----------------------------------------------------------------------------------------------------------


def stop(tx: Connection, access: TitleAccess, now: datetime) -> None:
    """End a person's following of a title, whatever lists it; what nobody follows any more is no longer watched."""
    _must_follow(access)
    own.stop(tx, access.person, access.kept.id, now)


def follow(tx: Connection, config: Config, access: TitleAccess, now: datetime) -> None:
    """Let a person follow a title by their own choice, as if never gone if that is soon; nobody else comes back."""
    own.follow(tx, config, access.person, access.kept.id, now)


def see(tx: Connection, access: TitleAccess, ref: Ref, now: datetime) -> None:
    """Note that a person has seen a release: of that they hear no more, but that its date has changed."""
    _must_follow(access)
    if ref not in title_commands.known_refs(tx, access.kept.id):
        raise WrongInput(Wording("%(title)s has no such release", title=_name(access)))
    seen.mark_seen(tx, access.person, access.kept.id, ref, now)


def unsee(tx: Connection, access: TitleAccess, ref: Ref, now: datetime) -> None:
    """Note that a person has not seen a release after all."""
    _must_follow(access)
    seen.unmark_seen(tx, access.person, access.kept.id, ref, now)


def set_leads(tx: Connection, access: TitleAccess, written: Mapping[Role, str] | None, now: datetime) -> None:
    """Give a person leads of their own for a title: by role, as `7d, 1d, day`; None for those that are usual again.

    A role that is not named keeps what is usual; an empty text is no leads.
    """
    _must_follow(access)
    own.set_leads(tx, access.person, access.kept.id, None if written is None else _ladder(written), now)


_ROLES: Final = {
    Role.PREMIERE: Wording("premiere"),
    Role.EPISODE: Wording("episode"),
    Role.FINALE: Wording("finale"),
}


def _ladder(written: Mapping[Role, str]) -> Ladder:
    """Return the ladder that somebody has written. Raises WrongInput with every lead that cannot be read."""
    leads, problems = {}, []
    for role, text in written.items():
        parts = [part for part in text.replace(",", " ").split() if part]
        try:
            leads[str(role)] = Ladder.parse({str(role): parts}).of(role)
        except LeadError as error:
            problems.append(Wording("%(role)s: %(reason)s", role=_ROLES[role], reason=wording_of(error)))
    if problems:
        raise WrongInput(*problems)
    return Ladder(**leads)


# The date ------------------------------------------------------------------------------------------------------------


def correct_date(
    tx: Connection, config: Config, access: TitleAccess, text: str, now: datetime, *, is_slip: bool = False
) -> When:
    """Put another date in the place of a title's, and return it; a time without a zone is by the person's clock.

    On a title that a source dates it stands above what the source says until it is taken back. `is_slip` says that
    the date before was a mistake: who was told nothing of it hears nothing of the change.
    """
    _must_correct(tx, config, access)
    who = next(iter(find_people(tx, access.person).values()))
    when = parse_said(text, who.zone)
    set_date(tx, config, access, when, now, is_slip=is_slip)
    return when


def set_date(
    tx: Connection, config: Config, access: TitleAccess, when: When, now: datetime, *, is_slip: bool = False
) -> None:
    """Put this date in the place of a title's, as `correct_date` does."""
    _must_correct(tx, config, access)
    listing = access.kept.listing
    title = dated_by_hand(listing.title, when)
    problems = season_problems(title)
    if problems:
        raise WrongInput(*problems)
    last = title_commands.dates_of(tx, access.kept.id).changes[-1:]
    _write(tx, config, access, replace(listing, title=title), now)
    if is_slip and title_commands.dates_of(tx, access.kept.id).changes[-1:] != last:
        title_commands.correct(tx, access.kept.id, now)


def take_back(tx: Connection, config: Config, access: TitleAccess, now: datetime) -> None:
    """Let what the source says count again, instead of a date that was put above it by hand."""
    _must_correct(tx, config, access)
    listing, options = access.kept.listing, access.kept.listing.title.source_options
    if options is None or options.when is None:
        raise WrongInput(Wording("the date of %(title)s was not corrected by hand", title=_name(access)))
    title = replace(listing.title, source_options=replace(options, when=None))
    _write(tx, config, access, replace(listing, title=title), now)


def _must_correct(tx: Connection, config: Config, access: TitleAccess) -> None:
    must_be_ours(config, access)
    if access.kept.ended_at is not None:
        raise WrongInput(Wording("%(title)s is no longer watched: follow it again first", title=_name(access)))
    if not access.is_owner:
        _must_follow(access)
    if not may_set_date(tx, access):
        raise WrongInput(
            Wording(
                "others follow %(title)s too: ask %(operator)s to put its date right",
                title=_name(access),
                operator=config.operator,
            )
        )


def may_set_date(tx: Connection, access: TitleAccess) -> bool:
    """Tell whether a person may put the date of a title right: an owner may, and whoever alone follows it."""
    return access.is_owner or (access.is_followed and followers_of(tx, access.kept.id, 0).number == 1)


def parse_said(text: str, zone: tzinfo) -> When:
    """Return the date that somebody has written; a time without a zone is in `zone`. Raises WrongInput."""
    if not text.strip():
        raise WrongInput(
            Wording(
                "write a date, as exactly as it is known: July 9, %(year)s, or July %(year)s, or TBA", year=EXAMPLE_YEAR
            )
        )
    try:
        return _parsed(text, zone)
    except WhenError as error:
        raise WrongInput(wording_of(error)) from None


def _parsed(text: str, zone: tzinfo) -> When:
    try:
        return parse_when(text)
    except NoZone:
        found = parse_instant(text, zone)
        return When.exact(found, zone) if isinstance(found, datetime) else When.day(found)


def dated_by_hand(title: Title, when: When) -> Title:
    """Return a title with a date that a hand has written: above its source's, or in the place of its own."""
    if title.is_followed:
        options = replace(title.source_options or SourceOptions(), when=when)
        return replace(title, cancelled=False, source_options=options)
    drop = title.drop
    if drop is not None and drop.pace is Pace.LISTED:
        first, *rest = drop.listed
        listed = (replace(first, premiere=when), *rest)
        return replace(title, premiere=UNKNOWN, cancelled=False, drop=Drop(pace=Pace.LISTED, listed=listed))
    return replace(title, premiere=when, cancelled=False)


def ask_source(tx: Connection, access: TitleAccess, now: datetime) -> None:
    """Have the source of a title asked as soon as the daemon looks whether one is to be asked."""
    title = access.kept.listing.title
    if access.kept.ended_at is not None or not title.is_followed:
        raise WrongInput(Wording("no source is asked about %(name)s", name=title.name))
    known = known_sources(tx, [title.key]).get(title.key)
    if known is not None and known.answered_at is not None and now - known.answered_at < BETWEEN_ASKING:
        raise WrongInput(Wording("its source has answered within the last ten minutes: ask again later"))
    ask_again(tx, {title.key: now})


# Written -------------------------------------------------------------------------------------------------------------


def must_be_ours(config: Config, access: TitleAccess) -> None:
    """Raise WrongInput for a title that the config lists; where, only the owner is told."""
    place = config.place_of(access.kept.listing.title.key)
    if place is None and (access.kept.origin != CONFIG or access.kept.ended_at is not None):
        return
    if access.is_owner:
        raise WrongInput(
            Wording(
                "%(title)s is listed in %(place)s: change it there", title=_name(access), place=place or "the config"
            )
        )
    raise WrongInput(
        Wording(
            "%(title)s is listed in the config: %(operator)s can change it there",
            title=_name(access),
            operator=config.operator,
        )
    )


def _write(tx: Connection, config: Config, access: TitleAccess, listing: ListedEntry, now: datetime) -> None:
    title_commands.put_new(tx, [listing], access.kept.origin, now, config.grace, resolve_dates)
