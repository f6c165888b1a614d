"""`/start TOKEN`: whoever opens the link of the page's joining has shown that this chat is theirs."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from reminder.bot.answer import NOTHING, BotAnswer
from reminder.bot.looking import helping
from reminder.bot.site import TURNED_AWAY
from reminder.bot.standing import ChatStanding
from reminder.bot.talk import ChatTalk
from reminder.core.text.markup import isolated
from reminder.usecases.telegram_proof import proved


def join(tx: Connection, talk: ChatTalk, token: str) -> BotAnswer:
    """Make a chat the address of whose token it sent, and say so in their language."""
    found = proved(tx, token, talk.chat, talk.site.channel, talk.now)
    if found is None:
        return _unproved(talk)
    theirs = replace(talk, people=(found.person,))
    name = isolated(found.person.name)
    if not found.is_new:
        return theirs.saying("You were connected already, %(name)s.", name=name)
    if talk.site.is_always_read:
        return theirs.saying(
            "Connected, %(name)s: your reminders come here from now on. Write /help to see what I can do.", name=name
        )
    return theirs.saying("Connected, %(name)s: your reminders come here from now on.", name=name)


def _unproved(talk: ChatTalk) -> BotAnswer:
    if talk.standing is ChatStanding.OWN and talk.site.is_always_read:
        return helping(talk)
    if not talk.site.may(TURNED_AWAY, talk.chat):
        return NOTHING
    return talk.saying("This link no longer works. Go back to the page and ask for a new one.")
