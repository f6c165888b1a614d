"""The row of what is to come in a few figures, for widgets (SPEC 14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Annotated

from typing_extensions import TypedDict

from reminder.usecases.rows.fields import FieldText, TitleName, WhenText
from reminder.usecases.summary import ComingSummary


class SummaryRow(TypedDict):
    """What is to come and whether reminders go out, flat; days are those of the person."""

    next: Annotated[str | None, FieldText("A sentence about the next release that has a day; null for none.")]
    next_title: TitleName | None
    next_when: WhenText | None
    next_days: Annotated[int | None, FieldText("How many days away it is.")]
    today: Annotated[int, FieldText("How many releases come out today, those that are out already too.")]
    this_week: Annotated[int, FieldText("How many come out from today to Sunday.")]
    this_month: Annotated[int, FieldText("How many come out on a known day from today to the end of the month.")]
    watched: Annotated[int, FieldText("How many titles are followed.")]
    problems: Annotated[int, FieldText("How many things keep reminders from going out.")]
    ok: Annotated[bool, FieldText("Whether reminders go out: false while no daemon runs.")]


def summary_row(found: ComingSummary, problems: Sequence[str], *, zone: tzinfo, today: date) -> SummaryRow:
    """Return what is to come, and whether anything keeps reminders from going out."""
    following = found.next
    when = following.dated.release.when if following else None
    on = when.day_in(zone) if when else None
    return {
        "next": found.sentence,
        "next_title": following.title.name if following else None,
        "next_when": when.json() if when else None,
        "next_days": (on - today).days if on else None,
        "today": found.today,
        "this_week": found.this_week,
        "this_month": found.this_month,
        "watched": found.watched,
        "problems": len(problems),
        "ok": not problems,
    }
