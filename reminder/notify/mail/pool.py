"""Connections to mail servers that are kept: one for each server and login, for many mails one after the other.

Opening one costs a TCP and a TLS handshake, a greeting and a login, which servers make slow on purpose; a mail over an
open one costs four lines each way. The server may have dropped a kept connection meanwhile, which shows only when it
is used: a mail that finds it so before its text has left goes over a new one, in the same attempt.
"""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from reminder.notify.http.attempt import Attempt
from reminder.notify.mail.answers import ServerAnswer
from reminder.notify.mail.compose import Mail
from reminder.notify.mail.smtp import SmtpServer, deliver, goodbye, opened, reset
from reminder.notify.transport import Sent

IDLE_SECONDS: Final = 15.0
"""How long a connection without mails is kept open. Servers grant 5 minutes (RFC 5321, 4.5.3.2.7), some less."""
ASK_AFTER_SECONDS: Final = 5.0
"""A connection idle for this long is first asked whether it is still there: a router may have dropped it silently."""
ASK_SECONDS: Final = 3.0
LIFE_SECONDS: Final = 300.0
MAILS: Final = 100
"""How long one connection serves and how many mails it carries: servers count, and hang up on endless senders."""


class Busy(Exception):
    """Another mail was on its way over this server's one connection all the time."""


@dataclass(kw_only=True)
class _PooledConnection:
    """The connection to one server; who holds the lock may use it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    smtp: smtplib.SMTP | None = None
    opened_at: float = 0.0
    used_at: float = 0.0
    mails: int = 0


class SmtpPool:
    """Hands mails to their servers. Safe to share between threads: to each server one mail goes at a time.

    Args:
        monotonic: the clock, in seconds.
        mails: how many mails go over one connection.
        idle: the seconds after which an idle one is closed.
    """

    def __init__(self, *, monotonic: Callable[[], float], mails: int = MAILS, idle: float = IDLE_SECONDS) -> None:
        self._monotonic = monotonic
        self._mails = mails
        self._idle = idle
        self._lines: dict[SmtpServer, _PooledConnection] = {}
        self._changed = threading.Condition()
        self._tidying = False

    def send(self, server: SmtpServer, mail: Mail, attempt: Attempt) -> Sent:
        """Send a mail over the connection to `server`, opening one if need be.

        Raises Said when the server refuses, Busy, and OSError or SMTPException when the connection is lost.
        """
        with self._changed:
            line = self._lines.setdefault(server, _PooledConnection())
        if not line.lock.acquire(timeout=attempt.remaining()):
            raise Busy
        try:
            sent = self._over_kept(line, mail, attempt)
            return self._over_new(line, server, mail, attempt) if sent is None else sent
        finally:
            line.used_at = self._monotonic()
            line.lock.release()
            self._tidy_later()

    def close(self) -> None:
        """Close what is idle."""
        with self._changed:
            lines = list(self._lines.values())
        for line in lines:
            _close_if_free(line)
        with self._changed:
            self._changed.notify_all()

    def _over_kept(self, line: _PooledConnection, mail: Mail, attempt: Attempt) -> Sent | None:
        """Send over the connection that there is; None when a new one is needed, and nothing has left then."""
        smtp, line.smtp = line.smtp, None
        if smtp is None or not self._is_usable(line, smtp, attempt):
            return None
        try:
            return self._over(line, smtp, mail, attempt)
        except ServerAnswer as said:
            if attempt.left or not said.is_of_the_connection:
                raise
        except (OSError, smtplib.SMTPException):
            if attempt.left or attempt.overrun:
                raise
        _hang_up(line)
        return None

    def _is_usable(self, line: _PooledConnection, smtp: smtplib.SMTP, attempt: Attempt) -> bool:
        """Tell whether a kept connection can carry one more mail; it is closed if not."""
        at = self._monotonic()
        attempt.hold(smtp.sock)
        attempt.set_timeout(ASK_SECONDS)
        if line.mails >= self._mails or at - line.opened_at > LIFE_SECONDS:
            goodbye(smtp)
            return False
        return at - line.used_at <= ASK_AFTER_SECONDS or reset(smtp)

    def _over_new(self, line: _PooledConnection, server: SmtpServer, mail: Mail, attempt: Attempt) -> Sent:
        smtp = opened(server, attempt)
        line.opened_at, line.mails = self._monotonic(), 0
        return self._over(line, smtp, mail, attempt)

    def _over(self, line: _PooledConnection, smtp: smtplib.SMTP, mail: Mail, attempt: Attempt) -> Sent:
        """Send over an open connection, and keep it only if it stands where the next mail can begin."""
        try:
            attempt.set_timeout(attempt.remaining())
            sent = deliver(smtp, mail, attempt)
        except ServerAnswer:
            attempt.set_timeout(ASK_SECONDS)
            line.smtp = smtp if reset(smtp) else None
            raise
        except BaseException:
            smtp.close()
            raise
        finally:
            attempt.hold(None)  # from now on it may serve another attempt
        line.smtp = smtp
        line.mails += 1
        return sent

    def _tidy_later(self) -> None:
        with self._changed:
            if self._tidying:
                return
            self._tidying = True
        try:
            threading.Thread(target=self._tidy, name="mailroom", daemon=True).start()
        except (
            RuntimeError
        ):  # the system has no thread left: that is no fault of the mail, and the next one tries again
            with self._changed:
                self._tidying = False

    def _tidy(self) -> None:
        """Close connections that have been idle for long; end when there is none left."""
        while True:
            for line in self._idle_lines():
                _close_if_free(line)
            with self._changed:
                last_used = [line.used_at for line in self._lines.values() if line.smtp or line.lock.locked()]
                if not last_used:
                    self._tidying = False
                    return
                # At least a little: one that is in use just now may have been idle for long before.
                self._changed.wait(max(min(last_used) + self._idle - self._monotonic(), self._idle / 10))

    def _idle_lines(self) -> list[_PooledConnection]:
        with self._changed:
            return [line for line in self._lines.values() if self._monotonic() - line.used_at >= self._idle]


def _close_if_free(line: _PooledConnection) -> None:
    if line.lock.acquire(blocking=False):
        try:
            _hang_up(line)
        finally:
            line.lock.release()


def _hang_up(line: _PooledConnection) -> None:
    smtp, line.smtp = line.smtp, None
    if smtp is not None:
        goodbye(smtp)
