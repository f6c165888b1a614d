"""The page in one home and the daemon in another, with one PostgreSQL: a code comes at once, by NOTIFY."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from reminder.daemon.service import TICK
from tests.support.club import Browserless
from tests.support.door import Door
from tests.support.faults import until
from tests.support.fleet import fleet
from tests.support.page_process import free_port

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

CODES: Final = 3
"""Nobody is sent more of them in an hour."""
AT_ONCE: Final = TICK.total_seconds() / 3
"""Seconds of looking in each of which a code must have come: ticks alone would bring one in three."""


def test_a_code_that_the_page_of_one_home_asks_for_is_sent_by_the_daemon_of_another(tmp_path: Path, door: Door) -> None:
    port = free_port()
    with fleet(tmp_path, 2) as homes:
        homes.write(
            {
                "timezone": "UTC",
                "channels": {"hook": door.url},
                "watch": [{"title": "Ballard", "premiere": "2199-07-09"}],
                "web": {"listen": f"127.0.0.1:{port}", "process": "own"},
            }
        )
        homes.all_at("+0")
        with homes[0].daemon() as daemon, homes[1].started("web") as page:
            until(lambda: "page served" in page.log and "waiting" in daemon.log, lambda: page.log)
            for number in range(CODES):
                visitor = Browserless(port=port, place=f"127.0.0.{number + 2}")
                assert visitor.send("/sign-in", "/sign-in", name="me") == 303
                until(lambda sent=number + 1: len(door.accepted) == sent, lambda: daemon.log, AT_ONCE)  # type: ignore[misc]
                code = "".join(filter(str.isdigit, door.titles[-1]))
                assert visitor.send("/sign-in/code", "/sign-in/code", code=code) == 303
