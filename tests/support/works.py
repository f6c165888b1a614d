"""Works of ours, and how TVmaze, TMDB and calendar feeds word them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(kw_only=True)
class Episode:
    """An episode; no `hour` on a streamer, no `on` when it has no date. `stamp` overrides what follows from them.

    `id` is the catalogue's own number, which it keeps whatever else changes.
    """

    season: int
    number: int | None
    on: str = ""
    hour: str = ""
    stamp: str | None = None
    type: str = "regular"
    finale: bool = False
    id: int = field(default_factory=count(5000).__next__)


@dataclass(kw_only=True)
class Season:
    """A season as the catalogue files it; `elsewhere` is the day that TMDB has, where it has another."""

    number: int
    elsewhere: str | None = None
    premiere: str | None = None
    end: str | None = None
    order: int | None = None


@dataclass(kw_only=True)
class Show:
    """A series. `country` None: the whole world. `coming` is the next episode that TMDB names beside the show."""

    id: int
    name: str
    status: str = "Running"
    premiered: str | None = None
    channel: str = "Channel Nine"
    country: tuple[str, str] | None = ("US", "America/New_York")
    streams: bool = False
    also: str | None = None
    imdb: str | None = None
    seasons: list[Season] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    updated: int = 0
    coming: Episode | None = None
    image: str | None = None
    image_as_answered: Any = None


@dataclass(kw_only=True)
class Film:
    """A film: dates by (country, type, day, note)."""

    id: int
    name: str
    status: str = "Post Production"
    primary: str = ""
    imdb: str | None = None
    dates: list[tuple[str, int, str, str]] = field(default_factory=list)
    poster_path: Any = None


def weekly(season: int, first: str, count: int, hour: str = "", start: int = 1) -> list[Episode]:
    """Return so many episodes, one a week."""
    day = date.fromisoformat(first)
    return [
        Episode(season=season, number=start + place, on=str(day + timedelta(weeks=place)), hour=hour)
        for place in range(count)
    ]


def tvmaze_show(show: Show) -> dict[str, Any]:
    """Return a show as TVmaze answers."""
    channel = {"id": 3, "name": show.channel, "country": _country(show.country)}
    web = {"id": 4, "name": show.also, "country": None} if show.also else None
    return {
        "id": show.id,
        "url": f"https://www.tvmaze.com/shows/{show.id}/ours",
        "name": show.name,
        "type": "Scripted",
        "status": show.status,
        "premiered": show.premiered,
        "schedule": {"time": "", "days": []},
        "network": None if show.streams else channel,
        "webChannel": channel if show.streams else web,
        "externals": {"tvrage": None, "thetvdb": None, "imdb": show.imdb},
        "updated": show.updated,
        "image": show.image_as_answered or ({"medium": show.image, "original": show.image} if show.image else None),
        "_links": {"self": {"href": f"https://api.tvmaze.com/shows/{show.id}"}},
    }


def _country(country: tuple[str, str] | None) -> dict[str, str] | None:
    return {"name": country[0], "code": country[0], "timezone": country[1]} if country else None


def embedded(show: Show, wanted: list[str]) -> dict[str, Any]:
    known = {
        "seasons": [
            {
                "id": show.id * 100 + season.number,
                "number": season.number,
                "name": "",
                "episodeOrder": season.order,
                "premiereDate": season.premiere,
                "endDate": season.end,
                "network": None,
                "webChannel": None,
            }
            for season in show.seasons
        ],
        "episodes": [_episode(show, item) for item in show.episodes if item.type == "regular"],
    }
    return {name: known[name] for name in wanted}


def _episode(show: Show, item: Episode) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": f"Episode {item.number}",
        "season": item.season,
        "number": item.number,
        "type": item.type,
        "airdate": item.on,
        "airtime": item.hour,
        "airstamp": item.stamp or stamp_of(show, item),
        "runtime": 60,
    }


def stamp_of(show: Show, item: Episode) -> str | None:
    """Return the instant that TVmaze makes of day and hour: of a day without an hour, noon in UTC."""
    if not item.on:
        return None
    if not item.hour:
        return f"{item.on}T12:00:00+00:00"
    zone = ZoneInfo(show.country[1]) if show.country else UTC
    at = datetime.combine(date.fromisoformat(item.on), time.fromisoformat(item.hour), zone)
    return at.astimezone(UTC).isoformat()


def tmdb_film(film: Film) -> dict[str, Any]:
    """Return a film as TMDB answers."""
    return {
        "id": film.id,
        "title": film.name,
        "status": film.status,
        "release_date": film.primary,
        "imdb_id": film.imdb,
        "poster_path": film.poster_path,
        "external_ids": {"imdb_id": film.imdb},
    }


def countries(film: Film) -> list[dict[str, Any]]:
    found = []
    for country in dict.fromkeys(item[0] for item in film.dates):
        dates = [
            {"type": kind, "release_date": f"{day}T00:00:00.000Z" if day else "", "note": note, "certification": ""}
            for place, kind, day, note in film.dates
            if place == country
        ]
        found.append({"iso_3166_1": country, "release_dates": dates})
    return found


def tmdb_series(show: Show) -> dict[str, Any]:
    """Return a series as TMDB answers: days only, and the seasons with what is listed of them."""
    return {
        "id": show.id,
        "name": show.name,
        "status": {"In Development": "Planned", "Ended": "Ended"}.get(show.status, "Returning Series"),
        "first_air_date": show.premiered or "",
        "origin_country": ["US"],
        "networks": [{"id": 1, "name": show.channel}],
        "next_episode_to_air": _tmdb_episode(show.coming),
        "last_episode_to_air": None,
        "external_ids": {"imdb_id": show.imdb, "tvdb_id": None},
        "seasons": [
            {
                "id": show.id * 100 + season.number,
                "season_number": season.number,
                "air_date": season.elsewhere or season.premiere,
                "episode_count": len([item for item in show.episodes if item.season == season.number]),
            }
            for season in show.seasons
        ],
    }


def _tmdb_episode(item: Episode | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"id": item.id, "season_number": item.season, "episode_number": item.number, "air_date": item.on or None}


def tmdb_season(show: Show, number: int) -> dict[str, Any]:
    """Return a season's episodes as TMDB answers."""
    return {
        "season_number": number,
        "episodes": [
            {
                "id": item.id,
                "air_date": item.on or None,
                "episode_number": item.number,
                "episode_type": "finale" if item.finale else "standard",
                "season_number": number,
                "name": f"Episode {item.number}",
            }
            for item in show.episodes
            if item.season == number and item.number is not None
        ],
    }


def event(uid: str, start: str, summary: str, **more: str) -> list[str]:
    """Return the lines of one event; `start` is `20260301` or `20260301T200000Z`."""
    dtstart = f"DTSTART:{start}" if "T" in start else f"DTSTART;VALUE=DATE:{start}"
    extra = [f"{name.upper()}:{text}" for name, text in more.items()]
    return ["BEGIN:VEVENT", f"UID:{uid}", dtstart, f"SUMMARY:{summary}", *extra, "END:VEVENT"]
