"""What is read otherwise when one rule of the reader is left out: each pattern, each clue to titles.

`python -m bench leave-out` reads every announcement there is again and again, which takes some minutes: it is not one
of the measurements that are made when none is named. `python -m bench.bench_leave_out --words` goes on with each word
of the tables that say what a date is of.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from reminder.announcements.article import article_from
from reminder.announcements.reading import cues as tables
from reminder.announcements.reading import platforms
from reminder.announcements.reading.announcement import Announcement, read
from reminder.announcements.reading.patterns import Pattern
from tests.support import announcements, fresh
from tests.support.patterns import every_pattern

Reading = partial[Announcement]
ON_REQUEST = True
FIELDS = ("premiere", "title", "platform", "season", "episodes", "drop")
SEARCHES = ("search", "match", "fullmatch", "finditer", "sub", "split")


@dataclass(frozen=True, kw_only=True)
class Text:
    """An announcement with its corpus, how it is read, and what a careful reader takes from it; None says nothing."""

    corpus: str
    name: str
    whole: str
    read: Reading
    expect: Mapping[str, str | None]

    def right(self) -> frozenset[str]:
        """Return the fields that are read as expected, with nothing remembered of another reading."""
        tables.cues.cache_clear()
        platforms.platforms.cache_clear()
        found = self.read()
        return frozenset(name for name, want in self.expect.items() if _folded(_got(found, name)) == _folded(want))


def _got(found: Announcement, name: str) -> str | None:
    value = found.written() if name == "premiere" else getattr(found, name)
    return None if value is None else str(value)


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else None


def texts() -> Iterator[Text]:
    """Yield every announcement, those of the fresh batches as text and as page."""
    for path in sorted(fresh.FOLDER.glob("*.yaml")):
        for case in fresh.load(path):
            article = article_from(case.page(), "text/html")
            on_page = partial(read, article.text, case.published, article.hints)
            yield _text(path.stem, f"{case.name}, text", partial(read, case.plain, case.published), case.expect)
            yield _text(path.stem, f"{case.name}, page", on_page, case.expect)
    for path in sorted(announcements.FOLDER.glob("*.yaml")):
        for known in announcements.load(path):
            yield _text(path.stem, known.name, partial(read, known.text, known.published), known.expect)
    for number, line in enumerate((announcements.FOLDER / "found.jsonl").read_text("utf-8").splitlines()):
        row: dict[str, Any] = json.loads(line)
        expect = {
            name: None if value is None else str(value) for name, value in row["expect"].items() if name in FIELDS
        }
        again = partial(read, row["text"], date.fromisoformat(row["published"]))
        yield Text(corpus="found", name=f"found {number}", whole=row["text"], read=again, expect=expect)


def _text(corpus: str, name: str, again: Reading, expect: Mapping[str, str]) -> Text:
    return Text(corpus=corpus, name=name, whole=str(again.args[0]), read=again, expect={"premiere": None, **expect})


def matched(every: Mapping[str, Pattern], found: list[Text]) -> dict[str, list[Text]]:
    """Return by the name of each pattern the texts in which it matches anything: leaving it out changes no other."""
    names = {id(pattern): name for name, pattern in every.items()}
    where: dict[str, list[Text]] = defaultdict(list)
    for text in found:
        with _watched() as seen:
            text.right()
        for name in {names[each] for each in seen if each in names}:
            where[name].append(text)
    return where


@contextmanager
def _watched() -> Iterator[set[int]]:
    """Yield a set that the patterns which match anything are added to."""
    seen: set[int] = set()
    before = {name: getattr(Pattern, name) for name in SEARCHES}

    def noting(name: str) -> Callable[..., Any]:
        def note(self: Pattern, *given: Any, **named: Any) -> Any:
            found = before[name](self, *given, **named)
            found = list(found) if name == "finditer" else found
            unchanged = [given[-1]] if name == "split" else given[-1] if name == "sub" else None
            if found and found != unchanged:
                seen.add(id(self))
            return iter(found) if name == "finditer" else found

        return note

    try:
        for name in SEARCHES:
            setattr(Pattern, name, noting(name))
        yield seen
    finally:
        for name, search in before.items():
            setattr(Pattern, name, search)


@contextmanager
def without_pattern(pattern: Pattern) -> Iterator[None]:
    """Let a pattern match nothing."""
    needed = pattern.needed
    vars(pattern)["needed"] = ((),)
    try:
        yield
    finally:
        vars(pattern)["needed"] = needed


@contextmanager
def without_word(pattern: Pattern, word: str) -> Iterator[None]:
    """Take a word out of a table of cues."""
    compiled = pattern.compiled
    words = words_of(pattern)
    fewer = pattern.text.replace("|".join(words), "|".join(each for each in words if each != word))
    vars(pattern)["compiled"] = re.compile(fewer, pattern.flags)
    try:
        yield
    finally:
        vars(pattern)["compiled"] = compiled


def words_of(pattern: Pattern) -> list[str]:
    """Return the words of a table of cues, each of which is an expression without `|` outside its groups."""
    listed = pattern.text[len(tables.BEFORE) : -len(tables.BEHIND)]
    cuts = [at for at, sign in enumerate(listed) if sign == "|" and not _is_inside(listed[:at])]
    return [listed[start + 1 : end] for start, end in pairwise([-1, *cuts, len(listed)])]


def _is_inside(before: str) -> bool:
    bare = re.sub(r"\\.|\[[^\]]*\]", "", before)
    return bare.count("(") > bare.count(")")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What leaving a rule out does: in how many texts it says something, and which fields are lost and gained."""

    rule: str
    texts: int
    lost: list[str]
    gained: list[str]


def left_out(
    rule: str, out: AbstractContextManager[None], where: list[Text], whole: Mapping[str, frozenset[str]]
) -> Change:
    """Return what changes in the texts that a rule says something of, when it is left out."""
    with out:
        rights = {text.name: text.right() for text in where}
    lost = [f"{name}: {each}" for name, right in rights.items() for each in sorted(whole[name] - right)]
    gained = [f"{name}: {each}" for name, right in rights.items() for each in sorted(right - whole[name])]
    return Change(rule=rule, texts=len(where), lost=lost, gained=gained)


def by_home() -> dict[str, Pattern]:
    """Return every pattern once, by one of its names: one module may have it from another."""
    every = {name: pattern for name, pattern in every_pattern().items() if ":" not in name}  # not those inside a call
    names = {id(pattern): name for name, pattern in sorted(every.items(), reverse=True)}
    return {name: pattern for name, pattern in every.items() if names[id(pattern)] == name}


def changes(*, words: bool = False) -> Iterator[Change]:
    """Yield what each rule is worth: first the patterns and clues, then, if asked for, the words of the cues."""
    found = list(texts())
    every = by_home()
    whole = {text.name: text.right() for text in found}
    where = matched(every, found)
    for name, pattern in sorted(every.items()):
        yield left_out(name, without_pattern(pattern), where.get(name, []), whole)
    for name, pattern in sorted(every.items()) if words else ():
        for word in words_of(pattern) if name.startswith("cues._TABLE") else ():
            alone = re.compile(f"{tables.BEFORE}{word}{tables.BEHIND}", pattern.flags)
            here = [text for text in where.get(name, []) if alone.search(text.whole)]
            yield left_out(f"{name} {word}", without_word(pattern, word), here, whole)


def main() -> None:
    """Print what each rule is worth, and how many are worth nothing."""
    measured = []
    for change in changes(words="--words" in sys.argv):
        measured.append(change)
        worth = f"{len(change.lost)} lost, {len(change.gained)} gained" if change.texts else "matches nothing"
        print(f"{change.rule:60} {change.texts:4} texts, {worth}")
        for line in [*(f"- {each}" for each in change.lost[:4]), *(f"+ {each}" for each in change.gained[:4])]:
            print(f"    {line}")
    idle = [change for change in measured if not change.lost]
    print(f"{len(measured)} rules left out, one at a time; {len(idle)} of them lose nothing")


if __name__ == "__main__":
    main()
