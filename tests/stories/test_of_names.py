"""Names are not identities: what is renamed or replaced between a message's moment and its arrival is told (SPEC 4)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import Title
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Reason
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from reminder.refresh.resolving import resolve_dates
from reminder.store.people import pause
from reminder.store.sql.tables import subscription
from reminder.store.title_commands import put
from tests.support.world import World

BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
MOVED = "watch: [{title: Ballard, premiere: 2025-09-09}]"
GONE = Failure(kind=FailureKind.CHANNEL, reason="404 Not Found", status=404)
DOWN = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
U, V = "json://127.0.0.1:9/u", "json://127.0.0.1:9/v"


def channels(**urls: str) -> str:
    listed = ", ".join(f'{name}: "{url}"' if url.startswith("json") else f"{name}: {url}" for name, url in urls.items())
    return f"timezone: Asia/Kolkata\nchannels: {{{listed}}}\n"


def without_hours(world: World) -> list[str]:
    return [line[:10] + line[16:] for line in world.lines()]


EDITS = {
    "the same URL under another name": (channels(phone=U), channels(mobile=U), ["mobile"]),
    "another URL under another name": (channels(phone=U), channels(signal=V), ["signal"]),
    "another URL under the same name": (channels(phone=U), channels(phone=V), ["phone"]),
    "two names for one URL": (channels(phone=U), channels(a=U, b=U), ["a"]),
    "one name for two of one URL": (channels(a=U, b=U), channels(c=U), ["c"]),
    "names change places": (channels(a=U, b=V), channels(a=V, b=U), ["a", "b"]),
    "one of two is gone": (channels(a=U, b=V), channels(b=V), ["b"]),
    "both are replaced by one": (channels(a=U, b=V), channels(c="json://127.0.0.1:9/w"), ["c"]),
    "the name is another's now": (channels(phone=U), channels(phone=V, old=U), ["old"]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_channel_renamed_or_replaced_while_nothing_ran_takes_what_is_due(edit: str) -> None:
    before, after, over = EDITS[edit]
    world = World(BALLARD, "2025-06-20 12:00", base=before).live("2025-07-03 12:00")
    world.arrived.clear()
    world.at("2025-07-09 12:00").edit(BALLARD, base=after).once()
    assert world.lines() == [f"2025-07-09 12:00 me/{name}: Ballard is out today" for name in over]
    world.live("2025-08-20 12:00")
    assert len(world.arrived) == len(over)


@pytest.mark.parametrize("refusal", [GONE, DOWN], ids=["dead", "down"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_channel_renamed_or_replaced_while_a_message_waits_takes_it_once(edit: str, refusal: Failure) -> None:
    before, after, over = EDITS[edit]
    world = World(BALLARD, "2025-06-20 12:00", base=before).live("2025-07-08 12:00")
    for name in ("phone", "a", "b"):
        world.transport.always(name, refusal)
    world.live("2025-07-09 12:00")
    world.arrived.clear()
    for name in ("phone", "a", "b", "c"):
        world.transport.always(name, Sent())
    world.edit(BALLARD, base=after).live("2025-08-20 12:00")
    told = sorted(line[10:] for line in without_hours(world) if "Ballard" in line)
    assert told == [f" me/{name}: Ballard is out today" for name in over]


@pytest.mark.parametrize("edit", ["the same URL under another name", "another URL under another name"])
def test_a_notice_whose_channel_is_dead_goes_to_the_one_that_replaces_it(edit: str) -> None:
    before, after, over = EDITS[edit]
    world = World(BALLARD, "2025-06-20 12:00", base=before).live("2025-07-03 12:00")
    world.transport.always("phone", GONE)
    world.edit(MOVED).live("2025-07-04 12:00")
    world.arrived.clear()
    world.edit(MOVED, base=after).live("2025-07-05 12:00")
    assert without_hours(world) == [f"2025-07-04 me/{over[0]}: Ballard moved from July 9 to September 9, 2025"]


def test_a_notice_due_while_nothing_ran_goes_to_the_channel_that_replaces_the_one_there_was() -> None:
    world = World(BALLARD, "2025-06-20 12:00", base=channels(phone=U)).live("2025-07-03 12:00").edit(MOVED)
    world.arrived.clear()
    world.at("2025-07-05 12:00").edit(MOVED, base=channels(signal=V)).once()
    assert world.lines() == ["2025-07-05 12:00 me/signal: Ballard moved from July 9 to September 9, 2025"]


def test_what_waits_while_a_person_has_no_channel_goes_to_the_one_they_get() -> None:
    people = "subscribers: {me: {channels: [phone]}, asha: {channels: [ASHA]}}\n"
    has, none, other = people.replace("ASHA", "mail"), people.replace("ASHA", ""), people.replace("ASHA", "pager")
    base = channels(phone=U, mail=V, pager="json://127.0.0.1:9/w")
    world = World(BALLARD, "2025-06-20 12:00", base=base + has).live("2025-07-08 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-09 12:00").edit(BALLARD, base=base + none).live("2025-07-09 15:00")
    assert [row.reason for row in world.rows() if row.channel == "mail"][-1] == Reason.CHANNEL_GONE
    world.edit(BALLARD, base=base + other).live("2025-07-20 12:00")
    assert world.lines("asha")[-1] == "2025-07-09 15:00 asha/pager: Ballard is out today"


def test_who_has_no_channel_until_the_use_is_over_is_told_once_what_was_missed() -> None:
    people = "subscribers: {me: {channels: [phone]}, asha: {channels: [ASHA]}}\n"
    has, none, other = people.replace("ASHA", "mail"), people.replace("ASHA", ""), people.replace("ASHA", "pager")
    base = channels(phone=U, mail=V, pager="json://127.0.0.1:9/w")
    world = World(BALLARD, "2025-06-20 12:00", base=base + has).live("2025-07-08 12:00")
    world.transport.always("mail", DOWN)
    world.live("2025-07-09 12:00").edit(BALLARD, base=base + none).live("2025-07-14 15:00")
    world.edit(BALLARD, base=base + other).live("2025-08-20 12:00")
    assert world.lines("asha")[2:] == ["2025-07-14 15:00 asha/pager: While I was away: Ballard came out on July 9"]


def test_two_names_of_one_url_are_told_once_each_with_its_own_words() -> None:
    base = channels(all=U, big=f'{{url: "{U}", only: [moved]}}')
    world = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-03 12:00").edit(MOVED).live("2025-07-04 12:00")
    assert world.lines() == [
        "2025-07-02 09:00 me/all: Ballard premieres in 7 days",
        "2025-07-04 09:00 me/all: Ballard moved from July 9 to September 9, 2025",
    ]


def test_a_channel_beside_one_that_stays_is_owed_nothing_of_the_past() -> None:
    world = World(BALLARD, "2025-06-20 12:00", base=channels(phone=U)).live("2025-07-03 12:00")
    world.at("2025-07-09 12:00").edit(BALLARD, base=channels(phone=U, mail=V)).once()
    assert world.lines()[1:] == ["2025-07-09 12:00 me/phone: Ballard is out today"]


def test_no_channel_takes_it_only_when_none_does() -> None:
    base = channels(phone=f'{{url: "{U}", only: [moved]}}')
    world = World(BALLARD, "2025-06-20 12:00", base=base).at("2025-07-09 12:00")
    world.edit(BALLARD, base=channels(phone=f'{{url: "{U}", only: [moved]}}', mail=V)).once()
    assert {row.reason for row in world.rows()} == {Reason.ADDED_LATER}
    other = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-10 12:00")
    assert {row.reason for row in other.rows()} == {Reason.NO_CHANNEL}


ONE = channels(phone=U)
TITLES = {
    "spelt right": ("{title: Balard, premiere: 2025-07-09}", "{title: Ballard, premiere: 2025-07-09}"),
    "two letters off": ("{title: Silo Wool, premiere: 2025-07-09}", "{title: Silo Wuol, premiere: 2025-07-09}"),
    "given a season": ("{title: Ballard, premiere: 2025-07-09}", "{title: Ballard, season: 6, premiere: 2025-07-09}"),
    "its season taken away": ("{title: Dark, season: 2, premiere: 2025-07-09}", "{title: Dark, premiere: 2025-07-09}"),
    "given an id": ("{title: Ballard, premiere: 2025-07-09}", "{title: Ballard, id: b1, premiere: 2025-07-09}"),
    "its id taken away": ("{title: Ballard, id: b1, premiere: 2025-07-09}", "{title: Ballard, premiere: 2025-07-09}"),
    "said to be the same": (
        "{title: Bosch, premiere: 2025-07-09}",
        "{title: Ballard, was: Bosch, premiere: 2025-07-09}",
    ),
    "other capitals": ("{title: BALLARD, premiere: 2025-07-09}", "{title: Ballard, premiere: 2025-07-09}"),
}


@pytest.mark.parametrize("edit", TITLES)
def test_a_title_renamed_while_nothing_ran_or_its_message_waits_goes_on(edit: str) -> None:
    before, after = (f"watch: [{entry}]" for entry in TITLES[edit])
    off = World(before, "2025-06-20 12:00", base=ONE).live("2025-07-08 12:00").at("2025-07-09 12:00").edit(after).once()
    assert len(off.arrived) == 3
    assert off.lines()[-1][:16] + off.lines()[-1][-13:] == "2025-07-09 12:00 is out today"
    waits = World(before, "2025-06-20 12:00", base=ONE).live("2025-07-08 12:00")
    waits.transport.always("phone", DOWN)
    waits.live("2025-07-09 12:00")
    waits.transport.always("phone", Sent())
    waits.edit(after).live("2025-08-20 12:00")
    assert [line[-12:] for line in waits.lines()[2:]] == ["is out today"]
    assert len({row.key.partition(" ")[0] for row in waits.rows()}) == 1


@pytest.mark.parametrize(
    "after",
    [
        "{title: Ballard, season: 6, premiere: 2025-07-16}",
        "{title: Ballard, id: b1, premiere: 2025-07-16}",
        "{title: Ballard, id: b1, season: 6, premiere: 2025-07-16}",
        "{title: Bosch, was: Ballard, premiere: 2025-07-16}",
    ],
)
def test_a_title_given_a_season_or_an_id_together_with_a_new_date_has_moved(after: str) -> None:
    world = World(BALLARD, "2025-06-20 12:00", base=ONE).live("2025-07-03 12:00").edit(f"watch: [{after}]")
    world.live("2025-07-04 12:00")
    assert [line.rpartition(" moved ")[2] for line in world.lines()[1:]] == ["from July 9 to July 16, 2025"]
    world.live("2025-07-10 12:00")
    assert [line[:10] for line in world.lines()] == ["2025-07-02", "2025-07-04", "2025-07-09"]


NOT_ONE = [
    ("{title: Rocky II, premiere: 2025-07-09}", "{title: Rocky III, premiere: 2025-07-09}"),
    ("{title: Apollo 13, premiere: 2025-07-09}", "{title: Apollo 11, premiere: 2025-07-09}"),
    ("{title: Dark, season: 1, premiere: 2025-07-09}", "{title: Dark, season: 2, premiere: 2025-07-09}"),
    ("{title: Ballard, premiere: 2025-07-09}", "{title: Severance, premiere: 2025-07-09}"),
    ("{title: Low, premiere: 2025-07-09}", "{title: Low Tide, premiere: 2025-07-12}"),
    ("{title: Low, premiere: 2025-07-09}", "{title: Lowlands, premiere: 2025-07-09}"),
]


@pytest.mark.parametrize(("before", "after"), NOT_ONE)
def test_two_works_are_two_and_nobody_is_asked(before: str, after: str) -> None:
    world = World(f"watch: [{before}]", "2025-06-20 12:00", base=ONE).live("2025-07-03 12:00")
    world.edit(f"watch: [{after}]").live("2025-07-20 12:00")
    assert [line for line in world.lines()[1:] if "moved" in line] == []
    assert world.questions == ()


UNPLAIN = [
    (
        "[{title: Balard, premiere: 2025-07-09}]",
        "[{title: Ballard, premiere: 2025-07-10}]",
        ["Balard is gone and Ballard"],
    ),
    (
        "[{title: Balard, premiere: 2025-07-09}]",
        "[{title: Ballard, premiere: 2025-07-09}, {title: Bollard, premiere: 2025-07-09}]",
        ["Balard is gone and Ballard", "Balard is gone and Bollard"],
    ),
    ("[{title: Low, premiere: 2025-07-09}]", "[{title: Low Tide, premiere: 2025-07-09}]", ["Low is gone and Low Tide"]),
    (
        "[{title: 'Ballard: The Series', premiere: 2025-07-09}]",
        "[{title: Ballard, premiere: 2025-07-09}]",
        ["Ballard: The Series is gone and Ballard"],
    ),
    (
        "[{title: Tide, premiere: 2025-07-09}]",
        "[{title: The Low Tide, premiere: 2025-07-09}]",
        ["Tide is gone and The Low Tide"],
    ),
    ("[{title: It, premiere: 2025-07-09}]", "[{title: Ip, premiere: 2025-07-09}]", ["It is gone and Ip"]),
]


@pytest.mark.parametrize(("before", "after", "asked"), UNPLAIN)
def test_where_it_is_not_plain_both_are_named_and_what_to_write_does_it(
    before: str, after: str, asked: list[str]
) -> None:
    world = World(f"watch: {before}", "2025-06-20 12:00", base=ONE).live("2025-07-03 12:00").edit(f"watch: {after}")
    assert [question.partition(" is new")[0] for question in world.questions] == asked
    said = world.questions[0].partition("write `")[2].partition("`")[0]
    new = asked[0].partition(" is gone and ")[2]
    world.edit(f"watch: {after.replace(f'title: {new},', f'title: {new}, {said},')}")
    assert world.questions == ()
    world.live("2025-08-20 12:00")
    assert len([line for line in world.lines() if f" {new} is out today" in line]) == 1
    assert not [line for line in world.lines() if f"{new} premieres in" in line]


PEOPLE = f'timezone: Asia/Kolkata\nchannels: {{a: "{U}", b: "{V}"}}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{me: {channels: [a]}, mum: {channels: [b]}}", "{me: {channels: [a]}, anna: {channels: [b]}}"),
        ("{me: {channels: [a]}, mum: {channels: [b]}}", "{me: {channels: [a]}, anna: {was: mum, channels: [a, b]}}"),
        ("{mum: {channels: [b]}}", "{anna: {channels: [b], at: 09:00}}"),
    ],
)
def test_a_person_renamed_while_nothing_ran_or_a_message_waits_goes_on(before: str, after: str) -> None:
    base = PEOPLE + f"subscribers: {before}\n"
    off = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-08 12:00")
    off.at("2025-07-09 12:00").edit(BALLARD, base=PEOPLE + f"subscribers: {after}\n").once()
    assert "2025-07-09 12:00 anna/b: Ballard is out today" in off.lines("anna")
    assert not [line for line in off.lines("anna") if "premieres" in line]
    waits = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-08 12:00")
    waits.transport.always("b", DOWN)
    waits.live("2025-07-09 12:00")
    waits.transport.always("b", Sent())
    waits.edit(BALLARD, base=PEOPLE + f"subscribers: {after}\n").live("2025-08-20 12:00")
    assert len([line for line in waits.lines("anna") if "anna/b: Ballard is out today" in line]) == 1


def test_two_people_gone_and_one_new_are_asked_about_and_was_says_it() -> None:
    base = PEOPLE + "subscribers: {mum: {channels: [b]}, dad: {channels: [a]}}\n"
    after = PEOPLE + "subscribers: {anna: {WAS channels: [b]}}\n"
    world = World(BALLARD, "2025-06-20 12:00", base=base).live("2025-07-08 12:00")
    world.edit(BALLARD, base=after.replace("WAS", ""))
    assert world.questions == ("mum is gone and anna is new: if they are one, write `was: mum` on anna",)
    world.at("2025-07-09 12:00").edit(BALLARD, base=after.replace("WAS", "was: mum,")).once()
    assert world.lines("anna") == ["2025-07-09 12:00 anna/b: Ballard is out today"]


def test_who_follows_the_finale_hears_that_it_moved_when_parts_are_joined() -> None:
    part = "{{episodes: {}, premiere: 2025-07-{}}}"
    three = ", ".join(part.format(4, day) for day in ("08", "25", "29"))
    two = ", ".join((part.format(4, "08"), part.format(8, "25")))
    config = "watch: [{title: Dark, remind: [7d, day], follow: finale, drop: [PARTS]}]"
    world = World(config.replace("PARTS", three), "2025-06-20 12:00", base=ONE).live("2025-07-23 12:00")
    assert [line[:10] for line in world.lines()] == ["2025-07-22"]
    world.edit(config.replace("PARTS", two)).live("2025-08-23 12:00")
    assert [line[:10] for line in world.lines()] == ["2025-07-22", "2025-07-24", "2025-07-25"]
    assert "moved from July 29 to July 25" in world.lines()[1]


def test_parts_counted_otherwise_tell_nothing_twice() -> None:
    part = "{{episodes: {}, premiere: 2025-07-{}}}"
    config = "watch: [{title: Dark, remind: {premiere: [day], episode: [7d, day], finale: [7d, day]}, drop: [PARTS]}]"
    before = ", ".join((part.format(4, "08"), part.format(3, "25"), part.format(3, "28")))
    after = ", ".join((part.format(5, "08"), part.format(3, "25"), part.format(3, "28")))
    world = World(config.replace("PARTS", before), "2025-06-20 12:00", base=ONE).live("2025-07-22 12:00")
    told = len(world.arrived)
    world.edit(config.replace("PARTS", after)).live("2025-08-22 12:00")
    assert [line[:10] for line in world.lines()[told:]] == ["2025-07-25", "2025-07-28"]


# Joined: what was begun under the newer name goes on, its silence too ------------------------------------------------

BOTH = "watch: [{title: Balard, premiere: 2025-07-09}, {title: Ballard, premiere: 2025-07-09}]"
JOINED = "watch: [{title: Ballard, was: Balard, premiere: 2025-07-09}]"
SILENT = {"muted_at": "2025-06-25 12:00", "paused_until": "2025-07-09 08:00"}


def silence(world: World, column: str, *, title_id: int | None = None, subscriber_id: int | None = None) -> None:
    whose = subscription.c.title_id == title_id if title_id else subscription.c.subscriber_id == subscriber_id
    with world.store.write() as tx:
        tx.execute(update(subscription).where(whose).values({column: world.instant(SILENT[column])}))


@pytest.mark.parametrize("of", [1, 2], ids=["the older", "the newer"])
@pytest.mark.parametrize(
    ("column", "then"), [("muted_at", []), ("paused_until", ["2025-07-09 09:00 Ballard is out today"])]
)
def test_of_two_titles_that_are_joined_the_silence_of_either_stays(of: int, column: str, then: list[str]) -> None:
    world = World(BOTH, "2025-06-20 12:00").settle()
    silence(world, column, title_id=of)
    world.at("2025-06-26 12:00").edit(JOINED).live("2025-07-12 12:00")
    assert world.lines() == then


PAIR = channels(phone=U, other=V)
MUM_AND_ANNA = "subscribers: {mum: {channels: [phone]}, anna: {channels: [other]}}\n"
ANNA = "subscribers: {anna: {was: mum, channels: [other]}}\n"


@pytest.mark.parametrize("of", [1, 2], ids=["the older", "the newer"])
@pytest.mark.parametrize(
    ("column", "then"), [("muted_at", []), ("paused_until", ["2025-07-09 09:00 anna/other: Ballard is out today"])]
)
def test_of_two_people_who_are_joined_the_silence_of_either_stays(of: int, column: str, then: list[str]) -> None:
    world = World(MUM_AND_ANNA + BALLARD, "2025-06-20 12:00", base=PAIR).settle()
    silence(world, column, subscriber_id=of)
    world.at("2025-06-26 12:00").edit(ANNA + BALLARD).live("2025-07-12 12:00")
    assert world.lines() == then


def test_a_pause_of_the_newer_of_two_people_stays() -> None:
    world = World(MUM_AND_ANNA + BALLARD, "2025-06-20 12:00", base=PAIR).settle()
    with world.store.write() as tx:
        pause(tx, "anna", world.instant("2025-07-09 08:00"), world.clock.now())
    world.at("2025-06-26 12:00").edit(ANNA + BALLARD).live("2025-07-12 12:00")
    assert world.lines() == ["2025-07-09 09:00 anna/other: Ballard is out today"]


def test_what_only_the_newer_one_followed_goes_on_as_it_was() -> None:
    both = "watch: [{title: Ballard, premiere: 2025-07-09, for: [anna]}, {title: Silo, premiere: 2025-08-09}]"
    world = World(MUM_AND_ANNA + both, "2025-06-20 12:00", base=PAIR).live("2025-07-01 12:00")
    silence(world, "muted_at", title_id=2)
    world.at("2025-07-02 12:00").edit(ANNA + both).live("2025-07-12 12:00")
    assert world.lines() == [
        "2025-07-02 12:00 anna/other: Ballard premieres in 7 days",
        "2025-07-08 09:00 anna/other: Ballard premieres tomorrow",
        "2025-07-09 09:00 anna/other: Ballard is out today",
    ]


def test_the_leads_that_were_set_for_the_newer_name_count() -> None:
    world = World(MUM_AND_ANNA + "watch: []", "2025-06-20 12:00", base=PAIR).settle()
    own = ListedEntry(
        title=Title(key="ballard", name="Ballard", premiere=parse_when("2025-07-09")),
        followers={"mum": None, "anna": Ladder.parse(["3d"])},
    )
    with world.store.write() as tx:
        put(tx, own, world.clock.now(), world.app.config.grace, resolve_dates)
    world.at("2025-06-26 12:00").edit(ANNA + "watch: []").live("2025-07-12 12:00")
    assert world.lines() == ["2025-07-06 09:00 anna/other: Ballard premieres in 3 days"]


@pytest.mark.parametrize("later", ["2025-07-03 12:05", "2025-07-07 12:00"])
def test_what_was_heard_before_the_question_was_answered_is_remembered(later: str) -> None:
    old, new = "watch: [{title: Balard, premiere: 2025-07-09}]", "watch: [{title: Ballard, premiere: 2025-07-20}]"
    world = World(old, "2025-06-20 12:00").live("2025-07-03 12:00").edit(new).live(later)
    world.edit(new.replace("Ballard,", "Ballard, was: Balard,")).live("2025-07-14 12:00")
    assert [line[17:] for line in world.lines()] == [
        "Balard premieres in 7 days",
        "Ballard moved from July 9 to July 20, 2025",
        "Ballard premieres in 7 days",
    ]
