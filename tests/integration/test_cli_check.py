"""`check`: one verdict that is true, whose hours it shows, who is told, and all that is wrong at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from reminder.core.sending.retry import Failure, FailureKind
from reminder.platform.digest import digest_of
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from tests.support.commands import Shell

REFUSED: Final = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)


ONE: Final = "channels: {screen: console://}\nwatch:\n  - {title: Ballard, premiere: 2025-07-09}\n"


def test_check_ends_with_the_titles_of_which_nothing_will_come(shell: Shell) -> None:
    shell.write(ONE)
    assert shell.run("check").err.splitlines() == [
        "Hours are in Asia/Kolkata (the system's).",
        "Everything is in order.",
    ]
    shell.write(f"{ONE}  - {{title: Window, premiere: May 2025}}\n  - {{title: Silo, season: 3, premiere: TBA}}\n")
    assert (
        shell.run("check").err.splitlines()[-1]
        == "No problem was found, but nothing is to come of Window, Silo season 3."
    )
    shell.write("timezone: Europe/Berlin\nchannels: {screen: console://}\n")
    assert shell.run("check").err.splitlines()[-1].startswith("No problem was found, but no title is watched yet")


@pytest.mark.parametrize(
    ("people", "told"), [(1, "p0"), (3, "p0, p1, p2"), (4, "p0, p1 and 2 more"), (5, "p0, p1 and 3 more")]
)
def test_check_names_everyone_who_is_told_the_first_one_first(shell: Shell, people: int, told: str) -> None:
    names = "".join(f"  p{number}: {{at: '1{number}:00'}}\n" for number in range(people))
    shell.write(
        f"channels: {{screen: console://}}\nsubscribers:\n{names}watch: [{{title: Ballard, premiere: 2025-07-09}}]\n"
    )
    assert f"Wed 2 Jul 2025 10:00   {told}   Ballard premieres" in shell.run("check").out
    assert shell.run("check", "--json").json()["titles"][0]["told"] == [f"p{number}" for number in range(people)]


@pytest.mark.parametrize(
    ("config", "age", "is_said"),
    [
        (digest_of(b"channels: {}\n"), timedelta(seconds=20), True),
        (digest_of(ONE.encode()), timedelta(seconds=20), False),
        (digest_of(b"channels: {}\n"), timedelta(minutes=9), False),  # it runs no more
        (None, timedelta(seconds=20), False),  # a pass for cron, which reads the config at each call
    ],
)
def test_a_look_says_that_the_daemon_has_not_taken_up_the_config_it_shows(
    config: str | None, age: timedelta, is_said: bool, shell: Shell
) -> None:
    shell.write(ONE)
    app = shell.app
    beat = Heartbeat(swept_at=app.clock.now() - age, pid=7, config=config)
    write_heartbeat(app.runtime_dir, beat)
    said = (
        "The running daemon (pid 7) still uses the config as it was before the last edit: a reload of the service, or "
        "`kill -HUP 7`, has it take this one up."
    )
    for look in (("check",), ("plan",), ("why", "Ballard"), ("upcoming",), ("health",)):
        found = shell.run(*look)
        assert (said in found.out + found.err) is is_said
    verdict = "Everything is in order, once the daemon is reloaded." if is_said else "Everything is in order."
    assert shell.run("check").err.splitlines()[-1] == verdict
    assert shell.run("check", "--json").json()["not_reloaded"] == (said if is_said else None)


def test_check_and_plan_say_whose_hours_they_show(household: Shell) -> None:
    assert household.run("plan").err == "Hours are in Asia/Kolkata (written in the config).\n"
    household.run("plan")  # the config is known now, and not read again
    assert household.run("plan").err == "Hours are in Asia/Kolkata (written in the config).\n"
    assert household.run("plan", "--json").err == ""


@pytest.mark.parametrize(
    ("zone", "hours", "warning"),
    [
        ("UTC", "UTC", "this machine stands on UTC: write timezone:"),
        ("Etc/UTC", "Etc/UTC", "this machine stands on Etc/UTC: write timezone:"),
        (":Europe/Berlin", "Europe/Berlin", None),
        ("EST5EDT", "EST5EDT", None),
        ("Europe/Berln", None, 'TZ is "Europe/Berln", which is not the name of a time zone'),
        ("CET-1CEST,M3.5.0,M10.5.0/3", None, 'TZ is "CET-1CEST,M3.5.0,M10.5.0/3", which is not the name'),
        ("<+03>-3", None, 'TZ is "<+03>-3", which is not the name of a time zone'),
    ],
)  # fmt: skip
def test_check_warns_of_a_zone_that_nobody_chose(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, zone: str, hours: str | None, warning: str | None
) -> None:
    monkeypatch.setenv("TZ", zone)
    shell.write("channels: {screen: console://}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n")
    said = shell.run("check").err
    assert hours is None or f"Hours are in {hours} (the system's)." in said
    assert ("warning" in said) == (warning is not None)
    assert warning is None or warning in said
    shell.write("timezone: UTC\nchannels: {screen: console://}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n")
    assert shell.run("check").err.splitlines() == [
        "Hours are in UTC (written in the config).",
        "Everything is in order.",
    ]


def test_check_tells_a_missing_secret_with_the_errors_of_the_config_and_the_faults_of_channels(shell: Shell) -> None:
    shell.write(
        "channels:\n  phone: tgram://${NOWHERE}/1\n  post: telegram://x/y\n  list: [a, b]\n"
        "database: ${NO_DATABASE}\nwatch: [{title: Ballard, premiere: 09/07/2027}]\n"
    )
    for words in (["check"], ["check", "--json"]):
        found = shell.run(*words)
        assert found.status == 2
        said = found.json()["problems"] if "--json" in words else found.err.splitlines()
        for part in (
            ":2:3: channels.phone: NOWHERE is not set",
            ":3:3: channels.post: there is no service telegram://",
            ":4:9: channels.list: one URL belongs here",
            ":5:11: database: NO_DATABASE is not set",
            ":6:36: watch[0].premiere: ",
        ):
            assert len([line for line in said if part in line]) == 1, part
        assert len([line for line in said if "config.yaml:" in line]) == 5
    assert shell.run("check").err.splitlines()[-1] == "5 problems"


@pytest.mark.parametrize(
    ("url", "is_secret"),
    [
        ("console://", False), ("json://127.0.0.1:9/", False), ("json://127.0.0.1:9/${TOKEN}", False),
        ("json://me:${TOKEN}@127.0.0.1:9/", False), ("json://me:hunter22@127.0.0.1:9/", True),
        ("json://me:hunter22@127.0.0.1:9/${TOKEN}", True), ("mailtos://me:hunter22@example.com", True),
        ("mailtos://me:${TOKEN}@example.com", False), ("ntfy://ntfy.sh/topic", False),
        ("tgram://123456789:AAabcdefghijklmnopqrstuvwxyz123456789/1", True),
    ],
)  # fmt: skip
def test_check_warns_of_a_file_that_others_may_read_where_a_secret_stands_in_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, url: str, is_secret: bool
) -> None:
    monkeypatch.setenv("TOKEN", "a1b2c3d4")
    shell.write(
        f"timezone: Asia/Kolkata\nchannels: {{one: '{url}'}}\nwatch: [{{title: Ballard, premiere: 2025-07-09}}]\n"
    )
    shell.config.chmod(0o644)
    found = shell.run("check")
    assert (
        "lets everybody on this machine read it, and a secret stands in it (channels.one)" in found.err
    ) == is_secret
    assert "hunter22" not in found.out + found.err
    shell.config.chmod(0o600)
    assert "its mode" not in shell.run("check").err


@pytest.mark.parametrize(("mode", "warned"), [(0o602, True), (0o666, True), (0o644, False), (0o664, False)])
def test_check_warns_of_a_file_that_anybody_may_change(shell: Shell, mode: int, warned: bool) -> None:
    shell.write("channels: {screen: console://}\nwatch: [{title: Ballard, premiere: 2025-07-09}]\n")
    shell.config.chmod(mode)
    said = f"its mode, {mode:o}, lets everybody on this machine change it: chmod o-w {shell.config}"
    assert (said in shell.run("check").err) == warned


def test_check_names_each_channel_s_last_success_and_one_that_is_parked(household: Shell) -> None:
    assert "phone     never" in household.run("check").out
    household.sweep()
    household.at("2025-07-02T03:30:00Z").sweep()
    assert "phone     Wed 2 Jul 2025 09:00" in household.run("check").out
    household.at("2025-07-08T03:30:00Z").sweep(REFUSED)
    found = household.run("check")
    assert (
        "warning: channels.phone: it does not work (401 Unauthorized): `reminder test phone` tries it again"
        in found.err
    )
    assert "in order" not in found.err
