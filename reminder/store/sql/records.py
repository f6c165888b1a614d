"""Turns the values of the domain into JSON and back, by the fields and types that their dataclasses declare.

Standard library only: a look at the database never loads pydantic, which takes as long to import as many a look.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from reminder.core.dates.local_time import QuietHours, parse_time
from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.drop import Drop
from reminder.core.model.lead import Ladder
from reminder.core.model.source_options import parse_offset, show_offset
from reminder.core.schedule.season import dump_drop, parse_drop

Json = dict[str, Any]
T = TypeVar("T")


class Form(NamedTuple):
    """How a value of one type stands in JSON: `dump` writes it, `load` reads it. None: JSON holds it as it is."""

    dump: Callable[[Any], Any] | None = None
    load: Callable[[Any], Any] | None = None


#: the types that are stored as people write them
FORMS: Final[Mapping[type, Form]] = {
    When: Form(When.show, load_when),
    Ladder: Form(Ladder.dump, Ladder.load),
    Drop: Form(dump_drop, parse_drop),
    QuietHours: Form(str, QuietHours.parse),
    ZoneInfo: Form(lambda zone: zone.key, ZoneInfo),
    datetime: Form(datetime.isoformat, datetime.fromisoformat),
    date: Form(date.isoformat, date.fromisoformat),
    time: Form(lambda at: at.isoformat("minutes"), parse_time),
    timedelta: Form(show_offset, parse_offset),
}


class _Stored(NamedTuple):
    """One field: its names in the dataclass and in JSON, its form, and its default; MISSING is always written."""

    name: str
    key: str
    form: Form
    default: object


class Record(Generic[T]):
    """Writes and reads the values of one dataclass.

    A field that is new needs nothing here: it is left out of JSON at its default, so that older rows can be read.
    `always` names the fields that are written at their default too, None for all of them. `without` names those that
    are not stored here; values for them are given to `load`. `renamed` gives the name in JSON where it is another one;
    the end of `since_at` is left away. `parts` are the records of the dataclasses that fields of this one hold.
    """

    def __init__(
        self,
        of: type[T],
        *,
        always: Collection[str] = (),
        without: Collection[str] = (),
        renamed: Mapping[str, str] | None = None,
        parts: Collection[Record[Any]] = (),
    ) -> None:
        self.of = of
        self._always, self._without, self._renamed = always, without, renamed or {}
        self._forms = {**FORMS, **{part.of: Form(part.dump, part.load) for part in parts}}

    @cached_property
    def _fields(self) -> tuple[_Stored, ...]:
        """The stored fields in the order of the dataclass; worked out at the first use, which not every command has."""
        hints = typing.get_type_hints(self.of)
        declared = fields(self.of)  # type: ignore[arg-type]  # it is a dataclass, which T cannot say
        kept = [item for item in declared if item.name not in self._without]
        return tuple(
            _Stored(
                item.name,
                self._renamed.get(item.name, item.name.removesuffix("_at")),
                self._form(hints[item.name]),
                MISSING if item.name in self._always else _default(item),
            )
            for item in kept
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names in JSON, in the order in which they are written."""
        return tuple(item.key for item in self._fields)

    def dump(self, value: T) -> Json:
        """Return a value as JSON, without what stands at its default."""
        spec = {}
        for name, key, (dump, _), default in self._fields:
            item = getattr(value, name)
            if item is not default and item != default:
                spec[key] = item if dump is None or item is None else dump(item)
        return spec

    def load(self, spec: Json, **more: Any) -> T:
        """Return the value that `dump` wrote; `more` are the fields that are stored elsewhere."""
        for name, key, (_, load), _default in self._fields:
            if key in spec:
                item = spec[key]
                more[name] = item if load is None or item is None else load(item)
        return self.of(**more)

    def _form(self, hint: Any) -> Form:
        """Return the form of a declared type. Raises TypeError for one that has none."""
        origin, of = typing.get_origin(hint), typing.get_args(hint)
        if origin in {types.UnionType, typing.Union}:
            (hint,) = (item for item in of if item is not type(None))  # None stands in JSON as it is
            return self._form(hint)
        if origin in {tuple, frozenset}:
            return _listed(origin, self._form(of[0]))
        if origin in {dict, Mapping}:
            return _mapped(self._form(of[1]))
        if hint in self._forms:
            return self._forms[hint]
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return Form(None, hint)  # each is a StrEnum, which JSON writes as its text
        if hint in {str, int, bool, float}:
            return Form()
        raise TypeError(f"{self.of.__name__}: no form in JSON is known for {hint}")


def _default(item: Field[Any]) -> object:
    return item.default if item.default_factory is MISSING else item.default_factory()


def _listed(kind: type, form: Form) -> Form:
    """Return the form of several values: a tuple keeps its order, a set is sorted."""
    dump, load = form
    ordered = sorted if kind is frozenset else list
    return Form(
        ordered if dump is None else lambda items: ordered(map(dump, items)),
        kind if load is None else lambda items: kind(map(load, items)),
    )


def _mapped(form: Form) -> Form:
    """Return the form of values by name, each of which may be None."""
    dump, load = form
    return Form(
        dict
        if dump is None
        else lambda items: {key: None if item is None else dump(item) for key, item in items.items()},
        dict
        if load is None
        else lambda items: {key: None if item is None else load(item) for key, item in items.items()},
    )
