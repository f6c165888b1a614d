"""Follows a repeating event whose rule has changed: its instances go on as those of the new rule, or are left out.

A rule says of a stretch of days on which of them something is. So what was an instance and is none any more has moved,
where the whole series is on other days now, and else is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from reminder.core.dates.when import CANCELLED
from reminder.core.sourcing.answers import Stated

LEFT_OUT: Final = "the calendar leaves this day out"
NEAR: Final = timedelta(days=6)
"""So far an instance moves when its series goes to another weekday; what is farther off is another instance."""


@dataclass(kw_only=True)
class _Series:
    """The instances to come of one event by their days; `until` is the day up to which its rule was read."""

    days: dict[date, Stated] = field(default_factory=dict)
    until: date | None = None

    @property
    def repeats(self) -> bool:
        """Whether any of its days is an instance of a rule."""
        return any(_instance(item) for item in self.days.values())

    def left_out_by(self, new: _Series, until: date, moved: Container[date]) -> Iterator[Stated]:
        """Yield the instances up to `until` that the new rule neither has nor has `moved`."""
        for day, instance in self.days.items():
            if day <= until and day not in new.days and day not in moved:
                yield instance


def go_on(stated: Sequence[Stated], before: Iterable[Stated], today: date) -> tuple[Stated, ...]:
    """Given what a calendar states and stated before, return it with the instances of changed rules known again."""
    now = _by_event(stated, today)
    moved_to: dict[str, str] = {}
    left_out: list[Stated] = []
    for event, old in _by_event(before, today).items():
        new = now.get(event)
        if new is not None and new.until is not None and old.repeats:
            moved = _moved(old.days.keys() - new.days.keys(), new.days.keys() - old.days.keys())
            moved_to |= {new.days[to].id or "": old.days[day].id or "" for day, to in moved.items()}
            left_out += old.left_out_by(new, new.until, moved)
    return (
        *(replace(item, id=moved_to.get(item.id or "", item.id)) for item in stated),
        *(replace(item, when=CANCELLED, rule=LEFT_OUT) for item in left_out),
    )


def _by_event(stated: Iterable[Stated], today: date) -> Mapping[str, _Series]:
    """Return the instances to come by the identity of their event; one that does not repeat is an instance, too."""
    found: dict[str, _Series] = defaultdict(_Series)
    for item in stated:
        if item.id is None or (not item.by_day and item.until is None):
            continue
        day = _instance(item)
        series = found[item.id.rpartition("/")[0] if day else item.id]
        series.until = item.until or series.until
        day = day or item.on
        if day is not None and day >= today:
            series.days[day] = item
    return found


def _instance(item: Stated) -> date | None:
    """Return the day by which something is one of a series: it stands behind the identity of its event."""
    said = (item.id or "").rpartition("/")[2].partition("T")[0]
    if not (len(said) == 8 and said.isascii() and said.isdecimal() and "/" in (item.id or "")):
        return None
    try:
        return date(int(said[:4]), int(said[4:6]), int(said[6:]))
    except ValueError:
        return None


def _moved(old: Iterable[date], new: Iterable[date]) -> dict[date, date]:
    return dict(_nearest(sorted(old), sorted(new)))


def _nearest(old: Sequence[date], new: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Yield each day of before with the nearest that no earlier one has taken."""
    left = list(new)
    for day in old:
        near = min(
            (there for there in left if abs(there - day) <= NEAR), key=lambda there: abs(there - day), default=None
        )
        if near is not None:
            left = [there for there in left if there > near]
            yield day, near
