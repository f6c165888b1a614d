"""The languages that are there, by the code that a config writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reminder.core.model.entities import ENGLISH, HourStyle


@dataclass(frozen=True, kw_only=True)
class KnownLanguage:
    """A language: its `code`, what it calls itself, what English calls it, and how its hours are usually written.

    `plurals` is gettext's rule for the forms that a number takes. `stop` ends a sentence. `keeps_capital` tells that a
    sentence keeps its capital letter behind a colon. `first_of_month` is the number of such a day, where that is
    written unlike the others; CLDR has no pattern for it. `single_hours` are the hours, as they are written,
    before which a sentence says the first of the two forms that it has for hours: `a la 1:00`, and `a las 2:00`.
    """

    code: str
    name: str
    english_name: str
    hour_style: HourStyle = HourStyle.H24
    plurals: str = "nplurals=2; plural=(n != 1);"
    stop: str = "."
    keeps_capital: bool = False
    first_of_month: str = ""
    single_hours: frozenset[str] = frozenset()

    @property
    def folder(self) -> str:
        """Return it as files and CLDR spell it: `pt_BR`."""
        return self.code.replace("-", "_")


_FRENCH: Final = "nplurals=2; plural=(n > 1);"
_POLISH: Final = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
_RUSSIAN: Final = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
_NONE: Final = "nplurals=1; plural=0;"

KNOWN: Final[Mapping[str, KnownLanguage]] = {
    each.code: each
    for each in (
        KnownLanguage(code=ENGLISH, name="English", english_name="English", hour_style=HourStyle.H12),
        KnownLanguage(code="de", name="Deutsch", english_name="German", keeps_capital=True),
        KnownLanguage(code="fr", name="Français", english_name="French", plurals=_FRENCH, first_of_month="1er"),
        KnownLanguage(code="es", name="Español", english_name="Spanish", single_hours=frozenset({"1", "01"})),
        KnownLanguage(
            code="pt-BR",
            name="Português (Brasil)",
            english_name="Portuguese (Brazil)",
            plurals=_FRENCH,
            first_of_month="1º",
            single_hours=frozenset({"0", "00", "1", "01"}),  # zero hora, uma hora
        ),
        KnownLanguage(  # one o'clock elides the article; what is written 01:00 does not
            code="it", name="Italiano", english_name="Italian", first_of_month="1º", single_hours=frozenset({"1"})
        ),
        KnownLanguage(code="nl", name="Nederlands", english_name="Dutch"),
        KnownLanguage(code="pl", name="Polski", english_name="Polish", plurals=_POLISH),
        KnownLanguage(code="ru", name="Русский", english_name="Russian", plurals=_RUSSIAN),
        KnownLanguage(code="ja", name="日本語", english_name="Japanese", plurals=_NONE, stop="。"),
    )
}
"""By code, in the order in which they are offered."""
