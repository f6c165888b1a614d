"""A browser that its push service no longer knows: told elsewhere, and no more tried where its person brought it."""

from __future__ import annotations

from reminder.core.model.entities import ChannelUse
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from reminder.store.own import change_own, own_of
from tests.support.world import World

GONE = Failure(
    kind=FailureKind.CHANNEL,
    reason="this browser takes no messages from here any more (410)",
    status=410,
    is_address=True,
    is_gone=True,
)
CONFIG = """
timezone: Asia/Kolkata
web: {address: "http://localhost:8484", contact: "mailto:me@example.org"}
channels: {mail: "json://127.0.0.1:9/", browser: {url: "webpush://", join: true}}
subscribers: {asha: {channels: [CHANNELS]}}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""


def live(channels: str, *, is_own: bool, until: str = "2025-07-03 12:00") -> World:
    config = CONFIG.replace("CHANNELS", channels)
    world = World("", start="2025-07-01 12:00", base=config)
    if is_own:
        use = ChannelUse(name="browser", address="x", mark=world.app.config.channels["browser"].fingerprint)
        with world.store.write() as tx:
            change_own(tx, "asha", lambda own: own.with_use(use, "Firefox on Android"), world.clock.now())
    world.transport.always("browser", GONE)
    world.live(until)
    return world


def test_a_browser_of_ones_own_is_ended_and_its_person_told_what_to_do() -> None:
    world = live("mail", is_own=True)
    tried = [given for given in world.transport.given if given.channel.name == "browser"]
    assert len(tried) == 1
    assert world.lines() == [
        "2025-07-02 09:00 asha/mail: Ballard premieres in 7 days",
        "2025-07-02 09:00 asha/mail: Firefox on Android takes no messages any more",
    ]
    told = world.arrived[-1].words.plain()
    assert "(410)" in told
    assert "set it up anew on the page, under Channels" in told
    with world.store.read() as tx:
        own = own_of(tx, "asha")
    assert own is not None
    assert [use.name for use in own.channels] == []
    world.live("2025-07-10 12:00")
    assert world.lines()[2:] == [
        "2025-07-08 09:00 asha/mail: Ballard premieres tomorrow",
        "2025-07-09 09:00 asha/mail: Ballard is out today",
    ]
    assert len([given for given in world.transport.given if given.channel.name == "browser"]) == 1


def test_what_was_owed_to_the_last_channel_that_works_is_not_lost_with_the_browser() -> None:
    world = live("", is_own=True)
    assert world.lines() == []
    with world.store.read() as tx:
        own = own_of(tx, "asha")
    assert own is not None
    assert [use.name for use in own.channels] == ["browser"]  # nothing else would reach her: it is left to be seen
    world.transport.always("browser", Sent())
    world.live("2025-07-03 13:30")
    (line,) = world.lines()
    assert line.endswith("asha/browser: Ballard premieres in 6 days")


def test_a_browser_that_the_config_names_is_left_for_its_owner_to_take_out() -> None:
    world = live("mail, {browser: x}", is_own=False)
    told = [line for line in world.lines() if "Channel browser" in line]
    assert told == ["2025-07-02 09:00 asha/mail: Channel browser is not working"]
    assert len([given for given in world.transport.given if given.channel.name == "browser"]) > 2
