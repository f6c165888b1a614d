"""Knows a config on its machine: where its database lies, and how it is opened, looked at and changed."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from reminder.config import ChannelsAlone, Config, load_channels, load_config
from reminder.config.secrets import Secrets
from reminder.core.errors import ConfigReplaced, StoreError
from reminder.core.model.database import understood
from reminder.core.model.secret import Secret
from reminder.core.schedule.listing import ListedEntry
from reminder.daemon.config_digest import circumstances_of, digest_of_look, look_of
from reminder.daemon.config_sync import TAKE_IT, ConfigSync
from reminder.platform.clock import Clock
from reminder.platform.files import make_folder
from reminder.platform.lock import only_daemon
from reminder.platform.paths import (
    Machine,
    database_file,
    find_config,
    keeps_to_itself,
    own_secrets,
    runtime_dir,
    secret_places,
)
from reminder.platform.zone import system_zone, zone_doubt
from reminder.refresh.resolving import resolve_dates
from reminder.store.daemons import Identity
from reminder.store.followed import copy_sources
from reminder.store.listings import ListedConfig, sync
from reminder.store.looks import Look, synced, synced_on_server
from reminder.store.sql.engine import check_file, check_place, is_there
from reminder.store.sql.store import Store, check_server, open_store, open_to_look, scratch_store

log = logging.getLogger(__name__)


def read_config(machine: Machine, option: Path | None = None) -> Config:
    """Find and read the config. Raises WrongInput or ConfigError."""
    path = find_config(machine, option)
    return load_config(
        path,
        environ=machine.environ,
        secrets=_secrets(machine, path),
        system_zone=system_zone(),
        zone_doubt=zone_doubt(),
    )


def read_channels(machine: Machine, option: Path | None = None) -> ChannelsAlone:
    """Find a config that has errors, and return what of its channels can be read all the same. Raises WrongInput."""
    path = find_config(machine, option)
    return load_channels(path, secrets=_secrets(machine, path))


def _secrets(machine: Machine, config: Path) -> Secrets:
    own = own_secrets(machine, config)
    where = f"{own}/NAME" if own.name == "credentials" else f"NAME=VALUE into {own}"
    return Secrets(
        environ=machine.environ,
        places=secret_places(machine, config),
        remedy=f"set it in the environment, or write {where}",
    )


@dataclass(frozen=True, kw_only=True)
class App:
    """A config and the machine it runs on; `build_delivery` and `build_sources` build what sends and what asks."""

    machine: Machine
    config: Config
    clock: Clock

    @property
    def database(self) -> Secret:
        """Return what `open_store` takes: the file's path or the URL. Raises StoreError when its secret is missing."""
        if self.config.database_problem:
            raise StoreError(self.config.database_problem)
        file = self.database_path
        return self.config.database if file is None and self.config.database else Secret(str(file))

    @property
    def database_path(self) -> Path | None:
        """Return the SQLite file, None for another database."""
        said = self.config.database.reveal() if self.config.database else None
        return database_file(self.machine, self.config.path, said)

    @property
    def runtime_dir(self) -> Path:
        """Return where the heartbeat lies."""
        return runtime_dir(self.machine, self.config.path, self.database_path)

    @property
    def listed(self) -> ListedConfig:
        """Return what the config lists, as the store takes it."""
        titles = tuple(ListedEntry(title=entry.title, followers=entry.followers) for entry in self.config.watch)
        return ListedConfig(
            name=self.config.name,
            subscribers=self.config.subscribers,
            channels=self.config.channels,
            titles=titles,
        )

    def open_store(self, *, check: bool = False) -> Store:
        """Open the database, creating it and its directory if need be. Raises StoreError."""
        database = self.database
        self._make_folder()
        return open_store(database, check=check, private=keeps_to_itself(self.machine))

    def open_to_change(self) -> Store:
        """Open the database for somebody who changes or asks for something: a daemon hears of it at once.

        Raises StoreError.
        """
        return self.open_store().announcing()

    @property
    def has_database(self) -> bool:
        """Tell whether there is a database to look into: not before the first run, nor where its secret is missing."""
        path = self.database_path
        return self.config.database_problem is None and (path is None or is_there(path))

    def _make_folder(self) -> None:
        path = self.database_path
        if path is None:
            return
        try:
            make_folder(path.parent)
        except OSError as error:
            raise StoreError(f"{path.parent}: the folder of the database cannot be created: {error.strerror}") from None

    def check_place(self) -> None:
        """Check that the database can be written, or made: a SQLite file in its place, tables on a server.

        Raises StoreError.
        """
        path = self.database_path
        if self.config.database_problem is not None:
            return
        if path is None:
            check_server(self.database)
        else:
            (check_file if is_there(path) else check_place)(path)

    @contextmanager
    def looking_store(self) -> Iterator[Store]:
        """Open the database only to look, its tables as they are: an empty one in memory stands in for one without.

        The same for one whose secret is missing: only `run`, `test` and `check` need secrets (SPEC 7).
        A copy in memory stands in for one that may only be read.
        """
        with closing(open_to_look(self.database) if self.has_database else scratch_store()) as store:
            yield store

    @contextmanager
    def looking(self, now: datetime, circumstances: str | None = None) -> Iterator[Connection]:
        """Show config and database together as they are at `now`; nothing begins. Raises StoreError.

        Where the config brings nothing new, and was read under these `circumstances`, that is kept for the next look.
        """

        def bring(tx: Connection) -> None:
            sync(tx, self.listed, now=now, grace=self.config.grace, resolve=resolve_dates, is_look=True)

        def look() -> Look | None:
            if circumstances is None or circumstances != circumstances_of(self.machine, Path(self.config.file)):
                return None
            place = str(store.path) if store.is_sqlite else understood(self.database.reveal())
            return look_of(self.config, digest_of_look(circumstances, place))

        with self.looking_store() as store:
            keeps = synced if store.path else None if store.is_sqlite else synced_on_server
            with keeps(store, bring, look) if keeps else store.dry() as tx:
                if keeps is None:
                    bring(tx)
                yield tx

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Bring the config into the database, for a command to change it in the same transaction. Raises StoreError."""
        with closing(self.open_to_change()) as store, store.write() as tx:
            self._bring(store, tx)
            yield tx

    @contextmanager
    def changing_store(self) -> Iterator[Store]:
        """Bring the config into the database, for a command to change it in its own transactions. Raises StoreError."""
        with closing(self.open_to_change()) as store:
            with store.write() as tx:
                self._bring(store, tx)
            yield store

    def _bring(self, store: Store, tx: Connection) -> None:
        try:
            me = None if store.is_sqlite else self.identity("a command")
            self.config_sync.take(tx, self.clock.now(), me, TAKE_IT)
        except ConfigReplaced as error:
            log.warning("%s", error)

    @contextmanager
    def afresh(self) -> Iterator[Store]:
        """Open a scratch database, in which nothing has begun and nothing was sent."""
        with closing(scratch_store()) as store:
            self._bring_sources(store)
            yield store

    def _bring_sources(self, scratch: Store) -> None:
        """Bring what sources have answered into a scratch database: nobody is asked again."""
        if not self.has_database:
            return
        with suppress(StoreError), self.looking_store() as known, known.read() as from_, scratch.write() as to:
            copy_sources(from_, to)

    @contextmanager
    def as_only_daemon(self) -> Iterator[None]:
        """Be the only daemon of a SQLite file. Raises AlreadyRunning; several may share one PostgreSQL."""
        path = self.database_path
        if path is None or self.config.database_problem:
            yield
            return
        self._make_folder()
        with only_daemon(path, self.clock.now()):
            yield

    @property
    def config_sync(self) -> ConfigSync:
        """Return what brings this config into the database."""
        return ConfigSync(listed=self.listed, grace=self.config.grace, file=self.config.file)

    def identity(self, owner: str) -> Identity:
        """Return this process as others on the database know it, under the name of `owner`."""
        return Identity(owner=owner, host=platform.node(), pid=os.getpid(), digest=self.config_sync.digest)
