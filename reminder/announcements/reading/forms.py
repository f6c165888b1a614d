"""The forms that dates take in running text, each with what it makes of a match.

A form returns None for what is no date after all, and for what needs the day of publication when that is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Final

from reminder.announcements.reading import meanings
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.years import (
    FIXED_HOLIDAYS,
    MOVING_HOLIDAYS,
)
from reminder.core.dates.month_names import (
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    MONTH_OF,
    SEASON_OF,
    WEEKDAY_OF,
    WINTERS,
    any_of,
    words,
)
from reminder.core.dates.when import WhenError

_Form = Callable[[re.Match[str], dt.date | None], meanings.FormMeaning | None]

_NOT_WORD: Final = r"(?<![\w/.\-])"
_WEEKDAY: Final = (
    rf"(?:(?P<weekday>{any_of(WEEKDAY_OF)})\b\.?(?:\s+(?:night|evening|morning))?,?\s+(?:den\s+|dem\s+|the\s+)?)?"
)
_MONTH: Final = rf"(?P<month>{any_of(MONTH_OF)})\b\.?"
_ENGLISH_MONTH: Final = rf"(?P<month>{any_of(ENGLISH_MONTHS)})\b\.?"
_DAY: Final = r"(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)"
_YEAR: Final = r"(?P<year>(?:19|20|21)\d\d)(?!\d)"
_LATE_YEAR: Final = rf"(?:(?:,?\s+|,?\s+del?\s+|\s+of\s+){_YEAR})?"
_IN: Final = (
    r"(?:in|im|en|au|à|a|ao|em|no|na|nel|nell'|w|we|during|by|this|next|last|coming|until|till|bis|since|"
    r"early|mid|late|"
    r"anfang|mitte|ende|début|fin|mi|principios\s+de|mediados\s+de|finales\s+de|for|für|from|to|para|per|"
    r"por|dla|desde|dès|ab|von|start(?:ing)?)"
)


def readings(text: str, published: dt.date | None) -> Iterator[tuple[re.Match[str], meanings.FormMeaning]]:
    """Given a sentence, yield every match of every form with its meaning; they may overlap."""
    for pattern, form in _FORMS:
        for match in pattern.finditer(text):
            reading = _read(form, match, published)
            if reading:
                yield match, reading


def _read(form: _Form, match: re.Match[str], published: dt.date | None) -> meanings.FormMeaning | None:
    """Return what a form makes of a match; nothing for a year that no date of ours may have (`in 1923`)."""
    try:
        return form(match, published)
    except WhenError:
        return None


_WHICH: Final = any_of(
    words(
        "this next coming last past every each diesen dieser diesem nächsten nächster nächstes nächstem "
        "kommenden kommender vergangenen letzten ce cet cette este esta próximo próxima questo questa "
        "prossimo prossima neste nesta em im przyszłym tym early late mid"
    )
)
_LATER: Final = any_of(
    words("prochain prochaine próximo próxima prossimo prossima passado pasado scorso scorsa dernier dernière")
)


def _form(pattern: str, form: _Form, *, cased: bool = False) -> tuple[Pattern, _Form]:
    return Pattern(pattern, 0 if cased else re.IGNORECASE), form


_FORMS: Final = (
    _form(rf"{_NOT_WORD}{_YEAR}-(?P<number>\d\d)-{_DAY}(?![\w-])", meanings.on_day),
    _form(rf"{_NOT_WORD}{_WEEKDAY}(?P<day>\d\d?)\.\s?(?P<number>\d\d?)\.\s?{_YEAR}", meanings.on_day),
    _form(
        rf"\b(?:am|ab|vom|bis|zum|und)\s+(?:dem\s+)?{_WEEKDAY}(?P<day>\d\d?)\.(?P<number>0?[1-9]|1[0-2])\.(?!\d)",
        meanings.on_day,
    ),
    _form(
        r"\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?,?\s+(?P<day>\d\d?)\.(?P<number>0?[1-9]|1[0-2])\.?(?![\d.])",
        meanings.on_day,
        cased=True,
    ),
    _form(rf"{_NOT_WORD}(?P<first>\d\d?)/(?P<second>\d\d?)/{_YEAR}", meanings.slashed),
    _form(
        rf"{_NOT_WORD}{_WEEKDAY}{_ENGLISH_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?!\w|"
        rf":\d)(?:(?:\s?[-–]\s?\d\d?)?,?\s+{_YEAR})?",
        meanings.month_noun,
    ),
    _form(
        rf"{_NOT_WORD}{_WEEKDAY}{_DAY}(?:st|nd|rd|th|er|º|°|ª|\.)?\s*(?:of\s+|de\s+|d['’]\s?)?{_MONTH}{_LATE_YEAR}",
        meanings.month_noun,
    ),
    _form(rf"\b(?:{any_of(['fourth of july', '4th of july', 'july fourth'])})\b{_LATE_YEAR}", meanings.fourth_of_july),
    _form(
        rf"\b(?P<name>{any_of([*FIXED_HOLIDAYS, *MOVING_HOLIDAYS]).replace(chr(39), '[’' + chr(39) + ']')})\b"
        rf"(?!\s+(?:weekend|special|episode|movie|film|party|season|costume|ends|kills|day|eve)\b){_LATE_YEAR}",
        meanings.on_holiday,
    ),
    _form(
        rf"\b(?:{any_of(meanings.RELATIVE_DAYS).replace(chr(39), '[’' + chr(39) + ']')})\b(?!['’]s)",
        meanings.relative_day,
    ),
    _form(
        rf"\b(?:(?P<which>this|next|coming|diesen|nächsten|kommenden|ce|este|el\s+próximo|questo|prossimo|w\s+ten)\s+|"
        rf"(?:on|am|ab|we?|od|dès|da|à\s+partir\s+de|a\s+partir\s+de(?:l)?|"
        rf"desde\s+el)\s+)(?P<weekday>{any_of(WEEKDAY_OF)})\b(?:\s+(?P<later>prochain|próximo|prossimo))?",
        meanings.relative_weekday,
    ),
    _form(
        rf"\b(?P<lead>(?:premier(?:es|ing)|debut(?:s|ing)|begins?|starts?|streaming|arriv(?:es|ing)|returns?|"
        rf"drops|lands)\s+)"
        rf"(?P<weekday>{any_of(ENGLISH_WEEKDAYS)})\b(?!,?\s+(?-i:[A-Z\d]))",
        meanings.relative_weekday,
    ),
    _form(
        rf"\b(?P<weekday>{any_of(WEEKDAY_OF)})(?:,\s|\s\(|\sdía\s|\s)(?P<day>[12]\d|3[01]|0?[1-9])(?=\)|,|\.?$|"
        rf"\.\s|\s(?-i:[a-zà-ü]))(?!\s(?:de\s|uhr|h\b|[ap]\.?m))",
        meanings.numbered_weekday,
    ),
    _form(rf"{_NOT_WORD}{_MONTH}(?:,?\s+(?:of\s+|de\s+|del\s+)?){_YEAR}", meanings.in_month),
    _form(
        rf"\b(?P<which>{_IN})[\s-]+(?:(?:the\s+)?(?:early|mid|late|end\s+of|middle\s+of|beginning\s+of)[\s-]+|"
        rf"(?:(?:the|la|a|der)\s+)?(?:first|second|third|last|final|primera|segunda|tercera|última|primeira|"
        rf"terceira|prima|seconda|terza|ultima|ersten|zweiten|dritten|letzten|première|dernière)\s+(?:week|"
        rf"woche|semaine|semana|settimana)\s+(?:of|in|im|de|di|d['’])\s*|"
        rf"(?:mese\s+di|mois\s+de|mes\s+de|mês\s+de|de|d['’])\s*)?{_MONTH}(?!\w)(?P<year>(?!))?(?!\.?\s+\d)",
        meanings.in_month,
    ),
    _form(
        r"\b(?P<which>this|next|diesen|nächsten|kommenden|ce|este|il\s+prossimo|próximo|el\s+próximo)\s+"
        r"(?:month|monat|mois|mes|mese|mês)\b",
        meanings.relative_month,
    ),
    _form(
        r"\b(?:(?P<q1>q1|(?:first|1st|ersten|1\.)\s+(?:quarter|quartal))|(?P<q2>q2|(?:second|2nd|zweiten|"
        r"2\.)\s+(?:quarter|quartal))|"
        r"(?P<q3>q3|(?:third|3rd|dritten|3\.)\s+(?:quarter|quartal))|(?P<q4>q4|(?:fourth|4th|vierten|"
        r"4\.)\s+(?:quarter|quartal)))"
        rf"(?:\s+(?:of\s+)?{_YEAR})?",
        meanings.in_quarter,
    ),
    _form(
        rf"(?:\b(?P<which>{_WHICH}|(?:in|for|by|during)(?:\s+(?:the|early|late|mid))*|en(?:\s+(?:la|el))?|dans|"
        rf"nell?|no|na|au|à|w)\s+)?"
        rf"(?:l['’])?\b(?P<season>{any_of([*SEASON_OF, *WINTERS])})"
        rf"(?:,?\s+(?:of\s+|de\s+|del\s+)?{_YEAR}|\s+(?P<later>{_LATER})\b)?(?!\w)",
        meanings.in_season,
    ),
    _form(
        rf"\b(?:(?:first|second|latter|early|back)\s+half|(?:first|second|latter)\s+part|end|beginning|start|"
        rf"middle|early\s+part)\s+of\s+(?:the\s+year\s+)?{_YEAR}(?!\w)",
        meanings.in_year,
    ),
    _form(
        rf"(?:\b(?:in|im|en|em|nel|w|early|mid|late|by|for|tba|until|till|to|into|anfang|mitte|ende|début|fin|"
        rf"of|na|sometime|pour|para|per|für|dla|bis|auf|al|hasta(?:\s+el)?|fino\s+al|até|jusqu['’]en|"
        rf"(?:dans\s+le|en\s+el|nel)\s+(?:courant|transcurso|corso)\s+(?:de|del)|im\s+laufe\s+des\s+jahres|"
        rf"principios\s+de|mediados\s+de|finales\s+de|inizio|fine|início\s+de|"
        rf"roku)[\s-]+)(?:jahr\s+)?{_YEAR}(?!\s*[-–/]\s*\d|\w)",
        meanings.in_year,
    ),
    _form(
        rf"\b(?P<lead>(?:stream(?:ing)?|releas(?:e|ed|ing)|premier(?:e|es|ing)|debut(?:s|ing)?|arriv(?:es|ing)|"
        rf"coming|launch(?:es|ing)?)\s+)"
        rf"{_YEAR}(?!\s*[-–/]\s*\d|\w|\s+(?:film|movie|series|show|hit|season))",
        meanings.in_year,
    ),
    _form(
        r"\b(?:(?:dans\s+le\s+)?courant\s+de\s+l['’]année|im\s+laufe\s+des\s+jahres(?!\s+\d)|"
        r"a\s+lo\s+largo\s+del\s+año|(?:nel\s+corso|entro\s+la\s+fine)\s+dell['’]anno|ao\s+longo\s+do\s+ano|"
        r"w\s+ciągu\s+roku|later\s+this\s+year|this\s+year|noch\s+dieses\s+jahr|in\s+diesem\s+jahr|"
        r"cette\s+année|este\s+año|"
        r"quest['’]anno|este\s+ano|ainda\s+este\s+ano|w\s+tym\s+roku|(?P<next>(?:early\s+|late\s+|(?:first|"
        r"second|early|latter)\s+half\s+of\s+|(?:start|end|beginning|middle)\s+of\s+)?next\s+year|"
        r"nächstes\s+jahr|im\s+nächsten\s+jahr|l['’]année\s+prochaine|el\s+próximo\s+año|(?:el\s+)?año\s+que\s+viene|"
        r"il\s+prossimo\s+anno|próximo\s+ano|ano\s+que\s+vem|w\s+przyszłym\s+roku))\b",
        meanings.relative_year,
    ),
)
