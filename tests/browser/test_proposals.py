"""What Add proposes, in a real browser: one entry, several, none, an announcement, faults in its fields, hostile words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.adding import catalogues
from tests.support.browser import VIEWS, View, by_keyboard, looked_at
from tests.support.page_home import HOSTILE, page_home
from tests.support.page_process import page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder

AT = "2026-10-01T06:00:00Z"
ANNOUNCED = "“Salt Road” premieres on Prime Video on July 9, 2027. All ten episodes arrive at once. The trailer came out on May 2, 2027."
CLOSE = "“Dead Air” arrives on July 9, 2027.\n\n“Salt Road” opens on July 23, 2027."
BAD = [HOSTILE[name] for name in ("script", "combining", "unbroken")]
GIVEN = (ANNOUNCED, CLOSE, "harbour lights", "The Office", "Ballard", "Nobody Has This", *BAD)


@pytest.fixture
def served(reminder: Reminder) -> Iterator[ServedPage]:
    """Serve a page of its own to each test: what one person has looked up in an hour is limited."""
    with catalogues() as there:
        config = page_home("json://127.0.0.1:9/", sources={"tvmaze": {"url": there.tvmaze}})
        with page_process(reminder, config, AT) as process:
            yield ServedPage(process=process)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_no_proposal_has_a_fault(served: ServedPage, browser: Browser, view: View) -> None:
    tab = served.tab(browser, view, "asha")
    faults: list[str] = []
    for given in GIVEN:
        tab.forget()
        tab.open(served.process.at("/add"))
        tab.page.get_by_role("textbox").fill(given)
        tab.press("Look")
        faults += [f"{given[:20]}: {fault}" for fault in looked_at(tab)]
        if view.scheme == "light" and given in {ANNOUNCED, "The Office"}:
            faults += [f"{given[:20]}: {fault}" for fault in by_keyboard(tab)]
    tab.forget()
    tab.open(served.process.at("/add"))
    tab.page.get_by_role("textbox").fill(ANNOUNCED)
    tab.press("Look")
    tab.page.get_by_label("Comes out").fill("next Friday")
    tab.press("Follow")
    assert "is not a date that stays the same" in tab.words
    faults += [f"a fault in a field: {fault}" for fault in looked_at(tab)]
    tab.close()
    assert not faults, "\n".join(faults)


def test_keys_are_extras_that_can_be_turned_off(served: ServedPage, browser: Browser) -> None:
    tab = served.tab(browser, View(width=1200, scheme="light", scripts=True), "asha")
    keys = tab.page.keyboard
    tab.open(served.process.at("/add"))
    keys.press("/")
    assert tab.evaluate("document.activeElement.id") == "text"
    keys.type("gm?")
    assert tab.page.get_by_role("textbox").input_value() == "gm?"
    tab.evaluate("document.activeElement.blur()")
    keys.press("g")
    keys.press("m")
    tab.page.wait_for_url("**/month")
    keys.press("?")
    assert looked_at(tab) == []
    tab.page.get_by_role("checkbox").uncheck()
    keys.press("Escape")
    keys.press("g")
    keys.press("u")
    keys.press("?")
    assert tab.path == "/month"
    assert tab.page.get_by_role("dialog").count() == 0
    tab.page.get_by_role("button", name="Keys").click()
    tab.page.get_by_role("checkbox").check()
    assert tab.complaints == []
    tab.close()
