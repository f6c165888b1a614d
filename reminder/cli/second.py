"""Has a second reader look at an announcement that our own reader is not sure of, where the config names one."""

from __future__ import annotations

import datetime as dt
from typing import Final

from reminder.announcements.article import Article
from reminder.announcements.reading.proposal import By
from reminder.cli.context import CommandContext
from reminder.cli.talk import may_ask, say
from reminder.core.errors import ConfigError, ReminderError, WrongInput
from reminder.platform.paths import find_config
from reminder.usecases.announcement import Announcement, SecondReading, may_be_helped, read_with
from reminder.usecases.rows.reading import SecondReadingRow, second_reading_row

_KEY: Final = b"reading"
"""A config without this word in it names no second reader, and is not read for it."""


def helped(
    wanted: CommandContext, article: Article, published: dt.date | None, own: Announcement
) -> tuple[Announcement, SecondReading | None]:
    """Return what both readers propose, and what came of asking the second; None where it was not asked.

    It is asked where our own reader left a field empty, is not sure, or has two values that are close.
    """
    if not _may_be_named(wanted) or not may_be_helped(own):
        return own, None
    try:
        config = wanted.app.config
    except ConfigError:
        return own, SecondReading(problem="the config has mistakes: `reminder check` names them")
    except ReminderError as error:
        return own, SecondReading(problem=str(error))
    if config.reading is None:
        return own, None
    if config.reading.problem is not None:
        return own, SecondReading(problem=config.reading.problem)
    return _asked(wanted, article, published, own)


def _asked(
    wanted: CommandContext, article: Article, published: dt.date | None, own: Announcement
) -> tuple[Announcement, SecondReading | None]:
    from reminder.usecases.announcement_reader import second_reader_of

    reader = second_reader_of(wanted.app.config.reading, wanted.machine.environ)
    if reader is None:
        return own, None
    if may_ask():
        say(f"Asking the second reader at {reader.endpoint.host} …")
    return read_with(reader, article, published, own)


def _may_be_named(wanted: CommandContext) -> bool:
    """Tell whether there is a config that may name a second reader: without one, `read` needs none."""
    try:
        return _KEY in find_config(wanted.machine, wanted.option).read_bytes()
    except (OSError, WrongInput):
        return False


def tell(heard: SecondReading | None) -> None:
    """Say on standard error why the second reader was not heard, and what of it is not believed."""
    if heard is None:
        return
    if heard.problem is not None:
        say(f"warning: the second reader was not heard: {heard.problem}")
    for other in heard.dropped:
        say(f"The second reader's {other.field} is not believed: {other.reason}.")


def as_row(heard: SecondReading | None) -> SecondReadingRow | None:
    """Return what came of asking as `--json` prints it."""
    return second_reading_row(heard.problem, heard.dropped) if heard else None


def whose(by: By | None) -> str:
    """Return which reader a field is from, where a second one was asked."""
    words = {By.OWN: "our own reader", By.SECOND: "the second reader", By.BOTH: "both readers"}
    return words[by] if by else ""


def tell_alone(found: Announcement) -> None:
    """Say which fields of a proposal rest on the second reader alone: no figure says how sure that is."""
    alone = [name for name, by in found.readers.items() if by is By.SECOND]
    if alone:
        say(f"From the second reader alone: {', '.join(alone)}. Look at the sentences before you add it.")


def source_of(found: Announcement, name: str) -> str:
    """Return, in brackets, how sure a field is and which reader it is from."""
    sure = f"{found.confidence[name]:.0%} sure" if name in found.confidence else ""
    parts = [part for part in (sure, whose(found.readers.get(name))) if part]
    return f"  ({', '.join(parts)})" if parts else ""
