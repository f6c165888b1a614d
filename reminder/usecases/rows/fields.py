"""Fields that rows of several kinds have in common: instants, dates, and what sources ask to be shown (SPEC 7).

A field's type says what a program gets, and its text what that means; the API's description is made of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any

from typing_extensions import TypedDict

from reminder.core.dates.when import Precision, When
from reminder.core.model.entities import Title
from reminder.core.sourcing.attribution import credits_of
from reminder.platform.clock import utc_text

Json = dict[str, Any]


@dataclass(frozen=True)
class FieldText:
    """The description of a type that several fields have, and how its text is spelt (a `format` of JSON Schema)."""

    says: str
    format: str | None = None

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Callable[[Any], Mapping[str, Any]]) -> Json:
        """Return the schema of the field with what is said here; pydantic asks for it by this name."""
        spelt = {"format": self.format} if self.format else {}
        return {**handler(core_schema), **spelt, "description": self.says}


Instant = Annotated[str, FieldText("An instant in UTC, to the second.", "date-time")]
LocalInstant = Annotated[str, FieldText("The same instant on the person's clock, with its offset.", "date-time")]
Day = Annotated[str, FieldText("A day of the calendar.", "date")]
WhenText = Annotated[
    str,
    FieldText(
        "A date as exact as it is known: an instant in UTC, or 2025-07-09, 2025-07, 2025-Q3, summer 2025, 2025;"
        " `cancelled` for what was cancelled; null for none."
    ),
]
Exactness = Annotated[Precision, FieldText("The exactness of the date.")]
TitleName = Annotated[str, FieldText("What the title is called.")]
TitleKey = Annotated[str, FieldText("What the title is known by: its `id`, else its text and season.")]
Season = Annotated[int | None, FieldText("The season's number, null where none is said.")]
IsCancelled = Annotated[bool, FieldText("Whether it was cancelled.")]
ReleaseLabel = Annotated[str, FieldText("The release: `premiere`, `episode 3`, `episodes 5-7`, `finale`.")]
PersonName = Annotated[str, FieldText("The name of a person.")]
ChannelName = Annotated[str, FieldText("The name of a channel in the config.")]
LeadText = Annotated[str | None, FieldText("How long before the release: `7d`, `12h`, `day`, `release`, `+1d`.")]
Attribution = Annotated[str, FieldText("What the terms of the dates' sources ask to be shown beside them.")]


class TimeFields(TypedDict):
    """An instant in UTC and on a person's clock."""

    at: Instant
    local_at: LocalInstant


class WhenFields(TypedDict):
    """A date and how exact it is."""

    when: WhenText | None
    precision: Exactness


class CreditFields(TypedDict, total=False):
    """What is to be shown beside dates; absent where nothing is asked."""

    attribution: Attribution


def utc_or_none(at: datetime | None) -> str | None:
    """Return an instant as JSON has it, None for none."""
    return utc_text(at) if at is not None else None


def times(at: datetime, zone: tzinfo) -> TimeFields:
    """Return an instant in UTC and on the person's clock, with its offset."""
    return {"at": utc_text(at), "local_at": local_text(at, zone)}


def local_text(at: datetime, zone: tzinfo) -> str:
    """Return an instant as it is on the clocks of a zone, with its offset."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def credited_titles(titles: Sequence[Title | None]) -> CreditFields:
    """Return what is asked to be shown beside the dates of these titles."""
    return credited([title.sourced.source for title in titles if title and title.sourced])


def credited(sources: Sequence[str | None]) -> CreditFields:
    """Return what the terms of sources ask to be shown beside their dates; nothing where nothing is asked."""
    asked = credits_of(sources)
    return {"attribution": asked} if asked else {}


def when_fields(when: When) -> WhenFields:
    """Return a date and its precision."""
    return {"when": when.json(), "precision": when.precision}
