"""Adding a title for one person, on every database: what is proposed keeps nothing, and to press twice is to follow once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.core.errors import WrongInput
from reminder.core.sourcing.match import Unclear
from reminder.store.sql.tables import date_change, followed, message, subscriber, subscription, title
from reminder.store.title_commands import followers, kept_by_key
from reminder.usecases.add_title import AddProposal, TitleAdder
from reminder.usecases.follow_title import FollowedTitle, follow_title
from reminder.usecases.said_title import BY_HAND, SaidOfTitle
from reminder.usecases.standing import StandingState
from tests.support.adding import NOW, adder, bring, catalogues, household
from tests.support.catalogues import Catalogues, Mood
from tests.support.stores import Rig


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with catalogues() as made:
        yield made


@pytest.fixture
def adding(rig: Rig, there: Catalogues) -> TitleAdder:
    bring(rig.store, household())
    return adder(rig.store, there)


def said(entry: str | None = None, leads: list[str] | None = None, **fields: str) -> SaidOfTitle:
    return SaidOfTitle(fields=fields, entry=entry, leads=leads)


BALLARD = said(title="Ballard", premiere="July 9, 2027", platform="Prime Video", episodes="10", drop="all")


def follow(adding: TitleAdder, what: SaidOfTitle, name: str = "asha") -> FollowedTitle:
    got = follow_title(adding, what, name, NOW)
    assert isinstance(got, FollowedTitle), got
    return got


def refused(adding: TitleAdder, what: SaidOfTitle, name: str = "asha") -> AddProposal:
    got = follow_title(adding, what, name, NOW)
    assert isinstance(got, AddProposal), got
    return got


def followers_of(rig: Rig, key: str) -> tuple[str, ...]:
    with rig.store.read() as tx:
        return followers(tx, kept_by_key(tx, [key])[key].id, None)


def all_rows(rig: Rig) -> list[object]:
    return [rig.rows(select(table)) for table in (title, subscription, followed, date_change, message, subscriber)]


def test_a_proposal_says_the_first_message_and_keeps_nothing(rig: Rig, adding: TitleAdder) -> None:
    before = all_rows(rig)
    got = adding.propose(BALLARD, "asha", NOW)
    assert got.problems == {}
    assert got.first is not None
    assert (got.first.at.isoformat(), got.first.channels) == ("2027-07-02T03:30:00+00:00", ("phone",))
    assert got.first.words.subject == "Ballard premieres in 7 days"
    assert [lead.key for lead in got.leads] == ["7d", "1d", "day"]
    assert got.standing.state is StandingState.NEW
    assert all_rows(rig) == before


def test_each_person_is_told_by_their_own_leads_hours_and_channels(adding: TitleAdder) -> None:
    ravi = adding.propose(BALLARD, "ravi", NOW)
    assert [lead.key for lead in ravi.leads] == ["3d", "day"]
    assert ravi.first is not None
    assert (ravi.first.at.isoformat(), ravi.first.channels) == ("2027-07-06T13:00:00+00:00", ("mail",))


def test_a_title_is_followed_by_one_person_and_pressing_twice_follows_once(rig: Rig, adding: TitleAdder) -> None:
    first = follow(adding, BALLARD)
    assert first.is_new
    assert first.first is not None
    assert first.first.words.subject == "Ballard premieres in 7 days"
    assert followers_of(rig, "ballard") == ("asha",)
    before = all_rows(rig)
    again = follow(adding, BALLARD)
    assert (again.is_new, again.kept.id, again.first) == (False, first.kept.id, first.first)
    assert all_rows(rig) == before


def test_who_presses_twice_at_once_follows_once(rig: Rig, there: Catalogues) -> None:
    bring(rig.store, household())
    with ThreadPoolExecutor(4) as pool:
        stores = [rig.another() for _ in range(4)]
        got = list(pool.map(lambda store: follow_title(adder(store, there), BALLARD, "asha", NOW), stores))
    assert sorted(each.is_new for each in got if isinstance(each, FollowedTitle)) == [False, False, False, True]
    assert followers_of(rig, "ballard") == ("asha",)
    assert rig.rows(select(date_change)) == []


def test_what_others_watch_is_followed_beside_them_and_stays_as_it_is_for_them(rig: Rig, adding: TitleAdder) -> None:
    follow(adding, BALLARD, "ravi")
    proposal = adding.propose(said(title="ballard", premiere="July 10, 2027"), "asha", NOW)
    assert proposal.standing.state is StandingState.WATCHED
    assert proposal.standing.kept is not None
    assert proposal.standing.kept.listing.title.premiere.show() == "2027-07-09"
    assert proposal.first is not None
    assert proposal.first.at.isoformat() == "2027-07-02T03:30:00+00:00"
    got = follow(adding, said(title="ballard", premiere="July 10, 2027"), "asha")
    assert got.kept.listing.title.premiere.show() == "2027-07-09"
    assert followers_of(rig, "ballard") == ("asha", "ravi")
    assert rig.rows(select(date_change)) == []


def test_own_leads_count_for_this_title_alone(rig: Rig, adding: TitleAdder) -> None:
    got = follow(adding, said(leads=["2d", "30d"], title="Ballard", premiere="July 9, 2027"))
    assert got.first is not None
    assert got.first.words.subject == "Ballard premieres in 30 days"
    usual = follow(adding, said(leads=["7d", "1d", "day"], title="Foundation", premiere="July 9, 2027"))
    assert usual.kept.listing.followers == {}
    own = {row.name: row.own_ladder for row in rig.rows(select(title.c.name, subscription).join(subscription))}
    assert (own["Ballard"], own["Foundation"]) == ({"premiere": ["2d", "30d"]}, None)


def test_no_lead_at_all_leaves_only_notices(adding: TitleAdder) -> None:
    got = adding.propose(said(leads=[], title="Ballard", premiere="July 9, 2027"), "asha", NOW)
    assert got.first is None
    assert got.silence


def test_what_the_config_lists_is_followed_beside_those_for_whom_it_does_and_stays_as_it_is(
    rig: Rig, adding: TitleAdder
) -> None:
    assert adding.propose(said(title="Dune"), "ravi", NOW).standing.state is StandingState.WATCHED
    theirs = follow(adding, said(title="Dune", premiere="2026-12-19"), "ravi")
    assert theirs.is_new
    assert theirs.first is not None
    assert theirs.first.words.subject == "Dune premieres in 3 days"
    assert followers_of(rig, "dune") == ("asha", "ravi")
    before = all_rows(rig)
    bring(rig.store, household())
    assert all_rows(rig) == before
    ours = follow(adding, said(title="Dune", premiere="2026-12-19"), "asha")
    assert not ours.is_new
    assert ours.kept.listing.title.premiere.show() == "2026-12-18"
    assert not follow(adding, said(title="silo", premiere="2026-11-20"), "ravi").is_new
    assert all_rows(rig) == before


def test_a_name_that_is_plainly_meant_is_followed_through_its_source(rig: Rig, adding: TitleAdder) -> None:
    proposal = adding.propose(said(title="harbour lights"), "asha", NOW)
    assert proposal.match is not None
    assert (proposal.match.id, proposal.match.service, proposal.match.year) == ("tvmaze:7", "Quay", 2026)
    assert proposal.listing is not None
    assert proposal.listing.title.name == "Harbour Lights"
    assert proposal.first is not None
    assert proposal.first.words.subject == "Harbour Lights season 1 premieres tomorrow"
    got = follow(adding, said(title="harbour lights"))
    assert got.first is not None
    assert (got.first.at, got.first.words.subject) == (proposal.first.at, proposal.first.words.subject)
    assert [row.ref for row in rig.rows(select(followed))] == ["7"]
    assert got.silent == {}


def test_of_several_one_has_to_be_chosen(rig: Rig, adding: TitleAdder) -> None:
    proposal = refused(adding, said(title="The Office"))
    assert isinstance(proposal.found, Unclear)
    assert proposal.is_undecided
    assert "entry" in proposal.problems
    assert [(match.id, match.year, match.country) for match in proposal.matches] == [
        ("tvmaze:20", 2001, "GB"),
        ("tvmaze:21", 2005, "US"),
    ]
    got = follow(adding, said("tvmaze:21", title="The Office"))
    assert [row.ref for row in rig.rows(select(followed))] == ["21"]
    assert got.kept.listing.title.sourced is not None


def test_another_work_of_a_watched_name_gets_a_name_of_its_own(rig: Rig, adding: TitleAdder) -> None:
    follow(adding, said("tvmaze:21", title="The Office"), "ravi")
    got = follow(adding, said("tvmaze:20", title="The Office"), "asha")
    assert got.kept.listing.title.name == "The Office (2001)"
    assert followers_of(rig, "the office") == ("ravi",)
    assert follow(adding, said("tvmaze:20", title="The Office"), "asha").is_new is False


def test_one_work_under_two_names_is_watched_once(rig: Rig, adding: TitleAdder) -> None:
    follow(adding, said("tvmaze:7", title="The Lights"), "ravi")
    got = follow(adding, said("tvmaze:7", title="My Harbour"), "asha")
    assert followers_of(rig, got.kept.listing.title.key) == ("asha", "ravi")
    assert len(rig.rows(select(followed))) == 1


def test_none_of_these_is_watched_without_a_date_and_not_pinned_later(rig: Rig, adding: TitleAdder) -> None:
    got = follow(adding, said(BY_HAND, title="Harbour Lights"))
    assert got.first is None
    adding.refresher.refresh(NOW + timedelta(hours=1))
    assert [row for row in rig.rows(select(followed)) if row.ref] == []


def test_an_entry_alone_has_its_name_from_its_source(adding: TitleAdder, there: Catalogues) -> None:
    got = adding.propose(said("tvmaze:7"), "asha", NOW)
    assert got.listing is not None
    assert got.listing.title.name == "Harbour Lights"
    assert adding.propose(said("tvmaze:99"), "asha", NOW).problems.keys() == {"title"}
    assert "tmdb" in adding.propose(said("tmdb:movie/1"), "asha", NOW).problems["title"]


def test_a_source_that_is_silent_is_said_to_be_and_keeps_nobody_from_following(
    rig: Rig, adding: TitleAdder, there: Catalogues
) -> None:
    there.mood = Mood.DOWN
    assert adding.propose(BALLARD, "asha", NOW).first is not None
    proposal = adding.propose(said("tvmaze:7", title="Harbour Lights"), "asha", NOW)
    assert proposal.silent
    got = follow(adding, said("tvmaze:7", title="Harbour Lights"))
    assert "Harbour Lights" in got.silent
    assert got.first is None
    unknown = follow(adding, said(title="Salt Road"))
    assert unknown.is_new


def test_without_sources_a_title_is_watched_all_the_same(rig: Rig) -> None:
    bring(rig.store, household())
    assert follow(adder(rig.store, None), said(title="Salt Road")).is_new


def test_all_problems_come_at_once_by_their_fields(adding: TitleAdder) -> None:
    got = refused(
        adding,
        said(leads=["soon"], title=" ", premiere="next Friday", season="two", episodes="-1", kind="opera", link="x"),
    )
    assert got.problems.keys() == {"title", "premiere", "season", "episodes", "kind", "link", "remind"}
    assert [text for text in got.problems.values() if "--" in text] == []


def test_who_is_not_there_follows_nothing(adding: TitleAdder) -> None:
    with pytest.raises(WrongInput, match="nobody"):
        adding.propose(BALLARD, "mallory", NOW)
