"""Acting on messages of the installed command: a scanner that opens every link, and "not now" from a phone."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest

from tests.support.faults import until
from tests.support.page_process import PageProcess, page_process
from tests.support.process import Reminder
from tests.support.sink import Request, Sink
from tests.support.smtp import MailServer

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

ADDRESS: Final = "https://reminder.example.org"
START, WEEK_BEFORE = "2025-06-20T06:30:00Z", "2025-07-02T03:30:00Z"
ONE_CLICK: Final = {"List-Unsubscribe": "One-Click"}
NEXT_DAY = "2025-07-03T03:30:00Z"


@pytest.fixture
def page(reminder: Reminder, sink: Sink, mail: MailServer) -> Iterator[PageProcess]:
    """Serve the page of somebody with a phone and mail, whose title premieres in a week."""
    config: dict[str, Any] = {
        "timezone": "Asia/Kolkata",
        "web": {"address": ADDRESS},
        "channels": {
            "phone": f"ntfy://{sink.netloc}/films",
            "email": f"mailto://127.0.0.1:{mail.port}/asha@example.com?from=reminder@example.net",
        },
        "remind": ["7d", "6d"],
        "watch": [{"title": "Ballard", "premiere": "2025-07-09", "link": "https://example.com/ballard"}],
    }
    reminder.write(config)
    assert reminder.at(START).once().status == 0
    with page_process(reminder, config, WEEK_BEFORE) as process:
        process.daemon.sweeps(WEEK_BEFORE)
        until(lambda: len(sink.requests) == 1 and len(mail.mails) == 1, lambda: process.daemon.log)
        until(lambda: is_recorded(process), lambda: process.daemon.log)
        yield process


def is_recorded(page: PageProcess) -> bool:
    """Tell whether it is written down that both messages have come: that follows their coming."""
    with closing(sqlite3.connect(page.reminder.database)) as connection:
        states = [state for (state,) in connection.execute("SELECT state FROM delivery")]
    return states == ["sent", "sent"]


def links_of(phone: Sink, mail: MailServer) -> set[str]:
    """Return every address of ours in what was sent, as a scanner finds them."""
    said = [f"{request.headers.get('x-actions')} {request.headers.get('x-click')} {request.body!r}"
            for request in phone.requests]  # fmt: skip
    for each in mail.mails:
        parts = [part.get_content() for part in each.message.walk() if part.get_content_maintype() == "text"]
        said += [*parts, str(each.message["List-Unsubscribe"])]
    return {found.removeprefix(ADDRESS) for text in said for found in re.findall(rf"{ADDRESS}/[\w/.-]+", text)}


def kept(page: PageProcess) -> list[str]:
    """Return all that the database holds, but for what a daemon writes of itself."""
    with closing(sqlite3.connect(page.reminder.database)) as connection:
        return [
            line for line in connection.iterdump() if not line.startswith(('INSERT INTO "meta"', "INSERT INTO meta"))
        ]


def button(request: Request, label: str) -> str:
    """Return where a button of ntfy posts to."""
    found = {each["label"]: each["url"] for each in json.loads(request.headers["x-actions"])}
    url: str = found[label]
    return url.removeprefix(ADDRESS)


def titles(phone: Sink) -> list[str]:
    return [request.json()["title"] for request in phone.requests]


def test_a_scanner_changes_nothing_one_click_ends_mail_and_the_phone_takes_it_back(
    page: PageProcess, sink: Sink, mail: MailServer
) -> None:
    found, before = links_of(sink, mail), kept(page)
    assert len(found) == 3 + 5 + 1  # three buttons, five links in the mail, and how mail ends
    for path in [*sorted(found)] * 2:
        assert [page.ask(method, path).status for method in ("GET", "HEAD")] == [200, 200], path
    assert kept(page) == before
    head = mail.mails[0].message
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    end = str(head["List-Unsubscribe"]).strip("<>").removeprefix(ADDRESS)
    for _ in range(2):
        answer = page.ask("POST", end, None, **ONE_CLICK)
        assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
    until(lambda: len(sink.requests) == 2, lambda: page.daemon.log)
    assert titles(sink)[1] == "No more mail comes to you over email"
    assert page.ask("POST", button(sink.requests[1], "Undo")).status == 200
    page.daemon.at(NEXT_DAY)
    until(lambda: len(sink.requests) == 3 and len(mail.mails) == 2, lambda: page.daemon.log)
    assert str(mail.mails[1].message["Subject"]) == titles(sink)[2] == "Ballard premieres in 6 days"


def test_mail_that_was_ended_stays_ended(page: PageProcess, sink: Sink, mail: MailServer) -> None:
    end = str(mail.mails[0].message["List-Unsubscribe"]).strip("<>").removeprefix(ADDRESS)
    assert page.ask("POST", end, None, **ONE_CLICK).status == 200
    page.daemon.hup()
    page.daemon.at(NEXT_DAY)
    until(lambda: "Ballard premieres in 6 days" in titles(sink), lambda: page.daemon.log)
    assert len(mail.mails) == 1


def test_not_now_is_one_message_tomorrow_in_true_words_however_often_it_is_pressed(
    page: PageProcess, sink: Sink, mail: MailServer
) -> None:
    tomorrow = button(sink.requests[0], "Tomorrow")
    answers = [page.ask("POST", tomorrow) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert "You will hear of Ballard again: Thursday, July 3, 2025, at 9:00 AM IST." in answers[0].text
    (planned,) = [row for row in page.reminder.run("plan", "--json").json() if row["at"] == NEXT_DAY]
    assert (planned["channels"], planned["subject"]) == (["phone", "email"], "Ballard premieres in 6 days")
    page.daemon.at(NEXT_DAY)
    until(lambda: len(sink.requests) == 2 and len(mail.mails) == 2, lambda: page.daemon.log)
    until(lambda: "superseded" in states(page), lambda: page.daemon.log)  # the lead of that hour would say the same
    assert sorted(states(page)) == ["sent"] * 4 + ["superseded"] * 2
    assert titles(sink) == ["Ballard premieres in 7 days", "Ballard premieres in 6 days"]


def states(page: PageProcess) -> list[str]:
    return [row["state"] for row in page.reminder.history()]
