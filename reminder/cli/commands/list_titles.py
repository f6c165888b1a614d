"""`list`: the titles that are watched."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import typer

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.cli.titles import first_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reminder.core.model.entities import Title
    from reminder.core.model.ledger import Dated
    from reminder.store.load_plans import SubscriptionSnapshot
    from reminder.store.title_commands import StoredTitle

Row = dict[str, Any]


def list_(context: typer.Context) -> None:
    """List the titles that are watched."""
    from reminder.store.load_plans import all_cases
    from reminder.store.title_commands import kept_titles, releases_of

    wanted = asked(context)
    with wanted.looking() as tx:
        kept = kept_titles(tx)
        cases = _by_title(all_cases(tx))
        releases = releases_of(tx, [item.id for item in kept]) if wanted.json else {}
    rows = [_list_row(item, wanted, cases[item.id]) for item in kept]
    if wanted.json:
        print_json(
            [{**row, "next": _next(releases.get(item.id, ()), wanted)} for row, item in zip(rows, kept, strict=True)]
        )
        return
    shown = [
        {
            **row,
            "shown_when": dates.date_of(first_date(item.listing.title, wanted.today), wanted.zone),
            "who": _who(row),
            "name": _work(item.listing.title),
            "line": _line(row),
        }
        for row, item in zip(rows, kept, strict=True)
    ]
    columns = (
        Column(key="name", heading="title", style="bold"),
        Column(key="shown_when", heading="date", whole=True),
        Column(key="platform", heading="where"),
        Column(key="who", heading="for", below=True),
        Column(key="line", heading="listed", style="dim", whole=True),
    )
    print_table(shown, columns, empty='No title is watched: list one under watch:, or `reminder add "Ballard"`.')


def _next(releases: Iterable[Dated], wanted: CommandContext) -> Row | None:
    """Return the next release that has a day and is not over, None where there is none."""
    from reminder.cli.rows import when_fields

    days = [(day, each.release) for each in releases if (day := each.release.when.day_in(wanted.zone)) is not None]
    ahead = [(day, release) for day, release in days if day >= wanted.today]
    if not ahead:
        return None
    day, release = min(ahead, key=lambda pair: pair[0])
    return {"release": release.label, **when_fields(release.when), "days": (day - wanted.today).days}


def _by_title(cases: Iterable[SubscriptionSnapshot]) -> Mapping[int, list[SubscriptionSnapshot]]:
    found: dict[int, list[SubscriptionSnapshot]] = defaultdict(list)
    for case in cases:
        found[case.title_id].append(case)
    return found


def _work(title: Title) -> str:
    return title.name if title.season is None else f"{title.name} season {title.season}"


def _line(row: Row) -> str:
    place, _, line = row["listed"].rpartition(":")
    return f"line {line}" if place else line


def _who(row: Row) -> str:
    muted = set(row["muted"])
    return ", ".join(f"{name} (muted)" if name in muted else name for name in row["subscribers"]) or "nobody"


def _list_row(kept: StoredTitle, wanted: CommandContext, cases: Iterable[SubscriptionSnapshot]) -> Row:
    from reminder.cli.rows import credited_titles, when_fields

    title = kept.listing.title
    people = [case.subscription for case in cases]
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(first_date(title, wanted.today)),
        "cancelled": title.cancelled,
        "platform": title.where,
        "subscribers": [sub.subscriber.name for sub in people],
        "muted": [sub.subscriber.name for sub in people if sub.is_muted],
        "listed": wanted.settings.place_of(title.key) or f"by {kept.origin}",
        **credited_titles([title]),
    }
