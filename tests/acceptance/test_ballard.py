"""Ballard as it was announced: all ten episodes on Prime Video on July 9, 2025, for two people, over five services."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.support.process import Reminder
from tests.support.proxy import DISCORD, TELEGRAM, Proxy
from tests.support.sink import Request, Sink
from tests.support.smtp import DROP, MailServer

pytestmark = pytest.mark.acceptance

TOKEN: Final = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WEBHOOK: Final = "417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
STRIDE: Final = timedelta(hours=23)
"""The longest step of the clock: one of more than a day would be doubted."""

# Asha of Kolkata reads at nine, Ravi of New York at eight in the evening, on other days before.
EXPECTED: Final = {
    "2025-07-02T03:30:00Z": {"mail": "Ballard premieres in 7 days", "phone": "Ballard premieres in 7 days"},
    "2025-07-08T03:30:00Z": {"mail": "Ballard premieres tomorrow", "phone": "Ballard premieres tomorrow"},
    "2025-07-09T00:00:00Z": dict.fromkeys(("family", "push", "hook"), "Ballard premieres tomorrow"),
    "2025-07-09T03:30:00Z": {"mail": "Ballard is out today", "phone": "Ballard is out today"},
    "2025-07-10T00:00:00Z": dict.fromkeys(("family", "push", "hook"), "Ballard is out today"),
}


@pytest.fixture
def reminder(installed: Reminder) -> Reminder:
    """Start the command as it is installed."""
    return installed


def household(sink: Sink, mail: MailServer) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {
            "mail": f"mailto://127.0.0.1:{mail.port}/asha@example.com?from=reminder@example.org",
            "phone": "tgram://${TELEGRAM_TOKEN}/12315544",
            "family": "discord://${DISCORD}",
            "push": f"ntfy://{sink.netloc}/ravi",
            "hook": f"json://{sink.netloc}/ravi-hook",
        },
        "subscribers": {
            "asha": {"channels": ["mail", "phone"]},
            "ravi": {"timezone": "America/New_York", "at": "20:00", "channels": ["family", "push", "hook"]},
        },
        "watch": [
            {
                "title": "Ballard",
                "premiere": "July 9, 2025",
                "platform": "Prime Video",
                "episodes": 10,
                "for": {"asha": {}, "ravi": {"remind": ["1d", "day"]}},
            }
        ],
    }


class Mailbox:
    """Everything that arrived anywhere, by channel, as the subjects that a reader sees."""

    def __init__(self, sink: Sink, mail: MailServer, proxy: Proxy) -> None:
        self._sink, self._mail, self._proxy = sink, mail, proxy
        self._seen: dict[str, int] = {}

    def all(self) -> dict[str, list[str]]:
        return {
            "mail": [str(each.message["Subject"]) for each in self._mail.mails],
            "phone": [first_line(each.json()["text"]) for each in self._proxy.of(TELEGRAM)],
            "family": [first_line(each.json()["content"]) for each in self._proxy.of(DISCORD)],
            "push": [title_of(each) for each in self._sink.requests if "hook" not in each.path],
            "hook": [each.json()["title"] for each in self._sink.of("/ravi-hook")],
        }

    def new(self) -> dict[str, str]:
        """Return what came since the last look, one line for each channel."""
        found = {name: subjects[self._seen.get(name, 0) :] for name, subjects in self.all().items()}
        self._seen = {name: len(subjects) for name, subjects in self.all().items()}
        return {name: "; ".join(subjects) for name, subjects in found.items() if subjects}


def first_line(text: str) -> str:
    return re.sub(r"\*\*|</?b>", "", text.splitlines()[0]).strip()


def title_of(request: Request) -> str:
    if "title" in request.headers:
        return request.headers["title"]
    return str(json.loads(request.body)["title"])


def instants(start: datetime, moments: list[datetime]) -> Iterator[datetime]:
    """Yield the instants to look at: a minute before each moment, the moment, and what lies between in small steps."""
    at = start
    for moment in moments:
        while at + STRIDE < moment:
            at += STRIDE
            yield at
        yield moment - timedelta(minutes=1)
        yield moment
        at = moment


def test_each_message_comes_at_its_minute_in_the_words_of_the_day_and_once(
    reminder: Reminder, sink: Sink, mail: MailServer, proxy: Proxy
) -> None:
    reminder.environ |= {**proxy.env, "TELEGRAM_TOKEN": TOKEN, "DISCORD": WEBHOOK}
    reminder.write(household(sink, mail))
    box = Mailbox(sink, mail, proxy)
    first, *rest = [datetime.fromisoformat(text) for text in EXPECTED]
    # Two lives of the daemon: it need not be stepped day by day through the quiet week in between.
    lives = {
        datetime(2025, 7, 1, 8, tzinfo=UTC): [first, first + timedelta(hours=12)],
        datetime(2025, 7, 7, 20, tzinfo=UTC): [*rest, rest[-1] + timedelta(hours=12)],
    }
    arrived: dict[str, dict[str, str]] = {}
    for start, moments in lives.items():
        with reminder.at(f"{start:%FT%TZ}").daemon() as daemon:
            for at in instants(start, moments):
                daemon.at(f"{at:%FT%TZ}")
                daemon.wait_for(lambda: all(row.state == "sent" for row in reminder.ledger()))
                new = box.new()
                arrived |= {f"{at:%FT%TZ}": new} if new else {}
            daemon.term()
            assert daemon.ends() == 0, daemon.log
    assert arrived == EXPECTED
    assert {(row.state, row.attempts) for row in reminder.ledger()} == {("sent", 1)}


def test_every_service_gets_its_own_form_of_the_message(
    reminder: Reminder, sink: Sink, mail: MailServer, proxy: Proxy
) -> None:
    reminder.environ |= {**proxy.env, "TELEGRAM_TOKEN": TOKEN, "DISCORD": WEBHOOK}
    reminder.write(household(sink, mail))
    assert reminder.at("2025-07-07T00:00:00Z").once().status == 0
    assert reminder.at("2025-07-08T03:30:00Z").once().status == 0
    assert reminder.at("2025-07-09T00:30:00Z").once().status == 0
    (letter,) = mail.mails
    assert letter.message["Subject"] == "Ballard premieres tomorrow"
    assert letter.recipients == ("asha@example.com",)
    for form in (letter.part("plain"), letter.part("html")):
        assert "Wednesday, July 9, 2025" in form
        assert "all 10 episodes" in form
        assert "on Prime Video" in form
    assert "<" in letter.part("html")
    assert "<" not in letter.part("plain")
    (told,) = proxy.of(TELEGRAM)
    assert (told.method, told.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert told.json()["chat_id"] in {12315544, "12315544"}
    assert "all 10 episodes" in told.json()["text"]
    (told,) = proxy.of(DISCORD)
    assert (told.method, told.path) == ("POST", f"/api/webhooks/{WEBHOOK}")
    assert "all 10 episodes" in told.json()["content"]


def test_a_mail_whose_answer_was_lost_is_repeated_under_the_same_message_id(
    reminder: Reminder, sink: Sink, mail: MailServer
) -> None:
    config = household(sink, mail)
    reminder.write({**config, "channels": {"mail": config["channels"]["mail"]}, "subscribers": {"asha": {}}, "watch": [  # type: ignore[index]
        {"title": "Ballard", "premiere": "July 9, 2025"}, {"title": "Dune", "premiere": "July 9, 2025"},
    ]})  # fmt: skip
    reminder.at("2025-07-08T00:00:00Z").once()
    mail.answers["DATA"] = DROP
    reminder.at("2025-07-08T03:30:00Z").once()
    del mail.answers["DATA"]
    reminder.at("2025-07-08T03:32:00Z").once()
    reminder.at("2025-07-08T04:32:00Z").once()
    ids: dict[str, set[str]] = {}
    for letter in mail.mails:
        ids.setdefault(str(letter.message["Subject"]), set()).add(str(letter.message["Message-ID"]))
    assert sorted(str(letter.message["Subject"]) for letter in mail.mails) == [
        "Ballard premieres tomorrow",
        "Ballard premieres tomorrow",
        "Dune premieres tomorrow",
        "Dune premieres tomorrow",
    ]
    assert [len(found) for found in ids.values()] == [1, 1]
    assert len(set.union(*ids.values())) == 2


def test_what_was_due_while_it_was_down_is_one_message_that_is_true_when_it_comes(
    reminder: Reminder, sink: Sink
) -> None:
    reminder.write(
        {
            "timezone": "Asia/Kolkata",
            "remind": ["7d", "3d", "1d", "day"],
            "channels": {"hook": f"json://{sink.netloc}/"},
            "watch": [{"title": "Ballard", "premiere": "July 9, 2025"}],
        }
    )
    with reminder.at("2025-07-01T00:00:00Z").daemon() as daemon:
        daemon.sweeps("2025-07-01T00:00:00Z")
        daemon.term()
        assert daemon.ends() == 0
    with reminder.at("2025-07-07T06:00:00Z").daemon() as daemon:
        assert sink.wait_for(1)
        daemon.wait_for(lambda: [row.state for row in reminder.ledger()] == ["superseded", "sent"])
        daemon.at("2025-07-07T18:00:00Z")
    assert [each.json()["title"] for each in sink.requests] == ["Ballard premieres in 2 days"]
