"""The types of the config's single texts: how each is read, and how an editor's JSON Schema describes it."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from reminder.config import parsers, source_parsers, web_parsers
from reminder.config.parsers import ONLY_WORDS, TEMPLATED, Off, number, word_of
from reminder.config.values import LogFormat, LogLevel, Premieres, ServingProcess
from reminder.core.dates.local_time import QuietHours, meant_span, parse_time
from reminder.core.dates.parse import parse_when
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import When
from reminder.core.dates.zones import find_zone
from reminder.core.model.digest import WEEKDAYS, Digest
from reminder.core.model.drop import Drop
from reminder.core.model.entities import NOTICES, Follow, HourStyle, Kind, TitleKind
from reminder.core.model.lead import Lead
from reminder.core.model.source_options import parse_offset
from reminder.core.schedule.season import MAX_EPISODES, parse_drop, parse_episodes
from reminder.core.sourcing.answers import ReleaseKind
from reminder.core.wording import Wording
from reminder.texts.languages.known import KNOWN

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")  # PostgreSQL and UTF-8 hold neither
TEXT: Final[tuple[str, ...]] = ("string", "number", "boolean")  # what an editor may take a plain text for


@dataclass(frozen=True, eq=False)
class Text:
    """Makes a field of one text: `parse` reads it, `schema` describes it to editors.

    `of_list` says how a list that was written in its place is written as one text, None where it cannot tell. What is
    `hidden` may hold a secret and is never repeated; what is `free` may itself begin with [ or {.
    """

    parse: Callable[[str], object]
    schema: dict[str, Any]
    of_list: Callable[[list[str]], str | None] = lambda _: None
    hidden: bool = False
    free: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read the field with `parse` alone."""
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the field as it is written."""
        return dict(self.schema)

    def _read(self, value: object) -> object:
        if isinstance(value, str):
            return self.parse(_storable(value))
        if value is None:
            raise ValueError(Wording("nothing is written here"))
        kind = "list" if isinstance(value, list) else "mapping"
        raise ValueError(f"this is a {kind}, but one text belongs here: {self._instead(value)}")

    def _instead(self, value: object) -> str:
        """Say what to write for a list or a mapping: its one text, an example, or the text itself in quotes."""
        if isinstance(value, list) and not self.hidden and (one := _as_one(value, self.of_list)) is not None:
            return f"write {one}"
        if self.free:
            signs = "[" if isinstance(value, list) else '{ or holds ": "'
            return f"put a text that begins with {signs} in quotes"
        example = next(iter(self.schema.get("examples", self.schema.get("enum", ()))), None)
        return f"write one{f', as in {example}' if example is not None else ''}"


def _storable(text: str) -> str:
    if UNSTORABLE.search(text):
        raise ValueError(Wording("this holds a character that cannot be stored: remove it"))
    return text


def _as_one(value: list[object], of_list: Callable[[list[str]], str | None]) -> str | None:
    """Return how a list is written as one text: what the field knows of it, else its only text."""
    texts = [item for item in value if isinstance(item, str)]
    if len(texts) != len(value):
        return None
    return of_list(texts) or (texts[0] if len(texts) == 1 else None)


def _with_brackets(texts: list[str]) -> str:
    """Return both readings of `[REC]`: the brackets may belong to the text, as in the film of that name."""
    joined = ", ".join(texts)
    return f'"[{joined}]" in quotes if the brackets belong to it, else {joined}'


def _text(*types: str, **more: Any) -> dict[str, Any]:
    return {"type": list(types) if len(types) > 1 else types[0], **more}


class OneOrMore:
    """Lets one text stand for a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read a list, after one text became one."""
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe both forms."""
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


ONE_OR_MORE: Final = OneOrMore()

_WHEN: Final = [
    f"{EXAMPLE_YEAR}-07-09", f"July 9, {EXAMPLE_YEAR}", f"{EXAMPLE_YEAR}-07-09 20:00 America/Los_Angeles",
    f"July {EXAMPLE_YEAR}", f"Q3 {EXAMPLE_YEAR}", f"summer {EXAMPLE_YEAR}", f"{EXAMPLE_YEAR}", "TBA",
]  # fmt: skip
_LEADS: Final = ["30d", "2w", "7d", "1d", "day", "release", "12h", "45m", "+1d", "+2h"]
_AT: Final = r"^\d{1,2}:\d{2}$"
_SPAN: Final = r"^\d{1,2}:\d{2}\s*[-\u2013]\s*\d{1,2}:\d{2}$"


def _words(words: Iterable[enum.StrEnum]) -> dict[str, Any]:
    return {"enum": [str(word) for word in words]}


AddressField = Annotated[str, Text(parsers.parse_address, _text(*TEXT), hidden=True)]
AtField = Annotated[time, Text(parse_time, _text("string", pattern=_AT, examples=["09:00", "20:00"]))]
CalendarField = Annotated[
    str, Text(source_parsers.parse_calendar, _text("string", examples=["${SONARR_ICS}"]), hidden=True)
]
CalendarOnly = Annotated[Premieres, Text(word_of(Premieres), _words(Premieres))]
CancelledField = Annotated[bool, Text(parsers.parse_yes, _text("boolean"))]
ChannelUrl = Annotated[
    str,
    Text(
        parsers.parse_channel, _text("string", examples=["console://", "tgram://${TELEGRAM_TOKEN}/123456"]), hidden=True
    ),
]
CountryField = Annotated[
    str, Text(source_parsers.parse_country, _text("string", pattern="^[A-Za-z]{2}$", examples=["US"]))
]
CreditField = Annotated[bool, Text(parsers.parse_yes, _text("boolean"))]
LanguageField = Annotated[str, Text(parsers.parse_language, _text("string", enum=list(KNOWN)))]
ClockField = Annotated[HourStyle, Text(word_of(HourStyle), _words(HourStyle))]
Concurrency = Annotated[int, Text(number(1, 128), _text("integer", minimum=1, maximum=128))]
Burst = Annotated[int, Text(number(0, 1_000_000), _text("integer", minimum=0))]
DatabaseField = Annotated[
    str,
    Text(
        parsers.parse_database,
        _text("string", examples=["reminder.db", "postgresql://me:${DB_PASSWORD:quoted}@db/reminder"]),
        hidden=True,
    ),
]
DigestField = Annotated[
    Digest | Off, Text(parsers.parse_digest, {"enum": ["daily", *(f"weekly {day}" for day in WEEKDAYS), "none"]})
]
DropWord = Annotated[Drop, Text(parse_drop, _text("string", examples=["all", "weekly", "daily", "2 then weekly"]))]
Episodes = Annotated[int, Text(parse_episodes, _text("integer", minimum=1, maximum=MAX_EPISODES, examples=[10]))]
FollowField = Annotated[Follow, Text(word_of(Follow), _words(Follow))]
Grace = Annotated[
    timedelta, Text(parsers.parse_grace, _text("string", pattern=r"^\d+[smhdw]$", examples=["2d", "36h"]))
]
FormatField = Annotated[LogFormat, Text(word_of(LogFormat), _words(LogFormat))]
HeartbeatField = Annotated[
    int | Off, Text(parsers.parse_heartbeat, {"enum": [*(f"weekly {day}" for day in WEEKDAYS), "none"]})
]
KeepField = Annotated[
    timedelta, Text(parsers.parse_keep, _text("string", "integer", pattern=r"^(\d+[hdw]|0)$", examples=["400d", "0"]))
]
ListenField = Annotated[
    tuple[str, int], Text(parsers.parse_listen, _text("string", "integer", examples=["127.0.0.1:9464"]))
]
PageAddressField = Annotated[
    str, Text(web_parsers.parse_page_address, _text("string", examples=["https://reminder.example.org"]))
]
ContactField = Annotated[str, Text(web_parsers.parse_contact, _text("string", examples=["mailto:me@example.org"]))]
HostField = Annotated[str, Text(web_parsers.parse_host, _text("string", examples=["push.example.org"]))]
PeerField = Annotated[
    IPv4Network | IPv6Network, Text(web_parsers.parse_peer, _text("string", examples=["127.0.0.1", "172.18.0.0/16"]))
]
HeaderField = Annotated[str, Text(web_parsers.parse_header, _text("string", examples=["Remote-User"]))]
ProcessField = Annotated[ServingProcess, Text(word_of(ServingProcess), _words(ServingProcess))]
LevelField = Annotated[LogLevel, Text(word_of(LogLevel), _words(LogLevel))]
LeadField = Annotated[Lead, Text(Lead.parse, _text("string", examples=_LEADS))]
LinkField = Annotated[str, Text(parsers.parse_link, _text("string", pattern="^https?://"))]
NameField = Annotated[str, Text(parsers.parse_name, _text(*TEXT), free=True)]
NoteField = Annotated[str | None, Text(parsers.parse_note, _text(*TEXT), free=True)]
NoticeField = Annotated[Kind, Text(parsers.parse_notice, {"enum": [str(kind) for kind in Kind if kind in NOTICES]})]
OnlyField = Annotated[str, Text(parsers.parse_only, {"enum": list(ONLY_WORDS)})]
OffsetField = Annotated[timedelta, Text(parse_offset, _text("string", examples=["+3h", "-30m", "+1d"]))]
QuietField = Annotated[
    QuietHours | Off,
    Text(
        parsers.parse_quiet,
        _text("string", pattern=f"{_SPAN}|^none$", examples=["22:00-08:00"]),
        of_list=meant_span,
    ),
]
RateField = Annotated[float, Text(parsers.parse_rate, _text("number", minimum=0, examples=["30", "0.5", "0"]))]
ReleaseKindField = Annotated[
    ReleaseKind,
    Text(
        source_parsers.parse_release_kind,
        {"enum": [str(kind) for kind in ReleaseKind if kind is not ReleaseKind.EPISODE]},
    ),
]
SecretField = Annotated[
    str, Text(source_parsers.parse_secret, _text("string", examples=["${TMDB_TOKEN}"]), hidden=True)
]
EndpointField = Annotated[
    str,
    Text(
        source_parsers.parse_endpoint,
        _text("string", examples=["http://127.0.0.1:11434/v1", "${READER_URL}"]),
        hidden=True,
    ),
]
SiteField = Annotated[str, Text(source_parsers.parse_site, _text("string", pattern="^https?://"))]
SourceField = Annotated[
    str,
    Text(
        source_parsers.parse_source,
        _text("string", examples=["tvmaze:44933", "tmdb:movie/603", "tmdb:tv/1399", "none"]),
    ),
]
SchemeField = Annotated[str, Text(parsers.parse_scheme, _text("string"))]
SeasonField = Annotated[int, Text(parsers.parse_season, _text("integer", minimum=0, maximum=9999, examples=[3]))]
TemplateField = Annotated[str, Text(parsers.parse_template, _text(*TEXT), free=True)]
TemplateKind = Annotated[Kind, Text(word_of(TEMPLATED), _words(TEMPLATED))]
TextField = Annotated[str, Text(parsers.parse_text, _text(*TEXT), of_list=_with_brackets, free=True)]
Timeout = Annotated[timedelta, Text(parsers.parse_timeout, _text("string", pattern=r"^\d+[smh]$", examples=["30s"]))]
TitleKindField = Annotated[TitleKind, Text(word_of(TitleKind), _words(TitleKind))]
WhenField = Annotated[When, Text(parse_when, _text("string", "integer", examples=_WHEN))]
ZoneField = Annotated[ZoneInfo, Text(find_zone, _text("string", examples=["Asia/Kolkata", "America/New_York", "UTC"]))]
