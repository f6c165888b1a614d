"""Every page in a language from right to left, and in one that takes two fifths more room, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from reminder.languages.catalogue import OVER
from tests.browser.test_pages import OTHER, PAGES, Looker
from tests.support.browser import PHONE, View, axe_findings, too_wide
from tests.support.page_home import AT, as_text, page_home
from tests.support.page_process import page_process
from tests.support.page_rows import PageRow
from tests.support.page_served import ServedPage
from tests.support.pretended import LONG, MIRROR, lay_over
from tests.support.process import Reminder
from tests.support.sink import Sink

VIEW = View(width=PHONE, scheme="light", scripts=True)
DIRECTIONS = {MIRROR.code: "rtl", LONG.code: "ltr"}


@pytest.fixture(scope="module", params=DIRECTIONS)
def speaking(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Looker]]:
    """Serve the household's page in one of the languages."""
    reminder = Reminder(tmp_path_factory.mktemp(request.param))
    reminder.environ[OVER] = str(lay_over(tmp_path_factory.mktemp("locale") / "languages"))
    with Sink() as sink:
        config = page_home(f"json://{sink.netloc}/", language=request.param)
        reminder.write(as_text(config))
        assert reminder.at("2025-06-02T06:30:00Z").once().status == 0
        with page_process(reminder, config, AT) as process:
            process.daemon.sweeps(AT)
            page = ServedPage(process=process)
            yield request.param, Looker(page=page, browser=browser, numbers=page.numbers())


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.rule)
def test_the_page_has_room_for_other_words_and_turns_with_them(speaking: tuple[str, Looker], row: PageRow) -> None:
    language, looker = speaking
    is_known = row.access != "anyone"
    tab = looker.tab(VIEW, "asha" if is_known else None)
    path = row.filled(looker.numbers)[0]
    if not is_known:
        path += f"{'&' if '?' in path else '?'}language={language}"
    tab.forget()
    answer = tab.open(looker.page.process.at(path))
    assert answer.status == next((status for part, status in OTHER.items() if part in path), 200)
    assert tab.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        DIRECTIONS[language],
    ]
    faults = [*tab.complaints, *too_wide(tab)]
    if language == MIRROR.code:  # longer words have the same colours, and the same elements
        faults += axe_findings(tab)
    assert not faults, "\n".join(faults)
