"""Titles that are followed, changed and taken away by a program, in the name of the token's person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from werkzeug.exceptions import NotFound

from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Follow, TitleKind
from reminder.usecases.add_title import AddProposal
from reminder.usecases.announcement_reader import GivenAnnouncement
from reminder.usecases.follow_title import follow_title
from reminder.usecases.rows.fields import FieldText
from reminder.usecases.rows.titles import AddedRow, RemovedRow, added_row, removed_row
from reminder.usecases.said_title import BY_HAND, SaidOfTitle
from reminder.usecases.title_edit import drop_title, edit_title
from reminder.usecases.titles import view_numbered
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.links import LinkFields, links_to
from reminder.web.api.problems import ErrorRow, WrongFields
from reminder.web.api.reading import Published, Text, Url, heard
from reminder.web.api.titles import next_about
from reminder.web.api.whose import Whose, access_to_change, number_of
from reminder.web.limits import ASKING, count
from reminder.web.visit import Visit

if TYPE_CHECKING:
    from reminder.usecases.announcement import Announcement

calls: Final = Calls("title_changes")

_OPTION: Final = re.compile(r"--([a-z]+)[a-z.]*: (.+)", re.DOTALL)
_OPTIONS: Final = re.compile(r"--([a-z]+)")
_ENTRY: Final = re.compile(r"^(?:hand|[a-z]+:\S+)$")


_WHEN: Final = (
    f"When it comes out, as exactly as it is known: {EXAMPLE_YEAR}-07-09, July {EXAMPLE_YEAR}, Q3 {EXAMPLE_YEAR}."
)


class TitleFieldsInput(ApiInput):
    """What can be said of a title, as a config spells it."""

    season: Annotated[int | None, Field(ge=0, description="Which season.")] = None
    premiere: Annotated[str | None, Field(description=_WHEN)] = None
    platform: Annotated[str | None, Field(description="Where it comes out.")] = None
    episodes: Annotated[int | None, Field(ge=1, description="How many episodes the season has.")] = None
    drop: Annotated[str | None, Field(description="How they come out: all, weekly, daily, 2 then weekly.")] = None
    kind: Annotated[TitleKind | None, Field(description="The sort of work.")] = None
    note: Annotated[str | None, Field(description="A line of one's own for the message.")] = None
    link: Annotated[str | None, Field(description="A web address for the message.")] = None


class NewTitleBody(TitleFieldsInput):
    """A title to follow: an announcement of it, or its name, or its entry, with what else is known."""

    text: Text = None
    url: Url = None
    published: Published = None
    title: Annotated[str | None, Field(description="What it is called.")] = None
    entry: Annotated[
        str | None,
        Field(pattern=_ENTRY.pattern, description="The entry that its dates come from: tvmaze:44933; hand for none."),
    ] = None
    leads: Annotated[list[str] | None, Field(description="The person's own leads for it: 7d, 1d, day.")] = None

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse a title that is described in two ways, or in none."""
        others = self.model_fields_set - {"text", "url", "published", "leads"}
        announced = [each for each in (self.text, self.url) if each is not None]
        if len(announced) + bool(others) > 1:
            raise ValueError("give either text, or url, or the fields of a title")
        if not announced and not (self.title or "").strip() and self.entry in {None, BY_HAND}:
            raise ValueError("give the title, its entry, or the text of an announcement")
        return self


class AddedItem(AddedRow, LinkFields):
    """A title that is followed, and what comes next about it."""

    is_new: Annotated[bool, FieldText("Whether it was not followed before.")]


@calls.change("POST", "/titles", AddedItem, "Follow a title", body=NewTitleBody, status=201)
def follow(visit: Visit, body: NewTitleBody) -> AddedItem:
    """Have the token's person follow a title; its source is asked for its dates. Following it twice is following it."""
    count(visit, ASKING)
    found = follow_title(visit.site.adder(), _said(visit, body), visit.person, visit.now)
    if isinstance(found, AddProposal):
        raise WrongFields(_why_not(found))
    visit.site.wake()
    return _added(visit, found.kept.id, is_new=found.is_new)


def _said(visit: Visit, body: NewTitleBody) -> SaidOfTitle:
    if body.text is not None or body.url is not None:
        found = _sure(heard(visit, body.text, body.url, body.published), "text" if body.url is None else "url")
        host = urlsplit(body.url).hostname if body.url else None
        return SaidOfTitle(fields=found.fields(), leads=body.leads, sentence=found.evidence.get("premiere"), host=host)
    said = body.model_dump(mode="json", include=set(TitleFieldsInput.model_fields) | {"title"}, exclude_none=True)
    return SaidOfTitle(fields={name: str(value) for name, value in said.items()}, entry=body.entry, leads=body.leads)


def _sure(given: GivenAnnouncement, field: str) -> Announcement:
    """Return what was read if it has a title and a date, sure enough to be followed unseen. Raises WrongFields."""
    found = given.found
    if found is not None and found.title is not None and found.written() is not None and found.is_sure:
        return found
    why = "this is too unsure to be followed unseen"
    if found is None:
        why = given.unread.reason if given.unread else "there is nothing in it to read"
    elif found.title is None or found.written() is None:
        why = f"no {'date of release' if found.title else 'title'} was found in it"
    raise WrongFields([{"field": field, "detail": f"{why}; POST /read shows what is read, sentence by sentence"}])


def _why_not(found: AddProposal) -> Sequence[ErrorRow]:
    """Return why a title is not followed as it was described."""
    problems = dict(found.problems)
    if "entry" in problems and found.matches:
        known = "; ".join(f"{each.id} ({each.name}{f', {each.year}' if each.year else ''})" for each in found.matches)
        problems["entry"] = f"{problems['entry']}: {known}"
    return [{"field": name, "detail": text} for name, text in problems.items()]


def _added(visit: Visit, number: int, *, is_new: bool) -> AddedItem:
    whose = Whose(number=number_of(visit), name=visit.person)
    with visit.site.database.read() as tx:
        view = view_numbered(tx, number, None)
        if view is None:
            raise NotFound
        coming = next_about(tx, visit, view, whose)
    row = added_row(view.kept.listing.title, visit.today, coming)
    return {**row, **links_to(visit, number), "is_new": is_new}


class ChangeBody(TitleFieldsInput):
    """What changes of a title; an empty text, or null, takes away what was set before."""

    title: Annotated[str | None, Field(description="What it is called from now on.")] = None
    follow: Annotated[Follow | None, Field(description="Which of its releases are followed.")] = None
    cancelled: Annotated[bool | None, Field(description="Whether it will not come out.")] = None


@calls.change("PATCH", "/titles/<int:number>", AddedItem, "Change a title that was added", body=ChangeBody)
def change(visit: Visit, body: ChangeBody, number: int) -> AddedItem:
    """Change what is said of a title; whoever is not the owner changes only what nobody else follows."""
    written = body.model_dump(mode="json", exclude_unset=True)
    if not written:
        raise WrongFields([{"detail": "nothing to change: the description of this call lists what can be changed"}])
    said = {name: _as_text(value) for name, value in written.items()}
    try:
        with visit.site.database.write() as tx:
            edit_title(tx, visit.site.config(), access_to_change(tx, visit, number), said, visit.now)
    except WrongInput as error:
        raise WrongFields([_error(text) for text in error.problems]) from None
    visit.site.wake()
    return _added(visit, number, is_new=False)


def _as_text(value: object) -> str:
    """Return a value as an option of `change` spells it; nothing for what is taken away."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(text: str) -> ErrorRow:
    """Return a problem that `change` would have, without options of the command line."""
    found = _OPTION.fullmatch(text)
    detail = _OPTIONS.sub(r"\1", found[2] if found else text)
    return {"field": found[1], "detail": detail} if found else {"detail": detail}


@calls.change("DELETE", "/titles/<int:number>", RemovedRow, "Stop following a title; the owner stops watching it")
def remove(visit: Visit, number: int) -> RemovedRow:
    """Stop following a title, or, as the owner, stop watching it for everybody."""
    with visit.site.database.write() as tx:
        access = access_to_change(tx, visit, number)
        drop_title(tx, visit.site.config(), access, visit.now)
    visit.site.wake()
    return removed_row(access.kept)
