"""A config file → `Config`, or every problem in it at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from reminder.config import build, reading, sourcing, web
from reminder.config.checks import check
from reminder.config.draft import UNKNOWN, Draft, draft
from reminder.config.exposed import written_out
from reminder.config.language import hour_style
from reminder.config.parsers import Off
from reminder.config.report import Report
from reminder.config.secrets import Expanded, Secrets
from reminder.config.values import ChannelsAlone, Config
from reminder.config.warnings import warn
from reminder.config.yaml.loader import NotYaml, read_tree
from reminder.config.yaml.nodes import Loc, Scalar, join_parted, repeated_keys, show, to_plain
from reminder.config.yaml.nodes import Mapping as MappingNode
from reminder.core.dates.zones import ZoneError, find_zone
from reminder.core.errors import ConfigError, Problem, WrongInput
from reminder.core.model.database import BadDatabase, understood
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import DEFAULT_KINDS
from reminder.platform.digest import digest_of
from reminder.platform.paths import owned_by

MAX_SIZE: Final = 8 * 1024 * 1024  # bytes; ten thousand titles need about one million
OWN: Final = "x-"
"""A key at the top that begins so is the user's own: a place for what aliases and merge keys repeat (SPEC 6)."""


def load_config(
    path: Path,
    *,
    environ: Mapping[str, str],
    secrets: Secrets | None = None,
    system_zone: str = "UTC",
    zone_doubt: str | None = None,
) -> Config:
    """Given a config file, return what it says; without `secrets`, only the environment holds any.

    `zone_doubt` says why the system's zone may not be meant: a warning where somebody's hours are in it.
    Raises ConfigError with every problem in it, WrongInput when the file itself cannot be read.
    """
    text = _read(path)
    config = parse_config(
        text, str(path), environ=environ, secrets=secrets, system_zone=system_zone, zone_doubt=zone_doubt
    )
    return replace(config, digest=digest_of(text.encode()))


def parse_config(
    text: str,
    file: str,
    *,
    environ: Mapping[str, str] | None = None,
    secrets: Secrets | None = None,
    system_zone: str = "UTC",
    zone_doubt: str | None = None,
) -> Config:
    """Given the text of a config and the name of its file, return what it says. Raises ConfigError."""
    report, made = _draft(text, file, system_zone)
    environ = environ or {}
    check(made, report)
    zone = _zone(system_zone, made, report)
    if report.problems or zone is None:
        raise ConfigError(report.problems)
    warn(made, report)
    if zone_doubt and made.top.spec.timezone is None and None in _zones_of(made):
        report.warning(("timezone",), zone_doubt)
    secrets = secrets or Secrets(environ=environ)
    return _config(made, report, secrets, build.Defaults(zone=zone, hour_style=hour_style(environ)))


def load_channels(path: Path, *, secrets: Secrets) -> ChannelsAlone:
    """Given a config file with errors in it, return its channels as far as they can be read. Raises WrongInput.

    So what is wrong with them, a missing secret too, is told together with everything else.
    """
    try:
        report, made = _draft(_read(path), str(path), "UTC")
    except ConfigError:
        return ChannelsAlone(file=str(path))
    made.channels = {name: part for name, part in made.channels.items() if not part.bad and part.spec.url != UNKNOWN}
    top = made.top.spec
    database = _database(top.database, secrets)
    if database.problem is not None:
        report.warning(("database",), database.problem)
    return ChannelsAlone(
        file=report.file,
        channels=build.channels(made, secrets, report),
        lines={show(part.loc): report.place(part.loc) for part in made.channels.values()},
        allow_schemas=frozenset(top.allow_schemas or ()),
        problems=tuple(each for each in report.warnings if each.text == database.problem),
    )


def _draft(text: str, file: str, system_zone: str) -> tuple[Report, Draft]:
    try:
        root = read_tree(text)
    except NotYaml as error:
        fault = error.fault
        raise ConfigError(
            [Problem(file=file, line=fault.line, column=fault.column, path="", text=fault.text)]
        ) from None
    if not isinstance(root, MappingNode):
        what = "the file holds no config" if root is None else "a config is made of keys and values"
        line, column = (1, 1) if root is None else (root.line, root.column)
        text = f'{what}: write channels: and watch:, or let "reminder init" write one'
        raise ConfigError([Problem(file=file, line=line, column=column, path="", text=text)])
    report = Report(file=file, root=root, own_zone=_own_zone(root, system_zone))
    for loc, first, again in repeated_keys(root):
        report.problem_at(again, loc, f"this key is already on line {first.line}: keep one of them")
    for loc, whole in join_parted(root):
        report.problem_at(whole, loc, f'between {{ and }} a text with a comma needs quotes: write "{whole.text}"')
    plain = to_plain(root)
    said = plain if isinstance(plain, dict) else {}
    return report, draft({key: value for key, value in said.items() if not key.startswith(OWN)}, report)


def _own_zone(root: MappingNode, system_zone: str) -> str | None:
    """Return the name of the zone that the file says for all, else the system's; None where neither is one."""
    said = root.get("timezone")
    try:
        return str(find_zone(said[1].text if said and isinstance(said[1], Scalar) else system_zone))
    except ZoneError:
        return None


def _zone(system_zone: str, made: Draft, report: Report) -> ZoneInfo | None:
    """Return the zone of whoever says none. The system's may be unknown here; that matters only to them."""
    if made.top.spec.timezone is not None:
        return made.top.spec.timezone
    try:
        return find_zone(system_zone)
    except ZoneError as error:
        said = _zones_of(made)
        if None in said and "timezone" not in made.top.bad:
            report.problem(("timezone",), f"the system's time zone cannot be used ({error}): write timezone:")
        return next((zone for zone in said if zone is not None), None)


def _zones_of(made: Draft) -> list[ZoneInfo | None]:
    """Return the zone that each subscriber has of their own, None for one who has none."""
    return [spec.timezone for spec in made.people().values()]


def _config(made: Draft, report: Report, secrets: Secrets, defaults: build.Defaults) -> Config:
    top = made.top.spec
    channels = build.channels(made, secrets, report)
    subscribers = build.subscribers(made, channels, defaults)
    database = _database(top.database, secrets)
    if database.problem is not None:
        report.warning(("database",), database.problem)
    # Without `..`, but with its symbolic links: where those lead to may change from day to day.
    path = Path(os.path.abspath(report.file))  # noqa: PTH100
    return Config(
        file=report.file,
        path=path,
        name=top.name or str(path),
        zone=defaults.zone,
        zone_is_written=top.timezone is not None,
        written_out=frozenset(written_out(made)),
        subscribers=subscribers,
        operator=top.operator or subscribers[0].name,
        channels=channels,
        watch=build.entries(made, report, defaults.zone),
        anyone=build.anyone(made, defaults),
        is_clock_written=top.clock is not None,
        hours_by_locale=defaults.hour_style,
        grace=top.grace or Config.grace,
        keep=Config.keep if top.keep is None else top.keep,
        heartbeat=None if isinstance(top.heartbeat, Off) else top.heartbeat,
        metrics=top.metrics,
        web=web.web(made, secrets, report),
        delivery=build.delivery(made),
        log=build.log(made),
        database=database.text,
        database_problem=database.problem,
        templates=build.templates(made),
        allow_schemas=frozenset(top.allow_schemas or ()),
        sources=sourcing.sources(made, secrets, report, path.parent),
        country=build.country(made, defaults.zone),
        kinds=top.kinds or DEFAULT_KINDS,
        credit=bool(top.credit),
        reading=reading.reading(made, secrets, report),
        lines={show(loc): report.place(loc) for loc in _looked_up(made)},
        warnings=tuple(sorted(report.warnings)),
    )


def _database(template: str | None, secrets: Secrets) -> Expanded:
    """Return the database with its secrets in place: a value may turn out to be no database at all."""
    if template is None:
        return Expanded(text=None)
    found = secrets.expand(template)
    if found.text is None:
        return found
    try:
        return replace(found, text=Secret(understood(found.text.reveal())))
    except BadDatabase as error:
        return replace(found, text=None, problem=str(error))


def _looked_up(made: Draft) -> Iterator[Loc]:
    """Yield what others than this package have something to say about."""
    yield from (part.loc for part in (*made.channels.values(), *made.subscribers.values()))
    top = made.top.spec
    yield from (("delivery", "rates", name) for name in (top.delivery and top.delivery.rates) or ())
    yield from [("allow_schemas",)] if top.allow_schemas else []


def _read(path: Path) -> str:
    """Return the file's text, without the mark that Windows editors put in front. Raises WrongInput."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_SIZE + 1)
    except FileNotFoundError:
        raise WrongInput(f'{path} does not exist: "reminder init" writes one') from None
    except OSError as error:
        raise WrongInput(f"{owned_by(path)} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_SIZE:
        raise WrongInput(f"{path} is larger than {MAX_SIZE // 1024 // 1024} MiB: that is not a config")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        text = "this is not UTF-8 text: save the file as UTF-8"
        raise ConfigError([Problem(file=str(path), line=line, column=1, path="", text=text)]) from None
