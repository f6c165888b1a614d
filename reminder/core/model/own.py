"""What somebody has chosen for themselves, beside what the config or an import says of them (SPEC 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from reminder.core.model.channels import base_name, next_name
from reminder.core.model.entities import ChannelUse, FormerHours, FormerUse, Kind, Subscriber

UNPROVED: Final = frozenset({str(Kind.CODE)})
"""What a use takes whose address has not proved itself: the code that it is to be proved by, and nothing else."""

CHOOSABLE: Final = frozenset({"zone", "at", "quiet", "remind", "notices", "digest", "hour_style", "language"})
"""The fields of a Subscriber that somebody may choose for themselves."""

MOST_FORMER: Final = 12


def is_proved(use: ChannelUse) -> bool:
    """Tell whether an address counts: it has proved itself, or the config or an import has it."""
    return use.only != UNPROVED


@dataclass(frozen=True, kw_only=True)
class Own:
    """What somebody has chosen: addresses on shared channels, and settings.

    `chosen` names the fields of `settings` that count instead of those listed. `labels` says what an address is, by
    the name of its use: `Firefox on Android`. `former` are the hours, and `former_uses` the addresses, that were
    theirs by their own choice before. `is_owner` is set for whom the owner has made one, too: it counts once an
    address of theirs has proved itself. `left_at` is when somebody who is imported has left: no import brings them
    back. `ended` are uses that they have ended by themselves, though they be listed: nothing goes there, until the
    listing has another address. `joined` is what was known of somebody who had joined when the config came to list
    them: when it does so no more, they are that again.
    """

    channels: tuple[ChannelUse, ...] = ()
    settings: Subscriber | None = None
    chosen: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    former: tuple[FormerHours, ...] = ()
    former_uses: tuple[FormerUse, ...] = ()
    is_owner: bool = False
    left_at: datetime | None = None
    ended: tuple[ChannelUse, ...] = ()
    joined: Subscriber | None = None

    def beside(self, listed: Sequence[ChannelUse]) -> tuple[Own, Mapping[str, str]]:
        """Return it with its addresses under names that nothing listed has, and which names have become which.

        An address that is listed by now needs no name of its own.
        """
        names, ends = {use.name for use in listed}, {_end(use) for use in listed}
        taken = names | {use.name for use in self.channels}
        renamed: dict[str, str] = {}
        for use in self.channels:
            if use.name in names and _end(use) not in ends:
                renamed[use.name] = next_name(base_name(use.name), taken)
                taken.add(renamed[use.name])
        return replace(
            self,
            channels=tuple(replace(use, name=renamed.get(use.name, use.name)) for use in self.channels),
            labels={renamed.get(name, name): label for name, label in self.labels.items()},
        ), renamed

    def over(self, person: Subscriber) -> Subscriber:
        """Return who somebody is, given what is listed of them: what they have chosen counts."""
        values = _values(self)
        ended = {_end(use) for use in self.ended}
        listed = tuple(use for use in person.channels if _end(use) not in ended)
        taken = {use.name for use in listed}
        return replace(
            person,
            **values,
            channels=(*listed, *(use for use in self.channels if use.name not in taken)),
            former=tuple(sorted((*person.former, *self.former), key=lambda each: each.until_at)),
            former_uses=tuple(sorted((*person.former_uses, *self.former_uses), key=lambda each: each.until_at)),
            is_owner=self.is_owner and any(map(is_proved, (*listed, *self.channels))),
        )

    def choosing(self, person: Subscriber, values: Mapping[str, Any], now: datetime) -> Own:
        """Return what somebody, who is `person` so far, has chosen once these fields are as `values` from `now` on.

        Raises ValueError for a field that nobody may choose.
        """
        if not values.keys() <= CHOOSABLE:
            raise ValueError(f"nobody may choose {', '.join(sorted(values.keys() - CHOOSABLE))}")
        after = replace(self.settings or person, **values)
        moved = {"at", "zone"} & values.keys() and (person.at, person.zone.key) != (
            values.get("at", person.at),
            values.get("zone", person.zone).key,
        )
        former = (*self.former, FormerHours(at=person.at, zone=person.zone, until_at=now)) if moved else self.former
        return replace(
            self,
            settings=replace(after, name="", channels=(), former=(), former_uses=(), muted=frozenset()),
            chosen=self.chosen | values.keys(),
            former=former[-MOST_FORMER:],
        )

    def joined_by(self, newer: Own) -> Own:
        """Return it with what the same person has chosen under another name: what they chose there counts."""
        taken = {use.name for use in newer.channels}
        both = {**_values(self), **_values(newer)}
        basis = newer.settings or self.settings
        return replace(
            newer,
            channels=(*(use for use in self.channels if use.name not in taken), *newer.channels),
            settings=replace(basis, **both) if basis is not None else None,
            chosen=self.chosen | newer.chosen,
            labels={**self.labels, **newer.labels},
            former=(*self.former, *newer.former)[-MOST_FORMER:],
            former_uses=(*self.former_uses, *newer.former_uses)[-MOST_FORMER:],
            is_owner=self.is_owner or newer.is_owner,
            ended=(*self.ended, *newer.ended),
        )

    def with_use(self, use: ChannelUse, label: str = "") -> Own:
        """Return it with one more address, or with another form of one that is there."""
        others = tuple(each for each in self.channels if each.name != use.name)
        labels = {**self.labels, use.name: label} if label else self.labels
        return replace(self, channels=(*others, use), labels=labels)

    def taking(self, channel: str, only: frozenset[str]) -> Own:
        """Return it with all its addresses on a channel that have proved themselves taking what the channel takes."""

        def now_taking(use: ChannelUse) -> ChannelUse:
            return replace(use, only=only) if base_name(use.name) == channel and is_proved(use) else use

        return replace(self, channels=tuple(map(now_taking, self.channels)), ended=tuple(map(now_taking, self.ended)))

    def ending(self, use: ChannelUse, now: datetime) -> Own:
        """Return it with a use ended, listed or their own; what is still owed there goes to those that are left."""
        if any(each.name == use.name for each in self.channels):
            return replace(self.without_use(use.name, now), ended=(*self.ended, use))
        former = (*self.former_uses, FormerUse(use=use, until_at=now))[-MOST_FORMER:]
        return replace(self, ended=(*self.ended, use), former_uses=former)

    def taking_again(self, use: ChannelUse, person: Subscriber) -> Own:
        """Return it with an ended use taken up again, given what is listed of the person."""
        left = replace(self, ended=tuple(each for each in self.ended if _end(each) != _end(use)))
        is_listed = any(_end(each) == _end(use) for each in person.channels)
        return left if is_listed else left.with_use(use)

    def without_use(self, name: str, now: datetime) -> Own:
        """Return it without an address; what is still owed there goes to those that are left."""
        gone = [use for use in self.channels if use.name == name]
        left = [FormerUse(use=use, until_at=now) for use in gone if is_proved(use)]
        return replace(
            self,
            channels=tuple(use for use in self.channels if use.name != name),
            labels={each: label for each, label in self.labels.items() if each != name},
            former_uses=(*self.former_uses, *left)[-MOST_FORMER:],
        )


def _values(own: Own) -> dict[str, Any]:
    """Return the settings that somebody has chosen, by name."""
    return {name: getattr(own.settings, name) for name in own.chosen} if own.settings else {}


def _end(use: ChannelUse) -> tuple[str, str | None]:
    return use.name, use.address
