"""Programs at home that fetch or show: Sonarr, Radarr, Jellyfin, Plex."""

from __future__ import annotations

from typing import Final

from reminder.core.lists.shapes import FLAT_IDS, JSON, XML, ListShape, marks
from reminder.core.sourcing.answers import WorkForm

SHAPES: Final[tuple[ListShape, ...]] = (
    ListShape(
        program="Sonarr",
        format=JSON,
        marks=marks("title tvdbid seriestype", "title tvdbid monitored", "title tvdbid seasons.seasonnumber")
        + marks("title seriesid episodenumber"),
        lacks=frozenset({"minimumavailability"}),
        form=WorkForm.SERIES,
        sorts=(),
        ids=FLAT_IDS,
        episodes=("episodenumber",),
        flags=("monitored",),
    ),
    ListShape(
        program="Radarr",
        format=JSON,
        marks=marks("title tmdbid hasfile", "title tmdbid minimumavailability", "title tmdbid monitored"),
        form=WorkForm.FILM,
        sorts=(),
        ids=FLAT_IDS,
        flags=("monitored", "hasfile"),
    ),
    ListShape(
        program="Stremio",
        format=JSON,
        marks=marks("id name type removed temp", "id name type removed state.lastwatched"),
        names=("name",),
        years=("year",),
        ids={"imdb": ("id", "imdbid")},
        flags=("removed", "temp"),
        film_flags=("state.timeswatched",),
    ),
    ListShape(
        program="Jellyfin",
        format=JSON,
        marks=marks("name serverid", "name type providerids.imdb", "name type providerids.tmdb")
        + marks("name type providerids.tvdb", "name type userdata.played"),
        names=("name", "originaltitle"),
        years=("productionyear", "premieredate"),
        ids={
            "imdb": ("providerids.imdb",),
            "tmdb": ("providerids.tmdb",),
            "thetvdb": ("providerids.tvdb",),
            "tvmaze": ("providerids.tvmaze",),
        },
        film_flags=("userdata.played",),
    ),
    ListShape(
        program="Plex",
        format=JSON,
        marks=marks("title ratingkey", "title type guid", "title guid.imdb", "title guids.imdb", "title guids.tvdb")
        + marks("title guid.tvdb", "title guid.tmdb", "title guids.tmdb"),
        years=("year", "originallyavailableat"),
        sorts=("type", "category"),
        ids={
            "imdb": ("guid.imdb", "guids.imdb"),
            "tmdb": ("guid.tmdb", "guids.tmdb"),
            "thetvdb": ("guid.tvdb", "guids.tvdb"),
        },
        film_flags=("viewcount",),
    ),
    ListShape(
        program="Plex",
        format=XML,
        marks=marks("plex title"),
        sorts=("category",),
        years=(),
        ids={"imdb": ("guid.imdb",), "tmdb": ("guid.tmdb",), "thetvdb": ("guid.tvdb",)},
    ),
)
