"""One channel's failure neither delays nor repeats another's, and is told where it can be heard (SPEC 4, "Failure")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.door import Door
from tests.support.process import Daemon, Reminder, Row
from tests.support.sink import Reply, Request, Sink

pytestmark = pytest.mark.acceptance

DUE = "2025-07-08T03:30:00Z"
REMINDER = "Ballard premieres tomorrow"
TROUBLE = "Channel wrong is not working"
BUSY, UNAUTHORIZED = Reply(status=503), Reply(status=401)
HANGS = Reply(hang=True)


@pytest.fixture
def doors() -> Iterator[dict[str, Door]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(Door()) for name in ("good", "busy", "wrong", "stuck", "other")}


def config(doors: dict[str, Door]) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {name: door.url for name, door in doors.items()},
        "delivery": {"timeout": "10s"},
        "subscribers": {
            "asha": {"channels": ["good", "busy", "wrong", "stuck"]},
            "ravi": {"channels": ["other"]},
        },
        "watch": [{"title": "Ballard", "premiere": "July 9, 2025"}],
    }


def reminders(reminder: Reminder) -> dict[str | None, Row]:
    return {row.channel: row for row in reminder.ledger() if row.kind == "reminder" and row.lead == "1d"}


def states(reminder: Reminder) -> dict[str, str]:
    return {channel or "": row.state for channel, row in reminders(reminder).items()}


def wait_for_states(daemon: Daemon, reminder: Reminder, **wanted: str) -> None:
    daemon.wait_for(lambda: wanted.items() <= states(reminder).items())


def test_each_channel_fails_by_itself_and_nobody_gets_anything_twice(
    reminder: Reminder, doors: dict[str, Door]
) -> None:
    reminder.write(config(doors))
    doors["busy"].says(BUSY)
    doors["wrong"].says(UNAUTHORIZED)
    doors["stuck"].says(HANGS)
    with reminder.at("2025-07-08T03:00:00Z").daemon() as daemon:
        daemon.at(DUE)
        wait_for_states(
            daemon, reminder, good="sent", other="sent", busy="retrying", wrong="retrying", stuck="retrying"
        )
        assert doors["other"].titles == [REMINDER]
        daemon.wait_for(lambda: sorted(doors["good"].titles) == sorted([REMINDER, TROUBLE]))
        doors["stuck"].says(Reply())
        # Nothing hangs any more that the next step could overtake: a failure counts from when it is recorded.
        daemon.wait_for(lambda: states(reminder)["stuck"] != "sending")
        before = reminders(reminder)["busy"].attempts
        daemon.at("2025-07-08T04:00:00Z")
        daemon.wait_for(lambda: reminders(reminder)["busy"].attempts > before)
        doors["busy"].says(Reply())
        daemon.at("2025-07-08T04:35:00Z")
        wait_for_states(daemon, reminder, busy="sent", wrong="retrying")
        daemon.wait_for(lambda: len(doors["wrong"].requests) >= 2)
        doors["wrong"].says(Reply())
        daemon.at("2025-07-08T06:00:00Z")
        wait_for_states(daemon, reminder, wrong="sent", stuck="sent")
    arrived = {name: Counter(door.titles) for name, door in doors.items()}
    assert arrived["good"] == {REMINDER: 1, TROUBLE: 1}
    assert arrived["other"] == {REMINDER: 1}
    assert arrived["wrong"] == {REMINDER: 1}
    assert {name: arrived[name][REMINDER] for name in ("busy", "stuck")} == {"busy": 1, "stuck": 1}
    assert arrived["busy"][TROUBLE] <= 1
    assert arrived["stuck"][TROUBLE] <= 1
    assert (reminders(reminder)["good"].attempts, reminders(reminder)["other"].attempts) == (1, 1)


def test_a_channel_with_a_wrong_token_is_tried_hourly_and_told_once(reminder: Reminder, doors: dict[str, Door]) -> None:
    later = {"title": "Dune", "premiere": "2025-07-08T04:50Z", "remind": ["1h"]}  # due while the channel is parked
    reminder.write({**config(doors), "watch": [{"title": "Ballard", "premiere": "July 9, 2025"}, later]})
    doors["wrong"].says(UNAUTHORIZED)
    reminder.at("2025-07-08T03:00:00Z").once()
    tried = []
    for at in (DUE, "2025-07-08T04:00:00Z", "2025-07-08T04:35:00Z", "2025-07-08T05:40:00Z"):
        assert reminder.at(at).once().status == 0
        tried.append(len(doors["wrong"].requests))
    assert tried == [1, 1, 2, 3]
    assert doors["good"].titles.count(TROUBLE) == 1
    (told,) = [request.json()["message"] for request in doors["good"].accepted if request.json()["title"] == TROUBLE]
    assert "401" in told
    assert "restart reminder if a secret was renewed" in told


def test_a_new_address_is_tried_at_once_and_trouble_that_is_over_is_not_told(
    reminder: Reminder, doors: dict[str, Door]
) -> None:
    doors["wrong"].says(UNAUTHORIZED)
    asleep = {**config(doors), "subscribers": {"asha": {"channels": ["wrong", "good"]}}}
    reminder.write(asleep)
    reminder.at("2025-07-08T03:00:00Z").once()
    doors["good"].says(BUSY)  # so that the trouble waits
    reminder.at(DUE).once()
    assert states(reminder) == {"wrong": "retrying", "good": "retrying"}
    doors["good"].says(Reply())
    reminder.write({**asleep, "channels": {"wrong": doors["other"].url, "good": doors["good"].url}})
    reminder.at("2025-07-08T03:31:00Z").once()
    reminder.at("2025-07-08T03:40:00Z").once()
    assert states(reminder) == {"wrong": "sent", "good": "sent"}
    assert doors["other"].titles == [REMINDER]
    assert doors["good"].titles == [REMINDER]


def test_a_test_that_succeeds_sends_what_was_parked(reminder: Reminder, doors: dict[str, Door]) -> None:
    reminder.write(config(doors))
    doors["wrong"].says(UNAUTHORIZED)
    reminder.at("2025-07-08T03:00:00Z").once()
    reminder.at(DUE).once()
    assert states(reminder)["wrong"] == "retrying"
    broken = reminder.at("2025-07-08T03:34:00Z").run("health")
    assert broken.status == 1
    assert "✗ channel wrong does not work: 401 Unauthorized" in broken.out
    assert "All is well" not in broken.out
    doors["wrong"].says(Reply())
    tried = reminder.at("2025-07-08T03:35:00Z").run("test", "wrong")
    assert tried.status == 0, tried.err
    assert doors["wrong"].titles == ["A test of channel wrong"]
    reminder.at("2025-07-08T03:36:00Z").once()
    assert doors["wrong"].titles == ["A test of channel wrong", REMINDER]
    mended = reminder.run("health")
    assert "does not work" not in mended.out


def test_a_message_refused_for_its_own_sake_is_tried_once_more_plain_and_failed_when_another_goes_through(
    reminder: Reminder, doors: dict[str, Door]
) -> None:
    later = {"title": "Dune", "premiere": "2025-07-08T04:50Z", "remind": ["1h"]}
    reminder.write({**config(doors), "watch": [{"title": "Ballard", "premiere": "July 9, 2025"}, later]})
    doors["other"].says(Reply(status=400))
    reminder.at("2025-07-08T03:00:00Z").once()
    assert reminder.at(DUE).once().status == 0
    assert reminder.at("2025-07-08T03:31:00Z").once().status == 0
    assert len(doors["other"].requests) == 2
    assert states(reminder)["other"] == "retrying"
    doors["other"].says(Reply())
    assert reminder.at("2025-07-08T03:51:00Z").once().status == 1
    assert states(reminder)["other"] == "failed"
    assert reminder.at("2025-07-08T05:00:00Z").once().status == 0
    assert len(doors["other"].requests) == 3


def test_a_service_that_asks_for_time_gets_it(reminder: Reminder, doors: dict[str, Door]) -> None:
    reminder.write(config(doors))
    doors["other"].says(Reply(status=429, headers={"Retry-After": "600"}))
    reminder.at("2025-07-08T03:00:00Z").once()
    reminder.at(DUE).once()
    doors["other"].says(Reply())
    reminder.at("2025-07-08T03:39:00Z").once()
    assert doors["other"].titles == []
    reminder.at("2025-07-08T03:42:00Z").once()
    assert doors["other"].titles == [REMINDER]


def test_a_channel_that_is_limited_for_ever_keeps_none_of_its_endpoint_waiting(reminder: Reminder, sink: Sink) -> None:
    def limited(request: Request) -> Reply:
        return Reply(status=429, headers={"Retry-After": "1"}) if request.path.startswith("/limited") else Reply()

    sink.always(limited)
    reminder.write(
        {
            "timezone": "Asia/Kolkata",
            "burst": 0,
            "channels": {"limited": f"json://{sink.netloc}/limited/x", "good": f"json://{sink.netloc}/good"},
            "subscribers": {"asha": {"channels": ["limited"]}, "zoe": {"channels": ["good"], "at": "09:10"}},
            "watch": [{"title": f"Show {number}", "premiere": "July 9, 2025"} for number in range(4)],
        }
    )

    def rows(channel: str) -> list[Row]:
        return [row for row in reminder.ledger() if row.channel == channel and row.lead == "1d"]

    with reminder.at("2025-07-08T03:29:50Z").daemon() as daemon:
        daemon.at(DUE)
        daemon.wait_for(lambda: sum(row.attempts for row in rows("limited")) > 8)
        daemon.at("2025-07-08T03:40:00Z")
        daemon.wait_for(lambda: [row.state for row in rows("good")] == ["sent"] * 4)
    assert {row.state for row in rows("limited")} <= {"due", "retrying", "sending"}
