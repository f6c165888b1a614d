"""What people meet in place of a page: a page in their language that says what happened and leads on (SPEC 10)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from reminder.usecases.signing_in import end_session, sessions_of
from reminder.web.routing import routes_of
from tests.support.page_rows import ROWS
from tests.support.pages import HERE, SAME_SITE, Browser, House
from tests.web.conftest import Household
from tests.web.test_join import SAID, bring, code_to, house, invited, joined, prove
from tests.web.test_routes import numbers_of

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
operator: asha
subscribers:
  asha: {channels: [phone]}
  oma: {channels: [phone], language: de}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""
BASE = "timezone: Asia/Kolkata\nchannels: {phone: 'json://127.0.0.1:9/'}\n"


def link_on(page: str) -> str:
    """Return where the last link of a page that stays with us leads."""
    return str(re.findall(r'<a href="(/[^"]*)"', page)[-1]).replace("&amp;", "&")


def test_the_address_of_a_form_opened_as_a_page_leads_to_one_that_is_there(household: Household) -> None:
    numbers, browser = numbers_of(household), household.browser("asha")
    shown = {route.rule for route in routes_of(household.site_app).values() if route.method == "GET"}
    only_forms = [row for row in ROWS if row.method == "POST" and "/api/" not in row.rule and row.rule not in shown]
    assert only_forms
    wrong = []
    for row in only_forms:
        for path in row.filled(numbers):
            answer = browser.get(path)
            there = browser.client.get(path, base_url=HERE, follow_redirects=True)
            if answer.status_code != 303 or (there.status_code != 200 and "no-such" not in path):
                wrong.append(f"{path}: {answer.status_code} {answer.headers.get('Location')} {there.status_code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/title/1/date/back", "/title/1"),
        ("/people/invite", "/people"),
        ("/titles", "/add"),
        ("/me/tokens/3/revoke", "/me"),
        ("/in", "/"),
        ("/channels/label", "/channels"),
    ],
)
def test_it_is_the_nearest_page_above_it_or_the_one_of_the_form(path: str, leads_to: str) -> None:
    assert House(CONFIG, AT, base=BASE).browser("asha").get(path).headers["Location"] == leads_to


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_in_words(method: str) -> None:
    answer = House(CONFIG, AT, base=BASE).browser("oma").client.open("/me", method=method, base_url=HERE)
    assert (answer.status_code, "Das nimmt diese Seite nicht an" in answer.text) == (405, True)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "Diese Seite gibt es nicht"),
        ("/status", 404, "Diese Seite gibt es nicht"),
        ("/title/99", 404, "Diese Seite gibt es nicht"),
    ],
)
def test_a_page_that_is_not_there_says_so_in_the_readers_language(path: str, status: int, said: str) -> None:
    answer = House(CONFIG, AT, base=BASE).browser("oma").get(path)
    assert (answer.status_code, said in answer.text, link_on(answer.text)) == (status, True, "/")
    assert '<html lang="de"' in answer.text


def left_open(lived: House, how: str) -> Browser:
    """Return a browser in which a page of Oma's is open that is older than the session, which ended meanwhile."""
    browser = lived.browser("oma")
    assert browser.form_token
    if how == "over night":
        lived.clock.set(lived.clock.now() + timedelta(days=40))
        return browser
    with lived.store.write() as tx:
        for each in sessions_of(tx, "oma", lived.clock.now()):
            end_session(tx, "oma", each.hash)
    return browser


@pytest.mark.parametrize("how", ["over night", "signed out elsewhere"])
@pytest.mark.parametrize("path", ["/me/pause", "/title/1/mute", "/channels/test"])
def test_a_page_left_open_says_that_nothing_was_changed_and_leads_to_signing_in(how: str, path: str) -> None:
    lived = House(CONFIG, AT, base=BASE)
    browser = left_open(lived, how)
    answer = browser.post(path, headers={"Referer": f"{HERE}/title/1", "Accept-Language": "de"})
    assert answer.status_code == 403
    assert "deshalb wurde nichts geändert" in answer.text
    assert link_on(answer.text) == "/sign-in?to=%2Ftitle%2F1"
    assert browser.get(link_on(answer.text)).status_code == 200


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        (f"{HERE}/title/1?x=1", "/title/1?x=1"),
        (f"{HERE}/title/1/mute", "/title/1"),
        ("https://evil.example/title/1", "/me"),
        ("", "/me"),
    ],
)
def test_a_page_older_than_the_session_is_opened_again(referer: str, leads_to: str) -> None:
    lived = House(CONFIG, AT, base=BASE)
    old, browser = lived.browser("oma").form_token, lived.browser("oma")
    data = {"form_token": old, "until": "2025-07-01"}
    headers = {**SAME_SITE, **({"Referer": referer} if referer else {})}
    answer = browser.client.post("/me/pause", data=data, base_url=HERE, headers=headers)
    assert (answer.status_code, link_on(answer.text)) == (403, leads_to)
    assert "Diese Seite ist zu alt" in answer.text


def test_what_was_written_wrong_leads_back_to_the_page_that_it_was_written_on() -> None:
    browser = House(CONFIG, AT, base=BASE).browser("asha")
    answer = browser.post("/me/pause", {"until": "never"}, headers={"Referer": f"{HERE}/me"})
    assert (answer.status_code, link_on(answer.text)) == (400, "/me")


def test_a_page_under_another_name_offers_no_link_that_would_lead_there_again() -> None:
    answer = House(CONFIG, AT, base=BASE).browser().client.get("/", headers={"Host": "192.168.1.5:8484"})
    assert answer.status_code == 421
    assert "has another address" in answer.text
    assert "Back to what is coming" not in answer.text


# Joining -------------------------------------------------------------------------------------------------------------


def begun_twice() -> tuple[House, Browser, Browser, str]:
    """Return two browsers in which somebody has begun by one invitation, the second one last, and its token."""
    lived = house()
    token = invited(lived)
    made = []
    for _ in range(2):
        browser = lived.browser()
        assert browser.post("/join", {"token": token, **SAID}).status_code == 303
        made.append(Browser(browser.client, form_page="/channels/add"))
        assert made[0].form_token
    return lived, made[0], made[1], token


@pytest.mark.parametrize("goes_on", ["by a form", "by a page", "by a reload"])
def test_who_began_in_another_browser_is_told_so_and_may_begin_anew(goes_on: str) -> None:
    _, first, second, token = begun_twice()
    if goes_on == "by a form":
        answer = first.post("/channels/add", {"channel": "letters", "address": "grandma@example.org"})
    else:
        answer = first.get("/channels/add" if goes_on == "by a page" else "/join")
    assert (answer.status_code, answer.headers["Location"]) in {(303, "/join"), (303, f"/join/{token}")}
    page = first.client.get(answer.headers["Location"], base_url=HERE, follow_redirects=True).text
    assert "went on with this invitation in another browser" in page
    assert "asha invites you" in page
    assert second.get("/channels/add").status_code == 200


def test_who_joined_in_another_browser_is_led_to_signing_in() -> None:
    lived, first, second, _ = begun_twice()
    bring(lived, second)
    assert prove(second, "letters", code_to(lived, "letters")).status_code == 303
    page = first.client.post(
        "/channels/add", data={"form_token": first.form_token}, base_url=HERE, headers=SAME_SITE, follow_redirects=True
    ).text
    assert "used in another browser" in page
    assert "sign in here" in page
    assert first.get("/join").headers["Location"] == "/sign-in"


def test_a_reload_of_joining_shows_where_somebody_stands() -> None:
    lived = house()
    assert lived.browser().get("/join").headers["Location"] == "/sign-in"
    member = joined(lived)
    assert member.get("/join").headers["Location"] == "/channels/add"
    bring(lived, member)
    prove(member, "letters", code_to(lived, "letters"))
    assert member.get("/join").headers["Location"] == "/"


def test_a_reload_of_a_name_that_was_refused_asks_for_it_again() -> None:
    lived = house()
    token, browser = invited(lived), lived.browser()
    assert browser.post("/join", {"token": token, **SAID, "name": "asha"}).status_code == 400
    assert browser.get("/join").headers["Location"] == f"/join/{token}"


def test_a_reload_of_a_code_that_was_wrong_asks_for_it_again() -> None:
    lived = house()
    member = joined(lived)
    form = re.search(r'action="(/channels/prove[^"]*)"', bring(lived, member))
    assert form
    assert member.post(form[1], {"use": "letters", "code": "1"}).status_code == 400
    assert "Type in the code" in member.text(form[1])
    assert member.get("/channels/prove").headers["Location"] == "/channels"
