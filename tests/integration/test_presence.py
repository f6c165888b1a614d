"""A daemon among others: what one of them holds while it is frozen."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from reminder.core.errors import StoreLocked
from reminder.delivery.lease_keeper import LeaseKeeper
from reminder.delivery.sender import InlineSender
from reminder.delivery.sweep import Sweeper
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.platform.clock import SystemClock
from reminder.platform.failpoints import LEASE
from reminder.store.daemons import Identity
from reminder.texts.templates.engine import Templates
from tests.support.faults import Failpoints, armed, until
from tests.support.rules import GRACE
from tests.support.stores import NOW, POSTGRESQL, Rig, channels, due, rig_of, states

ME = Identity(owner="me", host="here", pid=1, digest="same")
SHORT = 1.0
HELD = text("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND wait_event = 'ClientRead'")


def sweeper_of(rig: Rig, transport: FakeTransport) -> Sweeper:
    return Sweeper(
        store=rig.store,
        sender=InlineSender(transport),
        channels=channels(mail="1", phone="1"),
        templates=Templates({}),
        grace=GRACE,
        lease_keeper=LeaseKeeper(me=ME, elapsed=SystemClock().monotonic),
    )


def test_one_who_is_frozen_with_what_is_to_be_recorded_in_its_hands_is_ended(tmp_path: Path) -> None:
    points = Failpoints(tmp_path / "points", patience=0.2)
    (points.folder / LEASE).write_text(str(SHORT))
    transport = FakeTransport()
    with armed(points.folder), rig_of(POSTGRESQL, tmp_path) as rig, ExitStack() as batch:
        due(rig.store, first=["mail", "phone"])
        url = rig.store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        sleeper = batch.enter_context(closing(psycopg.connect(url, application_name="reminder")))

        def freeze(*_: object) -> Sent:
            batch.push(lambda *_: True)  # the batch of one whose session was ended fails
            batch.enter_context(sleeper.pipeline())
            sleeper.execute("UPDATE channel SET last_failure = 'none'")
            sleeper.pgconn.send_flush_request()
            sleeper.pgconn.flush()
            until(lambda: rig.rows(HELD)[0][0])
            return Sent()

        transport.script("mail", freeze)
        transport.script("phone", Sent())
        sweeper = sweeper_of(rig, transport)
        with pytest.raises(StoreLocked):
            sweeper.sweep(NOW)
        assert set(states(rig.store).values()) == {"sending"}

        def recorded() -> bool:
            with suppress(StoreLocked):
                sweeper.sweep(NOW)
            return set(states(rig.store).values()) == {"sent"}

        until(recorded)
    assert len(transport.given) == 2
