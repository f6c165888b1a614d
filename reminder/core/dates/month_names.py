"""Lists the words that dates are made of, in the languages that announcements are read in.

English, German, French, Spanish, Italian, Portuguese and Polish. No name here stands for two different months in two
of them, so one table serves all, and a text in two languages is read as well as one in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reminder.core.dates.spelling import WEEKDAYS


def words(text: str) -> list[str]:
    """Return the words of a list that is written as one text, as the tables here are."""
    return text.split()


# Each line: the names of one month with the forms that stand beside a day. Abbreviations are written without the dot.
_MONTHS: Final = (
    "january jan januar jänner janvier janv enero ene gennaio janeiro stycznia styczniu styczeń",
    "february feb februar février févr fév febrero febbraio febb fevereiro fev lutego lutym luty",
    "march mar märz mrz mars marzo março marca marcu marzec",
    "april apr avril avr abril abr aprile kwietnia kwietniu kwiecień",
    "may mai mayo maggio maio maja maju maj",
    "june jun juni juin junio giugno giu junho czerwca czerwcu czerwiec",
    "july jul juli juillet juil julio luglio lug julho lipca lipcu lipiec",
    "august aug août aout agosto sierpnia sierpniu sierpień",
    "september sept sep septembre septiembre setiembre settembre sett setembro września wrześniu wrzesień",
    "october oct oktober okt octobre octubre ottobre ott outubro października październiku październik",
    "november nov novembre noviembre novembro listopada listopadzie listopad",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudniu grudzień",
)
MONTH_OF: Final = {name: number for number, line in enumerate(_MONTHS, 1) for name in line.split()}
ENGLISH_MONTHS: Final = words(
    "january jan february feb march mar april apr may june jun july jul august aug september sept sep "
    "october oct november nov december dec"
)

_WEEKDAYS: Final = (
    "monday mon montag lundi lunes lunedì segunda-feira segunda poniedziałek poniedziałku",
    "tuesday tues tue dienstag mardi martes martedì terça-feira terça wtorek wtorku",
    "wednesday wed mittwoch mercredi miércoles mercoledì quarta-feira quarta środa środę środy",
    "thursday thurs thur thu donnerstag jeudi jueves giovedì quinta-feira quinta czwartek czwartku",
    "friday fri freitag vendredi viernes venerdì sexta-feira sexta piątek piątku",
    "saturday sat samstag sonnabend samedi sábado sabato sobota sobotę soboty",
    "sunday sun sonntag dimanche domingo domenica niedziela niedzielę niedzieli",
)
WEEKDAY_OF: Final = {name: number for number, line in enumerate(_WEEKDAYS) for name in line.split()}

ENGLISH_WEEKDAYS: Final = [name.lower() for name in WEEKDAYS]

# Winter is not among them: it lies at both ends of a year (SPEC 1), so a winter is read as no more than its year.
SEASON_OF: Final = {
    "spring": "spring", "frühjahr": "spring", "frühling": "spring", "printemps": "spring", "primavera": "spring",
    "wiosną": "spring", "wiosnę": "spring", "wiosna": "spring",
    "summer": "summer", "sommer": "summer", "été": "summer", "verano": "summer", "estate": "summer",
    "verão": "summer", "latem": "summer", "lato": "summer",
    "fall": "fall", "autumn": "autumn", "herbst": "autumn", "automne": "autumn", "otoño": "autumn",
    "autunno": "autumn", "outono": "autumn", "jesienią": "autumn", "jesień": "autumn",
}  # fmt: skip
ENGLISH_SEASONS: Final = words("spring summer fall autumn winter")
WINTERS: Final = ["winter", "hiver", "invierno", "inverno", "zimą"]

# The sooner of two readings: a service that says ET/PT starts with the east.
ZONE_OF: Final = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "eastern": "America/New_York", "eastern time": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "central": "America/Chicago", "central time": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver", "mountain time": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
    "gmt": "UTC", "utc": "UTC", "bst": "Europe/London", "uk time": "Europe/London",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin",
    "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "sgt": "Asia/Singapore",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip


def any_of(names: Iterable[str]) -> str:
    """Return the alternatives of a pattern, longest first, so that the whole name is found; a space is any gap."""
    return "|".join(name.replace(" ", r"\s+") for name in sorted(names, key=len, reverse=True))
