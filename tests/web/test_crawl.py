"""Looking changes nothing: every page that a link leads to, and every route, are asked for while the database is watched."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from sqlalchemy import select, text

from reminder.store.sql.tables import metadata
from tests.support.page_rows import ROWS
from tests.support.pages import Browser
from tests.support.stores import SQLITE
from tests.web.conftest import Household
from tests.web.test_routes import numbers_of

MOST: Final = 200
"""Pages that a crawl looks at, at most: weeks and months go on for ever."""

KNOWN: Final = """
    a abbr article aside b blockquote body br button caption cite code datalist dd details div dl dt
    em fieldset figcaption figure footer form h1 h2 h3 h4 head header hr html i img input label
    legend li link main mark menu meta nav ol optgroup option output p picture pre q s script
    search section select small span strong sub summary sup svg g path table tbody td textarea tfoot th thead
    time title tr u ul wbr bdi bdo kbd samp var noscript template
"""
"""The elements that a template of ours may have."""


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def foreign(self) -> Iterator[str]:
        """Yield what no template of ours writes: an unknown element, a handler, a style, a script from elsewhere."""
        for tag, attributes in self.found:
            bad = [name for name in attributes if name.startswith("on") or name == "style"]
            is_script = tag == "script" and not str(attributes.get("src")).startswith("/static/")
            is_image = tag == "img" and not str(attributes.get("src")).startswith("/")
            leads_out = str(attributes.get("href")).lower().startswith(("javascript:", "data:"))
            if bad or is_script or is_image or leads_out or tag not in KNOWN.split():
                yield f"<{tag} {attributes}>"


def pages_from(browser: Browser, first: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every page that is reached from these by links, with its text."""
    seen, ahead = set(first), list(first)
    while ahead and len(seen) < MOST:
        path = ahead.pop(0)
        answer = browser.get(path)
        assert answer.status_code < 500 or path == "/healthz", f"{path}: {answer.status}"
        if answer.mimetype != "text/html":
            continue
        yield path, answer.text
        for tag, attributes in Elements(answer.text).found:
            to = urldefrag(urljoin(path, attributes.get("href") or ""))[0]
            if tag == "a" and to.startswith("/") and not to.startswith("//") and to not in seen:
                seen.add(to)
                ahead.append(to)


def content(house: Household) -> dict[str, list[Any]]:
    """Return everything that the database holds."""
    with house.rig.another().read() as tx:
        return {table.name: sorted(map(repr, tx.execute(select(table)))) for table in metadata.sorted_tables}


def test_looking_at_every_page_as_the_owner_writes_nothing(household: Household) -> None:
    numbers = numbers_of(household)
    first = [path for row in ROWS if row.method == "GET" for path in row.filled(numbers)]
    browser = household.browser("asha")
    watcher = household.rig.another()
    version = "SELECT 1" if household.rig.kind != SQLITE else "PRAGMA data_version"
    with watcher.engine.connect() as other:
        before, was = content(household), other.execute(text(version)).scalar()
        other.rollback()
        pages = dict(pages_from(browser, first))
        assert other.execute(text(version)).scalar() == was
    after = content(household)
    assert [name for name in before if before[name] != after[name]] == []
    assert "/" in pages


def test_what_titles_are_made_of_is_text_on_every_page(household: Household) -> None:
    numbers = numbers_of(household)
    first = [path for row in ROWS if row.method == "GET" and row.is_page for path in row.filled(numbers)]
    pages = dict(pages_from(household.browser("asha"), first))
    foreign = [f"{path}: {what}" for path, page in pages.items() for what in Elements(page).foreign()]
    assert foreign == []
    everything = "".join(pages.values())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in everything
    assert "{{7*7}}" in everything
