"""Every page for people, on a phone and a desk, light and dark, with and without JavaScript, over hostile titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, VIEWS, Tab, View, axe_findings, by_keyboard, looked_at, too_wide
from tests.support.page_home import AT, HOSTILE, as_text, page_home
from tests.support.page_process import page_process
from tests.support.page_rows import ROWS, PageRow
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.web.test_crawl import Elements

PAGES = tuple(row for row in ROWS if row.is_page)
OTHER = {"no-such": 404, "news.example": 400}
"""Addresses at which there is nothing, or a page that cannot be fetched: what they are answered with."""


@dataclass(kw_only=True)
class Looker:
    """The household's page, and a tab for each view, kept from test to test."""

    page: ServedPage
    browser: Browser
    numbers: dict[str, str]
    tabs: dict[tuple[View, str | None], Tab] = field(default_factory=dict)

    def tab(self, view: View, person: str | None) -> Tab:
        if (view, person) not in self.tabs:
            self.tabs[view, person] = self.page.tab(self.browser, view, person)
        return self.tabs[view, person]


@pytest.fixture(scope="session")
def looker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    """Live with the household for some weeks, then serve its page."""
    reminder = Reminder(tmp_path_factory.mktemp("household"))
    with Sink() as sink:
        config = page_home(f"json://{sink.netloc}/")
        reminder.write(as_text(config))
        assert reminder.at("2025-06-02T06:30:00Z").once().status == 0
        with page_process(reminder, config, AT) as process:
            process.daemon.sweeps(AT)
            page = ServedPage(process=process)
            yield Looker(page=page, browser=browser, numbers=page.numbers())


@pytest.mark.parametrize("view", [view for view in VIEWS if view.scheme == "light"], ids=str)
@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.rule)
def test_the_page_has_no_fault(looker: Looker, row: PageRow, view: View) -> None:
    tab = looker.tab(view, None if row.access == "anyone" else "asha")
    faults: list[str] = []
    for number, path in enumerate(row.filled(looker.numbers)):
        tab.forget()
        answer = tab.open(looker.page.process.at(path))
        if answer.status != next((status for part, status in OTHER.items() if part in path), 200):
            faults.append(f"{path}: {answer.status}")
        faults += [f"{path}: {fault}" for fault in looked_at(tab)]
        if not number:  # colours are the same whatever a page is asked for, and change nothing else
            with tab.scheme("dark"):
                faults += [f"{path}, dark: {fault}" for fault in axe_findings(tab)]
        faults += [f"{path}: {fault}" for fault in by_keyboard(tab)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("view", [view for view in VIEWS if view.width == PHONE and view.scheme == "light"], ids=str)
def test_what_is_typed_or_shared_comes_back_as_text(looker: Looker, view: View) -> None:
    tab = looker.tab(view, "asha")
    faults: list[str] = []
    for name, typed in {**HOSTILE, "very long": "W" * 10_000}.items():
        for path in ("/add?" + urlencode({"text": f"{typed} premieres soon"}), "/?" + urlencode({"q": typed})):
            tab.forget()
            assert tab.open(looker.page.process.at(path)).status in {200, 400}, name  # 400: too long, said in words
            faults += [f"{name}: {fault}" for fault in (*tab.complaints, *too_wide(tab))]
            faults += [f"{name}: an element: {what}" for what in Elements(tab.page.content()).foreign()]
    assert not faults, "\n".join(faults)
