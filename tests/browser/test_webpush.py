"""This browser set up for messages in a real Chromium, and what its service worker does with what is pushed.

A push that comes through Google's servers cannot reach a test. So the browser's own push service is played at two
places: `subscribe()` hands out a subscription of a push service on loopback, and what the daemon sent there is read by
its keys and delivered to the service worker by the developer tools.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Worker

from tests.support.browser import DESK, PHONE, Tab, View, looked_at
from tests.support.page_home import as_text
from tests.support.page_process import PageProcess, free_port
from tests.support.process import Reminder
from tests.support.push import Pushed, PushedTo, PushService
from tests.support.sink import Sink

EVE: Final = "2025-07-01T12:00:00Z"
A_WEEK_BEFORE: Final = "2025-07-02T03:30:00Z"
VIEW: Final = View(width=PHONE, scheme="light", scripts=True)

SUBSCRIBE: Final = """
(said) => {
  const made = (options) => ({ options, toJSON: () => said, unsubscribe: async () => true });
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    const key = btoa(String.fromCharCode(...options.applicationServerKey));
    sessionStorage.setItem("asked", JSON.stringify({ visible: options.userVisibleOnly, key }));
    return made(options);
  };
}
"""
"""What stands for the browser's own push service: it takes the key that it is asked with, and gives an address."""

SHOWN: Final = """
async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
  ({ title, body, tag, data, actions }) => ({ title, body, tag, data, actions }))
"""
PRESS: Final = """
async (action) => {
  self.opened = [];
  self.clients.openWindow = async (url) => { self.opened.push(url); };
  WindowClient.prototype.focus = async function () { self.opened.push(`focus ${new URL(this.url).pathname}`); };
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification, action });
  const waited = [];
  event.waitUntil = (done) => waited.push(done);
  self.dispatchEvent(event);
  await Promise.all(waited);
  return self.opened;
}
"""
"""What a press on a notification does. Only a person may open or focus a window by it, so that is noted instead."""


def config(sink: Sink, port: int) -> dict[str, Any]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {"hook": f"json://{sink.netloc}/", "browser": {"url": "webpush://", "join": True}},
        "subscribers": {"asha": {"channels": ["hook"]}},
        "watch": [{"title": "Ballard", "premiere": "July 9, 2025", "platform": "Prime Video"}],
        "web": {
            "listen": f"127.0.0.1:{port}",
            "address": f"http://localhost:{port}",
            "contact": "mailto:me@example.org",
            "push_hosts": ["127.0.0.1"],
        },
    }


@dataclass(kw_only=True)
class Phone:
    """A browser that may show notifications, signed in as Asha."""

    process: PageProcess
    context: BrowserContext
    page: Page
    tools: CDPSession
    registrations: list[str]

    def deliver(self, pushed: str) -> list[dict[str, Any]]:
        """Give the service worker what was pushed; return what is shown then."""
        origin = self.process.at("")
        asked = {"origin": origin, "registrationId": self.registrations[-1], "data": pushed}
        self.tools.send("ServiceWorker.deliverPushMessage", asked)
        for _ in range(200):
            if self.shown:
                break
            self.page.wait_for_timeout(50)
        return self.shown

    @property
    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(SHOWN)
        return found

    @property
    def worker(self) -> Worker:
        return self.context.service_workers[0]

    def words(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def process(reminder: Reminder, sink: Sink, service: PushService) -> Iterator[PageProcess]:
    port = free_port()
    reminder.write(as_text(config(sink, port)))
    is_now(service, EVE)
    with reminder.at(EVE).daemon() as daemon:
        yield PageProcess(reminder=reminder, daemon=daemon, port=port)


@pytest.fixture
def phone(browser: Browser, process: PageProcess) -> Iterator[Phone]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-US")
    context.grant_permissions(["notifications"], origin=process.at(""))
    page = context.new_page()
    tools = context.new_cdp_session(page)
    registrations: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.goto(process.link("asha"))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(process.at("/"))
    yield Phone(process=process, context=context, page=page, tools=tools, registrations=registrations)
    context.close()


def is_now(service: PushService, instant: str) -> None:
    """Give a push service the daemon's time."""
    service.now = lambda: datetime.fromisoformat(instant)


def set_up(phone: Phone, device: PushedTo, service: PushService) -> None:
    """Press the button, and type in the code that was pushed."""
    phone.page.goto(phone.process.at("/channels/add"))
    phone.page.evaluate(SUBSCRIBE, device.subscription)
    phone.page.get_by_role("button", name="Use this browser", exact=True).click()
    phone.page.wait_for_url("**/channels/prove*")
    assert service.wait_for(device, 1)
    code = "".join(re.findall(r"\d", device.shown[0].title))
    phone.page.fill("#code", code)
    phone.page.get_by_role("button", name="Go on", exact=True).click()
    phone.page.wait_for_url("**/channels")


def text_of(pushed: Pushed) -> str:
    return json.dumps(pushed.said, ensure_ascii=False)


def test_a_browser_is_set_up_by_a_press_and_shows_what_the_daemon_pushes(phone: Phone, service: PushService) -> None:
    device = service.subscribe()
    set_up(phone, device, service)
    assert "It works: reminders come here from now on." in phone.words()
    assert device.shown[0].urgency == "high"
    asked = json.loads(phone.page.evaluate("() => sessionStorage.asked"))
    signed_by = device.shown[0].headers["authorization"].partition("k=")[2]
    assert asked["visible"] is True
    assert asked["key"].replace("+", "-").replace("/", "_").rstrip("=") == signed_by
    is_now(service, A_WEEK_BEFORE)
    phone.process.daemon.at(A_WEEK_BEFORE)
    assert service.wait_for(device, 2)
    (shown,) = phone.deliver(text_of(device.shown[1]))
    assert shown["title"] == "Ballard premieres in 7 days"
    assert shown["body"].startswith("Wednesday, July 9, 2025")
    assert shown["tag"] == device.shown[1].topic
    assert [each["action"] for each in shown["actions"]] == ["later", "tomorrow"]
    assert phone.worker.evaluate(PRESS, "tomorrow") == []  # it acts, and opens nothing
    assert phone.shown == []
    (again,) = phone.deliver(text_of(device.shown[1]))
    (opened,) = phone.worker.evaluate(PRESS, "")
    assert opened == again["data"]["url"]
    phone.page.goto(opened)
    assert "Undo: told again Thursday, July 3, 2025, at 9:00 AM" in phone.words()


def test_whatever_is_pushed_something_is_shown(phone: Phone, service: PushService) -> None:
    set_up(phone, service.subscribe(), service)
    (shown,) = phone.deliver("this is not ours")
    assert (shown["title"], shown["data"]["url"]) == ("reminder", "")
    assert phone.worker.evaluate(PRESS, "") == ["focus /channels"]


@pytest.mark.parametrize(
    ("permission", "said", "unsaid"),
    [
        ("denied", "This browser has been told to show nothing from here.", "Use this browser"),
        ("default", "Use this browser", "This browser has been told to show nothing from here."),
    ],
)
def test_a_browser_that_has_said_no_is_told_where_to_say_yes(
    browser: Browser, process: PageProcess, permission: str, said: str, unsaid: str
) -> None:
    for width in (PHONE, DESK):
        tab = Tab(browser=browser, view=View(width=width, scheme="light", scripts=True))
        own = f"Object.defineProperty(Notification, 'permission', {{ get: () => '{permission}' }});"
        tab.page.add_init_script(own)
        tab.open(process.link("asha"))
        tab.press("Sign in")
        tab.open(process.at("/channels/add"))
        assert said in tab.words
        assert unsaid not in tab.words
        assert looked_at(tab) == []
        tab.close()


def test_an_iphone_is_led_to_its_home_screen(browser: Browser, process: PageProcess) -> None:
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
    context = browser.new_context(user_agent=safari, viewport={"width": 390, "height": 800})
    context.add_init_script("delete window.PushManager; delete window.Notification;")  # as Safari is in a tab
    page = context.new_page()
    page.goto(process.link("asha"))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(process.at("/channels/add"))
    words = page.inner_text("main")
    assert "Add to Home Screen" in words
    assert "Use this browser" not in words
    context.close()


def test_without_a_script_it_is_said_that_this_one_needs_one(browser: Browser, process: PageProcess) -> None:
    tab = Tab(browser=browser, view=View(width=PHONE, scheme="dark", scripts=False))
    tab.open(process.link("asha"))
    tab.press("Sign in")
    tab.open(process.at("/channels/add"))
    assert "Your browser needs JavaScript for this one." in tab.words
    assert "Use this browser" not in tab.words
    assert looked_at(tab) == []
    tab.close()
