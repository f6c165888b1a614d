"""What is wrong with a field is said in the language of whoever filled it in; the command line says it in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from reminder.config import parse_config
from reminder.config.parsers import (
    parse_digest,
    parse_name,
    parse_notice,
    parse_quiet,
    parse_season,
    parse_text,
    word_of,
)
from reminder.core.dates.local_time import QuietHours, parse_time
from reminder.core.dates.parse import parse_when
from reminder.core.dates.zones import find_zone
from reminder.core.model.entities import ENGLISH, HourStyle, Subscriber
from reminder.core.model.lead import Lead
from reminder.core.schedule.season import parse_drop, parse_episodes
from reminder.core.wording import Wording, clauses, enumerated, sentences, wording_of
from reminder.texts.languages.choice import language_of
from reminder.texts.languages.known import KNOWN
from reminder.usecases.own_settings import read_settings
from reminder.usecases.said_title import SaidOfTitle, read_fields

TRANSLATED: Final = [code for code in KNOWN if code != ENGLISH]
ANNA: Final = Subscriber(name="anna", zone=ZoneInfo("Europe/Berlin"))

PARSED: Final[list[tuple[Callable[[str], Any], str, str]]] = [
    (find_zone, "EST", '"EST" is not one zone: write its name, such as America/New_York'),
    (find_zone, "Europe/Berln", '"Europe/Berln" is not a time zone: write Europe/Berlin'),
    (find_zone, "xyzzy", '"xyzzy" is not a time zone: write the name of a place, such as Europe/Berlin, Asia/Kolkata or America/New_York'),
    (find_zone, "local", '"local" is not a time zone: leave it out for the zone of this machine, or write the name of a place, such as Europe/Berlin'),
    (find_zone, "UTC+0", '"UTC+0" is an offset, not a place: write UTC, or the name of a place, such as Europe/London'),
    (find_zone, "+01:00", '"+01:00" is an offset, not a place: write the name of yours, such as Africa/Lagos (UTC+1 all year), Europe/Berlin (UTC+1 in its winter) or Europe/London (UTC+1 in its summer)'),
    (find_zone, "+05:17", '"+05:17" is an offset that no place has: write the name of a place, such as Europe/Berlin, Asia/Kolkata or America/New_York'),
    (parse_time, "9", '"9" is not a time of day: write 09:00 (in the morning) or 21:00 (in the evening)'),
    (parse_time, "8pm", '"8pm" is not a time of day: write 20:00'),
    (parse_time, "soon", '"soon" is not a time of day: write hours and minutes, as in 09:00 or 20:30'),
    (parse_time, "24:00", '"24:00" is not a time of day: write 00:00 for midnight'),
    (parse_time, "25:00", '"25:00" is not a time of day: it goes from 00:00 to 23:59'),
    (parse_quiet, "at night", '"at night" is not a span of hours: write its start and its end, as in 22:00-08:00'),
    (parse_quiet, "22-8", '"22-8" is not a span of hours: write 22:00-08:00'),
    (parse_quiet, "08:00-08:00", '"08:00-08:00" starts and ends at once: leave it out for none, or write as in 22:00-08:00'),
    (parse_digest, "weekly mondy", '"weekly mondy" is not a digest: did you mean weekly monday?'),
    (parse_digest, "often", '"often" is not a digest: write daily, weekly monday or none'),
    (parse_notice, "none", '"none" is no notice: write [] for none of them'),
    (parse_notice, "movd", '"movd" is not a kind of notice, did you mean moved?'),
    (word_of(HourStyle), "36h", '"36h" is unknown, write one of 12h, 24h'),
    (parse_season, "S03", '"S03" is not a number: write 3'),
    (parse_season, "x", '"x" is not a whole number from 0 to 9999'),
    (parse_text, "  ", "this is empty: write a text, in quotes if it begins with #"),
    (parse_text, "x" * 501, "this is longer than 500 characters: shorten it"),
    (parse_name, "a\nb", "a name is 1 to 80 letters, digits and signs, without a line break"),
    (parse_when, "30 February 2027", '"30 February 2027" does not exist: February 2027 has 28 days'),
    (parse_when, "2027-13-01", '"2027-13-01" does not exist: months go from 01 to 12'),
    (parse_when, "2027-07-09 20:00 EST", '"2027-07-09 20:00 EST" has a zone that cannot be used: "EST" is not one zone: write its name, such as America/New_York'),
    (Lead.parse, "7", '"7" has no unit: write 7d for days or 7h for hours'),
    (parse_drop, "every week", '"every week" is not a way to drop a season: write weekly'),
    (parse_drop, "now and then", '"now and then" is not a way to drop a season: write all, weekly, daily, 2 then weekly, or a list of {episodes: N, premiere: WHEN}'),
    (parse_episodes, "10 episodes", '"10 episodes" is not a number alone: write 10'),
    (parse_episodes, "many", '"many" is not a number of episodes: write one from 1 to 5000'),
]  # fmt: skip


def is_said_in_all(text: str) -> bool:
    """Tell whether a text is said otherwise in each language, and none of it is left as it is but its values."""
    return isinstance(text, Wording) and all(text.translated(language_of(code)) != text for code in TRANSLATED)


@pytest.mark.parametrize(("parse", "text", "english"), PARSED, ids=[english[:40] for _, _, english in PARSED])
def test_a_refusal_is_a_text_of_each_language(parse: Callable[[str], Any], text: str, english: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the text is compared below
        parse(text)
    assert str(refused.value) == english
    assert is_said_in_all(wording_of(refused.value))


@pytest.mark.parametrize(
    ("field", "text"),
    [("timezone", "Berlinn"), ("at", "9"), ("quiet_hours", "22-8"), ("digest", "often"), ("clock", "36h"), ("language", "xx"), ("premiere", "7"), ("at", "23:00")],
)  # fmt: skip
def test_what_is_wrong_with_a_setting_is_said_in_each_language(field: str, text: str) -> None:
    fields = ("premiere", "episode", "finale") if field == "premiere" else (field,)
    person = Subscriber(name="anna", zone=ANNA.zone, quiet=QuietHours.parse("22:00-08:00"))
    found = read_settings(person, {field: text}, fields=fields)
    assert is_said_in_all(found.problems[field])


@pytest.mark.parametrize(
    ("field", "said", "english"),
    [
        ("drop", {"drop": "weekly"}, "weekly needs the number of episodes: add episodes N"),
        ("drop", {"drop": "3 then weekly", "episodes": "2"}, "3 then weekly starts with more than episodes: 2: write drop: all"),
        ("drop", {"drop": "sometimes"}, '"sometimes" is not a way to drop a season: write all, weekly, daily, 2 then weekly, or a list of {episodes: N, premiere: WHEN}'),
        ("season", {"season": "S03"}, '"S03" is not a number: write 3'),
        ("episodes", {"episodes": "0"}, '"0" is not a number of episodes: write one from 1 to 5000'),
        ("link", {"link": "example.org"}, '"example.org" is not a web address: write it from https:// on'),
        ("kind", {"kind": "flim"}, '"flim" is unknown, did you mean film?'),
        ("platform", {"platform": "x" * 501}, "this is longer than 500 characters: shorten it"),
        ("premiere", {"premiere": "31 June 2027"}, '"31 June 2027" does not exist: June 2027 has 30 days'),
        ("premiere", {"premiere": "2027-07-09 20:00 EST"}, '"2027-07-09 20:00 EST" has a zone that cannot be used: "EST" is not one zone: write its name, such as America/New_York'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_field_of_add_is_said_in_each_language(
    field: str, said: dict[str, str], english: str
) -> None:
    config = parse_config("timezone: UTC\nwatch: [A]", "c.yaml")
    problem = read_fields(SaidOfTitle(fields={"title": "Silo", **said}), ANNA, config).problems[field]
    assert problem == english
    assert is_said_in_all(problem)


def test_a_month_within_a_refusal_is_that_of_the_language() -> None:
    with pytest.raises(ValueError, match="has 28 days") as refused:
        parse_when("2027-02-30")
    assert wording_of(refused.value).translated(language_of("de")) == (  # type: ignore[attr-defined]
        '"2027-02-30" gibt es nicht: Februar 2027 hat 28 Tage'
    )
    assert "luty 2027 ma 28 dni" in wording_of(refused.value).translated(language_of("pl"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "english", "japanese"),
    [
        (enumerated(["a", "b", "c"]), "a, b, c", "a、b、c"),
        (clauses(["a", "b"]), "a; b", "a。b"),
        (sentences(["a。", "b。"]), "a。 b。", "a。b。"),
        (enumerated(["a", "b", "c", "d", "e"]), "a, b, c, d, e", "a、b、c、d、e"),
        (enumerated(["a"] * 5000), ", ".join("a" * 5000), "、".join("a" * 5000)),
        (enumerated(["a"]), "a", "a"),
        (enumerated([]), "", ""),
    ],
    ids=lambda text: text[:8],
)
def test_texts_in_a_row_have_the_signs_of_the_language_between_them(text: str, english: str, japanese: str) -> None:
    assert text == english
    assert (text.translated(language_of("ja")) if isinstance(text, Wording) else text) == japanese
