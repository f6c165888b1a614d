"""A date that moves is seen to have moved, on the page and in the calendar; a month without a day stands on no day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

import icalendar
from playwright.sync_api import Browser

from tests.support.browser import DESK, View, looked_at
from tests.support.page_home import as_text
from tests.support.page_process import PageProcess, page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.web.test_crawl import Elements

AT: Final = "2025-06-20T06:30:00Z"
VIEW: Final = View(width=DESK, scheme="light", scripts=True)


def home(sink: Sink, **watched: str) -> dict[str, Any]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {"phone": f"ntfy://{sink.netloc}/asha"},
        "subscribers": {"asha": {}},
        "watch": [{"title": name, "premiere": when} for name, when in watched.items()],
    }


def feed_of(page: ServedPage, browser: Browser) -> str:
    """Make a calendar address on the page Me, as a person does; return its path."""
    tab = page.tab(browser, VIEW, "asha")
    tab.open(page.process.at("/me"))
    tab.page.fill("#feed", "phone")
    tab.press("Make an address")
    address = tab.page.input_value("input.secret")
    assert looked_at(tab) == []
    tab.close()
    return urlsplit(address).path


def events(process: PageProcess, feed: str) -> dict[str, Any]:
    """Return the events of a feed by what they are called."""
    answer = process.ask("GET", feed)
    assert answer.status == 200
    calendar = icalendar.Calendar.from_ical(answer.text)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_a_date_that_moves_keeps_its_event_and_the_page_says_who_was_told(
    browser: Browser, reminder: Reminder, sink: Sink
) -> None:
    config = home(sink, Ballard="2025-07-09")
    reminder.write(as_text(config))
    assert reminder.at("2025-06-18T06:30:00Z").once().status == 0
    with page_process(reminder, config, AT) as process:
        page = ServedPage(process=process)
        feed = feed_of(page, browser)
        before = events(process, feed)["Ballard"]

        moved = home(sink, Ballard="2025-07-16") | {"web": {"listen": f"127.0.0.1:{process.port}"}}
        reminder.write(as_text(moved))
        process.daemon.hup()
        process.daemon.at("2025-06-21T03:30:00Z")  # news of dates comes at the next sending hour
        assert sink.wait_for(1)
        process.daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["sent"])

        after = events(process, feed)["Ballard"]
        assert (before["dtstart"].dt, after["dtstart"].dt) == (date(2025, 7, 9), date(2025, 7, 16))
        assert after["uid"] == before["uid"]
        assert after["sequence"] == before["sequence"] + 1

        tab = page.tab(browser, VIEW, "asha")
        tab.open(process.at("/"))
        tab.page.get_by_role("link", name="Ballard").first.click()
        came = tab.page.inner_text("[aria-labelledby=came]")
        assert "July 9, 2025" in came
        assert "July 16, 2025" in came
        assert "were told" in came
        assert looked_at(tab) == []
        tab.close()


def test_a_month_without_a_day_stands_on_no_day(browser: Browser, reminder: Reminder, sink: Sink) -> None:
    with page_process(reminder, home(sink, Someday="July 2025", Firstling="2025-07-01"), AT) as process:
        page = ServedPage(process=process)
        feed = feed_of(page, browser)
        tab = page.tab(browser, VIEW, "asha")

        tab.open(process.at("/month?m=2025-07"))
        cell = tab.page.locator("td", has=tab.page.locator("time[datetime='2025-07-01']"))
        assert "Firstling" in cell.inner_text()
        assert "Someday" not in tab.page.locator("table").first.inner_text()
        assert "Sometime in July" in tab.words

        tab.open(process.at("/"))
        sections = [
            text for text in re.split(r"\n(?=Today|Tuesday, July 1|Sometime in)", tab.words) if "Someday" in text
        ]
        assert len(sections) == 1
        assert sections[0].startswith("Sometime in July")
        tab.page.get_by_role("link", name="Someday").first.click()
        first_day = re.compile(r"July 1\b(?!\d)|2025-07-01|Tuesday")
        assert "July 2025" in tab.page.inner_text(".hero")
        assert not first_day.search(tab.page.inner_text(".hero"))

        # In no markup either: no time of a page with its name beside it is that day.
        for path in ("/", "/month?m=2025-07"):
            tab.open(process.at(path))
            rows = tab.page.locator("li", has_text="Someday").all()
            assert rows, path
            for row in rows:
                assert "2025-07-01" not in row.inner_html(), path
                assert [tag for tag, _ in Elements(row.inner_html()).found if tag == "time"] == [], path

        found = events(process, feed)
        assert [str(event["summary"]) for event in found.values() if event["dtstart"].dt == date(2025, 7, 1)] == [
            "Firstling",
            "Sometime in July: Someday",
        ]
        assert "Someday" not in found
        tab.close()
