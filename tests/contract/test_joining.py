"""Inviting, joining and proving an address, on every database (SPEC 10): nothing counts before it has proved itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from reminder.config import Config
from reminder.config.load import parse_config
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Channel, ChannelUse, HourStyle, Kind
from reminder.core.model.own import UNPROVED, Own
from reminder.core.sending.address_kinds import AddressKind, address_problem
from reminder.core.sending.code_channels import code_channels
from reminder.core.text.message import AskedFrom
from reminder.daemon.retention import Pruner
from reminder.store import own
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.people import find_people
from reminder.store.sql.tables import address_proof, delivery, invitation, message, subscriber
from reminder.store.web_sessions import end_every_session
from reminder.usecases import asks, inviting, joining, signing_in
from reminder.usecases.inviting import Newcomer
from reminder.usecases.people import find_person
from tests.support.rules import GRACE, person
from tests.support.stores import NOW, Rig, listed, put

BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = parse_config(
    """
timezone: Asia/Kolkata
web: {}
channels:
  bot: {url: "tgram://123456789:abcdefg_hijklmnop/{address}", join: true}
  mail: {url: "mailtos://me:pw@example.org?to={address}", join: true}
  closed: "json://127.0.0.1:9/{address}"
subscribers: {asha: {channels: [{bot: "1"}]}}
watch: [{title: Ballard, premiere: 2025-07-09}]
""",
    "config.yaml",
)
GRANDMA = Newcomer(name="Grandma", zone=BERLIN, language="de", hour_style=HourStyle.H24)


@pytest.fixture
def home(rig: Rig) -> Rig:
    put(rig.store, listed(people=CONFIG.subscribers))
    return rig


def invite(rig: Rig, now: datetime = NOW, **more: object) -> str:
    with rig.store.write() as tx:
        return inviting.invite(tx, "asha", name="Grandma", zone=BERLIN, now=now, **more)  # type: ignore[arg-type]


def begin(rig: Rig, token: str, who: Newcomer = GRANDMA, now: datetime = NOW, config: Config = CONFIG) -> str | None:
    with rig.store.write() as tx:
        return inviting.begin(tx, config, token, who, "Firefox", now)


def bring(rig: Rig, name: str = "Grandma", address: str = "77", channel: str = "bot", now: datetime = NOW) -> str:
    with rig.store.write() as tx:
        use = joining.bring_address(tx, name, CONFIG.channels[channel], address, "Her phone", now)
        joining.send_code(tx, name, use, AskedFrom("192.0.2.1", "Firefox"), now)
    return use


def code_of(rig: Rig) -> str:
    """Return the code that was sent last."""
    (row,) = rig.rows(select(message.c.detail).where(message.c.what == "proof").order_by(message.c.id.desc()).limit(1))
    return str(row.detail["code"])


def prove(rig: Rig, use: str, code: str, name: str = "Grandma", now: datetime = NOW) -> bool:
    with rig.store.write() as tx:
        return joining.prove(tx, name, use, code, now, channels=CONFIG.channels)


def uses(rig: Rig, name: str = "Grandma") -> list[tuple[str, str | None, bool]]:
    with rig.store.read() as tx:
        (who,) = find_people(tx, name).values()
    return [(use.name, use.address, use.only == UNPROVED) for use in who.channels]


def test_who_is_invited_joins_once_an_address_has_proved_itself(home: Rig) -> None:
    token = invite(home)
    assert token not in str(home.rows(select(invitation)))
    for _ in range(2):  # a mail scanner looks, and looks again
        with home.store.read() as tx:
            invited = inviting.invitation_of(tx, token, NOW)
    assert invited is not None
    assert (invited.name, invited.language, invited.zone, invited.begun_by) == ("Grandma", "en", "Europe/Berlin", None)
    cookie = begin(home, token)
    assert cookie is not None
    use = bring(home)
    assert uses(home) == [("bot", "77", True)]
    with home.store.read() as tx:
        assert inviting.invitation_of(tx, token, NOW) is not None
        session = signing_in.signed_in(tx, cookie, NOW)
    assert session is not None
    assert (session.person.name, session.person.zone, session.person.language) == ("Grandma", BERLIN, "de")
    assert prove(home, use, code_of(home))
    assert uses(home) == [("bot", "77", False)]
    with home.store.read() as tx:
        assert inviting.invitation_of(tx, token, NOW) is None
    assert begin(home, token) is None


def test_who_opens_it_again_begins_anew_and_keeps_their_name(home: Rig) -> None:
    token = invite(home)
    first = begin(home, token)
    bring(home)
    second = begin(home, token, replace(GRANDMA, zone=ZoneInfo("Asia/Tokyo")))
    assert first is not None
    assert second is not None
    with home.store.read() as tx:
        assert signing_in.signed_in(tx, first, NOW) is None
        assert signing_in.signed_in(tx, second, NOW) is not None
    assert uses(home) == []


@pytest.mark.parametrize("token", ["", "x" * 43, "no such", "\0"])
def test_a_link_that_is_none_lets_nobody_in(home: Rig, token: str) -> None:
    assert begin(home, token) is None


def test_an_invitation_is_over_after_three_days_or_taken_back(home: Rig) -> None:
    token, other = invite(home), invite(home)
    later = NOW + timedelta(hours=72)
    with home.store.read() as tx:
        assert inviting.invitation_of(tx, token, later) is None
        marks = [each.hash for each in inviting.open_invitations(tx, NOW)]
    assert len(marks) == 2
    assert begin(home, other) is not None
    with home.store.write() as tx:
        for mark in marks:
            inviting.take_back(tx, mark, NOW)
        assert find_person(tx, "Grandma") is None
        with pytest.raises(WrongInput, match="no longer valid"):
            inviting.take_back(tx, marks[0], NOW)


NAMES = {
    "": "1 to 80",
    "x" * 10_000: "1 to 80",
    "<script>alert(1)</script>": "without brackets",
    "Grand\u202ema": "hidden sign",
    "\u200f\u200f": "hidden sign",
    "...": "letters",
    "tgram://x": "1 to 80",
    "Grand\u200bma": "hidden sign",
    "\u202eRavi": "hidden sign",
    "Ravi\x00": "hidden sign",
    "Ra\u200dvi": "hidden sign",
    "\u0639\u0644\u06cc\u200c": "hidden sign",
    "\u0639\u0644\u06cc\u200c\u200c\u0631\u0636\u0627": "hidden sign",
    "Ravi \U0001f46b\U000e0067\U000e007f": "hidden sign",
    "asha": "already",
    "Asha": "already",
    "ravi": "already",
    "GRANDMA": "already",
}


def test_a_name_that_is_taken_or_none_is_refused_with_what_to_write(home: Rig) -> None:
    settings = replace(person(name=""), channels=())
    ravi = NewSubscriber(name="ravi", settings=settings, use=ChannelUse(name="bot", address="2"), titles=())
    with home.store.write() as tx:
        BulkLoader(now=NOW, grace=GRACE).put(tx, [ravi])
        own.add_person(tx, replace(person(name="Grandma"), channels=()), Own())
    token = _token(home)
    for name, why in NAMES.items():
        with pytest.raises(WrongInput, match=why):
            begin(home, token, replace(GRANDMA, name=name))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", id="a Persian name with its joiner"),
        pytest.param("\u0d05\u0d26\u0d4d\u200c\u0d35\u0d48\u0d24", id="one in Malayalam"),
        pytest.param("Mia \U0001f469\u200d\U0001f469\u200d\U0001f467", id="a family among emoji"),
        pytest.param("Zo\xeb \u2764\ufe0f\u200d\U0001f525", id="a heart on fire"),
        pytest.param("Ewan \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", id="a flag"),
    ],
)
def test_a_joiner_that_shapes_what_stands_beside_it_is_part_of_a_name(home: Rig, name: str) -> None:
    begin(home, invite(home), replace(GRANDMA, name=name))
    assert _who(home, name).name == name


def _token(rig: Rig) -> str:
    with rig.store.write() as tx:
        return inviting.invite(tx, "asha", zone=BERLIN, now=NOW)


def test_an_owner_by_invitation_is_one_only_after_the_proof(home: Rig) -> None:
    begin(home, invite(home, is_owner=True))
    use = bring(home)
    assert not _who(home).is_owner
    prove(home, use, code_of(home))
    assert _who(home).is_owner


def _who(rig: Rig, name: str = "Grandma"):  # type: ignore[no-untyped-def]
    with rig.store.read() as tx:
        return find_person(tx, name)


def test_a_code_holds_for_ten_minutes_and_five_tries_and_the_last_one_alone(home: Rig) -> None:
    begin(home, invite(home))
    use = bring(home)
    old = code_of(home)
    assert not prove(home, use, old, now=NOW + timedelta(minutes=10))
    bring(home)
    new = code_of(home)
    if old != new:
        assert not prove(home, use, old)
    wrong = f"{(int(new) + 1) % 10**6:06}"
    for _ in range(4):
        assert not prove(home, use, wrong)
    assert not prove(home, use, new)  # the sixth try
    bring(home)
    assert prove(home, use, f" {code_of(home)[:3]} {code_of(home)[3:]} ")
    assert prove(home, use, "whatever")  # it counts already


def test_nobody_is_sent_more_than_three_codes_an_hour_to_whatever_addresses(home: Rig) -> None:
    begin(home, invite(home))
    for address in ("1001", "1002", "1003"):
        bring(home, address=address)
    with pytest.raises(WrongInput, match="3 codes an hour"):
        bring(home, address="1001")
    with pytest.raises(WrongInput, match="wait for their code"):
        bring(home, address="1004")
    bring(home, address="1001", now=NOW + timedelta(minutes=61))


def test_a_code_is_a_message_of_the_ledger_and_its_hash_is_all_that_the_proof_keeps(home: Rig) -> None:
    begin(home, invite(home))
    use = bring(home)
    (row,) = home.rows(select(message.c.kind, delivery.c.channel, delivery.c.asked).join(delivery))
    assert tuple(row) == (Kind.CODE, use, 1)
    assert code_of(home) not in str(home.rows(select(address_proof)))
    with home.store.read() as tx:
        sent = joining.sent_code(tx, "Grandma", use)
    assert sent is not None
    assert not sent.has_failed


def test_an_address_that_has_not_proved_itself_takes_neither_a_test_nor_a_code_to_sign_in(home: Rig) -> None:
    begin(home, invite(home))
    use = bring(home)
    with home.store.write() as tx, pytest.raises(WrongInput, match="still to prove itself"):
        asks.ask_test(tx, person="Grandma", channel=use, now=NOW)
    assert code_channels(_who(home), [], CONFIG.channels) == ()
    prove(home, use, code_of(home))
    assert code_channels(_who(home), [], CONFIG.channels) == ("bot",)


def test_nobody_is_kept_out_by_another_who_only_says_that_an_address_is_theirs(home: Rig) -> None:
    begin(home, invite(home))
    bring(home, address="1")  # Asha's
    asha, grandma = _who(home, "asha"), _who(home)
    assert code_channels(asha, [grandma], CONFIG.channels) == ("bot",)
    use = ChannelUse(name="bot#2", address="1")
    shared = replace(grandma, channels=(use,))
    assert code_channels(asha, [shared], CONFIG.channels) == ()


def test_further_addresses_are_counted_and_removed_whoever_lists_the_person(home: Rig) -> None:
    use = bring(home, name="asha", address="2")
    assert use == "bot#2"
    assert prove(home, use, code_of(home), name="asha")
    mail = bring(home, name="asha", channel="mail", address=" asha@example.org ")
    assert uses(home, "asha") == [("bot", "1", False), ("bot#2", "2", False), ("mail", "asha@example.org", True)]
    with home.store.write() as tx:
        joining.rename_address(tx, "asha", use, "My <tablet>\u202e  ", NOW)
        assert [each.label for each in joining.own_addresses(tx, "asha", CONFIG.channels)] == [
            "My <tablet>",
            "Her phone",
        ]
        with pytest.raises(WrongInput, match="no such address"):
            joining.drop_address(tx, "asha", "bot", NOW)  # the config's
        joining.drop_address(tx, "asha", use, NOW)
        joining.drop_address(tx, "asha", mail, NOW)
    put(home.store, listed(people=CONFIG.subscribers), now=NOW + timedelta(hours=1))
    assert uses(home, "asha") == [("bot", "1", False)]
    assert bring(home, name="asha", address="3") == "bot#2"


WRONG_ADDRESSES = [
    ("closed", "1", "takes no addresses"),
    ("bot", "", "Write the address"),
    ("bot", "abc", "digits"),
    ("bot", "1/2", "digits"),
    ("mail", "anna", "one mail address"),
    ("mail", "a@example.org,b@example.org", "one mail address"),
    ("mail", "a@example", "one mail address"),
    ("bot", "1" * 1000, "at most"),
]


def test_what_cannot_be_an_address_is_refused_with_what_to_write(home: Rig) -> None:
    for channel, address, why in WRONG_ADDRESSES:
        with pytest.raises(WrongInput, match=why):
            bring(home, name="asha", channel=channel, address=address)


@pytest.mark.parametrize(
    ("kind", "address", "is_one"),
    [
        (AddressKind.NTFY, "reminder-0a", True),
        (AddressKind.NTFY, "a/b", False),
        (AddressKind.NTFY, "x" * 65, False),
        (AddressKind.MAIL, "anna.o'neil+r@mail.example.org", True),
        (AddressKind.MAIL, "anna@münchen.example", True),
        (AddressKind.MAIL, "a@b@example.org", False),
        (AddressKind.MAIL, "<a@example.org>", False),
        (AddressKind.TELEGRAM, "-1001234567890", True),
        (AddressKind.TELEGRAM, "@anna", False),
        (AddressKind.OTHER, "@anna:matrix.example", True),
        (AddressKind.OTHER, "1 2", False),
        (AddressKind.OTHER, "1;2", False),
        (AddressKind.OTHER, "a\u202eb", False),
    ],
)
def test_an_address_is_judged_by_its_shape(kind: AddressKind, address: str, is_one: bool) -> None:
    assert (address_problem(kind, address) is None) is is_one


def test_who_began_and_came_no_further_is_forgotten_after_three_days(home: Rig) -> None:
    token = invite(home)
    late = NOW + timedelta(hours=71)
    begin(home, token, now=late)
    bring(home, now=late)
    finished = _token(home)
    begin(home, finished, replace(GRANDMA, name="Zoe"))
    prove(home, bring(home, name="Zoe", address="9"), code_of(home), name="Zoe")
    for after, gone in ((timedelta(hours=70), []), (timedelta(hours=72), ["1 people"]), (timedelta(days=9), [])):
        with home.store.write() as tx:
            assert joining.forget_unfinished(tx, late + after) == gone, after
    assert [row.name for row in home.rows(select(subscriber.c.name).order_by(subscriber.c.name))] == ["Zoe", "asha"]
    assert home.rows(select(invitation)) == []
    assert home.rows(select(address_proof)) == []


def test_in_a_copy_that_is_put_back_no_invitation_and_no_code_holds(home: Rig) -> None:
    token, other = invite(home), _token(home)
    begin(home, token)
    use = bring(home)
    with home.store.write() as tx:
        end_every_session(tx)
        assert inviting.open_invitations(tx, NOW) == []
        assert inviting.invitation_of(tx, other, NOW) is None
    assert not prove(home, use, code_of(home))
    with home.store.write() as tx:
        assert joining.forget_unfinished(tx, NOW + timedelta(days=1)) == ["1 people"]


def test_the_daemons_upkeep_forgets_who_came_no_further(home: Rig, caplog: pytest.LogCaptureFixture) -> None:
    begin(home, invite(home))
    bring(home, name="asha", address="2")
    caplog.set_level("INFO")
    Pruner(store=home.store, keep=timedelta()).daily(NOW + timedelta(days=4))
    assert [row.name for row in home.rows(select(subscriber.c.name))] == ["asha"]
    assert uses(home, "asha") == [("bot", "1", False)]
    (line,) = [record for record in caplog.records if record.message == "unfinished joining forgotten"]
    assert "Grandma" not in str(vars(line))


def test_a_channel_of_the_config_gives_its_only_and_its_mark_to_the_address(home: Rig) -> None:
    channel = CONFIG.channels["bot"]
    assert (channel.scheme, channel.host, channel.join) == ("tgram", "", True)
    begin(home, invite(home))
    prove(home, bring(home), code_of(home))
    (use,) = _who(home).channels
    assert (use.only, use.mark) == (channel.only, channel.fingerprint)
    assert isinstance(channel, Channel)
