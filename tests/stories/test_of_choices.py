"""What a member hears who follows beside the config: exactly what was promised, whatever is reloaded, imported or begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from reminder.core.model.entities import ChannelUse
from reminder.core.model.lead import Ladder
from reminder.core.model.own import Own
from reminder.store import own as store
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.sql.store import Store
from reminder.store.sql.tables import title
from reminder.usecases import own, people
from tests.support.rules import person
from tests.support.stores import BOTH, rig_of
from tests.support.world import World

BASE = """
channels: {phone: "json://127.0.0.1:9/", bot: "json://127.0.0.1:9/{address}"}
subscribers:
  asha: {channels: [phone]}
"""
BALLARD = "- {title: Ballard, premiere: 2025-07-09}\n"
SILO = "- {title: Silo, premiere: 2025-07-20}\n"


@dataclass
class Club(World):
    """A household in which the config lists Asha, Ravi was imported with Ballard, and Grandma has joined."""

    on: Store | None = None

    def make_store(self) -> Store:
        assert self.on is not None
        return self.on

    def join(self) -> Club:
        self.bring_in()
        grandma = replace(person(name="grandma"), channels=(), zone=self.app.config.zone)
        with self.store.write() as tx:
            store.add_person(tx, grandma, Own(channels=(ChannelUse(name="bot", address="7"),)))
        return self

    def bring_in(self) -> None:
        use = ChannelUse(name="bot", address="1")
        ravi = NewSubscriber(name="ravi", settings=replace(person(name=""), channels=()), use=use, titles=("ballard",))
        with self.store.write() as tx:
            BulkLoader(now=self.clock.now(), grace=self.app.config.grace).put(tx, [ravi])

    def number(self, key: str) -> int:
        with self.store.read() as tx:
            found: int = tx.execute(select(title.c.id).where(title.c.key == key)).scalar_one()
            return found

    def follow(self, who: str, key: str) -> None:
        with self.store.write() as tx:
            own.follow(tx, self.app.config, who, self.number(key), self.clock.now())

    def stop(self, who: str, key: str) -> None:
        with self.store.write() as tx:
            own.stop(tx, who, self.number(key), self.clock.now())

    def leads(self, who: str, key: str, *leads: str) -> None:
        with self.store.write() as tx:
            own.set_leads(tx, who, self.number(key), Ladder.parse(list(leads)), self.clock.now())


@pytest.fixture(params=BOTH)
def club(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Club]:
    with rig_of(request.param, tmp_path) as rig:
        yield Club(f"watch:\n{BALLARD}{SILO}", "2025-06-20 12:00", base=BASE, on=rig.store).join()


def test_a_summer_of_a_member_beside_the_config(club: Club) -> None:
    club.follow("grandma", "silo")
    club.leads("grandma", "silo", "3d", "day")
    club.stop("asha", "ballard")
    club.live("2025-07-04 12:00")
    club.edit(f"watch:\n{BALLARD}")  # the config drops Silo: it goes on for Grandma alone
    club.bring_in()
    club.live("2025-07-10 12:00")
    club.begin()
    club.live("2025-07-25 12:00")
    assert club.lines("asha") == []
    assert club.lines("ravi") == [
        "2025-07-02 09:00 ravi/bot: Ballard premieres in 7 days",
        "2025-07-08 09:00 ravi/bot: Ballard premieres tomorrow",
        "2025-07-09 09:00 ravi/bot: Ballard is out today",
    ]
    assert club.lines("grandma") == [
        "2025-07-17 09:00 grandma/bot: Silo premieres in 3 days",
        "2025-07-20 09:00 grandma/bot: Silo is out today",
    ]
    assert club.unexplained() == []


def test_who_follows_later_is_owed_nothing_that_was_past_and_is_told_why(club: Club) -> None:
    club.live("2025-07-05 12:00")
    club.follow("grandma", "ballard")
    club.live("2025-07-10 12:00")
    assert club.lines("grandma") == [
        "2025-07-08 09:00 grandma/bot: Ballard premieres tomorrow",
        "2025-07-09 09:00 grandma/bot: Ballard is out today",
    ]
    assert "2025-07-02 grandma/all 7d for 2025-07-09: not sent (subscribed later)" in club.why()


def test_who_stops_and_comes_back_soon_hears_all_that_was_between(club: Club) -> None:
    club.live("2025-07-01 12:00")
    club.stop("ravi", "ballard")
    club.live("2025-07-02 18:00")
    club.follow("ravi", "ballard")
    club.live("2025-07-10 12:00")
    assert club.lines("ravi") == [
        "2025-07-02 18:00 ravi/bot: Ballard premieres in 7 days",
        "2025-07-08 09:00 ravi/bot: Ballard premieres tomorrow",
        "2025-07-09 09:00 ravi/bot: Ballard is out today",
    ]


def test_a_date_that_moves_is_told_to_each_who_follows_it_once(club: Club) -> None:
    club.follow("grandma", "ballard")
    club.live("2025-07-04 12:00")
    club.edit(f"watch:\n{BALLARD.replace('07-09', '07-16')}{SILO}")
    club.live("2025-07-05 12:00")
    moved = [line for line in club.lines() if line.startswith("2025-07-05")]
    assert [line.partition(": ")[0] for line in moved] == [
        f"2025-07-05 09:00 {who}" for who in ("asha/phone", "grandma/bot", "ravi/bot")
    ]


@pytest.mark.parametrize("who", ["ravi", "grandma"])
def test_a_pause_and_a_muted_title_hold_for_whoever_was_imported_or_joined(club: Club, who: str) -> None:
    club.follow("grandma", "ballard")
    with club.store.write() as tx:
        people.pause(tx, who, club.instant("2025-07-05 00:00").date(), club.clock.now())
    club.live("2025-07-06 12:00")
    assert club.lines(who) == []
    with club.store.write() as tx:
        assert people.mute(tx, ["Ballard"], who, None, club.clock.now()).followers == (who,)
    club.live("2025-07-10 12:00")
    assert club.lines(who) == []
    assert len(club.lines("asha")) == 3
