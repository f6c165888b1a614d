"""This browser as an address: its key, what it says of itself, the code that is pushed to it, and its new address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reminder import web
from reminder.core.model.own import is_proved
from reminder.notify.webpush.browser import of_base64url
from reminder.store.own import own_of
from tests.support.pages import HERE, SAME_SITE, Browser, House
from tests.support.push import PushedTo

AT = "2025-06-20 12:00"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"}
BASE = """
timezone: Asia/Kolkata
web: {address: "http://localhost:8484", contact: "mailto:me@example.org", push_hosts: [push.example]}
channels:
  phone: "json://127.0.0.1:9/"
  browser: {url: "webpush://", join: true}
  closed: webpush://
  letters: {url: "mailtos://me:pw@example.org?to={address}", join: true}
operator: asha
subscribers: {asha: {channels: [phone]}, ravi: {channels: [phone]}}
watch: [{title: Ballard, premiere: 2025-07-09, for: [asha]}]
"""


def house() -> House:
    return House("", AT, base=BASE)


def pushed_to(number: int = 1, host: str = "https://fcm.googleapis.com/fcm/send") -> PushedTo:
    return PushedTo(endpoint=f"{host}/device-{number}")


def bring(browser: Browser, said: object, channel: str = "browser") -> Any:
    text = said if isinstance(said, str) else json.dumps(said)
    return browser.post("/channels/browser", {"channel": channel, "subscription": text}, FIREFOX)


def uses(lived: House, person: str = "asha") -> list[tuple[str, str | None, bool]]:
    with lived.store.read() as tx:
        own = own_of(tx, person)
    return [(use.name, use.address, is_proved(use)) for use in own.channels] if own else []


def test_a_browser_is_set_up_proves_itself_by_what_is_pushed_and_is_told_from_then_on() -> None:
    lived, device = house(), pushed_to()
    browser = lived.browser("asha")
    assert 'data-key="/channels/browser/key"' in browser.text("/channels/add")
    page = browser.follow(bring(browser, device.subscription))
    lived.settle()
    assert "A code is on its way" in page
    assert device.endpoint not in page
    assert uses(lived) == [("browser", device.address, False)]
    (sent,) = lived.transport.given
    assert sent.channel.url is not None
    assert sent.words.hints.is_urgent
    code = "".join(re.findall(r"\d", sent.words.subject))
    proved = browser.post("/channels/prove", {"use": "browser", "code": code})
    assert "It works" in browser.follow(proved)
    assert uses(lived) == [("browser", device.address, True)]
    assert "Firefox on Android" in browser.text("/channels")
    lived.live("2025-07-02 12:00")
    assert {line.partition(":")[0] for line in map(str, lived.lines()[1:])} >= {"2025-07-02 09"}
    told = [(each.channel, each.words.subject) for each in lived.arrived if each.kind == "reminder"]
    assert sorted(told) == [("browser", "Ballard premieres in 7 days"), ("phone", "Ballard premieres in 7 days")]


def test_a_second_browser_is_an_address_of_its_own() -> None:
    lived = house()
    browser = lived.browser("asha")
    for number in (1, 2):
        assert bring(browser, pushed_to(number).subscription).status_code == 303
    assert [name for name, _, _ in uses(lived)] == ["browser", "browser#2"]


def test_every_browser_is_asked_for_one_key_which_is_made_when_it_is_first_wanted() -> None:
    lived = house()
    keys = [
        lived.browser(person).post("/channels/browser/key", {"channel": "browser"}).get_json()["key"]
        for person in ("asha", "ravi", "asha")
    ]
    assert len(set(keys)) == 1
    point = of_base64url(keys[0])
    assert (len(point), point[0]) == (65, 4)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "did not say how it is reached"),
        ("[" * 3000, "did not say how it is reached"),
        ("{}", "not the address of a browser"),
        (pushed_to(1, "https://evil.example/x").subscription, "push_hosts"),
        (pushed_to(1, "http://fcm.googleapis.com/x").subscription, "push_hosts"),
        (pushed_to(1, "http://127.0.0.1:22/x").subscription, "push_hosts"),
        (pushed_to(1, "https://fcm.googleapis.com:8443/x").subscription, "push_hosts"),
    ],
)
def test_what_is_no_browser_of_a_push_service_that_is_known_is_refused_in_words(said: object, why: str) -> None:
    lived = house()
    answer = bring(lived.browser("asha"), said)
    assert answer.status_code == 400
    assert why in answer.text
    assert "evil.example" not in answer.text
    assert uses(lived) == []


def test_a_push_service_that_the_config_names_is_taken() -> None:
    lived = house()
    device = pushed_to(1, "https://push.example:8443/x")
    assert bring(lived.browser("asha"), device.subscription).status_code == 303


@pytest.mark.parametrize("channel", ["closed", "letters", "phone", "no-such", "browser#2", ""])
def test_only_a_channel_to_browsers_that_may_be_joined_takes_one(channel: str) -> None:
    lived = house()
    browser = lived.browser("asha")
    assert bring(browser, pushed_to().subscription, channel).status_code == 404
    assert browser.post("/channels/browser/key", {"channel": channel}).status_code == 404
    assert uses(lived) == []


def renew(browser: Browser, before: object, after: object) -> int:
    body = {"before": before, "after": after if isinstance(after, str) else json.dumps(after)}
    answer = browser.client.post("/channels/browser/renew", json=body, base_url=HERE, headers=SAME_SITE)
    return int(answer.status_code)


def test_a_browser_that_gets_another_address_by_itself_goes_on_under_it() -> None:
    lived, device, other = house(), pushed_to(1), pushed_to(2)
    browser = lived.browser("asha")
    bring(browser, device.subscription)
    assert renew(browser, device.endpoint, other.subscription) == 204
    assert uses(lived) == [("browser", other.address, False)]
    assert renew(browser, device.endpoint, pushed_to(3).subscription) == 404


def test_nobody_moves_the_browser_of_another_nor_without_its_old_address() -> None:
    lived, device, other = house(), pushed_to(1), pushed_to(2)
    bring(lived.browser("asha"), device.subscription)
    ravi, stranger = lived.browser("ravi"), lived.browser()
    assert renew(ravi, device.endpoint, other.subscription) == 404
    assert renew(stranger, device.endpoint, other.subscription) == 403
    asha = lived.browser("asha")
    assert renew(asha, "", other.subscription) == 404
    assert renew(asha, 7, other.subscription) == 400
    assert renew(asha, device.endpoint, "{}") == 400
    assert renew(asha, device.endpoint, pushed_to(2, "https://evil.example/x").subscription) == 400
    assert uses(lived) == [("browser", device.address, False)]


def test_the_service_worker_is_served_from_the_root_and_looked_at_anew_each_time() -> None:
    answer = house().browser().get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "ICON_ADDRESS" not in answer.text
    icon = re.search(r'"(/static/[0-9a-f]+/icon-192\.png)"', answer.text)
    assert icon is not None
    assert house().browser().get(icon[1]).status_code == 200


@pytest.mark.parametrize("name", ["push.js", "sw.js"])
def test_scripts_are_small_and_write_no_html(name: str) -> None:
    script = Path(web.__file__).parent / "static" / name
    assert script.stat().st_size <= 3 * 1024
    assert "innerHTML" not in script.read_text()


def test_without_a_script_it_is_said_that_this_one_needs_one() -> None:
    page = house().browser("asha").text("/channels/add")
    assert "<noscript><p>Your browser needs JavaScript for this one." in page
    assert re.search(r'<div data-when="ready" hidden>\s*<form method="post" action="/channels/browser"', page)
