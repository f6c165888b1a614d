"""One update of a chat: whose it is, when, and what is needed to answer it in their language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminder.bot.answer import BotAnswer, one_message
from reminder.bot.site import BotSite
from reminder.bot.standing import ChatStanding, standing_of
from reminder.core.model.entities import Subscriber
from reminder.core.text.language import ENGLISH, Language
from reminder.core.wording import filled, in_words
from reminder.texts.languages.choice import language_of


@dataclass(frozen=True, kw_only=True)
class ChatTalk:
    """A chat as a command sees it. `people` are those whose proved address it is.

    `now` is one instant for all of it.
    """

    site: BotSite
    now: datetime
    chat: str
    is_private: bool
    people: tuple[Subscriber, ...] = ()

    @property
    def standing(self) -> ChatStanding:
        """Return what the chat is to us."""
        return standing_of(is_private=self.is_private, people=len(self.people))

    @property
    def person(self) -> Subscriber:
        """Return whose chat it is; only a chat that is somebody's own is asked."""
        return self.people[0]

    @property
    def language(self) -> Language:
        """Return the language in which the chat is answered; English for one that nobody knows."""
        return language_of(self.people[0].language) if self.people else ENGLISH

    def say(self, text: str, /, **values: Any) -> str:
        """Return a sentence in the chat's language, with these values in the places that it names `%(so)s`."""
        return filled(
            self.language.gettext(text), {name: in_words(value, self.language) for name, value in values.items()}
        )

    def saying(self, text: str, /, **values: Any) -> BotAnswer:
        """Return an answer of one sentence."""
        return one_message(self.say(text, **values))

    def as_sentence(self, text: object) -> str:
        """Return a text of the program's own as a sentence of its own, in the chat's language."""
        language = self.language
        return language.stopped(language.capital(str(in_words(text, language))))
