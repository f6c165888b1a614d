"""English texts that know of what they were made, so that the page can say them in another language (SPEC 13)."""

from __future__ import annotations

from typing import Protocol


class Translator(Protocol):
    """What knows the texts of a language by their English."""

    def gettext(self, text: str, /) -> str:
        """Return a text, with the same placeholders."""
        ...

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return a text in the form that goes with a number."""
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

    def __new__(cls, text: str, /, **values: object) -> Wording:
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

    def translated(self, translator: Translator) -> str:
        """Return the same in another language; what has no translation stays English."""
        text = (
            translator.ngettext(self.template, self.many, self.number)
            if self.many
            else translator.gettext(self.template)
        )
        return filled(text, {name: in_words(value, translator) for name, value in self.values.items()})


def in_words(value: object, translator: Translator) -> object:
    """Return a value as it is said in a language: a wording translated, anything else as it is."""
    return value.translated(translator) if isinstance(value, Wording) else value


def filled(text: str, values: dict[str, object]) -> str:
    """Return a text with its placeholders filled; one without values is no template, and its % stay."""
    return text % values if values else text


def marked(text: str, /) -> str:
    """Return a template as it is: `make messages` finds it here, and it is filled and translated where it is said."""
    return text


def wording_of(error: Exception) -> str:
    """Return what an error says, as the wording that it was raised with where it was."""
    first = error.args[0] if len(error.args) == 1 else None
    return first if isinstance(first, Wording) else str(error)
