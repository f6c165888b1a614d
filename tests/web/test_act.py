"""Acting on a message by its link: opening changes nothing, a press acts once, and all is taken back within a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from reminder.core.dates.when import When
from reminder.core.model.entities import Title
from reminder.core.schedule.listing import ListedEntry
from reminder.core.text.content import ActionKind, Words
from reminder.delivery.message_links import LinkSigner
from reminder.refresh.resolving import resolve_dates
from reminder.store import title_commands
from reminder.store.identity import signing_key
from reminder.store.listings import COMMAND
from reminder.store.sql.store import Store
from reminder.store.sql.tables import deed, delivery, message, metadata
from tests.support.pages import HERE, Browser, House
from tests.support.stores import BOTH, SQLITE, Rig, rig_of

ADDRESS = "https://reminder.example.org"
BASE = """
timezone: Asia/Kolkata
web: {address: "https://reminder.example.org"}
channels:
  phone: "json://127.0.0.1:9/"
  email: "mailto://127.0.0.1:9/asha@example.com?from=reminder@example.org"
  post: "mailto://127.0.0.1:9/{address}?from=reminder@example.org"
"""
CONFIG = """
operator: asha
subscribers:
  asha: {channels: [phone, email]}
  ravi: {channels: [{post: ravi@example.com}]}
watch: [{title: Ballard, premiere: 2025-07-09}, {title: Silo, premiere: 2025-07-09, for: [asha]}]
"""


class Home(House):
    """The household, on a database of the test's own."""

    def __init__(self, rig: Rig, config: str = CONFIG, at: str = "2025-06-20 12:00", base: str = BASE) -> None:
        self.rig = rig
        super().__init__(config, at, base=base)

    def make_store(self) -> Store:
        """Return the database that is there."""
        return self.rig.store

    def words(self, channel: str, about: str = "Ballard") -> Words:
        """Return the last message about a title over a channel."""
        return [each.words for each in self.arrived if each.channel == channel and about in each.words.subject][-1]

    def state(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all that the database holds."""
        with self.store.read() as tx:
            return {table.name: [tuple(row) for row in tx.execute(select(table))] for table in metadata.sorted_tables}

    def sent_as(self, what: str) -> list[tuple[str, str, str | None]]:
        """Return the deliveries of messages of a sort: channel, state, reason."""
        query = select(delivery).join(message, delivery.c.message_id == message.c.id).where(message.c.what == what)
        with self.store.read() as tx:
            found = tx.execute(query.order_by(delivery.c.id)).all()
        return [(row.channel, row.state, row.reason) for row in found]

    def subjects(self, channel: str) -> list[str]:
        """Return what came over a channel."""
        return [each.words.subject for each in self.arrived if each.channel == channel]


@pytest.fixture
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Return a database: where a test says so each kind in turn, else a file."""
    with rig_of(getattr(request, "param", SQLITE), tmp_path) as made:
        yield made


on_both = pytest.mark.parametrize("rig", BOTH, indirect=True)


@pytest.fixture
def home(rig: Rig) -> Home:
    made = Home(rig)
    made.live("2025-07-02 10:00")
    return made


def path_of(words: Words, kind: ActionKind) -> str:
    return next(action.url for action in words.actions if action.kind is kind).removeprefix(ADDRESS)


def stranger(home: Home) -> Browser:
    return home.browser()


def press(home: Home, path: str) -> TestResponse:
    """Post to an address as ntfy does: no cookie, no form, from nowhere."""
    return home.site_app.test_client().post(path, base_url=HERE)


def said(answer: TestResponse) -> str:
    found = re.search(r'<p class="notice" role="status">([^<]*)</p>', answer.text)
    return found[1] if found else ""


# Looking -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_robot_that_opens_every_link_of_every_message_twice_changes_nothing(home: Home, method: str) -> None:
    addresses = {
        url
        for each in home.arrived
        for url in [*(action.url for action in each.words.actions), each.words.unsubscribe]
        if url is not None
    }
    assert len(addresses) == 5 * 5 + 3  # five messages with five links each, and how mail ends in three mails
    client, before = home.site_app.test_client(), home.state()
    for url in [*sorted(addresses)] * 2:
        answer = client.open(url.removeprefix(ADDRESS), method=method, base_url=HERE)
        assert answer.status_code == 200, url
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert home.state() == before


def test_the_page_says_the_message_as_it_is_true_now_and_offers_what_is_left(home: Home) -> None:
    path = path_of(home.words("phone"), ActionKind.OPEN)
    home.live("2025-07-08 21:00")
    page = stranger(home).text(path)
    assert "Ballard premieres tomorrow" in page
    assert re.findall(r"<form method=\"post\" action=\"[^\"]*/(\w+)\"", page) == ["tomorrow", "mute", "stop"]
    assert "Nothing happens until you press." in page
    assert "form_token" not in page


def test_the_page_speaks_the_language_and_writes_the_hours_of_whose_message_it_is(rig: Rig) -> None:
    home = Home(rig, f"language: de\nclock: 24h\n{CONFIG}").live("2025-07-02 10:00")
    page = stranger(home).text(path_of(home.words("phone"), ActionKind.OPEN))
    assert 'lang="de"' in page
    assert ">20:00<" in page


def test_a_button_that_opens_the_page_puts_its_action_first(home: Home) -> None:
    page = stranger(home).text(path_of(home.words("phone"), ActionKind.STOP))
    assert re.findall(r"<form method=\"post\" action=\"[^\"]*/(\w+)\"", page)[0] == "stop"


# Put off -------------------------------------------------------------------------------------------------------------


@on_both
def test_put_off_to_tomorrow_it_comes_once_in_true_words_however_often_it_is_pressed(home: Home) -> None:
    path = path_of(home.words("phone"), ActionKind.TOMORROW)
    assert said(press(home, path)) == "You will hear of Ballard again: Thursday, July 3, 2025, at 9:00 AM IST."
    assert said(press(home, path)).startswith("It is done already")
    assert home.woken == 2
    home.live("2025-07-04 10:00")
    assert home.subjects("phone").count("Ballard premieres in 6 days") == 1
    assert home.sent_as("again") == [("phone", "sent", "fake"), ("email", "sent", "fake")]


def test_what_is_put_off_stands_among_the_messages_to_come(home: Home) -> None:
    press(home, path_of(home.words("phone"), ActionKind.LATER))
    page = home.browser("asha").text("/messages")
    assert page.index("8:00 PM") < page.index("Ballard premieres tomorrow")
    home.live("2025-07-02 20:30")
    assert home.subjects("phone")[-1] == "Ballard premieres in 7 days"


@on_both
def test_put_off_to_the_hour_of_the_next_lead_one_message_comes(home: Home) -> None:
    home.live("2025-07-08 10:00")
    press(home, path_of(home.words("phone"), ActionKind.TOMORROW))
    home.live("2025-07-09 12:00")
    assert home.subjects("phone").count("Ballard is out today") == 1
    assert ("phone", "superseded", "the same was said there on that day") in home.sent_as("day")


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [("mute", "muted"), ("stop", None), ("date", "moved"), ("cancel", "cancelled")],
)
def test_what_is_put_off_is_dropped_with_the_reason(home: Home, meanwhile: str, reason: str | None) -> None:
    press(home, path_of(home.words("phone"), ActionKind.TOMORROW))
    changes = {"date": CONFIG.replace("2025-07-09},", "2025-07-16},"),
               "cancel": CONFIG.replace("2025-07-09},", "2025-07-09, cancelled: true},")}  # fmt: skip
    if meanwhile in changes:
        home.edit(changes[meanwhile])
    else:
        press(home, path_of(home.words("phone"), ActionKind(meanwhile)))
    home.live("2025-07-06 10:00")
    assert [state for _, state, _ in home.sent_as("again")] == ["skipped", "skipped"]
    if reason is not None:
        assert {why for _, _, why in home.sent_as("again")} == {reason}


def test_what_cannot_be_put_off_any_more_says_so(rig: Rig) -> None:
    config = CONFIG.replace("premiere: 2025-07-09},", "premiere: July 2025},")
    home = Home(rig, config).live("2025-07-01 10:00")
    path = path_of(home.words("phone"), ActionKind.LATER)
    home.live("2025-07-31 21:00")
    answer = press(home, path)
    assert (answer.status_code, said(answer)) == (
        409, "That is no longer possible with this message. Nothing was changed.")  # fmt: skip
    assert home.sent_as("again") == []


# Silence, and what is seen -------------------------------------------------------------------------------------------


@on_both
def test_mute_is_silence_until_it_is_taken_back_and_is_told_elsewhere(home: Home) -> None:
    path = path_of(home.words("phone"), ActionKind.MUTE)
    assert said(press(home, path)) == "Ballard is muted: you hear nothing more of it."
    assert said(press(home, path)) == "Ballard is muted already."
    home.settle()
    assert home.subjects("email")[-1] == "Ballard is muted"
    assert home.subjects("phone")[-1] != "Ballard is muted"
    undo = path_of(home.words("email", "muted"), ActionKind.UNDO)
    assert "Undo: Ballard muted" in stranger(home).text(undo)
    assert said(press(home, undo)) == "Taken back: Ballard muted. All is as it was."
    assert said(press(home, undo)) == "There is nothing to take back."
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("phone")


def test_stop_ends_what_the_config_lists_for_this_person_alone(home: Home) -> None:
    path = path_of(home.words("phone"), ActionKind.STOP)
    assert said(press(home, path)) == "You no longer follow Ballard."
    home.live("2025-07-20 10:00")
    assert home.subjects("phone").count("Ballard is out today") == 0
    assert "Ballard is out today" in home.subjects("post")
    assert home.subjects("email").count("You no longer follow Ballard") == 1


@on_both
def test_a_stop_that_is_taken_back_was_never_there(home: Home) -> None:
    before = home.state()["subscription"]
    page = path_of(home.words("phone"), ActionKind.OPEN)
    press(home, f"{page}/stop")
    assert said(press(home, f"{page}/undo")) == "Taken back: Ballard no longer followed. All is as it was."
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("phone")
    assert sorted(row[:3] for row in home.state()["subscription"]) == sorted(row[:3] for row in before)


@on_both
def test_a_title_that_a_command_added_goes_on_when_its_only_follower_takes_the_stop_back(home: Home) -> None:
    title = Title(key="poker face", name="Poker Face", premiere=When.day(date(2025, 7, 10)))
    added = ListedEntry(title=title, followers={"asha": None})
    with home.store.write() as tx:
        title_commands.put_new(tx, [added], COMMAND, home.clock.now(), home.app.config.grace, resolve_dates)
    home.live("2025-07-03 10:00")
    page = path_of(home.words("phone", "Poker Face"), ActionKind.OPEN)
    press(home, f"{page}/stop")
    press(home, f"{page}/undo")
    home.live("2025-07-10 10:00")
    assert "Poker Face is out today" in home.subjects("phone")


def test_seen_is_offered_once_it_is_out_and_ends_what_is_to_come(rig: Rig) -> None:
    home = Home(rig, f"remind: [day, +1d]\n{CONFIG}").live("2025-07-09 10:00")
    path = path_of(home.words("phone"), ActionKind.SEEN)
    assert said(press(home, path)).startswith("Noted: you have seen it.")
    assert said(press(home, path)) == "You had said before that you have seen it."
    home.live("2025-07-12 10:00")
    assert [reason for channel, _, reason in home.sent_as("+1d") if channel == "phone"] == ["seen", "fake"]


NOT_OFFERED = "That is no longer possible with this message. Nothing was changed."
GONE = "You do not follow Ballard any more. Nothing was changed."


@on_both
@pytest.mark.parametrize(
    ("before", "action", "now", "answer"),
    [
        ("", "seen", "2025-07-02 10:00", NOT_OFFERED),  # a week before it is out
        ("stop", "seen", "2025-07-02 10:00", GONE),
        ("stop", "seen", "2025-07-09 10:00", GONE),
        ("stop", "mute", "2025-07-02 10:00", GONE),
        (
            "stop",
            "tomorrow",
            "2025-07-02 10:00",
            "You do not follow Ballard any more, so nothing can come again. Nothing was changed.",
        ),
        ("seen", "tomorrow", "2025-07-09 10:00", NOT_OFFERED),
        ("seen", "later", "2025-07-09 10:00", NOT_OFFERED),
    ],
)
def test_a_press_that_came_too_late_or_too_early_changes_nothing_and_is_answered_as_what_it_was(
    rig: Rig, before: str, action: str, now: str, answer: str
) -> None:
    home = Home(rig).live(now)
    page = path_of(home.words("phone"), ActionKind.OPEN)
    if before:
        assert press(home, f"{page}/{before}").status_code == 200
    held = home.state()
    pressed = press(home, f"{page}/{action}")
    assert (pressed.status_code, said(pressed)) == (409, answer)
    assert home.state() == held
    assert f"{page}/{action}" not in stranger(home).text(page)


DROP = """
operator: asha
subscribers: {asha: {channels: [phone, email]}}
watch: [{title: Ballard, season: 1, premiere: 2025-07-09, episodes: 10, drop: all}]
"""


def test_episodes_that_came_at_once_are_seen_as_several(rig: Rig) -> None:
    home = Home(rig, DROP).live("2025-07-09 10:00")
    answer = said(press(home, path_of(home.words("phone"), ActionKind.SEEN)))
    assert answer == "Noted: you have seen them. You hear nothing more of these episodes of Ballard."


def test_after_a_day_nothing_is_taken_back(home: Home) -> None:
    page = path_of(home.words("phone"), ActionKind.OPEN)
    press(home, f"{page}/mute")
    home.live("2025-07-03 10:30")
    assert said(press(home, f"{page}/undo")) == "There is nothing to take back."


@pytest.mark.parametrize(
    ("kind", "undo"),
    [
        (ActionKind.MUTE, "Undo: Ballard muted"),
        (ActionKind.STOP, "Undo: Ballard no longer followed"),
        (ActionKind.SEEN, "Undo: Ballard seen"),
        (ActionKind.TOMORROW, "Undo: told again Thursday, July 10, 2025, at 9:00 AM IST"),
    ],
)
def test_undo_says_what_it_takes_back(rig: Rig, kind: ActionKind, undo: str) -> None:
    home = Home(rig).live("2025-07-09 10:00")
    page = path_of(home.words("phone"), ActionKind.OPEN)
    for answer in (press(home, f"{page}/{kind}").text, stranger(home).text(page)):
        shown = re.findall(r"<button[^>]*>(Undo[^<]*)</button>", answer)
        assert [each.translate({0x2068: None, 0x2069: None}) for each in shown] == [undo]


def _sent_again(home: Home, way: str) -> None:
    """End mail, and have it sent again another way than by the message that tells of it."""
    press(home, unsubscribe(home))
    home.settle()
    if way == "on its page":
        press(home, f"{unsubscribe(home)}/undo")
        return
    asha = home.browser("asha")
    mark = re.search(r'name="mark" value="(\w+)"', asha.text("/channels"))
    assert mark is not None
    asha.post("/channels/again", {"channel": "email", "mark": mark[1]})


def _done_and_undone(home: Home, action: str, path: str) -> None:
    press(home, f"{path_of(home.words('phone'), ActionKind.OPEN)}/{action}")
    home.settle()
    assert home.browser("asha").post(path).status_code == 303


UNDONE_ELSEWHERE: dict[str, tuple[str, str, Callable[[Home], None]]] = {
    "mail, by its own link": ("phone", "No more mail", lambda home: _sent_again(home, "on its page")),
    "mail, on the channels": ("phone", "No more mail", lambda home: _sent_again(home, "on the channels")),
    "mute": ("email", "is muted", lambda home: _done_and_undone(home, "mute", "/title/1/unmute")),
    "stop": ("email", "no longer follow", lambda home: _done_and_undone(home, "stop", "/title/1/follow")),
}


@pytest.mark.parametrize("how", UNDONE_ELSEWHERE)
def test_what_is_taken_back_elsewhere_is_not_offered_once_more(home: Home, how: str) -> None:
    channel, about, happens = UNDONE_ELSEWHERE[how]
    happens(home)
    undo = path_of(home.words(channel, about), ActionKind.UNDO)
    page = stranger(home).text(undo)
    assert "That is taken back already." in page
    assert "Undo" not in page
    assert said(press(home, undo)) == "There is nothing to take back."


def test_what_is_put_off_and_has_come_is_not_taken_back(home: Home) -> None:
    page = path_of(home.words("phone"), ActionKind.OPEN)
    press(home, f"{page}/later")
    assert "Undo: told again" in stranger(home).text(page)
    home.live("2025-07-02 21:00")
    assert "Undo" not in stranger(home).text(page)


def test_the_message_that_tells_of_a_press_says_after_a_day_that_it_is_too_late(home: Home) -> None:
    press(home, f"{path_of(home.words('phone'), ActionKind.OPEN)}/mute")
    home.settle()
    undo = path_of(home.words("email", "is muted"), ActionKind.UNDO)
    home.live("2025-07-05 10:00")
    page = stranger(home).text(undo)
    assert "more than a day ago" in page
    assert "Undo" not in page


def test_one_person_acts_for_themselves_alone(home: Home) -> None:
    press(home, path_of(home.words("post"), ActionKind.MUTE))
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("phone")
    assert home.subjects("post") == ["Ballard premieres in 7 days"]


# The end of mail -----------------------------------------------------------------------------------------------------


def unsubscribe(home: Home, channel: str = "email") -> str:
    found = home.words(channel).unsubscribe
    assert found is not None
    return found.removeprefix(ADDRESS)


@on_both
def test_one_click_ends_mail_to_that_address_and_the_phone_says_so(home: Home) -> None:
    answer = home.site_app.test_client().post(
        unsubscribe(home),
        data={"List-Unsubscribe": "One-Click"},
        base_url=HERE,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    home.live("2025-07-10 10:00")
    assert [line for line in home.subjects("email") if "today" in line or "tomorrow" in line] == []
    assert "Ballard is out today" in home.subjects("phone")
    assert home.subjects("phone").count("No more mail comes to you over email") == 1
    assert "Ballard is out today" in home.subjects("post")


@on_both
def test_the_end_of_mail_is_taken_back_by_the_message_that_tells_of_it(home: Home) -> None:
    press(home, unsubscribe(home))
    press(home, unsubscribe(home))
    home.settle()
    assert home.subjects("phone").count("No more mail comes to you over email") == 1
    press(home, path_of(home.words("phone", "No more mail"), ActionKind.UNDO))
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("email")


@pytest.mark.parametrize("only", ["premiere", "[episode, moved]", "[trouble]"])
@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ("mute", "Ballard is muted"),
        ("stop", "You no longer follow Ballard"),
        ("mail", "No more mail comes to you over email"),
    ],
)
def test_what_was_done_is_told_whatever_a_channel_keeps_out(rig: Rig, only: str, what: str, subject: str) -> None:
    base = BASE.replace('phone: "json://127.0.0.1:9/"', f'phone: {{url: "json://127.0.0.1:9/", only: {only}}}')
    home = Home(rig, base=base)
    home.live("2025-07-02 10:00")
    mail = home.words("email")
    assert mail.unsubscribe is not None
    path = mail.unsubscribe.removeprefix(ADDRESS) if what == "mail" else path_of(mail, ActionKind(what))
    assert press(home, path).status_code == 200
    home.settle()
    assert home.subjects("phone").count(subject) == 1
    assert [state for channel, state, _ in home.sent_as("deed") if channel == "phone"] == ["sent"]


def test_the_page_of_a_mail_asks_first_and_sends_mail_again(home: Home) -> None:
    path = unsubscribe(home, "post")
    page = stranger(home).text(path)
    assert "End mail to this address?" in page
    assert re.search(r'href="(/m/[^"]+)"', page)
    assert "No more mail comes to this address" in press(home, path).text
    assert "Mail comes to this address again" in press(home, f"{path}/undo").text
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("post")


def test_mail_that_was_ended_is_taken_up_again_on_the_page_of_channels(home: Home) -> None:
    asha = home.browser("asha")
    assert "Ended by you" not in asha.text("/channels")
    press(home, unsubscribe(home))
    page = asha.text("/channels")
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark is not None
    answer = asha.post("/channels/again", {"channel": "email", "mark": mark[1]})
    assert "Messages come over email again." in asha.follow(answer)
    assert asha.post("/channels/again", {"channel": "email", "mark": mark[1]}).status_code == 400
    home.live("2025-07-10 10:00")
    assert "Ballard is out today" in home.subjects("email")


def test_who_ends_their_only_channel_is_told_that_nothing_reaches_them(home: Home) -> None:
    path = unsubscribe(home, "post")
    assert "nothing reaches you without it" in stranger(home).text(path)
    assert "nothing reaches you now" in press(home, path).text
    assert "your other channels go on" in stranger(home).text(unsubscribe(home))


def test_a_reload_does_not_bring_back_mail_that_was_ended(home: Home) -> None:
    press(home, unsubscribe(home))
    home.edit(f"{CONFIG}\nclock: 24h")
    home.live("2025-07-10 10:00")
    assert [line for line in home.subjects("email") if "out today" in line] == []


# Links that do not hold ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil", [lambda path: path + "x", lambda path: "/m/1-1-1.aXy1Zw.AAAA", lambda path: path.replace("/m/", "/u/")]
)
def test_a_link_that_was_made_up_gets_the_same_friendly_page(home: Home, spoil: Callable[[str], str]) -> None:
    path = spoil(path_of(home.words("phone"), ActionKind.OPEN))
    before = home.state()
    for answer in (stranger(home).get(path), press(home, path if "/u/" in path else f"{path}/mute")):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.text
    assert home.state()["subscription"] == before["subscription"]


def test_a_link_holds_for_thirty_days_after_the_release(home: Home) -> None:
    path = path_of(home.words("phone"), ActionKind.OPEN)
    home.live("2025-08-08 12:00")
    assert stranger(home).get(path).status_code == 200
    home.live("2025-08-09 12:00")
    assert stranger(home).get(path).status_code == 404


def test_a_link_that_is_older_than_its_message_is_of_one_that_a_restored_copy_has_lost(home: Home) -> None:
    with home.store.read() as tx:
        sent = tx.execute(select(delivery).order_by(delivery.c.id)).first()
        key = signing_key(tx)
    assert sent is not None
    paths = [
        f"/m/{LinkSigner(key, at).message(sent.subscriber_id, sent.message_id, sent.id)}"
        for at in (sent.tried_at, sent.tried_at - timedelta(days=1))
    ]
    assert [stranger(home).get(path).status_code for path in paths] == [200, 404]


def test_who_tries_many_links_has_to_wait(home: Home) -> None:
    client = home.site_app.test_client()
    answers = [client.get(f"/m/7-7-7.aXy1Zw.{number}", base_url=HERE).status_code for number in range(62)]
    assert (answers[0], answers[59], answers[61]) == (404, 404, 429)


def test_what_is_done_is_kept_as_a_deed(home: Home) -> None:
    press(home, path_of(home.words("phone"), ActionKind.MUTE))
    with home.store.read() as tx:
        assert [(row.what, row.undone_at) for row in tx.execute(select(deed))] == [("mute", None)]


def test_where_nothing_is_written_looking_asks_for_no_lock(tmp_path: Path) -> None:
    with rig_of(SQLITE, tmp_path) as rig:
        home = Home(rig)
        home.live("2025-07-02 10:00")
        with home.store.read() as tx:
            before = tx.execute(text("PRAGMA data_version")).scalar()
        stranger_page = home.site_app.test_client().get(path_of(home.words("phone"), ActionKind.OPEN), base_url=HERE)
        assert stranger_page.status_code == 200
        with home.store.read() as tx:
            assert tx.execute(text("PRAGMA data_version")).scalar() == before


def test_the_ledger_says_what_was_put_off_and_what_was_told_of_a_press(home: Home) -> None:
    press(home, path_of(home.words("phone"), ActionKind.TOMORROW))
    press(home, path_of(home.words("phone", "Silo"), ActionKind.MUTE))
    home.live("2025-07-03 10:00")
    history = home.browser("asha").text("/history")
    assert "put off by you" in history
    assert "What was done by a link" in history
