"""Cuts a text into sentences, without being misled by `Sept. 5`, `9 p.m. ET`, `am 9. Juli` or a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either
from reminder.core.dates.month_names import MONTH_OF, WEEKDAY_OF, ZONE_OF, any_of, words

_BLANK_LINE: Final = Pattern(r"\n[ \t]*\n\s*")
_END: Final = Pattern(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘„«(¿¡\[*_]?[A-ZÀ-ÖØ-ÞĀ-Ž0-9])")
_ABBREVIATIONS: Final = frozenset(
    words(
        "dr mr mrs ms st jr sr prof vs no nr vol ep eps feat ft inc co corp bros ltd gen sen rep gov lt sgt "
        "capt approx ca bzw usw inkl zzgl std min mio art tel ul godz tys reż sig sra dra av ed e.g i.e u.s "
        "u.k u.s.a l.a n.y d.c z.b u.a d.h calif ariz fla ill mass mich minn pa tenn tex va wash conn colo ga "
        "ky la md mo"
    )
)
_HALF_DAY: Final = uncased(r"(?:^|[\s\d])[ap]\.m$")
_AFTER_TIME: Final = uncased(rf"(?:{any_of(ZONE_OF)}|{any_of(WEEKDAY_OF)}|on)\b")
_AFTER_NUMBER: Final = uncased(
    rf"(?:{any_of(MONTH_OF)})\b(?!\.?\s\d{{1,2}}\b)|staffel|folge|episode|teil|platz|jahrhundert|season|sezon"
)
# Short names that are no abbreviations: a dot behind them ends the sentence.
_WHOLE_MONTHS: Final = frozenset(
    words(
        "may june july april march mai mars avril août abril maio maja maj juni juli juin mayo março lipca luty marca"
    )
)
# `Fr. 25.04.`: as programmes are listed.
_GERMAN_DAYS: Final = frozenset(words("Mo Di Mi Do Fr Sa So"))
_BEGINS: Final = Pattern(rf"(?:{either('sentence-begins')})\b")
_SHORT_LINE: Final = 110
MOST_SENTENCES: Final = 600
"""No announcement has more: what stands below are comments and other articles."""

# No sentence is longer: what is read in each grows faster than its length.
_LONGEST: Final = 800


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence or heading: its text, where it stands, and in which paragraph (0 is the first)."""

    text: str
    start: int
    end: int
    paragraph: int
    heading: bool = False


def sentences(text: str) -> tuple[Sentence, ...]:
    """Given a text, return its sentences in order; their spans never overlap, and `text[start:end]` is each one.

    The first `MOST_SENTENCES` are returned. A blank line ends a paragraph. A line end does too,
    unless the lines look wrapped at one width.
    """
    found = (
        sentence
        for number, (start, end) in enumerate(_paragraphs(text))
        for sentence in _in_paragraph(text, start, end, number)
    )
    return tuple(islice(found, MOST_SENTENCES))


def one_line(text: str) -> str:
    """Return a piece of text with its line ends and runs of spaces made into single spaces."""
    return " ".join(text.split())


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in (*_BLANK_LINE.finditer(text), None):
        end = gap.start() if gap else len(text)
        yield from _lines(text, start, end)
        start = gap.end() if gap else end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lines = text[start:end].splitlines(keepends=True)
    if _is_wrapped(lines):
        yield start, end
        return
    for line in lines:
        if line.strip():
            yield start, start + len(line)
        start += len(line)


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether lines are one paragraph cut at a width: all but the last nearly as long as the longest."""
    lengths = [len(line.rstrip()) for line in lines]
    if len(lines) < 2:
        return True
    return 50 <= max(lengths) <= 100 and min(lengths[:-1]) >= max(lengths) - 25 and lengths[-1] <= max(lengths)


def _in_paragraph(text: str, start: int, end: int, number: int) -> Iterator[Sentence]:
    ends = [found.end() for found in _END.finditer(text, start, end) if _is_end(text, found)]
    cuts = list(_shortened(text, start, [*ends, end]))
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        piece = text[first:last]
        stripped = piece.strip()
        if stripped:
            begin = first + piece.index(stripped[0])
            yield Sentence(
                text=stripped,
                start=begin,
                end=begin + len(stripped),
                paragraph=number,
                heading=not cuts and _looks_like_heading(stripped),
            )


def _shortened(text: str, start: int, ends: list[int]) -> Iterator[int]:
    """Yield where all sentences but the last end, and where too long ones are cut: at a space if there is one."""
    for end in ends:
        while end - start > _LONGEST:
            space = text.rfind(" ", start + 1, start + _LONGEST)
            start = space if space > start else start + _LONGEST
            yield start
        if end != ends[-1]:
            yield end
        start = end


def _looks_like_heading(text: str) -> bool:
    return len(text) <= _SHORT_LINE and text[-1] not in '.;,"”'


def _is_end(text: str, found: re.Match[str]) -> bool:
    """Tell whether the stop that was found ends a sentence."""
    if text[found.start()] != ".":
        return True
    before = text[max(0, found.start() - 14) : found.start()]
    after = text[found.end() : found.end() + 24].lstrip("\"'“‘„«([*_")
    word = before.split()[-1].lstrip("(\"'“‘„«[*_") if before.split() else ""
    if _HALF_DAY.search(before):
        return not _AFTER_TIME.match(after)
    number = word.replace("–", "-").rpartition("-")[2]  # `8.-10. Mai`
    if number.isdecimal() and len(number) <= 2:
        return not _AFTER_NUMBER.match(after)
    if after[:1].isdecimal() and (word in _GERMAN_DAYS or _is_short_month(word)):
        return False
    return _is_short_month(word) or not _is_abbreviation(word, after)


def _is_short_month(word: str) -> bool:
    return word.lower() in MONTH_OF and word.lower() not in _WHOLE_MONTHS and len(word) <= 5


def _is_abbreviation(word: str, after: str) -> bool:
    """Tell whether a word with a dot is cut short; `the spin-off Gen Q. It will ...` ends with one letter."""
    if re.fullmatch(r"(?:[A-ZÀ-Þ]\.)*[A-ZÀ-Þ]", word):
        return len(word) > 1 or not _BEGINS.match(after)
    return word.lower() in _ABBREVIATIONS
