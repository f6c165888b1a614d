"""Pictures on the page: for those who may see the title, from here, and kept by their browser."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.store.sql.tables import title
from reminder.usecases.posters import posters_of
from tests.support.pages import House
from tests.support.pictures import PNG, put_picture
from tests.web.conftest import Household

WATCH = "web: {posters: %s}\noperator: asha\nsubscribers: {asha: {channels: [mail]}, ravi: {channels: [mail]}}\nwatch: [{title: Ballard, premiere: 2025-07-09, for: [ravi]}]\n"


def house_with(posters: str) -> House:
    house = House(WATCH % posters, "2025-06-20 12:00")
    house.settle()
    with house.store.write() as tx:
        put_picture(tx, "ballard", house.clock.now())
    return house


def test_a_picture_is_served_as_what_it_is_and_kept_by_the_browser() -> None:
    house = house_with("true")
    answer = house.browser("ravi").get("/poster/1")
    assert (answer.status_code, answer.data, answer.content_type) == (200, PNG, "image/png")
    assert answer.headers["Cache-Control"] == "private, max-age=2592000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    tag = answer.headers["ETag"]
    assert house.browser("ravi").get("/poster/1", {"If-None-Match": tag}).status_code == 304
    assert house.browser("asha").get("/poster/1").status_code == 200  # the owner sees all
    assert house.browser("ravi").get("/poster/2").status_code == 404


def test_there_is_none_where_pictures_are_switched_off_or_after_its_time() -> None:
    assert house_with("false").browser("ravi").get("/poster/1").status_code == 404
    house = house_with("true")
    browser = house.browser("ravi")
    house.clock.advance(timedelta(days=20))
    assert browser.get("/poster/1").status_code == 200
    house.clock.advance(timedelta(days=131))
    assert house.browser("ravi").get("/poster/1").status_code == 404


def test_upcoming_and_the_title_s_page_show_them_with_the_credit_of_their_source_and_none_where_they_are_off() -> None:
    page = house_with("true").browser("ravi").text("/")
    assert '<img src="/poster/1?of=' in page
    assert ATTRIBUTION["tvmaze"] in page
    page = house_with("true").browser("ravi").text("/title/1")
    assert '<img src="/poster/1?of=' in page
    assert page.count(ATTRIBUTION["tvmaze"]) == 1
    page = house_with("false").browser("ravi").text("/")
    assert "<img" not in page
    assert ATTRIBUTION["tvmaze"] not in page


def test_a_page_is_told_which_titles_have_one_and_what_credit_that_needs(household: Household) -> None:
    now = household.clock.now()
    with household.store.read() as tx:
        numbers = {row.name: row.id for row in tx.execute(select(title.c.id, title.c.name))}
        found = posters_of(tx, numbers.values(), now)
        nothing = posters_of(tx, [numbers["Day"]], now)
    assert found.paths.keys() == {numbers["Ballard"], numbers["Private"]}
    path = found.paths[numbers["Ballard"]]
    assert household.browser("ravi").get(path).data == PNG
    assert found.credit == ATTRIBUTION["tvmaze"]
    assert (nothing.paths, nothing.credit) == ({}, None)
