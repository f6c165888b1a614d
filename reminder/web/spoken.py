"""In which language strangers are answered: the one that they chose, else what their browser asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import request

from reminder.core.model.entities import ENGLISH
from reminder.core.text.language import Language
from reminder.texts.languages.choice import language_of, offered, spelt

CHOICE: Final = "language"
"""What an address says of the language that was chosen on a page for anyone; no cookie keeps it."""
FORM_CHOICE: Final = "page_language"
"""What a form says of it: the language of the page, and not one that somebody chooses for their messages."""
MENDING: Final = "docs/languages.md"
"""The guide that says how a translation is mended."""
_LONGEST: Final = 20


def chosen() -> str | None:
    """Return the code of the language that this request asks for by name; None where it names none that is there."""
    said = request.args.get(CHOICE) or request.form.get(FORM_CHOICE, "")
    return spelt(said) if 0 < len(said) <= _LONGEST else None


def spoken_here() -> Language:
    """Return the language in which whoever makes this request is answered, as long as nobody knows them."""
    wanted = (code for said, quality in request.accept_languages if quality and (code := _nearest(said)))
    return language_of(chosen() or next(wanted, ENGLISH))


def spoken_to_invited(code: str) -> Language:
    """Return the language in which whoever opens an invitation is answered, which has the language `code`.

    Who invites knows whom they invite: their choice counts before what the browser asks for. It gives way to a language
    that was chosen on the page, and to a browser that asks first for another of ours than English and does not ask for
    this one at all: English is what a device asks for in which nobody has chosen any.
    """
    wanted = [code_ for said, quality in request.accept_languages if quality and (code_ := _nearest(said))]
    if chosen() or code == ENGLISH or (wanted and wanted[0] != ENGLISH and code not in wanted):
        return spoken_here()
    return language_of(code)


def _nearest(said: str) -> str | None:
    """Return the language of ours that a browser asks for: `de` for `de-AT`, `pt-BR` for `pt`; None for no other."""
    first = said.replace("_", "-").partition("-")[0].casefold()
    return spelt(said) or next((code for code in offered() if code.partition("-")[0].casefold() == first), None)


def and_language(path: str) -> str:
    """Return a path that keeps the language that was chosen on this page."""
    code = chosen()
    return path if code is None else f"{path}{'&' if '?' in path else '?'}{urlencode({CHOICE: code})}"


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """A language that this page can be shown in: its code, what it calls itself, and the page in it."""

    code: str
    name: str
    path: str


def language_links() -> list[LanguageLink]:
    """Return links that show this page in each language; what else its address says stays."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
    return [
        LanguageLink(code=known.code, name=known.name, path=f"?{urlencode([*rest, (CHOICE, known.code)])}")
        for known in offered().values()
    ]
