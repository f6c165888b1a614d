"""`check`: is everything in order, and what will come of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.output import print_json, print_table, say
from reminder.cli.registry import BEGIN, add
from reminder.cli.sourced import Looked, look_for, pin_chosen
from reminder.cli.table import Column
from reminder.errors import ConfigError, Problem, StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from reminder.cli.next import Next
    from reminder.config import Config
    from reminder.core.model import Channel
    from reminder.store.desk import Kept

Row = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "check", check, BEGIN)


@dataclass(frozen=True, kw_only=True)
class _Found:
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    titles: tuple[Row, ...] = ()


def check(context: typer.Context) -> None:
    """Check everything without sending; say what comes next for each title.

    Config, database and channels are checked; exit status 2 if there is a problem.
    """
    wanted = asked(context)
    try:
        found = _look(wanted)
    except ConfigError as error:
        if not wanted.json:
            raise
        found = _Found(problems=error.problems, warnings=())
    if wanted.json:
        problems, warnings = list(found.problems), list(found.warnings)
        print_json({"ok": not problems, "problems": problems, "warnings": warnings, "titles": list(found.titles)})
    else:
        _print(found, wanted)
    raise typer.Exit(2 if found.problems else 0)


def _look(wanted: Asked) -> _Found:
    config = wanted.app.config
    missing = {f"channels.{name}": channel.problem for name, channel in config.channels.items() if channel.url is None}
    # What `run` only warns of is a problem here: a missing secret.
    no_secret = [warning for warning in config.warnings if _is_secret_of_database(warning, config)]
    problems = [str(problem) for problem in sorted([*_channel_problems(config), *no_secret])]
    warnings = [
        str(warning) for warning in config.warnings if warning not in no_secret and not _is_about(warning, missing)
    ]
    titles: tuple[Row, ...] = ()
    try:
        wanted.app.check_place()
        with wanted.showing() as tx:
            titles, looked = _titles(wanted, tx)
        warnings += looked.warnings
        if not no_secret:
            pin_chosen(wanted, looked)
    except StoreError as error:
        problems.append(str(error))
    warnings += [*_already_out(wanted, titles), *map(str, _strange_services(config))]
    warnings += map(str, _channel_warnings(config))
    return _Found(problems=tuple(problems), warnings=tuple(warnings), titles=titles)


def _is_secret_of_database(warning: Problem, config: Config) -> bool:
    return warning.path == "database" and warning.text == config.database_problem


def _already_out(wanted: Asked, titles: Iterable[Row]) -> list[str]:
    """Return a warning for each listed title that came out: it is valid, and will never send."""
    from reminder.core.explain import CAME_OUT

    over = {row["key"]: row["next_reason"] for row in titles if str(row["next_reason"]).startswith(CAME_OUT)}
    config = wanted.app.config
    found = [
        Problem(file=config.file, line=entry.line, column=entry.column, path=entry.path, text=over[entry.title.key])
        for entry in config.watch
        if entry.title.key in over
    ]
    return [f"{problem}, and nothing more will be sent" for problem in sorted(found)]


def _is_about(warning: Problem, missing: Mapping[str, str | None]) -> bool:
    """Tell whether a warning is about a secret that a channel lacks: `check` makes a problem of it."""
    problem = missing.get(warning.path.removesuffix(".url"))
    return problem is not None and warning.text.startswith(problem)


def _channel_problems(config: Config) -> Iterable[Problem]:
    for name, channel in config.channels.items():
        text = _channel_problem(channel, config.allow_schemas)
        if text is not None:
            yield _at(config, f"channels.{name}", text)


def _channel_problem(channel: Channel, allow_schemas: frozenset[str]) -> str | None:
    from reminder.notify.judging import problem_of  # loads apprise

    return problem_of(channel, allow_schemas)


def _channel_warnings(config: Config) -> Iterable[Problem]:
    from reminder.notify.judging import warnings_of

    for name, channel in config.channels.items():
        if _channel_problem(channel, config.allow_schemas) is None:
            yield from (_at(config, f"channels.{name}", text) for text in warnings_of(channel))


def _strange_services(config: Config) -> Iterable[Problem]:
    """Yield each word under `delivery.rates` or `allow_schemas` that names no service, and so has no effect."""
    from reminder.notify.pace import family
    from reminder.notify.schemas import KNOWN

    named = {family(scheme) for scheme in KNOWN}
    for name in sorted(config.delivery.rates.keys() - named):
        yield _at(config, f"delivery.rates.{name}", _no_service(name, named, meant=family(name)))
    for scheme in sorted(config.allow_schemas - KNOWN):
        yield _at(config, "allow_schemas", _no_service(scheme, KNOWN))


def _no_service(name: str, known: Collection[str], meant: str | None = None) -> str:
    from reminder.config.names import nearest

    near = meant if meant in known else nearest(name, sorted(known))
    return f'there is no service "{name}", {f"did you mean {near}?" if near else "docs/channels lists them"}'


def _at(config: Config, path: str, text: str) -> Problem:
    line, column = config.lines[path]
    return Problem(file=config.file, line=line, column=column, path=path, text=text)


def _titles(wanted: Asked, tx: Connection) -> tuple[tuple[Row, ...], Looked]:
    from reminder.cli.next import next_messages
    from reminder.store.desk import kept_titles

    kept = kept_titles(tx)
    listings = [item.listing for item in kept]
    coming = next_messages(wanted, tx, listings) if listings else {}
    looked = look_for(wanted, tx, listings)
    rows = (_title_row(wanted, item, coming[item.listing.title.key], looked) for item in kept)
    return tuple(rows), looked


def _title_row(wanted: Asked, item: Kept, coming: Next, looked: Looked) -> Row:
    from reminder.cli.rows import when_fields
    from reminder.cli.titles import first_date

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
    }


def _print(found: _Found, wanted: Asked) -> None:
    from reminder.cli.rows import shown_coming

    rows = []
    for title in found.titles:
        coming = shown_coming(title["next"], wanted) if title["next"] else {}
        season = "" if title["season"] is None else f" season {title['season']}"
        rows.append(
            {
                "title": f"{title['title']}{season}",
                "source": title["source"],
                "shown_at": coming.get("shown_at"),
                "subscriber": coming.get("subscriber"),
                "what": coming.get("subject") or f"nothing: {title['next_reason']}",
                "is_silent": not coming,
            }
        )
    print_table(
        rows, _TITLES, empty="" if wanted.app.config.watch else "No title is watched yet: list one under watch:"
    )
    for text in found.problems:
        say(text)
    for text in found.warnings:
        say(f"warning: {text}")
    say(_sum(found))


def _sum(found: _Found) -> str:
    from reminder.core.spoken import count

    if not found.problems and not found.warnings:
        return "Everything is in order."
    parts = [count(len(found.problems), "problem")] if found.problems else []
    return ", ".join([*parts, *([count(len(found.warnings), "warning")] if found.warnings else [])])


_TITLES: Final = (
    Column(key="title", heading="title", style="bold"),
    Column(key="source", heading="from", style="dim"),
    Column(key="shown_at", heading="next message", whole=True),
    Column(key="subscriber", heading="to", obvious=True),
    Column(key="what", heading="what", style=lambda row: "yellow" if row["is_silent"] else "", below=True),
)
