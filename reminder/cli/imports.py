"""`import`: what other programs export, brought in: lists of titles, each matched with its source."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reminder.cli import bulk
from reminder.cli.context import Asked, asked
from reminder.cli.output import print_json, print_table, say
from reminder.cli.registry import TITLES, add
from reminder.cli.table import Column
from reminder.errors import WrongInput

if TYPE_CHECKING:
    from reminder.core.listing import Listing
    from reminder.core.lists import TitleList, Wanted
    from reminder.core.match import Plain, Unclear
    from reminder.core.source import Match, Silence
    from reminder.sources.build import Catalogues

Row = dict[str, Any]

MAX_BYTES: Final = 32 * 1024 * 1024
BATCH: Final = 20
"""Titles written in one transaction."""


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "import", import_, TITLES)


def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="An export: Trakt, TV Time, Yamtrack, an IMDb list, or CSV with titles; or subscribers, as CSV or JSON."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be watched.")] = False,
    films: Annotated[bool, typer.Option("--films/--no-films", help="Take films as well.")] = True,
) -> None:
    """Watch the titles that another program exports, or bring in many subscribers.

    Each title is searched for at the sources; an ambiguous one is listed and left out. A file with a column, or a key,
    `subscriber` holds people: it is checked as a whole before anybody is brought in.
    """
    from reminder.config.people_file import holds_people

    wanted = asked(context)
    if holds_people(file):
        bulk.import_people(wanted, file, dry_run=dry_run)
        return
    found = _read(file)
    say(f"{file.name}: {found.kind}, {_count(found)}.")
    outcome = _bring(wanted, _chosen(found, films=films), dry_run=dry_run)
    if wanted.json:
        counts = {"kind": found.kind, "left_out": found.left_out}
        print_json({**counts, "added": outcome.added, "known": outcome.known, "unmatched": outcome.unmatched})
        return
    print_table([{**row, "shown": "; ".join(row["candidates"])} for row in outcome.unmatched], _COLUMNS, empty="")
    done = "would be watched" if dry_run else "are watched now"
    say(
        f"{len(outcome.added)} {done}, {len(outcome.known)} were already, {len(outcome.unmatched)} could not be matched."
    )


def _read(file: Path) -> TitleList:
    from reminder.core.lists import ListError, read_list

    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise WrongInput(f"{file} is larger than {MAX_BYTES // 1024 // 1024} MiB: that is not a list of titles")
        return read_list(raw.decode("utf-8-sig"))
    except OSError as error:
        raise WrongInput(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file} is not UTF-8 text") from None
    except ListError as error:
        raise WrongInput(f"{file}: {error}") from None


def _count(found: TitleList) -> str:
    from reminder.core.lists import summary

    return summary(found)


def _chosen(found: TitleList, *, films: bool) -> list[Wanted]:
    from reminder.core.source import Form

    return [item for item in found.titles if films or item.form is not Form.FILM]


@dataclass
class Outcome:
    """What came of a list."""

    added: list[Row] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unmatched: list[Row] = field(default_factory=list)


def _bring(wanted: Asked, items: Sequence[Wanted], *, dry_run: bool) -> Outcome:
    """Match every title, and watch the plain ones as they are found: whoever breaks it off begins again where it was."""
    from reminder.core.match import Plain

    outcome = Outcome()
    there = wanted.there
    matched: list[tuple[Listing, Match]] = []
    watched = _watched(wanted)
    with _progress(len(items)) as step:
        for item in items:
            step(item.name)
            listing = _listing(wanted, item)
            if listing.title.key in watched:
                outcome.known.append(item.name)
                continue
            meant = _meant(item, listing, there)
            if isinstance(meant, Plain):
                matched.append((listing, meant.match))
                outcome.added.append({"title": item.name, "entry": meant.match.id})
            else:
                outcome.unmatched.append(_unmatched(item, meant))
            if len(matched) >= BATCH and not dry_run:
                _watch(wanted, matched)
                matched.clear()
    if matched and not dry_run:
        _watch(wanted, matched)
    return outcome


def _watched(wanted: Asked) -> set[str]:
    from reminder.store.desk import kept_titles

    with wanted.looking() as tx:
        return {item.listing.title.key for item in kept_titles(tx)}


def _listing(wanted: Asked, item: Wanted) -> Listing:
    from reminder.config.entry import wished
    from reminder.core.listing import Listing
    from reminder.core.model import Title, TitleKind, title_key
    from reminder.core.source import Form
    from reminder.core.wish import Wish

    kind = {Form.FILM: TitleKind.FILM, Form.SERIES: TitleKind.SERIES}.get(item.form) if item.form else None
    title = Title(key=title_key(item.name, None), name=item.name, kind=kind, wish=Wish())
    return wished(Listing(title=title), wanted.app.config, own_kinds=False)


def _meant(item: Wanted, listing: Listing, there: Catalogues) -> Plain | Unclear | Silence:
    """Return what a title of the list means: by the ids it has, else by name and year."""
    from reminder.core.match import Plain
    from reminder.core.source import Form, Match, Silence
    from reminder.following.finding import find, search_order, silence_of

    for name in search_order(listing.title, there):
        ref = item.ids.get(name) or there.sources[name].find(item.ids)
        if isinstance(ref, Silence):
            return silence_of(name, ref)
        if ref is not None:
            form = Form.FILM if ref.startswith("movie/") else Form.SERIES
            return Plain(
                match=Match(source=name, ref=ref, name=item.name, form=form, year=item.year), why="its id", by_id=True
            )
    return find(listing.title, there, item.year)


def _unmatched(item: Wanted, meant: Unclear | Silence) -> Row:
    from reminder.core.source import Silence

    if isinstance(meant, Silence):
        return {"line": item.line, "title": item.words, "reason": meant.reason, "candidates": []}
    return {
        "line": item.line,
        "title": item.words,
        "reason": meant.why,
        "candidates": [str(match) for match in meant.matches[:5]],
    }


def _watch(wanted: Asked, matched: Iterable[tuple[Listing, Match]]) -> None:
    from reminder.store import followed
    from reminder.store.desk import put_new
    from reminder.store.listings import COMMAND

    app = wanted.app
    now = app.clock.now()
    pairs = list(matched)
    with app.changing() as tx:
        for listing, match in pairs:
            followed.pin_to(tx, listing.title.key, match, followed.BY_NAME, now)
        put_new(tx, [listing for listing, _ in pairs], COMMAND, now, app.config.grace)


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show how far it is, where a person looks on."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import Progress

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
