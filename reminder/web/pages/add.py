"""Add: a name, a link or an announcement is proposed as it would be followed, with the first message, then followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue

from reminder.core.sourcing.answers import WorkForm, WorkStatus
from reminder.core.sourcing.attribution import credits_of
from reminder.core.text.kept_texts import in_language
from reminder.core.text.markup import host_of, isolated
from reminder.core.wording import Wording, marked, sentences
from reminder.usecases.add_title import AddProposal
from reminder.usecases.announcement_reader import GivenAnnouncement
from reminder.usecases.article_fetch import UnreadPage, UnreadReason
from reminder.usecases.first_message import FirstMessage
from reminder.usecases.follow_title import FollowedTitle, follow_title
from reminder.usecases.quick_add import (
    Given,
    GivenEntry,
    GivenLink,
    GivenName,
    GivenText,
    looks_like_prose,
    named_in,
    understand,
)
from reminder.usecases.said_title import SaidOfTitle
from reminder.usecases.title_page.dates import name_of
from reminder.web.add_form import AddForm, form_from, form_of, offered_leads
from reminder.web.limits import ASKING, READING, count
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit
from reminder.web.words import hour, short, weekday_and_day

pages: Final = Pages("add")

TYPED: Final = "none"
"""What a browser says of a request that no page has caused: an address that was typed or shared by the phone."""
BY_OWN_HAND: Final = ("premiere", "platform", "season", "episodes", "drop")
"""Fields that most people leave to an entry of a source, where there is one."""
REMEDIES: Final[Mapping[UnreadReason, str]] = {
    UnreadReason.PRIVATE: Wording("Paste the announcement's text instead."),
    UnreadReason.REFUSED: Wording("Open the page, and paste the announcement's text instead."),
    UnreadReason.NO_TEXT: Wording("Open the page, and paste the announcement's text instead."),
    UnreadReason.NO_ANSWER: Wording("Try again later, or paste the announcement's text."),
}
FORMS: Final = {WorkForm.SERIES: Wording("series"), WorkForm.FILM: Wording("film")}
"""What an entry of a source is."""
STATES: Final = {
    WorkStatus.PLANNED: Wording("in development"),
    WorkStatus.RUNNING: Wording("running"),
    WorkStatus.ENDED: Wording("ended"),
    WorkStatus.CANCELLED: Wording("cancelled"),
    WorkStatus.RELEASED: Wording("released"),
    WorkStatus.UNSURE: "",
}
"""How a work stands, as a source says it."""
NO_ANSWER: Final = marked("%(source)s: no answer yet (%(reason)s); it is asked again later.")


@pages.get("/add", Access.MEMBER)
def add(visit: Visit) -> ResponseReturnValue:
    """Show the field to add by; with what a phone has shared, the proposal that comes of it.

    Another site can lead a browser here: nothing is fetched or asked for then, but for a button that is pressed.
    """
    said = request.args
    given = _understood(visit, said.get("text", ""), said.get("url", ""), said.get("title", ""))
    asked_by = request.headers.get("Sec-Fetch-Site")
    if given is None or request.method != "GET":
        return _field(visit)
    if asked_by == TYPED or (asked_by == "same-origin" and isinstance(given, GivenName)):
        return _proposed(visit, given)
    if isinstance(given, GivenLink):
        return visit.page("add_ask.html", link=given)
    return _field(visit, text=given_words(given))


@pages.post("/add", Access.MEMBER)
def read(visit: Visit) -> ResponseReturnValue:
    """Show the proposal that comes of a line, a link or an announcement, or of the fields of one before."""
    sent = request.form
    if "fields" in sent:
        count(visit, ASKING)
        form = form_from(sent)
        return _proposal(visit, form, visit.site.adder().propose(form.said, visit.person, visit.now))
    given = _understood(visit, sent.get("text", ""), sent.get("url", ""), sent.get("title", ""))
    if given is None:
        return _field(visit, problem=visit.say("Write a title, or paste a link or an announcement."))
    return _proposed(visit, given)


@pages.post("/titles", Access.MEMBER, page="/add")
def follow(visit: Visit) -> ResponseReturnValue:
    """Have the reader follow the title that the form describes, and say the first message about it."""
    count(visit, ASKING)
    form = form_from(request.form)
    got = follow_title(visit.site.adder(), form.said, visit.person, visit.now)
    if isinstance(got, AddProposal):
        return _proposal(visit, form, got), 400
    visit.site.wake()
    return visit.back_to(f"/title/{got.kept.id}", notice_of(got, visit))


def _understood(visit: Visit, text: str, url: str, title: str) -> Given | None:
    return understand(text, visit.site.announcements().says_date, url=url, title=title)


def given_words(given: Given) -> str:
    """Return what was given as it goes into the field again."""
    match given:
        case GivenLink():
            return f"{given.beside} {given.url}".strip()
        case GivenEntry():
            return given.id
        case GivenText():
            return given.text
    name = given.name if given.season is None else f"{given.name} season {given.season}"
    return name if given.premiere is None else f"{name}, {given.premiere}"


# What was given ------------------------------------------------------------------------------------------------------


def _proposed(visit: Visit, given: Given) -> ResponseReturnValue:
    if isinstance(given, GivenName):
        return _looked_up(visit, SaidOfTitle(fields=given.fields()))
    if isinstance(given, GivenEntry):
        return _looked_up(visit, SaidOfTitle(fields={}, entry=given.id))
    count(visit, READING)
    reader = visit.site.announcements()
    if isinstance(given, GivenLink):
        return _announced(visit, given, reader.read_page(given.url, given.beside))
    return _announced(visit, given, reader.read_text(given.text))


def _looked_up(visit: Visit, said: SaidOfTitle) -> ResponseReturnValue:
    count(visit, ASKING)
    return _proposal(visit, AddForm(said=said), visit.site.adder().propose(said, visit.person, visit.now))


def _announced(visit: Visit, given: GivenLink | GivenText, read: GivenAnnouncement) -> ResponseReturnValue:
    """Show what was read in an announcement; a line in which nothing was is looked up as a name."""
    if not read.is_useful:
        if isinstance(given, GivenText) and (named := named_in(given.text)) is not None:
            return _looked_up(visit, SaidOfTitle(fields=named.fields()))
        problem = unread_words(read.unread, visit) or visit.say(
            "No title was found in this. Write what it is called, or paste more."
        )
        return _field(visit, text=given_words(given), problem=problem)
    host = host_of(read.url) if read.url and not read.unread else None
    form = form_of(read.found, host, visit.said) if read.found else AddForm(said=SaidOfTitle(fields={}))
    proposal = visit.site.adder().propose(form.said, visit.person, visit.now)
    return _proposal(visit, form, proposal, read)


def unread_words(unread: UnreadPage | None, visit: Visit) -> str | None:
    """Return why a page could not be read, and what to do instead; None where it could."""
    if unread is None:
        return None
    return str(visit.said(sentences((unread.sentence(visit.language), REMEDIES[unread.why]))))


# What is shown -------------------------------------------------------------------------------------------------------


def _field(visit: Visit, *, text: str = "", problem: str | None = None) -> ResponseReturnValue:
    address = visit.site.link("/add")
    page = visit.page("add.html", text=text, problem=problem, address=address, bookmarklet=bookmarklet(address))
    return page, 400 if problem else 200


def bookmarklet(address: str) -> str:
    """Return the address of a bookmark that brings the page it is pressed on to this one."""
    here, title = "encodeURIComponent(location.href)", "encodeURIComponent(document.title)"
    return f"javascript:location.href='{address}?url='+{here}+'&title='+{title}"


def _proposal(visit: Visit, form: AddForm, proposal: AddProposal, read: GivenAnnouncement | None = None) -> str:
    form = replace(form, said=proposal.said)
    fields = form.fields(proposal.problems)
    by_hand = [fields[name] for name in BY_OWN_HAND]
    return visit.page(
        "add_proposal.html",
        form=form,
        example_year=visit.now.year + 1,
        fields=fields,
        are_dates_folded=bool(proposal.matches) and not any(each.value or each.problem for each in by_hand),
        proposal=proposal,
        alike=[(name_of(kept.listing.title, visit.language), kept.listing.title) for kept in proposal.standing.alike],
        forms=FORMS,
        states=STATES,
        is_prose=looks_like_prose(fields["title"].value),
        leads=offered_leads(form.said, proposal.leads, visit.language),
        first_at=when_words(proposal.first, visit) if proposal.first else None,
        credit=credits_of(match.source for match in proposal.matches),
        **_read_values(read, form.said.host, visit),
    )


def _read_values(read: GivenAnnouncement | None, host: str | None, visit: Visit) -> dict[str, Any]:
    """Return what the page shows of an announcement beside its fields; nothing where there is none."""
    if read is None or read.found is None:
        return {"found": None, "others": ()}
    from reminder.usecases.announcement import PASSED_OVER

    others = [(choice, form_of(choice.options[1].reading, host, visit.said)) for choice in read.found.choices]
    return {
        "found": read.found,
        "others": others,
        "passed_over": PASSED_OVER,
        "unread": unread_words(read.unread, visit),
        "second": read.second,
    }


def when_words(first: FirstMessage, visit: Visit) -> str:
    """Return when a message comes, in the reader's zone: Wednesday, July 2, 9:00 AM."""
    on = first.at.astimezone(visit.zone).date()
    return visit.language.say("day.clock", day=weekday_and_day(on, visit), clock=hour(first.at, visit))


def notice_of(got: FollowedTitle, visit: Visit) -> str:
    """Return what is said once a title is followed: the first message, or why there is none yet."""
    name = isolated(short(got.kept.listing.title.name))
    told = [visit.say("You follow %(title)s.", title=name)]
    if not got.is_new:
        told = [visit.say("You follow %(title)s already.", title=name)]
    if got.first is not None:
        when, channels = when_words(got.first, visit), visit.language.listing(got.first.channels)
        told.append(visit.say("The first message: %(when)s over %(channels)s.", when=when, channels=channels))
    elif got.silence:
        told.append(visit.say("Nothing is to come: %(why)s.", why=str(visit.said(got.silence)).removesuffix(".")))
    for source, reason in got.silent.items():
        told.append(visit.say(NO_ANSWER, source=source, reason=in_language(reason, visit.language)))
    return str(visit.said(sentences(told)))
