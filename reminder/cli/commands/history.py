"""`history`, `why` and `retry`: what was sent, what was not, and why."""

from __future__ import annotations

import shlex
from typing import Annotated, Any, Final

import typer

from reminder.cli import complete, dates
from reminder.cli.context import CommandContext, asked
from reminder.cli.not_reloaded import say_if_not_reloaded
from reminder.cli.options import Named, Person, TitleName
from reminder.cli.output import print_json, print_table, state_style
from reminder.cli.persons import check_person
from reminder.cli.rows import LINE_COLUMNS, hour_of, shown_line, what
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.config.names import did_you_mean
from reminder.core.dates.parse import load_when
from reminder.core.errors import WrongInput
from reminder.core.model.ledger import OPEN, State
from reminder.usecases import messages, own_silence
from reminder.usecases.own_silence import OwnSilence
from reminder.usecases.rows.messages import NEVER, TO_COME, WhyRow, history_row, why_rows

Row = dict[str, Any]

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
    wanted = asked(context)
    chosen = _state(state)
    most = A_SCREENFUL if limit is None and not wanted.json else limit
    with wanted.looking() as tx:
        found = messages.history(tx, title=title, subscriber=subscriber, channel=channel, state=chosen, limit=most)
    if wanted.json:
        print_json([history_row(entry) for entry in found.entries])
        return
    nothing = "The ledger is empty: nothing has been sent yet."
    if found.is_filtered:
        nothing = "The ledger holds nothing of that kind."
    print_table([shown_line(entry, wanted.zone) for entry in found.entries], LINE_COLUMNS, empty=nothing)
    if found.older:
        say(f"{found.older} older ones: --limit 0 shows all.")


def _state(text: str | None) -> State | None:
    if text is None:
        return None
    words = [str(state) for state in State]
    if text.lower() in {TO_COME, NEVER}:  # words of `why`
        raise WrongInput(f'--state: "{text}" is no row of the ledger: `reminder why TITLE` shows it')
    if text.lower() not in words:
        raise WrongInput(f'--state: "{text}" is unknown, {did_you_mean(text, words)}')
    return State(text.lower())


# why -----------------------------------------------------------------------------------------------------------------


def why(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Say what was, will be and will not be sent about a title."""
    wanted = asked(context)
    check_person(wanted, subscriber)
    with wanted.looking() as tx:
        about = messages.explain_title(
            tx, title, subscriber, zone=wanted.zone, now=wanted.clock.now(), grace=wanted.settings.grace
        )
    entries = [(entry, wanted.zone_of(entry.subscriber)) for entry in about.entries]
    rows = why_rows(entries, about.explained)
    if wanted.json:
        print_json(rows)
        return
    print_table([_shown(row, wanted) for row in rows], WHY_COLUMNS, empty="Nothing has been sent about it.")
    for name, at in about.stopped.items():
        say(f"{name} stopped following it {dates.instant(at, wanted.zone)}.")
    for each in about.own:
        say(_own(each, about.kept.listing.title.name, wanted))
    if not any(row["state"] in {TO_COME, *OPEN} for row in rows):
        say(f"Nothing more will be sent about {about.kept.listing.title.name}: {about.silence}.")
    say_if_not_reloaded(wanted)


def _own(silence: OwnSilence, title: str, wanted: CommandContext) -> str:
    """Return what somebody has chosen that keeps a title from them, and how that is ended."""
    at = f" {dates.instant(silence.at, wanted.zone)}" if silence.at is not None else ""
    return _OWN[silence.what].format(
        who=silence.person, at=at, channel=silence.channel, title=shlex.quote(title), name=shlex.quote(silence.person)
    )


_OWN: Final = {
    own_silence.LEFT: "{who} left{at}: an owner takes them up again on the page People.",
    own_silence.ENDED: (
        "{who} ended by themselves what comes over {channel}{at}: they have it sent again on the page Channels, "
        "or by the link in the last message there."
    ),
    own_silence.GONE: (
        "{who} has no address on {channel} any more{at}: they removed it, or its service knew it no more. "
        "They add one on the page Channels."
    ),
    own_silence.PAUSED: "{who} has paused everything until{at}: `reminder resume {name}` ends that.",
    own_silence.PAUSED_TITLE: "{who} has paused it until{at}: `reminder unmute {title} --subscriber {name}` ends that.",
    own_silence.MUTED: "It is muted for {who} since{at}: `reminder unmute {title} --subscriber {name}` ends that.",
    own_silence.SEEN: "{who} has seen what is out, as said{at}: they take that back on the title's page.",
}


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


def _shown(row: WhyRow, wanted: CommandContext) -> Row:
    return {
        **row,
        "reason": row["reason"] if row["state"] != "sent" else None,
        "shown_at": hour_of(row, wanted),
        "date": dates.date_of(load_when(row["when"]), wanted.zone_of(row["subscriber"])),
        "what": what(row["kind"], row["lead"]),
    }


# retry ---------------------------------------------------------------------------------------------------------------


def retry(
    context: typer.Context,
    ids: Annotated[list[int], typer.Argument(metavar="ID", help="Which deliveries, by their number in `history`.")],
    force: Annotated[bool, typer.Option("--force", help="Also those that were sent: they are sent once more.")] = False,
) -> None:
    """Try failed or expired deliveries again.

    A running daemon sends them at once.
    """
    wanted = asked(context)
    app = wanted.app
    now = app.clock.now()
    with app.changing() as tx:
        entries = messages.retry(tx, ids, now, app.config.grace, force=force)
    if wanted.json:
        print_json([history_row(entry) for entry in entries])
    else:
        print_table([shown_line(entry, wanted.zone) for entry in entries], LINE_COLUMNS, empty="")
        say("A running daemon sends at once; `reminder run --once` sends without one.")
