"""Tells what comes next about a title, or why nothing does: for `check`, `add`, `change` and `show`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from reminder.cli.context import CommandContext
from reminder.cli.rows import hour_of
from reminder.core.schedule.listing import ListedEntry
from reminder.usecases import agenda
from reminder.usecases.rows.messages import PlannedRow, planned_row


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next message about a title as a row; without one, `reason` says why.

    `told` are all who get any message about it, the first one's first.
    """

    row: PlannedRow | None
    reason: str | None
    told: tuple[str, ...] = ()

    def text(self, wanted: CommandContext) -> str:
        """Return it as one line."""
        if self.row is None:
            return f"nothing: {self.reason}"
        return f"{hour_of(self.row, wanted)} to {self.row['subscriber']} over {', '.join(self.row['channels'])}"


def next_messages(wanted: CommandContext, tx: Connection, titles: Sequence[ListedEntry]) -> dict[str, Next]:
    """Return what comes next about each of these titles, by key."""
    ahead = agenda.next_messages(tx, titles, zone=wanted.zone, now=wanted.clock.now(), grace=wanted.settings.grace)
    messages = {id(each.message): each.message for each in ahead.values() if each.message is not None}
    # One message about many titles is written once.
    rows = {number: planned_row(message, wanted.settings.templates, set()) for number, message in messages.items()}
    return {
        key: Next(row=rows.get(id(each.message)), reason=each.reason, told=each.told) for key, each in ahead.items()
    }
