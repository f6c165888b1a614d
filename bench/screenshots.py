"""`python -m bench.screenshots`: draws docs/images from an example household, in a real browser (`make screenshots`).

The household is always the same, at the same instant, so that only a change of the page changes a picture. The words
of the messages are those that its channel received. With the font Inter installed (`fonts-inter`) they look as they
do in the repository.
"""

from __future__ import annotations

import base64
import html
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from reminder.core.model.ledger import State
from reminder.core.model.secret import Secret
from reminder.delivery.message_links import LinkSigner
from reminder.store.identity import signing_key
from reminder.store.sql.store import open_store
from reminder.store.sql.tables import delivery, title
from reminder.store.sql.tables import message as table
from tests.support.browser import FLAGS, program
from tests.support.page_process import PageProcess, page_process
from tests.support.process import Reminder
from tests.support.sink import Sink

IMAGES: Final = Path(__file__).parent.parent / "docs" / "images"
MOST_BYTES: Final = 600 * 1024
"""All pictures together: whoever reads the README loads some of them."""

AT: Final = "2027-07-02T04:10:00Z"
"""When the pages are looked at: forty minutes after the first message about Ballard, in Kolkata."""

Scheme = Literal["light", "dark"]

FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
{}
<cachedir>{}</cachedir></fontconfig>"""
PREFERRED: Final = """<match target="pattern"><test name="family"><string>{}</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>"""

TITLES: Final[list[dict[str, Any]]] = [
    {"title": "Ballard", "premiere": "July 9, 2027", "platform": "Prime Video", "episodes": 10,
     "link": "https://www.imdb.com/title/tt31186041/", "note": "the Bosch spin-off"},
    {"title": "Foundation", "season": 3, "premiere": "July 11, 2027", "platform": "Apple TV+", "episodes": 10,
     "drop": "weekly", "follow": "episodes"},
    {"title": "Murderbot", "season": 2, "premiere": "July 16, 2027", "platform": "Apple TV+"},
    {"title": "Donkey Kong Bananza", "kind": "game", "premiere": "2027-07-17 00:00 America/New_York",
     "platform": "Switch 2", "remind": ["1d", "release"]},
    {"title": "The Fantastic Four: First Steps", "kind": "film", "premiere": "July 25, 2027", "platform": "in cinemas"},
    {"title": "Wednesday", "season": 2, "platform": "Netflix",
     "drop": [{"episodes": 4, "premiere": "August 6, 2027"}, {"episodes": 4, "premiere": "September 3, 2027"}]},
    {"title": "Alien: Earth", "premiere": "August 2027", "platform": "FX"},
    {"title": "Slow Horses", "season": 5, "premiere": "fall 2027", "platform": "Apple TV+"},
    {"title": "The Odyssey", "kind": "film", "premiere": "2028"},
    {"title": "Severance", "season": 3, "premiere": "TBA", "platform": "Apple TV+"},
]  # fmt: skip

ANNOUNCEMENT: Final = (
    "Apple TV+ has set a premiere date for Neuromancer. The ten-episode series will premiere on Friday, August 20, "
    "2027, with two episodes, followed by one new episode every Friday."
)


def household(hook: str, **moved: str) -> dict[str, Any]:
    """Return the config of the household; `moved` gives titles another date than they have in the end."""
    watch = [{**title, "premiere": moved[title["title"]]} if title["title"] in moved else title for title in TITLES]
    return {
        "timezone": "Asia/Kolkata",
        "at": "09:00",
        "channels": {"phone": hook, "mail": f"{hook}mail/", "chat": {"url": f"{hook}{{address}}", "join": True}},
        "subscribers": {
            "asha": {"channels": ["phone", "mail"]},
            "ravi": {"channels": ["phone"], "timezone": "America/New_York", "at": "20:00"},
            "lena": {"channels": ["mail"], "timezone": "Europe/Berlin", "language": "de"},
        },
        "operator": "asha",
        "watch": watch,
    }


@contextmanager
def served(sink: Sink, home: Path) -> Iterator[PageProcess]:
    """Let the household live for two weeks, in which a date moves, and serve its page."""
    hook = f"json://{sink.netloc}/"
    reminder = Reminder(home)
    reminder.write(json.dumps(household(hook, Murderbot="July 11, 2027")))
    for instant in ("2027-06-18T03:30:05Z", "2027-06-25T03:30:05Z"):
        _must(reminder.at(instant).once().status == 0, reminder)
    reminder.write(json.dumps(household(hook)))
    for instant in ("2027-06-28T03:30:05Z", "2027-07-01T03:30:05Z", "2027-07-02T03:30:05Z"):
        _must(reminder.at(instant).once().status == 0, reminder)
    with page_process(reminder, household(hook), AT) as page:
        yield page


def _must(is_so: bool, reminder: Reminder) -> None:
    if not is_so:
        raise SystemExit("\n".join(reminder.printed))


@dataclass(kw_only=True)
class Studio:
    """A browser in which somebody is signed in, and the folder for pictures."""

    browser: Browser
    page: PageProcess
    folder: Path
    cookies: list[Any] = field(default_factory=list)

    def sign_in(self, person: str) -> None:
        """Sign somebody in, for all tabs."""
        with self.tab(400, "light") as tab:
            tab.goto(self.page.link(person))
            tab.get_by_role("button", name="Sign in").click()
            tab.wait_for_url("**/")
            self.cookies = list(tab.context.cookies())

    @contextmanager
    def tab(self, width: int, scheme: Scheme, height: int = 780) -> Iterator[Page]:
        """Open a tab of this size, at two dots a pixel on a phone."""
        scale = 2 if width < 600 else 1.25
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=scale, locale="en-US"
        )
        context.add_cookies(self.cookies)
        try:
            yield context.new_page()
        finally:
            context.close()

    def keep(self, name: str, tab: Page) -> None:
        """Keep what a tab shows as a picture."""
        session = tab.context.new_cdp_session(tab)
        made = session.send("Page.captureScreenshot", {"format": "webp", "quality": 82})
        (self.folder / f"{name}.webp").write_bytes(base64.b64decode(made["data"]))
        if os.environ.get("LOOK"):  # beside them as PNG, which more programs show
            tab.screenshot(path=Path(os.environ["LOOK"]) / f"{name}.png")

    def take(self, name: str, path: str, width: int, scheme: Scheme, height: int = 780) -> None:
        """Keep a picture of a page."""
        with self.tab(width, scheme, height) as tab:
            answer = tab.goto(self.page.at(path))
            if answer is None or answer.status != 200:
                raise SystemExit(f"{path}: {answer and answer.status}")
            self.keep(name, tab)


def numbers(page: PageProcess) -> Mapping[str, str]:
    """Return the addresses of the titles, by name."""
    with sqlite3.connect(page.reminder.database) as database:
        return {name: f"/title/{number}" for number, name in database.execute("SELECT id, name FROM title")}


def ballard(page: PageProcess) -> list[tuple[str, str, str]]:
    """Return the messages about Ballard that go to Asha's phone: the day and the hour, the subject, the body."""
    asked = page.reminder.run("plan", "--json", "--from", "2027-07-01")
    _must(asked.status == 0, page.reminder)
    rows = [row for row in asked.json() if row["title"] == "Ballard" and row["subscriber"] == "asha"]
    return [(row["local_at"], row["subject"], row["body"]) for row in rows]


def message(page: PageProcess) -> str:
    """Return the address of the last message about Ballard to Asha's phone, as its link names it."""
    asked = (
        select(delivery).join(table, delivery.c.message_id == table.c.id).join(title, title.c.id == table.c.title_id)
    )
    about = asked.where(title.c.name == "Ballard", delivery.c.channel == "phone", delivery.c.state == State.SENT)
    with closing(open_store(Secret(str(page.reminder.database)))) as store, store.read() as tx:
        sent = tx.execute(about.order_by(delivery.c.subscriber_id, delivery.c.id.desc())).first()
        _must(sent is not None, page.reminder)
        signer = LinkSigner(signing_key(tx), datetime.fromisoformat(AT))
    return f"/m/{signer.message(sent.subscriber_id, sent.message_id, sent.id)}" if sent is not None else ""


def invitation(page: PageProcess) -> str:
    """Return the path of an invitation that was made in the terminal."""
    made = page.reminder.run("web", "invite", "Grandma", "--language", "en", "--zone", "Europe/London")
    _must(made.status == 0, page.reminder)
    return urlsplit(made.out.split()[0]).path


CHAT: Final = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; font: 15px/1.4 Inter, sans-serif; background: #d5e1ee; color: #17212b }}
header {{ background: #fff; padding: 12px 16px; font-weight: 600; border-bottom: 1px solid #cfd8e2 }}
header span {{ display: block; font-weight: 400; font-size: 12.5px; color: #6a7c8f }}
.day {{ text-align: center; margin: 14px 0 8px; font-size: 12.5px }}
.day b {{ background: #8ba3bb; color: #fff; border-radius: 12px; padding: 3px 10px; font-weight: 500 }}
.said {{ background: #fff; border-radius: 14px 14px 14px 4px; margin: 0 44px 0 12px; padding: 8px 12px;
 white-space: pre-line; overflow-wrap: anywhere; box-shadow: 0 1px 1px #0002 }}
.said i {{ display: block; text-align: end; font-style: normal; font-size: 11.5px;
 color: #7d8e9f; white-space: normal }}
.said a {{ color: #1f70b8; text-decoration: none }}
</style><header>reminder<span>bot</span></header>{}"""


def chat(messages: list[tuple[str, str, str]]) -> str:
    """Return messages as a chat program on a phone shows them."""
    parts = []
    for at, subject, body in messages:
        when = datetime.fromisoformat(at)
        text = "\n".join(
            f"<a>{html.escape(line)}</a>" if line.startswith("https://") else html.escape(line)
            for line in body.splitlines()
        )
        parts.append(
            f'<div class="day"><b>{when:%B} {when.day}</b></div>'
            f'<div class="said"><b>{html.escape(subject)}</b>\n{text}<i>{when:%H:%M}</i></div>'
        )
    return CHAT.format("".join(parts))


def draw(studio: Studio) -> None:
    """Draw every picture."""
    titles = numbers(studio.page)
    studio.take("upcoming-phone-light", "/", 390, "light")
    studio.take("upcoming-phone-dark", "/", 390, "dark")
    studio.take("upcoming-desktop", "/", 1000, "light", 720)
    studio.take("month", "/month?m=2027-07", 1000, "light", 800)
    studio.take("title", titles["Murderbot"], 390, "light", 900)
    studio.take("act", message(studio.page), 390, "light", 440)
    studio.take("people", "/people", 390, "light", 780)
    with studio.tab(680, "light", 1080) as tab:
        tab.goto(studio.page.at("/add"))
        draw_added(tab)
        studio.keep("add", tab)
    with studio.tab(390, "light", 610) as tab:
        tab.set_content(chat(ballard(studio.page)))
        studio.keep("messages", tab)
    studio.cookies.clear()
    studio.take("join", invitation(studio.page), 390, "light", 780)
    studio.sign_in("lena")
    studio.take("language", "/", 390, "light", 780)


def draw_added(tab: Page) -> None:
    """Paste an announcement, and have it read."""
    tab.locator("#text").fill(ANNOUNCEMENT)
    with tab.expect_navigation():
        tab.get_by_role("button", name="Look", exact=True).click()


@contextmanager
def studio_of(folder: Path) -> Iterator[Studio]:
    """Bring up household and browser."""
    with tempfile.TemporaryDirectory() as place, Sink() as sink, sync_playwright() as playwright:
        home = Path(place)
        fonts = home / "fonts.conf"
        kinds = "".join(PREFERRED.format(name) for name in ("system-ui", "sans-serif"))
        fonts.write_text(FONTS.format(kinds, home / "fonts"))
        (home / "user").mkdir()
        with served(sink, home / "user") as page:
            browser = playwright.chromium.launch(
                executable_path=program(),
                args=[*FLAGS, "--font-render-hinting=none"],
                env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            )
            try:
                studio = Studio(browser=browser, page=page, folder=folder)
                studio.sign_in("asha")
                yield studio
            finally:
                browser.close()


def main() -> int:
    """Draw the pictures, and say how large they are."""
    IMAGES.mkdir(exist_ok=True)
    with studio_of(IMAGES) as studio:
        draw(studio)
    sizes = {path.name: path.stat().st_size for path in sorted(IMAGES.glob("*.webp"))}
    for name, size in sizes.items():
        print(f"{size / 1024:6.0f} KiB  {name}")
    print(f"{sum(sizes.values()) / 1024:6.0f} KiB  in all")
    return 0 if sum(sizes.values()) <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
