"""Reading an announcement: what it says of a title, as a config spells it, and what a second reader says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reminder.announcements.article import Article
from reminder.announcements.reading.announcement import Announcement, read
from reminder.announcements.reading.believing import Dropped, believe
from reminder.announcements.reading.choice import LESS_PLAIN
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.forms import NO_SUCH_DAY, TWO_WAYS
from reminder.announcements.reading.joining import LESS_SURE, SECOND_READER, joined, may_be_helped
from reminder.announcements.reading.prepared import prepare
from reminder.announcements.reading.proposing import NAMED_LESS_PLAINLY
from reminder.announcements.second_reader.answer import Silent
from reminder.core.wording import Wording

if TYPE_CHECKING:
    from reminder.announcements.second_reader.asking import SecondReader

__all__ = ["Announcement", "may_be_helped", "read"]

PASSED_OVER: Final[Mapping[str, str]] = {
    CueRole.PAST: Wording("past already"),
    CueRole.OLD: Wording("an old date"),
    CueRole.END: Wording("the end of something"),
    CueRole.FINALE: Wording("a finale"),
    CueRole.LATER_PART: Wording("a later part"),
    CueRole.TRAILER: Wording("a trailer"),
    CueRole.FILMING: Wording("filming"),
    CueRole.FESTIVAL: Wording("a festival"),
    CueRole.TICKETS: Wording("ticket sales"),
    CueRole.AWARDS: Wording("an awards ceremony"),
    CueRole.DISC: Wording("a disc or a book"),
    CueRole.EXTRA: Wording("something beside it"),
    CueRole.SUPPOSED: Wording("only supposed"),
    LESS_PLAIN: Wording("said less plainly"),
    TWO_WAYS: Wording("can be read in two ways"),
    NO_SUCH_DAY: Wording("there is no such day"),
    NAMED_LESS_PLAINLY: Wording("named less plainly"),
    SECOND_READER: Wording("what the second reader says"),
    LESS_SURE: Wording("less sure"),
}
"""Why something in an announcement was not taken, by the reader's word for it."""


@dataclass(frozen=True, kw_only=True)
class SecondReading:
    """The result of asking a second reader: why it was not heard, or which of its statements are not believed."""

    problem: str | None = None
    dropped: tuple[Dropped, ...] = ()


def read_with(
    reader: SecondReader, article: Article, published: dt.date | None, own: Announcement
) -> tuple[Announcement, SecondReading]:
    """Return what both readers propose, `own` being what ours has read, and what came of asking the second."""
    text = prepare(article.text, published, article.hints)
    said = reader.ask(text)
    if isinstance(said, Silent):
        return own, SecondReading(problem=said.reason)
    belief = believe(text, said, own.title)
    return joined(own, belief), SecondReading(dropped=belief.dropped)
