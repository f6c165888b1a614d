"""What people do in a chat with the bot: which person a chat is, and their titles by the names that they write.

Every function works in the transaction `tx` that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.model.entities import Subscriber
from reminder.core.model.names import searchable
from reminder.core.schedule.listing import ListedEntry
from reminder.delivery.deed_marks import mark_of
from reminder.store import agenda_rows, chats
from reminder.store.deeds import note_deed
from reminder.store.own import end_use, ended_uses
from reminder.store.title_commands import StoredTitle, kept_by_numbers
from reminder.store.web_sessions import person_number
from reminder.usecases import own
from reminder.usecases.deeds import CHAT, DeedNews, take_mail_again, tell_others
from reminder.usecases.title_page import actions
from reminder.usecases.title_page.access import TitleAccess, access_to
from reminder.usecases.titles import called

MOST_CHOICES: Final = 8
"""So many titles of a name are offered to choose from."""


def people_in(tx: Connection, channel: str, chat: str) -> tuple[Subscriber, ...]:
    """Return whose address on a channel a chat is; an address that has not proved itself is nobody's."""
    return tuple(chats.people_at(tx, channel, chat).values())


@dataclass(frozen=True, kw_only=True)
class ChatTitle:
    """A title that somebody in a chat means, by its number and its name with the season."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class MeantTitles:
    """The titles that may be meant by some words: `is_exact` tells whether they are called so, or only hold them."""

    titles: tuple[ChatTitle, ...]
    is_exact: bool


def meant(tx: Connection, person: Subscriber, words: str) -> MeantTitles:
    """Return which of the titles that a person follows is meant by some words; a few where that is not plain."""
    titles = followed(tx, person)
    keys = called([each.listing for each in titles], words)
    exact = [each for each in titles if each.listing.title.key in keys]
    if exact:
        return MeantTitles(titles=_few(exact), is_exact=True)
    wanted = searchable(words)
    near = [each for each in titles if wanted and wanted in searchable(each.listing.title.name)]
    return MeantTitles(titles=_few(near), is_exact=False)


def followed(tx: Connection, person: Subscriber) -> list[StoredTitle]:
    """Return the titles that a person follows."""
    number = person_number(tx, person.name)
    return [] if number is None else kept_by_numbers(tx, agenda_rows.followed_ids(tx, number, MOST_FOLLOWED))


MOST_FOLLOWED: Final = 20_000
"""More titles than anybody follows."""


def silent_titles(tx: Connection, person: Subscriber, now: datetime) -> tuple[ChatTitle, ...]:
    """Return the first few titles about which a person has asked for silence."""
    number = person_number(tx, person.name)
    return () if number is None else _few(kept_by_numbers(tx, chats.silenced(tx, number, now)[:MOST_CHOICES]))


def _few(titles: Sequence[StoredTitle]) -> tuple[ChatTitle, ...]:
    return tuple(ChatTitle(id=each.id, name=_name(each.listing)) for each in titles[:MOST_CHOICES])


def _name(listing: ListedEntry) -> str:
    title = listing.title
    return title.name if title.season is None else f"{title.name} season {title.season}"


# What is done about one ----------------------------------------------------------------------------------------------


def mute(tx: Connection, person: Subscriber, number: int, now: datetime) -> ChatTitle | None:
    """Let a person hear nothing of a title that they follow; return it, None where they do not."""
    access = _followed(tx, person, number)
    if access is None:
        return None
    actions.mute(tx, access, now)
    return _title(access)


def unmute(tx: Connection, person: Subscriber, number: int, now: datetime) -> ChatTitle | None:
    """End a person's silence about a title that they follow; return it, None where they do not."""
    access = _followed(tx, person, number)
    if access is None:
        return None
    actions.unmute(tx, access, now)
    return _title(access)


def stop(tx: Connection, person: Subscriber, number: int, now: datetime) -> ChatTitle | None:
    """Let a person follow a title no more; return it, None where they may know nothing of it."""
    access = _access(tx, person, number)
    if access is None:
        return None
    own.stop(tx, person.name, number, now)
    return _title(access)


def follow_again(tx: Connection, config: Config, person: Subscriber, number: int, now: datetime) -> ChatTitle | None:
    """Let a person follow a title again that they followed; return it, None where they never did."""
    access = _access(tx, person, number)
    if access is None:
        return None
    own.follow(tx, config, person.name, number, now)
    return _title(access)


def leave(tx: Connection, person: Subscriber, channel: str, chat: str, now: datetime) -> bool:
    """Let nothing more come to a chat that is a person's address; return whether it was.

    They hear of it over their other channels, with a way back; the chat itself can take it back too.
    """
    use, number = chats.use_at(person, channel, chat), person_number(tx, person.name)
    if use is None or number is None or not end_use(tx, person.name, use, now):
        return False
    detail = {"about": channel, "channel": use.name, "mark": mark_of(use.name, use.address)}
    deed = note_deed(tx, number, CHAT, None, detail, now)
    rest = replace(person, channels=tuple(each for each in person.channels if each.name != use.name))
    tell_others(tx, number, rest, DeedNews(deed_id=deed, what=CHAT, about=channel, over=None), now)
    return True


def left_by(tx: Connection, channel: str, chat: str) -> tuple[Subscriber, ...]:
    """Return who has ended by themselves what came to a chat."""
    return tuple(chats.people_left(tx, channel, chat).values())


def come_back(tx: Connection, person: Subscriber, channel: str, chat: str, now: datetime) -> bool:
    """Have messages come to a chat again in which a person has ended them; return whether they had."""
    ended = (use for use in ended_uses(tx, person.name) if chats.leads_to(use, channel, chat))
    use = next(ended, None)
    number = person_number(tx, person.name)
    if use is None or number is None:
        return False
    return take_mail_again(tx, (number, person.name), use.name, mark_of(use.name, use.address), now)


def title_in(tx: Connection, person: Subscriber, number: int) -> ChatTitle | None:
    """Return a title that a person follows or has followed, None for any other."""
    access = _access(tx, person, number)
    return None if access is None else _title(access)


def _access(tx: Connection, person: Subscriber, number: int) -> TitleAccess | None:
    return access_to(tx, number, person.name, is_owner=False, to_change=True)


def _followed(tx: Connection, person: Subscriber, number: int) -> TitleAccess | None:
    access = _access(tx, person, number)
    return access if access is not None and access.is_followed else None


def _title(access: TitleAccess) -> ChatTitle:
    return ChatTitle(id=access.kept.id, name=_name(access.kept.listing))
