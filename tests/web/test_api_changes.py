"""What the API changes: only with a token that may write, and only what is its person's."""

from __future__ import annotations

from typing import Final

import pytest

from reminder.usecases.tokens import Scope
from tests.support.api import Program, described
from tests.support.pages import House
from tests.web.conftest import Household

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


def titles_of(house: House, person: str) -> dict[str, int]:
    """Return the numbers of the titles that a person sees, by name."""
    return {row["title"]: row["title_id"] for row in Program.of(house, person).get("/titles")}


def test_a_title_is_followed_changed_and_dropped(family: House) -> None:
    ben = Program.of(family, "ben", Scope.WRITE)
    added = ben.done("POST", "/titles", 201, {"title": "Ballard", "premiere": "July 9, 2025", "episodes": 10})
    assert (added["title"], added["when"], added["is_new"], added["next"]["subscriber"]) == (
        "Ballard",
        "2025-07-09",
        True,
        "ben",
    )
    again = ben.done("POST", "/titles", 201, {"title": "Ballard", "premiere": "July 9, 2025"})
    assert (again["title_id"], again["is_new"]) == (added["title_id"], False)
    path = f"/titles/{added['title_id']}"
    changed = ben.done("PATCH", path, 200, {"premiere": "2025-07-16", "platform": "Prime Video", "note": None})
    assert (changed["when"], changed["next"]["kind"]) == ("2025-07-16", "reminder")
    assert ben.get(path)["platform"] == "Prime Video"
    assert ben.done("DELETE", path) == {"title": "Ballard", "key": "ballard"}
    assert (titles_of(family, "ben"), titles_of(family, "asha")) == ({}, {})
    assert family.woken == 4


def test_an_announcement_is_followed_where_it_is_sure(family: House) -> None:
    ben = Program.of(family, "ben", Scope.WRITE)
    text = "“Ballard” premieres on Prime Video on July 9, 2025, with all ten episodes available at once."
    added = ben.done("POST", "/titles", 201, {"text": text})
    assert (added["title"], added["when"]) == ("Ballard", "2025-07-09")
    assert "available at once" in family.browser("ben").text(f"/title/{added['title_id']}")
    found = ben.refused(400, "/titles", "POST", {"text": "Something may come in the summer, they say."})
    assert [error["field"] for error in found["errors"]] == ["text"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, [None]),
        ({"title": " "}, [None]),
        ({"text": "x", "title": "y"}, [None]),
        ({"url": "http://127.0.0.1:9/"}, ["url"]),
        (
            {"title": "Ballard", "premiere": "09/07/2025", "drop": "sometimes", "link": "here"},
            ["drop", "link", "premiere"],
        ),
        ({"title": "Ballard", "entry": "nowhere"}, ["entry"]),
        ({"title": "Ballard", "season": -1, "episodes": 0, "kind": "opera"}, ["episodes", "kind", "season"]),
        ({"title": "Ballard", "premiere": "2025-07-09", "leads": ["7x"]}, ["remind"]),
        ({"title": "A\u0000B", "premiere": "2025-07-09"}, ["title"]),
    ],
)
def test_what_is_wrong_with_a_title_is_said_by_field(
    family: House, body: dict[str, object], fields: list[str | None]
) -> None:
    found = Program.of(family, "ben", Scope.WRITE).refused(400, "/titles", "POST", body)
    assert sorted((error.get("field") for error in found["errors"]), key=str) == fields
    assert titles_of(family, "asha") == {}


def test_who_is_not_the_owner_changes_what_is_theirs_alone(family: House) -> None:
    asha, ben = (Program.of(family, name, Scope.WRITE) for name in ("asha", "ben"))
    for program in (asha, ben):
        program.done("POST", "/titles", 201, {"title": "Ballard", "premiere": "2025-07-09"})
    own = asha.done("POST", "/titles", 201, {"title": "Silo", "premiere": "2025-08-01"})
    shared = titles_of(family, "ben")["Ballard"]
    refused = ben.refused(400, f"/titles/{shared}", "PATCH", {"premiere": "2025-07-10"})
    assert "others follow Ballard too" in refused["errors"][0]["detail"]
    for method, body in (("PATCH", {"note": "x"}), ("DELETE", None)):
        ben.refused(404, f"/titles/{own['title_id']}", method, body)
        ben.refused(404, f"/titles/{2**70}", method, body)
    assert asha.done("PATCH", f"/titles/{shared}", 200, {"premiere": "2025-07-10"})["when"] == "2025-07-10"
    ben.done("DELETE", f"/titles/{shared}")
    assert (titles_of(family, "ben"), set(titles_of(family, "asha"))) == ({}, {"Ballard", "Silo"})
    asha.done("DELETE", f"/titles/{shared}")
    assert set(titles_of(family, "asha")) == {"Silo"}


def test_what_the_config_lists_is_changed_there(family: House) -> None:
    family.edit(FAMILY + "watch: [{title: Ballard, premiere: 2025-07-09, for: [asha, ben]}]\n")
    number = titles_of(family, "asha")["Ballard"]
    asha, ben = (Program.of(family, name, Scope.WRITE) for name in ("asha", "ben"))
    said = [
        program.refused(400, f"/titles/{number}", method, body)["errors"][0]["detail"]
        for program, method, body in (
            (asha, "PATCH", {"premiere": "2025-07-10"}),
            (asha, "DELETE", None),
            (ben, "PATCH", {"premiere": "2025-07-10"}),
        )
    ]
    assert all("is listed in" in each for each in said)
    assert ["config.yaml:" in each for each in said] == [True, True, False]
    ben.done("DELETE", f"/titles/{number}")
    family.begin()
    assert (titles_of(family, "ben"), set(titles_of(family, "asha"))) == ({}, {"Ballard"})


HOSTILE: Final = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "\u202e evil",
    "'; DROP TABLE title; --",
    "x" * 300,
    "Ω≈ç√∫",
    "{title}",
)


def test_hostile_titles_come_back_as_they_are(family: House) -> None:
    ben = Program.of(family, "ben", Scope.WRITE)
    for name in HOSTILE:
        ben.done("POST", "/titles", 201, {"title": name, "premiere": "2025-07-09"})
    rows = [row["title"] for page in ben.pages("/upcoming?limit=2") for row in page]
    assert sorted(rows) == sorted(name.strip() for name in HOSTILE)
    assert ben.get("/summary")["watched"] == len(HOSTILE)


def test_every_call_is_answered_as_described_on_both_databases(household: Household) -> None:
    asha = Program.of(household, "asha", Scope.WRITE)
    made = asha.done("POST", "/titles", 201, {"title": "Silo", "season": 3, "premiere": "2025-08-01T20:00-04:00"})
    path = f"/titles/{made['title_id']}"
    asha.done("PATCH", path, 200, {"premiere": "2025-08-02", "episodes": 8, "drop": "weekly", "cancelled": False})
    for call in ("/upcoming", "/summary", "/titles", path, f"{path}/why", "/plan", "/history", "/channels"):
        asha.get(call)
    asha.done("POST", "/read", 200, {"text": "Silo returns on August 1.", "published": "2025-06-01"})
    channel = asha.get("/channels")[0]["channel"]
    asked = asha.done("POST", f"/channels/{channel}/test", 202)
    household.settle()
    assert asha.get(f"/tests/{asked['message']}")["is_over"]
    asha.done("DELETE", path)
    asha.refused(400, path, "DELETE")
    calls = {(method.upper(), rule) for rule, by in described()["paths"].items() for method in by}
    assert {(method, rule) for method, rule, status in asha.seen if status < 300} == calls
