"""What a page asks to be sent: codes and tests go at once, past all that holds reminders back, and leave no digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from reminder.core.errors import WrongInput
from reminder.core.model.ledger import State
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import AskedFrom
from reminder.delivery.forecast import forecast
from reminder.notify.transport import Outcome, Sent
from reminder.store.load_plans import all_cases
from reminder.store.outbox_read import all_waiting
from reminder.store.restore import skip_open
from reminder.store.sql.tables import channel, delivery, message, metadata
from reminder.usecases import asks, messages
from reminder.usecases.asks import AskedTest
from tests.support.world import World

TOKEN = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized (535 wrong password)", status=401)
BUSY = Failure(kind=FailureKind.TRANSIENT, reason="503 Service Unavailable", status=503)
TWO = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", phone: "json://127.0.0.1:9/phone"}
"""
OF_TWO = """
timezone: Asia/Kolkata
channels: {mail: "json://127.0.0.1:9/", bot: "json://127.0.0.1:9/{address}"}
operator: asha
subscribers: {asha: {channels: [mail, {bot: "1"}]}, ben: {channels: [{bot: "2"}]}}
"""
BALLARD = "watch: [{title: Ballard, premiere: 2025-07-09}]"
NIGHT = "2025-07-02 02:00"
PLACE = AskedFrom("192.0.2.7", "Firefox", "Android")
CODE = "12345678"

Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    worlds: list[World] = []

    def made(config: str = BALLARD, base: str = TWO, start: str = NIGHT) -> World:
        worlds.append(World(config, start, base=base))
        return worlds[-1]

    yield made
    for world in worlds:
        world.close()


def code(world: World, *channels: str, person: str = "me", digits: str = CODE) -> None:
    with world.store.write() as tx:
        asks.ask_code(
            tx, person=person, channels=channels or ("mail",), code=digits, asked_from=PLACE, now=world.clock.now()
        )


def a_test(world: World, name: str, person: str = "me") -> int:
    with world.store.write() as tx:
        return asks.ask_test(tx, person=person, channel=name, now=world.clock.now())


def state(world: World, number: int, person: str = "me") -> AskedTest:
    with world.store.read() as tx:
        found = asks.test_state(tx, number, person=person)
    assert found is not None
    return found


def subjects(world: World, name: str) -> list[str]:
    return [item.words.subject for item in world.arrived if item.channel == name]


def stored(world: World) -> str:
    """Return every value of every table."""
    with world.store.read() as tx:
        return repr([tx.execute(select(table)).all() for table in metadata.sorted_tables])


def parked(world: World) -> set[str]:
    with world.store.read() as tx:
        return set(tx.execute(select(channel.c.name).where(channel.c.parked_at.is_not(None))).scalars())


HELD_BACK = ["quiet_hours: 22:00-08:00", "digest: daily", "digest: weekly monday", "burst: 1", "remind: []"]


@pytest.mark.parametrize("setting", HELD_BACK)
def test_what_holds_reminders_back_holds_back_no_code_and_no_test(make: Make, setting: str) -> None:
    world = make(f"{BALLARD}\n{setting}")
    number = a_test(world, "phone")
    code(world, "phone")
    world.settle()
    assert subjects(world, "phone") == ["A test of channel phone", "Your code: 1234 5678"]
    assert (state(world, number).state, state(world, number).is_over) == (State.SENT, True)


def test_a_code_over_several_channels_is_one_message_with_its_place_and_its_use(make: Make) -> None:
    world = make()
    code(world, "mail", "phone", "mail")
    world.settle()
    assert [row.channel for row in world.rows()] == ["mail", "phone"]
    assert len({row.key for row in world.rows()}) == 1
    (words,) = {item.words.plain() for item in world.arrived}
    assert words == (
        "It signs you in on the page of your reminders, and holds for ten minutes.\n"
        "It was asked for with Firefox on Android, from 192.0.2.7.\n"
        "If that was not you, do nothing: without the code nobody gets in."
    )


def test_asking_twice_makes_two_messages(make: Make) -> None:
    world = make()
    for digits in ("11112222", "11112222", "33334444"):
        code(world, digits=digits)
    world.settle()
    assert subjects(world, "mail") == ["Your code: 1111 2222"] * 2 + ["Your code: 3333 4444"]


def test_nothing_asked_for_goes_into_a_digest_of_what_else_is_due(make: Make) -> None:
    world = make("watch: [{title: Ballard, premiere: 2025-07-09}, {title: Dune, premiere: 2025-07-09}]\nburst: 1")
    world.at("2025-07-02 09:00")
    code(world)
    world.settle()
    assert subjects(world, "mail") == ["Your code: 1234 5678", "2 reminders: Ballard and Dune"]


def test_a_parked_channel_is_tried_and_a_test_that_works_sends_what_waits(make: Make) -> None:
    world = make()
    world.transport.always("mail", TOKEN)
    world.live("2025-07-02 09:10")
    assert (parked(world), subjects(world, "mail")) == ({"mail"}, [])
    number = a_test(world, "mail")
    world.settle()
    assert (state(world, number).state, state(world, number).reason) == (State.FAILED, TOKEN.reason)
    assert subjects(world, "mail") == []
    world.transport.always("mail", Sent())
    number = a_test(world, "mail")
    world.settle()
    assert state(world, number).state is State.SENT
    assert parked(world) == set()
    assert subjects(world, "mail") == ["A test of channel mail", "Ballard premieres in 7 days"]


def test_a_test_is_tried_once_whatever_the_fault(make: Make) -> None:
    for failure in (TOKEN, BUSY, Failure(kind=FailureKind.MESSAGE, reason="400 Bad Request", status=400)):
        world = make()
        world.transport.always("mail", failure)
        number = a_test(world, "mail")
        world.settle()
        found = state(world, number)
        assert (found.state, found.reason, found.is_over) == (State.FAILED, failure.reason, True)


def test_what_was_asked_before_a_channel_was_parked_is_tried_all_the_same(make: Make) -> None:
    world = make()
    outcomes: list[Outcome] = [TOKEN, Sent()]
    world.transport.script("mail", *outcomes)
    first, second = a_test(world, "mail"), a_test(world, "mail")
    world.settle()
    assert [state(world, number).state for number in (first, second)] == [State.FAILED, State.SENT]


def test_a_refused_address_is_tried_by_its_own_person(make: Make) -> None:
    world = make(base=OF_TWO, start="2025-07-02 09:00")
    world.transport.always("bot", Failure(kind=FailureKind.CHANNEL, reason="403 blocked", status=403, is_address=True))
    world.settle()
    world.transport.always("bot", Sent())
    number = a_test(world, "bot", "ben")
    world.settle()
    assert state(world, number, "ben").state is State.SENT
    assert "Ballard premieres in 7 days" in [item.words.subject for item in world.arrived if item.subscriber == "ben"]


def test_a_code_that_cannot_go_is_tried_again_and_is_over_after_ten_minutes(make: Make) -> None:
    world = make()
    world.transport.always("mail", BUSY)
    code(world)
    world.live("2025-07-02 02:09")
    assert [row.state for row in world.rows()] == [State.RETRYING]
    assert CODE in stored(world)
    world.live("2025-07-02 02:30")
    (row,) = world.rows()
    assert (row.state, row.attempts > 2) == (State.EXPIRED, True)
    assert CODE not in stored(world)


def test_a_code_that_nobody_could_send_in_time_is_never_sent(make: Make) -> None:
    world = make()
    code(world, "mail", "phone")
    world.at("2025-07-02 02:11").settle()
    assert ([row.state for row in world.rows()], world.arrived) == ([State.EXPIRED] * 2, [])
    assert CODE not in stored(world)


def test_no_digit_of_a_code_is_left_once_all_its_deliveries_are_closed(make: Make) -> None:
    world = make()
    world.transport.always("phone", BUSY)
    code(world, "mail", "phone")
    world.settle()
    assert [row.state for row in world.rows()] == [State.SENT, State.RETRYING]
    assert CODE in stored(world)  # it is still to be sent
    world.transport.always("phone", Sent())
    world.live("2025-07-02 02:05")
    assert [row.state for row in world.rows()] == [State.SENT, State.SENT]
    assert (CODE not in stored(world), "192.0.2.7" not in stored(world)) == (True, True)


@pytest.mark.parametrize("echo", ["1234 5678", "12345678", "1234%205678", "1234-5678", "1234\u00a05678"])
def test_what_a_service_repeats_of_a_code_is_neither_kept_nor_logged(
    make: Make, caplog: pytest.LogCaptureFixture, echo: str
) -> None:
    caplog.set_level("DEBUG")
    world = make()
    reason = f'422 Unprocessable: "Your code: {echo}" is too long'
    world.transport.always("mail", Failure(kind=FailureKind.MESSAGE, reason=reason, status=422))
    world.transport.always("phone", Sent(detail=f"queued {echo}"))
    code(world, "mail", "phone")
    world.live("2025-07-02 02:30")
    assert [row.reason for row in world.rows() if row.channel == "phone"] == ["queued …"]
    assert [text for text in (stored(world), caplog.text) if echo in text or CODE in text] == []


def test_a_code_shows_in_no_list_of_what_is_to_come(make: Make) -> None:
    world = make()
    code(world)
    with world.store.read() as tx:
        now, grace = world.clock.now(), world.app.config.grace
        coming = forecast(all_cases(tx), all_waiting(tx), start=now, end=now + timedelta(days=1), grace=grace)
        found = messages.history(tx).entries
    assert {item.contexts[0].kind for item in coming} == {"reminder"}
    assert CODE not in repr(found)


def test_a_code_is_never_tried_again_by_hand(make: Make) -> None:
    world = make()
    code(world)
    world.settle()
    with world.store.write() as tx, pytest.raises(WrongInput, match=r"1 was a code, .*: ask for a new one"):
        messages.retry(tx, [1], world.clock.now(), world.app.config.grace, force=True)


def test_a_channel_that_is_taken_away_meanwhile_gets_nothing_and_neither_does_another(make: Make) -> None:
    world = make(base=OF_TWO)
    code(world, "mail", person="asha")
    world.edit(BALLARD, base=OF_TWO.replace("channels: [mail, {bot", "channels: [{bot"))
    world.settle()
    assert ([str(row) for row in world.rows()], world.arrived) == (["code: skipped (its channel is gone)"], [])
    assert CODE not in stored(world)


def test_an_old_copy_of_a_database_sends_no_code_and_keeps_none(make: Make) -> None:
    world = make()
    code(world)
    now = world.clock.now()
    with world.store.write() as tx:
        assert skip_open(tx, now + timedelta(minutes=1), now + timedelta(minutes=1)) == 1
    world.settle()
    assert (world.arrived, CODE in stored(world)) == ([], False)


def test_a_crash_between_claim_and_answer_sends_it_again(make: Make) -> None:
    world = make()
    code(world)
    with world.store.write() as tx:
        tx.execute(update(delivery).values(state=State.SENDING, owner="dead", attempts=1))
    world.begin().settle()
    assert subjects(world, "mail") == ["Your code: 1234 5678"]


WRONG = [
    ("nobody", ["mail"], 'there is nobody called "nobody"'),
    ("me", ["mial"], "did you mean mail"),
    ("me", [], "no"),
]


@pytest.mark.parametrize(("person", "channels", "said"), WRONG)
def test_nothing_is_written_for_a_person_or_a_channel_that_there_is_not(
    make: Make, person: str, channels: list[str], said: str
) -> None:
    world = make()
    with world.store.write() as tx, pytest.raises(WrongInput, match=said):
        asks.ask_code(tx, person=person, channels=channels, code=CODE, asked_from=PLACE, now=world.clock.now())
    assert world.rows() == []


def test_a_test_is_told_to_its_own_person_alone(make: Make) -> None:
    world = make(base=OF_TWO)
    number = a_test(world, "mail", "asha")
    code(world, person="asha")
    with world.store.read() as tx:
        (of_code,) = tx.execute(select(message.c.id).where(message.c.kind == "code")).scalars()
        others = [asks.test_state(tx, number, person="ben"), asks.test_state(tx, of_code, person="asha")]
    assert others == [None, None]
