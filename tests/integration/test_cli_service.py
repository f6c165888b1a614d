"""`init`, `test`, `health`, `backup` and `config schema`."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.cli.quick_health import asked_quickly
from reminder.config.schema.json_schema import config_schema
from reminder.core.sending.retry import Failure, FailureKind
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from tests.support.commands import Shell
from tests.support.nursery import Hatched
from tests.support.process import Reminder
from tests.support.sink import Reply, Sink

PARKED = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
TOKEN = "t0ken-that-nobody-may-see"


# health


def test_health_before_any_run_says_so(household: Shell) -> None:
    found = household.run("health")
    assert found.status == 1
    assert "no sweep has been made yet: no daemon has run here" in found.out
    assert f"{household.database} does not exist yet" in found.out
    assert not household.database.exists()


def test_health_after_a_sweep_is_well(household: Shell) -> None:
    household.sweep()
    found = household.run("health", "--json")
    assert found.status == 0
    row = found.json()
    assert list(row) == ["ok", "problems", "sweep", "overdue", "daemons", "clock", "database", "channels", "sources"]
    assert (row["ok"], row["problems"]) == (True, [])
    assert row["sweep"]["at"].startswith("2025-06-28T06:")
    assert row["sweep"]["next_at"] == "2025-07-02T03:30:00Z"
    assert row["overdue"] == {"count": 0, "oldest_at": None, "age": None, "to_plan": 0}
    assert [channel["channel"] for channel in row["channels"]] == ["screen", "phone"]
    assert household.run("health").out.startswith("✓ All is well.\n")


def test_all_is_well_only_where_the_last_try_over_each_channel_went_through(household: Shell) -> None:
    household.sweep()
    household.transport.always("phone", Failure(kind=FailureKind.TRANSIENT, reason="connection refused"))
    household.at("2025-07-02T03:30:05Z").sweep()
    found = household.run("health")
    assert found.status == 0
    assert found.out.startswith("✓ No alarm yet; the last try over phone failed.\n")


def test_health_complains_of_an_old_sweep_and_of_what_is_overdue(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:40:00Z")
    found = household.run("health")
    assert found.status == 1
    assert "✗ the last sweep was 3 days ago: the daemon is not running, or stuck" in found.out
    assert "✗ something has been due since 10 min ago" in found.out
    assert household.run("health", "--max-age", "5d").status == 0
    assert household.run("health", "--max-age", "soon").status == 2


def test_a_quick_health_goes_by_the_heartbeat_alone(household: Shell) -> None:
    assert household.run("health", "--quick").out == "✗ no sweep has been made yet: no daemon has run here\n"
    household.sweep()
    found = household.run("health", "--quick")
    assert (found.status, found.out) == (0, "✓ The daemon is at work.\n")
    household.at("2025-07-02T03:40:00Z")
    found = household.run("health", "--quick", "--json")
    assert (found.status, found.json()["problems"]) == (
        1,
        ["the last sweep was 3 days ago: the daemon is not running, or stuck"],
    )
    assert household.run("health", "--quick", "--max-age", "5d").status == 0
    found = household.run("health", "--quick", "--tell")
    assert (found.status, found.err) == (2, "--quick asks no channel: leave out --tell, or --quick\n")


@pytest.mark.parametrize(
    ("beat", "status", "said"),
    [
        (None, 1, "no sweep has been made yet: no daemon has run here"),
        (Heartbeat(swept_at=NOW - timedelta(minutes=4), pid=1), 0, "The daemon is at work."),
        (Heartbeat(swept_at=NOW - timedelta(minutes=6), pid=1), 1, "the last sweep was 6 min ago: the daemon is not running, or stuck"),
        (Heartbeat(swept_at=NOW, pid=1, trouble="the disk is full"), 1, "nothing is sent now: the disk is full"),
    ],
)  # fmt: skip
def test_where_the_folder_of_the_heartbeat_is_named_no_config_is_needed(
    beat: Heartbeat | None, status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat())
    if beat is not None:
        write_heartbeat(tmp_path, beat)
    environ = {"RUNTIME_DIRECTORY": f"{tmp_path}:/elsewhere", "REMINDER_CLOCK_FILE": str(clock)}
    assert asked_quickly(["health", "--quick"], environ) == status
    assert capsys.readouterr().out == f"{said}\n"


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (["health", "--quick"], {}),
        (["health", "--quick", "--max-age", "26h"], {"RUNTIME_DIRECTORY": "/run/reminder"}),
        (["--json", "health", "--quick"], {"RUNTIME_DIRECTORY": "/run/reminder"}),
    ],
)
def test_what_needs_the_config_is_left_to_the_command(arguments: list[str], environ: dict[str, str]) -> None:
    assert asked_quickly(arguments, environ) is None


@pytest.mark.parametrize(
    ("instant", "is_doubted"),
    [("2025-06-20T06:00:00Z", True), ("2019-01-01T00:00:00Z", True), ("2025-07-02T04:00:00Z", False)],
)
def test_a_check_under_a_clock_by_which_nothing_is_sent_says_so(
    household: Shell, instant: str, is_doubted: bool
) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    found = household.at(instant).run("check")
    assert found.status == 0
    assert ("warning: nothing is sent: the clock says " in found.err) is is_doubted


BROKEN = "watch: [{title: Ballard, premeire: 2025-07-09}]\n"


@pytest.mark.parametrize(
    ("beat", "said"),
    [
        (
            Heartbeat(swept_at=NOW - timedelta(seconds=20), pid=4711, config="abc"),
            "The daemon (pid 4711) is at work by the config that it read before: its last sweep was 20 s ago. "
            "With this one it does not start again.\n",
        ),
        (
            Heartbeat(swept_at=NOW - timedelta(seconds=20), pid=4711),
            "The last sweep was 20 s ago; there is no other before the config is mended.\n",
        ),
        (
            Heartbeat(swept_at=NOW - timedelta(hours=3), pid=4711, config="abc"),
            "the last sweep was 3 hours ago: the daemon is not running, or stuck\n",
        ),
        (
            Heartbeat(swept_at=NOW, pid=4711, config="abc", trouble="the disk is full"),
            "nothing is sent now: the disk is full\n",
        ),
        (None, "Whether a daemon is at work cannot be seen without the config.\n"),
    ],
)
@pytest.mark.parametrize("config", [BROKEN, "", "watch: [{title: Bal", None])
@pytest.mark.parametrize("words", [("health",), ("health", "--quick")])
def test_where_the_config_cannot_be_used_health_says_so_and_how_the_daemon_is_all_the_same(
    household: Shell, beat: Heartbeat | None, said: str, config: str | None, words: tuple[str, ...]
) -> None:
    household.at(NOW.isoformat())
    if beat is not None:
        write_heartbeat(household.database.parent, beat)
    if config is None:
        household.config.unlink()
    else:
        household.write(config)
    found = household.run(*words)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith(str(household.config))
    assert found.err.endswith(said)


def test_the_heartbeat_of_a_broken_config_is_looked_for_beside_the_database_that_it_names(household: Shell) -> None:
    household.at(NOW.isoformat())
    elsewhere = household.home / "elsewhere"
    write_heartbeat(elsewhere, Heartbeat(swept_at=NOW, pid=4711, config="abc"))
    household.write(f"database: {elsewhere}/mine.db\n{BROKEN}")
    assert "The daemon (pid 4711) is at work" in household.run("health").err


def test_health_complains_of_a_channel_that_is_broken(household: Shell) -> None:
    household.sweep()
    household.transport.always("phone", PARKED)
    household.at("2025-07-02T03:30:00Z").sweep()
    found = household.run("health")
    assert found.status == 1
    assert "✗ channel phone does not work: 401 Unauthorized" in found.out
    channels = {row["channel"]: row for row in household.run("health", "--json").json()["channels"]}
    assert channels["phone"]["last_failure"] == "401 Unauthorized"
    assert channels["phone"]["last_failure_at"].startswith("2025-07-02T03:30")
    assert channels["phone"]["waiting"] == 1


POISONS = {
    "a ladder": ("UPDATE subscription SET ladder = '[7]'", 'UPDATE subscription SET ladder = \'{"premiere": ["7d"]}\''),
    "a person": (
        "UPDATE subscriber SET profile = '{' || profile",
        "UPDATE subscriber SET profile = substr(profile, 2)",
    ),
    "a date": (
        "UPDATE release SET when_text = 'x' || when_text",
        "UPDATE release SET when_text = substr(when_text, 2)",
    ),
}


@pytest.mark.parametrize("poison", POISONS)
def test_what_cannot_be_planned_is_overdue_until_it_can(shell: Shell, poison: str) -> None:
    spoil, mend = POISONS[poison]
    shell.write('channels: {phone: "json://127.0.0.1:9/"}\nwatch: [{title: Ballard, premiere: 2025-07-09}]').sweep()
    change(shell, spoil)
    shell.at("2025-07-02T03:30:00Z").sweep_alone()
    found = shell.run("health")
    assert found.status == 1
    assert "✗ Ballard: what me is to hear of it cannot be planned: the log says why" in found.out
    assert shell.run("health", "--json").json()["overdue"]["count"] >= 1
    checked = shell.run("check")
    assert (checked.status, "Ballard: what me is to hear of it cannot be planned" in checked.err) == (2, True)
    change(shell, mend)
    shell.at("2025-07-02T04:40:00Z").sweep_alone()
    assert shell.sent == ["Ballard premieres in 7 days"]
    assert shell.run("health").status == 0


def change(shell: Shell, statement: str) -> None:
    with closing(sqlite3.connect(shell.database)) as base, base:
        base.execute(statement)


def test_a_test_before_the_first_run_is_remembered(household: Shell) -> None:
    assert household.run("test").status == 1
    told = {row["channel"]: row for row in household.run("health", "--json").json()["channels"]}
    assert (told["screen"]["last_success_at"] or "").startswith("2025-06-28T06:")
    assert told["phone"]["last_failure"] is not None
    rows = {row["channel"]: row["last_success_at"] for row in household.run("check", "--json").json()["channels"]}
    assert rows["screen"] is not None
    household.sweep()
    assert household.run("health", "--json").json()["channels"][0]["last_success_at"] is not None
    assert household.run("why", "Ballard").status == 0


def test_health_of_a_damaged_database_is_not_well(household: Shell) -> None:
    household.sweep()
    household.database.with_name("reminder.db-wal").unlink(missing_ok=True)
    household.database.write_bytes(b"no database" * 1000)
    found = household.run("health", "--json")
    assert found.status == 1
    assert found.json()["database"]["ok"] is False


# backup


def test_backup_writes_a_whole_copy_and_never_over_another_file(household: Shell) -> None:
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    copy = household.home / "copy.db"
    assert household.run("backup", str(copy)).status == 0
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("SELECT count(*) FROM delivery").fetchone() == (2,)
    assert household.run("backup", str(copy)).status == 2
    assert household.run("backup", str(copy), "--force").status == 0
    assert household.run("backup", str(household.home)).status == 2
    assert household.run("backup", str(household.home / "no" / "copy.db")).status == 2


def test_backup_of_nothing_fails(household: Shell) -> None:
    copy = household.home / "copy.db"
    found = household.run("backup", str(copy))
    assert found.status == 1
    assert "there is no database to copy" in found.err
    assert not copy.exists()
    assert not household.database.exists()


# config schema


def test_config_schema_needs_no_config(shell: Shell) -> None:
    assert shell.bare("config", "schema").json() == config_schema()


# init


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_init_writes_a_config_that_works_and_that_only_its_owner_reads(shell: Shell) -> None:
    path = shell.home / "new" / "config.yaml"
    found = shell.bare("--config", str(path), "init")
    assert (found.status, found.out) == (0, f"{path}\n")
    assert mode_of(path) == 0o600
    assert shell.bare("--config", str(path), "check").status == 0
    assert shell.bare("--config", str(path), "upcoming").status == 0


def test_init_never_overwrites(household: Shell) -> None:
    before = household.config.read_text()
    found = household.run("init")
    assert found.status == 2
    assert "already exists" in found.err
    assert household.config.read_text() == before


# test


def test_test_sends_one_message_to_each_channel_and_shows_the_answers(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    with Sink() as sink:
        sink.script(Reply(), on="/good").script(Reply(status=404), on="/gone")
        url = f"json://user:{TOKEN}@{sink.netloc}"
        reminder.write({"channels": {"good": f"{url}/good", "gone": f"{url}/gone", "blank": "tgram://${NOWHERE}/1"}})
        reminder.at("2025-07-01T03:30:00Z")
        found = reminder.run("test", "--json")
        assert found.status == 1
        rows = {row["channel"]: row for row in found.json()}
        assert {name: row["ok"] for name, row in rows.items()} == {"good": True, "gone": False, "blank": False}
        assert (rows["gone"]["status"], rows["good"]["service"]) == (404, "json://")
        assert rows["blank"]["answer"].startswith("NOWHERE is not set")
        assert sorted(request.path for request in sink.requests) == ["/gone", "/good"]
        assert reminder.run("test", "good").status == 0
        assert reminder.run("test", "goood").status == 2
    assert TOKEN not in "".join(reminder.printed)
    with closing(sqlite3.connect(reminder.database)) as base:  # the channels are known, and nothing is begun
        assert base.execute("SELECT count(*) FROM subscription").fetchone() == (0,)


def test_a_test_that_succeeds_lets_what_waits_go_at_once(tmp_path: Path) -> None:
    reminder = Hatched(tmp_path)
    with Sink() as sink:
        reminder.write(
            {
                "timezone": "Asia/Kolkata",
                "channels": {"hook": f"json://{sink.netloc}/"},
                "watch": [{"title": "Ballard", "premiere": "2025-07-09"}],
            }
        )
        reminder.at("2025-07-01T03:30:00Z")
        assert reminder.once().status == 0
        sink.script(Reply(status=401))
        reminder.at("2025-07-02T03:30:00Z")
        assert reminder.once().status == 0
        (row,) = reminder.history()
        assert (row["state"], row["next_at"][:13]) == ("retrying", "2025-07-02T04")
        assert reminder.run("test", "hook").status == 0
        reminder.once()
        assert [row["state"] for row in reminder.history()] == ["sent"]


# secrets


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["check"],
            ["check", "--json"],
            ["plan", "--json"],
            ["list", "--json"],
            ["show", "Ballard", "--json"],
            ["health"],
        ),
        *(
            ["simulate", "--from", "2025-07-01", "--to", "2025-07-09", "--json"],
            ["history", "--json"],
            ["why", "Ballard"],
        ),
    ],
)
def test_no_command_prints_a_secret(shell: Shell, words: list[str]) -> None:
    shell.patch.setenv("PLANTED", TOKEN)
    shell.write(
        "channels: {hook: 'json://user:${PLANTED}@127.0.0.1:9/', direct: 'jsn://" + TOKEN + "/'}\n"
        "watch: [{title: Ballard, premiere: 2025-07-09}]\n"
    )
    found = shell.run(*words)
    assert TOKEN not in found.out + found.err
    assert json.dumps(TOKEN)[1:-1] not in found.out
