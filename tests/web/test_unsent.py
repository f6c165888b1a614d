"""Where nothing is sent, every page says so, and says only what is true of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from tests.support.pages import House

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
subscribers: {asha: {}, ravi: {}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""
PAGES = ("/", "/month", "/messages", "/history", "/title/1", "/add", "/channels", "/me")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(CONFIG, AT, environ={"RUNTIME_DIRECTORY": str(tmp_path)})
    made.is_in_daemon = False
    return made


def beat(house: House, folder: Path, *, age: timedelta, trouble: str | None = None, config: str | None = None) -> None:
    at = house.clock.now() - age
    write_heartbeat(folder, Heartbeat(swept_at=at, pid=1, trouble=trouble, config_problem=config))


def test_without_a_daemon_every_page_says_that_nothing_is_sent(house: House) -> None:
    for person in ("asha", "ravi"):
        browser = house.browser(person)
        assert [page for page in PAGES if "Nothing is sent now" not in browser.text(page)] == []


def test_with_a_daemon_no_page_says_so(house: House, tmp_path: Path) -> None:
    beat(house, tmp_path, age=timedelta(seconds=30))
    browser = house.browser("asha")
    assert [page for page in (*PAGES, "/status") if "Nothing is sent now" in browser.text(page)] == []


def test_a_daemon_that_doubts_the_clock_is_not_said_to_be_gone(house: House, tmp_path: Path) -> None:
    beat(house, tmp_path, age=timedelta(days=2), trouble="the clock has jumped by 2 days")
    owner, member = house.browser("asha").text("/"), house.browser("ravi").text("/")
    assert "Nothing is sent now: the clock has jumped by 2 days" in owner
    assert "Nothing is sent now" in member
    assert "no daemon" not in owner + member
    assert "the clock has jumped" not in member


def test_an_edited_config_that_is_not_taken_is_named_in_the_readers_language(tmp_path: Path) -> None:
    why = "the edited config is not taken: config.yaml:3:1: wacth: unknown key, did you mean watch?"
    lived = House("web: {}\nsubscribers: {asha: {language: de}}\n", AT, environ={"RUNTIME_DIRECTORY": str(tmp_path)})
    beat(lived, tmp_path, age=timedelta(0), config=why)
    page = lived.browser("asha").text("/status")
    assert "Die geänderte Konfiguration wird nicht übernommen: config.yaml:3:1: wacth: unknown key" in page
    assert "did you mean watch? Die vorige gilt weiter." in page


def test_status_says_that_an_edited_config_is_not_taken(house: House, tmp_path: Path) -> None:
    beat(
        house, tmp_path, age=timedelta(0), config="the edited config is not taken: config.yaml:3:1: wobble: unknown key"
    )
    assert "The edited config is not taken: config.yaml:3:1" in house.browser("asha").text("/status")


def test_status_says_why_in_the_readers_language(tmp_path: Path) -> None:
    made = House(CONFIG.replace("asha: {}", "asha: {language: ja}"), AT, environ={"RUNTIME_DIRECTORY": str(tmp_path)})
    made.is_in_daemon = False
    beat(made, tmp_path, age=timedelta(0), trouble="the clock says 1999-01-01 00:00 UTC, which cannot be")
    for page in (made.browser("asha").text("/"), made.browser("asha").text("/status")):
        assert "時計が1999-01-01 00:00 UTCになっていますが、ありえません" in page
        assert "the clock" not in page
