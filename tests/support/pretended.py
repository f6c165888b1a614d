"""Languages that nobody speaks, laid over those of the program: what stays in Latin letters was never translated."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog

from bench.messages import ACCENTED, MIRRORED, pretended, template, text_of
from reminder.texts.languages.catalogue import OVER
from reminder.texts.languages.known import KnownLanguage
from tests.support.marked import SHOWN

MIRROR: Final = KnownLanguage(code="fa", name="fa", english_name="Mirrored")
"""Arabic letters for the Latin ones, from right to left; days and hours as Persian has them."""
LONG: Final = KnownLanguage(code="fi", name="fi", english_name="Long")
"""Accents on the letters of English, and two fifths more of them; days and hours as Finnish has them."""


@lru_cache(maxsize=1)
def _texts() -> Catalog:
    return template()


def lay_over(folder: Path) -> Path:
    """Write both languages into a folder, as `REMINDER_LOCALE` names one, and return it."""
    for known, letters, longer in ((MIRROR, MIRRORED, 0.0), (LONG, ACCENTED, 0.4)):
        path = folder / known.folder / "LC_MESSAGES" / "reminder.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(text_of(pretended(known, _texts(), letters, longer)))
    return folder


@contextmanager
def laid_over(folder: Path) -> Iterator[None]:
    """Have this process know both languages; they are loaded once, and the same wherever they lie."""
    before = os.environ.get(OVER)
    os.environ[OVER] = str(lay_over(folder))
    try:
        yield
    finally:
        if before is None:
            del os.environ[OVER]
        else:
            os.environ[OVER] = before


AS_WRITTEN: Final = frozenset(
    {"bdi", "blockquote", "code", "datalist", "q", "samp", "script", "style", "textarea", "title"}
)
"""Elements that hold what people, services and announcements wrote, or what a config takes."""
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "option"})
_LATIN: Final = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


class Untranslated(HTMLParser):
    """The words of a page in Latin letters, outside of what others wrote."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: set[str] = set()
        self._open: list[str] = []
        self._quoted = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element says in attributes; below one in a language of its own nothing counts."""
        given = dict(attrs)
        if not self._quoted:
            for name in SHOWN & given.keys():
                self.words |= set(_LATIN.findall(given[name] or ""))
        if tag in VOID:
            return
        is_quoted = tag in AS_WRITTEN or (tag != "html" and "lang" in given)
        self._open.append(f"{tag}!" if is_quoted else tag)
        self._quoted += is_quoted

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that were never closed."""
        while self._open and tag not in VOID:
            left = self._open.pop()
            self._quoted -= left.endswith("!")
            if left.rstrip("!") == tag:
                return

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._quoted:
            self.words |= set(_LATIN.findall(data))
