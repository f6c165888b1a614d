"""Looking at a config that has not changed, on PostgreSQL: nothing is brought in, nothing is written, nothing is stale."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from reminder.core.model.secret import Secret
from reminder.store.looks import forget_changes
from reminder.store.sql.store import open_store
from tests.support.commands import Shell
from tests.support.postgres import USER, server

CONFIG = """
timezone: Asia/Kolkata
subscribers:
  asha: {}
  ravi: {timezone: America/New_York, at: "08:00"}
channels:
  screen: console://
  phone: json://127.0.0.1:9/${PHONE}
watch:
  - {title: Ballard, premiere: 2025-07-09}
  - {title: Foundation, season: 3, premiere: 2025-07-11, episodes: 3, drop: weekly}
  - Severance
"""
LOOKS = (
    ("plan", "--json"),
    ("check", "--json"),
    ("show", "ballard", "--json"),
    ("upcoming", "-n", "3"),
    ("list", "--json"),
    ("why", "ballard"),
    ("history",),
)
TELLING = (("plan", "--json"), ("check", "--json"), ("list", "--json"))
SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(?=Z|[+-]\d\d:\d\d)")


@pytest.fixture
def home(shell: Shell) -> Iterator[Shell]:
    """A household on a server, whose daemon has taken the config, and which somebody has looked at."""
    with server().database() as database:
        shell.patch.setenv("PHONE", "a")
        shell.patch.setenv("DB", database.reveal())
        shell.write(f"{CONFIG}database: {database.reveal()}\n").sweep()
        shell.at("2025-06-28T07:00:00Z").run("list")
        assert kept(shell)["look"]
        yield shell


def conninfo(_: Shell) -> str:
    return os.environ["DB"]


def change(shell: Shell, statement: str) -> None:
    with psycopg.connect(conninfo(shell)) as connection:
        connection.execute(statement.encode())


def kept(shell: Shell) -> dict[str, str]:
    with psycopg.connect(conninfo(shell)) as connection:
        return dict(connection.execute("SELECT key, value FROM meta WHERE key LIKE 'look%'").fetchall())


def said(shell: Shell, words: tuple[str, ...]) -> tuple[int, str, str]:
    shell.at(shell.clock.read_text())
    found = shell.run(*words)
    return found.status, SECONDS.sub(r"\1", found.out), SECONDS.sub(r"\1", found.err)


def differences(shell: Shell, looks: tuple[tuple[str, ...], ...] = TELLING) -> list[tuple[str, ...]]:
    """Return the commands that say something else when the config is brought in for them."""
    short = {words: said(shell, words) for words in looks}
    long = {}
    for words in looks:
        change(shell, "DELETE FROM meta WHERE key = 'look'")
        long[words] = said(shell, words)
    return [words for words in looks if short[words] != long[words]]


def test_a_look_says_the_same_with_the_config_read_and_without(home: Shell) -> None:
    assert differences(home, LOOKS) == []
    home.at("2025-07-08T04:00:00Z").sweep()
    home.at("2025-07-08T05:00:00Z").run("list")
    assert kept(home)["look"]
    assert differences(home) == []


def test_a_look_at_a_config_that_is_known_does_not_bring_it_in(home: Shell) -> None:
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert "Hours are in Asia/Tokyo" in home.run("plan").err  # what was kept counts, not the file


def test_a_look_at_a_config_that_is_known_writes_nothing(home: Shell) -> None:
    before = kept(home)
    change(home, f"ALTER ROLE {USER} IN DATABASE {database_name(home)} SET default_transaction_read_only = on")
    for words in LOOKS:
        assert home.run(*words).status == 0, words
    assert kept(home) == before


def test_who_may_only_read_is_shown_all_the_same_and_keeps_nothing(home: Shell) -> None:
    change(home, "DELETE FROM meta WHERE key = 'look'")
    expected = home.run("list").out
    change(home, "DELETE FROM meta WHERE key = 'look'")
    change(home, f"ALTER ROLE {USER} IN DATABASE {database_name(home)} SET default_transaction_read_only = on")
    assert home.run("list").out == expected
    assert "look" not in kept(home)


def database_name(shell: Shell) -> str:
    return conninfo(shell).partition("@/")[2].partition("?")[0]


def statement(text: str) -> Callable[[Shell], object]:
    return lambda shell: change(shell, text)


def edit(old: str, new: str) -> Callable[[Shell], object]:
    return lambda shell: shell.write(shell.config.read_text().replace(old, new))


def swept(shell: Shell) -> None:
    shell.at("2025-07-09T04:00:00Z").sweep()
    shell.at("2025-07-09T05:00:00Z")


def imported(shell: Shell) -> None:
    (shell.home / "people.csv").write_text("name,channel,address,timezone\nzoe,phone,1,Asia/Tokyo\n")
    shell.run("import", str(shell.home / "people.csv"))


CHANGES: dict[str, Callable[[Shell], object]] = {
    "a date": edit("2025-07-09", "2025-07-10"),
    "a title left out": edit("  - Severance\n", ""),
    "a secret": lambda shell: shell.patch.setenv("PHONE", "another"),
    "a config that is broken": edit("2025-07-09", "09/07/2025"),
    "a date in the database": statement("UPDATE release SET when_text = '2025-07-12' WHERE when_text = '2025-07-09'"),
    "a release gone from the database": statement("DELETE FROM release WHERE season = 3"),
    "a title ended in the database": statement("UPDATE title SET ended_at = now() WHERE name = 'Ballard'"),
    "a subscription ended": statement("UPDATE subscription SET ended_at = now() WHERE id = 1"),
    "a subscription gone": statement("DELETE FROM subscription WHERE id = 1"),
    "a person gone": statement("UPDATE subscriber SET ended_at = now() WHERE name = 'ravi'"),
    "a channel's address": statement("UPDATE channel SET fingerprint = 'x' WHERE name = 'phone'"),
    "another config's database": statement("UPDATE meta SET value = 'another' WHERE key = 'config'"),
    "another program's look": statement("UPDATE meta SET value = 'of another program' WHERE key = 'look'"),
    "settings that nobody can read": statement("UPDATE meta SET value = '{}' WHERE key = 'look_settings'"),
    "a place that nobody can read": statement("UPDATE meta SET value = 'soon' WHERE key = 'look_since'"),
    "a place that is too large": statement(
        "UPDATE meta SET value = '9:99999999999999999999:' WHERE key = 'look_since'"
    ),
    "no place": statement("DELETE FROM meta WHERE key = 'look_since'"),
    "a title added": lambda shell: shell.run("add", "Dune", "--premiere", "2026-12-18"),
    "a title muted": lambda shell: shell.run("mute", "Ballard"),
    "a person paused": lambda shell: shell.run("pause", "asha", "--until", "2025-07-08"),
    "a person imported": imported,
    "a sweep": swept,
    "time": lambda shell: shell.at("2025-09-01T04:00:00Z"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_no_look_is_stale(home: Shell, what: str) -> None:
    CHANGES[what](home)
    assert differences(home) == []


NOTICED = (
    "a release gone from the database",
    "a subscription gone",
    "a channel's address",
    "another config's database",
)


@pytest.mark.parametrize("what", NOTICED)
def test_a_change_of_what_a_sync_reads_is_noticed(home: Shell, what: str) -> None:
    """What a command says may be the same all the same: here it is the look that must not hold."""
    before = kept(home)
    CHANGES[what](home)
    home.run("list")
    assert kept(home) == before  # the config brings something now, so nothing new is kept
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert "Asia/Tokyo" not in home.run("plan").err


HARMLESS = {
    "a pointer": "UPDATE subscription SET next_due_at = now()",
    "a channel that works": "UPDATE channel SET last_success_at = now()",
    "a note": "INSERT INTO meta (key, value) VALUES ('a note', 'b')",
    "an imported person": "INSERT INTO subscriber (name, origin, profile) VALUES ('zoe', 'import', '{}')",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_a_sync_does_not_read_leaves_the_look(home: Shell, what: str) -> None:
    change(home, HARMLESS[what])
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert "Asia/Tokyo" in home.run("plan").err


MOVED = b"UPDATE release SET when_text = '2025-07-15', from_on = '2025-07-15' WHERE when_text = '2025-07-09'"


@pytest.mark.parametrize("ends", ["commit", "rollback"])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_change_on_its_way_while_somebody_looks_is_not_lost(home: Shell, ends: str, is_known: bool) -> None:
    if not is_known:
        change(home, "DELETE FROM meta WHERE key = 'look'")
    with closing(psycopg.connect(conninfo(home))) as writer:
        writer.execute(MOVED)
        assert "Wed 9 Jul" in home.run("upcoming").out  # nobody waits for it, and it is not there yet
        assert kept(home)["look"]
        getattr(writer, ends)()
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert ("Asia/Tokyo" in home.run("plan").err) is (ends == "rollback")


def test_two_who_write_at_once_do_not_wait_for_each_other(home: Shell) -> None:
    with closing(psycopg.connect(conninfo(home))) as one, closing(psycopg.connect(conninfo(home))) as other:
        one.execute("SET lock_timeout = '1ms'")
        other.execute("SET lock_timeout = '1ms'")
        one.execute("UPDATE title SET name = name WHERE id = 1")
        other.execute("UPDATE title SET name = name WHERE id = 2")
        one.execute("UPDATE release SET seen_at = seen_at WHERE title_id = 1")
        other.execute("UPDATE release SET seen_at = seen_at WHERE title_id = 2")
        one.commit()
        other.commit()
    assert differences(home) == []


def test_a_copy_in_another_table_is_not_taken_for_the_first(home: Shell) -> None:
    """A dump that is put back makes its tables anew, and another server counts transactions in its own way."""
    change(home, "CREATE TABLE again (LIKE look_change INCLUDING ALL)")
    change(home, "ALTER TABLE look_change RENAME TO first; ALTER TABLE again RENAME TO look_change")
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert "Asia/Tokyo" not in home.run("plan").err


def test_numbers_are_kept_for_a_day_and_the_look_no_longer_than_they(home: Shell) -> None:
    with closing(open_store(Secret(conninfo(home)))) as store:
        with store.write() as tx:
            forget_changes(tx)
        assert kept(home)["look"]
        change(home, "UPDATE look_change SET at = now() - interval '25 hours'")
        with store.write() as tx:
            forget_changes(tx)
    assert "look" not in kept(home)
    with psycopg.connect(conninfo(home)) as connection:
        assert connection.execute("SELECT count(*) FROM look_change").fetchone() == (0,)
    home.run("list")
    assert kept(home)["look"]


@pytest.mark.parametrize("written", ["{url}", '"{url}"', "'{url}'  # here", "${{DB}}", "{psycopg}", "{options}"])
def test_however_the_server_is_written_the_look_is_the_same_and_known(home: Shell, written: str) -> None:
    url = conninfo(home)
    forms = {"url": url, "psycopg": url.replace("//", "+psycopg2//", 1).replace("postgresql:+", "postgresql+", 1)}
    said_so = written.format(**forms, options=f"{url}&connect_timeout=9").replace("psycopg2//", "psycopg2://")
    home.write(f"{CONFIG}database: {said_so}\n")
    home.run("list")
    change(home, "UPDATE meta SET value = replace(value, 'Asia/Kolkata', 'Asia/Tokyo') WHERE key = 'look_settings'")
    assert "Asia/Tokyo" in home.run("plan").err


def test_a_role_that_only_runs_looks_as_the_owner_does(home: Shell) -> None:
    """The rights that the guide names are enough to look, and to keep that nothing is new."""
    name = sql.Identifier("look_runner")
    server().execute(sql.SQL("DROP ROLE IF EXISTS look_runner"))
    server().execute(sql.SQL("CREATE ROLE look_runner LOGIN"))
    change(home, f"GRANT USAGE ON SCHEMA public TO {name.as_string(None)}")
    change(home, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO look_runner")
    change(home, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO look_runner")
    owner = home.config.read_text()
    expected = home.run("list").out
    try:
        home.write(owner.replace(f"//{USER}@", "//look_runner@"))
        assert home.run("list").out == expected
        runner = kept(home)
        assert home.run("add", "Dune", "--premiere", "2026-12-18").status == 0
        home.run("list")
        assert kept(home)["look_since"] != runner["look_since"]
        assert differences(home) == []
    finally:
        home.write(owner)
        change(home, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM look_runner")
        change(home, "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM look_runner")
        change(home, "REVOKE ALL ON SCHEMA public FROM look_runner")
        server().execute(sql.SQL("DROP ROLE look_runner"))
