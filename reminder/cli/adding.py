"""Taking in a title that somebody describes, and saying what comes next about it: for `add`, `change` and `read`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from rich.text import Text

from reminder.cli import picking
from reminder.cli.context import CommandContext
from reminder.cli.dates import date_of
from reminder.cli.drawing import draw
from reminder.cli.next import Next, next_messages
from reminder.cli.output import print_json
from reminder.cli.talk import say
from reminder.config.sourcing import OFFLINE
from reminder.core.dates.behind_name import date_behind
from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import Role, Title
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import unfold
from reminder.core.sourcing.answers import Match
from reminder.usecases import title_changes, titles
from reminder.usecases.propose import named_for, propose
from reminder.usecases.rows.titles import added_row


def add_title(wanted: CommandContext, said: Mapping[str, str | None], *, only_plain: bool = False) -> None:
    """Watch the title that `said` describes, as a config spells each key, and say its next message. Raises WrongInput.

    One without a date is searched for at the sources; `only_plain` asks nobody which one is meant.
    """
    app = wanted.app
    candidate = propose(said, app.config, wanted.there, app.clock.now(), is_offline=OFFLINE in app.machine.environ)
    match = picking.pick(candidate, only_plain=only_plain)
    listing = named_for(candidate.listing, match) if match else candidate.listing
    with app.changing() as tx:
        title_changes.add_title(tx, app.config, listing, app.clock.now())
        coming = next_messages(wanted, tx, [listing])[listing.title.key]
    follow_and_tell(wanted, listing, coming, match, "Added")


def follow_and_tell(wanted: CommandContext, listing: ListedEntry, coming: Next, match: Match | None, done: str) -> None:
    """Have a title that was taken in follow its entry, if it has one, and say its date and what comes next about it."""
    if match is not None:
        listing = picking.follow(wanted, listing.title.key, match)
        with wanted.looking() as tx:
            coming = next_messages(wanted, tx, [listing])[listing.title.key]
    title = listing.title
    first = titles.first_date(title, wanted.today)
    if wanted.json:
        print_json(added_row(title, wanted.today, (coming.row, coming.reason)))
        return
    season = "" if title.season is None else f" season {title.season}"
    which = "the finale, " if unfold(title)[0].role is Role.FINALE else ""
    draw(Text.assemble(f"{done} ", (f"{title.name}{season}", "bold"), f": {which}{date_of(first, wanted.zone)}."))
    if hint := _of_date_in_name(title):
        say(hint)
    draw(Text(f"Next: {coming.text(wanted)}" if coming.row else f"Nothing is to come: {coming.reason}."))
    if coming.row:
        draw(Text(f"      {coming.row['subject']}", style="bold"))


def _of_date_in_name(title: Title) -> str | None:
    """Return what to write where a title without a date has one in its name: `Ballard, July 9, 2027`."""
    dated = date_behind(title.name) if title.premiere == UNKNOWN and not title.sourced else None
    if dated is None or dated[2] is None:
        return None
    name, date, _ = dated
    right = shlex.join(["reminder", "change", title.name, "--title", name, "--premiere", date])
    return f"If {date} is its date, write: {right}"
