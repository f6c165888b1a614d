"""A pass over fifty titles of which one is answered with nonsense: forty-nine are right, and the one is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from reminder.store.asking_faults import asking_faults
from reminder.store.source_health import source_health
from reminder.store.title_commands import dates_of, kept_titles
from tests.support.catalogues import Catalogues
from tests.support.sourced import SourcedWorld
from tests.support.works import Season, Show, embedded, tvmaze_show, weekly

COUNT = 50
FIRST = date(2026, 12, 3)
BAD = 149
"""The entry that answers nonsense: the last that is asked about, so that it might be taken for the source's silence."""

Json = dict[str, Any]


def body(show: Show) -> Json:
    return {**tvmaze_show(show), "_embedded": embedded(show, ["seasons", "episodes"])}


def with_episodes(change: Callable[[list[Any]], Any]) -> Callable[[Json], Any]:
    def changed(whole: Json) -> Json:
        episodes = whole["_embedded"]["episodes"]
        whole["_embedded"]["episodes"] = change(episodes) or episodes
        return whole

    return changed


def each(**fields: object) -> Callable[[Json], Any]:
    return with_episodes(lambda found: [{**item, **fields} for item in found])


def last(**fields: object) -> Callable[[Json], Any]:
    return with_episodes(lambda found: [*found[:-1], {**found[-1], **fields}])


WHOLE: dict[str, Callable[[Json], Any]] = {
    "no JSON": lambda _: b"<html>please accept</html>",
    "nothing": lambda _: b"",
    "null": lambda _: None,
    "a list": lambda whole: [whole],
    "a number": lambda _: 7,
    "no id": lambda whole: {**whole, "id": None},
    "an id that is a text": lambda whole: {**whole, "id": "149"},
    "a name that is a number": lambda whole: {**whole, "name": 7},
    "episodes that are no list": lambda whole: {**whole, "_embedded": {"episodes": {"1": 2}}},
    "episodes that are no mappings": with_episodes(lambda found: [7 for _ in found]),
    "every season a text": each(season="one"),
    "every number a fraction": each(number=1.5),
    "every number below zero": each(number=-3),
    "every number beyond all numbers": each(number=10**30),
    "very deep": lambda _: b"[" * 100_000,
}
"""Nothing can be read: the title is named, and its dates stay."""

PART: dict[str, Callable[[Json], Any]] = {
    "one season beyond all numbers": last(season=10**30),
    "one number that is a text": last(number="3"),
    "one number that is true": last(number=True),
    "one date that is a number": last(airdate=20261217),
    "one date that is a list": last(airdate=["2026-12-17"]),
    "one date that does not exist": last(airdate="2026-02-30"),
    "one date beyond all years": last(airdate="99999-01-01"),
    "an instant that cannot be read": each(airstamp="garbage"),
    "an instant that is a number": each(airstamp=1796000000),
    "an entry that is nothing": with_episodes(lambda found: [*found, None]),
    "every episode twice": with_episodes(lambda found: [*found, *found]),
    "every episode twice, the second a week later": with_episodes(
        lambda found: [*({**item, "airdate": "2027-01-30", "airstamp": None} for item in found), *found]
    ),
    "all the same number of its own": each(id=7),
    "a number of its own that is a text": last(id="seven"),
    "half a letter in a name": each(name="\ud800"),
}
"""What can be read of it is right, and what cannot leaves the date as it was."""


def shows() -> dict[int, Show]:
    return {
        number: Show(
            id=number,
            name=f"Show {number}",
            streams=True,
            country=None,
            seasons=[Season(number=1, order=3)],
            episodes=weekly(1, str(FIRST), 3),
        )
        for number in range(BAD + 1 - COUNT, BAD + 1)
    }


def dates(world: SourcedWorld) -> dict[str, list[str]]:
    with world.store.read() as tx:
        return {
            item.listing.title.name: [dated.release.when.show() for dated in dates_of(tx, item.id).releases]
            for item in kept_titles(tx)
        }


def fresh(there: Catalogues) -> SourcedWorld:
    watch = ", ".join(f"{{title: {show.name}, source: 'tvmaze:{show.id}'}}" for show in there.shows.values())
    world = SourcedWorld(f"watch: [{watch}]\n", "2026-10-01 12:00", there=there)
    world.refresh()
    return world


def answer(there: Catalogues, made: Callable[[Json], Any]) -> None:
    found = made(body(there.shows[BAD]))
    there.raw[f"/tvmaze/shows/{BAD}"] = found if isinstance(found, bytes) else json.dumps(found).encode()


def test_forty_nine_are_right_and_the_one_is_named_whatever_it_answers() -> None:
    with Catalogues(shows=shows()) as there:
        world = fresh(there)
        before = dates(world)
        wrong = []
        for place, (name, made) in enumerate(WHOLE.items()):
            answer(there, made)
            good = there.shows[BAD - 1 - place]
            good.episodes = weekly(1, str(FIRST + timedelta(days=1)), 3)
            world.clock.advance(timedelta(hours=30))
            report = world.refresh(everything=True)
            before[good.name] = [str(FIRST + timedelta(days=1, weeks=week)) for week in range(3)]
            named = set(report.silent) | {fault.name for fault in report.failed.values()}
            if report.moved != [good.name] or dates(world) != before or named != {"Show 149"}:
                wrong.append((name, report.moved, report.silent, report.failed))
        assert wrong == []
        with world.store.read() as tx:
            assert not source_health(tx)["tvmaze"].is_failing
        world.close()


def test_what_can_be_read_of_an_answer_counts_and_the_rest_leaves_the_date_as_it_was() -> None:
    with Catalogues(shows=shows()) as there:
        world = fresh(there)
        before = dates(world)
        wrong = []
        for name, made in PART.items():
            answer(there, made)
            world.clock.advance(timedelta(hours=30))
            report = world.refresh(everything=True)
            if (report.moved, report.failed, report.silent, dates(world)) != ([], {}, {}, before):
                wrong.append((name, report.moved, report.silent, report.failed, dates(world)["Show 149"]))
        assert wrong == []
        with world.store.read() as tx:
            assert asking_faults(tx) == {}
        world.close()
