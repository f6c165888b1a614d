"""Settles a restored copy: it learns what the replaced database sent, else skips old messages unless asked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.secret import Secret
from reminder.core.schedule.decide import passed_over
from reminder.core.schedule.outlook import after
from reminder.core.schedule.plan import plan
from reminder.refresh.resolving import resolve_dates
from reminder.store.decisions import Settled, write_settled
from reminder.store.listings import ListedConfig, must_belong, sync
from reminder.store.load_plans import SubscriptionSnapshot, TitleCache, cases_at
from reminder.store.outbox_write import take_over
from reminder.store.replaced import bring_over
from reminder.store.replaced_ledger import bring_ledger
from reminder.store.restore import due_before, skip_open
from reminder.store.sql.engine import quick_check
from reminder.store.sql.store import Store, open_to_look
from reminder.store.titles import chunks

log = logging.getLogger(__name__)

LATE: Final = timedelta(days=1)
"""What is later than this was most likely sent after the copy was made."""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """The things a copy has learnt from the database that it replaces.

    `messages` counts those that were said or decided since. `is_all` tells whether that is all that happened since the
    copy was made; it is not when that database is another's successor. `left_out` are the people and titles that
    somebody has added there since, `forgotten` those who had joined and were forgotten there since.
    """

    messages: int
    is_all: bool
    left_out: tuple[str, ...]
    forgotten: tuple[str, ...] = ()


def learn(store: Store, replaced: Path, name: str, *, now: datetime, grace: timedelta) -> Learnt:
    """Let the copy in `store` know what the database `replaced` knows; `name` is the config's.

    All of it or nothing. Raises StoreError where that database cannot be read, or is another config's.
    """
    with closing(open_to_look(Secret(str(replaced)))) as old:
        quick_check(old.engine, replaced)
        with old.read() as there, store.write() as tx:
            must_belong(there, name)
            kin = bring_over(tx, there, now, grace)
            messages = bring_ledger(tx, there, kin)
    return Learnt(messages=messages, is_all=kin.is_one_line, left_out=kin.left_out, forgotten=kin.forgotten)


def skip_the_gap(
    store: Store, listed: ListedConfig, *, made_at: datetime | None, before: datetime, now: datetime, grace: timedelta
) -> int:
    """Record as skipped what fell due before an instant in a copy made at `made_at`; return how many messages that is.

    What the config has changed meanwhile is taken to have changed when the copy was made: its notices were sent, too.
    Raises StoreError.
    """
    if made_at is None or made_at >= before:
        return 0
    with store.write() as tx:
        take_over(tx, now, all_of_them=True)
        sync(tx, listed, now=made_at, grace=grace, resolve=resolve_dates)
        skipped = skip_open(tx, before, now)
        rows = due_before(tx, before)
    for part in chunks(rows):
        with store.write() as tx:
            skipped += _skip(tx, part, before, now, grace)
    return skipped


def _skip(tx: Connection, rows: Sequence[int], before: datetime, now: datetime, grace: timedelta) -> int:
    settled = [_settled(case, before, now, grace) for case in cases_at(tx, rows, now, TitleCache())]
    found = [item for item in settled if item is not None]
    write_settled(tx, found, now)
    return sum(len(item.decisions) for item in found)


def _settled(case: SubscriptionSnapshot, before: datetime, now: datetime, grace: timedelta) -> Settled | None:
    sub, story = case.subscription, case.story
    try:
        decided = passed_over(story, plan(sub, story, now, grace), before, sub.noticed_no)
        current = plan(*after(sub, story, decided, now, as_sent=False), now, grace)
    except Exception:
        log.exception("subscription not planned", extra={"subscriber": sub.subscriber.name, "title": sub.title.key})
        return None
    return Settled(
        case=case, decisions=decided.decisions, noticed_no=decided.noticed_no, next_due_at=current.next_due_at
    )
