"""Tells by a digest whether a config is in the database already, so that its file need not be read as YAML.

Beside a digest the database keeps what a look needs of the settings (`store.looks`). The digest covers everything that
the result depends on: the file's bytes and place, the secrets that it names, the machine's locale, the database's
place, and the program itself; the machine's zone stands beside it where the config names none, since finding it out
takes as long as many a look. Where any of it differs, or where it cannot be told without reading the
config as it is meant to be read, the long way is taken.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.config import Config, LookSettings
from reminder.config.language import hour_style
from reminder.config.secrets import BadDollar, Secrets
from reminder.core.model.database import BadDatabase, is_server, understood
from reminder.core.model.entities import Kind
from reminder.core.model.secret import Secret
from reminder.platform.paths import Machine, database_file, secret_places
from reminder.platform.zone import system_zone
from reminder.store.looks import Look, StoredLook, is_seen, look_seen, look_seen_on_server
from reminder.store.sql.store import Store, open_to_look
from reminder.texts.templates.engine import Templates

_NAMES: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)")
_HIDING: Final = re.compile(r"\\(?:[xuU]|\r?\n)")
"""What may spell a `$`, or a key, so that it does not stand there to be found."""
_DATABASE: Final = re.compile(r"^database[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./~$][A-Za-z0-9_./~${}-]*|postgres[a-z0-9+]*://[^\s\"'\\]+")
_ELSEWHERE: Final = ("REMINDER_OFFLINE",)
"""What else of the environment the reading of a config depends on, beside its secrets and the locale."""


@dataclass(frozen=True, kw_only=True)
class KnownSettings(LookSettings):
    """The settings as they were kept when the config was last read."""

    seen: StoredLook = field(repr=False)

    @cached_property
    def zones(self) -> Mapping[str, ZoneInfo]:
        """Return the zones of the subscribers whom the config lists, by name."""
        return {name: ZoneInfo(key) for name, key in self.seen.settings["zones"].items()}

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Return the names of the channels, as they follow each other in the config."""
        return tuple(self.seen.settings["channels"])

    @property
    def source_names(self) -> tuple[str, ...]:
        """Return the names of the sources that are asked, as `health` shows them."""
        return tuple(self.seen.settings["sources"])

    @property
    def title_lines(self) -> Mapping[str, int]:
        """Return on which line each title stands, by key."""
        return self.seen.lines


@dataclass(frozen=True, kw_only=True)
class KnownConfig:
    """A config that the database holds already: its settings, and the database, in which this digest says so."""

    settings: KnownSettings
    database: Secret
    digest: str

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the database. Raises StoreError."""
        with closing(open_to_look(self.database)) as store:
            yield store

    @contextmanager
    def looking(self) -> Iterator[Connection | None]:
        """Show the database as it is; None when it has changed since the settings were read. Raises StoreError."""
        with self.store() as store, store.read() as tx:
            yield tx if is_seen(tx, self.digest) else None


def known(machine: Machine, file: Path, circumstances: str | None) -> KnownConfig | None:
    """Return what is known of a config without reading it; None when something has changed, or may have."""
    database = likely_database(machine, file) if circumstances else None
    if circumstances is None or database is None:
        return None
    digest = digest_of_look(circumstances, database.reveal())
    is_file = not is_server(database.reveal())
    seen = look_seen(Path(database.reveal()), digest) if is_file else look_seen_on_server(database, digest)
    with suppress(KeyError, TypeError, ValueError):  # a row that somebody else has changed
        if seen is not None and _has_its_zone(seen.settings):
            return KnownConfig(settings=_loaded(file, seen), database=database, digest=digest)
    return None


def _has_its_zone(said: Mapping[str, Any]) -> bool:
    return bool(said["zone_is_written"]) or said["zone"] == system_zone()


def circumstances_of(machine: Machine, file: Path) -> str | None:
    """Return a digest of all that the reading of a config depends on; None where that cannot be told."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        if _HIDING.search(text):
            return None
        secrets = Secrets(environ=machine.environ, places=secret_places(machine, file))
        named = {name: secrets.look_up(name) for name in sorted(set(_NAMES.findall(text)))}
    except (OSError, UnicodeError):
        return None
    there = {name: machine.environ.get(name) for name in _ELSEWHERE}
    parts = [program(), str(_absolute(file)), hour_style(machine.environ), there, named, text]
    return hashlib.sha256(json.dumps(parts).encode(errors="surrogatepass")).hexdigest()


def digest_of_look(circumstances: str, database: str) -> str:
    """Return the digest under which a database, a file or a server's, keeps that it holds a config."""
    return hashlib.sha256(f"{circumstances} {database}".encode(errors="surrogateescape")).hexdigest()


@cache
def program() -> str:
    """Return a digest of the parts of this program that read a config and bring it into the database."""
    found = hashlib.sha256()
    package = Path(__file__).parents[1]
    parts = (file for part in ("config", "core", "store") for file in (package / part).rglob("*.py"))
    for file in [Path(__file__), *sorted(parts)]:
        found.update(file.read_bytes())
    return found.hexdigest()


def look_of(config: Config, digest: str) -> Look:
    """Return what a look needs of a config; no secret is in it."""
    settings: dict[str, Any] = {
        "name": config.name,
        "zone": config.zone.key,
        "zone_is_written": config.zone_is_written,
        "grace": config.grace.total_seconds(),
        "zones": {name: zone.key for name, zone in config.zones.items()},
        "templates": {str(kind): parts for kind, parts in config.templates.sources.items()},
        "channels": config.channel_names,
        "sources": config.source_names,
    }
    return Look(digest=digest, settings=settings, lines=config.title_lines)


def _loaded(file: Path, seen: StoredLook) -> KnownSettings:
    said = seen.settings
    return KnownSettings(
        file=str(file),
        path=_absolute(file),
        name=said["name"],
        zone=ZoneInfo(said["zone"]),
        zone_is_written=said["zone_is_written"],
        grace=timedelta(seconds=said["grace"]),
        templates=Templates({Kind(kind): (subject, body) for kind, (subject, body) in said["templates"].items()}),
        seen=seen,
    )


def _absolute(file: Path) -> Path:
    return Path(os.path.abspath(file))  # noqa: PTH100  its symbolic links stay, as in the config's own path


def likely_database(machine: Machine, file: Path) -> Secret | None:
    """Return what the database should be, going by one plain line `database:`; None where there is more to it.

    The digest holds the place that the config was found to mean: what is guessed wrong here finds nothing.
    """
    with suppress(BadDatabase, BadDollar, OSError, UnicodeError):
        return _plainly_said(machine, file)
    return None


def _plainly_said(machine: Machine, file: Path) -> Secret | None:
    said = [line.partition(" #")[0].strip() for line in _DATABASE.findall(file.read_text("utf-8-sig"))]
    if len(said) > 1 or any(not _PLAIN.fullmatch(value.strip("\"'")) for value in said):
        return None
    value = said[0].strip("\"'") if said else None
    if value and "$" in value:
        expanded = Secrets(environ=machine.environ, places=secret_places(machine, file)).expand(value).text
        value = expanded.reveal() if expanded else None
    found = database_file(machine, _absolute(file), value)
    if found is not None:
        return Secret(str(found))
    return Secret(understood(value)) if value else None
