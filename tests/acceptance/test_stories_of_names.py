"""Names are not identities: what is renamed or replaced between a message's moment and its arrival is told (SPEC 4)."""

from __future__ import annotations

import pytest

from reminder.core.ledger import Reason
from reminder.core.retry import Failure, FailureKind
from reminder.notify.transport import Sent
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
    told = [line[10:] for line in without_hours(world) if "Ballard" in line]
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
