"""What somebody has put into the field for adding: a table of what people and phones really put there."""

from __future__ import annotations

from reminder.usecases.announcement import read
from reminder.usecases.quick_add import Given, GivenEntry, GivenLink, GivenName, GivenText, named_in, understand

NEWS = "https://news.example.org/ballard?id=7"
LONG = "Ballard returns for a second season. " * 10


def says_date(text: str) -> bool:
    return {"title", "premiere"} <= read(text).fields().keys()


def name(text: str) -> GivenName:
    return GivenName(name=text)


def dated(name: str, premiere: str) -> GivenName:
    return GivenName(name=name, premiere=premiere)


def text(words: str) -> GivenText:
    return GivenText(text=words)


def link(url: str = NEWS, beside: str = "") -> GivenLink:
    return GivenLink(url=url, beside=beside)


GIVEN: tuple[tuple[str, Given | None], ...] = (
    # Nothing
    ("", None),
    (" \n\t ", None),
    # Names, some of which look like something else
    ("Ballard", name("Ballard")),
    ("  Dune:  Part Three ", name("Dune: Part Three")),
    ("Se7en.com", name("Se7en.com")),
    ("FeardotCom", name("FeardotCom")),
    ("Mr. Robot", name("Mr. Robot")),
    ("Face/Off", name("Face/Off")),
    (".hack//SIGN", name(".hack//SIGN")),
    ("V/H/S/99", name("V/H/S/99")),
    ("9.99/month", name("9.99/month")),
    ("None", name("None")),
    ("tvmaze", name("tvmaze")),
    ("1899", name("1899")),
    ("September 5", name("September 5")),
    ("Blade Runner 2049", name("Blade Runner 2049")),
    ("2001: A Space Odyssey", name("2001: A Space Odyssey")),
    ("10 Things I Hate About You", name("10 Things I Hate About You")),
    ("Born on the Fourth of July", name("Born on the Fourth of July")),
    ("Mission: Impossible – Dead Reckoning Part 2", name("Mission: Impossible – Dead Reckoning Part 2")),
    ("Who Framed Roger Rabbit? Again, 2 of them", name("Who Framed Roger Rabbit? Again, 2 of them")),
    ("Dr. Strangelove or: How I Learned to Stop Worrying", name("Dr. Strangelove or: How I Learned to Stop Worrying")),
    ("<script>alert(1)</script>", name("<script>alert(1)</script>")),
    ("{{ config }}", name("{{ config }}")),
    ("javascript:alert(1)", name("javascript:alert(1)")),
    ("file:///etc/passwd", name("file:///etc/passwd")),
    ("Severance season 3", GivenName(name="Severance", season=3)),
    ("Dark, Staffel 2", GivenName(name="Dark", season=2)),
    ("Season 2", name("Season 2")),
    ("ブラッククローバー", name("ブラッククローバー")),
    # Names with their date behind them
    ("Ballard, July 9, 2027", dated("Ballard", "July 9, 2027")),
    ("Ballard: July 9, 2027", dated("Ballard", "July 9, 2027")),
    ("Ballard July 9 2027", dated("Ballard", "July 9 2027")),
    ("Ballard (July 9, 2027)", dated("Ballard", "July 9, 2027")),
    ("Ballard on Friday, July 9, 2027", dated("Ballard", "Friday, July 9, 2027")),
    ("Carry On, July 9, 2027", dated("Carry On", "July 9, 2027")),
    ("Ballard am 9. Juli 2027", dated("Ballard", "9. Juli 2027")),
    ("Tatort: Murot, 3. Januar 2027", dated("Tatort: Murot", "3. Januar 2027")),
    ("Ballard 2027-07-09", dated("Ballard", "2027-07-09")),
    ("Ballard 07/09/2027", dated("Ballard", "07/09/2027")),  # the field says in which two ways it can be read
    ("Ballard 30.2.2027", dated("Ballard", "30.2.2027")),
    ("Ballard July 9, 2027 8pm", dated("Ballard", "July 9, 2027 8pm")),
    ("バラード 2027年7月9日", dated("バラード", "2027年7月9日")),
    ("GTA VI, November 2027", dated("GTA VI", "November 2027")),
    ("Fog (summer 2027)", dated("Fog", "summer 2027")),
    ("Dark, Staffel 2, 9. Juli 2027", GivenName(name="Dark", season=2, premiere="9. Juli 2027")),
    # What may be a date belongs to the name where it may belong there
    ("Wet Hot American Summer 2027", name("Wet Hot American Summer 2027")),
    ("Ballard (2027)", name("Ballard (2027)")),
    ("Ballard: 2027", name("Ballard: 2027")),
    ("Ballard July 9", name("Ballard July 9")),
    ("July 9, 2027", name("July 9, 2027")),
    # Entries of sources
    ("tvmaze:44933", GivenEntry(id="tvmaze:44933")),
    ("TMDB:movie/603", GivenEntry(id="tmdb:movie/603")),
    ("https://www.tvmaze.com/shows/44933/ballard", GivenEntry(id="tvmaze:44933")),
    ("Ballard https://www.themoviedb.org/tv/1399-ballard", GivenEntry(id="tmdb:tv/1399")),
    ("tvmaze:abc", name("tvmaze:abc")),
    # Links, as they are typed, pasted and shared
    (NEWS, link()),
    ("HTTPS://News.Example.org/x", link("HTTPS://News.Example.org/x")),
    ("www.example.org", link("https://www.example.org")),
    ("news.example.org/ballard", link("https://news.example.org/ballard")),
    (f"Ballard is back\n{NEWS}", link(beside="Ballard is back")),
    (f"Look: {NEWS}.", link(beside="Look: .")),
    (f"“Ballard” ({NEWS})", link(beside="“Ballard” ( )")),
    (f"{NEWS}\u202c Ballard", link(beside="\u202c Ballard")),
    ("https://example.org/Ballard_(series)", link("https://example.org/Ballard_(series)")),
    (f"https://a.example/1 {NEWS}", link(beside="https://a.example/1")),
    ("http://127.0.0.1:8080/", link("http://127.0.0.1:8080/")),  # whether it may be fetched, the fetcher says
    # Announcements
    ("Severance returns on January 17, 2027 on Apple TV+", text("Severance returns on January 17, 2027 on Apple TV+")),
    ("Ballard kommt am 9. Juli 2027 zu Prime Video", text("Ballard kommt am 9. Juli 2027 zu Prime Video")),
    ("Ballard\nJuly 9, 2027", text("Ballard\nJuly 9, 2027")),
    (LONG, text(LONG.strip())),
    (f"{LONG}{NEWS}", text(f"{LONG}{NEWS}")),
)

SHARED: tuple[tuple[dict[str, str], Given | None], ...] = (
    ({"url": NEWS, "title": "Ballard is back", "text": ""}, link(beside="Ballard is back")),
    ({"url": "", "title": "Ballard is back", "text": NEWS}, link(beside="Ballard is back")),
    ({"url": NEWS, "title": "Ballard", "text": f"Ballard {NEWS}"}, link(beside="Ballard")),
    ({"url": "tvmaze.com", "title": "", "text": ""}, link("tvmaze.com")),
    ({"url": "", "title": "Ballard", "text": ""}, name("Ballard")),
    ({"url": "", "title": "Ballard", "text": "Ballard"}, name("Ballard")),
    ({"url": "", "title": "Ballard", "text": "out July 9, 2027"}, text("Ballard\nout July 9, 2027")),
    ({"url": "https://www.tvmaze.com/shows/7/x", "title": "x", "text": ""}, GivenEntry(id="tvmaze:7")),
)


def test_what_is_put_into_the_field_is_understood() -> None:
    assert {given: understand(given, says_date) for given, _ in GIVEN} == dict(GIVEN)


def test_what_a_phone_shares_in_three_fields_is_understood() -> None:
    got = [understand(shared["text"], says_date, url=shared["url"], title=shared["title"]) for shared, _ in SHARED]
    assert got == [expected for _, expected in SHARED]


def test_an_announcement_is_only_looked_for_where_there_may_be_one() -> None:
    asked: list[str] = []

    def note(line: str) -> bool:
        asked.append(line)
        return False

    for given, _ in GIVEN:
        understand(given, note)
    assert "Ballard" not in asked
    assert "Dune: Part Three" not in asked
    assert "Severance returns on January 17, 2027 on Apple TV+" in asked


def test_hostile_lines_take_no_time() -> None:
    for line in ("https://" + ")" * 500_000, "a." * 250_000 + "/", "www." + "a" * 500_000, ". " * 250_000):
        assert understand(line, lambda line: False) is not None


def test_a_text_in_which_no_announcement_was_read_may_still_name_a_title_and_its_date() -> None:
    given = ("GTA VI\nNovember 19, 2026", "Ballard", "Two lines\nwithout a date", "x" * 161)
    assert [named_in(each) for each in given] == [dated("GTA VI", "November 19, 2026"), name("Ballard"), None, None]
