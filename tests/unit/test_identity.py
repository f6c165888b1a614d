"""Which release is which across two answers: labels may change, order may, and what is the same stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.parse import parse_when
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkForm, WorkStatus
from reminder.core.sourcing.beside import read_beside
from reminder.core.sourcing.placeholder_dates import PlaceholderRule
from reminder.core.sourcing.resolve import follow
from reminder.core.sourcing.resolved import PreviousDates, ResolvedDates

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def stated(number: int | None, on: str, own: str | None, *, season: int = 1, **more: object) -> Stated:
    when = parse_when(on)
    return Stated(raw=on, when=when, on=when.on, season=season, number=number, id=own, rule="as said", **more)  # type: ignore[arg-type]


def answer(*items: Stated, standing: WorkStatus = WorkStatus.RUNNING, whole: bool = True) -> SourceTitle:
    return SourceTitle(
        source="tvmaze",
        ref="7",
        name="Fog",
        form=WorkForm.SERIES,
        standing=standing,
        releases=items,
        is_whole=whole,
    )


def before(found: ResolvedDates) -> PreviousDates:
    return PreviousDates(
        releases=found.sourced.releases,
        source=found.sourced.source,
        since=NOW.date(),
        origins={item.ref: item for item in found.origins},
        doubts=found.doubts,
    )


def first(title: SourceTitle) -> ResolvedDates:
    return follow(
        [title], SourceOptions(), season=None, before=PreviousDates(since=NOW.date()), pinned="tvmaze", now=NOW
    )


def then(found: ResolvedDates, title: SourceTitle, after: timedelta = DAY) -> ResolvedDates:
    return follow([title], SourceOptions(), season=None, before=before(found), pinned="tvmaze", now=NOW + after)


def shown(found: ResolvedDates) -> list[str]:
    return [f"{item.season}x{item.first} {item.when.show()}" for item in found.sourced.releases]


def weekly(*numbers: int, season: int = 1, ids: Sequence[str] | None = None, start: str = "2026-10-01") -> list[Stated]:
    day = date.fromisoformat(start)
    own = ids or [str(100 + number) for number in numbers]
    return [
        stated(number, str(day + timedelta(weeks=place)), own[place], season=season)
        for place, number in enumerate(numbers)
    ]


NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=6)
ROWS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 6), st.integers(0, 40), st.sampled_from(["a", "b", "c", "d", None])),
    min_size=1,
    max_size=10,
)


@given(ROWS, st.integers(0, 2**32))
def test_an_answer_in_another_order_a_day_later_gives_the_same_dates_and_no_news(
    rows: list[tuple[int, int, int, str | None]], seed: int
) -> None:
    items = [
        stated(number, str(date(2026, 10, 1) + timedelta(days=days)), own and f"{own}{number}", season=season)
        for season, number, days, own in rows
    ]
    shuffled = list(items)
    Random(seed).shuffle(shuffled)
    one = first(answer(*items))
    other = then(one, read_beside(answer(*shuffled), answer(*items), since=NOW.date(), today=NOW.date()))
    assert shown(other) == shown(one)
    assert (other.relabelled, other.doubts) == ({}, ())


@given(st.integers(2, 12), st.data())
def test_a_season_split_anywhere_keeps_the_date_of_each_episode_under_its_new_label(
    count: int, data: st.DataObject
) -> None:
    after = data.draw(st.integers(1, count - 1))
    items = weekly(*range(1, count + 1))
    split = [*items[:after], *(replace(item, season=2, number=(item.number or 0) - after) for item in items[after:])]
    one, other = first(answer(*items)), then(first(answer(*items)), answer(*split))
    dates = {item.ref: item.when for item in other.sourced.releases}
    assert len(dates) == count
    for item in one.sourced.releases:
        assert dates[other.relabelled.get(item.ref, item.ref)] == item.when


@given(st.integers(2, 10), st.data())
def test_a_new_first_second_or_any_number_leaves_every_other_episode_its_date(count: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, count))
    items = weekly(*range(1, count + 1))
    moved = [replace(item, number=(item.number or 0) + ((item.number or 0) >= at)) for item in items]
    one = first(answer(*items))
    other = then(one, answer(*moved, stated(at, "2027-05-01", "new")))
    dates = {item.ref: item.when for item in other.sourced.releases}
    assert len(dates) == count + 1
    for item in one.sourced.releases:
        assert dates[other.relabelled.get(item.ref, item.ref)] == item.when


@given(st.integers(0, 5), st.integers(1, 30))
def test_once_an_episode_has_come_a_later_day_is_a_repeat_with_and_without_numbers_of_the_sources_own(
    number: int, later: int
) -> None:
    came, repeat = "2026-09-03", str(date(2026, 9, 3) + timedelta(days=later))
    for ids in (("a", "b"), (None, None)):
        both = answer(stated(number, came, ids[0]), stated(number, repeat, ids[1]), whole=False)
        alone = answer(stated(number, repeat, ids[1]), whole=False)
        one = first(both)
        found, last = one, both
        for days in range(3, 6):
            now = NOW + timedelta(days=days)
            last = read_beside(alone, last, since=NOW.date(), today=now.date())
            found = follow([last], SourceOptions(), season=None, before=before(found), pinned="tvmaze", now=now)
            assert shown(found) == shown(one)


def test_the_same_entry_on_a_later_day_has_moved_although_its_day_has_come() -> None:
    last = answer(stated(3, "2026-08-31", "a"))
    moved = read_beside(answer(stated(3, "2026-09-07", "a")), last, since=date(2026, 8, 1), today=NOW.date())
    assert [item.when.show() for item in moved.releases] == ["2026-09-07"]


@pytest.mark.parametrize(
    ("now", "shows"),
    [
        (("2026-02-30", PlaceholderRule.UNREADABLE), "2026-10-08"),
        (("", "the source has no date"), "TBA"),
        (("2026-10-09", "as said"), "2026-10-09"),
    ],
)
def test_what_cannot_be_read_is_no_answer_and_what_is_empty_is_one(now: tuple[str, str], shows: str) -> None:
    said, rule = now
    known = answer(stated(2, "2026-10-08", "a"))
    when = parse_when("TBA" if rule == PlaceholderRule.UNREADABLE else said)
    odd = Stated(raw=said, when=when, on=when.on, season=1, number=2, id="a", rule=rule)
    for item in (odd, replace(odd, number=3), replace(odd, id=None)):
        (found,) = read_beside(answer(item), known, since=None, today=NOW.date()).releases
        assert found.when.show() == shows
    if rule == PlaceholderRule.UNREADABLE:
        assert found.rule == '"2026-02-30" cannot be read, so the date from before stays'


# What is missing


EIGHT = weekly(*range(1, 9))


@pytest.mark.parametrize(
    ("title", "why"),
    [
        (answer(stated(None, "", "s", count=6), *EIGHT[:6]), "the season has 6 episodes there"),
        (answer(*EIGHT[:5], replace(EIGHT[5], finale=True)), "the season ends with episode 6 there"),
        (answer(*EIGHT[:6], standing=WorkStatus.ENDED), "the show is ended there"),
        (answer(*EIGHT[:6], standing=WorkStatus.CANCELLED), "the show is cancelled there"),
        (
            answer(*weekly(1, 2, season=4, start="2027-05-01", ids=["x", "y"])),
            "its season is not listed there any more",
        ),
    ],
)
def test_what_a_good_answer_contradicts_is_withdrawn_at_once(title: SourceTitle, why: str) -> None:
    found = then(first(answer(*EIGHT)), title, timedelta(hours=1))
    left = {item.ref: item.when.show() for item in found.sourced.releases}
    assert left[1, 7] == left[1, 8] == "TBA"
    assert [item.why for item in found.reasons if (item.season, item.first) == (1, 8)] == [
        f"withdrawn, for it is missing from the source's answer: {why}"
    ]


def test_what_is_missing_is_withdrawn_after_two_answers_a_day_apart_and_is_back_if_it_comes_back() -> None:
    shorter = answer(*EIGHT[:6])
    soon = then(first(answer(*EIGHT)), shorter, timedelta(hours=1))
    assert "1x8 2026-11-19" in shown(soon)
    sooner = then(soon, shorter, timedelta(hours=20))
    assert "1x8 2026-11-19" in shown(sooner)
    back = then(sooner, answer(*EIGHT), timedelta(hours=22))
    assert back.doubts == ()
    late = then(sooner, shorter, timedelta(hours=26))
    assert "1x8 TBA" in shown(late)
    assert "1x8 2026-11-19" in shown(then(late, answer(*EIGHT), timedelta(days=3)))


@pytest.mark.parametrize(
    "title",
    [
        answer(*EIGHT[:6], whole=False),
        replace(answer(*weekly(1, 2, season=2, start="2027-05-01")), unread=frozenset({1})),
        replace(answer(*EIGHT[:6]), source="tmdb"),
    ],
)
def test_an_answer_that_does_not_tell_the_whole_season_takes_nothing_back(title: SourceTitle) -> None:
    found = first(answer(*EIGHT))
    for days in (1, 3, 9):
        found = then(found, title, timedelta(days=days))
    assert "1x8 2026-11-19" in shown(found)
