"""`/mute`, `/unmute` and `/stop`, and the buttons under what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from reminder.bot.answer import BotAnswer, BotButton, BotReply, one_message
from reminder.bot.commands import GivenPress, PressKind
from reminder.bot.talk import ChatTalk
from reminder.core.text.markup import isolated
from reminder.usecases import chats
from reminder.usecases.chats import ChatTitle, MeantTitles

LONGEST_WORDS: Final = 120


def mute(tx: Connection, talk: ChatTalk, words: str) -> BotAnswer:
    """Keep quiet about the title that is meant; ask where several are."""
    if not words:
        return talk.saying("Write which title, as in /mute Ballard.")
    meant = chats.meant(tx, talk.person, words)
    if len(meant.titles) == 1 and meant.is_exact:
        return muted(tx, talk, meant.titles[0].id)
    return _which(talk, meant, words, PressKind.MUTE)


def muted(tx: Connection, talk: ChatTalk, number: int) -> BotAnswer:
    """Keep quiet about a title, and say so with a way back."""
    title = chats.mute(tx, talk.person, number, talk.now)
    if title is None:
        return _not_followed(talk)
    text = talk.say("%(title)s is muted: I say nothing about it.", title=isolated(title.name))
    back = BotButton(label=talk.say("Unmute"), press=GivenPress(kind=PressKind.UNMUTE, about=str(title.id)))
    return _done(text, back)


def unmute(tx: Connection, talk: ChatTalk, words: str) -> BotAnswer:
    """Let a title speak again; without a name, show those that are silent."""
    if words:
        meant = chats.meant(tx, talk.person, words)
        if len(meant.titles) == 1 and meant.is_exact:
            return unmuted(tx, talk, meant.titles[0].id)
        return _which(talk, meant, words, PressKind.UNMUTE)
    silent = chats.silent_titles(tx, talk.person, talk.now)
    if not silent:
        return talk.saying("No title is muted.")
    return one_message(talk.say("Which title shall I tell you about again?"), _choices(silent, PressKind.UNMUTE))


def unmuted(tx: Connection, talk: ChatTalk, number: int) -> BotAnswer:
    """Let a title speak again, and say so."""
    title = chats.unmute(tx, talk.person, number, talk.now)
    if title is None:
        return _not_followed(talk)
    return _done(talk.say("I tell you about %(title)s again.", title=isolated(title.name)))


def stop(tx: Connection, talk: ChatTalk, words: str) -> BotAnswer:
    """Ask before anything ends: one title, or everything that comes to this chat."""
    if not words:
        leave = BotButton(label=talk.say("Stop everything"), press=GivenPress(kind=PressKind.ASK_LEAVE))
        return one_message(
            talk.say("Stop one title? Write its name, as in /stop Ballard. Or stop everything:"), [leave]
        )
    meant = chats.meant(tx, talk.person, words)
    if len(meant.titles) == 1:
        return ask_stop(tx, talk, meant.titles[0].id)
    return _which(talk, meant, words, PressKind.ASK_STOP)


def ask_stop(tx: Connection, talk: ChatTalk, number: int) -> BotAnswer:
    """Ask whether a title is really to be stopped."""
    title = chats.title_in(tx, talk.person, number)
    if title is None:
        return _not_followed(talk)
    yes = BotButton(label=talk.say("Yes, stop it"), press=GivenPress(kind=PressKind.STOP, about=str(title.id)))
    text = talk.say("Stop following %(title)s?", title=isolated(title.name))
    return BotAnswer(replies=(BotReply(text=text, buttons=(yes, _keep(talk))),), is_done=True)


def stopped(tx: Connection, talk: ChatTalk, number: int) -> BotAnswer:
    """Stop following a title, and say so with a way back."""
    title = chats.stop(tx, talk.person, number, talk.now)
    if title is None:
        return _not_followed(talk)
    text = talk.say("You do not follow %(title)s any more.", title=isolated(title.name))
    again = BotButton(label=talk.say("Follow it again"), press=GivenPress(kind=PressKind.AGAIN, about=str(title.id)))
    return _done(text, again)


def followed_again(tx: Connection, talk: ChatTalk, number: int) -> BotAnswer:
    """Follow a title again that was stopped, and say so."""
    title = chats.follow_again(tx, talk.site.adder().config, talk.person, number, talk.now)
    if title is None:
        return _not_followed(talk)
    return _done(talk.say("You follow %(title)s again.", title=isolated(title.name)))


def ask_leave(talk: ChatTalk) -> BotAnswer:
    """Ask whether everything is really to end."""
    yes = BotButton(label=talk.say("Yes, stop everything"), press=GivenPress(kind=PressKind.LEAVE))
    text = talk.say("Then nothing comes to this chat any more, not even what is due today. Really stop?")
    return BotAnswer(replies=(BotReply(text=text, buttons=(yes, _keep(talk))),), is_done=True)


def left(tx: Connection, talk: ChatTalk) -> BotAnswer:
    """Let nothing come to this chat any more, and say so with a way back."""
    chats.leave(tx, talk.person, talk.site.channel.name, talk.chat, talk.now)
    return _done(talk.say("Done: nothing comes to this chat any more."), _back(talk))


def may_come_back(tx: Connection, talk: ChatTalk) -> BotAnswer | None:
    """Offer a chat that its person has left to come back; None where nobody has left it, or several have."""
    who = chats.left_by(tx, talk.site.channel.name, talk.chat)
    if len(who) != 1:
        return None
    theirs = replace(talk, people=who)
    return one_message(theirs.say("You have stopped everything in this chat."), [_back(theirs)])


def came_back(tx: Connection, talk: ChatTalk) -> BotAnswer | None:
    """Have messages come to a chat again that its person has left; None where nobody has, or several have."""
    who = chats.left_by(tx, talk.site.channel.name, talk.chat)
    if len(who) != 1 or not chats.come_back(tx, who[0], talk.site.channel.name, talk.chat, talk.now):
        return None
    return _done(replace(talk, people=who).say("Your reminders come to this chat again."))


def _back(talk: ChatTalk) -> BotButton:
    return BotButton(label=talk.say("Begin again"), press=GivenPress(kind=PressKind.RETURN))


def kept(talk: ChatTalk) -> BotAnswer:
    """Say that nothing has changed."""
    return BotAnswer(note=talk.say("Nothing has changed."), is_done=True)


def _keep(talk: ChatTalk) -> BotButton:
    return BotButton(label=talk.say("No"), press=GivenPress(kind=PressKind.NOTHING))


def _which(talk: ChatTalk, meant: MeantTitles, words: str, kind: PressKind) -> BotAnswer:
    if not meant.titles:
        return talk.saying("You follow no title that is called %(words)s.", words=isolated(words[:LONGEST_WORDS]))
    return one_message(talk.say("Which one do you mean?"), _choices(meant.titles, kind))


def _choices(titles: Iterable[ChatTitle], kind: PressKind) -> list[BotButton]:
    return [BotButton(label=each.name, press=GivenPress(kind=kind, about=str(each.id))) for each in titles]


def _not_followed(talk: ChatTalk) -> BotAnswer:
    return BotAnswer(replies=(BotReply(text=talk.say("You do not follow this title any more.")),), is_done=True)


def _done(text: str, *buttons: BotButton) -> BotAnswer:
    return BotAnswer(replies=(BotReply(text=text, buttons=buttons),), note=text, is_done=True)
