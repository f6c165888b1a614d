"""config.example.yaml, its JSON Schema and what `init` writes are made of the same keys as the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reminder.config import load_config, parse_config
from reminder.config.schema.json_schema import config_schema, schema_text
from reminder.config.starter import Answers, FirstTitle, quoted, starter_config
from reminder.config.yaml.loader import read_tree
from reminder.config.yaml.nodes import to_plain
from reminder.core.dates.when import Precision
from reminder.core.model.entities import Channel

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "config.example.yaml"
SCHEMA = ROOT / "config.schema.json"


def uncommented(text: str) -> str:
    """Return a config with its commented settings alive: they begin with a # and no space."""
    return re.sub(r"^( *)#(?=[^ #\n])", r"\1", text, flags=re.MULTILINE)


def keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


def test_the_example_works_as_it_stands_with_only_the_console_alive() -> None:
    config = load_config(EXAMPLE, environ={})
    assert config.warnings == ()
    (screen,) = config.channels.values()
    assert isinstance(screen, Channel)
    assert screen.url is not None
    assert screen.url.reveal() == "console://"


def test_the_example_begins_with_the_announcement_and_shows_every_precision() -> None:
    watch = load_config(EXAMPLE, environ={}).watch
    ballard = watch[0].title
    assert (ballard.name, ballard.premiere.show(), ballard.platform, ballard.episodes) == (
        "Ballard",
        "2027-07-09",
        "Prime Video",
        10,
    )
    shown = {entry.title.premiere.precision for entry in watch}
    assert {Precision.DAY, Precision.EXACT, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN} <= shown


def test_the_commented_settings_of_the_example_are_right_as_well() -> None:
    names = (
        "SMTP_PASSWORD",
        "TELEGRAM_TOKEN",
        "DISCORD_ID",
        "DISCORD_TOKEN",
        "DB_PASSWORD",
        "TMDB_TOKEN",
        "SONARR_ICS",
        "READER_KEY",
        "PROXY_SECRET",
    )
    secrets = dict.fromkeys(names, "x")
    config = parse_config(uncommented(EXAMPLE.read_text(encoding="utf-8")), "example", environ=secrets)
    assert [each.path for each in config.warnings] == ["web.contact"]  # it is nobody's: each writes their own
    assert list(config.channels) == ["screen", "email", "phone", "push", "family", "bot", "browser"]
    assert [subscriber.name for subscriber in config.subscribers] == ["asha", "ravi"]


def test_every_key_of_the_schema_stands_in_the_example() -> None:
    known, text = set(keys(config_schema())), EXAMPLE.read_text(encoding="utf-8")
    assert (len(known) > 50, {key for key in known if not re.search(rf"\b{key}:", text)}) == (True, set())


def test_editors_are_led_from_the_example_to_the_schema_that_the_code_makes() -> None:
    first = EXAMPLE.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA.name}"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_every_key_of_the_schema_is_described() -> None:
    schema: dict[str, Any] = json.loads(schema_text())
    models = [schema, *schema["$defs"].values()]
    missing = [
        (model["title"], key) for model in models for key, of in model["properties"].items() if "description" not in of
    ]
    assert missing == []
    assert all(model["additionalProperties"] is False for model in models)


def test_the_starter_works_without_a_single_answer() -> None:
    text = starter_config(Answers())
    assert parse_config(text, "c.yaml").warnings == ()
    alive = parse_config(uncommented(text).replace("\n#  ", "\n  "), "c.yaml", system_zone="UTC")
    assert [subscriber.name for subscriber in alive.subscribers] == ["asha", "ravi"]


def test_the_starter_says_what_was_answered_with_secrets_by_name() -> None:
    text = starter_config(
        Answers(
            timezone="Asia/Kolkata",
            at="20:00",
            quiet_hours="22:00-08:00",
            clock="12h",
            channels={"my phone": "tgram://${TOKEN}/1", "email": "mailtos://me:${PASSWORD:quoted}@example.com"},
            titles=(
                FirstTitle(name="Alien: Earth", said={"premiere": "July 9, 2025", "episodes": "10"}),
                FirstTitle(name="No"),
            ),
        )
    )
    config = parse_config(text, "c.yaml", environ={"TOKEN": "t", "PASSWORD": "p"})
    (me,) = config.subscribers
    assert (str(me.zone), me.at.hour, str(me.quiet), me.hour_style) == ("Asia/Kolkata", 20, "22:00-08:00", "12h")
    assert [(channel.name, channel.problem) for channel in config.channels.values()] == [
        ("my phone", None),
        ("email", None),
    ]
    assert [(entry.title.name, entry.title.premiere.show()) for entry in config.watch] == [
        ("Alien: Earth", "2025-07-09"),
        ("No", "TBA"),
    ]
    assert max(len(line) for line in text.splitlines()) <= 120


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_starter_quotes_what_yaml_would_not_read_back(text: str) -> None:
    root = read_tree(f"a: {quoted(text)}\n")
    assert root is not None
    assert to_plain(root) == {"a": text}
