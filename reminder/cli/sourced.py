"""Shows a title's source: the entry it is pinned to, that entry's dates, and the rule that decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from reminder.cli import dates, picking
from reminder.cli.context import CommandContext
from reminder.cli.fields import utc_or_none
from reminder.cli.output import print_lines, print_table
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.core.model.entities import Title
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.sourcing.match import Plain
from reminder.core.sourcing.resolved import DateReason
from reminder.core.text.english import count
from reminder.errors import StoreError
from reminder.refresh.finding import unserved
from reminder.usecases.calendars import look_at_calendars
from reminder.usecases.follow import (
    FoundEntry,
    SourceState,
    is_settled,
    known_sources,
    pin_entries,
    second_opinion,
    source_of,
    sources_refusing,
)

Row = dict[str, Any]

SEARCHED: Final = 20
"""The most titles that one `check` searches for; the daemon searches for the rest."""

NAMED: Final = 3
"""So many titles are named of those that one and the same silence is about."""


def source_row(tx: Connection, title: Title) -> Row | None:
    """Return what is known of a title's source as a row; None where its dates are by hand."""
    if title.wish is None:
        return None
    known = source_of(tx, title)
    if known is None:
        return {"entry": None, "silence": "not searched for yet"}
    return {
        "entry": known.pin.id if known.pin.ref else None,
        "name": known.pin.name,
        "pinned_by": known.pin.by,
        "standing": str(known.answer.standing) if known.answer else None,
        "rule": known.rule,
        "answered_at": utc_or_none(known.answered_at),
        "next_at": utc_or_none(known.next_at),
        "silence": known.silence,
        "clashes": list(known.clashes),
        "dates": [_date_row(reason) for reason in known.reasons],
        "other": _other(title, known),
        "attribution": ATTRIBUTION.get(known.pin.source),
    }


def _date_row(reason: DateReason) -> Row:
    return {
        "season": reason.season,
        "first": reason.first,
        "says": reason.said,
        "why": str(reason.why),
        "raw": reason.raw,
        "provisional": reason.provisional,
    }


def _other(title: Title, known: SourceState) -> Row | None:
    """Return what the second source says of the same releases."""
    chosen = second_opinion(title, known)
    if known.second is None or chosen is None:
        return None
    said = [{"release": item.release.label, "says": item.release.when.show(), "why": str(item.why)} for item in chosen]
    return {"entry": known.second.id, "dates": said}


def _folded(rows: Sequence[Row]) -> list[list[Row]]:
    """Return dates in groups: episodes that follow each other, and of which the same is said, are shown as one."""
    groups: list[list[Row]] = []
    for row in rows:
        before = groups[-1][-1] if groups else None
        is_like = before is not None and row["first"] == before["first"] + 1
        if before is not None and is_like and {**row, "first": 0} == {**before, "first": 0}:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _shown_dates(group: Sequence[Row]) -> Row:
    first, last = group[0], group[-1]
    numbers = f"{first['first']}" if first is last else f"{first['first']} to {last['first']}"
    return {
        "release": f"season {first['season']}, {numbers}" if first["season"] is not None else "",
        "says": first["says"],
        "why": f"{first['why']}{'; early dates often move' if first['provisional'] else ''}",
        "raw": first["raw"],
    }


def show_source(row: Row, wanted: CommandContext) -> None:
    """Print what is known of a title's source, for people."""
    if row["entry"] is None:
        print_lines(f"  source: none yet; {row['silence']}", "")
        return
    rule = f"; it counts: {row['rule']}" if row["rule"] else ""
    print_lines(f"  source: {row['entry']} ({row['name']}), pinned by {row['pinned_by']}{rule}")
    if row["answered_at"]:
        at = datetime.fromisoformat(row["answered_at"])
        print_lines(f"  last answer {dates.instant(at, wanted.zone)}: {row['standing']}")
    if row["silence"]:
        print_lines(f"  no answer since: {row['silence']}")
    print_table([_shown_dates(group) for group in _folded(row["dates"])], _COLUMNS, empty="")
    if row["other"]:
        print_lines(f"  {row['other']['entry']} says as well:")
        for item in row["other"]["dates"]:
            print_lines(f"    {item['release']}: {item['says']} ({item['why']})")
    for clash in row["clashes"]:
        print_lines(f"  more than a day apart: {clash}")
    if row["attribution"]:
        print_lines(f"  {row['attribution']}")
    print_lines("")


_COLUMNS: Final = (
    Column(key="release", heading="season, episode", style="dim"),
    Column(key="says", heading="the source says", whole=True, style="bold"),
    Column(key="why", heading="why"),
    Column(key="raw", heading="in its words", style="dim"),
)


# check ----------------------------------------------------------------------------------------------------------------


@dataclass
class SourceCheck:
    """The findings of `check` about sources: the entry of each title by key, and the titles that need a word."""

    entries: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    chosen: list[tuple[ListedEntry, Match]] = field(default_factory=list)
    picked: list[tuple[ListedEntry, Match]] = field(default_factory=list)
    silent: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    searched: int = 0
    left: int = 0


def look_for(wanted: CommandContext, tx: Connection, listings: Iterable[ListedEntry]) -> SourceCheck:
    """Look for what is not pinned yet, asking a person where it is not plain."""
    known = known_sources(tx)
    looked = SourceCheck()
    has_calendars = bool(wanted.app.config.sources.calendars)
    feeds = wanted.there.feeds if has_calendars else ()
    calendars = look_at_calendars(tx, feeds, wanted.app.clock.now().date())
    looked.problems += calendars.problems
    others = sources_refusing(tx)
    looked.warnings += [*(text for text in others if text not in calendars.problems), *calendars.warnings]
    for item in listings:
        title = item.title
        have = known.get(title.key)
        if title.wish is None:
            continue
        if have and is_settled(title, have):
            looked.entries[title.key] = have.pin.id
            _warn_of_silence(wanted, title, have, looked)
        else:
            _look_for_one(wanted, item, looked)
    looked.warnings += [f"{_named(names)}: {text}" for text, names in looked.silent.items()]
    if looked.left:
        say(f"{count(looked.left, 'more title')} will be looked for by `reminder run`, or now by `reminder refresh`")
    return looked


def _look_for_one(wanted: CommandContext, item: ListedEntry, looked: SourceCheck) -> None:
    """Look for a title, as long as it is one of the first of so many."""
    if looked.searched >= SEARCHED:
        looked.left += 1
        return
    found = picking.search(wanted, item)
    looked.searched += found is not None
    if found is None or isinstance(found, NoAnswer):
        reason = found.reason if found else unserved(item.title, wanted.there)
        if reason:
            looked.silent[f"no source could be asked ({reason})"].append(item.title.name)
    elif isinstance(found, Plain):
        looked.entries[item.title.key] = found.match.id
        looked.chosen.append((item, found.match))
        say(f"{item.title.name}: found {found.match} ({found.why})")
    else:
        _unclear(wanted, item, found.why, found.matches, looked)


def _named(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names) if rest < 2 else f"{', '.join(names[:NAMED])} and {rest} more"


def _warn_of_silence(wanted: CommandContext, title: Title, known: SourceState, looked: SourceCheck) -> None:
    if wanted.there.source(known.pin.source, known.pin.ref) is None:
        looked.silent[f"not asked about: {known.pin.source} is switched off or not set up"].append(title.name)
    elif known.stands_in:
        there = known.stands_in
        looked.silent[f"its entry is gone ({known.silence}); {there} gives the dates: write source: {there}"].append(
            title.name
        )
    elif known.silence:
        looked.silent[f"the source gives no answer ({known.silence}); the dates stay"].append(title.name)
    looked.warnings += [f"{title.name}: two sources are more than a day apart: {clash}" for clash in known.clashes]


def _unclear(
    wanted: CommandContext, item: ListedEntry, why: str, matches: tuple[Match, ...], looked: SourceCheck
) -> None:
    name = item.title.name
    if matches and picking.may_ask() and not wanted.json:
        match = picking.pick(wanted, item, only_plain=False)
        if match is not None:
            looked.entries[item.title.key] = match.id
            looked.chosen.append((item, match))
            looked.picked.append((item, match))
        return
    known = "; ".join(str(match) for match in matches[:5])
    hint = f"write source: to say which: {known}" if known else "write its date, or source: none"
    looked.warnings.append(f"{name}: {why}; {hint}")


def pin_chosen(wanted: CommandContext, looked: SourceCheck) -> None:
    """Pin what was found, where there is a database; where none is yet, `run` finds the same."""
    path = wanted.app.database_path
    if path is not None and not path.exists():
        for item, match in looked.picked:
            say(
                f"{item.title.name}: there is no database yet to keep this in; "
                f'write source: "{match.id}" in the config.'
            )
        return
    if not looked.chosen:
        return
    now = wanted.app.clock.now()
    try:
        with closing(wanted.app.open_store()) as store, store.write() as tx:
            found = (
                FoundEntry(key=item.title.key, match=match, is_persons=(item, match) in looked.picked)
                for item, match in looked.chosen
            )
            pin_entries(tx, found, now)
    except StoreError as error:
        say(f"What was found could not be kept: {error}")
