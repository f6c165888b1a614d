"""Web Push from the installed command to a push service that keeps to the RFCs, and to browsers that are away."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.push import PushedTo, PushService
from tests.support.sink import Reply

pytestmark = pytest.mark.acceptance

WEEK, DAY_BEFORE, THE_DAY = "2025-07-02T03:30:00Z", "2025-07-08T03:30:00Z", "2025-07-09T03:30:00Z"


@dataclass
class Evening:
    """The time that the push service has, which is the daemon's."""

    at: datetime = datetime(2025, 7, 1, tzinfo=UTC)

    def becomes(self, reminder: Reminder, instant: str) -> Reminder:
        self.at = datetime.fromisoformat(instant)
        return reminder.at(instant)


@pytest.fixture
def time() -> Evening:
    return Evening()


@pytest.fixture
def service(time: Evening) -> Iterator[PushService]:
    with PushService(now=lambda: time.at) as running:
        yield running


def config(browser: PushedTo, **more: object) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "web": {"address": "http://localhost:8484", "contact": "mailto:me@example.org", "push_hosts": ["127.0.0.1"], "process": "own"},
        "channels": {"browser": "webpush://", **{name: url for name, url in more.items() if url}},
        "subscribers": {"asha": {"channels": [{"browser": browser.address}, *more]}},
        "watch": [{"title": "Ballard", "premiere": "July 9, 2025", "platform": "Prime Video", "link": "https://example.com/ballard"}],
    }  # fmt: skip


def begin(reminder: Reminder, time: Evening, written: dict[str, object]) -> None:
    reminder.write(written)
    assert time.becomes(reminder, "2025-07-02T03:00:00Z").once().status == 0


def of_reminder(reminder: Reminder) -> tuple[str, str | None]:
    """Return how the one reminder over the browser stands, and why."""
    ((state, reason),) = [
        (row.state, row.reason) for row in reminder.ledger() if (row.kind, row.channel) == ("reminder", "browser")
    ]
    return state, reason


def never_shown(reminder: Reminder, *browsers: PushedTo) -> None:
    """See that nothing that was printed tells where a browser is."""
    printed = "".join(reminder.printed)
    for browser in browsers:
        for part in (browser.address.split(".")[0], browser.address.split(".")[1], browser.endpoint.rpartition("/")[2]):
            assert part not in printed


def test_a_browser_that_was_away_is_told_what_is_true_now_and_not_what_was(
    reminder: Reminder, service: PushService, time: Evening
) -> None:
    browser = service.subscribe()
    begin(reminder, time, config(browser))
    browser.is_there = False
    for instant in (WEEK, DAY_BEFORE):
        time.becomes(reminder, instant).once()
    assert [row.state for row in reminder.ledger()] == ["sent"] * 2
    (tomorrow,) = service.comes_back(browser)
    time.becomes(reminder, THE_DAY)
    with reminder.daemon():
        assert service.wait_for(browser, 2)
    assert service.refused == []
    assert tomorrow.said["title"] == "Ballard premieres tomorrow"
    assert tomorrow.said["body"].startswith("Wednesday, July 9, 2025")
    assert tomorrow.said["url"] == "https://example.com/ballard"
    acts, opens = tomorrow.said["actions"]
    assert (acts["action"], opens["action"]) == ("tomorrow", "open")
    assert acts["url"] == f"{opens['url']}/tomorrow"
    assert opens["url"].startswith("http://localhost:8484/m/")
    assert (tomorrow.urgency, tomorrow.said["tag"]) == ("normal", tomorrow.topic)
    today = browser.shown[-1]
    assert today.title == "Ballard is out today"
    assert (today.urgency, today.topic) == ("high", tomorrow.topic)
    assert 3600 < today.ttl <= 3 * 86_400
    never_shown(reminder, browser)


def test_a_browser_that_is_gone_is_told_of_elsewhere_and_left_alone(
    reminder: Reminder, service: PushService, time: Evening
) -> None:
    browser = service.subscribe()
    with Door() as door:
        begin(reminder, time, config(browser, post=door.url))
        browser.is_gone = True
        assert time.becomes(reminder, WEEK).once().status == 0
        assert time.becomes(reminder, "2025-07-02T03:45:00Z").once().status == 0
        news = ["Ballard premieres in 7 days", "Channel browser is not working", "Some addresses refuse what is sent"]
        assert sorted(door.titles) == news
        (told,) = [request.json()["message"] for request in door.accepted if "browser" in request.json()["title"]]
    assert "this browser takes no messages from here any more (410)" in told
    assert len(service.refused) == 1
    assert of_reminder(reminder)[0] == "retrying"
    never_shown(reminder, browser)


def test_what_is_too_long_for_a_service_is_said_in_short(
    reminder: Reminder, service: PushService, time: Evening
) -> None:
    browser = service.subscribe()
    begin(reminder, time, config(browser))
    service.sink.script(Reply(status=413))
    time.becomes(reminder, WEEK).once()
    time.becomes(reminder, "2025-07-02T03:31:00Z").once()
    (shown,) = browser.shown
    assert shown.title == "Ballard premieres in 7 days"
    sizes = [len(request.body) for request in service.sink.requests]
    assert len(sizes) == 2
    assert sizes[1] <= sizes[0]


def test_browsers_know_one_key_that_copies_keep_and_nothing_shows(
    reminder: Reminder, service: PushService, time: Evening
) -> None:
    browser = service.subscribe()
    begin(reminder, time, config(browser))
    for instant in (WEEK, DAY_BEFORE):
        time.becomes(reminder, instant).once()
    first, second = (request.headers["authorization"].partition("k=")[2] for request in service.sink.requests)
    assert first == second
    copy = reminder.home / "copy.db"
    assert reminder.run("backup", str(copy)).status == 0
    keys = [_key(path) for path in (reminder.database, copy)]
    assert keys[0] == keys[1]
    exported = reminder.run("export")
    printed = "".join(reminder.printed)
    assert exported.status == 0
    assert keys[0] not in printed
    never_shown(reminder, browser)


def _key(path: object) -> str:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return str(database.execute("SELECT value FROM meta WHERE key = 'vapid_key'").fetchone()[0])


def test_a_test_goes_to_one_browser_and_its_answer_is_shown(
    reminder: Reminder, service: PushService, time: Evening
) -> None:
    browser = service.subscribe()
    reminder.write(config(browser))
    tried = time.becomes(reminder, WEEK).run("test", "--json")
    assert (tried.status, tried.json()[0]["answer"]) == (0, "201 Created")
    assert [each.title for each in browser.shown] == ["A test of channel browser"]
    assert browser.shown[0].topic == ""


def test_a_config_that_can_is_usable(reminder: Reminder, service: PushService) -> None:
    reminder.at(WEEK).write(config(service.subscribe()))
    checked = reminder.run("check")
    assert checked.status == 0, checked.out + checked.err
    assert json.loads(reminder.run("check", "--json").out)
