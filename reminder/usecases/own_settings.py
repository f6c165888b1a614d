"""How somebody is told, chosen by themselves: read from a form, with all that is wrong in it at once (SPEC 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from sqlalchemy import Connection

from reminder.config.parsers import Off, parse_digest, parse_notice, parse_quiet, word_of
from reminder.core.dates.local_time import parse_time, show_time
from reminder.core.dates.zones import find_zone
from reminder.core.model.entities import NOTICES, HourStyle, Role, Subscriber
from reminder.core.model.lead import Ladder
from reminder.core.wording import Wording, enumerated, wording_of
from reminder.store import own
from reminder.store.people import CONFIG, IMPORT, WEB
from reminder.texts.languages.known import KNOWN

__all__ = ["CONFIG", "IMPORT", "WEB"]

LANGUAGES: Final[Mapping[str, str]] = {each.code: each.name for each in KNOWN.values()}
"""The languages that can be chosen, each by the name that it has for itself."""

_CONTINENTS: Final = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)
LEADS: Final = tuple(str(role) for role in Role)
LONGEST: Final = 200


@dataclass(frozen=True, kw_only=True)
class SettingsForm:
    """Settings as somebody wrote them, by the name of the field; what they mean, and what is wrong with them."""

    said: Mapping[str, str]
    notices: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def origin_of(tx: Connection, person: str) -> str | None:
    """Return who lists somebody: the config, an import, or they themselves; None for nobody."""
    return own.origin_of(tx, person)


@cache
def zones() -> tuple[str, ...]:
    """Return the zones that are offered: those with a place in their name."""
    return tuple(sorted(zone for zone in available_timezones() if zone.partition("/")[0] in _CONTINENTS))


def shown(person: Subscriber) -> SettingsForm:
    """Return how somebody is told, as a form has it."""
    leads = {role: ", ".join(map(str, person.remind.of(Role(role)))) for role in LEADS}
    said = {
        "timezone": person.zone.key,
        "at": show_time(person.at),
        "quiet_hours": str(person.quiet) if person.quiet else "",
        **leads,
        "digest": str(person.digest) if person.digest else "none",
        "clock": str(person.hour_style),
        "language": person.language,
    }
    return SettingsForm(said=said, notices=frozenset(str(kind) for kind in person.notices & NOTICES))


_PARSERS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "timezone": ("zone", find_zone),
    "at": ("at", parse_time),
    "quiet_hours": ("quiet", lambda text: _or_none(parse_quiet(text or "none"))),
    "digest": ("digest", lambda text: _or_none(parse_digest(text or "none"))),
    "clock": ("hour_style", word_of(HourStyle)),
    "language": ("language", lambda text: _language(text)),
}


def read_settings(
    person: Subscriber, said: Mapping[str, str], notices: Sequence[str] | None = None, *, fields: Sequence[str] = ()
) -> SettingsForm:
    """Read what somebody wrote, who is `person` so far; all that is wrong is found at once, and nothing is changed.

    `notices` are those that they ticked, None where that was not asked; `fields` what was asked beside.
    """
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    said = {name: said.get(name, "").strip()[:LONGEST] for name in fields}
    for name in _PARSERS.keys() & set(fields):
        key, parse = _PARSERS[name]
        _note(problems, found, name, key, parse, said[name])
    if set(LEADS) & set(fields):
        _note_leads(problems, found, person, said)
    if notices is not None:
        _note(problems, found, "notices", "notices", lambda _: frozenset(map(parse_notice, notices)), "")
    if not problems:
        problems |= _asleep(replace(person, **found), "at" if "at" in fields else "quiet_hours")
    changed = {name: value for name, value in found.items() if value != getattr(person, name)}
    return SettingsForm(said=said, notices=frozenset(notices or ()), values=changed, problems=problems)


def _asleep(person: Subscriber, name: str) -> dict[str, str]:
    if not person.quiet or not person.quiet.contains(person.at):
        return {}
    at, quiet = show_time(person.at), str(person.quiet)
    text = Wording(
        "The sending hour %(at)s lies inside the quiet hours %(quiet)s: move one of them.", at=at, quiet=quiet
    )
    return {name: text}


def _note(
    problems: dict[str, str], found: dict[str, Any], name: str, key: str, parse: Callable[[str], Any], text: str
) -> None:
    try:
        found[key] = parse(text)
    except ValueError as error:
        problems[name] = wording_of(error)


def _note_leads(problems: dict[str, str], found: dict[str, Any], person: Subscriber, said: Mapping[str, str]) -> None:
    written: dict[str, list[str]] = {}
    for role in LEADS:
        words = said[role].replace(",", " ").replace(";", " ").split()
        leads = [] if [word.lower() for word in words] == ["none"] else words
        try:
            Ladder.parse({role: leads})
        except ValueError as error:
            problems[role] = wording_of(error)
        written[role] = leads
    if not set(problems) & set(LEADS):
        _note(problems, found, LEADS[0], "remind", lambda _: Ladder.parse(written).over(person.remind), "")


def _or_none(found: Any) -> Any:
    return None if isinstance(found, Off) else found


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(
            Wording(
                '"%(text)s" is not a language that there is here: write one of %(languages)s',
                text=text,
                languages=enumerated(LANGUAGES),
            )
        )
    return text


def choose(tx: Connection, person: Subscriber, form: SettingsForm, now: datetime) -> None:
    """Let somebody be told as they have chosen, from `now` on; what they did not touch stays as it is listed."""
    if form.values:
        own.change_own(tx, person.name, lambda kept: kept.choosing(person, form.values, now), now)
