"""Channels and Status: what is shown is true, a test goes through the ledger, and nothing is pretended."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.transport import Sent
from reminder.platform.heartbeat import Heartbeat, write_heartbeat
from reminder.usecases import bot_reading
from reminder.usecases.bot_reading import KnownBot
from tests.support.pages import Browser, House

AT = "2025-07-02 08:00"
WRONG = Failure(kind=FailureKind.CHANNEL, reason="535 5.7.8 wrong password for <asha>", status=535)
BASE = """
timezone: Asia/Kolkata
web: {}
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/p", bot: "json://127.0.0.1:9/{address}", spare: "json://127.0.0.1:9/s"}
operator: asha
subscribers: {asha: {channels: [mail, phone, {bot: "1"}]}, ravi: {channels: [{bot: "2"}]}, zoe: {channels: [phone]}}
"""
BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
NO_DAEMON = "Nothing is sent now"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(BALLARD, AT, base=BASE, environ={"RUNTIME_DIRECTORY": str(tmp_path)})
    made.is_in_daemon = False
    return made


def beats(house: House, trouble: str | None = None) -> None:
    """Have a daemon leave its sign of life."""
    beat = Heartbeat(swept_at=house.clock.now(), pid=1, trouble=trouble)
    write_heartbeat(Path(house.environ["RUNTIME_DIRECTORY"]), beat)


def text_of(page: str) -> str:
    """Return what a page says, without its elements."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]*>", " ", main).split())


def press(browser: Browser, channel: str, **more: str) -> str:
    """Ask for a test; return the path of its page."""
    answer = browser.post("/channels/test", {"channel": channel, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_member_sees_their_own_channels_and_no_others(house: House) -> None:
    page = text_of(house.browser("ravi").text("/channels"))
    assert "bot" in page
    assert [name for name in ("mail", "phone", "spare", "asha", "zoe") if name in page] == []
    assert "Nothing has been sent there yet" in page


def test_the_owner_sees_everybodys_and_what_nobody_uses(house: House) -> None:
    page = text_of(house.browser("asha").text("/channels"))
    for said in ("bot of ravi", "phone of zoe", "Used by nobody spare"):
        assert said in page, said


def test_a_wrong_password_is_red_with_the_servers_words_and_a_test_after_the_mend_sends_what_waited(
    house: House,
) -> None:
    beats(house)
    house.transport.always("mail", WRONG)
    house.live("2025-07-02 09:10")
    browser = house.browser("asha")
    page = browser.text("/channels")
    assert "535 5.7.8 wrong password for &lt;asha&gt;" in page
    assert "✗ does not work since July 2, 9:00 AM" in text_of(page)
    assert "1 message waits; tried again July 2, 10:00" in text_of(page)
    again = press(browser, "mail")
    house.settle()
    assert "It does not work. 535 5.7.8" in text_of(browser.text(again))
    house.transport.always("mail", Sent())
    path = press(browser, "mail")
    assert "It waits" in browser.text(path)  # the last sign of life is minutes old
    beats(house)
    waiting = browser.get(path)
    assert (waiting.headers["Refresh"], "on its way" in waiting.text) == ("2", True)
    house.settle()
    done = browser.get(path)
    assert ("It works" in done.text, "Refresh" in done.headers) == (True, False)
    subjects = [item.words.subject for item in house.arrived if item.channel == "mail"]
    assert subjects == ["A test of channel mail", "Ballard premieres in 7 days"]
    assert "✗" not in text_of(browser.text("/channels"))


def test_asking_wakes_the_daemon_of_this_process(house: House) -> None:
    house.is_in_daemon = True
    press(house.browser("asha"), "mail")
    assert house.woken == 1


def test_an_address_that_refuses_is_its_own_persons_trouble(house: House) -> None:
    blocked = Failure(kind=FailureKind.CHANNEL, reason="403 blocked by the user", status=403, is_address=True)
    house.transport.script("bot", Sent(), blocked)
    house.at("2025-07-02 09:00").settle()
    pages = {name: text_of(house.browser(name).text("/channels")) for name in ("asha", "ravi")}
    blocked_for = [name for name, page in pages.items() if "403 blocked" in page.partition(" of ")[0]]
    assert len(blocked_for) == 1
    assert "403 blocked" in pages["asha"]  # the owner sees everybody's


def test_what_fails_for_the_moment_is_said_as_that(house: House) -> None:
    house.transport.always("mail", Failure(kind=FailureKind.TRANSIENT, reason="503 busy", status=503))
    house.at("2025-07-02 09:00").settle()
    page = text_of(house.browser("asha").text("/channels"))
    assert "✗ the last try failed , since July 2, 9:00 AM 503 busy 1 message waits." in page


def test_a_member_tests_only_their_own_channels(house: House) -> None:
    browser = house.browser("ravi")
    assert browser.post("/channels/test", {"channel": "mail", "person": "asha"}).status_code == 400
    path = press(browser, "bot", person="asha")
    house.settle()
    assert [(item.subscriber, item.words.subject) for item in house.arrived] == [("ravi", "A test of channel bot")]
    assert house.browser("zoe").get(path).status_code == 404
    assert house.browser("asha").get(path).status_code == 200
    assert browser.get("/channels/test/9999999999999999999999").status_code == 404


def test_the_owner_tests_other_peoples_channels_too(house: House) -> None:
    press(house.browser("asha"), "phone", person="zoe")
    house.settle()
    assert [(item.subscriber, item.channel) for item in house.arrived] == [("zoe", "phone")]


def test_tests_are_limited(house: House) -> None:
    browser = house.browser("ravi")
    answers = {browser.post("/channels/test", {"channel": "bot"}).status_code for _ in range(31)}
    assert answers == {303, 429}


def test_where_no_daemon_runs_the_pages_say_so(house: House) -> None:
    owner, member = house.browser("asha"), house.browser("ravi")
    path = press(member, "bot")
    pages = {where: text_of(browser.text(where)) for browser, where in ((member, "/channels"), (member, path))}
    assert [where for where, page in pages.items() if NO_DAEMON not in page] == []
    status = text_of(owner.text("/status"))
    assert "no daemon has run here" in status
    assert "reminder run" in status
    beats(house)
    assert NO_DAEMON not in text_of(member.text("/channels"))
    house.clock.set(house.clock.now() + timedelta(minutes=3))
    assert NO_DAEMON in text_of(member.text("/channels"))


def test_a_daemon_that_cannot_send_is_not_called_running(house: House) -> None:
    beats(house, trouble="the disk is full")
    assert "Nothing is sent now" in text_of(house.browser("ravi").text("/channels"))
    assert "Nothing is sent now: the disk is full" in text_of(house.browser("asha").text("/status"))


def test_status_says_what_health_says(house: House) -> None:
    beats(house)
    owner = house.browser("asha")
    assert "✓ All is well." in text_of(owner.text("/status"))
    house.transport.always("mail", WRONG)
    house.at("2025-07-02 09:00").settle()
    beats(house)
    page = text_of(owner.text("/status"))
    assert "✗ Channel mail does not work: 535 5.7.8 wrong password" in page
    assert house.browser("ravi").get("/status").status_code == 404


def test_a_bot_that_another_program_reads_is_said_to_be(house: House) -> None:
    why = "another program reads this bot's messages: stop it there"
    with house.store.write() as tx:
        bot_reading.note_bot(
            tx, "f", KnownBot(channel="bot", trouble=why, since_at=house.clock.now(), is_always_read=True)
        )
    assert f"What people write to this bot is not read: {why}." in unescape(
        text_of(house.browser("ravi").text("/channels"))
    )
    assert "not read" not in text_of(house.browser("zoe").text("/channels"))
    status = unescape(text_of(house.browser("asha").text("/status")))
    assert f"What people write to the bot of bot is not read: {why}" in status


def test_who_has_no_channel_is_told_so() -> None:
    house = House(BALLARD, AT, base="timezone: Asia/Kolkata\nweb: {}\nsubscribers: {asha: {}}\n")
    assert "nothing can be sent to you" in text_of(house.browser("asha").text("/channels"))
