"""Messages to come and messages that went, page by page, on every database: in order, none left out, in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from reminder.core.errors import WrongInput
from reminder.core.model.entities import Kind, Subscriber
from reminder.core.model.ledger import Reason, Slot, State
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.core.text.phrases import ReaderSettings
from reminder.delivery.render import write
from reminder.store.sql.tables import delivery, subscription
from reminder.texts.templates.engine import Templates
from reminder.usecases import coming_messages as coming_pages
from reminder.usecases.agenda import messages_to_come
from reminder.usecases.coming_messages import ComingMessages, coming_messages
from reminder.usecases.history_page import HistoryFilter, HistoryPage, history_page
from reminder.usecases.messages import retry
from tests.support.rules import GRACE, a_title, at, person
from tests.support.stores import NOW, Rig, case_of, decision, listed, put, settle, uses

READER = ReaderSettings(zone=ZoneInfo("Asia/Kolkata"))
FAR = at("2030-01-01 00:00")
WEEKLY = parse_drop("weekly")
BEN = person(name="ben", channels=uses("phone"))
HOUR = timedelta(hours=1)


def asha(**over: Any) -> Subscriber:
    return person(channels=uses("mail", "phone"), burst=0, **over)


def settled(rig: Rig) -> None:
    """Set every pointer to where a sweep sets it: to the next instant at which anything is decided."""
    with rig.store.read() as tx:
        ahead = {
            name: messages_to_come(tx, start=NOW, end=FAR, grace=GRACE, subscriber=name) for name in ("asha", "ben")
        }
    first: dict[tuple[str, str], Any] = {}
    for name, messages in ahead.items():
        for item in messages:
            for context in item.contexts:
                if context.title:
                    first.setdefault((name, context.title.key), item.at)
    with rig.store.write() as tx:
        tx.execute(update(subscription).values(next_due_at=None))
        for (name, key), when in first.items():
            row = case_of(tx, name, key).id
            tx.execute(update(subscription).where(subscription.c.id == row).values(next_due_at=when))


# To come -------------------------------------------------------------------------------------------------------------


def coming(rig: Rig, who: str = "asha", **asked: Any) -> ComingMessages:
    templates = asked.pop("templates", Templates())
    with rig.store.read() as tx:
        return coming_messages(
            tx, who, reader=READER, templates=templates, now=asked.pop("now", NOW), grace=GRACE, **asked
        )


def said(found: ComingMessages) -> list[str]:
    return [f"{item.at:%m-%d %H:%M} {item.subject}" for day in found.days for item in day.messages]


def all_said(rig: Rig, who: str = "asha") -> list[str]:
    """Return all messages to come, as the pages together show them."""
    found: list[str] = []
    after = None
    for _ in range(200):
        part = coming(rig, who, after=after)
        found += said(part)
        after = part.next
        if after is None:
            assert not part.is_cut
            return found
    raise AssertionError("no end")


def forecast_said(rig: Rig, who: str = "asha") -> list[str]:
    """Return them as `plan` has them, which plays everything forward."""
    with rig.store.read() as tx:
        ahead = messages_to_come(tx, start=NOW, end=FAR, grace=GRACE, subscriber=who)
    return [f"{item.at:%m-%d %H:%M} {write(item.contexts, Templates(), item.at).words.subject}" for item in ahead]


def test_messages_stand_by_day_with_channels_and_words(rig: Rig) -> None:
    ballard = a_title(platform="Prime Video", episodes=10)
    put(rig.store, listed(ballard, people=[asha()]), at("2025-06-20 10:00"))
    settled(rig)
    found = coming(rig)
    assert [(day.heading, day.aside, [item.clock for item in day.messages]) for day in found.days] == [
        ("Today", "Wednesday, July 2", ["9:00 AM"]),
        ("Tuesday, July 8", "", ["9:00 AM"]),
        ("Wednesday, July 9", "", ["9:00 AM"]),
    ]
    first = found.days[0].messages[0]
    assert (first.subject, first.channels) == ("Ballard premieres in 7 days", ("mail", "phone"))
    assert "all 10 episodes on Prime Video" in first.body
    assert first.title_id == 1
    assert (found.next, found.is_cut, found.waiting) == (None, False, 0)


def test_the_users_own_words_stand_there_and_a_broken_template_is_named(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[asha()]), at("2025-06-20 10:00"))
    settled(rig)
    own = coming(rig, templates=Templates({Kind.REMINDER: ("{{ title }}! {{ days }}", None)}))
    assert said(own)[0] == "07-02 03:30 Ballard! 7"
    broken = coming(rig, templates=Templates({Kind.REMINDER: ("{{ 1 / 0 }}", None)}))
    assert said(broken)[0] == "07-02 03:30 Ballard premieres in 7 days"
    assert broken.days[0].messages[0].problems


@pytest.mark.parametrize("burst", [0, 3])
def test_pages_together_are_the_whole_plan_in_its_order(rig: Rig, burst: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in {"A_PAGE": 4, "ENOUGH": 3, "FIRST_LOOK": 2}.items():
        monkeypatch.setattr(coming_pages, name, small)
    titles = [a_title(f"T{number:02}", f"2025-07-{10 + number % 5}") for number in range(9)]
    titles += [a_title("Silo", "2025-07-11", season=3, episodes=6, drop=WEEKLY), a_title("Sum", "2025-08")]
    titles += [a_title("Hour", "2025-07-12 20:00 Asia/Kolkata"), a_title("None", "TBA")]
    who = person(channels=uses("mail"), burst=burst)
    put(rig.store, listed(*titles, people=[who, BEN]), at("2025-06-20 10:00"))
    settled(rig)
    expected = forecast_said(rig)
    assert len(expected) > 12
    assert all_said(rig) == expected
    assert all_said(rig, "ben") == forecast_said(rig, "ben")


def test_nobody_sees_the_messages_of_another(rig: Rig) -> None:
    titles = [
        ListedEntry(title=a_title("Hers"), followers={"asha": None}),
        ListedEntry(title=a_title("His"), followers={"ben": None}),
    ]
    put(rig.store, listed(*titles, people=[asha(), BEN]), at("2025-06-20 10:00"))
    settled(rig)
    assert {line.split()[2] for line in all_said(rig)} == {"Hers"}
    assert {line.split()[2] for line in all_said(rig, "ben")} == {"His"}
    assert coming(rig, "nobody") == ComingMessages()


def test_what_waits_to_be_sent_comes_first_and_too_much_of_it_is_counted(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(rig.store, listed(a_title("A"), a_title("B"), people=[asha()]), at("2025-06-20 10:00"))
    with rig.store.write() as tx:
        for key in ("a", "b"):
            case = case_of(tx, key=key)
            settle(tx, case, decision(case, "7d", channels=("mail",)))
    assert said(coming(rig))[:2] == ["07-02 03:30 A premieres in 7 days", "07-02 03:30 B premieres in 7 days"]
    monkeypatch.setattr(coming_pages, "MOST_WAITING", 1)
    assert coming(rig).waiting == 2


def test_a_page_says_when_too_much_has_its_turn_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming_pages, "FURTHEST_LOOK", 3)
    monkeypatch.setattr(coming_pages, "FIRST_LOOK", 2)
    put(rig.store, listed(*(a_title(f"T{number}") for number in range(5)), people=[asha()]), at("2025-06-20 10:00"))
    for now in (at("2025-06-20 10:00"), NOW):
        found = coming(rig, now=now)
        assert (found.days, found.next, found.is_cut, found.is_unsettled) == ((), None, True, True)
    settled(rig)
    found = coming(rig, now=NOW - HOUR)
    assert (found.days, found.next, found.is_cut, found.is_unsettled) == ((), None, True, False)


def test_what_a_sweep_could_not_plan_stops_no_page(rig: Rig) -> None:
    put(rig.store, listed(a_title("A"), a_title("B"), people=[asha()]), at("2025-06-20 10:00"))
    settled(rig)
    with rig.store.write() as tx:
        row = case_of(tx, key="a").id
        tx.execute(update(subscription).where(subscription.c.id == row).values(put_off_at=NOW, ladder={"x": "0d"}))
    assert {line.split()[2] for line in said(coming(rig))} == {"B"}


def test_a_bad_cursor_of_messages_shows_the_first_page(rig: Rig) -> None:
    put(rig.store, listed(a_title(), people=[asha()]), at("2025-06-20 10:00"))
    settled(rig)
    first = said(coming(rig))
    bad = ("", "x", "2025-07-99T00:00:00Z", "2025-07-02", ".3", "9" * 40, "\u0663")
    assert {text: said(coming(rig, after=text)) for text in bad} == dict.fromkeys(bad, first)


# That went -----------------------------------------------------------------------------------------------------------


def history(rig: Rig, **asked: Any) -> HistoryPage:
    with rig.store.read() as tx:
        return history_page(tx, HistoryFilter(**asked), reader=READER, now=NOW + HOUR)


def lines(found: HistoryPage) -> list[str]:
    """Return the lines of a page: `about, what for, over which channel: outcome (next try; reason)`."""
    return [
        f"{line.about}, {line.purpose}, {line.channel}: {line.outcome} ({'; '.join(filter(None, (line.next_try, line.reason)))})"
        for day in found.days
        for line in day.lines
    ]


def a_ledger(rig: Rig) -> None:
    """Fill the ledger: of Asha everything that may happen to a message, of Ben one that was sent."""
    titles = [ListedEntry(title=a_title(name), followers={"asha": None}) for name in ("Été", "Silo", "Dark", "Gone")]
    titles.append(ListedEntry(title=a_title("His"), followers={"ben": None}))
    put(rig.store, listed(*titles, people=[asha(), BEN]))
    went = {
        "été": Slot(channel="mail", state=State.SENT),
        "silo": Slot(channel="phone", state=State.FAILED, reason="404 no such chat"),
        "dark": Slot(channel="mail", state=State.SKIPPED, reason=Reason.MUTED),
        "gone": Slot(channel="phone", state=State.EXPIRED, reason=Reason.OVER),
    }
    with rig.store.write() as tx:
        for number, (key, slot) in enumerate(went.items()):
            case = case_of(tx, "asha", key)
            settle(tx, case, decision(case, "7d", slots=(slot,)), now=NOW + timedelta(minutes=number))
        case = case_of(tx, "ben", "his")
        sent = Slot(channel="phone", state=State.SENT)
        settle(tx, case, decision(case, "1d", kind=Kind.MOVED, lead=None, slots=(sent,)), now=NOW)


def test_the_ledger_says_what_became_of_each_message(rig: Rig) -> None:
    a_ledger(rig)
    found = history(rig, person="asha")
    assert lines(found) == [
        f"Gone, 7 days before, phone: too late to be of use ({Reason.OVER})",
        "Dark, 7 days before, mail: not sent (muted)",
        "Silo, 7 days before, phone: given up (404 no such chat)",
        "Été, 7 days before, mail: sent ()",
    ]
    assert [(line.is_bad, line.may_retry) for day in found.days for line in day.lines] == [
        (True, True),
        (False, False),
        (True, True),
        (False, False),
    ]
    assert [(day.heading, day.aside) for day in found.days] == [("Today", "Wednesday, July 2")]
    assert found.channels == ("mail", "phone")


def test_each_sees_their_own_and_the_owner_everybodys(rig: Rig) -> None:
    a_ledger(rig)
    assert lines(history(rig, person="ben")) == ["His, the date has moved, phone: sent ()"]
    assert history(rig, person="ben").channels == ("phone",)
    assert lines(history(rig, person="nobody")) == []
    whole = history(rig)
    assert len(lines(whole)) == 5
    assert {line.who for day in whole.days for line in day.lines} == {"asha", "ben"}
    of_asha = {line.title_id for day in history(rig, person="asha").days for line in day.lines}
    for number in of_asha:
        assert lines(history(rig, person="ben", title_id=number)) == []
    assert lines(history(rig, person="ben", title="silo")) == []


FILTERS: dict[str, dict[str, Any]] = {
    "Silo": {"title": "SILO"},
    "Été": {"title": "ete"},
    "Gone Silo": {"channel": "phone"},
    "Dark": {"state": State.SKIPPED},
    "": {"state": State.SKIPPED, "channel": "phone"},
}


def test_the_ledger_is_filtered_by_title_channel_and_state(rig: Rig) -> None:
    a_ledger(rig)
    found = {
        wanted: " ".join(line.about for day in history(rig, person="asha", **asked).days for line in day.lines)
        for wanted, asked in FILTERS.items()
    }
    assert found == {wanted: wanted for wanted in FILTERS}


def test_pages_of_the_ledger_leave_nothing_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    a_ledger(rig)
    with rig.store.write() as tx:
        tx.execute(update(delivery).values(tried_at=NOW + timedelta(microseconds=7)))
    whole = lines(history(rig))
    for size in (1, 2, 3):
        monkeypatch.setattr("reminder.usecases.history_page.A_PAGE", size)
        found, after = [], None
        while True:
            part = history(rig, after=after)
            found += lines(part)
            after = part.next
            if after is None:
                break
        assert found == whole
    monkeypatch.undo()
    bad = ("", "x", "1.x", "9" * 18 + ".1", ".", "-1.2", "\u0663.1")
    assert {text: lines(history(rig, after=text)) for text in bad} == dict.fromkeys(bad, whole)


def test_only_ones_own_can_be_tried_again(rig: Rig) -> None:
    a_ledger(rig)
    numbers = {line.about: line.id for day in history(rig).days for line in day.lines}
    with rig.store.write() as tx, pytest.raises(WrongInput, match="is no delivery"):
        retry(tx, [numbers["Silo"]], NOW, GRACE, force=False, subscriber="ben")
    with rig.store.write() as tx, pytest.raises(WrongInput, match="was skipped"):
        retry(tx, [numbers["Dark"]], NOW, GRACE, force=False, subscriber="asha")
    with rig.store.write() as tx:
        (again,) = retry(tx, [numbers["Silo"]], NOW, GRACE, force=False, subscriber="asha")
    assert again.state is State.RETRYING
    assert "failed, is tried again (at 9:00 AM; tried again by hand)" in lines(history(rig, person="asha"))[2]
    assert rig.rows(select(delivery.c.due_at).where(delivery.c.id == numbers["Silo"]))[0][0] == NOW
