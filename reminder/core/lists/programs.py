"""Lists the shapes of all programs' files, and the columns that tell that a file is no list of titles."""

from __future__ import annotations

from typing import Final

from reminder.core.lists import servers, sites, trackers
from reminder.core.lists.shapes import FLAT_IDS, IN, ListShape, marks, words
from reminder.core.lists.values import LeftOutReason
from reminder.core.sourcing.answers import WorkForm

SHAPES: Final = (*trackers.SHAPES, *sites.SHAPES, *servers.SHAPES)
"""All that are known; the first that fits a file is taken."""

_NAMES: Final = words(
    "title name showtitle movietitle showname moviename seriesname seriestitle originaltitle"
    " titel titre titulo titolo tytul nome show series serie movie film shows movies films tvshow tvshows"
    " serientitel filmtitel"
)
_YEARS: Final = words("year releaseyear startyear releasedate premiered firstaired jahr annee ano anno")
_DATES: Final = words(
    "premiere premieredate premiered release releasedate airdate firstaired firstairdate startdate out comesout"
    " releases erscheint erscheinungsdatum start starttermin startet veroffentlichung datedesortie sortie"
    " fechadeestreno estreno datadelancamento estreia datadiuscita uscita premiera datapremiery"
)
_PLATFORMS: Final = words("platform network service streamingservice streaming provider sender plattform plataforma")
_FLAGS: Final = words(
    "archived isarchived isfollowed followed active monitored hidden ishidden watched iswatched seen dropped isdropped"
    " hasfile playcount timeswatched gesehen vu visto bekeken"
)
_LINKS: Final = ("url", "link")

PLAIN: Final = ListShape(
    program="plain",
    format="",
    marks=marks("title"),
    names=_NAMES,
    years=_YEARS,
    dates=_DATES,
    platforms=_PLATFORMS,
    sorts=("type", "mediatype", "titletype", "kind", "category", "typ", IN),
    forms={
        **dict.fromkeys(("movietitle", "moviename", "movie", "movies", "film", "films", "filmtitel"), WorkForm.FILM),
        **dict.fromkeys(
            ("showtitle", "showname", "seriesname", "show", "shows", "tvshow", "tvshows", "serientitel"),
            WorkForm.SERIES,
        ),
    },
    ids={
        "imdb": (*FLAT_IDS["imdb"], "ids.imdb", "id.imdb", *_LINKS),
        "tmdb": (*FLAT_IDS["tmdb"], "ids.tmdb", "id.tmdb", *_LINKS),
        "thetvdb": (*FLAT_IDS["thetvdb"], "ids.tvdb", "id.tvdb", "ids.thetvdb"),
        "tvmaze": (*FLAT_IDS["tvmaze"], "ids.tvmaze", *_LINKS),
    },
    seasons=("season", "seasonnumber", "staffel", "saison", "temporada", "stagione"),
    episodes=("episode", "episodenumber", "episodetitle", "folge"),
    states=("status", "state", "watchlist", "liststatus", "mystatus", "list", "listname", "shelf", "section"),
    flags=_FLAGS,
    filled=dict.fromkeys(("watchedat", "watcheddate", "datewatched"), LeftOutReason.WATCHED),
)
"""How a table or JSON of no known program is read: by the usual names of columns."""

PROGRAMS: Final = tuple(dict.fromkeys(shape.program for shape in SHAPES))


def shape_of(format_: str, columns: frozenset[str], file: str) -> ListShape | None:
    """Return the first shape that a file of a format, with these columns and this name, has."""
    return next((shape for shape in SHAPES if shape.fits(format_, columns, file)), None)


_NETWORKS: Final = words(
    "network networks platform platforms service services streaming streamingservice provider channelname sender genre"
    " genres runtime director directors cast premiere airdate nextepisode nextairdate originallanguage imdbrating"
    " userrating myrating rottentomatoes trailer seasons episodes totalepisodes episodecount seasoncount"
)

OF_WORKS: Final = frozenset(
    column
    for columns in (_YEARS, _FLAGS, _NETWORKS, PLAIN.sorts[:3], PLAIN.seasons, PLAIN.episodes, PLAIN.states)
    for column in columns
) | {column for columns in FLAT_IDS.values() for column in columns}
"""Columns that only series and films have beside their names, or hardly anything else."""

OF_OTHERS: Final = frozenset(
    words(
        "symbol ticker isin wkn cusip exchange price prices lastprice open close volume marketcap quantity qty amount"
        " currency sku barcode ean upc stock cost total subtotal tax vat discount invoice order orderid balance iban"
        " account preis menge betrag anzahl bestand lagerbestand prix quantite precio cantidad prezzo quantita"
        " ingredients calories protein capital population latitude longitude lat lng lon zip zipcode postcode plz city"
        " street state_province weight size color colour brand model serial serialnumber version license licence cpu"
        " ram"
        " ip ipaddress host hostname port mac salary company employer department assignee sprint priority duedate"
        " manufacturer condition"
    )
)
"""Columns that no list of series and films has: shares, goods, places, tasks."""

MAYBE_NAMES: Final = frozenset({"name", "nome"})
"""Everything has a name: such a column names works only beside one that says so."""

# What is no list of titles -------------------------------------------------------------------------------------------

BOOKS: Final = frozenset(
    {"isbn", "isbn13", "isbnuid", "author", "authors", "authorlf", "bookid", "numberofpages", "pagecount", "readstatus"}
    | {"exclusiveshelf", "bookshelves", "primaryauthor"}
)
MUSIC: Final = frozenset({"artist", "artists", "album", "albumname", "artistname", "trackname", "track", "isrc"})
