"""The words, whole: what each kind of message says to one reader at one instant (SPEC 2, 5, 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import HourStyle, Kind, Release, Role, Title, TitleKind
from reminder.core.model.lead import Lead
from reminder.core.schedule.season import finale_of, parse_drop
from reminder.core.text.markup import clean
from reminder.core.text.message import (
    ReaderSettings,
    Topic,
    Words,
    compose,
    compose_alarm,
    compose_digest,
    compose_test,
    compose_trouble,
)

KOLKATA = ReaderSettings(zone=ZoneInfo("Asia/Kolkata"))
AUCKLAND = ReaderSettings(zone=ZoneInfo("Pacific/Auckland"))
HONOLULU = ReaderSettings(zone=ZoneInfo("Pacific/Honolulu"))
SAO_PAULO = ReaderSettings(zone=ZoneInfo("America/Sao_Paulo"), hour_style=HourStyle.H24)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")

BALLARD = Title(key="ballard", name="Ballard", platform="Prime Video", episodes=10)
JULY_9 = When.day(date(2025, 7, 9))
MIDNIGHT_LA = When.exact(datetime(2025, 7, 9, tzinfo=LOS_ANGELES), LOS_ANGELES)
SEASON = Release(first=1, last=10, total=10, when=JULY_9)
EPISODE = replace(SEASON, first=3, last=3, role=Role.EPISODE, label="episode 3")


def at(
    reader: ReaderSettings, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    """Return a local time of the reader as an instant."""
    return datetime(year, month, day, hour, minute, second, tzinfo=reader.zone).astimezone(UTC)


def reminder(
    when: When, now: datetime, reader: ReaderSettings = KOLKATA, lead: str | None = None, title: Title = BALLARD
) -> Words:
    topic = Topic(
        kind=Kind.REMINDER,
        title=title,
        release=replace(SEASON, when=when),
        lead=Lead.parse(lead) if lead else None,
    )
    return compose(topic, reader, now)


def notice(kind: Kind, heard: When | None, when: When, release: Release = SEASON, title: Title = BALLARD) -> Words:
    topic = Topic(kind=kind, title=title, release=replace(release, when=when), heard=heard)
    return compose(topic, KOLKATA, at(KOLKATA, 2025, 7, 2, 9))


@pytest.mark.parametrize(
    ("release", "subject"),
    [
        (Release(season=2026, first=1, last=1), "Late Talk 2026 premieres in 7 days"),
        (
            Release(season=2026, first=232, last=232, role=Role.EPISODE),
            "Late Talk 2026 episode 232 comes out in 7 days",
        ),
        (
            Release(season=2026, first=240, last=240, role=Role.FINALE),
            "The finale of Late Talk 2026 comes out in 7 days",
        ),
        (Release(season=52, first=3, last=3, role=Role.EPISODE), "Late Talk season 52 episode 3 comes out in 7 days"),
    ],
)
def test_a_season_that_is_counted_by_years_is_called_by_its_year(release: Release, subject: str) -> None:
    topic = Topic(
        kind=Kind.REMINDER, title=Title(key="late talk", name="Late Talk"), release=replace(release, when=JULY_9)
    )
    assert compose(topic, KOLKATA, at(KOLKATA, 2025, 7, 2, 9)).subject == subject


@pytest.mark.parametrize(
    ("today", "subject"),
    [
        ((2025, 6, 9), "Ballard premieres in 30 days"),
        ((2025, 7, 2), "Ballard premieres in 7 days"),
        ((2025, 7, 7), "Ballard premieres in 2 days"),
        ((2025, 7, 8), "Ballard premieres tomorrow"),
        ((2025, 7, 9), "Ballard is out today"),
        ((2025, 7, 10), "Ballard came out yesterday"),
        ((2025, 7, 12), "Ballard came out 3 days ago"),
    ],
)
@pytest.mark.parametrize("hour", [(0, 0), (9, 0), (23, 59)])
def test_a_day_is_counted_between_local_dates(today: tuple[int, ...], hour: tuple[int, int], subject: str) -> None:
    for reader in (KOLKATA, AUCKLAND, HONOLULU):
        assert reminder(JULY_9, at(reader, *(*today, *hour)), reader).subject == subject


@pytest.mark.parametrize(
    ("reader", "local", "lead", "subject"),
    [
        (AUCKLAND, (2025, 7, 2, 9), "7d", "Ballard premieres in 7 days"),
        (AUCKLAND, (2025, 7, 8, 9), "1d", "Ballard premieres tomorrow at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 9), "day", "Ballard premieres today at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 17), "2h", "Ballard premieres in 2 hours, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 17, 0, 40), "2h", "Ballard premieres in 2 hours, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 17, 30), "2h", "Ballard premieres in 1 hour and 30 minutes, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 18, 15), "45m", "Ballard premieres in 45 minutes, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 18, 59, 59), "45m", "Ballard premieres in 1 minute, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 8, 22), "21h", "Ballard premieres in 21 hours, tomorrow at 7:00 PM"),
        (AUCKLAND, (2025, 7, 6, 19), "72h", "Ballard premieres in 72 hours, on July 9 at 7:00 PM"),
        (AUCKLAND, (2025, 7, 9, 19), "release", "Ballard is out (since 7:00 PM)"),
        (AUCKLAND, (2025, 7, 9, 19, 30), "2h", "Ballard is out (since 7:00 PM)"),
        (AUCKLAND, (2025, 7, 9, 21), "+2h", "Ballard came out 2 hours ago, at 7:00 PM"),
        (AUCKLAND, (2025, 7, 10, 1), "+6h", "Ballard came out 6 hours ago, yesterday at 7:00 PM"),
        (AUCKLAND, (2025, 7, 10, 9), "+1d", "Ballard came out yesterday"),
        (AUCKLAND, (2025, 7, 14, 9), "+2h", "Ballard came out 5 days ago"),
        (KOLKATA, (2025, 7, 9, 9), "day", "Ballard premieres today at 12:30 PM"),
        (KOLKATA, (2025, 7, 9, 13), "day", "Ballard is out (since 12:30 PM)"),
        (HONOLULU, (2025, 7, 7, 23, 59), "1d", "Ballard premieres tomorrow at 9:00 PM"),
        (HONOLULU, (2025, 7, 8, 9), "day", "Ballard premieres today at 9:00 PM"),
        (HONOLULU, (2025, 7, 9, 0, 1), "release", "Ballard came out yesterday"),
        (SAO_PAULO, (2025, 7, 9, 3), "day", "Ballard premieres today at 04:00"),
        (SAO_PAULO, (2025, 7, 9, 9), "day", "Ballard is out (since 04:00)"),
    ],
)
def test_an_instant_is_told_in_the_readers_day_and_hours(
    reader: ReaderSettings, local: tuple[int, ...], lead: str, subject: str
) -> None:
    assert reminder(MIDNIGHT_LA, at(reader, *local), reader, lead).subject == subject


@pytest.mark.parametrize(
    ("title", "release", "subject", "facts"),
    [
        (BALLARD, SEASON, "Ballard premieres tomorrow", "Wednesday, July 9, 2025: all 10 episodes on Prime Video"),
        (
            replace(BALLARD, season=2),
            replace(SEASON, season=2, last=2),
            "Ballard season 2 premieres tomorrow",
            "Wednesday, July 9, 2025: episodes 1 and 2 of 10 on Prime Video",
        ),
        (
            replace(BALLARD, season=2, platform=None),
            EPISODE,
            "Ballard season 2 episode 3 comes out tomorrow",
            "Wednesday, July 9, 2025: episode 3 of 10",
        ),
        (
            BALLARD,
            replace(EPISODE, first=5, last=7, total=None),
            "Ballard episodes 5 to 7 come out tomorrow",
            "Wednesday, July 9, 2025: episodes 5 to 7 on Prime Video",
        ),
        (
            BALLARD,
            replace(EPISODE, first=10, last=10, role=Role.FINALE),
            "The finale of Ballard comes out tomorrow",
            "Wednesday, July 9, 2025: episode 10 of 10 on Prime Video",
        ),
        (
            replace(BALLARD, kind=TitleKind.FILM, platform="cinemas"),
            Release(when=JULY_9),
            "Ballard premieres tomorrow",
            "Wednesday, July 9, 2025, in cinemas",
        ),
        (
            replace(BALLARD, name="iZombie", kind=TitleKind.GAME, platform="on Steam"),
            Release(when=JULY_9),
            "iZombie comes out tomorrow",
            "Wednesday, July 9, 2025, on Steam",
        ),
        (
            replace(BALLARD, platform=None),
            Release(when=JULY_9, last=1, total=1),
            "Ballard premieres tomorrow",
            "Wednesday, July 9, 2025: 1 episode",
        ),
        (
            replace(BALLARD, name="1899", platform=None),
            Release(when=JULY_9),
            "1899 premieres tomorrow",
            "Wednesday, July 9, 2025",
        ),
    ],
)
def test_each_release_has_its_name_its_verb_and_its_drop(
    title: Title, release: Release, subject: str, facts: str
) -> None:
    words = compose(Topic(kind=Kind.REMINDER, title=title, release=release), KOLKATA, at(KOLKATA, 2025, 7, 8, 9))
    assert (words.subject, words.plain(), words.brief) == (subject, facts, facts)


def test_several_episodes_are_out() -> None:
    release = replace(EPISODE, last=4)
    words = compose(Topic(kind=Kind.REMINDER, title=BALLARD, release=release), KOLKATA, at(KOLKATA, 2025, 7, 9, 9))
    assert words.subject == "Ballard episodes 3 and 4 are out today"


@pytest.mark.parametrize(
    ("reader", "facts"),
    [
        (AUCKLAND, "Wednesday, July 9, 2025, at 7:00 PM NZST: all 10 episodes on Prime Video"),
        (KOLKATA, "Wednesday, July 9, 2025, at 12:30 PM IST: all 10 episodes on Prime Video"),
        (HONOLULU, "Tuesday, July 8, 2025, at 9:00 PM HST: all 10 episodes on Prime Video"),
        (SAO_PAULO, "Wednesday, July 9, 2025, at 04:00 Sao Paulo time: all 10 episodes on Prime Video"),
        (
            ReaderSettings(zone=ZoneInfo("UTC")),
            "Wednesday, July 9, 2025, at 7:00 AM UTC: all 10 episodes on Prime Video",
        ),
        (
            ReaderSettings(zone=ZoneInfo("Etc/GMT+5"), hour_style=HourStyle.H24),
            "Wednesday, July 9, 2025, at 02:00 UTC-05: all 10 episodes on Prime Video",
        ),
    ],
)
def test_the_body_gives_the_time_with_the_readers_zone(reader: ReaderSettings, facts: str) -> None:
    assert reminder(MIDNIGHT_LA, at(reader, 2025, 7, 1, 9), reader).plain() == facts


def test_the_body_ends_with_the_note_and_the_link() -> None:
    title = replace(BALLARD, note="Watch *Bosch* first.\n\n  Then this.", link="https://example.com/b_1")
    words = reminder(JULY_9, at(KOLKATA, 2025, 7, 2, 9), title=title)
    assert words.plain() == (
        "Wednesday, July 9, 2025: all 10 episodes on Prime Video\n"
        "Watch *Bosch* first.\n"
        "Then this.\n"
        "https://example.com/b_1"
    )
    assert words.markdown() == (
        "Wednesday, July 9, 2025: all 10 episodes on Prime Video  \n"
        "Watch \\*Bosch\\* first.  \n"
        "Then this.  \n"
        "<https://example.com/b_1>"
    )
    assert words.html() == (
        "<p>Wednesday, July 9, 2025: all 10 episodes on Prime Video<br>\n"
        "Watch *Bosch* first.<br>\n"
        "Then this.<br>\n"
        '<a href="https://example.com/b_1">https://example.com/b_1</a></p>'
    )
    assert words.link == "https://example.com/b_1"


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    words = reminder(JULY_9, at(KOLKATA, 2025, 7, 2), title=replace(BALLARD, link="javascript:alert(1)"))
    assert words.link is None
    assert "javascript" not in words.plain() + words.html() + words.markdown()


@pytest.mark.parametrize(
    ("when", "subject", "body"),
    [
        (
            When.month(2025, 7),
            "Ballard is expected in July 2025; no day is known yet",
            "Sometime in July 2025: all 10 episodes on Prime Video",
        ),
        (
            When.quarter(2025, 3),
            "Ballard is expected in Q3 2025; no day is known yet",
            "Sometime in Q3 2025: all 10 episodes on Prime Video",
        ),
        (
            When.season(2025, "summer"),
            "Ballard is expected sometime in summer 2025; no day is known yet",
            "Sometime in summer 2025: all 10 episodes on Prime Video",
        ),
        (
            When.month(2025, 6),
            "Ballard was expected in June 2025; no day is known",
            "Sometime in June 2025: all 10 episodes on Prime Video",
        ),
    ],
)
def test_a_window_says_what_is_expected_and_no_day(when: When, subject: str, body: str) -> None:
    words = notice(Kind.WINDOW, None, when)
    assert (words.subject, words.plain()) == (subject, body)


@pytest.mark.parametrize(
    ("kind", "heard", "when", "subject", "body"),
    [
        (
            Kind.ANNOUNCED,
            When.season(2025, "summer"),
            JULY_9,
            "Ballard now has a date: Wednesday, July 9, 2025, in 7 days",
            "Ballard premieres in 7 days.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.ANNOUNCED,
            None,
            MIDNIGHT_LA,
            "Ballard now has a date: Wednesday, July 9, 2025, in 7 days",
            "Ballard premieres in 7 days.\nWednesday, July 9, 2025, at 12:30 PM IST: all 10 episodes on Prime Video",
        ),
        (
            Kind.ANNOUNCED,
            UNKNOWN,
            When.day(date(2025, 7, 3)),
            "Ballard now has a date: Thursday, July 3, 2025, tomorrow",
            "Ballard premieres tomorrow.\nThursday, July 3, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.ANNOUNCED,
            CANCELLED,
            JULY_9,
            "Ballard is on again: Wednesday, July 9, 2025, in 7 days",
            "Ballard premieres in 7 days.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.ANNOUNCED,
            When.day(date(2024, 7, 9)),
            JULY_9,
            "Ballard has a new date: Wednesday, July 9, 2025, in 7 days",
            "Ballard premieres in 7 days.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.MOVED,
            JULY_9,
            When.day(date(2025, 8, 1)),
            "Ballard moved from July 9 to August 1, 2025",
            "Ballard premieres in 30 days.\nFriday, August 1, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.MOVED,
            JULY_9,
            When.day(date(2026, 1, 5)),
            "Ballard moved from July 9, 2025, to January 5, 2026",
            "Ballard premieres in 187 days.\nMonday, January 5, 2026: all 10 episodes on Prime Video",
        ),
        (
            Kind.MOVED,
            When.exact(datetime(2025, 7, 2, 13, 30, tzinfo=UTC)),
            When.exact(datetime(2025, 7, 2, 15, 30, tzinfo=UTC)),
            "Ballard moved from 7:00 PM to 9:00 PM on July 2, 2025",
            "Ballard premieres today at 9:00 PM.\n"
            "Wednesday, July 2, 2025, at 9:00 PM IST: all 10 episodes on Prime Video",
        ),
        (
            Kind.MOVED,
            MIDNIGHT_LA,
            JULY_9,
            "Ballard stays on July 9, 2025, but its time is no longer known",
            "Ballard premieres in 7 days.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.MOVED,
            When.month(2025, 7),
            When.season(2025, "fall"),
            "Ballard moved from July 2025 to fall 2025",
            "Ballard is expected sometime in fall 2025; no day is known yet.\n"
            "Sometime in fall 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.WITHDRAWN,
            JULY_9,
            When.season(2025, "fall"),
            "Ballard no longer has a date: July 9 was withdrawn; now expected in fall 2025",
            "Ballard is expected sometime in fall 2025; no day is known yet.\n"
            "Sometime in fall 2025: all 10 episodes on Prime Video",
        ),
        (
            Kind.WITHDRAWN,
            JULY_9,
            When.year(2026),
            "Ballard no longer has a date: July 9 was withdrawn; now expected in 2026",
            "Ballard is expected sometime in 2026; no day is known yet.\n"
            "Sometime in 2026: all 10 episodes on Prime Video",
        ),
        (
            Kind.WITHDRAWN,
            When.day(date(2026, 1, 5)),
            UNKNOWN,
            "Ballard no longer has a date: January 5, 2026, was withdrawn; no new date is known",
            "Ballard has no date yet.\nAll 10 episodes on Prime Video",
        ),
        (
            Kind.CANCELLED,
            JULY_9,
            CANCELLED,
            "Ballard has been cancelled",
            "It was due on Wednesday, July 9, 2025.",
        ),
        (
            Kind.CANCELLED,
            MIDNIGHT_LA,
            CANCELLED,
            "Ballard has been cancelled",
            "It was due on Wednesday, July 9, 2025, at 12:30 PM IST.",
        ),
        (
            Kind.CANCELLED,
            When.quarter(2025, 3),
            CANCELLED,
            "Ballard has been cancelled",
            "It was expected in Q3 2025.",
        ),
        (
            Kind.CANCELLED,
            UNKNOWN,
            CANCELLED,
            "Ballard has been cancelled",
            "No date was known for it.",
        ),
    ],
)
def test_a_notice_goes_from_the_date_last_heard_to_the_present_one(
    kind: Kind, heard: When | None, when: When, subject: str, body: str
) -> None:
    words = notice(kind, heard, when)
    assert (words.subject, words.plain()) == (subject, body)


def test_a_cancelled_title_is_cancelled_whole_and_not_by_its_next_episode() -> None:
    title = replace(BALLARD, season=2, cancelled=True)
    words = notice(Kind.CANCELLED, JULY_9, CANCELLED, replace(EPISODE, season=2), title)
    assert words.subject == "Ballard season 2 has been cancelled"
    assert words.plain() == "Ballard season 2 episode 3 was due on Wednesday, July 9, 2025."


def test_a_notice_says_how_many_releases_it_stands_for() -> None:
    release = replace(EPISODE, when=When.day(date(2025, 7, 16)))
    topic = Topic(kind=Kind.MOVED, title=BALLARD, release=release, heard=JULY_9, others=7)
    words = compose(topic, KOLKATA, at(KOLKATA, 2025, 7, 2, 9))
    assert words.subject == "Ballard episode 3 moved from July 9 to July 16, 2025"
    assert words.plain() == (
        "Ballard episode 3 comes out in 14 days.\n"
        "Wednesday, July 16, 2025: episode 3 of 10 on Prime Video\n"
        "7 later releases changed with it."
    )


FINALES = [
    ("2025-07-02", "weekly", (2025, 7, 2), "; the finale comes out on September 10, 2025"),
    ("2025-07-02", "daily", (2025, 7, 2), "; the finale comes out on July 12, 2025"),
    ("2025-07-02", "all", (2025, 7, 2), ""),  # it has none
    ("2025-07-02", "daily", (2025, 8, 2), ""),  # it is out
]


@pytest.mark.parametrize(("premiere", "drop", "today", "finale"), FINALES)
def test_a_notice_of_many_releases_names_the_day_of_the_finale(
    premiere: str, drop: str, today: tuple[int, int, int], finale: str
) -> None:
    title = replace(BALLARD, episodes=11, premiere=parse_when(premiere), drop=parse_drop(drop))
    release = replace(EPISODE, when=When.day(date(2025, 7, 16)))
    topic = Topic(
        kind=Kind.MOVED, title=title, release=release, heard=JULY_9, others=3, finale=finale_of(title, release)
    )
    words = compose(topic, KOLKATA, at(KOLKATA, *today, 9))
    assert words.plain().splitlines()[-1] == f"3 later releases changed with it{finale}."


@pytest.mark.parametrize(
    ("when", "local", "subject", "body"),
    [
        (
            JULY_9,
            (2025, 7, 19, 9),
            "While I was away: Ballard came out on July 9",
            "Ballard came out 10 days ago.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            JULY_9,
            (2025, 7, 9, 23),
            "While I was away: Ballard is out today",
            "Ballard is out today.\nWednesday, July 9, 2025: all 10 episodes on Prime Video",
        ),
        (
            When.day(date(2024, 12, 30)),
            (2025, 1, 2, 9),
            "While I was away: Ballard came out on December 30, 2024",
            "Ballard came out 3 days ago.\nMonday, December 30, 2024: all 10 episodes on Prime Video",
        ),
    ],
)
def test_what_was_missed_is_told_once_with_its_day(when: When, local: tuple[int, ...], subject: str, body: str) -> None:
    topic = Topic(kind=Kind.MISSED, title=BALLARD, release=replace(SEASON, when=when))
    words = compose(topic, KOLKATA, at(KOLKATA, *local))
    assert (words.subject, words.plain()) == (subject, body)


def test_a_missed_finale_stands_in_the_middle_of_its_sentence() -> None:
    release = replace(EPISODE, first=10, last=10, role=Role.FINALE)
    words = compose(Topic(kind=Kind.MISSED, title=BALLARD, release=release), KOLKATA, at(KOLKATA, 2025, 7, 11, 9))
    assert words.subject == "While I was away: the finale of Ballard came out on July 9"


@pytest.mark.parametrize("kind", [Kind.DIGEST, Kind.TROUBLE, Kind.TEST])
def test_what_is_not_about_a_release_is_not_composed_as_one(kind: Kind) -> None:
    with pytest.raises(ValueError, match=f"kind {kind} is not about a release"):
        notice(kind, None, JULY_9)


def test_a_digest_lists_its_messages_in_the_order_of_their_dates() -> None:
    now = at(KOLKATA, 2025, 7, 2, 9)
    severance = replace(BALLARD, name="Severance", season=3, platform=None, link="https://example.com/s")
    items = [
        notice(Kind.WITHDRAWN, JULY_9, UNKNOWN, title=replace(BALLARD, name="Dune")),
        reminder(JULY_9, now),
        reminder(When.day(date(2025, 7, 3)), now, title=severance),
        notice(Kind.MOVED, JULY_9, When.day(date(2025, 8, 1)), title=replace(BALLARD, name="Andor")),
    ]
    words = compose_digest(items)
    assert words.subject == "4 reminders: Severance season 3, Ballard and 2 more"
    assert words.plain() == (
        "- Severance season 3 premieres tomorrow (Thursday, July 3, 2025: all 10 episodes)\n"
        "  https://example.com/s\n"
        "- Ballard premieres in 7 days (Wednesday, July 9, 2025: all 10 episodes on Prime Video)\n"
        "- Andor moved from July 9 to August 1, 2025 (premieres in 30 days)\n"
        "- Dune no longer has a date: July 9 was withdrawn; no new date is known"
    )
    assert words.html().count("<li>") == 4


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        (["A", "B"], "2 reminders: A and B"),
        (["A", "A"], "2 reminders: A"),
        (["A", "B", "C"], "3 reminders: A, B and C"),
        (["Ballard", "Severance", *"CDEFGHI"], "9 reminders: Ballard, Severance and 7 more"),
    ],
)
def test_a_digest_names_the_first_titles(names: list[str], subject: str) -> None:
    items = [reminder(JULY_9, at(KOLKATA, 2025, 7, 2, 9), title=replace(BALLARD, name=name)) for name in names]
    assert compose_digest(items).subject == subject


def test_a_digest_of_one_is_that_message_and_of_none_is_an_error() -> None:
    only = reminder(JULY_9, at(KOLKATA, 2025, 7, 2, 9))
    assert compose_digest([only]) is only
    with pytest.raises(ValueError, match="nothing"):
        compose_digest([])


def test_trouble_says_which_channel_since_when_why_and_what_to_do() -> None:
    since_at, now = at(KOLKATA, 2025, 7, 1, 9), at(KOLKATA, 2025, 7, 2, 9)
    words = compose_trouble("phone", "HTTP 401 Unauthorized", KOLKATA, now, since_at=since_at, waiting=3)
    assert words.subject == "Channel phone is not working"
    assert words.plain() == (
        "It has failed since Tuesday, July 1, 2025, at 9:00 AM IST: HTTP 401 Unauthorized.\n"
        "What to do: check its address and its secrets, restart reminder if a secret was renewed, "
        "then run: reminder test phone\n"
        "3 messages wait for it, each tried again every hour while it is still useful."
    )


def test_trouble_with_nothing_waiting_and_advice_of_its_own() -> None:
    now = at(SAO_PAULO, 2025, 7, 2, 9)
    words = compose_trouble("my phone", "no secret", SAO_PAULO, now, advice="set TELEGRAM_TOKEN")
    assert words.plain() == (
        "It has failed since Wednesday, July 2, 2025, at 09:00 Sao Paulo time: no secret.\n"
        "What to do: set TELEGRAM_TOKEN\n"
        "Nothing waits for it now; what comes due is tried again every hour while it is still useful."
    )


def test_a_single_waiting_message_waits() -> None:
    words = compose_trouble("my phone", "gone", KOLKATA, at(KOLKATA, 2025, 7, 2, 9), waiting=1)
    assert "then run: reminder test 'my phone'\n1 message waits for it, tried again every hour" in words.plain()


def test_an_alarm_has_the_lines_it_is_given() -> None:
    words = compose_alarm("The disk is full", "Nothing can be recorded.", "", "Free some space on /var.")
    assert (words.subject, words.plain()) == (
        "The disk is full",
        "Nothing can be recorded.\nFree some space on /var.",
    )


def test_a_test_message_names_its_channel_and_the_hour() -> None:
    words = compose_test("phone", at(KOLKATA, 2025, 7, 2, 9), KOLKATA)
    assert words.subject == "A test of channel phone"
    assert words.plain() == (
        "If you can read this, reminders reach you over phone.\n\nSent on Wednesday, July 2, 2025, at 9:00 AM IST."
    )


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("<b>Bold</b> & *stars*", "<b>Bold</b> & *stars* premieres in 7 days"),
        ("🎬 Ballard", "🎬 Ballard premieres in 7 days"),
        ("\u05e9\u05d8\u05d9\u05e1\u05dc", "\u2068\u05e9\u05d8\u05d9\u05e1\u05dc\u2069 premieres in 7 days"),
        ("Two\nlines\x1b", "Two lines premieres in 7 days"),
        ("evil\u202egnp", "evilgnp premieres in 7 days"),
        ("@everyone", "@everyone premieres in 7 days"),
        ("\x00", "untitled premieres in 7 days"),
    ],
)
def test_a_title_arrives_as_the_text_it_is(name: str, subject: str) -> None:
    words = reminder(JULY_9, at(KOLKATA, 2025, 7, 2, 9), title=replace(BALLARD, name=name))
    assert words.subject == subject


@given(st.text(min_size=1, max_size=40))
def test_any_title_is_in_the_subject_and_never_raw_in_html(name: str) -> None:
    moved = notice(Kind.MOVED, JULY_9, When.day(date(2025, 8, 1)), title=replace(BALLARD, name=name))
    assert clean(name) in moved.subject
    assert clean(name) in moved.plain()
    assert moved.html().replace("<p>", "").replace("</p>", "").replace("<br>", "").count("<") == 0


@given(
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are naive by contract
    st.sampled_from([KOLKATA, AUCKLAND, HONOLULU, SAO_PAULO]),
    st.booleans(),
)
def test_the_days_said_are_those_of_the_readers_calendar(
    on: date, now: datetime, reader: ReaderSettings, is_exact: bool
) -> None:
    when = When.exact(datetime(on.year, on.month, on.day, 7, tzinfo=UTC)) if is_exact else When.day(on)
    days = ((when.day_in(reader.zone) or on) - now.astimezone(reader.zone).date()).days
    said = reminder(when, now, reader, "7d").subject.removeprefix("Ballard ")
    assert (f"in {days} days" in said) == (days > 1)
    assert ("tomorrow" in said) == (days == 1)
    assert said.startswith(("is out", "premieres today at")) == (days == 0)
    assert (said == "came out yesterday") == (days == -1)
    assert said.endswith(f" {-days} days ago") == (days < -1)


@given(st.integers(1, 72 * 60), st.integers(0, 59))
def test_the_hours_said_are_those_left_to_the_minute(minutes: int, late: int) -> None:
    if not MIDNIGHT_LA.at:
        raise AssertionError(MIDNIGHT_LA)
    now = MIDNIGHT_LA.at - timedelta(minutes=minutes) + timedelta(seconds=late)
    said = reminder(MIDNIGHT_LA, now, AUCKLAND, f"{minutes}m").subject
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours != 1)}"] * bool(hours) + [f"{rest} minute{'s' * (rest != 1)}"] * bool(rest)
    assert said.startswith(f"Ballard premieres in {' and '.join(parts)}, ")
