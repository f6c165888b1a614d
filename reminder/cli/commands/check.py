"""`check`: is everything in order, and what will come of it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import typer
from sqlalchemy import Connection

from reminder.cli import dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.hours import whose_hours
from reminder.cli.next import Next, next_messages
from reminder.cli.not_reloaded import not_reloaded
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.rows import shown_coming
from reminder.cli.source_check import SourceCheck, look_for, pin_chosen
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.core.errors import ConfigError, Problem, StoreError
from reminder.core.schedule.explain import CAME_OUT
from reminder.core.text.english import count
from reminder.core.text.phrases import said_season
from reminder.daemon.app import read_channels
from reminder.usecases import config_check
from reminder.usecases.channels import channel_states
from reminder.usecases.health import doubt_of_clock, unplanned
from reminder.usecases.listed import questions_about
from reminder.usecases.rows.fields import utc_or_none, when_fields
from reminder.usecases.titles import StoredTitle, first_date, kept_titles

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Found:
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    titles: tuple[Row, ...] = ()
    channels: tuple[Row, ...] = ()
    not_reloaded: str | None = None


def check(context: typer.Context) -> None:
    """Check everything without sending; say what comes next for each title.

    Config, database and channels are checked; exit status 2 if there is a problem.
    """
    wanted = asked(context)
    try:
        found = _look(wanted)
    except ConfigError as error:
        found = _Found(problems=tuple(_all_that_is_wrong(wanted, error)))
    if wanted.json:
        print_json({"ok": not found.problems, **asdict(found)})
    else:
        _print(found, wanted)
    raise typer.Exit(2 if found.problems else 0)


def _all_that_is_wrong(wanted: CommandContext, error: ConfigError) -> list[str]:
    """Return the errors of a config, and with them what is wrong with its channels: all of it at once."""
    alone = read_channels(wanted.machine, wanted.option)
    return [str(each) for each in sorted({*error.found, *config_check.channel_problems(alone), *alone.problems})]


def _look(wanted: CommandContext) -> _Found:
    config = wanted.app.config
    # What `run` only warns of is a problem here: a missing secret.
    no_secret = config_check.secret_of_database(config)
    problems = [str(problem) for problem in sorted([*config_check.channel_problems(config), *no_secret])]
    warnings = [*map(str, config_check.without_missing(config)), *config_check.mode_warnings(config)]
    titles: tuple[Row, ...] = ()
    channels: list[Row] = []
    late: tuple[str, ...] = ()
    try:
        wanted.app.check_place()
        late = _unplanned(wanted)
        problems += late
        warnings += _questions(wanted)
        with wanted.showing() as tx:
            titles, looked = _titles(wanted, tx)
            channels = _channel_rows(config.channels, tx)
            warnings += doubt_of_clock(tx, wanted.clock.now())
        problems += looked.problems
        warnings += [*looked.warnings, *_parked_warnings(channels)]
        if not no_secret:
            pin_chosen(wanted, looked)
    except StoreError as error:
        problems.append(str(error))
    except Exception:
        if not late:
            raise
        warnings.append("what is to come cannot be shown before that is mended")
    warnings += [*_already_out(wanted, titles), *map(str, config_check.channel_warnings(config))]
    return _Found(
        problems=tuple(problems),
        warnings=tuple(warnings),
        titles=titles,
        channels=tuple(channels),
        not_reloaded=not_reloaded(wanted),
    )


def _unplanned(wanted: CommandContext) -> tuple[str, ...]:
    """Return what a daemon could not plan: it may well be what cannot be shown here either."""
    with wanted.app.looking_store() as store, store.read() as tx:
        return unplanned(tx)


def _questions(wanted: CommandContext) -> tuple[str, ...]:
    """Return what should be asked about titles and people that may go on under another name."""
    app = wanted.app
    with app.looking_store() as store, store.dry() as tx:
        return questions_about(tx, app.listed, app.clock.now(), app.config.grace)


def _already_out(wanted: CommandContext, titles: Iterable[Row]) -> list[str]:
    """Return a warning for each listed title that came out: it is valid, and will never send."""
    over = {row["key"]: row["next_reason"] for row in titles if str(row["next_reason"]).startswith(CAME_OUT)}
    config = wanted.app.config
    found = [
        Problem(file=config.file, line=entry.line, column=entry.column, path=entry.path, text=over[entry.title.key])
        for entry in config.watch
        if entry.title.key in over
    ]
    return [f"{problem}, and nothing more will be sent" for problem in sorted(found)]


def _titles(wanted: CommandContext, tx: Connection) -> tuple[tuple[Row, ...], SourceCheck]:
    kept = kept_titles(tx)
    listings = [item.listing for item in kept]
    coming = next_messages(wanted, tx, listings) if listings else {}
    looked = look_for(wanted, tx, listings)
    rows = (_title_row(wanted, item, coming[item.listing.title.key], looked) for item in kept)
    return tuple(rows), looked


def _title_row(wanted: CommandContext, item: StoredTitle, coming: Next, looked: SourceCheck) -> Row:
    title = item.listing.title
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(first_date(title, wanted.today)),
        "source": looked.entries.get(title.key),
        "listed": wanted.settings.place_of(title.key) or f"by {item.origin}",
        "next": coming.row,
        "next_reason": coming.reason,
        "told": list(coming.told),
    }


def _channel_rows(names: Iterable[str], tx: Connection) -> list[Row]:
    """Return of each channel when something last went through, and what it fails by while it does."""
    states = channel_states(tx)
    rows: list[Row] = []
    for name in names:
        state = states.get(name)
        rows.append(
            {
                "channel": name,
                "last_success_at": utc_or_none(state.last_success_at if state else None),
                "parked_at": utc_or_none(state.parked_at if state else None),
                "reason": state.reason if state and state.parked_at else None,
            }
        )
    return rows


def _parked_warnings(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a warning for each channel that is known not to work."""
    for row in rows:
        if row["parked_at"] is not None:
            why = f" ({row['reason']})" if row["reason"] else ""
            yield f"channels.{row['channel']}: it does not work{why}: `reminder test {row['channel']}` tries it again"


def _print(found: _Found, wanted: CommandContext) -> None:
    """Print what was found: the tables, then the warnings, the problems, and at the very end the verdict."""
    if found.titles:
        print_table([_shown_title(title, wanted) for title in found.titles], _TITLES, empty="")
    if found.channels:
        print_lines("")
        print_table([_shown_channel(row, wanted) for row in found.channels], _CHANNELS, empty="")
    if found.titles or found.channels:
        say(f"Hours are in {whose_hours(wanted.settings)}.")
    for text in found.warnings:
        say(f"warning: {text}")
    for text in found.problems:
        say(text)
    if found.not_reloaded:
        say(found.not_reloaded)
    say(_verdict(found))


def _shown_title(title: Row, wanted: CommandContext) -> Row:
    coming = shown_coming(title["next"], wanted) if title["next"] else {}
    return {
        "title": _name(title),
        "source": title["source"],
        "shown_at": coming.get("shown_at"),
        "told": some_of(title["told"]),
        "what": coming.get("subject") or f"nothing: {title['next_reason']}",
        "is_silent": not coming,
    }


def _name(title: Row) -> str:
    season = "" if title["season"] is None else f" {said_season(title['season'])}"
    return f"{title['title']}{season}"


def _shown_channel(row: Row, wanted: CommandContext) -> Row:
    at = row["last_success_at"]
    return {**row, "success": dates.instant(datetime.fromisoformat(at), wanted.zone) if at else "never"}


def some_of(names: Sequence[str]) -> str:
    """Return names as a cell shows them: all of a few, else the first and how many more there are."""
    return ", ".join(names) if len(names) <= NAMED else f"{', '.join(names[: NAMED - 1])} and {len(names) - 2} more"


def _verdict(found: _Found) -> str:
    """Return the one sentence that sums it up; all is in order only where something will come of every title."""
    if found.problems or found.warnings:
        parts = [count(len(found.problems), "problem")] if found.problems else []
        return ", ".join([*parts, *([count(len(found.warnings), "warning")] if found.warnings else [])])
    silent = [_name(title) for title in found.titles if title["next"] is None]
    if not found.titles:
        return "No problem was found, but no title is watched yet: list one under watch:"
    if silent:
        return f"No problem was found, but nothing is to come of {some_of(silent)}."
    return "Everything is in order, once the daemon is reloaded." if found.not_reloaded else "Everything is in order."


NAMED: Final = 3
"""So many names stand in a cell or a sentence."""

_TITLES: Final = (
    Column(key="title", heading="title", style="bold"),
    Column(key="source", heading="from", style="dim"),
    Column(key="shown_at", heading="next message", whole=True),
    Column(key="told", heading="to", obvious=True),
    Column(key="what", heading="what", style=lambda row: "yellow" if row["is_silent"] else "", below=True),
)
_CHANNELS: Final = (
    Column(key="channel", heading="channel", style="bold"),
    Column(key="success", heading="last success", whole=True),
)
