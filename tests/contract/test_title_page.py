"""One title as one person sees it, and what they do about it for themselves alone, on every database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Connection, select

from reminder.core.errors import StoreLocked, WrongInput
from reminder.core.model.entities import Role, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import State
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.refresh.resolving import resolve_dates
from reminder.store.forget import forget_person
from reminder.store.sql.store import Store
from reminder.store.sql.tables import title
from reminder.store.title_commands import put, put_again
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.usecases.title_page.choice import FollowingChoice, ListedBy
from reminder.usecases.title_page.leads import LeadsOrigin
from reminder.usecases.title_page.origin import GivenBy
from reminder.usecases.title_page.page import TitlePage, title_page
from tests.support.rules import a_title
from tests.support.stores import PATIENCE, Rig, watching
from tests.support.world import World

FAMILY = """
timezone: Asia/Kolkata
operator: asha
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/p"}
subscribers:
  asha: {channels: [mail, phone]}
  ravi: {channels: [mail], timezone: America/New_York, at: 20:00, clock: 24h}
"""
WATCH = """
watch:
  - {title: Ballard, premiere: 2025-07-09, episodes: 10, platform: Prime Video, for: asha}
  - {title: Silo, season: 3, premiere: 2025-07, for: [asha, ravi]}
"""

Act = Callable[[Connection, TitleAccess], object]


@dataclass
class Home(World):
    """A household on one of the databases, looked at through the page of a title."""

    on: Store | None = None

    def make_store(self) -> Store:
        assert self.on is not None
        return self.on

    def at(self, local: str) -> Home:
        super().at(local)
        return self

    def number(self, name: str) -> int:
        with self.store.read() as tx:
            found: int = tx.execute(select(title.c.id).where(title.c.name == name)).scalar_one()
            return found

    def page(self, name: str, person: str = "asha") -> TitlePage | None:
        with self.store.read() as tx:
            config, now = self.app.config, self.clock.now()
            return title_page(tx, config, self.number(name), person, now, is_owner=person == config.operator)

    def shown(self, name: str, person: str = "asha") -> TitlePage:
        found = self.page(name, person)
        assert found is not None
        return found

    def act(self, name: str, person: str, what: Act) -> None:
        with self.store.write() as tx:
            is_owner = person == self.app.config.operator
            access = access_to(tx, self.number(name), person, is_owner=is_owner, to_change=True)
            assert access is not None
            what(tx, access)

    def stop(self, name: str, person: str) -> None:
        self.act(name, person, lambda tx, access: actions.stop(tx, access, self.clock.now()))

    def follow(self, name: str, person: str) -> None:
        self.act(name, person, lambda tx, access: actions.follow(tx, self.app.config, access, self.clock.now()))

    def leads(self, name: str, person: str, **written: str) -> None:
        chosen = {Role(role): text for role, text in written.items()} or None
        self.act(name, person, lambda tx, access: actions.set_leads(tx, access, chosen, self.clock.now()))

    def correct(self, name: str, person: str, text: str = "2025-09-01", *, is_slip: bool = False) -> None:
        self.act(
            name,
            person,
            lambda tx, access: actions.correct_date(
                tx, self.app.config, access, text, self.clock.now(), is_slip=is_slip
            ),
        )

    def add(self, item: Title, **over: object) -> None:
        with self.store.write() as tx:
            entry = ListedEntry(title=item, **over)  # type: ignore[arg-type]
            put(tx, entry, self.clock.now(), self.app.config.grace, resolve_dates)

    def coming(self, name: str, person: str) -> list[str]:
        page = self.shown(name, person)
        return [f"{item.at.astimezone(page.reader.zone):%m-%d %H:%M} {item.subject}" for item in page.messages.ahead]


@pytest.fixture
def home(rig: Rig) -> Home:
    return Home(WATCH, "2025-06-20 12:00", base=FAMILY, on=rig.store)


DUNE = a_title("Dune", "2025-08-01")


# Who sees it ---------------------------------------------------------------------------------------------------------


def test_a_member_sees_what_they_follow_and_the_owner_everything(home: Home) -> None:
    home.add(DUNE, followers={"ravi": None})
    seen = {
        (name, who): home.page(name, who) is not None
        for name in ("Ballard", "Silo", "Dune")
        for who in ["asha", "ravi"]
    }
    assert seen == {
        ("Ballard", "asha"): True,
        ("Ballard", "ravi"): False,
        ("Silo", "asha"): True,
        ("Silo", "ravi"): True,
        ("Dune", "asha"): True,
        ("Dune", "ravi"): True,
    }
    assert (home.shown("Dune").is_followed, home.shown("Dune").messages.ahead) == (False, ())


def test_there_is_nothing_under_a_number_that_no_title_has(home: Home) -> None:
    with home.store.read() as tx:
        found = [access_to(tx, number, "asha", is_owner=True) for number in (0, -1, 999, 2**63, 2**200)]
    assert found == [None] * 5


def test_the_owner_sees_who_follows_it_and_a_member_how_many_others(home: Home) -> None:
    pages = [home.shown("Silo", who) for who in ("asha", "ravi")]
    assert [(page.names, page.others) for page in pages] == [(("asha", "ravi"), 1), ((), 1)]
    assert [page.origin.place for page in pages] == ["config.yaml:11", None]


# What it says --------------------------------------------------------------------------------------------------------


def test_the_page_says_when_it_comes_and_every_message_to_come_in_its_words(home: Home) -> None:
    page = home.shown("Ballard")
    assert page.next is not None
    assert (page.name, page.next.date, page.next.away, page.next.drop) == (
        "Ballard",
        "Wednesday, July 9, 2025",
        "in 19 days",
        "all 10 episodes",
    )
    assert home.coming("Ballard", "asha") == [
        "07-02 09:00 Ballard premieres in 7 days",
        "07-08 09:00 Ballard premieres tomorrow",
        "07-09 09:00 Ballard is out today",
    ]
    assert {item.channels for item in page.messages.ahead} == {("mail", "phone")}
    assert (page.origin.by, page.origin.is_listed) == (GivenBy.CONFIG, True)


def test_hours_are_those_of_the_reader(home: Home) -> None:
    home.add(a_title("Dune", "2025-07-09T20:00Z"))
    home.live("2025-06-21 09:00")
    assert home.coming("Dune", "ravi")[0] == "07-02 20:00 Dune premieres in 7 days"
    assert home.coming("Dune", "asha")[0] == "07-03 09:00 Dune premieres in 7 days"
    found = [(page.next.date, page.next.away) for who in ("ravi", "asha") if (page := home.shown("Dune", who)).next]
    assert found == [
        ("Wednesday, July 9, 2025, at 16:00 EDT", "in 19 days"),
        ("Thursday, July 10, 2025, at 1:30 AM IST", "in 19 days"),
    ]


def test_a_month_stands_on_no_day_and_its_leads_wait_for_one(home: Home) -> None:
    page = home.shown("Silo", "ravi")
    assert page.next is not None
    assert (page.name, page.next.date, page.next.away) == ("Silo season 3", "Sometime in July 2025", "")
    assert home.coming("Silo", "ravi") == ["07-01 20:00 Silo season 3 is expected in July 2025; no day is known yet"]
    assert {(item.occasion, item.at, item.reason) for item in page.messages.unheard} == {
        ("7 days before", None, "no day is known yet"),
        ("1 day before", None, "no day is known yet"),
        ("on the day", None, "no day is known yet"),
    }


def test_what_was_heard_and_what_was_not_stand_apart_each_with_its_reason(home: Home) -> None:
    home.add(a_title("Dune", "2025-06-25"))
    home.live("2025-06-25 12:00")
    page = home.shown("Dune")
    assert [(item.occasion, item.date) for item in page.messages.heard] == [
        ("on the day", "Wednesday, June 25, 2025"),
        ("1 day before", "Wednesday, June 25, 2025"),
    ]
    assert {(result.channel, result.state) for item in page.messages.heard for result in item.results} == {
        ("mail", State.SENT),
        ("phone", State.SENT),
    }
    assert [(item.occasion, item.reason) for item in page.messages.unheard] == [
        ("7 days before", "you began to follow it later")
    ]
    assert page.messages.silence == "all its messages were sent"


def test_a_date_that_moved_stands_with_both_dates_who_said_so_and_that_it_was_told(home: Home) -> None:
    home.live("2025-06-25 12:00")
    home.edit(WATCH.replace("2025-07-09", "2025-07-16"))
    before = home.shown("Ballard").changes
    assert [(item.no, item.before, item.after, item.by, item.told) for item in before] == [
        (1, "Wednesday, July 9, 2025", "Wednesday, July 16, 2025", "the config", "you will be told"),
    ]
    home.live("2025-06-26 09:00")
    told = home.shown("Ballard").changes[0]
    assert (told.told, told.told_at) == ("you were told", home.instant("2025-06-26 09:00"))
    assert [item.occasion for item in home.shown("Ballard").messages.heard] == ["the date has moved"]


def test_of_a_change_that_was_not_told_the_page_says_why(home: Home) -> None:
    home.act("Silo", "ravi", lambda tx, access: actions.mute(tx, access, home.clock.now()))
    home.live("2025-06-25 12:00")
    home.edit(WATCH.replace("premiere: 2025-07,", "premiere: 2025-09-01,"))
    home.live("2025-06-27 12:00")
    assert [item.told for item in home.shown("Silo", "ravi").changes] == ["not told: it was muted"]
    assert [item.told for item in home.shown("Silo", "asha").changes] == ["you were told"]


# Silence -------------------------------------------------------------------------------------------------------------


def test_one_person_s_silence_is_no_other_s(home: Home) -> None:
    home.act("Silo", "ravi", lambda tx, access: actions.mute(tx, access, home.clock.now()))
    assert (home.shown("Silo", "ravi").silence.is_muted, home.shown("Silo").silence.is_muted) == (True, False)
    assert home.shown("Silo", "ravi").messages.silence == "it is muted"
    home.act("Silo", "ravi", lambda tx, access: actions.unmute(tx, access, home.clock.now()))
    assert not home.shown("Silo", "ravi").silence


def test_a_pause_ends_at_the_person_s_sending_hour_of_a_day_to_come(home: Home) -> None:
    def until(on: date) -> None:
        home.act("Silo", "ravi", lambda tx, access: actions.mute(tx, access, home.clock.now(), on))

    until(date(2025, 6, 30))
    assert home.shown("Silo", "ravi").silence.paused_until == home.instant("2025-07-01 05:30")  # 20:00 in New York
    with pytest.raises(WrongInput, match="2025-06-20 is not ahead"):
        until(date(2025, 6, 20))


# Following -----------------------------------------------------------------------------------------------------------


def test_stopping_ends_one_person_s_following_and_changes_nothing_of_another_s(home: Home) -> None:
    home.add(DUNE)
    others = home.shown("Dune").messages
    home.stop("Dune", "ravi")
    assert home.shown("Dune").messages == others
    page = home.shown("Dune", "ravi")
    assert (page.is_followed, page.has_ended, page.messages.ahead) == (False, False, ())
    assert home.shown("Dune").names == ("asha",)


def test_what_somebody_has_stopped_stays_so_over_reloads_and_newcomers_follow_what_everyone_does(home: Home) -> None:
    home.add(DUNE)
    home.stop("Dune", "ravi")
    home.edit(WATCH, base=FAMILY + "  mira: {channels: [mail]}\n")
    home.at("2025-06-29 12:00").begin()
    assert home.shown("Dune").names == ("asha", "mira")


def test_stopping_and_following_again_is_as_if_never_gone(home: Home) -> None:
    home.add(DUNE, followers={"asha": None, "ravi": Ladder.parse(["3d"])})
    before = home.shown("Dune", "ravi")
    home.stop("Dune", "ravi")
    home.follow("Dune", "ravi")
    after = home.shown("Dune", "ravi")
    assert (after.messages, after.leads, after.silence) == (before.messages, before.leads, before.silence)
    assert after.choice == FollowingChoice(is_own=True, listed_by=ListedBy.COMMAND)


def test_what_nobody_follows_any_more_is_not_watched_and_comes_back_for_one_alone(home: Home) -> None:
    home.add(DUNE)
    home.stop("Dune", "ravi")
    home.stop("Dune", "asha")
    assert home.shown("Dune", "ravi").has_ended
    home.follow("Dune", "ravi")
    page = home.shown("Dune")
    assert (page.has_ended, page.names, page.is_followed) == (False, ("ravi",), False)


def test_what_the_config_lists_is_changed_there_and_where_only_the_owner_learns(home: Home) -> None:
    home.add(DUNE)
    cases = {
        ("Silo", "asha"): "Silo is listed in config.yaml:11: change it there",
        ("Silo", "ravi"): "Silo is listed in the config: asha can change it there",
    }
    found = {}
    for name, who in cases:
        with pytest.raises(WrongInput) as refused:
            home.correct(name, who)
        found[name, who] = str(refused.value)
        assert found[name, who] == cases[name, who]


def test_what_the_config_lists_is_stopped_and_has_leads_of_ones_own_and_is_followed_beside_it(home: Home) -> None:
    assert home.shown("Silo", "ravi").choice == FollowingChoice(listed_by=ListedBy.CONFIG)
    home.leads("Silo", "ravi", premiere="2d")
    home.begin()
    (own,) = home.shown("Silo", "ravi").leads
    assert (own.spelling, own.set_by) == ("2d", LeadsOrigin.OWN)
    home.stop("Silo", "ravi")
    stopped = home.shown("Silo", "ravi")
    assert (stopped.is_followed, stopped.choice.stopped_at) == (False, home.clock.now())
    home.live("2025-06-21 12:00")
    home.begin()
    assert home.shown("Silo", "ravi").choice.stopped_at is not None
    home.follow("Silo", "ravi")
    home.edit(WATCH.replace("for: [asha, ravi]", "for: [asha]"))
    assert home.shown("Silo", "ravi").choice == FollowingChoice(is_own=True)
    assert home.shown("Silo", "ravi").leads == (own,)
    home.edit("watch: []\n")
    assert [home.shown("Silo", who).is_followed for who in ("asha", "ravi")] == [False, True]


def test_leads_that_are_listed_for_somebody_are_said_to_be(home: Home) -> None:
    home.edit(WATCH.replace("for: [asha, ravi]", "for: {asha: {}, ravi: {remind: [5d]}}"))
    (listed,) = home.shown("Silo", "ravi").leads
    assert (listed.spelling, listed.set_by) == ("5d", LeadsOrigin.LISTED)


def test_a_release_that_is_out_is_seen_and_not_seen_after_all(home: Home) -> None:
    home.live("2025-07-02 12:00")
    assert home.shown("Ballard").to_see is None
    home.live("2025-07-09 12:00")
    page = home.shown("Ballard")
    assert page.to_see is not None
    ref = page.to_see.release.ref
    home.act("Ballard", "asha", lambda tx, access: actions.see(tx, access, ref, home.clock.now()))
    assert home.shown("Ballard").has_seen
    home.act("Ballard", "asha", lambda tx, access: actions.unsee(tx, access, ref, home.clock.now()))
    assert not home.shown("Ballard").has_seen
    with pytest.raises(WrongInput, match="Ballard has no such release"):
        home.act("Ballard", "asha", lambda tx, access: actions.see(tx, access, (7, 7), home.clock.now()))


def test_the_name_of_whoever_stopped_by_an_older_version_goes_with_them(home: Home) -> None:
    home.add(DUNE, ladders={"ravi": Ladder.parse(["1d"])}, stopped=frozenset({"ravi"}))
    home.edit(WATCH.replace("ravi", "ravindra"), base=FAMILY.replace("ravi: {", "ravindra: {was: ravi, "))
    with home.store.read() as tx:
        renamed = tx.execute(select(title.c.spec).where(title.c.name == "Dune")).scalar_one()
    assert (renamed["stopped"], list(renamed["ladders"])) == (["ravindra"], ["ravindra"])
    with home.store.write() as tx:
        forget_person(tx, "ravindra", home.clock.now())
        forgotten = tx.execute(select(title.c.spec).where(title.c.name == "Dune")).scalar_one()
    assert (forgotten["stopped"], forgotten["ladders"]) == ([], {})


def test_a_title_that_somebody_is_changing_is_changed_by_others_only_after_that(home: Home, rig: Rig) -> None:
    home.add(DUNE)
    number, key = home.number("Dune"), "dune"
    impatient = rig.another(patience=PATIENCE)
    with home.store.write() as tx:
        assert access_to(tx, number, "ravi", is_owner=False, to_change=True) is not None
        with pytest.raises(StoreLocked), impatient.write() as other:
            access_to(other, number, "asha", is_owner=True, to_change=True)
        with pytest.raises(StoreLocked), impatient.write() as other:
            put_again(other, [key], home.clock.now(), home.app.config.grace, resolve_dates)


def test_a_page_asks_the_database_a_few_times_whatever_there_is_to_show(home: Home) -> None:
    home.live("2025-07-02 12:00")
    with watching(home.store) as seen:
        page = home.shown("Ballard")
    assert len(page.messages.heard) == 1
    home.live("2025-07-10 12:00")
    with watching(home.store) as later:
        page = home.shown("Ballard")
    assert len(page.messages.heard) == 3
    assert len(later) == len(seen) < 20


# Leads ---------------------------------------------------------------------------------------------------------------


def test_leads_of_one_s_own_are_one_s_own_and_can_be_taken_back(home: Home) -> None:
    home.add(DUNE)
    usual = home.shown("Dune").leads
    assert [(each.role, each.spelling, each.set_by) for each in usual] == [
        (Role.PREMIERE, "7d, 1d, day", LeadsOrigin.DEFAULT)
    ]
    home.leads("Dune", "ravi", premiere="2w, day")
    (own,) = home.shown("Dune", "ravi").leads
    assert (own.spelling, own.words, own.set_by) == ("2w, day", "2 weeks before and on the day", LeadsOrigin.OWN)
    assert home.shown("Dune").leads == usual
    home.begin()
    assert home.shown("Dune", "ravi").leads == (own,)
    home.leads("Dune", "ravi", premiere="")
    assert home.coming("Dune", "ravi") == []
    home.leads("Dune", "ravi")
    assert home.shown("Dune", "ravi").leads == usual


def test_leads_that_cannot_be_read_are_all_told(home: Home) -> None:
    home.add(a_title("Andor", "2025-08-01", episodes=4, drop=parse_drop("weekly")))
    with pytest.raises(WrongInput) as refused:
        home.leads("Andor", "ravi", premiere="soon", episode="7 d", finale="1d")
    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["premiere", "episode"]


# The date ------------------------------------------------------------------------------------------------------------


def test_whoever_is_alone_with_a_title_corrects_its_date_and_the_owner_any(home: Home) -> None:
    home.add(DUNE)
    assert [home.shown("Dune", who).may_correct for who in ("asha", "ravi")] == [True, False]
    with pytest.raises(WrongInput, match="others follow Dune too: ask asha to put its date right"):
        home.correct("Dune", "ravi", "2025-09-01")
    home.stop("Dune", "asha")
    home.live("2025-06-21 12:00")
    home.correct("Dune", "ravi", "September 1, 2025 at 8pm")
    page = home.shown("Dune", "ravi")
    assert page.next is not None
    assert page.next.date == "Monday, September 1, 2025, at 20:00 EDT"
    assert [(item.before, item.by, item.told) for item in page.changes] == [
        ("Friday, August 1, 2025", "by hand", "you will be told")
    ]


def test_a_slip_that_is_put_right_is_told_to_nobody_who_had_not_heard_of_it(home: Home) -> None:
    home.add(DUNE)
    home.live("2025-06-23 12:00")
    home.correct("Dune", "asha", "2025-08-02", is_slip=True)
    home.live("2025-06-25 12:00")
    assert [item.told for item in home.shown("Dune", "ravi").changes] == [
        "not told: it was a slip, put right before you were told"
    ]


def test_the_first_of_listed_drops_is_what_a_correction_moves(home: Home) -> None:
    drops = [{"episodes": "2", "premiere": "2025-08-01"}, {"episodes": "3", "premiere": "2025-09-01"}]
    home.add(Title(key="arcane", name="Arcane", drop=parse_drop(drops)))
    home.correct("Arcane", "asha", "2025-08-05")
    assert [item.date for item in home.shown("Arcane").releases] == [
        "Tuesday, August 5, 2025",
        "Monday, September 1, 2025",
    ]
    with pytest.raises(WrongInput, match="list them in the order in which they come out"):
        home.correct("Arcane", "asha", "2025-10-05")


def test_a_date_that_cannot_be_read_is_refused_with_what_to_write(home: Home) -> None:
    home.add(DUNE)
    for text, remedy in {"": "write a date", "09/07/2025": "2025-07-09", "someday": "write"}.items():
        with pytest.raises(WrongInput, match=remedy):
            home.correct("Dune", "asha", text)


def test_of_a_title_that_somebody_has_stopped_they_keep_what_they_were_told(home: Home) -> None:
    home.add(a_title("Dune", "2025-06-25"))
    home.live("2025-06-25 06:00")
    home.stop("Dune", "ravi")
    home.at("2025-06-25 07:00").correct("Dune", "asha", "2025-09-01")
    page = home.shown("Dune", "ravi")
    assert [item.occasion for item in page.messages.heard] == ["1 day before"]
    assert (page.messages.ahead, page.leads, page.may_correct, page.changes) == ((), (), False, ())
