"""Hands out languages by their codes; one is loaded when the first person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from reminder.core.model.entities import ENGLISH as ENGLISH_CODE
from reminder.core.model.entities import Subscriber
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.phrases import ReaderSettings
from reminder.texts.languages.known import KNOWN, KnownLanguage


def offered() -> Mapping[str, KnownLanguage]:
    """Return the languages that can be chosen, by code: those that came with the program, and those laid over them."""
    from reminder.texts.languages.catalogue import laid_over

    more = {folder.replace("_", "-"): folder for folder in laid_over()}
    new = {code: KnownLanguage(code=code, name=code, english_name=code) for code in more if code not in KNOWN}
    return {**KNOWN, **new}


def spelt(text: str) -> str | None:
    """Return the code of a language as it is spelt here, whatever its case, `_` for `-`; None for one not there."""
    wanted = text.strip().replace("_", "-").casefold()
    return next((code for code in offered() if code.casefold() == wanted), None)


def language_of(code: str) -> Language:
    """Return a language; English for a code that is not there, as one that a later version knows."""
    return ENGLISH if code == ENGLISH_CODE else loaded(code)


@lru_cache(maxsize=64)
def loaded(code: str) -> Language:
    """Return a language beside English, loaded once for the process; English for a code that is not there."""
    known = offered().get(code)
    if known is None:
        return ENGLISH
    from reminder.texts.languages.translated import TranslatedLanguage

    return TranslatedLanguage.of(known)


def reader_of(person: Subscriber) -> ReaderSettings:
    """Return how a person reads: their zone, their hours, their language."""
    return ReaderSettings(zone=person.zone, hour_style=person.hour_style, language=language_of(person.language))
