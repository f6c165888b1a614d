"""Files of subscribers, a row or a line each: read, and every problem in them reported by its line.

The channels, and what a row leaves out, are the config's. Settings repeat over a million rows: each combination of
texts is read once.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from reminder.config.names import did_you_mean
from reminder.config.parsers import Off, parse_address, parse_digest, parse_name, parse_notice, parse_quiet, word_of
from reminder.config.values import Config
from reminder.core.hours import parse_time, show_time
from reminder.core.lead import Ladder
from reminder.core.model import Channel, ChannelUse, HourStyle, Subscriber, title_key
from reminder.core.zones import find_zone
from reminder.errors import WrongInput

WHO: Final = ("subscriber", "channel", "address", "titles")
SETTINGS: Final = ("timezone", "at", "quiet_hours", "remind", "notices", "digest", "clock")
FIELDS: Final = (*WHO, *SETTINGS)
ALL: Final = "*"
NONE: Final = "none"
LONGEST_LINE: Final = 1024 * 1024

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One subscriber of a file. `settings` is shared by all who say the same; `titles` are keys."""

    line: int
    name: str
    settings: Subscriber
    use: ChannelUse
    titles: tuple[str, ...]

    @property
    def mark(self) -> int:
        """Return what tells settings and channel from those of another row, within one run."""
        return hash((id(self.settings), self.use.name, self.use.address))


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A line that cannot be used, with everything that is wrong in it."""

    line: int
    problems: tuple[str, ...]


@dataclass(kw_only=True)
class PeopleFile:
    """A file of subscribers; `read` counts the bytes read so far, `digest` is known at its end."""

    path: Path
    read: int = 0
    digest: str = ""

    def values(self) -> Iterator[tuple[int, Values | str]]:
        """Yield each row's line and its fields by name, or what is wrong with the line. Raises WrongInput."""
        lines = self._lines()
        first = next(lines, "")
        yield from _json_rows(first, lines) if first.lstrip().startswith("{") else _csv_rows(self.path, first, lines)

    def _lines(self) -> Iterator[str]:
        digest, self.read = hashlib.sha256(), 0
        try:
            with self.path.open("rb") as opened:
                for number, raw in enumerate(opened, 1):
                    digest.update(raw)
                    self.read += len(raw)
                    yield _text(self.path, number, raw)
        except OSError as error:
            raise WrongInput(f"{self.path} cannot be read: {error.strerror}") from None
        self.digest = digest.hexdigest()


def _text(path: Path, number: int, raw: bytes) -> str:
    if len(raw) > LONGEST_LINE:
        raise WrongInput(f"{path}:{number}: this line is longer than {LONGEST_LINE // 1024} KiB: that is no subscriber")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise WrongInput(f"{path}:{number}: this is not UTF-8 text: save the file as UTF-8") from None


def holds_people(path: Path) -> bool:
    """Tell whether a file is one of subscribers: by its first line, whatever it is called."""
    try:
        with path.open("rb") as opened:
            first = opened.readline(LONGEST_LINE).decode("utf-8-sig", "replace")
    except OSError:
        return False
    if first.lstrip().startswith("{"):
        try:
            found = json.loads(first)
        except (ValueError, RecursionError):
            return False
        return isinstance(found, dict) and "subscriber" in found
    return "subscriber" in {cell.strip().lower() for cell in next(csv.reader([first], delimiter=_delimiter(first)), [])}


# The two forms ---------------------------------------------------------------------------------------------------------


def _delimiter(header: str) -> str:
    return next((mark for mark in (",", "\t", ";") if mark in header), ",")


def _csv_rows(path: Path, header: str, lines: Iterator[str]) -> Iterator[tuple[int, Values | str]]:
    delimiter = _delimiter(header)
    names = [cell.strip().lower() for cell in next(csv.reader([header], delimiter=delimiter), [])]
    problems = [
        f"{path}:1: unknown column {name!r}, {did_you_mean(name, FIELDS)}" for name in names if name not in FIELDS
    ]
    problems += [f"{path}:1: the column {name!r} stands twice" for name in {n for n in names if names.count(n) > 1}]
    problems += [
        f"{path}:1: the column {name!r} is missing: add it" for name in ("subscriber", "titles") if name not in names
    ]
    if problems:
        raise WrongInput(*problems)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"this is no line of CSV ({error}): put a text with quotes or commas in it in quotes"
            continue
        if len(cells) > len(names):
            yield (
                line,
                f"there are {len(cells)} fields, and {len(names)} columns: put a text with {delimiter} in it in quotes",
            )
        elif any(cells):
            yield line, dict(zip(names, cells, strict=False))


def _json_rows(first: str, lines: Iterator[str]) -> Iterator[tuple[int, Values | str]]:
    number, text = 1, first
    while text:
        if text.strip():
            yield number, _json_row(text)
        number, text = number + 1, next(lines, "")


def _json_row(text: str) -> Values | str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"this line is not JSON: {error}"
    if not isinstance(found, dict):
        return 'a line holds one subscriber: write {"subscriber": …, "titles": […]}'
    unknown = [f"unknown key {name!r}, {did_you_mean(name, FIELDS)}" for name in found if name not in FIELDS]
    return "; ".join(unknown) or {name: value for name, value in found.items() if value is not None}


# One row ---------------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Titles:
    """The titles that can be followed, by what one may call them: text, text and season, key."""

    keys: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    names: Sequence[str]

    def find(self, said: str) -> tuple[str, ...]:
        """Return the keys of the titles called so. Raises ValueError."""
        if said == ALL:
            return self.keys
        found = self.words.get(said) or self.words.get(title_key(said, None))
        if not found:
            hint = did_you_mean(said, self.names) if len(self.names) < MANY else "`reminder list` names them"
            raise ValueError(f'no title is called "{said}": {hint}')
        return found


MANY: Final = 200
"""So many titles are no longer listed in an error."""


@dataclass(kw_only=True)
class Reader:
    """Reads the fields of rows against one config and the titles that there are."""

    config: Config
    titles: Titles
    listed: frozenset[str] = field(init=False)
    _settings: dict[tuple[str, ...], Subscriber | tuple[str, ...]] = field(default_factory=dict)
    _titles: dict[str, tuple[str, ...] | ValueError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.listed = frozenset(person.name for person in self.config.subscribers)

    def row(self, line: int, values: Values | str) -> PersonRow | BadRow:
        """Return a row as it can be used, or everything that is wrong with it."""
        if isinstance(values, str):
            return BadRow(line=line, problems=(values,))
        problems: list[str] = []
        settings = self._shared(values)
        if isinstance(settings, tuple):
            problems += settings
        name = _noted(problems, "subscriber", lambda: self._name(_one(values, "subscriber")))
        use = _noted(problems, "channel", lambda: self._use(values))
        titles = _noted(problems, "titles", lambda: self._keys(values.get("titles", "")))
        if problems or name is None or use is None or titles is None or isinstance(settings, tuple):
            return BadRow(line=line, problems=tuple(problems))
        return PersonRow(line=line, name=name, settings=settings, use=use, titles=titles)

    def _name(self, said: str) -> str:
        name = parse_name(said)
        if name in self.listed:
            line, _ = self.config.lines.get(f"subscribers.{name}", (1, 1))
            raise ValueError(
                f'"{name}" is listed in {self.config.file}:{line}: change them there, or write another name'
            )
        return name

    def _use(self, values: Values) -> ChannelUse:
        said, address = _one(values, "channel").strip(), _one(values, "address").strip()
        channel = self._channel(said)
        if not channel.is_shared and address:
            raise ValueError(
                f'"{channel.name}" has its own address: leave `address` empty, or write {{address}} in its URL'
            )
        if channel.is_shared and not address:
            raise ValueError(f'"{channel.name}" needs an address: write it under `address`')
        return ChannelUse(name=channel.name, only=channel.only, address=parse_address(address) if address else None)

    def _channel(self, said: str) -> Channel:
        channels = self.config.channels
        shared = [channel for channel in channels.values() if channel.is_shared]
        if not said and len(shared) == 1:
            return shared[0]
        if said in channels:
            return channels[said]
        if not said:
            raise ValueError(f"write one of {', '.join(channels)}" if channels else "the config has no channel")
        raise ValueError(f'there is no channel "{said}": {did_you_mean(said, channels)}')

    def _keys(self, said: object) -> tuple[str, ...]:
        words = [_plain(item) for item in said] if isinstance(said, list) else split_titles(_plain(said))
        if not words:
            raise ValueError("nothing is written: name the titles, with ; between them, or write * for all")
        return tuple(dict.fromkeys(key for word in words for key in self._found(word)))

    def _found(self, word: str) -> tuple[str, ...]:
        if word not in self._titles:
            try:
                self._titles[word] = self.titles.find(word)
            except ValueError as error:
                self._titles[word] = error
        found = self._titles[word]
        if isinstance(found, ValueError):
            raise ValueError(str(found))
        return found

    def _shared(self, values: Values) -> Subscriber | tuple[str, ...]:
        """Return the settings of a row, or what is wrong with them: read once for all rows that say the same."""
        said = tuple(_as_text(values.get(name)) for name in SETTINGS)
        if said not in self._settings:
            self._settings[said] = self._read(values)
        return self._settings[said]

    def _read(self, values: Values) -> Subscriber | tuple[str, ...]:
        problems: list[str] = []
        found = {}
        for name, (key, parse) in _PARSERS.items():
            if _is_said(values.get(name)):
                found[key] = _noted(problems, name, lambda parse=parse, name=name: parse(values[name]))  # type: ignore[misc]
        if problems:
            return tuple(problems)
        if "remind" in found:
            found["remind"] = found["remind"].over(self.config.anyone.remind)
        person = replace(self.config.anyone, **found)
        if person.quiet and person.quiet.contains(person.at):
            return (f"at: the sending hour {show_time(person.at)} lies inside the quiet hours {person.quiet}",)
        return person


def _noted(problems: list[str], name: str, parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except ValueError as error:
        problems.append(f"{name}: {error}")
        return None


def _is_said(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, sort_keys=True)


def _plain(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("one text stands here")
    return str(value)


def _one(values: Values, name: str) -> str:
    return _plain(values.get(name, ""))


def _words(value: object) -> list[str]:
    """Return a list of words: written as one, or with commas, semicolons or spaces between them; `none` for no word."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    words = _plain(value).replace(";", " ").replace(",", " ").split()
    return [] if [word.lower() for word in words] == [NONE] else words


def _ladder(value: object) -> Ladder:
    if isinstance(value, dict):
        return Ladder.parse({str(kind): _words(leads) for kind, leads in value.items()})
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return _ladder(json.loads(value))
    return Ladder.parse(_words(value))


def _or_none(found: Any) -> Any:
    return None if isinstance(found, Off) else found


_PARSERS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "timezone": ("zone", lambda value: find_zone(_plain(value))),
    "at": ("at", lambda value: parse_time(_plain(value))),
    "quiet_hours": ("quiet", lambda value: _or_none(parse_quiet(_plain(value)))),
    "remind": ("remind", _ladder),
    "notices": ("notices", lambda value: frozenset(parse_notice(word) for word in _words(value))),
    "digest": ("digest", lambda value: _or_none(parse_digest(_plain(value)))),
    "clock": ("hour_style", lambda value: word_of(HourStyle)(_plain(value))),
}


def split_titles(text: str) -> list[str]:
    r"""Return the titles of one field: separated by `;`, where `\;` is a sign in a title."""
    parts = text.replace("\\;", "\0").split(";")
    return [word for part in parts if (word := " ".join(part.replace("\0", ";").split()))]


def join_titles(titles: Iterable[str]) -> str:
    """Return titles as one field; `split_titles` reads it back."""
    return ";".join(title.replace(";", "\\;") for title in titles)


def titles_of(listed: Iterable[tuple[str, str, int | None]]) -> Titles:
    """Return what titles may be called, given key, text and season of each."""
    words: dict[str, dict[str, None]] = {}
    names: dict[str, None] = {}
    keys: list[str] = []
    for key, name, season in listed:
        keys.append(key)
        names[name] = None
        for word in (key, title_key(name, None), title_key(name, season)):
            words.setdefault(word, {})[key] = None
    return Titles(keys=tuple(keys), words={word: tuple(found) for word, found in words.items()}, names=tuple(names))
