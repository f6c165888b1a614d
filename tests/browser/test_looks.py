"""A green page would prove nothing if the looks saw nothing: a page of faults, on which each look finds its own."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, VIEWS, Tab, View, axe_findings, by_keyboard, looked_at
from tests.support.sink import Reply, Sink

HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'",
}
FAULTY: Final = """<!doctype html><html lang="en"><head><title>Faulty</title><link rel="stylesheet" href="/faulty.css">
<style>p { color: red }</style><script src="/faulty.js"></script></head>
<body><main><h1>Faulty</h1><p class="pale">Too pale to be read</p><p class="night">At night</p><div class="wide">Wide</div>
<input><button class="bare">Focus does not show</button><a href="/b" class="small">b</a><a href="/c" tabindex="-1">Not reached</a>
<noscript><img src="/missing.png" alt="Only without scripts"></noscript></main></body></html>"""
STYLE: Final = (
    "@media (prefers-color-scheme: dark) { .night { color: #222; background: #000 } }"
    ".pale { color: #ddd } .wide { width: 350px } .bare { outline: none } .small { display: block; width: 10px }"
)

FOUND: Final = (
    "Applying inline style violates",
    "a target of less than 24 px: 10.0 x",
    'wider than 320 px: <div class="wide">',
    "axe, color-contrast: ",
    "axe, label: ",
    "by keyboard: the first stop is no link to the content",
    "by keyboard: focus does not show: <button",
    'by keyboard: not reached: <a href="/c"',
)


def serve_faults(sink: Sink) -> str:
    sink.always(Reply(headers=HEADERS, body=FAULTY.encode()), on="/")
    sink.always(Reply(headers={"Content-Type": "text/css"}, body=STYLE.encode()), on="/faulty.css")
    sink.always(
        Reply(headers={"Content-Type": "text/javascript"}, body=b"throw new Error('in a script')"), on="/faulty.js"
    )
    sink.always(Reply(status=404), on="/missing.png")
    return f"http://{sink.netloc}/"


@pytest.mark.parametrize("view", [view for view in VIEWS if view.width < 400], ids=str)
def test_each_look_finds_its_own_fault(browser: Browser, sink: Sink, view: View) -> None:
    tab = Tab(browser=browser, view=view)
    tab.open(serve_faults(sink))
    said = [*looked_at(tab), *by_keyboard(tab)]
    tab.close()
    own = "script: in a script" if view.scripts else "404 (Not Found)"
    other = "404 (Not Found)" if view.scripts else "script: in a script"
    assert [wanted for wanted in (*FOUND, own) if not any(wanted in fault for fault in said)] == [], "\n".join(said)
    assert [fault for fault in said if other in fault] == []


def test_what_is_too_pale_in_the_dark_alone_is_found_in_the_dark(browser: Browser, sink: Sink) -> None:
    tab = Tab(browser=browser, view=View(width=PHONE, scheme="light", scripts=True))
    tab.open(serve_faults(sink))
    by_day = axe_findings(tab)
    with tab.scheme("dark"):
        by_night = axe_findings(tab)
    tab.close()
    assert [any('class="night"' in fault for fault in found) for found in (by_day, by_night)] == [False, True]
