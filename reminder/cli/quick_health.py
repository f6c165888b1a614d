"""Answers `health --quick`: whether the daemon sweeps, by its heartbeat alone, for a monitor that asks all the time.

Config and database are not read, and what they need is not loaded unless something is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from reminder.platform.clock import clock_from
from reminder.platform.heartbeat import read_heartbeat

ARGUMENTS: Final = ["health", "--quick"]
MAX_AGE: Final = timedelta(minutes=5)
WELL: Final = "The daemon is at work."
"""What is said where nothing is wrong: no channel was looked at, so not that all is well."""


def asked_quickly(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int | None:
    """Return the exit status for a command line that is just `health --quick`, None for any other.

    It is also None where the environment does not name the heartbeat's folder, as systemd and the container image do:
    the config is needed then.
    """
    folder = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if arguments != ARGUMENTS or not folder:
        return None
    problems = problems_of(Path(folder), clock_from(environ).now(), MAX_AGE)
    print("\n".join(problems) or WELL)  # noqa: T201
    return 1 if problems else 0


def problems_of(folder: Path, now: datetime, max_age: timedelta) -> tuple[str, ...]:
    """Return what the heartbeat in `folder` says is wrong at `now`, as `health` words it; nothing where all is well."""
    beat = read_heartbeat(folder)
    is_dead = beat is not None and beat.is_dead(now)
    if beat is not None and beat.trouble is None and now - beat.swept_at <= max_age and not is_dead:
        return ()
    from reminder.core.sending.health import Vitals, complaints

    seen = Vitals(swept_at=None)
    if beat is not None:
        seen = Vitals(swept_at=beat.swept_at, is_dead=is_dead, trouble=beat.trouble)
    return complaints(seen, now, max_age)
