"""History: what was sent to the reader, what was not and why; the owner sees everybody's."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reminder.core.errors import WrongInput
from reminder.core.model.entities import Kind
from reminder.core.model.ledger import State
from reminder.core.text.ledger_words import state_words
from reminder.core.wording import Wording
from reminder.usecases import family
from reminder.usecases.history_page import HistoryFilter, history_page
from reminder.usecases.messages import delivery_of, retry
from reminder.web.pages.upcoming import LONGEST_SEARCH, address
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("history")

FILTERS: Final = ("title", "channel", "state", "who")

AGAIN: Final = Wording("It will be tried again within half a minute.")
NO_CODE: Final = Wording("It will not be tried again: it was a code, which is kept no longer than it is valid.")
NOT_AGAIN: Final = {
    State.SENT: Wording("It will not be tried again: it was sent."),
    State.SENDING: Wording("It will not be tried again: it is being sent just now."),
    State.SUPERSEDED: Wording("It will not be tried again: another message said it all."),
    State.SKIPPED: Wording("It will not be tried again: it was skipped."),
}
"""What is said to who has a delivery tried again that cannot be, by what became of it."""


@pages.get("/history", Access.MEMBER)
def history(visit: Visit) -> ResponseReturnValue:
    """Show the ledger, the newest first, of a title, a channel, an outcome and, for the owner, a person."""
    asked = _asked(visit)
    titles = visit.site.names.known(visit.site.change_mark() if asked.title else None)
    with visit.site.database.read() as tx:
        page = history_page(tx, asked, reader=visit.settings, now=visit.now, names=titles)
        names = family.names(tx) if visit.is_owner else []

    def link(after: str = "") -> str:
        """Return the address of the page behind a cursor, with the same filters."""
        return address("/history", **_said(), after=after)

    return visit.page(
        "history.html",
        page=page,
        asked=asked,
        people=[*names, *({asked.person or ""} - {"", *names})] if visit.is_owner else [],
        outcomes={state: state_words(state, visit.language) for state in State},
        query=request.query_string.decode("ascii", "replace"),
        link=link,
    )


@pages.post("/history/<int:number>/retry", Access.MEMBER)
def try_again(visit: Visit, number: int) -> ResponseReturnValue:
    """Have a delivery tried again; a member's own alone."""
    grace = visit.site.config().grace
    whose = None if visit.is_owner else visit.person
    with visit.site.database.write() as tx:
        found = delivery_of(tx, number, whose)
        if found is None:
            raise NotFound
        try:
            retry(tx, [number], visit.now, grace, force=False, subscriber=whose)
            notice = AGAIN
        except WrongInput:
            notice = NO_CODE if found.kind is Kind.CODE else NOT_AGAIN.get(found.state, AGAIN)
    if notice is AGAIN:
        visit.site.wake()
    back = request.form.get("back", "")
    return visit.back_to(f"/history?{back}" if back else "/history", visit.said(notice))


def _said() -> dict[str, str]:
    """Return the filters as the address has them."""
    # No database takes a NUL in a text.
    given = {name: request.args.get(name, "").replace("\0", "") for name in (*FILTERS, "title_id")}
    return {name: text.strip()[:LONGEST_SEARCH] for name, text in given.items()}


def _asked(visit: Visit) -> HistoryFilter:
    said = _said()
    number = said["title_id"]
    return HistoryFilter(
        person=(said["who"] or None) if visit.is_owner else visit.person,
        title=said["title"],
        title_id=int(number) if number.isascii() and number.isdecimal() else None,
        channel=said["channel"],
        state=State(said["state"]) if said["state"] in set(State) else None,
        after=request.args.get("after"),
    )
