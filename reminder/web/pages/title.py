"""Title: what the reader will hear of it and did not, how its date came, and what they can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reminder.core.model.entities import Release, Role
from reminder.core.text.markup import web_link
from reminder.core.text.phrases import place
from reminder.core.wording import Wording
from reminder.usecases.title_page.page import TitlePage, title_page
from reminder.web.pages.posters import posters_on
from reminder.web.routing import Access, Pages
from reminder.web.title_parts import MOST_LINES, choices_of, fold, sent_over, silent
from reminder.web.visit import Visit

pages: Final = Pages("title")


@dataclass(frozen=True, kw_only=True)
class WrongForm:
    """A form of the page that could not be taken: which, what was written, and what to write instead."""

    form: str = ""
    text: str = ""
    problems: tuple[str, ...] = ()


@pages.get("/title/<int:number>", Access.MEMBER)
def title(visit: Visit, number: int) -> ResponseReturnValue:
    """Show all that the reader may know of one title."""
    return show_title(visit, number)


def show_title(visit: Visit, number: int, wrong: WrongForm | None = None) -> str:
    """Return the page of a title, with what is `wrong` in a form of it. Raises NotFound where there is none to see."""
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
        unheard=silent([item for item in found.messages.unheard if item.was_due(visit.now)], visit.language),
        unwanted=silent([item for item in found.messages.unheard if not item.was_due(visit.now)], visit.language),
        sent_over=partial(sent_over, language=visit.language),
        choices={each.role: choices_of(each, visit.language) for each in found.leads},
        most=MOST_LINES,
        is_any_asked=bool(visit.site.config().source_names),
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


def ref_text(release: Release) -> str:
    """Return a release as a form names it: `2-1` for season 2 from episode 1, `-1` where there is no season."""
    return f"{'' if release.season is None else release.season}-{release.first}"
