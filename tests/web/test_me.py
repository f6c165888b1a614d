"""Me: what one sees of oneself, a pause, and what is made and taken back: calendar addresses, tokens, browsers."""

from __future__ import annotations

import re
from html import unescape

import pytest

from reminder.usecases.tokens import token_of
from tests.support.pages import Browser, House

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
subscribers: {asha: {quiet_hours: 22:00-08:00, remind: [7d, day]}, ravi: {timezone: America/New_York}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""
SECRET = re.compile(r'class="secret"[^>]*value="([^"]+)"')


def shown(browser: Browser, page: str) -> str:
    found = SECRET.search(page)
    assert found, page
    return unescape(found[1])


def test_a_person_sees_how_they_are_told() -> None:
    page = House(CONFIG, AT).browser("asha").text("/me")
    for said in ("Asia/Kolkata", "22:00-08:00", "7 days before and on the day", "config.yaml"):
        assert said in page, said
    other = House(CONFIG, AT).browser("ravi").text("/me")
    assert "America/New_York" in other
    assert "config.yaml" not in other


def test_a_pause_begins_and_ends_and_is_the_persons_own() -> None:
    house = House(CONFIG, AT)
    browser = house.browser("asha")
    assert "until Wednesday, July 2, 2025" in browser.follow(browser.post("/me/pause", {"until": "2025-07-02"}))
    assert "You hear nothing until July 2" in browser.text("/me")
    assert "I am back" not in house.browser("ravi").text("/me")
    assert "Your pause is over." in browser.follow(browser.post("/me/resume"))
    assert "Send me nothing until" in browser.text("/me")


@pytest.mark.parametrize("until", ["", "yesterday", "2025-06-20", "1999-01-01", "2025-02-30"])
def test_a_pause_that_is_no_pause_is_refused(until: str) -> None:
    browser = House(CONFIG, AT).browser("asha")
    assert browser.post("/me/pause", {"until": until}).status_code == 400
    assert "I am back" not in browser.text("/me")


def test_a_calendar_address_is_shown_once_works_and_can_be_taken_back() -> None:
    house = House(CONFIG, AT)
    browser = house.browser("asha")
    address = shown(browser, browser.follow(browser.post("/me/feeds", {"name": "phone", "alarms": "on"})))
    assert address.startswith("http://localhost:8484/feed/")
    path = address.removeprefix("http://localhost:8484")
    assert "BEGIN:VALARM" in browser.text(path)
    page = browser.text("/me")
    assert "with alarms" in page
    assert address not in page
    assert "It lets nobody in" in browser.follow(browser.post("/me/tokens/1/revoke"))
    assert browser.get(path).status_code == 404


def test_a_token_is_shown_once_and_is_the_persons() -> None:
    house = House(CONFIG, AT)
    browser = house.browser("ravi")
    text = shown(browser, browser.follow(browser.post("/me/tokens", {"name": "home", "scope": "write"})))
    with house.store.read() as tx:
        token = token_of(tx, text)
    assert token is not None
    assert (token.person, token.scope, token.name) == ("ravi", "write", "home")
    assert text not in browser.text("/me")


def test_nobody_takes_back_what_is_anothers() -> None:
    house = House(CONFIG, AT)
    browser, other = house.browser("asha"), house.browser("ravi")
    browser.post("/me/feeds", {"name": "phone"})
    assert other.post("/me/tokens/1/revoke").status_code == 400
    assert "Take back" in browser.text("/me")


def test_another_browser_can_be_signed_out() -> None:
    house = House(CONFIG, AT)
    here, lost = house.browser("asha"), house.browser("asha")
    (mark,) = re.findall(r"/me/sessions/([0-9a-f]{64})/end", here.text("/me"))
    assert house.browser("ravi").post(f"/me/sessions/{mark}/end").status_code == 400
    assert "That browser is signed out." in here.follow(here.post(f"/me/sessions/{mark}/end"))
    assert lost.get("/").status_code == 303
    assert here.get("/").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "<script>alert(1)</script>"])
def test_names_of_tokens_are_hostile_texts(name: str) -> None:
    browser = House(CONFIG, AT).browser("asha")
    answer = browser.post("/me/tokens", {"name": name})
    assert answer.status_code == (303 if name.strip() else 400)
    assert "<script>alert" not in browser.text("/me")
