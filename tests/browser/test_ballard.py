"""The journey of the seed: an article is shared from a phone, read, followed; a week before, the phone hears of it."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, Tab, View, looked_at
from tests.support.page_process import PageProcess, page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.proxy import Proxy
from tests.support.sink import Reply, Request, Sink

HOST: Final = "press.example"
ADDRESS: Final = f"https://{HOST}/2025/05/ballard-date"
HEADLINE: Final = "Prime Video sets the date for the crime drama ‘Ballard’"
ARTICLE: Final = f"""<!doctype html><html lang="en"><head><title>{HEADLINE}</title></head><body><article>
<h1>{HEADLINE}</h1>
<p>LOS ANGELES, May 23, 2025. Prime Video announced today that its new crime drama Ballard will premiere on July 9, 2025.
All ten episodes will be available on Prime Video on the same day.</p>
<p>Detective Renée Ballard leads a cold case division with few people and less money. Cases that everybody else has given up
bring her to a conspiracy within the force itself.</p>
<p>The series was filmed in Los Angeles over five months. Nothing was said about what may follow.</p>
</article></body></html>"""

EVE: Final = "2025-07-01T12:00:00Z"
A_WEEK_BEFORE: Final = "2025-07-02T03:30:00Z"
"""Nine in the morning in Kolkata."""


def title_of(request: Request) -> str:
    """Return the subject of a message as ntfy was given it."""
    return request.headers.get("title") or str(json.loads(request.body)["title"])


def share(tab: Tab, process: PageProcess) -> None:
    """Share the article as Android does, its name and its address in the text, and look at what was read in it."""
    tab.open(process.at("/add?" + urlencode({"title": HEADLINE, "text": ADDRESS, "url": ""})))
    fields = {name: tab.page.input_value(f"#{name}") for name in ("title", "premiere", "platform", "episodes", "drop")}
    assert fields == {
        "title": "Ballard",
        "premiere": "July 9, 2025",
        "platform": "Prime Video",
        "episodes": "10",
        "drop": "all",
    }
    assert "will premiere on July 9, 2025" in tab.page.inner_text("#about-premiere q")
    assert "Ballard premieres in 7 days" in tab.words, "the first message is shown before anything is kept"
    assert looked_at(tab) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no JavaScript"])
def test_a_shared_article_becomes_a_message_a_week_before(
    browser: Browser, reminder: Reminder, sink: Sink, proxy: Proxy, scripts: bool
) -> None:
    proxy.always(Reply(headers={"Content-Type": "text/html; charset=utf-8"}, body=ARTICLE.encode()), on=HOST)
    reminder.environ |= {**proxy.env, "SSL_CERT_FILE": str(proxy.bundle)}
    config = {
        "timezone": "Asia/Kolkata",
        "channels": {"phone": f"ntfy://{sink.netloc}/asha"},
        "subscribers": {"asha": {}},
    }
    with page_process(reminder, config, EVE) as process:
        page = ServedPage(process=process)
        tab = page.tab(browser, View(width=PHONE, scheme="light", scripts=scripts), "asha")

        share(tab, process)
        assert [request.host for request in proxy.requests] == [HOST]
        tab.press("Follow")
        assert tab.path.startswith("/title/"), tab.words
        assert "Ballard" in tab.page.inner_text("h1")
        assert looked_at(tab) == []
        where = tab.path

        assert sink.requests == []
        process.daemon.at(A_WEEK_BEFORE)
        assert sink.wait_for(1)
        assert [title_of(request) for request in sink.requests] == ["Ballard premieres in 7 days"]
        process.daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["sent"])

        tab.open(process.at(where))
        said = tab.words
        assert "What you heard" in said
        assert "sent over phone" in said
        assert "7 days before" in said
        assert "Wednesday, July 9, 2025" in said
        assert looked_at(tab) == []
        tab.close()
