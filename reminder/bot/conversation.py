"""Answers one update after the other: who wrote, what they may, what is done about it, and what is said.

What a command changes and up to where the bot was read are written in one transaction, so the effect of an update
comes once, whatever crashes. What is said goes out after that: at most once. `/follow`, which asks the sources, writes
in transactions of its own, and to follow twice is to follow once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.bot import joining, looking, silence
from reminder.bot.answer import NOTHING, BotAnswer, one_message
from reminder.bot.commands import BotCommand, GivenAction, GivenCommand, GivenPress, PressKind, read_command, read_press
from reminder.bot.following import TitleFollower
from reminder.bot.site import COMMANDS, TURNED_AWAY, BotSite
from reminder.bot.standing import BotRoute, press_route_of, route_of
from reminder.bot.talk import ChatTalk
from reminder.bot.updates import BotUpdate
from reminder.core.errors import StoreError, WrongInput
from reminder.core.text.markup import clean
from reminder.core.wording import wording_of
from reminder.usecases.chats import people_in

log = logging.getLogger(__name__)


class LostLease(Exception):
    """Another daemon reads the bot by now: nothing more is done about it here."""


NoteRead = Callable[[Connection], None]
"""Writes down that an update was read. Raises `LostLease` where another daemon reads the bot by now."""

_ABOUT_TITLE: Final[Mapping[PressKind, Callable[[Connection, ChatTalk, int], BotAnswer]]] = {
    PressKind.MUTE: silence.muted,
    PressKind.UNMUTE: silence.unmuted,
    PressKind.ASK_STOP: silence.ask_stop,
    PressKind.STOP: silence.stopped,
    PressKind.AGAIN: silence.followed_again,
}
FOLLOWS: Final = frozenset({PressKind.FOLLOW, PressKind.KEPT})


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Answers what comes to one bot, which is called `username`."""

    site: BotSite
    username: str
    follower: TitleFollower = field(default_factory=TitleFollower)

    def answer(self, update: BotUpdate, note_read: NoteRead) -> BotAnswer:
        """Do what an update asks for, note that it was read, and return what to say. Raises StoreError.

        What fails is said, and done as far as reading goes: one bad update keeps no other waiting.
        """
        if not update.chat or not self.site.may(COMMANDS, update.chat):
            return self._only_noted(note_read)
        talk = self._talk(update, self.site.clock.now())
        try:
            return (
                self._pressed(talk, update.data, note_read) if update.press_id else self._said(talk, update, note_read)
            )
        except WrongInput as error:
            return self._noted(one_message(talk.as_sentence(wording_of(error))), note_read)
        except (StoreError, LostLease):
            raise
        except Exception:
            log.exception("bot's answer failed", extra={"channel": self.site.channel.name, "update": update.id})
            return self._noted(talk.saying("Sorry, that went wrong on my side. It is written in my log."), note_read)

    def _said(self, talk: ChatTalk, update: BotUpdate, note_read: NoteRead) -> BotAnswer:
        given = read_command(update.text, self.username)
        route = route_of(given, talk.standing, is_private=update.is_private, is_always_read=self.site.is_always_read)
        if given is None or route is BotRoute.IGNORE:
            return self._only_noted(note_read)
        if route is BotRoute.OBEY and given.command is BotCommand.FOLLOW:
            return self._noted(self.follower.propose(talk, given.rest), note_read)
        with self.site.database.write() as tx:
            note_read(tx)
            return self._written(tx, talk, given, route)

    def _talk(self, update: BotUpdate, now: datetime) -> ChatTalk:
        with self.site.database.read() as tx:
            people = people_in(tx, self.site.channel.name, update.chat)
        return ChatTalk(site=self.site, now=now, chat=update.chat, is_private=update.is_private, people=people)

    def _written(self, tx: Connection, talk: ChatTalk, given: GivenCommand, route: BotRoute) -> BotAnswer:
        if route is BotRoute.JOIN:
            return joining.join(tx, talk, given.rest)
        if route is BotRoute.TURN_AWAY:
            return self._turned_away(tx, talk)
        if route is BotRoute.LOOK_ONLY:
            return looking.only_looking(talk)
        return self._obeyed(tx, talk, given)

    def _turned_away(self, tx: Connection, talk: ChatTalk) -> BotAnswer:
        offer = silence.may_come_back(tx, talk)
        if offer is not None:
            return offer
        if not self.site.may(TURNED_AWAY, talk.chat):
            return NOTHING
        return talk.saying("I do not know this chat. Whoever runs this reminder can invite you.")

    def _obeyed(self, tx: Connection, talk: ChatTalk, given: GivenCommand) -> BotAnswer:
        match given.command:
            case BotCommand.UPCOMING:
                return looking.upcoming(tx, talk)
            case BotCommand.MUTE:
                return silence.mute(tx, talk, clean(given.rest))
            case BotCommand.UNMUTE:
                return silence.unmute(tx, talk, clean(given.rest))
            case BotCommand.STOP:
                return silence.stop(tx, talk, clean(given.rest))
        return looking.helping(talk)

    # Buttons ---------------------------------------------------------------------------------------------------------

    def _pressed(self, talk: ChatTalk, data: str, note_read: NoteRead) -> BotAnswer:
        press = read_press(data)
        if isinstance(press, GivenPress) and press.kind is PressKind.RETURN:
            return self._came_back(talk, note_read)
        route = press_route_of(talk.standing, is_always_read=self.site.is_always_read)
        if press is None or route is BotRoute.IGNORE:
            return self._only_noted(note_read)
        if route is BotRoute.LOOK_ONLY:
            note = talk.say("Several people read this chat, so its buttons do nothing.")
            return self._noted(BotAnswer(note=note), note_read)
        if isinstance(press, GivenPress) and press.kind in FOLLOWS:
            return self._noted(self.follower.follow(talk, press), note_read)
        with self.site.database.write() as tx:
            note_read(tx)
            answer = self._done(tx, talk, press)
        self.site.wake()
        return answer

    def _came_back(self, talk: ChatTalk, note_read: NoteRead) -> BotAnswer:
        if not (self.site.is_always_read and talk.is_private):
            return self._only_noted(note_read)
        with self.site.database.write() as tx:
            note_read(tx)
            answer = silence.came_back(tx, talk) or NOTHING
        self.site.wake()
        return answer

    def _done(self, tx: Connection, talk: ChatTalk, press: GivenPress | GivenAction) -> BotAnswer:
        if isinstance(press, GivenAction):
            from reminder.bot.pressing import pressed

            return pressed(tx, talk, press)
        about_title = _ABOUT_TITLE.get(press.kind)
        if about_title is not None:
            return about_title(tx, talk, press.number)
        if press.kind is PressKind.LEAVE:
            return silence.left(tx, talk)
        return silence.ask_leave(talk) if press.kind is PressKind.ASK_LEAVE else silence.kept(talk)

    # Noting ----------------------------------------------------------------------------------------------------------

    def _only_noted(self, note_read: NoteRead) -> BotAnswer:
        return self._noted(NOTHING, note_read)

    def _noted(self, answer: BotAnswer, note_read: NoteRead) -> BotAnswer:
        with self.site.database.write() as tx:
            note_read(tx)
        return answer
