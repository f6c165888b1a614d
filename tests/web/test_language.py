"""The page speaks the language of who reads it, and of a stranger what they chose or their browser asks for."""

from __future__ import annotations

import pytest

from tests.web.conftest import Household


@pytest.mark.parametrize(
    ("asked", "query", "language"),
    [
        (None, "", "en"),
        ("de", "", "de"),
        ("de-AT, en;q=0.5", "", "de"),
        ("pt, fr;q=0.8", "", "pt-BR"),
        ("tlh, fr;q=0.8", "", "fr"),
        ("tlh", "", "en"),
        ("de", "?language=fr", "fr"),
        ("de", "?language=pt_br", "pt-BR"),
        ("de", "?language=tlh", "de"),
        ("de", "?language=../../etc", "de"),
        ("de", f"?language={'x' * 5000}", "de"),
        ("de, , ;q=,=", "", "de"),
    ],
)
def test_a_stranger_is_answered_in_a_language_of_theirs(
    household: Household, asked: str | None, query: str, language: str
) -> None:
    page = household.browser().get(f"/sign-in{query}", headers={"Accept-Language": asked} if asked else {})
    assert f'<html lang="{language}" dir="ltr">' in page.text
