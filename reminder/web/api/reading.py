"""Reading an announcement: what it proposes to follow, each field with its sentence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from reminder.usecases.announcement_reader import GivenAnnouncement
from reminder.usecases.rows.reading import ReadRow, read_row, second_reading_row
from reminder.web.api.calls import ApiInput, Calls
from reminder.web.api.problems import WrongFields
from reminder.web.limits import READING, count
from reminder.web.routing import Access
from reminder.web.visit import Visit

calls: Final = Calls("reading")

MOST_LETTERS: Final = 512 * 1024

Text = Annotated[
    str | None, Field(min_length=1, max_length=MOST_LETTERS, description="The announcement, as text or as a web page.")
]
Url = Annotated[
    str | None,
    Field(pattern=r"^https?://\S+$", max_length=2000, description="The address of the page that it stands in."),
]
Published = Annotated[date | None, Field(description="The announcement's own day, for dates without a year.")]


class ReadBody(ApiInput):
    """An announcement: its text, or the address of its page."""

    text: Text = None
    url: Url = None
    published: Published = None

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse an announcement that is given in two ways, or in none."""
        if (self.text is None) == (self.url is None):
            raise ValueError("give either text or url")
        return self


@calls.change("POST", "/read", ReadRow, "What an announcement proposes to follow", body=ReadBody, access=Access.READ)
def read(visit: Visit, body: ReadBody) -> ReadRow:
    """Return what is read, each field with its sentence and how sure it is. Nothing is kept."""
    given = heard(visit, body.text, body.url, body.published)
    second = given.second
    if given.found is None:
        reason = given.unread.reason if given.unread else "there is nothing in it to read"
        raise WrongFields([{"field": "url" if body.url else "text", "detail": reason}])
    return read_row(given.found, second_reading_row(second.problem, second.dropped) if second else None)


def heard(visit: Visit, text: str | None, url: str | None, published: date | None) -> GivenAnnouncement:
    """Return what is read in a text, or in the page at an address. Raises TooManyRequests for too many in an hour."""
    count(visit, READING)
    reader = visit.site.announcements()
    return reader.read_page(url, published=published) if url else reader.read_text(text or "", published)
