"""Every language, as it is translated: nothing in it that cannot be said, nothing English in its dates (SPEC 13)."""

from __future__ import annotations

import re
from typing import Final

import pytest
from babel.messages.catalog import Catalog

from bench.messages import Findings, findings, path_of, read, template
from reminder.core.dates.spelling import MONTHS, WEEKDAYS
from reminder.core.model.entities import ENGLISH
from reminder.core.text.language import ENGLISH as IN_ENGLISH
from reminder.core.text.sentences import SENTENCES
from reminder.texts.languages.choice import language_of
from reminder.texts.languages.known import KNOWN
from reminder.texts.languages.translated import TranslatedLanguage
from tests.support.languages import messages_in

TRANSLATED: Final = [code for code in KNOWN if code != ENGLISH]
MAY_BE_MISSING: Final = dict.fromkeys(TRANSLATED, 0)
"""So many texts of a language may have no translation yet: it says them in English. `make messages` counts them."""
MESSAGES: Final = 200


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return template()


def found_in(code: str, wanted: Catalog) -> Findings:
    return findings(KNOWN[code], read(path_of(KNOWN[code])), wanted)


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_translated_can_be_said(code: str, wanted: Catalog) -> None:
    assert found_in(code, wanted).wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_more_is_missing_than_may_be(code: str, wanted: Catalog) -> None:
    missing = found_in(code, wanted).missing
    assert len(missing) <= MAY_BE_MISSING[code], f"{len(missing)} texts are not translated: {missing[:20]}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_messages_are_whole_and_have_no_english_month_or_weekday(code: str, wanted: Catalog) -> None:
    language = language_of(code)
    own = {*map(language.month_name, range(1, 13)), *map(language.weekday, range(7))}
    foreign = re.compile(rf"\b({'|'.join({*MONTHS, *WEEKDAYS} - own)})\b")
    texts = [text for words in messages_in(language, MESSAGES) for text in (words.subject, words.plain(), words.brief)]
    assert [text for text in texts if re.search(r"[{}]|  |^ | $", text, re.MULTILINE)] == []
    english = [text for text in texts if foreign.search(text)]
    assert not english or set(found_in(code, wanted).missing) & set(SENTENCES), english


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_message_is_english_only_where_a_sentence_is_missing(code: str, wanted: Catalog) -> None:
    said = list(messages_in(language_of(code), MESSAGES))
    english = list(messages_in(IN_ENGLISH, MESSAGES))
    assert len(said) == len(english)
    same = {words.subject for words, other in zip(said, english, strict=True) if words.subject == other.subject}
    missing = set(found_in(code, wanted).missing) & set(SENTENCES)
    assert not same or missing, same


def test_english_says_what_its_table_says() -> None:
    subjects = [words.subject for words in messages_in(IN_ENGLISH, MESSAGES)]
    assert len(set(subjects)) > MESSAGES / 2
    assert [text for text in subjects if "{" in text or "  " in text or "[" in text] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_language_tells_who_has_read_it(code: str) -> None:
    language = language_of(code)
    assert isinstance(language, TranslatedLanguage)
    assert language.read_by is None or len(language.read_by) > 2


def test_the_table_has_no_mark_left_and_a_note_on_each_sentence() -> None:
    assert [id_ for id_, each in SENTENCES.items() if re.search(r"\[|\]", each.text + each.many)] == []
    assert [id_ for id_, each in SENTENCES.items() if not each.comment] == []
    assert [id_ for id_, each in SENTENCES.items() if bool(each.many) != bool(each.counts)] == []
