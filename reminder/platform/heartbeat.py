"""Writes and reads the sign of life that `health` shows: each sweep that reached the database leaves one."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from reminder.platform.files import make_folder, make_private

NAME: Final = "heartbeat.json"


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    """The state after the last sweep: when it was, who did it, what comes next, and what is wrong, if anything.

    `config_problem` is why the config on disk is not the one in use.
    """

    swept_at: datetime
    pid: int
    next_at: datetime | None = None
    trouble: str | None = None
    config_problem: str | None = None


def write_heartbeat(folder: Path, beat: Heartbeat) -> None:
    """Replace the heartbeat, in a folder that is made if need be.

    A full disk is no reason to stop: the heartbeat then only looks old.
    """
    values = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(beat).items()}
    partial = folder / f".{NAME}.{os.getpid()}"
    try:
        make_folder(folder, 0o700)
        partial.unlink(missing_ok=True)
        make_private(partial, 0o640)
        partial.write_text(json.dumps(values))
        partial.replace(folder / NAME)
    except OSError:
        return


def read_heartbeat(folder: Path) -> Heartbeat | None:
    """Return the last heartbeat, None when there is none that can be read."""
    try:
        values = json.loads((folder / NAME).read_text())
        swept_at = datetime.fromisoformat(values["swept_at"])
        next_at = datetime.fromisoformat(values["next_at"]) if values["next_at"] else None
        return Heartbeat(**{**values, "swept_at": swept_at, "next_at": next_at})
    except (OSError, ValueError, KeyError, TypeError):
        return None
