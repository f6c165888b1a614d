"""Matrix against a server that does what its specification says: one event for one transaction id, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.transport import Outcome, Sent
from reminder.platform.clock import SystemClock
from tests.support.sink import Reply, Request, Sink

WORDS = Words(subject="Ballard is out today", body=(BodyLine(text="Wednesday, July 9"),))


class Homeserver:
    """The server's side: who is logged in, which rooms there are, which events it keeps."""

    def __init__(self) -> None:
        self.tokens = {"syt_token"}
        self.logins = 0
        self.rooms = {"!room:here"}
        self.aliases = {"#releases:here": "!room:here"}
        self.events: dict[str, str] = {}
        self.made = 0

    def answer(self, request: Request) -> Reply:
        path = unquote(request.path.partition("?")[0])
        if path.endswith("/login"):
            return self._login() if request.method == "POST" else Reply.json({"flows": []})
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply.json({"errcode": "M_UNKNOWN_TOKEN", "error": "Unknown token"}, 401)
        if path.endswith("/whoami"):
            return Reply.json({"user_id": "@bot:here", "device_id": "D"})
        if path.endswith("/joined_rooms"):
            return Reply.json({"joined_rooms": sorted(self.rooms)})
        if path.endswith("/createRoom"):
            self.made += 1
            return Reply.json({"room_id": "!new:here"})
        if "/join/" in path:
            return self._join(path.rpartition("/join/")[2])
        if "/send/m.room.message/" in path:
            return self._send(path, request)
        return Reply.json({})

    def _login(self) -> Reply:
        self.logins += 1
        self.tokens = {f"login-{self.logins}"}
        return Reply.json(
            {"access_token": f"login-{self.logins}", "user_id": "@bot:here", "device_id": "D", "home_server": "here"}
        )

    def _join(self, room: str) -> Reply:
        if room in self.rooms or room in self.aliases:
            return Reply.json({"room_id": self.aliases.get(room, room)})
        return Reply.json({"errcode": "M_NOT_FOUND", "error": f"Room alias {room} not found"}, 404)

    def _send(self, path: str, request: Request) -> Reply:
        self.events.setdefault(path, json.loads(request.body)["body"])
        return Reply.json({"event_id": f"${path}"})


@pytest.fixture
def home() -> Homeserver:
    return Homeserver()


@pytest.fixture
def sink(home: Homeserver) -> Iterator[Sink]:
    with Sink() as made:
        yield made.always(home.answer)


@pytest.fixture
def transport() -> Iterator[AppriseTransport]:
    made = AppriseTransport(clock=SystemClock(), timeout=10.0)
    yield made
    made.close()


def by_token(sink: Sink, room: str = "!room:here") -> str:
    return f"matrix://syt_token@{sink.netloc}/{room}"


def by_password(sink: Sink, room: str = "!room:here") -> str:
    return f"matrix://bot:hunter22@{sink.netloc}/{room}"


LOGINS = {"token": by_token, "password": by_password}


def send(transport: AppriseTransport, url: str, ref: str, subject: str = "Ballard") -> Outcome:
    return transport.send(Channel(name="room", url=Secret(url)), Words(subject=subject), ref=ref)


@pytest.mark.parametrize("login", LOGINS)
def test_each_message_of_a_daemon_is_an_event_of_its_own(
    sink: Sink, home: Homeserver, transport: AppriseTransport, login: str
) -> None:
    for number in range(4):
        assert isinstance(send(transport, LOGINS[login](sink), f"{number}@a", f"Title {number}"), Sent)
    assert list(home.events.values()) == [f"Title {number}" for number in range(4)]


@pytest.mark.parametrize("login", LOGINS)
def test_a_repeated_try_is_the_same_event_even_by_another_process(sink: Sink, home: Homeserver, login: str) -> None:
    for _ in range(2):
        transport = AppriseTransport(clock=SystemClock(), timeout=10.0)
        send(transport, LOGINS[login](sink), "7@a")
        transport.close()
    assert len(home.events) == 1


def test_a_delivery_of_another_database_is_another_event(
    sink: Sink, home: Homeserver, transport: AppriseTransport
) -> None:
    for ref in ("1@first", "1@second"):
        send(transport, by_token(sink), ref)
    assert len(home.events) == 2


def test_a_login_that_was_revoked_is_made_again_and_the_message_goes_in_the_same_try(
    sink: Sink, home: Homeserver, transport: AppriseTransport
) -> None:
    assert isinstance(send(transport, by_password(sink), "1@a", "One"), Sent)
    home.tokens = set()  # signed out everywhere
    assert isinstance(send(transport, by_password(sink), "2@a", "Two"), Sent)
    assert home.logins == 2
    assert list(home.events.values()) == ["One", "Two"]


def test_a_token_that_was_revoked_is_the_channels_fault_and_asked_of_the_server_each_time(
    sink: Sink, home: Homeserver, transport: AppriseTransport
) -> None:
    send(transport, by_token(sink), "1@a")
    home.tokens = set()
    outcome = send(transport, by_token(sink), "2@a")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.status) == (FailureKind.CHANNEL, 401)
    home.tokens = {"syt_token"}
    assert isinstance(send(transport, by_token(sink), "2@a"), Sent)


@pytest.mark.parametrize("room", ["#relaeses:here", "#releases:there"])
@pytest.mark.parametrize("login", LOGINS)
def test_a_misspelt_room_is_said_and_none_is_made(
    sink: Sink, home: Homeserver, transport: AppriseTransport, login: str, room: str
) -> None:
    for ref in ("1@a", "1@a"):
        outcome = send(transport, LOGINS[login](sink, room), ref)
        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.CHANNEL
        assert outcome.reason.startswith(f"there is no room {room}")
    assert (home.made, home.events) == (0, {})
    assert not any("createRoom" in request.path for request in sink.requests)


def test_nobody_is_invited_into_a_room_made_for_them(sink: Sink, home: Homeserver, transport: AppriseTransport) -> None:
    outcome = send(transport, by_token(sink, "@ananya:here"), "1@a")
    assert isinstance(outcome, Failure)
    assert outcome.reason.startswith("there is no conversation with @ananya:here yet")
    assert home.made == 0


def test_a_room_known_by_its_alias_gets_a_plain_text_without_a_headings_sign(
    sink: Sink, home: Homeserver, transport: AppriseTransport
) -> None:
    channel = Channel(name="room", url=Secret(by_token(sink, "#releases:here")))
    assert isinstance(transport.send(channel, WORDS, ref="1@a"), Sent)
    assert list(home.events.values()) == ["Ballard is out today\nWednesday, July 9"]
