"""Dates that members propose to the owner: kept, told, taken or declined, on every database."""

from __future__ import annotations

import pytest

from reminder.core.errors import WrongInput
from reminder.store.forget import forget_person
from reminder.store.proposals import DateProposal
from reminder.usecases import proposals
from reminder.usecases.title_page.access import access_to
from tests.contract.test_title_page import DUNE, FAMILY, WATCH, Home
from tests.support.rules import a_title
from tests.support.stores import Rig

MIRA = FAMILY + "  mira: {channels: [mail]}\n"


@pytest.fixture
def home(rig: Rig) -> Home:
    home = Home(WATCH, "2025-06-20 12:00", base=MIRA, on=rig.store)
    home.add(DUNE)
    return home


def propose(home: Home, text: str = "2025-09-01", person: str = "ravi", name: str = "Dune") -> None:
    config, now = home.app.config, home.clock.now()
    home.act(name, person, lambda tx, access: proposals.propose_date(tx, config, access, text, now))


def waiting(home: Home) -> tuple[DateProposal, ...]:
    with home.store.read() as tx:
        return proposals.waiting(tx)


def decide(home: Home, number: int, *, take: bool, name: str = "Dune") -> None:
    config, now = home.app.config, home.clock.now()
    with home.store.write() as tx:
        access = access_to(tx, home.number(name), "asha", is_owner=True, to_change=True)
        assert access is not None
        if take:
            proposals.take_proposal(tx, config, access, number, now)
        else:
            proposals.decline_proposal(tx, access, number, now)


def told(home: Home, person: str = "asha") -> list[str]:
    """Return the subjects of what this person was told over one channel."""
    return [item.words.subject for item in home.arrived if item.subscriber == person and item.channel == "mail"]


def test_a_date_is_proposed_told_once_and_taken_and_said_to_be_of_whoever_proposed_it(home: Home) -> None:
    propose(home, "September 1, 2025")
    home.live("2025-06-22 12:00")
    assert told(home) == ["ravi proposes a date for Dune: Monday, September 1, 2025"]
    (made,) = waiting(home)
    decide(home, made.id, take=True)
    assert waiting(home) == ()
    page = home.shown("Dune", "ravi")
    assert page.next is not None
    assert page.next.date == "Monday, September 1, 2025"
    by = {who: [item.by for item in home.shown("Dune", who).changes] for who in ("asha", "ravi", "mira")}
    assert by == {"asha": ["by hand, as ravi proposed"], "ravi": ["by hand, as ravi proposed"], "mira": ["by hand"]}
    assert [each.proposal.is_taken for each in page.proposals] == [True]
    assert home.shown("Dune", "mira").proposals == ()
    home.live("2025-06-24 12:00")
    assert told(home, "mira") == ["Dune moved from August 1 to September 1, 2025"]


def test_a_date_that_is_declined_changes_nothing_and_its_member_sees_that(home: Home) -> None:
    before = home.shown("Dune", "mira")
    propose(home)
    (made,) = waiting(home)
    decide(home, made.id, take=False)
    assert home.shown("Dune", "mira") == before
    assert [each.proposal.is_taken for each in home.shown("Dune", "ravi").proposals] == [False]
    with pytest.raises(WrongInput, match="this was decided already"):
        decide(home, made.id, take=True)
    with pytest.raises(WrongInput, match="no such proposal"):
        decide(home, made.id, take=True, name="Silo")
    with pytest.raises(WrongInput, match="no such proposal"):
        decide(home, 2**70, take=True)


def test_one_who_proposes_again_has_one_proposal_and_nobody_is_flooded(home: Home) -> None:
    for day in range(1, 8):
        home.at(f"2025-06-20 12:0{day}")
        propose(home, f"2025-09-0{day}")
    propose(home, "2025-10-01", person="mira")
    assert [(each.person, each.when.show()) for each in waiting(home)] == [
        ("ravi", "2025-09-07"),
        ("mira", "2025-10-01"),
    ]
    home.live("2025-06-20 18:00")
    assert len(told(home)) == 3
    home.live("2025-06-23 12:00")
    assert told(home)[3:] == ["More dates are proposed"]


def test_who_proposes_very_many_waits_for_the_owner(home: Home) -> None:
    for number in range(proposals.MOST_OPEN):
        home.add(a_title(f"Number {number}", "2025-08-01"))
        propose(home, name=f"Number {number}")
    with pytest.raises(WrongInput, match="asha has not decided your last proposals yet"):
        propose(home)


@pytest.mark.parametrize(
    ("name", "person", "text", "why"),
    [
        ("Dune", "ravi", "09/07/2025", "2025-07-09"),
        ("Dune", "ravi", "", "write a date"),
        ("Dune", "asha", "2025-09-01", "you can put the date of Dune right yourself"),
        ("Silo", "ravi", "2025-09-01", "Silo is listed in the config: asha can change it there"),
    ],
)
def test_what_cannot_be_proposed_is_refused_in_words(home: Home, name: str, person: str, text: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why):
        propose(home, text, person, name)
    assert waiting(home) == ()


def test_who_alone_follows_it_puts_it_right_instead(home: Home) -> None:
    for name in ("asha", "mira"):
        home.stop("Dune", name)
    with pytest.raises(WrongInput, match="you can put the date of Dune right yourself"):
        propose(home)


def test_nothing_is_left_of_what_somebody_proposed_who_is_forgotten(home: Home) -> None:
    propose(home)
    (made,) = waiting(home)
    decide(home, made.id, take=True)
    with home.store.write() as tx:
        forget_person(tx, "ravi", home.clock.now())
    assert [item.by for item in home.shown("Dune").changes] == ["by hand"]


def test_what_waits_about_a_title_that_is_no_longer_watched_waits_no_more(home: Home) -> None:
    propose(home)
    for name in ("asha", "ravi", "mira"):
        home.stop("Dune", name)
    assert waiting(home) == ()
