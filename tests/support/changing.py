"""What catalogues do to a show over months: each kind of change, made to the look-alike that both catalogues serve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld
from tests.support.works import Episode, Season, Show, weekly

BEGIN = "2026-03-12 12:00"
CHANGED = "2026-03-20 12:00"
"""Eight days later the catalogue is edited."""

_NEW_IDS = count(900_000)

Change = Callable[[Show], object]


def show(episodes: int, first: str, *, ordered: bool = True) -> Show:
    """Return a show of one season on a streamer, an episode a week; `ordered` says how many there are to be."""
    season = Season(number=1, order=episodes if ordered else None)
    return Show(
        id=7,
        name="Cours",
        streams=True,
        country=None,
        imdb="tt7",
        premiered="2026-01-01",
        seasons=[season],
        episodes=weekly(1, first, episodes),
    )


def two_seasons(second: str) -> Show:
    """Return a show whose first season was long ago, and whose second is announced."""
    made = show(4, "2025-06-01")
    made.seasons.append(Season(number=2, order=4))
    made.episodes += weekly(2, second, 4)
    return made


def shift(item: Episode, days: int) -> None:
    """Move an episode by so many days."""
    item.on = str(date.fromisoformat(item.on) + timedelta(days=days))


def split(after: int, by: int = 0) -> Change:
    """Return the change of one season into two, the second one moved by so many days."""

    def change(made: Show) -> None:
        made.seasons = [Season(number=1, order=after), Season(number=2, order=len(made.episodes) - after)]
        for item in made.episodes[after:]:
            item.season, item.number = 2, (item.number or 0) - after
            shift(item, by)

    return change


def shorten(to: int, *, says_so: bool = True) -> Change:
    """Return the change that takes the last episodes out."""

    def change(made: Show) -> None:
        del made.episodes[to:]
        if says_so:
            made.seasons[0].order = to

    return change


def lengthen(by: int) -> Change:
    """Return the change that puts episodes behind the last."""

    def change(made: Show) -> None:
        last = made.episodes[-1]
        more = weekly(1, last.on, by + 1, start=last.number or 0)[1:]
        made.episodes += more
        made.seasons[0].order = len(made.episodes)

    return change


def end_before_season_2(made: Show) -> None:
    """Cancel the season that was announced."""
    made.seasons, made.status = made.seasons[:1], "Ended"
    made.episodes = [item for item in made.episodes if item.season == 1]


def drop_season_2(made: Show) -> None:
    """Take the season that was announced out, and say nothing of the show."""
    made.seasons = made.seasons[:1]
    made.episodes = [item for item in made.episodes if item.season == 1]


def renumber_season_2(made: Show) -> None:
    """File the second season as the third."""
    made.seasons[1].number = 3
    for item in made.episodes:
        item.season = 3 if item.season == 2 else item.season


def move_all(days: int) -> Change:
    """Return the change that moves every episode."""

    def change(made: Show) -> None:
        for item in made.episodes:
            shift(item, days)

    return change


def insert(number: int, on: str) -> Change:
    """Return the change that puts an episode before others, which get the next numbers."""

    def change(made: Show) -> None:
        for item in made.episodes:
            item.number = (item.number or 0) + ((item.number or 0) >= number > 0)
        place = next((at for at, item in enumerate(made.episodes) if (item.number or 0) > number), 0)
        made.episodes.insert(place, Episode(season=1, number=number, on=on))
        made.seasons[0].order = (made.seasons[0].order or 0) + (number > 0)

    return change


def take_out(number: int) -> Change:
    """Return the change that takes one episode out, and gives those behind it the numbers before."""

    def change(made: Show) -> None:
        made.episodes = [item for item in made.episodes if item.number != number]
        for item in made.episodes:
            item.number = (item.number or 0) - ((item.number or 0) > number)
        made.seasons[0].order = len(made.episodes)

    return change


def word(number: int, on: str, stamp: str | None = None) -> Change:
    """Return the change of the words in an episode's date."""

    def change(made: Show) -> None:
        made.episodes[number - 1].on, made.episodes[number - 1].stamp = on, stamp

    return change


def swap(one: int, other: int) -> Change:
    """Return the change that gives two episodes each other's place."""

    def change(made: Show) -> None:
        a, b = made.episodes[one - 1], made.episodes[other - 1]
        a.number, b.number, a.on, b.on = b.number, a.number, b.on, a.on

    return change


def enter_again(made: Show) -> None:
    """Delete every episode and enter it again: all as it was, under new numbers of the catalogue's own."""
    made.episodes = [replace(item, id=next(_NEW_IDS)) for item in made.episodes]


def all_at_once(made: Show) -> None:
    """Bring the whole season out on the first day."""
    for item in made.episodes:
        item.on = made.episodes[0].on


def one_a_week(made: Show) -> None:
    """Bring a season that was to come out on one day out one episode a week."""
    for place, item in enumerate(made.episodes):
        shift(item, 7 * place)


def join_seasons(made: Show) -> None:
    """Make one season of two."""
    for item in made.episodes:
        item.number = (item.number or 0) + (4 if item.season == 2 else 0)
        item.season = 1
    made.seasons = [Season(number=1, order=8)]


def insert_and_put_off(number: int) -> Change:
    """Return the change that puts an episode in the place of another, which comes a week later like all behind it."""

    def change(made: Show) -> None:
        on = made.episodes[number - 1].on
        for item in made.episodes[number - 1 :]:
            shift(item, 7)
        insert(number, on)(made)

    return change


def at_once(episodes: int, first: str) -> Show:
    """Return a show whose whole season comes out on one day."""
    made = show(episodes, first)
    all_at_once(made)
    return made


def shuffle(made: Show) -> None:
    """Answer in another order."""
    made.episodes.reverse()
    made.seasons.reverse()


def state_again(number: int, days: int) -> Change:
    """Return the change that states an episode a second time, so many days later."""

    def change(made: Show) -> None:
        known = made.episodes[number - 1]
        again = replace(known, id=next(_NEW_IDS))
        shift(again, days)
        made.episodes.insert(0, again)

    return change


def nothing(made: Show) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What came of a change: each message, and what the operator was told."""

    lines: tuple[str, ...]
    told: tuple[str, ...]
    unexplained: tuple[str, ...]


def lived(make: Callable[[], Show], change: Change, until: str, *, source: str, follow: str = "episodes") -> Lived:
    """Live from eight days before a change until a day of 2026, with the title pinned to `tvmaze` or `tmdb`."""
    entry = "tmdb:tv/7" if source == "tmdb" else "tvmaze:7"
    watch = f"watch: [{{title: Cours, source: '{entry}', follow: {follow}}}]\n"
    with Catalogues(shows={7: make()}) as there:
        world = SourcedWorld(watch, BEGIN, there=there, more="tmdb" if source == "tmdb" else "")
        world.live(CHANGED)
        change(there.shows[7])
        there.touch(7, world.clock.now())
        world.live(f"2026-{until} 12:00")
        lines = tuple(line.removeprefix("2026-").replace(" 09:00 ", " ") for line in world.lines())
        found = Lived(lines=lines, told=tuple(world.told), unexplained=tuple(world.unexplained()))
        world.close()
    return found
