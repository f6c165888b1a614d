"""Where a title is found: its number in the API, and its page."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from reminder.usecases.rows.fields import FieldText
from reminder.web.visit import Visit


class LinkFields(TypedDict):
    """Where a title is found."""

    title_id: Annotated[int, FieldText("The number of the title, for /titles/{number}.")]
    url: Annotated[str, FieldText("The page about the title.")]


def links_to(visit: Visit, number: int) -> LinkFields:
    """Return where the title of this number is found."""
    return {"title_id": number, "url": visit.site.link(f"/title/{number}")}
