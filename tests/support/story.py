"""A story: a config, what becomes of it and when, and all that arrives; lived as a daemon does, or by a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.world import MAIL, World


@dataclass(frozen=True, kw_only=True)
class Story:
    """A config at its beginning, what it becomes and when, and every message that arrives until the end."""

    name: str
    begins: str = "2025-06-20 12:00"
    config: str
    edits: Mapping[str, str] = field(default_factory=dict)
    until: str
    zone: str = "Asia/Kolkata"
    base: str = MAIL
    arrives: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def as_daemon(story: Story) -> World:
    """Live a story moment by moment."""
    world = World(story.config, story.begins, zone=story.zone, base=story.base)
    for when, config in story.edits.items():
        world.live(when).edit(config)
    return world.live(story.until)


def as_timer(story: Story) -> World:
    """Live a story by single passes, some times a day."""
    world = World(story.config, story.begins, zone=story.zone, base=story.base)
    for when in passes(story):
        world.at(when)
        if when in story.edits:
            world.edit(story.edits[when])
        world.once()
    return world


def passes(story: Story) -> list[str]:
    """Return the local times at which the timer runs: right after each edit, and some times a day.

    On days with anything to them, the day after an edit, and of the quiet days in between on one in fifteen.
    """
    begins, until = datetime.fromisoformat(story.begins), datetime.fromisoformat(story.until)
    busy = {datetime.fromisoformat(line[:10]).date() for line in (story.begins, *story.edits, *story.arrives)}
    busy |= {(datetime.fromisoformat(when) + timedelta(days=1)).date() for when in story.edits}
    days = [begins.date() + timedelta(days=number) for number in range((until - begins).days + 1)]
    days = [on for number, on in enumerate(days) if on in busy or number % 15 == 0]
    hours = {"00:30", "08:00", "13:00", "18:00", *(line[11:16] for line in story.arrives)}
    return sorted({*story.edits, *(f"{on} {hour}" for on in days for hour in hours if f"{on} {hour}" > story.begins)})
