"""What is due, decided: each subscription whose pointer has come due, planned and settled, in batches."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.decide import decide
from reminder.core.outlook import next_look
from reminder.core.plan import plan
from reminder.salvage import whole_or_each
from reminder.store.decisions import Settled
from reminder.store.stories import Case, Library, case_at, cases_at, due_rows, put_off

log = logging.getLogger(__name__)

MANY: Final = 400
"""Subscriptions decided in one transaction: few enough that nobody waits long for the database."""

FEW: Final = 200
"""As many while something is on its way: what comes back is not recorded before the transaction ends."""

PUT_OFF: Final = timedelta(hours=1)
"""When what cannot be read, planned or written is looked at again: by then someone may have mended it."""


def decide_due(tx: Connection, now: datetime, grace: timedelta, limit: int) -> tuple[list[Settled], bool]:
    """Return what is decided about the next subscriptions that are due at `now`, and whether there are more.

    They are some `limit`, and all of each person whom they are of.
    """
    due = due_rows(tx, now, limit)
    cases = whole_or_each(
        lambda: cases_at(tx, due.rows, now, Library()),
        lambda: due.rows,
        lambda row: case_at(tx, row),
        lambda row: put_off(tx, row, now + PUT_OFF),
    )
    return [_settled(case, now, grace) for case in cases], due.more


def _settled(case: Case, now: datetime, grace: timedelta) -> Settled:
    """Decide about one subscription; one that cannot be planned is put off, so that it stops nobody else."""
    sub, story = case.subscription, case.story
    try:
        current = plan(sub, story, now, grace)
        decided = decide(sub, story, current, now)
        next_due_at = next_look(sub, story, current, decided, now, grace)
    except Exception:
        log.exception(
            "this subscription cannot be planned; the next try is in an hour",
            extra={"subscriber": sub.subscriber.name, "title": sub.title.key},
        )
        return Settled(case=case, decisions=(), noticed_no=sub.noticed_no, next_due_at=now + PUT_OFF)
    return Settled(
        case=case,
        decisions=decided.decisions,
        noticed_no=decided.noticed_no,
        next_due_at=next_due_at,
    )
