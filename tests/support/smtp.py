"""A mail server on loopback that keeps what it was given, and answers each verb as it is told.

`with MailServer() as server: server.answers["RCPT"] = "450 4.7.1 greylisted"; … server.mails`.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.process import PATIENCE

CLOSING_SECONDS = 5.0
# aiosmtpd complains to itself of its own old names.
logging.getLogger("mail.log").setLevel(logging.ERROR)
DROP = "drop"
HANG = "hang"


@dataclass(frozen=True, kw_only=True)
class Received:
    """One mail as it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str | None

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return email.message_from_bytes(self.content, _class=EmailMessage, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """Return the text of its part `plain` or `html`, "" if it has none."""
        found = self.message.get_body((kind,))
        return "" if found is None else str(found.get_content())


class MailServer:
    """The server. `logins` counts tries to log in, `greeted_by` are the names said in EHLO. `answers`: what to say instead of yes to GREETING, AUTH, MAIL, RCPT, DATA (after the text).
    `once`: what to say to the next of these only.

    DATA may also be `drop` (keep the mail, hang up before the answer) or `hang`. `login`: user and password; without
    it no AUTH is offered. `pipelining`, `smtputf8`: whether it is offered. `starttls`: a context makes STARTTLS offered; `tls`: TLS from the first byte.
    """

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        pipelining: bool = True,
        smtputf8: bool = True,
    ) -> None:
        self.answers: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.mails: list[Received] = []
        self.connections = 0
        self.logins = 0
        self.greeted_by: list[str] = []
        self.port = 0
        self.login = login
        self.starttls = starttls
        self.pipelining = pipelining
        self.smtputf8 = smtputf8
        self._tls = tls
        self._changed = threading.Condition()
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop: asyncio.Event | None = None
        self._sessions: set[_Session] = set()
        self._thread = threading.Thread(target=self._run, name="smtp")

    @property
    def open(self) -> int:
        """How many connections are open now."""
        return sum(session.is_open for session in list(self._sessions))

    def told(self, verb: str) -> str | None:
        """Return what to answer a verb with instead of yes."""
        return self.once.pop(verb, None) or self.answers.get(verb)

    def hang_up(self) -> None:
        """Drop every connection, as a server does with those that were idle for long."""
        done = threading.Event()

        def cut() -> None:
            for session in self._sessions:
                session.cut()
            self._loop.call_soon(done.set)

        self._loop.call_soon_threadsafe(cut)
        done.wait(PATIENCE)

    def wait_for(self, count: int, seconds: float = PATIENCE) -> bool:
        """Wait until so many mails have come; tell whether they did."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.mails) >= count, seconds)

    def keep(self, received: Received) -> None:
        """Keep a mail."""
        with self._changed:
            self.mails.append(received)
            self._changed.notify_all()

    def __enter__(self) -> Self:
        """Start it."""
        self._thread.start()
        if not self._started.wait(PATIENCE):
            raise RuntimeError("the mail server did not start")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Stop it and leave no thread."""
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(CLOSING_SECONDS)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await self._loop.create_server(self._session, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for session in list(self._sessions):
            session.cut()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _session(self) -> _Session:
        self.connections += 1
        session = _Session(self)
        self._sessions.add(session)
        return session


class _Session(SMTP):
    """One connection, with a greeting that can be told."""

    def __init__(self, owner: MailServer) -> None:
        self._owner = owner
        self._greeted = False
        self.is_open = True
        super().__init__(
            _Verbs(owner),
            hostname="mail.test",
            enable_SMTPUTF8=owner.smtputf8,
            tls_context=owner.starttls,
            auth_require_tls=False,
            authenticator=_check(owner) if owner.login else None,
            auth_exclude_mechanism=None if owner.login else ["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )

    async def push(self, status: Any) -> None:
        greeting, self._greeted = not self._greeted, True
        told = self._owner.told("GREETING") if greeting else None
        await super().push(told or status)
        if told:
            self.cut()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        super().connection_lost(error)

    def cut(self) -> None:
        """Hang up."""
        if isinstance(self.transport, asyncio.WriteTransport):
            with suppress(RuntimeError):
                self.transport.abort()


def _check(owner: MailServer) -> Any:
    def authenticate(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        owner.logins += 1
        told = owner.told("AUTH")
        if told:
            return AuthResult(success=False, handled=False, message=told)
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == owner.login
        return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)

    return authenticate


class _Verbs:
    """The verbs' answers, as aiosmtpd asks for them."""

    def __init__(self, owner: MailServer) -> None:
        self._owner = owner

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._owner.greeted_by.append(hostname)
        return ["250-PIPELINING", *responses] if self._owner.pipelining else responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        told = self._owner.told("MAIL")
        if told is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return told or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        told = self._owner.told("RCPT")
        if told is None:
            envelope.rcpt_tos.append(address)
        return told or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        told = self._owner.told("DATA") or ""
        if not told[:1].isdigit():
            self._owner.keep(
                Received(
                    sender=envelope.mail_from,
                    recipients=tuple(envelope.rcpt_tos),
                    content=envelope.original_content,
                    user=session.auth_data,
                )
            )
        if told == DROP:
            server.cut()
        if told == HANG:
            await asyncio.Event().wait()
        return told if told[:1].isdigit() else "250 OK: queued"
