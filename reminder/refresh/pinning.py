"""Looks for what titles mean at the sources, and pins each to its entry."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from reminder.core.model.entities import Title
from reminder.core.sourcing.answers import NoAnswer
from reminder.core.sourcing.match import Plain, Unclear
from reminder.core.sourcing.poll_interval import jittered
from reminder.refresh.failing import own_fault
from reminder.refresh.finding import find, is_askable, search_order, unserved
from reminder.refresh.report import RefreshReport, later
from reminder.sources.build import Catalogues
from reminder.store import followed
from reminder.store.followed import SourceState
from reminder.store.sql.store import Store
from reminder.store.title_commands import StoredTitle

log = logging.getLogger(__name__)

SEARCH_AGAIN: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Pinner:
    """Pins the titles of one database."""

    store: Store
    there: Catalogues

    def match(
        self, titles: Iterable[StoredTitle], now: datetime, keys: Collection[str] | None, report: RefreshReport
    ) -> dict[str, NoAnswer | None]:
        """Pin what is plainly meant; of the rest keep what there is to choose from.

        Returns the sources that were asked, each with its silence if it was silent.
        """
        with self.store.read() as tx:
            known = followed.known_sources(tx)
        heard: dict[str, NoAnswer | None] = {}
        for item in titles:
            title = item.listing.title
            if not _is_to_be_found(title, known.get(title.key), now, at_once=keys is not None):
                continue
            if not is_askable(title, self.there) or self.there.stop.is_set():
                if keys is not None and (reason := unserved(title, self.there)):
                    report.silent[title.name] = reason
                continue
            report.tried.add(title.key)
            with own_fault(report, title.key, title.name):
                meant = find(title, self.there)
                if self.there.stop.is_set():
                    break  # what was not looked for stays due
                heard |= self._matched(title, meant, now, report)
        return heard

    def _matched(
        self, title: Title, meant: Plain | Unclear | NoAnswer, now: datetime, report: RefreshReport
    ) -> dict[str, NoAnswer | None]:
        """Keep what came of looking for a title; return which source was heard, or was silent."""
        with self.store.write() as tx:
            if isinstance(meant, Plain):
                by = followed.BY_CONFIG if meant.by_id else followed.BY_NAME
                followed.pin_to(tx, title.key, meant.match, by, now)
                report.matched[title.name] = str(meant.match)
                log.info("title pinned", extra={"title": title.name, "entry": meant.match.id})
                return {}
            pin = followed.pin_to_nobody(tx, title, now)
            if isinstance(meant, NoAnswer):
                report.silent[title.name] = meant.reason
                followed.note_silence(tx, title.key, meant.reason)
                followed.ask_again(tx, {title.key: later(title.key, SourceState(pin=pin), meant, now)})
                own = replace(meant, reason=meant.reason.removeprefix(f"{meant.source}: "))
                return {meant.source: own} if meant.source else {}
            report.unclear[title.name] = "; ".join([meant.why, *map(str, meant.matches[:5])])
            followed.note_silence(tx, title.key, report.unclear[title.name])
            followed.ask_again(tx, {title.key: now + jittered(SEARCH_AGAIN, title.key)})
            return dict.fromkeys(search_order(title, self.there)[:1])


def _is_to_be_found(title: Title, have: SourceState | None, now: datetime, *, at_once: bool) -> bool:
    """Tell whether the entry of a title is looked for: it has none, or another than its options name.

    What was ambiguous yesterday is searched for again tomorrow, but for one that somebody asks about `at_once`.
    """
    if title.source_options is None or have is None:
        return title.source_options is not None
    if have.pin.ref:
        return not followed.is_pinned_so(title.source_options, have.pin)
    return at_once or have.next_at is None or have.next_at <= now
