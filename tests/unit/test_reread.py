"""What is understood better than before is no news, and goes on under its right name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Release
from reminder.core.model.ledger import DateChange
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm
from reminder.core.sourcing.reread import Pinned, becomes
from reminder.core.sourcing.restless import is_day_read_better
from reminder.core.sourcing.summaries import read_summary

SEEN = datetime(2026, 12, 8, tzinfo=UTC)


def change(before: str, after: str, source: str = "ical") -> DateChange:
    return DateChange(no=1, ref=(None, 1), before=when(before), after=when(after), source=source, seen_at=SEEN)


def when(text: str) -> When:
    return parse_when(text)


@pytest.mark.parametrize(
    ("before", "after", "is_better"),
    [
        ("2026-12-11 00:00 Asia/Tokyo", "2026-12-11", True),
        ("2026-12-11 00:00 America/Los_Angeles", "2026-12-11", True),
        ("2026-12-11T00:00Z", "2026-12-11", True),
        ("2026-12-11 00:00 Asia/Tokyo", "2026-12-12", False),
        ("2026-12-11 00:00 Asia/Tokyo", "2026-12-10", False),
        ("2026-12-11 21:00 Asia/Tokyo", "2026-12-11", False),
        ("2026-12-11 00:00 Asia/Tokyo", "2026-12-11 20:00 Asia/Tokyo", False),
        ("2026-12-11", "2026-12-12", False),
        ("2026-12-11 00:00 Asia/Tokyo", "2026-12", False),
        ("2026-12-11 00:00 Asia/Tokyo", "TBA", False),
    ],
)
def test_midnight_somewhere_that_has_become_the_day_there_is_no_move(before: str, after: str, is_better: bool) -> None:
    assert is_day_read_better(change(before, after)) is is_better


@pytest.mark.parametrize("source", ["config", "command"])
def test_who_writes_a_day_by_hand_means_it(source: str) -> None:
    assert not is_day_read_better(change("2026-12-11 00:00 Asia/Tokyo", "2026-12-11", source))


def work(name: str, *numbers: tuple[int | None, int | None], ref: str = "") -> SourceTitle:
    stated = tuple(
        Stated(raw="", when=when("2026-12-11"), rule="", kind=ReleaseKind.EPISODE, season=season, number=number)
        for season, number in numbers
    )
    return SourceTitle(
        source="ical", ref=ref or f"mine/{name.lower()}", name=name, form=WorkForm.SERIES, releases=stated
    )


def pinned(name: str, ref: str, **over: bool) -> Pinned:
    return Pinned(key=name.lower(), name=name, ref=ref, is_its_own=over.get("is_its_own", True), on=date(2026, 12, 11))


@pytest.mark.parametrize(
    "name",
    [
        *("Frieren Episode 5", "Frieren #5", "Frieren - Folge 5", "Frieren 第5話", "Frieren Ep. 5"),
        *("S02E05 - Frieren", "Frieren Season 2 Episode 5", "Frieren (2x05)", "Frieren – S2 E5"),
    ],
)
def test_a_title_that_is_a_whole_summary_is_that_episode_of_its_work(name: str) -> None:
    season = read_summary(name).season
    works = [work("Silo", (1, 5)), work("Frieren", (season, 4), (season, 5))]
    (found,) = becomes(works, [pinned(name, "mine/as-before")])
    assert found.work.name == "Frieren"
    assert found.labels == {(None, 1): (season, 5)}


def test_a_title_with_a_day_in_it_is_that_day_of_its_work() -> None:
    (found,) = becomes(
        [work("The Late Show", (None, Release.number_of(date(2026, 12, 11))))],
        [pinned("The Late Show 2026-12-11", "mine/late-show-2026-12-11")],
    )
    ((old, new),) = found.labels.items()
    assert old == (None, 1)
    assert new == (None, Release.number_of(date(2026, 12, 11)))


@pytest.mark.parametrize("name", ["Frieren Episode 6", "Freiren Episode 5", "Frieren", "Apollo 13", "Babylon 5"])
def test_what_the_calendar_does_not_hold_any_more_stays_what_it_is(name: str) -> None:
    assert list(becomes([work("Frieren", (None, 5), ref="mine/frieren-the-series")], [pinned(name, "mine/gone")])) == []


def test_separators_that_were_a_part_of_the_name_go_and_the_entry_stays() -> None:
    (found,) = becomes([work("Silo", (2, 3))], [pinned("Silo (", "mine/silo")])
    assert (found.work.name, found.labels) == ("Silo", {})


def test_what_is_as_it_was_becomes_nothing() -> None:
    assert list(becomes([work("Silo", (2, 3))], [pinned("SILO", "mine/silo")])) == []


def test_the_name_that_somebody_wrote_stays_and_only_the_entry_is_renamed() -> None:
    works = [work("The Silo!", (2, 3), ref="mine/the-silo!")]
    assert list(becomes(works, [pinned("My Silo", "mine/the-silo!", is_its_own=False)])) == []
    (found,) = becomes(works, [pinned("My Silo", "mine/silo", is_its_own=False)])
    assert found.work.ref == "mine/the-silo!"
