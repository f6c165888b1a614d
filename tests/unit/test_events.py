"""Calendars as they come: feeds of every sort, and bombs, which end in a value and not in a hang."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import CANCELLED
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import InvalidAnswer, NoAnswer, NotFound, ReleaseKind, SourceTitle, WorkForm
from reminder.core.sourcing.select_release import choose
from reminder.platform.clock import SystemClock
from reminder.sources.cache import PacedSource, Pacer
from reminder.sources.fetch import Fetcher
from reminder.sources.ical import RATE, ICal
from reminder.sources.ics import read_calendar
from reminder.sources.ics_lines import MAX_BYTES
from tests.support.works import event

TODAY = date(2026, 3, 1)


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ours//EN", *lines, "END:VCALENDAR", ""]).encode()


def titles(tmp_path: Path, *lines: str) -> dict[str, SourceTitle]:
    file = tmp_path / "feed.ics"
    file.write_bytes(calendar(*lines))
    clock = SystemClock()
    polite = PacedSource(fetcher=Fetcher(clock=clock), pacer=Pacer(rate=RATE, clock=clock))
    found = ICal(calendar="mine", place=Secret(str(file)), polite=polite).titles(TODAY)
    assert not isinstance(found, NoAnswer), found
    return {title.name: title for title in found}


def dates(title: SourceTitle) -> list[str | None]:
    return [stated.when.json() for stated in title.releases]


def test_sonarrs_feed_has_real_hours_also_at_midnight_in_utc(tmp_path: Path) -> None:
    lines = event("NzbDrone_episode_1", "20260403T000000Z", "Harbour Lights - 1x02 - Fog", categories="FX")
    title = titles(tmp_path, *lines)["Harbour Lights"]
    (stated,) = title.releases
    assert (stated.season, stated.number, stated.service) == (1, 2, "FX")
    assert stated.when.json() == "2026-04-03T00:00:00Z"


def test_sonarrs_daily_shows_have_no_numbers_and_keep_their_days(tmp_path: Path) -> None:
    title = titles(tmp_path, *event("NzbDrone_episode_1", "20260403T033000Z", "Late Talk - A Guest"))["Late Talk"]
    assert (title.releases[0].season, title.releases[0].number) == (None, 20260403)


def test_radarrs_all_day_films_end_on_the_day_they_begin_and_tell_their_kind(tmp_path: Path) -> None:
    lines = [
        *event("Radarr_movie_7_cinemas", "20260401", "Salt Road (Theatrical Release)", dtend="20260401"),
        *event("Radarr_movie_7_digital", "20260520", "Salt Road (Digital Release)"),
        *event("Radarr_movie_7_physical", "20260701", "Salt Road (Physical Release)"),
    ]
    title = titles(tmp_path, *lines)["Salt Road"]
    assert title.form is WorkForm.FILM
    assert [stated.kind for stated in title.releases] == ["cinema", "digital", "physical"]
    only = choose(title, SourceOptions(kinds=(ReleaseKind.DIGITAL,)), season=None, today=TODAY)[0]
    assert only.release.when.json() == "2026-05-20"


def test_yamtracks_fillers_are_days_years_and_months(tmp_path: Path) -> None:
    lines = [
        *event("12", "20260409T115959Z", "Harbour Lights S1E1"),
        *event("13", "20270101T115959Z", "Salt Road"),
        *event("14", "20261001T115959Z", "Low Tide"),
    ]
    found = titles(tmp_path, *lines)
    assert {name: dates(title) for name, title in found.items()} == {
        "Harbour Lights": ["2026-04-09"],
        "Salt Road": ["2027"],
        "Low Tide": ["2026-10"],
    }


@pytest.mark.parametrize("start", ["20260409T120000Z", "20260409T115959Z", "20260409T000000Z", "20260409"])
def test_fillers_of_any_feed_are_days(tmp_path: Path, start: str) -> None:
    assert dates(titles(tmp_path, *event("a", start, "Salt Road"))["Salt Road"]) == ["2026-04-09"]


def test_a_floating_time_is_everybodys_own_and_only_its_day_is_believed(tmp_path: Path) -> None:
    title = titles(tmp_path, *event("a", "20260409T210000", "Salt Road"))["Salt Road"]
    assert dates(title) == ["2026-04-09"]


def test_a_time_in_a_zone_keeps_it(tmp_path: Path) -> None:
    lines = event("a", "x", "Salt Road")
    lines[2] = "DTSTART;TZID=America/New_York:20260409T210000"
    (stated,) = titles(tmp_path, *lines)["Salt Road"].releases
    assert stated.when.show() == "2026-04-09 21:00 America/New_York"


def test_tentative_means_no_file_yet_and_cancelled_means_cancelled(tmp_path: Path) -> None:
    lines = [
        *event("a", "20260409", "Salt Road", status="TENTATIVE"),
        *event("b", "20260409", "Low Tide", status="CANCELLED"),
    ]
    found = titles(tmp_path, *lines)
    assert dates(found["Salt Road"]) == ["2026-04-09"]
    assert found["Low Tide"].releases[0].when == CANCELLED


def test_the_same_uid_twice_is_one_event_and_the_newer_counts(tmp_path: Path) -> None:
    lines = [
        *event("a", "20260416", "Salt Road", sequence="2"),
        *event("a", "20260409", "Salt Road", sequence="1"),
    ]
    assert dates(titles(tmp_path, *lines)["Salt Road"]) == ["2026-04-16"]


def test_of_what_may_stand_once_the_first_counts_and_a_line_ends_where_a_calendar_says(tmp_path: Path) -> None:
    lines = event("1", "20260401", "Fog\u2028Bank")
    found = titles(tmp_path, *lines[:-1], "SUMMARY:Another", lines[-1])
    assert list(found) == ["Fog Bank"]


def test_events_without_a_uid_are_told_apart_by_their_start(tmp_path: Path) -> None:
    lines = [line for on in ("20260401", "20260501") for line in event("", on, "Fog") if not line.startswith("UID")]
    assert dates(titles(tmp_path, *lines)["Fog"]) == ["2026-04-01", "2026-05-01"]


def test_a_zone_whose_name_has_to_be_guessed_is_guessed_in_silence(tmp_path: Path) -> None:
    lines = event("1", "20260401", "Fog")
    lines[2] = "DTSTART;TZID=/vendor.example/Europe/Berlin:20260401T200000"
    assert dates(titles(tmp_path, *lines)["Fog"]) == ["2026-04-01T18:00:00Z"]


def test_folded_lines_and_marks_from_hell_are_read(tmp_path: Path) -> None:
    lines = event("a", "20260409", "Salt \r\n Road\\, <b>")
    assert list(titles(tmp_path, *lines)) == ["Salt Road, <b>"]


def test_a_repeated_event_counts_once_and_its_rule_is_not_unrolled(tmp_path: Path) -> None:
    lines = event("a", "20260409", "Salt Road", rrule="FREQ=SECONDLY;COUNT=999999999")
    assert len(titles(tmp_path, *lines)["Salt Road"].releases) == 1


def test_the_rules_of_a_time_zone_are_not_looked_at(tmp_path: Path) -> None:
    zone = ["BEGIN:VTIMEZONE", "TZID:Bomb", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000"]
    zone += ["TZOFFSETTO:+0100", "RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE"]
    assert dates(titles(tmp_path, *zone, *event("a", "20260409", "Salt Road"))["Salt Road"]) == ["2026-04-09"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>sign in</html>", id="a page"),
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa">]><l>&a;&a;</l>', id="an XML bomb"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(calendar(*["BEGIN:X"] * 100), id="too deep"),
        pytest.param(calendar(*["BEGIN:VEVENT", "END:VEVENT"] * 20_001), id="too many events"),
        pytest.param(calendar("X:" + "y" * MAX_BYTES), id="too large"),
        pytest.param(calendar("END:VEVENT", "BEGIN:VEVENT"), id="inside out"),
    ],
)
def test_a_bomb_is_refused_and_what_is_no_calendar_is_nonsense(body: bytes) -> None:
    assert isinstance(read_calendar(body, TODAY), InvalidAnswer)


@pytest.mark.parametrize("start", ["20261340", "never", "00000000", "20260409T999999Z"])
def test_an_event_whose_start_cannot_be_read_spoils_no_other(tmp_path: Path, start: str) -> None:
    found = titles(tmp_path, *event("a", start, "Bad"), *event("b", "20260409", "Salt Road"))
    assert dates(found["Salt Road"]) == ["2026-04-09"]


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    read_calendar(b"BEGIN:VCALENDAR\r\n" + body, TODAY)


def test_a_file_that_is_not_there_is_not_found_and_not_named(tmp_path: Path) -> None:
    clock = SystemClock()
    polite = PacedSource(fetcher=Fetcher(clock=clock), pacer=Pacer(rate=RATE, clock=clock))
    found = ICal(calendar="mine", place=Secret(str(tmp_path / "s3cr3t.ics")), polite=polite).titles(TODAY)
    assert isinstance(found, NotFound)
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("EST", "2026-07-11T20:00-05:00"),
        ("mst", "2026-07-11T20:00-07:00"),
        ("HST", "2026-07-11T20:00-10:00"),
        ("Etc/GMT+5", "2026-07-11T20:00-05:00"),
        ("CET", "2026-07-11T20:00+02:00"),
        ("EST5EDT", "2026-07-11T20:00-04:00"),
        ("PST", "2026-07-11"),
        ("IST", "2026-07-11"),
        ("Factory", "2026-07-11"),
        ("localtime", "2026-07-11"),
        ("posix/Europe/Berlin", "2026-07-11"),
        ("GMT+2", "2026-07-11"),
        ("", "2026-07-11"),
    ],
)
def test_no_name_of_a_zone_costs_more_than_the_hour_of_its_event(tmp_path: Path, zone: str, when: str) -> None:
    lines = [line for line in event("u2", "20260711", "Odd") if not line.startswith("DTSTART")]
    lines.insert(1, f"DTSTART;TZID={zone}:20260711T200000")
    found = titles(tmp_path, *event("u1", "20260711", "Plain"), *lines)
    assert dates(found["Plain"]) == ["2026-07-11"]
    (said,) = found["Odd"].releases
    at = datetime.fromisoformat(when).astimezone(UTC) if "T" in when else None
    assert said.when.json() == (f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else when)
