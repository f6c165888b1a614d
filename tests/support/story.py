"""A story: a config, what becomes of it and when, and all that arrives; lived at three levels.

`as_rules` asks the rules of `core` alone: no database, no threads, everything sent arrives. `as_daemon` sweeps moment by
moment over a database, `as_timer` runs single passes some times a day. All three yield the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from reminder.config.load import parse_config
from reminder.config.values import Config
from reminder.core.model.entities import ChannelUse, Subscriber, Title
from reminder.core.model.lead import DEFAULT_LADDER, Ladder, Lead
from reminder.core.model.ledger import Decision
from reminder.core.schedule.listing import SubscriptionState, begin_or_go_on, channels_since, former_hours
from reminder.core.schedule.season import finale_of
from reminder.core.text.message import ReaderSettings, Topic, compose
from tests.support.rules import GRACE, Life
from tests.support.world import MAIL, World, arrival_line


@dataclass(frozen=True, kw_only=True)
class Story:
    """A config at its beginning, what it becomes and when, and every message that arrives until the end.

    `down` says from when until when nothing runs.
    """

    name: str
    begins: str = "2025-06-20 12:00"
    config: str
    edits: Mapping[str, str] = field(default_factory=dict)
    down: tuple[str, str] | None = None
    until: str
    zone: str = "Asia/Kolkata"
    base: str = MAIL
    arrives: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def configs(self) -> list[Config]:
        """Return what the config says at the beginning and after each edit."""
        return [
            parse_config(self.base + text, "config.yaml", environ={}, system_zone=self.zone)
            for text in (self.config, *self.edits.values())
        ]

    def is_of_one(self) -> bool:
        """Tell whether one person follows the same titles throughout, each message alone: what the rules decide by pairs.

        Whom a title succeeds, who else a channel serves and what goes out together is decided with the database.
        """
        configs = self.configs()
        people = {person.name for config in configs for person in config.subscribers}
        titles = {tuple(entry.title.key for entry in config.watch) for config in configs}
        return len(people) == 1 and len(titles) == 1 and not any(config.anyone.digest for config in configs)


def as_daemon(story: Story) -> World:
    """Live a story moment by moment."""
    world = World(story.config, story.begins, zone=story.zone, base=story.base)
    for when, config in sorted(
        {**story.edits, **({story.down[0]: None, story.down[1]: None} if story.down else {})}.items()
    ):
        if story.down and when == story.down[1]:
            world.at(when).begin()
        else:
            world.live(when)
        if config is not None:
            world.edit(config)
    return world.live(story.until)


def as_timer(story: Story) -> World:
    """Live a story by single passes, some times a day."""
    world = World(story.config, story.begins, zone=story.zone, base=story.base)
    for when in passes(story):
        if story.down and story.down[0] <= when < story.down[1]:
            continue
        world.at(when)
        if when in story.edits:
            world.edit(story.edits[when])
        world.once()
    return world


def passes(story: Story) -> list[str]:
    """Return the local times at which the timer runs: right after each edit, and some times a day.

    On days with anything to them and the day after an edit at all hours; of the quiet days in between on one in
    fifteen, at one of the hours, each in its turn.
    """
    begins, until = datetime.fromisoformat(story.begins), datetime.fromisoformat(story.until)
    busy = {datetime.fromisoformat(line[:10]).date() for line in (story.begins, *story.edits, *story.arrives)}
    busy |= {(datetime.fromisoformat(when) + timedelta(days=1)).date() for when in story.edits}
    days = [begins.date() + timedelta(days=number) for number in range((until - begins).days + 1)]
    quiet = [on for number, on in enumerate(days) if on not in busy and number % 15 == 0]
    hours = sorted({"00:30", "08:00", "13:00", "18:00", *(line[11:16] for line in story.arrives)})
    every = {f"{on} {hour}" for on in busy.intersection(days) for hour in hours}
    times = {when for when in every.union(map("{} {}".format, quiet, cycle(hours))) if when > story.begins}
    zone = ZoneInfo(story.zone)  # in the order of their instants: an hour that a clock leaves out comes after the next
    return sorted({*story.edits, *(story.down or ()), *times}, key=lambda when: _instant(when, zone).timestamp())


# By the rules alone --------------------------------------------------------------------------------------------------


def as_rules(story: Story) -> list[str]:
    """Live a story of one person by the rules of `core`; return the lines that arrive, in the story's own time."""
    zone = ZoneInfo(story.zone)
    configs = story.configs()
    lives = [
        _Pair(title=entry.title, config=configs[0], now=_instant(story.begins, zone)) for entry in configs[0].watch
    ]
    lines: list[str] = []
    for pair in lives:
        now, end = _instant(story.begins, zone), _instant(story.until, zone)
        down = tuple(_instant(when, zone) for when in story.down) if story.down else (end, end)
        edits = dict(zip((_instant(when, zone) for when in story.edits), configs[1:], strict=True))
        is_up = True
        for then in sorted({*edits, *down, end}):
            if is_up:
                lines += [
                    line for at, decision in pair.life.decided(now, then) for line in pair.lines(at, decision, zone)
                ]
            is_up = not down[0] <= then < down[1]
            if then in edits:
                pair.take(edits[then], then)
            now = then
    return sorted(lines)


def _instant(local: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


class _Pair:
    """One person and one title of a config, through time."""

    def __init__(self, *, title: Title, config: Config, now: datetime) -> None:
        (person,) = config.subscribers
        self.life = Life(title, person, began=now)
        self.state: SubscriptionState | None = None
        self._follow(_ladder(title, person), now)

    def _follow(self, ladder: Ladder, now: datetime) -> None:
        last_no = self.life.story.last_no
        self.state = begin_or_go_on(self.state, ladder, last_no=last_no, now=now, grace=GRACE)
        self.life.sub = replace(self.life.sub, ladder=ladder, since=self.state.since, began_at=self.state.began_at)

    def take(self, config: Config, now: datetime) -> None:
        """Have the config become another."""
        (person,) = config.subscribers
        known = self.life.sub.subscriber
        channels: tuple[ChannelUse, ...] = channels_since(known.channels, person.channels, now)
        person = replace(person, channels=channels, former=former_hours(known, person, now))
        (title,) = (entry.title for entry in config.watch if entry.title.key == self.life.sub.title.key)
        self.life.sub = replace(self.life.sub, subscriber=person, muted=person.mutes(title))
        self.life.becomes(title, now)
        self._follow(_ladder(title, person), now)

    def lines(self, at: datetime, item: Decision, zone: ZoneInfo) -> list[str]:
        """Return a message as the table has it, one line for each channel."""
        title, person = self.life.sub.title, self.life.sub.subscriber
        topic = Topic(
            kind=item.kind,
            title=title,
            release=item.release,
            heard=item.heard,
            lead=Lead.parse(item.lead) if item.lead else None,
            others=item.others,
            finale=finale_of(title, item.release) if item.others else None,
        )
        words = compose(topic, ReaderSettings(zone=person.zone, hour_style=person.hour_style), at)
        return [arrival_line(at.astimezone(zone), person.name, channel, words.subject) for channel in item.channels]


def _ladder(title: Title, person: Subscriber) -> Ladder:
    wider = title.remind.over(person.remind) if title.remind else person.remind
    return wider.over(DEFAULT_LADDER)
