"""Parameters that several calls have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reminder.web.api.paging import MOST

A_PAGE = 50

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many rows at most.")]
After = Annotated[str | None, Field(description="Where to go on: as the Link header of the page before says.")]
Mine = Annotated[
    bool,
    Field(description="With true the owner, too, gets only what is theirs. Whoever is not the owner gets no more."),
]
Subscriber = Annotated[str | None, Field(description="Only of this person: of anybody for the owner, else of oneself.")]
