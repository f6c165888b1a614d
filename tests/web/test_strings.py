"""Nothing that a person reads on the page stands in English alone: all of it can be translated (SPEC 13)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import reminder.web
from tests.support.marked import unmarked_in_python, unmarked_in_template

WEB: Final = Path(reminder.web.__file__).parent
TEMPLATES: Final = sorted((WEB / "templates").glob("**/*.html"))
FOR_NOBODY: Final = {
    "agents.py": "browsers and systems bear their makers' names",
    "guard.py": "what it says of a refusal stands in the log",
    "refusals.py": "what it says of a refusal stands in the log",
}
"""Modules of which no person reads a text, and why."""
MODULES: Final = sorted(
    path
    for path in WEB.glob("**/*.py")
    if "api" not in path.relative_to(WEB).parts and path.name not in FOR_NOBODY  # the API answers programs, in English
)

AS_THEY_ARE: Final = {
    "reminder · reminder": "the program's name, where a page has none",
    "2 then weekly": "what a config takes: a person writes it as it stands",
}
"""What stays English in every language, and why."""
NO_WORDS: Final = (
    "/",
    "<input",
    "<span",
    "javascript:",
    "public, max-age",
    "private, max-age",
    "text/",
    "inline;",
    "attachment;",
    "noindex",
)
"""How paths, markup and the values of headers begin."""
NAMES: Final = frozenset({"Lax", "Limit", "Limits", "Refresh", "View"})
"""Attributes of cookies, headers, types."""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_shows_nothing_that_cannot_be_translated(path: Path) -> None:
    assert [text for text in unmarked_in_template(path.read_text(encoding="utf-8")) if text not in AS_THEY_ARE] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_python_says_nothing_that_cannot_be_translated(path: Path) -> None:
    found = [text for text in unmarked_in_python(path) if not text.startswith(NO_WORDS)]
    assert [text for text in found if text not in NAMES and text not in AS_THEY_ARE] == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Words</p>", ["Words"]),
        ("<p>{{ x }} more</p>", ["… more"]),
        ('<input placeholder="A name">', ["placeholder=A name"]),
        ("<p>{{ 'Some words' if x else _('None') }}</p>", ["Some words"]),
        ("<p>{{ _('None', a='Some words') }}</p>", ["Some words"]),
        ("<p>{% trans x=1 %}<b>{{ x }}</b> of it{% endtrans %} <code>reminder run</code></p>", []),
        ("<p{{ ' class=\"bad\"'|safe if x == 'not said' }}>{{ _('Words') }}</p>", []),
    ],
)
def test_the_search_finds_what_it_is_for(template: str, found: list[str]) -> None:
    assert unmarked_in_template(template) == found
