"""What `plan` foretells is what `simulate` lives through and what the daemon sends: the same words at the same minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.core.dates.local_time import local_at
from reminder.delivery.forecast import forecast
from reminder.delivery.simulation import Simulation, arrived
from reminder.notify.fake import FakeTransport
from reminder.refresh.resolving import resolve_dates
from reminder.store.listings import sync
from reminder.store.load_plans import all_cases
from reminder.store.outbox_read import all_waiting
from reminder.store.sql.store import scratch_store
from reminder.usecases.rows.messages import planned_row, simulated_row
from tests.support.households import START, days, households, lives
from tests.support.world import World

BEGIN = datetime.combine(START, time(0), UTC)
END = BEGIN + timedelta(days=200)
FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

Row = dict[str, Any]


def world_of(config: str) -> World:
    """Return a household at the beginning."""
    return World(config, "2025-06-01 00:00", zone="UTC", base="")


def foretold(world: World, start: datetime, end: datetime) -> list[Row]:
    """Return what `plan` says of this world as it stands, one row for each channel."""
    with world.store.dry() as tx:
        sync(tx, world.app.listed, now=start, grace=world.app.config.grace, resolve=resolve_dates)
        coming = forecast(all_cases(tx), all_waiting(tx), start=start, end=end, grace=world.app.config.grace)
        rows: list[Row] = [{**planned_row(item, world.app.config.templates, set())} for item in coming]
    return by_text({**row, "channel": channel} for row in rows for channel in row.pop("channels"))


def by_text(rows: Any) -> list[Row]:
    """Return rows in an order of their own: who is served first within one second is nobody's business."""
    return sorted(rows, key=lambda row: (row["at"], str(sorted(row.items(), key=str))))


def simulated(world: World, start: datetime, end: datetime) -> list[Row]:
    """Return what `simulate` lives through."""
    store = scratch_store()
    simulation = Simulation(
        listed=world.app.listed,
        store=store,
        transport=FakeTransport(),
        templates=world.app.config.templates,
        grace=world.app.config.grace,
        resolve=resolve_dates,
        start=start,
        end=end,
    )
    rows = by_text(simulated_row(done) for done in simulation.run() if arrived(done))
    store.close()
    return rows


@FEW
@given(config=households())
def test_plan_agrees_with_simulate(config: str) -> None:
    world = world_of(config)
    assert foretold(world, BEGIN, END) == simulated(world, BEGIN, END)
    world.close()


@FEW
@given(config=households(), cut=days())
def test_plan_of_two_stretches_is_the_plan_of_both(config: str, cut: Any) -> None:
    middle = max(local_at(cut, time(9), UTC), BEGIN)
    world = world_of(config)
    whole = foretold(world, BEGIN, END)
    first = foretold(world, BEGIN, middle)
    world.live(f"{middle - timedelta(seconds=1):%Y-%m-%d %H:%M:%S}")
    world.clock.set(middle)
    assert by_text([*first, *foretold(world, middle, END)]) == whole
    world.close()


@FEW
@given(config=households())
def test_what_was_foretold_is_what_a_daemon_sends(config: str) -> None:
    world = world_of(config)
    expected = [(row["at"], row["subscriber"], row["channel"], row["subject"]) for row in foretold(world, BEGIN, END)]
    world.live(f"{END - timedelta(seconds=1):%Y-%m-%d %H:%M:%S}")
    sent = [
        (f"{item.at:%Y-%m-%dT%H:%M:%SZ}", item.subscriber, item.channel, item.words.subject) for item in world.arrived
    ]
    assert sorted(sent) == sorted(expected)
    world.close()


@FEW
@given(config=households(), gaps=st.lists(st.integers(1, 15 * 24), min_size=1, max_size=20))
def test_however_often_it_runs_nothing_comes_twice_and_nothing_before_its_moment(config: str, gaps: list[int]) -> None:
    world = world_of(config)
    earliest = {(row["at"], row["subscriber"], row["channel"]) for row in foretold(world, BEGIN, END)}
    for gap in gaps:
        world.clock.advance(timedelta(hours=gap))
        world.once()
        world.once()
    keys = [(row.subscriber, row.channel, row.key) for row in world.rows() if row.channel is not None]
    assert len(set(keys)) == len(keys)
    for item in world.arrived:
        if item.kind in {"reminder", "window"}:
            before = {at for at, who, channel in earliest if (who, channel) == (item.subscriber, item.channel)}
            assert min(before) <= f"{item.at:%Y-%m-%dT%H:%M:%SZ}"
    world.close()


@FEW
@given(life=lives(), hour=st.sampled_from(["03:00", "08:59", "09:00", "15:30", "23:00"]))
def test_after_every_edit_the_plan_is_true_again(life: tuple[str, list[tuple[date, str]]], hour: str) -> None:
    config, edits = life
    world = world_of(config)
    for number, (on, after) in enumerate(edits):
        if on < START:
            continue
        world.live(f"{on} {hour}").edit(after)
        until = f"{edits[number + 1][0]} {hour}" if number + 1 < len(edits) else f"{END:%Y-%m-%d %H:%M}"
        start, end = world.clock.now(), world.instant(until)
        expected = [
            (row["at"], row["subscriber"], row["channel"], row["subject"]) for row in foretold(world, start, end)
        ]
        before = len(world.arrived)
        world.live(f"{end - timedelta(seconds=1):%Y-%m-%d %H:%M:%S}")
        sent = [
            (f"{item.at:%Y-%m-%dT%H:%M:%SZ}", item.subscriber, item.channel, item.words.subject)
            for item in world.arrived[before:]
        ]
        assert sorted(sent) == sorted(expected)
    world.close()
