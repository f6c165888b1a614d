"""A copy of the database put back: looked over, nothing thrown away, and nothing sent twice without being asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import Own
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.fake import FakeTransport
from reminder.platform.lock import only_daemon
from reminder.store import own
from reminder.store.daemons import Identity, note_daemon, note_stopped
from reminder.store.sql.store import open_store
from tests.support.commands import Shell
from tests.support.postgres import server
from tests.support.process import Finished

TITLES = """\
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/"}
watch:
  - {title: Ballard, premiere: 2025-07-09}
  - {title: Silo, premiere: %s}
"""


@pytest.fixture
def lived(shell: Shell) -> Shell:
    """Return a home whose copy was made on June 28, and which then lived until July 6."""
    shell.write(TITLES % "2025-07-12").sweep()
    assert shell.run("backup", str(shell.home / "copy.db")).status == 0
    for day in ("02", "05"):
        shell.at(f"2025-07-{day}T03:30:00Z").sweep()
    assert shell.sent == ["Ballard premieres in 7 days", "Silo premieres in 7 days"]
    forget_what_arrived(shell)
    return shell.at("2025-07-07T05:00:00Z")


def forget_what_arrived(shell: Shell) -> None:
    shell.transport = FakeTransport()


def copy(shell: Shell) -> str:
    return str(shell.home / "copy.db")


def lose(shell: Shell) -> None:
    """Leave no database that a copy could learn from."""
    for ending in ("", "-wal", "-shm"):
        shell.database.with_name(shell.database.name + ending).unlink(missing_ok=True)


def test_what_was_sent_since_the_copy_is_skipped_and_the_rest_goes_on(lived: Shell) -> None:
    lose(lived)
    found = lived.run("restore", copy(lived))
    assert found.status == 0, found.err
    assert "2 messages since then are recorded as skipped" in found.out
    lived.sweep()
    assert lived.sent == []
    rows = {(row["title"], row["lead"]): (row["state"], row["reason"]) for row in lived.run("history", "--json").json()}
    assert rows == {(title, "7d"): ("skipped", "restored from an old copy") for title in ("Ballard", "Silo")}
    lived.at("2025-07-08T03:30:00Z").sweep()
    lived.at("2025-07-09T03:30:00Z").sweep()
    assert lived.sent == ["Ballard premieres tomorrow", "Ballard is out today"]


def test_resend_lets_the_rules_of_the_ledger_decide(lived: Shell) -> None:
    assert lived.run("restore", copy(lived), "--resend").status == 0
    lived.sweep()
    assert sorted(lived.sent) == ["Ballard premieres in 2 days", "Silo premieres in 5 days"]


def test_what_is_less_than_a_day_late_is_sent_all_the_same(lived: Shell) -> None:
    lose(lived.at("2025-07-05T12:00:00Z"))
    assert (
        "1 message since then is recorded as skipped: it may have been sent before"
        in lived.run("restore", copy(lived), "--skip").out
    )
    lived.sweep()
    assert lived.sent == ["Silo premieres in 7 days"]


def test_a_date_that_moved_after_the_copy_is_not_told_again(shell: Shell) -> None:
    shell.write(TITLES % "2025-07-12").sweep()
    shell.run("backup", copy(shell))
    shell.write(TITLES % "2025-07-20").at("2025-06-30T03:00:00Z").sweep()
    shell.at("2025-06-30T03:31:00Z").sweep()
    assert shell.sent == ["Silo moved from July 12 to July 20, 2025"]
    forget_what_arrived(shell)
    lose(shell.at("2025-07-06T05:00:00Z"))
    assert shell.run("restore", copy(shell)).status == 0
    shell.sweep()
    assert shell.sent == []
    shell.at("2025-07-13T03:30:00Z").sweep()
    assert "Silo premieres in 7 days" in shell.sent


def test_what_still_waited_in_the_copy_is_not_sent_days_later(shell: Shell) -> None:
    shell.write(TITLES % "TBA").sweep()
    shell.at("2025-07-02T03:30:00Z").sweep()
    with closing(sqlite3.connect(shell.database)) as base, base:
        base.execute("UPDATE delivery SET state = 'retrying', due_at = tried_at, closed_at = NULL")
    shell.run("backup", copy(shell))
    forget_what_arrived(shell)
    lose(shell.at("2025-07-05T05:00:00Z"))
    assert shell.run("restore", copy(shell), "--json").json()["skipped"] == 1
    shell.sweep()
    assert shell.sent == []


def test_a_fresh_copy_asks_and_skips_nothing(lived: Shell) -> None:
    lived.sweep()
    fresh = str(lived.home / "fresh.db")
    lived.at("2025-07-05T12:00:00Z").run("backup", fresh)
    row = lived.run("restore", fresh, "--json").json()
    assert (row["skipped"], row["newest_at"]) == (0, "2025-07-05T03:30:00Z")


def test_the_present_database_is_kept_whole_beside_it_and_its_mode_stays(lived: Shell) -> None:
    lived.database.chmod(0o640)
    kept = Path(lived.run("restore", copy(lived), "--json").json()["kept"])
    assert kept.name.startswith("reminder.db.before-restore-20250707T05")
    with closing(sqlite3.connect(kept)) as base:
        assert base.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone() == (2,)
    assert lived.database.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in lived.database.parent.glob("*.restoring*")] == []


def test_a_damaged_database_is_no_reason_not_to_restore_and_what_it_knew_is_skipped(lived: Shell) -> None:
    lived.database.write_bytes(b"x" * 8192)
    found = lived.run("restore", copy(lived))
    assert found.status == 0
    assert "cannot be learnt from the present database" in found.err
    assert "2 messages since then are recorded as skipped" in found.out
    assert lived.run("history").status == 0


def test_while_a_daemon_runs_nothing_is_restored(lived: Shell) -> None:
    before = lived.database.read_bytes()
    with only_daemon(lived.database, datetime(2025, 7, 7, tzinfo=UTC)):
        found = lived.run("restore", copy(lived))
    assert found.status == 1
    assert "already has a daemon" in found.err
    assert found.err.endswith(": stop it first\n")
    assert lived.database.read_bytes() == before


def spoilt(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])


def of_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE meta SET value = 'somebody else' WHERE key = 'config'")


def too_new(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE cookies (id INTEGER)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoilt, "damaged"),
        (of_another, "belongs to the config 'somebody else'"),
        (too_new, "the copy has version 9999"),
        (another_program, "another program's database"),
        (lambda path: path.write_text("no database"), "this is no copy of a database of ours"),
        (Path.unlink, "does not exist: name a copy"),
    ],
)
def test_a_copy_that_will_not_do_is_refused_and_nothing_changes(lived: Shell, spoil: object, words: str) -> None:
    spoil(Path(copy(lived)))  # type: ignore[operator]
    before = lived.database.read_bytes()
    found = lived.run("restore", copy(lived))
    assert found.status == (2 if "does not exist" in words else 1)
    assert words in found.err
    assert lived.database.read_bytes() == before


def test_the_database_itself_is_no_copy_and_two_wishes_are_one_too_many(lived: Shell) -> None:
    assert "this is the database itself" in lived.run("restore", str(lived.database)).err
    assert lived.run("restore", copy(lived), "--resend", "--skip").status == 2


# What is learnt from the database that is replaced -------------------------------------------------------------------

FAMILY = """\
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/p", other: "json://127.0.0.1:9/o"}
subscribers: {asha: {channels: [phone]}, ravi: {channels: [other]}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""


def put_back(shell: Shell, *options: str) -> Finished:
    forget_what_arrived(shell)
    found = shell.run("restore", copy(shell), *options)
    assert found.status == 0, found.err
    return found


def states(shell: Shell) -> list[tuple[str, str, str, str]]:
    rows = shell.run("history", "--json").json()
    return [(row["subscriber"], row["title"], row["lead"] or row["kind"], row["state"]) for row in rows]


@pytest.mark.parametrize("options", [(), ("--skip",)])
def test_what_was_sent_since_the_copy_is_known_as_sent(lived: Shell, options: tuple[str, ...]) -> None:
    ids = [row["id"] for row in lived.run("history", "--json").json()]
    found = put_back(lived, *options)
    assert "What happened since is learnt from the previous one: 2 messages." in found.out
    lived.sweep()
    assert lived.sent == []
    assert sorted(states(lived)) == [("me", title, "7d", "sent") for title in ("Ballard", "Silo")]
    assert [row["id"] for row in lived.run("history", "--json").json()] == ids
    lived.at("2025-07-08T03:30:00Z").sweep()
    assert lived.sent == ["Ballard premieres tomorrow"]


def test_what_fell_due_while_nothing_ran_is_owed_after_a_restore_as_after_any_pause(lived: Shell) -> None:
    put_back(lived.at("2025-07-11T05:00:00Z"))
    lived.sweep()
    assert sorted(lived.sent) == ["Ballard came out 2 days ago", "Silo premieres tomorrow"]


def later(shell: Shell, *, edit: str = "", run: Sequence[str] = (), at: str = "2025-07-02T03:30:00Z") -> Shell:
    """Make a copy, then do something, and let the time go on."""
    shell.write(FAMILY).sweep()
    assert shell.run("backup", copy(shell)).status == 0
    shell.at("2025-07-01T03:00:00Z")
    if edit:
        shell.write(edit)
    shell.sweep()
    if run:
        assert shell.run(*run).status == 0
    shell.at(at).sweep()
    return shell


BOTH = ["Ballard premieres in 7 days"] * 2


@pytest.mark.parametrize(
    ("edit", "run", "before", "after"),
    [
        pytest.param(FAMILY.replace("asha", "anna"), (), BOTH, ["Ballard premieres tomorrow"] * 2, id="person"),
        pytest.param(FAMILY.replace("phone", "mobile"), (), BOTH, ["Ballard premieres tomorrow"] * 2, id="channel"),
        pytest.param(
            FAMILY.replace("Ballard", "Balard"),
            (),
            ["Balard premieres in 7 days"] * 2,
            ["Balard premieres tomorrow"] * 2,
            id="title",
        ),
        pytest.param(
            FAMILY.replace("asha", "anna").replace("phone", "mobile").replace("Ballard", "Balard"),
            (),
            ["Balard premieres in 7 days"] * 2,
            ["Balard premieres tomorrow"] * 2,
            id="all of them",
        ),
        pytest.param(
            "", ("mute", "Ballard", "--subscriber", "asha"), BOTH[:1], ["Ballard premieres tomorrow"], id="muted"
        ),
        pytest.param(
            "", ("pause", "ravi", "--until", "2025-07-09"), BOTH[:1], ["Ballard premieres tomorrow"], id="paused"
        ),
        pytest.param(
            FAMILY.replace("07-09", "07-15"),
            (),
            ["Ballard moved from July 9 to July 15, 2025"] * 2,
            BOTH,
            id="a date that moved",
        ),
    ],
)
def test_names_silence_and_moves_since_the_copy_are_neither_repeated_nor_lost(
    shell: Shell, edit: str, run: Sequence[str], before: list[str], after: list[str]
) -> None:
    later(shell, edit=edit, run=run)
    assert shell.sent == before
    put_back(shell)
    shell.sweep()
    assert shell.sent == []
    shell.at("2025-07-08T03:30:00Z").sweep()
    assert shell.sent == after


def test_two_changes_of_a_name_since_the_copy_are_followed_where_a_look_at_the_config_could_not_tell(
    shell: Shell,
) -> None:
    shell.write(FAMILY).sweep()
    shell.run("backup", copy(shell))
    shell.at("2025-07-01T03:00:00Z").write(FAMILY.replace("asha", "anna")).sweep()
    shell.at("2025-07-02T03:30:00Z").sweep()
    grown = FAMILY.replace("asha", "anna").replace("ravi: {", "mia: {channels: [other]}, ravi: {")
    shell.at("2025-07-03T03:30:00Z").write(grown.replace("json://127.0.0.1:9/p", "json://127.0.0.1:9/new")).sweep()
    assert shell.sent == BOTH
    put_back(shell)
    shell.sweep()
    assert shell.sent == []
    assert {row[0] for row in states(shell) if row[3] == "sent"} == {"anna", "ravi"}


def test_what_was_removed_by_mistake_is_back_and_what_was_said_of_it_is_not_said_again(shell: Shell) -> None:
    shell.write(FAMILY).sweep()
    shell.run("add", "Silo", "--premiere", "2025-07-09")
    shell.run("backup", copy(shell))
    shell.at("2025-07-02T03:30:00Z").sweep()
    shell.run("remove", "Silo")
    shell.run("add", "Bosch", "--premiere", "2025-07-20")
    shell.at("2025-07-03T03:30:00Z").sweep()
    assert "Added since, so not in the copy, and no longer followed: Bosch." in put_back(shell).out
    shell.sweep()
    assert shell.sent == []
    shell.at("2025-07-08T03:30:00Z").sweep()
    assert sorted(shell.sent) == [f"{title} premieres tomorrow" for title in ("Ballard", "Silo") for _ in (1, 2)]


def test_what_still_waits_goes_on_waiting(shell: Shell) -> None:
    shell.write(FAMILY).sweep()
    shell.run("backup", copy(shell))
    shell.at("2025-07-02T03:30:00Z").sweep(Failure(kind=FailureKind.TRANSIENT, reason="503"))
    shell.at("2025-07-03T03:30:00Z")
    put_back(shell)
    shell.sweep()
    assert shell.sent == ["Ballard premieres in 6 days"] * 2


def test_an_older_copy_restored_by_mistake_and_the_right_one_after_it(lived: Shell) -> None:
    newer = str(lived.home / "newer.db")
    lived.run("backup", newer)
    lose(lived)
    assert lived.run("restore", copy(lived), "--resend").status == 0
    forget_what_arrived(lived)
    assert lived.run("restore", newer).status == 0
    lived.sweep()
    assert lived.sent == []
    assert sorted(states(lived)) == [("me", title, "7d", "sent") for title in ("Ballard", "Silo")]


def test_of_a_database_begun_anew_what_it_sent_is_learnt_and_the_time_before_it_is_skipped(lived: Shell) -> None:
    lose(lived.at("2025-07-08T03:00:00Z"))
    lived.sweep()
    lived.at("2025-07-08T03:30:00Z").sweep()
    assert lived.sent == ["Ballard premieres tomorrow"]
    found = put_back(lived)
    assert "learnt from the previous one: 1 message." in found.out
    assert "messages since then are recorded as skipped" in found.out
    lived.sweep()
    assert lived.sent == []


def test_the_database_keeps_its_identity_and_sends_under_a_new_one(lived: Shell) -> None:
    def marks(path: Path) -> tuple[str, ...]:
        with closing(sqlite3.connect(path)) as base:
            rows = base.execute("SELECT value FROM meta WHERE key LIKE '%identity' ORDER BY key")
            return tuple(value for (value,) in rows)

    before = marks(lived.database)
    put_back(lived)
    after = marks(lived.database)
    assert (after[0], after[1] != before[1]) == (before[0], True)


# A database that was put back by its own tools -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "options", "skipped", "sent"),
    [
        ("2025-06-30 12:00", (), 2, []),
        ("2025-06-30 12:00", ("--resend",), 0, ["Ballard premieres in 2 days", "Silo premieres in 5 days"]),
    ],
)
def test_after_a_copy_by_hand_what_fell_due_since_then_is_skipped(
    lived: Shell, since: str, options: tuple[str, ...], skipped: int, sent: list[str]
) -> None:
    lose(lived)
    lived.database.write_bytes(Path(copy(lived)).read_bytes())
    assert lived.run("restore", "--since", since, "--json", *options).json()["skipped"] == skipped
    lived.sweep()
    assert sorted(lived.sent) == sent


@pytest.mark.parametrize("words", [(), ("copy.db", "--since", "2025-07-01"), ("--since", "2026-01-01")])
def test_a_copy_or_a_time_is_named_and_no_time_to_come(lived: Shell, words: tuple[str, ...]) -> None:
    assert lived.run("restore", *words).status == 2


def test_the_same_on_postgresql_where_no_daemon_uses_it(shell: Shell) -> None:
    with server().database() as database:
        shell.write(f"database: {database.reveal()!r}\n" + TITLES % "2025-07-12").sweep()
        me = Identity(owner="me", host="there", pid=7, digest="any")
        with closing(open_store(database)) as store, store.write() as tx:
            note_daemon(tx, me)
        shell.at("2025-07-07T05:00:00Z")
        refused = shell.run("restore", "--since", "2025-06-28 12:00")
        assert (refused.status, "pid 7 on there" in refused.err) == (1, True)
        with closing(open_store(database)) as store, store.write() as tx:
            note_stopped(tx, "me")
        assert "2 messages since then" in shell.run("restore", "--since", "2025-06-28 12:00").out
        shell.sweep()
        assert shell.sent == []


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        (("--premiere", "2025-07-20"), "2025-07-20"),
        (("--premiere", "2025-08"), "2025-08"),
        (("--cancelled",), None),
    ],
    ids=["moved", "to a month", "cancelled"],
)
@pytest.mark.parametrize("swept", [True, False], ids=["told", "not told yet"])
def test_a_date_that_a_command_changed_since_the_copy_has_changed(
    shell: Shell, changes: tuple[str, ...], then: str | None, *, swept: bool
) -> None:
    copy = str(shell.home / "copy.db")
    shell.write(TITLES % "2025-07-12").sweep()
    assert shell.run("add", "Mover", "--premiere", "2025-07-10", "--platform", "Netflix").status == 0
    assert shell.run("add", "Stays", "--premiere", "2025-07-11", "--platform", "Netflix").status == 0
    assert shell.run("backup", copy).status == 0
    assert shell.run("change", "Mover", *changes).status == 0
    assert shell.run("change", "Stays", "--platform", "Hulu").status == 0
    if swept:
        shell.sweep()
    before = shell.run("show", "Mover", "--json").json()
    assert shell.run("restore", copy).status == 0
    after = shell.run("show", "Mover", "--json").json()
    assert (after["when"], after["cancelled"]) == (before["when"], before["cancelled"])
    assert after["changes"] == before["changes"]
    assert then is None or after["when"] == then
    assert shell.run("show", "Stays", "--json").json()["platform"] == "Netflix"
    planned = [row["subject"] for row in shell.run("plan", "--json").json()]
    assert not [subject for subject in planned if "on again" in subject]


# Who was forgotten since ---------------------------------------------------------------------------------------------


def _join(shell: Shell, name: str) -> None:
    with shell.app.changing_store() as store, store.write() as tx:
        use = ChannelUse(name="bot", address="7", since_at=shell.app.clock.now())
        own.add_person(tx, Subscriber(name=name, zone=ZoneInfo("Asia/Kolkata")), Own(channels=(use,)))
        own.follow(tx, name, 1, shell.app.clock.now(), timedelta(days=2))


@pytest.mark.parametrize(
    ("before", "gone", "since", "told"),
    [
        (("grandma",), ("grandma",), (), []),
        (("grandma", "nana"), ("nana",), (), ["grandma"]),
        (("grandma",), (), ("nana",), ["grandma", "nana"]),
    ],
)
def test_who_was_forgotten_since_the_copy_is_named_and_told_nothing(
    shell: Shell, before: tuple[str, ...], gone: tuple[str, ...], since: tuple[str, ...], told: list[str]
) -> None:
    shell.write(TITLES.replace("channels: {", 'channels: {bot: "tgram://123456789:token/{address}", ') % "2025-07-12")
    shell.sweep()
    for name in before:
        _join(shell, name)
    assert shell.run("backup", copy(shell)).status == 0
    for name in gone:
        assert shell.run("forget", name, "--yes").status == 0
    for name in since:
        _join(shell, name)
    found = put_back(shell)
    assert ("Forgotten since, but in the copy" in found.out) == bool(gone)
    assert all(f"copy: {name}. They are told nothing" in found.out for name in gone)
    shell.at("2025-07-08T03:30:00Z").sweep()
    heard = {row["subscriber"] for row in shell.run("history", "--json").json()} - {"me"}
    assert sorted(heard) == told
    for name in gone:
        with shell.app.changing_store() as store, store.write() as tx:
            own.bring_back(tx, name, shell.app.clock.now())
    shell.at("2025-07-09T03:30:00Z").sweep()
    heard = {row["subscriber"] for row in shell.run("history", "--json").json()} - {"me"}
    assert sorted(heard) == sorted({*told, *gone})
