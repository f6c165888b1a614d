"""What a config lists, brought into the database: begun, changed, ended, back, and every changed date kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from reminder.core.dates.parse import parse_when
from reminder.core.errors import StoreError
from reminder.core.model.entities import Role, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import DateChange
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.refresh.resolving import resolve_dates
from reminder.store.listings import COMMAND, sync
from reminder.store.load_plans import SubscriptionSnapshot, all_cases
from reminder.store.people import find_people, load_people, people_on
from reminder.store.sql.tables import channel, date_change, release, subscription, title
from reminder.store.title_commands import put as put_title
from reminder.store.titles import listings
from reminder.store.writer import Writer
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, channels, listed, put, uses, watching

LATER = NOW + timedelta(hours=3)
RAVI = person(name="ravi", zone="America/New_York", at=time(20))


def cases(rig: Rig) -> dict[tuple[str, str], SubscriptionSnapshot]:
    with rig.store.read() as tx:
        return {(case.subscription.subscriber.name, case.subscription.title.name): case for case in all_cases(tx)}


def only(rig: Rig) -> SubscriptionSnapshot:
    (case,) = cases(rig).values()
    return case


def pointers(rig: Rig) -> list[datetime | None]:
    return [row.next_due_at for row in rig.rows(select(subscription.c.next_due_at).order_by(subscription.c.id))]


def changes(rig: Rig) -> tuple[DateChange, ...]:
    return only(rig).story.changes


def season(when: str = "2025-07-09", **over: Any) -> Title:
    return a_title("Silo", when, season=1, episodes=3, drop=parse_drop("weekly"), **over)


def put_by_command(rig: Rig, listing: ListedEntry, now: datetime = NOW) -> None:
    with rig.store.write() as tx:
        put_title(tx, listing, now, GRACE, resolve_dates)


def test_what_is_listed_begins_for_everyone_at_once_and_is_looked_at_at_once(rig: Rig) -> None:
    report = put(rig.store, listed(a_title(), people=[person(), RAVI]))
    found = cases(rig)
    assert report.began == ["asha: Ballard", "ravi: Ballard"]
    assert set(found) == {("asha", "Ballard"), ("ravi", "Ballard")}
    assert {case.subscription.began_at for case in found.values()} == {NOW}
    assert pointers(rig) == [NOW, NOW]
    assert [dated.release.when for dated in found["asha", "Ballard"].story.releases] == [parse_when("July 9, 2025")]
    assert found["ravi", "Ballard"].subscription.subscriber == RAVI


def test_the_same_config_again_changes_nothing(rig: Rig) -> None:
    what = listed(a_title(), season(), people=[person(), RAVI])
    put(rig.store, what)
    rig.write(subscription.update().values(next_due_at=None))
    with watching(rig.store) as seen:
        report = put(rig.store, what, LATER)
    assert str(report) == "nothing"
    assert [text for text, _ in seen.sent if not text.startswith("SELECT")] == []
    assert pointers(rig) == [None] * 4


def test_every_part_of_a_title_and_of_a_person_comes_back_as_it_was_written(rig: Rig) -> None:
    work = season(
        platform="Apple <TV>",
        link="https://example.com/?a=1&b=%20",
        note="\u202b\u05e9\u05dc\u05d5\u05dd 🎬 'quoted' \"twice\"",
        remind=Ladder.parse({"premiere": ["2w", "day"], "episode": ["release"]}),
    )
    who = person(name="Ωμέγα ' \\ %", channels=uses("mail", "phone"), muted=frozenset({"x"}), burst=0)
    put(rig.store, listed(work, people=[who]))
    case = only(rig)
    assert case.subscription.title == work
    assert case.subscription.subscriber == who
    with rig.store.read() as tx:
        assert listings(tx) == [ListedEntry(title=work)]
        assert load_people(tx) == find_people(tx, who.name) == {case.subscriber_id: who}


def test_what_is_no_longer_listed_is_unsubscribed_and_kept(rig: Rig) -> None:
    put(rig.store, listed(a_title(), a_title("Silo")))
    report = put(rig.store, listed(a_title("Silo")), LATER)
    assert report.ended == ["Ballard"]
    assert set(cases(rig)) == {("asha", "Silo")}
    (row,) = rig.rows(select(subscription).where(subscription.c.ended_at.is_not(None)))
    assert (row.ended_at, row.next_due_at) == (LATER, None)
    assert len(rig.rows(select(title))) == 2


@pytest.mark.parametrize(
    ("away", "goes_on"), [(timedelta(minutes=10), True), (GRACE, True), (GRACE + timedelta(seconds=1), False)]
)
def test_what_is_back_within_grace_goes_on_as_if_never_gone(rig: Rig, away: timedelta, goes_on: bool) -> None:
    put(rig.store, listed(a_title()))
    put(rig.store, listed(), LATER)
    back = LATER + away
    put(rig.store, listed(a_title()), back)
    assert only(rig).subscription.began_at == (NOW if goes_on else back)
    assert pointers(rig) == [back]


def test_a_person_who_leaves_and_is_back_within_grace_goes_on(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[person(), RAVI]))
    put(rig.store, listed(a_title()), LATER)
    assert set(cases(rig)) == {("asha", "Ballard")}
    put(rig.store, listed(a_title(), people=[person(), RAVI]), LATER + timedelta(hours=1))
    assert cases(rig)["ravi", "Ballard"].subscription.began_at == NOW


def test_a_name_taken_out_of_for_ends_only_that_person(rig: Rig) -> None:
    both = [person(), RAVI]
    put(rig.store, listed(ListedEntry(title=a_title(), followers={"asha": None, "ravi": None}), people=both))
    put(rig.store, listed(ListedEntry(title=a_title(), followers={"ravi": None}), people=both), LATER)
    assert set(cases(rig)) == {("ravi", "Ballard")}
    assert cases(rig)["ravi", "Ballard"].subscription.began_at == NOW


def test_someone_added_to_for_later_begins_later(rig: Rig) -> None:
    both = [person(), RAVI]
    put(rig.store, listed(ListedEntry(title=a_title(), followers={"asha": None}), people=both))
    put(rig.store, listed(ListedEntry(title=a_title(), followers={"asha": None, "ravi": None}), people=both), LATER)
    assert {name: case.subscription.began_at for (name, _), case in cases(rig).items()} == {"asha": NOW, "ravi": LATER}


def test_a_lead_added_later_is_known_since_then_and_an_equal_one_spelt_anew_is_not_new(rig: Rig) -> None:
    put(rig.store, listed(a_title(remind=Ladder.parse(["2w", "day"]))))
    put(rig.store, listed(a_title(remind=Ladder.parse(["14d", "3d", "day"]))), LATER)
    assert only(rig).subscription.since == {(Role.PREMIERE, "3d"): LATER}
    assert only(rig).subscription.began_at == NOW
    put(rig.store, listed(a_title(remind=Ladder.parse(["3d", "1d"]))), LATER + timedelta(hours=1))
    since = {(Role.PREMIERE, "3d"): LATER, (Role.PREMIERE, "1d"): LATER + timedelta(hours=1)}
    assert only(rig).subscription.since == since


def test_a_channel_added_later_is_known_since_then(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    rig.write(subscription.update().values(next_due_at=None))
    put(rig.store, listed(a_title(), people=[person(channels=uses("mail", "phone"))]), LATER)
    assert [(use.name, use.since_at) for use in only(rig).subscription.subscriber.channels] == [
        ("mail", None),
        ("phone", LATER),
    ]
    assert pointers(rig) == [LATER]


@pytest.mark.parametrize(
    ("own", "of_title", "of_person", "premiere", "episode"),
    [
        (None, None, {}, "7d 1d day", "day"),
        (None, None, {"premiere": ["3d"]}, "3d", "day"),
        (None, {"premiere": ["2d"]}, {"premiere": ["3d"], "episode": ["release"]}, "2d", "release"),
        ({"premiere": ["1d"]}, {"premiere": ["2d"], "episode": ["1d"]}, {"premiere": ["3d"]}, "1d", "1d"),
    ],
)
def test_the_nearest_ladder_wins_kind_by_kind(
    rig: Rig, own: Any, of_title: Any, of_person: Any, premiere: str, episode: str
) -> None:
    work = a_title(remind=Ladder.parse(of_title) if of_title else None)
    followers = {"asha": Ladder.parse(own) if own else None}
    put(
        rig.store, listed(ListedEntry(title=work, followers=followers), people=[person(remind=Ladder.parse(of_person))])
    )
    ladder = only(rig).subscription.ladder
    assert " ".join(map(str, ladder.of(Role.PREMIERE))) == premiere
    assert " ".join(map(str, ladder.of(Role.EPISODE))) == episode


def test_an_id_given_later_adopts_the_title_that_was_known_by_its_text(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    before = only(rig)
    put(rig.store, listed(replace(a_title(), key="bosch-3")), LATER)
    after = only(rig)
    assert (after.id, after.title_id, after.subscription.began_at) == (before.id, before.title_id, NOW)
    assert after.subscription.title.key == "bosch-3"
    assert len(rig.rows(select(title))) == 1


def test_an_id_adopts_nothing_that_is_still_listed_by_its_text(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    put(rig.store, listed(a_title(), replace(a_title(), key="the-other")), LATER)
    assert {(row.key, row.name) for row in rig.rows(select(title))} == {
        ("ballard", "Ballard"),
        ("the-other", "Ballard"),
    }


def test_a_text_corrected_under_an_id_is_the_same_title_with_no_date_change(rig: Rig) -> None:
    put(rig.store, listed(replace(a_title("Balard"), key="b")))
    before = only(rig)
    put(rig.store, listed(replace(a_title("Ballard"), key="b")), LATER)
    after = only(rig)
    assert (after.id, after.subscription.began_at) == (before.id, NOW)
    assert after.subscription.title.name == "Ballard"
    assert after.story.changes == ()


def test_each_date_change_is_numbered_and_kept_with_from_to_source_and_when_it_was_seen(rig: Rig) -> None:
    dates = ["2025-07-09", "2025-07-16", None, "2025-07-09"]
    for days, when in enumerate(dates):
        put(rig.store, listed(a_title(when=when)), NOW + timedelta(days=days))
    found = changes(rig)
    assert [(item.no, item.before, item.after) for item in found] == [
        (no, parse_when(before), parse_when(after)) for no, (before, after) in enumerate(pairwise(dates), start=1)
    ]
    assert [item.seen_at for item in found] == [NOW + timedelta(days=days) for days in (1, 2, 3)]
    assert {item.source for item in found} == {"config"}
    assert [row.last_no for row in rig.rows(select(title))] == [3]


def test_the_changes_of_a_season_are_numbered_through_the_whole_title(rig: Rig) -> None:
    put(rig.store, listed(season("2025-07-09")))
    put(rig.store, listed(season("2025-07-10")), LATER)
    assert [(item.no, item.ref) for item in changes(rig)] == [(1, (1, 1)), (2, (1, 2)), (3, (1, 3))]
    assert [dated.seen_at for dated in only(rig).story.releases] == [NOW] * 3


def test_a_moved_date_wakes_its_own_followers_and_nobody_else(rig: Rig) -> None:
    what = listed(a_title(), a_title("Silo"), people=[person(), RAVI])
    put(rig.store, what)
    rig.write(subscription.update().values(next_due_at=None))
    moved = listed(a_title(when="2025-07-16"), a_title("Silo"), people=[person(), RAVI])
    assert put(rig.store, moved, LATER).moved == ["Ballard"]
    assert sorted(pointers(rig), key=str) == [LATER, LATER, None, None]


def test_who_begins_after_a_change_has_nothing_to_be_told_of_it(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    put(rig.store, listed(a_title(when="2025-07-16"), people=[person(), RAVI]), LATER)
    noticed = {name: case.subscription.noticed_no for (name, _), case in cases(rig).items()}
    assert noticed == {"asha": 0, "ravi": 1}


def test_an_episode_that_is_gone_is_kept_and_may_come_back(rig: Rig) -> None:
    put(rig.store, listed(season()))
    put(rig.store, listed(replace(season(), episodes=2)), LATER)
    assert [dated.release.first for dated in only(rig).story.releases] == [1, 2]
    assert len(rig.rows(select(release).where(release.c.gone_at == LATER))) == 1
    put(rig.store, listed(season()), LATER + timedelta(hours=1))
    assert [dated.release.first for dated in only(rig).story.releases] == [1, 2, 3]


def test_titles_of_commands_stay_and_newcomers_to_the_config_follow_them(rig: Rig) -> None:
    put(rig.store, listed(a_title()))
    put_by_command(rig, ListedEntry(title=a_title("Dune")))
    report = put(rig.store, listed(people=[person(), RAVI]), LATER)
    assert report.ended == ["Ballard"]
    assert set(cases(rig)) == {("asha", "Dune"), ("ravi", "Dune")}
    with rig.store.read() as tx:
        assert [item.title.name for item in listings(tx, COMMAND)] == ["Dune"]


def test_a_title_of_a_command_that_the_config_lists_too_is_then_the_configs(rig: Rig) -> None:
    put(rig.store, listed())
    put_by_command(rig, ListedEntry(title=a_title("Dune")))
    put(rig.store, listed(a_title("Dune")), LATER)
    assert only(rig).subscription.began_at == NOW
    put(rig.store, listed(), LATER + timedelta(hours=1))
    assert cases(rig) == {}


def test_the_database_of_another_config_is_refused_with_the_way_to_adopt_it(rig: Rig) -> None:
    put(rig.store, listed(a_title(), name="/home/asha/config.yaml"))
    with pytest.raises(StoreError, match=r"belongs to the config '/home/asha/config.yaml'.*write `name: /home/asha"):
        put(rig.store, listed(name="other"))
    assert set(cases(rig)) == {("asha", "Ballard")}


def test_a_channel_whose_address_changed_is_named_and_no_address_is_stored(rig: Rig) -> None:
    put(rig.store, listed(channels=channels(mail="1", phone="4")))
    report = put(rig.store, listed(channels=channels(mail="2", phone="4", pager="3")), LATER)
    assert report.channels == ("mail",)
    assert {row.name: row.fingerprint for row in rig.rows(select(channel))} == {"mail": "2", "phone": "4", "pager": "3"}


def test_a_channel_without_its_secret_keeps_the_address_it_had(rig: Rig) -> None:
    put(rig.store, listed())
    assert put(rig.store, listed(channels=channels(mail="")), LATER).channels == ()
    assert put(rig.store, listed(), LATER).channels == ()


@pytest.mark.parametrize("name", ["mail", 'quo"te', "perc%", "back\\slash", "émoji 🎬"])
def test_the_people_of_a_channel_are_found_by_its_exact_name(rig: Rig, name: str) -> None:
    people = [
        person(name="has", channels=uses("other", name)),
        person(name="longer", channels=uses(f"{name}2", f"x{name}")),
        person(name="gone", channels=uses(name)),
    ]
    put(rig.store, listed(people=people))
    put(rig.store, listed(people=people[:2]), LATER)
    with rig.store.read() as tx:
        assert [who.name for who in people_on(tx, name).values()] == ["has"]


def test_a_dry_run_writes_as_it_likes_and_leaves_nothing(rig: Rig) -> None:
    with rig.store.dry() as tx:
        sync(tx, listed(a_title()), now=NOW, grace=GRACE, resolve=resolve_dates)
        assert len(all_cases(tx)) == 1
    assert cases(rig) == {}
    assert put(rig.store, listed(a_title(), name="another name")).began == ["asha: Ballard"]


def test_a_sync_that_fails_halfway_leaves_nothing(rig: Rig) -> None:
    unknown = replace(a_title("Dune"), key=None)  # type: ignore[arg-type]  # what no config can list
    with pytest.raises(StoreError):
        put(rig.store, listed(a_title(), unknown))
    assert cases(rig) == {}


def test_a_sync_takes_no_more_statements_for_many_titles_and_people_than_for_few(rig: Rig) -> None:
    def statements(titles: int, people: int, when: str) -> int:
        works = [a_title(f"T{number}", when) for number in range(titles)]
        # Following is by name, so that the number of people does not count here.
        who = [person(name=f"p{number}") for number in range(people)]
        with watching(rig.store) as seen:
            put(rig.store, listed(*works, people=who), LATER)
        return len(seen)

    statements(2, 2, "2025-07-09")
    few = statements(2, 2, "2025-07-16")
    statements(40, 20, "2025-07-16")
    many = statements(40, 20, "2025-07-23")
    assert many <= few
    assert len(rig.rows(select(date_change))) == 42


def test_a_writer_keeps_what_it_did_for_its_report(rig: Rig) -> None:
    put(rig.store, listed(people=[person()]))
    with rig.store.write() as tx:
        writer = Writer(tx=tx, people={}, now=NOW, grace=GRACE, resolve=resolve_dates)
        writer.put([ListedEntry(title=a_title())], COMMAND)
    assert str(writer.report) == "nothing"
