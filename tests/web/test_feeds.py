"""Calendar feeds: a secret address, the same bytes for the same data, an event that keeps its identity when it moves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from reminder.core.model.secret import Secret
from reminder.store.sql.store import Store, open_store
from reminder.usecases.tokens import Scope, make_token, revoke_token
from tests.support.pages import HERE, House

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
subscribers: {asha: {}, ravi: {}}
watch:
  - {title: Ballard, premiere: 2025-07-09, platform: Prime Video, for: [asha]}
  - {title: Foundation, premiere: July 2025, for: [asha]}
  - {title: Silo, premiere: "2025-07-04 09:00 Europe/Berlin", for: [asha]}
  - {title: Dune, premiere: 2025-08-01, for: [ravi]}
"""


class FileHouse(House):
    """A house whose database is a file, as it is wherever others may write into it."""

    folder: Path

    def make_store(self) -> Store:
        return open_store(Secret(str(self.folder / "reminder.db")))


@pytest.fixture
def house(tmp_path: Path) -> FileHouse:
    FileHouse.folder = tmp_path
    return FileHouse(CONFIG, AT)


def address(house: House, person: str = "asha", **detail: bool) -> str:
    with house.store.write() as tx:
        made = make_token(tx, person, name="phone", scope=Scope.FEED, detail=detail, now=house.clock.now())
    return f"/feed/{made.text}.ics"


def events(content: bytes) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(content)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def test_a_feed_holds_what_its_person_follows_and_nothing_else(house: FileHouse) -> None:
    answer = house.browser().get(address(house))
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = events(answer.data)
    assert sorted(found) == ["Ballard", "Silo", "Sometime in July: Foundation"]
    assert found["Ballard"]["dtstart"].dt == date(2025, 7, 9)


@pytest.mark.parametrize("method", ["HEAD", "PROPFIND", "GET"])
def test_programs_may_ask_in_their_own_ways(house: FileHouse, method: str) -> None:
    client = house.browser().client
    answer = client.open(address(house), method=method, base_url=HERE)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, max-age=3600")


def test_unchanged_is_said_in_one_line_and_changed_is_told(house: FileHouse) -> None:
    browser, path = house.browser(), address(house)
    first = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    house.edit(CONFIG.replace("2025-07-09", "2025-07-16"))
    moved = browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    before, after = events(first.data)["Ballard"], events(moved.data)["Ballard"]
    assert moved.status_code == 200
    assert after["dtstart"].dt == date(2025, 7, 16)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1


def test_the_same_data_are_the_same_bytes_for_another_process(house: FileHouse) -> None:
    path = address(house)
    assert house.browser().get(path).data == house.browser().get(path).data


def test_a_feed_with_alarms_rings_at_each_lead(house: FileHouse) -> None:
    found = events(house.browser().get(address(house, alarms=True)).data)
    offsets = [alarm["trigger"].dt for alarm in found["Ballard"].walk("VALARM")]
    assert offsets == [timedelta(days=-7, hours=9), timedelta(days=-1, hours=9), timedelta(hours=9)]


def test_an_address_that_was_taken_back_leads_nowhere_and_an_unknown_one_neither(house: FileHouse) -> None:
    path = address(house)
    with house.store.write() as tx:
        revoke_token(tx, "asha", 1, house.clock.now())
        api = make_token(tx, "asha", name="home", scope=Scope.READ, now=house.clock.now())
    for gone in (path, "/feed/x.ics", f"/feed/{'x' * 43}.ics", f"/feed/{api.text}.ics"):
        assert house.browser().get(gone).status_code == 404, gone


def test_whoever_is_told_no_more_has_no_calendar(house: FileHouse) -> None:
    path = address(house, "ravi")
    house.edit("web: {}\nsubscribers: {asha: {}}\nwatch: [{title: Ballard, premiere: 2025-07-09}]")
    assert house.browser().get(path).status_code == 404


def test_a_program_is_given_no_cookie(house: FileHouse) -> None:
    browser = house.browser()
    for path in (address(house), "/healthz", "/robots.txt", "/nothing"):
        assert "Set-Cookie" not in browser.get(path).headers, path
