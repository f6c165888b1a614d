"""A page of releases and a month of them, on every database: what stands on which day for whom, and from where on."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from reminder.core.model.entities import HourStyle
from reminder.core.model.ledger import State
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.core.text.phrases import ReaderSettings
from reminder.store.outbox_write import DeliveryOutcome, claim, record
from reminder.store.sql.change_mark import ChangeMark
from reminder.store.sql.tables import delivery
from reminder.store.title_commands import QuietSource, mute
from reminder.usecases import agenda_page as pages
from reminder.usecases.agenda_page import AgendaCursor, AgendaPage, agenda_page
from reminder.usecases.month_page import CalendarMonth, MonthPage, month_of
from reminder.usecases.title_names import TitleNames, TitleSearch
from tests.support.rules import a_title, person
from tests.support.stores import NOW, Rig, case_of, decision, listed, put, settle, uses

KOLKATA = ReaderSettings(zone=ZoneInfo("Asia/Kolkata"))
HONOLULU = ReaderSettings(zone=ZoneInfo("Pacific/Honolulu"))
AUCKLAND = ReaderSettings(zone=ZoneInfo("Pacific/Auckland"), hour_style=HourStyle.H24)
WEEKLY = parse_drop("weekly")
BEN = person(name="ben", channels=uses("phone"))


def page(rig: Rig, who: str | None = "asha", reader: ReaderSettings = KOLKATA, **asked: Any) -> AgendaPage:
    search = TitleSearch(text=asked.pop("search", ""))
    with rig.store.read() as tx:
        return agenda_page(tx, who, reader=reader, now=asked.pop("now", NOW), search=search, **asked)


def shown(found: AgendaPage) -> list[str]:
    """Return the page as lines: a heading with the names under it."""
    return [f"{group.heading}: {', '.join(entry.name for entry in group.entries)}" for group in found.groups]


def names(found: AgendaPage) -> list[str]:
    return [entry.name for group in found.groups for entry in group.entries]


def watch(rig: Rig, **dates: str) -> None:
    put(rig.store, listed(*(a_title(name, when) for name, when in dates.items())))


# Under which heading -------------------------------------------------------------------------------------------------


def test_days_come_first_then_spans_then_no_date(rig: Rig) -> None:
    watch(
        rig,
        Tba="TBA",
        Year="2026",
        Autumn="autumn 2025",
        Quarter="2025-Q4",
        Month="2025-10",
        Later="2025-08-02",
        Next="2025-07-03",
        Now="2025-07-02",
        Turn="2026-01-05",
    )
    assert shown(page(rig)) == [
        "Today: Now",
        "Tomorrow: Next",
        "Saturday, August 2: Later",
        "Monday, January 5, 2026: Turn",
        "Sometime in October 2025: Month",
        "Sometime in autumn 2025: Autumn",
        "Sometime in Q4 2025: Quarter",
        "Sometime in 2026: Year",
        "No date: Tba",
    ]


def test_a_month_is_never_a_day(rig: Rig) -> None:
    """Sorted as text it would stand before the first of it."""
    watch(rig, Coarse="2025-07", Dated="2025-07-31")
    assert shown(page(rig)) == ["Thursday, July 31: Dated", "Sometime in July 2025: Coarse"]
    assert [group.on for group in page(rig).groups] == [date(2025, 7, 31), None]


INSTANT = "2025-07-05 01:00 Asia/Kolkata"  # 19:30 UTC on July 4, 09:30 in Honolulu, 07:30 on July 5 in Auckland


@pytest.mark.parametrize(
    ("reader", "day", "countdown"),
    [
        (KOLKATA, date(2025, 7, 5), "in 3 days, 1:00 AM"),
        (HONOLULU, date(2025, 7, 4), "in 3 days, 9:30 AM"),
        (AUCKLAND, date(2025, 7, 5), "in 3 days, 07:30"),
    ],
)
def test_an_instant_stands_on_the_readers_day(rig: Rig, reader: ReaderSettings, day: date, countdown: str) -> None:
    watch(rig, Ballard=INSTANT)
    (group,) = page(rig, reader=reader).groups
    assert (group.on, group.entries[0].countdown) == (day, countdown)


COUNTDOWNS = {
    "2025-07-02": "today",
    "2025-07-03": "tomorrow",
    "2025-07-09": "in 7 days",
    "2025-07-02 08:00 Asia/Kolkata": "out since 8:00 AM",
    "2025-07-02 20:00 Asia/Kolkata": "today at 8:00 PM",
    "2025-07-03 20:00 Asia/Kolkata": "tomorrow at 8:00 PM",
    "2025-07-05 20:00 Asia/Kolkata": "in 3 days, 8:00 PM",
    "2025-08": "no day yet",
    "2025-06": "passed without a day",
    "TBA": "no date yet",
}


def test_the_countdown_says_no_more_than_is_known(rig: Rig) -> None:
    titles = [a_title(f"T{number}", when) for number, when in enumerate(COUNTDOWNS)]
    put(rig.store, listed(*titles))
    found = {entry.name: entry.countdown for group in page(rig).groups for entry in group.entries}
    assert [found[f"T{number}"] for number in range(len(COUNTDOWNS))] == list(COUNTDOWNS.values())


def test_episodes_are_named_and_what_has_no_day_stands_once(rig: Rig) -> None:
    dated = a_title("Silo", "2025-07-03", season=3, episodes=3, drop=WEEKLY, platform="Apple TV+")
    put(rig.store, listed(dated, a_title("Dark", "TBA", season=2, episodes=5, drop=WEEKLY)))
    found = page(rig)
    assert shown(found) == [
        "Tomorrow: Silo season 3",
        "Thursday, July 10: Silo season 3 episode 2",
        "Thursday, July 17: Silo season 3 finale",
        "No date: Dark season 2",
    ]
    assert [entry.facts for group in found.groups for entry in group.entries][:2] == [
        "episode 1 of 3 on Apple TV+",
        "on Apple TV+",
    ]


SPANS = ("TBA", "2025-05", "2025-08", "2025-Q4", "autumn 2025", "2026", "2026-03", "2027", "summer 2027", "2031")


def walked(rig: Rig, limit: int, **asked: Any) -> list[str]:
    """Return what has no day, as pages of so many show it one after another."""
    found: list[str] = []
    after: str | None = "undated"
    while after:
        part = page(rig, limit=limit, after=after, **asked)
        found += names(part)
        after = part.next
    return found


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_of_who_follows_much_what_has_no_day_is_read_in_windows_and_stands_as_of_others(
    rig: Rig, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    season = a_title("Dark", "2025-09", season=2, episodes=5, drop=WEEKLY)
    put(rig.store, listed(season, *(a_title(f"T{number:02}", SPANS[number % 10]) for number in range(23))))
    by_title, found = walked(rig, 100), walked(rig, 100, search="T1")
    assert (len(by_title), len(found)) == (24, 10)
    monkeypatch.setattr(pages, "FEW", 0)
    assert walked(rig, limit) == by_title
    assert walked(rig, limit, search="t1") == found
    assert walked(rig, limit, who=None) == by_title


# Whose ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("few", [0, 500], ids=["by date", "by title"])
def test_everybody_sees_what_they_follow_and_nothing_else(rig: Rig, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FEW", few)
    titles = [
        ListedEntry(title=a_title("Hers", "2025-07-03"), followers={"asha": None}),
        ListedEntry(title=a_title("His", "2025-08"), followers={"ben": None}),
        ListedEntry(title=a_title("Both", "TBA"), followers=None),
    ]
    put(rig.store, listed(*titles, people=[person(), BEN]))
    assert names(page(rig)) == ["Hers", "Both"]
    assert names(page(rig, "ben")) == ["His", "Both"]
    assert names(page(rig, "nobody")) == []
    everything = page(rig, None)
    assert names(everything) == ["Hers", "His", "Both"]
    assert [entry.who for group in everything.groups for entry in group.entries] == [
        ("asha",),
        ("ben",),
        ("asha", "ben"),
    ]
    for who in ("asha", "ben", "nobody"):
        assert names(page(rig, who, search="s")) == [name for name in names(page(rig, who)) if "s" in name]


def test_who_follows_nothing_is_told_apart_from_who_has_nothing_ahead(rig: Rig) -> None:
    put(rig.store, listed(a_title("Over", "2025-01-01"), people=[person()]))
    assert (page(rig).groups, page(rig).is_following) == ((), True)
    put(rig.store, listed(people=[person()]), NOW + timedelta(days=9))
    assert (page(rig).groups, page(rig).is_following) == ((), False)


def test_what_is_no_longer_listed_or_cancelled_does_not_come(rig: Rig) -> None:
    put(rig.store, listed(a_title("Gone", "2025-07-20"), a_title("Kept", "2025-07-20"), a_title("Off", cancelled=True)))
    put(rig.store, listed(a_title("Kept", "2025-07-20"), a_title("Off", cancelled=True)), NOW + timedelta(days=1))
    assert names(page(rig)) == ["Kept"]


# Searching -----------------------------------------------------------------------------------------------------------

SEARCHED = {
    "été": ["Été 85"],
    "ETE": ["Été 85"],
    "lodz": ["Łódź"],
    "the crown": ["The Crown"],
    "crown": ["The Crown"],
    "don't": ["Don't Look Up"],
    "dont look": ["Don't Look Up"],
    "%": ["100%"],
    "_": [],
    "'": ["Don't Look Up"],
    "зима": ["Зима"],
    "nothing": [],
}


def test_a_search_finds_whatever_the_case_and_the_accents(rig: Rig) -> None:
    put(rig.store, listed(*(a_title(name, "2025-08-01") for name in ("Été 85", "Łódź", "The Crown", "Don't Look Up"))))
    known = ("Été 85", "Łódź", "The Crown", "Don't Look Up", "100%", "Зима")
    put(rig.store, listed(*(a_title(name, "2025-08-01") for name in known)), NOW + timedelta(hours=1))
    assert {word: names(page(rig, search=word)) for word in SEARCHED} == SEARCHED
    assert len(names(page(rig, search="  "))) == len(known)


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (["Crown", "Second Crown"], ["Crown", "Second Crown"]),
        (["Kron"], []),
        (["Crown", "Corona"], ["Crown"]),
    ],
)
def test_a_search_that_keeps_the_names_knows_each_change_of_them(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, titles: list[str], found: list[str]
) -> None:
    monkeypatch.setattr(pages, "FEW", 0)  # so that the names of all titles are searched
    kept, mark = TitleNames(), ChangeMark(rig.store)
    with closing(mark):

        def searched() -> list[str]:
            search = TitleSearch(text="crown", names=kept.watched(mark.read()))
            with rig.store.read() as tx:
                return names(agenda_page(tx, "asha", reader=KOLKATA, now=NOW, search=search))

        watch(rig, Crown="2025-08-01")
        assert [searched(), searched()] == [["Crown"], ["Crown"]]
        put(rig.store, listed(*(a_title(name, "2025-08-01") for name in titles)), NOW + timedelta(hours=1))
        assert searched() == found


def test_names_are_read_once_while_nothing_changes_and_each_time_where_no_change_can_be_told(rig: Rig) -> None:
    watch(rig, Crown="2025-08-01")
    kept = TitleNames()
    with rig.store.read() as tx:
        assert kept.watched("1")(tx) is kept.watched("1")(tx)
        assert kept.watched("1")(tx) is not kept.watched("2")(tx)
        assert kept.watched(None)(tx) is not kept.watched(None)(tx)
        assert kept.watched("2")(tx) is not kept.known("2")(tx)


# Page by page --------------------------------------------------------------------------------------------------------

DATES = (
    *("2025-07-03 20:00 UTC", "2025-07-02", "2025-07-04", "TBA", "2025-07-02 23:30 UTC", "2025-08", "2025-07-02"),
    *(
        "2025-07-03 00:30 UTC",
        "2025-07-02",
        "2026",
        "2025-07-30",
        "2025-07-02",
        "TBA",
        "2025-07-04 09:00 UTC",
        "2025-08",
    ),
    *("2025-07-03", "2025-07-02", "TBA", "2025-07-02 10:00 UTC", "2025-Q4", "2025-07-03", "2025-07-03 12:00 UTC"),
)


def in_pages(rig: Rig, limit: int, **asked: Any) -> list[str]:
    """Return what stands on all the pages of so many releases, one after another."""
    found, after = [], None
    for _ in range(100):
        part = page(rig, limit=limit, after=after, **asked)
        assert 0 < len(names(part)) <= limit
        found += names(part)
        after = part.next
        if after is None:
            return found
    raise AssertionError(f"no end: {after}")


@pytest.mark.parametrize(("reader", "few"), [(KOLKATA, 0), (HONOLULU, 500), (AUCKLAND, 0)])
def test_pages_together_are_the_whole_list_in_its_order(
    rig: Rig, reader: ReaderSettings, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "FEW", few)
    put(rig.store, listed(*(a_title(f"T{number:02}", when) for number, when in enumerate(DATES))))
    whole = page(rig, reader=reader, limit=100)
    assert whole.next is None
    assert sorted(names(whole)) == sorted(
        f"T{number:02}" for number, when in enumerate(DATES) if _is_ahead(when, reader)
    )
    groups = [group.heading for group in whole.groups]
    assert len(groups) == len(set(groups))
    assert {limit: in_pages(rig, limit, reader=reader) for limit in range(1, 12)} == dict.fromkeys(
        range(1, 12), names(whole)
    )


def _is_ahead(when: str, reader: ReaderSettings) -> bool:
    on = a_title(when=when).premiere.day_in(reader.zone)
    return on is None or on >= reader.today(NOW)


def test_pages_of_a_search_are_pages_too(rig: Rig) -> None:
    put(rig.store, listed(*(a_title(f"{'AB'[number % 2]}{number:02}", when) for number, when in enumerate(DATES))))
    assert in_pages(rig, 2, search="b") == names(page(rig, search="b"))
    assert all(name.startswith("B") for name in names(page(rig, search="b")))


def test_a_page_can_begin_on_any_day_and_with_what_has_none(rig: Rig) -> None:
    watch(rig, Past="2025-06-20", Soon="2025-07-10", Later="2025-07-11", Month="2025-09", Tba="TBA")
    assert names(page(rig, after="2025-07-11")) == ["Later", "Month", "Tba"]
    assert names(page(rig, after="2025-06-01", limit=2)) == ["Past", "Soon"]
    assert names(page(rig, after="undated")) == ["Month", "Tba"]
    first = page(rig, limit=1)
    assert (names(first), first.has_undated) == (["Soon"], True)
    assert page(rig, limit=2).has_undated is False, "they are next anyway"


BAD = (
    "",
    "x",
    "2025-13-01",
    "0001-01-01",
    "9999-12-31",
    "2025-07-11.x",
    "undated.x",
    "2025-07-11.\u0663",
    ".5",
    "-1.-1",
)


def test_a_bad_cursor_shows_a_page_all_the_same(rig: Rig) -> None:
    watch(rig, Soon="2025-07-10", Later="2025-07-11", Tba="TBA")
    wrong = {text: names(page(rig, after=text)) for text in BAD}
    assert {text: found for text, found in wrong.items() if found[-1:] != ["Tba"]} == {}
    assert wrong["x"] == wrong["9999-12-31"] == ["Soon", "Later", "Tba"]


def test_a_release_that_has_left_its_day_repeats_the_day(rig: Rig) -> None:
    watch(rig, A="2025-07-10", B="2025-07-10", C="2025-07-10")
    after = page(rig, limit=2).next
    watch(rig, A="2025-07-10", B="2025-09-10", C="2025-07-10")
    assert names(page(rig, after=after))[:2] == ["A", "C"]
    assert AgendaCursor.parse(after, date(2025, 7, 2)).on == date(2025, 7, 10)


def test_a_release_that_has_left_its_span_repeats_the_span(rig: Rig) -> None:
    watch(rig, A="2025-09", B="2025-10", C="2025-10", D="2025-Q4", E="TBA")
    after = page(rig, limit=2).next
    assert names(page(rig, after=after)) == ["C", "D", "E"]
    watch(rig, A="2025-09", B="TBA", C="2025-10", D="2025-Q4", E="TBA")
    assert names(page(rig, after=after)) == ["C", "D", "B", "E"]


# What stands beside it -----------------------------------------------------------------------------------------------


def beside(rig: Rig, **asked: Any) -> dict[str, tuple[str, str, str]]:
    found = page(rig, **asked)
    return {entry.name: (entry.moved, entry.told, entry.quiet) for group in found.groups for entry in group.entries}


MOVES = {
    ("2025-07-20", "2025-07-09"): "moved from July 20",
    ("2025-07-09 20:00 Asia/Kolkata", "2025-07-09 21:30 Asia/Kolkata"): "moved from 8:00 PM",
    ("2025-12-20", "2026-01-09"): "moved from December 20",
    ("2025-07-20", "2025-08"): "no longer July 20",
    ("2025-08", "2025-10"): "moved from August 2025",
    ("2025-Q3", "2026-Q1"): "moved from Q3 2025",
    ("2025-08", "2025-08-20"): "date announced",
    ("2025-08", "2025-Q3"): "",
    ("2025-07-09", "2025-07-09 20:00 Asia/Kolkata"): "",
    ("TBA", "2025-08-20"): "",
}


def test_a_date_says_how_it_moved_lately(rig: Rig) -> None:
    put(rig.store, listed(*(a_title(f"T{number}", before) for number, (before, _) in enumerate(MOVES))))
    put(rig.store, listed(*(a_title(f"T{number}", after) for number, (_, after) in enumerate(MOVES))), NOW + HOUR)
    found = beside(rig, now=NOW + 2 * HOUR)
    assert [found[f"T{number}"][0] for number in range(len(MOVES))] == list(MOVES.values())
    later = beside(rig, now=NOW + timedelta(days=15), after="2025-07-02")
    assert {moved for moved, _, _ in later.values()} == {""}


HOUR = timedelta(hours=1)


def test_a_date_that_went_and_came_back_has_not_moved(rig: Rig) -> None:
    for hours, when in enumerate(("2025-07-20", "2025-07-25", "2025-07-20")):
        put(rig.store, listed(a_title("Ballard", when)), NOW + hours * HOUR)
    assert beside(rig, now=NOW + 3 * HOUR)["Ballard"][0] == ""


def test_who_was_told_of_this_date_sees_when_and_where(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[person(channels=uses("mail", "phone")), BEN]))
    with rig.store.write() as tx:
        case = case_of(tx)
        settle(tx, case, decision(case, channels=("mail", "phone")))
    assert beside(rig)["Ballard"][1] == "", "nothing has arrived"
    deliver(rig)
    assert beside(rig, now=NOW + HOUR)["Ballard"][1] == "told at 9:00 AM over mail and phone"
    assert beside(rig, now=NOW + timedelta(days=3))["Ballard"][1] == "told on July 2 over mail and phone"
    assert page(rig, "ben").groups[0].entries[0].told == "", "that was another person"
    put(rig.store, listed(a_title(when="2025-07-16"), people=[person(channels=uses("mail", "phone")), BEN]), NOW + HOUR)
    assert beside(rig, now=NOW + HOUR)["Ballard"][:2] == ("moved from July 9", ""), "of this date nobody has heard"


def deliver(rig: Rig) -> None:
    """Have everything that is due arrive."""
    with rig.store.write() as tx:
        numbers = list(tx.execute(select(delivery.c.id)).scalars())
        claim(tx, numbers, "me", NOW)
        record(tx, [DeliveryOutcome(id=id_, attempt=1, state=State.SENT, reason=None) for id_ in numbers], "me", NOW)


def test_what_is_muted_or_paused_says_so(rig: Rig) -> None:
    config_muted = person(muted=frozenset({"config"}))
    watched = [a_title(name, "2025-07-09") for name in ("Config", "Muted", "Paused", "Over", "Plain")]
    put(rig.store, listed(*watched, people=[config_muted, BEN]))
    with rig.store.write() as tx:
        ids = {entry.name: entry.title_id for group in agenda_of(tx).groups for entry in group.entries}
        mute(tx, ids["Muted"], "asha", QuietSource(muted_at=NOW), NOW)
        mute(tx, ids["Paused"], "asha", QuietSource(paused_until=NOW + timedelta(days=3)), NOW)
        mute(tx, ids["Over"], "asha", QuietSource(paused_until=NOW - HOUR), NOW)
    assert {name: quiet for name, (_, _, quiet) in beside(rig).items()} == {
        "Config": "muted",
        "Muted": "muted",
        "Paused": "paused until July 5",
        "Over": "",
        "Plain": "",
    }
    assert {entry.quiet for entry in page(rig, "ben").groups[0].entries} == {""}


def agenda_of(tx: Connection) -> AgendaPage:
    return agenda_page(tx, "asha", reader=KOLKATA, now=NOW)


# A month -------------------------------------------------------------------------------------------------------------


def month(rig: Rig, text: str, who: str | None = "asha", reader: ReaderSettings = KOLKATA) -> MonthPage:
    with rig.store.read() as tx:
        return month_of(tx, who, CalendarMonth.parse(text, reader.today(NOW)), reader=reader, now=NOW)


def days(found: MonthPage) -> dict[int, list[str]]:
    """Return the days of a month on which anything stands."""
    cells = [day for week in found.weeks for day in week if day is not None]
    return {
        day.on.day: [f"{entry.name} {entry.clock}".strip() for entry in day.entries] for day in cells if day.entries
    }


def test_a_month_is_weeks_from_monday_on(rig: Rig) -> None:
    put(rig.store, listed(people=[person()]))
    found = month(rig, "2025-07")
    assert [[day.on.day if day else 0 for day in week] for week in found.weeks] == [
        [0, 1, 2, 3, 4, 5, 6],
        [7, 8, 9, 10, 11, 12, 13],
        [14, 15, 16, 17, 18, 19, 20],
        [21, 22, 23, 24, 25, 26, 27],
        [28, 29, 30, 31, 0, 0, 0],
    ]
    assert [day.on.day for week in found.weeks for day in week if day and day.is_today] == [2]
    assert (str(found.before), str(found.after)) == ("2025-06", "2025-08")
    assert [len(month(rig, text).weeks) for text in ("2027-02", "2026-02", "2026-03")] == [4, 5, 6]
    assert {
        text: str(month(rig, text).month) for text in ("", "x", "2025-13", "9999-01", "2025-07-01")
    } == dict.fromkeys(("", "x", "2025-13", "9999-01", "2025-07-01"), "2025-07")
    assert month(rig, "1970-01").before is None
    assert month(rig, "2200-12").after is None


def test_a_day_holds_four_and_counts_the_rest(rig: Rig) -> None:
    put(rig.store, listed(*(a_title(f"T{number:02}", "2025-07-09") for number in range(21))))
    found = month(rig, "2025-07")
    (day,) = [day for week in found.weeks for day in week if day and day.entries]
    assert (len(day.entries), day.more, day.cursor, day.name) == (4, 17, "2025-07-09", "Wednesday, July 9")
    assert len(names(page(rig, after=day.cursor))) == 21


def test_an_instant_stands_on_the_readers_day_of_the_month_too(rig: Rig) -> None:
    watch(rig, First="2025-07-01 01:00 Asia/Kolkata", Last="2025-07-31 23:00 Pacific/Honolulu", Day="2025-07-31")
    assert days(month(rig, "2025-07")) == {1: ["First 1:00 AM"], 31: ["Day"]}
    assert days(month(rig, "2025-08")) == {1: ["Last 2:30 PM"]}
    assert days(month(rig, "2025-06", reader=HONOLULU)) == {30: ["First 9:30 AM"]}
    assert days(month(rig, "2025-07", reader=HONOLULU)) == {31: ["Day", "Last 11:00 PM"]}


def test_what_has_no_day_stands_below_the_month_it_may_be_in(rig: Rig) -> None:
    watch(
        rig, July="2025-07", August="2025-08", Q3="2025-Q3", Q4="2025-Q4", Summer="summer 2025", Year="2025", Tba="TBA"
    )
    for text, wanted in {
        "2025-07": ["July", "Summer", "Q3"],
        "2025-08": ["August", "Summer", "Q3"],
        "2025-09": ["Q3"],
        "2025-06": ["Summer"],
        "2025-11": ["Q4"],
        "2025-05": [],
    }.items():
        found = month(rig, text)
        assert days(found) == {}
        assert [entry.name for group in found.sometime for entry in group.entries] == wanted


@pytest.mark.parametrize("few", [0, 500], ids=["by date", "by title"])
def test_a_month_is_everybodys_own(rig: Rig, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FEW", few)
    titles = [
        ListedEntry(title=a_title("Hers", "2025-07-03"), followers={"asha": None}),
        ListedEntry(title=a_title("His", "2025-07-03"), followers={"ben": None}),
        ListedEntry(title=a_title("His month", "2025-07"), followers={"ben": None}),
    ]
    put(rig.store, listed(*titles, people=[person(), BEN]))
    assert (days(month(rig, "2025-07")), month(rig, "2025-07").sometime) == ({3: ["Hers"]}, ())
    assert days(month(rig, "2025-07", "ben")) == {3: ["His"]}
    assert days(month(rig, "2025-07", None)) == {3: ["Hers", "His"]}
    assert days(month(rig, "2025-07", "nobody")) == {}


def test_a_month_of_very_many_is_cut_below(rig: Rig) -> None:
    put(rig.store, listed(*(a_title(f"T{number:02}", "2025-07") for number in range(45))))
    found = month(rig, "2025-07")
    assert (sum(len(group.entries) for group in found.sometime), found.more) == (40, 5)
