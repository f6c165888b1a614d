"""What somebody has done by a link: told to them over their other channels, and taken back within a day (SPEC 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.model.ledger import Ref
from reminder.core.schedule.decide import apart
from reminder.core.text.content import ActionKind
from reminder.delivery.deed_marks import DEED, mark_of
from reminder.store import own, seen, title_commands
from reminder.store.acting import close_message, close_told
from reminder.store.channels import OwnMessage, tell
from reminder.store.deeds import Deed, follows_quietly, note_undone, note_uses_taken_again, waits
from reminder.store.title_commands import QuietSource, kept_by_numbers
from reminder.texts.languages.choice import reader_of
from reminder.usecases import own as following

UNDOES: Final = timedelta(days=1)
"""So long what was done can be taken back."""

MAIL: Final = "mail"
"""What is done by the unsubscribe of a mail program: mail to an address ends."""
CHAT: Final = "chat"
"""What is done by `/stop` in a chat: nothing comes there any more."""
ENDS_USE: Final = frozenset({MAIL, CHAT})

_TOLD: Final = OwnMessage(kind=Kind.TROUBLE, what=DEED, use=UNDOES)


@dataclass(frozen=True, kw_only=True)
class DeedNews:
    """What somebody is told of something that was done: about a title or a channel, by a link that came `over` one."""

    deed_id: int
    what: str
    about: str
    over: str | None


def tell_others(tx: Connection, subscriber_id: int, person: Subscriber, news: DeedNews, now: datetime) -> None:
    """Tell somebody over their channels, but the one that the link came over, what was done; with a way back.

    Whoever has a link may not be they. So no `only:` keeps it out: it answers what was done in their name.
    """
    others = [use.name for use in apart(use for use in person.channels if use.name != news.over)]
    say = reader_of(person).language.say
    subject = say(f"deed.{news.what}", **({"channel": news.about} if news.what in ENDS_USE else {"name": news.about}))
    pressed = [say("deed.pressed", channel=news.over)] if news.over is not None else []
    detail = {DEED: news.deed_id, "subject": subject, "lines": [*pressed, say("deed.take_back")]}
    tell(tx, subscriber_id, others, anchor=_anchor(news.deed_id), detail=detail, now=now, said=_TOLD)


def _anchor(deed_id: int) -> str:
    return f"{DEED} {deed_id}"


def stands(tx: Connection, subscriber_id: int, person: str, deed: Deed) -> bool:
    """Tell whether what somebody has done still holds: they may have taken it back elsewhere, as on the page."""
    if deed.undone_at is not None:
        return False
    if "again" in deed.detail:
        return waits(tx, deed.detail["again"])
    if deed.what in ENDS_USE:
        ended = own.ended_uses(tx, person)
        return any(mark_of(use.name, use.address) == deed.detail["mark"] for use in ended)
    if deed.title_id is None:
        return True
    if deed.what == ActionKind.SEEN:
        ref: Ref = (deed.detail["season"], deed.detail["first"])
        return ref in seen.seen_of(tx, subscriber_id, deed.title_id)
    is_followed, is_muted = follows_quietly(tx, subscriber_id, deed.title_id)
    return is_followed and is_muted if deed.what == ActionKind.MUTE else not is_followed


def undo_deed(tx: Connection, config: Config, subscriber_id: int, person: str, deed: Deed, now: datetime) -> None:
    """Take back what somebody has done; what was still to be told of it is told no more."""
    if "again" in deed.detail:
        close_message(tx, deed.detail["again"], now)
    elif deed.what in ENDS_USE:
        take_mail_again(tx, (subscriber_id, person), deed.detail["channel"], deed.detail["mark"], now)
    elif deed.title_id is not None:
        _undo_of_title(tx, config, (subscriber_id, person), deed, deed.title_id, now)
    note_undone(tx, deed.id, now)
    close_told(tx, subscriber_id, DEED, _anchor(deed.id), now)


def _undo_of_title(
    tx: Connection, config: Config, whose: tuple[int, str], deed: Deed, title_id: int, now: datetime
) -> None:
    subscriber_id, person = whose
    if deed.what == ActionKind.MUTE:
        until = deed.detail["paused_until"]
        silence = QuietSource(paused_until=datetime.fromisoformat(until) if until else None)
        title_commands.mute(tx, title_id, person, silence, now)
    elif deed.what == ActionKind.SEEN:
        ref: Ref = (deed.detail["season"], deed.detail["first"])
        seen.take_seen_back(tx, subscriber_id, title_id, ref, now)
    elif not _is_watched(tx, title_id) or not own.go_on(tx, person, title_id, deed.done_at, now):
        following.follow(tx, config, person, title_id, now)


def _is_watched(tx: Connection, title_id: int) -> bool:
    """Tell whether a title is still watched: one that nobody follows any more, and the config does not list, is not."""
    return all(kept.ended_at is None for kept in kept_by_numbers(tx, [title_id]))


def take_mail_again(tx: Connection, whose: tuple[int, str], channel: str, mark: str, now: datetime) -> bool:
    """Have mail sent again to an address that somebody has ended, told by its mark; return whether they had.

    However that is asked for, it undoes what ended it, and what was still to be told of that is told no more.
    """
    subscriber_id, person = whose
    ended = [use for use in own.ended_uses(tx, person) if use.name == channel]
    use = next((use for use in ended if mark_of(use.name, use.address) == mark), None)
    if use is None or not own.take_use_again(tx, person, use, now):
        return False
    for number in note_uses_taken_again(tx, subscriber_id, ENDS_USE, mark, now):
        close_told(tx, subscriber_id, DEED, _anchor(number), now)
    return True
