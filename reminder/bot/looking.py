"""`/upcoming` and `/help`: what only shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from reminder.bot.answer import BotAnswer, one_message
from reminder.bot.standing import ChatStanding
from reminder.bot.talk import ChatTalk
from reminder.core.model.entities import Subscriber
from reminder.core.text.markup import isolated
from reminder.texts.languages.choice import reader_of
from reminder.usecases.agenda_page import AgendaPage, agenda_page
from reminder.usecases.release_entries import AgendaEntry

SHOWN: Final = 12
"""So many releases are shown: a screen of a phone."""
LONGEST_NAME: Final = 120


def upcoming(tx: Connection, talk: ChatTalk) -> BotAnswer:
    """Show what is to come for whose chat it is; in a chat of several people, for each of them."""
    return one_message("\n\n".join(_for(tx, talk, person) for person in talk.people))


def _for(tx: Connection, talk: ChatTalk, person: Subscriber) -> str:
    page = agenda_page(tx, person.name, reader=reader_of(person), now=talk.now, limit=SHOWN)
    name = [talk.say("For %(person)s:", person=isolated(person.name))] if len(talk.people) > 1 else []
    return "\n".join([*name, *_lines(talk, page)])


def _lines(talk: ChatTalk, page: AgendaPage) -> Iterator[str]:
    if not page.groups:
        is_own = talk.standing is ChatStanding.OWN
        empty = talk.say("Nothing is to come. Send me a title or a link, and I tell you when it comes out.")
        yield empty if is_own else talk.say("Nothing is to come.")
        return
    for number, group in enumerate(page.groups):
        yield from [""] if number else []
        yield f"{group.heading} · {group.aside}" if group.aside else group.heading
        yield from (_line(entry) for entry in group.entries)
    if page.next is not None:
        yield ""
        yield _more(talk)


def _line(entry: AgendaEntry) -> str:
    """Return a release in one line: its name, then what is known of it, each part by itself."""
    name = isolated(entry.name if len(entry.name) <= LONGEST_NAME else f"{entry.name[: LONGEST_NAME - 1]}…")
    parts = (name, entry.facts, entry.countdown, entry.moved, entry.quiet)
    return "• " + " · ".join(part for part in parts if part)


def _more(talk: ChatTalk) -> str:
    web = talk.site.adder().config.web
    if web is None or web.address is None:
        return talk.say("More comes after that.")
    return talk.say("More comes after that: %(address)s", address=f"{web.address}/")


def helping(talk: ChatTalk) -> BotAnswer:
    """Say what the bot can do."""
    return talk.saying(
        "/upcoming shows what is to come.\n"
        "/follow NAME finds a title and follows it; a link to an announcement does the same.\n"
        "/mute NAME keeps quiet about a title, /unmute lets it speak again.\n"
        "/stop NAME stops following a title; /stop alone ends everything that comes here.\n"
        "/help shows this."
    )


def only_looking(talk: ChatTalk) -> BotAnswer:
    """Say that a chat that several people read can only look."""
    return talk.saying("Several people read this chat, so I only do /upcoming here. Write to me in a chat of your own.")
