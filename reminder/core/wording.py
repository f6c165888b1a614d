"""English texts that know of what they were made, so that the page can say them in another language (SPEC 13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, Self, cast


class Translator(Protocol):
    """What knows the texts of a language by their English."""

    def gettext(self, text: str, /) -> str:
        """Return a text, with the same placeholders."""
        ...

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return a text in the form that goes with a number."""
        ...

    def month(self, year: int, number: int, /) -> str:
        """Return a month of a year by itself: `July 2025`."""
        ...


class Wording(str):
    """A text in English, filled: `Wording("you do not follow %(title)s", title="Silo")`. Everywhere it is that text.

    It remembers its template and its values, of which some may be such texts again. `make messages` finds the
    templates by this name.
    """

    template: str
    many: str
    number: int
    values: dict[str, object]

    def __new__(cls, text: str, /, **values: object) -> Self:
        """Make a text of a template and what fills its placeholders. Raises KeyError for one without value."""
        made = super().__new__(cls, filled(text, values))
        made.template, made.many, made.number, made.values = text, "", 1, values
        return made

    @classmethod
    def of_number(cls, one: str, many: str, number: int, /, **values: object) -> Wording:
        """Make a text whose form follows a number, which fills the placeholder `num`."""
        values = {"num": number, **values}
        made = super().__new__(cls, filled(one if number == 1 else many, values))
        made.template, made.many, made.number, made.values = one, many, number, values
        return made

    def with_values(self, **values: object) -> Wording:
        """Return the same text with other values for some of its placeholders."""
        return Wording(self.template, **{**self.values, **values})

    def translated(self, translator: Translator) -> str:
        """Return the same in another language; what has no translation stays English."""
        text = (
            translator.ngettext(self.template, self.many, self.number)
            if self.many
            else translator.gettext(self.template)
        )
        return filled(text, {name: in_words(value, translator) for name, value in self.values.items()})


class MonthWording(Wording):
    """A month of a year in English, `July 2025`, as a value of another wording."""

    @classmethod
    def of(cls, english: str, /, *, year: int, month: int) -> Self:
        """Make it of what English says."""
        return cls("%(english)s", english=english, year=year, month=month)

    def translated(self, translator: Translator) -> str:
        """Return the month as another language writes it."""
        return translator.month(int(str(self.values["year"])), int(str(self.values["month"])))


class KeyProblem(Wording):
    """What is wrong with what a key says, `drop: …`, or an option of the command line, `--drop: …`."""

    @classmethod
    def of(cls, key: str, said: str, /) -> Self:
        """Make it of the key, or the option as it is typed, and of what is wrong with it."""
        return cls("%(key)s: %(problem)s", key=key, problem=said)

    @property
    def key(self) -> str:
        """Return the key, or the option."""
        return str(self.values["key"])

    @property
    def said(self) -> str:
        """Return what is wrong with it."""
        return cast(str, self.values["problem"])


def in_words(value: object, translator: Translator) -> object:
    """Return a value as it is said in a language: a wording translated, anything else as it is."""
    return value.translated(translator) if isinstance(value, Wording) else value


def filled(text: str, values: dict[str, object]) -> str:
    """Return a text with its placeholders filled; one without values is no template, and its % stay."""
    return text % values if values else text


def enumerated(parts: Iterable[str]) -> str:
    """Return texts one behind the other, `a, b, c`, with the sign between them that a language has there."""
    return _joined(ENUMERATED, parts)


def clauses(parts: Iterable[str]) -> str:
    """Return clauses one behind the other, `a; b; c`, with the sign between them that a language has there."""
    return _joined(CLAUSES, parts)


def sentences(parts: Iterable[str]) -> str:
    """Return whole sentences one behind the other, with the space that a language puts there."""
    return _joined(SENTENCES, parts)


def _joined(template: str, parts: Iterable[str]) -> str:
    """Return the parts put together by a template two by two, then those pairs: a thousand are ten deep."""
    found = list(parts)
    while len(found) > 1:
        pairs = [Wording(template, before=one, next=two) for one, two in zip(found[::2], found[1::2], strict=False)]
        found = [*pairs, *found[len(pairs) * 2 :]]
    return found[0] if found else ""


def marked(text: str, /) -> str:
    """Return a template as it is: `make messages` finds it here, and it is filled and translated where it is said."""
    return text


# Translators: what stands between the parts of an enumeration. The second may be the last of them.
ENUMERATED: Final = marked("%(before)s, %(next)s")
# Translators: what stands between clauses, which are no sentences of their own.
CLAUSES: Final = marked("%(before)s; %(next)s")
# Translators: what stands between two sentences: a space, or nothing.
SENTENCES: Final = marked("%(before)s %(next)s")


def wording_of(error: Exception) -> str:
    """Return what an error says, as the wording that it was raised with where it was."""
    first = error.args[0] if len(error.args) == 1 else None
    return first if isinstance(first, Wording) else str(error)
