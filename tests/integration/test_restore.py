"""A copy of the database put back: looked over, nothing thrown away, and nothing sent twice without being asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.machine.lock import only_daemon
from reminder.notify.fake import FakeTransport
from tests.support.commands import Shell

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


def test_what_was_sent_since_the_copy_is_skipped_and_the_rest_goes_on(lived: Shell) -> None:
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
    lived.at("2025-07-05T12:00:00Z")
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
    shell.at("2025-07-06T05:00:00Z")
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
    shell.at("2025-07-05T05:00:00Z")
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
    assert kept.name == "reminder.db.before-restore-20250707T050000Z"
    with closing(sqlite3.connect(kept)) as base:
        assert base.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone() == (2,)
    assert lived.database.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in lived.database.parent.glob("*.restoring*")] == []


def test_a_damaged_database_is_no_reason_not_to_restore(lived: Shell) -> None:
    lived.database.write_bytes(b"x" * 8192)
    assert lived.run("restore", copy(lived)).status == 0
    assert lived.run("history").status == 0


def test_while_a_daemon_runs_nothing_is_restored(lived: Shell) -> None:
    before = lived.database.read_bytes()
    with only_daemon(lived.database, datetime(2025, 7, 7, tzinfo=UTC)):
        found = lived.run("restore", copy(lived))
    assert found.status == 1
    assert "already has a daemon" in found.err
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
