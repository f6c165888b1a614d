"""`/follow`: a name, a link or an announcement as it would be followed, with its first message; a press follows it.

The sources are asked and pages fetched here, so it happens outside of any transaction of the bot's own. To follow twice
is to follow once, so an update that comes a second time after a crash does no harm.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reminder.bot.answer import BotAnswer, BotButton, BotReply, one_message
from reminder.bot.commands import GivenPress, PressKind
from reminder.bot.site import ASKING
from reminder.bot.talk import ChatTalk
from reminder.core.model.entities import Subscriber, Title
from reminder.core.sourcing.answers import Match
from reminder.core.text.language import Language
from reminder.core.text.markup import host_of, isolated
from reminder.core.wording import enumerated, in_words, sentences
from reminder.texts.languages.choice import reader_of
from reminder.usecases.add_title import AddProposal
from reminder.usecases.announcement_reader import GivenAnnouncement
from reminder.usecases.first_message import FirstMessage
from reminder.usecases.follow_title import FollowedTitle, follow_title
from reminder.usecases.quick_add import (
    MOST_NAME,
    Given,
    GivenEntry,
    GivenLink,
    GivenName,
    GivenText,
    named_in,
    understand,
)
from reminder.usecases.said_title import BY_HAND, SaidOfTitle
from reminder.usecases.standing import StandingState
from reminder.usecases.title_page.dates import name_of

MOST_CHOICES: Final = 6
MOST_KEPT: Final = 500
"""So many proposals are kept until somebody presses; the oldest are forgotten first, and all at a restart."""


@dataclass
class KeptProposals:
    """What was proposed in chats and does not fit into a button; each is its chat's alone."""

    _kept: OrderedDict[tuple[str, str], SaidOfTitle] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, chat: str, said: SaidOfTitle) -> str:
        """Keep what was said of a title in a chat; return by what it is known."""
        mark = secrets.token_hex(4)
        with self._guard:
            self._kept[chat, mark] = said
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return mark

    def find(self, chat: str, mark: str) -> SaidOfTitle | None:
        """Return what was kept in a chat, None for what was forgotten."""
        with self._guard:
            return self._kept.get((chat, mark))


@dataclass(frozen=True, kw_only=True)
class TitleFollower:
    """Proposes titles in chats, and follows them."""

    kept: KeptProposals = field(default_factory=KeptProposals)

    def propose(self, talk: ChatTalk, text: str) -> BotAnswer:
        """Show what a text means as it would be followed."""
        given = understand(text, talk.site.announcements().says_date)
        if given is None:
            return talk.saying("Write a title behind it, as in /follow Ballard. Or send me a link.")
        if not talk.site.may(ASKING, talk.chat):
            return talk.saying("That was a lot in one hour. Try again a little later.")
        said = _said(talk, given)
        if isinstance(said, BotAnswer):
            return said
        return self._shown(talk, talk.site.adder().propose(said, talk.person.name, talk.now))

    def follow(self, talk: ChatTalk, press: GivenPress) -> BotAnswer:
        """Follow what a pressed button stands for."""
        said = self._of_press(talk, press)
        if said is None:
            text = talk.say("I have forgotten what this was about. Send it again, please.")
            return BotAnswer(replies=(BotReply(text=text),), is_done=True)
        if not talk.site.may(ASKING, talk.chat):
            return BotAnswer(note=talk.say("That was a lot in one hour. Try again a little later."))
        got = follow_title(talk.site.adder(), said, talk.person.name, talk.now)
        if isinstance(got, AddProposal):
            return replace(self._shown(talk, got), is_done=True)
        talk.site.wake()
        text = _notice(talk, got)
        return BotAnswer(replies=(BotReply(text=text),), note=text, is_done=True)

    def _of_press(self, talk: ChatTalk, press: GivenPress) -> SaidOfTitle | None:
        if press.kind is PressKind.KEPT:
            return self.kept.find(talk.chat, press.about)
        entry, _, season = press.about.rpartition(";")
        return SaidOfTitle(fields={"season": season} if season else {}, entry=entry) if entry else None

    def _shown(self, talk: ChatTalk, proposal: AddProposal) -> BotAnswer:
        if proposal.listing is None or set(proposal.problems) - {"entry"}:
            problems = [text for field_, text in proposal.problems.items() if field_ != "entry"]
            said = "\n".join(talk.as_sentence(text) for text in problems)
            return one_message(said or talk.say("This cannot be followed."))
        standing = _standing(talk, proposal)
        if standing is not None:
            return one_message(standing)
        if proposal.is_undecided or proposal.may_be_another:
            return self._choices(talk, proposal)
        lines = [isolated(proposal.listing.title.name), *_first(talk, proposal.first, proposal.silence)]
        return one_message("\n".join(lines), [self._button(talk, talk.say("Follow"), proposal.said, proposal.match)])

    def _choices(self, talk: ChatTalk, proposal: AddProposal) -> BotAnswer:
        matches = proposal.matches[:MOST_CHOICES]
        none = replace(proposal.said, entry=BY_HAND)
        alike = [kept.listing.title for kept in proposal.standing.alike] if proposal.may_be_another else []
        buttons = [self._button(talk, name_of(each, talk.language), _said_as(each), None) for each in alike]
        buttons += [self._button(talk, _described(match, talk.language), proposal.said, match) for match in matches]
        buttons.append(self._button(talk, talk.say("None of these"), none, None))
        name = isolated(proposal.said.of("title")[:MOST_NAME])
        return one_message(talk.say("Which one is %(title)s?", title=name), buttons)

    def _button(self, talk: ChatTalk, label: str, said: SaidOfTitle, match: Match | None) -> BotButton:
        """Return what follows a title by a press: the entry itself fits into it, anything more is kept."""
        season = said.of("season")
        is_plain = match is not None and match.id.isascii() and not set(said.fields) - {"title", "season"}
        if match is not None and is_plain and len(match.id) + len(season) < _ROOM:
            return BotButton(label=label, press=GivenPress(kind=PressKind.FOLLOW, about=f"{match.id};{season}"))
        kept = said if match is None else replace(said, entry=match.id)
        return BotButton(label=label, press=GivenPress(kind=PressKind.KEPT, about=self.kept.keep(talk.chat, kept)))


_ROOM: Final = 45
"""Of the 64 bytes of a button, for an entry and a season."""


def _said_as(title: Title) -> SaidOfTitle:
    """Return what names a title that is watched here, by its text and its season."""
    return SaidOfTitle(fields=GivenName(name=title.name, season=title.season).fields(), entry=BY_HAND)


# What was given ------------------------------------------------------------------------------------------------------


def _said(talk: ChatTalk, given: Given) -> SaidOfTitle | BotAnswer:
    if isinstance(given, GivenName):
        return SaidOfTitle(fields=given.fields())
    if isinstance(given, GivenEntry):
        return SaidOfTitle(fields={}, entry=given.id)
    return _read(talk, given)


def _read(talk: ChatTalk, given: GivenLink | GivenText) -> SaidOfTitle | BotAnswer:
    """Return what is read in an announcement; a line in which nothing is read is a name."""
    reader = talk.site.announcements()
    if isinstance(given, GivenLink):
        read = reader.read_page(given.url, given.beside)
        return _called_off(talk, read) or _found(read) or _unread(talk, read)
    read = reader.read_text(given.text)
    named = named_in(given.text)
    by_name = SaidOfTitle(fields=named.fields()) if named is not None else None
    return _called_off(talk, read) or _found(read) or by_name or _unread(talk, read)


def _called_off(talk: ChatTalk, read: GivenAnnouncement) -> BotAnswer | None:
    """Return what is said of an announcement that says that its work will not come, None for any other."""
    if read.found is None or read.found.off is None:
        return None
    return one_message(f"{talk.say('It says that this will not come.')}\n{isolated(read.found.off)}")


def _found(read: GivenAnnouncement) -> SaidOfTitle | None:
    """Return what was found in an announcement, None where that is nothing to follow."""
    if not read.is_useful or read.found is None:
        return None
    host = host_of(read.url) if read.url and not read.unread else None
    return SaidOfTitle(fields=read.found.fields(), sentence=read.found.evidence.get("premiere"), host=host)


def _unread(talk: ChatTalk, read: GivenAnnouncement) -> BotAnswer:
    if read.unread is None:
        return talk.saying("I found no title in this. Write what it is called, or send me more of the text.")
    why = read.unread.sentence(talk.language)
    return talk.saying("%(why)s Send me the text of the announcement instead.", why=why)


# What is said --------------------------------------------------------------------------------------------------------


def _standing(talk: ChatTalk, proposal: AddProposal) -> str | None:
    """Return what is said of a title that cannot be followed by a press, None for one that can."""
    name = isolated(proposal.listing.title.name if proposal.listing else proposal.said.of("title"))
    if proposal.standing.state is StandingState.YOURS:
        return talk.say("You follow %(title)s already.", title=name)
    return None


def _first(talk: ChatTalk, first: FirstMessage | None, silence: str | None) -> Sequence[str]:
    if first is not None:
        when = _moment(talk, talk.person, first)
        return [talk.say("The first message, %(when)s:", when=when), first.words.subject]
    return [talk.say("Nothing is to come: %(why)s", why=_clause(talk, silence))] if silence else []


def _notice(talk: ChatTalk, got: FollowedTitle) -> str:
    name = isolated(got.kept.listing.title.name)
    told = [
        talk.say("You follow %(title)s.", title=name)
        if got.is_new
        else talk.say("You follow %(title)s already.", title=name)
    ]
    if got.first is not None:
        told.append(talk.say("The first message comes %(when)s.", when=_moment(talk, talk.person, got.first)))
    elif got.silence:
        told.append(talk.say("Nothing is to come: %(why)s", why=_clause(talk, got.silence)))
    return str(in_words(sentences(told), talk.language))


def _moment(talk: ChatTalk, person: Subscriber, first: FirstMessage) -> str:
    return reader_of(person).in_full(first.at)


def _clause(talk: ChatTalk, text: str) -> str:
    return talk.language.stopped(str(in_words(text, talk.language)))


def _described(match: Match, language: Language) -> str:
    aside = enumerated(str(part) for part in (match.year, match.service) if part)
    return f"{match.name} ({in_words(aside, language)})" if aside else match.name
