"""Gives every command the global options, and the app built from them when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from reminder.cli.talk import say
from reminder.config import LookSettings
from reminder.core.dates.local_time import MIDNIGHT, local_at
from reminder.core.dates.parse import parse_instant
from reminder.core.errors import WrongInput
from reminder.core.model.secret import Secret
from reminder.platform.clock import Clock, clock_from
from reminder.platform.paths import Machine, find_config, this_machine

# Each of these is loaded where it is built: `read`, `init` and `config schema` look at no database, a look at a config
# that is known reads none, and few commands ask a source. Each takes longer to load than what they do.
if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.daemon.app import App
    from reminder.daemon.config_digest import KnownConfig
    from reminder.sources.build import Catalogues


@dataclass
class CommandContext:
    """The global options of one call, and what a command asks for, built when it does."""

    option: Path | None = None
    json: bool = False
    machine_: Machine | None = field(default=None, repr=False)

    @cached_property
    def machine(self) -> Machine:
        """Return the machine: environment and places."""
        return self.machine_ or this_machine()

    @cached_property
    def app(self) -> App:
        """Return config, machine and clock. Raises WrongInput or ConfigError."""
        from reminder.daemon.app import App, read_config

        _ = self._circumstances  # as they are before the config is read
        return App(machine=self.machine, config=read_config(self.machine, self.option), clock=self.clock)

    @cached_property
    def clock(self) -> Clock:
        """Return the clock. Raises WrongInput."""
        return clock_from(self.machine.environ)

    @cached_property
    def _circumstances(self) -> str | None:
        from reminder.daemon.config_digest import circumstances_of

        return circumstances_of(self.machine, find_config(self.machine, self.option))

    @cached_property
    def _known(self) -> KnownConfig | None:
        """Return what is known of a config that has not changed, None where it has to be read."""
        from reminder.daemon.config_digest import known

        return known(self.machine, find_config(self.machine, self.option), self._circumstances)

    @property
    def settings(self) -> LookSettings:
        """Return what a look needs of the config. Raises WrongInput or ConfigError."""
        return self._known.settings if self._known else self.app.config

    @property
    def database(self) -> Secret:
        """Return the database: a file's path or a server's URL. Raises StoreError when its secret is missing."""
        return self._known.database if self._known else self.app.database

    @cached_property
    def there(self) -> Catalogues:
        """Return the sources, one set for a whole command: it keeps their rates, and waits for a silent one once."""
        from reminder.daemon.build_sources import build_catalogues

        return build_catalogues(self.app)

    @property
    def zone(self) -> ZoneInfo:
        """Return the config's zone: what the command line says and shows without a zone is in it."""
        return self.settings.zone

    @property
    def today(self) -> date:
        """Return the date in the config's zone."""
        return self.clock.now().astimezone(self.zone).date()

    def zone_of(self, name: str) -> ZoneInfo:
        """Return the zone of a subscriber, the config's for one who is no longer in it."""
        return self.settings.zones.get(name, self.zone)

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Show config and database together; nothing is begun."""
        self.tell_what_is_missing()
        with self.showing() as tx:
            yield tx

    @contextmanager
    def showing(self, now: datetime | None = None) -> Iterator[Connection]:
        """Show config and database together at `now`, without a word about what is missing. Raises StoreError."""
        with self.known() as tx:
            if tx is not None:
                yield tx
                return
        with self.app.looking(now or self.clock.now(), self._circumstances) as tx:
            yield tx

    @contextmanager
    def known(self) -> Iterator[Connection | None]:
        """Show the database where it is known to hold all that the config lists, else None. Raises StoreError."""
        if self._known is None:
            yield None
            return
        with self._known.looking() as tx:
            yield tx

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Show the database alone, as it is. Raises StoreError."""
        with self._known.store() if self._known else self.app.looking_store() as store, store.read() as tx:
            yield tx

    @property
    def has_database(self) -> bool:
        """Tell whether there is a database yet."""
        return self._known is not None or self.app.has_database

    def tell_what_is_missing(self) -> None:
        """Warn that the database is left out of what is shown, if its secret is missing."""
        if not self._known and self.app.config.database_problem:
            say(f"warning: only the config is shown, without the database: {self.app.config.database_problem}")

    def instant(self, text: str, option: str, *, includes_day: bool = False) -> datetime:
        """Return the instant that a time on the command line means, in the config's zone when it names none.

        A bare date is its first moment; with `includes_day` the first moment after it. Raises WrongInput.
        """
        try:
            found = self._relative(text) or parse_instant(text, self.zone)
        except ValueError as error:
            raise WrongInput(f"{option}: {error}") from None
        if isinstance(found, datetime):
            return found
        on: date = found + timedelta(days=1) if includes_day else found
        return local_at(on, MIDNIGHT, self.zone)

    def _relative(self, text: str) -> date | None:
        """Return the day that a word means today; on a command line it need not stay the same (SPEC 7)."""
        days = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(text.strip().casefold())
        return None if days is None else self.today + timedelta(days=days)


def asked(context: typer.Context) -> CommandContext:
    """Return what was asked globally."""
    found = context.find_object(CommandContext)
    return found if found is not None else CommandContext()
