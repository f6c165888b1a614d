"""Leads and reasons as a person reads them."""

from __future__ import annotations

import pytest

from reminder.core.model.entities import Kind
from reminder.core.model.lead import DEFAULT_LADDER, Lead
from reminder.core.model.ledger import Reason
from reminder.core.text.leads import lead_words, leads_words, occasion, reason_words

WORDS = {
    "7d": "7 days before",
    "1d": "1 day before",
    "2w": "2 weeks before",
    "1w": "1 week before",
    "day": "on the day",
    "release": "the moment it is out",
    "12h": "12 hours before",
    "1h": "1 hour before",
    "45m": "45 minutes before",
    "90m": "90 minutes before",
    "+1d": "1 day after",
    "+2h": "2 hours after",
}


@pytest.mark.parametrize("spelling", WORDS)
def test_a_lead_is_said(spelling: str) -> None:
    assert lead_words(Lead.parse(spelling)) == WORDS[spelling]


def test_a_ladder_is_a_sentence_and_no_leads_are_said_too() -> None:
    assert leads_words(DEFAULT_LADDER.of("premiere")) == "7 days before, 1 day before and on the day"
    assert leads_words(()) == "none"


def test_an_occasion_is_the_lead_else_the_kind_of_message() -> None:
    said = {occasion(kind, None) for kind in Kind}
    assert len(said) == len(Kind)
    assert occasion(Kind.REMINDER, Lead.parse("day")) == "on the day"


def test_every_reason_has_words_and_what_a_service_said_stays() -> None:
    same = {reason for reason in Reason if reason_words(reason) == reason}
    assert same == {Reason.CHANNEL_GONE, Reason.SAME_ADDRESS}
    assert reason_words("535 wrong password") == "535 wrong password"
