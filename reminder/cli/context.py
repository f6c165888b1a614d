"""What every command is given: the global options, and the app built from them when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.bootstrap import App
    from reminder.machine.paths import Machine
    from reminder.sources.build import Catalogues

END_OF_TIME: Final = datetime(2201, 1, 1, tzinfo=UTC)
"""No date lies beyond it (SPEC 1)."""


@dataclass
class Asked:
    """The global options of one call. Nothing heavy is imported until a command asks for the app."""

    option: Path | None = None
    json: bool = False
    machine_: Machine | None = field(default=None, repr=False)

    @cached_property
    def machine(self) -> Machine:
        """Return the machine: environment and places."""
        from reminder.machine.paths import this_machine

        return self.machine_ or this_machine()

    @cached_property
    def app(self) -> App:
        """Return config, machine and clock. Raises WrongInput or ConfigError."""
        from reminder.bootstrap import App, read_config
        from reminder.clock import clock_from

        config = read_config(self.machine, self.option)
        return App(machine=self.machine, config=config, clock=clock_from(self.machine.environ))

    @cached_property
    def there(self) -> Catalogues:
        """Return the sources. One set for a whole command, which so keeps their rates and waits for a silent one once."""
        return self.app.catalogues()

    @property
    def zone(self) -> ZoneInfo:
        """Return the config's zone: what the command line says and shows without a zone is in it."""
        return self.app.config.zone

    @property
    def today(self) -> date:
        """Return the date in the config's zone."""
        return self.app.clock.now().astimezone(self.zone).date()

    def zone_of(self, name: str) -> ZoneInfo:
        """Return the zone of a subscriber, the config's for one who is no longer in it."""
        people = {person.name: person.zone for person in self.app.config.subscribers}
        return people.get(name, self.zone)

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Show config and database together; nothing is begun or kept."""
        self.tell_what_is_missing()
        with self.app.looking() as tx:
            yield tx

    def tell_what_is_missing(self) -> None:
        """Warn that the database is left out of what is shown, if its secret is missing."""
        from reminder.cli.output import say

        if self.app.config.database_problem:
            say(f"warning: only the config is shown, without the database: {self.app.config.database_problem}")

    def stretch(self, from_: str | None, to: str | None) -> tuple[datetime, datetime]:
        """Return the instants of `--from` (else now, included) and `--to` (else never, not included). Raises WrongInput."""
        from reminder.errors import WrongInput

        start = self.instant(from_, "--from") if from_ else self.app.clock.now()
        end = self.instant(to, "--to", includes_day=True) if to else END_OF_TIME
        if end < start or (to and end == start != self.instant(to, "--to")):  # of a bare date the first moment counts
            raise WrongInput(f"--to: {to} lies before {from_ or 'now'}")
        return start, end

    def instant(self, text: str, option: str, *, includes_day: bool = False) -> datetime:
        """Return the instant that a time on the command line means, in the config's zone when it names none.

        A bare date is its first moment; with `includes_day` the first moment after it. Raises WrongInput.
        """
        from reminder.core.dates import parse_instant
        from reminder.core.hours import MIDNIGHT, local_at
        from reminder.errors import WrongInput

        try:
            found = parse_instant(text, self.zone)
        except ValueError as error:
            raise WrongInput(f"{option}: {error}") from None
        if isinstance(found, datetime):
            return found
        on: date = found + timedelta(days=1) if includes_day else found
        return local_at(on, MIDNIGHT, self.zone)

    def _is_imported(self, name: str) -> bool:
        from reminder.store.people import find_people

        with self.app.looking_store() as store, store.read() as tx:
            return bool(find_people(tx, name))

    def check_person(self, name: str | None) -> None:
        """Raise WrongInput, naming who there is, when nobody has this name."""
        from reminder.config.names import did_you_mean
        from reminder.errors import WrongInput

        people = [person.name for person in self.app.config.subscribers]
        if name is not None and name not in people and not self._is_imported(name):
            raise WrongInput(f'--subscriber: there is no subscriber "{name}": {did_you_mean(name, people)}')


def asked(context: typer.Context) -> Asked:
    """Return what was asked globally."""
    found = context.find_object(Asked)
    return found if found is not None else Asked()
