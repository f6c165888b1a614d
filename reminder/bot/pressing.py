"""A button of a message of the ledger: what it offers is done, and what can be done about it now is offered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.bot.answer import BotAnswer, BotButton
from reminder.bot.commands import GivenAction
from reminder.bot.talk import ChatTalk
from reminder.core.text.action_sentences import action_id
from reminder.core.text.content import ActionKind
from reminder.core.wording import in_words
from reminder.texts.languages.choice import reader_of
from reminder.usecases import acting
from reminder.usecases.acted_words import acted_words
from reminder.usecases.acting import LinkedMessage


def pressed(tx: Connection, talk: ChatTalk, action: GivenAction) -> BotAnswer:
    """Do what a message offers, for the person whose own chat it was pressed in and no other."""
    key, config = talk.site.signing_key, talk.site.adder().config
    found = acting.look_at(tx, config, key, action.token, talk.now)
    if found is None or found.person.name != talk.person.name:
        return BotAnswer(note=talk.say("This button no longer works."))
    done = acting.act(tx, config, key, action.token, action.kind, talk.now)
    now = acting.look_at(tx, config, key, action.token, talk.now)
    if done is None or now is None:
        return BotAnswer(note=talk.say("This button no longer works."))
    note = str(in_words(acted_words(done[1], reader_of(talk.person)), talk.language))
    return BotAnswer(note=note, is_done=True, buttons=_offered(talk, now, action.token))


def _offered(talk: ChatTalk, found: LinkedMessage, token: str) -> tuple[BotButton, ...]:
    """Return the buttons of a message as it stands now: what was done can be taken back, the rest can be done still."""
    say = talk.language.say
    undo = [BotButton(label=say(action_id(ActionKind.UNDO)), press=GivenAction(kind=ActionKind.UNDO, token=token))]
    acts = [
        BotButton(
            label=say(action_id(offer.kind, is_today=_is_today(talk, offer.at))),
            press=GivenAction(kind=offer.kind, token=token),
        )
        for offer in found.offers
    ]
    web = talk.site.adder().config.web
    page = f"{web.address}/m/{token}" if web is not None and web.address else ""
    opens = [BotButton(label=say(action_id(ActionKind.OPEN)), url=page)] if page.startswith("https://") else []
    return (*(undo if found.undo is not None else []), *acts, *opens)


def _is_today(talk: ChatTalk, at: datetime | None) -> bool:
    return at is None or talk.person.today(at) == talk.person.today(talk.now)
