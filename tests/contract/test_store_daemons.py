"""Daemons that share a database: who lives, whose config is the newest, and when one takes over another's work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text, update

from reminder.delivery.lease_keeper import MARGIN, SETTLING, LeaseKeeper
from reminder.store.daemons import (
    SEEN,
    ConfigStanding,
    Identity,
    daemons,
    digest_of,
    end_frozen,
    newest_config,
    note_config,
    note_daemon,
    note_stopped,
    one_at_a_time,
    who_runs_newer,
)
from reminder.store.outbox_read import MOST_AT_ONCE, all_due_ids
from reminder.store.outbox_write import LEASE, claim, give_up
from reminder.store.sql.tables import config_taken, daemon, delivery
from tests.support.faults import until
from tests.support.rules import a_title, person
from tests.support.stores import (
    NOW,
    POSTGRESQL,
    Rig,
    case_of,
    channels,
    decision,
    due,
    listed,
    put,
    rig_of,
    settle,
    states,
)

ME = Identity(owner="me", host="here", pid=1, digest="old")
OTHER = Identity(owner="other", host="there", pid=2, digest="new")
SECONDS = LEASE.total_seconds()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Rig]:
    """Return a database that several daemons can share."""
    with rig_of(POSTGRESQL, tmp_path) as made:
        yield made


def taken(rig: Rig, *digests: str) -> None:
    with rig.store.write() as tx:
        for digest in digests:
            note_config(tx, digest)


def newer(rig: Rig, me: Identity = ME) -> str | None:
    with rig.store.read() as tx:
        found = who_runs_newer(tx, me)
    return str(found) if found else None


def live(rig: Rig, *identities: Identity) -> None:
    with rig.store.write() as tx:
        for identity in identities:
            note_daemon(tx, identity)


# Whose config is the newest


def test_an_older_config_gives_way_to_a_daemon_that_runs_the_newest(shared: Rig) -> None:
    live(shared, ME, OTHER)
    assert newer(shared) is None  # nothing was ever taken
    taken(shared, "old", "new")
    assert newer(shared) == "pid 2 on there"
    assert newer(shared, replace(ME, digest="new")) is None
    assert newer(shared, replace(ME, digest="never seen")) is None


def test_it_gives_way_to_nobody_who_is_dead_has_stopped_here_or_runs_another(shared: Rig) -> None:
    taken(shared, "old", "new")
    live(shared, replace(OTHER, digest="old"))
    assert newer(shared) is None
    live(shared, OTHER)
    shared.write(update(daemon).values(seen_at=func.now() - SEEN - timedelta(seconds=1)))
    assert newer(shared) is None
    live(shared, OTHER)
    with shared.store.write() as tx:
        note_stopped(tx, OTHER.owner)
    assert newer(shared) == "pid 2 on there"  # in a rolling restart it is about to be back
    assert newer(shared, replace(ME, host="there")) is None


def test_a_config_that_is_taken_again_is_the_newest_and_stands_once(shared: Rig) -> None:
    taken(shared, "a", "b", "b", "a")
    assert [row.digest for row in shared.rows(select(config_taken).order_by(config_taken.c.no))] == ["b", "a"]
    with shared.store.read() as tx:
        assert newest_config(tx) == "a"


def test_configs_come_in_one_at_a_time(shared: Rig) -> None:
    other = shared.another()
    with shared.store.write() as tx:
        one_at_a_time(tx)
        with other.read() as second:
            query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            assert second.exec_driver_sql(query).scalar() == 1
            assert second.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"
        assert tx.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"


def test_daemons_that_live_are_known_with_what_they_run(shared: Rig) -> None:
    taken(shared, "old", "new")
    live(shared, ME, OTHER, replace(OTHER, owner="gone"))
    with shared.store.write() as tx:
        note_stopped(tx, "gone")
        found = {str(peer): peer.standing for peer in daemons(tx)}
    assert found == {"pid 1 on here": ConfigStanding.OLDER, "pid 2 on there": ConfigStanding.NEWEST}


def test_a_digest_tells_people_channels_and_titles_but_no_addresses() -> None:
    base = listed(a_title())
    other = [
        listed(a_title("Silo")),
        listed(a_title(), people=[person(name="ravi")]),
        replace(base, channels=channels(mail="1")),
        replace(base, name="away"),
    ]
    assert len({digest_of(each) for each in [base, *other]}) == 5
    assert digest_of(replace(base, channels=channels(mail="2", phone=""))) == digest_of(base)


# Who takes over what


@dataclass
class Seconds:
    """Seconds that pass when they are told to."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


def lapsed(rig: Rig, owner: str) -> None:
    numbers = due(rig.store, first=["mail"])
    with rig.store.write() as tx:
        claim(tx, list(numbers.values()), owner, NOW)
    rig.write(update(delivery).values(lease_until=datetime(2000, 1, 1, tzinfo=UTC)))


def test_a_daemon_takes_over_only_after_it_has_been_in_touch_for_a_while(shared: Rig) -> None:
    lapsed(shared, "dead")
    clock = Seconds()
    lease_keeper = LeaseKeeper(me=ME, elapsed=clock)
    soon = lease_keeper.renew(shared.store, NOW)
    assert soon is not None
    assert SECONDS * SETTLING <= soon.total_seconds() <= SECONDS * SETTLING + 1
    assert states(shared.store) == {"first/mail": "sending"}
    clock.at += soon.total_seconds()
    assert lease_keeper.renew(shared.store, NOW) is None
    assert states(shared.store) == {"first/mail": "retrying"}


def test_after_a_time_without_the_database_the_others_come_back_first(shared: Rig) -> None:
    clock = Seconds()
    lease_keeper = LeaseKeeper(me=ME, elapsed=clock)
    for _ in range(4):
        lease_keeper.renew(shared.store, NOW)
        clock.at += SECONDS / 2
    lapsed(shared, "other")
    clock.at += SECONDS * 3
    assert lease_keeper.renew(shared.store, NOW) is not None
    assert states(shared.store) == {"first/mail": "sending"}


def test_a_pass_for_cron_takes_over_at_once_and_is_nobody_to_count_on(shared: Rig) -> None:
    lapsed(shared, "dead")
    LeaseKeeper(me=ME, elapsed=Seconds(), is_daemon=False).renew(shared.store, NOW)
    assert states(shared.store) == {"first/mail": "retrying"}
    assert shared.rows(select(daemon)) == []


def test_a_living_daemon_keeps_its_own_and_writes_no_more_than_it_must(shared: Rig) -> None:
    lapsed(shared, ME.owner)
    clock = Seconds()
    lease_keeper = LeaseKeeper(me=ME, elapsed=clock)
    lease_keeper.renew(shared.store, NOW)
    (row,) = shared.rows(select(delivery.c.lease_until - func.now()))
    assert timedelta(seconds=SECONDS - 5) < row[0] <= LEASE
    (before,) = shared.rows(select(daemon.c.seen_at))
    clock.at += SECONDS / 3 - 1
    lease_keeper.renew(shared.store, NOW)
    assert shared.rows(select(daemon.c.seen_at)) == [before]
    clock.at += 1
    lease_keeper.renew(shared.store, NOW)
    assert shared.rows(select(daemon.c.seen_at)) > [before]


def test_what_was_claimed_is_ours_until_the_last_part_of_its_lease(shared: Rig) -> None:
    clock = Seconds()
    lease_keeper = LeaseKeeper(me=ME, elapsed=clock)
    leased_at = clock.at
    clock.at += SECONDS * (1 - MARGIN) - 1
    assert lease_keeper.is_leased(leased_at)
    clock.at += 1
    assert not lease_keeper.is_leased(leased_at)
    lease_keeper.renew(shared.store, NOW)
    assert lease_keeper.is_leased(leased_at)


def test_a_claim_that_nobody_heard_of_is_given_up(rig: Rig) -> None:
    numbers = due(rig.store, first=["mail", "phone"])
    with rig.store.write() as tx:
        claim(tx, list(numbers.values()), ME.owner, NOW)
        assert give_up(tx, ME.owner, {numbers["first/mail"]}, NOW) == 1
    assert states(rig.store) == {"first/mail": "sending", "first/phone": "retrying"}


IN_A_BATCH = text("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND wait_event = 'ClientRead'")


def ended(rig: Rig, seconds: float) -> int:
    with rig.store.write() as tx:
        return end_frozen(tx, seconds)


def test_who_is_frozen_in_the_middle_of_a_batch_is_ended_and_who_works_or_waits_is_not(shared: Rig) -> None:
    live(shared, ME)
    url = shared.store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(url, application_name="reminder")) as sleeper, ExitStack() as batch:
        batch.enter_context(sleeper.pipeline())
        sleeper.execute("UPDATE daemon SET pid = 3")
        sleeper.pgconn.send_flush_request()
        sleeper.pgconn.flush()
        until(lambda: shared.rows(IN_A_BATCH)[0][0])
        assert ended(shared, 3600.0) == 0
        assert ended(shared, 0.0) == 1
        with pytest.raises(psycopg.OperationalError):
            batch.close()
    live(shared, replace(ME, digest="new"))


# What goes together


def test_of_whom_something_may_go_as_one_everything_is_read_or_nothing(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[person(name="asha"), person(name="ravi")]))
    with rig.store.write() as tx:
        for name, count in (("asha", 3), ("ravi", MOST_AT_ONCE)):
            case = case_of(tx, name)
            settle(tx, case, *(decision(case, f"lead {number}") for number in range(count)))
    with rig.store.write() as tx:
        found = all_due_ids(tx, [(1, "mail"), (2, "mail")], NOW)
        assert {pair: len(numbers) for pair, numbers in found.items()} == {(1, "mail"): 3}
        alone = all_due_ids(tx, [(2, "mail")], NOW)
        assert {pair: len(numbers) for pair, numbers in alone.items()} == {(2, "mail"): MOST_AT_ONCE}
        assert all_due_ids(tx, [], NOW) == {}
