"""Rows of an announcement that was read: each field with its sentence and how sure it is (`read`, SPEC 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from typing_extensions import TypedDict

from reminder.announcements.reading.proposal import Announcement, By
from reminder.usecases.rows.fields import Day, Exactness, FieldText, Season

if TYPE_CHECKING:
    from reminder.announcements.reading.believing import Dropped

FieldName = Annotated[str, FieldText("The field: title, season, premiere, platform, episodes or drop.")]
FieldValue = Annotated[str, FieldText("The value, as a config spells it.")]


class AlternativeRow(TypedDict):
    """A value that was found and not taken."""

    field: FieldName
    value: FieldValue
    reason: Annotated[str, FieldText("Why it was not taken.")]
    sentence: Annotated[str, FieldText("The sentence that it stands in.")]


class OptionRow(TypedDict):
    """One of two values that are close."""

    value: FieldValue
    sentence: Annotated[str, FieldText("The sentence that it stands in.")]


class ChoiceRow(TypedDict):
    """A field with two values that are close; the first is the one proposed."""

    field: FieldName
    options: list[OptionRow]


class DroppedRow(TypedDict):
    """A field that the second reader gave and that is not believed."""

    field: FieldName
    reason: Annotated[str, FieldText("Why it is not believed.")]


class SecondReadingRow(TypedDict):
    """What came of asking a second reader."""

    problem: Annotated[str | None, FieldText("Why it was not heard.")]
    not_believed: list[DroppedRow]


class ReadRow(TypedDict):
    """What an announcement proposes to add, each field with its sentence."""

    title: Annotated[str | None, FieldText("What the title is called; null where none was found.")]
    season: Season
    premiere: Annotated[str | None, FieldText("The date of release, as a config spells it.")]
    precision: Exactness
    inferred: Annotated[list[str], FieldText("What of the date is inferred: its year, its day.")]
    platform: Annotated[str | None, FieldText("Where it comes out.")]
    episodes: Annotated[int | None, FieldText("How many episodes it has.")]
    drop: Annotated[str | None, FieldText("How the episodes come out, as a config spells it.")]
    published: Day | None
    evidence: Annotated[dict[str, str], FieldText("The sentence that each field was read from.")]
    confidence: Annotated[dict[str, float], FieldText("How sure each field is, from 0 to 1.")]
    alternatives: list[AlternativeRow]
    choices: list[ChoiceRow]
    readers: Annotated[dict[str, By], FieldText("The reader that each field is from.")]
    second_reader: Annotated[
        SecondReadingRow | None, FieldText("What came of asking a second reader, null where none was asked.")
    ]


def read_row(found: Announcement, second: SecondReadingRow | None) -> ReadRow:
    """Return what was read of an announcement, and what came of asking a `second` reader."""
    return {
        "title": found.title,
        "season": found.season,
        "premiere": found.written(),
        "precision": found.precision,
        "inferred": list(found.inferred),
        "platform": found.platform,
        "episodes": found.episodes,
        "drop": found.drop,
        "published": found.published.isoformat() if found.published else None,
        "evidence": dict(found.evidence),
        "confidence": dict(found.confidence),
        "alternatives": [
            {"field": other.field, "value": other.value, "reason": other.reason, "sentence": other.sentence}
            for other in found.alternatives
        ],
        "choices": [
            {
                "field": choice.field,
                "options": [{"value": option.value, "sentence": option.sentence} for option in choice.options],
            }
            for choice in found.choices
        ],
        "readers": {name: found.readers.get(name, By.OWN) for name in found.evidence},
        "second_reader": second,
    }


def second_reading_row(problem: str | None, dropped: Sequence[Dropped]) -> SecondReadingRow:
    """Return why a second reader was not heard, or which of its fields are not believed."""
    return {
        "problem": problem,
        "not_believed": [{"field": other.field, "reason": other.reason} for other in dropped],
    }
