"""The forms that dates take in running text, each with what it makes of a match.

A form returns None for what is no date after all, and for what needs the day of publication when that is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from reminder.core.reading.names import (
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    MONTH_OF,
    SEASON_OF,
    WEEKDAY_OF,
    WINTERS,
    any_of,
    words,
)
from reminder.core.reading.years import (
    FIXED_HOLIDAYS,
    MOVING_HOLIDAYS,
    holiday,
    next_date,
    next_weekday,
    real_date,
)
from reminder.core.when import FIRST_YEAR, LAST_YEAR, When, WhenError


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a form makes of a match: see `Mention` for the three marks."""

    value: When
    inferred: bool = False
    relative: bool = False
    conflict: bool = False


_Form = Callable[[re.Match[str], dt.date | None], Reading | None]

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
    r"(?:in|im|en|au|à|a|ao|em|no|na|nel|nell'|w|we|during|by|this|next|last|coming|until|till|bis|since|early|mid|late|"
    r"anfang|mitte|ende|début|fin|mi|principios\s+de|mediados\s+de|finales\s+de|for|para|per|por|dla|desde|dès|ab|von|start(?:ing)?)"
)


def readings(text: str, published: dt.date | None) -> Iterator[tuple[re.Match[str], Reading]]:
    """Given a sentence, yield every match of every form with its meaning; they may overlap."""
    for pattern, form in _FORMS:
        for match in pattern.finditer(text):
            reading = _read(form, match, published)
            if reading:
                yield match, reading


def _read(form: _Form, match: re.Match[str], published: dt.date | None) -> Reading | None:
    """Return what a form makes of a match; nothing for a year that no date of ours may have (`in 1923`)."""
    try:
        return form(match, published)
    except WhenError:
        return None


# Days ---------------------------------------------------------------------------------------------------------------


def _day(match: re.Match[str], published: dt.date | None) -> Reading | None:
    groups = match.groupdict()
    month = MONTH_OF[groups["month"].lower()] if "month" in groups else int(groups["number"])
    weekday = WEEKDAY_OF.get((groups.get("weekday") or "").lower())
    return _dated(groups.get("year"), month, int(groups["day"]), weekday, published)


def _dated(written: str | None, month: int, day: int, weekday: int | None, published: dt.date | None) -> Reading | None:
    if written:
        on = real_date(int(written), month, day)
    else:
        on = next_date(month, day, published, weekday) if published else None
    if on is None or not FIRST_YEAR <= on.year <= LAST_YEAR:
        return None
    return Reading(value=When.day(on), inferred=not written, conflict=weekday not in {None, on.weekday()})


def _slashed(match: re.Match[str], published: dt.date | None) -> Reading | None:
    """Read `25/7/2025` and `7/25/2025`; where day and month could be either, nothing (SPEC 1)."""
    first, second = int(match["first"]), int(match["second"])
    if first == second or second > 12:
        return _dated(match["year"], first, second, None, published)
    return _dated(match["year"], second, first, None, published) if first > 12 else None


def _month_noun(match: re.Match[str], published: dt.date | None) -> Reading | None:
    """Keep `may` and `march` as what they mostly are in English: no months, unless written as a name."""
    word = match["month"]
    if word.lower() in {"may", "march", "mar"} and not word[0].isupper():
        return None
    return _day(match, published)


def _relative_day(match: re.Match[str], published: dt.date | None) -> Reading | None:
    days = _RELATIVE_DAYS[match[0].lower().replace("’", "'")]
    # A name may begin with the word: "Demain nous appartient".
    if published is None or (match[0][0].isupper() and match.string[match.start() - 1 : match.start()] in _QUOTES):
        return None
    return Reading(value=When.day(published + dt.timedelta(days=days)), relative=True)


def _relative_weekday(match: re.Match[str], published: dt.date | None) -> Reading | None:
    word = match["weekday"].lower()
    if published is None or word in {"mon", "sun", "sat", "wed", "segunda", "terça", "quarta", "quinta", "sexta"}:
        return None
    groups = match.groupdict()
    said = (groups.get("which") or groups.get("later") or "").lower()
    on = next_weekday(WEEKDAY_OF[word], published, after_this_week=said in {"next", "nächsten", "nächster"})
    return Reading(value=When.day(on), relative=True)


def _numbered_weekday(match: re.Match[str], published: dt.date | None) -> Reading | None:
    """Read `quinta-feira, 15`: the first such day from about now on whose weekday and number agree."""
    if published is None:
        return None
    weekday, number = WEEKDAY_OF[match["weekday"].lower()], int(match["day"])
    days = (published + dt.timedelta(days=ahead) for ahead in range(-6, 60))
    on = next((day for day in days if (day.weekday(), day.day) == (weekday, number)), None)
    return Reading(value=When.day(on), inferred=True) if on else None


def _holiday(match: re.Match[str], published: dt.date | None) -> Reading | None:
    if re.search(
        r"\b(?:celebrat\w+|of|a|the|like|about|save|after|before)\s+$", match.string[: match.start()], re.IGNORECASE
    ):
        return None
    if match["year"]:
        on = holiday(match["name"], int(match["year"]))
        return Reading(value=When.day(on)) if on else None
    if published is None:
        return None
    days = [on for year in (published.year, published.year + 1) if (on := holiday(match["name"], year))]
    coming = [on for on in days if on >= published]
    return Reading(value=When.day(coming[0]), inferred=True) if coming else None


def _fourth_of_july(match: re.Match[str], published: dt.date | None) -> Reading | None:
    return _dated(match["year"], 7, 4, None, published)


# Months, quarters, seasons, years -----------------------------------------------------------------------------------


def _month(match: re.Match[str], published: dt.date | None) -> Reading | None:
    word = match["month"]
    if word.lower() in ENGLISH_MONTHS and not word[0].isupper():
        return None
    month = MONTH_OF[word.lower()]
    if match["year"]:
        return Reading(value=When.month(int(match["year"]), month))
    if published is None or (match.groupdict().get("which") or "").lower() in {"last", "since"}:
        return None
    if _is_past(match.string[match.end() :]):
        return None
    year = published.year + (month < published.month)
    return Reading(value=When.month(year, month), inferred=True)


def _is_past(after: str) -> bool:
    return bool(
        re.match(
            r"(?:\s*(?:&|and)\s*\w+)?\s+(?:of\s+)?(?:last\s+year|dernier|pasado|scorso|passado|ubiegłego)\b",
            after,
            re.IGNORECASE,
        )
    )


def _relative_month(match: re.Match[str], published: dt.date | None) -> Reading | None:
    if published is None:
        return None
    later = match["which"].lower() in _NEXT
    year, month = published.year, published.month + later
    return Reading(value=When.month(year + (month > 12), (month - 1) % 12 + 1), relative=True)


def _quarter(match: re.Match[str], published: dt.date | None) -> Reading | None:
    quarter = next(number for number in range(1, 5) if match[f"q{number}"])
    if match["year"]:
        return Reading(value=When.quarter(int(match["year"]), quarter))
    if published is None:
        return None
    year = published.year + (3 * quarter < published.month)
    return Reading(value=When.quarter(year, quarter), inferred=True)


def _season(match: re.Match[str], published: dt.date | None) -> Reading | None:
    name = SEASON_OF.get(match["season"].lower())
    written = match["year"]
    if written:
        return Reading(value=When.season(int(written), name) if name else When.year(int(written)))
    which = (match["which"] or match["later"] or "").lower()
    if published is None or name is None or which in _LAST or which.split()[:1] in (["every"], ["each"]):
        return None
    if not which and match["season"].lower() not in _BARE_SEASONS:
        return None
    this_year = When.season(published.year, name).span()
    over = this_year is not None and this_year[1] < published
    # In spring "next fall" is mostly the coming one; once the season is here, it is that of the next year.
    begun = this_year is not None and this_year[0] <= published
    later = over or (which in _NEXT and begun)
    return Reading(value=When.season(published.year + later, name), inferred=True)


def _year(match: re.Match[str], published: dt.date | None) -> Reading | None:
    del published
    return Reading(value=When.year(int(match["year"])))


def _relative_year(match: re.Match[str], published: dt.date | None) -> Reading | None:
    if published is None:
        return None
    later = bool(match["next"])
    return Reading(value=When.year(published.year + later), relative=True)


_QUOTES: Final = frozenset("\"'“„«‘*_")
_BARE_SEASONS: Final = frozenset({"wiosną", "latem", "jesienią"})
_NEXT: Final = frozenset(
    words(
        "next nächsten nächster nächstes nächstem kommenden kommender prochain prochaine próximo próxima "
        "prossimo prossima przyszłym przyszłego"
    )
)
_LAST: Final = frozenset(
    words("last past vergangenen letzten dernier dernière pasado pasada scorso scorsa passado passada previous")
)
_RELATIVE_DAYS: Final = {
    "today": 0, "tonight": 0, "this evening": 0, "tomorrow": 1, "tomorrow night": 1,
    "heute": 0, "heute abend": 0, "übermorgen": 2, "ab morgen": 1,
    "aujourd'hui": 0, "ce soir": 0, "demain": 1, "hoy": 0, "mañana": 1, "oggi": 0, "stasera": 0, "domani": 1,
    "hoje": 0, "amanhã": 1, "dzisiaj": 0, "dziś": 0, "jutro": 1,
}  # fmt: skip
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


def _form(pattern: str, form: _Form, *, cased: bool = False) -> tuple[re.Pattern[str], _Form]:
    return re.compile(pattern, 0 if cased else re.IGNORECASE), form


_FORMS: Final = (
    _form(rf"{_NOT_WORD}{_YEAR}-(?P<number>\d\d)-{_DAY}(?![\w-])", _day),
    _form(rf"{_NOT_WORD}{_WEEKDAY}(?P<day>\d\d?)\.\s?(?P<number>\d\d?)\.\s?{_YEAR}", _day),
    _form(
        rf"\b(?:am|ab|vom|bis|zum|und)\s+(?:dem\s+)?{_WEEKDAY}(?P<day>\d\d?)\.(?P<number>0?[1-9]|1[0-2])\.(?!\d)", _day
    ),
    _form(rf"{_NOT_WORD}(?P<first>\d\d?)/(?P<second>\d\d?)/{_YEAR}", _slashed),
    _form(
        rf"{_NOT_WORD}{_WEEKDAY}{_ENGLISH_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?![\w:])(?:(?:\s?[-–]\s?\d\d?)?,?\s+{_YEAR})?",
        _month_noun,
    ),
    _form(
        rf"{_NOT_WORD}{_WEEKDAY}{_DAY}(?:st|nd|rd|th|er|º|°|ª|\.)?\s*(?:of\s+|de\s+|d['’]\s?)?{_MONTH}{_LATE_YEAR}",
        _month_noun,
    ),
    _form(rf"\b(?:{any_of(['fourth of july', '4th of july', 'july fourth'])})\b{_LATE_YEAR}", _fourth_of_july),
    _form(
        rf"\b(?P<name>{any_of([*FIXED_HOLIDAYS, *MOVING_HOLIDAYS]).replace(chr(39), '[’' + chr(39) + ']')})\b"
        rf"(?!\s+(?:weekend|special|episode|movie|film|party|season|costume|ends|kills)){_LATE_YEAR}",
        _holiday,
    ),
    _form(rf"\b(?:{any_of(_RELATIVE_DAYS).replace(chr(39), '[’' + chr(39) + ']')})\b(?!['’]s)", _relative_day),
    _form(
        rf"\b(?:(?P<which>this|next|coming|diesen|nächsten|kommenden|ce|este|el\s+próximo|questo|prossimo|w\s+ten)\s+|"
        rf"(?:on|am|ab)\s+)(?P<weekday>{any_of(WEEKDAY_OF)})\b(?:\s+(?P<later>prochain|próximo|prossimo))?",
        _relative_weekday,
    ),
    _form(
        rf"\b(?P<lead>(?:premier(?:es|ing)|debut(?:s|ing)|begins?|starts?|streaming|arriv(?:es|ing)|returns?|drops|lands)\s+)"
        rf"(?P<weekday>{any_of(ENGLISH_WEEKDAYS)})\b(?!,?\s+(?-i:[A-Z\d]))",
        _relative_weekday,
    ),
    _form(
        rf"\b(?P<weekday>{any_of(WEEKDAY_OF)})(?:,\s|\s\(|\sdía\s|\s)(?P<day>[12]\d|3[01]|0?[1-9])(?=\)|,|\.?$|\.\s|\s(?-i:[a-zà-ü]))(?!\s(?:de\s|uhr|h\b|[ap]\.?m))",
        _numbered_weekday,
    ),
    _form(rf"{_NOT_WORD}{_MONTH}(?:,?\s+(?:of\s+|de\s+|del\s+)?){_YEAR}", _month),
    _form(
        rf"\b(?P<which>{_IN})[\s-]+(?:(?:the\s+)?(?:early|mid|late|end\s+of|middle\s+of|beginning\s+of)[\s-]+|"
        rf"(?:mese\s+di|mois\s+de|mes\s+de|mês\s+de|de|d['’])\s*)?{_MONTH}(?!\w)(?P<year>(?!))?(?!\.?\s+\d)",
        _month,
    ),
    _form(
        r"\b(?P<which>this|next|diesen|nächsten|kommenden|ce|este|il\s+prossimo|próximo|el\s+próximo)\s+"
        r"(?:month|monat|mois|mes|mese|mês)\b",
        _relative_month,
    ),
    _form(
        r"\b(?:(?P<q1>q1|(?:first|1st|ersten|1\.)\s+(?:quarter|quartal))|(?P<q2>q2|(?:second|2nd|zweiten|2\.)\s+(?:quarter|quartal))|"
        r"(?P<q3>q3|(?:third|3rd|dritten|3\.)\s+(?:quarter|quartal))|(?P<q4>q4|(?:fourth|4th|vierten|4\.)\s+(?:quarter|quartal)))"
        rf"(?:\s+(?:of\s+)?{_YEAR})?",
        _quarter,
    ),
    _form(
        rf"(?:\b(?P<which>{_WHICH}|(?:in|for|by|during)(?:\s+(?:the|early|late|mid))*|en(?:\s+(?:la|el))?|dans|nell?|no|na|au|à|w)\s+)?"
        rf"(?:l['’])?\b(?P<season>{any_of([*SEASON_OF, *WINTERS])})"
        rf"(?:,?\s+(?:of\s+|de\s+|del\s+)?{_YEAR}|\s+(?P<later>{_LATER})\b)?(?!\w)",
        _season,
    ),
    _form(
        rf"\b(?:(?:first|second|latter|early|back)\s+half|end|beginning|start|middle|early\s+part)\s+of\s+{_YEAR}(?!\w)",
        _year,
    ),
    _form(
        rf"(?:\b(?:in|im|en|em|nel|w|early|mid|late|by|for|tba|until|till|to|into|anfang|mitte|ende|début|fin|"
        rf"of|na|sometime|principios\s+de|mediados\s+de|finales\s+de|inizio|fine|início\s+de|roku)[\s-]+)(?:jahr\s+)?{_YEAR}(?!\s*[-–/]\s*\d|\w)",
        _year,
    ),
    _form(
        rf"\b(?P<lead>(?:stream(?:ing)?|releas(?:e|ed|ing)|premier(?:e|es|ing)|debut(?:s|ing)?|arriv(?:es|ing)|coming|launch(?:es|ing)?)\s+)"
        rf"{_YEAR}(?!\s*[-–/]\s*\d|\w|\s+(?:film|movie|series|show|hit|season))",
        _year,
    ),
    _form(
        r"\b(?:later\s+this\s+year|this\s+year|noch\s+dieses\s+jahr|in\s+diesem\s+jahr|cette\s+année|este\s+año|"
        r"quest['’]anno|este\s+ano|ainda\s+este\s+ano|w\s+tym\s+roku|(?P<next>(?:early\s+|late\s+)?next\s+year|"
        r"nächstes\s+jahr|im\s+nächsten\s+jahr|l['’]année\s+prochaine|el\s+próximo\s+año|(?:el\s+)?año\s+que\s+viene|"
        r"il\s+prossimo\s+anno|próximo\s+ano|ano\s+que\s+vem|w\s+przyszłym\s+roku))\b",
        _relative_year,
    ),
)
