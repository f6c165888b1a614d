"""The description of the API: the committed file is what the code makes, it is sound, and it says of each thing what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import validate

from reminder.web.api.routes import all_calls, description
from tests.support.docs import ROOT
from tests.support.pages import HERE, House

FILE = ROOT / "openapi.json"


def test_the_committed_description_is_what_the_code_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == description(), "reminder web openapi > openapi.json"


def test_the_description_is_sound() -> None:
    validate(json.loads(description()))


def test_the_description_is_served_to_anyone() -> None:
    answer = House("web: {}", "2025-07-02 12:00").site_app.test_client().get("/api/openapi.json", base_url=HERE)
    assert (answer.mimetype, answer.text) == ("application/json", description())


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each field of each schema, with the name of its schema."""
    for name, schema in json.loads(description())["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            yield name, field, about


def is_described(about: dict[str, Any]) -> bool:
    """Tell whether a field says what it is, itself or by its type."""
    if "description" in about or "$ref" in about:
        return True
    return any(is_described(each) for each in (*about.get("anyOf", ()), about.get("items", {})) if each)


def test_every_field_says_what_it_is() -> None:
    silent = [f"{name}.{field}" for name, field, about in fields() if not is_described(about)]
    assert silent == []


def test_every_schema_and_every_parameter_says_what_it_is() -> None:
    whole = json.loads(description())
    silent = [name for name, schema in whole["components"]["schemas"].items() if not schema.get("description")]
    for path, calls in whole["paths"].items():
        for call in calls.values():
            silent += [f"{path} {each['name']}" for each in call["parameters"] if not each.get("description")]
    assert silent == []


def test_every_call_is_described_once() -> None:
    names = [call.name for call in all_calls()]
    assert len(names) == len(set(names))
