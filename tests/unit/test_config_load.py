"""What a config says, with every default filled in (SPEC 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminder.config import Config, Delivery, Log, LogFormat, LogLevel, load_config, parse_config
from reminder.config.language import hour_style
from reminder.core.dates.local_time import QuietHours
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.errors import ConfigError
from reminder.core.model.digest import Digest, Every
from reminder.core.model.drop import Drop, ListedDrop, Pace
from reminder.core.model.entities import (
    NOTICES,
    Channel,
    ChannelUse,
    Follow,
    HourStyle,
    Kind,
    Subscriber,
    Title,
    TitleKind,
)
from reminder.core.model.lead import DEFAULT_LADDER, Ladder
from reminder.core.model.secret import Secret
from reminder.core.model.source_options import SourceOptions

SPEC = """
timezone: Asia/Kolkata
at: 09:00
quiet_hours: 22:00-08:00
remind: [7d, 1d, day]
channels:
  screen: console://
  email: mailtos://me:${SMTP_PASSWORD:quoted}@example.com
  phone: tgram://${TELEGRAM_TOKEN}/123456
  family: {url: "discord://${DISCORD_ID}/${DISCORD_TOKEN}", only: [premiere, moved]}
subscribers:
  asha: {channels: [email, phone]}
  ravi: {timezone: America/New_York, at: 20:00, channels: [family], remind: [1d]}
watch:
  - title: Ballard
    premiere: July 9, 2025
    platform: Prime Video
    episodes: 10
    for: {asha: {}, ravi: {remind: [1d, day]}}     # default: everyone; a list of names will do
  - 1899                                           # just a title: date not known yet
"""
SECRETS = {"SMTP_PASSWORD": "p@ss", "TELEGRAM_TOKEN": "1:a", "DISCORD_ID": "7", "DISCORD_TOKEN": "x", "LANG": "en_US"}


def parsed(text: str, **environ: str) -> Config:
    return parse_config(text, "config.yaml", environ=environ, system_zone="Europe/Berlin")


def only_subscriber(text: str, **environ: str) -> Subscriber:
    (subscriber,) = parsed(text, **environ).subscribers
    return subscriber


def without_marks(person: Subscriber) -> Subscriber:
    """Return a person without the fingerprints of their channels' URLs, each of which must be there."""
    assert all(use.mark for use in person.channels)
    return replace(person, channels=tuple(replace(use, mark="") for use in person.channels))


def titles(text: str) -> list[Title]:
    return [entry.title for entry in parsed(text).watch]


def test_the_config_of_the_contract_is_read_whole() -> None:
    config = parsed(SPEC, **SECRETS)
    asha, ravi = map(without_marks, config.subscribers)
    assert asha == Subscriber(
        name="asha",
        zone=ZoneInfo("Asia/Kolkata"),
        at=time(9),
        quiet=QuietHours.parse("22:00-08:00"),
        remind=DEFAULT_LADDER,
        channels=(ChannelUse(name="email"), ChannelUse(name="phone")),
    )
    assert ravi == Subscriber(
        name="ravi",
        zone=ZoneInfo("America/New_York"),
        at=time(20),
        quiet=QuietHours.parse("22:00-08:00"),
        remind=Ladder.parse(["1d"]).over(DEFAULT_LADDER),
        channels=(ChannelUse(name="family", only=frozenset({"premiere", "moved"})),),
    )
    assert config.operator == "asha"
    assert config.channels["email"].url == Secret("mailtos://me:p%40ss@example.com")
    assert config.channels["family"] == Channel(
        name="family",
        url=Secret("discord://7/x"),
        scheme="discord",
        only=frozenset({"premiere", "moved"}),
        fingerprint=config.channels["family"].fingerprint,
    )
    assert [str(warning) for warning in config.warnings] == [
        "config.yaml:7:11: channels.screen: no subscriber uses it, so nothing is sent there"
    ]


def test_the_titles_of_the_contract_know_their_followers_and_their_place() -> None:
    ballard, bare = parsed(SPEC, **SECRETS).watch
    assert ballard.title == Title(
        key="ballard", name="Ballard", premiere=When.day(date(2025, 7, 9)), platform="Prime Video", episodes=10
    )
    assert ballard.followers == {"asha": None, "ravi": Ladder.parse(["1d", "day"])}
    assert (ballard.line, ballard.column, ballard.path) == (15, 5, "watch[0]")
    assert bare.title == Title(key="1899", name="1899", source_options=SourceOptions(country="IN"))
    assert bare.followers == {"asha": None, "ravi": None}
    assert (bare.line, bare.column, bare.path) == (20, 5, "watch[1]")


def test_what_is_not_said_has_the_defaults_of_the_contract() -> None:
    config = parsed("channels: {screen: 'console://'}\nwatch:\n")
    assert tuple(map(without_marks, config.subscribers)) == (
        Subscriber(
            name="me",
            zone=ZoneInfo("Europe/Berlin"),
            at=time(9),
            remind=DEFAULT_LADDER,
            notices=NOTICES,
            burst=8,
            hour_style=HourStyle.H12,
            channels=(ChannelUse(name="screen"),),
        ),
    )
    assert config.operator == "me"
    assert config.zone == ZoneInfo("Europe/Berlin")
    assert config.path == Path("config.yaml").absolute()
    assert config.name == str(config.path)
    assert (config.database, config.database_problem, config.grace) == (None, None, timedelta(days=2))
    assert config.delivery == Delivery(concurrency=16, timeout=timedelta(seconds=30))
    assert config.log == Log(level=LogLevel.INFO, format=LogFormat.PLAIN)
    assert (config.templates.sources, config.allow_schemas, config.watch, config.warnings) == ({}, frozenset(), (), ())


def test_every_key_at_the_top_is_read() -> None:
    config = parsed(
        "name: living room\ngrace: 36h\ndatabase: films.db\noperator: b\nsubscribers: {a: , b: {}}\n"
        "delivery: {concurrency: 4, timeout: 1m}\nlog: {level: DEBUG, format: json}\nallow_schemas: [syslog, 'DBUS://']\n"
        'templates: {moved: {subject: "{{ title }}"}, test: {body: hi}}\n'
    )
    assert (config.name, config.operator, config.grace) == ("living room", "b", timedelta(hours=36))
    assert config.database == Secret("films.db")
    assert config.delivery == Delivery(concurrency=4, timeout=timedelta(minutes=1))
    assert config.log == Log(level=LogLevel.DEBUG, format=LogFormat.JSON)
    assert config.allow_schemas == {"syslog", "dbus"}
    assert config.templates.sources == {Kind.MOVED: ("{{ title }}", None), Kind.TEST: (None, "hi")}


def test_every_setting_at_the_top_counts_for_everyone_until_they_say_their_own() -> None:
    top = "timezone: UTC\nat: 7:30\nquiet_hours: 22:00-07:00\nnotices: moved\ndigest: weekly monday\nburst: 3\nclock: 24h\n"
    own = "{timezone: Asia/Tokyo, at: 20:00, quiet_hours: none, notices: [], digest: none, burst: 0, clock: 12h}"
    first, second = parsed(f"{top}subscribers:\n  a:\n  b: {own}\n").subscribers
    assert first == Subscriber(
        name="a",
        zone=ZoneInfo("UTC"),
        at=time(7, 30),
        quiet=QuietHours.parse("22:00-07:00"),
        remind=DEFAULT_LADDER,
        notices=frozenset({Kind.MOVED}),
        digest=Digest(every=Every.WEEKLY, weekday=0),
        burst=3,
        hour_style=HourStyle.H24,
    )
    assert second == Subscriber(
        name="b",
        zone=ZoneInfo("Asia/Tokyo"),
        at=time(20),
        remind=DEFAULT_LADDER,
        notices=frozenset(),
        burst=0,
        hour_style=HourStyle.H12,
    )


def test_ladders_are_the_nearest_kind_by_kind() -> None:
    text = "remind: {episode: [release], finale: [1d]}\nsubscribers: {a: {remind: [2w]}, b: {remind: []}, c: {remind: day}}"
    a, b, c = (subscriber.remind for subscriber in parsed(text).subscribers)
    assert a.dump() == {"premiere": ["2w"], "episode": ["release"], "finale": ["1d"]}
    assert b.dump() == {"premiere": [], "episode": [], "finale": []}
    assert c.dump() == {"premiere": ["day"], "episode": ["release"], "finale": ["1d"]}


def test_scalars_are_titles_as_they_were_written() -> None:
    written = ["1899", "24", "No", "On", "007", "3%", "20:00", "null and void", "'null'", "'~'"]
    text = "watch:\n" + "".join(f"  - {title}\n  - {{title: {title}, season: 2}}\n" for title in written)
    assert [title.name for title in titles(text)][::2] == [title.strip("'") for title in written]


def test_a_title_says_everything_it_can() -> None:
    (title,) = titles(
        "watch: [{title: '  The   Show ', id: show-us, season: 02, premiere: TBA 2026, platform: TV, kind: Film, follow: finale,"
        " link: 'https://example.com/x', note: see it, episodes: 8, drop: 2 then weekly, cancelled: yes, remind: [1d]}]"
    )
    assert title == Title(
        key="show-us",
        name="The Show",
        season=2,
        premiere=When.year(2026),
        cancelled=True,
        kind=TitleKind.FILM,
        platform="TV",
        link="https://example.com/x",
        note="see it",
        episodes=8,
        drop=Drop(pace=Pace.WEEKLY, first=2),
        follow=Follow.FINALE,
        remind=Ladder.parse(["1d"]),
    )


def test_a_key_with_nothing_after_it_counts_as_not_written() -> None:
    text = "at:\nremind: ~\nlog:\nwatch: [{title: A, season: , premiere: null, drop: , for: , link: ~, note: ''}]"
    assert titles(text) == [Title(key="a", name="A", source_options=SourceOptions(country="DE"))]
    assert only_subscriber(text).at == time(9)


def test_drops_are_listed_with_dates_that_may_be_unknown() -> None:
    (title,) = titles("watch: [{title: A, drop: [{episodes: 4, premiere: 2025-08-06}, {episodes: 4}]}]")
    first = ListedDrop(episodes=4, premiere=When.day(date(2025, 8, 6)))
    assert title.drop == Drop(pace=Pace.LISTED, listed=(first, ListedDrop(episodes=4, premiere=UNKNOWN)))


def test_a_title_is_known_by_its_id_else_by_its_text_and_season() -> None:
    text = "watch: [The  OFFICE, {title: the office, season: 2}, {title: The Office, id: uk}]"
    assert [title.key for title in titles(text)] == ["the office", "the office #2", "uk"]


@pytest.mark.parametrize(
    ("written", "followers"),
    [
        ("a", {"a": None}),
        ("[b, a]", {"b": None, "a": None}),
        ("{a: , b: {remind: 2w}}", {"a": None, "b": Ladder.parse(["2w"])}),
        ("[]", {}),
        ("", {"a": None, "b": None}),
    ],
)
def test_a_title_is_for_everyone_or_for_whom_it_says(written: str, followers: dict[str, Ladder | None]) -> None:
    config = parsed(f"subscribers: {{a: , b: }}\nwatch:\n- title: A\n  for: {written}\n")
    assert config.watch[0].followers == followers


@pytest.mark.parametrize(
    ("written", "muted"),
    [
        ("Ballard", {"ballard"}),
        ("BALLARD", {"ballard"}),
        ("show", {"show #1", "show #2"}),
        ("Office", {"uk"}),
        ("uk", {"uk"}),
        ("Added Later", {"added later"}),
    ],
)
def test_a_muted_title_is_found_by_its_text_or_its_id(written: str, muted: set[str]) -> None:
    watch = "[Ballard, {title: Show, season: 1}, {title: Show, season: 2}, {title: Office, id: uk}]"
    assert only_subscriber(f"mute: {written}\nwatch: {watch}").muted == muted


def test_what_everyone_has_muted_stays_muted_for_who_mutes_more() -> None:
    config = parsed("mute: A\nsubscribers: {x: {mute: [B]}, y: }\nwatch: [A, B]")
    assert [subscriber.muted for subscriber in config.subscribers] == [{"a", "b"}, {"a"}]


def test_channels_and_subscribers_know_their_lines() -> None:
    config = parsed("channels:\n  a: console://\nsubscribers:\n  b:\n    at: 10:00\n")
    assert config.lines == {"channels.a": (2, 3), "subscribers.b": (4, 3)}


@pytest.mark.parametrize(
    ("environ", "style"),
    [
        ({}, "12h"),
        ({"LANG": "C.UTF-8"}, "12h"),
        ({"LANG": "POSIX"}, "12h"),
        ({"LANG": ""}, "12h"),
        ({"LANG": "en_US.UTF-8"}, "12h"),
        ({"LANG": "en_IN"}, "12h"),
        ({"LANG": "hi_IN.UTF-8"}, "12h"),
        ({"LANG": "en_PH"}, "12h"),
        ({"LANG": "en_GB.UTF-8"}, "24h"),
        ({"LANG": "de_DE.UTF-8@euro"}, "24h"),
        ({"LANG": "fr_CA.UTF-8"}, "24h"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "de_DE.UTF-8"}, "24h"),
        ({"LANG": "de_DE", "LC_TIME": "de_DE", "LC_ALL": "C"}, "12h"),
    ],
)
def test_hours_are_written_as_the_locale_has_them(environ: dict[str, str], style: str) -> None:
    assert hour_style(environ) == style
    assert only_subscriber("watch: [A]", **environ).hour_style == style


def test_the_systems_zone_matters_only_to_who_says_none() -> None:
    said = parse_config("timezone: UTC\nwatch: [A]", "c.yaml", system_zone="Posix/Unknown")
    assert said.zone == ZoneInfo("UTC")
    theirs = parse_config("subscribers: {a: {timezone: Asia/Tokyo}}", "c.yaml", system_zone="Posix/Unknown")
    assert theirs.zone == ZoneInfo("Asia/Tokyo")
    with pytest.raises(ConfigError, match="the system's time zone cannot be used"):
        parse_config("watch: [A]", "c.yaml", system_zone="Posix/Unknown")


def test_a_file_is_read_as_utf8_with_or_without_the_windows_mark(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("\ufeffwatch: [Amélie 🎬]\r\n", encoding="utf-8")
    config = load_config(path, environ={})
    assert config.watch[0].title.name == "Amélie 🎬"
    assert (config.file, config.path, config.name) == (str(path), path, str(path))


SHARED = """
channels: {screen: console://, bot: "tgram://${TOKEN}/{address}", odd: "json://127.0.0.1:9/${address}"}
subscribers:
  asha: {channels: [screen, {bot: 12345}]}
  ravi: {channels: [{name: bot, address: "@ravi"}]}
  mira: {}
watch: [1899]
"""


def test_a_shared_channel_is_used_with_an_address_and_left_out_where_nobody_names_one() -> None:
    config = parse_config(SHARED, "c", environ={"TOKEN": "123456789:abc", "address": "hook"})
    asha, ravi, mira = config.subscribers
    assert [(use.name, use.address) for use in asha.channels] == [("screen", None), ("bot", "12345")]
    assert [(use.name, use.address) for use in ravi.channels] == [("bot", "@ravi")]
    assert [use.name for use in mira.channels] == ["screen", "odd"]
    assert [channel.is_shared for channel in config.channels.values()] == [False, True, False]
    assert [use.name for use in config.anyone.channels] == []


def test_the_url_of_a_shared_channel_is_filled_for_each_address_and_marked_apart() -> None:
    config = parse_config(SHARED, "c", environ={"TOKEN": "123456789:abc", "address": "hook"})
    bot = config.channels["bot"]
    ravi, asha = bot.to("@ravi"), bot.to("12345")
    assert ravi.url is not None
    assert ravi.url.reveal() == "tgram://123456789:abc/%40ravi"
    assert len({bot.fingerprint, ravi.fingerprint, asha.fingerprint}) == 3
    assert config.channels["screen"].to("12345") is config.channels["screen"]


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("keep: 0", "keep", timedelta(0)),
        ("keep: 90d", "keep", timedelta(days=90)),
        ("", "keep", timedelta(days=400)),
        ("heartbeat: weekly sunday", "heartbeat", 6),
        ("heartbeat: none", "heartbeat", None),
        ("metrics: 9464", "metrics", ("127.0.0.1", 9464)),
        ("metrics: '[::1]:9464'", "metrics", ("::1", 9464)),
        ("metrics: 0.0.0.0:9464", "metrics", ("0.0.0.0", 9464)),
    ],
)
def test_what_the_service_says_of_itself_is_set_at_the_top(written: str, key: str, value: object) -> None:
    assert getattr(parse_config(f"watch: [1899]\n{written}\n", "c"), key) == value


def test_a_calendar_in_a_file_lies_beside_the_config_unless_its_path_is_whole() -> None:
    text = "calendars: [{url: films.ics}, {url: '/srv/shows.ics'}, {url: 'https://example.com/a.ics'}]"
    found = parse_config(text, "/etc/reminder/config.yaml").sources.calendars
    places = [each.url.reveal() for each in found if each.url]
    assert places == ["/etc/reminder/films.ics", "/srv/shows.ics", "https://example.com/a.ics"]
