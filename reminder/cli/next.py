"""Tells what comes next about a title, or why nothing does: for `check`, `add`, `change` and `show`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reminder.cli.context import END_OF_TIME, CommandContext

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.core.schedule.listing import ListedEntry

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next message about a title as a row; without one, `reason` says why.

    `told` are all who get any message about it, the first one's first.
    """

    row: Row | None
    reason: str | None
    told: tuple[str, ...] = ()

    def text(self, wanted: CommandContext) -> str:
        """Return it as one line."""
        from reminder.cli.rows import hour_of

        if self.row is None:
            return f"nothing: {self.reason}"
        return f"{hour_of(self.row, wanted)} to {self.row['subscriber']} over {', '.join(self.row['channels'])}"


def next_messages(wanted: CommandContext, tx: Connection, titles: list[ListedEntry]) -> dict[str, Next]:
    """Return what comes next about each of these titles, by key."""
    from reminder.cli.rows import coming_row
    from reminder.core.schedule.explain import silence
    from reminder.delivery.forecast import first_about, forecast, told_about
    from reminder.store.load_plans import all_cases
    from reminder.store.outbox_read import all_waiting

    now, grace, templates = wanted.clock.now(), wanted.settings.grace, wanted.templates
    cases = all_cases(tx, title_key=titles[0].title.key if len(titles) == 1 else None)
    ahead = forecast(cases, all_waiting(tx), start=now, end=END_OF_TIME, grace=grace)
    first, told = first_about(ahead), told_about(ahead)
    follows = defaultdict(list)
    for case in cases:
        follows[case.subscription.title.key].append((case.subscription, case.story))
    comings = {id(coming): coming for coming in first.values()}  # one message about many titles is written once
    rows = {number: coming_row(coming, templates, set()) for number, coming in comings.items()}
    found = {}
    for item in titles:
        key = item.title.key
        if key in first:
            found[key] = Next(row=rows[id(first[key])], reason=None, told=tuple(told[key]))
        else:
            reason = silence(item.title, follows[key], zone=wanted.zone, now=now, grace=grace)
            found[key] = Next(row=None, reason=reason)
    return found
