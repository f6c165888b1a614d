"""Says leads, and why a message did not come, in words for the person whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.model.entities import Kind
from reminder.core.model.lead import Lead, Leads, Measure
from reminder.core.model.ledger import Reason
from reminder.core.text import english

_MINUTES_AN_HOUR: Final = 60
_DAYS_A_WEEK: Final = 7


def lead_words(lead: Lead) -> str:
    """Return when a lead speaks: `7 days before`, `on the day`, `2 hours after`."""
    if lead.measure is Measure.RELEASE:
        return "the moment it is out"
    if not lead.amount:
        return "on the day"
    return f"{_span(lead)} {'before' if lead.amount > 0 else 'after'}"


def _span(lead: Lead) -> str:
    amount = abs(lead.amount)
    if lead.is_day_lead:
        in_weeks = str(lead).endswith("w")
        return english.count(amount // _DAYS_A_WEEK, "week") if in_weeks else english.count(amount, "day")
    hours, rest = divmod(amount, _MINUTES_AN_HOUR)
    return english.count(amount, "minute") if rest else english.count(hours, "hour")


def leads_words(leads: Leads) -> str:
    """Return the leads of a ladder in a sentence: `7 days before, 1 day before and on the day`; `none` for no leads."""
    return english.listing([lead_words(lead) for lead in leads]) if leads else "none"


_KINDS: Final[Mapping[Kind, str]] = {
    Kind.REMINDER: "reminder",
    Kind.WINDOW: "expected, with no day known",
    Kind.ANNOUNCED: "a date is announced",
    Kind.MOVED: "the date has moved",
    Kind.WITHDRAWN: "the date is withdrawn",
    Kind.CANCELLED: "it is cancelled",
    Kind.MISSED: "what came out while nothing could be sent",
}


def occasion(kind: Kind, lead: Lead | None) -> str:
    """Return on what occasion a message is sent: `7 days before`, `the date has moved`."""
    return lead_words(lead) if lead is not None else _KINDS.get(kind, str(kind))


_REASONS: Final[Mapping[str, str]] = {
    Reason.SUBSCRIBED_LATER: "you began to follow it later",
    Reason.ADDED_LATER: "the reminder, or the channel, was added later",
    Reason.MUTED: "it was muted",
    Reason.PAUSED: "a pause was on",
    Reason.CANCELLED: "it is cancelled",
    Reason.MOVED: "the date has moved",
    Reason.MOVED_BACK: "the date moved back before you were told",
    Reason.KNOWN: "you had heard of the new date already",
    Reason.NO_TIME: "it counts hours, and only the day is known",
    Reason.NOT_WANTED: "you do not want notices of this kind",
    Reason.NO_CHANNEL: "none of your channels takes it",
    Reason.CHANNEL_GONE: "its channel is gone",
    Reason.SAME_ADDRESS: "it comes there over another channel",
    Reason.UNLISTED: "you no longer followed it",
    Reason.BY_NOTICE: "the notice of the new date said it all",
    Reason.BY_LATER: "a later message said it all",
    Reason.SAID_TODAY: "the same had been said there that day",
    Reason.PUT_RIGHT: "it was a slip, put right before you were told",
    Reason.OVER: "it was too late before it could be tried",
    Reason.RESTORED: "the database was restored from an older copy",
    Reason.FORGOTTEN: "it is older than the history is kept",
}


def reason_words(reason: str) -> str:
    """Return why a message did not come, to the person whom it was for; what a service said stays as it is."""
    return _REASONS.get(reason, reason)
