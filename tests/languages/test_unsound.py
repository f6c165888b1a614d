"""A translation that cannot be filled leaves its English: no page waits for a file to be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.texts.languages.catalogue import OVER
from reminder.texts.languages.known import KnownLanguage
from reminder.texts.languages.translated import TranslatedLanguage

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def language(folder: Path, monkeypatch: pytest.MonkeyPatch, *entries: str) -> TranslatedLanguage:
    """Return a language that has these entries."""
    path = folder / "eo" / "LC_MESSAGES" / "reminder.po"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join([HEAD, *entries]), encoding="utf-8")
    monkeypatch.setenv(OVER, str(folder))
    return TranslatedLanguage.of(KnownLanguage(code="eo", name="Esperanto", english_name="Esperanto"))


@pytest.mark.parametrize(
    ("english", "translated", "said"),
    [
        ("You follow %(title)s.", "Vi sekvas %(title)s.", "Vi sekvas %(title)s."),
        ("You follow %(title)s.", "Vi sekvas ĝin.", "Vi sekvas ĝin."),
        ("You follow %(title)s.", "Vi sekvas %(titolo)s.", "You follow %(title)s."),
        ("You follow %(title)s.", "Vi sekvas %(title).", "You follow %(title)s."),
        ("You follow %(title)s.", "100 % de %(title)s", "You follow %(title)s."),
        ("You follow %(title)s.", "100 %% de %(title)s", "100 %% de %(title)s"),
        ("You follow %(title)s.", "%%% de %(title)s", "You follow %(title)s."),
        ("Back to <b>all</b>", "Al <b>ĉiuj</b>", "Al <b>ĉiuj</b>"),
        ("Back to <b>all</b>", "Al <i>ĉiuj</i>", "Back to <b>all</b>"),
        ("Back", "Reen<script>alert(1)</script>", "Back"),
    ],
)
def test_what_cannot_be_filled_is_said_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: str, translated: str, said: str
) -> None:
    eo = language(
        tmp_path,
        monkeypatch,
        f'msgid "{english}"\nmsgstr "{translated}"\n',
        f'msgctxt "here"\nmsgid "{english}"\nmsgstr "{translated}"\n',
        f'msgid "one: {english}"\nmsgid_plural "{english}"\nmsgstr[0] "{translated}"\nmsgstr[1] "{translated}"\n',
    )
    assert eo.gettext(english) == said
    assert eo.pgettext("here", english) == said
    assert eo.ngettext(f"one: {english}", english, 5) == said
    assert (said % {"title": "Silo"}) is not None
