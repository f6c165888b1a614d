"""Rows of what somebody has chosen about a title, and of the dates that members propose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from typing_extensions import TypedDict

from reminder.core.model.ledger import Ref
from reminder.platform.clock import utc_text
from reminder.store.proposals import DateProposal
from reminder.usecases.rows.fields import (
    Exactness,
    FieldText,
    Instant,
    PersonName,
    Season,
    TitleName,
    WhenText,
    utc_or_none,
    when_fields,
)
from reminder.usecases.title_page.page import TitlePage


class SeenRow(TypedDict):
    """A release that the person has seen, and when they said so."""

    season: Season
    first: Annotated[int, FieldText("The number of its first episode.")]
    seen_at: Instant


class MineRow(TypedDict):
    """How the token's person follows a title, and whose choice that is."""

    title: TitleName
    following: Annotated[bool, FieldText("Whether they follow it now.")]
    chosen: Annotated[bool, FieldText("Whether they follow it by their own choice, beside what is listed for them.")]
    listed_by: Annotated[
        str | None, FieldText("What lists it for them: config, calendar, import or command; null for nothing.")
    ]
    stopped_at: Annotated[Instant | None, FieldText("When they stopped following it, null where they did not.")]
    leads: Annotated[dict[str, list[str]], FieldText("The leads that count, for each role of its releases.")]
    muted: Annotated[bool, FieldText("Whether they have muted it.")]
    paused_until: Annotated[Instant | None, FieldText("Until when they are told nothing of it.")]
    seen: list[SeenRow]


class ProposalRow(TypedDict):
    """A date that somebody has proposed for a title."""

    id: Annotated[int, FieldText("Its number.")]
    title_id: Annotated[int, FieldText("The number of the title.")]
    title: TitleName
    subscriber: PersonName
    when: WhenText | None
    precision: Exactness
    said_at: Instant
    decided_at: Annotated[Instant | None, FieldText("When an owner decided, null before that.")]
    taken: Annotated[bool | None, FieldText("Whether it was taken; null before it is decided.")]


def mine_row(page: TitlePage) -> MineRow:
    """Return how the person whose page it is follows a title."""
    by = page.choice.listed_by
    return {
        "title": page.title.name,
        "following": page.is_followed,
        "chosen": page.choice.is_own,
        "listed_by": by.name.lower() if by else None,
        "stopped_at": utc_or_none(page.choice.stopped_at),
        "leads": {str(each.role): [text for text in each.spelling.split(", ") if text] for each in page.leads},
        "muted": page.silence.is_muted,
        "paused_until": utc_or_none(page.silence.paused_until),
        "seen": _seen_rows(page.seen),
    }


def _seen_rows(seen: Mapping[Ref, datetime]) -> list[SeenRow]:
    ordered = sorted(seen.items(), key=lambda item: (item[0][0] or 0, item[0][1]))
    return [{"season": season, "first": first, "seen_at": utc_text(at)} for (season, first), at in ordered]


def proposal_row(made: DateProposal) -> ProposalRow:
    """Return a date that somebody has proposed."""
    return {
        "id": made.id,
        "title_id": made.title_id,
        "title": made.name,
        "subscriber": made.person,
        **when_fields(made.when),
        "said_at": utc_text(made.said_at),
        "decided_at": utc_or_none(made.decided_at),
        "taken": made.is_taken,
    }
