"""Applies a person's own words: Jinja templates for the plain subject and body of a kind of message (SPEC 8).

Jinja is loaded when the first template is used; a daemon without templates never loads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reminder.core.model.entities import Kind
from reminder.core.text.content import GAP, BodyLine, Words
from reminder.core.text.markup import clean, web_link

Value = str | int | None

VARIABLES: Final[Mapping[str, tuple[str | int, str]]] = {
    "subject": ("Ballard premieres in 7 days", "the built-in subject"),
    "body": ("Wednesday, July 9, 2025: all 10 episodes on Prime Video", "the built-in body, several lines"),
    "kind": ("reminder", "the kind of message"),
    "title": ("Ballard", "the title as it is written"),
    "season": (2, "its season, a number"),
    "release": ("premiere", "which release of it: premiere, episode 3, episodes 5-7, finale"),
    "name": ("Ballard season 2", "title, season and episodes as the built-in words say them"),
    "when": (
        "Wednesday, July 9, 2025",
        "the date in full, with the time when it is known, and no more exact than it is",
    ),
    "day": ("2025-07-09", "the day, when it is known"),
    "time": ("7:00 PM", "the time of day, when it is known, as the reader writes it"),
    "days": (7, "how many days are left, a number: 0 today, below 0 afterwards"),
    "episodes": ("all 10 episodes", "what drops"),
    "platform": ("Prime Video", "where it comes out"),
    "place": ("on Prime Video", "the same in a sentence"),
    "note": ("Watch Bosch first", "the note of the title"),
    "link": ("https://example.com/ballard", "the web address of the title"),
    "lead": ("7d", "the lead as the config spells it"),
    "subscriber": ("asha", "who is told"),
    "language": ("en", "the language of who is told, as the config spells it"),
}
"""Each variable of a template: an example, and what it holds. It is empty, and false in `if`, when nothing is known.

A digest, trouble and test messages have `subject`, `body`, `kind`, `link`, `subscriber` and `language` only.
"""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The words to send. `problem` says why a template could not be used; then these are the built-in ones."""

    words: Words
    problem: str | None = None


@dataclass(frozen=True)
class Templates:
    """The templates of a config: for each kind of message a subject, a body, or both."""

    sources: Mapping[Kind, tuple[str | None, str | None]] = field(default_factory=dict)

    def has(self, kind: Kind) -> bool:
        """Tell whether the config has a template for this kind: only then are its variables worth making."""
        return kind in self.sources

    def apply(self, kind: Kind, words: Words, variables: Mapping[str, Value] | None = None) -> Applied:
        """Return `words` with what the kind's templates make of them; a template that fails is reported, not raised.

        `variables` are what `texts.templates.variables` says of a topic; what is not among them is empty. `kind`,
        `subject`, `body` and `link` come from `words`. The Markdown and HTML forms follow the new plain text.
        """
        subject, body = self.sources.get(kind, (None, None))
        if subject is None and body is None:
            return Applied(words=words)
        own = {"kind": str(kind), "subject": words.subject, "body": words.plain(), "link": words.link}
        values = {**dict.fromkeys(VARIABLES), **(variables or {}), **own}
        try:
            return Applied(words=_replaced(words, subject, body, values))
        except Exception as error:  # noqa: BLE001  a message never waits for its template to be mended
            said = clean(str(error)) or type(error).__name__
            return Applied(words=words, problem=f"templates.{kind}: {said}; sent in the built-in words")


def _replaced(words: Words, subject: str | None, body: str | None, values: Mapping[str, Value]) -> Words:
    new_subject = words.subject if subject is None else clean(_rendered("subject", subject, values))
    new_body = words.body if body is None else _lines(_rendered("body", body, values))
    return replace(words, subject=new_subject, body=new_body)


def _rendered(part: str, source: str, values: Mapping[str, Value]) -> str:
    from reminder.texts.templates.jinja_subset import TemplateProblem, render

    try:
        text = render(source, values)
    except TemplateProblem as error:
        raise ValueError(f"{part}: {error}") from None
    if not clean(text):
        # Services refuse an empty part, or drop the message without a word.
        raise ValueError(f"{part}: it came out empty")
    return text


def _lines(text: str) -> tuple[BodyLine, ...]:
    return tuple(_line(line) for line in text.strip().splitlines())


def _line(text: str) -> BodyLine:
    cleaned = clean(text)
    if not cleaned:
        return GAP
    return BodyLine(link=cleaned) if web_link(cleaned) == cleaned else BodyLine(text=cleaned)


def check_template(source: str) -> str | None:
    """Return what is wrong with a template, where, and what to write instead; None when it can be used."""
    from reminder.texts.templates.jinja_subset import problem

    return problem(source, {name: example for name, (example, _) in VARIABLES.items()})
