"""Upcoming, Month, Messages and History as a reader gets them: what stands there, whose it is, what empty ones say."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select, update

from reminder.store.sql.tables import channel, delivery
from tests.support.pages import Browser, House

CONFIG = """
web: {}
timezone: Asia/Kolkata
operator: asha
channels: {hook: json://127.0.0.1:9/, own: json://127.0.0.1:9/own}
subscribers:
  asha: {channels: [hook, own]}
  ravi: {channels: [hook], timezone: America/New_York}
watch:
  - {title: Ballard, premiere: 2025-07-09, platform: Prime Video, episodes: 10}
  - {title: Private, premiere: 2025-06-26, for: [ravi]}
  - {title: Silo, season: 3, premiere: 2025-06-20, episodes: 3, drop: weekly, for: [asha]}
  - {title: Hour, premiere: '2025-06-22 20:00 America/New_York', for: [asha, ravi]}
  - {title: Sometime, premiere: 2025-07, for: [asha]}
  - {title: Never, premiere: TBA, for: [asha]}
"""
EMPTY = "web: {}\nwatch: []\n"


@pytest.fixture
def house() -> House:
    house = House(CONFIG, "2025-06-02 12:00", base="")
    house.live("2025-06-20 12:00")
    return house


def said(page: str) -> str:
    """Return what a page says, in one line."""
    return words(page.partition("<main")[2].partition(">")[2].partition("</main>")[0])


def words(html: str) -> str:
    """Return what a part of a page says, in one line."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def rows(page: str) -> list[str]:
    """Return the entries of the lists of a page, each in one line."""
    lists = re.findall(r'<ul class="rows">(.*?)</ul>', page, re.S)
    return [words(item) for each in lists for item in re.findall(r"<li>(.*?)</li>", each, re.S)]


def headings(page: str) -> list[str]:
    return [words(text) for text in re.findall(r"<h2>(.*?)</h2>", page, re.S)]


# Upcoming ------------------------------------------------------------------------------------------------------------


def test_upcoming_is_an_agenda_from_today(house: House) -> None:
    page = house.browser("asha").text("/")
    assert headings(page) == [
        "Today Friday, June 20",
        "Monday, June 23",
        "Friday, June 27",
        "Friday, July 4",
        "Wednesday, July 9",
        "Sometime in July 2025",
        "No date",
    ]
    assert rows(page) == [
        "Silo season 3 today episode 1 of 3 · told at 9:00 AM over hook and own",
        "Hour in 3 days, 5:30 AM told on June 16 over hook and own",
        "Silo season 3 episode 2 in 7 days",
        "Silo season 3 finale in 14 days",
        "Ballard in 19 days all 10 episodes on Prime Video",
        "Sometime no day yet",
        "Never no date yet",
    ]
    assert "Hours are in Asia/Kolkata." in page


def test_a_reader_sees_their_own_day_and_nobody_elses_titles(house: House) -> None:
    page = house.browser("ravi").text("/")
    assert headings(page) == ["Sunday, June 22", "Thursday, June 26", "Wednesday, July 9"]
    assert [row.partition(" told")[0] for row in rows(page)] == [
        "Hour in 2 days, 8:00 PM",
        "Private in 6 days",
        "Ballard in 19 days all 10 episodes on Prime Video",
    ]
    for path in (
        "/?all=1",
        "/?q=silo",
        "/?q=silo&all=1",
        "/month?m=2025-06&all=1",
        "/history?title=silo",
        "/history?who=asha",
    ):
        text = said(house.browser("ravi").text(path))
        assert "Silo season" not in text, path
        assert "Everybody" not in text, path


def test_the_owner_can_see_everybodys(house: House) -> None:
    browser = house.browser("asha")
    assert "Private" not in said(browser.text("/"))
    page = browser.text("/?all=1")
    assert "Private in 6 days ravi" in rows(page)
    assert "Ballard in 19 days all 10 episodes on Prime Video · asha, ravi" in rows(page)
    assert "Private" in said(browser.text("/month?m=2025-06&all=1"))


def test_a_word_finds_titles_and_stays_in_the_field(house: House) -> None:
    page = house.browser("asha").text("/?q=BALL")
    assert [row.split()[0] for row in rows(page)] == ["Ballard"]
    assert 'value="BALL"' in page
    nothing = house.browser("asha").text('/?q="><script>x')
    assert "<script>x" not in nothing
    assert "Nothing that you follow is called" in said(nothing)


def test_a_page_of_very_many_leads_on_and_keeps_the_word() -> None:
    many = "\n".join(
        f"  - {{title: Many {number:03}, premiere: 2025-07-{1 + number % 28:02}}}" for number in range(150)
    )
    house = House(f"web: {{}}\nwatch:\n{many}\n  - {{title: Many, premiere: TBA}}\n", "2025-06-20 12:00")
    browser, path = house.browser("me"), "/?q=many"
    found: list[str] = []
    for _ in range(9):
        page = browser.text(path)
        found += [row.partition(" in ")[0] for row in rows(page)]
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if following is None:
            break
        path = unescape(following[1])
        assert "q=many" in path
    assert len(found) == len(set(found)) == 151
    assert said(browser.text("/?after=undated")).startswith("Without a day")
    assert "From July 5" in said(browser.text("/?after=2025-07-05"))


def test_a_broken_channel_and_a_pause_are_said_at_the_top(house: House) -> None:
    now = house.clock.now()
    assert "has failed" not in house.browser("asha").text("/")
    with house.store.write() as tx:
        tx.execute(update(channel).where(channel.c.name == "own").values(parked_at=now, reason="<b>535</b>"))
    assert "own has failed since June 20, 12:00 PM: your messages wait." in said(house.browser("asha").text("/"))
    assert "has failed" not in house.browser("ravi").text("/"), "ravi does not use it"


def test_an_empty_page_says_what_to_do_next() -> None:
    browser = House(EMPTY, "2025-06-20 12:00").browser("me")
    assert "You follow nothing yet. Type a title above" in said(browser.text("/"))
    assert "Nothing that you follow comes out in June 2025." in said(browser.text("/month"))
    assert "Nothing is to come" in said(browser.text("/messages"))
    assert "Nothing has been sent yet." in said(browser.text("/history"))
    assert "Nothing of that kind" in said(browser.text("/history?title=x"))
    over = House(EMPTY.replace("[]", "[{title: Over, premiere: 2025-01-01}]"), "2025-06-20 12:00").browser("me")
    assert "all that you follow is out already" in said(over.text("/"))


# Month ---------------------------------------------------------------------------------------------------------------


def test_a_month_is_a_table_with_the_day_of_today_marked(house: House) -> None:
    page = house.browser("asha").text("/month")
    assert "<caption" in page
    assert page.count('<th scope="col">') == 7
    (today,) = re.findall(r'<td aria-current="date">(.*?)</td>', page, re.S)
    assert words(today) == "Fri 20 Silo season 3"
    assert "Sometime" not in said(page)
    july = house.browser("asha").text("/month?m=2025-07")
    cells = {words(cell) for cell in re.findall(r"<td>(.*?)</td>", july, re.S)}
    assert cells == {"Fri 4 Silo season 3 finale", "Wed 9 Ballard"}
    assert (headings(july), rows(july)) == (["Sometime in July 2025"], ["Sometime no day yet"])


def test_the_months_beside_lead_on(house: House) -> None:
    page = house.browser("asha").text("/month?m=2025-12&all=1")
    links = [unescape(to) for to in re.findall(r'href="(/month[^"]*)"', page)]
    assert {"/month?m=2025-11&all=1", "/month?m=2026-01&all=1", "/month?all=1"} <= set(links)


# Messages ------------------------------------------------------------------------------------------------------------


def test_messages_are_those_of_the_plan_in_their_words(house: House) -> None:
    page = house.browser("asha").text("/messages")
    assert rows(page)[:3] == [
        "Hour premieres tomorrow at 5:30 AM 9:00 AM over hook, own All it says Monday, June 23, 2025, at 5:30 AM IST",
        "Hour is out (since 5:30 AM) 9:00 AM over hook, own All it says Monday, June 23, 2025, at 5:30 AM IST",
        "Silo season 3 episode 2 is out today 9:00 AM over hook, own All it says Friday, June 27, 2025: episode 2 of 3",
    ]
    assert "Ballard premieres in 7 days" in said(page)
    assert "Private" not in said(page)
    ravis = said(house.browser("ravi").text("/messages"))
    assert "Private premieres tomorrow" in ravis
    assert "Silo" not in ravis


# History -------------------------------------------------------------------------------------------------------------


def lines(browser: Browser, path: str = "/history") -> list[str]:
    return rows(browser.text(path))


def test_history_says_what_became_of_each_message(house: House) -> None:
    assert lines(house.browser("ravi")) == [
        "Private 9:00 AM sent over hook · 7 days before",
        "Hour 9:00 AM sent over hook · 7 days before",
    ]
    everybodys = lines(house.browser("asha"))
    assert "Private 6:30 PM sent over hook to ravi · 7 days before" in everybodys
    assert "Silo season 3 premiere 9:00 AM sent over own to asha · on the day" in everybodys
    mine = lines(house.browser("asha"), "/history?who=asha&channel=own&state=sent")
    assert mine
    assert all("over own to asha" in line for line in mine)
    assert lines(house.browser("asha"), "/history?state=failed") == []


def fail(house: House, who: int) -> list[int]:
    """Have every delivery of this person fail; return their numbers."""
    mine = delivery.c.subscriber_id == who
    with house.store.write() as tx:
        tx.execute(update(delivery).where(mine).values(state="failed", reason="404 <b>no such chat</b>"))
        return list(tx.execute(select(delivery.c.id).where(mine)).scalars())


def test_what_failed_is_tried_again_by_whose_it_is(house: House) -> None:
    (first, *_), (other, *_) = fail(house, 2), fail(house, 1)
    ravi = house.browser("ravi")
    assert "given up over hook · 7 days before · 404 <b>no such chat</b> Try again" in lines(ravi)[0]
    assert ravi.post(f"/history/{other}/retry").status_code == 404
    assert ravi.post("/history/99999999999999999999/retry").status_code == 404
    answer = ravi.post(f"/history/{first}/retry", {"back": "state=failed&channel=hook"})
    assert answer.headers["Location"] == "/history?state=failed&channel=hook"
    assert "It will be tried again within half a minute." in ravi.follow(answer)
    assert house.woken == 1
    assert any("failed, is tried again" in line for line in lines(ravi))
    asha = house.browser("asha")
    assert asha.post(f"/history/{first}/retry").status_code == 303, "the owner may"


def test_what_was_sent_is_not_sent_again_from_the_page(house: House) -> None:
    with house.store.read() as tx:
        number = tx.execute(select(delivery.c.id).where(delivery.c.subscriber_id == 2).limit(1)).scalar_one()
    ravi = house.browser("ravi")
    page = ravi.follow(ravi.post(f"/history/{number}/retry", {"back": "https://evil.example/"}))
    assert "It will not be tried again: it was sent." in unescape(page)
    assert house.woken == 0
