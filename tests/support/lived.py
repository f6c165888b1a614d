"""A household on the first tables: its config, its catalogues, and how its rows in `tests/data/versions/lived` were made.

The rows are those of the commit d492b3c, which had migration 0001 only. They were written by a checkout of it, with
this file beside its own in `tests/support`, and are not to be written again:

    python -m tests.support.lived > household.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import select, update

from reminder.config.people_file import PeopleFile
from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import Title, title_key
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from reminder.refresh.resolving import resolve_dates
from reminder.store.sql.tables import subscriber, subscription
from reminder.store.title_commands import kept_titles, put
from reminder.usecases.import_subscribers import PeopleImport
from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld
from tests.support.versions import dump
from tests.support.works import Season, Show, event, weekly

ZONE: Final = "Europe/Berlin"
BEGAN: Final = "2026-11-20 12:00"
LEFT: Final = "2026-12-08 09:00"
"""When the program of before was stopped: right after the morning's messages, of which one failed."""

BASE: Final = """
name: home
timezone: Europe/Berlin
burst: 0
channels:
  mail: json://127.0.0.1:9/mail
  phone: json://127.0.0.1:9/phone
  gran: json://127.0.0.1:9/gran
  bot: "json://127.0.0.1:9/{address}"
subscribers:
  anna: {channels: [mail, phone], mute: [Severance]}
  ben: {channels: [phone], timezone: America/New_York, at: 20:00}
  gran: {channels: [gran]}
calendars: [{url: '${SONARR_ICS}', name: mine}]
"""

WATCH: Final = """
watch:
  - {title: Ballard, premiere: 2026-12-10}
  - {title: Foundation, premiere: FOUNDATION}
  - {title: Andor, premiere: 2026-12-01, episodes: 4, drop: weekly}
  - {title: Severance, premiere: 2026-12-11}
  - {title: Sommer, premiere: 2026-12}
  - {title: "Dune: Part Three", premiere: 2026-12-15}
  - Harbour Lights
  - Two Halves
  - Breaking Bad
"""
CONFIG: Final = WATCH.replace("FOUNDATION", "2026-12-27")

BROKEN: Final = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
DOWN: Final = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)


def events() -> list[str]:
    """Return the calendar: numbers in several spellings, days without any, a zone beside a day, one that repeats."""
    return [
        *event("bb@list", "20261210", "Breaking Bad — S05E09: Blood Money"),
        *event("s3@list", "20261211T200000Z", "Silo 2x03"),
        *event("s4@list", "20261218T200000Z", "Silo 2x04"),
        *event("t1@list", "20261203", "Taskmaster"),
        *event("t2@list", "20261210", "Taskmaster"),
        *event("t3@list", "20261217", "Taskmaster"),
        *event("t4@list", "20261224", "Taskmaster"),
        *("BEGIN:VEVENT", "UID:tk@list", "DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20261211", "SUMMARY:Tokyo Film"),
        "END:VEVENT",
        *event("nw@list", "20261204", "New Show", rrule="FREQ=WEEKLY;COUNT=4"),
        *event("f5@list", "20261212", "Frieren Episode 5"),
        *event("f6@list", "20261219", "Frieren Episode 6"),
        *event("op@list", "20261213", "One Piece #1071"),
        *event("l1@list", "20261209", "The Late Show 2026-12-09"),
        *event("l2@list", "20261210", "The Late Show 2026-12-10"),
        *event("sv@list", "20261214", "S02E03 - Severin"),
        *event("du@list", "20261215", "Dune: Part Three (2026)"),
        *event("am@list", "20261213", "Amélie Deux (Theatrical Release)"),
        *event("tb@list", "20261214", "三体 2x01"),
        *event("NzbDrone_episode_9", "20261209T043000Z", "The Daily Show - A Guest"),
        *event("NzbDrone_episode_10", "20261211T043000Z", "The Daily Show - Another"),
    ]


def shows() -> dict[int, Show]:
    """Return the shows of the catalogue: one of a streamer, with days, and one of a network, with hours."""
    return {
        1: Show(
            id=1, name="Harbour Lights", streams=True, country=None, episodes=weekly(1, "2026-12-04", 6),
            seasons=[Season(number=1, premiere="2026-12-04", end="2027-01-08", order=6)],
        ),
        2: Show(
            id=2, name="Two Halves", episodes=weekly(1, "2026-11-29", 5, hour="21:00"),
            seasons=[Season(number=1, premiere="2026-11-29", end="2026-12-27", order=5)],
        ),
    }  # fmt: skip


def stand(there: Catalogues) -> None:
    """Let the catalogues hold what they held for this household."""
    there.shows = shows()
    there.feeds["sonarr"] = events()


def live(there: Catalogues) -> SourcedWorld:
    """Live until the program was stopped, and return what it had come to."""
    world = SourcedWorld(WATCH.replace("FOUNDATION", "2026-12-20"), BEGAN, zone=ZONE, base=BASE, there=there)
    _come_in(world)
    world.live("2026-12-05 12:00")
    world.transport.always("gran", BROKEN)
    world.live("2026-12-06 18:00")
    world.edit(CONFIG)
    world.live("2026-12-08 08:00")
    world.transport.script("phone", *[DOWN] * 2).always("phone", Sent(detail="200 OK"))
    return world.live(LEFT)


def _come_in(world: SourcedWorld) -> None:
    """Add titles by command, one of them muted, and a person from a file."""
    with world.store.write() as tx:
        for name, day in (("The Odyssey", "2026-12-12"), ("Quiet Earth", "2026-12-13")):
            title = Title(key=title_key(name, None), name=name, premiere=parse_when(day))
            put(tx, ListedEntry(title=title), world.clock.now(), world.app.config.grace, resolve_dates)
        (found,) = [item for item in kept_titles(tx) if item.listing.title.name == "Quiet Earth"]
        ben = select(subscriber.c.id).where(subscriber.c.name == "ben").scalar_subquery()
        theirs = (subscription.c.title_id == found.id, subscription.c.subscriber_id == ben)
        tx.execute(update(subscription).where(*theirs).values(muted_at=world.clock.now()))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        file.write_text("subscriber,timezone,channel,address,titles\nsam,Europe/Paris,bot,123,Ballard;Andor\n")
        work = PeopleImport(store=world.store, config=world.app.config, file=PeopleFile(path=file))
        with world.store.read() as tx:
            work.check(tx)
        work.load(world.clock.now())


def main() -> None:
    """Print the rows of the household; what arrived goes to stderr."""
    with Catalogues() as there:
        stand(there)
        world = live(there)
        with world.store.read() as tx:
            rows = dump(tx)
    sys.stderr.write("\n".join(world.lines()) + "\n")
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace('},{"', '},\n{"') + "\n")


if __name__ == "__main__":
    main()
