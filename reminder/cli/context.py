"""What every command is given: the global options, and the app built from them when it is needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from reminder.bootstrap import App
    from reminder.paths import Machine


@dataclass
class Asked:
    """The global options of one call. Nothing heavy is imported until a command asks for the app."""

    option: Path | None = None
    json: bool = False
    machine_: Machine | None = field(default=None, repr=False)

    @cached_property
    def machine(self) -> Machine:
        """Return the machine: environment and places."""
        from reminder.paths import this_machine

        return self.machine_ or this_machine()

    @cached_property
    def app(self) -> App:
        """Return config, machine and clock. Raises WrongInput or ConfigError."""
        from reminder.bootstrap import App, read_config
        from reminder.clock import clock_from

        config = read_config(self.machine, self.option)
        return App(machine=self.machine, config=config, clock=clock_from(self.machine.environ))

    def instant(self, text: str, option: str, *, includes_day: bool = False) -> datetime:
        """Return the instant that a time on the command line means, in the config's zone when it names none.

        A bare date is its first moment; with `includes_day` the first moment after it. Raises WrongInput.
        """
        from reminder.core.dates import parse_instant
        from reminder.core.hours import MIDNIGHT, local_at
        from reminder.errors import WrongInput

        zone: ZoneInfo = self.app.config.zone
        try:
            found = parse_instant(text, zone)
        except ValueError as error:
            raise WrongInput(f"{option}: {error}") from None
        if isinstance(found, datetime):
            return found
        on: date = found + timedelta(days=1) if includes_day else found
        return local_at(on, MIDNIGHT, zone)


def asked(context: typer.Context) -> Asked:
    """Return what was asked globally."""
    found = context.find_object(Asked)
    return found if found is not None else Asked()
