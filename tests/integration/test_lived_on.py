"""A household on the tables of the version before goes on: nothing repeated, nothing lost, no notice for a better reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from reminder.core.model.secret import Secret
from reminder.notify.transport import Sent
from reminder.store.sql.engine import database_url, make_engine
from reminder.store.sql.migrate import migrate
from reminder.store.sql.store import Store, open_store
from reminder.store.title_commands import kept_titles
from tests.support.catalogues import Catalogues
from tests.support.lived import BASE, BROKEN, CONFIG, LEFT, ZONE, stand
from tests.support.postgres import server
from tests.support.sourced import SourcedWorld
from tests.support.stores import BOTH, SQLITE
from tests.support.versions import FOLDER, Rows, put_rows

PLACES: Final = (("anna", "mail"), ("anna", "phone"), ("ben", "phone"), ("gran", "gran"), ("sam", "bot"))
HOUSEHOLD: Final = FOLDER / "lived" / "household.json"


@dataclass
class Heir(SourcedWorld):
    """A world that goes on with the database of another."""

    database: Secret | None = None

    def make_store(self) -> Store:
        """Open the database with the program of today."""
        assert self.database is not None
        return open_store(self.database)


@pytest.fixture
def database(tmp_path: Path) -> Secret:
    """Return the household's database as the program of before left it."""
    return _filled(Secret(str(tmp_path / "reminder.db")))


@pytest.fixture(params=BOTH)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Secret]:
    """Return the same on either database."""
    if request.param == SQLITE:
        yield _filled(Secret(str(tmp_path / "reminder.db")))
        return
    with server().database(migrated=False) as made:
        yield _filled(made)


def _filled(database: Secret) -> Secret:
    rows: Rows = json.loads(HOUSEHOLD.read_text())
    engine = make_engine(database_url(database))
    migrate(engine, "0001")
    with engine.begin() as tx:
        put_rows(tx, rows)
    engine.dispose()
    return database


def heir(database: Secret, there: Catalogues, at: str = LEFT) -> Heir:
    stand(there)
    return Heir(CONFIG, at, zone=ZONE, base=BASE, there=there, database=database)


def said(world: Heir, who: str, channel: str) -> list[str]:
    """Return what reached somebody over a channel about titles, day by day."""
    lines = sorted(
        (item.line(ZoneInfo(ZONE)) for item in world.arrived if (item.subscriber, item.channel) == (who, channel)),
    )
    return [line.replace(f" {who}/{channel}:", "") for line in lines if " does not " not in line]


def names(world: Heir) -> list[str]:
    with world.store.read() as tx:
        return sorted(item.listing.title.name for item in kept_titles(tx))


FOR_EVERYBODY = [
    "2026-12-09 09:00 Ballard premieres tomorrow",
    "2026-12-09 09:00 The Daily Show is out (since 5:30 AM)",
    "2026-12-09 09:00 The Late Show is out today",
    "2026-12-10 09:00 Ballard is out today",
    "2026-12-10 09:00 Breaking Bad season 5 episode 9 is out today",
    "2026-12-10 09:00 Taskmaster is out today",
    "2026-12-10 09:00 The Late Show is out today",
    "2026-12-10 09:00 Tokyo Film premieres tomorrow",
    "2026-12-11 09:00 Harbour Lights season 1 episode 2 is out today",
    "2026-12-11 09:00 New Show is out today",
    "2026-12-11 09:00 Silo season 2 episode 3 comes out today at 9:00 PM",
    "2026-12-11 09:00 The Daily Show is out (since 5:30 AM)",
    "2026-12-11 09:00 The Odyssey premieres tomorrow",
    "2026-12-11 09:00 Tokyo Film is out today",
    "2026-12-12 09:00 Amélie Deux premieres tomorrow",
    "2026-12-12 09:00 Frieren episode 5 is out today",
    "2026-12-12 09:00 Quiet Earth premieres tomorrow",
    "2026-12-12 09:00 The Odyssey is out today",
    "2026-12-13 09:00 Amélie Deux is out today",
    "2026-12-13 09:00 One Piece episode 1071 is out today",
    "2026-12-13 09:00 Quiet Earth is out today",
    "2026-12-13 09:00 三体 season 2 premieres tomorrow",
    "2026-12-14 09:00 Dune: Part Three premieres tomorrow",
    "2026-12-14 09:00 Severin season 2 episode 3 is out today",
    "2026-12-14 09:00 Two Halves season 1 episode 3 is out (since 3:00 AM)",
    "2026-12-14 09:00 三体 season 2 is out today",
    "2026-12-15 09:00 Andor episode 3 is out today",
    "2026-12-15 09:00 Dune: Part Three is out today",
]
"""What the week holds for whoever follows everything and lives in Berlin; Severance is muted for Anna alone."""

WAITED_FOR_ANNA = [
    "2026-12-08 09:00 Andor episode 2 is out today",
    "2026-12-08 09:00 Dune: Part Three premieres in 7 days",
]

WAITED_FOR_GRAN = [
    "2026-12-08 Amélie Deux premieres in 5 days",
    "2026-12-08 Andor episode 2 is out today",
    "2026-12-08 Dune: Part Three premieres in 7 days",
    "2026-12-08 Foundation moved from December 20 to December 27, 2026",
    "2026-12-08 One Piece episode 1071 comes out in 5 days",
    "2026-12-08 Quiet Earth premieres in 5 days",
    "2026-12-08 Severin season 2 episode 3 comes out in 6 days",
    "2026-12-08 The Late Show comes out tomorrow",
    "2026-12-08 Two Halves season 1 episode 2 came out yesterday",
    "2026-12-08 三体 season 2 premieres in 6 days",
]

FOR_BEN = [
    "2026-12-09 02:00 Andor episode 2 is out today",
    "2026-12-09 02:00 Dune: Part Three premieres in 7 days",
    "2026-12-09 02:00 The Daily Show comes out today at 11:30 PM",
    "2026-12-10 02:00 Ballard premieres tomorrow",
    "2026-12-10 02:00 The Late Show is out today",
    "2026-12-11 02:00 Ballard is out today",
    "2026-12-11 02:00 Breaking Bad season 5 episode 9 is out today",
    "2026-12-11 02:00 Severance premieres tomorrow",
    "2026-12-11 02:00 Taskmaster is out today",
    "2026-12-11 02:00 The Daily Show comes out today at 11:30 PM",
    "2026-12-11 02:00 The Late Show is out today",
    "2026-12-11 02:00 Tokyo Film premieres tomorrow",
    "2026-12-12 02:00 Harbour Lights season 1 episode 2 is out today",
    "2026-12-12 02:00 New Show is out today",
    "2026-12-12 02:00 Severance is out today",
    "2026-12-12 02:00 Silo season 2 episode 3 is out (since 3:00 PM)",
    "2026-12-12 02:00 The Odyssey premieres tomorrow",
    "2026-12-12 02:00 Tokyo Film is out today",
    "2026-12-13 02:00 Amélie Deux premieres tomorrow",
    "2026-12-13 02:00 Frieren episode 5 is out today",
    "2026-12-13 02:00 The Odyssey is out today",
    "2026-12-14 02:00 Amélie Deux is out today",
    "2026-12-14 02:00 One Piece episode 1071 is out today",
    "2026-12-14 02:00 Two Halves season 1 episode 3 comes out today at 9:00 PM",
    "2026-12-14 02:00 三体 season 2 premieres tomorrow",
    "2026-12-15 02:00 Dune: Part Three premieres tomorrow",
    "2026-12-15 02:00 Severin season 2 episode 3 is out today",
    "2026-12-15 02:00 三体 season 2 is out today",
]


def test_at_the_same_instant_only_what_waited_is_said(database: Secret) -> None:
    with Catalogues() as there, closing(heir(database, there)) as world:
        world.transport.always("gran", BROKEN)
        world.settle()
        world.refresh(everything=True)
        world.live("2026-12-08 19:00")
        assert {(who, channel): said(world, who, channel) for who, channel in PLACES} == {
            ("anna", "mail"): [],
            ("anna", "phone"): WAITED_FOR_ANNA,
            ("ben", "phone"): [],
            ("gran", "gran"): [],
            ("sam", "bot"): [],
        }
        assert world.told == []


def test_for_a_week_nothing_is_repeated_and_nothing_lost(either: Secret) -> None:
    with Catalogues() as there, closing(heir(either, there)) as world:
        world.transport.always("gran", BROKEN)
        world.settle()
        world.transport.always("gran", Sent(detail="200 OK"))
        world.live("2026-12-15 12:00")
        assert said(world, "anna", "mail") == FOR_EVERYBODY
        assert said(world, "anna", "phone") == [*WAITED_FOR_ANNA, *FOR_EVERYBODY]
        assert said(world, "ben", "phone") == FOR_BEN
        severance = ["2026-12-10 09:00 Severance premieres tomorrow", "2026-12-11 09:00 Severance is out today"]
        before, since = (
            said(world, "gran", "gran")[: len(WAITED_FOR_GRAN)],
            said(world, "gran", "gran")[len(WAITED_FOR_GRAN) :],
        )
        assert [line[:11] + line[17:] for line in before] == WAITED_FOR_GRAN  # at the hour of the next try
        assert since == sorted([*FOR_EVERYBODY, *severance])
        assert said(world, "sam", "bot") == [
            "2026-12-09 09:00 Ballard premieres tomorrow",
            "2026-12-10 09:00 Ballard is out today",
            "2026-12-15 09:00 Andor episode 3 is out today",
        ]


def test_every_work_is_followed_once_and_under_its_own_name(database: Secret) -> None:
    with Catalogues() as there, closing(heir(database, there)) as world:
        world.refresh()
        for _ in range(2):
            assert names(world) == [
                *("Amélie Deux", "Andor", "Ballard", "Breaking Bad", "Dune: Part Three", "Foundation"),
                *("Frieren", "Harbour Lights"),
                *("New Show", "One Piece", "Quiet Earth", "Severance", "Severin", "Silo", "Sommer", "Taskmaster"),
                *("The Daily Show", "The Late Show", "The Odyssey", "Tokyo Film", "Two Halves", "三体"),
            ]
            world.at("2026-12-10 10:00").refresh()


def test_what_really_moved_while_the_program_was_changed_is_told(database: Secret) -> None:
    with Catalogues() as there, closing(heir(database, there)) as world:
        moved = {"20261211T200000Z": "20261220T200000Z", "TZID=Asia/Tokyo;VALUE=DATE:20261211": "VALUE=DATE:20261221"}
        moved |= {"DATE:20261212": "DATE:20261222"}
        for old, new in moved.items():
            there.feeds["sonarr"] = [line.replace(old, new) for line in there.feeds["sonarr"]]
        there.shows[1].episodes[2].on = "2026-12-25"
        there.shows[1].episodes[3].on = "2026-12-26"
        world.transport.always("gran", BROKEN)
        world.live("2026-12-10 12:00")
        told = sorted(line[17:] for line in said(world, "anna", "mail") if "moved" in line)
        assert told == [
            "Frieren episode 5 moved from December 12 to December 22, 2026",
            "Harbour Lights season 1 episode 3 moved from December 18 to December 25, 2026",
            "Silo season 2 episode 3 moved from December 11 to December 20, 2026",
            "Tokyo Film moved from December 10 to December 21, 2026",
        ]
