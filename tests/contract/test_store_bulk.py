"""Subscribers by the thousand: put in once, left alone by the config, forgotten whole; addresses that refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from reminder.core.errors import WrongInput
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.ledger import State
from reminder.core.model.own import Own
from reminder.core.schedule.listing import ListedEntry
from reminder.delivery.decide_due import decide_due
from reminder.store import own
from reminder.store.bulk import (
    BulkLoader,
    Counts,
    NewSubscriber,
    export_people,
    forget_mark,
    imported,
    listed_titles,
    mark_rows,
    rows_in,
)
from reminder.store.forget import forget_person, what_is_known
from reminder.store.load_plans import all_cases
from reminder.store.people import find_people
from reminder.store.refusals import park_address, refusals, refused_on, reopen
from reminder.store.sql.tables import delivery, message, subscriber, subscription, title
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, case_of, decision, listed, put, settle, watching

LATER = NOW + timedelta(hours=3)
EVENING = replace(person(name=""), zone=ZoneInfo("America/New_York"), at=time(20), channels=())
BALLARD, SILO = a_title("Ballard", "2025-07-09"), a_title("Silo", "2025-08-01")


def newcomer(
    name: str, *titles: str, address: str = "1", settings: Subscriber = EVENING, channel: str = "bot"
) -> NewSubscriber:
    return NewSubscriber(name=name, settings=settings, use=ChannelUse(name=channel, address=address), titles=titles)


def load(rig: Rig, *newcomers: NewSubscriber, now: datetime = NOW) -> Counts:
    loader = BulkLoader(now=now, grace=GRACE)
    with rig.store.write() as tx:
        loader.put(tx, newcomers)
    return loader.counts


@pytest.fixture
def there(rig: Rig) -> Rig:
    """Return a database in which the config lists Asha and two titles, and Ravi and Mira were imported."""
    put(rig.store, listed(BALLARD, SILO))
    load(rig, newcomer("ravi", "ballard", "silo"), newcomer("mira", "ballard", address="2"))
    return rig


def followed(rig: Rig) -> dict[tuple[str, str], tuple[datetime, datetime | None, datetime | None]]:
    columns = (subscription.c.began_at, subscription.c.ended_at, subscription.c.next_due_at)
    query = select(subscriber.c.name, title.c.key, *columns).select_from(subscription.join(subscriber).join(title))
    return {(row.name, row.key): (row.began_at, row.ended_at, row.next_due_at) for row in rig.rows(query)}


def test_newcomers_follow_from_now_on_and_each_pointer_is_the_plans_own(there: Rig) -> None:
    began = {pair: row[0] for pair, row in followed(there).items() if pair[0] != "asha"}
    assert began == {("ravi", "ballard"): NOW, ("ravi", "silo"): NOW, ("mira", "ballard"): NOW}
    pointers = {pair: row[2] for pair, row in followed(there).items()}
    with there.store.write() as tx:
        tx.execute(subscription.update().values(next_due_at=NOW))
        anew = {
            (item.case.subscription.subscriber.name, item.case.subscription.title.key): item.next_due_at
            for item in decide_due(tx, NOW, GRACE, limit=100)[0]
        }
    assert {pair: pointers[pair] for pair in began} == {pair: anew[pair] for pair in began}


def test_the_same_again_changes_nothing(there: Rig) -> None:
    before = followed(there)
    counts = load(there, newcomer("ravi", "ballard", "silo"), newcomer("mira", "ballard", address="2"), now=LATER)
    assert counts == Counts(same=2)
    assert followed(there) == before


@pytest.mark.parametrize(
    ("joined", "written"), [("Bob", "Bob"), ("Bob", "bob"), ("Örjan", "örjan"), ("Groß", "GROSS"), ("bob", "BOB")]
)
def test_an_import_of_a_name_that_somebody_joined_under_is_refused_in_whatever_letters(
    rig: Rig, joined: str, written: str
) -> None:
    with rig.store.write() as tx:
        own.add_person(tx, replace(EVENING, name=joined), Own())
    with rig.store.read() as tx:
        assert own.names_like(tx, written) == [joined]
    with pytest.raises(WrongInput, match=f'"{written}" has joined on the page'):
        load(rig, newcomer(written))
    assert [row.name for row in rig.rows(select(subscriber.c.name))] == [joined]


def test_further_rows_of_one_person_add_their_titles(rig: Rig) -> None:
    put(rig.store, listed(BALLARD, SILO))
    counts = load(rig, newcomer("ravi", "ballard"), newcomer("ravi", "silo"), newcomer("ravi", "silo"))
    assert (counts.added, counts.began) == (1, 2)
    assert load(rig, newcomer("ravi", "ballard", "silo")).began == 0


def test_other_settings_and_another_address_are_taken(there: Rig) -> None:
    with there.store.write() as tx:
        (ravi,) = find_people(tx, "ravi")
        park_address(tx, (ravi, "bot"), "403 Forbidden", LATER, NOW)
    morning = replace(EVENING, at=time(8))
    counts = load(there, newcomer("ravi", "ballard", address="9", settings=morning), now=LATER)
    assert (counts.changed, counts.began) == (1, 0)
    with there.store.read() as tx:
        known = find_people(tx, "ravi")[ravi]
        assert (known.at, known.address_on("bot")) == (time(8), "9")
        assert refusals(tx, [(ravi, "bot")]) == {}
    assert followed(there)["ravi", "ballard"][2] == LATER


def test_a_title_that_is_gone_meanwhile_is_left_out(rig: Rig) -> None:
    put(rig.store, listed(BALLARD))
    assert load(rig, newcomer("ravi", "ballard", "silo")).began == 1


def test_a_date_that_moves_while_a_file_is_brought_in_is_seen_by_the_next_chunk(rig: Rig) -> None:
    put(rig.store, listed(BALLARD))
    loader = BulkLoader(now=NOW, grace=GRACE)
    with rig.store.write() as tx:
        loader.put(tx, [newcomer("ravi", "ballard")])
    put(rig.store, listed(a_title("Ballard", "2025-09-09")), LATER)
    with rig.store.write() as tx:
        loader.put(tx, [newcomer("mira", "ballard")])
        (case,) = all_cases(tx, name="mira")
    found = followed(rig)
    assert found["ravi", "ballard"][2] == LATER
    assert found["mira", "ballard"][2] == datetime.fromisoformat("2025-09-03T00:00:00+00:00")
    assert case.subscription.noticed_no == 1


def test_how_far_a_file_is_in_is_kept_until_it_has_come_to_its_end(rig: Rig) -> None:
    with rig.store.write() as tx:
        assert rows_in(tx, "a" * 64) == 0
        mark_rows(tx, "a" * 64, 2000)
        mark_rows(tx, "a" * 64, 4000)
        mark_rows(tx, "b" * 64, 1)
    with rig.store.write() as tx:
        assert rows_in(tx, "a" * 64) == 4000
        forget_mark(tx, "a" * 64)
        assert (rows_in(tx, "a" * 64), rows_in(tx, "b" * 64)) == (0, 1)


def test_what_is_exported_is_what_was_brought_in(there: Rig) -> None:
    with there.store.read() as tx:
        keys = {item.id: item.key for item in listed_titles(tx)}
        found = [(item.subscriber, [keys[id_] for id_ in item.titles]) for item in export_people(tx)]
        assert imported(tx) == 2
    assert [(who.name, who.address_on("bot"), titles) for who, titles in found] == [
        ("ravi", "1", ["ballard", "silo"]),
        ("mira", "2", ["ballard"]),
    ]
    assert found[0][0].at == time(20)


# beside the config


def test_a_reload_leaves_those_who_are_imported_alone(there: Rig) -> None:
    before = {pair: row for pair, row in followed(there).items() if pair[0] != "asha"}
    report = put(there.store, listed(BALLARD, SILO), LATER)
    assert (report.began, report.ended) == ([], [])
    assert {pair: row for pair, row in followed(there).items() if pair[0] != "asha"} == before


def test_what_a_reload_reads_and_writes_does_not_grow_with_them(rig: Rig) -> None:
    put(rig.store, listed(BALLARD, SILO))
    with watching(rig.store) as alone:
        put(rig.store, listed(BALLARD, SILO), LATER)
    load(rig, *(newcomer(f"p{number}", "ballard", "silo") for number in range(300)))
    with watching(rig.store) as among_many:
        put(rig.store, listed(BALLARD, SILO), LATER)
    assert len(among_many) == len(alone)


def test_whom_the_config_comes_to_list_is_the_configs(there: Rig) -> None:
    put(there.store, listed(BALLARD, SILO, people=[person(), person(name="ravi")]), LATER)
    assert {row.name: row.origin for row in there.rows(select(subscriber))} == {
        "asha": "config",
        "ravi": "config",
        "mira": "import",
    }
    with pytest.raises(WrongInput, match='"ravi" is listed in the config'):
        load(there, newcomer("ravi", "ballard"))


def test_whom_the_config_no_longer_lists_may_be_imported(rig: Rig) -> None:
    put(rig.store, listed(BALLARD, people=[person(), person(name="ravi")]))
    put(rig.store, listed(BALLARD), LATER)
    assert load(rig, newcomer("ravi", "ballard"), now=LATER).changed == 1
    put(rig.store, listed(BALLARD), LATER)
    assert followed(rig)["ravi", "ballard"][1] is None


def test_a_title_that_is_unlisted_ends_for_all_and_is_as_if_never_gone_when_it_is_back_soon(there: Rig) -> None:
    gone, back = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    put(there.store, listed(SILO), gone)
    assert followed(there)["mira", "ballard"][1:] == (gone, None)
    put(there.store, listed(BALLARD, SILO), back)
    assert followed(there)["mira", "ballard"] == (NOW, None, back)


def test_a_title_that_is_back_after_long_begins_anew(there: Rig) -> None:
    gone, back = NOW + timedelta(hours=1), NOW + timedelta(days=30)
    put(there.store, listed(SILO), gone)
    put(there.store, listed(BALLARD, SILO), back)
    assert followed(there)["ravi", "ballard"] == (back, None, back)


def test_a_title_for_everybody_is_for_everybody_in_the_config(there: Rig) -> None:
    put(there.store, listed(ListedEntry(title=BALLARD), SILO, ListedEntry(title=a_title("New", "2025-12-01"))), LATER)
    assert {name for name, key in followed(there) if key == "new"} == {"asha"}


def test_looking_at_everything_looks_at_the_configs_people(there: Rig) -> None:
    with there.store.read() as tx:
        assert {case.subscription.subscriber.name for case in all_cases(tx)} == {"asha"}
        assert len(all_cases(tx, name="ravi")) == 2


# forgotten


def test_a_person_is_forgotten_whole_and_nobody_else(there: Rig) -> None:
    with there.store.write() as tx:
        case = case_of(tx, "mira")
        settle(tx, case, decision(case, channels=("bot",)))
        park_address(tx, (case.subscriber_id, "bot"), "403", LATER, NOW)
        assert str(what_is_known(tx, "mira")) == "1 subscriptions, 1 messages, 1 deliveries"
    with there.store.write() as tx:
        forget_person(tx, "mira", NOW)
    with there.store.read() as tx:
        assert what_is_known(tx, "mira") is None
        assert refused_on(tx) == {}
        assert [tx.execute(select(func.count()).select_from(table)).scalar() for table in (message, delivery)] == [0, 0]
    assert {name for name, _ in followed(there)} == {"asha", "ravi"}


def test_whom_a_title_was_for_by_command_is_taken_out_of_its_list(there: Rig) -> None:
    there.write(title.update().values(spec={"name": "x", "premiere": "", "followers": {"mira": None, "asha": None}}))
    with there.store.write() as tx:
        forget_person(tx, "mira", NOW)
    assert {tuple(row.spec["followers"]) for row in there.rows(select(title.c.spec))} == {("asha",)}


# addresses that refuse


def test_a_parked_address_holds_its_own_and_lets_others_go(there: Rig) -> None:
    with there.store.write() as tx:
        for name in ("ravi", "mira"):
            case = case_of(tx, name, "ballard")
            settle(tx, case, decision(case, channels=("bot",)))
        (ravi,) = find_people(tx, "ravi")
        assert park_address(tx, (ravi, "bot"), "403 Forbidden", LATER, NOW)
        assert not park_address(tx, (ravi, "bot"), "403 Forbidden", LATER, NOW)
        assert refused_on(tx) == {"bot": 1}
    due = {row.subscriber_id: (row.due_at, row.state) for row in there.rows(select(delivery))}
    assert due.pop(ravi) == (LATER, State.DUE)
    assert list(due.values()) == [(NOW, State.DUE)]
    with there.store.write() as tx:
        assert reopen(tx, [(ravi, "bot")], NOW) == 1
        assert refused_on(tx) == {}
    assert {row.due_at for row in there.rows(select(delivery))} == {NOW}
