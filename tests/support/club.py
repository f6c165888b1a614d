"""A club of imported members in ten languages, three zones and at two hours, who do things while a date moves.

with club(reminder, sink, mail, 300) as members:
    changed = whole_story(members, left=5, muted=10, moved_hour=4)
"""

from __future__ import annotations

import csv
import http.client
import io
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from reminder.core.dates.when import When
from reminder.core.model.entities import Kind, Release, Title
from reminder.core.model.lead import Lead
from reminder.core.model.secret import Secret
from reminder.core.text.message import ReaderSettings, Topic, compose
from reminder.store.sql.store import open_store
from reminder.texts.languages.choice import language_of
from reminder.texts.languages.known import KNOWN
from reminder.usecases.messages import explain_title
from reminder.usecases.rows.messages import WhyRow, why_rows
from tests.support.faults import until
from tests.support.page_home import as_text
from tests.support.page_process import PageProcess, page_process
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.support.smtp import MailServer

ADDRESS: Final = "https://reminder.example.org"
LANGUAGES: Final = tuple(KNOWN)
ZONES: Final = ("Asia/Kolkata", "Europe/Berlin", "America/New_York")
HOURS: Final = ("09:00", "19:30")
OTHER_HOUR: Final = "13:00"
A_MAIL: Final = 10
"""One of so many members has mail; the others have an address at a service."""

IMPORTED: Final = "2025-06-30T00:00:00Z"
BALLARD, MOVED_TO, SILO = date(2025, 7, 9), date(2025, 7, 16), date(2025, 7, 12)
LEAD: Final = "7d"
NO_JUMP: Final = timedelta(hours=20)
BETWEEN: Final = datetime(2025, 7, 3, 0, 10, tzinfo=UTC)
"""After the last hour of July 2, in New York, and before the first of July 3, in Kolkata."""

PATIENCE: Final = 600.0
"""Seconds until thousands of messages that should have come are given up."""


@dataclass(kw_only=True)
class Member:
    """Somebody of the club. `left`, `muted`: what they have done. `heard`: the subjects that came, in order."""

    number: int
    language: str
    zone: ZoneInfo
    hour: str
    has_mail: bool
    left: bool = False
    muted: bool = False
    heard: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the import calls them."""
        return f"member {self.number}"

    @property
    def address(self) -> str:
        """Return where they are."""
        return f"m{self.number}@example.com" if self.has_mail else f"m{self.number}"

    def moment(self, day: date) -> datetime:
        """Return when their hour is on a day, in UTC."""
        return datetime.combine(day, time.fromisoformat(self.hour), self.zone).astimezone(UTC)

    def follows(self, title: str) -> bool:
        """Tell whether anything about a title is still promised to them."""
        return not self.left and not (self.muted and title == "Ballard")

    def words(self, event: Event) -> str:
        """Return the subject that is promised, in their language."""
        reader = ReaderSettings(zone=self.zone, language=language_of(self.language))
        title = Title(key=event.title.lower(), name=event.title)
        lead = Lead.parse(LEAD) if event.kind is Kind.REMINDER else None
        heard = When.day(event.heard) if event.heard else None
        topic = Topic(kind=event.kind, title=title, release=Release(when=When.day(event.comes)), heard=heard, lead=lead)
        return _spaced(compose(topic, reader, self.moment(event.day)).subject)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A message that is promised to all who follow a title: at their hour of a day."""

    title: str
    day: date
    comes: date
    kind: Kind = Kind.REMINDER
    heard: date | None = None


SEVEN_DAYS: Final = Event(title="Ballard", day=date(2025, 7, 2), comes=BALLARD)
MOVED: Final = Event(title="Ballard", day=date(2025, 7, 3), comes=MOVED_TO, kind=Kind.MOVED, heard=BALLARD)
OF_SILO: Final = Event(title="Silo", day=date(2025, 7, 5), comes=SILO)
SEVEN_AGAIN: Final = Event(title="Ballard", day=date(2025, 7, 9), comes=MOVED_TO)


@dataclass(kw_only=True)
class Club:
    """The members, the daemon that serves them, and where their messages come."""

    page: PageProcess
    sink: Sink
    mail: MailServer
    members: list[Member]
    now: datetime
    _read: tuple[int, int] = (0, 0)

    def live(self, event: Event) -> None:
        """Step through the hours of an event; whoever is promised a message at one of them gets it there, and nobody else anything."""
        due: dict[datetime, list[Member]] = {}
        for member in self.members:
            if member.follows(event.title):
                due.setdefault(member.moment(event.day), []).append(member)
        for at, those in sorted(due.items()):
            self.go_to(at + timedelta(seconds=1))
            came = self.come(len(those))
            due_now = Counter((member.address, member.words(event)) for member in those)
            assert came == due_now, f"{at}: missing {due_now - came}, too much {came - due_now}"

    def go_to(self, at: datetime) -> None:
        """Step the clock, never by a whole day: after a long jump a daemon waits until the time has held."""
        while at - self.now > NO_JUMP:
            self._step(self.now + NO_JUMP)
        self._step(at)

    def _step(self, at: datetime) -> None:
        self.now = at
        self.page.daemon.at(f"{at:%Y-%m-%dT%H:%M:%S}Z")

    def reload(self, ballard: date) -> None:
        """Let the config say another day for Ballard."""
        config = config_of(self.sink, self.mail, ballard)
        web = {"listen": f"127.0.0.1:{self.page.port}", **config["web"]}
        self.page.reminder.write(as_text({**config, "web": web}))
        self.page.daemon.hup()

    def come(self, count: int) -> Counter[tuple[str, str]]:
        """Wait for so many messages more; return who got which subject since the last look."""
        before = sum(self._read)
        until(lambda: self._arrived() >= before + count, lambda: self._missing(before + count), PATIENCE)
        return self.look()

    def look(self) -> Counter[tuple[str, str]]:
        """Return who got which subject since the last look, and keep it with each member."""
        requests, mails = self.sink.requests[self._read[0] :], self.mail.mails[self._read[1] :]
        self._read = (self._read[0] + len(requests), self._read[1] + len(mails))
        by_address = {member.address: member for member in self.members}
        came = [(each.path.strip("/"), each.json()["title"], each.json()["message"]) for each in requests]
        for mail in mails:
            message = mail.message
            came.append(
                (mail.recipients[0], str(message["Subject"]), str(message["List-Unsubscribe"]) + mail.part("plain"))
            )
        came = [(address, _spaced(subject), text) for address, subject, text in came]
        for address, subject, text in came:
            by_address[address].heard.append(subject)
            by_address[address].texts.append(text)
        return Counter((address, subject) for address, subject, _ in came)

    def _arrived(self) -> int:
        return len(self.sink.requests) + len(self.mail.mails)

    def _missing(self, wanted: int) -> str:
        return f"{self._arrived()} of {wanted} came\n{self.page.daemon.log[-3000:]}"

    # What members do -------------------------------------------------------------------------------------------------

    def leave(self, members: Iterable[Member]) -> None:
        """End mail by the one click of a mail program."""
        for member in members:
            path = _path(member.texts[-1], "/u/")
            answer = self.page.ask("POST", path, None, **{"List-Unsubscribe": "One-Click"})
            assert answer.status == 200, answer.text
            member.left = True

    def mute(self, members: Iterable[Member]) -> None:
        """Mute the title of the last message by its link."""
        for member in members:
            answer = self.page.ask("POST", _path(member.texts[-1], "/m/") + "/mute")
            assert answer.status == 200, answer.text
            member.muted = True

    def change_hour(self, members: Sequence[Member]) -> None:
        """Have members sign in by a code over their own address, each from a place of their own, and choose another hour."""
        for number, member in enumerate(members, 2):
            visitor = Browserless(port=self.page.port, place=f"127.0.0.{number}")
            visitor.send("/sign-in", "/sign-in", name=member.name)
            came = self.come(1)
            assert [address for address, _ in came] == [member.address]
            code = re.search(r"\b(\d{4}) ?(\d{4})\b", f"{member.heard.pop()} {member.texts.pop()}")
            assert code is not None
            assert visitor.send("/sign-in/code", "/sign-in/code", code="".join(code.groups())) == 303
            assert visitor.send("/me/settings", "/me/settings", at=OTHER_HOUR) == 303
            member.hour = OTHER_HOUR


def _spaced(subject: str) -> str:
    """Return a subject with plain spaces, as mail has it: some languages set narrow ones that do not break."""
    return " ".join(subject.split())


def _path(text: str, kind: str) -> str:
    found = re.search(rf"{ADDRESS}({kind}[\w.-]+)", text)
    assert found is not None, text
    return found[1]


@dataclass(kw_only=True)
class Browserless:
    """A browser as simple as there is: it keeps cookies, fills in forms, and comes from an address of its own."""

    port: int
    place: str
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, at: str, path: str, /, **values: str) -> int:
        """Fill in the form for `path` that stands on the page `at`, and send it; return the status of the answer."""
        form = Form(path)
        form.feed(self._ask("GET", at)[1])
        fields = [(name, value) for name, value in form.fields if name not in values]
        return self._ask("POST", path, [*fields, *values.items()])[0]

    def _ask(self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
        head = {
            "Sec-Fetch-Site": "same-origin",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }
        if method == "POST":
            head["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=90, source_address=(self.place, 0))
        ) as connection:
            connection.request(method, path, urlencode(fields) if method == "POST" else None, head)
            answer = connection.getresponse()
            for text in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = text.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()


class Form(HTMLParser):
    """Reads what a form would send as it stands: its fields, what is chosen, what is ticked."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._action, self._is_in, self._choice = action, False, ""
        self._chosen: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field."""
        has = dict(attrs)
        if tag == "form":
            self._is_in = has.get("action") == self._action
        elif not self._is_in:
            return
        elif tag == "select":
            self._choice = has.get("name") or ""
        elif tag == "option":
            if "selected" in has or self._choice not in self._chosen:
                self._chosen[self._choice] = has.get("value") or ""
        elif tag == "input" and has.get("name") and (has.get("type") not in {"checkbox", "radio"} or "checked" in has):
            self.fields.append((str(has["name"]), has.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Take what was chosen in a list."""
        if tag == "select" and self._choice in self._chosen:
            self.fields.append((self._choice, self._chosen.pop(self._choice)))
        elif tag == "form":
            self._is_in = False


def everybody(count: int) -> list[Member]:
    """Return so many members, evenly of all languages, zones, hours and ways to be reached."""
    return [
        Member(
            number=number,
            language=LANGUAGES[number % len(LANGUAGES)],
            zone=ZoneInfo(ZONES[number // 10 % len(ZONES)]),
            hour=HOURS[number // 30 % len(HOURS)],
            has_mail=(number + number // 10) % A_MAIL == 0,
        )
        for number in range(count)
    ]


def file_of(members: Iterable[Member]) -> str:
    """Return the file that the club imports."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["subscriber", "channel", "address", "titles", "timezone", "at", "language"])
    for each in members:
        channel = "letters" if each.has_mail else "phones"
        table.writerow([each.name, channel, each.address, "*", each.zone.key, each.hour, each.language])
    return out.getvalue()


def config_of(sink: Sink, mail: MailServer, ballard: date) -> Mapping[str, Any]:
    """Return the config of the club; Ballard comes out on this day."""
    return {
        "timezone": "UTC",
        "remind": [LEAD],
        "notices": ["moved"],
        "web": {"address": ADDRESS},
        "delivery": {"rates": {"mail": 0, "json": 0}},
        "channels": {
            "screen": "console://",
            "phones": f"json://{sink.netloc}/{{address}}",
            "letters": f"mailto://127.0.0.1:{mail.port}/?from=club@example.net&to={{address}}",
        },
        "subscribers": {"secretary": {"channels": ["screen"], "remind": [], "notices": []}},
        "watch": [{"title": "Ballard", "premiere": str(ballard)}, {"title": "Silo", "premiere": str(SILO)}],
    }


@contextmanager
def club(reminder: Reminder, sink: Sink, mail: MailServer, count: int) -> Iterator[Club]:
    """Import so many members by the command, and start the daemon that serves them."""
    members = everybody(count)
    reminder.at(IMPORTED)
    config = config_of(sink, mail, BALLARD)
    with page_process(reminder, config, IMPORTED) as page:
        people = reminder.home / "club.csv"
        people.write_text(file_of(members))
        done = reminder.run("import", str(people))
        assert done.status == 0, done.err
        yield Club(page=page, sink=sink, mail=mail, members=members, now=datetime.fromisoformat(IMPORTED))


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Members who have done something, by what it was."""

    left: Sequence[Member]
    muted: Sequence[Member]
    moved_hour: Sequence[Member]


def change(members: Club, left: int, muted: int, moved_hour: int) -> Changed:
    """While the date of Ballard moves, let so many leave by one click, mute it by a link, and take another hour."""
    chance = random.Random(7)
    by_mail = chance.sample([each for each in members.members if each.has_mail], left)
    others = [each for each in members.members if each not in by_mail]
    chosen = chance.sample(others, muted + moved_hour)
    changed = Changed(left=by_mail, muted=chosen[:muted], moved_hour=chosen[muted:])
    members.go_to(BETWEEN)
    members.leave(changed.left)
    members.mute(changed.muted)
    members.change_hour(changed.moved_hour)
    members.reload(MOVED_TO)
    return changed


# What is said of it afterwards ---------------------------------------------------------------------------------------

TOLD: Final = "sent"
SILENT: Final = {"left": "no channel takes it", "muted": "muted"}
"""What `why` gives as the reason for what did not come."""


def whole_story(members: Club, left: int, muted: int, moved_hour: int) -> Changed:
    """Let the club live from its first messages to a week before the new day; each message is compared as it comes."""
    members.live(SEVEN_DAYS)
    changed = change(members, left, muted, moved_hour)
    for event in (MOVED, OF_SILO, SEVEN_AGAIN):
        members.live(event)
    members.go_to(members.now + timedelta(hours=2))
    assert members.look() == Counter(), "more came than was promised"
    for member in members.members:
        assert member.heard == [member.words(event) for event in promised(member)], member
    return changed


def promised(member: Member) -> list[Event]:
    """Return what a member was promised, all in all."""
    later = [event for event in (MOVED, OF_SILO, SEVEN_AGAIN) if member.follows(event.title)]
    return [SEVEN_DAYS, *later]


def answer_due(member: Member) -> dict[str, list[tuple[str, str, str | None]]]:
    """Return what `why` has to say to somebody about each title: what it is, what became of it, and the reason."""
    reason = SILENT["left"] if member.left else SILENT["muted"] if member.muted else None
    fate = (TOLD, None) if member.follows("Ballard") else ("skipped", reason)
    of_silo = (TOLD, None) if member.follows("Silo") else ("skipped", reason)
    return {
        "Ballard": [("reminder", TOLD, None), ("moved", *fate), ("reminder", *fate)],
        "Silo": [("reminder", *of_silo)],
    }


def answers(members: Club, people: Iterable[Member]) -> Iterator[tuple[Member, str, list[WhyRow]]]:
    """Yield what `why` answers about each title to each of these people, asked within this process."""
    place = Secret(str(members.page.reminder.database))
    with closing(open_store(place)) as store, store.read() as tx:
        for member in people:
            for title in ("Ballard", "Silo"):
                about = explain_title(
                    tx, [title], member.name, zone=member.zone, now=members.now, grace=timedelta(days=2)
                )
                yield member, title, why_rows([(entry, member.zone) for entry in about.entries], about.explained)


def short(rows: Iterable[WhyRow]) -> list[tuple[str, str, str | None]]:
    """Return of each answer what `answer_due` has: what a service said when it took a message is not compared."""
    return [(row["kind"], row["state"], row["reason"] if row["state"] != TOLD else None) for row in rows]
