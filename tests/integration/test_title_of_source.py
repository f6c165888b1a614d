"""A title that a source dates, on its page: whose the date is, what a second source says, and a hand above both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reminder.core.errors import WrongInput
from reminder.core.model.entities import Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.refresh.resolving import resolve_dates
from reminder.store.followed import known_sources
from reminder.store.title_commands import put
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import access_to
from reminder.usecases.title_page.origin import GivenBy, SecondOpinion
from reminder.usecases.title_page.page import TitlePage, title_page
from tests.support.catalogues import Catalogues, Mood
from tests.support.sourced import SourcedWorld
from tests.support.works import Season, Show, tmdb_season, weekly

START = "2026-10-01 12:00"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    show = Show(
        id=7,
        name="Fog",
        streams=True,
        country=None,
        imdb="tt7",
        premiered="2026-10-20",
        seasons=[Season(number=1, order=3)],
        episodes=weekly(1, "2026-10-20", 3),
    )
    with Catalogues(shows={7: show}) as catalogues:
        yield catalogues


def lived(there: Catalogues, *, more: str = "", **options: object) -> SourcedWorld:
    world = SourcedWorld("watch: []\n", START, there=there, more=more)
    title = Title(key="fog", name="Fog", source_options=SourceOptions(**options))  # type: ignore[arg-type]
    with world.store.write() as tx:
        put(tx, ListedEntry(title=title), world.clock.now(), world.app.config.grace, resolve_dates)
    return world.live("2026-10-02 12:00")


def page_of(world: SourcedWorld) -> TitlePage:
    with world.store.read() as tx:
        found = title_page(tx, world.app.config, 1, "me", world.clock.now(), is_owner=True)
    assert found is not None
    return found


def correct(world: SourcedWorld, text: str | None) -> None:
    with world.store.write() as tx:
        access = access_to(tx, 1, "me", is_owner=True, to_change=True)
        assert access is not None
        config, now = world.app.config, world.clock.now()
        if text is None:
            actions.take_back(tx, config, access, now)
        else:
            actions.correct_date(tx, config, access, text, now)


def dates(page: TitlePage) -> list[str]:
    return [item.date for item in page.releases]


def test_the_page_names_the_source_its_words_and_its_credit(there: Catalogues) -> None:
    page = page_of(lived(there))
    origin = page.origin
    assert (origin.by, origin.source, origin.entry, origin.is_listed) == (GivenBy.SOURCE, "TVmaze", "Fog", False)
    assert origin.credit is not None
    assert "tvmaze.com" in origin.credit
    assert origin.second is None
    assert page.next is not None
    assert (page.next.date, page.next.called) == ("Tuesday, October 20, 2026", "Season 1 premiere")


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        ("2026-10-20", SecondOpinion(source="TMDB", agrees=True, says="Tuesday, October 20, 2026")),
        ("2026-11-03", SecondOpinion(source="TMDB", agrees=False, says="Tuesday, November 3, 2026")),
    ],
)
def test_a_second_opinion_agrees_or_is_told_with_its_date(
    there: Catalogues, elsewhere: str, expected: SecondOpinion
) -> None:
    other = replace(there.shows[7], episodes=weekly(1, elsewhere, 3))
    there.raw["/tmdb/3/tv/7/season/1"] = json.dumps(tmdb_season(other, 1)).encode()
    assert page_of(lived(there, more="tmdb")).origin.second == expected


def test_a_date_by_hand_stands_above_the_source_s_until_it_is_taken_back(there: Catalogues) -> None:
    world = lived(there)
    correct(world, "2026-10-22")
    page = page_of(world)
    assert dates(page)[0] == "Thursday, October 22, 2026"
    assert page.origin.corrected is not None
    there.shows[7].episodes[0] = replace(there.shows[7].episodes[0], on="2026-10-21")
    world.live("2026-10-04 12:00")
    assert dates(page_of(world))[0] == "Thursday, October 22, 2026"
    correct(world, None)
    page = page_of(world)
    assert (dates(page)[0], page.origin.corrected) == ("Wednesday, October 21, 2026", None)
    assert [(item.after, item.by) for item in page.changes] == [
        ("Wednesday, October 21, 2026", "TVmaze"),
        ("Thursday, October 22, 2026", "by hand"),
    ]
    with pytest.raises(WrongInput, match="the date of Fog was not corrected by hand"):
        correct(world, None)


def test_a_source_that_does_not_answer_is_said_to_be_silent_and_the_date_stays(there: Catalogues) -> None:
    world = lived(there)
    there.mood = Mood.DOWN
    world.live("2026-10-05 12:00")
    page = page_of(world)
    assert dates(page)[0] == "Tuesday, October 20, 2026"
    assert page.origin.silence is not None


def test_a_source_is_asked_again_when_somebody_wants_it_but_not_at_once(there: Catalogues) -> None:
    world = lived(there)

    def ask() -> None:
        with world.store.write() as tx:
            access = access_to(tx, 1, "me", is_owner=True, to_change=True)
            assert access is not None
            actions.ask_source(tx, access, world.clock.now())

    world.at("2026-10-02 18:00")
    ask()
    with world.store.read() as tx:
        assert known_sources(tx, ["fog"])["fog"].next_at == world.clock.now()
    there.shows[7].episodes[0] = replace(there.shows[7].episodes[0], on="2026-10-21")
    assert world.refresh().asked == ["Fog"]
    assert dates(page_of(world))[0] == "Wednesday, October 21, 2026"
    with pytest.raises(WrongInput, match="has answered within the last ten minutes"):
        ask()
