"""The words for what stands in the ledger: what a message was for, and what became of it."""

from __future__ import annotations

from typing import Final

from reminder.core.model.entities import Kind
from reminder.core.model.lead import Lead, LeadError, Measure
from reminder.core.model.ledger import State
from reminder.core.text import english

STATE_WORDS: Final = {
    State.DUE: "waits for its turn",
    State.SENDING: "on its way",
    State.RETRYING: "failed, is tried again",
    State.SENT: "sent",
    State.SUPERSEDED: "left out",
    State.EXPIRED: "too late to be of use",
    State.FAILED: "given up",
    State.SKIPPED: "not sent",
}
"""What became of a delivery, in plain words."""

_KIND_WORDS: Final = {
    Kind.REMINDER: "reminder",
    Kind.WINDOW: "its time begins",
    Kind.ANNOUNCED: "date announced",
    Kind.MOVED: "date moved",
    Kind.WITHDRAWN: "date withdrawn",
    Kind.CANCELLED: "cancelled",
    Kind.DIGEST: "digest",
    Kind.MISSED: "was missed",
    Kind.TROUBLE: "trouble",
    Kind.TEST: "test",
    Kind.CODE: "code to sign in",
}


def purpose(kind: Kind, lead: str | None) -> str:
    """Return what a message is for: `7 days before`, `on the day`, `date moved`."""
    try:
        return _KIND_WORDS[kind] if lead is None else lead_words(Lead.parse(lead))
    except LeadError:  # a row that an older version wrote
        return lead or _KIND_WORDS[kind]


def lead_words(lead: Lead) -> str:
    """Return a lead in words: `7 days before`, `on the day`, `at the release`, `2 hours after`."""
    if lead.measure is Measure.RELEASE:
        return "at the release"
    if not lead.amount:
        return "on the day"
    amount = abs(lead.amount)
    if lead.measure is Measure.DAYS:
        how_long = english.count(amount, "day")
    elif amount % 60 == 0:
        how_long = english.count(amount // 60, "hour")
    else:
        how_long = english.count(amount, "minute")
    return f"{how_long} {'after' if lead.amount < 0 else 'before'}"
