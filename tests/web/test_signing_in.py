"""Getting in without a password: links, sessions, the header of a proxy; and staying out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.store.sql.tables import sign_in, web_session
from reminder.usecases.signing_in import make_link
from tests.support.pages import House

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
subscribers: {asha: {}, ravi: {}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""


def link_of(house: House, person: str) -> str:
    with house.store.write() as tx:
        return make_link(tx, person, house.clock.now())


def test_a_link_signs_in_once_and_opening_it_does_nothing() -> None:
    house = House(CONFIG, AT)
    token = link_of(house, "asha")
    browser = house.browser()
    for _ in range(3):  # a chat's preview, a mail scanner
        assert "Sign in as asha" in browser.text(f"/in/{token}")
    answer = browser.post("/in", {"token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Upcoming" in browser.text("/")
    again = house.browser().post("/in", {"token": token})
    assert again.status_code == 404
    assert "This link does not work" in again.text


def test_a_link_holds_for_fifteen_minutes() -> None:
    house = House(CONFIG, AT)
    token = link_of(house, "asha")
    house.clock.set(house.clock.now() + timedelta(minutes=15))
    assert house.browser().get(f"/in/{token}").status_code == 404


def test_what_lets_in_is_kept_only_as_a_hash() -> None:
    house = House(CONFIG, AT)
    token = link_of(house, "asha")
    browser = house.browser("asha")
    cookie = browser.client.get_cookie("reminder-local")
    assert cookie is not None
    with house.store.read() as tx:
        kept = str(tx.execute(select(sign_in)).all()) + str(tx.execute(select(web_session)).all())
    assert token not in kept
    assert cookie.value not in kept


def test_a_session_ends_when_it_is_not_used_and_with_its_person() -> None:
    house = House(CONFIG, AT)
    browser = house.browser("ravi")
    house.clock.set(house.clock.now() + timedelta(days=29))
    assert browser.get("/").status_code == 200
    house.clock.set(house.clock.now() + timedelta(days=29))
    assert browser.get("/").status_code == 200
    house.clock.set(house.clock.now() + timedelta(days=31))
    assert browser.get("/").status_code == 303
    other = house.browser("ravi")
    house.edit("web: {}\nsubscribers: {asha: {}}\nwatch: [{title: Ballard, premiere: 2025-07-09}]")
    assert other.get("/").status_code == 303


def test_signing_out_ends_the_session() -> None:
    house = House(CONFIG, AT)
    browser = house.browser("asha")
    cookie = browser.client.get_cookie("reminder-local")
    assert cookie is not None
    assert "You are signed out" in browser.follow(browser.post("/sign-out"))
    browser.client.set_cookie("reminder-local", cookie.value)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    ("peer", "headers", "is_in"),
    [
        ("127.0.0.1", {"Remote-User": "asha", "X-Proxy-Secret": "s3"}, True),
        ("127.0.0.1", {"Remote-User": "asha", "X-Proxy-Secret": "other"}, False),
        ("127.0.0.1", {"Remote-User": "asha"}, False),
        ("127.0.0.1", {"Remote-User": "nobody", "X-Proxy-Secret": "s3"}, False),
        ("127.0.0.2", {"Remote-User": "asha", "X-Proxy-Secret": "s3"}, False),
        ("127.0.0.1", {"X-Remote-User": "asha", "X-Proxy-Secret": "s3"}, False),
    ],
)
def test_a_proxy_says_who_is_there_only_from_its_address_and_with_its_secret(
    peer: str, headers: dict[str, str], is_in: bool
) -> None:
    proxy = "web: {proxy: {from: 127.0.0.1, secret: '${PROXY_SECRET}'}}"
    house = House(CONFIG.replace("web: {}", proxy), AT, environ={"PROXY_SECRET": "s3"})
    answer = house.browser().client.get("/", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == (200 if is_in else 303)


def test_tries_to_sign_in_are_limited() -> None:
    house = House(CONFIG, AT)
    browser = house.browser()
    answers = [browser.post("/in", {"token": "x" * 43}).status_code for _ in range(25)]
    assert answers == [404] * 20 + [429] * 5


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(to: str) -> None:
    house = House(CONFIG, AT)
    browser = house.browser()
    answer = browser.post("/in", {"token": link_of(house, "asha"), "to": to})
    assert answer.headers["Location"] == "/"


def test_what_the_proxy_says_counts_more_than_a_cookie() -> None:
    proxy = "web: {proxy: {from: 127.0.0.1}}"
    house = House(CONFIG.replace("web: {}", proxy), AT)
    browser = house.browser("asha")
    for name, shown in (("ravi", "<h1>ravi</h1>"), ("asha", "<h1>asha</h1>")):
        assert shown in browser.client.get("/me", headers={"Remote-User": name}).text
    assert browser.client.get("/me", headers={"Remote-User": "nobody"}).status_code == 303
    assert "<h1>asha</h1>" in browser.text("/me")
