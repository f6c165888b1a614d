"""People: silence about a title or for a person, who is known by a name, and forgetting somebody.

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from reminder.core.dates.local_time import local_at
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Subscriber
from reminder.core.wording import Wording
from reminder.store import people, title_commands
from reminder.store.forget import StoredPerson, forget_person, what_is_known
from reminder.store.people import find_people
from reminder.store.title_commands import QuietSource, StoredTitle
from reminder.store.web_sessions import person_number
from reminder.usecases.titles import find_title

__all__ = ["StoredPerson", "forget_person"]


def is_known(tx: Connection, name: str) -> bool:
    """Tell whether the database knows somebody of this name, whom the config may not list."""
    return bool(find_people(tx, name))


def find_person(tx: Connection, name: str) -> Subscriber | None:
    """Return who is told and is called so, None for nobody: whoever the config no longer lists is not told."""
    number = person_number(tx, name)
    return None if number is None else people.load_people(tx, [number])[number]


# Silence -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Muted:
    """A title that was muted or unmuted: who of those asked about follow it, and for whom something has changed."""

    kept: StoredTitle
    followers: tuple[str, ...]
    changed: tuple[str, ...]


def mute(tx: Connection, words: Sequence[str], name: str | None, until: date | None, now: datetime) -> Muted:
    """Silence a title for this person, or all who follow it: for good, or until each one's sending hour of a day.

    Raises WrongInput when no title is called so, it is no longer watched, or is not followed.
    """
    kept, followers = _followed(tx, words, name)
    for each in followers:
        silence = QuietSource(muted_at=now) if until is None else QuietSource(paused_until=_hour(tx, each, until))
        title_commands.mute(tx, kept.id, each, silence, now)
    return Muted(kept=kept, followers=followers, changed=followers)


def unmute(tx: Connection, words: Sequence[str], name: str | None, now: datetime) -> Muted:
    """End the silence about a title for this person, or all who follow it. Raises WrongInput as `mute` does."""
    kept, followers = _followed(tx, words, name)
    return Muted(kept=kept, followers=followers, changed=title_commands.mute(tx, kept.id, name, QuietSource(), now))


def pause(tx: Connection, name: str, until: date, now: datetime) -> None:
    """Send a person nothing until their sending hour of a day."""
    people.pause(tx, name, _hour(tx, name, until), now)


def resume(tx: Connection, name: str, now: datetime) -> None:
    """End a person's pause."""
    people.pause(tx, name, None, now)


def _followed(tx: Connection, words: Sequence[str], name: str | None) -> tuple[StoredTitle, tuple[str, ...]]:
    kept = find_title(tx, words)
    title = kept.listing.title.name
    if kept.ended_at is not None:
        raise WrongInput(Wording("%(title)s is no longer watched: `reminder add` takes it up again", title=title))
    who = title_commands.followers(tx, kept.id, name)
    if not who:
        raise WrongInput(Wording("%(name)s does not follow %(title)s", name=name or "nobody", title=title))
    return kept, who


def _hour(tx: Connection, name: str, on: date) -> datetime:
    """Return the person's sending hour of a day."""
    person = next(iter(find_people(tx, name).values()))
    return local_at(on, person.at, person.zone)


# Forgetting ----------------------------------------------------------------------------------------------------------


def person_to_forget(tx: Connection, name: str) -> StoredPerson:
    """Return what would be removed with somebody. Raises WrongInput for a name that nobody has."""
    known = what_is_known(tx, name)
    if known is None:
        raise WrongInput(
            Wording('nobody is called "%(name)s": write the name as in the config or the import', name=name)
        )
    return known
