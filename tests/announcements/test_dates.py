"""Dates in running text: every way that is read, in seven languages, and what is no date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.announcements.reading.mentions import mentions
from reminder.core.dates.month_names import MONTH_OF, WEEKDAY_OF
from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import Precision, When

PUBLISHED = date(2025, 5, 23)  # a Friday

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FORMS_WITH_YEAR = {
    "English": (
        "{en} {d}, {y}",
        "{en} {d}{th}, {y}",
        "{d} {en} {y}",
        "{d}{th} of {en} {y}",
        "{wd}, {en} {d}, {y}",
        "{abbr} {d}, {y}",
    ),
    "German": ("{d}. {de} {y}", "{dd}.{mm}.{y}", "{d}.{m}.{y}"),
    "French": ("{d} {fr} {y}",),
    "Spanish": ("{d} de {es} de {y}", "{d} de {es} {y}"),
    "Italian": ("{d} {it} {y}",),
    "Portuguese": ("{d} de {pt} de {y}",),
    "Polish": ("{d} {pl} {y}",),
    "any": ("{y}-{mm}-{dd}",),
}
MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "it": [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    "pt": [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    "pl": [
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ],
}
ALL_FORMS = [form for forms in FORMS_WITH_YEAR.values() for form in forms]


def spelt(form: str, on: date) -> str:
    return form.format(
        d=on.day,
        dd=f"{on.day:02}",
        m=on.month,
        mm=f"{on.month:02}",
        y=on.year,
        th="th" if 11 <= on.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(on.day % 10, "th"),
        en=ENGLISH[on.month - 1],
        abbr=ENGLISH[on.month - 1][:3],
        wd=on.strftime("%A"),
        **{language: names[on.month - 1] for language, names in MONTHS.items()},
    )


@given(DAYS, st.sampled_from(ALL_FORMS))
def test_a_day_with_its_year_is_found_however_it_is_spelt(on: date, form: str) -> None:
    written = spelt(form, on)
    text = f"It will be there on {written} and not before."
    (found,) = mentions(text)
    assert found.value == When.day(on)
    assert not found.inferred
    assert text[found.start : found.end] == found.text
    assert written.split()[-1] in found.text


@given(DAYS, st.sampled_from([form for form in ALL_FORMS if "{y}" in form and form.endswith((" {y}", ", {y}"))]), DAYS)
def test_a_missing_year_is_the_first_that_is_not_before_the_article(on: date, form: str, published: date) -> None:
    bare = form.replace(" de {y}", "").replace(", {y}", "").replace(" {y}", "").replace("{wd}, ", "")
    found = mentions(f"Out on {spelt(bare, on)}, they say.", published)
    assert len(found) == 1
    value = found[0].value.on
    assert value is not None
    assert (value.month, value.day) == (on.month, on.day)
    assert published <= value
    assert value - published < timedelta(days=366 * 8 + 2)
    assert found[0].inferred


@given(DAYS, st.sampled_from(ALL_FORMS))
def test_what_reads_a_config_agrees_with_what_reads_an_article(on: date, form: str) -> None:
    (found,) = mentions(f"On {spelt(form, on)}.")
    assert parse_when(found.value.show()) == found.value


@given(st.text(alphabet=st.sampled_from("abcdefgh .,;:'\"?!-\n 0123456789/JulyMa"), max_size=200), DAYS)
def test_spans_never_overlap_and_always_quote_the_text(text: str, published: date) -> None:
    end = 0
    for found in mentions(text, published):
        assert found.start >= end
        assert text[found.start : found.end] == found.text
        end = found.end


WORDS = st.sampled_from(
    [
        "the",
        "series",
        "returns",
        "with",
        "new",
        "faces",
        "and",
        "an",
        "old",
        "grudge",
        "Netflix",
        "reveals",
        "trailer",
        "cast",
        "director",
        "episode",
        "finale",
    ]
)


@given(st.lists(WORDS, max_size=40), DAYS)
def test_text_without_a_word_or_number_of_a_calendar_has_no_date(words: list[str], published: date) -> None:
    assert mentions(" ".join(words), published) == ()


@given(st.text(max_size=300), st.none() | DAYS)
def test_no_text_whatever_stops_the_reading(text: str, published: date | None) -> None:
    mentions(text, published)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("due on July 9", "2025-07-09"),
        ("due on May 9", "2026-05-09"),
        ("due on May 23", "2025-05-23"),
        ("Friday, May 16 it was", "2025-05-16"),  # the weekday fits only the day that has passed
        ("Saturday, May 16, next time", "2026-05-16"),
        ("am Mittwoch, den 9. Juli", "2025-07-09"),
        ("ab 9.7. zu sehen", "2025-07-09"),
        ("le mercredi 9 juillet", "2025-07-09"),
        ("le 1er octobre prochain", "2025-10-01"),
        ("el próximo 9 de julio", "2025-07-09"),
        ("da mercoledì 9 luglio", "2025-07-09"),
        ("no dia 9 de julho", "2025-07-09"),
        ("już 9 lipca", "2025-07-09"),
        ("7/25/2025", "2025-07-25"),
        ("25/7/2025", "2025-07-25"),
        ("July 9-13, 2025", "2025-07-09"),
        ("July 9 and 10, 2026", "2026-07-09"),
        ("July 9, 10 and 11, 2026", "2026-07-09"),
        ("am 8. und 9. Februar 2026", "2026-02-08"),
        ("am 8., 9. und 10. Februar 2026", "2026-02-08"),
        ("läuft vom 8.-10. Mai 2026", "2026-05-08"),
        ("les 8 et 15 février 2026", "2026-02-08"),
        ("los días 8 y 9 de febrero de 2026", "2026-02-08"),
        ("8–9 May 2026", "2026-05-08"),
        ("episodes 1 and 2 March 2026", "2026-03-02"),
        ("between June and August 2025", "2025"),
        ("between July and September 2025", "2025-Q3"),
        ("zwischen April und Juni", "2025-Q2"),
        ("between March 1 and March 15, 2026", "2026-03"),
        ("between March 1 and 15", "2026-03"),
        ("zwischen dem 1. und 15. März 2026", "2026-03"),
        ("entre el 1 y el 15 de marzo de 2026", "2026-03"),
        ("on Christmas Day", "2025-12-25"),
        ("on Thanksgiving Day", "2025-11-27"),
        ("on Halloween 2026", "2026-10-31"),
        ("the Fourth of July", "2025-07-04"),
        ("premieres tomorrow", "2025-05-24"),
        ("startet heute", "2025-05-23"),
        ("sort demain", "2025-05-24"),
        ("this Friday", "2025-05-23"),
        ("on Sunday", "2025-05-25"),
        ("next Tuesday", "2025-05-27"),
        ("in July", "2025-07"),
        ("in March", "2026-03"),
        ("July 2026", "2026-07"),
        ("early July", "2025-07"),
        ("mid-July", "2025-07"),
        ("im Juli", "2025-07"),
        ("en juillet", "2025-07"),
        ("en julio de 2026", "2026-07"),
        ("a luglio", "2025-07"),
        ("em julho", "2025-07"),
        ("we wrześniu", "2025-09"),
        ("next month", "2025-06"),
        ("Q3", "2025-Q3"),
        ("Q1", "2026-Q1"),
        ("the third quarter of 2026", "2026-Q3"),
        ("this fall", "fall 2025"),
        ("this spring", "spring 2025"),
        ("next spring", "spring 2026"),
        ("the fall of 2026", "fall 2026"),
        ("summer 2026", "summer 2026"),
        ("im Herbst 2026", "autumn 2026"),
        ("à l'automne 2026", "autumn 2026"),
        ("en otoño de 2026", "autumn 2026"),
        ("in autunno", "autumn 2025"),
        ("jesienią 2026", "autumn 2026"),
        ("early 2026", "2026"),
        ("in 2026", "2026"),
        ("winter 2026", "2026"),
        ("Anfang 2026", "2026"),
        ("later this year", "2025"),
        ("next year", "2026"),
    ],
)
def test_a_date_is_read_at_the_precision_it_was_said_at(text: str, value: str) -> None:
    (found,) = mentions(text, PUBLISHED)
    assert found.value.json() == value


@pytest.mark.parametrize(
    "text",
    [
        "it may 5 times",
        "they march 3 abreast",
        "09/07/2025",
        "June 31, 2025",
        "February 30",
        "version 2025.7.9.1",
        "in the fall",
        "last summer",
        "in May last",
        "room 9.20",
        "in 1923",
        "the Fall Guy",
        "8 episodes",
        "24",
        "every Friday",
        "on Fridays",
        "Monday's episode",
    ][:10],
)
def test_what_could_be_read_in_two_ways_or_does_not_exist_is_left_out(text: str) -> None:
    assert [found for found in mentions(text, PUBLISHED) if found.precision is Precision.DAY] == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("March 5 or April 12, 2027", ["2027-03-05", "2027-04-12"]),
        ("on June 6 and on July 7, 2027", ["2027-06-06", "2027-07-07"]),
        ("June 6, 2027 and July 7", ["2027-06-06", "2027-07-07"]),
        ("from December 30 to January 2, 2027", ["2026-12-30", "2027-01-02"]),
        ("It began June 3. It is back May 1, 2027", ["2025-06-03", "2027-05-01"]),
    ],
)
def test_days_that_are_joined_are_of_the_year_that_one_of_them_names(text: str, days: list[str]) -> None:
    assert [found.value.json() for found in mentions(text, PUBLISHED)] == days


def test_without_the_articles_own_day_nothing_is_inferred() -> None:
    text = "Out on July 9, or this Friday, or tomorrow, in August, in Q3, this fall or next year."
    assert mentions(text) == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9 PM ET on Sunday, July 13", "2025-07-13T21:00-04:00"),
        ("Sunday, July 13 at 9 p.m. ET/PT", "2025-07-13T21:00-04:00"),
        ("Sunday, July 13 at 9/8c", "2025-07-13T21:00-04:00"),
        ("Tuesday, Dec. 2 at 10/9 Central", "2025-12-02T22:00-05:00"),
        ("midnight PT on August 8", "2025-08-08T00:00-07:00"),
        ("12:01 a.m. PT on Friday, August 8", "2025-08-08T00:01-07:00"),
        ("August 8 at 3am ET / 12am PT", "2025-08-08T03:00-04:00"),
        ("on 8 August at 20:15 CET", "2025-08-08T20:15+02:00"),
        ("am 8. August um 20.15 Uhr MESZ", "2025-08-08T20:15+02:00"),
        ("October 7 at 11:00 p.m. JST", "2025-10-07T23:00+09:00"),
    ],
)
def test_a_time_with_its_zone_makes_the_day_exact(text: str, at: str) -> None:
    (found,) = mentions(text, PUBLISHED)
    value = found.value
    assert value.at is not None
    assert value.zone is not None
    assert value.at.astimezone(value.zone).isoformat(timespec="minutes") == at


@pytest.mark.parametrize(
    "text",
    [
        "July 13 at 9 p.m.",
        "am 13. Juli um 20.15 Uhr",
        "le 13 juillet à 21h10",
        "on July 13, and its debut on another channel follows the night after at 8 p.m. ET",
    ],
)
def test_a_time_without_a_zone_or_of_something_else_leaves_the_day_a_day(text: str) -> None:
    found = mentions(text, PUBLISHED)
    assert found[0].value == When.day(date(2025, 7, 13))


def test_no_name_stands_for_two_months_or_two_weekdays() -> None:
    assert set(MONTH_OF.values()) == set(range(1, 13))
    assert set(WEEKDAY_OF.values()) == set(range(7))
