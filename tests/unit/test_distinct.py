"""Episodes that one answer states more than once: which date counts, whatever the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import CANCELLED, When
from reminder.core.model.entities import Role
from reminder.core.model.source_options import SourceOptions
from reminder.core.sourcing.answers import SourceTitle, Stated, WorkForm
from reminder.core.sourcing.distinct import distinct
from reminder.core.sourcing.select_release import choose

SINCE = date(2026, 12, 1)


def when_of(said: str) -> When:
    return CANCELLED if said == "cancelled" else parse_when(said)


def episode(number: int | None, said: str, *, season: int | None = 2, **more: object) -> Stated:
    when = when_of(said)
    return Stated(raw=said, when=when, on=when.on, season=season, number=number, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (("2026-12-17", "2026-12-18"), "2026-12-17"),
        (("2026-12-17T21:00Z", "2026-12-18T23:00Z"), "2026-12-17T21:00Z"),
        (("2026-12-17", "2026-12-17T21:00Z"), "2026-12-17T21:00Z"),
        (("2026-12-17T21:00Z", "2026-12-17T23:00Z"), "2026-12-17T21:00Z"),
        (("cancelled", "2026-12-18"), "2026-12-18"),
        (("cancelled", "TBA"), "TBA"),
        (("cancelled", "cancelled"), "cancelled"),
        (("TBA", "2026-12-18"), "2026-12-18"),
        (("December 2026", "2026-12-18"), "2026-12-18"),
        (("2025-03-01", "2026-12-18"), "2026-12-18"),
        (("2025-03-01", "December 2026"), "December 2026"),
        (("2025-03-01", "TBA"), "2025-03-01"),
        (("2025-03-01", "2025-04-01"), "2025-03-01"),
        (("2026-12-17", "2026-12-17", "2026-12-24"), "2026-12-17"),
    ],
)
def test_the_earliest_date_that_is_not_cancelled_and_was_not_over_before_counts(
    said: tuple[str, ...], counts: str
) -> None:
    for order in permutations(said):
        (only,) = distinct([episode(3, each) for each in order], SINCE)
        assert only.counts.when == when_of(counts)
        assert len(only.repeats) == len(said) - 1


def test_episodes_come_in_the_order_of_seasons_and_numbers_and_an_episode_0_is_one() -> None:
    stated = [episode(2, "2026-12-09"), episode(0, "2026-12-02"), episode(1, "2026-12-16", season=3), episode(None, "")]
    assert [(item.counts.season, item.counts.number) for item in distinct(stated)] == [
        (2, None),
        (2, 0),
        (2, 2),
        (3, 1),
    ]


def series(*stated: Stated) -> SourceTitle:
    return SourceTitle(source="tvmaze", ref="1", name="Harbour", form=WorkForm.SERIES, releases=stated)


def test_an_episode_0_has_a_release_of_its_own_and_the_premiere_stays_the_first_episode() -> None:
    title = series(episode(0, "2026-12-02"), episode(1, "2026-12-09"), episode(2, "2026-12-16"))
    chosen = choose(title, SourceOptions(), season=None, today=SINCE)
    assert [(item.release.first, item.release.role) for item in chosen] == [
        (0, Role.EPISODE),
        (1, Role.PREMIERE),
        (2, Role.EPISODE),
    ]


def test_an_episode_0_on_the_day_of_the_premiere_comes_out_with_it() -> None:
    title = series(episode(0, "2026-12-09"), episode(1, "2026-12-09"), episode(2, "2026-12-16"))
    first, second = choose(title, SourceOptions(), season=None, today=SINCE)
    assert (first.release.ref, first.release.role, second.release.ref) == ((2, 1), Role.PREMIERE, (2, 2))


def test_a_repeat_is_named_in_the_reason() -> None:
    title = series(episode(3, "2026-12-18", id="2"), episode(3, "2026-12-17", id="1"))
    (only,) = choose(title, SourceOptions(), season=None, today=SINCE)
    assert only.why.endswith("the earliest that is not cancelled counts, not 2026-12-18")


def test_episodes_counted_through_without_seasons_are_releases_without_a_season() -> None:
    title = series(episode(1071, "2026-12-17", season=None), episode(1072, "2026-12-24", season=None))
    chosen = choose(title, SourceOptions(), season=None, today=SINCE)
    assert [(item.release.ref, item.release.label) for item in chosen] == [
        ((None, 1071), "episode 1071"),
        ((None, 1072), "episode 1072"),
    ]


SAID = st.sampled_from(
    ["2026-12-17", "2026-12-18", "2026-12-17T21:00Z", "TBA", "cancelled", "January 2027", "2025-03-01"]
)
ANSWERS = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 4), SAID, st.sampled_from("abc")), max_size=12)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_same_answer_in_another_order_gives_the_same_releases_each_under_a_key_of_its_own(
    rows: list[tuple[int, int, str, str]], random: object
) -> None:
    stated = [episode(number, said, season=season, id=own) for season, number, said, own in rows]
    shuffled = list(stated)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        choose(series(*each), SourceOptions(), season=None, today=SINCE, since=SINCE) for each in (stated, shuffled)
    )
    assert one == tuple(replace(item) for item in other)
    assert len({item.release.ref for item in one}) == len(one)
