"""`column IN (these values)` with one parameter, however many they are: SQLite through JSON, PostgreSQL as an array.

An `IN` with a parameter for each value is compiled anew for each number of them, which costs more than the look-up.
To build a statement costs more than to run it, too: what runs in every pass is built once, and given its values by
name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any, Self

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

Pair = tuple[int, str]
"""A subscriber's row, and the name of a channel."""


def one_of(column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a column of numbers holds one of `ids`; none does when there are none."""
    return _OneOf(column, bindparam(None, list(ids), _Many(BigInteger())))


def one_of_those(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return the condition that a column of numbers holds one of those that are given by `name` when it runs."""
    return _OneOf(column, bindparam(name, type_=_Many(BigInteger())))


def pair_of_those(number: ColumnElement[int], name: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that two columns hold one of the pairs that are given by `these` when it runs."""
    return _PairOf(number, name, bindparam("ids", type_=_Many(BigInteger())), bindparam("names", type_=_Many(Text())))


def these(pairs: Collection[Pair]) -> dict[str, list[Any]]:
    """Return the parameters for `pair_of_those`."""
    return {"ids": [id_ for id_, _ in pairs], "names": [name for _, name in pairs]}


def pair_of(number: ColumnElement[int], name: ColumnElement[Any], pairs: Collection[Pair]) -> ColumnElement[bool]:
    """Return the condition that two columns hold one of `pairs`."""
    ids, names = [id_ for id_, _ in pairs], [name for _, name in pairs]
    return _PairOf(number, name, bindparam(None, ids, _Many(BigInteger())), bindparam(None, names, _Many(Text())))


class _Many(TypeDecorator[list[Any]]):
    """A list as one parameter: an array, or JSON where the database has no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _as_json if dialect.name == "sqlite" else list


def _as_json(items: Collection[Any]) -> str:
    return json.dumps(list(items))


class _Condition(FunctionElement[bool]):
    """Two lists as they are compared, which is true or false already."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        # Where a database has no type for truth, a condition would be compared with 1, past every index.
        return self


class _OneOf(_Condition):
    inherit_cache = True


class _PairOf(_Condition):
    inherit_cache = True


# The parts are what SQLAlchemy compiled: names of columns and marks of parameters, never a value (hence no S608).


@compiles(_OneOf)
def _one_of(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({ids})"


@compiles(_OneOf, "sqlite")
def _one_of_json(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608


@compiles(_PairOf)
def _pair_of(element: _PairOf, compiler: SQLCompiler, **options: Any) -> str:
    number, name, ids, names = (compiler.process(part, **options) for part in element.clauses)
    return f"({number}, {name}) IN (SELECT * FROM unnest({ids}, {names}))"  # noqa: S608


@compiles(_PairOf, "sqlite")
def _pair_of_json(element: _PairOf, compiler: SQLCompiler, **options: Any) -> str:
    number, name, ids, names = (compiler.process(part, **options) for part in element.clauses)
    both = f"json_each({ids}) AS one JOIN json_each({names}) AS other ON one.key = other.key"
    return f"({number}, {name}) IN (SELECT one.value, other.value FROM {both})"  # noqa: S608
