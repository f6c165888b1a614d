"""Subscribers by the thousand: what `import` does with a file of them, `export`, and `forget`."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from reminder.cli.context import CommandContext, asked
from reminder.cli.output import print_json
from reminder.cli.talk import say
from reminder.config.people_file import CREDIT, FIELDS, PeopleFile, join_titles, to_cell
from reminder.core.errors import WrongInput
from reminder.core.model.entities import ChannelUse
from reminder.core.model.own import is_proved
from reminder.notify.addresses import Addresses
from reminder.usecases import people
from reminder.usecases.export_subscribers import ExportedPerson, count_joined, exported_people, is_credited
from reminder.usecases.import_subscribers import ImportReport, PeopleImport

Row = dict[str, Any]

FORMATS: Final = ("csv", "jsonl")
PRIVATE: Final = 0o600


# import --------------------------------------------------------------------------------------------------------------


def import_people(wanted: CommandContext, file: Path, *, dry_run: bool) -> None:
    """Bring in a file of subscribers, or only check it. Raises WrongInput with every problem in it, by line."""
    app = wanted.app
    size = file.stat().st_size
    with _bar(size) as (step, next_pass):
        new_import = _import(wanted, file, step)
        if dry_run:
            with app.looking_store() as store, wanted.looking() as tx:
                rows = new_import(store=store).check(tx)
            _say(wanted, {"kind": "subscribers", "rows": rows}, f"{file.name}: {rows} rows, all valid.")
            return
        with app.changing_store() as store:
            work = new_import(store=store)
            with store.read() as tx:
                work.check(tx)
            next_pass("loading")
            found = work.load(app.clock.now())
    _say(wanted, _as_json(found), _in_words(file, found))


def _import(wanted: CommandContext, file: Path, step: Callable[[int], None]) -> Callable[..., PeopleImport]:
    """Return what begins the import of a file into a store; `step` hears of the bytes that are read."""
    config = wanted.app.config
    judge = Addresses(config.allow_schemas)
    return partial(PeopleImport, config=config, file=PeopleFile(path=file), judge=judge, step=step)


def _as_json(found: ImportReport) -> Row:
    counts = found.counts
    return {
        "kind": "subscribers",
        "rows": found.rows,
        "resumed_at": found.resumed_at,
        "added": counts.added,
        "changed": counts.changed,
        "same": counts.same,
        "subscriptions_begun": counts.began,
        "subscriptions_changed": counts.went_on,
    }


def _in_words(file: Path, found: ImportReport) -> str:
    counts = found.counts
    text = (
        f"{file.name}: {counts.added} people added, {counts.changed} changed, {counts.same} as they were; "
        f"{counts.began} subscriptions began, {counts.went_on} changed."
    )
    return f"{text} It resumed after row {found.resumed_at}." if found.resumed_at else text


def _say(wanted: CommandContext, row: Row, text: str) -> None:
    if wanted.json:
        print_json(row)
    else:
        say(text)


@contextmanager
def _bar(size: int) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """Show how far it is, where a person looks on: a step for bytes read, and a change to the next pass."""
    if not sys.stderr.isatty():
        yield (lambda _: None), (lambda _: None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking over", total=size)
        shown = 0

        def step(read: int) -> None:
            nonlocal shown
            if abs(read - shown) * 200 >= size:
                shown = read
                bar.update(task, completed=read)

        yield step, lambda name: bar.update(task, description=name, completed=0)


# export --------------------------------------------------------------------------------------------------------------


def export(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", readable=False, help="Where to. Default: standard output.")
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv or jsonl. Default: by the name.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the subscribers who were imported, so that `import` reads them back.

    Who joined on the page is not among them: `reminder backup` copies everybody.
    """
    wanted = asked(context)
    chosen = _format(form, file, wanted)
    if file is None or file == Path("-"):
        _tell_left_out(_write(wanted, sys.stdout, chosen))
        return
    if file.exists() and not force:
        raise WrongInput(f"{file} already exists: name another file, or replace it with --force")
    partial = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w", encoding="utf-8") as out:
            written = _write(wanted, out, chosen)
        partial.replace(file)
    except OSError as error:
        raise WrongInput(f"{file} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    row = {"file": str(file.absolute()), "people": written.people, "left_out": written.left_out}
    _say(wanted, row, f"{file}: {written.people} people.")
    _tell_left_out(written)


@dataclass(frozen=True, kw_only=True)
class _Written:
    """How many people were written out, how many have joined and were not, and how many had further addresses."""

    people: int
    joined: int
    further: int

    @property
    def left_out(self) -> dict[str, int]:
        return {"joined": self.joined, "further_addresses": self.further}


def _tell_left_out(written: _Written) -> None:
    """Say what is not in an export, so that nobody takes it for a copy of everything."""
    joined = f"{written.joined} {'person' if written.joined == 1 else 'people'} who joined on the page"
    further = f"{written.further} further address{'' if written.further == 1 else 'es'}"
    found = [said for said, number in ((joined, written.joined), (further, written.further)) if number]
    if found:
        say(f"Not among them: {' and '.join(found)}. `reminder backup` copies everybody, with all that they chose.")


def _format(said: str, file: Path | None, wanted: CommandContext) -> str:
    by_name = "jsonl" if wanted.json or (file is not None and file.suffix in {".jsonl", ".ndjson", ".json"}) else "csv"
    chosen = said.lower() or by_name
    if chosen not in FORMATS:
        raise WrongInput(f'--format: there is no "{said}": write csv or jsonl')
    return chosen


def _write(wanted: CommandContext, out: TextIO, form: str) -> _Written:
    written = further = 0
    with wanted.app.looking_store() as store, store.read() as tx:
        columns = (*FIELDS, CREDIT) if is_credited(tx) else FIELDS
        table = csv.DictWriter(out, columns, lineterminator="\n")
        if form == "csv":
            table.writeheader()
        for exported in exported_people(tx):
            row = _row(exported)
            further += max(0, len(_addresses(exported)) - 1)
            if form == "csv":
                flat = {**row, "titles": join_titles(row["titles"]), "remind": json.dumps(row["remind"])}
                table.writerow({name: to_cell(text) for name, text in flat.items()})
            else:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            written += 1
        return _Written(people=written, joined=count_joined(tx), further=further)


def _addresses(exported: ExportedPerson) -> list[ChannelUse]:
    """Return the addresses of somebody that count: another import would take one for proved."""
    return [use for use in exported.subscriber.channels if is_proved(use)]


def _row(exported: ExportedPerson) -> Row:
    person = exported.subscriber
    use = next(iter(_addresses(exported)), None)
    return {
        "subscriber": person.name,
        "channel": use.name if use else "",
        "address": (use.address or "") if use else "",
        "titles": list(exported.titles),
        "timezone": person.zone.key,
        "at": person.at.isoformat("minutes"),
        "quiet_hours": str(person.quiet) if person.quiet else "none",
        "remind": person.remind.dump(),
        "notices": " ".join(sorted(person.notices)) or "none",
        "digest": str(person.digest) if person.digest else "none",
        "language": person.language,
        "clock": str(person.hour_style),
        **({CREDIT: exported.credits} if exported.credits else {}),
    }


# forget --------------------------------------------------------------------------------------------------------------


def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SUBSCRIBER", help="Whom, by name.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a person completely: settings, address, subscriptions, and all that was sent."""
    wanted = asked(context)
    app = wanted.app
    if name in {person.name for person in app.config.subscribers}:
        line, column = app.config.lines.get(f"subscribers.{name}", (1, 1))
        place = f"{app.config.file}:{line}:{column}"
        raise WrongInput(f'{place}: "{name}" is listed here: take them out of the config first')
    with closing(app.open_store()) as store:
        with store.read() as tx:
            known = people.person_to_forget(tx, name)
        if not yes and not _agreed(name, str(known)):
            raise WrongInput(f"nothing was removed: `reminder forget {name} --yes` removes without asking")
        with store.write() as tx:
            people.forget_person(tx, name, app.clock.now())
    _say(wanted, {"subscriber": name, **known.counts}, f"{name} is forgotten: {known}.")


def _agreed(name: str, known: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(f"Forget {name}, with {known}?", err=True)
