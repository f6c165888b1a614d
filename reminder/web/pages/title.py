"""Title: what the reader will hear of it and did not, how its date came, and what they want otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug import Response
from werkzeug.exceptions import BadRequest, NotFound

from reminder.core.dates.parse import parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import WhenError
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Release, Role
from reminder.core.model.lead import Lead, Measure
from reminder.core.model.ledger import Ref, State
from reminder.core.text.language import Language
from reminder.core.text.leads import lead_words
from reminder.core.text.markup import isolated, web_link
from reminder.core.text.phrases import place
from reminder.core.wording import Wording, marked, wording_of
from reminder.usecases import proposals
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.usecases.title_page.dates import ReleaseDate
from reminder.usecases.title_page.leads import RoleLeads
from reminder.usecases.title_page.messages import ChannelResult, HeardMessage, UnheardMessage
from reminder.usecases.title_page.page import TitlePage, title_page
from reminder.web.pages.posters import posters_on
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit
from reminder.web.words import short

pages: Final = Pages("title")

USUAL: Final = ("30d", "7d", "3d", "1d", "day")
"""The leads that can be ticked, beside those that somebody has."""

MOST_LINES: Final = 8
"""So many releases, changes and messages of the past stand open; the rest is folded."""

MOST_FOLDED: Final = 60
"""So many releases are shown in a fold: a daily show has hundreds."""

MOST_NAMED: Final = 80
"""Letters of a title in a notice, which a browser keeps in a cookie until it is shown."""

MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, kw_only=True)
class WrongForm:
    """A form of the page that could not be taken: which, what was written, and what to write instead."""

    form: str = ""
    text: str = ""
    problems: tuple[str, ...] = ()


@pages.get("/title/<int:number>", Access.MEMBER)
def title(visit: Visit, number: int) -> ResponseReturnValue:
    """Show all that the reader may know of one title."""
    return _page(visit, number)


def _page(visit: Visit, number: int, wrong: WrongForm | None = None) -> str:
    site = visit.site
    with site.database.read() as tx:
        found = title_page(tx, site.config(), number, visit.person, visit.now, is_owner=visit.is_owner)
        posters = posters_on(visit, tx, {number})
    if found is None:
        raise NotFound
    return visit.page(
        "title.html",
        page=found,
        number=number,
        where=place(found.title.where, visit.language),
        link=web_link(found.title.page),
        kinds=KINDS,
        example_year=visit.now.year + 1,
        roles=ROLES,
        ref_text=ref_text,
        forms=forms_of(found),
        picture=posters.paths.get(number) if found.is_followed or visit.is_owner else None,
        credits=dict.fromkeys(each for each in (found.origin.credit, posters.credit) if each),
        folded=fold(found.releases),
        silent=silent(found.messages.unheard, visit.language),
        sent_over=partial(sent_over, language=visit.language),
        choices={each.role: choices_of(each, visit.language) for each in found.leads},
        most=MOST_LINES,
        tomorrow=visit.today + timedelta(days=1),
        wrong=wrong or WrongForm(),
    )


def forms_of(page: TitlePage) -> frozenset[str]:
    """Return which forms the page has, of those that can be filled in wrongly: what is wrong is said beside each."""
    is_theirs = not page.origin.is_listed
    there = {
        "until": page.is_followed and not page.silence,
        "date": is_theirs and page.may_correct,
        "propose": is_theirs and page.is_followed and not page.may_correct,
        "leads": bool(page.leads),
    }
    return frozenset(form for form, is_there in there.items() if is_there)


KINDS: Final = {
    "series": Wording("Series"),
    "film": Wording("Film"),
    "special": Wording("Special"),
    "game": Wording("Game"),
    "other": "",
}
ROLES: Final = {
    Role.PREMIERE: Wording("Premiere"),
    Role.EPISODE: Wording("Episode"),
    Role.FINALE: Wording("Finale"),
}


# What is shown of much -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SeasonParts:
    """The releases of a season: those that are over, those that stand open, and the later ones; of many, the nearest.

    `out` is how many are over, `left` how many come later.
    """

    over: Sequence[ReleaseDate] = ()
    ahead: Sequence[ReleaseDate] = ()
    later: Sequence[ReleaseDate] = ()
    out: int = 0
    left: int = 0


def fold(releases: Sequence[ReleaseDate]) -> SeasonParts:
    """Return the releases of a title as they are shown: the past and the far future are folded."""
    over = [item for item in releases if item.is_over]
    ahead = [item for item in releases if not item.is_over]
    later = ahead[MOST_LINES:]
    return SeasonParts(
        over=over[-MOST_FOLDED:],
        ahead=ahead[:MOST_LINES],
        later=later[:MOST_FOLDED],
        out=len(over),
        left=len(later),
    )


@dataclass(frozen=True, kw_only=True)
class SilentMessages:
    """Messages that did not come, or will not, for one reason: on which occasions, and when the first and last would.

    `first_at` is None for what can come at no time.
    """

    occasions: str
    release: str
    date: str
    reason: str
    channels: str
    first_at: datetime | None
    last_at: datetime | None
    is_lost: bool


def silent(unheard: Sequence[UnheardMessage], language: Language) -> list[SilentMessages]:
    """Return what did not come put together by its reason: a date that moved away has one line, not one a lead."""
    groups: dict[Hashable, list[UnheardMessage]] = {}
    for item in unheard:
        of_release = (item.release, item.date) if item.at is not None else None
        groups.setdefault((item.reason, of_release, item.channels, item.is_lost), []).append(item)
    return [_together(group, language) for group in groups.values()]


def _together(group: Sequence[UnheardMessage], language: Language) -> SilentMessages:
    first, last = group[0], group[-1]
    is_timed = first.at is not None
    return SilentMessages(
        occasions=language.listing(list(dict.fromkeys(item.occasion for item in group))),
        release=first.release if is_timed else "",
        date=first.date if is_timed else "",
        reason=first.reason,
        channels=language.listing(first.channels) if first.channels else "",
        first_at=first.at,
        last_at=last.at,
        is_lost=first.is_lost,
    )


@dataclass(frozen=True, kw_only=True)
class SentOver:
    """How one message went: over which channels it arrived, and what is to be said of the others."""

    channels: str
    others: tuple[ChannelResult, ...]


def sent_over(item: HeardMessage, language: Language) -> SentOver:
    """Return how a message went."""
    arrived = [result.channel for result in item.results if result.state is State.SENT and result.channel]
    others = tuple(result for result in item.results if result.state is not State.SENT)
    return SentOver(channels=language.listing(list(dict.fromkeys(arrived))) if arrived else "", others=others)


@dataclass(frozen=True, kw_only=True)
class TitleLead:
    """One lead that can be ticked, in words, and whether it is."""

    lead: str
    words: str
    is_chosen: bool


def choices_of(leads: RoleLeads, language: Language) -> list[TitleLead]:
    """Return the leads to choose from for the releases of one role, the longest first."""
    chosen = {Lead.parse(text) for text in leads.spelling.split(", ") if text}
    offered = {Lead.parse(text): None for text in USUAL} | dict.fromkeys(chosen)
    ordered = sorted(offered, key=_length, reverse=True)
    return [TitleLead(lead=str(lead), words=lead_words(lead, language), is_chosen=lead in chosen) for lead in ordered]


def _length(lead: Lead) -> float:
    if lead.measure is Measure.RELEASE:
        return 0.5
    return lead.amount * (MINUTES_A_DAY if lead.is_day_lead else 1)


# What the reader does ------------------------------------------------------------------------------------------------

Act = Callable[[Connection, TitleAccess], object]


def _do(visit: Visit, number: int, act: Act) -> str:
    """Do something about a title that the reader may see, have the daemon look again, and return what it is called."""
    with visit.site.database.write() as tx:
        access = access_to(tx, number, visit.person, is_owner=visit.is_owner, to_change=True)
        if access is None:
            raise NotFound
        act(tx, access)
    visit.site.wake()
    return isolated(short(access.kept.listing.title.name, MOST_NAMED)) or visit.say("untitled")


def _done(visit: Visit, number: int, notice: str) -> Response:
    return visit.back_to(f"/title/{number}", notice)


def _try(visit: Visit, number: int, form: str, act: Act, notice: str, text: str = "") -> ResponseReturnValue:
    """Do what a form says; where it cannot be taken, show the page again with what to write instead."""
    try:
        name = _do(visit, number, act)
    except WrongInput as error:
        return _page(visit, number, WrongForm(form=form, text=text, problems=error.problems)), 400
    return _done(visit, number, visit.say(notice, title=isolated(name)))


@pages.post("/title/<int:number>/mute", Access.MEMBER)
def mute(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the reader hear nothing of it: for good, or until a day."""
    written = request.form.get("until", "").strip()
    if not written:
        notice = marked("%(title)s is muted: you hear nothing of it, until you want to again.")
        return _try(visit, number, "mute", lambda tx, access: actions.mute(tx, access, visit.now), notice)

    def until(tx: Connection, access: TitleAccess) -> None:
        actions.mute(tx, access, visit.now, _day(written))

    notice = marked("%(title)s is quiet until that day. Changes of its date are told then.")
    return _try(visit, number, "until", until, notice, written)


def _day(written: str) -> date:
    try:
        on = parse_when(written).on
    except WhenError as error:
        raise WrongInput(wording_of(error)) from None
    if on is None:
        raise WrongInput(
            Wording("%(text)s is not one day: write it like %(year)s-07-09", text=written, year=EXAMPLE_YEAR)
        )
    return on


@pages.post("/title/<int:number>/unmute", Access.MEMBER)
def unmute(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the reader hear of it again."""
    notice = marked("You hear of %(title)s again.")
    return _try(visit, number, "mute", lambda tx, access: actions.unmute(tx, access, visit.now), notice)


@pages.post("/title/<int:number>/stop", Access.MEMBER)
def stop(visit: Visit, number: int) -> ResponseReturnValue:
    """End the reader's following, whatever lists it for them."""
    notice = marked("You do not follow %(title)s any more. You can take it up again here.")
    return _try(visit, number, "stop", lambda tx, access: actions.stop(tx, access, visit.now), notice)


@pages.post("/title/<int:number>/follow", Access.MEMBER)
def follow(visit: Visit, number: int) -> ResponseReturnValue:
    """Have the reader follow it by their own choice."""
    config = visit.site.config()
    notice = marked("You follow %(title)s.")
    return _try(visit, number, "follow", lambda tx, access: actions.follow(tx, config, access, visit.now), notice)


@pages.post("/title/<int:number>/seen", Access.MEMBER)
def see(visit: Visit, number: int) -> ResponseReturnValue:
    """Note that the reader has seen a release of it."""
    notice = marked("You have seen it. You will still hear of what is to come of %(title)s.")
    ref = _ref_written()
    return _try(visit, number, "seen", lambda tx, access: actions.see(tx, access, ref, visit.now), notice)


@pages.post("/title/<int:number>/unseen", Access.MEMBER)
def unsee(visit: Visit, number: int) -> ResponseReturnValue:
    """Note that the reader has not seen a release of it after all."""
    notice = marked("You have not seen it: you hear of %(title)s again.")
    ref = _ref_written()
    return _try(visit, number, "seen", lambda tx, access: actions.unsee(tx, access, ref, visit.now), notice)


def ref_text(release: Release) -> str:
    """Return a release as a form names it: `2-1` for season 2 from episode 1, `-1` where there is no season."""
    return f"{'' if release.season is None else release.season}-{release.first}"


def _ref_written() -> Ref:
    """Return the release that the form names. Raises BadRequest for what is none."""
    season, _, first = request.form.get("release", "").partition("-")
    if not _NUMBER.fullmatch(first) or (season and not _NUMBER.fullmatch(season)):
        raise BadRequest
    return (int(season) if season else None), int(first)


_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@pages.post("/title/<int:number>/leads", Access.MEMBER)
def leads(visit: Visit, number: int) -> ResponseReturnValue:
    """Give the reader leads of their own for it, or the usual ones again."""
    is_usual = "usual" in request.form
    written = None if is_usual else _leads_written()
    notice = marked("Your reminder times for %(title)s are saved.")
    if is_usual:
        notice = marked("You are told of %(title)s as usual.")
    text = ", ".join(request.form.getlist("more"))

    def act(tx: Connection, access: TitleAccess) -> None:
        actions.set_leads(tx, access, written, visit.now)

    return _try(visit, number, "leads", act, notice, text)


def _leads_written() -> dict[Role, str]:
    """Return what the form says of each role that it shows: what is ticked, and what is written beside."""
    roles = [role for role in Role if str(role) in request.form.getlist("role")]
    more: dict[str, Any] = {str(role): request.form.get(f"{role}_more", "") for role in roles}
    return {role: ", ".join([*request.form.getlist(str(role)), more[str(role)]]) for role in roles}


@pages.post("/title/<int:number>/date", Access.MEMBER)
def correct(visit: Visit, number: int) -> ResponseReturnValue:
    """Put another date in the place of the one that is wrong."""
    config, text, is_slip = visit.site.config(), request.form.get("date", ""), "slip" in request.form

    def act(tx: Connection, access: TitleAccess) -> None:
        actions.correct_date(tx, config, access, text, visit.now, is_slip=is_slip)

    return _try(visit, number, "date", act, marked("The date of %(title)s is put right."), text)


@pages.post("/title/<int:number>/propose", Access.MEMBER)
def propose(visit: Visit, number: int) -> ResponseReturnValue:
    """Propose another date to the owner: others follow the title too."""
    config, text = visit.site.config(), request.form.get("date", "")

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.propose_date(tx, config, access, text, visit.now)

    return _try(visit, number, "propose", act, marked("Your date for %(title)s is proposed."), text)


@pages.post("/title/<int:number>/take", Access.OWNER)
def take(visit: Visit, number: int) -> ResponseReturnValue:
    """Let a date that somebody has proposed be the title's."""
    config, chosen = visit.site.config(), _proposal_written()

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.take_proposal(tx, config, access, chosen, visit.now)

    return _try(visit, number, "proposal", act, marked("The date of %(title)s is put right."))


@pages.post("/title/<int:number>/decline", Access.OWNER)
def decline(visit: Visit, number: int) -> ResponseReturnValue:
    """Leave the date of the title as it is, whatever somebody has proposed."""
    chosen = _proposal_written()

    def act(tx: Connection, access: TitleAccess) -> None:
        proposals.decline_proposal(tx, access, chosen, visit.now)

    return _try(visit, number, "proposal", act, marked("The date of %(title)s stays as it is."))


def _proposal_written() -> int:
    """Return the number of the proposal that the form names. Raises BadRequest for what is none."""
    text = request.form.get("proposal", "")
    if not _NUMBER.fullmatch(text):
        raise BadRequest
    return int(text)


@pages.post("/title/<int:number>/date/back", Access.MEMBER)
def take_back(visit: Visit, number: int) -> ResponseReturnValue:
    """Let the source's date count again."""
    config = visit.site.config()
    notice = marked("The source's date of %(title)s counts again.")
    return _try(visit, number, "date", lambda tx, access: actions.take_back(tx, config, access, visit.now), notice)


@pages.post("/title/<int:number>/ask", Access.MEMBER)
def ask(visit: Visit, number: int) -> ResponseReturnValue:
    """Have the source asked soon."""
    notice = marked("The source of %(title)s is asked within a few minutes, where the daemon runs.")
    return _try(visit, number, "ask", lambda tx, access: actions.ask_source(tx, access, visit.now), notice)
