"""How titles, dates and subscriptions begin, change, end and come back (SPEC 2, 5 and 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reminder.core.dates.parse import load_when, parse_when
from reminder.core.model.drop import Drop, Pace
from reminder.core.model.entities import ChannelUse, Follow, Role, Title
from reminder.core.model.lead import DEFAULT_LADDER, Ladder
from reminder.core.model.ledger import Ref
from reminder.core.schedule.listing import (
    KnownRelease,
    ListedEntry,
    ListingChanges,
    SubscriptionState,
    begin_or_go_on,
    channels_since,
    new_dates,
)
from reminder.core.schedule.season import unfold
from tests.support.rules import GRACE, Life, a_title, at

BEGAN, NOW = at("2025-06-01 10:00"), at("2025-06-10 10:00")
WEEKLY = Drop(pace=Pace.WEEKLY)


def known(title: Title, *, gone_at: datetime | None = None) -> dict[Ref, KnownRelease]:
    return {item.ref: KnownRelease(release=item, seen_at=BEGAN, gone_at=gone_at) for item in unfold(title)}


def look(before: dict[Ref, KnownRelease], title: Title, last_no: int = 0) -> ListingChanges:
    return new_dates(before, unfold(title), last_no=last_no, source="config", now=NOW, grace=GRACE)


def changed(dates: ListingChanges) -> list[tuple[int, Ref, str, str]]:
    return [(item.no, item.ref, item.before.show(), item.after.show()) for item in dates.changes]


def test_a_first_date_is_no_change() -> None:
    dates = look({}, a_title())

    assert [item.seen_at for item in dates.kept] == [NOW]
    assert not dates.changes


def test_looking_again_finds_nothing() -> None:
    assert not look(known(a_title()), a_title())


def test_each_change_is_kept_with_its_number_source_and_time() -> None:
    (change,) = look(known(a_title()), a_title(when="July 20, 2025"), last_no=4).changes

    assert (change.no, change.ref, change.source, change.seen_at) == (5, (None, 1), "config", NOW)
    assert (change.before, change.after) == (parse_when("July 9, 2025"), parse_when("July 20, 2025"))


def test_a_release_keeps_the_instant_it_was_first_seen_at() -> None:
    (kept,) = look(known(a_title()), a_title(when="July 20, 2025")).kept

    assert kept.seen_at == BEGAN


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2025-07-09T00:00-07:00", "2025-07-09T07:00Z"),
        ("fall 2025", "autumn 2025"),
        ("July 9, 2025", "9 July 2025"),
        (None, "TBA"),
    ],
)
def test_another_spelling_is_no_change(before: str | None, after: str) -> None:
    assert not look(known(a_title(when=before)), a_title(when=after)).changes


def test_cancelled_and_on_again_are_changes() -> None:
    off = look(known(a_title()), replace(a_title(), cancelled=True))
    on = look(known(replace(a_title(), cancelled=True)), a_title(), last_no=1)

    assert changed(off) == [(1, (None, 1), "2025-07-09", "cancelled")]
    assert changed(on) == [(2, (None, 1), "cancelled", "2025-07-09")]


def test_a_season_that_shifts_changes_each_of_its_releases() -> None:
    season = a_title(episodes=3, drop=WEEKLY)
    dates = look(known(season), replace(season, premiere=parse_when("July 16, 2025")))

    assert changed(dates) == [
        (1, (None, 1), "2025-07-09", "2025-07-16"),
        (2, (None, 2), "2025-07-16", "2025-07-23"),
        (3, (None, 3), "2025-07-23", "2025-07-30"),
    ]


def test_episodes_that_become_known_are_no_change() -> None:
    dates = look(known(a_title()), a_title(episodes=3, drop=WEEKLY))

    assert not dates.changes
    assert [(item.release.ref, item.seen_at) for item in dates.kept] == [
        ((None, 1), BEGAN),
        ((None, 2), NOW),
        ((None, 3), NOW),
    ]


def test_another_label_or_number_of_episodes_is_kept_and_is_no_change() -> None:
    (kept,) = look(known(a_title(episodes=8)), a_title(episodes=10)).kept

    assert (kept.release.total, kept.seen_at) == (10, BEGAN)


def test_a_release_that_is_no_longer_listed_is_gone_once() -> None:
    season = a_title(episodes=3, drop=WEEKLY)
    first = look(known(season), a_title())
    gone = {ref: replace(item, gone_at=NOW if ref in first.gone else None) for ref, item in known(season).items()}

    assert first.gone == ((None, 2), (None, 3))
    assert not look(gone, a_title()).gone


@pytest.mark.parametrize(
    ("gone", "seen_at"), [(timedelta(minutes=10), BEGAN), (GRACE, BEGAN), (GRACE + timedelta(minutes=1), NOW)]
)
def test_a_release_that_comes_back_within_grace_goes_on_else_it_begins_anew(gone: timedelta, seen_at: datetime) -> None:
    dates = look(known(a_title(), gone_at=NOW - gone), a_title())

    assert [item.seen_at for item in dates.kept] == [seen_at]
    assert not dates.changes


def test_a_release_that_comes_back_on_another_day_has_moved() -> None:
    dates = look(known(a_title(), gone_at=NOW), a_title(when="July 20, 2025"))

    assert changed(dates) == [(1, (None, 1), "2025-07-09", "2025-07-20")]


NEXT_SEASONS = [
    ("a day", a_title(season=1), a_title(when="July 8, 2026", season=2), [((2, 1), "TBA", "2026-07-08")]),
    ("no day yet", a_title(season=1), a_title(when=None, season=2), []),
    (
        "weekly: the premiere is the news",
        a_title(season=1),
        a_title(when="July 8, 2026", season=2, episodes=3, drop=WEEKLY),
        [((2, 1), "TBA", "2026-07-08")],
    ),
    (
        "for who follows the finale",
        a_title(season=1, episodes=3, drop=WEEKLY, follow=Follow.FINALE),
        a_title(when="July 8, 2026", season=2, episodes=3, drop=WEEKLY, follow=Follow.FINALE),
        [((2, 3), "TBA", "2026-07-22")],
    ),
    ("a number given to the season that is listed", a_title(), a_title(season=1), []),
    (
        "a number given to the weekly season that is listed",
        a_title(episodes=3, drop=WEEKLY),
        a_title(season=1, episodes=3, drop=WEEKLY),
        [],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "news"), [row[1:] for row in NEXT_SEASONS], ids=[row[0] for row in NEXT_SEASONS]
)
def test_the_next_season_under_an_id_is_announced(
    before: Title, after: Title, news: list[tuple[Ref, str, str]]
) -> None:
    assert [item[1:] for item in changed(look(known(before), after))] == news


def test_what_passed_with_the_last_season_is_not_sent_for_the_next() -> None:
    life = Life(a_title(season=1), began=BEGAN)
    life.through(BEGAN, at("2025-08-01 00:00"))
    life.becomes(a_title(when="August 5, 2025", season=2, episodes=3, drop=WEEKLY), at("2025-08-01 10:00"))

    gone = life.through(at("2025-08-01 10:00"), at("2025-10-01 00:00"))

    assert [(str(kind), lead) for _, kind, lead in gone] == [
        ("announced", None),
        ("reminder", "1d"),
        ("reminder", "day"),
        ("reminder", "day"),
        ("reminder", "day"),
    ]


def ladder(*leads: str) -> Ladder:
    return Ladder.parse(leads).over(DEFAULT_LADDER)


def test_a_subscription_begins_now_and_hears_of_no_earlier_change() -> None:
    assert begin_or_go_on(None, ladder("7d"), last_no=3, now=NOW, grace=GRACE) == SubscriptionState(
        ladder=ladder("7d"), began_at=NOW, noticed_no=3
    )


STANDING = SubscriptionState(ladder=ladder("7d", "day"), began_at=BEGAN, noticed_no=1)


def go_on(standing: SubscriptionState, *leads: str) -> SubscriptionState:
    return begin_or_go_on(standing, ladder(*leads), last_no=3, now=NOW, grace=GRACE)


def test_a_subscription_that_stays_listed_goes_on_as_it_is() -> None:
    assert go_on(STANDING, "7d", "day") == STANDING
    assert go_on(STANDING, "1w", "day").since == {}


@pytest.mark.parametrize("gone", [timedelta(minutes=10), GRACE])
def test_one_that_returns_within_grace_goes_on_as_if_never_gone(gone: timedelta) -> None:
    assert go_on(replace(STANDING, ended_at=NOW - gone), "7d", "day") == STANDING


def test_one_that_returns_later_begins_anew() -> None:
    late = replace(STANDING, ended_at=NOW - GRACE - timedelta(minutes=1), since={(Role.PREMIERE, "7d"): BEGAN})

    assert go_on(late, "7d") == SubscriptionState(ladder=ladder("7d"), began_at=NOW, noticed_no=3)


def test_a_lead_that_is_added_counts_from_now_and_one_added_before_from_then() -> None:
    once = go_on(STANDING, "7d", "2d", "day")
    later = begin_or_go_on(once, ladder("2d", "day", "1d"), last_no=3, now=NOW + timedelta(days=1), grace=GRACE)

    assert once.since == {(Role.PREMIERE, "2d"): NOW}
    assert later.since == {(Role.PREMIERE, "2d"): NOW, (Role.PREMIERE, "1d"): NOW + timedelta(days=1)}


def test_leads_are_added_by_role() -> None:
    by_role = Ladder.parse({"finale": ["1d"]}).over(STANDING.ladder)

    assert begin_or_go_on(STANDING, by_role, last_no=3, now=NOW, grace=GRACE).since == {(Role.FINALE, "1d"): NOW}


def uses(*names: str) -> tuple[ChannelUse, ...]:
    return tuple(ChannelUse(name=name) for name in names)


def since(found: Sequence[ChannelUse]) -> dict[str, datetime | None]:
    return {use.name: use.since_at for use in found}


def test_the_channels_of_a_new_subscriber_are_there_from_the_start() -> None:
    assert since(channels_since(None, uses("mail", "phone"), NOW)) == {"mail": None, "phone": None}


def test_a_channel_that_is_added_counts_from_now() -> None:
    added = channels_since(uses("mail"), uses("mail", "phone"), NOW)
    again = channels_since(added, uses("mail", "phone"), NOW + timedelta(days=1))

    assert since(added) == since(again) == {"mail": None, "phone": NOW}


def test_what_a_channel_takes_may_change_without_its_beginning_anew() -> None:
    (use,) = channels_since(uses("mail"), (ChannelUse(name="mail", only=frozenset({"moved"})),), NOW)

    assert use == ChannelUse(name="mail", only=frozenset({"moved"}), since_at=None)


def test_the_stored_cancellation_reads_back() -> None:
    off = look(known(a_title()), replace(a_title(), cancelled=True)).changes[0].after

    assert load_when(off.show()) == off


def test_whoever_joins_a_title_follows_it_with_their_own_leads_and_others_go_on_as_they_do() -> None:
    own, other = Ladder.parse(["3d"]), Ladder.parse(["1d"])
    of_all = ListedEntry(title=a_title(), stopped=frozenset({"ravi"}), ladders={"asha": other, "ravi": other})
    of_some = replace(of_all, followers={"asha": None, "ravi": other})
    people = ["asha", "ravi", "mira"]
    assert of_all.followed_by(people) == {"asha": other, "mira": None}
    assert of_some.followed_by(people) == {"asha": other}
    for entry, rest in ((of_all, {"mira": None}), (of_some, {})):
        assert entry.joined_by({"ravi": own}).followed_by(people) == {"asha": other, "ravi": own, **rest}
        assert entry.joined_by({"ravi": None}).followed_by(people)["ravi"] == other
    assert of_some.joined_by({"mira": None}).followed_by([]) == {"asha": other, "mira": None}
