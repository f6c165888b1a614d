"""`refresh`: ask the sources now, and say what came of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from reminder.cli.context import asked
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.daemon.build_sources import build_refresher
from reminder.refresh.report import RefreshReport
from reminder.usecases.titles import keys_to_ask_about

Row = dict[str, Any]


def refresh(
    context: typer.Context,
    title: Annotated[
        list[str] | None, typer.Argument(help="Only this title. Default: everything that is due.", metavar="TITLE")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Ask about every title, even if nothing is due.")] = False,
) -> None:
    """Ask the sources for dates now.

    The daemon does this by itself, about once a day. Dates that moved lead to the same notices.
    """
    wanted = asked(context)
    app = wanted.app
    now = app.clock.now()
    with app.changing() as tx:
        keys = keys_to_ask_about(tx, title or ()) if title or everything else None
    stop = threading.Event()
    with closing(app.open_store()) as store:
        try:
            report = build_refresher(app, store, _tell, stop).refresh(now, keys)
            rows = _rows(report)
        except KeyboardInterrupt:
            stop.set()
            raise
    if wanted.json:
        print_json({"asked": len(report.asked), "unchanged": report.unchanged, "calls": report.calls, "titles": rows})
    else:
        said = str(report)
        nothing = "Nothing has changed." if said else "Nothing is due: `reminder refresh --all` asks anyway."
        print_table(rows, _COLUMNS, empty=nothing)
        if said:
            say(said)
    if report.failed or (title and report.silent):
        raise typer.Exit(1)


def _tell(subject: str, lines: Sequence[str], now: datetime) -> None:
    del now
    say(f"{subject}: {' '.join(lines)}")


def _rows(report: RefreshReport) -> list[Row]:
    """Return a row for each title of which there is something to say."""
    said: dict[str, str] = dict.fromkeys(report.asked, "asked")
    said |= dict.fromkeys(report.began, "now followed")
    said |= {name: f"found: {match}" for name, match in report.matched.items()}
    said |= dict.fromkeys(report.moved, "its dates changed")
    said |= {name: f"not plain: {why}" for name, why in report.unclear.items()}
    said |= {name: f"not read whole: {why}" for name, why in report.partly.items()}
    said |= {fault.name: f"not asked: {fault.why}" for fault in report.failed.values()}
    said |= {name: f"no answer: {why}" for name, why in report.silent.items()}
    return [{"title": name, "what": what} for name, what in said.items()]


_COLUMNS: Final = (
    Column(key="title", heading="title", style="bold"),
    Column(key="what", heading="what", style=lambda row: "yellow" if row["what"].startswith("no") else ""),
)
