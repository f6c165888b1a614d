"""Reading an announcement: what it proposes to follow, each field with its sentence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field
from werkzeug.exceptions import TooManyRequests

from reminder.usecases.rows.reading import ReadRow, read_row
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.limits import READING
from reminder.web.routing import Access
from reminder.web.visit import Visit

calls: Final = Calls("reading")

MOST_LETTERS: Final = 512 * 1024


Published = Annotated[date | None, Field(description="The announcement's own day, for dates without a year.")]


class ReadBody(ApiInput):
    """An announcement."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, description="The announcement, as plain text.")]
    published: Published = None


@calls.change("POST", "/read", ReadRow, "What an announcement proposes to follow", body=ReadBody, access=Access.READ)
def read(visit: Visit, body: ReadBody) -> ReadRow:
    """Return what is read, each field with its sentence and how sure it is. Nothing is kept."""
    count_reading(visit)
    from reminder.usecases.announcement import read as read_text  # the vocabulary, which is large

    return read_row(read_text(body.text, body.published), None)


def count_reading(visit: Visit) -> None:
    """Count a reading by this person. Raises TooManyRequests for too many in an hour."""
    wait = visit.site.limits.wait(READING, visit.person, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
