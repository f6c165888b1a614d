"""What is valid and will never send is said, and stops nothing."""

from __future__ import annotations

import pytest

from reminder.config import parse_config

QUIET = "channels: {screen: 'console://'}\n"


def warnings(text: str) -> list[str]:
    return [f"{warning.path}: {warning.text}" for warning in parse_config(text, "c.yaml").warnings]


@pytest.mark.parametrize(
    "text",
    [
        "remind: [7d, release]\nwatch: [{title: A, premiere: 2025-07-09}]",
        "watch: [{title: A, premiere: 2025-07-09 20:00 UTC, remind: [12h]}]",
        "watch: [{title: A, remind: [12h]}]",
        "watch: [{title: A, premiere: July 2025, remind: [12h]}]",
        "remind: [12h]\nwatch: [{title: A, premiere: 2025-07-09}, {title: B, premiere: 2025-07-09 20:00 UTC}]",
        "mute: a\nwatch: [A]",
    ],
)
def test_what_can_send_is_not_warned_of(text: str) -> None:
    assert warnings(QUIET + text) == []


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            "watch: [{title: A, premiere: 2025-07-09, remind: [12h, day]}]",
            'watch[0].remind: "12h" counts from the hour of a release, and only the day is known: write day, or the time',
        ),
        (
            "watch: [{title: A, premiere: 2025-07-09, for: {me: {remind: {finale: [45m]}}}}]",
            'watch[0].for.me.remind: "45m" counts from the hour of a release, and only the day is known: '
            "write day, or the time",
        ),
        (
            "watch: [{title: A, remind: [+2h], drop: [{episodes: 1, premiere: 2025-07-09}, {episodes: 1}]}]",
            'watch[0].remind: "+2h" counts from the hour of a release, and only the day is known: write day, or the time',
        ),
        (
            "remind: [12h]\nwatch: [{title: A, premiere: 2025-07-09}]",
            'remind: "12h" counts from the hour of a release, and none of the titles listed here has one: '
            "write days, or dates with their time and zone",
        ),
        (
            "watch: [{title: A, premiere: 2025-07-09, remind: [1m]}]",
            'watch[0].remind: "1m" is 1 minute (30d for months), counted from the hour of a release, '
            "and only the day is known: write day, or the time",
        ),
        (
            "watch: [{title: \u201cBallard\u201d}]",
            "watch[0].title: the quotation marks are a part of this title: if they are not meant, write Ballard",
        ),
        (
            "watch: [Ballard S03]",
            "watch[0]: if this is season 3 of Ballard, write title: Ballard and season: 3",
        ),
        (
            'watch: ["Ballard: July 9, 2027"]',
            "watch[0]: if July 9, 2027 is its date, write title: Ballard and premiere: July 9, 2027",
        ),
        (
            "watch: ['M*A*S*H, 2027-07-09']",
            'watch[0]: if 2027-07-09 is its date, write title: "M*A*S*H" and premiere: 2027-07-09',
        ),
        (
            "watch: [{title: 'Fog (August 2027)'}]",
            "watch[0].title: if August 2027 is its date, write title: Fog and premiere: August 2027",
        ),
        (
            "timezone: Etc/GMT+5\nwatch: [A]",
            "timezone: Etc/GMT+5 is UTC-5 all the year; for the hours of a place write its name, such as Europe/Berlin",
        ),
        ("watch: [{title: A, for: []}]", "watch[0].for: the list is empty, so nobody is told"),
        (
            "mute: [Balard]\nwatch: [Ballard]",
            'mute[0]: no title listed here is called "Balard": did you mean "Ballard"?',
        ),
        (
            "mute: [A, Zorro]\nwatch: [A]",
            'mute[1]: no title listed here is called "Zorro": it counts only for one added by command',
        ),
        (
            "watch: [{title: A, follow: finale, source: none}]",
            "watch[0].follow: finale hears of the premiere while no finale is known: add episodes: N and drop:",
        ),
    ],
)
def test_what_will_never_send_is_told_at_its_place(text: str, warning: str) -> None:
    assert warnings(QUIET + text) == [warning]


def test_a_channel_that_serves_two_subscribers_or_none_is_told() -> None:
    text = "channels: {a: 'console://', b: 'console://', c: 'console://'}\nsubscribers: {x: {channels: [a, b]}, y: {channels: b}}"
    assert warnings(text) == [
        "channels.b: it serves x and y: what concerns them all arrives there 2 times; "
        "for a group that reads it together, list one subscriber",
        "channels.c: no subscriber uses it, so nothing is sent there",
    ]


def test_who_has_no_channel_is_told() -> None:
    assert warnings(f"{QUIET}subscribers: {{x: {{channels: []}}, y: }}") == [
        "subscribers.x.channels: the list is empty, so nothing reaches this subscriber"
    ]
    assert warnings("watch: [A]") == [
        "channels: there is none, so nothing can be sent: add one, such as screen: console://"
    ]


def test_warnings_come_in_the_order_of_the_file() -> None:
    text = "channels:\n  a: tgram://${X}/1\nmute: q\nwatch:\n- {title: A, for: []}\nsubscribers: {x: {channels: []}}\n"
    found = parse_config(text, "c.yaml").warnings
    assert [warning.line for warning in found] == [2, 2, 3, 5, 6]


def test_a_tmdb_key_that_would_be_refused_is_told_and_not_shown() -> None:
    key = "0123456789abcdef" * 2
    config = parse_config(QUIET + "sources: {tmdb: {key: '${K}'}}", "c.yaml", environ={"K": key})
    (warning,) = map(str, config.warnings)
    assert "sources.tmdb.key: this looks like the short API key" in warning
    assert key not in warning


@pytest.mark.parametrize(
    ("title", "name", "cut"),
    [
        ("title: Heat #1", "Heat", "#1"),
        ("title: Alive   #Alive, again", "Alive", "#Alive,"),
        ('title: "Heat #1"', "Heat #1", ""),
        ("title: Heat # with mum", "Heat", ""),
        ("title: C#", "C#", ""),
    ],
)
def test_a_title_that_a_comment_seems_to_cut_is_named(title: str, name: str, cut: str) -> None:
    config = parse_config(f"{QUIET}watch:\n- {title}\n  premiere: 2027-07-09\n- Fog #2\n", "c.yaml")
    assert config.watch[0].title.name == name
    said = [warning.text for warning in config.warnings if "is a comment" in warning.text]
    assert len(said) == 1 + bool(cut)
    assert not cut or f'write "{name} {cut}" in quotes' in said[0]
    assert 'write "Fog #2" in quotes' in said[-1]


def test_people_cannot_join_where_nothing_serves_the_page() -> None:
    channels = 'channels: {bot: {url: "json://127.0.0.1/{address}", join: true}}\n'
    assert warnings(channels) == [
        "channels.bot.join: people join on the page, which nothing serves: write web: {listen: 127.0.0.1:8484}"
    ]
    assert warnings(f"web: {{}}\n{channels}") == []
