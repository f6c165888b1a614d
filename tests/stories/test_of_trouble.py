"""Downtime, broken channels, digests and bursts: nothing twice, nothing lost, nothing unexplained."""

from __future__ import annotations

from datetime import timedelta

from reminder.core.model.ledger import State
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from tests.support.world import World

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
TWO = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}
"""
UNAUTHORIZED = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
DOWN = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
REFUSED = Failure(kind=FailureKind.MESSAGE, reason="400 Bad Request", status=400)


def test_down_from_before_the_first_lead_until_two_days_before() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-01 12:00").at("2025-07-07 11:00").once()
    assert world.lines() == ["2025-07-07 11:00 Ballard premieres in 2 days"]
    world.live("2025-08-01 12:00")
    assert world.lines()[1:] == ["2025-07-08 09:00 Ballard premieres tomorrow", "2025-07-09 09:00 Ballard is out today"]


def test_several_leads_that_came_due_together_are_one_message() -> None:
    world = World(BALLARD, "2025-06-20 12:00").at("2025-07-09 11:00").once()
    assert world.lines() == ["2025-07-09 11:00 Ballard is out today"]
    assert sorted(str(row) for row in world.rows()) == [
        "1d: superseded (a later message about the same release says it all)",
        "7d: superseded (a later message about the same release says it all)",
        "day: sent (fake)",
    ]


def test_off_for_ten_days_across_the_premiere_is_one_missed() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").at("2025-07-13 12:00").once()
    assert world.lines() == [
        "2025-07-02 09:00 Ballard premieres in 7 days",
        "2025-07-13 12:00 While I was away: Ballard came out on July 9",
    ]
    world.live("2025-10-01 12:00")
    assert len(world.arrived) == 2
    assert {row.state for row in world.rows()} == {State.SENT, State.EXPIRED}


def test_off_for_longer_than_a_month_is_not_told_any_more() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").at("2025-08-20 12:00").live("2025-10-01 12:00")
    assert world.lines() == ["2025-07-02 09:00 Ballard premieres in 7 days"]


def test_a_whole_season_missed_is_one_message_for_each_episode_that_came_out() -> None:
    config = "burst: 3\nwatch: [{title: Ballard, premiere: 2025-07-09, episodes: 4, drop: daily, remind: [day]}]"
    world = World(config, "2025-06-20 12:00").at("2025-07-20 12:00").live("2025-08-01 12:00")
    assert [arrived.kind for arrived in world.arrived] == ["digest"]
    assert world.arrived[0].words.subject == "4 reminders: Ballard"


def test_a_title_moved_and_out_while_nothing_ran() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-08-20}]", "2025-06-20 12:00").live("2025-07-01 12:00")
    world.at("2025-07-20 12:00").edit(BALLARD).live("2025-10-01 12:00")
    assert world.lines() == ["2025-07-21 09:00 Ballard moved from August 20 to July 9, 2025"]


def test_a_token_dead_for_nine_days_and_mended() -> None:
    world = World(BALLARD, "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", UNAUTHORIZED)
    world.live("2025-07-10 20:00")
    assert world.lines() == [
        "2025-07-02 09:00 Ballard premieres in 7 days",
        "2025-07-02 09:00 Channel phone is not working",
        "2025-07-08 09:00 Ballard premieres tomorrow",
        "2025-07-09 09:00 Ballard is out today",
    ]
    before = len(world.arrived)
    world.transport.always("phone", Sent())
    world.edit(BALLARD, base=TWO.replace("/phone", "/renewed")).live("2025-10-01 12:00")
    assert world.lines()[before:] == ["2025-07-10 20:00 me/phone: Ballard came out yesterday"]


def test_a_dead_token_is_tried_hourly_with_one_message_and_not_with_all_that_wait() -> None:
    titles = ", ".join(f"{{title: T{number}, premiere: 2025-07-09, remind: [day]}}" for number in range(20))
    world = World(f"burst: 0\nwatch: [{titles}]", "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", UNAUTHORIZED)
    world.live("2025-07-09 09:30")
    tries = [given for given in world.transport.given if given.channel.name == "phone"]
    assert len(tries) == 1
    world.live("2025-07-09 15:30")
    tries = [given for given in world.transport.given if given.channel.name == "phone"]
    assert len(tries) <= 7
    world.transport.always("phone", Sent())
    world.live("2025-07-09 17:30")
    assert len([line for line in world.lines() if "phone: T" in line]) == 20


def test_the_only_channel_dead_past_the_premiere_is_one_missed_when_it_is_mended() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [1d, day]}]", "2025-07-07 12:00")
    world.transport.always("mail", UNAUTHORIZED)
    world.live("2025-07-12 12:00")
    assert world.arrived == []
    world.transport.always("mail", Sent())
    world.live("2025-10-01 12:00")
    assert [line[17:] for line in world.lines()] == ["While I was away: Ballard came out on July 9"]


def test_one_channel_down_for_an_hour_costs_the_other_nothing_and_repeats_nothing() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", DOWN)
    world.live("2025-07-09 10:00")
    assert world.lines() == ["2025-07-09 09:00 Ballard is out today"]
    world.transport.always("phone", Sent())
    world.live("2025-08-01 12:00")
    assert [line[17:] for line in world.lines()] == ["Ballard is out today", "me/phone: Ballard is out today"]
    assert world.arrived[1].at - world.arrived[0].at < timedelta(minutes=80)


def test_a_refused_message_is_tried_once_more_plain_and_then_kept_until_its_use_is_over() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00")
    world.transport.always("mail", REFUSED)
    world.live("2025-07-09 14:55")
    assert [given.plain for given in world.transport.given] == [False, True]
    assert [row.state for row in world.rows()] == [State.RETRYING]
    world.live("2025-07-12 12:00")
    # The channel has taken nothing else that would show that the fault is the message's own.
    assert [row.state for row in world.rows() if row.kind == "reminder"] == [State.EXPIRED]


def test_retries_wait_out_quiet_hours() -> None:
    config = "quiet_hours: 22:00-08:00\nat: '21:00'\nwatch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]"
    world = World(config, "2025-06-20 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-09 23:59")
    tried = len(world.transport.given)
    world.transport.always("mail", Sent())
    world.live("2025-08-01 12:00")
    assert len(world.transport.given) == tried + 1
    assert world.lines() == ["2025-07-10 08:00 Ballard came out yesterday"]


def test_a_date_that_moves_while_its_reminder_is_retrying_is_told_by_the_notice_alone() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]", "2025-06-20 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-02 12:00").edit("watch: [{title: Ballard, premiere: 2025-07-20}]").live("2025-07-02 15:00")
    world.transport.always("mail", Sent())
    world.live("2025-08-01 12:00")
    assert world.lines() == [
        "2025-07-03 09:00 Ballard moved from July 9 to July 20, 2025",
        "2025-07-13 09:00 Ballard premieres in 7 days",
        "2025-07-19 09:00 Ballard premieres tomorrow",
        "2025-07-20 09:00 Ballard is out today",
    ]


def test_a_notice_that_is_retrying_is_true_when_it_arrives() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09}]", "2025-06-20 12:00").live("2025-06-21 12:00")
    world.transport.always("mail", DOWN)
    world.edit("watch: [{title: Ballard, premiere: 2025-07-20}]").live("2025-06-22 12:00")
    world.edit("watch: [{title: Ballard, premiere: 2025-07-25}]").live("2025-06-23 08:00")
    world.transport.always("mail", Sent())
    world.live("2025-07-10 12:00")
    assert world.lines() == ["2025-06-23 09:00 Ballard moved from July 9 to July 25, 2025"]


def test_cancelled_while_its_reminder_is_retrying() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-09 12:00")
    world.edit("watch: [{title: Ballard, premiere: 2025-07-09, cancelled: true}]").live("2025-07-09 15:00")
    world.transport.always("mail", Sent())
    world.live("2025-08-01 12:00")
    assert [line[17:] for line in world.lines()] == ["Ballard has been cancelled"]


def test_dropped_by_mistake_while_its_reminder_is_retrying() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-09 12:00").edit("watch: []").live("2025-07-09 12:05")
    world.transport.always("mail", Sent())
    world.live("2025-07-09 12:10")
    assert world.arrived == []
    world.edit("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]").live("2025-08-01 12:00")
    assert [line[17:] for line in world.lines()] == ["Ballard is out today"]


def test_a_channel_removed_while_something_is_retrying_there() -> None:
    world = World("watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]", "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", DOWN)
    world.live("2025-07-09 12:00")
    only_mail = 'timezone: Asia/Kolkata\nchannels: {mail: "json://127.0.0.1:9/"}\n'
    world.edit(world.config, base=only_mail).live("2025-08-01 12:00")
    assert world.lines() == ["2025-07-09 09:00 Ballard is out today"]
    assert [row.state for row in world.rows()] == [State.SENT, State.SKIPPED]


def test_a_channel_taken_from_one_person_while_something_is_retrying_there() -> None:
    config = "subscribers: {asha: {channels: [mail, phone]}, ravi: {channels: [phone]}}\n"
    watch = "watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]"
    world = World(config + watch, "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", DOWN)
    world.live("2025-07-09 12:00")
    world.edit(config.replace("mail, phone", "mail") + watch).live("2025-07-09 12:20")
    world.transport.always("phone", Sent())
    world.live("2025-08-01 12:00")
    assert sorted(line[17:] for line in world.lines()) == [
        "asha/mail: Ballard is out today",
        "ravi/phone: Ballard is out today",
    ]
    assert {row.state for row in world.rows()} == {State.SENT, State.SKIPPED}


def test_a_person_taken_out_while_something_is_retrying() -> None:
    config = "subscribers: {asha: {channels: [mail]}, ravi: {channels: [phone]}}\n"
    watch = "watch: [{title: Ballard, premiere: 2025-07-09, remind: [day]}]"
    world = World(config + watch, "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", DOWN)
    world.live("2025-07-09 12:00").edit("subscribers: {asha: {channels: [mail]}}\n" + watch)
    world.transport.always("phone", Sent())
    world.live("2025-08-01 12:00")
    assert world.lines() == ["2025-07-09 09:00 asha/mail: Ballard is out today"]


def test_a_daily_digest_collects_what_is_due_that_day_and_lets_hour_leads_go_alone() -> None:
    config = """
digest: daily
watch:
  - {title: One, premiere: 2025-07-09, remind: [1d, day]}
  - {title: Two, premiere: 2025-07-10, remind: [1d, day]}
  - {title: Three, premiere: 2025-07-09T12:00Z, remind: [2h]}
"""
    world = World(config, "2025-06-20 12:00").live("2025-08-01 12:00")
    assert world.lines() == [
        "2025-07-08 09:00 One premieres tomorrow",
        "2025-07-09 09:00 2 reminders: One and Two",
        "2025-07-09 15:30 Three premieres in 2 hours, at 5:30 PM",
        "2025-07-10 09:00 Two is out today",
    ]
    assert "Two premieres tomorrow" in world.arrived[1].words.plain()


def test_a_weekly_digest_looks_ahead() -> None:
    config = """
digest: weekly monday
watch:
  - {title: Wednesday, premiere: 2025-07-09, remind: [1d, day]}
  - {title: Friday, premiere: 2025-07-11, remind: [day]}
"""
    world = World(config, "2025-06-20 12:00").live("2025-08-01 12:00")
    assert world.lines() == ["2025-07-07 09:00 2 reminders: Wednesday and Friday"]
    assert "Wednesday premieres in 2 days" in world.arrived[0].words.plain()
    assert "Friday premieres in 4 days" in world.arrived[0].words.plain()


def test_more_than_a_burst_at_once_goes_as_one_and_each_keeps_its_key() -> None:
    titles = ", ".join(f"{{title: T{number}, premiere: 2025-07-09, remind: [day]}}" for number in range(9))
    world = World(f"watch: [{titles}]", "2025-06-20 12:00").live("2025-08-01 12:00")
    assert [arrived.kind for arrived in world.arrived] == ["digest"]
    assert [row.state for row in world.rows()] == [State.SENT] * 9


def test_as_many_as_a_burst_go_one_by_one() -> None:
    titles = ", ".join(f"{{title: T{number}, premiere: 2025-07-09, remind: [day]}}" for number in range(8))
    assert len(World(f"watch: [{titles}]", "2025-06-20 12:00").live("2025-08-01 12:00").arrived) == 8


def test_burst_zero_never_bundles() -> None:
    titles = ", ".join(f"{{title: T{number}, premiere: 2025-07-09, remind: [day]}}" for number in range(30))
    assert len(World(f"burst: 0\nwatch: [{titles}]", "2025-06-20 12:00").live("2025-08-01 12:00").arrived) == 30


def test_the_operator_hears_of_trouble_that_no_channel_has() -> None:
    people = "subscribers: {asha: {channels: [mail]}, ravi: {channels: [phone]}}\noperator: ravi\n"
    world = World(people + BALLARD, "2025-06-20 12:00", base=TWO)
    world.sweeper.alarm("The disk is full", "Nothing could be recorded since noon.", now=world.clock.now())
    world.settle()
    assert world.lines() == ["2025-06-20 12:00 ravi/phone: The disk is full"]


def test_trouble_waits_for_nobody_who_has_no_other_channel() -> None:
    world = World(BALLARD, "2025-06-20 12:00")
    world.transport.always("mail", UNAUTHORIZED)
    world.live("2025-07-03 12:00")
    assert [row.kind for row in world.rows()] == ["reminder"]


def test_a_second_outage_is_told_again_and_one_long_outage_once() -> None:
    titles = ", ".join(f"{{title: T{day}, premiere: 2025-07-{day:02}, remind: [day]}}" for day in (1, 2, 3, 4, 5))
    world = World(f"watch: [{titles}]", "2025-06-20 12:00", base=TWO)
    world.transport.always("phone", UNAUTHORIZED)
    world.live("2025-07-02 20:00")
    world.transport.always("phone", Sent())
    world.live("2025-07-03 20:00")
    world.transport.always("phone", UNAUTHORIZED)
    world.live("2025-07-05 20:00")
    told = [line for line in world.lines() if line.endswith("Channel phone is not working")]
    assert [line[:10] for line in told] == ["2025-07-01", "2025-07-04"]
