"""Events as they are written in a calendar file, and which of those that share an identity count (SPEC 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from reminder.core.dates.repeat_rule import Rule, RuleError, parse_rule
from reminder.core.model.names import is_visible
from reminder.core.sourcing.summaries import without_cancelled
from reminder.sources.ics_lines import IcsComponent, IcsProperty
from reminder.sources.ics_times import Local, NoTime, Zones, read_local, read_locals


@dataclass(frozen=True, kw_only=True)
class WrittenEvent:
    """An event as it stands in the file: a single one, a series, or, with `instance`, one of a series (an override)."""

    uid: str
    summary: str
    start: Local
    cancelled: bool = False
    category: str | None = None
    sequence: int = 0
    changed: str = ""
    rules: tuple[Rule, ...] = ()
    except_rules: tuple[Rule, ...] = ()
    added: tuple[Local, ...] = ()
    left_out: tuple[Local, ...] = ()
    instance: Local | None = None
    and_later: bool = False
    unread: str = ""

    @property
    def repeats(self) -> bool:
        """Tell whether it is a series."""
        return self.instance is None and bool(self.rules or self.added)


def read_event(part: IcsComponent, zones: Zones) -> WrittenEvent:
    """Given an event as it stands in the file, return it. Raises NoTime for one that has no start or no name."""
    line, summary = part.first("DTSTART"), part.text("SUMMARY")
    if line is None:
        raise NoTime("it has no start")
    if not summary:
        raise NoTime("it has no name")
    if not is_visible(summary):
        raise NoTime("its name consists of signs that cannot be seen")
    start = _start(line, zones)
    instance = part.first("RECURRENCE-ID")
    rules, unread = _rules(part.lines["RRULE"], start)
    except_rules, also_unread = _rules(part.lines["EXRULE"], start)
    category = part.text("CATEGORIES")
    called_off = without_cancelled(summary)
    return WrittenEvent(
        uid=part.text("UID"),
        summary=called_off or summary,
        start=start,
        cancelled=bool(called_off) or part.text("STATUS").upper() == "CANCELLED",
        category=category.partition(",")[0].strip() or None,
        sequence=_sequence(part.text("SEQUENCE")),
        changed=part.text("LAST-MODIFIED") or part.text("DTSTAMP"),
        rules=() if unread or also_unread else rules,
        except_rules=except_rules,
        added=_locals(part.lines["RDATE"], zones),
        left_out=_locals(part.lines["EXDATE"], zones),
        instance=_instance(instance, zones),
        and_later=bool(instance and instance.parameters.get("RANGE", "").upper() == "THISANDFUTURE"),
        unread=unread or also_unread,
    )


def _start(line: IcsProperty, zones: Zones) -> Local:
    try:
        return read_local(line, zones)
    except NoTime as error:
        raise NoTime(f"its start {error}") from None


def _locals(lines: Iterable[IcsProperty], zones: Zones) -> tuple[Local, ...]:
    return tuple(local for line in lines for local in read_locals(line, zones))


def _rules(lines: Iterable[IcsProperty], start: Local) -> tuple[tuple[Rule, ...], str]:
    """Return the rules, or else the part of them that is not read."""
    try:
        return tuple(parse_rule(line.value, start.clock) for line in lines if line.value), ""
    except RuleError as error:
        return (), str(error)


def _instance(line: IcsProperty | None, zones: Zones) -> Local | None:
    try:
        return read_local(line, zones) if line else None
    except NoTime as error:
        raise NoTime(f"the day that it stands for {error}") from None


def _sequence(text: str) -> int:
    whole = text.partition(".")[0].lstrip("+")
    return int(whole) if whole.isascii() and whole.isdecimal() and len(whole) < 10 else 0


# Identity ------------------------------------------------------------------------------------------------------------

Named = Callable[[str], object]
"""Given a summary, return the work and the part of it that it names, to be compared."""


def newest(written: Iterable[WrittenEvent], named: Named) -> list[WrittenEvent]:
    """Return what stands in a file with updates told apart from others of one UID (SPEC 9).

    Of two that share UID and instance, different names or numbers are two, and so are two starts of one SEQUENCE; else
    the higher SEQUENCE counts.
    """
    shared: dict[tuple[object, ...], list[WrittenEvent]] = {}
    for item in written:
        alone = item.start if not item.uid else None
        clock = item.instance.clock if item.instance else None
        shared.setdefault((item.uid, day_of(item), clock, item.and_later, alone), []).append(item)
    return [item for group in shared.values() for part in _by_name(group, named) for item in _current(part)]


def _by_name(group: list[WrittenEvent], named: Named) -> Iterable[list[WrittenEvent]]:
    """Return those that share an identity by what they name; most are alone, and their names need no reading."""
    if len(group) == 1:
        return [group]
    found: dict[object, list[WrittenEvent]] = {}
    for item in group:
        found.setdefault(named(item.summary), []).append(item)
    return found.values()


def day_of(item: WrittenEvent) -> date | None:
    """Return the day by which an event is one of a series; None for one that is not."""
    return item.instance.on if item.instance else None


def _current(group: list[WrittenEvent]) -> list[WrittenEvent]:
    """Return the events of the highest SEQUENCE, of each start the one changed last."""
    highest = max(item.sequence for item in group)
    ranked = sorted((item for item in group if item.sequence == highest), key=lambda item: (item.changed, item.summary))
    by_start = {(item.start.on, item.start.clock): item for item in ranked}
    return [by_start[key] for key in sorted(by_start, key=lambda key: (key[0], key[1] or time(0)))]
