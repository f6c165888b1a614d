"""Finds the releases of an answer that were followed before: by the source's own number, else by their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reminder.core.model.entities import Release
from reminder.core.model.ledger import Ref
from reminder.core.sourcing.answers import Stated
from reminder.core.sourcing.resolved import Origin
from reminder.core.sourcing.select_release import SelectedRelease


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The followed releases that an answer has, and their new labels.

    `places` maps each release of before that the answer has to the one that it is now, or has become a part of;
    `relabelled` holds those that go on under another season or number.
    """

    places: Mapping[Ref, Ref] = field(default_factory=dict)
    relabelled: Mapping[Ref, Ref] = field(default_factory=dict)


def origin_of(source: str, chosen: SelectedRelease) -> Origin:
    """Return what a release is made of."""
    lead = [item for item in chosen.stated if item.number == chosen.release.first]
    ordered = [*lead, *(item for item in chosen.stated if item not in lead)]
    return Origin(ref=chosen.release.ref, ids=tuple(own for item in ordered if (own := own_id(source, item))))


def own_id(source: str, item: Stated) -> str | None:
    """Return the source's own number for an episode, or for a season, in a form that names both apart."""
    if item.id is None:
        return None
    return f"{source}:{'season ' if item.number is None else ''}{item.id}"


def match(
    before: Sequence[Release], origins: Mapping[Ref, Origin], source: str, chosen: Sequence[SelectedRelease]
) -> Matched:
    """Given what was followed and what an answer has now, return which is which."""
    matcher = _Matcher(before=before, origins=origins, now={item.release.ref: item.release for item in chosen})
    matcher.ids = {own: item.ref for item in (origin_of(source, each) for each in chosen) for own in item.ids}
    matcher.leads = {item.ref: item.ids[0] for item in (origin_of(source, each) for each in chosen) if item.ids}
    matcher.by_label_and_date()
    matcher.by_lead()
    matcher.by_part()
    matcher.by_place()
    matcher.premieres()
    matcher.by_date()
    relabelled = {old: new for new, old in matcher.claims.items() if old != new}
    return Matched(places=matcher.places, relabelled=relabelled)


@dataclass(kw_only=True)
class _Matcher:
    """Matches what was followed `before` with what is stated `now`; `claims` says which each of now continues."""

    before: Sequence[Release]
    origins: Mapping[Ref, Origin]
    now: Mapping[Ref, Release]
    ids: dict[str, Ref] = field(default_factory=dict)
    leads: dict[Ref, str] = field(default_factory=dict)
    claims: dict[Ref, Ref] = field(default_factory=dict)
    places: dict[Ref, Ref] = field(default_factory=dict)

    def _left(self) -> list[Release]:
        return [item for item in self.before if item.ref not in self.places]

    def _own(self, item: Release) -> str | None:
        origin = self.origins.get(item.ref)
        return origin.ids[0] if origin and origin.ids else None

    def _take(self, old: Ref, new: Ref) -> None:
        self.places[old] = new
        self.claims.setdefault(new, old)

    def by_label_and_date(self) -> None:
        """Match what has kept its label and its date: for readers that is the same, whatever stands behind it."""
        for item in self._left():
            there = self.now.get(item.ref)
            if there is not None and there.when.is_dated and there.when == item.when:
                self._take(item.ref, item.ref)

    def by_lead(self) -> None:
        """Match what begins with the same episode by the source's own number."""
        for item in self._left():
            own = self._own(item)
            there = self.ids.get(own) if own else None
            if there is not None and self.leads.get(there) == own and there not in self.claims:
                self._take(item.ref, there)

    def by_part(self) -> None:
        """Match what has become a part of another release: episodes that have come to be out on one day."""
        for item in self._left():
            own = self._own(item)
            if own in self.ids:
                self._take(item.ref, self.ids[own])

    def by_place(self) -> None:
        """Match by season and number what the source gives no number for, or has entered again under a new one."""
        known = {own for item in self.before if (own := self._own(item))}
        for item in self._left():
            there = next((new for new in self.now.values() if _takes_in(new, item)), None)
            if there is None or self.leads.get(there.ref) in known:
                continue
            self._take(item.ref, there.ref)

    def premieres(self) -> None:
        """Let a premiere go on as the premiere where its episode is gone and the next has taken its place."""
        for item in self._left():
            if item.first == 1 and item.ref in self.now:
                self.claims[item.ref] = item.ref
                self.places[item.ref] = item.ref

    def by_date(self) -> None:
        """Match what stands at the same day and hour under a label that nobody had before."""
        had = {item.ref for item in self.before}
        for item in self._left():
            if not item.when.is_dated:
                continue
            there = [new for new in self.now.values() if new.when == item.when and new.ref not in had]
            if len(there) == 1 and there[0].ref not in self.claims:
                self._take(item.ref, there[0].ref)


def _takes_in(one: Release, other: Release) -> bool:
    """Tell whether a release is the other, or takes it in: episodes that have come to be out on one day."""
    if one.day is not None:
        return one.ref == other.ref
    if one.season != other.season:
        # A work has its dates in one way: a film none by season, a series none without.
        return (one.season is None) != (other.season is None)
    return one.first <= other.first <= (one.last or one.first)
