"""Announcements that the reader had not seen when it was measured on them, each as plain text and as a web page."""

from __future__ import annotations

import datetime as dt
import functools
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from reminder.announcements.article import article_from
from reminder.announcements.reading.announcement import Announcement, read

FOLDER: Final = Path(__file__).parent.parent / "data" / "announcements" / "fresh"
FIELDS: Final = ("title", "platform", "season", "episodes", "drop")
FORMS: Final = ("text", "page", "plain page")
_ITALICS: Final = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """One announcement: its text with *italics*, its day, and what a careful reader takes from it."""

    name: str
    marked: str
    published: dt.date
    expect: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, Announcement] = field(default_factory=dict, repr=False, compare=False)

    def answer(self, form: str) -> Announcement:
        """Return what is read, once, of the text alone, or of a page with the extractor or without it."""
        if form not in self._answers:
            self._answers[form] = self._read(form)
        return self._answers[form]

    def _read(self, form: str) -> Announcement:
        if form == "text":
            return read(self.plain, self.published)
        article = article_from(self.page(), "text/html", extractor=form == "page")
        return read(article.text, self.published, article.hints)

    @property
    def plain(self) -> str:
        """Return the text without the marks of italics."""
        return _ITALICS.sub(r"\1", self.marked)

    def page(self) -> str:
        """Return the announcement as a web page: a headline, paragraphs, italics, every second name a link."""
        first, _, others = self.marked.strip().partition("\n\n")
        headline = first if others and first[-1] not in ".”" else ""
        paragraphs = (others if headline else self.marked).strip().split("\n\n")
        body = "".join(f"<p>{_as_html(paragraph)}</p>\n" for paragraph in paragraphs)
        return (
            f"<!doctype html><html><head><title>News</title></head><body><nav><a href='/'>Home</a></nav>"
            f"<article>{f'<h1>{_as_html(headline)}</h1>' if headline else ''}\n{body}</article>"
            f"<footer><p>All rights reserved.</p></footer></body></html>"
        )

    def got(self, name: str, form: str) -> str | None:
        """Return what is read for a field, as text."""
        answer = self.answer(form)
        value = answer.written() if name == "premiere" else getattr(answer, name)
        return None if value is None else str(value)

    def agrees(self, name: str, form: str) -> bool:
        """Tell whether a field is read as expected; of a title the case of letters does not count."""
        got, want = self.got(name, form), self.expect.get(name)
        return (got or "").casefold() == (want or "").casefold()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many of how many are right, by field; `invented` counts dates where there is none."""

    days: tuple[int, int]
    spans: tuple[int, int]
    invented: tuple[int, int]
    fields: dict[str, tuple[int, int]]


def load(path: Path) -> list[Fresh]:
    """Return the announcements of one batch."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Fresh(
            name=f"{path.stem} {number}",
            marked=entry["text"],
            published=entry["published"],
            expect={name: str(value) for name, value in entry.get("expect", {}).items()},
        )
        for number, entry in enumerate(entries, 1)
    ]


@functools.cache
def every() -> tuple[Fresh, ...]:
    """Return the announcements of all batches; each is read once in a process, however many tests ask of it."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in load(path))


def figures(cases: Sequence[Fresh], form: str) -> Figures:
    """Return how often each field is right."""
    days = [case for case in cases if len(case.expect.get("premiere", "")) >= 10 and case.expect["premiere"][4] == "-"]
    spans = [case for case in cases if "premiere" in case.expect and case not in days]
    none = [case for case in cases if "premiere" not in case.expect]
    return Figures(
        days=(sum(case.agrees("premiere", form) for case in days), len(days)),
        spans=(sum(case.agrees("premiere", form) for case in spans), len(spans)),
        invented=(sum(case.got("premiere", form) is not None for case in none), len(none)),
        fields={
            name: (sum(case.agrees(name, form) for case in said), len(said))
            for name in FIELDS
            if (said := [case for case in cases if name in case.expect])
        },
    )


@dataclass(frozen=True, kw_only=True)
class Point:
    """How sure an answer was, and whether it was right."""

    sure: float
    right: bool


def at_first_sight(field: str) -> list[Point]:
    """Return how sure and how right a field was when a batch was read for the first time, by the reader of then."""
    lines = (FOLDER.parent / "first-sight.jsonl").read_text("utf-8").splitlines()
    rows = [row for line in lines if (row := json.loads(line))["field"] == field]
    return [
        Point(sure=sure, right=name == "right") for row in rows for name in ("right", "wrong") for sure in row[name]
    ]


def share(points: Sequence[Point], low: float, high: float = 1.01) -> tuple[int, int]:
    """Return how many of how many are right, of those that are as sure as `low`, and less than `high`."""
    found = [point.right for point in points if low <= point.sure < high]
    return sum(found), len(found)


def wrong(cases: Sequence[Fresh], form: str) -> Iterator[str]:
    """Yield each field that is not read as expected."""
    for case in cases:
        for name in ("premiere", *FIELDS):
            if not case.agrees(name, form) and (name in case.expect or name == "premiere"):
                yield f"{case.name}: {name}: {case.got(name, form)} instead of {case.expect.get(name)}"


def sureness(cases: Sequence[Fresh], name: str, form: str) -> list[Point]:
    """Return how sure each answer for a field is, and whether it is right."""
    return [
        Point(sure=case.answer(form).confidence[name], right=case.agrees(name, form))
        for case in cases
        if name in case.answer(form).confidence and (name == "premiere" or name in case.expect)
    ]


def _as_html(paragraph: str) -> str:
    pieces = _ITALICS.split(html.escape(paragraph, quote=False))
    named = [f"<em>{piece}</em>" for piece in pieces[1::2]]
    linked = [f'<a href="/{at}">{piece}</a>' if at % 2 else piece for at, piece in enumerate(named)]
    return "".join(piece for pair in zip(pieces[::2], [*linked, ""], strict=True) for piece in pair)
