"""A title, a person and a channel are described once: whatever their models have is everywhere else, without a list."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest

from reminder.config.build import title_of
from reminder.config.schema.json_schema import config_schema
from reminder.config.schema.people import ChannelSpec, SubscriberSpec
from reminder.config.schema.spec import Spec, options_of, shared
from reminder.config.schema.titles import EntrySpec
from reminder.core.model.entities import Subscriber, Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.store.sql.codec import PERSON, SOURCE_OPTIONS, TITLE, dump_listing, load_listing
from tests.support.commands import Shell
from tests.support.docs import commands

DOCS: Final = (Path(__file__).parent.parent.parent / "docs" / "config.md").read_text(encoding="utf-8")

NO_OPTION: Final = {"was"}
"""A title is renamed by `change --title`, which knows what it was called."""

STORED_APART: Final = {"title": "name", "id": None, "for": "followers", "was": None}
"""The keys of the config that stand under another name, in a column of their own, or only until they took effect."""

MADE_OF_OTHERS: Final = {"key", "name", "source_options", "sourced"}
"""The fields of a title that no key of the config is called like."""


def keys(model: type[Spec]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def sample(schema: dict[str, Any]) -> Any:
    """Return what a key takes and what is not its default, told from its description for editors."""
    forms = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    for form in (schema, *forms):
        if "enum" in form or "examples" in form:
            value = form["enum"][-1] if "enum" in form else form["examples"][0]
            return value if isinstance(value, list) else str(value)
    if forms:
        return sample(forms[0])
    if schema["type"] == "boolean":
        return "true"
    return "https://example.org/" if "http" in schema.get("pattern", "") else "a text"


def described(model: type[Spec]) -> dict[str, Any]:
    schema: dict[str, Any] = config_schema()["$defs"][model.__name__]["properties"]
    return schema


@pytest.mark.parametrize("model", [EntrySpec, SubscriberSpec, ChannelSpec])
def test_each_key_is_described_to_editors_and_to_readers(model: type[Spec]) -> None:
    assert [key for key in keys(model) if not described(model).get(key, {}).get("description")] == []
    assert [key for key in keys(model) if f"| `{key}` |" not in DOCS] == []


def test_each_key_of_a_title_is_an_option_of_the_commands() -> None:
    options = options_of(EntrySpec)
    assert set(keys(EntrySpec)) - set(options) == NO_OPTION
    for name, left_out in (("add", {key for key, each in options.items() if each.is_for_change}), ("change", set())):
        parameters = commands()[name].params
        there = {option: parameter for parameter in parameters for option in parameter.opts}
        missing = [key for key in options if key not in left_out and f"--{key}" not in there]
        assert missing == [], name
        assert [key for key in options.keys() - left_out if there[f"--{key}"].help != options[key].help] == []


def test_each_key_of_a_title_is_stored() -> None:
    stored = {*TITLE.keys, *SOURCE_OPTIONS.keys, *(field.name for field in fields(ListedEntry))}
    assert [key for key in keys(EntrySpec) if STORED_APART.get(key, key) not in {None, *stored}] == []
    assert {field.name for field in fields(Title)} - set(shared(EntrySpec, Title)) == MADE_OF_OTHERS
    assert set(SOURCE_OPTIONS.keys) - set(keys(EntrySpec)) == {"credit"}  # a setting at the top, for all titles


def test_each_setting_of_a_person_is_stored() -> None:
    stored_as = {"timezone": "zone", "quiet_hours": "quiet", "mute": "muted"}
    assert [key for key in keys(SubscriberSpec) if stored_as.get(key, key) not in {*PERSON.keys, "was"}] == []
    assert {field.name for field in fields(Subscriber)} - set(PERSON.keys) == {
        "name", "paused_until", "was", "hour_style", "is_owner"
    }  # fmt: skip


def test_what_is_written_of_a_title_comes_back_from_its_row() -> None:
    written = {key: sample(schema) for key, schema in described(EntrySpec).items()}
    title = title_of(EntrySpec.model_validate(written))
    plain = title_of(EntrySpec.model_validate({"title": "x", "source": "tvmaze"}))
    assert title.source_options is not None
    assert plain.source_options is not None
    unset = [name for name in shared(EntrySpec, Title) if getattr(title, name) == getattr(plain, name)]
    unset += [
        name
        for name in shared(EntrySpec, SourceOptions)
        if getattr(title.source_options, name) == getattr(plain.source_options, name)
    ]
    assert unset == []
    row = json.loads(json.dumps(dump_listing(ListedEntry(title=title))))
    assert load_listing(title.key, row).title == title


def test_each_field_of_a_title_is_shown_as_json(household: Shell) -> None:
    household.run("add", "The", "Sandman", "--premiere", "2025-07-24")
    shown = household.run("show", "The", "Sandman", "--json").json()
    shown_as = {"premiere": "when"}
    said = {name for name in shared(EntrySpec, Title) if name != "was"}
    assert [name for name in sorted(said) if shown_as.get(name, name) not in shown] == []
