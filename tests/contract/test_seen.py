"""What somebody has seen: nothing more of that release, on every database; only that its date has changed is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from reminder.core.errors import WrongInput
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from reminder.store.sql.store import Store
from reminder.store.sql.tables import delivery, message, seen_release, title
from reminder.usecases.seen import mark_seen, unmark_seen
from tests.support.stores import BOTH, Rig, rig_of
from tests.support.world import World

PREMIERE = (None, 1)
BUSY = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
BASE = """
timezone: Asia/Kolkata
channels: {phone: "json://127.0.0.1:9/"}
"""


class OnRig(World):
    """A world over a database of the test's own."""

    def __init__(self, rig: Rig, config: str, start: str = "2025-06-20 12:00") -> None:
        self.rig = rig
        super().__init__(config, start, base=BASE)

    def make_store(self) -> Store:
        """Return the database that is there."""
        return self.rig.store


@pytest.fixture(params=BOTH)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rig_of(request.param, tmp_path) as made:
        yield made


def lived(rig: Rig, until: str, more: str = "") -> World:
    return OnRig(rig, f"watch: [{{title: Ballard, premiere: 2025-07-09{more}}}]").live(until)


def see(world: World, *, again: bool = False) -> bool:
    act = unmark_seen if again else mark_seen
    with world.store.write() as tx:
        return act(tx, "me", number_in(tx), PREMIERE, world.clock.now())


def number_in(tx: Connection) -> int:
    found: int = tx.execute(select(title.c.id)).scalar_one()
    return found


def subjects(world: World) -> list[str]:
    return [each.words.subject for each in world.arrived]


def verdicts(world: World) -> list[tuple[str, str, str | None]]:
    with world.store.read() as tx:
        query = select(message.c.what, delivery.c.state, delivery.c.reason).join(
            delivery, delivery.c.message_id == message.c.id
        )
        return [(row.what, row.state, row.reason) for row in tx.execute(query.order_by(delivery.c.id))]


def test_nothing_more_comes_of_what_was_seen_and_why_says_so(rig: Rig) -> None:
    world = lived(rig, "2025-07-02 10:00", ", remind: [7d, day, +1d]")
    assert see(world)
    assert not see(world)
    world.live("2025-07-20 10:00")
    assert subjects(world) == ["Ballard premieres in 7 days"]
    assert verdicts(world)[1:] == [("day", "skipped", "seen"), ("+1d", "skipped", "seen")]


def test_what_is_to_come_is_not_planned_once_it_is_seen(rig: Rig) -> None:
    world = lived(rig, "2025-07-02 10:00")
    see(world)
    with world.store.read() as tx:
        assert tx.execute(select(seen_release.c.first)).scalars().all() == [PREMIERE[1]]
    assert [line for line in world.why() if "seen" in line]
    assert see(world, again=True)
    assert not see(world, again=True)
    world.live("2025-07-20 10:00")
    assert subjects(world) == ["Ballard premieres in 7 days", "Ballard premieres tomorrow", "Ballard is out today"]


def test_a_date_that_moves_is_told_of_what_was_seen(rig: Rig) -> None:
    world = lived(rig, "2025-07-02 10:00")
    see(world)
    world.edit("watch: [{title: Ballard, premiere: 2025-07-16}]")
    world.live("2025-07-20 10:00")
    assert subjects(world)[1:] == ["Ballard moved from July 9 to July 16, 2025"]


def test_what_waits_is_closed_and_waits_again_when_it_is_taken_back(rig: Rig) -> None:
    world = OnRig(rig, "watch: [{title: Ballard, premiere: 2025-07-09, remind: [7d]}]")
    world.transport.always("phone", BUSY)
    world.live("2025-07-02 09:10")
    see(world)
    assert verdicts(world) == [("7d", "skipped", "seen")]
    world.transport.always("phone", Sent())
    see(world, again=True)
    world.settle()
    assert verdicts(world) == [("7d", "sent", None)]


def test_only_who_follows_a_title_can_have_seen_it(rig: Rig) -> None:
    world = lived(rig, "2025-07-02 10:00")
    with world.store.write() as tx, pytest.raises(WrongInput, match="do not follow"):
        mark_seen(tx, "nobody", number_in(tx), PREMIERE, world.clock.now())
    with world.store.read() as tx:
        assert tx.execute(select(seen_release)).all() == []
