"""Grandma joins the installed program's page without a script; nothing that happens to the config or an import moves her."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.page_home import as_text
from tests.support.page_process import Answer, PageProcess, page_process
from tests.support.process import Reminder
from tests.support.sink import Sink

pytestmark = pytest.mark.acceptance

AT: Final = "2025-06-20T06:30:00Z"
HERE: Final = {"Sec-Fetch-Site": "same-origin"}
PEOPLE: Final = "subscriber,channel,address,titles\nmeera,chat,31,*\n"


@dataclass
class Visitor:
    """Somebody with a browser that keeps cookies and runs no script."""

    page: PageProcess
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self._ask("GET", path)

    def press(self, at: str, path: str, /, **form: str) -> Answer:
        """Fill in a form that stands at a page, and send it."""
        return self._ask("POST", path, form_token=self.get(at).form_token, **form)

    def _ask(self, method: str, path: str, **form: str) -> Answer:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = self.page.ask(method, path, {**HERE, **sent}, **form)
        self.cookies |= answer.cookies
        return answer


def config(sink: Sink, **more: Any) -> dict[str, Any]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {
            "hook": f"json://{sink.netloc}/asha",
            "chat": {"url": f"json://{sink.netloc}/{{address}}", "join": True},
        },
        "subscribers": {"asha": {"channels": ["hook"]}},
        "watch": [{"title": "Ballard", "premiere": "2025-07-09"}],
        **more,
    }


@pytest.fixture
def page(reminder: Reminder, sink: Sink) -> Iterator[PageProcess]:
    with page_process(reminder, config(sink), AT) as running:
        yield running


def join(page: PageProcess, sink: Sink) -> Visitor:
    """Let Grandma join by a link from the terminal, up to an address that has proved itself."""
    made = page.reminder.run("web", "invite", "Grandma", "--language", "de", "--zone", "Europe/Berlin")
    assert made.status == 0, made.err
    path = "/join/" + made.out.strip().rpartition("/")[2]
    robot = Visitor(page)
    assert [robot.get(path).status for _ in range(2)] == [200, 200]
    her = Visitor(page)
    said = {"token": path.rpartition("/")[2], "name": "Grandma", "timezone": "Europe/Berlin", "language": "de"}
    assert her.press(path, "/join", **said, clock="24h").status == 303
    assert her.press("/channels/add", "/channels/add", channel="chat", address="4242").status == 303
    page.daemon.wait_for(lambda: bool(codes(sink)))
    assert her.press("/channels/prove?use=chat", "/channels/prove", use="chat", code=codes(sink)[-1]).status == 303
    assert robot.get(path).status == 404  # used up now
    return her


def codes(sink: Sink) -> list[str]:
    """Return the codes that came to Grandma's address."""
    bodies = [request.body.decode() for request in sink.requests if request.path == "/4242"]
    return [found[1].replace(" ", "") for body in bodies if (found := re.search(r"(\d{3} \d{3})\b", body))]


def kept(reminder: Reminder) -> list[tuple[object, ...]]:
    """Return what the database has of Grandma, and what she follows."""
    with closing(sqlite3.connect(f"file:{reminder.database}?mode=ro", uri=True)) as base:
        her = "SELECT name, origin, profile, own, ended_at FROM subscriber WHERE name = 'Grandma'"
        follows = (
            "SELECT t.name, s.origin, s.ladder, s.ended_at FROM subscription s JOIN title t ON t.id = s.title_id "
            "JOIN subscriber p ON p.id = s.subscriber_id WHERE p.name = 'Grandma'"
        )
        return [*base.execute(her), *base.execute(follows)]


def put_back(page: PageProcess, copy: Path) -> None:
    """Stop the daemon, and put a copy of the database back."""
    page.daemon.term()
    page.daemon.ends()
    assert page.reminder.run("restore", str(copy), "--skip").status == 0


def test_grandma_joins_and_no_reload_import_or_restore_changes_anything_of_hers(
    page: PageProcess, reminder: Reminder, sink: Sink
) -> None:
    her = join(page, sink)
    assert her.get("/").status == 200
    with closing(sqlite3.connect(reminder.database)) as base:
        ballard = base.execute("SELECT id FROM title WHERE name = 'Ballard'").fetchone()[0]
    assert her.press("/me", f"/title/{ballard}/follow").status in {303, 404}
    before = kept(reminder)
    assert [row[:2] for row in before[:1]] == [("Grandma", "web")]

    reminder.write(as_text(config(sink, at="20:00", web={"listen": f"127.0.0.1:{page.port}"})))
    page.daemon.hup()
    assert kept(reminder) == before

    people = reminder.config.with_name("people.csv")
    people.write_text(PEOPLE)
    assert reminder.run("import", str(people)).status == 0
    people.write_text(PEOPLE + "grandma,chat,9,*\n")
    taken = reminder.run("import", str(people))
    assert (taken.status, 'csv:3: "grandma" has joined on the page, as "Grandma"' in taken.err) == (2, True), taken.err
    assert kept(reminder) == before
    exported = reminder.run("export", "--format", "jsonl").out
    assert [json.loads(line)["subscriber"] for line in exported.splitlines()] == ["meera"]

    copy = reminder.config.with_name("copy.db")
    assert reminder.run("backup", str(copy)).status == 0
    her.press("/me", "/me/settings", language="en", timezone="Asia/Tokyo", at="09:00", clock="24h", digest="none")
    chosen = kept(reminder)
    assert '"Asia/Tokyo"' in str(chosen[0][3])
    put_back(page, copy)
    assert kept(reminder) == chosen  # a copy takes back nothing that somebody has chosen since
    log = page.daemon.log
    assert [secret for secret in ("4242", codes(sink)[-1], "/join/") if secret in log] == []
    assert reminder.run("forget", "Grandma", "--yes").status == 0
    assert kept(reminder) == []
