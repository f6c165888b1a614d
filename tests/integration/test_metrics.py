"""To be seen working: `/metrics` and `/healthz`, `health --tell` for cron, and the weekly sign of life."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.core.sending.retry import Failure, FailureKind
from reminder.daemon.build_delivery import build_sweeper
from reminder.daemon.factory import serve_metrics
from reminder.daemon.metrics import MetricsServer
from reminder.delivery.sender import InlineSender
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.store.source_health import Health, note_health
from tests.support.commands import Shell
from tests.support.process import Reminder
from tests.support.sink import Reply, Sink

DOWN = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
LATER = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)

CONFIG = """\
timezone: Asia/Kolkata
metrics: %s
channels: {screen: console://, phone: "json://user:s3cret@127.0.0.1:9/", late: "json://127.0.0.1:9/late"}
watch:
  - {title: Ballard, premiere: 2025-07-09}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def watched(shell: Shell) -> Shell:
    """Return a home whose config says where to show how it fares."""
    return shell.write(CONFIG % f"127.0.0.1:{free_port()}")


@contextmanager
def serving(shell: Shell, transport: FakeTransport | None = None) -> Iterator[tuple[MetricsServer, Sweeper]]:
    """Run what a daemon shows, over a sweeper that is moved by hand."""
    app = shell.app
    store = app.open_store()
    try:
        app.config_sync.begin(store, app.clock.now())
        sweeper = build_sweeper(app, store, InlineSender(transport or FakeTransport()))
        server = serve_metrics(app, sweeper)
        assert server is not None
        try:
            yield server, sweeper
        finally:
            server.close()
    finally:
        store.close()


def get(server: MetricsServer, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def values(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(reminder_\S+) (\S+)$", text, re.MULTILINE)}


def sweep(shell: Shell, sweeper: Sweeper) -> None:
    now = shell.app.clock.now()
    for _ in range(4):
        sweeper.sweep(now)
        sweeper.counters.swept(0.25, now)


def test_what_was_done_is_counted_by_outcome_channel_and_kind(watched: Shell) -> None:
    watched.sweep()
    transport = FakeTransport().always("phone", DOWN).always("late", LATER)
    with serving(watched, transport) as (server, sweeper):
        watched.at("2025-07-02T03:30:00Z")
        sweep(watched, sweeper)
        status, text = get(server, "/metrics")
    assert status == 200
    found = values(text)
    counted = {name: value for name, value in found.items() if name.startswith("reminder_deliveries_total")}
    assert counted == {
        'reminder_deliveries_total{channel="screen",kind="reminder",outcome="sent"}': 1,
        'reminder_deliveries_total{channel="phone",kind="reminder",outcome="retrying"}': 1,
        'reminder_deliveries_total{channel="late",kind="reminder",outcome="retrying"}': 1,
        'reminder_deliveries_total{channel="screen",kind="trouble",outcome="sent"}': 1,
    } | {name: value for name, value in counted.items() if 'channel="late",kind="trouble"' in name}
    assert found["reminder_sweep_seconds_count"] == 4
    assert found["reminder_sweep_seconds_sum"] == 1.0
    assert found["reminder_last_sweep_timestamp_seconds"] == pytest.approx(1751427000, abs=60)
    assert found['reminder_channel_parked{channel="phone"}'] == 1
    assert found['reminder_channel_parked{channel="screen"}'] == 0
    assert found['reminder_channel_waiting{channel="phone"}'] == 1
    assert found["reminder_database_up"] == 1
    assert found["reminder_stuck_sends"] == 0


def test_how_sources_fare_is_seen(watched: Shell) -> None:
    watched.write(f'{watched.config.read_text()}sources: {{tvmaze: {{url: "http://127.0.0.1:9"}}}}\n').sweep()
    with serving(watched) as (server, sweeper):
        with sweeper.store.write() as tx:
            at = watched.app.clock.now()
            note_health(tx, Health(name="tvmaze", last_success_at=at - timedelta(1), failing_since=at, reason="503"))
        found = values(get(server, "/metrics")[1])
    assert found['reminder_source_failing{source="tvmaze"}'] == 1
    assert found['reminder_source_waiting{source="tvmaze"}'] == 0
    assert found['reminder_source_last_success_timestamp_seconds{source="tvmaze"}'] == pytest.approx(
        datetime(2025, 6, 27, 6, tzinfo=UTC).timestamp(), abs=60
    )


def test_what_is_overdue_is_seen(watched: Shell) -> None:
    watched.sweep()
    with serving(watched) as (server, _):
        watched.at("2025-07-02T03:40:00Z")
        found = values(get(server, "/metrics")[1])
    assert found["reminder_due_backlog"] == 1
    assert found["reminder_oldest_overdue_seconds"] == pytest.approx(600, abs=60)


def test_nothing_that_is_nobodys_business_is_shown(watched: Shell) -> None:
    watched.sweep()
    with serving(watched, FakeTransport().always("phone", DOWN)) as (server, sweeper):
        watched.at("2025-07-02T03:30:00Z")
        sweep(watched, sweeper)
        shown = get(server, "/metrics")[1] + get(server, "/healthz")[1] + get(server, "/")[1]
    assert "s3cret" not in shown
    assert "Ballard" not in shown
    assert str(watched.home) not in shown


def test_healthz_says_yes_or_what_is_wrong(watched: Shell) -> None:
    watched.sweep()
    with serving(watched) as (server, _):
        assert get(server, "/healthz") == (200, '{"ok": true, "problems": []}')
        watched.at("2025-06-29T06:00:00Z")
        status, text = get(server, "/healthz")
        assert (status, json.loads(text)["ok"]) == (503, False)
        assert "the last sweep was 23 hours ago" in text
        assert get(server, "/elsewhere")[0] == 404


def test_a_database_that_does_not_answer_is_shown_as_such(watched: Shell) -> None:
    watched.sweep()
    with serving(watched) as (server, sweeper):
        sweeper.store.close()
        watched.database.unlink()
        watched.database.mkdir()
        assert values(get(server, "/metrics")[1])["reminder_database_up"] == 0
        assert get(server, "/healthz")[0] == 503


def test_a_port_that_is_taken_stops_no_daemon(shell: Shell, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shell.write(CONFIG % f"127.0.0.1:{taken.getsockname()[1]}").sweep()
        app = shell.app
        store = app.open_store()
        assert serve_metrics(app, build_sweeper(app, store, InlineSender(FakeTransport()))) is None
        store.close()
    assert "metrics not served" in caplog.text


def test_the_daemon_itself_shows_how_it_fares_on_this_machine_alone(tmp_path: Path) -> None:
    port = free_port()
    reminder = Reminder(tmp_path)
    reminder.write({"channels": {"screen": "console://"}, "watch": ["1899"], "metrics": str(port)})
    reminder.at("2025-07-02T03:30:00Z")
    with reminder.daemon() as daemon:

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        daemon.wait_for(answers)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/metrics")
        assert "reminder_sweep_seconds_count" in connection.getresponse().read().decode()
        connection.close()


# health --tell


def told_home(shell: Shell, sink: Sink) -> Shell:
    shell.write(
        f"timezone: Asia/Kolkata\nchannels: {{phone: 'json://{sink.netloc}/', quiet: 'json://{sink.netloc}/quiet'}}\n"
        "subscribers: {asha: {channels: [phone]}, ravi: {channels: [quiet]}}\n"
        "watch: [{title: Ballard, premiere: 2025-07-09}]\n"
    )
    shell.sweep()
    return shell.at("2025-06-28T07:00:00Z")


def test_an_absent_daemon_is_told_once_for_each_outage(shell: Shell) -> None:
    with Sink() as sink:
        told_home(shell, sink)
        first, second = shell.run("health", "--tell"), shell.run("health", "--tell")
        assert (first.status, second.status) == (1, 1)
        assert "told asha over phone" in first.err
        assert second.err == ""
        (request,) = sink.requests
        assert "Reminders are not going out" in request.body.decode()
        assert "the daemon is not running, or stuck" in request.body.decode()
        shell.sweep()
        assert shell.run("health", "--tell").status == 0
        shell.at("2025-06-28T09:00:00Z").run("health", "--tell")
        assert len(sink.requests) == 2


def test_when_nobody_could_be_told_the_next_call_tells(shell: Shell) -> None:
    with Sink() as sink:
        told_home(shell, sink)
        sink.script(Reply(status=503), Reply())
        assert "asha could not be told" in shell.run("health", "--tell").err
        assert "told asha over phone" in shell.run("health", "--tell").err


def test_a_broken_channel_is_told_once_and_a_daemon_that_then_dies_is_told_as_well(shell: Shell) -> None:
    with Sink() as sink:
        told_home(shell, sink)
        shell.at("2025-07-02T03:30:00Z").sweep(DOWN)
        found = [shell.run("health", "--tell") for _ in range(2)]
        assert [each.status for each in found] == [1, 1]
        assert "channel phone does not work" in found[0].out
        (told,) = sink.requests
        assert "channel phone does not work" in told.body.decode()
        shell.at("2025-07-02T03:50:00Z")
        for _ in range(2):
            shell.run("health", "--tell")
        assert len(sink.requests) == 2
        assert "the daemon is not running" in sink.requests[1].body.decode()


# heartbeat


WEEKLY = """\
timezone: Asia/Kolkata
heartbeat: weekly monday
channels: {screen: console://, phone: "json://127.0.0.1:9/"}
subscribers: {asha: {at: "08:00", channels: [screen]}, ravi: {channels: [phone]}}
watch:
  - {title: Ballard, premiere: 2025-07-09, for: [asha]}
"""


def test_the_operator_hears_once_a_week_that_all_is_well_and_what_comes_next(shell: Shell) -> None:
    shell.write(WEEKLY).sweep()
    for instant in ("2025-06-30T02:29:00Z", "2025-06-30T02:31:00Z", "2025-06-30T02:40:00Z", "2025-07-01T01:00:00Z"):
        shell.at(instant).sweep()
    (given,) = shell.transport.sent
    assert (given.channel.name, given.words.subject) == ("screen", "Still here")
    assert "Next, July 2: Ballard premieres in 7 days." in given.words.plain()
    shell.at("2025-07-07T02:31:00Z").sweep()
    assert shell.sent.count("Still here") == 2
    assert [row["kind"] for row in shell.run("history", "--json").json()].count("test") == 2


def test_a_sign_of_life_that_is_days_late_is_none(shell: Shell) -> None:
    shell.write(WEEKLY).sweep()
    shell.at("2025-07-03T03:31:00Z").sweep()
    assert "Still here" not in shell.sent


def test_without_the_setting_nothing_is_said(shell: Shell) -> None:
    shell.write(WEEKLY.replace("heartbeat: weekly monday\n", "")).sweep()
    shell.at("2025-06-30T02:31:00Z").sweep()
    assert shell.sent == []


def test_with_nothing_to_come_it_says_so(shell: Shell) -> None:
    shell.write(WEEKLY.replace("2025-07-09", "TBA")).sweep()
    shell.at("2025-06-30T02:31:00Z").sweep()
    assert "Nothing is coming up for you." in shell.transport.sent[0].words.plain()
