"""What happened after an old copy was made is not known to it: it is not sent again, unless that is asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.decide import passed_over
from reminder.core.outlook import after
from reminder.core.plan import plan
from reminder.store.decisions import Settled, write_settled
from reminder.store.ledger import take_over
from reminder.store.listings import Listed, sync
from reminder.store.restore import due_before, newest_trace, skip_open
from reminder.store.store import Store
from reminder.store.stories import Case, Library, cases_at
from reminder.store.titles import chunks

log = logging.getLogger(__name__)

LATE: Final = timedelta(days=1)
"""What is later than this was most likely sent after the copy was made."""


def skip_the_gap(store: Store, listed: Listed, *, now: datetime, grace: timedelta) -> int:
    """Record as skipped what fell due between the copy's newest row and a day ago; return how many messages that are.

    What the config has changed meanwhile is taken to have changed when the copy was made: its notices were sent, too.
    Raises StoreError.
    """
    before = now - LATE
    with store.write() as tx:
        newest = newest_trace(tx)
        if newest is None or newest >= before:
            return 0
        take_over(tx, now, all_of_them=True)
        sync(tx, listed, now=newest, grace=grace)
        skipped = skip_open(tx, before, now)
        rows = due_before(tx, before)
    for part in chunks(rows):
        with store.write() as tx:
            skipped += _skip(tx, part, before, now, grace)
    return skipped


def _skip(tx: Connection, rows: Sequence[int], before: datetime, now: datetime, grace: timedelta) -> int:
    settled = [_settled(case, before, now, grace) for case in cases_at(tx, rows, now, Library())]
    found = [item for item in settled if item is not None]
    write_settled(tx, found, now)
    return sum(len(item.decisions) for item in found)


def _settled(case: Case, before: datetime, now: datetime, grace: timedelta) -> Settled | None:
    sub, story = case.subscription, case.story
    try:
        decided = passed_over(story, plan(sub, story, now, grace), before, sub.noticed_no)
        current = plan(*after(sub, story, decided, now, as_sent=False), now, grace)
    except Exception:
        log.exception(
            "this subscription cannot be planned", extra={"subscriber": sub.subscriber.name, "title": sub.title.key}
        )
        return None
    return Settled(
        case=case, decisions=decided.decisions, noticed_no=decided.noticed_no, next_due_at=current.next_due_at
    )
