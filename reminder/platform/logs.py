"""Logs for a daemon under journald, and for a person at a terminal.

A line is written straight to the descriptor, whole, and what cannot be written is given up: a full disk or a closed
pipe must not stop a reminder. Every line passes the `Scrubber` last, so that no secret gets out by a message, a value
or a traceback, ours or a library's.

Messages are constant texts and what varies stands in `extra={...}`: `log.info("sent", extra={"delivery": 12})`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from types import TracebackType
from typing import Final
from urllib.parse import quote, quote_plus

from reminder.core.model.secret import MASK, Secret
from reminder.platform.clock import utc_text

log: Final = logging.getLogger("reminder")

STDERR: Final = 2
SHORTEST: Final = 4  # a shorter text would be found everywhere, and each place where it is masked would tell it
QUIETED: Final = ("alembic", "apprise", "apscheduler", "requests", "sqlalchemy", "urllib3")


class Format(StrEnum):
    """The form of a line: to be read, or one JSON object."""

    PLAIN = "plain"
    JSON = "json"


class Scrubber:
    """Knows the secrets of this process and masks them in any text. Safe to share between threads."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._spellings: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._guard = threading.Lock()
        self.add(*secrets)

    def add(self, *secrets: Secret) -> None:
        """Mask these too from now on; what is shorter than four characters is left out."""
        found = [spelling for secret in secrets for spelling in _spellings(secret.reveal())]
        if not found:
            return
        with self._guard:
            self._spellings = self._spellings.union(found)
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def clean(self, text: str) -> str:
        """Return `text` with every known secret as `***`, also percent-encoded, escaped or in base64."""
        pattern = self._pattern
        return pattern.sub(MASK, text) if pattern else text


def _spellings(text: str) -> set[str]:
    """Return the ways in which libraries write a text out: in a URL, in JSON, in a traceback, in a header."""
    if len(text) < SHORTEST:
        return set()
    raw = text.encode(errors="surrogatepass")  # never fails, whatever the environment holds
    return {
        text,
        quote(raw),
        quote(raw, safe=""),
        quote_plus(raw),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        _escaped(text),
        base64.b64encode(raw).decode(),
    }


class PlainFormatter(logging.Formatter):
    """`2025-07-09T03:30:00Z info sent delivery=12 channel=phone`; under journald without the time, which it adds."""

    def __init__(self, *, dated: bool) -> None:
        super().__init__()
        self._dated = dated

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, and its traceback, if it has one, on those below."""
        values = (f"{key}={_shown(value)}" for key, value in _extra(record).items())
        words = [record.levelname.lower(), _escaped(_message(record)), *values]
        if self._dated:
            words.insert(0, utc_text(_at(record)))
        return "\n".join(part for part in (" ".join(words), _traceback(record)) if part)


class JsonFormatter(logging.Formatter):
    """One object a line: `at`, `level`, `logger`, `message`, then the keys of `extra`, then `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; an instant is written in UTC, and what JSON does not know as its text."""
        at = _at(record).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line["message"] = _message(record)
        line.update({key: value for key, value in _extra(record).items() if key not in line})
        if traceback := _traceback(record):
            line["traceback"] = traceback
        return json.dumps(line, default=_text, ensure_ascii=False)


class DescriptorHandler(logging.Handler):
    """Writes each record to a file descriptor, and never raises: logging must not stop what it tells of.

    There is no buffer, so nothing is left over that could fail when the process ends. Under journald each line
    begins with its priority, `<6>` (sd-daemon(3)).
    """

    def __init__(self, descriptor: int, scrubber: Scrubber, formatter: logging.Formatter, *, journal: bool) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._scrubber = scrubber
        self._journal = journal
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; what cannot be formatted or written is given up in silence."""
        with contextlib.suppress(Exception):
            text = self._scrubber.clean(self.format(record))
            if self._journal:
                prefix = f"<{_priority(record.levelno)}>"
                text = "\n".join(prefix + line for line in text.split("\n"))
            _write(self._descriptor, (text + "\n").encode(errors="backslashreplace"))


def make_handler(form: Format, scrubber: Scrubber, environ: Mapping[str, str]) -> DescriptorHandler:
    """Return the handler for standard error, as its reader likes it: journald, or a terminal or file."""
    journal = is_journal(environ, STDERR)
    formatter = JsonFormatter() if form is Format.JSON else PlainFormatter(dated=not journal)
    return DescriptorHandler(STDERR, scrubber, formatter, journal=journal)


def set_up(level: str, form: Format, scrubber: Scrubber, environ: Mapping[str, str] = os.environ) -> None:
    """Log to stderr from now on: ours from `level` (debug, info, warning, error) up, the libraries' from warning up.

    Warnings of Python and exceptions that nobody caught come the same way, scrubbed. Calling it again replaces what
    it set up before, as a reload does.
    """
    logging.basicConfig(level=logging.WARNING, handlers=[make_handler(form, scrubber, environ)], force=True)
    log.setLevel(level.upper())
    for name in QUIETED:
        # No lower than it stands: a reload must not wake a library that was silenced when it was loaded.
        quieted = logging.getLogger(name)
        quieted.setLevel(max(quieted.level, logging.WARNING))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def is_journal(environ: Mapping[str, str], descriptor: int) -> bool:
    """Tell whether a descriptor is the journal: `$JOURNAL_STREAM` holds its device and inode (systemd.exec(5))."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return False
    return environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("unhandled error", exc_info=(kind, error, traceback))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    thread = args.thread.name if args.thread else ""
    log.critical("thread died", exc_info=(args.exc_type, args.exc_value, args.exc_traceback), extra={"worker": thread})


_PRIORITIES: Final = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_NEEDS_QUOTES: Final = re.compile(r'[\s"=]')
_STANDARD: Final = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"})
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    code: f"\\u{code:04x}"
    for code in (0x061C, 0x2028, 0x2029, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def _priority(level: int) -> int:
    return next((priority for least, priority in _PRIORITIES if level >= least), 7)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in record.__dict__.items() if key not in _STANDARD}


def _message(record: logging.LogRecord) -> str:
    """Return the record's text; one whose arguments do not fit it is still worth its bare text."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _traceback(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    text = logging.Formatter().formatException(record.exc_info)
    return "\n".join(_escaped(line) for line in text.splitlines())


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _text(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return utc_text(value)
    return str(value)


def _shown(value: object) -> str:
    return _quoted(_text(value))


@lru_cache(maxsize=1024)  # the same names stand in line after line
def _quoted(text: str) -> str:
    text = _escaped(text)
    return json.dumps(text, ensure_ascii=False) if not text or _NEEDS_QUOTES.search(text) else text


def _escaped(text: str) -> str:
    """Return `text` without control and direction characters: a title cannot forge a line or turn a terminal about."""
    return text.translate(_CONTROLS)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
