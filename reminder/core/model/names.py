"""The one comparison of names: first as written, and only if that finds nothing, without what people spell differently.

As written is NFC, in any case, with spaces joined. Aside are accents of Latin, Greek and Cyrillic letters, punctuation,
`&` for `and`, a leading article, signs without width, and full-width forms. A year counts where both sides have one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Generic, TypeVar

MOST: Final = 500
"""No name is longer than this; what is longer is compared by its beginning."""

T = TypeVar("T")

# `die`, `de` and `o` are left out: they are words of other languages, too (*Die Hard*).
_ARTICLES: Final = frozenset(
    ["the", "a", "an", "der", "das", "le", "la", "les", "el", "los", "las", "il", "gli", "het"]
)
_APOSTROPHES: Final = frozenset("'\u2018\u2019\u02bc\u02bb\u02b9`\u00b4\u2032\uff07")
_MARKS: Final = frozenset("\u2122\u00ae\u00a9\u2120")
"""Signs of trade, which the compatibility forms of Unicode would turn into letters."""

_ASCII: Final = str.maketrans(
    dict.fromkeys('!"#$%()*+,-./:;<=>?@[\\]^_{|}~', " ")
    | {chr(code): "" for code in range(128) if not chr(code).isprintable() and not chr(code).isspace()}
    | {"&": " and ", "'": "", "`": ""}
)
"""What becomes of the marks of ASCII where accents and punctuation are left aside."""

_LETTERS: Final = {"æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"}
_ACCENTED: Final = ("LATIN", "GREEK", "CYRILLIC")
_UNSPACED: Final = ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC")
_BRACKETS: Final = {")": "(", "]": "["}
_YEARS: Final = range(1900, 2100)


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name as it is compared: as written and plain, with its year where it has one.

    `bare` is the name without a year behind it that stands in no brackets, which may be the title's own
    (*Blade Runner 2049*), with that year.
    """

    written: str
    plain: str
    year: int | None = None
    bare: tuple[str, int] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The plain forms under which it is found."""
        return (self.plain, self.bare[0]) if self.bare else (self.plain,)

    def means(self, other: Name) -> bool:
        """Tell whether both are one name when what people spell differently is left aside."""
        if self.plain == other.plain:
            return self.year is None or other.year is None or self.year == other.year
        return _is_bare(self, other) or _is_bare(other, self)


def _is_bare(long: Name, short: Name) -> bool:
    """Tell whether a name with a year at its end, in no brackets, is the other, of which that year is known."""
    return long.bare is not None and long.bare == (short.plain, short.year)


def as_written(name: str) -> str:
    """Return a name in NFC, case-folded, with its spaces joined: by this two listed titles are one (SPEC 6)."""
    folded = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    return unicodedata.normalize("NFC", folded)


def name_of(text: str, year: int | None = None) -> Name:
    """Return a name for comparing. `year` is the work's, where it is known beside the name."""
    text = text[:MOST]
    said = _bracketed_year(text)
    head, own = said or (text, None)
    known = own or year
    return Name(written=as_written(text), plain=plain(head), year=known, bare=None if said else _bare(text))


def plain(text: str) -> str:
    """Return a name without what people spell differently; one of which nothing would be left stays as written."""
    ordered = _first_article_first(text[:MOST])
    words = list(_joined_initials(_folded(ordered).split()))
    return " ".join(words[1:] if len(words) > 1 and _has_article(ordered) else words) or as_written(text[:MOST])


@lru_cache(maxsize=16_384)  # who types a name looks again and again among the same ones
def searchable(text: str) -> str:
    """Return a name as parts of it are looked for: in small letters without accents and marks, its article in place."""
    text = text[:MOST]
    if text.isascii():
        return " ".join(text.casefold().translate(_ASCII).split())  # ten times as fast, and most names are
    return " ".join(_folded(text).split())


def without_year(text: str) -> str | None:
    """Return words without the year behind them, in brackets or not; None where there is none, or nothing else."""
    found = _bracketed_year(text) or _trailing_year(text)
    return found[0] if found else None


def has_year(text: str, year: int) -> bool:
    """Tell whether a name ends with this year, in brackets or not."""
    found = _bracketed_year(text) or _trailing_year(text)
    return found is not None and found[1] == year


@dataclass(kw_only=True)
class Index(Generic[T]):
    """Things by their names, for finding them by another spelling."""

    _written: dict[str, list[tuple[Name, T]]] = field(default_factory=dict)
    _plain: dict[str, list[tuple[Name, T]]] = field(default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[tuple[str, T]]) -> Index[T]:
        """Return an index of (name, thing)."""
        made: Index[T] = cls()
        for name, thing in named:
            made.add(name, thing)
        return made

    def add(self, name: str, thing: T, year: int | None = None) -> None:
        """Add a thing under one of its names."""
        known = name_of(name, year)
        self._written.setdefault(known.written, []).append((known, thing))
        for key in known.keys:
            self._plain.setdefault(key, []).append((known, thing))

    def find(self, name: str, year: int | None = None) -> tuple[T, ...]:
        """Return the things of this name: those of exactly this one, else those that it means when spelt otherwise."""
        wanted = name_of(name, year)
        exact = (pair for pair in self._written.get(wanted.written, ()))
        near = (pair for key in wanted.keys for pair in self._plain.get(key, ()))
        return _meant(wanted, exact) or _meant(wanted, near)


def _meant(wanted: Name, among: Iterable[tuple[Name, T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(thing for known, thing in among if wanted.means(known)))


# Folding -------------------------------------------------------------------------------------------------------------


def _folded(text: str) -> str:
    """Return a text in small letters without accents, with a space for each run of what is no letter and no figure."""
    decomposed = unicodedata.normalize("NFD", _one_width(text).casefold())
    return unicodedata.normalize("NFC", "".join(_letters(decomposed)))


def _one_width(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(" " if mark in _MARKS else mark for mark in text))


def _letters(text: str) -> Iterator[str]:
    before = ""  # the letter that a following mark belongs to
    gap = False
    for mark in text:
        kind = _kind(mark)
        if kind == "accent":
            if before and not _is_accented(before):
                yield mark
        elif kind == "gap":
            gap = True
        elif kind == "and":
            yield " and "
            before, gap = "", False
        elif kind == "letter":
            if gap and not (_is_unspaced(before) and _is_unspaced(mark)):
                yield " "
            yield _bare_letter(mark)
            before, gap = mark, False


_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs that count as letters or pictures, and show nothing."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})


def is_visible(text: str) -> bool:
    """Tell whether a text shows anything at all, and not only signs that take no place or leave one empty."""
    return any(unicodedata.category(mark) not in _UNSEEN and mark not in _BLANK for mark in text)


_OTHER: Final = r"[^\x00-\x7f\s\u200c\u200d]"
_SHOWN_BY_OTHERS: Final = re.compile(
    rf"(?<={_OTHER})[\u200c\u200d](?={_OTHER})|(?<=\U0001f3f4)[\U000e0020-\U000e007e]{{1,8}}\U000e007f"
)
"""Signs without width that shape those beside them: joiners (UAX #31) and the letters of a flag (UTS #51)."""


def is_shown(text: str) -> bool:
    """Tell whether every sign of a text can be seen: by itself, or in the shape of those beside it."""
    return text.isprintable() or _SHOWN_BY_OTHERS.sub("", text).isprintable()


@lru_cache(maxsize=4096)
def _kind(mark: str) -> str:
    """Return what a sign is for comparing: a letter (or figure), an accent, `and`, nothing, or a gap between words."""
    category = unicodedata.category(mark)
    if mark == "&":
        return "and"
    if mark in _APOSTROPHES or (category in {"Cf", "Cc"} and not mark.isspace()) or "\ufe00" <= mark <= "\ufe0f":
        return "nothing"
    return {"M": "accent", "L": "letter", "N": "letter"}.get(category[0], "gap")


@lru_cache(maxsize=4096)
def _is_accented(letter: str) -> bool:
    """Tell whether a letter is of an alphabet in which accents are left aside; elsewhere they are other letters."""
    return unicodedata.name(letter, "").startswith(_ACCENTED)


@lru_cache(maxsize=4096)
def _is_unspaced(letter: str) -> bool:
    """Tell whether a letter is of a script that writes no spaces between words."""
    return bool(letter) and unicodedata.name(letter, "").startswith(_UNSPACED)


@lru_cache(maxsize=4096)
def _bare_letter(letter: str) -> str:
    """Return a letter without a stroke or the like, which Unicode does not keep apart from it: `ł`, `ø`."""
    if letter in _LETTERS:
        return _LETTERS[letter]
    name = unicodedata.name(letter, "")
    head, has_more, _ = name.partition(" WITH ")
    if not has_more or not name.startswith(_ACCENTED):
        return letter
    try:
        return unicodedata.lookup(head)
    except KeyError:
        return letter


# Words ---------------------------------------------------------------------------------------------------------------


def _first_article_first(text: str) -> str:
    """Return `Bear, The`, as sorted lists have it, as `The Bear`."""
    head, comma, tail = text.rpartition(",")
    return f"{tail.strip()} {head}" if comma and head.strip() and tail.strip().casefold() in _ARTICLES else text


def _joined_initials(words: list[str]) -> Iterator[str]:
    """Yield words with single letters that follow each other as one: `S.W.A.T.`, `M*A*S*H`."""
    held: list[str] = []
    for word in words:
        if len(word) == 1 and word.isalpha() and not _is_unspaced(word):
            held.append(word)
            continue
        yield from _initials(held)
        held = []
        yield word
    yield from _initials(held)


def _initials(held: list[str]) -> list[str]:
    return ["".join(held)] if held else []


def _has_article(text: str) -> bool:
    """Tell whether a name begins with an article; a short form in capitals is none (*LA Confidential*, *A&E*)."""
    first, *rest = _one_width(text).split()
    word = first.strip("".join(mark for mark in first if not mark.isalnum()))
    is_short_form = word.isupper() and len(word) > 1 and not "".join(rest).isupper()
    return word.casefold() in _ARTICLES and not is_short_form


# Years ---------------------------------------------------------------------------------------------------------------


def _bracketed_year(text: str) -> tuple[str, int] | None:
    """Return a name and the year in brackets behind it."""
    text = _one_width(text).rstrip()
    opening = _BRACKETS.get(text[-1:], "")
    if not opening or text[-6:-5] != opening:
        return None
    return _year(text[:-6], text[-5:-1])


def _trailing_year(text: str) -> tuple[str, int] | None:
    """Return a name and the year behind it that stands by itself."""
    head, _, last = text.rstrip().rpartition(" ")
    return _year(head, last)


def _year(head: str, said: str) -> tuple[str, int] | None:
    is_year = len(said) == 4 and said.isascii() and said.isdecimal() and int(said) in _YEARS
    return (head.strip(), int(said)) if is_year and head.strip() else None


def _bare(text: str) -> tuple[str, int] | None:
    found = _trailing_year(text)
    return (plain(found[0]), found[1]) if found else None
