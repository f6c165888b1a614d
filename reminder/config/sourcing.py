"""Reads which sources may be asked, what is asked of them about a title, and in whose country."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from reminder.config.draft import Draft
from reminder.config.report import Report
from reminder.config.schema.sources import CalendarSpec
from reminder.config.schema.spec import told
from reminder.config.schema.titles import EntrySpec
from reminder.config.secrets import Secrets
from reminder.config.values import Calendar, Premieres, Sources
from reminder.core.model.entities import Title, TitleKind
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import DEFAULT_KINDS, NO_SOURCE, SourceOptions
from reminder.core.sourcing.answers import ReleaseKind

NO_CATALOGUE = frozenset({TitleKind.GAME, TitleKind.OTHER})
API_KEY = re.compile(r"[0-9a-f]{32}")
"""What TMDB calls the API key: it would have to go into the address. The token goes into the header."""

OFFLINE = "REMINDER_OFFLINE"
"""Set in the environment, it keeps sources from being asked at their public addresses; one with `url:` still is."""


SWITCHED_OFF = f"sources are switched off by {OFFLINE}"


def source_options_of(spec: EntrySpec) -> SourceOptions | None:
    """Return what is asked of a source about an entry; None where its dates are written here, or it is in none."""
    by_hand = any(value is not None for value in (spec.premiere, spec.drop, spec.episodes, spec.cancelled))
    if spec.source == NO_SOURCE or (spec.source is None and (by_hand or spec.kind in NO_CATALOGUE)):
        return None
    return SourceOptions(**told(spec, SourceOptions) | {"kinds": spec.kinds or DEFAULT_KINDS})


def with_defaults(
    title: Title, *, country: str | None, kinds: tuple[ReleaseKind, ...], credit: bool, own_kinds: bool
) -> Title:
    """Return a title whose source options are filled up from the top of the config; `own_kinds`: it says its own."""
    if title.source_options is None:
        return title
    options = replace(
        title.source_options,
        country=title.source_options.country or country,
        kinds=title.source_options.kinds if own_kinds else kinds,
        credit=credit,
    )
    return replace(title, source_options=options)


def sources(made: Draft, secrets: Secrets, report: Report, home: Path) -> Sources:
    """Return which sources may be asked, and how; `home` is the directory of the config, where files are looked for."""
    spec = made.top.spec.sources
    tvmaze, tmdb = (spec.tvmaze, spec.tmdb) if spec else (None, None)
    found = Sources(
        tvmaze=_may_ask(tvmaze.url if tvmaze else None, secrets) and (tvmaze is None or tvmaze.ask is not False),
        tvmaze_url=tvmaze.url if tvmaze else None,
        calendars=tuple(_calendars(made, secrets, report, home)),
    )
    if tmdb is None or not _may_ask(tmdb.url, secrets):
        return found
    key = secrets.expand(tmdb.key)
    if key.problem is not None:
        report.warning(("sources", "tmdb", "key"), f"{key.problem}; until then TMDB is not asked")
    elif key.text is not None and API_KEY.fullmatch(key.text.reveal()):
        report.warning(
            ("sources", "tmdb", "key"),
            "this looks like the short API key, and TMDB will refuse it here: write the API read access token",
        )
    return replace(found, tmdb_key=key.text, tmdb_url=tmdb.url, problem=key.problem)


def _may_ask(url: str | None, secrets: Secrets) -> bool:
    return url is not None or OFFLINE not in secrets.environ


def calendar_name(spec: CalendarSpec, number: int) -> str:
    """Return what the calendar of that number (from 0) is called."""
    return spec.name or ("calendar" if number == 0 else f"calendar {number + 1}")


def _calendars(made: Draft, secrets: Secrets, report: Report, home: Path) -> Iterator[Calendar]:
    for number, spec in enumerate(made.top.spec.calendars or ()):
        url = secrets.expand(spec.url)
        if url.problem is not None:
            report.warning(("calendars", number, "url"), f"{url.problem}; until then it is not read")
        yield Calendar(
            name=calendar_name(spec, number),
            url=_from(home, url.text) if url.text else None,
            only=spec.only or Premieres.EVERYTHING,
            problem=url.problem,
        )


def _from(home: Path, place: Secret) -> Secret:
    """Return an address as it is, and a file's path as it is from a directory on."""
    said = place.reveal()
    return place if "://" in said else Secret(str(home / os.path.expanduser(said)))  # noqa: PTH111  never raises


def contradictions(spec: EntrySpec) -> Iterator[tuple[str, str]]:
    """Yield each key of an entry that another one makes meaningless, and what to write instead."""
    if spec.source not in {None, NO_SOURCE}:
        for key in ("premiere", "drop", "episodes"):
            if getattr(spec, key) is not None:
                yield key, "source: gives the dates: write when: to correct them, or source: none to write them here"
    elif source_options_of(spec) is None:
        for key in ("when", "offset", "service", "kinds", "country"):
            if getattr(spec, key) is not None:
                yield key, "this is for a title that a source is asked about, and this one is not: take it out"


@cache
def _countries() -> dict[str, str]:
    """Return the country of each zone that lies in one, from the table of the IANA database (zone.tab)."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


def country_of(zone: ZoneInfo) -> str | None:
    """Return the country that a zone lies in, as two letters; None for UTC and the like."""
    return _countries().get(zone.key)
