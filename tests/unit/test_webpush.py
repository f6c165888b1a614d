"""Web Push by itself: RFC 8291's example byte for byte, signatures, addresses of browsers, what a message becomes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from reminder.config.load import parse_config
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.errors import ConfigError
from reminder.core.model.entities import Channel, Kind, Release, Subscriber, Title
from reminder.core.model.secret import Secret
from reminder.core.text.content import Action, ActionKind
from reminder.core.text.hints import DeliveryHints, hints_of, together
from reminder.core.text.message import BodyLine, Words
from reminder.notify.pace import pace
from reminder.notify.schemas import PUSH_LANES, lane
from reminder.notify.unusable import Unusable
from reminder.notify.webpush.browser import (
    Browser,
    browser_of,
    browser_of_subscription,
    browser_of_url,
    in_base64url,
    of_base64url,
)
from reminder.notify.webpush.encrypt import MOST_BYTES, encrypt, encrypt_with
from reminder.notify.webpush.hosts import check_host
from reminder.notify.webpush.payload import payload_of, topic_of
from reminder.notify.webpush.post import seconds_kept
from reminder.notify.webpush.vapid import HOLDS, VapidKey, new_key
from tests.support.push import PushedTo, signed_by
from tests.support.sink import Request

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)

# RFC 8291, 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
THEIR_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
OUR_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
ENDPOINT = "https://fcm.googleapis.com/fcm/send/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"


def of_rfc() -> Browser:
    return Browser(endpoint=ENDPOINT, p256dh=of_base64url(P256DH), auth=of_base64url(AUTH))


def private(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(of_base64url(key), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_byte_for_byte() -> None:
    body = encrypt_with(TEXT, of_rfc(), of_base64url(SALT), private(OUR_KEY))
    assert in_base64url(body) == BODY


def test_another_library_reads_what_is_encrypted_and_no_two_bodies_are_alike() -> None:
    bodies = [encrypt(TEXT, of_rfc()) for _ in range(2)]
    for body in bodies:
        read = http_ece.decrypt(
            body, private_key=private(THEIR_KEY), auth_secret=of_base64url(AUTH), version="aes128gcm"
        )
        assert read == TEXT
    assert bodies[0] != bodies[1]


@pytest.mark.parametrize("length", [0, 1, 100, MOST_BYTES])
def test_whatever_fits_is_one_record_of_at_most_4096_bytes(length: int) -> None:
    browser = PushedTo(endpoint=ENDPOINT)
    text = b"x" * length
    body = encrypt(text, browser_of(browser.address))
    assert len(body) <= 4096
    assert http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.auth, version="aes128gcm") == text


@pytest.mark.parametrize(
    ("message", "bytes_sent"),
    [(b"", 1127), (b"{}", 1127), (b"x" * 1024, 1127), (b"x" * 1025, 2151), (b"x" * 2048, 2151), (b"x" * 2049, 4096)],
)
def test_how_long_a_body_is_tells_little_of_the_message(message: bytes, bytes_sent: int) -> None:
    assert len(encrypt(message, of_rfc())) == bytes_sent


def test_a_code_a_trouble_and_two_titles_are_of_one_length() -> None:
    acts = [ActionKind.LATER, ActionKind.TOMORROW, ActionKind.OPEN]
    offered = tuple(Action(kind=kind, label=f"{kind}!", url=f"https://r.example/m/{'T' * 60}/{kind}") for kind in acts)
    said = [
        Words(subject="123456 is your code"),
        Words(subject="Mail does not work", body=(BodyLine(text="535 bad login" * 5),)),
        Words(subject="Ballard premieres tomorrow", body=(BodyLine(text="All 10 episodes"),), actions=offered),
        Words(subject="The Lord of the Rings: The Rings of Power is out today", actions=offered),
    ]
    assert len({len(encrypt(payload_of(words, tag="t" * 32), of_rfc())) for words in said}) == 1


def test_what_does_not_fit_is_not_encrypted() -> None:
    with pytest.raises(ValueError, match="3994 bytes"):
        encrypt(b"x" * (MOST_BYTES + 1), of_rfc())


def test_a_key_that_is_no_point_of_the_curve_is_the_addresss_fault() -> None:
    with pytest.raises(Unusable) as raised:
        encrypt(b"x", Browser(endpoint=ENDPOINT, p256dh=b"\x04" + b"\x01" * 64, auth=b"a" * 16))
    assert raised.value.is_address


# Who sends ------------------------------------------------------------------------------------------------------------


def asked(header: str) -> Request:
    return Request(method="POST", host="push.example", path="/", headers={"authorization": header}, body=b"")


def test_a_push_service_can_check_the_signature_against_the_key_that_the_page_gave_out() -> None:
    key = VapidKey(Secret(new_key()))
    header = key.authorization("https://push.example", "mailto:me@example.org", NOW)
    assert signed_by(asked(header), "https://push.example", key.public, NOW) == key.public
    assert len(of_base64url(key.public)) == 65


def test_a_signature_serves_for_hours_and_is_made_anew_before_it_ends() -> None:
    key = VapidKey(Secret(new_key()))

    def header(after: timedelta, origin: str = "https://a.example") -> str:
        return key.authorization(origin, "mailto:me@example.org", NOW + after)

    first = header(timedelta(0))
    assert header(HOLDS / 2 - timedelta(seconds=1)) == first
    assert header(timedelta(0), "https://b.example") != first
    assert header(HOLDS / 2) != first
    assert header(timedelta(hours=-1)) != first  # a clock that was set back: the service would find it too far ahead


def test_keys_are_64_digits_differ_and_are_in_no_text() -> None:
    made = {new_key() for _ in range(50)}
    assert len(made) == 50
    assert all(len(key) == 64 and int(key, 16) for key in made)
    one = next(iter(made))
    assert one not in repr(vars(VapidKey(Secret(one))))


# Where a browser is ---------------------------------------------------------------------------------------------------


def test_a_browser_is_one_text_and_comes_back_from_it() -> None:
    written = of_rfc().written()
    assert written == f"{AUTH}.{P256DH}.{ENDPOINT}"
    assert browser_of(written) == of_rfc()
    assert (
        browser_of_subscription({"endpoint": ENDPOINT, "keys": {"p256dh": P256DH + "=", "auth": AUTH + "=="}})
        == of_rfc()
    )
    assert of_rfc().origin == "https://fcm.googleapis.com"
    assert "JzLQ" not in repr(of_rfc())


@pytest.mark.parametrize(
    "address",
    [
        "", "12345", f"{AUTH}.{P256DH}", f"{AUTH}.{P256DH}.ftp://host/x", f"{AUTH}.{P256DH}.https://", f"{AUTH[1:]}.{P256DH}.{ENDPOINT}",
        f"{AUTH}.{P256DH[1:]}.{ENDPOINT}", f"{AUTH}.A{P256DH[1:]}.{ENDPOINT}", f"{AUTH}.{P256DH}.https://me@fcm.googleapis.com/x",
        f"{AUTH}.{P256DH}.{ENDPOINT}#x", f"{AUTH}.{P256DH}.{ENDPOINT} x", f"{AUTH}.{P256DH}.https://[::1/x", f"{AUTH}.{P256DH}.{ENDPOINT}{'x' * 900}",
        f"{AUTH}.{P256DH}.https://fcm.googleapis.com:99999/x", f"{AUTH}.{P256DH}.https://evil.example\\.push.apple.com/x",
        f"{AUTH}.{P256DH}.https://evil.example%2f.push.apple.com/x", f"{AUTH}.{P256DH}.https://fcm.googleapis.com:0/x", f"{AUTH}.{P256DH}.https://fcm.googleapis.com/\u00e9",
    ],
)  # fmt: skip
def test_what_is_no_browser_is_refused_without_a_word_of_it(address: str) -> None:
    with pytest.raises(Unusable) as raised:
        browser_of(address)
    assert raised.value.is_address
    assert str(raised.value) == "this is not the address of a browser: it is made on the page, under Channels"


@pytest.mark.parametrize(
    "said", [None, [], "x", {}, {"endpoint": ENDPOINT}, {"endpoint": ENDPOINT, "keys": {"auth": 1, "p256dh": P256DH}}]
)
def test_what_describes_no_browser_is_refused(said: object) -> None:
    with pytest.raises(Unusable):
        browser_of_subscription(said)


@pytest.mark.parametrize(
    ("endpoint", "more", "is_asked"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", [], True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", [], True),
        ("https://autopush.push.services.mozilla.com/x", [], True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", [], True),
        ("https://web.push.apple.com/x", [], True),
        ("https://fcm.googleapis.com:443/x", [], True),
        ("https://fcm.googleapis.com:8443/x", [], False),
        ("http://fcm.googleapis.com/x", [], False),
        ("https://fcm.googleapis.com.evil.example/x", [], False),
        ("https://evilpush.apple.com/x", [], False),
        ("https://push.apple.com/x", [], False),
        ("https://push.example.org/x", [], False),
        ("https://push.example.org:8443/x", ["push.example.org"], True),
        ("http://push.example.org/x", ["push.example.org"], False),
        ("http://127.0.0.1:9000/x", [], False),
        ("http://localhost:9000/x", [], False),
        ("http://127.0.0.1:9000/x", ["127.0.0.1"], True),
        ("http://localhost:9000/x", ["localhost"], True),
        ("https://169.254.169.254/latest", [], False),
        ("https://192.168.1.1/", [], False),
    ],
)  # fmt: skip
def test_only_push_services_that_are_known_or_named_are_asked(endpoint: str, more: list[str], is_asked: bool) -> None:
    if is_asked:
        check_host(endpoint, more)
    else:
        with pytest.raises(Unusable, match="push_hosts") as raised:
            check_host(endpoint, more)
        assert raised.value.is_address


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("https://fcm.googleapis.com/fcm/send/a", "https://fcm.googleapis.com/wp/b", True),
        ("https://fcm.googleapis.com/fcm/send/a", "https://updates.push.services.mozilla.com/wpush/v2/b", False),
        ("https://wns2-par02p.notify.windows.com/w/?token=a", "https://wns2-ln2p.notify.windows.com/w/?token=a", False),
        ("http://127.0.0.1:9001/a", "http://127.0.0.1:9002/a", False),
    ],
)
def test_browsers_of_one_push_service_share_a_lane_and_a_rate(first: str, second: str, is_one: bool) -> None:
    channel = Channel(name="browser", url=Secret("webpush:///{address}"), is_shared=True)
    urls = [channel.to(PushedTo(endpoint=endpoint).address).url for endpoint in (first, second)]
    lanes = {lane(url.reveal()) for url in urls if url}
    assert len(lanes) == (1 if is_one else 2)
    assert all(each.startswith(PUSH_LANES) and each != PUSH_LANES for each in lanes)
    assert not any("google" in each or "127" in each for each in lanes)
    assert channel.url is not None
    whole = pace(channel.url.reveal())
    assert (whole.lane, whole.family) == (PUSH_LANES, PUSH_LANES)
    assert whole.rate is not None


# What a message becomes -----------------------------------------------------------------------------------------------


def test_a_message_is_a_title_a_short_text_and_where_a_tap_leads() -> None:
    link = "https://example.com/ballard"
    words = Words(
        subject="Ballard premieres in 7 days",
        body=(
            BodyLine(text="Wednesday, July 9, 2025 on Prime Video"),
            BodyLine(link=link),
            BodyLine(text="Hubs", item=True),
        ),
        link=link,
    )
    said = json.loads(payload_of(words, tag="t"))
    body = "Wednesday, July 9, 2025 on Prime Video\n- Hubs"
    assert said == {"title": "Ballard premieres in 7 days", "body": body, "url": link, "tag": "t"}
    short = json.loads(payload_of(words, tag="", plain=True))
    assert short == {
        "title": "Ballard premieres in 7 days",
        "body": "Wednesday, July 9, 2025 on Prime Video",
        "url": link,
    }


ACTS = [ActionKind.LATER, ActionKind.TOMORROW, ActionKind.MUTE, ActionKind.STOP, ActionKind.OPEN]
LINK = "https://example.com/ballard"


def offering(*kinds: ActionKind) -> tuple[Action, ...]:
    return tuple(Action(kind=kind, label=f"{kind}!", url=f"https://r.example/m/T/{kind}") for kind in kinds)


@pytest.mark.parametrize(
    ("link", "kinds", "tap", "buttons"),
    [
        (LINK, ACTS, LINK, ["tomorrow", "open"]),
        (None, ACTS, "https://r.example/m/T/open", ["later", "tomorrow"]),
        ("https://example.com/" + "x" * 800, ACTS, "https://r.example/m/T/open", ["later", "tomorrow"]),
        (LINK, [ActionKind.STOP, ActionKind.OPEN], LINK, ["stop", "open"]),
        (None, [ActionKind.UNDO], "https://r.example/m/T/undo", ["undo"]),
        (None, [ActionKind.OPEN], "https://r.example/m/T/open", []),
        (LINK, [], LINK, None),
        (None, [], None, None),
    ],
)
def test_a_tap_opens_the_releases_own_link_else_the_page_which_otherwise_has_a_button(
    link: str | None, kinds: list[ActionKind], tap: str | None, buttons: list[str] | None
) -> None:
    said = json.loads(payload_of(Words(subject="Ballard", link=link, actions=offering(*kinds)), tag=""))
    assert said.get("url") == tap
    assert ([each["action"] for each in said["actions"]] if "actions" in said else None) == buttons
    for button in said.get("actions", []):
        kind = button["action"]
        assert button == {"action": kind, "title": f"{kind}!", "url": f"https://r.example/m/T/{kind}"}


def test_the_short_form_has_no_buttons() -> None:
    words = Words(subject="Ballard", link=LINK, actions=offering(*ACTS))
    assert "actions" not in json.loads(payload_of(words, tag="", plain=True))


@given(subject=st.text(), lines=st.lists(st.text(), max_size=5), link=st.none() | st.text(), plain=st.booleans())
def test_whatever_is_said_fits_and_can_be_read(subject: str, lines: list[str], link: str | None, plain: bool) -> None:
    words = Words(
        subject=subject * 40,
        body=tuple(BodyLine(text=line * 300) for line in lines),
        link=link and link.encode("utf-8", "replace").decode(),
    )
    content = payload_of(words, tag="T" * 32, plain=plain)
    assert len(content) <= MOST_BYTES
    assert set(json.loads(content)) >= {"title", "body"}


def test_a_topic_is_32_signs_and_tells_neither_the_title_nor_who_else_follows_it() -> None:
    one, other = of_rfc(), browser_of(PushedTo(endpoint=ENDPOINT).address)
    topic = topic_of("ballard 1 1", one)
    assert len(topic) == 32
    assert topic == topic_of("ballard 1 1", one) != topic_of("ballard 1 2", one)
    assert topic != topic_of("ballard 1 1", other)
    assert topic_of("", one) == ""


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (None, 86_400), (NOW + timedelta(minutes=10), 600), (NOW + timedelta(days=7), 604_800),
        (NOW + timedelta(days=60), 28 * 86_400), (NOW, 1), (NOW - timedelta(days=1), 1),
    ],
)  # fmt: skip
def test_a_message_is_kept_for_as_long_as_it_is_useful(until: datetime | None, seconds: int) -> None:
    assert seconds_kept(until, NOW) == seconds


ASHA = Subscriber(name="asha", zone=ZoneInfo("Asia/Kolkata"))
BALLARD = Title(key="ballard", name="Ballard")


@pytest.mark.parametrize(
    ("kind", "title", "day", "urgent", "replaces"),
    [
        (Kind.CODE, None, None, True, ""),
        (Kind.TEST, None, None, True, ""),
        (Kind.TROUBLE, None, None, False, ""),
        (Kind.REMINDER, BALLARD, 9, False, "ballard 1 3"),
        (Kind.REMINDER, BALLARD, 2, True, "ballard 1 3"),
        (Kind.REMINDER, BALLARD, 1, True, "ballard 1 3"),
        (Kind.MISSED, BALLARD, 1, False, "ballard 1 3"),
        (Kind.MOVED, BALLARD, 2, True, "ballard 1 3"),
        (Kind.WITHDRAWN, BALLARD, None, False, "ballard 1 3"),
    ],
)
def test_urgent_is_what_was_asked_for_and_what_is_out_by_today(
    kind: Kind, title: Title | None, day: int | None, urgent: bool, replaces: str
) -> None:
    when = When.day(date(2025, 7, day)) if day else UNKNOWN
    hints = hints_of(kind, title, Release(season=1, first=3, when=when), ASHA, useful_until=NOW, now=NOW)
    assert hints == DeliveryHints(useful_until=NOW, is_urgent=urgent, replaces=replaces)


def test_several_at_once_replace_nothing_and_are_kept_as_long_as_any_is_useful() -> None:
    one = DeliveryHints(useful_until=NOW, is_urgent=True, replaces="a")
    other = DeliveryHints(useful_until=NOW + timedelta(days=1), replaces="b")
    assert together([one]) == one
    assert together([one, other]) == DeliveryHints(useful_until=NOW + timedelta(days=1), is_urgent=True)


# What the config has to say ---------------------------------------------------------------------------------------------

PAGE = "address: https://r.example.org"
CONTACT = "contact: mailto:me@example.org"


def written(url: str = "webpush://", web: str = f"{PAGE}, {CONTACT}") -> str:
    page = f"web: {{{web}}}\n" if web else ""
    return f"{page}channels:\n  browser: {url}\nsubscribers: {{asha: {{channels: []}}}}\nwatch: [Ballard]\n"


@pytest.mark.parametrize(
    "url", ["webpush://", "WebPush://", "webpush:///", '"webpush://{address}"', '"webpush:///{address}"']
)
def test_webpush_is_a_shared_channel_though_nothing_says_so(url: str) -> None:
    config = parse_config(written(url), file="c.yaml")
    channel = config.channels["browser"]
    assert channel.is_shared
    assert channel.url == Secret("webpush:///{address}")
    assert browser_of_url(channel.to(of_rfc().written()).url.reveal()) == of_rfc()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("web", "url", "said", "line"),
    [
        ("", "webpush://", "write web: {address: https://", 2),
        (CONTACT, "webpush://", "write web: {address: https://", 3),
        (PAGE, "webpush://", "write contact: mailto:me@example.org under web:", 3),
        (f"{PAGE}, contact: me@example.org", "webpush://", "write mailto:me@example.org", 1),
        (f"{PAGE}, contact: http://example.org", "webpush://", "write mailto:me@example.org", 1),
        (f"{PAGE}, {CONTACT}, push_hosts: ['https://x']", "webpush://", "without https:// or a port", 1),
        (f"{PAGE}, {CONTACT}", "webpush://fcm.googleapis.com/x", "write webpush:// as it is", 3),
    ],
)
def test_a_config_that_cannot_reach_browsers_says_where_and_what_to_write(
    web: str, url: str, said: str, line: int
) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(written(url, web), file="c.yaml")
    (problem,) = raised.value.problems
    assert said in problem
    assert problem.startswith(f"c.yaml:{line}:")


def test_a_config_says_how_it_is_reached_and_whom_it_may_ask() -> None:
    web = parse_config(written(web=f"{PAGE}, {CONTACT}, push_hosts: Push.Example.org"), file="c.yaml").web
    assert web is not None
    assert (web.contact, web.push_hosts) == ("mailto:me@example.org", frozenset({"push.example.org"}))


@pytest.mark.parametrize(
    ("contact", "url", "is_warned"),
    [
        ("mailto:me@example.org", "webpush://", True),
        ("mailto:me@mail.EXAMPLE.com", "webpush://", True),
        ("https://reminder.test/contact", "webpush://", True),
        ("mailto:me@my-home.net", "webpush://", False),
        ("https://my-example.org/contact", "webpush://", False),
        ("mailto:me@example.org", "console://", False),
    ],
)
def test_a_contact_at_which_nobody_is_is_warned_of(contact: str, url: str, is_warned: bool) -> None:
    config = parse_config(written(url, f"{PAGE}, contact: '{contact}'"), file="c.yaml")
    found = [each for each in config.warnings if f"nobody is reached at {contact}" in str(each)]
    assert len(found) == is_warned


LOADED = """
import sys
import reminder.daemon.factory, reminder.cli.main, reminder.notify.apprise, reminder.notify.judging
from reminder.config.load import parse_config
from reminder.notify.judging import problem_of
text = '''
channels: {browser: "webpush://"}
web: {address: "http://localhost:8484", contact: "mailto:me@example.org"}
subscribers: {asha: {channels: []}}
watch: [Ballard]
'''
config = parse_config(text, file="c.yaml")
assert problem_of(config.channels["browser"]) is None
print("cryptography.hazmat" in sys.modules)
"""


WITHOUT = """
import sys
sys.modules["cryptography"] = None
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.notify.judging import problem_of
print(problem_of(Channel(name="browser", url=Secret("webpush:///{address}"), is_shared=True)))
"""


def test_without_the_library_the_channel_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert "pip install 'release-reminder[web]'" in done.stdout


def test_the_library_is_loaded_with_the_first_message_and_not_before() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"], done.stdout
