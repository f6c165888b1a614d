"""A code over a channel of one's own: sent through the ledger, in the browser that asked, and to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from reminder.store.sql.tables import delivery, message
from reminder.usecases.signing_in import new_code, use_code
from tests.support.pages import Browser, House

AT = "2025-06-20 23:00"
BASE = """
timezone: Asia/Kolkata
channels:
  phone: "json://127.0.0.1:9/"
  hers: "json://127.0.0.1:10/"
  bot: "json://127.0.0.1:11/{address}"
  screen: console://
"""
CONFIG = """
web: {}
operator: asha
subscribers:
  asha: {channels: [phone, hers, {bot: "1"}], quiet_hours: 22:00-08:00}
  ravi: {channels: [phone, {bot: "2"}, screen]}
  meera: {channels: [phone]}
  twin: {channels: [{bot: "3"}]}
  other twin: {channels: [{bot: "3"}]}
watch: [{title: Ballard, premiere: 2025-07-09, for: [asha]}]
"""


def house() -> House:
    return House(CONFIG, AT, base=BASE)


def ask(house: House, browser: Browser, name: str) -> str:
    """Ask for a code and let the daemon look; return what the browser is shown."""
    page = browser.follow(browser.post("/sign-in", {"name": name}))
    house.settle()
    return page


def codes(house: House) -> list[tuple[str, str, str]]:
    """Return the codes that arrived: to whom, over which channel, the digits."""
    return [
        (each.subscriber, each.channel, digits[0].replace(" ", ""))
        for each in house.arrived
        if each.kind == "code" and (digits := re.search(r"\d{4} ?\d{4}", each.words.subject))
    ]


def test_a_code_signs_in_the_browser_that_asked_for_it_even_at_night() -> None:
    lived = house()
    browser = lived.browser()
    assert "a code is on its way" in ask(lived, browser, "asha")
    assert [(who, channel) for who, channel, _ in codes(lived)] == [("asha", "hers"), ("asha", "bot")]
    (code,) = {digits for _, _, digits in codes(lived)}
    other = lived.browser()
    ask(lived, other, "nobody at all")
    assert other.post("/sign-in/code", {"code": code}).status_code == 400
    answer = browser.post("/sign-in/code", {"code": f"{code[:4]} {code[4:]}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert browser.get("/me").status_code == 200


def test_a_code_works_once() -> None:
    lived = house()
    with lived.store.write() as tx:
        code = new_code(tx, "ravi", "a mark", lived.clock.now())
        assert code is not None
        assert use_code(tx, "a mark", code, "Firefox", lived.clock.now()) is not None
        assert use_code(tx, "a mark", code, "Firefox", lived.clock.now()) is None


@pytest.mark.parametrize(
    ("name", "over"),
    [
        ("ravi", ["bot"]),  # his own address on a shared channel; the terminal prints into the log
        ("meera", []),  # others read her only channel
        ("twin", []),  # somebody has the same address
        ("Asha", []),
        ("nobody", []),
        ("", []),
        ("<script>", []),
    ],
)
def test_a_code_comes_only_where_one_person_reads(name: str, over: list[str]) -> None:
    lived = house()
    ask(lived, lived.browser(), name)
    assert [channel for _, channel, _ in codes(lived)] == over


def test_the_config_may_allow_a_shared_channel_and_forbid_ones_own() -> None:
    base = BASE.replace('phone: "json://127.0.0.1:9/"', 'phone: {url: "json://127.0.0.1:9/", sign_in: true}')
    base = base.replace('hers: "json://127.0.0.1:10/"', 'hers: {url: "json://127.0.0.1:10/", sign_in: false}')
    lived = House(CONFIG, AT, base=base)
    ask(lived, lived.browser(), "asha")
    assert [channel for _, channel, _ in codes(lived)] == ["phone", "bot"]


def test_known_and_unknown_names_get_the_same_answers() -> None:
    lived = house()
    answers = []
    for name in ("asha", "meera", "nobody"):
        browser = lived.browser()
        sent = browser.post("/sign-in", {"name": name})
        page = browser.follow(sent)
        wrong = browser.post("/sign-in/code", {"code": "00000000"})
        said = re.sub(r'value="[^"]*"', "", page + wrong.text)
        answers.append((sent.status_code, sent.headers["Location"], wrong.status_code, said))
    assert answers[0] == answers[1] == answers[2]


def test_a_code_is_over_after_ten_minutes_and_after_five_tries() -> None:
    lived = house()
    late, wild = lived.browser(), lived.browser()
    ask(lived, late, "ravi")
    ask(lived, wild, "asha")
    found = {who: digits for who, _, digits in codes(lived)}
    for _ in range(5):
        assert wild.post("/sign-in/code", {"code": "12345678"}).status_code == 400
    assert wild.post("/sign-in/code", {"code": found["asha"]}).status_code == 400
    lived.clock.set(lived.clock.now() + timedelta(minutes=10))
    assert late.post("/sign-in/code", {"code": found["ravi"]}).status_code == 400


def test_nobody_is_sent_more_than_three_codes_an_hour() -> None:
    lived = house()
    for _ in range(6):
        ask(lived, lived.browser(), "ravi")
    assert len(codes(lived)) == 3


def test_the_digits_are_gone_once_they_have_left() -> None:
    lived = house()
    ask(lived, lived.browser(), "asha")
    (code,) = {digits for _, _, digits in codes(lived)}
    with lived.store.read() as tx:
        kept = str(tx.execute(select(message)).all()) + str(tx.execute(select(delivery)).all())
    assert code not in kept
    assert f"{code[:4]} {code[4:]}" not in kept


def test_where_no_daemon_runs_the_page_says_so_and_shows_the_way() -> None:
    lived = house()
    lived.is_in_daemon = False
    page = lived.browser().text("/sign-in")
    assert "nothing sends messages here" in page
    assert "reminder web link" in page
    assert "Send me a code" not in page
