"""TVmaze: series of every channel, without a key. Shapes and terms: https://www.tvmaze.com/api (data CC BY-SA)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from reminder.core.sourcing.answers import Match, NoAnswer, NotFound, SourceTitle, Stated, WorkForm, WorkStatus
from reminder.core.sourcing.placeholder_dates import WordedDate, read
from reminder.sources.cache import CallRate
from reminder.sources.source import (
    LAST_NUMBER,
    MOST_RELEASES,
    Changed,
    Door,
    Odd,
    needed,
    numbered,
    odd,
    part,
    picture_address,
    readable,
    worded,
    year_of,
)

NAME: Final = "tvmaze"
URL: Final = "https://api.tvmaze.com"
RATE: Final = CallRate(calls=20, seconds=10.5)
"""Its pages promise at least 20 calls in 10 seconds."""

_STANDINGS: Final = {
    "Running": WorkStatus.RUNNING,
    "Ended": WorkStatus.ENDED,
    "To Be Determined": WorkStatus.UNSURE,
    "In Development": WorkStatus.PLANNED,
}
_WINDOWS: Final = ((86_400, "day"), (7 * 86_400, "week"), (30 * 86_400, "month"))
_MARGIN: Final = 3_600
"""Its answers come from a cache of an hour: what changed within the hour before the mark is asked for again."""

_SPECIALS: Final = frozenset({"significant_special", "insignificant_special"})


@dataclass(frozen=True, kw_only=True)
class TVmaze:
    """TVmaze, or a mirror of it."""

    door: Door
    name: str = field(default=NAME, init=False)

    def search(self, words: str) -> tuple[Match, ...] | NoAnswer:
        """Return the shows that the words may mean."""
        found = self.door.get("/search/shows", [("q", words)])
        if isinstance(found, NoAnswer):
            return () if isinstance(found, NotFound) else found
        try:
            if not isinstance(found, list):
                raise Odd("no list of shows")
            return tuple(_match(needed(item, "show", dict)) for item in found[:20])
        except Odd as error:
            return odd(error)

    def fetch(self, ref: str, today: date) -> SourceTitle | NoAnswer:
        """Return a show with its seasons and episodes, in one call."""
        show = self.door.get(f"/shows/{_number(ref)}", [("embed[]", "seasons"), ("embed[]", "episodes")])
        if isinstance(show, NoAnswer):
            return show
        try:
            own = str(needed(show, "id", int))
            if own != ref:
                return NotFound(reason=f"it leads to {NAME}:{own} now", ref=own)
            return _title(show, today)
        except Odd as error:
            return odd(error)

    def changed(self, since: str | None, refs: frozenset[str], now: datetime) -> Changed | NoAnswer | None:
        """Return which shows changed since the mark, in one call; None after more than a month."""
        window = _window(since, now)
        if window is None:
            return None
        found = self.door.get("/updates/shows", [("since", window)])
        if isinstance(found, NoAnswer):
            return found
        if not isinstance(found, dict) or not all(type(at) is int for at in found.values()):
            return odd(Odd("no list of updates"))
        start = int(since or 0) - _MARGIN
        return Changed(refs=frozenset(ref for ref in refs if found.get(ref, 0) >= start), mark=mark_of(now))

    def find(self, ids: Mapping[str, str]) -> str | NoAnswer | None:
        """Return the show that IMDb or TheTVDB know under these ids. It has no films, and is not asked about any."""
        if ids.get("tmdb", "").startswith("movie/"):
            return None
        for name in ("imdb", "thetvdb"):
            if ids.get(name):
                found = self.door.get("/lookup/shows", [(name, ids[name])])
                if isinstance(found, NotFound):
                    continue
                return found if isinstance(found, NoAnswer) else _found(found)
        return None


def mark_of(now: datetime) -> str:
    """Return the mark from which to ask what changed after `now`."""
    return str(int(now.timestamp()))


def _found(show: object) -> str | NoAnswer:
    try:
        return str(needed(show, "id", int))
    except Odd as error:
        return odd(error)


def _number(ref: str) -> str:
    """Return a show's number as it may stand in a path, 0 (no show) for what is none."""
    return ref if ref.isascii() and ref.isdecimal() and len(ref) < 12 else "0"


def _window(since: str | None, now: datetime) -> str | None:
    if since is None or not since.isdecimal():
        return None
    gone = now.timestamp() - int(since) + _MARGIN
    return next((word for length, word in _WINDOWS if gone < length), None)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """The network or streaming service of a show or season."""

    service: str | None = None
    country: str | None = None
    zone: str | None = None
    streams: bool = False

    @property
    def worldwide(self) -> bool:
        return self.streams and self.country is None


def _place(holder: object) -> _Place:
    """Return the network, else the web channel: a show may have both, and the slots are the network's."""
    network, web = part(holder, "network", dict), part(holder, "webChannel", dict)
    channel = network or web
    if channel is None:
        return _Place()
    country = part(channel, "country", dict, {})
    return _Place(
        service=part(channel, "name", str),
        country=part(country, "code", str),
        zone=part(country, "timezone", str),
        streams=network is None,
    )


def _match(show: Mapping[str, Any]) -> Match:
    place = _place(show)
    return Match(
        source=NAME,
        ref=str(needed(show, "id", int)),
        name=needed(show, "name", str),
        form=WorkForm.SERIES,
        year=year_of(part(show, "premiered", str)),
        country=place.country,
        service=place.service,
        standing=_STANDINGS.get(part(show, "status", str, ""), WorkStatus.UNSURE),
        link=part(show, "url", str),
        ids=_ids(show),
    )


def _ids(show: Mapping[str, Any]) -> dict[str, str]:
    known = part(show, "externals", dict, {})
    found = {name: known.get(name) for name in ("imdb", "thetvdb")}
    return {"tvmaze": str(show["id"]), **{name: str(number) for name, number in found.items() if number}}


def _title(show: Mapping[str, Any], today: date) -> SourceTitle:
    embedded = part(show, "_embedded", dict, {})
    episodes = part(embedded, "episodes", list, [])
    if len(episodes) > MOST_RELEASES:
        raise Odd("more episodes than any show has")
    seasons = part(embedded, "seasons", list, [])
    place, web = _place(show), part(show, "webChannel", dict)
    match = _match(show)
    known, strange = readable(seasons, lambda item: _season(item, place, today))
    listed, odd_ones = readable(episodes, lambda item: _episode(item, place, today))
    return SourceTitle(
        source=NAME,
        ref=match.ref,
        name=match.name,
        form=WorkForm.SERIES,
        year=match.year,
        country=place.country,
        service=place.service,
        also=part(web, "name", str) if web and not place.streams else None,
        standing=match.standing,
        link=match.link,
        ids=match.ids,
        releases=(*known, *listed),
        updated=str(part(show, "updated", int, 0)),
        is_whole=not (strange or odd_ones),
        skipped=strange + odd_ones,
        image=_image(show),
    )


def _image(show: object) -> str | None:
    """Return the address of its picture; a strange one is none, and spoils nothing."""
    with suppress(Odd):
        return picture_address(part(part(show, "image", dict, {}), "medium", str))
    return None


def _season(season: object, place: _Place, today: date) -> Stated:
    said = worded(season, "premiereDate")
    reading = read(WordedDate(on=said, today=today))
    own = _place(season)
    count = part(season, "episodeOrder", int)
    return Stated(
        raw=said,
        when=reading.when,
        rule=reading.rule,
        on=reading.on,
        season=numbered(season, "number"),
        count=count if count and 0 < count <= LAST_NUMBER else None,
        country=own.country or place.country,
        service=own.service or place.service,
        finale=bool(said) and said == worded(season, "endDate"),
        provisional=True,
        id=_own_id(season),
    )


def _episode(episode: object, place: _Place, today: date) -> Stated:
    number = None if part(episode, "number", object) is None else numbered(episode, "number")
    wording = WordedDate(
        on=worded(episode, "airdate"),
        clock=worded(episode, "airtime"),
        stamp=worded(episode, "airstamp") or None,
        zone=place.zone,
        streams=place.streams,
        worldwide=place.worldwide,
        today=today,
    )
    reading = read(wording)
    special = number is None or part(episode, "type", str, "regular") in _SPECIALS
    return Stated(
        raw=wording.raw,
        when=reading.when,
        rule=reading.rule,
        on=reading.on,
        season=numbered(episode, "season"),
        number=None if special else number,
        special=special,
        country=place.country,
        service=place.service,
        name=part(episode, "name", str),
        id=_own_id(episode),
    )


def _own_id(item: object) -> str | None:
    """Return its own number for a season or an episode, which stays when it is given another place."""
    number = part(item, "id", int)
    return None if number is None else str(number)
