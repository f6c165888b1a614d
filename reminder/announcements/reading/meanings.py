"""Turns the match of each form of a date, and the day of publication, into that date; into nothing where it is none.

The public functions are the meanings that `vocabulary/forms.toml` names.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.reading.years import holiday, next_date, next_weekday, real_date
from reminder.announcements.vocabulary import listed
from reminder.core.dates.month_names import ENGLISH_MONTHS, MONTH_OF, SEASON_OF, WEEKDAY_OF, words
from reminder.core.dates.when import FIRST_YEAR, LAST_YEAR, When


@dataclass(frozen=True, kw_only=True)
class FormMeaning:
    """The date that a form makes of a match: see `Mention` for the three marks."""

    value: When
    inferred: bool = False
    relative: bool = False
    conflict: bool = False


def on_day(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a day with its month, by name or number."""
    groups = match.groupdict()
    month = MONTH_OF[groups["month"].lower()] if "month" in groups else int(groups["number"])
    weekday = WEEKDAY_OF.get((groups.get("weekday") or "").lower())
    return _dated(groups.get("year"), month, int(groups["day"]), weekday, published)


def _dated(
    written: str | None, month: int, day: int, weekday: int | None, published: dt.date | None
) -> FormMeaning | None:
    if written:
        on = real_date(int(written), month, day)
    else:
        on = next_date(month, day, published, weekday) if published else None
    if on is None or not FIRST_YEAR <= on.year <= LAST_YEAR:
        return None
    return FormMeaning(value=When.day(on), inferred=not written, conflict=weekday not in {None, on.weekday()})


def slashed(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `25/7/2025` and `7/25/2025`; where day and month could be either, nothing (SPEC 1)."""
    first, second, year = int(match["first"]), int(match["second"]), match.groupdict().get("year")
    if first == second or second > 12:
        return _dated(year, first, second, None, published)
    return _dated(year, second, first, None, published) if first > 12 else None


def weekday_slashed(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `Sunday (6/2)`: of its two readings, the one that is such a weekday about then; nothing where both are."""
    if published is None:
        return None
    weekday = WEEKDAY_OF[match["weekday"].lower()]
    first, second = int(match["first"]), int(match["second"])
    years = (published.year - 1, published.year, published.year + 1)
    days = {
        on
        for month, day in ((first, second), (second, first))
        for year in years
        if (on := real_date(year, month, day)) and on.weekday() == weekday and -30 <= (on - published).days <= 200
    }
    return FormMeaning(value=When.day(days.pop()), inferred=True) if len(days) == 1 else None


def month_noun(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Keep `may` and `march` as what they mostly are in English: no months, unless written as a name."""
    word = match["month"]
    if word.lower() in {"may", "march", "mar"} and not word[0].isupper():
        return None
    return on_day(match, published)


def first_of_days(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read the first of several days of one month: `8., 9. und 10. Februar`."""
    word, first = match["month"], int(match["first"])
    is_no_month = word.lower() in {"may", "march", "mar"} and not word[0].isupper()
    if is_no_month or first >= int(match["day"]) or _COUNTS.search(match.string, 0, match.start("first")):
        return None
    weekday = WEEKDAY_OF.get((match["weekday"] or "").lower())
    return _dated(match["year"], MONTH_OF[word.lower()], first, weekday, published)


# `episodes 1 and 2 March 5`
_COUNTS: Final = uncased(
    r"\b(?:episodes?|parts?|seasons?|folgen?|teile?|staffeln?|épisodes?|saisons?|episodios?|capítulos?|temporadas?|"
    r"episodi|stagioni|episódios?|odcink\w+|sezon\w*)\s$"
)


def in_span(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `between June and August 2025` as the month, the quarter or the year that holds all of it."""
    groups = match.groupdict()
    ends = MONTH_OF[(groups["month"] or groups["from_month"]).lower()]
    begins = MONTH_OF[(groups["from_month"] or groups["month"]).lower()]
    written = groups["year"]
    if begins > ends or not (written or published) or (groups["from_year"] or written) != written:
        return None
    year = int(written) if written else _year_of(ends, published)
    if begins == ends:
        return FormMeaning(value=When.month(year, ends), inferred=not written)
    quarter = (ends + 2) // 3
    is_within = (begins + 2) // 3 == quarter
    value = When.quarter(year, quarter) if is_within else When.year(year)
    return FormMeaning(value=value, inferred=not written)


def _year_of(month: int, published: dt.date | None) -> int:
    return published.year + (month < published.month) if published else LAST_YEAR


def relative_day(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `today`, `tomorrow`: from the day of publication."""
    days = RELATIVE_DAYS[match[0].lower().replace("’", "'")]
    # A name may begin with the word: "Demain nous appartient".
    if published is None or (match[0][0].isupper() and match.string[match.start() - 1 : match.start()] in _QUOTES):
        return None
    if match[0][0].isupper() and _IN_NAME.search(match.string, 0, match.start()):
        return None  # `The Ana Rhys Show Tonight`
    return FormMeaning(value=When.day(published + dt.timedelta(days=days)), relative=True)


def relative_weekday(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `this Friday`: from the day of publication."""
    word = match["weekday"].lower()
    if published is None or word in {"mon", "sun", "sat", "wed", "segunda", "terça", "quarta", "quinta", "sexta"}:
        return None
    groups = match.groupdict()
    said = (groups.get("which") or groups.get("later") or "").lower()
    on = next_weekday(WEEKDAY_OF[word], published, after_this_week=said in {"next", "nächsten", "nächster"})
    return FormMeaning(value=When.day(on), relative=True)


def numbered_weekday(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `quinta-feira, 15`: the first such day from about now on whose weekday and number agree."""
    if published is None:
        return None
    weekday, number = WEEKDAY_OF[match["weekday"].lower()], int(match["day"])
    days = (published + dt.timedelta(days=ahead) for ahead in range(-6, 60))
    on = next((day for day in days if (day.weekday(), day.day) == (weekday, number)), None)
    return FormMeaning(value=When.day(on), inferred=True) if on else None


def on_holiday(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a holiday, with or without its year."""
    if re.search(
        r"\b(?:celebrat\w+|of|a|the|like|about|save|after|before)\s+$", match.string[: match.start()], re.IGNORECASE
    ):
        return None
    if match["year"]:
        on = holiday(match["name"], int(match["year"]))
        return FormMeaning(value=When.day(on)) if on else None
    if published is None:
        return None
    days = [on for year in (published.year, published.year + 1) if (on := holiday(match["name"], year))]
    coming = [on for on in days if on >= published]
    return FormMeaning(value=When.day(coming[0]), inferred=True) if coming else None


def fourth_of_july(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read the Fourth of July, in words."""
    return _dated(match["year"], 7, 4, None, published)


def in_month(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a month without a day."""
    word = match["month"]
    if word.lower() in ENGLISH_MONTHS and not word[0].isupper():
        return None
    if word == "OTT":  # over the top, not October
        return None
    month = MONTH_OF[word.lower()]
    if match["year"]:
        return FormMeaning(value=When.month(int(match["year"]), month))
    if published is None or (match.groupdict().get("which") or "").lower() in {"last", "since"}:
        return None
    if _is_past(match.string[match.end() :]) or _looks_back(match.string[: match.start()]):
        return None
    year = published.year + (month < published.month)
    return FormMeaning(value=When.month(year, month), inferred=True)


def _looks_back(before: str) -> bool:
    """Tell whether `back in July` looks back, as `shared back in July` does and `will be back in July` does not."""
    found = _BACK.search(before)
    return found is not None and (found[1] or "").lower() not in _COMES


_BACK: Final = uncased(r"(?:([\w’']+)\s+)?back\s+$")
_COMES: Final = frozenset(words("be is are come comes coming it's it’s"))


def _is_past(after: str) -> bool:
    return bool(
        re.match(
            r"(?:\s*(?:&|and)\s*\w+)?\s+(?:of\s+)?(?:last\s+year|dernier|pasado|scorso|passado|ubiegłego)\b",
            after,
            re.IGNORECASE,
        )
    )


def relative_month(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `next month`: from the day of publication."""
    if published is None:
        return None
    later = match["which"].lower() in _NEXT
    year, month = published.year, published.month + later
    return FormMeaning(value=When.month(year + (month > 12), (month - 1) % 12 + 1), relative=True)


def in_quarter(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a quarter of a year."""
    quarter = next(number for number in range(1, 5) if match[f"q{number}"])
    if match["year"]:
        return FormMeaning(value=When.quarter(int(match["year"]), quarter))
    if published is None:
        return None
    year = published.year + (3 * quarter < published.month)
    return FormMeaning(value=When.quarter(year, quarter), inferred=True)


def in_season(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a season; a winter is no more than its year."""
    name = SEASON_OF.get(match["season"].lower())
    written = match["year"]
    if written:
        return FormMeaning(value=When.season(int(written), name) if name else When.year(int(written)))
    which = (match["which"] or match["later"] or "").lower()
    if published is None or name is None or not _may_come(which, match["season"]):
        return None
    this_year = When.season(published.year, name).span()
    begins, ends = this_year or (published, published)
    # In spring "next fall" is mostly the coming one; once the season is here, it is that of the next year.
    later = ends < published or (which in _NEXT and begins <= published)
    return FormMeaning(value=When.season(published.year + later, name), inferred=True)


def _may_come(which: str, season: str) -> bool:
    """Tell whether the word before a season lets it be one to come; without a word only some names of seasons are."""
    if which in _LAST or which.split()[:1] in (["every"], ["each"]):
        return False
    return bool(which) or season.lower() in _BARE_SEASONS


def in_year(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read a year."""
    del published
    return FormMeaning(value=When.year(int(match["year"])))


def relative_year(match: re.Match[str], published: dt.date | None) -> FormMeaning | None:
    """Read `next year`: from the day of publication."""
    if published is None:
        return None
    later = bool(match["next"])
    return FormMeaning(value=When.year(published.year + later), relative=True)


_IN_NAME: Final = Pattern(
    r"(?<![\w’'-])(?!(?:Premier|Debut|Air|Return|Start|Begin|Stream|Out|Live|Arriv|Drop|Land|On|Hulu|"
    r"Netflix|HBO|Max|Peacock|ABC|NBC|CBS|Fox|FX|AMC)\w*\s)[A-Z][\w’'-]+\s$"
)
_QUOTES: Final = frozenset("\"'“„«‘*_")


_BARE_SEASONS: Final = frozenset({"wiosną", "latem", "jesienią"})


_NEXT: Final = frozenset(listed("next"))


_LAST: Final = frozenset(listed("last"))


RELATIVE_DAYS: Final = {
    "today": 0, "tonight": 0, "this evening": 0, "tomorrow": 1, "tomorrow night": 1,
    "heute": 0, "heute abend": 0, "übermorgen": 2, "ab morgen": 1,
    "aujourd'hui": 0, "ce soir": 0, "demain": 1, "hoy": 0, "mañana": 1, "oggi": 0, "stasera": 0, "domani": 1,
    "hoje": 0, "amanhã": 1, "dzisiaj": 0, "dziś": 0, "jutro": 1,
}  # fmt: skip
