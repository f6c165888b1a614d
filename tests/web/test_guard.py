"""What is refused before a page is asked: another host, another site, a form without its token, too much at once."""

from __future__ import annotations

import pytest

from tests.support.pages import HERE, SAME_SITE, House

AT = "2025-06-20 12:00"
CONFIG = "web: {}\nwatch: [{title: Ballard, premiere: 2025-07-09}]"


@pytest.mark.parametrize(
    ("host", "address", "status"),
    [
        ("localhost:8484", None, 200),
        ("127.0.0.1:8484", None, 200),
        ("[::1]:8484", None, 200),
        ("evil.example", None, 421),
        ("localhost.evil.example", None, 421),
        ("127.0.0.1.evil.example:8484", None, 421),
        ("reminder.example.org", "https://reminder.example.org", 200),
        ("REMINDER.example.org", "https://reminder.example.org", 200),
        ("reminder.example.org:8484", "https://reminder.example.org", 421),
        ("localhost", "https://reminder.example.org", 200),
    ],
)
def test_only_our_own_hosts_are_answered(host: str, address: str | None, status: int) -> None:
    house = House(CONFIG if address is None else CONFIG.replace("{}", f"{{address: '{address}'}}"), AT)
    assert house.browser().client.get("/sign-in", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {},
    ],
)
def test_a_change_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    browser = House(CONFIG, AT).browser("me")
    data = {"form_token": browser.form_token}
    assert browser.client.post("/sign-out", data=data, base_url=HERE, headers=headers).status_code == 403
    assert browser.get("/").status_code == 200


def test_an_origin_of_ours_is_enough_where_the_browser_says_no_more() -> None:
    browser = House(CONFIG, AT).browser("me")
    data = {"form_token": browser.form_token}
    answer = browser.client.post("/sign-out", data=data, base_url=HERE, headers={"Origin": HERE})
    assert answer.status_code == 303


def test_a_form_needs_the_token_of_its_own_browser() -> None:
    house = House(CONFIG, AT)
    browser, other = house.browser("me"), house.browser("me")
    for token in ("", "x", other.form_token, browser.form_token + "x"):
        answer = browser.client.post("/sign-out", data={"form_token": token}, base_url=HERE, headers=SAME_SITE)
        assert answer.status_code == 403, token


def test_a_request_that_is_too_long_is_refused() -> None:
    browser = House(CONFIG, AT).browser("me")
    assert browser.post("/sign-out", {"text": "x" * 2_000_000}).status_code == 413


def test_every_answer_has_the_headers_that_keep_it_safe() -> None:
    browser = House(CONFIG, AT).browser("me")
    for path in ("/", "/nothing", "/sign-in"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cache-Control"] == "no-store", path


def test_what_is_not_there_is_said_in_words() -> None:
    answer = House(CONFIG, AT).browser("me").get("/nothing")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
