"""Turns the answers of sources into JSON and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from reminder.core.dates.parse import load_when
from reminder.core.model.ledger import Ref
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm, WorkStatus, day_of
from reminder.core.sourcing.identity import Origin
from reminder.core.sourcing.missing import Doubt
from reminder.core.sourcing.resolve import DateReason, ResolvedDates
from reminder.store.sql.codec import dump_sourced, load_sourced

Json = dict[str, Any]

KEPT_DAYS: Final = timedelta(days=400)
"""How far back a kept answer goes: nobody is owed what came out before."""

_PLAIN: Final = ("raw", "rule", "season", "number", "count", "country", "service", "name", "id", "note")
_FLAGS: Final = ("limited", "special", "finale", "provisional", "by_day")


def dump_answer(title: SourceTitle, today: date) -> Json:
    """Return an answer as JSON, without what lies far back."""
    return {
        "source": title.source,
        "ref": title.ref,
        "name": title.name,
        "form": title.form,
        "year": title.year,
        "country": title.country,
        "service": title.service,
        "also": title.also,
        "standing": title.standing,
        "link": title.link,
        "ids": dict(title.ids),
        "updated": title.updated,
        "read_on": today.isoformat(),
        "releases": [_dump_stated(item) for item in _recent(title, today)],
    }


def _recent(title: SourceTitle, today: date) -> Sequence[Stated]:
    """Return what is to come or came out not long ago; of what is all over, the last season, for people to see."""
    if title.form is WorkForm.FILM:
        return title.releases
    newest = max((item.season or 0 for item in title.releases), default=0)
    return [item for item in title.releases if item.season == newest or day_of(item) >= today - KEPT_DAYS]


def load_answer(spec: Json) -> SourceTitle:
    """Return what `dump_answer` wrote."""
    return SourceTitle(
        source=spec["source"],
        ref=spec["ref"],
        name=spec["name"],
        form=WorkForm(spec["form"]),
        year=spec["year"],
        country=spec["country"],
        service=spec["service"],
        also=spec["also"],
        standing=WorkStatus(spec["standing"]),
        link=spec["link"],
        ids=spec["ids"],
        updated=spec["updated"],
        releases=tuple(_load_stated(item) for item in spec["releases"]),
    )


def read_on(spec: Json) -> date | None:
    """Return the day on which a kept answer was given; None for one that an older version kept."""
    return date.fromisoformat(spec["read_on"]) if "read_on" in spec else None


def _dump_stated(item: Stated) -> Json:
    spec = {name: getattr(item, name) for name in (*_PLAIN, *_FLAGS)}
    found = {name: value for name, value in spec.items() if value is not None and value is not False and value != ""}
    return {
        **found,
        "when": item.when.show(),
        "kind": item.kind,
        **({"on": item.on.isoformat()} if item.on else {}),
    }


def _load_stated(spec: Json) -> Stated:
    return Stated(
        **{"raw": "", **{name: spec[name] for name in (*_PLAIN, *_FLAGS) if name in spec}},
        when=load_when(spec["when"]),
        kind=ReleaseKind(spec["kind"]),
        on=date.fromisoformat(spec["on"]) if "on" in spec else None,
    )


def dump_followed(found: ResolvedDates) -> Json:
    """Return what answers came to, as JSON."""
    return {
        "sourced": dump_sourced(found.sourced),
        "rule": found.rule,
        "clashes": [str(clash) for clash in found.clashes],
        "corrected": list(found.corrected) if found.corrected else None,
        "reasons": [
            {
                "season": item.season,
                "first": item.first,
                "said": item.said,
                "why": str(item.why),
                "raw": item.raw,
                "provisional": item.provisional,
            }
            for item in found.reasons
        ],
        "origins": [{"season": item.ref[0], "first": item.ref[1], "ids": list(item.ids)} for item in found.origins],
        "doubts": [_dump_doubt(item) for item in found.doubts],
    }


def load_origins(spec: Json) -> dict[Ref, Origin]:
    """Return of which episodes each release was made; of none where an older version did not keep it."""
    refs = (((item["season"], item["first"]), tuple(item["ids"])) for item in spec.get("origins", ()))
    return {ref: Origin(ref=ref, ids=ids) for ref, ids in refs}


def _dump_doubt(item: Doubt) -> Json:
    return {
        "season": item.ref[0],
        "first": item.ref[1],
        "since": item.since.isoformat(),
        "withdrawn": item.withdrawn_at.isoformat() if item.withdrawn_at else None,
    }


def load_doubts(spec: Json) -> tuple[Doubt, ...]:
    """Return which releases were missing from the last good answer."""
    return tuple(
        Doubt(
            ref=(item["season"], item["first"]),
            since=datetime.fromisoformat(item["since"]),
            withdrawn_at=datetime.fromisoformat(item["withdrawn"]) if item["withdrawn"] else None,
        )
        for item in spec.get("doubts", ())
    )


def load_reasons(spec: Json) -> tuple[DateReason, ...]:
    """Return the reasons that `dump_followed` wrote."""
    return tuple(DateReason(**item) for item in spec["reasons"])


__all__ = [
    "dump_answer",
    "dump_followed",
    "load_answer",
    "load_doubts",
    "load_origins",
    "load_reasons",
    "load_sourced",
    "read_on",
]
