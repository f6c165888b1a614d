"""Joining on the page: by a link, without JavaScript, up to the first address that has proved itself (SPEC 10)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from reminder.core.sending.retry import Failure, FailureKind
from reminder.store import own
from reminder.store.sql.store import Store
from reminder.store.sql.tables import invitation, subscriber, web_session
from reminder.usecases import inviting, telegram_proof
from reminder.usecases.health import state_of
from reminder.usecases.signing_in import make_link
from reminder.usecases.tokens import Scope, make_token
from tests.support.pages import Browser, House
from tests.support.stores import BOTH, Rig, rig_of

AT = "2025-06-20 12:00"
BASE = """
timezone: Asia/Kolkata
channels:
  phone: "json://127.0.0.1:9/"
  bot: {url: "tgram://123456789:abcdefg_hijklmnop/{address}", join: true}
  letters: {url: "mailtos://me:pw@example.org?to={address}", join: true}
  push: {url: "ntfys://ntfy.example:8443/{address}", join: true}
  closed: "json://127.0.0.1:9/{address}"
"""
CONFIG = """
web: {}
operator: asha
subscribers:
  asha: {channels: [phone]}
  ravi: {channels: [{bot: "2"}]}
watch: [{title: Ballard, premiere: 2025-07-09, for: [asha]}]
"""
SAID = {"name": "Grandma", "timezone": "Europe/Berlin", "language": "en", "clock": "24h"}


def house() -> House:
    return House(CONFIG, AT, base=BASE)


def invited(lived: House, **more: object) -> str:
    with lived.store.write() as tx:
        said = {"name": "Grandma", "zone": lived.app.config.zone, "now": lived.clock.now(), **more}
        return inviting.invite(tx, "asha", **said)  # type: ignore[arg-type]


def joined(lived: House, **said: str) -> Browser:
    """Return a browser in which somebody has begun to join."""
    token = invited(lived)
    browser = lived.browser()
    answer = browser.post("/join", {"token": token, **SAID, **said})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/channels/add"), answer.text
    return Browser(browser.client, form_page="/channels/add", person=said.get("name", "Grandma"))


def bring(lived: House, browser: Browser, channel: str = "letters", address: str = "grandma@example.org") -> str:
    """Bring an address and let the daemon look; return the page that asks for the code."""
    page = browser.follow(browser.post("/channels/add", {"channel": channel, "address": address}))
    lived.settle()
    return page


def code_to(lived: House, channel: str) -> str:
    (said,) = [item.words.subject for item in lived.arrived if (item.channel, item.kind) == (channel, "code")][-1:]
    return "".join(re.findall(r"\d", said))


def prove(browser: Browser, use: str, code: str):  # type: ignore[no-untyped-def]
    return browser.post("/channels/prove", {"use": use, "code": code})


@pytest.mark.parametrize(("language", "clock"), [("de", "24h"), ("en", "12h")])
def test_hours_are_proposed_as_the_language_of_the_invitation_writes_them(language: str, clock: str) -> None:
    lived = house()
    page = lived.browser().get(f"/join/{invited(lived, language=language)}").text
    assert re.search(rf'<option value="{clock}" selected', page), page


@pytest.mark.parametrize(
    ("invitation", "browser", "address", "page"),
    [
        ("de", "", "", "de"),
        ("de", "en", "", "de"),  # a phone in which nobody chose a language
        ("de", "en-US,en;q=0.9,fr;q=0.5", "", "de"),
        ("de", "de-AT,en;q=0.8", "", "de"),
        ("de", "fr,de;q=0.5", "", "de"),
        ("de", "fr,en;q=0.5", "", "fr"),
        ("de", "sv,en;q=0.5", "", "de"),  # no language of ours before English
        ("de", "en", "?language=es", "es"),
        ("de", "en", "?language=en", "en"),
        ("en", "fr", "", "fr"),
        ("en", "", "", "en"),
    ],
)
def test_an_invitation_is_read_in_its_language_unless_the_browser_asks_for_another(
    invitation: str, browser: str, address: str, page: str
) -> None:
    lived = house()
    token = invited(lived, language=invitation)
    headers = {"Accept-Language": browser} if browser else {}
    shown = lived.browser().get(f"/join/{token}{address}", headers=headers).text
    assert f'<html lang="{page}"' in shown
    assert f'<option value="{page}" selected' in shown
    refused = lived.browser().post("/join", {"token": token, **SAID, "name": "?"}, headers=headers).text
    assert address or f'<html lang="{page}"' in refused


def test_grandma_joins_by_mail_without_a_script() -> None:
    lived = house()
    token = invited(lived)
    browser = lived.browser()
    page = browser.text(f"/join/{token}")
    assert "asha invites you" in page
    assert 'value="Grandma"' in page
    assert "Nothing happens until you press" in page
    member = joined(lived)
    assert "Nothing can reach you yet" in member.text("/")
    assert "A code is on its way to grandma@example.org" in bring(lived, member)
    code = code_to(lived, "letters")
    assert prove(member, "letters", "000000" if code != "000000" else "111111").status_code == 400
    welcome = member.follow(prove(member, "letters", f"{code[:3]} {code[3:]}"))
    assert "Welcome!" in welcome
    assert "Nothing can reach you yet" not in welcome
    assert "Hours are in Europe/Berlin" in welcome
    channels = member.text("/channels")
    assert "grandma@example.org" in channels
    assert "phone" not in channels


def test_opening_the_link_changes_nothing_and_an_unknown_one_looks_like_one_that_is_over() -> None:
    lived = house()
    token = invited(lived)
    browser = lived.browser()
    assert browser.form_token
    for _ in range(3):
        assert browser.get(f"/join/{token}").status_code == 200
    with lived.store.read() as tx:
        assert tx.execute(select(invitation.c.used_at, invitation.c.subscriber_id)).one() == (None, None)
    unknown = browser.get("/join/no-such-token")
    lived.clock.set(lived.clock.now() + timedelta(hours=73))
    over = browser.get(f"/join/{token}")
    assert (unknown.status_code, over.status_code) == (404, 404)
    assert unknown.text == over.text
    posted = browser.post("/join", {"token": token, **SAID})
    assert (posted.status_code, "does not work" in posted.text) == (404, True)


def test_who_has_joined_stands_wherever_an_owner_chooses_a_person_or_sees_them_all() -> None:
    lived = house()
    member = joined(lived)
    bring(lived, member)
    prove(member, "letters", code_to(lived, "letters"))
    with lived.store.write() as tx:
        own.follow(tx, "Grandma", 1, lived.clock.now(), lived.app.config.grace)
        owners = make_token(tx, "asha", name="home", scope=Scope.READ, now=lived.clock.now()).text
    asha = lived.browser("asha")
    assert re.findall(r"<option[^>]*>([^<]+)</option>", asha.text("/history").partition('id="who"')[2])[:4] == [
        "everybody",
        "Grandma",
        "asha",
        "ravi",
    ]
    for path in ("/channels", "/people", "/title/1"):
        assert "Grandma" in asha.text(path), path
    calls = ("/api/v1/plan", "/api/v1/history")
    for call in calls:
        answer = asha.get(f"{call}?subscriber=Grandma", headers={"Authorization": f"Bearer {owners}"})
        assert answer.status_code == 200, call
        assert "asha" not in answer.text, call


@pytest.mark.parametrize(
    ("brought", "gone", "reaches"),
    [
        ((("letters", "g@example.org"),), "letters", False),
        ((("letters", "g@example.org"), ("bot", "77")), "letters", True),
        ((("letters", "g@example.org"),), "push", True),
    ],
)
def test_a_channel_that_the_config_drops_is_no_green_light_for_who_joined_by_it(
    brought: tuple[tuple[str, str], ...], gone: str, reaches: bool
) -> None:
    lived = house()
    member = joined(lived)
    for channel, address in brought:
        bring(lived, member, channel, address)
        prove(member, channel, code_to(lived, channel))
    base = "\n".join(line for line in BASE.splitlines() if not line.lstrip().startswith(f"{gone}:"))
    lived.edit(CONFIG, base=base)
    member = Browser(lived.site_app.test_client(), form_page="/channels/add")
    with lived.store.write() as tx:
        link = make_link(tx, "Grandma", lived.clock.now())
    opened = Browser(member.client, form_page=f"/in/{link}")
    assert opened.post("/in", {"token": link}).status_code == 303
    is_used = gone in {channel for channel, _ in brought}
    assert ("no such channel here any more" in opened.text("/channels")) == is_used
    assert ("Nothing can reach you yet" not in opened.text("/")) == reaches
    assert ("address does not work" in lived.browser("asha").text("/people")) == is_used
    with lived.store.read() as tx:
        state = state_of(
            tx, name=lived.app.config.name, channels=lived.app.config.channels, sources=(), now=lived.clock.now()
        )
    said = "nothing reaches Grandma: the config has no channel letters any more"
    assert (said in state.problems(None, lived.clock.now(), timedelta(minutes=5))) != reaches


def test_the_name_that_one_has_begun_with_is_ones_own_in_other_letters_too() -> None:
    lived = house()
    token = invited(lived)
    for name in ("Nana", "nana", "NANA"):
        assert lived.browser().post("/join", {"token": token, **SAID, "name": name}).status_code == 303, name
    assert lived.browser().post("/join", {"token": token, **SAID, "name": "ASHA"}).status_code == 400


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays() -> None:
    lived = house()
    browser = lived.browser()
    said = {"name": "<script>alert(1)</script>", "timezone": "Mars/Base", "language": "xx", "clock": "never"}
    answer = browser.post("/join", {"token": invited(lived), **said})
    assert answer.status_code == 400
    for text in ("without brackets", "Mars/Base", "not a language", "never"):
        assert text in answer.text, text
    assert "<script>alert" not in answer.text
    assert answer.text.count('aria-invalid="true"') == 4
    with lived.store.read() as tx:
        assert [row.name for row in tx.execute(select(subscriber.c.name))] == ["asha", "ravi"]


def test_whoever_has_only_begun_is_no_owner_and_gets_no_code_to_sign_in() -> None:
    lived = house()
    browser = lived.browser()
    browser.post("/join", {"token": invited(lived, is_owner=True), **SAID})
    member = Browser(browser.client, form_page="/channels/add")
    assert member.get("/status").status_code == 404
    bring(lived, member)
    lived.browser().post("/sign-in", {"name": "Grandma"})
    lived.settle()
    assert [item.kind for item in lived.arrived] == ["code"]
    prove(member, "letters", code_to(lived, "letters"))
    assert member.get("/status").status_code == 200


def test_ntfy_has_a_topic_made_that_nobody_can_guess() -> None:
    lived = house()
    member = joined(lived)
    page = member.follow(member.post("/channels/add", {"channel": "push"}))
    topic = re.search(r"ntfy://(ntfy\.example:8443/reminder-[0-9a-f]{32})\"", page)
    assert topic
    assert f"https://{topic[1]}" in page
    assert "<svg" in page
    lived.settle()
    assert lived.arrived == []  # only once it is asked for
    assert "A code is on its way" in member.follow(member.post("/channels/code", {"use": "push"}))
    lived.settle()
    assert prove(member, "push", code_to(lived, "push")).status_code == 303


def test_telegram_is_connected_by_a_link_or_by_the_number_of_the_chat() -> None:
    lived = house()
    member = joined(lived)
    answer = member.post("/channels/add", {"channel": "bot"})
    assert answer.headers["Location"] == "/channels/start"
    waiting = member.get("/channels/start")
    assert waiting.headers["Refresh"] == "3"
    assert "The bot is being asked for its name" in waiting.text
    by_number = member.get("/channels/start?by=number")
    assert "Refresh" not in by_number.headers  # what is typed would be lost
    assert 'id="chat" name="address"' in by_number.text
    with lived.store.write() as tx:
        channel = lived.app.config.channels["bot"]
        token = telegram_proof.start_token(tx, "Grandma", "bot", lived.clock.now())
        assert telegram_proof.proved(tx, token, "4242", channel, lived.clock.now()) is not None
    assert "Connected" in member.follow(member.get("/channels/start"))
    bring(lived, member, "bot", "7")
    assert prove(member, "bot#2", code_to(lived, "bot#2")).status_code == 303
    page = member.text("/channels")
    assert "4242" in page
    assert page.count(">Send a test<") == 2


def test_a_link_to_telegram_that_is_over_is_not_shown_for_ever() -> None:
    lived = house()
    member = joined(lived)
    member.post("/channels/add", {"channel": "bot"})
    lived.clock.set(lived.clock.now() + timedelta(minutes=15))
    assert "The link to Telegram has expired" in member.follow(member.get("/channels/start"))


def test_what_cannot_be_an_address_is_said_where_it_was_typed() -> None:
    lived = house()
    member = joined(lived)
    for channel, address in (("letters", "nobody"), ("bot", "me<b>"), ("letters", "a@example.org,b@example.org")):
        answer = member.post("/channels/add", {"channel": channel, "address": address})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert "<b>" not in answer.text
    for channel in ("closed", "phone", "nobody", "bot#2", ""):
        assert member.post("/channels/add", {"channel": channel, "address": "1"}).status_code == 404


def test_a_code_that_the_service_refuses_is_said_in_its_words() -> None:
    lived = house()
    member = joined(lived)
    lived.transport.always("letters", Failure(kind=FailureKind.CHANNEL, reason="550 no such <mailbox>", status=550))
    bring(lived, member)
    page = member.text("/channels/prove?use=letters")
    assert "550 no such &lt;mailbox&gt;" in page


def test_who_has_only_begun_to_join_is_invited_and_has_no_channel_yet() -> None:
    lived = house()
    member, owner = joined(lived), lived.browser("asha")
    bring(lived, member)
    bring(lived, member, "push", "reminder-0123456789abcdef0123456789abcdef")
    assert "<dt>Channels</dt><dd>none</dd>" in member.text("/me")
    assert ("Grandma has begun to join" in owner.text("/people"), ">Joined<" in owner.text("/people")) == (True, False)
    prove(member, "push", code_to(lived, "push"))
    assert "<dt>Channels</dt><dd>push</dd>" in member.text("/me")
    assert ("has begun to join" in owner.text("/people"), ">Joined<" in owner.text("/people")) == (False, True)


@pytest.mark.parametrize(("language", "says"), [("de", "Das war zu oft"), ("fr", "trop souvent"), ("ja", "分後")])
def test_who_was_invited_is_told_to_wait_in_the_language_of_their_invitation(language: str, says: str) -> None:
    lived = house()
    browser, token = lived.browser(), invited(lived, language=language)
    answers = [browser.post("/join", {"token": token, "name": ""}) for _ in range(40)]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert says in late.text
    assert f'lang="{language}"' in late.text


@pytest.mark.parametrize("path", ["/join", "/sign-in"])
def test_who_is_too_often_here_is_told_how_long_to_wait(path: str) -> None:
    lived = house()
    browser = lived.browser()
    for _ in range(40):
        answer = browser.post(path, {"token": "x", "name": "nobody"})
        if answer.status_code == 429:
            break
    minutes = -(-int(answer.headers["Retry-After"]) // 60)
    assert (answer.status_code, f"in {minutes} min." in answer.text) == (429, True)


class StoredHouse(House):
    """The house, on a database of either kind."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        super().__init__(CONFIG, AT, base=BASE)

    def make_store(self) -> Store:
        """Return the database that is there."""
        return self.rig.store


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("channel", "address", "failure"),
    [
        ("letters", "no@example.org", Failure(kind=FailureKind.CHANNEL, reason="550 no such user", status=550)),
        ("bot", "77", Failure(kind=FailureKind.CHANNEL, reason="403 blocked", status=403, is_address=True)),
        ("bot", "78", Failure(kind=FailureKind.MESSAGE, reason="400 chat not found", status=400)),
    ],
)
def test_an_unproved_address_that_refuses_its_code_is_nobodys_trouble_but_its_own(
    kind: str, channel: str, address: str, failure: Failure, tmp_path: Path
) -> None:
    with rig_of(kind, tmp_path) as rig:
        lived = StoredHouse(rig)
        member = joined(lived)
        lived.transport.always(channel, failure)
        bring(lived, member, channel, address)
        bring(lived, member, "push", "reminder-0123456789abcdef0123456789abcdef")
        assert prove(member, "push", code_to(lived, "push")).status_code == 303
        lived.clock.set(lived.clock.now() + timedelta(minutes=5))
        lived.settle()
        assert "your messages wait" not in member.text("/")
        page = member.text("/channels")
        assert re.search(f"The code could not be sent there:.*{failure.reason}", page)
        assert [said for said in ("does not work", "the last try failed", "waits") if f"{said}" in page] == ["waits"]
        assert "message waits" not in page  # but the address does, for its code
        with lived.store.read() as tx:
            names = list(lived.app.config.channels)
            state = state_of(tx, name=lived.app.config.name, channels=names, sources=(), now=lived.clock.now())
        assert (state.channels[channel].waiting, state.channels[channel].last_failure, state.refused) == (0, None, {})
        assert state.verdict == "All is well."
        assert [item for item in lived.arrived if item.kind == "trouble"] == []


def test_whom_the_config_lists_adds_a_second_phone_renames_it_and_removes_it() -> None:
    lived = house()
    ravi = lived.browser("ravi")
    assert "Add an address of your own" in ravi.text("/channels")
    bring(lived, ravi, "bot", "77")
    prove(ravi, "bot#2", code_to(lived, "bot#2"))
    ravi.post("/channels/label", {"use": "bot#2", "label": "My <tablet>"})
    assert "My &lt;tablet&gt;" in ravi.text("/channels")
    lived.edit(CONFIG)
    assert "Nothing comes there any more." in ravi.text("/channels/drop?use=bot%232")
    assert "It is removed" in ravi.follow(ravi.post("/channels/drop", {"use": "bot#2"}))
    assert "tablet" not in ravi.text("/channels")
    assert ravi.post("/channels/drop", {"use": "bot"}).status_code == 400  # the config's


def test_the_last_address_is_not_removed_without_a_word_on_what_that_means() -> None:
    lived = house()
    member = joined(lived)
    bring(lived, member)
    prove(member, "letters", code_to(lived, "letters"))
    assert "Nothing will reach you any more" in member.text("/channels/drop?use=letters")
    member.post("/channels/drop", {"use": "letters"})
    assert "Nothing can reach you yet" in member.text("/me")


def test_nobody_touches_an_address_of_another() -> None:
    lived = house()
    member, other = joined(lived), lived.browser("ravi")
    bring(lived, member)
    for path in ("/channels/prove", "/channels/code", "/channels/label", "/channels/drop"):
        answer = other.post(path, {"use": "letters", "code": code_to(lived, "letters"), "label": "x"})
        assert answer.status_code in {400, 404}, path
        assert "grandma@" not in answer.text
    assert other.get("/channels/prove?use=letters").status_code == 404


@pytest.mark.parametrize(("path", "data"), [("/join", SAID), ("/channels/code", {"use": "letters"})])
def test_too_many_tries_have_to_wait(path: str, data: dict[str, str]) -> None:
    lived = house()
    browser = joined(lived) if path != "/join" else lived.browser()
    app = browser.client.application  # one process counts
    assert app is not None
    answers = [browser.post(path, {"token": "no-such", **data}).status_code for _ in range(45)]
    assert answers[-1] == 429
    with lived.store.read() as tx:
        assert len(tx.execute(select(web_session)).all()) <= 1
