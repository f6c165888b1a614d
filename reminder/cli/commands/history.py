"""`history`, `why` and `retry`: what was sent, what was not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reminder.cli import complete
from reminder.cli.context import END_OF_TIME, CommandContext, asked
from reminder.cli.options import Named, Person, TitleName
from reminder.cli.output import print_json, print_table, say, state_style
from reminder.cli.table import Column
from reminder.cli.titles import find_title
from reminder.errors import WrongInput

if TYPE_CHECKING:
    from reminder.core.model.ledger import State
    from reminder.core.schedule.explain import Explained
    from reminder.store.history import HistoryEntry
    from reminder.store.load_plans import SubscriptionSnapshot

Row = dict[str, Any]

LARGEST: Final = 2**63 - 1
"""A database takes no larger number."""
A_SCREENFUL: Final = 50
"""How many lines a table of the ledger shows unless it is told otherwise; JSON has them all."""


def history(
    context: typer.Context,
    title: TitleName = None,
    subscriber: Person = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", metavar="NAME", help="Only over this channel.", autocompletion=complete.channels),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Only sent, failed, retrying, superseded, expired or skipped.",
            autocompletion=complete.words("sent", "failed", "retrying", "superseded", "expired", "skipped"),
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=0, metavar="N", help="At most this many, 0 for all. Default: 50 in a table."),
    ] = None,
) -> None:
    """Show the ledger: what was sent, what was not, and why.

    Newest first. For one title, `why` also shows what is to come.
    """
    from reminder.cli.rows import LINE_COLUMNS, line_row, shown_line
    from reminder.cli.titles import find_keys
    from reminder.store import history as ledger
    from reminder.store.title_commands import named_titles

    wanted = asked(context)
    chosen = _state(state)
    most = limit if limit is not None else None if wanted.json else A_SCREENFUL
    with wanted.looking() as tx:
        keys = find_keys([kept.listing for kept in named_titles(tx, ended=True)], title) if title else None
        asked_for = ledger.Filter(title_keys=keys, subscriber=subscriber, channel=channel, state=chosen)
        lines = ledger.history(tx, asked_for, limit=min(most, LARGEST) if most else None)
        count = ledger.count(tx, asked_for)
    if wanted.json:
        print_json([line_row(line) for line in lines])
        return
    nothing = "The ledger is empty: nothing has been sent yet."
    if asked_for != ledger.Filter():
        nothing = "The ledger holds nothing of that kind."
    print_table([shown_line(line, wanted.zone) for line in lines], LINE_COLUMNS, empty=nothing)
    if count > len(lines):
        say(f"{count - len(lines)} older ones: --limit 0 shows all.")


def _state(text: str | None) -> State | None:
    from reminder.config.names import did_you_mean
    from reminder.core.model.ledger import State

    if text is None:
        return None
    words = [str(state) for state in State]
    if text.lower() in {TO_COME, NEVER}:  # words of `why`
        raise WrongInput(f'--state: "{text}" is no row of the ledger: `reminder why TITLE` shows it')
    if text.lower() not in words:
        raise WrongInput(f'--state: "{text}" is unknown, {did_you_mean(text, words)}')
    return State(text.lower())


# why -------------------------------------------------------------------------------------------------------------------

TO_COME: Final = "to come"
NEVER: Final = "not sent"


def why(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Say what was, will be and will not be sent about a title."""
    from reminder.core.model.ledger import OPEN
    from reminder.store.history import Filter
    from reminder.store.history import history as lines_of
    from reminder.store.load_plans import all_cases

    wanted = asked(context)
    wanted.check_person(subscriber)
    with wanted.looking() as tx:
        found = find_title(tx, title)
        key = found.listing.title.key
        lines = lines_of(tx, Filter(title_keys=frozenset({key}), subscriber=subscriber))
        cases = all_cases(tx, title_key=key, name=subscriber)
    rows = [_line_row(line, wanted) for line in reversed(lines)]
    rows += [_explained_row(item, case) for case in cases for item in _explained(case, wanted)]
    rows.sort(key=lambda row: (row["at"] is None, row["at"] or ""))
    if wanted.json:
        print_json(rows)
        return
    print_table([_shown(row, wanted) for row in rows], WHY_COLUMNS, empty="Nothing has been sent about it.")
    if not any(row["state"] in {TO_COME, *OPEN} for row in rows):
        say(f"Nothing more will be sent about {found.listing.title.name}: {_silence(cases, wanted)}.")


WHY_COLUMNS: Final = (
    Column(key="shown_at", heading="when", whole=True),
    Column(key="subscriber", heading="who", obvious=True),
    Column(key="channels", heading="over", style="dim"),
    Column(key="release", heading="release", obvious=True),
    Column(key="date", heading="date", whole=True, obvious=True, give_way=True),
    Column(key="what", heading="lead"),
    Column(key="state", heading="state", style=state_style, whole=True),
    Column(key="reason", heading="why", style="dim", below=True),
)


def _explained(case: SubscriptionSnapshot, wanted: CommandContext) -> tuple[Explained, ...]:
    from reminder.core.schedule.explain import explain

    now, grace = wanted.clock.now(), wanted.settings.grace
    return explain(case.subscription, case.story, now=now, end=END_OF_TIME, grace=grace)


def _silence(cases: Sequence[SubscriptionSnapshot], wanted: CommandContext) -> str:
    from reminder.core.schedule.explain import silence

    if not cases:
        return "nobody follows it"
    mine = [(case.subscription, case.story) for case in cases]
    now, grace = wanted.clock.now(), wanted.settings.grace
    return silence(cases[0].subscription.title, mine, zone=wanted.zone, now=now, grace=grace)


def _line_row(line: HistoryEntry, wanted: CommandContext) -> Row:
    """Return a delivery of the ledger, with what it has in common with those that are not in it."""
    from reminder.cli.rows import credited

    return {
        "id": line.id,
        **_times(line.at, wanted.zone_of(line.subscriber)),
        "subscriber": line.subscriber,
        "channels": [line.channel] if line.channel else [],
        "title": line.title,
        "release": line.release,
        "when": line.when.json(),
        "kind": str(line.kind),
        "lead": line.lead,
        "state": str(line.state),
        "reason": line.reason,
        **credited([line.source]),
    }


def _explained_row(item: Explained, case: SubscriptionSnapshot) -> Row:
    from reminder.cli.rows import credited_titles

    sub = case.subscription
    return {
        "id": None,
        **_times(item.at, sub.subscriber.zone),
        "subscriber": sub.subscriber.name,
        "channels": list(item.channels),
        "title": sub.title.name,
        "release": item.release.label,
        "when": item.release.when.json(),
        "kind": str(item.kind),
        "lead": item.lead,
        "state": NEVER if item.reason else TO_COME,
        "reason": item.reason,
        **credited_titles([sub.title]),
    }


def _times(at: datetime | None, zone: tzinfo) -> Row:
    from reminder.cli.rows import times

    return times(at, zone) if at is not None else {"at": None, "local_at": None}


def _shown(row: Row, wanted: CommandContext) -> Row:
    from reminder.cli import dates
    from reminder.cli.rows import hour_of, what
    from reminder.core.dates.parse import load_when

    return {
        **row,
        "reason": row["reason"] if row["state"] != "sent" else None,
        "shown_at": hour_of(row, wanted),
        "date": dates.date_of(load_when(row["when"]), wanted.zone_of(row["subscriber"])),
        "what": what(row["kind"], row["lead"]),
    }


# retry -----------------------------------------------------------------------------------------------------------------


def retry(
    context: typer.Context,
    ids: Annotated[list[int], typer.Argument(metavar="ID", help="Which deliveries, by their number in `history`.")],
    force: Annotated[bool, typer.Option("--force", help="Also those that were sent: they are sent once more.")] = False,
) -> None:
    """Try failed or expired deliveries again.

    A running daemon sends them within half a minute.
    """
    from reminder.cli.rows import LINE_COLUMNS, line_row, shown_line
    from reminder.store.history import Filter, history, reopen

    wanted = asked(context)
    app = wanted.app
    now = app.clock.now()
    chosen = Filter(ids=tuple(id_ for id_ in ids if id_ <= LARGEST))
    with app.changing() as tx:
        _may_be_retried(ids, history(tx, chosen), force)
        reopen(tx, ids, now, now + app.config.grace)
        lines = history(tx, chosen)
    if wanted.json:
        print_json([line_row(line) for line in lines])
    else:
        print_table([shown_line(line, wanted.zone) for line in lines], LINE_COLUMNS, empty="")
        say("A running daemon sends within half a minute; `reminder run --once` sends now.")


def _may_be_retried(ids: Sequence[int], lines: Sequence[HistoryEntry], force: bool) -> None:
    from reminder.core.sending.manual_retry import refusal

    known = {line.id: refusal(line.state, force=force) for line in lines}
    problems = [f"{id_} is no delivery: `reminder history` lists them" for id_ in ids if id_ not in known]
    problems += [f"{id_} {reason}" for id_, reason in known.items() if reason]
    if problems:
        raise WrongInput(*problems)
