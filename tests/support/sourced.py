"""A world whose dates come from catalogues on loopback, asked as the daemon does while time passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from reminder.daemon.build_sources import build_refresher
from reminder.refresh.report import RefreshReport
from tests.support.catalogues import KEY, Catalogues
from tests.support.world import World

LOOK: Final = timedelta(hours=12)
"""How often it is looked whether a source is to be asked; the daemon does so every few minutes."""


@dataclass
class SourcedWorld(World):
    """See the top of this file. `there` are the catalogues; the config needs no `sources:`; `look` is how often they are asked."""

    there: Catalogues = field(default_factory=Catalogues)
    more: str = ""
    look: timedelta = LOOK

    def __post_init__(self) -> None:
        self.told: list[str] = []
        self.base += (
            f"sources: {{tvmaze: {{url: '{self.there.tvmaze}'}}, tmdb: {{key: '${{TMDB_TOKEN}}', "
            f"url: '{self.there.tmdb}'}}}}\n"
            if "tmdb" in self.more
            else f"sources: {{tvmaze: {{url: '{self.there.tvmaze}'}}}}\n"
        )
        self.environ = {"TMDB_TOKEN": KEY, "SONARR_ICS": self.there.feed("sonarr")}
        super().__post_init__()

    def refresh(self, *, everything: bool = False) -> RefreshReport:
        """Ask the sources about what is due now, or about everything."""
        from reminder.store.title_commands import kept_titles

        def tell(subject: str, lines: Sequence[str], now: datetime) -> None:
            self.told.append(f"{subject}: {' '.join(lines)}")
            self.sweeper.alarm(subject, *lines, now=now)

        keys = None
        if everything:
            with self.store.read() as tx:
                keys = [item.listing.title.key for item in kept_titles(tx)]
        return build_refresher(self.app, self.store, tell).refresh(self.clock.now(), keys)

    def live(self, until: str) -> Self:
        """Let time pass as the daemon does, with the sources asked when it is time for that."""
        end = self.instant(until)
        while self.clock.now() < end:
            self.refresh()
            stop = min(end, self.clock.now() + self.look)
            self.settle()
            while (following := self.sweeper.sweep(self.clock.now()).next_at) is not None and following <= stop:
                self.clock.set(max(following, self.clock.now() + timedelta(seconds=1)))
                self.settle()
            if self.clock.now() < stop:
                self.clock.set(stop)
        self.refresh()
        return self.settle()
