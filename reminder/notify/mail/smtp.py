"""The SMTP seam: a mail over a connection, every code read at the verb that it answers (RFC 5321, 4.2.2-4.3.2).

apprise's plugin is asked for the settings in the channel's URL and no more: it gives each try another Message-ID,
makes the text part out of the HTML one, and says of a failure only that there was one. `opened` and `deliver` are two
steps, so that one connection can carry many mails: see `pool`.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from reminder.core.model.secret import Secret
from reminder.notify.http import tls
from reminder.notify.http.attempt import Attempt
from reminder.notify.mail.answers import (
    ACCEPTED,
    GREETING,
    HANGING_UP,
    LOGGED_IN,
    LOGIN,
    OK,
    RECIPIENT,
    SENDER,
    START_INPUT,
    TEXT,
    ServerAnswer,
    check,
)
from reminder.notify.mail.compose import Mail
from reminder.notify.scrub import line
from reminder.notify.transport import Sent

CONNECT_SECONDS: Final = 10.0
GOODBYE_SECONDS: Final = 2.0
NO_TLS: Final = (
    "the server offers no TLS on this port, so nothing was sent, nor the password: is it the right host and port?"
)
NO_LOGIN: Final = "the server offers no login here: is it the right port or mode?"
WRONG_PASSWORD: Final = 535
IN_TLS: Final = ("PLAIN", "LOGIN", "CRAM-MD5")
IN_CLEAR: Final = ("CRAM-MD5", "PLAIN", "LOGIN")
"""Ways to log in, the one that is tried first in front."""


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """A server that takes mail, and how one logs in there. `mode` is apprise's: insecure, starttls or ssl."""

    host: str
    port: int
    mode: str
    user: str
    password: Secret
    verify: bool


class _Watched(smtplib.SMTP):
    """A connection whose socket the attempt can cut from its first byte on; all of it in TLS where `mode` is ssl."""

    def __init__(self, server: SmtpServer, name: str, seconds: float, attempt: Attempt) -> None:
        self._attempt = attempt
        self._context = tls.mail_context(verify=server.verify) if server.mode == "ssl" else None
        super().__init__(server.host, server.port, name, timeout=seconds)

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        """Connect, and return the server's greeting."""
        self.sock = socket.create_connection((host, port), self.timeout, source_address)
        self._attempt.hold(self.sock)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=host)
            self._attempt.hold(self.sock)
        return self.getreply()


def opened(server: SmtpServer, attempt: Attempt) -> smtplib.SMTP:
    """Return a connection to `server`, in TLS and logged in as it asks. Raises Said, OSError, SMTPException."""
    smtp = _connect(server, attempt)
    try:
        attempt.set_timeout(attempt.remaining())
        if server.mode == "starttls":
            _starttls(smtp, server)
            attempt.hold(smtp.sock)
        if server.user and server.password.reveal():
            _login(smtp, server)
    except BaseException:
        smtp.close()
        raise
    return smtp


def reset(smtp: smtplib.SMTP) -> bool:
    """Make an open connection ready for another mail (RFC 5321, 4.1.1.5); close it and return False if it is not."""
    with suppress(OSError, smtplib.SMTPException):
        code, _ = smtp.rset()
        if code == OK:
            return True
    smtp.close()
    return False


def goodbye(smtp: smtplib.SMTP) -> None:
    """Close a connection, with a word of farewell that need not be answered."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(GOODBYE_SECONDS)
            smtp.docmd("QUIT")
    smtp.close()


def _connect(server: SmtpServer, attempt: Attempt) -> smtplib.SMTP:
    seconds = min(CONNECT_SECONDS, attempt.remaining())
    name = _own_name()
    try:
        smtp = _Watched(server, name or "localhost", seconds, attempt)
    except smtplib.SMTPConnectError as error:
        raise ServerAnswer(GREETING, error.smtp_code, error.smtp_error) from None
    smtp.local_hostname = name or _literal(smtp.sock)
    return smtp


def _own_name() -> str:
    """Return this machine's full name, "" if it has none. Not getfqdn(): it asks the name server, which may hang."""
    name = socket.gethostname()
    is_full = re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z][A-Za-z0-9-]*", name)
    return name if is_full and not name.lower().endswith((".localdomain", ".localhost")) else ""


def _literal(sock: socket.socket | None) -> str:
    """Return the address by which the server sees us, as a name for EHLO (RFC 5321, 4.1.3 and 4.1.4)."""
    host = str(sock.getsockname()[0]).partition("%")[0] if sock is not None else "127.0.0.1"
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _starttls(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    try:
        code, words = smtp.starttls(context=tls.mail_context(verify=server.verify))
    except smtplib.SMTPNotSupportedError:
        raise ServerAnswer(GREETING, 502, NO_TLS, ours=True) from None
    except smtplib.SMTPResponseException as error:
        raise ServerAnswer(GREETING, error.smtp_code, error.smtp_error) from None
    check(GREETING, code, words)


def _login(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    user, password = server.user, server.password.reveal()
    try:
        if (user + password).isascii():
            _log_in(smtp, user, password, IN_CLEAR if server.mode == "insecure" else IN_TLS)
        else:
            _login_beyond_ascii(smtp, user, password)
    except smtplib.SMTPResponseException as error:
        raise ServerAnswer(LOGIN, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException:  # no AUTH offered, or none that we know
        raise ServerAnswer(LOGIN, 503, NO_LOGIN, ours=True) from None


def _log_in(smtp: smtplib.SMTP, user: str, password: str, ways: tuple[str, ...]) -> None:
    """Log in by the first way that the server offers; another only if it is the way that was refused (RFC 4954, 4).

    Raises SMTPException.
    """
    smtp.ehlo_or_helo_if_needed()
    smtp.user, smtp.password = user, password
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    refused: smtplib.SMTPAuthenticationError = smtplib.SMTPAuthenticationError(0, b"")
    for way in (way for way in ways if way in offered):
        try:
            smtp.auth(way, getattr(smtp, f"auth_{way.lower().replace('-', '_')}"), initial_response_ok=way == "PLAIN")
            return
        except smtplib.SMTPAuthenticationError as error:
            refused = error
            if error.smtp_code == WRONG_PASSWORD:
                break  # by another way it would be wrong again, and counted twice
    if refused.smtp_code:
        raise refused
    raise smtplib.SMTPNotSupportedError


def _login_beyond_ascii(smtp: smtplib.SMTP, user: str, password: str) -> None:
    # smtplib writes ASCII only; PLAIN is UTF-8 (RFC 4616, 2).
    smtp.ehlo_or_helo_if_needed()
    if "PLAIN" not in smtp.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError
    code, words = smtp.docmd("AUTH", "PLAIN " + base64.b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, words)


def deliver(smtp: smtplib.SMTP, mail: Mail, attempt: Attempt) -> Sent:
    """Hand one mail over an open connection. Raises Said when the server refuses, OSError when it is lost."""
    smtp.ehlo_or_helo_if_needed()
    address = _address_at_once if smtp.has_extn("pipelining") else _address
    address(smtp, mail, _options(smtp, mail))
    attempt.depart()
    smtp.send(_dotted(mail.content))
    code, words = smtp.getreply()
    check(TEXT, code, words)
    return Sent(detail=f"{code} {line(words.decode('utf-8', 'replace'))}".strip())


def _address(smtp: smtplib.SMTP, mail: Mail, options: list[str]) -> None:
    """Say who a mail is from and to, line by line."""
    check(SENDER, *smtp.mail(mail.sender, options))
    check(RECIPIENT, *smtp.rcpt(mail.recipient))
    code, words = smtp.docmd("DATA")
    if code != START_INPUT:
        raise ServerAnswer(TEXT, code, words)


def _address_at_once(smtp: smtplib.SMTP, mail: Mail, options: list[str]) -> None:
    """Say it in one go, to a server that offers that (RFC 2920): a mail then takes two turns and not four."""
    sender, recipient = smtplib.quoteaddr(mail.sender), smtplib.quoteaddr(mail.recipient)
    lines = (" ".join([f"MAIL FROM:{sender}", *options]), f"RCPT TO:{recipient}", "DATA", "")
    smtp.send("\r\n".join(lines).encode())
    refused: ServerAnswer | None = None
    code = 0
    for step in (SENDER, RECIPIENT, TEXT):
        code, words = smtp.getreply()
        if refused is None and (code != START_INPUT if step == TEXT else code not in ACCEPTED):
            refused = ServerAnswer(step, code, words)
        if code == HANGING_UP:
            break
    if refused is None:
        return
    if code == START_INPUT:  # it refused, and wants a text all the same: an empty one, for nobody (RFC 2920, 3.1)
        smtp.send(b".\r\n")
        smtp.getreply()
    raise refused


def _options(smtp: smtplib.SMTP, mail: Mail) -> list[str]:
    options = [f"size={len(mail.content)}"] if smtp.has_extn("size") else []
    if not mail.needs_utf8:
        return options
    if not smtp.has_extn("smtputf8"):
        step = RECIPIENT if mail.sender.isascii() else SENDER
        raise ServerAnswer(step, 553, "the server does not take addresses with letters beyond ASCII")
    return [*options, "SMTPUTF8", "BODY=8BITMIME"]


def _dotted(content: bytes) -> bytes:
    """Return a mail's bytes as they go over the line: dots at a line's start doubled, a lone dot at the end."""
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"


def why_no_tls(server: SmtpServer, error: BaseException) -> str | None:
    """Say what to write where TLS was begun on a connection that begins in clear, None where it was not."""
    if server.mode == "ssl" and tls.speaks_none(error):
        return f"TLS failed: port {server.port} begins in clear: write mode=starttls, or port 465"
    return None
