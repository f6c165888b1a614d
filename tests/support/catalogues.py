"""Catalogues of dates on loopback: they answer in the shapes of TVmaze, TMDB and calendar feeds, about works of ours.

In a test: `with Catalogues() as there: there.shows[7] = Show(…)`; `there.tvmaze`, `there.tmdb` and `there.feed(NAME)`
are the addresses to ask. `redirects` are entries that have become others, `hidden` paths that nobody knows, `raw` the bodies that stand at some paths. `there.mood` makes all of them fail in one way, or with `there.moody = "/tvmaze"` that one.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.support.sink import Reply, Request, Sink
from tests.support.works import Film, Show, countries, embedded, tmdb_film, tmdb_season, tmdb_series, tvmaze_show

KEY = "tmdb-t0ken"


class Mood(enum.Enum):
    """How the catalogues are today."""

    WELL = "well"
    DOWN = "down"
    SLOW = "slow"
    NONSENSE = "nonsense"
    STRANGE = "strange"
    EMPTY = "empty"
    GONE = "gone"
    CROWDED = "crowded"


@dataclass(kw_only=True)
class Catalogues:
    """The server and what it knows."""

    shows: dict[int, Show] = field(default_factory=dict)
    films: dict[int, Film] = field(default_factory=dict)
    feeds: dict[str, list[str]] = field(default_factory=dict)
    mood: Mood = Mood.WELL
    moody: str = "/"
    redirects: dict[int, int] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    raw: dict[str, bytes] = field(default_factory=dict)
    etags: bool = True
    max_age: int = 0
    sink: Sink = field(default_factory=Sink)

    def __enter__(self) -> Self:
        self.sink.__enter__()
        self.sink.always(self._answer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sink.__exit__(kind, error, trace)

    @property
    def tvmaze(self) -> str:
        """Where TVmaze is."""
        return f"http://{self.sink.netloc}/tvmaze"

    @property
    def tmdb(self) -> str:
        """Where TMDB is."""
        return f"http://{self.sink.netloc}/tmdb/3"

    def feed(self, name: str) -> str:
        """Where a calendar is, with the key that is its secret."""
        return f"http://{self.sink.netloc}/feed/{name}.ics?apikey=c4lendar-key"

    def touch(self, number: int, at: datetime) -> None:
        """Note that a show was edited."""
        self.shows[number].updated = int(at.timestamp())

    def asked(self, part: str) -> list[str]:
        """Return the paths asked for that hold `part`, in order."""
        return [request.path for request in self.sink.requests if part in request.path]

    def _answer(self, request: Request) -> Reply:
        if self.mood is not Mood.WELL and request.path.startswith(self.moody):
            return self._moody(request)
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        if parts.path in self.raw:
            return Reply(headers={"Content-Type": "application/json"}, body=self.raw[parts.path])
        if parts.path.startswith("/feed/"):
            return self._calendar(parts.path.removeprefix("/feed/").removesuffix(".ics"))
        if parts.path.startswith("/tmdb/3") and request.headers.get("authorization") != f"Bearer {KEY}":
            return Reply.json({"status_message": "Invalid API key.", "success": False, "status_code": 7}, status=401)
        found = self._tvmaze(parts.path.removeprefix("/tvmaze"), query)
        if parts.path.startswith("/tmdb/3"):
            found = self._tmdb(parts.path.removeprefix("/tmdb/3"), query)
        if found is None or any(parts.path.startswith(part) for part in self.hidden):
            return Reply(status=404, body=b"null")
        return self._tagged(found, request)

    def _moody(self, request: Request) -> Reply:
        feed = request.path.startswith("/feed/")
        empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n" if feed else b""
        return {
            Mood.DOWN: Reply(status=503, body=b"<h1>maintenance</h1>"),
            Mood.SLOW: Reply(hang=True),
            Mood.NONSENSE: Reply(body=b"<html>Please accept our cookies</html>"),
            Mood.STRANGE: Reply(body=b'{"id": "seven", "results": 3, "show": []}'),
            Mood.EMPTY: Reply(body=empty),
            Mood.GONE: Reply(status=404, body=b"null"),
            Mood.CROWDED: Reply(status=429, headers={"Retry-After": "3600"}, body=b"<html>slow down</html>"),
        }[self.mood]

    def _tagged(self, found: Any, request: Request) -> Reply:
        body = json.dumps(found).encode()
        tag = f'"{hash(body) & 0xFFFFFFFF:x}"'
        if self.etags and request.headers.get("if-none-match") == tag:
            return Reply(status=304, headers={"ETag": tag}, body=b"")
        headers = {"Content-Type": "application/json", "Cache-Control": f"max-age={self.max_age}"}
        return Reply(headers={**headers, **({"ETag": tag} if self.etags else {})}, body=body)

    # TVmaze ----------------------------------------------------------------------------------------------------------

    def _tvmaze(self, path: str, query: Mapping[str, list[str]]) -> Any:
        if path == "/search/shows":
            words = query["q"][0].casefold()
            found = [show for show in self.shows.values() if _alike(words, show.name)]
            return [{"score": 0.9, "show": tvmaze_show(show)} for show in found]
        if path == "/updates/shows":
            return {str(show.id): show.updated for show in self.shows.values()}
        if path == "/lookup/shows":
            imdb = query.get("imdb", [""])[0]
            return next((tvmaze_show(show) for show in self.shows.values() if imdb and show.imdb == imdb), None)
        show = self._numbered(
            path, "/shows/", self.shows | {old: self.shows[new] for old, new in self.redirects.items()}
        )
        return None if show is None else {**tvmaze_show(show), "_embedded": embedded(show, query.get("embed[]", []))}

    def _numbered(self, path: str, head: str, among: Mapping[int, Any]) -> Any:
        number = path.removeprefix(head)
        return among.get(int(number)) if path.startswith(head) and number.isdecimal() else None

    # TMDB ------------------------------------------------------------------------------------------------------------

    def _tmdb(self, path: str, query: Mapping[str, list[str]]) -> Any:
        if path == "/search/multi":
            words = query["query"][0].casefold()
            films = [tmdb_film(film) | {"media_type": "movie"} for film in self.films.values()]
            series = [tmdb_series(show) | {"media_type": "tv"} for show in self.shows.values()]
            found = [item for item in films + series if _alike(words, str(item.get("title") or item.get("name")))]
            return {"page": 1, "results": [*found, {"media_type": "person", "id": 1, "name": "Somebody"}]}
        if path.startswith("/find/"):
            imdb = path.removeprefix("/find/")
            return {
                "tv_results": [tmdb_series(show) for show in self.shows.values() if show.imdb == imdb],
                "movie_results": [tmdb_film(film) for film in self.films.values() if film.imdb == imdb],
            }
        if path.startswith("/movie/"):
            film = self._numbered(path, "/movie/", self.films)
            return None if film is None else tmdb_film(film) | {"release_dates": {"results": countries(film)}}
        number, _, rest = path.removeprefix("/tv/").partition("/season/")
        show = self.shows.get(int(number)) if path.startswith("/tv/") and number.isdecimal() else None
        if show is None:
            return None
        return tmdb_season(show, int(rest)) if rest else tmdb_series(show)

    # Calendars -------------------------------------------------------------------------------------------------------

    def _calendar(self, name: str) -> Reply:
        if name not in self.feeds:
            return Reply(status=404, body=b"")
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ours//EN", *self.feeds[name], "END:VCALENDAR", ""]
        return Reply(headers={"Content-Type": "text/calendar"}, body="\r\n".join(lines).encode())


def _alike(words: str, name: str) -> bool:
    return all(word in name.casefold() for word in words.split())
