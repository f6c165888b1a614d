"""Lists of titles as other programs export them: Trakt, TV Time, Yamtrack, IMDb, and plain tables.

Told apart by the names of their columns (CSV) or fields (JSON); a plain text has one title a line.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reminder.core.source import Form

MAX_TITLES: Final = 20_000


class ListError(ValueError):
    """A file is no list of titles that can be read; the text says what can."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One title of a list: its name, what tells it from others, and the line or place (from 1) it stands in."""

    name: str
    year: int | None = None
    form: Form | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def words(self) -> str:
        """Return what to search for."""
        return f"{self.name} ({self.year})" if self.year else self.name


@dataclass(frozen=True, kw_only=True)
class TitleList:
    """What a file holds, and which program's file it is. `left_out` counts what is no title to wait for."""

    kind: str
    titles: tuple[Wanted, ...]
    left_out: int = 0


_SERIES: Final = frozenset(
    {"tv", "show", "series", "tvseries", "tv series", "tv mini series", "tvminiseries", "tv show", "anime", "season"}
)
_FILMS: Final = frozenset({"movie", "film", "tvmovie", "tv movie", "feature", "short", "video"})
_IGNORED: Final = frozenset(
    {"episode", "tvepisode", "tv episode", "game", "book", "manga", "comic", "person", "boardgame"}
    | {"video game", "videogame", "music video", "musicvideo", "podcast series", "podcast episode"}
)
_SKIPPED_STATES: Final = frozenset({"dropped", "completed"})
_SEEN: Final = frozenset({"watch", "rewatch"})
_NO: Final = frozenset({"0", "false"})

#: (program, the columns that only its files have)
_CSV: Final = (
    ("IMDb", frozenset({"const", "title type"})),
    ("Yamtrack", frozenset({"media_id", "source", "media_type"})),
    ("TV Time", frozenset({"tv_show_name"})),
    ("TV Time", frozenset({"series_name"})),
    ("TV Time", frozenset({"movie_name"})),
    ("Trakt", frozenset({"trakt_id"})),
)
_NAMES: Final = ("title", "name", "tv_show_name", "series_name", "movie_name", "show", "original title")


def read_list(text: str) -> TitleList:
    """Given the text of an export, return its titles, each once. Raises ListError."""
    plain = text.lstrip("\ufeff").strip()
    if not plain:
        raise ListError("the file is empty")
    found = _json(plain) if plain[0] in "[{" else _table(plain)
    unique: dict[tuple[str, int | None, Form | None], Wanted] = {}
    for item in found.titles:
        unique.setdefault((item.name.casefold(), item.year, item.form), item)
    if len(unique) > MAX_TITLES:
        raise ListError(f"the list has more than {MAX_TITLES} titles")
    return TitleList(kind=found.kind, titles=tuple(unique.values()), left_out=found.left_out)


# CSV -------------------------------------------------------------------------------------------------------------------


def _table(text: str) -> TitleList:
    head = text.partition("\n")[0].lower()
    delimiter = max(",;\t", key=head.count)
    rows = list(_rows(text, delimiter))
    columns = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if not set(columns) & set(_NAMES):
        return _lines(rows)
    kind = next((kind for kind, own in _CSV if own <= set(columns)), "plain CSV")
    table = [(dict(zip(columns, cells, strict=False)), line) for line, cells in rows[1:]]
    seen = {_clean(row["movie_name"]) for row, _ in table if row.get("movie_name") and row.get("type") in _SEEN}
    found = [_row(row, line, seen) for row, line in table]
    return TitleList(kind=kind, titles=tuple(item for item in found if item), left_out=found.count(None))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ListError(f"line {reader.line_num} is not CSV: {error}") from None


def _lines(rows: Sequence[tuple[int, list[str]]]) -> TitleList:
    """Return a file without known columns as one title a line."""
    if any(len(cells) > 1 for _, cells in rows):
        raise ListError(f"no column is called {', '.join(_NAMES[:2])}: name the columns in the first line")
    titles = tuple(Wanted(name=_clean(cells[0]), line=line) for line, cells in rows if not cells[0].startswith("#"))
    return TitleList(kind="plain text", titles=titles)


def _row(row: Mapping[str, str], line: int, seen: Collection[str]) -> Wanted | None:
    """Return the title of a row; None for what nobody waits for: `seen` are the films that were watched."""
    name = _clean(next((row[key] for key in _NAMES if row.get(key, "").strip()), ""))
    sort = (row.get("title type") or row.get("media_type") or row.get("type") or "").strip().lower()
    if not name or sort in _IGNORED or _is_let_go(row) or name in seen:
        return None
    ids = {
        "imdb": row.get("const") or row.get("imdb_id") or row.get("imdb") or "",
        "tmdb": row.get("tmdb_id") or (row.get("media_id", "") if row.get("source") == "tmdb" else ""),
        "thetvdb": row.get("tvdb_id") or row.get("tv_show_id") or row.get("s_id") or "",
    }
    form = Form.FILM if row.get("movie_name") else _form(sort)
    return Wanted(name=name, year=_year(row), form=form, ids=_ids(ids, form), line=line)


def _is_let_go(row: Mapping[str, str]) -> bool:
    """Tell whether someone has done with a title: Yamtrack has a state, TV Time a flag."""
    flags = {row.get(key, "").strip().lower() for key in ("is_followed", "active")}
    return bool(flags & _NO) or row.get("status", "").strip().lower() in _SKIPPED_STATES


def _ids(ids: Mapping[str, str], form: Form | None) -> dict[str, str]:
    """Return the ids that are some, in the way in which sources write them."""
    found = {name: number.strip() for name, number in ids.items() if number and number.strip() not in {"0", "None"}}
    if found.get("tmdb", "").isdecimal() and form is not None:
        found["tmdb"] = f"{'movie' if form is Form.FILM else 'tv'}/{found['tmdb']}"
    elif "tmdb" in found:
        del found["tmdb"]
    return found


def _year(row: Mapping[str, str]) -> int | None:
    text = (
        row.get("year") or row.get("release_year") or row.get("release date") or row.get("release_date") or ""
    ).strip()[:4]
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _form(sort: str) -> Form | None:
    return Form.SERIES if sort in _SERIES else Form.FILM if sort in _FILMS else None


def _clean(name: str) -> str:
    return " ".join(name.split())


# JSON ------------------------------------------------------------------------------------------------------------------


def _json(text: str) -> TitleList:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ListError("this looks like JSON, and cannot be read as such") from None
    items = found if isinstance(found, list) else _lists_in(found)
    read = [_entry(entry, number) for number, entry in enumerate(items, 1)]
    titles = tuple(item for item in read if item)
    if not titles:
        raise ListError("no titles are in it: Trakt, TV Time, Yamtrack, IMDb lists and CSV with a title can be read")
    is_trakt = any(isinstance(entry, dict) and ("show" in entry or "movie" in entry) for entry in items)
    return TitleList(kind="Trakt" if is_trakt else "JSON", titles=titles, left_out=read.count(None))


def _lists_in(found: object) -> list[Any]:
    """Return the entries of every list that stands in a mapping: exports differ in how they call them."""
    if not isinstance(found, dict):
        return []
    return [entry for value in found.values() if isinstance(value, list) for entry in value]


def _entry(entry: object, number: int) -> Wanted | None:
    """Return a title of a list: Trakt puts it under `show` or `movie`, others into the entry itself."""
    if isinstance(entry, str):
        return Wanted(name=_clean(entry), line=number) if entry.strip() else None
    if not isinstance(entry, dict):
        return None
    for key, form in (("show", Form.SERIES), ("movie", Form.FILM)):
        if isinstance(entry.get(key), dict):
            return _work(entry[key], form, number)
    sort = str(entry.get("type") or entry.get("media_type") or "").lower()
    return None if sort in _IGNORED else _work(entry, _form(sort), number)


def _work(work: Mapping[str, Any], form: Form | None, number: int) -> Wanted | None:
    name = next((work[key] for key in ("title", "name", "tv_show_name") if isinstance(work.get(key), str)), "")
    if not name.strip():
        return None
    known = work.get("ids")
    ids = known if isinstance(known, dict) else work
    found = {"imdb": ids.get("imdb"), "tmdb": ids.get("tmdb"), "thetvdb": ids.get("tvdb")}
    year = work.get("year")
    return Wanted(
        name=_clean(name),
        year=year if isinstance(year, int) else None,
        form=form,
        ids=_ids({key: str(value) for key, value in found.items() if value}, form),
        line=number,
    )


def summary(found: TitleList) -> str:
    """Return how many titles of which sort a list has, and how much of it is no title to wait for."""
    films = sum(item.form is Form.FILM for item in found.titles)
    parts = (
        f"{len(found.titles)} titles" if len(found.titles) != 1 else "1 title",
        f"{films} of them films" if films else "",
        f"{found.left_out} left out: episodes, games, people, what was dropped or completed" if found.left_out else "",
    )
    return ", ".join(part for part in parts if part)
