"""Rows: their types describe every field that a program gets, and no kind is left without a description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from pydantic import TypeAdapter
from typing_extensions import is_typeddict

import reminder.usecases.rows
from reminder.core.model.entities import Title
from reminder.usecases.rows.titles import TitleRow

NOT_OF_THE_ROW: Final = {"premiere", "source_options", "sourced", "was"}
"""Fields of a title that stand in its row in another form, or not at all."""


def rows() -> Iterator[type[Any]]:
    """Yield each type of row."""
    for found in iter_modules(reminder.usecases.rows.__path__):
        module = import_module(f"{reminder.usecases.rows.__name__}.{found.name}")
        for name, each in vars(module).items():
            if name.endswith("Row") and is_typeddict(each) and each.__module__ == module.__name__:
                yield each


def test_every_row_has_a_schema_with_its_fields() -> None:
    wrong = []
    for row in rows():
        schema = TypeAdapter(row).json_schema()
        schema = schema if "properties" in schema else schema["$defs"][row.__name__]
        if set(schema["properties"]) != set(row.__annotations__):
            wrong.append(row.__name__)
        if not row.__doc__ and row.__name__ != "ChangeRow":
            wrong.append(f"{row.__name__} says nothing of itself")
    assert wrong == []


def test_a_field_that_a_title_gains_stands_in_its_row() -> None:
    names = {"title" if field.name == "name" else field.name for field in fields(Title)}
    assert names - NOT_OF_THE_ROW - set(TitleRow.__annotations__) == set()
