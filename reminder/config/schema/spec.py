"""The parts that models of the config are made of: mappings that refuse strange keys, values of several forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, ConfigDict, Discriminator, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema


class Spec(BaseModel):
    """A mapping of the config. An unknown key is an error; a key with nothing after it counts as not written."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_nothing(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}


@dataclass(frozen=True, eq=False)
class Built:
    """Makes a field of a value that may be written in several forms: `form` reads it, `build` makes one of them."""

    form: Any
    build: Callable[[Any], object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read the form, then build."""
        return core_schema.no_info_after_validator_function(self.build, handler.generate_schema(self.form))


def shape(value: object) -> str:
    """Return which form was written; the mark tells such steps from the config's own in pydantic's paths."""
    return "~list" if isinstance(value, list) else "~mapping" if isinstance(value, dict) else "~text"


def one_form(what: str) -> Discriminator:
    """Choose among the forms of a value; where the form is none of them, say `what` may be written."""
    return Discriminator(shape, custom_error_type="form", custom_error_message=what)


@dataclass(frozen=True)
class TitleOption:
    """How a field of a title is said on the command line: `add` and `change` have an option for each that carries this.

    It is called as the key of the config, and stands at `place` in the help. `words` are what the shell completes it
    to. `is_date` says that a time may lack its zone, `is_list` that commas part its texts, `is_flow` that it may also
    be written in brackets or braces as in the config. A `is_flag` takes no value. `is_for_change`: `add` has it not.
    """

    place: int
    metavar: str
    help: str
    words: tuple[str, ...] = ()
    is_date: bool = False
    is_list: bool = False
    is_flow: bool = False
    is_flag: bool = False
    is_for_change: bool = False


def options_of(model: type[Spec]) -> dict[str, TitleOption]:
    """Return the options of a model's fields by the key of the config, in the order of the help."""
    said = {
        field.alias or name: option
        for name, field in model.model_fields.items()
        for option in field.metadata
        if isinstance(option, TitleOption)
    }
    return dict(sorted(said.items(), key=lambda item: item[1].place))


def told(spec: Spec, of: type) -> dict[str, Any]:
    """Return what a mapping says for the fields of a dataclass that are called as its own."""
    return {name: value for name in shared(type(spec), of) if (value := getattr(spec, name)) is not None}


def shared(model: type[Spec], of: type) -> tuple[str, ...]:
    """Return the names of the fields that a model and a dataclass have in common."""
    own = {field.name for field in fields(of)}
    return tuple(name for name in model.model_fields if name in own)
