"""Languages as they are found, compiled and loaded, and what is said where a translation is missing or wrong."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.messages import path_of, template, text_of, updated
from reminder.core.dates.when import When
from reminder.core.model.entities import HourStyle, Kind, Release, Subscriber, Title
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.message import compose_digest
from reminder.core.text.phrases import place
from reminder.delivery.render import MessageContext, Renderer
from reminder.texts.languages import choice
from reminder.texts.languages.catalogue import OVER
from reminder.texts.languages.compiling import compiled
from reminder.texts.languages.known import KNOWN
from reminder.texts.templates.engine import Templates
from tests.support.languages import PSEUDO, RIGHT_TO_LEFT, lay_over

HEAD = """msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
TOMORROW = """
msgctxt "premiere.tomorrow"
msgid "{work} premieres tomorrow"
msgstr "TRANSLATION"
"""
WEDNESDAY = date(2025, 7, 9)
EVENING = datetime(2025, 7, 9, 19, 5, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def loaded_anew() -> Iterator[None]:
    choice.loaded.cache_clear()
    yield
    choice.loaded.cache_clear()


@pytest.fixture
def over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(OVER, str(tmp_path))
    return tmp_path


def write_po(folder: Path, translation: str, *, flags: str = "") -> Path:
    path = path_of(KNOWN["de"], folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + TOMORROW.replace("TRANSLATION", translation).replace("\nmsgctxt", f"\n{flags}msgctxt"))
    return path


def tomorrow(language: Language) -> str:
    return language.say("premiere.tomorrow", work="Ballard")


@pytest.mark.parametrize(
    ("written", "code"),
    [("de", "de"), ("DE", "de"), ("pt-BR", "pt-BR"), ("pt_br", "pt-BR"), (" ja ", "ja"), ("pt", None), ("tlh", None)],
)
def test_a_code_is_taken_in_any_case_and_with_either_line(written: str, code: str | None) -> None:
    assert choice.spelt(written) == code


@pytest.mark.parametrize(
    ("code", "day", "full", "listed", "month", "clock"),
    [
        ("en", "July 9", "Wednesday, July 9, 2025", "a, b and c", "July 2025", "7:05 PM CEST"),
        ("de", "9. Juli", "Mittwoch, 9. Juli 2025", "a, b und c", "Juli 2025", "19:05 MESZ"),
        ("fr", "9 juillet", "mercredi 9 juillet 2025", "a, b et c", "juillet 2025", "19:05 CEST"),
        ("es", "9 de julio", "miércoles, 9 de julio de 2025", "a, b y c", "julio de 2025", "19:05 CEST"),
        ("pt-BR", "9 de julho", "quarta-feira, 9 de julho de 2025", "a, b e c", "julho de 2025", "19:05 CEST"),
        ("it", "9 luglio", "mercoledì 9 luglio 2025", "a, b e c", "luglio 2025", "19:05 CEST"),
        ("nl", "9 juli", "woensdag 9 juli 2025", "a, b en c", "juli 2025", "19:05 CEST"),
        ("pl", "9 lipca", "środa, 9 lipca 2025", "a, b i c", "lipiec 2025", "19:05 CEST"),
        ("ru", "9 июля", "среда, 9 июля 2025\u202fг.", "a, b и c", "июль 2025\u202fг.", "19:05 CEST"),
        ("ja", "7月9日", "2025年7月9日水曜日", "a、b、c", "2025年7月", "19:05 CEST"),
    ],
)
def test_each_language_writes_dates_and_lists_in_its_own_way(
    code: str, day: str, full: str, listed: str, month: str, clock: str
) -> None:
    language = choice.language_of(code)
    assert language.day(WEDNESDAY, beside=WEDNESDAY) == day
    assert language.full_day(WEDNESDAY) == full
    assert language.listing(["a", "b", "c"]) == listed
    assert language.month(2025, 7) == month
    assert language.zoned_clock(EVENING, KNOWN[code].hour_style) == clock
    assert language.dated(WEDNESDAY) == language.day(WEDNESDAY, beside=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("code", "day", "dated", "full", "brief"),
    [
        ("en", "July 1", "July 1, 2025", "Tuesday, July 1, 2025", "Tue, Jul 1"),
        ("fr", "1er juillet", "1er juillet 2025", "mardi 1er juillet 2025", "mar. 1er juil."),
        ("es", "1 de julio", "1 de julio de 2025", "martes, 1 de julio de 2025", "mar, 1 jul"),
        ("pt-BR", "1º de julho", "1º de julho de 2025", "terça-feira, 1º de julho de 2025", "ter., 1º de jul."),
        ("it", "1º luglio", "1º luglio 2025", "martedì 1º luglio 2025", "mar 1º lug"),
        ("de", "1. Juli", "1. Juli 2025", "Dienstag, 1. Juli 2025", "Di., 1. Juli"),
    ],
)
def test_the_first_of_a_month_is_written_as_a_language_writes_it(
    code: str, day: str, dated: str, full: str, brief: str
) -> None:
    language, first = choice.language_of(code), date(2025, 7, 1)
    assert language.day(first, beside=first) == day
    assert language.dated(first) == dated
    assert language.full_day(first) == full
    assert language.brief_day(first, beside=first) == brief


def test_a_zone_without_letters_is_called_by_its_city() -> None:
    local = datetime(2025, 7, 9, 19, tzinfo=ZoneInfo("America/Sao_Paulo"))
    assert choice.language_of("de").zoned_clock(local, HourStyle.H24) == "19:00 Ortszeit Sao Paulo"


def test_what_is_laid_over_counts_before_what_came_with_the_program(over: Path) -> None:
    write_po(over, "{work}: tomorrow, in my own words")
    language = choice.language_of("de")
    assert tomorrow(language) == "Ballard: tomorrow, in my own words"
    assert language.say("premiere.today", work="Ballard") == "Ballard is out today"


@pytest.mark.parametrize("wrong", ["", "{work} {nobody}", "{work", "{0}"])
def test_what_is_not_translated_or_cannot_be_filled_is_said_in_english(over: Path, wrong: str) -> None:
    write_po(over, wrong)
    assert tomorrow(choice.language_of("de")) == "Ballard premieres tomorrow"


@pytest.mark.parametrize("code", ["de", "ja", "ru"])
def test_a_number_without_translation_is_said_by_the_rule_of_english(over: Path, code: str) -> None:
    known = KNOWN[code]
    path = path_of(known, over)
    path.parent.mkdir(parents=True)
    path.write_bytes(text_of(updated(known, None, template())))
    language = choice.language_of(code)
    assert [language.say("away.in_days", days=number) for number in (1, 2, 5, 21)] == [
        "in 1 day",
        "in 2 days",
        "in 5 days",
        "in 21 days",
    ]


def test_what_is_marked_fuzzy_is_not_said(over: Path) -> None:
    write_po(over, "{work} morgen", flags="#, fuzzy\n")
    assert tomorrow(choice.language_of("de")) == "Ballard premieres tomorrow"


def test_a_compiled_file_is_read_alone_or_beside_what_it_was_made_from(over: Path) -> None:
    po = write_po(over, "{work}: compiled")
    po.with_suffix(".mo").write_bytes(compiled(po.read_bytes()))
    assert tomorrow(choice.language_of("de")) == "Ballard: compiled"
    choice.loaded.cache_clear()
    po.unlink()
    assert tomorrow(choice.language_of("de")) == "Ballard: compiled"


def test_a_compiled_file_that_is_out_of_date_is_never_used(over: Path) -> None:
    po = write_po(over, "{work}: old")
    po.with_suffix(".mo").write_bytes(compiled(po.read_bytes()))
    write_po(over, "{work}: new")
    assert tomorrow(choice.language_of("de")) == "Ballard: new"


@pytest.mark.parametrize("content", [b"\xff\xfe no po", b'msgid "x', b""])
def test_a_file_that_cannot_be_read_leaves_what_came_with_the_program(
    over: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    write_po(over, "x").with_suffix(".mo").write_bytes(content)
    path_of(KNOWN["de"], over).unlink()
    with caplog.at_level(logging.WARNING):
        assert tomorrow(choice.language_of("de")) == "Ballard startet morgen"
    assert [record.message for record in caplog.records] == ["language not readable"]


def test_a_code_that_is_not_there_is_english() -> None:
    assert choice.language_of("tlh") is ENGLISH


def test_a_language_that_nobody_knows_can_be_laid_over_and_chosen(over: Path) -> None:
    lay_over(over, PSEUDO)
    lay_over(over, RIGHT_TO_LEFT)
    assert choice.spelt("EN_xa") == "en-XA"
    pseudo, mirrored = choice.language_of("en-XA"), choice.language_of("ar")
    assert tomorrow(pseudo).startswith("Ballard pŕé"[:9])
    assert len(tomorrow(pseudo)) > len("Ballard premieres tomorrow") * 1.3
    assert (pseudo.direction, mirrored.direction) == ("ltr", "rtl")
    assert "يوليو" in mirrored.full_day(WEDNESDAY)


PLACES = {
    "Prime Video": "bei Prime Video",
    "on Prime Video": "bei Prime Video",
    "in cinemas": "im Kino",
    "Theaters": "im Kino",
    "Kino": "im Kino",
    "im Kino": "im Kino",
    "bei Netflix": "bei Netflix",
    "Online": "bei Online",
    "": "",
}


def test_a_place_that_somebody_wrote_is_said_in_the_readers_language() -> None:
    assert {written: place(written, choice.language_of("de")) for written in PLACES} == PLACES


def test_one_batch_is_written_to_each_person_in_their_language() -> None:
    person = Subscriber(name="a", zone=ZoneInfo("UTC"))
    title, release = Title(key="ballard", name="Ballard"), Release(when=When.day(WEDNESDAY))
    of = MessageContext(kind=Kind.REMINDER, subscriber=person, title=title, release=release)
    renderer = Renderer(templates=Templates({}), now=datetime(2025, 7, 2, 9, tzinfo=UTC))

    def subject(language: str, times: int = 1) -> str:
        return renderer.write([replace(of, subscriber=replace(person, language=language))] * times).words.subject

    assert [subject("en"), subject("de"), subject("en")] == [
        "Ballard premieres in 7 days",
        "Ballard startet in 7 Tagen",
        "Ballard premieres in 7 days",
    ]
    assert subject("de", times=2) == "2 Erinnerungen: Ballard"


def test_a_template_knows_the_language_and_the_person_of_every_kind_of_message() -> None:
    person = Subscriber(name="asha", zone=ZoneInfo("UTC"), language="de")
    templates = Templates({Kind.TEST: ("{{ subscriber }} {{ language }}", None)})
    of = MessageContext(kind=Kind.TEST, subscriber=person, title=None, release=Release(), detail={"channel": "phone"})
    written = Renderer(templates=templates, now=datetime(2025, 7, 2, 9, tzinfo=UTC)).write([of])
    assert written.words.subject == "asha de"
    assert "Erinnerungen" in written.words.plain()


def test_a_digest_of_nothing_is_an_error_in_every_language() -> None:
    with pytest.raises(ValueError, match="nothing"):
        compose_digest([], choice.language_of("de"))


RUN = """
import sys
from pathlib import Path
from reminder.cli.main import main
for at in ("2025-07-01T12:00:00Z", "2025-07-09T09:00:00Z"):
    Path(sys.argv[2]).write_text(at)
    try:
        main(["--config", sys.argv[1], "run", "--once"])
    except SystemExit as end:
        assert not end.code, end.code
print("babel" in sys.modules, "gettext" in sys.modules and bool([name for name in sys.modules if "locale" in name and "babel" in name]))
"""
CONFIG = """
channels: {screen: "console://"}
subscribers: {a: {LANGUAGE}}
timezone: UTC
database: DATABASE
watch: [{title: Ballard, premiere: PREMIERE}]
"""


@pytest.mark.parametrize(
    ("language", "is_loaded", "said"), [("", False, "is out today"), ("language: de", True, "ist ab heute da")]
)
def test_babel_is_loaded_only_for_somebody_who_reads_another_language(
    tmp_path: Path, language: str, is_loaded: bool, said: str
) -> None:
    config = tmp_path / "config.yaml"
    today = "2025-07-09"
    text = CONFIG.replace("LANGUAGE", language).replace("PREMIERE", today)
    config.write_text(text.replace("DATABASE", str(tmp_path / "r.db")))
    clock = tmp_path / "clock"
    ran = subprocess.run(
        [sys.executable, "-c", RUN, str(config), str(clock)],
        capture_output=True,
        text=True,
        check=True,
        env={"REMINDER_CLOCK_FILE": str(clock), "HOME": str(tmp_path), "PATH": "", "REMINDER_OFFLINE": "1"},
    )
    assert said in ran.stdout
    assert ran.stdout.split()[-2] == str(is_loaded)


HOURS = (0, 1, 2, 11, 13, 21)


@pytest.mark.parametrize(
    ("code", "style", "said"),
    [
        ("en", "12h", "at 12:00 AM | at 1:00 AM | at 2:00 AM | at 11:00 AM | at 1:00 PM | at 9:00 PM"),
        ("en", "24h", "at 00:00 | at 01:00 | at 02:00 | at 11:00 | at 13:00 | at 21:00"),
        ("de", "12h", "um 12:00 AM | um 1:00 AM | um 2:00 AM | um 11:00 AM | um 1:00 PM | um 9:00 PM"),
        ("de", "24h", "um 00:00 | um 01:00 | um 02:00 | um 11:00 | um 13:00 | um 21:00"),
        ("fr", "12h", "à 12:00 AM | à 1:00 AM | à 2:00 AM | à 11:00 AM | à 1:00 PM | à 9:00 PM"),
        ("fr", "24h", "à 00:00 | à 01:00 | à 02:00 | à 11:00 | à 13:00 | à 21:00"),
        ("es", "12h", "a las 12:00 a. m. | a la 1:00 a. m. | a las 2:00 a. m. | a las 11:00 a. m. | a la 1:00 p. m. | a las 9:00 p. m."),
        ("es", "24h", "a las 0:00 | a la 1:00 | a las 2:00 | a las 11:00 | a las 13:00 | a las 21:00"),
        ("pt-BR", "12h", "às 12:00 AM | à 1:00 AM | às 2:00 AM | às 11:00 AM | à 1:00 PM | às 9:00 PM"),
        ("pt-BR", "24h", "à 00:00 | à 01:00 | às 02:00 | às 11:00 | às 13:00 | às 21:00"),
        ("it", "12h", "alle 12:00 AM | all’1:00 AM | alle 2:00 AM | alle 11:00 AM | all’1:00 PM | alle 9:00 PM"),
        ("it", "24h", "alle 00:00 | alle 01:00 | alle 02:00 | alle 11:00 | alle 13:00 | alle 21:00"),
        ("nl", "12h", "om 12:00 a.m. | om 1:00 a.m. | om 2:00 a.m. | om 11:00 a.m. | om 1:00 p.m. | om 9:00 p.m."),
        ("nl", "24h", "om 00:00 | om 01:00 | om 02:00 | om 11:00 | om 13:00 | om 21:00"),
        ("pl", "12h", "o 12:00 AM | o 1:00 AM | o 2:00 AM | o 11:00 AM | o 1:00 PM | o 9:00 PM"),
        ("pl", "24h", "o 00:00 | o 01:00 | o 02:00 | o 11:00 | o 13:00 | o 21:00"),
        ("ru", "12h", "в 12:00 AM | в 1:00 AM | в 2:00 AM | в 11:00 AM | в 1:00 PM | в 9:00 PM"),
        ("ru", "24h", "в 00:00 | в 01:00 | в 02:00 | в 11:00 | в 13:00 | в 21:00"),
        ("ja", "12h", "午前0:00 | 午前1:00 | 午前2:00 | 午前11:00 | 午後1:00 | 午後9:00"),
        ("ja", "24h", "0:00 | 1:00 | 2:00 | 11:00 | 13:00 | 21:00"),
    ],
)  # fmt: skip
def test_an_hour_is_said_with_what_its_language_sets_before_it(code: str, style: str, said: str) -> None:
    language = choice.language_of(code)
    clocks = [language.clock(EVENING.replace(hour=hour, minute=0), HourStyle(style)) for hour in HOURS]
    found = " | ".join(language.say("at.clock", clock=clock) for clock in clocks)
    assert found.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("es", "Silo pasa de la 1:30 a las 13:00 el 9"),
        ("pt-BR", "Silo mudou da 1:30 para as 13:00 em 9"),
        ("it", "Silo passa dall’1:30 alle 13:00 (9)"),
        ("fr", "Silo passe de 1:30 à 13:00 le 9"),
    ],
)
def test_two_hours_of_a_sentence_have_each_their_own_form(code: str, said: str) -> None:
    assert choice.language_of(code).say("premiere.moved_hour", work="Silo", old="1:30", new="13:00", day="9") == said


def test_an_hour_with_one_form_where_two_belong_leaves_the_sentence_english(over: Path) -> None:
    entry = '\nmsgctxt "at.clock"\nmsgid "at {clock}"\nmsgstr "TRANSLATION"\n'
    path = path_of(KNOWN["de"], over)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + entry.replace("TRANSLATION", "{clock:a|b|c}"), encoding="utf-8")
    assert choice.language_of("de").say("at.clock", clock="1:00") == "at 1:00"
