"""What somebody does about a message by a link in it, without signing in; and taking it back within a day (SPEC 12).

Every function works in the transaction `tx` that it is given. A token that was made up, has expired, or names what is
not there any more, is answered by None: whoever tries tokens learns nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from reminder.config import Config
from reminder.core.model.entities import Subscriber
from reminder.core.schedule.decide import apart
from reminder.core.schedule.notices import UNDATED_USE
from reminder.core.schedule.season import ladder_role
from reminder.core.sending.offers import Offer, offer_of, offers
from reminder.core.text.content import PUTS_OFF, ActionKind, Words
from reminder.delivery.deed_marks import DEED
from reminder.delivery.message_links import LinkSigner, MessageToken
from reminder.delivery.render import MessageContext, write
from reminder.store import seen, title_commands
from reminder.store.acting import ActedMessage, Again, acted_message, put_again
from reminder.store.deeds import Deed, deed_of, deeds_since, note_deed
from reminder.store.title_commands import QuietSource
from reminder.texts.templates.engine import Templates
from reminder.usecases import own as following
from reminder.usecases.deeds import UNDOES, DeedNews, stands, tell_others, undo_deed

HOLDS: Final = timedelta(days=30)
"""So long a link holds after the message went out, or the release came, whichever is later."""


class ActResult(enum.StrEnum):
    """What came of it: done, done before, or why it cannot be."""

    DONE = "done"
    ALREADY = "already"
    NOT_OFFERED = "not offered"
    MUTED = "muted"
    NOT_FOLLOWED = "not followed"
    TOO_LATE = "too late"


@dataclass(frozen=True, kw_only=True)
class Acted:
    """What came of an action: on which title, or channel, and when the message comes again if it was put off.

    `is_drop` tells that the message is about several episodes at once, `undone` what was taken back.
    """

    action: ActionKind
    result: ActResult
    about: str
    at: datetime | None = None
    is_drop: bool = False
    undone: DoneDeed | None = None


@dataclass(frozen=True, kw_only=True)
class DoneDeed:
    """What was done by a link of a message and can still be taken back: which action, about what, and when.

    `at` is when the message comes again, where it was put off.
    """

    what: str
    about: str
    done_at: datetime
    at: datetime | None = None


class PastDeed(enum.StrEnum):
    """Why what a message tells of cannot be taken back: it was, one way or another, or that is too long ago."""

    UNDONE = "undone"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class LinkedMessage:
    """A message as its link shows it: in its words of now, with what it offers, and what can be taken back.

    `past` is why that of which it tells cannot be.
    """

    person: Subscriber
    words: Words
    offers: tuple[Offer, ...]
    undo: DoneDeed | None
    past: PastDeed | None
    is_muted: bool
    is_followed: bool


def look_at(tx: Connection, config: Config, key: str, token: str, now: datetime) -> LinkedMessage | None:
    """Return the message that a token names, for a page that shows it; it changes nothing."""
    found = _message(tx, config, key, token, now, to_act=False)
    if found is None:
        return None
    undoable = _undoable(tx, found, now)
    return LinkedMessage(
        person=found.person,
        words=_words(tx, found, now),
        offers=_offered(found, now),
        undo=_shown(undoable) if undoable is not None else None,
        past=_past(tx, found) if undoable is None and DEED in found.detail else None,
        is_muted=found.is_muted,
        is_followed=found.is_followed,
    )


def act(
    tx: Connection, config: Config, key: str, token: str, action: ActionKind, now: datetime
) -> tuple[Subscriber, Acted] | None:
    """Do what a button of the message says that a token names; return whose message it is, and what came of it.

    Done twice, it is done once.
    """
    found = _message(tx, config, key, token, now, to_act=True)
    if found is None or action not in _ACTS:
        return None
    return found.person, _ACTS[action](_Act(tx=tx, config=config, message=found, action=action, now=now))


def _message(
    tx: Connection, config: Config, key: str, token: str, now: datetime, *, to_act: bool
) -> ActedMessage | None:
    read = LinkSigner(key, now).read_message(token)
    if read is None:
        return None
    found = acted_message(tx, read.subscriber_id, read.message_id, read.delivery_id, to_act=to_act)
    return found if found is not None and _holds(read, found, now) else None


def _holds(token: MessageToken, found: ActedMessage, now: datetime) -> bool:
    """Tell whether a token still holds; one older than its message is of another, which a restored copy has lost."""
    when = found.release.when if found.release is not None else None
    ends_at = when.ends_at(found.person.zone) if when is not None else None
    last = max(token.signed_at, ends_at) if ends_at is not None else token.signed_at
    return now <= last + HOLDS and token.signed_at >= found.decided_at - timedelta(seconds=1)


def _offered(found: ActedMessage, now: datetime) -> tuple[Offer, ...]:
    if found.release is None or not found.is_followed:
        return ()
    made = offers(found.kind, found.release.when, found.person, now)
    if found.is_muted:
        return tuple(offer for offer in made if offer.kind is ActionKind.STOP)
    if found.is_seen:  # nothing more comes of it, so nothing can come again
        return tuple(offer for offer in made if offer.kind is not ActionKind.SEEN and offer.kind not in PUTS_OFF)
    return made


def _words(tx: Connection, found: ActedMessage, now: datetime) -> Words:
    if found.title is None or found.release is None:
        return Words(subject=str(found.detail.get("subject", "")))
    context = MessageContext(
        kind=found.kind,
        subscriber=found.person,
        title=found.title,
        release=found.release,
        heard=found.heard,
        others=found.others,
    )
    return write([context], Templates(), now).words


# What is done --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Act:
    """One press of a button."""

    tx: Connection
    config: Config
    message: ActedMessage
    action: ActionKind
    now: datetime

    @property
    def about(self) -> str:
        return self.message.title.name if self.message.title is not None else ""

    def came_of_it(self, result: ActResult, at: datetime | None = None) -> Acted:
        release = self.message.release
        is_drop = release is not None and release.last is not None and release.last > release.first
        return Acted(action=self.action, result=result, about=self.about, at=at, is_drop=is_drop)

    def note(self, detail: Mapping[str, Any]) -> int:
        of = {"message": self.message.id, "about": self.about, **detail}
        return note_deed(self.tx, self.message.subscriber_id, str(self.action), self.message.title_id, of, self.now)

    def tell(self, deed_id: int) -> None:
        """Tell the person over their other channels: whoever has the link may not be they."""
        news = DeedNews(deed_id=deed_id, what=str(self.action), about=self.about, over=self.message.over)
        tell_others(self.tx, self.message.subscriber_id, self.message.person, news, self.now)


def _put_off(press: _Act) -> Acted:
    message, now = press.message, press.now
    if message.release is None or message.title is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    if not message.is_followed:
        return press.came_of_it(ActResult.NOT_FOLLOWED)
    if message.is_muted:
        return press.came_of_it(ActResult.MUTED)
    if message.is_seen:
        return press.came_of_it(ActResult.NOT_OFFERED)
    offer = offer_of(press.action, message.kind, message.release.when, message.person, now)
    if offer is None or offer.at is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    again = Again(at=offer.at, useful_until=_useful_until(press, offer.at), channels=_channels_for(message))
    if not again.channels:
        return press.came_of_it(ActResult.NOT_OFFERED)
    number, is_new = put_again(press.tx, message, again, now)
    if is_new:
        press.note({"again": number, "at": offer.at.isoformat()})
    return press.came_of_it(ActResult.DONE if is_new else ActResult.ALREADY, offer.at)


def _useful_until(press: _Act, at: datetime) -> datetime:
    when = press.message.release.when if press.message.release is not None else None
    ends_at = when.ends_at(press.message.person.zone) if when is not None else None
    if when is None or ends_at is None:
        return at + UNDATED_USE
    return ends_at if when.is_coarse else max(at, ends_at) + press.config.grace


def _channels_for(message: ActedMessage) -> tuple[str, ...]:
    """Return the channels over which a message comes again: those it came over, else all that take it."""
    role = ladder_role(message.title, message.release) if message.title and message.release else None
    uses = apart(use for use in message.person.channels if use.takes(message.kind, role))
    came = tuple(use.name for use in uses if use.name in message.channels)
    return came or tuple(use.name for use in uses)


def _mute(press: _Act) -> Acted:
    message = press.message
    if message.title_id is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    if not message.is_followed:
        return press.came_of_it(ActResult.NOT_FOLLOWED)
    if message.is_muted:
        return press.came_of_it(ActResult.ALREADY)
    silence = QuietSource(muted_at=press.now)
    title_commands.mute(press.tx, message.title_id, message.person.name, silence, press.now)
    paused = message.paused_until.isoformat() if message.paused_until is not None else None
    press.tell(press.note({"paused_until": paused}))
    return press.came_of_it(ActResult.DONE)


def _see(press: _Act) -> Acted:
    message = press.message
    if message.title_id is None or message.release is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    if message.is_seen:
        return press.came_of_it(ActResult.ALREADY)
    if not message.is_followed:
        return press.came_of_it(ActResult.NOT_FOLLOWED)
    if offer_of(ActionKind.SEEN, message.kind, message.release.when, message.person, press.now) is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    if not seen.add_seen(press.tx, message.subscriber_id, message.title_id, message.ref, press.now):
        return press.came_of_it(ActResult.ALREADY)
    press.note({"season": message.ref[0], "first": message.ref[1]})
    return press.came_of_it(ActResult.DONE)


def _stop(press: _Act) -> Acted:
    message = press.message
    if message.title_id is None:
        return press.came_of_it(ActResult.NOT_OFFERED)
    if not message.is_followed or not following.stop(press.tx, message.person.name, message.title_id, press.now):
        return press.came_of_it(ActResult.ALREADY)
    press.tell(press.note({"stopped_at": press.now.isoformat()}))
    return press.came_of_it(ActResult.DONE)


def _undo(press: _Act) -> Acted:
    deed = _undoable(press.tx, press.message, press.now)
    if deed is None:
        return press.came_of_it(ActResult.ALREADY)
    undo_deed(press.tx, press.config, press.message.subscriber_id, press.message.person.name, deed, press.now)
    about = str(deed.detail.get("about", ""))
    return Acted(action=ActionKind.UNDO, result=ActResult.DONE, about=about, undone=_shown(deed))


_ACTS: Final[Mapping[ActionKind, Callable[[_Act], Acted]]] = {
    **dict.fromkeys(PUTS_OFF, _put_off),
    ActionKind.MUTE: _mute,
    ActionKind.SEEN: _see,
    ActionKind.STOP: _stop,
    ActionKind.UNDO: _undo,
}


# Taken back ----------------------------------------------------------------------------------------------------------


def _undoable(tx: Connection, found: ActedMessage, now: datetime) -> Deed | None:
    """Return what was done last by a message's links, or what it tells of, if that can still be taken back."""
    told_of = found.detail.get(DEED)
    for deed in deeds_since(tx, found.subscriber_id, now - UNDOES):
        is_of_it = deed.id == told_of if told_of is not None else deed.detail.get("message") == found.id
        if is_of_it and stands(tx, found.subscriber_id, found.person.name, deed):
            return deed
    return None


def _past(tx: Connection, found: ActedMessage) -> PastDeed:
    """Return why what a message tells of cannot be taken back."""
    deed = deed_of(tx, found.subscriber_id, found.detail[DEED])
    is_done = deed is not None and not stands(tx, found.subscriber_id, found.person.name, deed)
    return PastDeed.UNDONE if is_done else PastDeed.OVER


def _shown(deed: Deed) -> DoneDeed:
    at = deed.detail.get("at")
    return DoneDeed(
        what=deed.what,
        about=str(deed.detail.get("about", "")),
        done_at=deed.done_at,
        at=datetime.fromisoformat(at) if at else None,
    )
