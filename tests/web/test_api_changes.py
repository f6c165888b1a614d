"""What the API changes: only with a token that may write, and only what is its person's."""

from __future__ import annotations

from typing import Final

import pytest

from reminder.usecases.tokens import Scope
from tests.support.api import Program
from tests.support.pages import House

AT: Final = "2025-07-02 12:00"
FAMILY: Final = """
web: {}
timezone: Asia/Kolkata
operator: asha
channels: {mail: "json://127.0.0.1:9/", shared: "json://127.0.0.1:9/{address}"}
subscribers:
  asha: {channels: [mail]}
  ben: {channels: [{shared: "b1"}]}
"""


@pytest.fixture
def family() -> House:
    return House(FAMILY, AT, base="")


def test_a_test_goes_through_the_ledger_and_tells_how_it_went(family: House) -> None:
    ben = Program.of(family, "ben", Scope.WRITE)
    asked = ben.done("POST", "/channels/shared/test", 202)
    waiting = ben.get(f"/tests/{asked['message']}")
    family.settle()
    sent = ben.get(f"/tests/{asked['message']}")
    assert family.woken == 1
    assert (asked["channel"], waiting["is_over"], sent["is_over"], sent["state"]) == ("shared", False, True, "sent")
    assert [(item.subscriber, item.channel, item.kind) for item in family.arrived] == [("ben", "shared", "test")]


def test_a_test_is_nobody_else_s(family: House) -> None:
    asha, ben = (Program.of(family, name, Scope.WRITE) for name in ("asha", "ben"))
    asked = ben.done("POST", "/channels/shared/test", 202)
    asha.refused(404, f"/tests/{asked['message']}")
    for name in ("mail", "nothing", "%2e%2e", "<script>"):
        ben.refused(404, f"/channels/{name}/test", "POST")
    ben.refused(404, f"/tests/{2**70}")


def test_a_token_that_may_look_changes_nothing(family: House) -> None:
    program = Program.of(family, "ben", Scope.READ)
    program.refused(403, "/channels/shared/test", "POST")
    assert family.rows() == []


def test_so_many_tests_an_hour_and_no_more(family: House) -> None:
    program = Program.of(family, "ben", Scope.WRITE)
    answers = [program.ask("POST", "/channels/shared/test").status_code for _ in range(31)]
    assert answers == [202] * 30 + [429]
