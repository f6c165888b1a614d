"""A real Chromium on pages of ours, and what is looked at in them: complaints, axe, width, targets, the keyboard.

In a test: `with chromium() as browser: tab = Tab(browser, View(...)); tab.open(address); assert looked_at(tab) == []`.
Each look returns what is wrong as sentences, so that a test can name all of it at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LEFT: Final = "net::ERR_ABORTED"
"""What Chromium says of a picture for a page that was left before it came; nobody has missed it."""

NARROWEST: Final = 320
SMALLEST: Final = 24
"""CSS pixels that a target is wide and high at least (WCAG 2.2, 2.5.8)."""

MOST_STOPS: Final = 400
PARTS: Final = 4
"""A field for a date has so many stops of its own: day, month, year, and what opens the calendar."""

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class View:
    """How a page is looked at: width of the window, colour scheme, with or without JavaScript."""

    width: int
    scheme: Scheme
    scripts: bool

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.width} px, {self.scheme}, {'JavaScript' if self.scripts else 'no JavaScript'}"


PHONE: Final = 390
DESK: Final = 1200
VIEWS: Final = tuple(
    View(width=width, scheme=scheme, scripts=scripts)
    for width in (PHONE, DESK)
    for scheme in get_args(Scheme)
    for scripts in (True, False)
)


def program() -> str:
    """Return the path of a Chromium. Raises RuntimeError, with what to do, when there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError("there is no Chromium: apt-get install chromium, or name one: CHROMIUM=/path/to/chromium")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with a profile of its own, and leave no process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(kw_only=True)
class Tab:
    """A page in one view, with cookies of its own. `complaints` are what console, scripts and loading complained of.

    `locale` is the language that the browser asks for. Without JavaScript no script of the page runs, and `<noscript>` counts; what a test evaluates does run.
    """

    browser: Browser
    view: View
    locale: str = "en-US"
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    _switch: CDPSession = field(init=False)
    _heard: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            viewport={"width": self.view.width, "height": 800},
            color_scheme=self.view.scheme,
            service_workers="block",
            locale=self.locale,
        )
        self.page = self.context.new_page()
        self._switch = self.context.new_cdp_session(self.page)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._heard.append(("", f"script: {error}")))
        self.page.on("requestfailed", self._not_loaded)
        self.run_scripts(self.view.scripts)

    @property
    def complaints(self) -> list[str]:
        """Return all complaints so far, but for the status of the page itself, which a test knows."""
        return [said for url, said in self._heard if url != self.page.url or "Failed to load resource" not in said]

    def forget(self) -> None:
        """Forget the complaints."""
        self._heard.clear()

    def run_scripts(self, do: bool) -> None:
        """Let scripts run from here on, or not. Of a page that is loaded already none begins by that."""
        self._switch.send("Emulation.setScriptExecutionDisabled", {"value": not do})

    @contextmanager
    def scheme(self, scheme: Scheme) -> Iterator[None]:
        """Show the page as it stands in another colour scheme for a while."""
        self.page.emulate_media(color_scheme=scheme)
        try:
            yield
        finally:
            self.page.emulate_media(color_scheme=self.view.scheme)

    def open(self, address: str) -> Response:
        """Load a page as if its address had been typed; return what the server answered."""
        self.run_scripts(self.view.scripts)
        self.page.set_viewport_size({"width": self.view.width, "height": 800})
        answer = self.page.goto(address)
        assert answer is not None, address
        return answer

    def press(self, name: str) -> None:
        """Press the button of this name, and wait for the page that it leads to."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    @property
    def path(self) -> str:
        """Return where it stands, without the host."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def words(self) -> str:
        """Return the text that a reader sees."""
        return self.page.inner_text("body")

    def evaluate(self, script: str, value: Any = None) -> Any:
        """Return what an expression or a function of JavaScript comes to on the page."""
        return self.page.evaluate(script, value)

    def close(self) -> None:
        """Close it."""
        self.context.close()

    def _not_loaded(self, request: Request) -> None:
        if request.failure != LEFT:
            self._heard.append((request.url, f"not loaded: {request.url}: {request.failure}"))

    def _console(self, message: ConsoleMessage) -> None:
        self._heard.append((message.location["url"], f"console, {message.type}: {message.text}"))


def looked_at(tab: Tab) -> list[str]:
    """Return what is wrong with the page as it stands: complaints, axe, targets, and overflow where it is narrow."""
    return [*tab.complaints, *small_targets(tab), *too_wide(tab), *axe_findings(tab)]


def axe_findings(tab: Tab) -> list[str]:
    """Return what axe finds. It needs scripts, so a page that was loaded without gets them for this."""
    tab.run_scripts(True)
    rules = {"target-size": {"enabled": True}}  # of WCAG 2.2, which axe leaves out unless asked
    found = Axe().run(tab.page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]
    tab.run_scripts(tab.view.scripts)
    return [f"axe, {each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def too_wide(tab: Tab) -> list[str]:
    """Return what sticks out to the side, in this view and, of a phone's, in a window of 320 px."""
    found = _sticking_out(tab, tab.view.width)
    if tab.view.width == PHONE:
        tab.page.set_viewport_size({"width": NARROWEST, "height": 800})
        found += _sticking_out(tab, NARROWEST)
        tab.page.set_viewport_size({"width": tab.view.width, "height": 800})
    return found


def _sticking_out(tab: Tab, width: int) -> list[str]:
    return [f"wider than {width} px: {what}" for what in tab.evaluate(_WIDE)]


def small_targets(tab: Tab) -> list[str]:
    """Return what is too small to be hit: all that is pressed, but for a link in a line of text."""
    return [f"a target of less than {SMALLEST} px: {what}" for what in tab.evaluate(_SMALL, SMALLEST)]


def by_keyboard(tab: Tab) -> list[str]:
    """Walk the page by Tab from its beginning; return what is not reached, not seen to have focus, or keeps it."""
    wanted: list[str] = tab.evaluate(_STOPS)
    reached: list[int] = []
    found: list[str] = []
    for _ in range(min(len(wanted), MOST_STOPS) * PARTS + 1):
        tab.page.keyboard.press("Tab")
        at = tab.evaluate(_FOCUSED)
        if at["index"] is None:
            break
        if at["index"] not in reached:
            reached.append(at["index"])
            found += [f"by keyboard: {wrong}: {at['what']}" for wrong in at["wrong"]]
    else:
        found.append(f"by keyboard: no way out of the page after {len(reached)} stops")
    if wanted and (not reached or not tab.evaluate(_SKIPS, reached[0])):
        found.append("by keyboard: the first stop is no link to the content")
    missed = set(tab.evaluate(_UNREACHED, reached))
    return [*found, *(f"by keyboard: not reached: {what}" for what in sorted(missed))]


_WIDE: Final = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const beyond = (box) => root.dir === 'rtl' ? box.left < -0.5 : box.right > root.clientWidth + 0.5;
    const clips = (each) => { for (let up = each.parentElement; up && up !== root && up !== document.body; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible') return true; return false; };
    const out = [...document.body.querySelectorAll('*')].filter(
        (each) => beyond(each.getBoundingClientRect()) && !clips(each));
    return [`${root.scrollWidth} px`, ...out.slice(0, 5).map((each) => each.outerHTML.slice(0, 160))];
}"""

_SMALL: Final = """(least) => {
    const box = (each) => {
        const boxes = [each, ...(each.labels || [])].map((one) => one.getBoundingClientRect());
        return [Math.max(...boxes.map((one) => one.width)), Math.max(...boxes.map((one) => one.height))]; };
    const inText = (each) => each.matches('a') && getComputedStyle(each).display === 'inline'
        && [...each.parentElement.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter((each) => each.checkVisibility({visibilityProperty: true}) && !inText(each) && !each.matches('.skip'))
        .map((each) => [each, box(each)])
        .filter(([, [width, height]]) => width < least - 0.01 || height < least - 0.01)
        .map(([each, [width, height]]) => `${width.toFixed(1)} x ${height.toFixed(1)}: ${each.outerHTML.slice(0, 160)}`);
}"""

# The stops are kept on the page, so that each step of the walk can say which one it is at.
_STOPS: Final = """() => {
    window.stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter((each) => !each.disabled && each.checkVisibility({visibilityProperty: true}));
    document.activeElement.blur();
    getSelection().removeAllRanges();
    scrollTo(0, 0);
    return window.stops.map((each) => each.outerHTML.slice(0, 160));
}"""

_FOCUSED: Final = """() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return {index: null};
    const style = getComputedStyle(at), wrong = [];
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    if (!outlined && style.boxShadow === 'none') wrong.push('focus does not show');
    const box = [...at.getClientRects()].find((one) => one.width && one.height);
    const there = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!there || !(at.contains(there) || [...(at.labels || [])].some((one) => one.contains(there))))
        wrong.push('it is hidden or covered while it has focus');
    return {index: window.stops.indexOf(at), what: at.outerHTML.slice(0, 160), wrong};
}"""

_SKIPS: Final = """(index) => {
    const first = window.stops[index];
    return Boolean(first && first.hash && first.pathname === location.pathname && document.querySelector(first.hash));
}"""

# Of several radio buttons that belong together the keyboard stops at one.
_UNREACHED: Final = """(reached) => {
    const seen = new Set(reached.map((index) => window.stops[index]));
    const together = (each) => each.type === 'radio'
        && [...seen].some((one) => one && one.type === 'radio' && one.name === each.name && one.form === each.form);
    return window.stops.filter((each) => !seen.has(each) && !together(each)).map((each) => each.outerHTML.slice(0, 160));
}"""
