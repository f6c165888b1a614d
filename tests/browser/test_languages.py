"""The pages in languages that nobody speaks: one with longer words, one from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reminder.texts.languages.catalogue import OVER
from reminder.texts.languages.known import KnownLanguage
from tests.support.browser import PHONE, VIEWS, looked_at
from tests.support.languages import PSEUDO, RIGHT_TO_LEFT, lay_over
from tests.support.page_home import AT, as_text, page_home
from tests.support.page_process import page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.sink import Sink

NARROW = next(view for view in VIEWS if view.width == PHONE and view.scheme == "light" and view.scripts)
PAGES = ("/", "/month", "/title/{ballard}", "/messages", "/history", "/channels", "/me", "/add", "/status")


@pytest.fixture(params=[PSEUDO, RIGHT_TO_LEFT], ids=lambda known: known.code)
def spoken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[KnownLanguage, ServedPage]]:
    """Serve the household's page to Asha, who reads a language that is laid over those that there are."""
    known = request.param
    lay_over(tmp_path / "locale", known)
    reminder = Reminder(tmp_path / "home", environ={OVER: str(tmp_path / "locale")})
    with Sink() as sink:
        config = page_home(f"json://{sink.netloc}/", language=known.code)
        reminder.write(as_text(config))
        assert reminder.at("2025-06-02T06:30:00Z").once().status == 0
        with page_process(reminder, config, AT) as process:
            process.daemon.sweeps(AT)
            yield known, ServedPage(process=process)


def test_each_page_fits_and_can_be_read(browser: Browser, spoken: tuple[KnownLanguage, ServedPage]) -> None:
    known, page = spoken
    tab = page.tab(browser, NARROW)
    tab.open(page.process.link("asha"))
    tab.page.locator("main button").first.click()
    numbers = page.numbers()
    faults: list[str] = []
    for path in PAGES:
        tab.forget()
        tab.open(page.process.at(path.format(**numbers)))
        html = tab.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
            known.code,
            "rtl" if known is RIGHT_TO_LEFT else "ltr",
        )
        faults += [f"{path}: {fault}" for fault in looked_at(tab)]
    tab.close()
    assert not faults, "\n".join(faults)
