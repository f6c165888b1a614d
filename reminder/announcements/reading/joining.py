"""Joins what two readers found in one announcement: our own, and what is believed of the second one.

The second one fills what our own did not find, settles what was close, and takes the place of what was unsure. Where
the two differ on what our own is sure of, our own stands, and the other value is among the alternatives. Where they
differ on the title itself, nothing is filled in: what the second one found is of another work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from reminder.announcements.reading.believing import FIELDS, Belief, Believed
from reminder.announcements.reading.candidates import folded
from reminder.announcements.reading.proposal import Alternative, Announcement, By, Choice, written
from reminder.core.dates.when import When

SECOND_READER: Final = "second reader"
LESS_SURE: Final = "less sure"


def may_be_helped(own: Announcement) -> bool:
    """Tell whether a second reader can help: a field is missing or unsure, or two values are close."""
    return bool(own.choices) or any(own.value_of(name) is None or not own.is_sure_of(name) for name in FIELDS)


def joined(own: Announcement, belief: Belief) -> Announcement:
    """Given what our own reader found and what is believed of the second one, return what both propose."""
    found = _filled(_settled(own, belief), belief)
    return replace(found, choices=tuple(_filled_choice(choice, belief) for choice in found.choices))


def _filled(own: Announcement, belief: Belief, left_out: str | None = None) -> Announcement:
    """Return a reading with each field of the second reader, but for one, in its place or beside it."""
    is_of_another = _is_of_another(own, belief)
    for name in FIELDS:
        said = belief.believed.get(name)
        if said is not None and name != left_out:
            own = _beside(own, name, said) if is_of_another else _with(own, name, said)
        elif own.value_of(name) is not None:
            own = replace(own, readers={**own.readers, name: By.OWN})
    return own


def _filled_choice(choice: Choice, belief: Belief) -> Choice:
    """Return a choice that is still open; whichever is taken, the other fields are what both readers propose."""
    first, second = (
        replace(option, reading=_filled(option.reading, belief, left_out=choice.field)) for option in choice.options
    )
    return replace(choice, options=(first, second))


def _settled(own: Announcement, belief: Belief) -> Announcement:
    """Return the reading that the second reader means, where two values were close; else our own."""
    found = own
    for choice in own.choices:
        said = belief.believed.get(choice.field)
        if said is None:
            continue
        first, second = choice.options
        if _same(first.reading.value_of(choice.field), said.value):
            found = replace(found, choices=_without(found.choices, choice))
        elif _same(second.reading.value_of(choice.field), said.value):
            return second.reading
    return found


def _without(choices: tuple[Choice, ...], settled: Choice) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice is not settled)


def _with(own: Announcement, name: str, said: Believed) -> Announcement:
    """Return a reading with one field of the second reader, in its place or beside it."""
    value = own.value_of(name)
    if value is None:
        return _taken(own, name, said)
    if _same(value, said.value):
        return replace(own, readers={**own.readers, name: By.BOTH})
    if own.is_sure_of(name):
        return _beside(own, name, said)
    sentence = own.evidence.get(name, "")
    other = Alternative(field=name, value=_shown(value), reason=LESS_SURE, sentence=sentence)
    return replace(_taken(own, name, said), alternatives=(*own.alternatives, other))


def _is_of_another(own: Announcement, belief: Belief) -> bool:
    """Tell whether the second reader means another work than our own, which is sure of its title."""
    said = belief.believed.get("title")
    return said is not None and own.title is not None and own.is_sure_of("title") and not _same(own.title, said.value)


def _beside(own: Announcement, name: str, said: Believed) -> Announcement:
    """Return a reading that stands as it is; where the second reader's value is another, that is an alternative."""
    value = own.value_of(name)
    readers = own.readers if value is None else {**own.readers, name: By.OWN}
    if _same(value, said.value):
        return replace(own, readers=readers)
    other = Alternative(field=name, value=_shown(said.value), reason=SECOND_READER, sentence=said.sentence)
    others = (each for each in own.alternatives if replace(each, reason=SECOND_READER) != other)
    return replace(own, readers=readers, alternatives=(*others, other))


def _taken(own: Announcement, name: str, said: Believed) -> Announcement:
    values: dict[str, Any] = {name: said.value}
    if name == "premiere":
        values["inferred"] = said.inferred
    return replace(
        own,
        evidence={**own.evidence, name: said.sentence},
        confidence={field: sure for field, sure in own.confidence.items() if field != name},
        readers={**own.readers, name: By.SECOND},
        choices=tuple(choice for choice in own.choices if choice.field != name),
        **values,
    )


def _same(own: object, said: object) -> bool:
    """Tell whether two values say the same; of two dates of one day, one may have its hour."""
    if isinstance(own, When) and isinstance(said, When):
        days = [when.day_in(when.zone) if when.zone else when.on for when in (own, said)]
        return own == said or (days[0] is not None and days[0] == days[1] and own.precision != said.precision)
    if isinstance(own, str) and isinstance(said, str):
        return folded(own) == folded(said)
    return own == said


def _shown(value: object) -> str:
    return (written(value) or "") if isinstance(value, When) else str(value)
