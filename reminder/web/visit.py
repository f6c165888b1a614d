"""One request: who makes it, when, and what a page needs to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template
from itsdangerous import BadData, URLSafeSerializer
from werkzeug import Response
from werkzeug.exceptions import NotFound

from reminder.core.model.entities import Subscriber
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.message import ReaderSettings
from reminder.core.wording import filled, in_words
from reminder.texts.languages.choice import reader_of
from reminder.usecases.joining import has_address
from reminder.usecases.tokens import AccessToken
from reminder.web.site import Site
from reminder.web.spoken import CHOICE, and_language


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request as a page sees it. `someone` is who is signed in, None for nobody; `now` is one instant for all of it.

    `mark` is what the browser's session is known by, and what the tokens of its forms belong to. `token` is what a
    program has sent to get in. `asked_from` is the address that it comes from, `spoken` the language that nobody in
    particular is answered in. `holder` is whose message it is that a link leads to: they read the page, though nobody
    need be signed in.
    """

    site: Site
    now: datetime
    someone: Subscriber | None
    mark: str
    asked_from: str
    token: AccessToken | None = None
    spoken: Language = ENGLISH
    holder: Subscriber | None = None

    @property
    def reader(self) -> Subscriber:
        """Return who is signed in. Raises NotFound where nobody is: pages for anyone have no reader."""
        if self.someone is None:
            raise NotFound
        return self.someone

    @property
    def person(self) -> str:
        """Return the name of who is signed in."""
        return self.reader.name

    @property
    def is_owner(self) -> bool:
        """Tell whether the owner is signed in."""
        return self.someone is not None and self.site.is_owner(self.someone)

    @property
    def is_reached(self) -> bool:
        """Tell whether anything reaches who is signed in: an address of theirs counts."""
        return self.someone is not None and has_address(self.someone, self.site.config().channels)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of who is signed in, the config's for nobody."""
        reads = self.someone or self.holder
        return reads.zone if reads else self.site.config().zone

    @property
    def today(self) -> date:
        """Return the date in that zone."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def language(self) -> Language:
        """Return the language in which the page is written: the reader's."""
        return self.settings.language if self.someone or self.holder else self.spoken

    @cached_property
    def settings(self) -> ReaderSettings:
        """Return how the reader likes times written."""
        return reader_of(self.holder or self.reader)

    @cached_property
    def form_token(self) -> str:
        """Return what each form of this browser has to bring along."""
        return self._signer().dumps(self.mark)

    def has_form_token(self, text: str) -> bool:
        """Tell whether a form brought the token of this browser."""
        try:
            return bool(self._signer().loads(text) == self.mark)
        except BadData:
            return False

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.site.signing_key, salt="form")

    def page(self, template: str, **values: Any) -> str:
        """Return a page made of a template; `visit` is there by itself."""
        return render_template(template, visit=self, **values)

    def say(self, text: str, **values: Any) -> str:
        """Return a sentence in the reader's language, with these values in the places that it names `%(so)s`."""
        return filled(self.language.gettext(text), {name: self.said(value) for name, value in values.items()})

    def said(self, value: Any) -> Any:
        """Return a text of the program's own in the reader's language; anything else stays as it is."""
        return in_words(value, self.language)

    def back_to(self, path: str, notice: str = "") -> Response:
        """Lead the browser to a page of ours after a change (303), with a sentence that is shown there once."""
        if notice:
            flash(notice)
        return redirect(path if self.someone else and_language(path), 303)

    def away_to(self, path: str, notice: str = "") -> Response:
        """Lead a browser that nobody is signed in to any more to a page for anyone, in the language that it was in."""
        if notice:
            flash(notice)
        if self.language.code != self.spoken.code:
            path = f"{path}?{urlencode({CHOICE: self.language.code})}"
        return redirect(path, 303)


def language_now() -> Language:
    """Return the language in which the present request is answered, also one that is refused before it is a visit."""
    visit: Visit | None = g.get("visit")
    return visit.language if visit is not None else g.get("spoken", ENGLISH)
