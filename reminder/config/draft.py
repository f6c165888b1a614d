"""A config part by part: each is validated by itself, so that one mistake hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from reminder.config.names import nearest
from reminder.config.parsers import parse_name
from reminder.config.report import LIST, NAMES, Report
from reminder.config.schema.people import ChannelSpec, SubscriberSpec
from reminder.config.schema.spec import Spec
from reminder.config.schema.titles import EntrySpec
from reminder.config.schema.whole import TopSpec, keys_at
from reminder.config.yaml.nodes import Loc, Scalar, find
from reminder.core.dates.parse import NoZone, parse_when
from reminder.core.dates.when import WhenError

SECTIONS: Final = ("channels", "subscribers", "watch")
ME: Final = "me"
GROUP: Final = "titles"
UNKNOWN: Final = "unknown://"
"""What stands for the URL of a channel that has none that can be used."""

S = TypeVar("S", bound=Spec)
S_co = TypeVar("S_co", bound=Spec, covariant=True)


@dataclass(frozen=True, kw_only=True)
class DraftPart(Generic[S_co]):
    """A validated mapping and where it stands; `bad` are its keys that could not be used and are left out."""

    loc: Loc
    spec: S_co
    bad: frozenset[str | int] = frozenset()


@dataclass(kw_only=True)
class Draft:
    """The config as it was written, as far as it could be used."""

    top: DraftPart[TopSpec]
    channels: dict[str, DraftPart[ChannelSpec]] = field(default_factory=dict)
    subscribers: dict[str, DraftPart[SubscriberSpec]] = field(default_factory=dict)
    watch: list[DraftPart[EntrySpec]] = field(default_factory=list)
    bad: frozenset[str] = frozenset()  # sections that could not be read, or whose key is misspelt

    def people(self) -> dict[str, SubscriberSpec]:
        """Return who is told, in the order of the file; without `subscribers:` it is `me`."""
        return {name: part.spec for name, part in self.subscribers.items()} or {ME: SubscriberSpec()}


def draft(plain: Mapping[str, Any], report: Report) -> Draft:
    """Given the plain values of a config, return what can be used of it; the rest goes into the report."""
    top = {key: value for key, value in plain.items() if key not in SECTIONS}
    made = Draft(top=_read(TopSpec, top, (), report))
    unread = {section for section in SECTIONS if not _is_readable(plain, section, report)}
    meant = {nearest(str(key), SECTIONS) or "" for key in made.top.bad}
    made.bad = frozenset(unread | meant)
    for name, value in _names(plain, "channels", report):
        made.channels[name] = _channel(name, value, report)
    for name, value in _names(plain, "subscribers", report):
        made.subscribers[name] = _read(SubscriberSpec, {} if value is None else value, ("subscribers", name), report)
    made.watch = list(_watch(plain.get("watch"), report))
    return made


def _watch(written: object, report: Report) -> Iterator[DraftPart[EntrySpec]]:
    for number, value in enumerate(written if isinstance(written, list) else ()):
        yield from _entries(number, value, report)


def _read(
    model: type[S], written: object, loc: Loc, report: Report, instead: Mapping[str, object] | None = None
) -> DraftPart[S]:
    """Validate one mapping; where it fails, take it without the keys that are wrong, and with what stands `instead`."""
    try:
        return DraftPart(loc=loc, spec=model.model_validate(written))
    except ValidationError as error:
        bad = report.invalid(error, loc)
    kept = {key: value for key, value in written.items() if key not in bad} if isinstance(written, dict) else {}
    return DraftPart(loc=loc, spec=model.model_validate({**(instead or {}), **kept}), bad=bad)


def _is_readable(plain: Mapping[str, Any], section: str, report: Report) -> bool:
    form, words = (list, LIST) if section == "watch" else (dict, NAMES)
    if plain.get(section) is None or isinstance(plain[section], form):
        return True
    report.problem((section,), words)
    return False


def _names(plain: Mapping[str, Any], section: str, report: Report) -> Iterator[tuple[str, Any]]:
    """Yield the named values of a section."""
    written = plain.get(section)
    for name, value in written.items() if isinstance(written, dict) else ():
        try:
            yield parse_name(name), value
        except ValueError as error:
            report.problem((section, name), str(error), key=True)


def _channel(name: str, value: object, report: Report) -> DraftPart[ChannelSpec]:
    loc: Loc = ("channels", name)
    if value is None or isinstance(value, list):
        report.problem(loc, "one URL belongs here, as in screen: console://")
        value = UNKNOWN
    written = {"url": value} if isinstance(value, str) else value
    return _read(ChannelSpec, written, loc, report, {"url": UNKNOWN})


def _entries(number: int, value: object, report: Report) -> Iterator[DraftPart[EntrySpec]]:
    """Yield the title of an entry, or the titles of a group, each with the keys that the group gives to all."""
    loc: Loc = ("watch", number)
    if not (isinstance(value, dict) and GROUP in value):
        yield _entry(loc, value, report)
        return
    shared = _shared(value, loc, report)
    titles = value[GROUP]
    if not isinstance(titles, list) or not titles:
        report.problem((*loc, GROUP), "titles belong here: write [Ballard, Silo], or one a line with - in front")
        return
    for place, item in enumerate(titles):
        yield _entry((*loc, GROUP, place), item, report, shared)


def _shared(group: Mapping[str, Any], loc: Loc, report: Report) -> dict[str, object]:
    """Return the keys that a group gives to its titles, without those that cannot be used, which are told once."""
    kept = {key: value for key, value in group.items() if key != GROUP}
    for key in ("title", "id", "was"):
        if kept.pop(key, None) is not None:
            report.problem((*loc, key), f"{key} belongs to one title: write it in the list titles:", key=True)
    part = _read(EntrySpec, {"title": "?", **kept}, loc, report, {"title": "?"})
    return {key: value for key, value in kept.items() if key not in part.bad}


def _entry(loc: Loc, value: object, report: Report, shared: Mapping[str, object] | None = None) -> DraftPart[EntrySpec]:
    value = _called_null(value, loc, report)
    short = _short(value)
    mistake = _no_entry(value) if short is None else None
    if mistake is not None:
        report.problem(loc, mistake)
        return DraftPart(loc=loc, spec=EntrySpec(title="?"), bad=frozenset({"title"}))
    written = short or ({"title": value} if isinstance(value, str) else value)
    return _read(
        EntrySpec, {**(shared or {}), **written} if isinstance(written, dict) else written, loc, report, {"title": "?"}
    )


def _short(value: object) -> dict[str, object] | None:
    """Return the entry that `- Ballard: July 9, 2027` stands for: a title with its day or its instant (SPEC 6).

    A year alone, or a month, may as well be a part of the title: `- Blade Runner: 2049`.
    """
    pair = _pair(value)
    if pair is None:
        return None
    try:
        when = parse_when(pair[1])
    except NoZone:
        return {"title": pair[0], "premiere": pair[1]}  # it is told where every such time is
    except WhenError:
        return None
    return {"title": pair[0], "premiere": pair[1]} if when.is_dated and not when.is_coarse else None


def _pair(value: object) -> tuple[str, str] | None:
    """Return key and text of a mapping of one pair whose key is no word of ours."""
    key, text = next(iter(value.items()), ("", None)) if isinstance(value, dict) else ("", None)
    if not isinstance(value, dict) or len(value) != 1 or not isinstance(text, str):
        return None
    return (key, text) if nearest(key, keys_at(("watch", 0)), likeness=0.75) is None else None


def _called_null(value: object, loc: Loc, report: Report) -> object:
    """Return an entry whose title is a word that YAML takes for nothing with the title that was written."""
    if isinstance(value, dict) and "title" in value and value["title"] is None:
        return {**value, "title": _called_null(None, (*loc, "title"), report)}
    node = find(report.root, loc)
    return node.text if value is None and isinstance(node, Scalar) and node.text.isalpha() else value


def _no_entry(value: object) -> str | None:
    """Return what to write where YAML took a title for something else."""
    if value is None:
        return "there is nothing here: write a title, in quotes if it begins with #"
    if isinstance(value, list):
        return "this is a list: put a title that begins with [ in quotes"
    return _unquoted(value) if isinstance(value, dict) else None


def _unquoted(value: Mapping[str, object]) -> str | None:
    """Return what to write where `- Mission: Impossible` became a key and its value: both readings, if there are."""
    pair = _pair(value)
    if pair is None:
        return None
    title, rest = pair
    quotes = f'"{title}: {rest}"' if '"' not in f"{title}{rest}" else f"'{title}: {rest}'"
    as_title = f'a title with ": " in it needs quotes: write {quotes}'
    try:
        parse_when(rest)
    except WhenError as error:
        if not any(letter.isdigit() for letter in rest):
            return as_title
        return f"{as_title}; for the title {title} with a date behind it, {error}"
    return f"{as_title}; for the title {title} with its date, write {{title: {_in_flow(title)}, premiere: {rest}}}"


def _in_flow(text: str) -> str:
    """Return a text as it stands between braces: in quotes where a sign of YAML is in it."""
    return f'"{text}"' if any(sign in text for sign in ",{}[]:#&*!|>%@`'") else text
