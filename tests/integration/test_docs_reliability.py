"""Each promise of docs/reliability.md names a test that exists, and the numbers in it are the program's."""

from __future__ import annotations

import re

from reminder.config.load import parse_config
from reminder.core.schedule.listing import MANY
from reminder.core.sending.clock_guard import EARLIEST, SETTLING
from reminder.daemon.service import DRAIN
from reminder.delivery.sender_pool import MOST_UNRECORDED
from tests.support.docs import ROOT

TEXT = (ROOT / "docs" / "reliability.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| promise")]


def known() -> set[str]:
    """Return the name of every test there is."""
    sources = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    return {name for source in sources for name in re.findall(r"^(?:def )?(test_\w+)(?:\(| = )", source, re.MULTILINE)}


def test_every_promise_names_the_tests_that_show_it() -> None:
    assert len(ROWS) > 25
    assert [row for row in ROWS if not re.search(r"\| (`test_\w+`(, )?)+ \|$", row)] == []


def test_every_test_that_is_named_exists() -> None:
    assert sorted(set(re.findall(r"`(test_\w+)`", TEXT)) - known()) == []


def test_every_test_of_the_fault_suite_shows_a_promise_or_belongs_to_several_daemons() -> None:
    places = [path for path in (ROOT / "tests" / "faults").glob("test_*.py") if path.stem != "test_several_daemons"]
    unnamed = {
        path.stem: [name for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE) if name not in TEXT]
        for path in places
    }
    allowed = {
        "test_config_cut_short": [
            "test_a_daemon_started_with_force_takes_it",
            "test_a_short_list_and_an_edit_of_half_are_taken_at_once",
            "test_one_of_two_people_may_leave",
        ],
        "test_arrows": ["test_cancelled_between_claim_and_send_what_is_on_its_way_may_arrive_and_nothing_after_it"],
    }
    assert {name: tests for name, tests in unnamed.items() if tests} == allowed


def test_the_numbers_are_those_of_the_program() -> None:
    assert f"at most twice {MOST_UNRECORDED}:" in TEXT
    concurrency = parse_config("watch: [1899]\n", "c").delivery.concurrency
    assert f"(`delivery.concurrency`, {concurrency} unless set)" in TEXT
    assert f"or before {EARLIEST.year}," in TEXT
    assert SETTLING.total_seconds() == 600
    assert MANY == 10
    assert f"for the {DRAIN:g} seconds that a stop may take" in TEXT
