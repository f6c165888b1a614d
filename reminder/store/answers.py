"""Turns the answers of sources into JSON and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from reminder.core.model.ledger import Ref
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkForm, day_of
from reminder.core.sourcing.resolved import DateReason, Doubt, Origin, ResolvedDates
from reminder.store.sql.codec import SOURCED
from reminder.store.sql.records import Json, Record

KEPT_DAYS: Final = timedelta(days=400)
"""How far back a kept answer goes: nobody is owed what came out before."""

_ANSWER: Final = Record(
    SourceTitle,
    always=("year", "country", "service", "also", "standing", "link", "ids", "updated", "releases"),
    without=("is_whole", "unread", "skipped"),
    parts=[Record(Stated, always=("when", "kind"), without=("until",))],
)
_REASON: Final = Record(DateReason, always=("provisional",))
_ORIGIN: Final = Record(Origin, always=("ids",), without=("ref",))
_DOUBT: Final = Record(Doubt, always=("withdrawn_at",), without=("ref",))


def dump_answer(title: SourceTitle, today: date) -> Json:
    """Return an answer as JSON, without what lies far back."""
    return _ANSWER.dump(replace(title, releases=_recent(title, today))) | {"read_on": today.isoformat()}


def _recent(title: SourceTitle, today: date) -> tuple[Stated, ...]:
    """Return what is to come or came out not long ago; of what is all over, the last season, for people to see."""
    if title.form is WorkForm.FILM:
        return title.releases
    newest = max((item.season or 0 for item in title.releases), default=0)
    return tuple(item for item in title.releases if item.season == newest or day_of(item) >= today - KEPT_DAYS)


def load_answer(spec: Json) -> SourceTitle:
    """Return what `dump_answer` wrote."""
    return _ANSWER.load(spec)


def read_on(spec: Json) -> date | None:
    """Return the day on which a kept answer was given; None for one that an older version kept."""
    return date.fromisoformat(spec["read_on"]) if "read_on" in spec else None


def dump_followed(resolved: ResolvedDates) -> Json:
    """Return what answers came to, as JSON."""
    return {
        "sourced": SOURCED.dump(resolved.sourced),
        "rule": resolved.rule,
        "clashes": [str(clash) for clash in resolved.clashes],
        "corrected": list(resolved.corrected) if resolved.corrected else None,
        "reasons": [_REASON.dump(item) for item in resolved.reasons],
        "origins": [_dump_ref(item.ref) | _ORIGIN.dump(item) for item in resolved.origins],
        "doubts": [_dump_ref(item.ref) | _DOUBT.dump(item) for item in resolved.doubts],
    }


def _dump_ref(ref: Ref) -> Json:
    return {"season": ref[0], "first": ref[1]}


def _load_ref(spec: Json) -> Ref:
    return spec["season"], spec["first"]


def load_origins(spec: Json) -> dict[Ref, Origin]:
    """Return of which episodes each release was made; of none where an older version did not keep it."""
    origins = (_ORIGIN.load(item, ref=_load_ref(item)) for item in spec.get("origins", ()))
    return {origin.ref: origin for origin in origins}


def load_doubts(spec: Json) -> tuple[Doubt, ...]:
    """Return which releases were missing from the last good answer."""
    return tuple(_DOUBT.load(item, ref=_load_ref(item)) for item in spec.get("doubts", ()))


def load_reasons(spec: Json) -> tuple[DateReason, ...]:
    """Return the reasons that `dump_followed` wrote."""
    return tuple(_REASON.load(item) for item in spec["reasons"])
