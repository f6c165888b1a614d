"""A household that adds titles without a terminal: its config, its database, and catalogues on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from reminder.config import Config, parse_config
from reminder.core.schedule.listing import ListedEntry
from reminder.platform.clock import SimulatedClock
from reminder.refresh.refresher import Refresher
from reminder.refresh.resolving import resolve_dates
from reminder.sources.build import Builder
from reminder.sources.build import Catalogues as Sources
from reminder.store.listings import ListedConfig, sync
from reminder.store.sql.store import Store
from reminder.usecases.add_title import TitleAdder
from tests.support.catalogues import Catalogues
from tests.support.works import Season, Show, weekly

NOW = datetime(2026, 10, 1, 6, tzinfo=UTC)
CONFIG = """
timezone: Asia/Kolkata
operator: asha
channels: {phone: json://127.0.0.1:9/, mail: json://127.0.0.1:9/mail}
subscribers:
  asha: {channels: [phone]}
  ravi: {channels: [mail], timezone: America/New_York, remind: [3d, day]}
watch:
- {title: Dune, premiere: 2026-12-18, for: [asha]}
- {title: Silo, premiere: 2026-11-20}
"""


def household(config: str = CONFIG) -> Config:
    """Return what the config says."""
    return parse_config(config, "config.yaml")


def bring(store: Store, config: Config, now: datetime = NOW) -> None:
    """Bring a config into the database."""
    titles = tuple(ListedEntry(title=entry.title, followers=entry.followers) for entry in config.watch)
    listed = ListedConfig(name=config.name, subscribers=config.subscribers, channels=config.channels, titles=titles)
    with store.write() as tx:
        sync(tx, listed, now=now, grace=config.grace, resolve=resolve_dates)


@contextmanager
def catalogues() -> Iterator[Catalogues]:
    """Serve two works of one name, one of another, and one without a date."""
    harbour = Show(
        id=7,
        name="Harbour Lights",
        premiered="2026-10-08",
        seasons=[Season(number=1, order=3)],
        episodes=weekly(1, "2026-10-08", 3),
        channel="Quay",
        streams=True,
    )
    offices = [
        Show(
            id=number,
            name="The Office",
            premiered=f"{year}-01-01",
            seasons=[Season(number=9, order=2)],
            episodes=weekly(9, "2026-11-05", 2),
            country=(country, zone),
        )
        for number, year, country, zone in ((20, 2001, "GB", "Europe/London"), (21, 2005, "US", "America/New_York"))
    ]
    with Catalogues(shows={show.id: show for show in (harbour, *offices)}) as there:
        yield there


def adder(store: Store, there: Catalogues | None, config: Config | None = None) -> TitleAdder:
    """Return what adds titles to this database; None for no sources at all."""
    clock = SimulatedClock(NOW)
    sources = Sources(sources={"tvmaze": Builder(clock=clock).tvmaze(there.tvmaze)} if there else {})
    refresher = Refresher(store=store, there=sources, grace=timedelta(days=2), tell=lambda subject, lines, now: None)
    return TitleAdder(config=config or household(), refresher=refresher)
