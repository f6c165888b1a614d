"""Adding on the page: what is read with its sentences, the first message, following, and what a stranger's link may not do."""

from __future__ import annotations

import html
import json
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import reminder.web
from reminder.announcements.reading.choice import LESS_PLAIN
from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.forms import NO_SUCH_DAY, TWO_WAYS
from reminder.announcements.reading.joining import LESS_SURE, SECOND_READER
from reminder.announcements.reading.proposing import NAMED_LESS_PLAINLY
from reminder.daemon.app import App
from reminder.sources.fetch import Fetcher
from reminder.store.sql.store import Store
from reminder.store.sql.tables import title
from reminder.usecases.announcement import PASSED_OVER
from reminder.usecases.quick_add import looks_like_prose
from tests.support.adding import catalogues
from tests.support.catalogues import Catalogues, Mood
from tests.support.pages import Browser, House
from tests.support.sink import Reply, Sink
from tests.support.stores import BOTH, Rig, rig_of

AT = "2026-10-01 11:30"
ARTICLE = """May 23, 2027

“Salt Road”: plot, cast and release date

The detective drama Salt Road premieres on Prime Video on July 9, 2027, the streamer said in a press release.
All ten episodes arrive at once. Filming wrapped on March 3, 2027.

The trailer for Salt Road came out on May 2, 2027."""
PAGE = f"<html><head><title>News</title></head><body><article>{''.join(f'<p>{each}</p>' for each in ARTICLE.split(chr(10) * 2))}</article></body></html>"
SHARED = {"Sec-Fetch-Site": "none"}


class AddingHouse(House):
    """A household with sources on loopback, on a database of the test's own."""

    def __init__(self, rig: Rig, there: Catalogues) -> None:
        self.rig = rig
        config = f"""
web: {{}}
operator: asha
sources: {{tvmaze: {{url: '{there.tvmaze}'}}}}
subscribers:
  asha: {{}}
  ravi: {{timezone: America/New_York}}
watch:
- {{title: Dune, premiere: 2026-12-18, for: [asha]}}
"""
        super().__init__(config, AT)

    def make_store(self) -> Store:
        """Return the database that is there."""
        return self.rig.store

    def titles(self) -> list[str]:
        """Return the names of what is watched."""
        return [row.name for row in self.rig.rows(select(title).order_by(title.c.id)) if row.ended_at is None]


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with catalogues() as made:
        yield made


@pytest.fixture(params=BOTH)
def house(request: pytest.FixtureRequest, tmp_path: Path, there: Catalogues) -> Iterator[AddingHouse]:
    with rig_of(request.param, tmp_path) as rig:
        yield AddingHouse(rig, there)


@pytest.fixture
def asha(house: AddingHouse) -> Browser:
    return house.browser("asha")


def shown(page: str) -> str:
    """Return the words of a page, as they are read."""
    words = re.sub(r"<(?:script|style)[^>]*>.*?</(?:script|style)>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input id="{name}" name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def form_of(page: str) -> dict[str, list[str]]:
    """Return what the form on a page would send, as it stands."""
    form = page.partition('<form method="post" action="/titles"')[2].partition("</form>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if told.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if told.get("name", "form_token") != "form_token":
            sent.setdefault(told["name"], []).append(html.unescape(told.get("value", "")))
    return sent


# Reading -------------------------------------------------------------------------------------------------------------


def test_an_announcement_is_shown_with_its_sentences_and_the_first_message(house: AddingHouse, asha: Browser) -> None:
    before = house.titles()
    page = asha.post("/add", {"text": ARTICLE}).text
    fields = {name: value_of(page, name) for name in ("title", "premiere", "platform", "episodes", "drop")}
    assert fields == {
        "title": "Salt Road",
        "premiere": "July 9, 2027",
        "platform": "Prime Video",
        "episodes": "10",
        "drop": "all",
    }
    said = shown(page)
    assert "The detective drama Salt Road premieres on Prime Video on July 9, 2027" in said
    assert "% sure" in said
    assert "Friday, July 2, 2027, 9:00 AM, over mail" in said
    assert "Salt Road premieres in 7 days" in said
    assert "Passed over" in said
    assert "May 2, 2027" in said
    assert house.titles() == before


def test_what_was_not_taken_and_that_a_work_will_not_come_is_said_in_words(house: AddingHouse, asha: Browser) -> None:
    said = shown(asha.post("/add", {"text": "“Dead Air” hits screens 01/02/2027.\nIt is no repeat."}).text)
    assert "01/02/2027 , can be read in two ways" in said
    said = shown(asha.post("/add", {"text": "Hulu has cancelled “Dead Air” after two seasons.\nFans are sad."}).text)
    assert "It says that this will not come. Hulu has cancelled “Dead Air” after two seasons." in said


def test_each_reason_of_the_reader_has_words() -> None:
    unasked = {CueRole.RELEASE, CueRole.STAMP, CueRole.SAID, CueRole.HISTORY, CueRole.UNSAID}
    by_role = {str(role) for role in set(CueRole) - unasked}
    others = {LESS_PLAIN, NAMED_LESS_PLAINLY, TWO_WAYS, NO_SUCH_DAY, SECOND_READER, LESS_SURE}
    assert set(PASSED_OVER) == by_role | others


def test_what_was_proposed_is_followed_and_the_notice_says_the_first_message(house: AddingHouse, asha: Browser) -> None:
    sent = form_of(asha.post("/add", {"text": ARTICLE}).text)
    answer = asha.post("/titles", sent)
    assert answer.status_code == 303
    assert house.titles() == ["Dune", "Salt Road"]
    assert re.fullmatch(r"/title/\d+", answer.headers["Location"])
    assert house.woken == 1
    notice = shown(asha.text("/me"))
    assert "You follow Salt Road. The first message: Friday, July 2, 2027, 9:00 AM over mail." in notice
    page = shown(asha.text(answer.headers["Location"]))
    assert "Read in an announcement: The detective drama Salt Road premieres on Prime Video on July 9, 2027" in page
    again = asha.post("/titles", sent)
    assert again.headers["Location"] == answer.headers["Location"]
    assert "You follow Salt Road already." in shown(asha.text("/me"))
    assert house.titles() == ["Dune", "Salt Road"]


def test_who_looks_again_sees_the_sentence_only_beside_the_value_that_it_speaks_for(asha: Browser) -> None:
    sent = form_of(asha.post("/add", {"text": ARTICLE}).text)
    page = asha.post("/add", {**sent, "premiere": "July 10, 2027", "lead": ["3d"]}).text
    said = shown(page)
    assert "“Salt Road”: plot, cast and release date" in said
    assert "premieres on Prime Video on July 9, 2027" in said  # of the platform
    assert "Salt Road premieres in 3 days" in said
    assert 'id="about-premiere"' not in page


def test_every_problem_stands_by_its_field(house: AddingHouse, asha: Browser) -> None:
    answer = asha.post("/titles", {"fields": "1", "title": "", "premiere": "next Friday", "episodes": "x"})
    assert answer.status_code == 400
    page = answer.text
    for name in ("title", "premiere", "episodes"):
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true" aria-describedby="about-{name}"', page), name
    assert "Nothing is saved" in shown(page)
    assert house.titles() == ["Dune"]


@pytest.mark.parametrize("drop", ["[{episodes: 1", "[a, b", "{a: b}", "2 thn weekly"])
def test_a_list_of_drops_that_cannot_be_read_is_answered_in_the_readers_language(drop: str) -> None:
    house = House("web: {}\nsources: {tvmaze: {ask: false}}\nsubscribers: {asha: {language: de}}\n", AT)
    answer = house.browser("asha").post("/titles", {"fields": "1", "title": "Fog", "drop": drop})
    said = re.findall(r'<p class="bad">(.*?)</p>', answer.text)
    assert len(said) == 1
    assert "schreib all, weekly, daily, 2 then weekly" in said[0]


def test_a_line_with_a_date_is_read_and_one_without_is_looked_up(asha: Browser) -> None:
    assert value_of(
        asha.post("/add", {"text": "Severance returns on January 17, 2027 on Apple TV+"}).text, "premiere"
    ) == ("January 17, 2027")
    page = asha.post("/add", {"text": "harbour lights"}).text
    assert "Harbour Lights (2026)" in shown(page)
    assert "season 1 premieres tomorrow" in shown(page)
    assert "Data: TVmaze" in shown(page)


def test_of_several_entries_one_is_chosen(house: AddingHouse, asha: Browser) -> None:
    page = asha.post("/add", {"text": "The Office"}).text
    assert "Which one is it?" in shown(page)
    assert "The Office (2001)" in shown(page)
    sent = form_of(page)
    assert "entry" not in sent
    assert asha.post("/titles", sent).status_code == 400
    assert asha.post("/titles", {**sent, "entry": "tvmaze:21"}).status_code == 303
    assert house.titles() == ["Dune", "The Office"]
    theirs = house.browser("ravi").post("/add", {"text": "https://www.tvmaze.com/shows/21/the-office"}).text
    assert "This is watched here already" in shown(theirs)
    assert "Follow it too" in shown(theirs)


def test_what_is_listed_or_followed_already_is_said_to_be(house: AddingHouse, asha: Browser) -> None:
    assert "You follow this already" in shown(asha.post("/add", {"text": "Dune"}).text)
    theirs = house.browser("ravi").post("/add", {"text": "Dune"}).text
    assert "This is watched here already. You will follow it as it stands: Dune" in shown(theirs)
    assert "asha" not in shown(theirs)
    assert "config" not in shown(theirs)
    assert house.browser("ravi").post("/titles", form_of(theirs)).status_code == 303


def test_a_date_behind_a_name_is_its_date(asha: Browser) -> None:
    for line in ("Salt Road, July 9, 2027", "Salt Road\nJuly 9, 2027", "Salt Road: 2027-07-09"):
        page = asha.post("/add", {"text": line}).text
        assert value_of(page, "title") == "Salt Road", line
        assert "Salt Road premieres in 7 days" in shown(page), line
    page = asha.post("/add", {"text": "Salt Road 07/09/2027"}).text
    assert value_of(page, "title") == "Salt Road"
    assert "write 2027-07-09 (July 9) or 2027-09-07 (September 7)" in shown(page)


@pytest.mark.parametrize("typed", ["Salt Road", "salt-road", "The Salt Road"])
def test_a_season_that_is_watched_is_offered_to_who_names_its_series(
    house: AddingHouse, asha: Browser, typed: str
) -> None:
    fields = {"fields": "1", "title": "Salt Road", "season": "2", "premiere": "July 9, 2027", "entry": "hand"}
    assert asha.post("/titles", fields).status_code == 303
    ravi = house.browser("ravi")
    page = ravi.post("/add", {"text": typed}).text
    assert "This is watched here already: is it what you mean?" in shown(page)
    offered = page[page.index('action="/add" class="notice"') :]
    assert '<input type="hidden" name="title" value="Salt Road">' in offered
    assert '<input type="hidden" name="season" value="2">' in offered
    assert "Salt Road season 2" in shown(offered)
    taken = ravi.post("/add", {"fields": "1", "title": "Salt Road", "season": "2"}).text
    assert "You will follow it as it stands: Salt Road" in shown(taken)
    other = ravi.post("/add", {"text": "Salt Road season 3"}).text
    assert "This is watched here already" not in shown(other)


def test_where_no_source_is_asked_nothing_is_said_to_have_been_looked_for() -> None:
    house = House("web: {}\nsources: {tvmaze: {ask: false}}\nsubscribers: {asha: {}}\n", AT)
    said = shown(house.browser("asha").post("/add", {"text": "A Title Nobody Knows"}).text)
    assert "No source is asked for dates here: write its date yourself." in said
    assert "looked for daily" not in said
    assert "Nothing by that name was found" not in said
    house.browser("asha").post("/titles", {"fields": "1", "title": "A Title Nobody Knows"})
    said = shown(house.browser("asha").text("/title/1"))
    assert "No source is asked for dates here: write its date yourself." in said
    assert "A source is searched for" not in said


def test_a_source_that_is_silent_is_said_to_be(asha: Browser, there: Catalogues) -> None:
    there.mood = Mood.DOWN
    page = asha.post("/add", {"text": "harbour lights"})
    assert page.status_code == 200
    assert "cannot be looked for now" in shown(page.text)


def test_nothing_and_nonsense_are_answered_in_words(asha: Browser) -> None:
    assert "Write a title" in shown(asha.post("/add", {"text": "  "}).text)
    nothing = asha.post("/add", {"text": "It rained. " * 40})
    assert nothing.status_code == 400
    assert "No title was found" in shown(nothing.text)
    assert "It rained." in nothing.text
    for text in (
        "<script>alert(1)</script>",
        "{{7*7}}",
        "\u202eReversed",
        '"><img src=x onerror=alert(1)>',
        "x" * 5000,
    ):
        page = asha.post("/add", {"text": text})
        assert page.status_code in {200, 400}, text
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert ">49<" not in page.text


def test_the_second_of_two_that_are_close_can_be_taken(house: AddingHouse, asha: Browser) -> None:
    page = asha.post(
        "/add", {"text": "“Dead Air” arrives on July 9, 2027.\n\n“Salt Road” opens on July 23, 2027."}
    ).text
    assert value_of(page, "title") == "Dead Air"
    assert "It may be Salt Road instead" in shown(page)
    form = page.partition("It may be")[0].rpartition("<form")[2]
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    other = asha.post("/add", {name: html.unescape(value) for name, value in hidden.items() if name != "form_token"})
    assert value_of(other.text, "title") == "Salt Road"
    assert value_of(other.text, "premiere") == "July 23, 2027"
    assert "“Salt Road” opens on July 23, 2027." in shown(other.text)


def test_the_vocabulary_is_loaded_with_the_first_announcement_only() -> None:
    script = "import sys, reminder.daemon.build_web, reminder.web.app; print('reminder.announcements.vocabulary' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


# Fetching ------------------------------------------------------------------------------------------------------------


def test_a_host_keeps_its_letters_where_it_stands_first(asha: Browser) -> None:
    for url in ("http://localhost:1/x", "http://127.0.0.1/x", "http://nas.localhost/x"):
        said = shown(asha.post("/add", {"text": url}).text)
        assert "Localhost" not in said
        assert "Nas.localhost" not in said


def test_a_page_on_this_network_is_not_fetched_and_that_is_said(asha: Browser) -> None:
    with Sink().always(Reply(body=PAGE.encode(), headers={"Content-Type": "text/html"})) as sink:
        urls = [f"http://{host}:{sink.port}/" for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433")]
        for url in urls:
            answer = asha.post("/add", {"text": url})
            assert answer.status_code == 400, url
            assert "Paste the announcement's text instead" in shown(answer.text), url
            assert asha.get(f"/add?url={url}", SHARED).status_code == 400
        assert sink.requests == []


def test_what_a_phone_shares_is_read_at_once_and_what_another_site_sends_is_not(
    house: AddingHouse, asha: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink().always(Reply(body=PAGE.encode(), headers={"Content-Type": "text/html"})) as sink:
        monkeypatch.setattr("reminder.daemon.latest_config.build_article_fetcher", open_fetcher)
        browser = house.browser("asha")
        address = f"/add?title=Salt+Road&text=Look+http://127.0.0.1:{sink.port}/news"
        for said in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "x"}):
            page = browser.get(address, said)
            assert page.status_code == 200
            assert "Read this page?" in shown(page.text)
            assert f"http://127.0.0.1:{sink.port}/news" in page.text
        assert sink.requests == []
        page = browser.get(address, SHARED)
        assert value_of(page.text, "premiere") == "July 9, 2027"
        assert len(sink.requests) == 1
        pressed = browser.post("/add", {"url": f"http://127.0.0.1:{sink.port}/news", "title": "Salt Road"})
        assert value_of(pressed.text, "title") == "Salt Road"
        followed = browser.post("/titles", form_of(pressed.text))
        assert "Read in an announcement at 127.0.0.1: The detective drama" in shown(browser.follow(followed))
        other = browser.post(f"{followed.headers['Location']}/date", {"date": "July 10, 2027"})
        assert "Read in an announcement" not in shown(browser.follow(other))
        sink.always(Reply(status=403))
        fallback = browser.post(
            "/add", {"text": f"Salt Road premieres on July 9, 2027 on Hulu http://127.0.0.1:{sink.port}/x"}
        )
        assert "answered 403" in shown(fallback.text)
        assert value_of(fallback.text, "premiere") == "July 9, 2027"


def open_fetcher(app: App, stop: threading.Event) -> Fetcher:
    """Return what fetches from this machine too, in the place of what fetches only from others."""
    return Fetcher(clock=app.clock, private=None, stop=stop)


def test_a_name_from_another_site_is_not_looked_up(asha: Browser, there: Catalogues) -> None:
    page = asha.get("/add?text=harbour+lights", {"Sec-Fetch-Site": "cross-site"}).text
    assert "harbour lights</textarea>" in page
    assert there.sink.requests == []
    assert "Harbour Lights (2026)" in shown(asha.get("/add?text=harbour+lights", SHARED).text)


def test_reading_is_limited_and_looking_too(asha: Browser) -> None:
    answers = [asha.post("/add", {"text": ARTICLE}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    asked = [asha.post("/add", {"text": "Dune"}).status_code for _ in range(130)]  # the sources' pace lets time pass
    assert asked[:120] == [200] * 120
    assert asked[-1] == 429


# An app of the phone -------------------------------------------------------------------------------------------------


def test_a_phone_can_install_the_page_and_share_to_it(house: AddingHouse) -> None:
    browser = house.browser()
    answer = browser.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.text)
    assert told["share_target"] == {
        "action": "/add",
        "method": "GET",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    assert told["display"] == "standalone"
    for icon in told["icons"]:
        image = browser.get(icon["src"])
        assert image.mimetype == "image/png"
        width, height = struct.unpack(">II", image.data[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    page = browser.text("/sign-in")
    for linked in re.findall(r'<link[^>]*href="([^"]+)"', page):
        assert browser.get(linked).status_code == 200, linked


def test_script_and_style_are_small() -> None:
    static = Path(reminder.web.__file__).parent / "static"
    assert (static / "page.js").stat().st_size <= 6 * 1024
    assert (static / "page.css").stat().st_size <= 8 * 1024
    assert "innerHTML" not in (static / "page.js").read_text()


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        ("『銀河の果て』シーズン2は2027年4月3日よりNetflixで独占配信。", True),
        ("Сериал «Метель» выйдет в прокат весной. Дата неизвестна.", True),
        ("Coming in 2028: The Third Door.", True),
        ("Blade Runner 2049", False),
        ("1899", False),
        ("What If...?", False),
        ("The Assassination of Jesse James by the Coward Robert Ford", False),
    ],
)
def test_a_sentence_is_not_taken_for_a_name_without_a_word(text: str, is_prose: bool) -> None:
    assert looks_like_prose(text) == is_prose
