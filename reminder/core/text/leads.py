"""Says leads, and why a message did not come, in words for the person whom it concerns."""

from __future__ import annotations

from typing import Final

from reminder.core.model.entities import Kind
from reminder.core.model.lead import Lead, Leads, Measure
from reminder.core.text.kept_texts import in_language
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.list_sentences import REASON_IDS

_MINUTES_AN_HOUR: Final = 60
_DAYS_A_WEEK: Final = 7


def lead_words(lead: Lead, language: Language = ENGLISH) -> str:
    """Return when a lead speaks: `7 days before`, `on the day`, `2 hours after`."""
    if lead.measure is Measure.RELEASE:
        return language.say("lead.release")
    if not lead.amount:
        return language.say("lead.day")
    unit, number = _span(lead)
    return language.say(f"lead.{unit}_{'before' if lead.amount > 0 else 'after'}", count=number)


def _span(lead: Lead) -> tuple[str, int]:
    amount = abs(lead.amount)
    if lead.is_day_lead:
        in_weeks = str(lead).endswith("w")
        return ("weeks", amount // _DAYS_A_WEEK) if in_weeks else ("days", amount)
    hours, rest = divmod(amount, _MINUTES_AN_HOUR)
    return ("minutes", amount) if rest else ("hours", hours)


def leads_words(leads: Leads, language: Language = ENGLISH) -> str:
    """Return the leads of a ladder in a sentence: `7 days before, 1 day before and on the day`; `none` for no leads."""
    return language.listing([lead_words(lead, language) for lead in leads]) if leads else language.say("lead.none")


def occasion(kind: Kind, lead: Lead | None, language: Language = ENGLISH, *, what: str = "") -> str:
    """Return on what occasion a message is sent: `7 days before`, `the date has moved`.

    `what` is its part of the key in the ledger, which tells what was asked for by a link from what came by itself.
    """
    if what in _BY_A_LINK:
        return language.say(f"kind.{what}")
    return lead_words(lead, language) if lead is not None else language.say(f"kind.{kind}")


def reason_words(reason: str, language: Language = ENGLISH) -> str:
    """Return why a message did not come, to the person whom it was for; what a service said stays as it is."""
    known = REASON_IDS.get(reason)
    return in_language(reason, language) if known is None else language.say(known)


_BY_A_LINK: Final = frozenset({"again", "deed"})
"""What a link in a message has led to: the same message again, and the one that tells of what was done."""
