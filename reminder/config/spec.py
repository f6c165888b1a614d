"""The parts that models of the config are made of: mappings that refuse strange keys, values of several forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
