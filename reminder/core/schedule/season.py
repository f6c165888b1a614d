"""Unfolds a title into its releases by the shape of its season (SPEC 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from reminder.core.dates.parse import parse_when
from reminder.core.dates.spelling import quoted
from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.drop import Drop, ListedDrop, Pace
from reminder.core.model.entities import Follow, Release, Role, Title, TitleKind
from reminder.core.sourcing.labels import label_of
from reminder.core.wording import KeyProblem, Wording

MAX_EPISODES: Final = 5000
_STEPS: Final = {Pace.WEEKLY: 7, Pace.DAILY: 1}
_THEN: Final = re.compile(r"(?:(\d{1,4}) then )?(weekly|daily)", re.ASCII)
_MEANT: Final = (
    (re.compile(r"(?:all )?at once|all (?:of it|episodes)|binge|full season|everything"), "all"),
    (
        re.compile(r"(?:every |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?|once a week|(?:every|each|per) week"),
        "weekly",
    ),
    (re.compile(r"every day|each day|once a day|per day"), "daily"),
    (
        re.compile(r"(?:two|2)(?: episodes)?(?:,? (?:and )?then (?:one )?(?:weekly|a week|each week|every week))"),
        "2 then weekly",
    ),
    (
        re.compile(r"(?:three|3)(?: episodes)?(?:,? (?:and )?then (?:one )?(?:weekly|a week|each week|every week))"),
        "3 then weekly",
    ),
)
_COUNTED: Final = re.compile(r"(\d{1,4}) ?(?:x|eps?\.?|episodes?)", re.ASCII | re.IGNORECASE)
DROP_HINT: Final = Wording("write all, weekly, daily, 2 then weekly, or a list of {episodes: N, premiere: WHEN}")
"""What a drop can be written as."""
_DROP: Final = "{episodes: N, premiere: WHEN}"
"""How a drop of a list is written."""

WrittenDrop = str | Sequence[Mapping[str, object]]


class SeasonError(ValueError):
    """A shape of a season that cannot be read; the text says what to write instead."""


def parse_drop(written: WrittenDrop) -> Drop:
    """Given `all`, `weekly`, `daily`, `2 then weekly`, or a list of {episodes, premiere}, return the drop.

    Raises SeasonError, and WhenError for a date in the list.
    """
    if not isinstance(written, str):
        return _listed(written)
    text = " ".join(written.lower().split())
    if text == Pace.ALL:
        return Drop(pace=Pace.ALL)
    found = _THEN.fullmatch(text)
    if not found and (meant := next((word for pattern, word in _MEANT if pattern.fullmatch(text)), None)):
        raise SeasonError(
            Wording("%(text)s is not a way to drop a season: write %(meant)s", text=quoted(written), meant=meant)
        )
    if not found:
        raise SeasonError(
            Wording("%(text)s is not a way to drop a season: %(hint)s", text=quoted(written), hint=DROP_HINT)
        )
    return Drop(pace=Pace(found[2]), first=parse_episodes(found[1] or "1"))


def dump_drop(drop: Drop) -> str | list[dict[str, object]]:
    """Return the drop as a config spells it and JSON can hold it: `parse_drop(dump_drop(drop)) == drop`."""
    if drop.pace is Pace.LISTED:
        return [{"episodes": part.episodes, "premiere": part.premiere.show()} for part in drop.listed]
    return str(drop.pace) if drop.first == 1 else f"{drop.first} then {drop.pace}"


def parse_episodes(written: object) -> int:
    """Given a number of episodes as text or int, return it. Raises SeasonError outside 1-5000."""
    text = str(written).strip()
    if counted := _COUNTED.fullmatch(text):
        raise SeasonError(
            Wording("%(text)s is not a number alone: write %(number)s", text=quoted(text), number=int(counted[1]))
        )
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_EPISODES):
        raise SeasonError(
            Wording(
                "%(text)s is not a number of episodes: write one from 1 to %(most)s",
                text=quoted(str(written)),
                most=MAX_EPISODES,
            )
        )
    return int(text)


def season_problems(title: Title) -> tuple[Wording, ...]:
    """Return what contradicts itself in a title's premiere, episodes and drop, each with what to write instead.

    A key to write is the value `key` of a problem's text: as the config spells it, `episodes:`.
    """
    drop = title.drop
    if drop is None:
        return ()
    if drop.pace is Pace.LISTED:
        return tuple(_listed_problems(title, drop))
    if drop.pace is Pace.ALL:
        return ()
    if title.episodes is None:
        needs = Wording("%(drop)s needs the number of episodes: add %(key)s N", drop=dump_drop(drop), key="episodes:")
        return (KeyProblem.of("drop", needs),)
    if drop.first > title.episodes:
        more = Wording(
            "%(drop)s starts with more than episodes: %(episodes)s: write drop: all",
            drop=dump_drop(drop),
            episodes=title.episodes,
        )
        return (KeyProblem.of("drop", more),)
    return ()


def season_warnings(title: Title) -> tuple[str, ...]:
    """Return what is valid in the shape of a title, and yet hardly what was meant."""
    alone = {TitleKind.FILM, TitleKind.SPECIAL, TitleKind.GAME}
    if (
        title.source_options is None
        and title.follow is Follow.FINALE
        and title.kind not in alone
        and _total(title) is None
    ):
        return ("follow: finale hears of the premiere while no finale is known: add episodes: N and drop:",)
    return ()


def unfold(title: Title) -> tuple[Release, ...]:
    """Return the releases of a title that its follower hears of, first episode first; never none.

    Given a title for which `season_problems` finds nothing; weekly without a number of episodes counts as one release.
    """
    releases = _sourced(title) if title.sourced else _followed(tuple(_releases(title)), title.follow)
    if title.cancelled:
        return tuple(replace(release, when=CANCELLED) for release in releases)
    return releases


def finale_of(title: Title, release: Release) -> When | None:
    """Return when the finale of a release's season comes out; None where there is none, or it is that release."""
    others = (each for each in unfold(title) if each.season == release.season and each.ref != release.ref)
    return next((each.when for each in others if each.role is Role.FINALE), None)


def _sourced(title: Title) -> tuple[Release, ...]:
    """Return what a source says of which someone wants to hear: of several seasons, each one's premiere or finale."""
    releases = title.sourced.releases if title.sourced else ()
    if title.follow is Follow.EPISODES:
        return releases
    heard = tuple(release for release in releases if _is_wanted(release, title.follow))
    return heard or tuple(replace(release, when=UNKNOWN) for release in releases[:1])


def _is_wanted(release: Release, follow: Follow) -> bool:
    if follow is Follow.PREMIERE:
        return release.role is Role.PREMIERE
    is_whole = release.role is Role.PREMIERE and release.total is not None and release.last == release.total
    return release.role is Role.FINALE or is_whole or release.season is None


def ladder_role(title: Title, release: Release) -> Role:
    """Return the role whose leads count: who follows only the finale has the premiere's for it (SPEC 3)."""
    return Role.PREMIERE if title.follow is Follow.FINALE else release.role


def _followed(releases: tuple[Release, ...], follow: Follow) -> tuple[Release, ...]:
    if follow is Follow.PREMIERE:
        return releases[:1]
    return releases[-1:] if follow is Follow.FINALE else releases


def _releases(title: Title) -> Iterator[Release]:
    """Give each drop its episodes, role and label; the last of several is the finale, whatever its size."""
    drops = list(_drops(title))
    total = _total(title)
    first = 1
    for number, (episodes, when) in enumerate(drops):
        last = first + episodes - 1 if episodes else None
        role = Role.PREMIERE if number == 0 else Role.FINALE if number == len(drops) - 1 else Role.EPISODE
        label = label_of(role, title.season, first, last or first)
        yield Release(season=title.season, first=first, last=last, total=total, role=role, label=label, when=when)
        first += episodes or 1


def _drops(title: Title) -> Iterator[tuple[int | None, When]]:
    """Yield how many episodes (None: not known) come out when."""
    drop = title.drop or Drop(pace=Pace.ALL)
    if drop.pace is Pace.LISTED:
        for number, part in enumerate(drop.listed):
            said = part.premiere if number or part.premiere != UNKNOWN else title.premiere
            yield part.episodes, said
        return
    step = _STEPS.get(drop.pace)
    if title.episodes is None or step is None:
        yield title.episodes, title.premiere
        return
    first = min(drop.first, title.episodes)
    yield first, title.premiere
    for number in range(1, title.episodes - first + 1):
        yield 1, title.premiere.step(step * number)


def _total(title: Title) -> int | None:
    if title.drop and title.drop.pace is Pace.LISTED:
        return sum(part.episodes for part in title.drop.listed)
    return title.episodes


def _listed(parts: Sequence[Mapping[str, object]]) -> Drop:
    if not parts:
        raise SeasonError(Wording("the list of drops is empty: %(hint)s", hint=DROP_HINT))
    return Drop(pace=Pace.LISTED, listed=tuple(_part(part) for part in parts))


def _part(part: Mapping[str, object]) -> ListedDrop:
    strange = sorted(set(part) - {"episodes", "premiere"})
    if strange or "episodes" not in part:
        if strange:
            raise SeasonError(
                Wording('a drop in a list does not know "%(word)s": write %(form)s', word=strange[0], form=_DROP)
            )
        raise SeasonError(Wording("a drop in a list needs its number of episodes: write %(form)s", form=_DROP))
    premiere = part.get("premiere")
    when = premiere if isinstance(premiere, When) else parse_when(None if premiere is None else str(premiere))
    return ListedDrop(episodes=parse_episodes(part["episodes"]), premiere=when)


def _listed_problems(title: Title, drop: Drop) -> Iterator[Wording]:
    total = sum(part.episodes for part in drop.listed)
    if title.episodes not in {None, total}:
        yield Wording(
            "the drops add up to %(total)s episodes, but episodes says %(episodes)s: "
            "correct one of them (a drop without a date yet is {episodes: N, premiere: TBA})",
            total=total,
            episodes=title.episodes,
        )
    if total > MAX_EPISODES:
        yield Wording("the drops add up to %(total)s episodes: at most %(most)s", total=total, most=MAX_EPISODES)
    said = drop.listed[0].premiere
    if UNKNOWN not in {said, title.premiere} and said != title.premiere:
        yield Wording(
            "the first drop's date %(said)s contradicts premiere: %(premiere)s: write it once",
            said=said,
            premiere=title.premiere,
        )
    yield from _disorder(tuple(part.premiere for part in drop.listed))


def _disorder(dates: tuple[When, ...]) -> Iterator[Wording]:
    """Yield each drop that is dated before the one in front of it."""
    known = [(when, days) for when in dates if (days := when.days())]
    for (earlier, (first, _)), (later, (_, last)) in pairwise(known):
        if last < first:
            yield Wording(
                "a drop on %(later)s stands after one on %(earlier)s: list them in the order in which they come out",
                later=later,
                earlier=earlier,
            )
