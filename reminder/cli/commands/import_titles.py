"""`import`: what other programs export, brought in: lists of titles, each matched with its source."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress

from reminder.cli.commands import subscribers
from reminder.cli.context import CommandContext, asked
from reminder.cli.output import print_json, print_table
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.config.list_file import read_list_file
from reminder.config.people_file import holds_people
from reminder.config.sourcing import OFFLINE
from reminder.core.lists import LeftOutReason, TitleList, Wanted, summary
from reminder.core.sourcing.answers import NoAnswer, NotFound, WorkForm
from reminder.core.sourcing.match import Unclear
from reminder.usecases.matching import AlreadyThere, MatchedTitle, Matcher, watch

Row = dict[str, Any]

BATCH: Final = 20
"""Titles written in one transaction."""
ALIKE: Final = 5
"""With more titles than this that have one reason, the table has one row for them all; it names as many."""


def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A list that another program exports, CSV with titles, or text with one title a line;"
            " or subscribers, as CSV or JSON.",
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be watched.")] = False,
    films: Annotated[bool, typer.Option("--films/--no-films", help="Take films as well.")] = True,
    watched: Annotated[
        bool, typer.Option("--watched", help="Take series that were watched or rated there too.")
    ] = False,
) -> None:
    """Watch the titles that another program exports, or bring in many subscribers.

    Each title is searched for at the sources; an ambiguous one is listed and left out. A file of people has a column
    or key subscriber, and is checked as a whole before anybody is brought in. Exit 1 if a source was silent.
    """
    wanted = asked(context)
    if holds_people(file):
        subscribers.import_people(wanted, file, dry_run=dry_run)
        return
    found = read_list_file(file)
    say(_heading(file, found))
    outcome = _bring(wanted, _chosen(found, films=films, watched=watched), dry_run=dry_run)
    if wanted.json:
        print_json(_as_json(found, outcome))
    else:
        print_table(_shown(outcome.unmatched), _COLUMNS, empty="")
        done = "would be watched" if dry_run else "are watched now"
        dated = sum(row["entry"] is None for row in outcome.added)
        by_list = f" ({dated} of them by the list's own date)" if dated else ""
        say(
            f"{len(outcome.added)} {done}{by_list}, {len(outcome.known)} were already, "
            f"{len(outcome.unmatched)} could not be matched."
        )
    if outcome.is_silent:
        raise typer.Exit(1)


def _heading(file: Path, found: TitleList) -> str:
    """Return what a file is, what is taken of it, and what is left out for which reason."""
    within = f" ({found.member})" if found.member else ""
    guessed = f"; read as {found.encoding}: save it as UTF-8 if letters are wrong" if found.encoding else ""
    advice = f" Nothing in it is waited for: {found.advice}." if found.advice else ""
    return f"{file.name}{within}: {found.kind}, {summary(found)}{guessed}.{advice}"


def _as_json(found: TitleList, outcome: ImportResult) -> Row:
    return {
        "kind": found.kind,
        "file": found.member or None,
        "left_out": found.left_out,
        "reasons": found.reasons,
        "added": outcome.added,
        "known": outcome.known,
        "unmatched": outcome.unmatched,
    }


def _chosen(found: TitleList, *, films: bool, watched: bool) -> list[Wanted]:
    seen = [left.item for left in found.dropped if watched and left.reason is LeftOutReason.WATCHED]
    return [
        *(item for item in found.titles if films or item.form is not WorkForm.FILM),
        *(item for item in seen if item.form is not WorkForm.FILM),
    ]


@dataclass
class ImportResult:
    """The result of a list: added, known, not matched; `is_silent` tells that a source gave no answer about a title."""

    added: list[Row] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unmatched: list[Row] = field(default_factory=list)
    is_silent: bool = False


def _bring(wanted: CommandContext, items: Sequence[Wanted], *, dry_run: bool) -> ImportResult:
    """Match every title, and watch the plain ones as they are found: one broken off goes on from there."""
    outcome = ImportResult()
    app = wanted.app
    is_offline = OFFLINE in app.machine.environ
    matcher = Matcher(config=app.config, there=wanted.there, now=app.clock.now(), is_offline=is_offline)
    with wanted.looking() as tx:
        matcher.know_watched(tx)
    waiting: list[MatchedTitle] = []
    with _progress(len(items)) as step:
        for item in items:
            step(item.words)
            _take(outcome, waiting, item, matcher.match(item))
            if len(waiting) >= BATCH and not dry_run:
                _watch(wanted, waiting)
                waiting.clear()
    if waiting and not dry_run:
        _watch(wanted, waiting)
    return outcome


def _take(
    outcome: ImportResult,
    waiting: list[MatchedTitle],
    item: Wanted,
    meant: MatchedTitle | AlreadyThere | Unclear | NoAnswer,
) -> None:
    if isinstance(meant, AlreadyThere):
        outcome.known.append(meant.name)
    elif isinstance(meant, MatchedTitle):
        waiting.append(meant)
        title = meant.listing.title
        by_list = {"entry": None, "premiere": title.premiere.show()}
        entry = {"entry": meant.match.id, "premiere": None} if meant.match else by_list
        outcome.added.append({"title": title.name, "season": item.season, **entry})
    else:
        outcome.unmatched.append(_unmatched(item, meant))
        outcome.is_silent = outcome.is_silent or (isinstance(meant, NoAnswer) and not isinstance(meant, NotFound))


def _unmatched(item: Wanted, meant: Unclear | NoAnswer) -> Row:
    if isinstance(meant, NoAnswer):
        return {"line": item.line, "title": item.words, "reason": meant.reason, "candidates": []}
    return {
        "line": item.line,
        "title": item.words,
        "reason": meant.why,
        "candidates": [str(match) for match in meant.matches[:5]],
    }


def _shown(unmatched: Sequence[Row]) -> list[Row]:
    """Return the rows of the table: many titles with one reason, and nothing to choose from, are one row."""
    alike: dict[str, list[Row]] = {}
    for row in unmatched:
        if not row["candidates"]:
            alike.setdefault(row["reason"], []).append(row)
    joined = {reason: rows for reason, rows in alike.items() if len(rows) > ALIKE}
    shown = [
        {**row, "shown": "; ".join(row["candidates"])}
        for row in unmatched
        if row["candidates"] or row["reason"] not in joined
    ]
    return shown + [_joined(reason, rows) for reason, rows in joined.items()]


def _joined(reason: str, rows: Sequence[Row]) -> Row:
    first = ", ".join(f"{row['title']} ({row['line']})" for row in rows[:ALIKE])
    return {"line": "", "title": f"{len(rows)} titles: {first}, …", "reason": reason, "shown": ""}


def _watch(wanted: CommandContext, matched: Sequence[MatchedTitle]) -> None:
    app = wanted.app
    with app.changing() as tx:
        watch(tx, matched, app.clock.now(), app.config)


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show how far it is, where a person looks on."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("matching", total=total)

        def step(name: str) -> None:
            bar.update(task, advance=1, description=name[:30])

        yield step


_COLUMNS: Final = (
    Column(key="line", heading="line", style="dim"),
    Column(key="title", heading="not matched", style="bold"),
    Column(key="reason", heading="why", style="yellow"),
    Column(key="shown", heading="what there is", below=True),
)
