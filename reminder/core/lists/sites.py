"""Sites with lists of one's own: IMDb, Letterboxd, TMDB, AniList, Kitsu, MyAnimeList, Steam."""

from __future__ import annotations

from typing import Final

from reminder.core.lists.shapes import CSV, FLAT_IDS, IN, JSON, XML, ListShape, marks
from reminder.core.lists.values import LeftOutReason
from reminder.core.sourcing.answers import WorkForm

_MAL_CODES: Final = {"2": LeftOutReason.COMPLETED, "4": LeftOutReason.DROPPED}

SHAPES: Final[tuple[ListShape, ...]] = (
    ListShape(
        program="IMDb",
        format=CSV,
        marks=marks("const titletype created", "const titletype position"),
        names=("title", "originaltitle"),
        years=("year", "releasedate", "releasedatemonthdayyear"),
        sorts=("titletype",),
        ids={"imdb": ("const", "url")},
        film_filled={"yourrating": LeftOutReason.WATCHED, "yourated": LeftOutReason.WATCHED},
    ),
    ListShape(
        program="IMDb",
        format=CSV,
        marks=marks("const title titletype", "const title yourrating", "const title"),
        names=("title", "originaltitle"),
        years=("year", "releasedate"),
        sorts=("titletype",),
        ids={"imdb": ("const", "url")},
        filled={"yourrating": LeftOutReason.WATCHED, "yourated": LeftOutReason.WATCHED},
        advice="what you wait for is in IMDb's watchlist",
    ),
    ListShape(
        program="Letterboxd",
        format=CSV,
        marks=marks("name year letterboxduri"),
        lacks=frozenset({"rating", "watcheddate"}),
        files=("watched", "films", "likes"),
        form=WorkForm.FILM,
        wholly=LeftOutReason.WATCHED,
        advice="what you wait for is in watchlist.csv of the same export",
    ),
    ListShape(
        program="Letterboxd",
        format=CSV,
        marks=marks("name letterboxduri rating", "name letterboxduri watcheddate", "name letterboxduri review"),
        form=WorkForm.FILM,
        wholly=LeftOutReason.WATCHED,
        advice="what you wait for is in watchlist.csv of the same export",
    ),
    ListShape(program="Letterboxd", format=CSV, marks=marks("name letterboxduri"), form=WorkForm.FILM),
    ListShape(
        program="Letterboxd",
        format=CSV,
        marks=marks("position name year url description"),
        form=WorkForm.FILM,
    ),
    ListShape(
        program="Letterboxd",
        format=CSV,
        marks=marks("title letterboxduri", "title year letterboxdurl"),
        form=WorkForm.FILM,
        ids=FLAT_IDS,
    ),
    ListShape(
        program="TMDB",
        format=CSV,
        marks=marks("tmdbid imdbid type name releasedate"),
        years=("releasedate",),
        ids=FLAT_IDS,
        seasons=("seasonnumber",),
        episodes=("episodenumber",),
        filled={"yourrating": LeftOutReason.WATCHED},
    ),
    ListShape(
        program="AniList",
        format=JSON,
        marks=marks("media.title.userpreferred", "media.title.romaji", "media.title.english"),
        names=("media.title.english", "media.title.userpreferred", "media.title.romaji", "media.title.native"),
        years=("media.startdate.year", "media.seasonyear"),
        sorts=("media.format", "media.type", IN),
        states=("status",),
        flags=("hiddenfromstatuslists",),
    ),
    ListShape(program="AniList", format=JSON, marks=marks("seriesid seriestype"), names=(), sorts=()),
    ListShape(
        program="Kitsu",
        format=JSON,
        marks=marks("attributes.status media.attributes.canonicaltitle"),
        names=("media.attributes.titles.en", "media.attributes.canonicaltitle", "media.attributes.titles.enjp"),
        years=("media.attributes.startdate",),
        sorts=("media.attributes.subtype", "media.type"),
        states=("attributes.status",),
    ),
    ListShape(
        program="MyAnimeList",
        format=XML,
        marks=marks("seriestitle mystatus", "seriestitle seriesanimedbid", "mangatitle mystatus", "seriestitle"),
        names=("seriestitle", "mangatitle"),
        years=(),
        sorts=("seriestype", IN),
        states=("mystatus",),
        codes=_MAL_CODES,
    ),
    ListShape(
        program="MyAnimeList",
        format=JSON,
        marks=marks("node.title liststatus.status", "node.title node.id"),
        names=("node.alternativetitles.en", "node.title"),
        years=("node.startseason.year", "node.startdate"),
        sorts=("node.mediatype",),
        states=("liststatus.status",),
    ),
    ListShape(
        program="MyAnimeList",
        format=JSON,
        marks=marks("animetitle animeid", "mangatitle mangaid"),
        names=("animetitleeng", "animetitle", "mangatitle"),
        years=(),
        sorts=("animemediatypestring", "mangamediatypestring"),
        states=("status",),
        codes=_MAL_CODES,
    ),
    ListShape(
        program="Steam",
        format=JSON,
        marks=marks("name releasestring", "name reviewscore", "name appid", "name capsule")
        + marks("appid priority", "appid dateadded"),
        sorts=(),
        years=(),
        wholly=LeftOutReason.GAME,
        advice="no source has the dates of games: add one with its date, as in"
        ' `reminder add "Hollow Knight: Silksong" --kind game --premiere TBA`',
    ),
)
