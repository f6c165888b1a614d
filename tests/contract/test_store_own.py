"""What people choose for themselves outlives whatever lists them, over SQLite and PostgreSQL alike (SPEC 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from reminder.core.model.channels import Channels, base_name, next_name
from reminder.core.model.entities import Channel, ChannelUse, Subscriber
from reminder.core.model.lead import Ladder
from reminder.core.model.own import UNPROVED, Own, is_proved
from reminder.core.model.secret import Secret
from reminder.core.schedule.listing import ListedEntry
from reminder.refresh.resolving import resolve_dates
from reminder.store import own, title_commands
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.forget import forget_person
from reminder.store.listings import COMMAND, CONFIG
from reminder.store.load_plans import all_cases
from reminder.store.people import find_people, people_on
from reminder.store.sql.tables import channel, subscriber, subscription, title
from reminder.store.succession import open_questions
from tests.support.rules import GRACE, a_title, person
from tests.support.stores import NOW, Rig, listed, put

LATER = NOW + timedelta(days=1)
BALLARD, SILO = a_title("Ballard", "2025-07-09"), a_title("Silo", "2025-08-01")
GRANDMA = replace(person(name="grandma"), zone=ZoneInfo("Europe/Berlin"), channels=(), language="de")


@pytest.fixture
def there(rig: Rig) -> Rig:
    """Return a database in which the config lists Asha and two titles, Ravi was imported and Grandma has joined."""
    put(rig.store, listed(BALLARD, SILO))
    bring_in(rig)
    with rig.store.write() as tx:
        own.add_person(tx, GRANDMA, Own(channels=(ChannelUse(name="bot", address="7"),)))
    return rig


def bring_in(rig: Rig, now: datetime = NOW) -> None:
    ravi = NewSubscriber(
        name="ravi",
        settings=replace(person(name=""), channels=()),
        use=ChannelUse(name="bot", address="1"),
        titles=("ballard", "silo"),
    )
    with rig.store.write() as tx:
        BulkLoader(now=now, grace=GRACE).put(tx, [ravi])


def number(rig: Rig, key: str) -> int:
    return int(rig.rows(select(title.c.id).where(title.c.key == key))[0].id)


def follows(rig: Rig, name: str) -> set[str]:
    with rig.store.read() as tx:
        return {case.subscription.title.name for case in all_cases(tx, name=name)}


def who(rig: Rig, name: str) -> Subscriber:
    with rig.store.read() as tx:
        (found,) = find_people(tx, name).values()
        return found


def choose(rig: Rig, name: str, now: datetime = LATER, **values: object) -> None:
    with rig.store.write() as tx:
        before = next(iter(find_people(tx, name).values()))
        own.change_own(tx, name, lambda kept: kept.choosing(before, values, now), now)


def test_a_reload_and_an_import_leave_alone_who_has_joined_and_what_they_follow(there: Rig) -> None:
    with there.store.write() as tx:
        assert own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
        assert not own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
    before = there.rows(select(subscription).where(subscription.c.origin == "own"))
    put(there.store, listed(BALLARD, SILO), now=LATER)
    bring_in(there, LATER)
    assert there.rows(select(subscription).where(subscription.c.origin == "own")) == before
    assert follows(there, "grandma") == {"Silo"}
    assert (who(there, "grandma").language, who(there, "grandma").zone.key) == ("de", "Europe/Berlin")


@pytest.mark.parametrize("name", ["asha", "ravi"])
def test_whoever_stops_what_is_listed_is_not_brought_back_to_it(there: Rig, name: str) -> None:
    with there.store.write() as tx:
        assert own.stop(tx, name, number(there, "ballard"), NOW)
        assert not own.stop(tx, name, number(there, "ballard"), NOW)
    put(there.store, listed(BALLARD, SILO), now=LATER)
    bring_in(there, LATER)
    assert follows(there, name) == {"Silo"}
    with there.store.write() as tx:
        assert own.follow(tx, name, number(there, "ballard"), LATER, GRACE)
    put(there.store, listed(BALLARD, SILO), now=LATER)
    assert follows(there, name) == {"Ballard", "Silo"}


def test_what_the_config_drops_is_watched_for_those_alone_who_chose_it(there: Rig) -> None:
    with there.store.write() as tx:
        own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
    put(there.store, listed(BALLARD), now=LATER)
    assert [follows(there, name) for name in ("asha", "ravi", "grandma")] == [{"Ballard"}, {"Ballard"}, {"Silo"}]
    put(there.store, listed(BALLARD, SILO), now=LATER)
    assert [follows(there, name) for name in ("asha", "grandma")] == [{"Ballard", "Silo"}, {"Silo"}]


def test_leads_of_ones_own_stay_whatever_is_listed(there: Rig) -> None:
    with there.store.write() as tx:
        for name in ("asha", "ravi"):
            assert own.take_leads(tx, name, number(there, "ballard"), Ladder.parse(["2d"]), NOW)
        assert not own.take_leads(tx, "grandma", number(there, "ballard"), Ladder.parse(["2d"]), NOW)
    put(there.store, listed(replace(BALLARD, remind=Ladder.parse(["5d"])), SILO), now=LATER)
    bring_in(there, LATER)
    for name in ("asha", "ravi"):
        with there.store.read() as tx:
            ladders = {case.subscription.title.name: case.subscription.ladder for case in all_cases(tx, name=name)}
        assert str(ladders["Ballard"].dump()["premiere"]) == "['2d']"
        assert str(ladders["Silo"].dump()["premiere"]) != "['2d']"


def test_an_imported_person_keeps_the_hour_they_chose_and_what_was_owed_before(there: Rig) -> None:
    choose(there, "ravi", at=time(20), zone=ZoneInfo("America/New_York"))
    bring_in(there, LATER)
    ravi = who(there, "ravi")
    assert (ravi.at, ravi.zone.key) == (time(20), "America/New_York")
    assert [(each.at, each.zone.key, each.until_at) for each in ravi.former] == [(time(9), "Asia/Kolkata", LATER)]


def test_who_has_left_an_import_is_not_brought_back_by_it_but_by_an_undo(there: Rig) -> None:
    with there.store.write() as tx:
        own.end_person(tx, "ravi", NOW)
    bring_in(there, LATER)
    assert follows(there, "ravi") == set()
    with there.store.write() as tx:
        own.bring_back(tx, "ravi", LATER)
    assert follows(there, "ravi") == {"Ballard", "Silo"}


def test_an_address_that_has_not_proved_itself_takes_codes_and_nothing_else(there: Rig) -> None:
    use = ChannelUse(name="bot#2", address="8", only=UNPROVED, since_at=NOW)
    with there.store.write() as tx:
        own.change_own(tx, "grandma", lambda kept: kept.with_use(use, "Her tablet"), NOW)
        assert own.drop_unproved(tx, LATER) == []
        assert {each.name for each in people_on(tx, "bot#2").values()} == {"grandma"}
        assert own.drop_unproved(tx, NOW + timedelta(days=4)) == ["grandma"]
    assert [each.name for each in who(there, "grandma").channels] == ["bot"]
    assert not is_proved(use)
    assert {row.name for row in there.rows(select(channel.c.name))} >= {"bot", "bot#2"}


def test_a_name_of_somebody_who_joined_is_taken_over_only_where_the_config_says_so(there: Rig) -> None:
    with there.store.write() as tx:
        own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
    asha = replace(person(), name="grandma", was="asha")
    put(there.store, replace(listed(BALLARD), subscribers=(asha,)), now=LATER)
    assert follows(there, "grandma") == {"Ballard", "Silo"}
    assert [use.name for use in who(there, "grandma").channels] == ["mail", "bot"]


def test_somebody_alike_does_not_become_who_has_joined(there: Rig) -> None:
    put(there.store, replace(listed(BALLARD, SILO), subscribers=(replace(person(), name="grandma"),)), now=LATER)
    assert (who(there, "grandma").language, who(there, "grandma").zone.key) == ("en", "Asia/Kolkata")
    with there.store.read() as tx:
        ended = tx.execute(select(subscriber.c.ended_at).where(subscriber.c.name == "asha")).scalar_one()
    assert ended == LATER


def test_who_joined_stays_when_the_config_comes_to_list_them_and_when_it_does_so_no_more(there: Rig) -> None:
    with there.store.write() as tx:
        own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
    config = replace(person(), name="grandma", channels=(ChannelUse(name="bot", address="99"),))
    with there.store.read() as tx:
        assert open_questions(tx, (), (config,), LATER, GRACE)[-1].startswith('"grandma" has joined on the page')
    put(there.store, replace(listed(BALLARD, SILO), subscribers=(person(), config)), now=LATER)
    uses = {use.name: use.address for use in who(there, "grandma").channels}
    assert uses == {"bot": "99", "bot#2": "7"}
    assert follows(there, "grandma") == {"Ballard", "Silo"}
    put(there.store, listed(BALLARD, SILO), now=LATER)
    grandma = who(there, "grandma")
    assert ({use.address for use in grandma.channels}, grandma.language) == ({"7"}, "de")
    assert follows(there, "grandma") == {"Silo"}


@pytest.mark.parametrize(
    ("origin", "others", "is_watched"),
    [
        (COMMAND, (), False),
        (COMMAND, ("asha",), True),
        (CONFIG, (), True),
    ],
)
def test_what_only_a_forgotten_person_followed_is_watched_no_more_unless_it_is_listed(
    there: Rig, origin: str, others: tuple[str, ...], is_watched: bool
) -> None:
    with there.store.write() as tx:
        if origin == COMMAND:
            entry = ListedEntry(title=a_title("Dune", "2025-09-01"), followers=dict.fromkeys(others))
            title_commands.put_new(tx, [entry], COMMAND, NOW, GRACE, resolve_dates)
    name = "dune" if origin == COMMAND else "silo"
    with there.store.write() as tx:
        assert own.follow(tx, "grandma", number(there, name), NOW, GRACE)
        forget_person(tx, "grandma", LATER)
    ended = there.rows(select(title.c.ended_at).where(title.c.key == name))[0].ended_at
    assert (ended is None) == is_watched


def test_nothing_is_left_of_who_is_forgotten(there: Rig) -> None:
    with there.store.write() as tx:
        own.follow(tx, "grandma", number(there, "silo"), NOW, GRACE)
        forget_person(tx, "grandma", NOW)
    assert not [row for row in there.rows(select(subscriber.c.name)) if row.name == "grandma"]


def test_a_further_address_is_a_channel_of_its_own_that_leads_to_its_address() -> None:
    bot = Channel(name="bot", url=Secret("tgram://1:x/{address}"), fingerprint="f", is_shared=True)
    channels = Channels({"bot": bot, "phone": Channel(name="phone", url=Secret("ntfy://x/y"))})
    assert [channels["bot#2"].name, base_name("bot#2"), base_name("phone"), base_name("a#b")] == [
        "bot#2",
        "bot",
        "phone",
        "a#b",
    ]
    assert next_name("bot", {"bot", "bot#2"}) == "bot#3"
    assert ("bot#2" in channels, "phone#2" in channels, "other#2" in channels) == (True, False, False)
    assert list(channels) == ["bot", "phone"]
    url = channels["bot#2"].to("8/9").url
    assert url is not None
    assert url.reveal() == "tgram://1:x/8%2F9"
