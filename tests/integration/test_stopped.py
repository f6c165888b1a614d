"""Whoever stopped following a title stays so: over a reload, a change by command, an import, and a copy put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time

import pytest
from sqlalchemy import Connection, select

from reminder.config import Config
from reminder.core.model.entities import ChannelUse
from reminder.core.model.own import Own
from reminder.store import own
from reminder.store.sql.tables import title
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess, access_to
from tests.support.commands import Shell
from tests.support.rules import person

CONFIG = """\
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/", bot: "json://127.0.0.1:9/{address}"}
subscribers: {asha: {channels: [phone]}, ravi: {channels: [phone]}}
watch: [{title: Silo, premiere: 2025-07-12}]
"""

Act = Callable[[Connection, Config, TitleAccess, datetime], None]


@pytest.fixture
def home(shell: Shell) -> Shell:
    shell.write(CONFIG).sweep()
    assert shell.run("add", "Dune", "--premiere", "2025-08-01").status == 0
    act(shell, "ravi", stop)
    return shell


def stop(tx: Connection, config: Config, access: TitleAccess, now: datetime) -> None:
    actions.stop(tx, access, now)


def act(shell: Shell, person: str, what: Act) -> None:
    """Do something about Dune as the page does."""
    app = shell.app
    with closing(app.open_store()) as store, store.write() as tx:
        number = tx.execute(select(title.c.id).where(title.c.name == "Dune")).scalar_one()
        access = access_to(tx, number, person, is_owner=False, to_change=True)
        assert access is not None
        what(tx, app.config, access, app.clock.now())


def followers(shell: Shell) -> list[str]:
    return [row["subscriber"] for row in shell.run("show", "Dune", "--json").json()["subscribers"]]


def test_a_reload_and_a_day_keep_it(home: Shell) -> None:
    assert followers(home) == ["asha"]
    home.write(CONFIG.replace("Silo", "Andor")).at("2025-07-02T04:00:00Z").sweep()
    assert followers(home) == ["asha"]


def test_a_change_by_command_keeps_it_and_one_that_names_people_does_not(home: Shell) -> None:
    assert home.run("change", "Dune", "--premiere", "2025-08-08", "--platform", "cinemas").status == 0
    assert followers(home) == ["asha"]
    assert home.run("change", "Dune", "--for", "asha,ravi").status == 0
    assert followers(home) == ["asha", "ravi"]


def test_an_import_keeps_it(home: Shell) -> None:
    people = home.home / "people.csv"
    people.write_text("subscriber,timezone,channel,address,titles\nsam,Europe/Paris,bot,123,Dune\n")
    done = home.run("import", str(people))
    assert done.status == 0, done.err
    home.sweep()
    assert followers(home) == ["asha"]
    act(home, "asha", stop)
    shown = home.run("show", "Dune", "--json").json()
    assert shown["ended_at"] is None, "sam follows it still"


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_copy_that_is_put_back_keeps_what_it_holds(home: Shell, is_lost: bool) -> None:
    copy = str(home.home / "copy.db")
    assert home.run("backup", copy).status == 0
    home.at("2025-07-01T04:00:00Z")
    act(home, "ravi", actions.follow)
    assert followers(home) == ["asha", "ravi"]
    if is_lost:
        for ending in ("", "-wal", "-shm"):
            home.database.with_name(home.database.name + ending).unlink(missing_ok=True)
    assert home.run("restore", copy).status == 0
    home.sweep()
    assert followers(home) == (["asha"] if is_lost else ["asha", "ravi"])


def test_who_joined_and_what_was_chosen_since_the_copy_is_not_lost_with_it(home: Shell) -> None:
    copy = str(home.home / "copy.db")
    assert home.run("backup", copy).status == 0
    home.at("2025-07-01T04:00:00Z")
    app = home.app
    with closing(app.open_store()) as store, store.write() as tx:
        now = app.clock.now()
        grandma = replace(person(name="grandma"), channels=())
        own.add_person(tx, grandma, Own(channels=(ChannelUse(name="bot", address="7"),)))
        numbers = {row.name: row.id for row in tx.execute(select(title.c.name, title.c.id))}
        own.follow(tx, "grandma", numbers["Dune"], now, app.config.grace)
        own.follow(tx, "grandma", numbers["Silo"], now, app.config.grace)
        own.stop(tx, "asha", numbers["Silo"], now)
        own.change_own(tx, "asha", lambda kept: kept.choosing(person(name="asha"), {"at": time(20)}, now), now)
    assert home.run("restore", copy).status == 0
    home.sweep()
    assert followers(home) == ["asha", "grandma"]
    silo = home.run("show", "Silo", "--json").json()
    assert [row["subscriber"] for row in silo["subscribers"]] == ["ravi", "grandma"]
    assert [row["subscriber"] for row in silo["stopped"]] == ["asha"]
    with closing(app.open_store()) as store, store.read() as tx:
        kept = own.own_of(tx, "asha")
    assert kept is not None
    assert kept.chosen == {"at"}
