"""The JSON Schema of the config for editors, made from the models that validate it."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from reminder.config.schema.whole import ConfigSpec

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes up from the names of the fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema of the config, with descriptions and examples (SPEC 7: `reminder config schema`)."""
    made = ConfigSpec.model_json_schema(schema_generator=_Plain)
    return {"$schema": DIALECT, **_without_null_defaults(made)}


def schema_text() -> str:
    """Return the JSON Schema as it is printed and kept beside the example."""
    return json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_null_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_null_defaults(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_null_defaults(item) for key, item in value.items() if not (key == "default" and item is None)}
