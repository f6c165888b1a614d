"""Codes in messages: read in equal groups, and asked for from somewhere, which is told in a whole sentence."""

from __future__ import annotations

import pytest

from reminder.core.text.message import AskedFrom, compose_code, compose_proof
from reminder.texts.languages.choice import language_of
from reminder.web.agents import browser_and_system

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"


@pytest.mark.parametrize(
    ("agent", "language", "said"),
    [
        ("python-requests/2.34.2", "de", "Angefordert mit python-requests/2.34.2, von 192.0.2.7."),
        (FIREFOX, "de", "Angefordert mit Firefox auf Android, von 192.0.2.7."),
        (FIREFOX, "fr", "Demandé avec Firefox sur Android, depuis 192.0.2.7."),
        (FIREFOX, "en", "It was asked for with Firefox on Android, from 192.0.2.7."),
        ("unknown", "de", "Angefordert von 192.0.2.7."),
        ("", "en", "It was asked for from 192.0.2.7."),
    ],
)
def test_where_a_code_was_asked_for_is_one_sentence_of_the_readers_language(
    agent: str, language: str, said: str
) -> None:
    asked = AskedFrom("192.0.2.7", *browser_and_system(agent))
    for compose in (compose_code, compose_proof):
        words = compose("12345678", asked, language_of(language))
        assert said in [line.text for line in words.body]


def test_what_was_asked_for_before_an_upgrade_is_still_said() -> None:
    assert AskedFrom.load("192.0.2.7") == AskedFrom("192.0.2.7")
    assert AskedFrom.load(["192.0.2.7", "Firefox", "Android"]) == AskedFrom("192.0.2.7", "Firefox", "Android")


@pytest.mark.parametrize(("code", "read"), [("232089", "232 089"), ("000001", "000 001"), ("12345678", "1234 5678")])
def test_a_code_is_read_in_equal_groups(code: str, read: str) -> None:
    assert read in compose_proof(code, AskedFrom("192.0.2.7")).subject
