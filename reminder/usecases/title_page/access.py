"""Whether a person may know of a title at all: what is not theirs is for them as if it were not there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from reminder.store.title_commands import StoredTitle
from reminder.store.title_reads import Following, following_of, title_of


@dataclass(frozen=True, kw_only=True)
class TitleAccess:
    """A title that a person may see: they follow it or have followed it (`following`), or they are the owner."""

    kept: StoredTitle
    person: str
    following: Following | None
    is_owner: bool

    @property
    def is_followed(self) -> bool:
        """Tell whether this person follows it now."""
        return self.following is not None and self.following.ended_at is None


def access_to(
    tx: Connection, number: int, person: str, *, is_owner: bool, to_change: bool = False
) -> TitleAccess | None:
    """Return a person's access to the title of this number, None where they may know nothing of it.

    With `to_change` nobody else changes the title until the transaction ends.
    """
    kept = title_of(tx, number, lock=to_change)
    following = following_of(tx, number, person) if kept is not None else None
    if kept is None or (following is None and not is_owner):
        return None
    return TitleAccess(kept=kept, person=person, following=following, is_owner=is_owner)
