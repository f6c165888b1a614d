"""The page of one title: what it says of a date that moved and of one without a day, and what its forms do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reminder.core.dates.parse import parse_when
from reminder.core.model.entities import Title
from reminder.core.schedule.listing import ListedEntry
from reminder.core.schedule.season import parse_drop
from reminder.core.sending.retry import Failure, FailureKind
from reminder.refresh.resolving import resolve_dates
from reminder.store.title_commands import kept_titles, put
from tests.support.page_home import HOSTILE
from tests.support.pages import House
from tests.support.rules import a_title
from tests.web.test_crawl import Elements

AT = "2025-06-20 12:00"
BASE = """
timezone: Asia/Kolkata
operator: asha
web: {}
channels: {phone: "json://127.0.0.1:9/p", mail: "json://127.0.0.1:9/"}
subscribers:
  asha: {channels: [phone, mail]}
  ravi: {channels: [mail], timezone: America/New_York, at: 20:00, clock: 24h}
"""
WATCH = """
watch:
  - {title: Ballard, premiere: 2025-07-09, episodes: 10, platform: Prime Video, link: "https://www.example.org/b", note: Watch Bosch first}
  - {title: Alien Earth, premiere: 2025-07}
"""
DUNE = a_title("Dune", "2025-08-01")


def lived(watch: str = WATCH) -> House:
    return House(watch, AT, base=BASE)


def add(house: House, title: Title = DUNE, **over: Any) -> str:
    """Add a title as a command does, and return the path of its page."""
    with house.store.write() as tx:
        put(tx, ListedEntry(title=title, **over), house.clock.now(), house.app.config.grace, resolve_dates)
    return path_of(house, title.name)


def path_of(house: House, name: str) -> str:
    with house.store.read() as tx:
        return next(f"/title/{kept.id}" for kept in kept_titles(tx, ended=True) if kept.listing.title.name == name)


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    text = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+([.,;)])", r"\1", " ".join(unescape(text).split()))


def section(page: str, heading: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf">{re.escape(heading)}</h2>(.*?)</section>", page, flags=re.DOTALL)
    return words(found[1]) if found else ""


def press(house: House, person: str, path: str, form: Mapping[str, Any] | None = None) -> str:
    """Press a button of a title's page, and return the page that follows."""
    browser = house.browser(person)
    return browser.follow(browser.post(path, form))


def refused(answer: TestResponse) -> str:
    """Return what a page says that could not take a form."""
    assert answer.status_code == 400, answer.status
    found = re.search(r'<ul class="plain bad" role="alert">(.*?)</ul>', answer.text, flags=re.DOTALL)
    assert found, words(answer.text)
    return words(found[1])


# What it says --------------------------------------------------------------------------------------------------------


def test_the_page_begins_with_the_date_and_says_every_message_to_come() -> None:
    house = lived()
    page = house.browser("asha").text(path_of(house, "Ballard"))
    said = words(page)
    assert "Ballard Wednesday, July 9, 2025 in 19 days All 10 episodes · on Prime Video · example.org" in said
    assert "Watch Bosch first" in said
    assert "Hours are in Asia/Kolkata." in said
    assert section(page, "What you will hear") == (
        "Ballard premieres in 7 days Wed, Jul 2, 9:00 AM over phone and mail "
        "Ballard premieres tomorrow Tue, Jul 8, 9:00 AM over phone and mail "
        "Ballard is out today Wed, Jul 9, 9:00 AM over phone and mail"
    )
    assert section(page, "How the date came").startswith("Written in config.yaml:11. It has never changed.")
    assert section(page, "Who follows it") == "asha, ravi."


def test_a_member_reads_it_in_their_own_hours_and_learns_no_name_and_no_line() -> None:
    house = lived()
    page = house.browser("ravi").text(path_of(house, "Ballard"))
    assert section(page, "What you will hear").startswith("Ballard premieres in 7 days Wed, Jul 2, 20:00 over mail")
    assert section(page, "Who follows it") == "You and 1 other."
    assert "config.yaml" not in page
    assert section(page, "How the date came").endswith("Its date stands in the config: asha can change it.")
    assert "The config lists it for you." in words(page)


def test_journey_5_a_date_that_moves_stands_with_both_dates_and_who_was_told() -> None:
    house = lived().live("2025-06-25 12:00")
    house.edit(WATCH.replace("2025-07-09", "2025-07-16"))
    path = path_of(house, "Ballard")
    came = section(house.browser("asha").text(path), "How the date came")
    assert (
        "Wednesday, July 9, 2025 → became Wednesday, July 16, 2025 Wed, Jun 25, 12:00 PM · change 1 · the config You will be told"
        in came
    )
    house.live("2025-06-26 12:00")
    page = house.browser("asha").text(path)
    assert "in 20 days" in page
    came = section(page, "How the date came")
    assert "Wednesday, July 9, 2025 → became Wednesday, July 16, 2025" in came
    assert "You were told Thu, Jun 26, 9:00 AM" in came
    assert section(page, "What you heard") == (
        "The date has moved Thu, Jun 26, 9:00 AM Wednesday, July 16, 2025 · sent over phone and mail"
    )
    assert section(page, "What you will not hear, and why") == (
        "7 days before, 1 day before and on the day Wed, Jul 2 to Wed, Jul 9 Wednesday, July 9, 2025 · the date has moved"
    )
    # Ravi was told at his own hour, which had come before.
    came = section(house.browser("ravi").text(path), "How the date came")
    assert "You were told Wed, Jun 25, 20:00" in came


def test_journey_6_a_month_without_a_day_stands_on_no_day() -> None:
    house = lived()
    path = path_of(house, "Alien Earth")
    for person in ("asha", "ravi"):
        said = words(house.browser(person).text(path))
        assert "Alien Earth Sometime in July 2025 no day yet" in said
        assert "7 days before, 1 day before and on the day at no time No day is known yet" in said
        for invented in ("July 1,", "1 July", "2025-07-01", "Jul 1 ", "in 11 days"):
            assert invented not in said.replace("Tue, Jul 1, ", "")
    # The one message on that day is of the window, and says itself that no day is known.
    ahead = section(house.browser("asha").text(path), "What you will hear")
    assert ahead == "Alien Earth is expected in July 2025; no day is known yet Tue, Jul 1, 9:00 AM over phone and mail"


def test_a_long_season_shows_what_is_next_and_folds_the_rest() -> None:
    house = lived()
    show = a_title("Andor", "2025-06-10", season=2, episodes=400, drop=parse_drop("daily"))
    page = house.browser("asha").text(add(house, show))
    said = words(page)
    assert "Andor season 2 Friday, June 20, 2025 today" in said
    assert "382 later" in page
    assert "Later, the first 60" in page
    assert "10 out already" in page
    assert page.count("<details") >= 3
    assert len(page.encode()) < 40 * 1024


def test_hostile_titles_are_text() -> None:
    house = lived()
    for number, name in enumerate(HOSTILE.values()):
        title = Title(
            key=f"k{number}",
            name=name,
            premiere=parse_when("2025-08-01"),
            note=name,
            platform=name,
            link='javascript:alert("1")',
        )
        path = add(house, title)
        page = house.browser("asha").text(path)
        assert list(Elements(page).foreign()) == []
        assert "javascript:" not in page
        muted = press(house, "asha", f"{path}/mute")
        assert list(Elements(muted).foreign()) == []
        assert "is muted: you hear nothing of it" in muted


def test_what_is_not_theirs_is_not_there() -> None:
    house = lived()
    path = add(house, followers={"asha": None})
    browser = house.browser("ravi")
    paths = [path, "/title/0", "/title/999", f"/title/{2**70}"]
    assert [browser.get(each).status_code for each in paths] == [404] * 4
    for action in ("mute", "unmute", "stop", "follow", "leads", "seen", "unseen", "date", "date/back", "ask"):
        assert browser.post(f"{path}/{action}", {"release": "-1"}).status_code == 404, action


# What its forms do ---------------------------------------------------------------------------------------------------


def test_muting_is_for_one_alone_and_is_undone_where_it_was_done() -> None:
    house = lived()
    path = path_of(house, "Ballard")
    page = press(house, "ravi", f"{path}/mute")
    assert "Ballard is muted: you hear nothing of it, until you want to again." in unescape(page).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert section(page, "What you will hear") == "Nothing: it is muted."
    assert "Muted" not in house.browser("asha").text(path)
    assert house.woken == 1
    assert "Muted" not in press(house, "ravi", f"{path}/unmute")


def test_quiet_until_a_day_takes_a_day_to_come() -> None:
    house = lived()
    path = path_of(house, "Ballard")
    assert "Quiet until Thu, Jul 3, 20:00." in words(press(house, "ravi", f"{path}/mute", {"until": "2025-07-03"}))
    for text, why in {
        "2025-06-20": "2025-06-20 is not ahead: write a day after today",
        "July": "July",
        "July 2025": "July 2025 is not one day: write it like 2030-07-09",
    }.items():
        assert why in refused(house.browser("asha").post(f"{path}/mute", {"until": text}))


def test_stopping_says_so_and_following_again_is_one_press_away() -> None:
    house = lived()
    path = add(house)
    page = press(house, "ravi", f"{path}/stop")
    assert "You stopped following it Fri, Jun 20, 02:30." in words(page)
    assert section(page, "What you will hear") == ""
    assert section(house.browser("asha").text(path), "Who follows it") == "asha."
    page = press(house, "asha", f"{path}/stop")
    assert "It is no longer watched: nobody follows it." in page
    page = press(house, "ravi", f"{path}/follow")
    assert "You follow it by your own choice." in words(page)
    assert section(page, "What you will hear") != ""
    assert section(house.browser("asha").text(path), "Who follows it") == "ravi."


def test_what_the_config_no_longer_lists_can_be_followed_again() -> None:
    house = lived()
    path = path_of(house, "Ballard")
    house.edit("watch: [{title: Alien Earth, premiere: 2025-07}]")
    page = house.browser("ravi").text(path)
    assert "It is no longer watched: nobody follows it." in page
    assert "config" not in section(page, "How the date came")
    page = press(house, "ravi", f"{path}/follow")
    assert section(page, "What you will hear").startswith("Ballard premieres in 7 days")
    assert section(house.browser("asha").text(path), "Who follows it") == "ravi."


def test_a_month_that_went_by_says_so() -> None:
    house = lived()
    page = house.browser("asha").text(add(house, a_title("Lost", "2025-05")))
    assert "Lost Sometime in May 2025 gone by, no day was known" in words(page)


def test_what_could_not_be_sent_says_why_here_and_sends_nobody_to_a_terminal() -> None:
    house = lived()
    path = add(house, a_title("Dune", "2025-06-21"))
    for channel in ("phone", "mail"):
        house.transport.always(channel, Failure(kind=FailureKind.CHANNEL, reason="401 wrong password"))
    house.live("2025-06-21 12:00")
    page = house.browser("asha").text(path)
    assert "401 wrong password" in section(page, "What is on its way")
    house.live("2025-06-25 12:00")
    page = house.browser("asha").text(path)
    assert "reminder why" not in page
    assert section(page, "What you heard") == ""
    assert section(page, "What is on its way").startswith("What came out while nothing could be sent")
    assert "401 wrong password" in section(page, "What you did not hear, and why")


def test_leads_are_ticked_and_written_and_are_usual_again() -> None:
    house = lived()
    path = add(house)
    form = {"role": "premiere", "premiere": ["7d", "day"], "premiere_more": "2w"}
    page = press(house, "ravi", f"{path}/leads", form)
    assert section(page, "Your leads").startswith(
        "7 days before, on the day and 2 weeks before (yours, for this title)"
    )
    assert len(re.findall(r'type="checkbox" name="premiere"[^>]* checked', page)) == 3
    assert section(house.browser("asha").text(path), "Your leads").startswith(
        "7 days before, 1 day before and on the day"
    )
    page = press(house, "ravi", f"{path}/leads", {"role": "premiere", "usual": "yes"})
    assert section(page, "Your leads").startswith("7 days before, 1 day before and on the day (the default)")
    page = press(house, "ravi", f"{path}/leads", {"role": "premiere"})
    assert section(page, "What you will hear").startswith("Nothing:")
    wrong = house.browser("ravi").post(f"{path}/leads", {"role": "premiere", "premiere_more": "soon"})
    assert 'premiere: "soon" is not a lead' in refused(wrong)


def test_a_wrong_date_is_put_right_by_the_owner_and_by_whoever_is_alone() -> None:
    house = lived()
    path = add(house)
    assert "Others follow it too: asha decides, and is told of what you propose." in words(
        house.browser("ravi").text(path)
    )
    assert "ask asha to put its date right" in refused(
        house.browser("ravi").post(f"{path}/date", {"date": "2025-09-01"})
    )
    page = press(house, "asha", f"{path}/date", {"date": "September 2, 2025"})
    assert (
        "Friday, August 1, 2025 → became Tuesday, September 2, 2025 Fri, Jun 20, 12:00 PM · change 1 · by hand"
        in section(page, "How the date came")
    )
    wrong = house.browser("asha").post(f"{path}/date", {"date": "09/07/2025"})
    assert "2025-07-09" in refused(wrong)
    assert 'value="09/07/2025"' in wrong.text
    assert "Tuesday, September 2, 2025" in house.browser("asha").text(path)


def test_a_date_is_proposed_to_the_owner_who_takes_or_declines_it_by_one_press() -> None:
    house = lived()
    path = add(house)
    page = press(house, "ravi", f"{path}/propose", {"date": "September 2, 2025"})
    assert "You have proposed Tuesday, September 2, 2025: asha has not decided yet." in words(page)
    assert house.woken == 1
    assert "2025-07-09" in refused(house.browser("ravi").post(f"{path}/propose", {"date": "09/07/2025"}))
    status = house.browser("asha").text("/status")
    assert "ravi proposes a date for Dune : Tuesday, September 2, 2025." in words(status)
    assert "ravi proposes: Tuesday, September 2, 2025." in words(house.browser("asha").text(path))
    form = {"proposal": found(status, 'name="proposal" value="([0-9]+)"')}
    page = press(house, "asha", f"{path}/decline", form)
    assert "ravi proposes" not in words(page)
    assert "You proposed Tuesday, September 2, 2025, and it was declined." in words(house.browser("ravi").text(path))
    assert refused(house.browser("asha").post(f"{path}/take", form)) == "this was decided already"
    press(house, "ravi", f"{path}/propose", {"date": "September 3, 2025"})
    form = {"proposal": found(house.browser("asha").text(path), 'name="proposal" value="([0-9]+)"')}
    page = press(house, "asha", f"{path}/take", form)
    assert "by hand, as ravi proposed" in section(page, "How the date came")
    assert "You proposed Wednesday, September 3, 2025, and it was taken." in words(house.browser("ravi").text(path))
    for text in ("", "x", "-1", "1.0"):
        assert house.browser("asha").post(f"{path}/take", {"proposal": text}).status_code == 400, text
    assert house.browser("ravi").post(f"{path}/take", form).status_code == 404


def found(page: str, pattern: str) -> str:
    match = re.search(pattern, page)
    assert match, pattern
    return match[1]


def test_what_the_config_lists_is_stopped_and_followed_by_ones_own_choice_and_has_leads_of_ones_own() -> None:
    house = lived()
    path = path_of(house, "Ballard")
    page = press(house, "ravi", f"{path}/leads", {"role": "premiere", "premiere": ["3d"]})
    assert section(page, "Your leads").startswith("3 days before (yours, for this title)")
    page = press(house, "ravi", f"{path}/stop")
    assert "The config lists it for you; you stopped following it Fri, Jun 20, 02:30." in words(page)
    house.begin()
    assert section(house.browser("ravi").text(path), "What you will hear") == ""
    page = press(house, "ravi", f"{path}/follow")
    assert "You follow it by your own choice, and the config lists it for you." in words(page)
    assert section(page, "What you will hear").startswith("Ballard premieres in 3 days")


def test_what_is_out_is_seen_by_one_press_and_not_seen_after_all_by_another() -> None:
    house = lived()
    path = path_of(house, "Ballard")
    assert "seen" not in house.browser("ravi").text(path)
    house.live("2025-07-10 12:00")
    form = {"release": "-1"}
    assert "I have seen it" in words(house.browser("ravi").text(path))
    page = press(house, "ravi", f"{path}/seen", form)
    assert "You have seen it: you hear no more of it, but that its date has changed." in words(page)
    assert "Not seen after all" not in words(house.browser("asha").text(path))
    assert "I have seen it" in words(press(house, "ravi", f"{path}/unseen", form))
    for text in ("", "1", "x-1", "-x", "-1-1", f"-{10**12}"):
        assert house.browser("ravi").post(f"{path}/seen", {"release": text}).status_code == 400, text
    assert refused(house.browser("ravi").post(f"{path}/seen", {"release": "4-4"})) == "Ballard has no such release"


@pytest.mark.parametrize("action", ["date", "date/back"])
def test_what_the_config_lists_is_changed_there(action: str) -> None:
    house = lived()
    path = f"{path_of(house, 'Ballard')}/{action}"
    form = {"date": "2025-09-01", "role": "premiere"}
    assert refused(house.browser("asha").post(path, form)) == "Ballard is listed in config.yaml:11: change it there"
    said = refused(house.browser("ravi").post(path, form))
    assert said == "Ballard is listed in the config: asha can change it there"


def test_only_a_source_can_be_asked() -> None:
    house = lived()
    path = add(house)
    assert refused(house.browser("asha").post(f"{path}/ask")) == "no source is asked about Dune"
