"""What pages cost the server with 10,000 titles of one person: processor time from request to answer, and size."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Final

from bench.page_world import OTHER, OWNER, fill
from bench.world import Row
from reminder.config import parse_config
from reminder.core.model.secret import Secret
from reminder.daemon.app import App
from reminder.daemon.build_web import build_site
from reminder.platform.clock import SystemClock
from reminder.platform.garbage import keep_what_is_loaded
from reminder.platform.limits import Limits
from reminder.platform.paths import this_machine
from reminder.store.sql.store import Store, open_store
from reminder.usecases.signing_in import make_link
from reminder.web.app import build_app
from tests.support.pages import Browser

TIMES: Final = 100
MONTH: Final = 60.0
CONFIG: Final = (
    "name: bench\ntimezone: Asia/Kolkata\noperator: asha\nweb: {}\n"
    "channels: {phone: 'json://127.0.0.1:9/1', mail: 'json://127.0.0.1:9/2', post: 'json://127.0.0.1:9/3'}\n"
    "subscribers: {asha: {channels: [phone, mail]}, ben: {channels: [phone, post]}}\n"
)
PAGES: Final = {
    "Upcoming": ("/", 50.0),
    "Upcoming, further ahead": ("/?after=2027-03-01", 50.0),
    "Upcoming, what has no day": ("/?after=undated", 50.0),
    "Upcoming, everybody's": ("/?all=1", 50.0),
    "Upcoming, found by a word": ("/?q=harbor", 50.0),
    "Month": ("/month", MONTH),
    "Title": ("/title/41", 50.0),
    "Messages": ("/messages", 50.0),
    "History": ("/history", 50.0),
    "History, found by a word": ("/history?title=harbor&state=failed", 50.0),
}
MOST_KIB: Final = 40


def measure() -> list[Row]:
    """Return for each page the median, the 99th percentile and the size, of the one who follows all and of another."""
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Secret(str(Path(name) / "bench.db")))
        try:
            fill(store, datetime.now(UTC))
            return [row for person in (OWNER, OTHER) for row in _of(_browser(store, person), person)]
        finally:
            store.close()


def _of(browser: Browser, person: str) -> list[Row]:
    rows = []
    for what, (path, most) in PAGES.items():
        if person == OTHER and "everybody" in what:
            continue
        size = len(browser.text(path).encode()) / 1024
        took = [_milliseconds(browser, path) for _ in range(TIMES)]
        half, last = (quantiles([each[0] for each in took], n=100)[at] for at in (49, 98))
        passed = quantiles([each[1] for each in took], n=100)[49]
        figure = f"p50 {half:.1f}, p99 {last:.1f} ms ({passed:.1f} by the clock), {size:.1f} KiB"
        goal = f"{'' if most == MONTH else 'p50 10, '}p99 {most:.0f} ms, {MOST_KIB} KiB"
        rows.append(Row(f"{what}, {'10,000' if person == OWNER else '250'} titles", figure, goal))
    return rows


def _milliseconds(browser: Browser, path: str) -> tuple[float, float]:
    """Return what a page took of the processor, and by the clock."""
    began, at = time.process_time(), time.perf_counter()
    browser.get(path)
    return (time.process_time() - began) * 1000, (time.perf_counter() - at) * 1000


def _browser(store: Store, person: str) -> Browser:
    """Return a browser in which somebody is signed in, at a site that is never asked too often."""
    app = App(machine=this_machine(), config=parse_config(CONFIG, "bench.yaml", environ={}), clock=SystemClock())
    site = replace(build_site(lambda: app, store), limits=_NoLimits())
    with store.write() as tx:
        token = make_link(tx, person, datetime.now(UTC))
    browser = Browser(build_app(site).test_client(), form_page=f"/in/{token}")
    assert browser.post("/in", {"token": token}).status_code == 303
    keep_what_is_loaded()  # as the server does
    return Browser(browser.client, form_page="/me", person=person)


class _NoLimits(Limits):
    def wait(self, limit: object, who: str, now: float) -> float:
        return 0.0
