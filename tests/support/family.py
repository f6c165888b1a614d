"""A family's life with its reminders: what is written and what happens, instant by instant, and what each of them gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import Title, title_key
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Outcome, Sent
from reminder.store.title_commands import kept_title, put, remove
from tests.support.world import World

BERLIN: Final = "timezone: Europe/Berlin\n"
ONE: Final = "channels: {mail: json://127.0.0.1:9/u}\n"

STATES: Final[dict[str, Outcome]] = {
    "dead": Failure(kind=FailureKind.CHANNEL, reason="404 Not Found", status=404),
    "down": Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503),
    "well": Sent(detail="200 OK"),
}
"""How a channel answers from then on."""

Step = tuple[str, str, str]
"""An instant; `off`, `on`, `edit`, `add`, `change`, `remove`, or a state of a channel; and a config, a title or a channel."""


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


def live(family: Family) -> World:
    """Live it, and return the world at its end."""
    world = World(family.config, family.begins, zone=family.zone, base=family.base)
    is_on, written = True, ""
    for when, what, about in family.steps:
        world = world.live(when) if is_on else world.at(when)
        if what in {"off", "on"}:
            is_on = what == "on"
            if is_on:
                world = (_edit(world, written) if written else world).once()
                written = ""
        elif what == "edit" and is_on:
            _edit(world, about)
        elif what == "edit":
            written = about
        elif what in STATES:
            world.transport.always(about, STATES[what])
        else:
            _by_command(world, what, about)
    return world.live(family.until)


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
        title = Title(key=title_key(name, None), name=name, premiere=parse_when(day))
        put(tx, ListedEntry(title=title), world.clock.now(), world.app.config.grace)
