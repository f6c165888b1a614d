"""The texts that people read, for translators: writes `reminder.pot`, brings every `.po` up to date, and counts.

`make messages` does it for all languages. `python -m bench.messages --new CODE` begins a language.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from reminder.core.model.entities import ENGLISH
from reminder.core.text.sentences import SENTENCES
from reminder.texts.languages.known import KNOWN, KnownLanguage
from reminder.texts.languages.translated import HOUR_FORMS, UNREAD

PACKAGE: Final = Path(__file__).parent.parent / "reminder"
LOCALE: Final = PACKAGE / "locale"
TEMPLATE: Final = LOCALE / "reminder.pot"
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "say": None,
    "saying": None,
    "count": (1, 2),
    "marked": None,
    "Wording": None,
    "of_number": (1, 2),
}
"""The calls whose first texts are translated: in templates the first five, in Python the others."""
PAGES: Final = ("web", "bot")
"""The rooms whose `say` takes texts; elsewhere it takes ids, and a text is what is `marked` or a `Wording`."""
OF_BELOW: Final[dict[str, Any]] = {"marked": None, "Wording": None, "of_number": (1, 2)}
NONE_IN: Final = ("locale",)
CREATED: Final = datetime(2026, 12, 1, tzinfo=UTC)
"""One date for all files: they change when their texts do, and not each time that they are written."""
WIDTH: Final = 100
HEADER: Final = """\
# The texts of reminder in {language}.
# How to mend one, and how they are checked: docs/languages.md.
# Last-Translator is whoever has read all of it as a native speaker, else: {unread}."""


# What there is to translate ------------------------------------------------------------------------------------------


@cache
def template() -> Catalog:
    """Return all texts in English: the sentences of the table by id, then those of pages and templates."""
    catalog = Catalog(project="reminder", version="1", charset="utf-8", creation_date=CREATED, fuzzy=False)
    catalog.header_comment = "# The texts of reminder, in English. Written by `make messages`: change none of it here."
    for sentence in SENTENCES.values():
        catalog.add(
            (sentence.text, sentence.many) if sentence.counts else sentence.text,
            context=sentence.id,
            auto_comments=[sentence.comment],
            flags=["python-brace-format"] if "{" in sentence.text else [],
        )
    for file, text, comments, context in sorted(_of_pages(), key=lambda each: (each[0], str(each[3]), str(each[1]))):
        catalog.add(text, context=context, locations=[(f"reminder/{file}", 0)], auto_comments=comments)
    return catalog


def _of_pages() -> Iterator[tuple[str, str | tuple[str, str], list[str], str | None]]:
    """Yield the texts of pages: the file, the text or its two forms, what is said to translators, and the context."""
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.glob("web/templates/*.html")]):
        file = path.relative_to(PACKAGE).as_posix()
        keywords = KEYWORDS if file.startswith(PAGES) else OF_BELOW
        # To take a file apart costs more than to look whether it holds any.
        if file.startswith(NONE_IN) or not any(f"{word}(" in path.read_text(encoding="utf-8") for word in keywords):
            continue
        found = extract_from_file(
            "jinja2" if path.suffix == ".html" else "python",
            path,
            keywords=keywords,
            comment_tags=("Translators:",),
            options={"trimmed": "false", "silent": "false"},
            strip_comment_tags=True,
        )
        for _, text, comments, context in found:
            if _is_text(text):
                yield file, text, list(comments), context


def _is_text(text: object) -> bool:
    """Tell whether what stands in a call is a text, and not the id of a sentence."""
    first = text[0] if isinstance(text, tuple) else text
    return isinstance(first, str) and bool(first) and first not in SENTENCES and not _IDLIKE.fullmatch(first)


_IDLIKE: Final = re.compile(r"[a-z_]+\.[a-z_.]*")
"""An id that ends in a placeholder, as in `say(f"state.{state}")`."""


# A language ----------------------------------------------------------------------------------------------------------


def path_of(known: KnownLanguage, locale: Path = LOCALE) -> Path:
    """Return where the texts of a language lie."""
    return locale / known.folder / "LC_MESSAGES" / "reminder.po"


def read(path: Path) -> Catalog:
    """Return the texts of a file."""
    return read_po(BytesIO(path.read_bytes()))


def updated(known: KnownLanguage, before: Catalog | None, wanted: Catalog) -> Catalog:
    """Return the texts of a language with all that is wanted now; what is wanted no more goes.

    A sentence whose English has changed keeps its translation, marked fuzzy: it is not said until somebody has looked.
    """
    after = Catalog(
        locale=known.folder,
        project="reminder",
        version="1",
        charset="utf-8",
        creation_date=CREATED,
        revision_date=CREATED,
        last_translator=before.last_translator if before else UNREAD,
        language_team=known.english_name,
        fuzzy=False,
        header_comment=HEADER.format(language=known.english_name, unread=UNREAD),
    )
    after.mime_headers = [("Plural-Forms", known.plurals)]
    old = {} if before is None else {_key(message): message for message in before if message.id}
    by_context = {message.context: message for message in old.values() if message.context}
    for message in wanted:
        if message.id:
            _take(after, message, old.get(_key(message)), by_context.get(message.context or ""))
    return after


def _key(message: Message) -> tuple[str | None, str]:
    first = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return message.context, str(first)


def _take(after: Catalog, message: Message, same: Message | None, renamed: Message | None) -> None:
    found = same or renamed
    flags, previous = set(message.flags), ()
    string: Any = ("",) * after.num_plurals if message.pluralizable else ""
    if found is not None and found.string:
        fits = found.pluralizable == message.pluralizable
        string = found.string if fits else string
        if fits and (found.fuzzy or found.id != message.id):
            flags.add("fuzzy")
            previous = found.previous_id or (found.id if isinstance(found.id, list | tuple) else (found.id,))
    after.add(
        message.id,
        string=string,
        locations=message.locations,
        flags=flags,
        auto_comments=message.auto_comments,
        user_comments=found.user_comments if found else (),
        previous_id=previous,
        context=message.context,
    )


def text_of(catalog: Catalog) -> bytes:
    """Return texts as a file has them."""
    written = BytesIO()
    write_po(written, catalog, width=WIDTH, include_lineno=False, include_previous=True, ignore_obsolete=True)
    return written.getvalue()


# What is wrong, and what is missing ----------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Findings:
    """What a look at a language found: texts without a translation, and translations that cannot be said."""

    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def findings(known: KnownLanguage, catalog: Catalog, wanted: Catalog) -> Findings:
    """Return what is missing of all that is wanted, and what cannot be said as it is translated."""
    found = Findings()
    if _form(catalog.plural_forms) != _form(known.plurals):
        found.wrong.append(f"Plural-Forms: {catalog.plural_forms}, where {known.plurals} belongs")
    have = {_key(message): message for message in catalog if message.id}
    for message in wanted:
        if not message.id:
            continue
        name = message.context or _key(message)[1]
        translated = have.get(_key(message))
        if translated is None or translated.fuzzy or not _forms(translated):
            found.missing.append(name)
            continue
        found.wrong += [f"{name}: {problem}" for problem in _problems(message, translated, catalog.num_plurals)]
    return found


def _form(plurals: str) -> str:
    return plurals.replace(" ", "").rstrip(";")


def _forms(message: Message) -> list[str]:
    """Return the translations of a text, one for each form of a number; none where one of them is empty."""
    forms = list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]
    return [str(form) for form in forms] if all(forms) else []


def _problems(message: Message, translated: Message, plurals: int) -> Iterator[str]:
    forms = _forms(translated)
    if message.pluralizable and len(forms) != plurals:
        yield f"{len(forms)} forms, where {plurals} belong"
    wanted = _holes(message.id if isinstance(message.id, list | tuple) else [message.id], message)
    for form in forms:
        if not wanted - _spare(message) <= _holes([form], message) <= wanted and not _lacks_number(
            message, form, wanted
        ):
            yield f"it says {form!r}, without the same placeholders: {', '.join(sorted(wanted)) or 'none'}"
        if sorted(_TAGS.findall(form)) not in [sorted(_TAGS.findall(text)) for text in _texts_of(message)]:
            yield f"it says {form!r}, without the same elements of HTML"
        if any(spec and not HOUR_FORMS.fullmatch(f"{{{name}:{spec}}}") for name, spec in _specs(form, message)):
            yield f"a place of {form!r} has other than two forms for hours"
        if "  " in form:
            yield f"two spaces in {form!r}"
        if form != form.strip():
            yield f"a space at an end of {form!r}"


_TAGS: Final = re.compile(r"<[^>]*>")
"""An element in a text of the page: a link has to lead where it led, and nothing else may come in."""


def _texts_of(message: Message) -> Sequence[str]:
    return message.id if isinstance(message.id, list | tuple) else [message.id]


def _holes(texts: Iterable[str], message: Message) -> set[str]:
    """Return the names of all placeholders: `{work}` in sentences of the table, `%(name)s` in texts of the page."""
    if message.context in SENTENCES:
        return {name for text in texts for _, name, _, _ in _parsed(text) if name is not None}
    return {name for text in texts for name in _PERCENT.findall(text)}


def _specs(form: str, message: Message) -> list[tuple[str | None, str | None]]:
    """Return what stands behind the colons of the places of a sentence of the table."""
    return [(name, spec) for _, name, spec, _ in _parsed(form)] if message.context in SENTENCES else []


def _parsed(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(text))
    except ValueError:
        return [(text, "a brace that is never closed", None, None)]


_PERCENT: Final = re.compile(r"%\((\w+)\)[sd]|(?<!%)%(?![%(])")


def _spare(message: Message) -> frozenset[str]:
    sentence = SENTENCES.get(message.context or "")
    return sentence.spare if sentence else frozenset()


def _lacks_number(message: Message, form: str, wanted: set[str]) -> bool:
    """Tell whether a form leaves out only the number that decides it, as in `one reminder`."""
    return message.pluralizable and len(wanted - _holes([form], message)) == 1 and _holes([form], message) < wanted


# A language for tests ------------------------------------------------------------------------------------------------

ACCENTED: Final = str.maketrans("aeiouycnszAEIOUYCNSZ", "àéîöûýçñšžÀÉÎÖÛÝÇÑŠŽ")
MIRRORED: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابتثجحخدذرزسشصضطظعغفقكلمنهابتثجحخدذرزسشصضطظعغفقكلمنه"
)
_HOLE: Final = re.compile(r"(\{\w+\}|%\(\w+\)[sd]|%%|<[^>]*>|&\w+;)")


def pretended(known: KnownLanguage, wanted: Catalog, letters: Mapping[int, int], longer: float = 0.0) -> Catalog:
    """Return a language that nobody speaks: each text in other letters, and longer by a part of its length."""
    catalog = updated(known, None, wanted)
    for message in catalog:
        if message.id:
            ids = message.id if isinstance(message.id, list | tuple) else [message.id]
            forms = [_pretended(text, letters, longer) for text in ids]
            message.string = tuple((forms * 3)[: catalog.num_plurals]) if message.pluralizable else forms[0]
    return catalog


def _pretended(text: str, letters: Mapping[int, int], longer: float) -> str:
    parts = _HOLE.split(text)
    said = "".join(part if number % 2 else part.translate(letters) for number, part in enumerate(parts))
    words = round(len(text) * longer / 4)
    return said + " ÿööö" * words if words else said


# The command ---------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make messages", description=__doc__)
    parser.add_argument("--new", metavar="CODE", help="begin a language that is in reminder/texts/languages/known.py")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a file is not as it would be written")
    parser.add_argument("--missing", metavar="CODE", help="list what is missing in a language")
    asked = parser.parse_args(arguments)
    wanted = template()
    stale = _write(TEMPLATE, text_of(wanted), asked.check)
    for known in KNOWN.values():
        path = path_of(known)
        if known.code == ENGLISH or (not path.exists() and known.code != asked.new):
            continue
        catalog = updated(known, read(path) if path.exists() else None, wanted)
        stale |= _write(path, text_of(catalog), asked.check)
        found = findings(known, catalog, wanted)
        print(f"{known.code:<6} {len(found.missing):>4} of {len(wanted)} missing, {len(found.wrong)} wrong")
        for problem in found.wrong:
            print(f"       {problem}")
        if asked.missing == known.code:
            print(*(f"       {name}" for name in found.missing), sep="\n")
    return int(stale and asked.check)


def _write(path: Path, text: bytes, only_look: bool) -> bool:
    """Write a file where that changes it; return whether it would have."""
    if path.exists() and path.read_bytes() == text:
        return False
    if only_look:
        print(f"{path}: `make messages` would change it")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
