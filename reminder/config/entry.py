"""One title as a command line gives it, read by the same rules as an entry of the config."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from reminder.config.build import title_of
from reminder.config.names import did_you_mean
from reminder.config.report import findings
from reminder.config.schema.spec import options_of, shared
from reminder.config.schema.titles import EntrySpec
from reminder.config.sourcing import contradictions, with_defaults
from reminder.config.values import Config
from reminder.config.yaml.loader import NotYaml, read_tree
from reminder.config.yaml.nodes import to_plain
from reminder.core.dates.parse import parse_instant, parse_when
from reminder.core.dates.when import When
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Title, title_key
from reminder.core.model.source_options import DEFAULT_KINDS, NO_SOURCE, SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import season_problems
from reminder.core.wording import KeyProblem, Wording

OPTIONS: Final = options_of(EntrySpec)
#: the config's words → the fields of a title
FIELDS: Final = {"title": "name"} | {name: name for name in shared(EntrySpec, Title)}
#: the config's words about sources; together they make the title's source options
SOURCE_KEYS: Final = frozenset(shared(EntrySpec, SourceOptions))
#: what gives a title its dates by hand
HAND: Final = frozenset({"premiere", "drop", "episodes"})
#: the value of a problem's text that is the key to write
KEY: Final = "key"
NOBODY: Final = frozenset({"none", "nobody"})

Said = Mapping[str, str]


def read_listing(said: Said, people: Collection[str], zone: ZoneInfo, before: ListedEntry | None = None) -> ListedEntry:
    """Given what was said of a title, by the config's words, return the listing; what was not said stays as `before`.

    An empty text removes what was set before. A time without a zone is in `zone` (SPEC 7). Lists may be written
    `7d,day`, or as in the config: `{premiere: [7d, day]}`. Raises WrongInput with every problem, as `--premiere: …`.
    """
    problems: list[str] = []
    spec = _spec({key: _written(key, text, zone, problems) for key, text in said.items()}, problems)
    bad = {problem.partition(":")[0].removeprefix("--") for problem in problems}
    fresh = title_of(spec)
    title = _merged(fresh, spec, said, before.title if before else None)
    if not bad & {"premiere", "episodes", "drop"}:
        problems += [_as_option(problem) for problem in season_problems(title)]
    if before is None:  # of a title that is there, some of it may stand already
        problems += _meaningless(spec, bad)
    problems += _strangers(spec.for_ or {}, people)
    if problems:
        raise WrongInput(*problems)
    if before is None or "for" in said:  # who is named follows it, whatever they have chosen before
        return ListedEntry(title=title, followers=spec.for_)
    return replace(before, title=title)


def with_config_options(listing: ListedEntry, config: Config, *, own_kinds: bool) -> ListedEntry:
    """Return a listing whose source options are filled up with what the config says for all."""
    title = listing.title
    own = own_kinds or (title.source_options is not None and title.source_options.kinds != DEFAULT_KINDS)
    filled = with_defaults(title, country=config.country, kinds=config.kinds, credit=config.credit, own_kinds=own)
    return replace(listing, title=filled)


def _written(key: str, text: str, zone: ZoneInfo, problems: list[str]) -> Any:
    """Return a text of the command line as the config would hold it."""
    if not text.strip():
        return None
    option = OPTIONS[key]
    if option.is_date:
        return _premiere(text, zone)
    if option.is_list and text.strip().lower() in NOBODY:
        return []
    if option.is_flow and text.lstrip()[:1] in {"[", "{"}:
        return _flow(key, text, problems)
    return [part.strip() for part in text.split(",")] if option.is_list else text


def _premiere(text: str, zone: ZoneInfo) -> str:
    """Return a date that may lack its zone with the one it is meant in."""
    try:
        parse_when(text)
    except ValueError:
        try:
            found = parse_instant(text, zone)
        except ValueError:
            return text
        return When.exact(found, zone).show() if isinstance(found, datetime) else text
    return text


def _flow(key: str, text: str, problems: list[str]) -> Any:
    try:
        node = read_tree(text)
    except NotYaml as error:
        problems.append(KeyProblem.of(f"--{key}", error.fault.text))
        return None
    return to_plain(node) if node is not None else None


def _spec(written: Mapping[str, Any], problems: list[str]) -> EntrySpec:
    """Validate what was written; leave out, and note, what cannot be used."""
    kept = {"title": "?", **{key: value for key, value in written.items() if value is not None}}
    try:
        return EntrySpec.model_validate(kept)
    except ValidationError as error:
        found = findings(error, ("watch", 0))
    problems += [
        KeyProblem.of(f"--{'.'.join(step for step in loc if isinstance(step, str))}", text) for loc, text in found
    ]
    bad = {loc[0] for loc, _ in found if loc}
    return EntrySpec.model_validate({"title": "?"} | {key: value for key, value in kept.items() if key not in bad})


def _merged(fresh: Title, spec: EntrySpec, said: Said, before: Title | None) -> Title:
    if before is None:
        return fresh
    title = replace(before, **{field: getattr(fresh, field) for key, field in FIELDS.items() if key in said})
    title = replace(title, source_options=_source_options(fresh, spec, said, before))
    by_text = before.key == title_key(before.name, before.season)
    if "id" in said:
        return replace(title, key=spec.id or title_key(title.name, title.season))
    return replace(title, key=title_key(title.name, title.season)) if by_text else title


def _source_options(fresh: Title, spec: EntrySpec, said: Said, before: Title) -> SourceOptions | None:
    """Return what is asked of a source about a changed title: dates by hand end it, a source begins it again."""
    if spec.source is None and (HAND & set(said)):
        return fresh.source_options if all(not said[key].strip() for key in HAND & set(said)) else None
    if spec.source == NO_SOURCE or not SOURCE_KEYS & set(said):
        return None if spec.source == NO_SOURCE else before.source_options
    if fresh.source_options is None:
        return before.source_options
    return replace(
        before.source_options or SourceOptions(),
        **{key: getattr(fresh.source_options, key) for key in SOURCE_KEYS & set(said)},
    )


def _as_option(problem: Wording) -> str:
    """Return what is wrong with the shape of a season as a problem of an option of the command line."""
    if not isinstance(problem, KeyProblem):
        return f"--{problem}"
    said = problem.said
    if isinstance(said, Wording) and KEY in said.values:
        said = said.with_values(key="--" + str(said.values[KEY]).removesuffix(":"))
    return KeyProblem.of(f"--{problem.key}", said)


def _meaningless(spec: EntrySpec, bad: Collection[str]) -> list[str]:
    return [f"--{key}: {_with_options(text)}" for key, text in contradictions(spec) if key not in bad]


def _with_options(text: str) -> str:
    """Return a sentence about keys of the config as one about options: `--when` for `when:`."""
    return re.sub(r"\b(source|when):", r"--\1", text)


def _strangers(followers: Collection[str], people: Collection[str]) -> list[str]:
    return [
        f'--for: there is no subscriber "{name}": {did_you_mean(name, people)}'
        for name in followers
        if name not in people
    ]
