"""Endpoints from hell, all at once beside a good one (catalogue 35-36, 39-49): each by itself, and nothing lost."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import trustme

from tests.support.door import Door
from tests.support.faults import rows, until
from tests.support.process import Reminder
from tests.support.shows import BEFORE, DUE, shows, subject
from tests.support.sink import Reply
from tests.support.smtp import DROP, MailServer

pytestmark = pytest.mark.acceptance

TIMEOUT: Final = 8.0
"""Seconds: what works is to be faster than this on a busy machine too."""
MAY: Final = "it may have arrived"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How an endpoint answers, and what becomes of the delivery: its state, why, and for how long it waits."""

    reply: Reply
    state: str = "retrying"
    reason: str = ""
    waits: tuple[float, float] = (5, 8)
    copies: int = 1


def later(value: str, **more: Any) -> Fault:
    """Return a service that is busy and says until when, in one form or another."""
    return Fault(reply=Reply(status=429, headers={"Retry-After": value}), reason="429", **more)


HOUR = (3600, 3661)
FAULTS = {
    "good": Fault(reply=Reply(), state="sent"),
    "hangs": Fault(reply=Reply(hang=True), reason=f"no answer within {TIMEOUT:g} s ({MAY})", waits=(10, 15), copies=2),
    "drips": Fault(reply=Reply(drip=1.0, drip_head=True), reason=MAY, waits=(10, 15), copies=2),
    "drips its body": Fault(reply=Reply(body=b"x" * 1000, drip=0.2), state="sent"),
    "never ends": Fault(reply=Reply(huge=1 << 40), state="sent"),
    "resets": Fault(reply=Reply(reset=True), reason=MAY, waits=(10, 15), copies=2),
    "redirects": Fault(reply=Reply.redirect("http://elsewhere.example/"), reason="elsewhere.example", waits=HOUR),
    "fails": Fault(reply=Reply(status=503), reason="503"),
    "says half a letter": Fault(reply=Reply(status=503, body=b'{"message": "no \\ud800 way"}'), reason="no way"),
    "later": later(""),
    "later in seconds": later("600", waits=(600, 661)),
    "later by date": later("Tue, 08 Jul 2025 03:50:00 GMT", waits=(1100, 1261)),
    "later by a date gone by": later("Tue, 08 Jul 2025 01:00:00 GMT"),
    "later and nonsense": later("soon"),
    "later than life": later("1000000000", waits=HOUR),
    "later than never": later("-5"),
}


@dataclass
class Street:
    """All those doors, beside addresses where nobody is at home and the mail."""

    doors: dict[str, Door]
    greylisting: MailServer
    dropping: MailServer
    expired: Door
    channels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        def mail(server: MailServer) -> str:
            return f"mailto://127.0.0.1:{server.port}/asha@example.com?from=reminder@example.org"

        self.channels = {
            **{name: door.url for name, door in self.doors.items()},
            "nobody": "json://127.0.0.1:1/",
            "nowhere": "json://no-such-host.invalid/",
            "expired": f"jsons://localhost:{self.expired.port}/",
            "greylists": mail(self.greylisting),
            "drops": mail(self.dropping),
        }

    def mend(self) -> None:
        """Let everything work from now on that can."""
        for door in self.doors.values():
            door.says(Reply())
        for server in (self.greylisting, self.dropping):
            server.answers.clear()


class ExpiredDoor(Door):
    """A door whose certificate is out of date."""

    def __init__(self, folder: Path) -> None:
        ca = trustme.CA()
        self.bundle = folder / "expired-ca.pem"
        ca.cert_pem.write_to_path(str(self.bundle))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert("localhost", not_after=datetime(2024, 1, 1, tzinfo=UTC)).configure_cert(context)
        super().__init__(tls=context)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with ExitStack() as stack:
        doors = {name: stack.enter_context(Door(fault.reply)) for name, fault in FAULTS.items()}
        greylisting, dropping = stack.enter_context(MailServer()), stack.enter_context(MailServer())
        greylisting.answers["RCPT"] = "450 4.7.1 greylisted"
        dropping.answers["DATA"] = DROP
        expired = stack.enter_context(ExpiredDoor(tmp_path))
        yield Street(doors=doors, greylisting=greylisting, dropping=dropping, expired=expired)


def test_each_fault_costs_its_own_channel_what_it_must_and_nobody_else_anything(
    reminder: Reminder, street: Street, tmp_path: Path
) -> None:
    people = {"me": {"channels": list(street.channels)}}
    config = shows("", channels=street.channels, subscribers=people, delivery={"timeout": f"{TIMEOUT:g}s"})
    reminder.write(config)
    reminder.environ["REQUESTS_CA_BUNDLE"] = str(tmp_path / "expired-ca.pem")
    reminder.at(BEFORE).once()
    assert reminder.at(DUE).once().status == 0  # a pass: each is tried once, however long that takes
    first = {line["channel"]: line for line in reminder.history() if line["kind"] == "reminder"}
    for name, fault in FAULTS.items():
        check(name, first[name], fault)
    down = {"nobody": "refused", "nowhere": "", "expired": "certificate"}
    for name, why in down.items():
        check(name, first[name], Fault(reply=Reply(), reason=why))
        assert MAY not in first[name]["reason"]
    check("greylists", first["greylists"], Fault(reply=Reply(), reason="450", waits=(300, 361)))
    check("drops", first["drops"], Fault(reply=Reply(), reason=MAY, waits=(10, 15)))
    assert street.expired.requests == []
    street.mend()
    with reminder.at("2025-07-08T06:30:00Z").daemon() as daemon:
        alive = street.channels.keys() - down.keys()
        until(lambda: sent(reminder) >= alive, lambda: (alive - sent(reminder), rows(reminder), daemon.log))
    for name, fault in FAULTS.items():
        about = [request for request in street.doors[name].requests if request.json()["title"] == subject(0)]
        # One try that failed, and one that was answered; what may have arrived the first time came twice.
        assert len(about) == (1 if fault.state == "sent" else 2), name
    greylisted, dropped = mails(street.greylisting), mails(street.dropping)
    assert len(greylisted) == 1
    assert (len(dropped), len(set(dropped))) == (2, 1)


def mails(server: MailServer) -> list[str]:
    """Return the Message-ID of each reminder that a mail server was given."""
    about = [mail.message for mail in server.mails if mail.message["Subject"] == subject(0)]
    return [str(message["Message-ID"]) for message in about]


def sent(reminder: Reminder) -> set[str]:
    return {str(row.channel) for row in rows(reminder) if row.kind == "reminder" and row.state == "sent"}


def check(name: str, line: dict[str, Any], fault: Fault) -> None:
    assert (line["state"], line["attempts"]) == (fault.state, 1), (name, line)
    assert fault.reason in (line["reason"] or ""), (name, line)
    if fault.state == "retrying":
        waits = datetime.fromisoformat(line["next_at"]) - datetime.fromisoformat(line["at"])
        at_least, at_most = (timedelta(seconds=seconds) for seconds in fault.waits)
        assert at_least - timedelta(seconds=1) <= waits <= at_most + timedelta(seconds=1), (name, waits)
