"""`language:` of the config and of imports: what is taken, what is meant, and the hours that come with it."""

from __future__ import annotations

import pytest

from reminder.config import Config, parse_config
from reminder.config.people import PersonRow, RowReader, titles_of
from reminder.core.errors import ConfigError
from reminder.core.model.entities import HourStyle

WATCH = "watch: [{title: Ballard, premiere: 2027-07-09}]\n"
REST = f"timezone: UTC\nchannels: {{screen: 'console://', bot: 'json://example.com/{{address}}'}}\n{WATCH}"


def parsed(text: str, **environ: str) -> Config:
    return parse_config(f"{text}\n{REST}", "config.yaml", environ=environ)


def read_by(text: str, **environ: str) -> list[tuple[str, HourStyle]]:
    return [(person.language, person.hour_style) for person in parsed(text, **environ).subscribers]


H12, H24 = HourStyle.H12, HourStyle.H24
SAID = {
    "subscribers: {a: }": [("en", H12)],
    "language: en": [("en", H12)],
    "language: DE": [("de", H24)],
    "language: pt_br": [("pt-BR", H24)],
    "language: ja\nclock: 12h": [("ja", H12)],
    "language: fr\nsubscribers: {a: , b: {language: en}, c: {clock: 12h}}": [("fr", H24), ("en", H12), ("fr", H12)],
    "clock: 12h\nsubscribers: {a: {language: pl}}": [("pl", H12)],
}


@pytest.mark.parametrize("text", SAID)
def test_the_nearest_language_counts_and_brings_its_hours(text: str) -> None:
    assert read_by(text) == SAID[text]


def test_english_writes_hours_as_the_locale_does() -> None:
    assert read_by("language: en", LANG="de_DE.UTF-8") == [("en", H24)]


MEANT = {
    "german": "did you mean de (German)?",
    "Deutsch": "did you mean de (German)?",
    "de-AT": "did you mean de (German)?",
    "pt": "did you mean pt-BR (Portuguese (Brazil))?",
    "tlh": "write one of en, de, fr, es, pt-BR, it, nl, pl, ru, ja",
}


@pytest.mark.parametrize("written", MEANT)
def test_another_language_is_refused_with_what_may_be_meant(written: str) -> None:
    with pytest.raises(ConfigError) as error:
        parsed(f"language: {written}")
    assert f'"{written}" is no language that is spoken here, {MEANT[written]}' in str(error.value)


def row(config: str, **values: str) -> object:
    reader = RowReader(config=parsed(config), titles=titles_of([("ballard", "Ballard", None)]))
    found = reader.row(2, {"subscriber": "m", "channel": "bot", "address": "1", "titles": "*", **values})
    if isinstance(found, PersonRow):
        return found.settings.language, found.settings.hour_style
    return found.problems


ROWS = {
    ("", "de", ""): ("de", H24),
    ("", "", ""): ("en", H12),
    ("language: it", "", ""): ("it", H24),
    ("language: it", "en", ""): ("en", H12),
    ("clock: 12h", "RU", ""): ("ru", H12),
    ("", "nl", "12h"): ("nl", H12),
    ("", "xx", ""): (
        'language: "xx" is no language that is spoken here, write one of en, de, fr, es, pt-BR, it, nl, pl, ru, ja',
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_row_of_an_import_says_its_language(case: tuple[str, str, str]) -> None:
    config, language, clock = case
    assert row(config, language=language, clock=clock) == ROWS[case]
