"""What somebody has seen: they hear nothing more of that release, but that its date has changed (SPEC 12).

Each works in the transaction `tx`. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.ledger import Ref
from reminder.core.wording import Wording
from reminder.store import seen as store
from reminder.store.title_reads import Following, following_of


def mark_seen(tx: Connection, person: str, title_id: int, ref: Ref, now: datetime) -> bool:
    """Note that a person has seen a release, given by season and first episode; return whether that is new.

    What waits about it is closed, and what would come about it later is skipped.
    """
    following = _following(tx, person, title_id)
    return store.add_seen(tx, following.subscriber_id, title_id, ref, now)


def unmark_seen(tx: Connection, person: str, title_id: int, ref: Ref, now: datetime) -> bool:
    """Note that a person has not seen a release after all; return whether they had said so.

    What waited about it then waits again, as long as it is of use.
    """
    following = _following(tx, person, title_id)
    return store.take_seen_back(tx, following.subscriber_id, title_id, ref, now)


def _following(tx: Connection, person: str, title_id: int) -> Following:
    found = following_of(tx, title_id, person)
    if found is None:
        raise WrongInput(Wording("you do not follow this title"))
    return found
