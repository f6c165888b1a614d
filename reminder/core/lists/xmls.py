"""Reads XML as rows: lists of MyAnimeList, the feed of a Plex watchlist; other XML is refused by its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from reminder.core.lists.rows import Row, links, plain_key
from reminder.core.lists.shapes import IN
from reminder.core.lists.values import ListError

_DEEPEST: Final = 60
_ROWS: Final = {"myanimelist": ("anime", "manga"), "rss": ("item",)}
_ITS_OWN_WORDS: Final = ("title", "link", "generator", "managingeditor", "url", "description")


@dataclass
class _Reader:
    """Collects rows while expat reads; `feed` is what an RSS feed says of itself."""

    root: str = ""
    feed: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _row: dict[str, list[str]] | None = None
    _line: int = 0
    _deep: int = 0
    _text: list[str] = field(default_factory=list)

    def read(self, text: str) -> None:
        """Read a whole file. Raises ListError."""
        parser = expat.ParserCreate(encoding="utf-8")
        parser.StartElementHandler = lambda name, attributes: self._start(name, attributes, parser.CurrentLineNumber)
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.EntityDeclHandler = _no_entities
        parser.buffer_text = True
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise ListError(
                f"it is XML that cannot be read: line {error.lineno}, {expat.ErrorString(error.code)}"
            ) from None

    def _start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if len(self._path) >= _DEEPEST:
            raise ListError("it is XML that is nested too deep to be read")
        key = plain_key(name.rpartition(":")[2])
        self.root = self.root or key
        self._path.append(key)
        self._text.clear()
        if self._row is None and key in _ROWS.get(self.root, ()):
            self._row, self._line, self._deep = {}, line, len(self._path)
        elif self._row is None:
            self.feed += [value for attribute, value in attributes.items() if attribute in {"href", "url"}]

    def _end(self, _: str) -> None:
        key = self._path.pop()
        text = "".join(self._text).strip()
        self._text.clear()
        if self._row is None:
            self.feed += [text] if key in _ITS_OWN_WORDS else []
        elif len(self._path) < self._deep:
            row = {column: "\n".join(parts) for column, parts in self._row.items()}
            self.rows.append(Row(line=self._line, values={**row, **links(row), IN: f"{self.root}.{key}"}))
            self._row = None
        else:
            self._row.setdefault(key, []).append(text)


def _no_entities(*_: object) -> None:
    raise ListError("it is XML that declares entities of its own: that is no list of titles")


def entries(text: str) -> list[Row]:
    """Return the works of a list in XML, as rows. Raises ListError, naming what the XML is."""
    lowered = text[:2000].casefold()
    if "<html" in lowered or "<!doctype html" in lowered:
        raise ListError("it is a web page: export the list as CSV or JSON there, or write one title a line")
    reader = _Reader()
    reader.read(text)
    if reader.root == "rss":
        return _of_plex(reader)
    if reader.root not in _ROWS:
        raise ListError(f"it is XML ({reader.root}) that is no list of titles: write CSV, JSON, or one title a line")
    return reader.rows


def _of_plex(reader: _Reader) -> list[Row]:
    """Return the rows of a feed that says that it is a watchlist of Plex; another feed is refused."""
    said = " ".join(reader.feed).casefold()
    is_plex = "plex" in said and all(_is_plex_item(row) for row in reader.rows)
    if not is_plex:
        title = reader.feed[0][:60] if reader.feed else "?"
        raise ListError(
            f'it is an RSS feed ("{title}") that does not say that it is a watchlist of Plex:'
            " write CSV, or one title a line"
        )
    return [Row(line=row.line, values={**row.values, "plex": "yes"}) for row in reader.rows]


def _is_plex_item(row: Row) -> bool:
    kind = row.values.get("category", "").strip().casefold()
    return kind in {"movie", "show"} or "plex://" in row.values.get("guid", "") or any("." in key for key in row.values)
