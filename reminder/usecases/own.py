"""What people choose for themselves: what they follow and how, beside what the config or an import says (SPEC 10).

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.errors import WrongInput
from reminder.core.model.lead import Ladder
from reminder.core.schedule.listing import ListedEntry
from reminder.core.wording import Wording
from reminder.refresh.resolving import resolve_dates
from reminder.store import own, title_commands
from reminder.store.listings import COMMAND, CONFIG
from reminder.store.title_commands import StoredTitle
from reminder.store.title_reads import title_of


def follow(tx: Connection, config: Config, person: str, title_id: int, now: datetime) -> bool:
    """Let somebody follow a title of this number; return whether they did not before.

    One that is no longer watched is taken up again, for them alone.
    """
    kept = _kept(tx, title_id)
    if kept.ended_at is not None:
        alone = ListedEntry(title=kept.listing.title, followers={}, read_from=kept.listing.read_from)
        title_commands.put_new(tx, [alone], COMMAND, now, config.grace, resolve_dates, for_one=True)
    return own.follow(tx, person, title_id, now, config.grace)


def stop(tx: Connection, person: str, title_id: int, now: datetime) -> bool:
    """Let somebody follow a title no more, whatever lists it for them; return whether they did.

    What the config does not list, and nobody follows any more, is no longer watched.
    """
    _kept(tx, title_id)
    was_followed = own.stop(tx, person, title_id, now)
    if was_followed:
        title_commands.end_unfollowed(tx, [title_id], now)
    return was_followed


def set_leads(tx: Connection, person: str, title_id: int, ladder: Ladder | None, now: datetime) -> None:
    """Give somebody leads of their own for a title that they follow, None for the usual ones again.

    Leads that a title, which the config does not list, was added with for them are taken away then, too.
    """
    kept = _kept(tx, title_id)
    if ladder is None and kept.origin != CONFIG:
        own.drop_listed_leads(tx, title_id, person)
    if not own.take_leads(tx, person, title_id, ladder, now):
        raise WrongInput(Wording("you do not follow %(title)s", title=kept.listing.title.name))


def _kept(tx: Connection, title_id: int) -> StoredTitle:
    """Return the title of this number, which nobody else begins or ends until the transaction is over."""
    found = title_of(tx, title_id, lock=True)
    if found is None:
        raise WrongInput(Wording("there is no such title"))
    return found
