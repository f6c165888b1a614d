"""People and Me: what an owner sees and does, one's own settings, what is kept of one, leaving and being forgotten."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from reminder.core.model.entities import ChannelUse
from reminder.store.bulk import BulkLoader, NewSubscriber
from reminder.store.people import find_people
from reminder.store.sql.tables import subscriber, subscription, title
from reminder.usecases.own import follow
from tests.support.pages import Browser, House
from tests.support.rules import GRACE, person
from tests.web.test_join import BASE, bring, code_to, joined, prove

AT = "2025-06-20 12:00"
CONFIG = """
web: {}
operator: asha
subscribers:
  asha: {channels: [phone]}
  ravi: {channels: [{bot: "2"}]}
watch: [{title: Ballard, premiere: 2025-07-09, for: [asha]}, {title: Silo, premiere: 2025-08-01, for: [asha]}]
"""


@pytest.fixture
def lived() -> House:
    """Return a household in which Ravi is listed, Meera was imported, and Grandma has joined by mail."""
    house = House(CONFIG, AT, base=BASE)
    bring_in(house)
    member = joined(house)
    bring(house, member)
    assert prove(member, "letters", code_to(house, "letters")).status_code == 303
    silo = number(house, title, "Silo")
    with house.store.write() as tx:
        follow(tx, house.app.config, "Grandma", silo, house.clock.now())
    return house


def bring_in(house: House, name: str = "meera") -> None:
    meera = NewSubscriber(
        name=name,
        settings=replace(person(name=""), channels=()),
        use=ChannelUse(name="bot", address="31"),
        titles=("ballard",),
    )
    with house.store.write() as tx:
        BulkLoader(now=house.clock.now(), grace=GRACE).put(tx, [meera])


def number(house: House, table, name: str) -> int:  # type: ignore[no-untyped-def]
    with house.store.read() as tx:
        return int(tx.execute(select(table.c.id).where(table.c.name == name)).scalar_one())


def who(house: House, name: str):  # type: ignore[no-untyped-def]
    with house.store.read() as tx:
        return next(iter(find_people(tx, name).values()), None)


def text_of(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


def settings(browser: Browser, **said: str) -> dict[str, str]:
    """Return what a browser would send of the form as it stands, but for what is said."""
    page = browser.text("/me/settings")
    inputs = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', page))
    chosen = {
        name: (re.findall(r'<option value="([^"]*)" selected', inner) or [""])[0]
        for name, inner in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', page, re.DOTALL)
    }
    return {**{name: unescape(value) for name, value in inputs.items()}, **chosen, "notices": "moved", **said}


def test_the_owner_sees_who_there_is_and_never_where_they_are_reached(lived: House) -> None:
    page = lived.browser("asha").text("/people")
    said = text_of(page)
    for text in ("Grandma", "✓ 1 address works", "asha owner", "ravi", "config.yaml:", "1 person was imported"):
        assert text in said, text
    assert "meera" not in said
    assert "meera" in text_of(lived.browser("asha").text("/people?q=MEE"))
    for secret in ("grandma@example.org", "31"):
        assert secret not in text_of(lived.browser("asha").text("/people?q=a")), secret


def test_an_invitation_is_made_shown_once_and_taken_back(lived: House) -> None:
    owner = lived.browser("asha")
    answer = owner.post(
        "/people/invite", {"name": "Uncle", "language": "de", "timezone": "Europe/Berlin", "role": "member"}
    )
    page = owner.follow(answer)
    (link,) = re.findall(r'value="(http://localhost:8484/join/[\w-]{43})"', page)
    assert "<svg" in page
    assert link not in owner.text("/people")
    stranger = lived.browser()
    assert 'value="Uncle"' in stranger.text(link.removeprefix("http://localhost:8484"))
    (mark,) = re.findall(r"/people/invitations/([0-9a-f]{64})/take-back", owner.text("/people"))
    assert "is no longer valid" in owner.follow(owner.post(f"/people/invitations/{mark}/take-back"))
    assert stranger.get(link.removeprefix("http://localhost:8484")).status_code == 404


@pytest.mark.parametrize(
    ("said", "why"), [({"name": "<b>"}, "brackets"), ({"name": "Grandma"}, "already"), ({"timezone": "Mars"}, "Mars")]
)
def test_an_invitation_that_cannot_be_is_refused_with_what_was_typed(
    lived: House, said: dict[str, str], why: str
) -> None:
    answer = lived.browser("asha").post(
        "/people/invite", {"name": "X", "language": "en", "timezone": "Asia/Kolkata", **said}
    )
    assert answer.status_code == 400
    assert why in answer.text
    assert "<b>" not in answer.text


def test_an_owner_makes_another_one_and_takes_it_back(lived: House) -> None:
    owner, member, them = lived.browser("asha"), lived.browser("Grandma"), number(lived, subscriber, "Grandma")
    assert member.get("/people").status_code == 404
    assert "owner" in owner.follow(owner.post(f"/people/{them}/owner"))
    assert member.get("/people").status_code == 200
    lived.edit(CONFIG)
    assert member.get("/status").status_code == 200  # a reload changes nothing of it
    assert member.post(f"/people/{them}/member").status_code == 400  # nobody changes their own role
    assert member.post(f"/people/{number(lived, subscriber, 'asha')}/member").status_code == 400  # the operator
    owner.post(f"/people/{them}/member")
    assert member.get("/people").status_code == 404


def test_whoever_is_ended_is_told_nothing_until_they_are_taken_up_again(lived: House) -> None:
    owner, member, them = lived.browser("asha"), lived.browser("Grandma"), number(lived, subscriber, "Grandma")
    owner.post(f"/people/{them}/end")
    assert member.get("/me").status_code == 303
    assert "Told nothing since" in owner.text(f"/people/{them}")
    lived.live("2025-07-26 12:00")
    assert [item for item in lived.arrived if item.subscriber == "Grandma" and item.kind != "code"] == []
    assert lived.browser("asha").post(f"/people/{them}/take-up").status_code == 303
    lived.live("2025-08-02 12:00")
    told = [item.words.subject for item in lived.arrived if item.subscriber == "Grandma" and item.kind != "code"]
    assert told[-1].startswith("Silo")


def test_forgetting_asks_first_and_leaves_nothing(lived: House) -> None:
    owner, them = lived.browser("asha"), number(lived, subscriber, "Grandma")
    assert "1 title followed" in text_of(owner.text(f"/people/{them}/forget"))
    assert "Grandma is forgotten." in owner.follow(owner.post(f"/people/{them}/forget"))
    assert who(lived, "Grandma") is None
    assert owner.get(f"/people/{them}").status_code == 404
    for name in ("ravi", "asha"):  # the config's
        assert owner.post(f"/people/{number(lived, subscriber, name)}/forget").status_code == 400
        assert owner.post(f"/people/{number(lived, subscriber, name)}/end").status_code == 400


def test_who_has_joined_chooses_how_they_are_told(lived: House) -> None:
    member = lived.browser("Grandma")
    said = settings(
        member, timezone="Asia/Tokyo", at="20:15", quiet_hours="22:00-07:00", premiere="3d, day", digest="daily"
    )
    assert "Saved." in member.follow(member.post("/me/settings", said))
    lived.edit(CONFIG)
    her = who(lived, "Grandma")
    assert (her.zone.key, her.at.isoformat("minutes"), str(her.quiet)) == ("Asia/Tokyo", "20:15", "22:00-07:00")
    assert her.remind.dump()["premiere"] == ["3d", "day"]
    assert (str(her.digest), {str(kind) for kind in her.notices}) == ("daily", {"moved"})
    page = member.text("/me")
    assert "Asia/Tokyo" in page
    assert "config" not in text_of(page)


def test_all_that_is_wrong_with_settings_is_said_at_once_and_the_words_stay(lived: House) -> None:
    member = lived.browser("Grandma")
    before = who(lived, "Grandma")
    said = settings(member, timezone="Mars", at="25 o'clock", premiere="soon", digest="hourly")
    answer = member.post("/me/settings", said)
    assert answer.status_code == 400
    assert answer.text.count('aria-invalid="true"') == 4
    assert "25 o&#39;clock" in answer.text
    asleep = member.post("/me/settings", settings(member, at="23:00", quiet_hours="22:00-07:00"))
    assert "lies inside the quiet hours" in asleep.text
    assert who(lived, "Grandma") == before


def test_who_was_imported_gets_in_by_their_code_and_their_settings_lie_over_the_import(lived: House) -> None:
    browser = lived.browser()
    browser.post("/sign-in", {"name": "meera"})
    lived.settle()
    assert browser.post("/sign-in/code", {"code": code_to(lived, "bot")}).status_code == 303
    member = Browser(browser.client, form_page="/me", person="meera")
    assert "Premieres" not in member.text("/me/settings")
    said = settings(member, at="19:00")
    assert member.post("/me/settings", said).status_code == 303
    bring_in(lived)
    assert who(lived, "meera").at.hour == 19


def test_whom_the_config_lists_changes_nothing_here(lived: House) -> None:
    listed, owner = lived.browser("ravi"), lived.browser("asha")
    assert "listed in the config" in listed.text("/me/settings")
    assert listed.post("/me/settings", {"at": "20:00"}).status_code == 404
    assert listed.post("/me/leave").status_code == 400
    assert re.search(r"config\.yaml:\d+", text_of(owner.text("/me")))
    assert "config.yaml" not in text_of(listed.text("/me"))


def test_everything_that_is_kept_can_be_had_but_no_secret(lived: House) -> None:
    member = lived.browser("Grandma")
    member.post("/me/tokens", {"name": "home", "scope": "read"})
    answer = member.get("/me/kept.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.text)
    assert found["person"]["name"] == "Grandma"
    assert found["person"]["own"]["channels"][0]["address"] == "grandma@example.org"
    assert [each["title"] for each in found["follows"]] == ["Silo"]
    assert found["tokens"][0]["name"] == "home"
    assert len(found["browsers"]) == 2
    assert [each["what"] for each in found["messages"]] == ["proof"]
    for name in ("hash", "secret", "ravi", "meera", "asha"):
        assert name not in answer.text.replace('invited_by": "asha', ""), name


def test_who_has_joined_is_forgotten_when_they_leave(lived: House) -> None:
    member = lived.browser("Grandma")
    assert "cannot be brought back" in member.text("/me/leave")
    assert "Nothing about you is kept here." in member.follow(member.post("/me/leave"))
    assert who(lived, "Grandma") is None
    assert member.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("language", "saved", "signed_out", "gone"),
    [
        ("de", "Gespeichert.", "Du bist in diesem Browser abgemeldet.", "Auf Wiedersehen"),
        ("fr", "C’est enregistré", "La session de ce navigateur est fermée.", "Au revoir"),
        ("ja", "保存しました。", "このブラウザーからログアウトしました。", "さようなら"),
    ],
)
def test_a_language_counts_from_the_press_that_chooses_it_to_the_good_bye(
    lived: House, language: str, saved: str, signed_out: str, gone: str
) -> None:
    member = lived.browser("Grandma")
    assert saved in member.follow(member.post("/me/settings", settings(member, language=language)))
    page = member.follow(member.post("/sign-out"))
    assert (signed_out in page, f'lang="{language}"' in page) == (True, True)
    member = lived.browser("Grandma")
    page = member.follow(member.post("/me/leave"))
    assert (gone in page, f'lang="{language}"' in page) == (True, True)


def test_who_was_imported_leaves_is_not_brought_back_by_an_import_and_can_undo_it_for_a_day(lived: House) -> None:
    member = lived.browser("meera")
    assert "Good-bye" in member.follow(member.post("/me/leave"))
    bring_in(lived)
    assert follows(lived, "meera") == set()
    here = Browser(member.client, form_page="/left")
    assert "You are back" in here.follow(here.post("/back"))
    assert follows(lived, "meera") == {"Ballard"}
    again = lived.browser("meera")
    again.post("/me/leave")
    lived.clock.set(lived.clock.now() + timedelta(days=1))
    late = Browser(again.client, form_page="/left")
    assert late.post("/back").status_code == 400
    assert follows(lived, "meera") == set()


def follows(house: House, name: str) -> set[str]:
    query = select(title.c.name).join(subscription, subscription.c.title_id == title.c.id)
    query = query.join(subscriber, subscription.c.subscriber_id == subscriber.c.id)
    with house.store.read() as tx:
        live = query.where(
            subscriber.c.name == name, subscription.c.ended_at.is_(None), subscriber.c.ended_at.is_(None)
        )
        return set(tx.execute(live).scalars())
