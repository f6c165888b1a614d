"""The rows of a file of subscribers, each read against the config, with every problem in it.

The channels, and what a row leaves out, are the config's. Settings repeat over a million rows: each combination of
texts is read once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Final

from reminder.config.build import hours_of
from reminder.config.names import did_you_mean
from reminder.config.parsers import (
    Off,
    parse_address,
    parse_digest,
    parse_language,
    parse_name,
    parse_notice,
    parse_quiet,
    word_of,
)
from reminder.config.people_file import SETTINGS, Values, split_titles
from reminder.config.values import Config
from reminder.core.dates.local_time import parse_time, show_time
from reminder.core.dates.zones import find_zone
from reminder.core.model.entities import Channel, ChannelUse, HourStyle, Subscriber, title_key
from reminder.core.model.lead import Ladder
from reminder.core.model.names import Index

ALL: Final = "*"
_TEXTS: Final = frozenset({str, type(None)})
NONE: Final = "none"


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


# One row -------------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Titles:
    """The titles that can be followed, by what one may call them: text, text and season, key."""

    keys: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    names: Sequence[str]

    def find(self, said: str) -> tuple[str, ...]:
        """Return the keys of the titles of this name. Raises ValueError."""
        if said == ALL:
            return self.keys
        found = self.words.get(said) or self.words.get(title_key(said, None)) or self._spelt(said)
        if not found:
            hint = did_you_mean(said, self.names) if len(self.names) < MANY else "`reminder list` names them"
            raise ValueError(f'no title is called "{said}": {hint}')
        return found

    def _spelt(self, said: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for keys in self._names.find(said) for key in keys))

    @cached_property
    def _names(self) -> Index[tuple[str, ...]]:
        return Index.of(self.words.items())


MANY: Final = 200
"""With more titles than this, an error does not list them."""


Judge = Callable[[Channel, str], str | None]
"""Says what is wrong with an address on a channel, None for nothing."""


@dataclass(kw_only=True)
class RowReader:
    """Reads the fields of rows against one config and the titles that there are."""

    config: Config
    titles: Titles
    judge: Judge | None = None
    listed: frozenset[str] = field(init=False)
    _settings: dict[tuple[str, ...], Subscriber | tuple[str, ...]] = field(default_factory=dict)
    _as_written: dict[tuple[Any, ...], Subscriber | tuple[str, ...]] = field(default_factory=dict)
    _channels: dict[str, Channel] = field(default_factory=dict)
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
        channel = self._channels.get(said) or self._channels.setdefault(said, self._channel(said))
        if not channel.is_shared and address:
            raise ValueError(
                f'"{channel.name}" has its own address: leave `address` empty, or write {{address}} in its URL'
            )
        if channel.is_shared and not address:
            raise ValueError(f'"{channel.name}" needs an address: write it under `address`')
        found = parse_address(address) if address else None
        wrong = self.judge(channel, found) if found and self.judge else None
        if wrong:
            raise ValueError(f'"{channel.name}" cannot send to "{found}": {wrong}')
        return ChannelUse(name=channel.name, only=channel.only, address=found, mark=channel.fingerprint)

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
        written = tuple(map(values.get, SETTINGS))
        if not set(map(type, written)) <= _TEXTS:
            return self._as_said(values)
        known = self._as_written.get(written)
        if known is None:
            known = self._as_written[written] = self._as_said(values)
        return known

    def _as_said(self, values: Values) -> Subscriber | tuple[str, ...]:
        """Return the settings of a row: one value for all spellings that say the same, a blank field and none alike."""
        said = tuple(_as_text(values.get(name)) for name in SETTINGS)
        if said not in self._settings:
            self._settings[said] = self._read(values)
        return self._settings[said]

    def _read(self, values: Values) -> Subscriber | tuple[str, ...]:
        problems: list[str] = []
        found = {}
        for name, (key, parse) in _PARSERS.items():
            if _is_said(values.get(name)):
                found[key] = _noted(problems, name, partial(parse, values[name]))
        if problems:
            return tuple(problems)
        if "remind" in found:
            found["remind"] = found["remind"].over(self.config.anyone.remind)
        if "language" in found and not self.config.is_clock_written:
            found = {"hour_style": hours_of(found["language"], self.config.hours_by_locale), **found}
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
    "language": ("language", lambda value: parse_language(_plain(value))),
    "clock": ("hour_style", lambda value: word_of(HourStyle)(_plain(value))),
}


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
