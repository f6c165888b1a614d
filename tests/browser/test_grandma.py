"""Grandma is invited, joins on her phone, follows "The Crown", and hears of it in German at her hour; no config names her.

With a script she has the app ntfy, without one she has mail.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE, Tab, View, looked_at
from tests.support.faults import until
from tests.support.page_home import as_text
from tests.support.page_process import PageProcess, page_process
from tests.support.page_served import ServedPage
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.support.smtp import MailServer

INVITED: Final = "2025-06-20T06:30:00Z"
HER_HOUR: Final = "2025-07-02T07:00:01Z"
"""Nine o'clock in Berlin, a week before."""
DAYS: Final = (
    *(f"2025-06-{day}T00:00:00Z" for day in range(21, 31)),
    "2025-07-01T00:00:00Z",
    "2025-07-01T20:00:00Z",
    "2025-07-02T06:59:00Z",
)
"""Up to a minute before; in steps of less than a day, since a daemon waits after a longer jump until the time has held."""
SAID: Final = "The Crown startet in 7 Tagen"
WITH, WITHOUT = (View(width=PHONE, scheme="light", scripts=scripts) for scripts in (True, False))
PEOPLE: Final = "subscriber,channel,address,titles\nmeera,letters,meera@example.com,*\n"


@dataclass(kw_only=True)
class House:
    """The page of a household, and what came to Grandma."""

    page: PageProcess
    served: ServedPage
    config: dict[str, Any]
    heard: Callable[[], list[str]]
    """Return the subjects and texts that came to her, each in one."""

    def code(self) -> str:
        """Wait for the code that comes to her address."""
        until(self.heard, lambda: self.page.daemon.log)
        found = re.search(r"\b(\d{3}) ?(\d{3})\b", self.heard()[-1])
        assert found is not None
        return "".join(found.groups())


@pytest.fixture
def house(reminder: Reminder, sink: Sink, mail: MailServer) -> Iterator[House]:
    """Serve a household whose people may bring a topic of ntfy or a mailbox."""
    config: dict[str, Any] = {
        "timezone": "Asia/Kolkata",
        "channels": {
            "hook": f"json://{sink.netloc}/asha",
            "app": {"url": f"ntfy://{sink.netloc}/{{address}}", "join": True},
            "letters": {
                "url": f"mailto://127.0.0.1:{mail.port}/?from=reminder@example.net&to={{address}}",
                "join": True,
            },
        },
        "subscribers": {"asha": {"channels": ["hook"]}},
        "watch": [{"title": "The Crown", "premiere": "2025-07-09", "platform": "Netflix"}],
    }

    def heard() -> list[str]:
        by_app = [request.body.decode() for request in sink.requests if request.path != "/asha"]
        letters = [each.message for each in mail.mails if each.recipients == ("grandma@example.com",)]
        return [*by_app, *(f"{each['Subject']}\n{_plain(each)}" for each in letters)]

    with page_process(reminder, config, INVITED) as page:
        web = {"listen": f"127.0.0.1:{page.port}"}
        yield House(page=page, served=ServedPage(process=page), config={**config, "web": web}, heard=heard)


def _plain(message: Any) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


@pytest.mark.parametrize("view", [WITH, WITHOUT], ids=["ntfy and JavaScript", "mail, no JavaScript"])
def test_grandma_joins_and_hears_of_the_crown_in_german(
    house: House, browser: Browser, reminder: Reminder, view: View
) -> None:
    hers = Tab(browser=browser, view=view, locale="de-DE")
    hers.open(invite(house, browser, view))
    faults = join(hers, house)
    faults += follow(hers, house)
    before = kept(reminder)
    assert [row[0] for row in before] == ["Grandma", "The Crown"]
    disturb(house, reminder)
    assert kept(reminder) == before
    heard = house.heard()
    for instant in DAYS:
        house.page.daemon.at(instant)
    assert house.heard() == heard
    house.page.daemon.at(HER_HOUR)
    until(lambda: len(house.heard()) > len(heard), lambda: house.page.daemon.log)
    assert SAID in house.heard()[-1]
    hers.close()
    assert not faults, "\n".join(faults)


def join(hers: Tab, house: House) -> list[str]:
    """Go from the invitation to an address that has proved itself; return what is wrong with the pages."""
    faults = looked_at(hers)
    assert hers.page.get_by_label("Wo du bist: deine Zeitzone").input_value() == "Europe/Berlin"
    hers.press("Weiter")
    faults += looked_at(hers)
    if hers.view.scripts:
        hers.press("ntfy verbinden")
        faults += looked_at(hers)
        hers.press("Sende mir einen Code")
    else:
        hers.page.get_by_label("Deine Mailadresse").fill("grandma@example.com")
        hers.page.locator("form", has=hers.page.locator("[value=letters]")).get_by_role("button").click()
        hers.page.wait_for_load_state()
    faults += looked_at(hers)
    hers.page.locator("#code").fill(house.code())
    hers.press("Weiter")
    return faults


def follow(hers: Tab, house: House) -> list[str]:
    """Write the title into the box of Add, and follow it; return what is wrong with the pages."""
    hers.open(house.page.at("/add"))
    hers.page.get_by_role("textbox").fill("The Crown")
    hers.press("Nachsehen")
    assert f"9:00, über {'app' if hers.view.scripts else 'letters'}" in hers.words
    assert SAID in hers.words
    faults = looked_at(hers)
    hers.press("Auch verfolgen")
    return [*faults, *looked_at(hers)]


def invite(house: House, browser: Browser, view: View) -> str:
    """Have the owner invite her on People, on a phone; return the link that is shown once."""
    owner = house.served.tab(browser, view, "asha")
    owner.open(house.page.at("/people"))
    owner.page.get_by_label("Their name, which they can change").fill("Grandma")
    owner.page.get_by_text("Language, zone, role").click()
    owner.page.get_by_label("Their language").select_option("de")
    owner.page.get_by_label("Their time zone").fill("Europe/Berlin")
    owner.press("Make a link")
    link = owner.page.get_by_label("Shown only now").input_value()
    assert looked_at(owner) == []
    owner.close()
    return house.page.at("/join/" + link.rpartition("/")[2])


def disturb(house: House, reminder: Reminder) -> None:
    """Let the config change its hour, and people be imported."""
    reminder.write(as_text({**house.config, "at": "20:00", "language": "fr"}))
    house.page.daemon.hup()
    people = reminder.home / "people.csv"
    people.write_text(PEOPLE)
    done = reminder.run("import", str(people))
    assert done.status == 0, done.err


def kept(reminder: Reminder) -> list[tuple[Any, ...]]:
    """Return what the database has of Grandma, and what she follows."""
    with closing(sqlite3.connect(f"file:{reminder.database}?mode=ro", uri=True)) as base:
        her = "SELECT name, origin, profile, own, ended_at FROM subscriber WHERE name = 'Grandma'"
        follows = (
            "SELECT t.name, s.origin, s.ladder, s.ended_at FROM subscription s JOIN title t ON t.id = s.title_id "
            "JOIN subscriber p ON p.id = s.subscriber_id WHERE p.name = 'Grandma'"
        )
        return [*base.execute(her), *base.execute(follows)]
