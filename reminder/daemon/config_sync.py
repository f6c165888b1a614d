"""Brings a config into the database: decides whether it may replace the one there, and says what to do if not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import ClockWrong, ConfigReplaced, ConfigShrunk
from reminder.core.schedule.listing import lost_by
from reminder.core.sending.clock_guard import EARLIEST, behind_ledger
from reminder.delivery.lease_keeper import LeaseKeeper
from reminder.platform.tzdata_version import rules_of_zones
from reminder.refresh.resolving import resolve_dates
from reminder.store.clock_reset import set_back
from reminder.store.daemons import Identity, digest_of, note_config, one_at_a_time, who_runs_newer
from reminder.store.listings import ListedConfig, followed, note_rules, sync
from reminder.store.load_plans import newest_row
from reminder.store.outbox_write import pull_in, take_over
from reminder.store.sql.store import Store
from reminder.store.writer import SyncReport

log = logging.getLogger(__name__)

TAKE_IT: Final = "if it is meant, `reminder run --once --force` takes it as it is"
AGAIN: Final = "if it is meant, reload once more"


@dataclass(frozen=True, kw_only=True)
class ConfigSync:
    """Brings what a config lists into the database; `file` is how the config is named to people."""

    listed: ListedConfig
    grace: timedelta
    file: str

    @property
    def digest(self) -> str:
        """Return what tells this config from another."""
        return digest_of(self.listed)

    def take(self, tx: Connection, now: datetime, me: Identity | None, way_on: str | None) -> SyncReport:
        """Make the database hold what the config lists.

        `me` is who takes it, where several daemons may share the database; None on SQLite. Raises ConfigShrunk when
        most of what people follow is no longer in it, and ConfigReplaced when another daemon runs the one that came
        after it; both end with `way_on`, how to go on. Without a `way_on` neither is raised. Raises StoreError.
        """
        if me is None:
            return self._synced(tx, now, way_on)
        one_at_a_time(tx)
        newer = who_runs_newer(tx, me) if way_on else None
        if newer:
            raise ConfigReplaced(
                f"{self.file}: this config was replaced by another, which {newer} runs. "
                f"It is left as it is, and what the database holds goes on; {way_on}"
            )
        report = self._synced(tx, now, way_on)
        note_config(tx, me.digest)
        return report

    def _synced(self, tx: Connection, now: datetime, way_on: str | None) -> SyncReport:
        report = sync(tx, self.listed, now=now, grace=self.grace, resolve=resolve_dates)
        lost = lost_by(*followed(tx, now)) if report.ended and way_on else None
        if lost:
            raise ConfigShrunk(f"{self.file}: {lost} Nothing was changed; {way_on}")
        return report

    def begin(
        self, store: Store, now: datetime, lease_keeper: LeaseKeeper | None = None, *, force: bool = False
    ) -> str | None:
        """Take over what was in flight when the last daemon died, and bring the config into the database.

        Returns why it was left as it is, None when it was taken. Raises ClockWrong when the clock stands before what
        the ledger has recorded: what began then would be owed all that has passed since. Raises ConfigShrunk. With
        `force` the config and the clock are taken as they are. Raises StoreError.
        """
        if store.is_sqlite:
            with store.write() as tx:
                take_over(tx, now, all_of_them=True)
        with store.write() as tx:
            doubt = behind_ledger(now, newest_row(tx))
            if doubt and not (force and now >= EARLIEST):
                raise ClockWrong(f"nothing is sent: {doubt.reason}")
            if doubt:
                anew = set_back(tx, now)
                log.warning("ledger set back to the clock", extra={"rows": anew})
            pull_in(tx, now)
            left = self._taken_or_left(tx, now, lease_keeper, None if force else TAKE_IT)
            if note_rules(tx, rules_of_zones(), now):
                log.info("time zone rules changed, replanning")
            if lease_keeper:
                lease_keeper.announce(tx)
        return left

    def _taken_or_left(
        self, tx: Connection, now: datetime, lease_keeper: LeaseKeeper | None, way_on: str | None
    ) -> str | None:
        try:
            self.take(tx, now, lease_keeper.me if lease_keeper else None, way_on).log()
        except ConfigReplaced as error:
            return str(error)
        return None
