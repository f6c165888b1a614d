"""TMDB: films by country and kind of release, and series. With the user's own key, which stands in a header only.

Shapes and terms: https://developer.themoviedb.org. Entries are pinned as `tmdb:movie/603` and `tmdb:tv/1399`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from reminder.core.dates.when import UNKNOWN
from reminder.core.sourcing.answers import (
    Match,
    NoAnswer,
    NotFound,
    ReleaseKind,
    SourceTitle,
    Stated,
    WorkForm,
    WorkStatus,
)
from reminder.core.sourcing.placeholder_dates import Pad, WordedDate, read
from reminder.sources.cache import CallRate
from reminder.sources.source import Changed, Door, Odd, needed, numbered, odd, part, readable, worded, year_of

NAME: Final = "tmdb"
URL: Final = "https://api.themoviedb.org/3"
IMAGES: Final = "https://image.tmdb.org/t/p/w185"
_PATH: Final = re.compile(r"/[A-Za-z0-9_-]+\.(jpg|png|webp)")
RATE: Final = CallRate(calls=30, seconds=1.0)
"""About 40 to 50 a second is its guard since December 2019."""

_KINDS: Final = {
    1: ReleaseKind.PREMIERE,
    2: ReleaseKind.CINEMA,
    3: ReleaseKind.CINEMA,
    4: ReleaseKind.DIGITAL,
    5: ReleaseKind.PHYSICAL,
    6: ReleaseKind.TV,
}
_LIMITED: Final = 2
UTC_DAY: Final = "the season is filed a day after the show itself began: that is the day in UTC"
_PADS: Final = frozenset(Pad)
_FORMS: Final = {"movie": WorkForm.FILM, "tv": WorkForm.SERIES}
_STANDINGS: Final = {
    "Returning Series": WorkStatus.RUNNING,
    "Ended": WorkStatus.ENDED,
    "Canceled": WorkStatus.CANCELLED,
    "Planned": WorkStatus.PLANNED,
    "In Production": WorkStatus.PLANNED,
    "Post Production": WorkStatus.PLANNED,
    "Pilot": WorkStatus.PLANNED,
    "Rumored": WorkStatus.PLANNED,
    "Released": WorkStatus.RELEASED,
}


@dataclass(frozen=True, kw_only=True)
class TMDB:
    """TMDB. Its door carries the key in a header."""

    door: Door
    name: str = field(default=NAME, init=False)

    def search(self, words: str) -> tuple[Match, ...] | NoAnswer:
        """Return the films and series that the words may mean."""
        found = self.door.get("/search/multi", [("query", words), ("include_adult", "false")])
        if isinstance(found, NoAnswer):
            return found
        try:
            results = needed(found, "results", list)
            return tuple(_match(item) for item in results[:20] if part(item, "media_type", str) in _FORMS)
        except Odd as error:
            return odd(error)

    def fetch(self, ref: str, today: date) -> SourceTitle | NoAnswer:
        """Return a film with its dates in every country, or a series with its newest season's episodes."""
        sort, _, number = ref.partition("/")
        if sort not in _FORMS or not (number.isascii() and number.isdecimal()):
            return NotFound(reason=f"{NAME}:{ref} is no entry: write tmdb:movie/603 or tmdb:tv/1399")
        try:
            return self._film(number, today) if _FORMS[sort] is WorkForm.FILM else self._series(number, today)
        except Odd as error:
            return odd(error)

    def changed(self, since: str | None, refs: frozenset[str], now: datetime) -> Changed | NoAnswer | None:
        """Return None: its lists of changes name every work of the catalogue, page after page."""
        return None

    def find(self, ids: Mapping[str, str]) -> str | NoAnswer | None:
        """Return the entry that IMDb or TheTVDB know under these ids."""
        for name, kind in (("imdb", "imdb_id"), ("thetvdb", "tvdb_id")):
            if ids.get(name):
                found = self.door.get(f"/find/{ids[name]}", [("external_source", kind)])
                if isinstance(found, NoAnswer):
                    return None if isinstance(found, NotFound) else found
                try:
                    return _found(found)
                except Odd as error:
                    return odd(error)
        return None

    def _film(self, number: str, today: date) -> SourceTitle | NoAnswer:
        film = self.door.get(f"/movie/{number}", [("append_to_response", "release_dates,external_ids")])
        if isinstance(film, NoAnswer):
            return film
        own = str(needed(film, "id", int))
        if own != number:
            return NotFound(reason=f"it leads to {NAME}:movie/{own} now", ref=f"movie/{own}")
        return SourceTitle(
            source=NAME,
            ref=f"movie/{number}",
            name=needed(film, "title", str),
            form=WorkForm.FILM,
            year=year_of(part(film, "release_date", str)),
            standing=_STANDINGS.get(part(film, "status", str, ""), WorkStatus.UNSURE),
            link=f"https://www.themoviedb.org/movie/{number}",
            ids=_ids(f"movie/{number}", film),
            releases=tuple(_film_dates(film, today)),
            image=_image(film),
        )

    def _series(self, number: str, today: date) -> SourceTitle | NoAnswer:
        show = self.door.get(f"/tv/{number}", [("append_to_response", "external_ids")])
        if isinstance(show, NoAnswer):
            return show
        own = str(needed(show, "id", int))
        if own != number:
            return NotFound(reason=f"it leads to {NAME}:tv/{own} now", ref=f"tv/{own}")
        seasons, skipped = readable(part(show, "seasons", list, []), lambda item: _season(show, item, today))
        episodes: tuple[Stated, ...] = ()
        unread = {item.season for item in seasons if item.season is not None}
        for season in _to_come(show, seasons):
            listed = self._episodes(number, season, _service(show), today)
            if isinstance(listed, NoAnswer) and not isinstance(listed, NotFound):
                return listed
            known, strange = ((), 0) if isinstance(listed, NotFound) else listed
            episodes += (*known, *_beside_the_show(show, season, known, today))
            skipped += strange
            unread -= set[int]() if isinstance(listed, NotFound) else {season}
        return SourceTitle(
            source=NAME,
            ref=f"tv/{number}",
            name=needed(show, "name", str),
            form=WorkForm.SERIES,
            year=year_of(part(show, "first_air_date", str)),
            country=next((str(code) for code in part(show, "origin_country", list, [])), None),
            service=_service(show),
            standing=_STANDINGS.get(part(show, "status", str, ""), WorkStatus.UNSURE),
            link=f"https://www.themoviedb.org/tv/{number}",
            ids=_ids(f"tv/{number}", show),
            releases=(*seasons, *episodes),
            is_whole=not skipped,
            skipped=skipped,
            unread=frozenset(unread),
            image=_image(show),
        )

    def _episodes(
        self, number: str, season: int, service: str | None, today: date
    ) -> tuple[tuple[Stated, ...], int] | NoAnswer:
        """Return a season's episodes, and how many of them cannot be read."""
        found = self.door.get(f"/tv/{number}/season/{season}")
        if isinstance(found, NoAnswer):
            return found
        episodes = part(found, "episodes", list, [])
        # Episodes on different days are dates that somebody knows; all on one may be the filling of a form.
        days = {worded(item, "air_date") for item in episodes if isinstance(item, dict)}
        pads = _PADS if len(days) == 1 else frozenset[Pad]()
        return readable(episodes, lambda item: _episode(item, season, service, pads, today))


def _match(item: Mapping[str, Any]) -> Match:
    sort = needed(item, "media_type", str)
    first = part(item, "release_date" if sort == "movie" else "first_air_date", str)
    return Match(
        source=NAME,
        ref=f"{sort}/{needed(item, 'id', int)}",
        name=needed(item, "title" if sort == "movie" else "name", str),
        form=_FORMS[sort],
        year=year_of(first),
        country=next((str(code) for code in part(item, "origin_country", list, [])), None),
        link=f"https://www.themoviedb.org/{sort}/{item['id']}",
        ids={"tmdb": f"{sort}/{item['id']}"},
    )


def _found(found: object) -> str | None:
    for sort, key in (("tv", "tv_results"), ("movie", "movie_results")):
        for item in part(found, key, list, []):
            return f"{sort}/{needed(item, 'id', int)}"
    return None


def _ids(ref: str, work: object) -> dict[str, str]:
    known = part(work, "external_ids", dict, {})
    imdb, tvdb = part(known, "imdb_id", str) or part(work, "imdb_id", str), part(known, "tvdb_id", int)
    found = {"tmdb": ref, "imdb": imdb, "thetvdb": str(tvdb) if tvdb else None}
    return {name: number for name, number in found.items() if number}


def _image(work: object) -> str | None:
    """Return the address of its picture, 185 pixels wide; a strange one is none, and spoils nothing."""
    with suppress(Odd):
        path = part(work, "poster_path", str, "")
        return f"{IMAGES}{path}" if _PATH.fullmatch(path) else None
    return None


def _service(show: object) -> str | None:
    return next((part(item, "name", str) for item in part(show, "networks", list, [])), None)


def _film_dates(film: object, today: date) -> Iterator[Stated]:
    """Yield the dates of each country and kind; the one at the top is often another country's, and is left out."""
    listed = part(part(film, "release_dates", dict, {}), "results", list, [])
    for place in listed:
        country = needed(place, "iso_3166_1", str)
        for item in part(place, "release_dates", list, []):
            kind = part(item, "type", int, 0)
            if kind not in _KINDS:
                continue
            said, note = worded(item, "release_date"), worded(item, "note")
            reading = read(WordedDate(on=said, pads=_PADS, today=today))
            yield Stated(
                raw=f"{said} {note}".strip(),
                when=reading.when,
                rule=reading.rule,
                on=reading.on,
                kind=_KINDS[kind],
                country=country,
                service=(note or None) if kind == 4 else None,
                limited=kind == _LIMITED,
                name=note or None,
            )


def _to_come(show: object, seasons: tuple[Stated, ...]) -> list[int]:
    """Return the seasons whose episodes matter: the newest, and the one that goes on before it begins."""
    newest = max((item.season or 0 for item in seasons), default=0)
    coming = part(part(show, "next_episode_to_air", dict, {}), "season_number", int, 0)
    last = part(part(show, "last_episode_to_air", dict, {}), "season_number", int, 0)
    return sorted({number for number in (newest, coming, last) if number > 0})[-2:]


def _beside_the_show(show: object, season: int, known: Iterable[Stated], today: date) -> Iterator[Stated]:
    """Yield the last and the next episode that the show itself names, where its season does not have their days."""
    dated = {item.number for item in known if item.when != UNKNOWN}
    for key in ("last_episode_to_air", "next_episode_to_air"):
        item = part(show, key, dict, {})
        if part(item, "season_number", int, 0) != season or part(item, "episode_number", int) in {None, *dated}:
            continue
        with suppress(Odd):
            stated = _episode(item, season, _service(show), _PADS, today)
            yield from [stated] if stated.when != UNKNOWN else []


def _is_day_before(first: str, said: str) -> bool:
    try:
        return date.fromisoformat(first) + timedelta(days=1) == date.fromisoformat(said)
    except ValueError:
        return False


def _season(show: object, season: object, today: date) -> Stated:
    number = numbered(season, "season_number")
    said = worded(season, "air_date")
    first = worded(show, "first_air_date")
    is_utc = number == 1 and _is_day_before(first, said)
    reading = read(WordedDate(on=first if is_utc else said, pads=_PADS, today=today))
    return Stated(
        raw=said,
        when=reading.when,
        rule=UTC_DAY if is_utc else reading.rule,
        on=reading.on,
        season=number,
        special=number == 0,
        service=_service(show),
        provisional=True,
        id=_own_id(season),
    )


def _episode(item: object, season: int, service: str | None, pads: frozenset[Pad], today: date) -> Stated:
    said = worded(item, "air_date")
    reading = read(WordedDate(on=said, pads=pads, today=today))
    return Stated(
        raw=said,
        when=reading.when,
        rule=reading.rule,
        on=reading.on,
        season=season,
        number=numbered(item, "episode_number"),
        service=service,
        finale=part(item, "episode_type", str) == "finale",
        name=part(item, "name", str),
        id=_own_id(item),
    )


def _own_id(item: object) -> str | None:
    """Return its own number for a season or an episode, which stays when it is given another place."""
    number = part(item, "id", int)
    return None if number is None else str(number)
