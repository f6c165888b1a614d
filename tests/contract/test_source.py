"""What every source promises, asked of each against a server that answers in its own shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reminder.core.dates.when import UNKNOWN, Precision
from reminder.core.model.secret import Secret
from reminder.core.sourcing.answers import (
    AccessRefused,
    EmptyAnswer,
    InvalidAnswer,
    NoAnswer,
    NotFound,
    SourceTitle,
    TooSlow,
    Unavailable,
)
from reminder.platform.clock import SimulatedClock, SystemClock
from reminder.sources.cache import CallRate, PacedSource, Pacer
from reminder.sources.fetch import Fetcher
from reminder.sources.ical import ICal
from reminder.sources.source import Door, Source
from reminder.sources.tmdb import TMDB
from reminder.sources.tvmaze import TVmaze
from tests.support.catalogues import KEY, Catalogues, Mood
from tests.support.works import Episode, Film, Season, Show, event

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRETS = (KEY, "c4lendar-key")


@dataclass(frozen=True, kw_only=True)
class Rig:
    """A source, the server behind it, the entry of *Harbour Lights*, and how its premiere is moved or taken out."""

    source: Source
    there: Catalogues
    ref: str
    move: Callable[[str], None]
    drop: Callable[[], None]
    polite: PacedSource = field(repr=False)


def polite(there: Catalogues, seconds: float = 5.0) -> PacedSource:
    clock = SystemClock()
    fetcher = Fetcher(clock=clock, private=frozenset({"127.0.0.1"}), seconds=seconds)
    return PacedSource(fetcher=fetcher, pacer=Pacer(rate=CallRate(calls=1000, seconds=1.0), clock=clock))


def harbour() -> Show:
    return Show(
        id=7,
        name="Harbour Lights",
        imdb="tt700",
        premiered="2026-04-09",
        seasons=[Season(number=1, premiere="2026-04-09", order=3)],
        episodes=[Episode(season=1, number=number, on=f"2026-04-{9 + 7 * (number - 1):02}") for number in (1, 2, 3)],
    )


def other() -> Show:
    return Show(id=8, name="Harbour Lights Revisited", status="In Development")


def _in_show(there: Catalogues) -> tuple[Callable[[str], None], Callable[[], None]]:
    def move(day: str) -> None:
        there.shows[7].episodes[0].on = day

    def drop() -> None:
        there.shows[7].episodes.clear()
        there.shows[7].seasons.clear()

    return move, drop


@contextmanager
def tvmaze_rig() -> Iterator[Rig]:
    with Catalogues(shows={7: harbour(), 8: other()}) as there:
        asked = polite(there)
        source = TVmaze(door=Door(base=there.tvmaze, polite=asked))
        move, drop = _in_show(there)
        yield Rig(source=source, there=there, ref="7", move=move, drop=drop, polite=asked)


def tmdb(there: Catalogues, asked: PacedSource, key: str = KEY) -> TMDB:
    return TMDB(door=Door(base=there.tmdb, polite=asked, headers={"Authorization": f"Bearer {key}"}))


@contextmanager
def tmdb_series_rig() -> Iterator[Rig]:
    with Catalogues(shows={7: harbour(), 8: other()}) as there:
        asked = polite(there)
        move, drop = _in_show(there)
        yield Rig(source=tmdb(there, asked), there=there, ref="tv/7", move=move, drop=drop, polite=asked)


@contextmanager
def tmdb_film_rig() -> Iterator[Rig]:
    film = Film(id=7, name="Harbour Lights", primary="2026-01-20", dates=[("US", 3, "2026-04-09", "")])
    with Catalogues(films={7: film, 8: Film(id=8, name="Harbour Lights Revisited")}) as there:

        def move(day: str) -> None:
            film.dates = [("US", 3, day, "")]

        asked = polite(there)
        yield Rig(source=tmdb(there, asked), there=there, ref="movie/7", move=move, drop=film.dates.clear, polite=asked)


@contextmanager
def ical_rig() -> Iterator[Rig]:
    with Catalogues() as there:
        rest = event("NzbDrone_episode_9", "20260601", "Harbour Lights Revisited - 1x01 - Pilot")

        def move(day: str) -> None:
            first = event("NzbDrone_episode_1", day.replace("-", ""), "Harbour Lights - 1x01 - Pilot")
            there.feeds["sonarr"] = [*first, *rest] if day else rest

        move("2026-04-09")
        asked = polite(there)
        source = ICal(calendar="sonarr", place=Secret(there.feed("sonarr")), polite=asked)
        ref = "sonarr/harbour-lights"
        yield Rig(source=source, there=there, ref=ref, move=move, drop=lambda: move(""), polite=asked)


RIGS = {"tvmaze": tvmaze_rig, "tmdb series": tmdb_series_rig, "tmdb film": tmdb_film_rig, "ical": ical_rig}


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as made:
        yield made


def title(rig: Rig) -> SourceTitle:
    found = rig.source.fetch(rig.ref, TODAY)
    assert isinstance(found, SourceTitle), found
    return found


def days(found: SourceTitle) -> list[str | None]:
    return [stated.when.json() for stated in found.releases if stated.when != UNKNOWN]


def test_a_search_finds_the_work_under_the_id_that_fetches_it(rig: Rig) -> None:
    found = rig.source.search("Harbour Lights")

    assert not isinstance(found, NoAnswer)
    assert {match.name for match in found} == {"Harbour Lights", "Harbour Lights Revisited"}
    assert next(match.ref for match in found if match.name == "Harbour Lights") == rig.ref


def test_a_search_that_finds_nothing_is_no_failure(rig: Rig) -> None:
    assert rig.source.search("Xyzzy") == ()


def test_an_answer_names_the_work_and_holds_its_date_in_the_sources_own_words(rig: Rig) -> None:
    found = title(rig)

    assert (found.name, found.source, found.ref) == ("Harbour Lights", rig.source.name, rig.ref)
    assert "2026-04-09" in days(found)
    assert any("2026-04-09" in stated.raw for stated in found.releases)


def test_nothing_comes_out_more_exact_than_a_day_where_no_hour_was_said(rig: Rig) -> None:
    assert {stated.when.precision for stated in title(rig).releases} <= {Precision.DAY, Precision.UNKNOWN}


def test_every_date_tells_the_rule_that_decided(rig: Rig) -> None:
    assert all(stated.rule for stated in title(rig).releases)


def test_what_no_database_can_store_does_not_come_in(rig: Rig) -> None:
    for show in rig.there.shows.values():
        show.name += " \ud800\0"
    for film in rig.there.films.values():
        film.name += " \ud800\0"
    for lines in rig.there.feeds.values():
        lines[:] = [line.replace(" - 1x01", " \0 - 1x01") for line in lines]
    name = next(match for match in rig.source.search("Harbour Lights") if match.ref.startswith(rig.ref)).name  # type: ignore[union-attr]
    assert name.startswith("Harbour Lights \ufffd"), name
    assert name.isprintable()
    name.encode()


def test_a_moved_date_is_seen_at_the_next_look(rig: Rig) -> None:
    assert "2026-04-09" in days(title(rig))
    rig.move("2026-04-10")

    assert "2026-04-10" in days(title(rig))


def test_what_is_gone_from_an_answer_is_not_said_to_be_cancelled(rig: Rig) -> None:
    rig.drop()
    found = rig.source.fetch(rig.ref, TODAY)

    assert isinstance(found, NotFound) or (isinstance(found, SourceTitle) and days(found) == [])


@pytest.mark.parametrize(
    ("mood", "kinds"),
    [
        (Mood.DOWN, (Unavailable,)),
        (Mood.NONSENSE, (InvalidAnswer,)),
        (Mood.STRANGE, (InvalidAnswer,)),
        (Mood.EMPTY, (EmptyAnswer,)),
        (Mood.GONE, (NotFound,)),
        (Mood.CROWDED, (Unavailable,)),
    ],
)
def test_a_source_that_cannot_answer_is_a_value_and_raises_nothing(
    rig: Rig, mood: Mood, kinds: tuple[type[NoAnswer], ...]
) -> None:
    rig.there.mood = mood

    found = rig.source.fetch(rig.ref, TODAY)

    assert isinstance(found, kinds), found
    assert not any(secret in repr(found) for secret in SECRETS)


def test_a_source_that_does_not_answer_in_time_is_slow(rig: Rig) -> None:
    rig.there.mood = Mood.SLOW
    rig.polite.fetcher = replace(rig.polite.fetcher, seconds=0.2)

    assert isinstance(rig.source.fetch(rig.ref, TODAY), TooSlow)


def test_an_entry_that_nobody_knows_is_not_found(rig: Rig) -> None:
    known = rig.ref.rpartition("/")[0]
    assert isinstance(rig.source.fetch(f"{known}/999" if known else "999", TODAY), NotFound)


def test_a_ref_from_hell_asks_nothing_it_should_not(rig: Rig) -> None:
    for ref in ("../../etc/passwd", "7?x=1", "7 OR 1=1", "", "7\r\nHost: evil"):
        assert isinstance(rig.source.fetch(ref, TODAY), NotFound), ref
    assert not any("passwd" in path or "evil" in path for path in rig.there.asked(""))


def test_the_program_says_who_it_is(rig: Rig) -> None:
    title(rig)
    assert rig.there.sink.requests[-1].headers["user-agent"].startswith("release-reminder")


def test_no_secret_stands_in_what_a_source_shows_of_itself(rig: Rig) -> None:
    assert not any(secret in repr(rig.source) for secret in SECRETS)


def test_the_key_goes_in_the_header_and_never_in_the_address() -> None:
    with tmdb_film_rig() as rig:
        title(rig)
        rig.source.search("Harbour")
        assert rig.there.sink.requests[-1].headers["authorization"] == f"Bearer {KEY}"
        assert not rig.there.asked(KEY)


def test_a_calendars_login_goes_in_the_header_and_never_in_the_address() -> None:
    with ical_rig() as rig:
        place = rig.there.feed("sonarr").replace("://", "://me:p%40ss@")
        source = ICal(calendar="sonarr", place=Secret(place), polite=rig.polite)
        assert isinstance(source.fetch(rig.ref, TODAY), SourceTitle)
        (request,) = rig.there.sink.requests
        assert request.headers["authorization"] == "Basic bWU6cEBzcw=="
        assert "p%40ss" not in request.path
        assert "p@ss" not in repr(source)


def test_a_wrong_key_is_refused_and_not_shown() -> None:
    with tmdb_film_rig() as rig:
        found = tmdb(rig.there, rig.polite, key="wr0ng-key").fetch("movie/7", TODAY)
        assert isinstance(found, AccessRefused)
        assert "wr0ng-key" not in repr(found)


def test_an_answer_is_not_asked_for_again_while_the_source_says_that_it_holds() -> None:
    with tvmaze_rig() as rig:
        rig.there.max_age = 3600
        assert title(rig) == title(rig)
        assert len(rig.there.asked("/shows/7")) == 1


def test_an_answer_that_has_not_changed_is_not_sent_again() -> None:
    with tvmaze_rig() as rig:
        assert title(rig) == title(rig)
        first, second = rig.there.sink.requests
        assert "if-none-match" not in first.headers
        assert second.headers["if-none-match"]


def test_one_call_tells_which_of_500_shows_changed() -> None:
    with tvmaze_rig() as rig:
        refs = frozenset(str(number) for number in range(500))
        rig.there.touch(7, NOW - timedelta(minutes=30))
        rig.there.touch(8, NOW - timedelta(hours=20))
        mark = str(int((NOW - timedelta(hours=6)).timestamp()))
        found = rig.source.changed(mark, refs, NOW)

        assert found is not None
        assert not isinstance(found, NoAnswer)
        assert found.refs == {"7"}
        assert len(rig.there.sink.requests) == 1


def test_after_more_than_a_month_each_show_is_asked() -> None:
    with tvmaze_rig() as rig:
        mark = str(int((NOW - timedelta(days=40)).timestamp()))
        assert rig.source.changed(mark, frozenset({"7"}), NOW) is None


def test_two_catalogues_are_joined_by_their_ids() -> None:
    with tvmaze_rig() as rig:
        assert rig.source.find({"imdb": "tt700"}) == "7"
        assert tmdb(rig.there, rig.polite).find({"imdb": "tt700"}) == "tv/7"
        assert rig.source.find({"imdb": "tt999"}) is None


def test_a_source_that_does_not_answer_is_left_alone_for_a_while_and_then_asked_once() -> None:
    with tvmaze_rig() as rig:
        clock = SimulatedClock(NOW)
        rig.polite.fetcher = replace(rig.polite.fetcher, clock=clock)
        rig.there.mood = Mood.DOWN
        answers = {rig.source.fetch(str(number), TODAY) for number in range(20)}
        assert answers == {Unavailable(reason="127.0.0.1 answers 503")}
        assert len(rig.there.asked("/shows/")) == 3
        clock.set(NOW + timedelta(seconds=61))
        assert [rig.source.fetch("7", TODAY) for _ in range(2)] == [Unavailable(reason="127.0.0.1 answers 503")] * 2
        assert len(rig.there.asked("/shows/")) == 4
        rig.there.mood = Mood.WELL
        clock.set(NOW + timedelta(seconds=122))
        title(rig)


def test_a_source_that_asks_for_a_long_pause_gets_it() -> None:
    with tvmaze_rig() as rig:
        clock = SimulatedClock(NOW)
        rig.polite.fetcher = replace(rig.polite.fetcher, clock=clock)
        rig.there.mood = Mood.CROWDED
        assert isinstance(rig.source.fetch("7", TODAY), Unavailable)
        rig.there.mood = Mood.WELL
        clock.set(NOW + timedelta(seconds=3599))
        assert isinstance(rig.source.fetch("7", TODAY), Unavailable)
        assert len(rig.there.sink.requests) == 1
        clock.set(NOW + timedelta(seconds=3600))
        title(rig)


def test_calls_are_paced_as_the_source_allows() -> None:
    clock = SimulatedClock(NOW)
    pacer = Pacer(rate=CallRate(calls=20, seconds=10.0), clock=clock)
    for _ in range(100):
        assert pacer.wait()
    assert clock.monotonic() == pytest.approx(40.0)


def test_a_stop_ends_the_wait_for_a_turn() -> None:
    pacer = Pacer(rate=CallRate(calls=1, seconds=3600.0), clock=SystemClock())
    assert pacer.wait()
    pacer.stop.set()
    assert not pacer.wait()
