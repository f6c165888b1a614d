"""Everything by the keyboard alone: signing in, adding by what an announcement says, following, muting."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.support.browser import DESK, Tab, View
from tests.support.page_process import page_process
from tests.support.process import Reminder
from tests.support.sink import Sink

AT: Final = "2025-06-20T06:30:00Z"
MOST: Final = 100
"""Stops within which something on a page is to be reached."""


def go_to(tab: Tab, name: str) -> None:
    """Press Tab until what has focus is called so: by its own words, or by its label."""
    for _ in range(MOST):
        tab.page.keyboard.press("Tab")
        said: str = tab.evaluate(
            "() => { const at = document.activeElement; "
            "return [...(at.labels || [])].map((each) => each.innerText).join(' ') || at.innerText || ''; }"
        )
        if said.strip() == name:
            return
    raise AssertionError(f"{name} is not reached by the keyboard:\n{tab.words}")


def enter(tab: Tab) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no JavaScript"])
def test_whoever_has_no_mouse_signs_in_adds_follows_and_mutes(
    browser: Browser, reminder: Reminder, sink: Sink, scripts: bool
) -> None:
    config = {
        "timezone": "Asia/Kolkata",
        "channels": {"phone": f"ntfy://{sink.netloc}/asha"},
        "subscribers": {"asha": {}},
    }
    with page_process(reminder, config, AT) as process:
        tab = Tab(browser=browser, view=View(width=DESK, scheme="light", scripts=scripts))
        tab.open(process.link("asha"))
        go_to(tab, "Sign in")
        enter(tab)
        go_to(tab, "Add")
        enter(tab)
        assert tab.path == "/add"
        go_to(tab, tab.page.locator("main label").first.inner_text().strip())
        tab.page.keyboard.type("Ballard premieres on July 9, 2025 on Prime Video.")
        go_to(tab, tab.page.locator("main form button").first.inner_text().strip())
        enter(tab)
        go_to(tab, "Follow")
        enter(tab)
        assert tab.path.startswith("/title/"), tab.words
        go_to(tab, "Mute")
        enter(tab)
        assert "Muted: you hear nothing of it." in tab.words
        assert tab.complaints == []
        tab.close()
