"""Which release is meant: a film's by country and kind, a season's by the day on which its episodes come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import CANCELLED, UNKNOWN
from reminder.core.model.entities import Release, Role
from reminder.core.model.source_options import SourceOptions, SourceOptionsError, parse_offset, show_offset
from reminder.core.sourcing.answers import ReleaseKind, SourceTitle, Stated, WorkForm, WorkStatus
from reminder.core.sourcing.select_release import SelectedRelease, choose

TODAY = date(2026, 3, 1)


def film(*stated: Stated) -> SourceTitle:
    return SourceTitle(source="tmdb", ref="movie/1", name="Salt Road", form=WorkForm.FILM, releases=stated)


def out(kind: str, country: str, on: str, **more: object) -> Stated:
    when = parse_when(on)
    return Stated(raw=on, when=when, on=when.on, kind=ReleaseKind(kind), country=country, **more)  # type: ignore[arg-type]


def series(*stated: Stated, standing: WorkStatus = WorkStatus.RUNNING) -> SourceTitle:
    return SourceTitle(
        source="tvmaze", ref="1", name="Harbour", form=WorkForm.SERIES, standing=standing, releases=stated
    )


def episode(season: int, number: int | None, on: str = "", **more: object) -> Stated:
    when = parse_when(on)
    return Stated(raw=on, when=when, on=when.on, season=season, number=number, **more)  # type: ignore[arg-type]


def season(number: int, on: str = "", **more: object) -> Stated:
    return episode(number, None, on, **more)


AMERICAN: Final = SourceOptions(country="US")


def chosen_film(title: SourceTitle, options: SourceOptions = AMERICAN, today: date = TODAY) -> tuple[str | None, str]:
    (only,) = choose(title, options, season=None, today=today)
    return only.release.when.json(), only.why


def releases(title: SourceTitle, number: int | None = None, today: date = TODAY) -> list[Release]:
    return [item.release for item in choose(title, SourceOptions(), season=number, today=today)]


def shown(items: list[Release]) -> list[str]:
    return [f"{item.label}: {item.when.show()}" for item in items]


# Films


def test_the_users_country_counts_and_no_other() -> None:
    title = film(out("cinema", "FR", "2026-04-01"), out("cinema", "US", "2026-05-08"))
    assert chosen_film(title)[0] == "2026-05-08"
    assert chosen_film(title, SourceOptions(country="FR"))[0] == "2026-04-01"


def test_without_a_date_in_the_country_there_is_none_and_it_says_where_there_are() -> None:
    when, why = chosen_film(film(out("cinema", "FR", "2026-04-01")))
    assert when is None
    assert why == "no date for cinema, digital, tv in US; known for FR"


def test_a_festival_premiere_is_no_release_unless_asked_for() -> None:
    title = film(out("premiere", "US", "2026-03-10"), out("cinema", "US", "2026-05-08"))
    assert chosen_film(title)[0] == "2026-05-08"
    assert chosen_film(title, SourceOptions(country="US", kinds=(ReleaseKind.PREMIERE,)))[0] == "2026-03-10"


def test_a_disc_is_no_release_unless_asked_for() -> None:
    assert chosen_film(film(out("physical", "US", "2026-03-10")))[0] is None


def test_the_earliest_date_to_come_counts() -> None:
    title = film(
        out("cinema", "US", "2025-11-01"), out("digital", "US", "2026-04-01"), out("digital", "US", "2026-06-01")
    )
    assert chosen_film(title) == ("2026-04-01", "digital in US: the earliest that has not passed")


def test_a_re_release_of_a_film_long_out_is_the_next_one() -> None:
    title = film(out("cinema", "US", "1999-10-15"), out("cinema", "US", "2026-10-15"))
    assert chosen_film(title)[0] == "2026-10-15"


def test_when_all_have_passed_it_came_out_on_the_earliest() -> None:
    title = film(out("digital", "US", "2024-04-01"), out("cinema", "US", "2024-01-01"))
    assert chosen_film(title) == ("2024-01-01", "cinema in US: all have passed: the earliest")


def test_a_film_stays_out_for_a_week_before_its_next_kind_is_the_next_release() -> None:
    title = film(out("cinema", "US", "2026-03-01"), out("digital", "US", "2026-04-20"))
    assert chosen_film(title, today=date(2026, 3, 8))[0] == "2026-03-01"
    assert chosen_film(title, today=date(2026, 3, 9))[0] == "2026-04-20"


def test_a_few_cinemas_early_are_passed_over_for_the_wide_release() -> None:
    title = film(out("cinema", "US", "2026-04-24", limited=True), out("cinema", "US", "2026-05-08"))
    assert chosen_film(title)[0] == "2026-05-08"
    assert chosen_film(film(out("cinema", "US", "2026-04-24", limited=True)))[0] == "2026-04-24"


def test_the_service_that_was_asked_for_counts_where_the_source_names_any() -> None:
    title = film(
        out("digital", "FR", "2026-04-01", service="Prime Video"), out("digital", "FR", "2026-06-01", service="Netflix")
    )
    assert chosen_film(title, SourceOptions(country="FR", service="netflix"))[0] == "2026-06-01"
    assert chosen_film(title, SourceOptions(country="FR", service="Disney+"))[0] == "2026-04-01"


def test_a_day_that_is_known_comes_before_a_year_that_holds_it() -> None:
    title = film(out("cinema", "US", "2026"), out("digital", "US", "2026-06-01"))
    assert chosen_film(title)[0] == "2026-06-01"


def test_a_film_that_the_source_calls_cancelled_is_cancelled() -> None:
    title = SourceTitle(source="tmdb", ref="movie/1", name="X", form=WorkForm.FILM, standing=WorkStatus.CANCELLED)
    assert choose(title, SourceOptions(), season=None, today=TODAY)[0].release.when == CANCELLED


# Series


def test_a_show_in_development_is_one_release_without_a_date() -> None:
    (only,) = choose(series(standing=WorkStatus.PLANNED), SourceOptions(), season=None, today=TODAY)
    assert (only.release.label, only.release.when) == ("season 1 premiere", UNKNOWN)
    assert only.why == "it is in development, with no date"


def test_a_whole_season_on_one_day_is_one_release() -> None:
    title = series(season(1, "2026-07-09", count=10), *(episode(1, n, "2026-07-09") for n in range(1, 11)))
    (only,) = releases(title)
    assert (only.first, only.last, only.total, only.label) == (1, 10, 10, "season 1 premiere")


def test_a_season_that_begins_and_ends_on_one_day_is_one_release_before_its_episodes_are_listed() -> None:
    (only,) = releases(series(season(1, "2026-07-09", count=10, finale=True)))
    assert (only.first, only.last, only.total) == (1, 10, 10)


def test_two_episodes_on_the_first_day_then_one_a_week_end_in_a_finale() -> None:
    days = ["2026-04-02", "2026-04-02", "2026-04-09", "2026-04-16"]
    title = series(season(2, count=4), *(episode(2, n, on) for n, on in enumerate(days, 1)))
    assert shown(releases(title)) == ["season 2 premiere: 2026-04-02", "episode 3: 2026-04-09", "finale: 2026-04-16"]


def test_the_last_episode_listed_is_no_finale_while_the_season_may_go_on() -> None:
    title = series(season(1), episode(1, 1, "2026-04-02"), episode(1, 2, "2026-04-09"))
    assert releases(title)[-1].role is Role.EPISODE


def test_an_episode_that_the_source_calls_the_finale_is_one() -> None:
    title = series(episode(1, 1, "2026-04-02"), episode(1, 2, "2026-04-09", finale=True))
    assert releases(title)[-1].role is Role.FINALE
    assert releases(title)[-1].total == 2


def test_episodes_without_a_date_are_each_their_own_release() -> None:
    title = series(episode(1, 1, "2026-04-02"), episode(1, 2), episode(1, 3))
    assert shown(releases(title)) == ["season 1 premiere: 2026-04-02", "episode 2: TBA", "episode 3: TBA"]


def test_a_season_whose_episodes_have_no_dates_falls_back_to_its_own() -> None:
    title = series(season(3, "2026-09-01"), episode(3, 1), episode(3, 2))
    assert shown(releases(title))[0] == "season 3 premiere: 2026-09-01"


def test_a_season_of_one_day_is_one_release_although_its_episodes_have_no_dates() -> None:
    title = series(season(2, "2026-04-09", count=3, finale=True), *(episode(2, number) for number in (1, 2, 3)))
    assert [(item.first, item.last, item.when.show()) for item in releases(title)] == [(1, 3, "2026-04-09")]


def test_a_season_without_a_date_says_that_there_is_none() -> None:
    (only,) = choose(series(season(2, provisional=True)), SourceOptions(), season=None, today=TODAY)
    assert (only.release.when, only.provisional) == (UNKNOWN, False)
    assert "own date" not in only.why


def test_an_episodes_day_counts_where_its_season_is_filed_a_day_later() -> None:
    title = series(season(1, "2026-04-18"), episode(1, 1, "2026-04-17"))
    assert shown(releases(title)) == ["season 1 premiere: 2026-04-17"]


def test_specials_are_no_premiere_and_no_season() -> None:
    title = series(
        episode(0, 1, "2026-03-05", special=True),
        episode(1, None, "2026-03-06", special=True),
        episode(1, 1, "2026-04-02"),
    )
    assert shown(releases(title)) == ["season 1 premiere: 2026-04-02"]


def test_specials_are_followed_where_season_0_is_asked_for() -> None:
    title = series(episode(0, 1, "2026-03-05", special=True), episode(1, 1, "2026-04-02"))
    assert shown(releases(title, 0)) == ["season 0 premiere: 2026-03-05"]


def test_a_talk_show_may_count_its_seasons_by_years() -> None:
    title = series(episode(2026, 113, "2026-03-05"), episode(2026, 114, "2026-03-06"))
    assert [item.first for item in releases(title)] == [113, 114]


def test_only_the_season_that_was_asked_for_is_followed() -> None:
    title = series(episode(1, 1, "2026-04-02"), episode(2, 1, "2027-04-02"))
    assert shown(releases(title, 2)) == ["season 2 premiere: 2027-04-02"]


def test_old_seasons_are_left_out_and_of_a_show_that_is_over_the_last_release_stays() -> None:
    title = series(*(episode(s, n, f"20{20 + s}-01-0{n}") for s in (1, 2) for n in (1, 2)))
    assert shown(releases(title)) == ["episode 2: 2022-01-02"]


def test_a_renewal_without_a_date_is_a_season_to_come() -> None:
    title = series(episode(1, 1, "2025-04-02"), season(2))
    assert shown(releases(title)) == ["season 2 premiere: TBA"]


def test_episodes_of_one_evening_are_one_release_at_its_first_instant() -> None:
    late = [
        Stated(raw="", when=parse_when(f"2026-04-02 {hour} America/New_York"), on=date(2026, 4, 2), season=1, number=n)
        for n, hour in ((1, "21:00"), (2, "22:00"))
    ]
    (only,) = releases(series(*late))
    assert only.when.show() == "2026-04-02 21:00 America/New_York"


def test_a_streamer_beside_a_channel_has_the_day_and_not_the_channels_hour() -> None:
    timed = Stated(
        raw="", when=parse_when("2026-04-02 21:00 America/New_York"), on=date(2026, 4, 2), season=1, number=1
    )
    title = replace(series(timed), service="FX", also="Hulu")
    (only,) = choose(title, SourceOptions(service="hulu"), season=None, today=TODAY)
    assert only.release.when.json() == "2026-04-02"
    assert only.why == "the hour is FX's; of Hulu only the day is known"


def test_an_early_date_is_marked_as_provisional() -> None:
    (only,) = choose(series(season(1, "2026-10-31", provisional=True)), SourceOptions(), season=None, today=TODAY)
    assert isinstance(only, SelectedRelease)
    assert only.provisional


@pytest.mark.parametrize(("text", "minutes"), [("+3h", 180), ("-30m", -30), ("+1d2h", 1560), ("+90m", 90)])
def test_a_shift_is_read_and_shown(text: str, minutes: int) -> None:
    offset = parse_offset(text)
    assert offset == timedelta(minutes=minutes)
    assert parse_offset(show_offset(offset)) == offset


@pytest.mark.parametrize("text", ["3h", "+", "+3", "3", "+0h", "+60d", "-", "+h"])
def test_a_shift_that_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(SourceOptionsError, match=r"\+3h"):
        parse_offset(text)
