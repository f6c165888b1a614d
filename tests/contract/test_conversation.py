"""What people write to the bot, done and answered over SQLite and PostgreSQL: each effect once, and only their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from reminder.bot.answer import BotAnswer
from reminder.bot.conversation import Conversation, LostLease
from reminder.bot.site import BotSite
from reminder.bot.updates import read_updates
from reminder.config import Config
from reminder.core.errors import StoreError
from reminder.core.model.entities import ChannelUse
from reminder.core.model.own import UNPROVED, Own
from reminder.platform.clock import SimulatedClock
from reminder.store import own
from reminder.store.people import find_people
from reminder.store.sql.tables import delivery, message, subscriber, subscription, title
from reminder.usecases import telegram_proof
from reminder.usecases.announcement_reader import AnnouncementReader
from tests.support.adding import NOW, adder, bring, catalogues, household
from tests.support.catalogues import Catalogues
from tests.support.rules import person
from tests.support.stores import SQLITE, Rig, rig_of

ASHA, RAVI, BOTH, STRANGER = 4711, 4712, 4713, 666
CONFIG = """
timezone: Asia/Kolkata
operator: asha
channels: {bot: {url: "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/{address}", bot: true, join: true}}
subscribers:
  asha: {channels: [{bot: 4711}]}
  ravi: {channels: [{bot: 4712}], timezone: America/New_York}
  mum: {channels: [{bot: 4713}]}
  dad: {channels: [{bot: 4713}]}
watch:
- {title: Dune, premiere: 2026-12-18, for: [asha]}
- {title: Dune Messiah, premiere: 2026-12-19, for: [asha]}
- {title: Silo, premiere: 2026-11-20, for: [ravi, mum]}
"""


@dataclass
class Chats:
    """A bot and what was noted of its updates; `crash` is raised where an update is noted as read."""

    rig: Rig
    config: Config
    sources: Catalogues | None = None
    is_always_read: bool = True
    noted: int = 0
    woken: int = 0
    crash: Exception | None = None
    conversation: Conversation = field(init=False)

    def __post_init__(self) -> None:
        made = adder(self.rig.store, self.sources, self.config)
        site = BotSite(
            channel=replace(self.config.channels["bot"], url=None),
            is_always_read=self.is_always_read,
            database=self.rig.store,
            clock=SimulatedClock(NOW),
            adder=lambda: made,
            announcements=lambda: AnnouncementReader(fetcher=None, second_reader=lambda: None),  # type: ignore[arg-type]
            signing_key="0" * 64,
            wake=self.wake,
        )
        self.conversation = Conversation(site=site, username="family_bot")

    def wake(self) -> None:
        self.woken += 1

    def note(self, tx: Connection) -> None:
        assert not tx.closed
        self.noted += 1
        if self.crash is not None:
            raise self.crash

    def hears(self, update: Mapping[str, Any]) -> BotAnswer:
        (read,) = read_updates([{"update_id": 1, **update}])
        return self.conversation.answer(read, self.note)

    def says(self, chat: int, text: str) -> BotAnswer:
        return self.hears({"message": {"chat": {"id": chat, "type": "private"}, "text": text}})

    def presses(self, chat: int, data: str) -> BotAnswer:
        message = {"message_id": 5, "chat": {"id": chat, "type": "private"}}
        return self.hears({"callback_query": {"id": "p", "from": {"id": chat}, "message": message, "data": data}})


@pytest.fixture
def chats(rig: Rig) -> Chats:
    config = household(CONFIG)
    bring(rig.store, config)
    return Chats(rig, config)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Rig]:
    """Return a database of one kind, for what asks it nothing that differs."""
    with rig_of(SQLITE, tmp_path) as made:
        yield made


@pytest.fixture
def here(file: Rig) -> Chats:
    config = household(CONFIG)
    bring(file.store, config)
    return Chats(file, config)


@pytest.fixture
def asking(file: Rig) -> Iterator[Chats]:
    config = household(CONFIG)
    bring(file.store, config)
    with catalogues() as there:
        yield Chats(file, config, there)


def text(answer: BotAnswer) -> str:
    return "\n".join(reply.text for reply in answer.replies)


def button(answer: BotAnswer, label: str) -> str:
    return next(str(each.press) for reply in answer.replies for each in reply.buttons if each.label == label)


def labels(answer: BotAnswer) -> list[str]:
    return [each.label for reply in answer.replies for each in reply.buttons]


def number(chats: Chats, name: str) -> int:
    return int(chats.rig.rows(select(title.c.id).where(title.c.name == name))[0].id)


def muted(chats: Chats) -> set[tuple[str, str]]:
    query = (
        select(subscriber.c.name, title.c.name.label("title"))
        .select_from(subscription.join(subscriber).join(title))
        .where(subscription.c.muted_at.is_not(None))
    )
    return {(row.name, row.title) for row in chats.rig.rows(query)}


# Once, and only then said --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crash", [LostLease(), StoreError("the database is gone")])
def test_what_was_not_noted_was_not_done(chats: Chats, crash: Exception) -> None:
    chats.crash = crash
    with pytest.raises(type(crash)):
        chats.says(ASHA, "/mute Dune")
    with pytest.raises(type(crash)):
        chats.presses(ASHA, f"c:mute:{number(chats, 'Dune')}")
    assert muted(chats) == set()
    chats.crash = None
    chats.says(ASHA, "/mute Dune")
    assert muted(chats) == {("asha", "Dune")}


def test_every_update_is_noted_whatever_it_says(here: Chats) -> None:
    updates: list[dict[str, Any]] = [{}, {"message": {"chat": {"id": ASHA, "type": "private"}}}]
    for each in updates:
        here.hears(each)
    for words in (
        "/mute",
        "/mute nothing of this name",
        "/follow",
        "/stop",
        "/dance",
        "x",
        "\x00",
        "/start x",
        "/unmute a",
    ):
        here.says(ASHA, words)
        here.says(STRANGER, words)
    for data in (
        "",
        "c:mute:0",
        "c:mute:999999999999999999999",
        "c:follow:",
        "c:kept:x",
        "c:leave?:",
        "later:x",
        "c:x:y",
    ):
        here.presses(ASHA, data)
        here.presses(STRANGER, data)
    assert here.noted == len(updates) + 2 * 9 + 2 * 8


def test_a_flood_of_one_chat_is_passed_over(here: Chats) -> None:
    answers = [here.says(ASHA, "/help") for _ in range(40)]
    assert sum(bool(each.replies) for each in answers) == 30
    assert here.noted == 40
    assert here.says(RAVI, "/help").replies


def test_what_goes_wrong_is_said_and_keeps_nothing_waiting(here: Chats, caplog: pytest.LogCaptureFixture) -> None:
    def broken_reader() -> AnnouncementReader:
        raise ZeroDivisionError

    broken = replace(here.conversation.site, announcements=broken_reader)
    here.conversation = replace(here.conversation, site=broken)
    assert "went wrong on my side" in text(here.says(ASHA, "/follow Severance"))
    assert here.noted == 1
    assert "bot's answer failed" in caplog.text
    assert str(ASHA) not in caplog.text


# Titles --------------------------------------------------------------------------------------------------------------


def test_a_name_that_is_one_title_s_is_that_title_though_others_begin_so(here: Chats) -> None:
    answer = here.says(ASHA, "/mute  dune ")
    assert text(answer) == "Dune is muted: I say nothing about it."
    back = here.presses(ASHA, button(answer, "Unmute"))
    assert (text(back), back.note, back.is_done) == (
        "I tell you about Dune again.",
        "I tell you about Dune again.",
        True,
    )
    assert muted(here) == set()


def test_a_part_of_names_is_asked_about(here: Chats) -> None:
    answer = here.says(ASHA, "/mute dun")
    assert (text(answer), labels(answer)) == ("Which one do you mean?", ["Dune", "Dune Messiah"])
    here.presses(ASHA, button(answer, "Dune Messiah"))
    assert muted(here) == {("asha", "Dune Messiah")}


def test_titles_of_others_are_not_there(chats: Chats) -> None:
    for words in ("/mute Silo", "/stop Silo", "/unmute Silo"):
        assert text(chats.says(ASHA, words)) == "You follow no title that is called Silo."
    for kind in ("mute", "unmute", "stop?", "stop", "again"):
        answer = chats.presses(ASHA, f"c:{kind}:{number(chats, 'Silo')}")
        assert text(answer) == "You do not follow this title any more."
    assert "Silo" in text(chats.says(RAVI, "/upcoming"))
    assert "Silo" not in text(chats.says(ASHA, "/upcoming"))


def test_a_chat_is_answered_in_the_language_of_its_person(file: Rig) -> None:
    config = household(CONFIG.replace("{bot: 4712}]", "{bot: 4712}], language: es"))
    bring(file.store, config)
    chats = Chats(file, config)
    assert text(chats.says(RAVI, "/mute Dune")) == "No sigues ningún título que se llame Dune."
    assert "20 de noviembre" in text(chats.says(RAVI, "/upcoming"))
    assert text(chats.says(ASHA, "/mute Silo")) == "You follow no title that is called Silo."


def test_nothing_ends_without_a_second_press(chats: Chats) -> None:
    answer = chats.says(ASHA, "/stop dune messiah")
    assert (text(answer), labels(answer)) == ("Stop following Dune Messiah?", ["Yes, stop it", "No"])
    assert chats.presses(ASHA, button(answer, "No")).note == "Nothing has changed."
    assert "Dune Messiah" in text(chats.says(ASHA, "/upcoming"))
    chats.presses(ASHA, button(answer, "Yes, stop it"))
    again = chats.presses(ASHA, button(answer, "Yes, stop it"))
    assert "Dune Messiah" not in text(chats.says(ASHA, "/upcoming"))
    chats.presses(ASHA, button(again, "Follow it again"))
    assert "Dune Messiah" in text(chats.says(ASHA, "/upcoming"))


def test_a_chat_of_two_people_looks_for_both_and_changes_nothing(chats: Chats) -> None:
    shown = text(chats.says(BOTH, "/upcoming"))
    assert "For mum:" in shown
    assert "For dad:" in shown
    assert "Several people read this chat" in text(chats.says(BOTH, "/mute Silo"))
    assert "Several people read this chat" in chats.presses(BOTH, f"c:mute:{number(chats, 'Silo')}").note
    assert muted(chats) == set()


# Following -----------------------------------------------------------------------------------------------------------


def test_one_entry_is_followed_by_one_press(asking: Chats) -> None:
    answer = asking.says(RAVI, "/follow harbour lights")
    lines = text(answer).splitlines()
    assert lines[0] == "Harbour Lights"
    assert lines[1].startswith("The first message, ")
    assert labels(answer) == ["Follow"]
    assert button(answer, "Follow") == "c:follow:tvmaze:7;"
    done = asking.presses(RAVI, button(answer, "Follow"))
    assert text(done).startswith("You follow Harbour Lights. The first message comes ")
    assert asking.woken == 1
    assert text(asking.presses(RAVI, button(answer, "Follow"))).startswith("You follow Harbour Lights already.")
    assert "Harbour Lights" in text(asking.says(RAVI, "/upcoming"))
    assert "Harbour Lights" not in text(asking.says(ASHA, "/upcoming"))


def test_of_several_entries_one_is_chosen(asking: Chats) -> None:
    answer = asking.says(RAVI, "/follow the office season 9")
    assert text(answer) == "Which one is the office?"
    assert len(labels(answer)) == 3
    assert labels(answer)[-1] == "None of these"
    done = asking.presses(RAVI, button(answer, labels(answer)[1]))
    assert text(done).startswith("You follow The Office")


def test_a_work_that_no_source_has_is_followed_by_its_name(asking: Chats) -> None:
    answer = asking.says(RAVI, "/follow the office season 9")
    by_hand = asking.presses(RAVI, button(answer, "None of these"))
    assert "Nothing is to come: " in text(by_hand)


def test_a_season_that_is_watched_is_offered_in_the_chat_too(here: Chats) -> None:
    first = here.says(ASHA, "/follow Night Ferry season 2, July 9, 2027")
    assert text(here.presses(ASHA, button(first, "Follow"))).startswith("You follow Night Ferry.")
    answer = here.says(RAVI, "/follow night ferry")
    assert text(answer) == "Which one is night ferry?"
    assert labels(answer) == ["Night Ferry season 2", "None of these"]
    assert text(here.presses(RAVI, button(answer, "Night Ferry season 2"))).startswith("You follow Night Ferry")


def test_an_announcement_is_followed_as_it_was_shown(here: Chats) -> None:
    answer = here.says(ASHA, "/follow Severance returns on January 17, 2027 on Apple TV+")
    assert text(answer).startswith("Severance\nThe first message, ")
    assert text(here.presses(RAVI, button(answer, "Follow"))).startswith("I have forgotten"), "it is another chat's"
    assert text(here.presses(ASHA, button(answer, "Follow"))).startswith("You follow Severance.")


def test_what_cannot_be_followed_is_said_in_words(here: Chats) -> None:
    for words in ("https://127.0.0.1/x", "tvmaze:999999", "x" * 3000, "🙂", "<b>"):
        assert text(here.says(ASHA, f"/follow {words}"))
    assert here.noted == 5


def test_an_announcement_that_calls_a_work_off_proposes_nothing(here: Chats) -> None:
    answer = here.says(ASHA, "/follow Hulu has cancelled “Dead Air” after two seasons.\nFans are sad.")
    assert "It says that this will not come.\n" in text(answer)
    assert "Hulu has cancelled “Dead Air” after two seasons." in text(answer)


# Joining -------------------------------------------------------------------------------------------------------------


def test_an_address_obeys_only_once_it_has_proved_itself(chats: Chats) -> None:
    waits = ChannelUse(name="bot", only=UNPROVED, address="77")
    with chats.rig.store.write() as tx:
        own.add_person(tx, replace(person(name="grandma"), channels=()), Own(channels=(waits,)))
        token = telegram_proof.start_token(tx, "grandma", "bot", NOW)
    assert "do not know this chat" in text(chats.says(77, "/upcoming"))
    assert chats.says(77, "/upcoming").replies == ()
    assert text(chats.says(77, f"/start {token}")).startswith(
        "Connected, grandma: your reminders come here from now on."
    )
    assert text(chats.says(77, "/upcoming")).startswith("Nothing is to come.")
    assert "/follow NAME" in text(chats.says(77, f"/start {token}")), "a second press of START does no harm"


def test_a_bot_that_is_read_only_for_joining_obeys_nothing_else(file: Rig) -> None:
    config = household(CONFIG)
    bring(file.store, config)
    chats = Chats(file, config, is_always_read=False)
    for words in ("/upcoming", "/mute Dune", "/start", "hello"):
        assert chats.says(ASHA, words).replies == ()
    assert chats.presses(ASHA, f"c:mute:{number(chats, 'Dune')}").replies == ()
    assert muted(chats) == set()
    with file.store.write() as tx:
        token = telegram_proof.start_token(tx, "asha", "bot", NOW)
    assert text(chats.says(78, f"/start {token}")) == "Connected, asha: your reminders come here from now on."


# Leaving, and coming back --------------------------------------------------------------------------------------------


def test_everything_ends_by_a_second_press_and_begins_again_in_the_same_chat(chats: Chats) -> None:
    asked = chats.says(ASHA, "/stop")
    sure = chats.presses(ASHA, button(asked, "Stop everything"))
    assert "Really stop?" in text(sure)
    assert "Dune" in text(chats.says(ASHA, "/upcoming"))
    left = chats.presses(ASHA, button(sure, "Yes, stop everything"))
    assert text(left) == "Done: nothing comes to this chat any more."
    with chats.rig.store.read() as tx:
        assert all(not who.channels for who in find_people(tx, "asha").values())
    bring(chats.rig.store, chats.config)
    assert text(chats.says(ASHA, "/upcoming")) == "You have stopped everything in this chat."
    assert chats.presses(STRANGER, button(left, "Begin again")).replies == ()
    assert text(chats.presses(ASHA, button(left, "Begin again"))) == "Your reminders come to this chat again."
    assert chats.presses(ASHA, button(left, "Begin again")).replies == ()
    assert "Dune" in text(chats.says(ASHA, "/upcoming"))


def test_who_has_left_a_chat_hears_of_it_elsewhere(rig: Rig) -> None:
    config = household(
        CONFIG.replace("channels: {bot:", "channels: {mail: json://127.0.0.1:9/, bot:").replace(
            "[{bot: 4711}]", "[mail, {bot: 4711}]"
        )
    )
    bring(rig.store, config)
    chats = Chats(rig, config)
    chats.presses(ASHA, "c:leave:")
    told = rig.rows(select(delivery.c.channel, message.c.detail).join(message))
    assert [(row.channel, row.detail["subject"]) for row in told] == [
        ("mail", "Nothing comes to your chat over bot any more")
    ]
