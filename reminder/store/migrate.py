"""Bringing a database to this version's tables: in one transaction, with a copy of a SQLite file kept."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL

from reminder.errors import StoreTooNew
from reminder.store.engine import backup
from reminder.store.tables import metadata

log = logging.getLogger(__name__)

HEAD: Final = "0001"
"""The newest version; a test holds it against the scripts, so that Alembic need not be imported to look."""

SCRIPTS: Final = Path(__file__).parent / "migrations"

_MIGRATION_LOCK: Final = 0x72656D69
"""PostgreSQL's advisory lock while tables change, so that two starting daemons take turns."""


def bring_up_to_date(engine: Engine, url: URL) -> None:
    """Create or migrate the tables. Raises StoreTooNew when a newer version has written them.

    What was there before is kept beside a SQLite file as `NAME.before-VERSION`.
    """
    with engine.connect() as connection:
        version = current_version(connection)
    if version == HEAD:
        return
    if version is not None and url.get_backend_name() == "sqlite" and url.database not in {None, ":memory:"}:
        kept = Path(str(url.database)).with_name(f"{Path(str(url.database)).name}.before-{HEAD}")
        backup(url, kept)
        log.info("kept a copy before the tables change", extra={"copy": str(kept)})
    _migrate(engine)


def current_version(connection: Connection) -> str | None:
    """Return the version of the tables, None for an empty database. Raises StoreTooNew."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version > HEAD:
        raise StoreTooNew(
            f"the database has version {version}, this reminder knows {HEAD}: install the newer one again"
        )
    return version


def create_tables(connection: Connection) -> None:
    """Make all tables at once: for scratch databases, which need no version."""
    metadata.create_all(connection)


def _migrate(engine: Engine) -> None:
    from alembic import command  # slow to import, and needed once in a database's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
