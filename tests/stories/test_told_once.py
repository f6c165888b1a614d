"""The same news once a day (SPEC 2), and a slip is no move (SPEC 5)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from reminder.core.model.ledger import Reason, State
from reminder.core.sending.retry import Failure, FailureKind
from reminder.store.history import reopen
from reminder.store.sql.tables import delivery, message
from reminder.store.title_commands import correct, kept_titles
from tests.support.world import World

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"


def hours(world: World) -> list[str]:
    return [f"{line[5:16]} {line.partition('Ballard ')[2]}" for line in world.lines()]


@pytest.mark.parametrize("back", ["2025-07-09 00:02", "2025-07-09 08:59"])
def test_a_late_lead_of_the_same_day_leaves_nothing_for_the_day_s_own(back: str) -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").at(back).once().live("2025-07-20 12:00")
    assert hours(world)[1:] == [f"{back[5:]} is out today"]
    assert Reason.SAID_TODAY in {row.reason for row in world.rows()}


@pytest.mark.parametrize(
    ("settings", "hour"), [("", "08:00"), ("quiet_hours: 22:00-08:30\n", "08:30"), ("digest: daily\n", "08:00")]
)
def test_moved_to_today_is_told_once(settings: str, hour: str) -> None:
    far = settings + BALLARD.replace("07-09", "08-20")
    world = World(far, "2025-06-20 12:00").live("2025-07-09 08:00").edit(settings + BALLARD).live("2025-07-12 12:00")
    assert hours(world) == [f"07-09 {hour} moved from August 20 to July 9, 2025"]


def test_day_and_release_of_a_night_are_one_message() -> None:
    config = (
        "quiet_hours: 22:00-08:00\nwatch: [{title: Ballard, premiere: 2025-07-09T01:00+05:30, remind: [day, release]}]"
    )
    world = World(config, "2025-06-20 12:00").live("2025-07-12 12:00")
    assert hours(world) == ["07-09 08:00 is out (since 1:00 AM)"]


OTHER_WORDS = {
    "an hour lead says hours": ("remind: [day, 2h], premiere: 2025-07-09T19:00+05:30", ["09:00", "17:00"]),
    "before and after the instant": ("remind: [day, release], premiere: 2025-07-09T19:00+05:30", ["09:00", "19:00"]),
}


@pytest.mark.parametrize("case", OTHER_WORDS)
def test_other_words_on_one_day_are_told(case: str) -> None:
    keys, at = OTHER_WORDS[case]
    world = World(f"watch: [{{title: Ballard, {keys}}}]", "2025-06-20 12:00").live("2025-07-12 12:00")
    assert [line[11:16] for line in world.lines()] == at


def test_each_channel_is_judged_by_what_came_there() -> None:
    base = (
        "timezone: Asia/Kolkata\nchannels: {mail: 'json://127.0.0.1:9/', "
        "big: {url: 'json://127.0.0.1:9/b', only: [premiere]}}\n"
    )
    far = BALLARD.replace("07-09", "08-20")
    world = World(far, "2025-06-20 12:00", base=base).live("2025-07-09 08:00").edit(BALLARD).live("2025-07-12 12:00")
    assert sorted(line[17:] for line in world.lines()) == [
        "Ballard moved from August 20 to July 9, 2025",
        "me/big: Ballard is out today",
    ]


SLIPS = [
    ("2025-12-15", ["2025-12-05"]),
    ("2026-12-05", ["2025-12-05"]),
    ("December 2025", ["2025-12-05"]),
    ("2025-12-15", ["2025-12-25", "2025-12-05"]),
]


@pytest.mark.parametrize(("first", "then"), SLIPS)
def test_a_typo_put_right_within_a_day_is_no_move(first: str, then: list[str]) -> None:
    world = World(BALLARD.replace("2025-07-09", first), "2025-06-20 20:00").settle()
    for minute, date in enumerate(then, 1):
        world.at(f"2025-06-20 20:0{minute}").edit(BALLARD.replace("2025-07-09", date)).once()
    world.live("2025-12-06 12:00")
    assert [line[5:16] for line in world.lines()] == ["11-28 09:00", "12-04 09:00", "12-05 09:00"]
    assert {row.reason for row in world.rows() if row.kind == "moved"} == {Reason.PUT_RIGHT}


def test_a_slip_after_what_was_heard_is_passed_over() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-02 12:00")
    world.edit(BALLARD.replace("07-09", "12-15")).live("2025-07-02 12:05").edit(BALLARD.replace("07-09", "08-15"))
    world.live("2025-07-04 12:00")
    assert hours(world)[1:] == ["07-03 09:00 moved from July 9 to August 15, 2025"]


def test_what_stood_for_a_day_or_was_told_is_a_move() -> None:
    stood = (
        World(BALLARD.replace("07-09", "12-15"), "2025-06-20 12:00")
        .live("2025-06-21 12:00")
        .edit(BALLARD.replace("07-09", "12-05"))
    )
    told = World(BALLARD, "2025-07-02 08:59").live("2025-07-02 09:05").edit(BALLARD.replace("07-09", "07-20"))
    assert hours(stood.live("2025-06-23 12:00")) == ["06-22 09:00 moved from December 15 to December 5, 2025"]
    assert hours(told.live("2025-07-04 12:00"))[1:] == ["07-03 09:00 moved from July 9 to July 20, 2025"]


def test_who_was_told_nothing_of_a_date_that_is_said_to_have_been_a_slip_hears_of_no_move() -> None:
    far, near = BALLARD.replace("07-09", "12-15"), BALLARD.replace("07-09", "12-05")
    world = World(far, "2025-06-20 12:00").live("2025-06-25 12:00").edit(near)
    with world.store.write() as tx:
        (kept,) = kept_titles(tx)
        assert len(correct(tx, kept.id, world.clock.now())) == 1
    assert world.live("2025-06-28 12:00").lines() == []


def test_who_was_told_of_a_slip_hears_where_the_date_stands_now() -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").edit(BALLARD.replace("07-09", "07-20"))
    with world.store.write() as tx:
        (kept,) = kept_titles(tx)
        correct(tx, kept.id, world.clock.now())
    assert hours(world.live("2025-07-05 12:00"))[1:] == ["07-04 09:00 moved from July 9 to July 20, 2025"]


# Judged again when it leaves -----------------------------------------------------------------------------------------


def put_state(world: World, **values: object) -> None:
    """Have the delivery of the late lead stand as it does while its service has it, or once that has answered."""
    with world.store.write() as tx:
        late = select(message.c.id).where(message.c.lead == "1d").scalar_subquery()
        tx.execute(update(delivery).where(delivery.c.message_id == late).values(**values))


@pytest.mark.parametrize(
    ("answer", "then"),
    [
        ({"state": State.SENT}, "superseded"),
        ({"state": State.FAILED}, "sent"),
        ({"state": State.EXPIRED}, "sent"),
    ],
)
def test_what_is_on_its_way_as_the_next_comes_due_is_waited_for(answer: dict[str, State], then: str) -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").at("2025-07-09 08:59").once()
    put_state(world, state=State.SENDING, owner="a slow one", closed_at=None)
    world.at("2025-07-09 09:00").settle()
    assert [str(row) for row in world.rows() if row.lead == "day"] == ["day: due (the same is on its way there)"]
    put_state(world, owner=None, closed_at=world.instant("2025-07-09 09:00:02"), **answer)
    world.at("2025-07-09 09:00:05").settle()
    assert [str(row.state) for row in world.rows() if row.lead == "day"] == [then]


@pytest.mark.parametrize("asked", [False, True])
def test_what_was_said_between_is_not_said_again_unless_somebody_asks(asked: bool) -> None:
    world = World(BALLARD, "2025-06-20 12:00").live("2025-07-03 12:00").at("2025-07-09 08:59").once()
    put_state(world, state=State.FAILED, closed_at=world.instant("2025-07-09 08:59"))
    world.at("2025-07-09 09:00").settle()
    with world.store.write() as tx:
        late = tx.execute(select(delivery.c.id).join(message).where(message.c.lead == "1d")).scalar_one()
        reopen(tx, [late], world.clock.now(), world.clock.now())
        if not asked:
            tx.execute(update(delivery).where(delivery.c.id == late).values(asked=0))
    world.at("2025-07-09 09:01").settle()
    assert [str(row.state) for row in world.rows() if row.lead == "1d"] == ["sent" if asked else "superseded"]


def test_what_was_said_on_the_other_channel_does_not_move_there_from_one_that_is_gone() -> None:
    base = "timezone: Asia/Kolkata\nchannels: {mail: 'json://127.0.0.1:9/', phone: 'json://127.0.0.1:9/p'}\n"
    world = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-03 12:00")
    world.transport.always("phone", Failure(kind=FailureKind.TRANSIENT, reason="503", status=503))
    world.at("2025-07-09 08:59").once().live("2025-07-09 09:30")
    world.edit(BALLARD, base=base.partition(", phone")[0] + "}\n").live("2025-07-20 12:00")
    assert hours(world)[2:] == ["07-09 08:59 is out today"]
    assert Reason.NO_CHANNEL not in {row.reason for row in world.rows()}
