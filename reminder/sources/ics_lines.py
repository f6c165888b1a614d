"""The lines of a calendar file (RFC 5545, 3.1 and 3.4): decoded, unfolded, and put together into its parts.

What is not read is dropped as a line, before anything looks into it, so that it needs no bound of its own; everything
here takes time linear in the file. A library is not asked: none reads a file of which one part is bad, and what they
take for an event is a hundred times what this takes.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.sources.source import storable

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_EVENTS: Final = 20_000
MAX_DEPTH: Final = 20
MAX_TEXT: Final = 1_000
"""So many letters of a text are read: nothing longer is the name of anything."""

MAX_HEAD: Final = 1_000
MAX_LINES: Final = 2_000
"""So many lines of one name are kept of one part: days that are left out or added."""

_LINE: Final = re.compile(rb"[^\r\n]+")
_NAME: Final = re.compile(rb"\s*([A-Za-z0-9-]{1,60})\s*(?=[:;])")
_DATE: Final = re.compile(r":(?=\s*\d{4}-?\d{2}-?\d{2})", re.ASCII)
_PARAMETER: Final = re.compile(r';\s{0,9}([A-Za-z0-9-]{1,30})\s{0,9}=\s{0,9}("[^"]*"|[^;"]*)')
_ESCAPED: Final = re.compile(r"\\([\\;,:nN\"])")

_DATES: Final = frozenset({"DTSTART", "RECURRENCE-ID", "EXDATE", "RDATE"})
_READ: Final = frozenset(
    {"UID", "SUMMARY", "STATUS", "SEQUENCE", "CATEGORIES", "LAST-MODIFIED", "DTSTAMP", "RRULE", "EXRULE"}
    | {"TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-WR-TIMEZONE", "METHOD"}
    | _DATES
)
_PARTS: Final = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})


class NoCalendar(Exception):
    """The file is no calendar, or one that is made to be costly; the text says why."""


@dataclass(frozen=True, kw_only=True)
class IcsProperty:
    """A property: its parameters by upper-case name, and its value as it stands."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def text(self, most: int = MAX_TEXT) -> str:
        """Return the value as a text: encodings of old undone, escapes resolved, spaces joined."""
        said = _decoded(self) if "ENCODING" in self.parameters else self.value[: 2 * most]
        return " ".join(_ESCAPED.sub(_meant, said).split())[:most]


@dataclass(kw_only=True)
class IcsComponent:
    """A part of a file, such as an event: its lines by name, and the parts in it."""

    name: str
    lines: defaultdict[str, list[IcsProperty]] = field(default_factory=lambda: defaultdict(list))
    parts: list[IcsComponent] = field(default_factory=list)

    def first(self, name: str) -> IcsProperty | None:
        """Return a property, of several the first: each of these may stand once only (RFC 5545, 3.6.1)."""
        return self.lines[name][0] if name in self.lines else None

    def text(self, name: str) -> str:
        """Return what a property says as a text, nothing where there is none."""
        line = self.first(name)
        return line.text() if line else ""


@dataclass(kw_only=True)
class File:
    """The calendars in a file, how many events it has, and how many of these end in the middle."""

    calendars: list[IcsComponent] = field(default_factory=list)
    events: int = 0
    cut: int = 0


def read_file(body: bytes) -> File:
    """Given a calendar file, return its parts. Raises NoCalendar."""
    if len(body) > MAX_BYTES:
        raise NoCalendar(f"the calendar is larger than {MAX_BYTES // 1024 // 1024} MiB")
    found, stack = File(), list[IcsComponent]()
    for raw in _unfolded(_in_bytes(body)):
        if not found.calendars and not _begins(raw, b"VCALENDAR"):
            raise NoCalendar("it is no calendar")
        word = _word(raw)
        if word == "BEGIN":
            _open(IcsComponent(name=_value(raw).upper()), stack, found)
        elif word == "END":
            found.cut += _close(_value(raw).upper(), stack)
        elif stack and word in _READ and stack[-1].name in _PARTS:
            _keep(stack[-1], word, raw)
    if not found.calendars:
        raise NoCalendar("it is no calendar")
    found.cut += sum(part.name == "VEVENT" for part in stack)
    return found


def _word(raw: bytes) -> str:
    named = _NAME.match(raw)
    return named[1].decode("ascii").upper() if named else ""


def _open(part: IcsComponent, stack: list[IcsComponent], found: File) -> None:
    """Begin a part. An event that has not ended when the next begins is left where it is. Raises NoCalendar."""
    if part.name == "VCALENDAR":
        found.cut += sum(item.name == "VEVENT" for item in stack)
        stack.clear()
        found.calendars.append(part)
    elif part.name == "VEVENT":
        while stack and stack[-1].name != "VCALENDAR":
            found.cut += stack.pop().name == "VEVENT"
        found.events += 1
    stack.append(part)
    if found.events > MAX_EVENTS:
        raise NoCalendar(f"the calendar has more than {MAX_EVENTS} events")
    if len(stack) > MAX_DEPTH:
        raise NoCalendar("it is too deep")


def _close(name: str, stack: list[IcsComponent]) -> int:
    """End a part, and hand it to the one around it; return how many events were cut off by that."""
    if name not in [part.name for part in stack]:
        return 0
    cut = 0
    while (part := stack.pop()).name != name:
        cut += part.name == "VEVENT"
    if stack and name in _PARTS:
        stack[-1].parts.append(part)
    return cut


def _keep(part: IcsComponent, word: str, raw: bytes) -> None:
    if len(part.lines[word]) >= (MAX_LINES if word in _DATES else 20):
        return
    line = _line(word, storable(_text(raw)))
    if line:
        part.lines[word].append(line)


def _begins(raw: bytes, name: bytes) -> bool:
    return b"".join(raw.split()).upper() == b"BEGIN:" + name


def _value(raw: bytes) -> str:
    return _text(raw[:200]).partition(":")[2].strip()


# Lines ---------------------------------------------------------------------------------------------------------------


def _in_bytes(body: bytes) -> bytes:
    """Return a file as bytes in which a letter of ASCII is one byte: UTF-16 is known by its mark or its zeros."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    if body[:4] in {b"B\0E\0", b"\0B\0E"}:
        return body.decode("utf-16-le" if body[0] else "utf-16-be", "replace").encode("utf-8", "replace")
    return body.removeprefix(b"\xef\xbb\xbf")


def _unfolded(body: bytes) -> Iterator[bytes]:
    """Yield the lines of a file, folded ones joined: a letter of several bytes may have been folded in the middle."""
    joined: list[bytes] = []
    for found in _LINE.finditer(body):
        line = found[0]
        if joined and line[:1] in {b" ", b"\t"}:
            joined.append(line[1:])
        elif joined and _is_soft(joined):
            joined[-1] = joined[-1][:-1]
            joined.append(line)
        else:
            if joined:
                yield b"".join(joined)
            joined = [line] if line.strip() else []
    if joined:
        yield b"".join(joined)


def _is_soft(joined: list[bytes]) -> bool:
    """Tell whether a line goes on in the next as quoted-printable text does (vCalendar 1.0)."""
    return joined[-1].endswith(b"=") and b"QUOTED-PRINTABLE" in joined[0][:MAX_HEAD].upper()


def _text(raw: bytes) -> str:
    """Return a line as text: a letter that is not UTF-8 is one of Windows' Latin letters."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _line(word: str, text: str) -> IcsProperty | None:
    """Return a property; the value of a date begins where a date begins, whatever signs a zone's name has."""
    at = _date_at(text) if word in _DATES else _value_at(text)
    if at < 0:
        return None
    head = text[: min(at, MAX_HEAD)]
    parameters = {name.upper(): value.strip('"').strip() for name, value in _PARAMETER.findall(head)}
    return IcsProperty(value=text[at + 1 :].strip(), parameters=parameters)


def _date_at(text: str) -> int:
    found = _DATE.search(text[: 4 * MAX_HEAD])
    return found.start() if found else _value_at(text)


def _value_at(text: str) -> int:
    """Return where the colon before a value stands: the first that is not within quotes; -1 without one."""
    head = text[:MAX_HEAD]
    colon = quote = -1
    place = 0
    while True:
        colon = head.find(":", place) if colon < place else colon
        quote = head.find('"', place)
        if colon < 0 or quote < 0 or colon < quote:
            return colon
        end = head.find('"', quote + 1)
        if end < 0:
            return colon
        place = end + 1


def _decoded(line: IcsProperty) -> str:
    """Return a text out of the encodings of vCalendar 1.0 and of careless programs; one that is none stays."""
    said, encoding = line.value[: 12 * MAX_TEXT].encode("utf-8", "replace"), line.parameters["ENCODING"].upper()
    try:
        if encoding in {"QUOTED-PRINTABLE", "Q"}:
            said = quopri.decodestring(said)
        elif encoding in {"BASE64", "B"}:
            said = base64.b64decode(said[: len(said) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return line.value
    return storable(_in_charset(said, line.parameters.get("CHARSET", "utf-8")))


def _in_charset(said: bytes, charset: str) -> str:
    try:
        return said.decode(charset)
    except (LookupError, ValueError):
        return _text(said)


def _meant(found: re.Match[str]) -> str:
    return " " if found[1] in "nN" else found[1]
