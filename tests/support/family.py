"""A family's life with its reminders: what is written and what happens, instant by instant, and what each of them gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from reminder.core.dates.parse import parse_when
from reminder.core.errors import ConfigError, StoreError
from reminder.core.model.entities import Title, title_key
from reminder.core.model.secret import Secret
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sending.retry import Failure, FailureKind
from reminder.delivery.sender import SendResult
from reminder.notify.transport import Outcome, Sent, unloadable
from reminder.refresh.resolving import resolve_dates
from reminder.store.identity import renew_sending
from reminder.store.restore import made_ready, newest_trace, put_in_place
from reminder.store.sql.backup import backup
from reminder.store.sql.store import Store, open_store
from reminder.store.title_commands import correct, kept_title, put, remove
from reminder.usecases.restore_gap import LATE, learn, skip_the_gap
from tests.support.world import Postman, World

BERLIN: Final = "timezone: Europe/Berlin\n"
ONE: Final = "channels: {mail: json://127.0.0.1:9/u}\n"

STATES: Final[dict[str, Outcome]] = {
    "dead": Failure(kind=FailureKind.CHANNEL, reason="404 Not Found", status=404),
    "removed": unloadable(ModuleNotFoundError("No module named 'apprise'")),
    "down": Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503),
    "well": Sent(detail="200 OK"),
}
"""How a channel answers from then on."""

Step = tuple[str, str, str]
"""An instant; what happens then; and a config, a title or a channel.

`off`, `on`: the daemon stops, and starts again. `kill`: what leaves at that instant leaves, and nothing else is done.
`sleep`, `wake`: the machine does, with the daemon in it. `edit`, `broken`: another config, or one that is refused.
`add`, `change`, `correct`, `remove`: by command. A state of a channel. `backup`; `restore`, over a database that is
there or `damaged`; `machine`: the copy goes on elsewhere, where the config lies under another path.
"""


@dataclass(frozen=True, kw_only=True)
class Family:
    """A config, what becomes of it, and all that arrives until the end, as `INSTANT who/channel: subject`.

    The daemon runs, but from `off` to `on`. A config that is edited meanwhile is read when it is on again.
    """

    name: str
    begins: str = "2026-06-20 12:00"
    config: str
    steps: Sequence[Step] = ()
    until: str
    base: str = BERLIN + ONE
    zone: str = "Europe/Berlin"
    gets: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


class Household(World):
    """A world whose database is a file, of which copies can be made."""

    def make_store(self) -> Store:
        """Return the database to live on: a file of its own."""
        self.folder = TemporaryDirectory(prefix="reminder-family-")
        self.place = Path(self.folder.name) / "reminder.db"
        return open_store(Secret(str(self.place)))

    @property
    def copy(self) -> Path:
        """Return where the copy lies that a backup makes."""
        return self.place.with_name("copy.db")

    def close(self) -> None:
        """Close the database, and take the file away."""
        super().close()
        self.folder.cleanup()

    def lives_on(self, place: Path) -> None:
        """Go on with another database."""
        self.place, self.store = place, open_store(Secret(str(place)))


class _Dying(Postman):
    """Sends, and dies before anybody hears of it."""

    def finished(self) -> list[SendResult]:
        """Return nothing: whoever asks is dead."""
        return []


def live(family: Family) -> World:
    """Live it, and return the world at its end."""
    kind = Household if {"backup", "machine"} & {what for _, what, _ in family.steps} else World
    world = kind(family.config, family.begins, zone=family.zone, base=family.base)
    is_on, written = True, ""
    for when, what, about in family.steps:
        world = world.live(when) if is_on and what != "kill" else world.at(when)
        if what in {"off", "on", "kill", "sleep", "wake"}:
            is_on = what in {"on", "wake"}
            if what == "on":
                world = (_edit(world, written) if written else world).once()
                written = ""
            elif what == "kill":
                _kill(world)
        elif what == "edit" and is_on:
            _edit(world, about)
        elif what == "edit":
            written = about
        elif what == "broken":
            _break(world, about)
        elif what in STATES:
            world.transport.always(about, STATES[what])
        elif isinstance(world, Household) and what in _OF_COPIES:
            _OF_COPIES[what](world, about)
        else:
            _by_command(world, what, about)
    return world.live(family.until)


def _kill(world: World) -> None:
    world.sweeper.sender = _Dying(world.transport, world.arrived)
    world.sweeper.sweep(world.clock.now())


def _break(world: World, written: str) -> None:
    """Write a config that cannot be read: whoever runs goes on with the one there was."""
    kept = world.config
    with pytest.raises(ConfigError):
        world.edit(written)
    world.config = kept


def _back_up(world: Household, _: str) -> None:
    backup(world.store.url, world.copy)


def _restore(world: Household, how: str) -> None:
    now, config = world.clock.now(), world.app.config
    world.store.close()
    if how == "damaged":
        world.place.write_bytes(b"x" * 8192)
    ready = made_ready(world.copy, world.place)
    with closing(open_store(Secret(str(ready)))) as store:
        with store.write() as tx:
            made_at = newest_trace(tx)
            renew_sending(tx)
        if how == "damaged":
            skip_the_gap(store, world.app.listed, made_at=made_at, before=now - LATE, now=now, grace=config.grace)
        else:
            learn(store, world.place, config.name, now=now, grace=config.grace)
    put_in_place(ready, world.place, now)
    world.lives_on(world.place)
    world.begin()


def _move_house(world: Household, _: str) -> None:
    """Go on with a copy on another machine: under its config's new path it is refused until the config is named."""
    _back_up(world, "")
    world.store.close()
    world.copy.replace(world.place.with_name("moved.db"))
    world.lives_on(world.place.with_name("moved.db"))
    name, config = world.app.config.name, world.config
    world.file = "/home/anna/.config/reminder/config.yaml"
    with pytest.raises(StoreError, match=f"write `name: {re.escape(name)}` in this config to adopt it"):
        world.edit(config)
    world.edit(f"name: {name}\n{config}")


_OF_COPIES: Final = {"backup": _back_up, "restore": _restore, "machine": _move_house}


def _edit(world: World, written: str) -> World:
    """Write another config; one that holds channels stands for all of it."""
    return world.edit(
        written, base="" if "channels: {" in written.partition("watch:")[0].partition("subscribers:")[0] else None
    )


def _by_command(world: World, what: str, about: str) -> None:
    name, _, day = about.partition(", ")
    with world.store.write() as tx:
        if what == "remove":
            remove(tx, kept_title(tx, title_key(name, None)).id, world.clock.now())
            return
        if what == "correct":
            correct(tx, kept_title(tx, title_key(name, None)).id, world.clock.now())
            return
        title = Title(key=title_key(name, None), name=name, premiere=parse_when(day))
        put(tx, ListedEntry(title=title), world.clock.now(), world.app.config.grace, resolve_dates)
