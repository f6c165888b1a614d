"""Status: whether reminders go out, and what keeps them from it, as `reminder health` says it."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from reminder.core.text.kept_texts import in_language
from reminder.core.wording import Wording, sentences
from reminder.texts.languages.choice import reader_of
from reminder.usecases.health import beat_of, is_sending, state_of
from reminder.usecases.proposals import waiting
from reminder.usecases.title_page.dates import date_words
from reminder.web.pages.healthz import MAX_AGE
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("status")


@pages.get("/status", Access.OWNER)
def status(visit: Visit) -> ResponseReturnValue:
    """Show how the service fares."""
    config = visit.site.config()
    with visit.site.database.read() as tx:
        state = state_of(
            tx, name=config.name, channels=config.channel_names, sources=config.source_names, now=visit.now
        )
        beat = beat_of(tx, visit.site.heartbeat(), visit.now)
        proposed = waiting(tx)
    reader = reader_of(visit.reader)
    return visit.page(
        "status.html",
        state=state,
        beat=beat,
        proposals=[(each, date_words(each.when, reader)) for each in proposed],
        problems=state.problems(beat, visit.now, MAX_AGE),
        is_served=is_sending(beat, visit.now),
        not_taken=_not_taken(beat.config_problem, visit) if beat and beat.config_problem else None,
    )


def _not_taken(problem: str, visit: Visit) -> str:
    """Return why an edited config is not in use, and that the one before is."""
    language = visit.language
    why = language.stopped(language.capital(in_language(problem, language)))
    return str(visit.said(sentences((why, Wording("The one before goes on.")))))
