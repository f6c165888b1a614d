"""The errors of the program, as one small tree.

ReminderError                 exit status 1
├── WrongInput                exit status 2: what the user wrote; every problem at once
│   ├── ConfigError           the config file, each problem with line and column
│   └── ConfigMissing         there is no config file where it was looked for
├── StoreError                the database cannot be used; says which, and what to do
│   ├── StoreLocked           another program holds it for longer than we wait
│   │   └── StoreDeadlock     two transactions waited for each other: the one that gave way is tried again
│   ├── StoreCorrupt          it is damaged: restore a backup
│   ├── StoreGone             its file was deleted or replaced while it was open
│   └── StoreTooNew           a newer reminder wrote it
├── AlreadyRunning            another daemon holds this database
├── ConfigShrunk              the config no longer lists most of what people follow
├── ConfigReplaced            another daemon runs the config that came after this one
└── ClockWrong                the clock stands before the newest row of the ledger
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ReminderError(Exception):
    """Something failed that the person at the keyboard can read about and act on."""

    exit_status = 1


class WrongInput(ReminderError):
    """The user wrote something that cannot be taken; `problems` lists all of it, one a line."""

    exit_status = 2

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ConfigMissing(WrongInput):
    """There is no config; `where` names the places that were looked at."""

    def __init__(self, where: str, advice: str) -> None:
        super().__init__(f"{where} does not exist; {advice}")
        self.where = where


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One thing wrong in the config: where it stands (1-based) and what to write instead."""

    file: str
    line: int
    column: int
    path: str
    text: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where}: {self.path}: {self.text}" if self.path else f"{where}: {self.text}"


class ConfigError(WrongInput):
    """The config cannot be used; `found` holds every problem in the order of the file."""

    def __init__(self, found: Iterable[Problem]) -> None:
        self.found = tuple(sorted(found))
        super().__init__(*(str(problem) for problem in self.found))


class StoreError(ReminderError):
    """The database cannot be used."""


class StoreLocked(StoreError):
    """Another program holds the database's write lock for longer than we wait."""


class StoreDeadlock(StoreLocked):
    """Two transactions waited for each other, and the database ended this one: a second try works."""


class StoreCorrupt(StoreError):
    """The database is damaged, or not a database of ours."""


class StoreGone(StoreError):
    """The database's file was deleted or replaced while it was open: what is written now would be lost."""


class StoreTooNew(StoreError):
    """A newer version of reminder has changed the database's tables."""


class AlreadyRunning(ReminderError):
    """Another process is the daemon of this database."""


class ConfigShrunk(ReminderError):
    """The config no longer lists most of what people follow: a file that was cut short looks like that."""


class ConfigReplaced(ReminderError):
    """The config was taken before and has been replaced since, by one that another living daemon runs."""


class ClockWrong(ReminderError):
    """The clock stands before what the ledger has already recorded."""
