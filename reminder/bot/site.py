"""What the bot works with: a database, a clock, the config without its secrets, and what asks the sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from reminder.core.model.entities import Channel
from reminder.platform.clock import Clock
from reminder.platform.limits import Limit, Limits
from reminder.usecases.add_title import TitleAdder
from reminder.usecases.announcement_reader import AnnouncementReader
from reminder.usecases.database import Database

DAY: Final = 86_400.0
COMMANDS: Final = Limit(30, 60)
"""Commands of one chat."""
ASKING: Final = Limit(60, 3600)
"""What has the sources asked, or a page read, for one chat."""
TURNED_AWAY: Final = Limit(1, DAY)
"""Sentences to a chat that nobody knows."""


@dataclass(frozen=True, kw_only=True)
class BotSite:
    """Everything that the bot of one channel may use.

    `channel` has no URL: only who reads the bot holds its token. `is_always_read` tells whether it takes commands, or
    hears only of who joins. `adder` and `announcements` return what goes by the config as it stands now.
    `signing_key` is what the buttons of messages are signed with. `wake` has the daemon look for what is due.
    """

    channel: Channel
    is_always_read: bool
    database: Database
    clock: Clock
    adder: Callable[[], TitleAdder]
    announcements: Callable[[], AnnouncementReader]
    signing_key: str = field(repr=False)
    wake: Callable[[], None] = lambda: None
    limits: Limits = field(default_factory=Limits)

    def may(self, limit: Limit, chat: str) -> bool:
        """Count one more of something that a chat does; tell whether it may."""
        return not self.limits.wait(limit, chat, self.clock.monotonic())
