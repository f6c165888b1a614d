"""`read`: an announcement in, what to add out, with the sentence that each part was read from."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from reminder.announcements.article import Article, article_from
from reminder.announcements.reading.language import is_foreign
from reminder.cli import second
from reminder.cli.closeness import settled
from reminder.cli.context import CommandContext, asked
from reminder.cli.dates import date_of
from reminder.cli.drawing import draw
from reminder.cli.output import print_json
from reminder.cli.talk import may_ask, say
from reminder.core.dates.parse import parse_when
from reminder.core.errors import WrongInput
from reminder.core.text.markup import host_of
from reminder.usecases.announcement import Announcement, read
from reminder.usecases.rows.reading import read_row

_MOST_BYTES: Final = 8 * 1024 * 1024
_INDENT: Final = 13
FOREIGN: Final = "Most of this is in letters that are not read: what it says of a release is passed over."
_FIELDS: Final = ("title", "season", "premiere", "platform", "episodes", "drop")


def read_(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="The announcement: text or a web page.")],
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="The article's own date, for dates without a year."),
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address on your own network.")] = False,
) -> None:
    """Read an announcement, and propose what to watch.

    On a terminal it asks before adding.
    """
    wanted = asked(context)
    article = _article(wanted, source, private=private)
    if not article.text.strip():
        raise WrongInput(f"{_name_of(source)}: there is no text in it to read")
    day = _date(published)
    own = read(article.text, day, article.hints)
    found, heard = second.helped(wanted, article, day, own)
    if wanted.json:
        print_json(read_row(found, second.as_row(heard)))
        return
    is_foreign_text = is_foreign(article.text)
    _show(found, "not read" if is_foreign_text else "not said")
    if is_foreign_text:
        say(FOREIGN)
    second.tell(heard)
    _offer(wanted, settled(found) if may_ask() else found, picked=bool(found.choices))


def _article(wanted: CommandContext, source: str, *, private: bool) -> Article:
    if source.lower().startswith(("http://", "https://")):
        from reminder.cli.fetching import fetched

        return fetched(wanted, source, private=private)
    if "://" in source:
        raise WrongInput(
            "only http:// and https:// addresses are fetched; anything else is a file, or - for standard input"
        )
    return article_from(_bytes(source))


def _name_of(source: str) -> str:
    """Return what an error may show of a source: of an address no more than its host."""
    return host_of(source) if "://" in source else source


def _bytes(source: str) -> bytes:
    """Return what a file or standard input holds. Raises WrongInput."""
    try:
        if source == "-":
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise WrongInput(f"{source}: {(error.strerror or 'it cannot be read').lower()}") from None
    if len(content) > _MOST_BYTES:
        raise WrongInput(
            f"{source}: this is larger than {_MOST_BYTES // 1024 // 1024} MiB: no announcement is that long"
        )
    return content


def _date(text: str | None) -> dt.date | None:
    """Return the day that `--published` names. Raises WrongInput."""
    if text is None:
        return None
    try:
        on = parse_when(text).on
    except ValueError as error:
        raise WrongInput(f"--published: {error}") from None
    if on is None:
        raise WrongInput(f'--published: "{text}" is not one day: write 2025-05-23')
    return on


def _show(found: Announcement, missing: str) -> None:
    """Print what was read, each part with its sentence, and what was passed over; `missing` stands for what was not."""
    for name in _FIELDS:
        draw(_line(found, name, missing))
        if name in found.evidence:
            draw(Text(found.evidence[name], style="dim"), indent=_INDENT)
    if found.published:
        draw(Text.assemble((f"{'published':<11}", "bold"), f"  {found.published}"))
    for other in found.alternatives:
        draw(Text(f"not taken    {other.field} {other.value}: {other.reason}", style="dim"))
        draw(Text(other.sentence, style="dim"), indent=_INDENT)


def _line(found: Announcement, name: str, missing: str) -> Text:
    value = getattr(found, name) if name != "premiere" else None
    shown = missing if value is None else str(value)
    if name == "premiere" and found.written():
        shown = str(found.written()) if found.premiere.at else date_of(found.premiere, UTC)
        shown += {"year": " (the year is inferred)", "day": " (the day is inferred)"}.get("".join(found.inferred), "")
    return Text.assemble((f"{name:<11}", "bold"), f"  {shown}{second.source_of(found, name)}")


NEEDS_YEAR: Final = " A day without a year counts once it is known when this was published: --published YYYY-MM-DD."


def _offer(wanted: CommandContext, found: Announcement, *, picked: bool) -> None:
    """Ask on a terminal whether to add it; else say how to."""
    if found.title is None:
        say("No title was found: nothing to add.")
        return
    if found.off and found.written() is None:
        say(f"It says that this will not come, so nothing is proposed: {found.off}")
        return
    if found.written() is None:
        say(f"No date of release was found.{'' if found.published else NEEDS_YEAR}")
    second.tell_alone(found)
    fields = found.fields()
    if not may_ask():
        _say_how(found, fields)
        return
    what = ", ".join(filter(None, [found.title, found.written()])) if picked else "it"
    question = f"Add {what}?" if found.written() else f"Add {what} without a date?"
    if typer.confirm(question, default=bool(found.written()), err=True):
        from reminder.cli.adding import add_title

        add_title(wanted, fields)


def _say_how(found: Announcement, fields: Mapping[str, str]) -> None:
    """Say how to add what was read, unless it is too unsure to be copied without a look, or there are two to choose."""
    for choice in found.choices:
        values = " or ".join(option.value for option in choice.options)
        say(f"Not sure which {choice.field} is meant: {values}.")
    if found.is_sure:
        say(f"To add it: {_command(fields)}")
    else:
        say("This is too unsure to be proposed: read the sentences above, then `reminder add` what is right.")


def _command(fields: Mapping[str, str]) -> str:
    options = [f"--{name} {shlex.quote(value)}" for name, value in fields.items() if name != "title"]
    return " ".join(["reminder add", shlex.quote(fields["title"]), *options])
