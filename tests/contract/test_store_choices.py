"""What lists people and titles comes and goes, and what somebody has chosen stands: table by table, on both databases.

Asha and Ben are the config's, Ravi was imported, Grandma has joined.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from reminder.config.load import parse_config
from reminder.core.model.entities import ChannelUse, Subscriber, Title
from reminder.core.model.lead import Ladder
from reminder.core.model.own import Own
from reminder.core.schedule.listing import ListedEntry
from reminder.refresh.resolving import resolve_dates
from reminder.store import own, title_commands
from reminder.store.bulk import BulkLoader, NewSubscriber, export_people
from reminder.store.choices import choices_of
from reminder.store.listings import COMMAND, ListedConfig, followed
from reminder.store.load_plans import all_cases
from reminder.store.people import find_people
from reminder.store.sql.store import Store, scratch_store
from reminder.store.sql.tables import subscription, title
from reminder.store.title_reads import followers_of
from reminder.usecases import own as use_case
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, listed, put

BALLARD, SILO, LOST = a_title("Ballard", "2027-07-09"), a_title("Silo", "2027-08-01"), a_title("Lost", "2027-09-01")
ASHA, BEN = person(), person(name="ben")
GRANDMA = replace(person(name="grandma"), channels=())
CONFIG = parse_config(
    "subscribers: {asha: {}, ben: {}}\nchannels: {screen: console://}\nwatch: [Ballard]\n", "config.yaml"
)
Step = Callable[[Rig], object]
SOON, LATE = NOW + timedelta(hours=6), NOW + timedelta(days=30)
LEADS = Ladder.parse(["3d"])


def config_of(*titles: Title | ListedEntry, people: Sequence[Subscriber] = (ASHA, BEN)) -> ListedConfig:
    return listed(*titles, people=people)


@pytest.fixture
def home(rig: Rig) -> Rig:
    put(rig.store, config_of(BALLARD, SILO))
    bring_in(rig)
    with rig.store.write() as tx:
        own.add_person(tx, GRANDMA, Own(channels=(ChannelUse(name="bot", address="7"),)))
    return rig


def bring_in(rig: Rig, now: datetime = NOW) -> None:
    settings = replace(person(name=""), channels=())
    ravi = NewSubscriber(name="ravi", settings=settings, use=ChannelUse(name="bot", address="1"), titles=("ballard",))
    with rig.store.write() as tx:
        BulkLoader(now=now, grace=GRACE).put(tx, [ravi])


def number(rig: Rig, key: str) -> int:
    return int(rig.rows(select(title.c.id).where(title.c.key == key))[0].id)


def follow(rig: Rig, name: str, key: str, now: datetime = NOW) -> None:
    with rig.store.write() as tx:
        use_case.follow(tx, CONFIG, name, number(rig, key), now)


def stop(rig: Rig, name: str, key: str, now: datetime = NOW) -> None:
    with rig.store.write() as tx:
        assert use_case.stop(tx, name, number(rig, key), now)


def take_leads(rig: Rig, name: str, key: str, ladder: Ladder | None = LEADS) -> None:
    with rig.store.write() as tx:
        use_case.set_leads(tx, name, number(rig, key), ladder, NOW)


def add(rig: Rig, item: ListedEntry, now: datetime = NOW) -> None:
    with rig.store.write() as tx:
        title_commands.put_new(tx, [item], COMMAND, now, GRACE, resolve_dates)


def remove(rig: Rig, key: str, now: datetime = NOW) -> None:
    with rig.store.write() as tx:
        title_commands.remove(tx, number(rig, key), now)


def what_each_follows(rig: Rig) -> dict[str, str]:
    """Return what each of them follows, those who follow nothing left out."""
    found = {}
    with rig.store.read() as tx:
        for name in ("asha", "ann", "ben", "ravi", "grandma"):
            titles = sorted(case.subscription.title.name for case in all_cases(tx, name=name))
            if titles:
                found[name] = " ".join(titles)
    return found


def leads_of(rig: Rig, name: str, key: str) -> str:
    with rig.store.read() as tx:
        (case,) = all_cases(tx, name=name, title_key=key)
    return ", ".join(map(str, case.subscription.ladder.premiere or ()))


def reads(*titles: Title | ListedEntry, people: Sequence[Subscriber] = (ASHA, BEN), at: datetime = SOON) -> Step:
    return lambda rig: put(rig.store, config_of(*titles, people=people), now=at)


def does(act: Callable[..., object], *args: object, **more: object) -> Step:
    return lambda rig: act(rig, *args, **more)


BOTH = "Ballard Silo"
ANN = replace(person(name="ann"), was="asha")
SYLO = replace(a_title("Sylo", "2027-08-01"), was="Silo")
STORIES: Mapping[str, tuple[tuple[Step, ...], Mapping[str, str]]] = {
    "the config drops what Grandma has chosen": (
        (does(follow, "grandma", "silo"), reads(BALLARD)),
        {"asha": "Ballard", "ben": "Ballard", "ravi": "Ballard", "grandma": "Silo"},
    ),
    "what the config dropped is back soon, and those who were imported go on with it": (
        (does(follow, "grandma", "ballard"), reads(SILO), reads(BALLARD, SILO, at=SOON + timedelta(hours=1))),
        {"asha": BOTH, "ben": BOTH, "ravi": "Ballard", "grandma": "Ballard"},
    ),
    "what the config dropped is back late, and those who were imported begin anew": (
        (does(follow, "grandma", "ballard"), reads(SILO), reads(BALLARD, SILO, at=LATE)),
        {"asha": BOTH, "ben": BOTH, "ravi": "Ballard", "grandma": "Ballard"},
    ),
    "who stopped stays away when it is back": (
        (does(stop, "ravi", "ballard"), does(stop, "asha", "ballard"), reads(SILO), reads(BALLARD, SILO, at=LATE)),
        {"asha": "Silo", "ben": BOTH},
    ),
    "a person is taken out of the config and put back": (
        (does(stop, "asha", "silo"), reads(BALLARD, SILO, people=[BEN]), reads(BALLARD, SILO, at=LATE)),
        {"asha": "Ballard", "ben": BOTH, "ravi": "Ballard"},
    ),
    "a person goes on under another name": (
        (
            does(follow, "grandma", "silo"),
            does(stop, "asha", "silo"),
            reads(BALLARD, SILO, people=[ANN, BEN]),
        ),
        {"ann": "Ballard", "ben": BOTH, "ravi": "Ballard", "grandma": "Silo"},
    ),
    "a person has begun under another name before that is said": (
        (
            does(stop, "asha", "silo"),
            reads(BALLARD, SILO, people=[person(name="ann"), BEN]),
            reads(BALLARD, SILO, people=[ANN, BEN], at=SOON + timedelta(hours=1)),
        ),
        {"ann": "Ballard", "ben": BOTH, "ravi": "Ballard"},
    ),
    "a person follows by choice under another name before that is said": (
        (
            reads(BALLARD, people=[person(name="ann"), BEN]),
            does(add, ListedEntry(title=LOST, followers={})),
            does(follow, "ann", "lost"),
            reads(BALLARD, people=[ANN, BEN], at=SOON + timedelta(hours=1)),
        ),
        {"ann": "Ballard Lost", "ben": "Ballard", "ravi": "Ballard"},
    ),
    "a title goes on under another name": (
        (does(follow, "grandma", "silo"), does(stop, "ben", "silo"), reads(BALLARD, SYLO)),
        {"asha": "Ballard Sylo", "ben": "Ballard", "ravi": "Ballard", "grandma": "Sylo"},
    ),
    "a title has begun under another name before that is said": (
        (
            does(stop, "ben", "silo"),
            reads(BALLARD, a_title("The Wool", "2027-08-01")),
            does(follow, "grandma", "the wool"),
            reads(BALLARD, replace(a_title("The Wool", "2027-08-01"), was="Silo"), at=SOON + timedelta(hours=1)),
        ),
        {"asha": "Ballard The Wool", "ben": "Ballard", "ravi": "Ballard", "grandma": "The Wool"},
    ),
    "the config takes the name of who has joined, and keeps what they follow": (
        (does(follow, "grandma", "silo"), reads(BALLARD, people=[ASHA, BEN, person(name="grandma")])),
        {"asha": "Ballard", "ben": "Ballard", "ravi": "Ballard", "grandma": BOTH},
    ),
    "a command adds a title for one, and another follows it by choice": (
        (does(add, ListedEntry(title=LOST, followers={"asha": None})), does(follow, "grandma", "lost"), reads(BALLARD)),
        {"asha": "Ballard Lost", "ben": "Ballard", "ravi": "Ballard", "grandma": "Lost"},
    ),
    "who listed it stops, and the other goes on": (
        (
            does(add, ListedEntry(title=LOST, followers={"asha": None})),
            does(follow, "grandma", "lost"),
            does(stop, "asha", "lost"),
            reads(BALLARD),
        ),
        {"asha": "Ballard", "ben": "Ballard", "ravi": "Ballard", "grandma": "Lost"},
    ),
    "a command adds anew what its only follower has stopped": (
        (
            does(add, ListedEntry(title=LOST, followers={"asha": None})),
            does(stop, "asha", "lost"),
            does(add, ListedEntry(title=LOST, followers={"asha": None}), SOON),
        ),
        {"asha": "Ballard Lost Silo", "ben": BOTH, "ravi": "Ballard"},
    ),
    "a command removes a title from everybody": (
        (
            does(add, ListedEntry(title=LOST, followers={"asha": None})),
            does(follow, "grandma", "lost"),
            does(remove, "lost"),
        ),
        {"asha": BOTH, "ben": BOTH, "ravi": "Ballard"},
    ),
    "what was removed is taken up by one, for themselves alone": (
        (
            does(add, ListedEntry(title=LOST, followers=None)),
            does(follow, "grandma", "lost"),
            does(remove, "lost"),
            does(follow, "ravi", "lost", SOON),
        ),
        {"asha": BOTH, "ben": BOTH, "ravi": "Ballard Lost"},
    ),
    "an import again changes nothing of it": (
        (does(follow, "ravi", "silo"), does(stop, "ravi", "ballard"), does(bring_in, LATE)),
        {"asha": BOTH, "ben": BOTH, "ravi": "Silo"},
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_somebody_has_chosen_stands_whatever_lists_it(home: Rig, name: str) -> None:
    steps, expected = STORIES[name]
    for step in steps:
        step(home)
    assert what_each_follows(home) == expected


def test_the_same_config_again_changes_nothing_of_what_is_chosen(home: Rig) -> None:
    for name, key in (("grandma", "silo"), ("ravi", "silo")):
        follow(home, name, key)
    stop(home, "asha", "silo")
    take_leads(home, "ben", "ballard")
    before = home.rows(select(subscription).order_by(subscription.c.id))
    assert not put(home.store, config_of(BALLARD, SILO), now=SOON).began
    bring_in(home, SOON)
    assert home.rows(select(subscription).order_by(subscription.c.id)) == before


def test_leads_that_are_listed_count_for_who_has_stopped_and_follows_again(home: Rig) -> None:
    mine = ListedEntry(title=SILO, followers={"asha": Ladder.parse(["5d"]), "ben": None})
    put(home.store, config_of(BALLARD, mine))
    stop(home, "asha", "silo")
    follow(home, "asha", "silo", SOON)
    assert leads_of(home, "asha", "silo") == "5d"
    put(home.store, config_of(BALLARD, mine), now=LATE)
    assert leads_of(home, "asha", "silo") == "5d"
    take_leads(home, "asha", "silo")
    put(home.store, config_of(BALLARD, mine), now=LATE)
    assert leads_of(home, "asha", "silo") == "3d"
    take_leads(home, "asha", "silo", None)
    assert leads_of(home, "asha", "silo") == "5d"


@pytest.mark.parametrize("name", ["asha", "ravi", "grandma"])
def test_leads_chosen_for_everything_count_for_whatever_lists_a_title(home: Rig, name: str) -> None:
    follow(home, "grandma", "ballard")
    with home.store.write() as tx:
        (who,) = find_people(tx, name).values()
        own.change_own(tx, name, lambda kept: kept.choosing(who, {"remind": LEADS}, NOW), NOW)
    assert leads_of(home, name, "ballard") == "3d"
    put(home.store, config_of(BALLARD, SILO), now=SOON)
    bring_in(home, SOON)
    assert leads_of(home, name, "ballard") == "3d"


def test_leads_that_the_page_kept_with_a_title_before_are_usual_again_when_asked(home: Rig) -> None:
    add(home, ListedEntry(title=LOST, followers={"asha": Ladder.parse(["9d"]), "ben": None}, ladders={"ben": LEADS}))
    assert [leads_of(home, name, "lost") for name in ("asha", "ben")] == ["9d", "3d"]
    for name in ("asha", "ben"):
        take_leads(home, name, "lost", None)
    assert [leads_of(home, name, "lost") for name in ("asha", "ben")] == ["7d, 1d, day"] * 2


def test_what_nobody_follows_any_more_is_not_watched_and_what_somebody_does_is(home: Rig) -> None:
    add(home, ListedEntry(title=LOST, followers={}))
    follow(home, "grandma", "lost")
    with home.store.write() as tx:
        own.end_person(tx, "grandma", SOON)
    assert home.rows(select(title.c.ended_at).where(title.c.key == "lost"))[0].ended_at == SOON
    with home.store.write() as tx:
        own.bring_back(tx, "grandma", LATE)
    assert what_each_follows(home)["grandma"] == "Lost"
    assert home.rows(select(title.c.ended_at).where(title.c.key == "lost"))[0].ended_at is None


def test_who_has_left_is_in_no_export(home: Rig) -> None:
    with home.store.write() as tx:
        own.end_person(tx, "ravi", SOON)
        assert list(export_people(tx)) == []


def test_a_config_that_was_cut_short_is_known_though_others_go_on_by_choice(home: Rig) -> None:
    many = [a_title(f"Number {count}", "2027-07-09") for count in range(12)]
    put(home.store, config_of(*many))
    for each in many:
        follow(home, "grandma", each.key)
    with home.store.write() as tx:
        assert followed(tx, SOON) == (12, 12)
    report = put(home.store, config_of(many[0]), now=SOON)
    with home.store.write() as tx:
        assert followed(tx, SOON) == (12, 1)
    assert len(report.ended) == 11


def test_a_stretch_that_is_lived_through_begins_with_what_everybody_has_chosen(home: Rig) -> None:
    follow(home, "grandma", "silo")
    stop(home, "asha", "ballard")
    take_leads(home, "ben", "silo")
    with home.store.read() as tx:
        choices = choices_of(tx)
    scratch = Rig(kind="sqlite", database=home.database, store=scratch_store(), closing=home.closing)
    try:
        put(scratch.store, config_of(BALLARD, SILO), now=LATE)
        with scratch.store.write() as tx:
            for each in choices:
                each.make(tx, LATE, GRACE)
        assert what_each_follows(scratch) == {"asha": "Silo", "ben": BOTH, "grandma": "Silo"}
        assert leads_of(scratch, "ben", "silo") == "3d"
    finally:
        scratch.store.close()


def test_who_presses_twice_at_once_follows_once(home: Rig) -> None:
    """Two connections of a server begin at once: one waits for the other."""
    stores = [home.another() for _ in range(2)]
    silo, gate = number(home, "silo"), threading.Barrier(2)

    def press(store: Store) -> bool:
        gate.wait(10)
        with store.write() as tx:
            return use_case.follow(tx, CONFIG, "grandma", silo, NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, stores)) == [False, True]
    with home.store.read() as tx:
        assert followers_of(tx, silo, 0).number == 3
