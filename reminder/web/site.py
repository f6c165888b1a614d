"""What the page works with: a database, a clock, the config without its secrets, and how to wake who sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reminder.config import Config
from reminder.config.values import Web
from reminder.core.model.entities import Subscriber
from reminder.platform.clock import Clock
from reminder.platform.heartbeat import Heartbeat
from reminder.platform.limits import Limits
from reminder.usecases.add_title import TitleAdder
from reminder.usecases.announcement_reader import AnnouncementReader
from reminder.usecases.database import Database
from reminder.usecases.title_names import TitleNames
from reminder.web.written_feeds import WrittenFeeds


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything that a page may use.

    `config` returns the config as it stands now: its channels have no URL, for the page never holds a secret of
    theirs. `heartbeat` returns the sign of life of the daemon on this machine, `wake` has the daemon of this process
    look for what is due (elsewhere it notices by itself), `adder` returns what proposes titles and asks the sources,
    `announcements` what reads announcements.
    `change_mark` is another one after every change of the database, None where that cannot be told.
    `signing_key` signs what browsers are handed and give back.
    """

    database: Database
    clock: Clock
    config: Callable[[], Config]
    signing_key: str = field(repr=False)
    adder: Callable[[], TitleAdder]
    announcements: Callable[[], AnnouncementReader]
    heartbeat: Callable[[], Heartbeat | None]
    wake: Callable[[], None] = lambda: None
    change_mark: Callable[[], str | None] = lambda: None
    is_in_daemon: bool = False
    limits: Limits = field(default_factory=Limits)
    feeds: WrittenFeeds = field(default_factory=WrittenFeeds)
    names: TitleNames = field(default_factory=TitleNames)

    @property
    def web(self) -> Web:
        """Return how the page is served."""
        return self.config().web or Web()

    @property
    def is_secure(self) -> bool:
        """Tell whether people reach the page over https, so that cookies may insist on that."""
        return bool(self.web.address and self.web.address.startswith("https://"))

    @property
    def own_host(self) -> str | None:
        """Return host and port of the page's address, None where only this machine reaches it."""
        return urlsplit(self.web.address).netloc if self.web.address else None

    def link(self, path: str) -> str:
        """Return the whole address of a path, for a link that leaves the page."""
        host, port = self.web.listen
        local = f"http://{'localhost' if host in {'127.0.0.1', '::1', 'localhost'} else host}:{port}"
        return f"{self.web.address or local}{path}"

    def is_owner(self, person: Subscriber) -> bool:
        """Tell whether somebody is an owner, who sees everything: the config's operator, or whom one has made one."""
        return person.is_owner or person.name == self.config().operator
