"""In a language of other letters no page of the household has a word left in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from reminder.texts.languages.known import KNOWN
from tests.support.page_home import as_text, page_home
from tests.support.page_rows import ROWS
from tests.support.pages import House
from tests.support.pictures import put_picture
from tests.support.pretended import MIRROR, Untranslated, laid_over
from tests.web.conftest import OFFLINE
from tests.web.test_crawl import pages_from
from tests.web.test_routes import numbers_of

SAID: Final = """
    TVmaze TMDB reminder config yaml Werkzeug Telegram ntfy IST EDT Q3
    home phone Nana Grandma Europe Berlin News nowhere July September all weekly series film game
    Data from TVmaze CC BY SA https www tvmaze com
"""
"""Names, a file, a browser, zones; what the tests write, and what a field takes; the credit that a source asks for."""
AS_IT_IS: Final = frozenset(SAID.split())
"""What is called so everywhere."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("mirrored")
    with laid_over(folder / "locale"):
        text = as_text(page_home("json://127.0.0.1:9/", web={"posters": True}, language=MIRROR.code))
        house = House(text, "2025-06-02 12:00", base="", environ=OFFLINE)
        house.live("2025-06-20 12:00")
        with house.store.write() as tx:
            put_picture(tx, "ballard", house.clock.now())
        yield house
        house.close()


@pytest.fixture(scope="module")
def numbers(home: House) -> dict[str, str]:
    return numbers_of(home)


def own_words(home: House) -> set[str]:
    """Return the words that the config itself has: titles, names, zones."""
    languages = " ".join(known.name for known in KNOWN.values())  # each calls itself so
    return Untranslated(f"{home.config} {languages}".replace("<", " ").replace("&", " ")).words


@pytest.mark.parametrize("person", ["asha", "ravi"])
def test_nothing_on_the_pages_is_left_in_english(home: House, numbers: dict[str, str], person: str) -> None:
    known, left = own_words(home) | AS_IT_IS, {}
    rows = [path for row in ROWS if row.is_page and row.access in {"member", "owner"} for path in row.filled(numbers)]
    for path, page in pages_from(home.browser(person), rows if person == "asha" else ["/", "/add"]):
        if "<title>Redirecting" in page:  # a browser goes on at once, and shows nothing of it
            continue
        assert '<html lang="fa" dir="rtl">' in page, path
        words = Untranslated(page).words - known
        if words:
            left[path] = sorted(words)
    assert left == {}


REFUSED: Final[Mapping[str, Mapping[str, str]]] = {
    "/add": {"text": ""},
    "/titles": {"fields": "1", "title": "", "premiere": "07/09/2026", "entry": "hand"},
    "/me/pause": {"until": "2020-01-01"},
    "/me/pause#": {"until": "soon"},
    "/me/tokens": {"name": ""},
    "/me/tokens/999/revoke": {},
    "/title/1/date": {"date": "32 July 2026"},
    "/title/1/mute": {"until": "2020-01-01"},
    "/title/1/mute#": {"until": "July 2027"},
    "/title/1/ask": {},
    "/history/999/retry": {},
    "/channels/test": {"channel": "nowhere"},
}
"""What is refused on the pages, by path (what stands behind # tells two apart)."""


@pytest.mark.parametrize("path", REFUSED)
def test_a_refusal_is_said_in_the_readers_language(home: House, path: str) -> None:
    answer = home.browser("asha").post(path.partition("#")[0], REFUSED[path])
    assert answer.status_code in {400, 404}
    assert '<html lang="fa" dir="rtl">' in answer.text
    assert Untranslated(answer.text).words - own_words(home) - AS_IT_IS == set()


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/in/nothing", "/join/nothing", "/nothing", "/status"])
def test_strangers_are_answered_in_the_language_of_their_browser(home: House, path: str) -> None:
    answer = home.browser().get(path, headers={"Accept-Language": "fa"})
    if answer.status_code != 303:
        assert '<html lang="fa" dir="rtl">' in answer.text
        assert Untranslated(answer.text).words - own_words(home) - AS_IT_IS == set()
