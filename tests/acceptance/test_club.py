"""A club in ten languages: who leaves, mutes or takes another hour while a date moves gets what was promised, and no more.

Three hundred members here; `python -m bench club` is the same with three thousand.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.support.club import answer_due, answers, club, short, whole_story
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.support.smtp import MailServer

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

MEMBERS: Final = 300
LEFT, MUTED, MOVED_HOUR = 10, 20, 8

IN_A_WEEK: Final = {
    "en": "Ballard premieres in 7 days",
    "de": "Ballard startet in 7 Tagen",
    "fr": "Ballard sort dans 7 jours",
    "es": "Ballard se estrena en 7 días",
    "pt-BR": "Ballard estreia em 7 dias",
    "it": "Ballard esce tra 7 giorni",
    "nl": "Ballard gaat over 7 dagen in première",
}
"""The first message as people who speak these languages read it; every other message is compared with what is composed."""


def test_everybody_gets_what_was_promised_in_their_language_and_why_explains_all_that_did_not_come(
    reminder: Reminder, sink: Sink, mail: MailServer
) -> None:
    with club(reminder, sink, mail, MEMBERS) as members:
        changed = whole_story(members, LEFT, MUTED, MOVED_HOUR)
        assert IN_A_WEEK.items() <= {member.language: member.heard[0] for member in members.members}.items()
        everybody = [*changed.left, *changed.muted, *changed.moved_hour]
        for member, title, rows in answers(members, everybody):
            assert short(rows) == answer_due(member)[title], (member.name, title, rows)
        for member in (changed.left[0], changed.muted[0], changed.moved_hour[0]):
            said = reminder.run("why", "Ballard", "--subscriber", member.name, "--json")
            assert short(said.json()) == answer_due(member)["Ballard"]
