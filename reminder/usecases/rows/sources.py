"""Rows of what is known of a title's source, with the reason for each of its dates: in `show`."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Connection
from typing_extensions import TypedDict, TypeIs

from reminder.core.model.entities import Title
from reminder.core.sourcing.answers import WorkStatus
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.sourcing.resolved import DateReason
from reminder.usecases.follow import SourceState, second_opinion, source_of
from reminder.usecases.rows.fields import Attribution, FieldText, Instant, ReleaseLabel, Season, utc_or_none


class DateReasonRow(TypedDict):
    """Why a release has its date."""

    season: Season
    first: Annotated[int, FieldText("The number of its first episode.")]
    says: Annotated[str, FieldText("The date, as the source states it.")]
    why: Annotated[str, FieldText("Why this date counts.")]
    raw: Annotated[str, FieldText("The source's own words.")]
    provisional: Annotated[bool, FieldText("Whether the date is so early that it often moves.")]


class OtherDateRow(TypedDict):
    """What the second source says of a release."""

    release: ReleaseLabel
    says: Annotated[str, FieldText("The date, as the source states it.")]
    why: Annotated[str, FieldText("Why it would count.")]


class OtherSourceRow(TypedDict):
    """The second source that was asked, and what it says of the same releases."""

    entry: Annotated[str, FieldText("The entry, such as tmdb:tv/1396.")]
    dates: list[OtherDateRow]


class UnsearchedRow(TypedDict):
    """A title that was not searched for yet."""

    entry: Annotated[None, FieldText("Always null: no entry was found yet.")]
    silence: Annotated[str, FieldText("Why nothing is known.")]


class SourceRow(TypedDict):
    """The entry of a source that a title follows, and what it says."""

    entry: Annotated[str | None, FieldText("The entry, such as tvmaze:44933; null where none was found.")]
    name: Annotated[str, FieldText("What the source calls it.")]
    pinned_by: Annotated[str, FieldText("How the entry was chosen.")]
    standing: Annotated[WorkStatus | None, FieldText("How the work stands, by the source's last answer.")]
    rule: Annotated[str | None, FieldText("The rule by which this source counts, where two were asked.")]
    answered_at: Instant | None
    next_at: Instant | None
    silence: Annotated[str | None, FieldText("Why the source is silent, null while it answers.")]
    clashes: Annotated[
        list[str], FieldText("The releases for which two sources give dates that are more than a day apart.")
    ]
    dates: list[DateReasonRow]
    other: OtherSourceRow | None
    attribution: Attribution | None


def source_row(tx: Connection, title: Title) -> SourceRow | UnsearchedRow | None:
    """Return what is known of a title's source as a row; None where its dates are by hand."""
    if title.source_options is None:
        return None
    known = source_of(tx, title)
    if known is None:
        return {"entry": None, "silence": "not searched for yet"}
    return {
        "entry": known.pin.id if known.pin.ref else None,
        "name": known.pin.name,
        "pinned_by": known.pin.by,
        "standing": known.answer.standing if known.answer else None,
        "rule": known.rule,
        "answered_at": utc_or_none(known.answered_at),
        "next_at": utc_or_none(known.next_at),
        "silence": known.silence,
        "clashes": list(known.clashes),
        "dates": [_reason_row(reason) for reason in known.reasons],
        "other": _other(title, known),
        "attribution": ATTRIBUTION.get(known.pin.source),
    }


def is_searched(row: SourceRow | UnsearchedRow) -> TypeIs[SourceRow]:
    """Tell whether an entry was found: a row of a title without one has no more than the reason."""
    return row["entry"] is not None


def _reason_row(reason: DateReason) -> DateReasonRow:
    return {
        "season": reason.season,
        "first": reason.first,
        "says": reason.said,
        "why": str(reason.why),
        "raw": reason.raw,
        "provisional": reason.provisional,
    }


def _other(title: Title, known: SourceState) -> OtherSourceRow | None:
    """Return what the second source says of the same releases."""
    chosen = second_opinion(title, known)
    if known.second is None or chosen is None:
        return None
    said: list[OtherDateRow] = [
        {"release": item.release.label, "says": item.release.when.show(), "why": str(item.why)} for item in chosen
    ]
    return {"entry": known.second.id, "dates": said}
