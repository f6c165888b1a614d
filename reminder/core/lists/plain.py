"""Reads plain text with one title a line, whatever bullets, boxes and numbers stand before the titles."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from reminder.core.lists import markdown, people
from reminder.core.lists.cells import LONGEST_NAME, named, number_in
from reminder.core.lists.fields import is_section, section_of
from reminder.core.lists.values import LeftOut, LeftOutReason, ListError, Wanted
from reminder.core.sourcing.answers import WorkForm
from reminder.core.sourcing.season_words import season_words

_BULLET: Final = re.compile(
    r"[-*+>\u2022\u2013\u2014\u00b7\u25aa\u25e6\u2023\u2192\u21d2\u25a0\u25a1\u25b6\u25ba\u25c6\u25cb\u25cf\u27a4\u2794]\ufe0f?\s+"
)
_BOX: Final = re.compile(
    r"\[( |x|X|\u2713|\u2714|[-/<>!?])?\]\s*|[\u2610\u2611\u2705\u2714\u2718\u2717\u274c]\ufe0f?\s*"
)
_NUMBER: Final = re.compile(r"(\d{1,4})[.)]\s+(?=\S)")
_TICKS: Final = frozenset("xX\u2713\u2714\u2611\u2705")
_LET_GO: Final = ("[-]", "\u2718", "\u2717", "\u274c")
"""Boxes of what somebody has given up."""
_YEAR_BEHIND: Final = re.compile(r"(?:,|\s[-\u2013\u2014|]|\s\[)\s?(19\d\d|20[0-3]\d)\]?$")
_BOLD: Final = re.compile(r"(?:\*\*|__)([^*_]{1,80}?):?(?:\*\*|__):?")
_REMARKED: Final = re.compile(r"(\S.{0,200}? \((?:19\d\d|20[0-3]\d)\))(?: \([^()]{1,100}\)| ?[!+*?★☆]{1,5}){1,3}$")
"""A title with its year, and what somebody notes behind them: `Cube (1997) (horror)`, `Zardoz (1974) !`."""
_TAG: Final = re.compile(r"\s(?:`([^`]{2,20})`|#(\w{2,20})|[(\[]([a-z ]{2,20})[)\]])$", re.IGNORECASE)
_MARK_BEHIND: Final = re.compile(r"([\u2705\u2714\u2611\u2713\u274c\u2718\u2717])\ufe0f?$")
_CONFIG: Final = re.compile(r"(?:timezone|channels|subscribers|watch|calendars)\s*:")
_DATA: Final = re.compile(r"|\*|tt\d+|\d+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?: .{0,20})?")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ID: Final = re.compile(r"(imdb|tmdb|thetvdb|tvmaze):(\S{1,20})")

Line = tuple[int, str]


def titles_of(text: str) -> list[Wanted | LeftOut]:
    """Return the titles of a text, one from each line. Raises ListError where that is no list of titles."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    lines = _without_underlines(lines)
    bare = [(number, line) for number, line in lines if not _is_of_layout(line)]
    _must_be_titles(bare)
    bare = [(number, _BULLET.sub("", line, count=1) if _BULLET.match(line) else line) for number, line in bare]
    counted = _are_counted([line for _, line in bare])
    sections = dict(_sections(lines))
    return [_below(sections[number], _title(number, line, counted=counted)) for number, line in bare]


def _sections(lines: Sequence[Line]) -> Iterator[tuple[int, WorkForm | LeftOutReason | None]]:
    """Yield what the heading above each line says of it."""
    said: WorkForm | LeftOutReason | None = None
    for number, line in lines:
        said = section_of(line.strip("#:*_ ")) if _is_of_layout(line) and not markdown.is_rule(line) else said
        yield number, said


def _without_underlines(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the headings that Markdown underlines marked as others are."""
    below = dict(zip([number for number, _ in lines], [line for _, line in lines[1:]], strict=False))
    return [
        (number, f"# {line}" if is_section(line) and markdown.is_rule(below.get(number, "")) else line)
        for number, line in lines
    ]


def _below(said: WorkForm | LeftOutReason | None, item: Wanted | LeftOut) -> Wanted | LeftOut:
    """Return a title as the heading above it says."""
    if isinstance(item, LeftOut) or said is None:
        return item
    if isinstance(said, WorkForm):
        return item if item.form else replace(item, form=said)
    return LeftOut(item=item, reason=said)


def _is_of_layout(line: str) -> bool:
    """Tell whether a line is a heading or a rule; `Watched:` is a heading, too."""
    is_heading = line.startswith(("# ", "##")) or line == "#"
    return is_heading or markdown.is_rule(line) or _is_bare_heading(line)


def _is_bare_heading(line: str) -> bool:
    """Tell whether a line is a heading without a sign of one: `Watched:`, `**Currently watching**`."""
    bold = _BOLD.fullmatch(line)
    return is_section(bold[1]) if bold else line.endswith(":") and is_section(line[:-1])


def _title(number: int, line: str, *, counted: bool) -> Wanted | LeftOut:
    rest = _NUMBER.sub("", line, count=1) if counted and _NUMBER.match(line) else line
    mark, rest = _without_marks(rest)
    rest, sort = _without_tag(rest)
    linked, bare = markdown.link_in(rest), markdown.unmarked(rest)
    ids = _ids(linked) or _ids(bare)
    name, year, season = ("", None, None) if ids and not linked else _named(_unquoted(bare))
    form = sort if isinstance(sort, WorkForm) else None
    title = Wanted(name=name, year=year, season=season, ids=ids, line=number, form=form)
    if len(bare) > LONGEST_NAME:
        reason: LeftOutReason | None = LeftOutReason.LONG
    elif not name and not ids:
        reason = LeftOutReason.NAMELESS
    else:
        reason = _done(mark, sort, is_struck=markdown.is_struck(rest))
    return LeftOut(item=title, reason=reason) if reason else title


def _without_marks(text: str) -> tuple[str, str]:
    """Return the box before a title, or the mark behind it, and the title without them."""
    box, behind = _BOX.match(text), _MARK_BEHIND.search(text)
    end = behind.start() if behind and behind.start() else len(text)
    rest = text[box.end() if box else 0 : end].rstrip()
    return (box[0] if box else text[end:].strip()), rest


def _without_tag(text: str) -> tuple[str, WorkForm | LeftOutReason | None]:
    """Return a line without the sort that a tag behind it names, and the sort: "The Rookie `show`"."""
    tag = _TAG.search(text)
    said = section_of(tag[1] or tag[2] or tag[3]) if tag else None
    return (text[: tag.start()], said) if tag and said and text[: tag.start()].strip() else (text, None)


def _done(mark: str, sort: WorkForm | LeftOutReason | None, *, is_struck: bool) -> LeftOutReason | None:
    """Return what a mark beside a title, its tag, or a line through it says: given up, watched, a book, or nothing."""
    if mark.startswith(_LET_GO):
        return LeftOutReason.DROPPED
    if is_struck or _TICKS & set(mark):
        return LeftOutReason.WATCHED
    return sort if isinstance(sort, LeftOutReason) else None


def _named(text: str) -> tuple[str, int | None, int | None]:
    """Return the title, the year and the season that a line names: `Dune, 2021`, `Silo (Season 3)`."""
    remarked = _REMARKED.fullmatch(text)
    text = remarked[1] if remarked else text
    said = _YEAR_BEHIND.search(text)
    name, year = named(text[: said.start()] if said and said.start() else text)
    season = season_words(name)
    if season is None or season.season is None or season.number is not None:
        return name, int(said[1]) if said and said.start() else year, None
    return season.name, year, season.season


def _ids(text: str) -> dict[str, str]:
    """Return the work that a line names by its number or its page, as in `tvmaze:44933`."""
    said = _ID.fullmatch(text)
    if said:
        number = number_in(said[1], said[2], None)
        return {said[1]: number} if number else {}
    if not text.startswith(("http://", "https://", "tt")) or " " in text:
        return {}
    found = {name: number_in(name, text, None) for name in ("imdb", "tmdb", "tvmaze")}
    linked = {name: number for name, number in found.items() if number}
    return linked if text.startswith("http") or linked.get("imdb") == text else {}


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    return inner if len(text) > 2 and text[0] == text[-1] == '"' and '"' not in inner else text


def _are_counted(lines: Sequence[str]) -> bool:
    """Tell whether the numbers before the lines count them, and are not part of a title such as `9. Bundesliga`."""
    numbers = [int(found[1]) for line in lines if (found := _NUMBER.match(line))]
    if not numbers:
        return False
    goes_on = all(later in {before + 1, 1} for before, later in pairwise(numbers))
    return (numbers[0] in {0, 1} and goes_on) or (len(numbers) == len(lines) and len(lines) > 2)


# What is no list of titles -------------------------------------------------------------------------------------------


def _must_be_titles(lines: Sequence[Line]) -> None:
    """Refuse a text that is something else than a list of titles. Raises ListError, which says what it is."""
    texts = [line for _, line in lines]
    _refuse_calendar_or_config(texts)
    _refuse_people(lines)
    if any(_is_table(texts, mark) for mark in ";\t|,"):
        raise ListError(people.NO_HEADER)
    if lines and sum(len(line) > LONGEST_NAME for line in texts) * 2 > len(texts):
        raise ListError("it is running text, not a list of titles: `reminder read FILE` reads an announcement")


def _refuse_calendar_or_config(lines: Sequence[str]) -> None:
    first = lines[0].upper() if lines else ""
    if first.startswith("BEGIN:VCALENDAR"):
        raise ListError("it is a calendar: write its address or path under `calendars:` in the config")
    if first.startswith("BEGIN:VCARD"):
        raise people.refusal("a file of contacts")
    if is_config("\n".join(lines)):
        raise ListError("it looks like a config, not a list of titles: start it with `reminder --config FILE run`")


def is_config(text: str) -> bool:
    """Tell whether a text has a key of a config at the head of a line."""
    return any(_CONFIG.match(line) for line in text.split("\n"))


def _refuse_people(lines: Sequence[Line]) -> None:
    for number, line in lines:
        if people.holds_address(line):
            raise people.refusal(f"line {number} has an address")
    if len({people.key_of(line) for _, line in lines} - {None}) > 1:
        raise people.refusal("lines such as `channel: …`")


def _is_table(lines: Sequence[str], mark: str) -> bool:
    """Tell whether lines are rows of fields without a header: as many in each, and figures among them."""
    rows = list(_fields(lines, mark))
    if any(len(row) > 2 and any(cell == "*" or people.is_handle(cell) for cell in row) for row in rows):
        return True
    width = len(rows[0]) if rows else 0
    if width < 2 or any(len(row) != width for row in rows):
        return False
    return any(_DATA.fullmatch(cell) for row in rows for cell in row[1:])


def _fields(lines: Sequence[str], mark: str) -> Iterator[list[str]]:
    """Yield the fields of each line; a comma before a space, or within a number, separates none."""
    for line in lines:
        text = _THOUSANDS.sub("", line) if mark == "," else line
        if mark == "," and ", " in text:
            text = text.replace(", ", "\u0000 ")
        try:
            yield [cell.strip() for cell in next(csv.reader([text], delimiter=mark), [])]
        except csv.Error:
            yield [line]
