"""Reads a row: the title it asks for, its sort, and the reason why nobody waits for it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from typing import Final

from reminder.core.lists.cells import LONGEST_NAME, clean, day_written, ids_of, named, season_number, year_of
from reminder.core.lists.rows import Row, plain_key
from reminder.core.lists.shapes import IN, ListShape, words
from reminder.core.lists.values import LeftOut, LeftOutReason, Wanted
from reminder.core.sourcing.answers import WorkForm


class Sort(enum.Enum):
    """The sort of a row that is no plain series or film: one season, or a work that may be either."""

    SEASON = "season"
    UNSURE = "unsure"


_SORTS: Final[dict[str, WorkForm | Sort | LeftOutReason]] = {
    **dict.fromkeys(
        words(
            "tv show shows series tvseries tvminiseries miniseries tvshow tvshows anime ona userseries "
            "tmdbshow animes serie serien scripted"
        ),
        WorkForm.SERIES,
    ),
    **dict.fromkeys(
        words(
            "movie movies film films tvmovie feature featurefilm short shortfilm video documentary tvspecial "
            "tmdbmovie filme pelicula"
        ),
        WorkForm.FILM,
    ),
    **dict.fromkeys(["ova", "special", "tvshort"], Sort.UNSURE),
    "season": Sort.SEASON,
    **dict.fromkeys(["episode", "episodes", "tvepisode", "watchepisode", "rewatchepisode"], LeftOutReason.EPISODE),
    **dict.fromkeys(["game", "games", "videogame", "boardgame", "visualnovel"], LeftOutReason.GAME),
    **dict.fromkeys(
        words("book books manga comic comics audiobook novel lightnovel oneshot manhwa manhua"), LeftOutReason.BOOK
    ),
    **dict.fromkeys(["person", "people", "actor"], LeftOutReason.PERSON),
    **dict.fromkeys(
        words(
            "music musicvideo podcast podcastseries podcastepisode audio track song album artist musicalbum "
            "musicartist playlist boxset folder photo clip trailer pv cm trackingstats list"
        ),
        LeftOutReason.OTHER,
    ),
}

_STATES: Final[dict[str, LeftOutReason]] = {
    **dict.fromkeys(
        words("dropped drop abandoned stopped stoppedwatching notinteresting notinterested abgebrochen abandonne"),
        LeftOutReason.DROPPED,
    ),
    **dict.fromkeys(words("completed complete finished done beendet fertig termine"), LeftOutReason.COMPLETED),
    **dict.fromkeys(["watched", "seen", "gesehen", "vu", "visto"], LeftOutReason.WATCHED),
    **dict.fromkeys(["archived", "archiviert"], LeftOutReason.ARCHIVED),
    **dict.fromkeys(["hidden", "ignored"], LeftOutReason.HIDDEN),
    "unfollowed": LeftOutReason.UNFOLLOWED,
}

_NO: Final = frozenset({"0", "false", "no", "n", "nein", "non"})
_YES: Final = frozenset({"1", "true", "yes", "y", "x", "ja", "oui", "si"})
_FLAGS: Final[dict[str, tuple[bool, LeftOutReason]]] = {
    "isfollowed": (False, LeftOutReason.UNFOLLOWED),
    "followed": (False, LeftOutReason.UNFOLLOWED),
    "active": (False, LeftOutReason.UNFOLLOWED),
    "monitored": (False, LeftOutReason.UNMONITORED),
    "inwatchlist": (False, LeftOutReason.UNLISTED),
    "onwatchlist": (False, LeftOutReason.UNLISTED),
    "archived": (True, LeftOutReason.ARCHIVED),
    "isarchived": (True, LeftOutReason.ARCHIVED),
    "hidden": (True, LeftOutReason.HIDDEN),
    "ishidden": (True, LeftOutReason.HIDDEN),
    "dropped": (True, LeftOutReason.DROPPED),
    "isdropped": (True, LeftOutReason.DROPPED),
    "hasfile": (True, LeftOutReason.THERE),
    "watched": (True, LeftOutReason.WATCHED),
    "iswatched": (True, LeftOutReason.WATCHED),
    "seen": (True, LeftOutReason.WATCHED),
    "played": (True, LeftOutReason.WATCHED),
    **dict.fromkeys(
        ("viewcount", "playcount", "timeswatched", "gesehen", "vu", "visto", "bekeken"), (True, LeftOutReason.WATCHED)
    ),
    "removed": (True, LeftOutReason.DROPPED),
    "temp": (True, LeftOutReason.UNLISTED),
    "hiddenfromstatuslists": (True, LeftOutReason.HIDDEN),
}
"""For each yes-or-no column, the answer that means that nobody waits for it, and the reason that this is."""


def read_row(row: Row, shape: ListShape) -> Wanted | LeftOut:
    """Return the title that a row asks for, or what is left out of it and why."""
    sort = _sort(row, shape)
    form = _form(row, shape, sort)
    name, year = named(row.first(shape.names))
    year = year_of(row.first(shape.years)) or year
    ids = ids_of(row, shape, form)
    season = season_number(row.first(shape.seasons))
    item = Wanted(
        name=name,
        year=year,
        form=form,
        ids=ids,
        line=row.line,
        season=season,
        premiere=day_written(row.first(shape.dates)),
        platform=clean(row.first(shape.platforms)),
    )
    reason = sort if isinstance(sort, LeftOutReason) else _reason(row, shape, item, sort)
    return item if reason is None else LeftOut(item=item, reason=reason)


def _reason(row: Row, shape: ListShape, item: Wanted, sort: WorkForm | Sort | None) -> LeftOutReason | None:
    if any(row.values.get(column, "").strip() for column in shape.episodes):
        return LeftOutReason.EPISODE
    if sort is Sort.SEASON and item.season is None:
        return LeftOutReason.EPISODE
    state = state_of(row, shape, item.form)
    if state is None and not item.name and not item.ids:
        return LeftOutReason.NAMELESS
    return LeftOutReason.LONG if len(item.name) > LONGEST_NAME else state


def state_of(row: Row, shape: ListShape, form: WorkForm | None) -> LeftOutReason | None:
    """Return what became of a title there, if that means that nobody waits for it."""
    is_film = form is WorkForm.FILM
    found = [
        *_said(row, shape),
        *_placed(row, shape),
        *_flagged(row, (*shape.flags, *(shape.film_flags if is_film else ()))),
    ]
    filled = {**shape.filled, **(shape.film_filled if is_film else {})}
    found += [reason for column, reason in filled.items() if row.values.get(column, "").strip() not in {"", "0", "-"}]
    return shape.wholly or next(iter(found), None)


def _said(row: Row, shape: ListShape) -> Iterable[LeftOutReason]:
    for column in shape.states:
        for word in row.values.get(column, "").split("\n"):
            plain = plain_key(word)
            reason = shape.codes.get(plain) or _STATES.get(plain) or (None if shape.format else _said_by_words(word))
            if isinstance(reason, LeftOutReason):
                yield reason
    if any(plain_key(word) == "dropped" for column in shape.drops for word in row.values.get(column, "").split("\n")):
        yield LeftOutReason.DROPPED


_WAITED_FOR: Final = frozenset(
    words(
        "watching currentlywatching current watchlist towatch plantowatch plannedtowatch planned want wanttowatch"
        " upcoming"
        " onhold paused backlog queue next wishlist merkliste geplant aktuell avoir enattente pendientes porver"
    )
)
"""Headings of what somebody waits for."""


def is_section(heading: str) -> bool:
    """Tell whether a text is what people call a part of their lists, and no title."""
    plain = plain_key(heading)
    return plain in _WAITED_FOR or section_of(heading) is not None


def section_of(heading: str) -> WorkForm | LeftOutReason | None:
    """Return what a heading says of the titles below it: their sort, or why nobody waits for them."""
    plain = plain_key(heading)
    said = _STATES.get(plain) or _SORTS.get(plain) or _said_by_words(heading)
    return said if isinstance(said, (WorkForm, LeftOutReason)) else None


_WORD: Final = re.compile(r"[^\W\d_]+")
_BESIDES: Final = frozenset(words("already all my the and so far list i ve have in of schon alles bereits déjà ya già"))
_NOT: Final = frozenset(words("not un non no to nicht noch pas da por a"))


def _said_by_words(heading: str) -> WorkForm | LeftOutReason | None:
    """Return what a heading of several words says, all of them known: `Finished Anime`, `Movies watched (2025)`."""
    said = [plain_key(word) for word in _WORD.findall(heading[:80])]
    known = [_STATES.get(word) or _SORTS.get(word) for word in said if word not in _BESIDES | _NOT]
    if None in known:
        return None
    counting = _OF_SORTS if _NOT & set(said) else _OF_STATES | _OF_SORTS
    reasons = sorted((each for each in known if each in counting), key=_OF_SORTS.__contains__)
    reason = next(iter(reasons), None)
    return reason if isinstance(reason, LeftOutReason) else _one_form(known)


def _one_form(known: Iterable[object]) -> WorkForm | None:
    """Return the sort of work that words name, None where they name several (`Movies & Shows`)."""
    forms = {each for each in known if isinstance(each, WorkForm)}
    return forms.pop() if len(forms) == 1 else None


_OF_STATES: Final = frozenset(_STATES.values())
_OF_SORTS: Final = frozenset(said for said in _SORTS.values() if isinstance(said, LeftOutReason))


def _placed(row: Row, shape: ListShape) -> Iterable[LeftOutReason]:
    """Yield why nobody waits for what stands in a list that is called so: `dropped`, `watched.movies`."""
    if not shape.format:
        for word in row.values.get(IN, "").split("."):
            if word in _STATES:
                yield _STATES[word]


def _flagged(row: Row, columns: Iterable[str]) -> Iterable[LeftOutReason]:
    for column in columns:
        said = row.values.get(column, "").strip().casefold()
        unwanted, reason = _FLAGS[column.rpartition(".")[2]]
        if said and (_is_yes(said) if unwanted else said in _NO):
            yield reason


def _is_yes(said: str) -> bool:
    return said in _YES or (said.isdecimal() and said.strip("0") != "")


# What sort of work ---------------------------------------------------------------------------------------------------


def _sort(row: Row, shape: ListShape) -> WorkForm | Sort | LeftOutReason | None:
    for column in shape.sorts:
        said = row.values.get(column, "")
        found = _place_sort(said) if column == IN else _sort_word(said)
        if found is not None:
            return found
    return None


def _sort_word(said: str) -> WorkForm | Sort | LeftOutReason | None:
    """Return what a word says; of a key such as `watch-episode-12-34` its beginning does."""
    known = _SORTS.get(plain_key(said))
    if known is None and "-" in said:
        known = _SORTS.get(plain_key("-".join(said.split("-")[:2])))
    return known or (_said_by_words(said) if " " in said else None)


def _place_sort(place: str) -> WorkForm | Sort | LeftOutReason | None:
    found = [_SORTS[word] for word in place.split(".") if word in _SORTS]
    return found[-1] if found else None


def _form(row: Row, shape: ListShape, sort: WorkForm | Sort | LeftOutReason | None) -> WorkForm | None:
    if isinstance(sort, WorkForm):
        return sort
    if sort is Sort.SEASON:
        return WorkForm.SERIES
    if sort is Sort.UNSURE:
        return None
    filled = (form for column, form in shape.forms.items() if row.values.get(column, "").strip())
    return next(filled, shape.form)
