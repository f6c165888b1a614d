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


def test_what_a_program_chooses_about_a_title_is_for_its_person_alone(family: House) -> None:
    family.edit(FAMILY + "watch: [{title: Ballard, premiere: 2025-07-01, for: [asha, ben]}]\n")
    number = titles_of(family, "asha")["Ballard"]
    asha, ben = (Program.of(family, name, Scope.WRITE) for name in ("asha", "ben"))
    before = asha.get(f"/titles/{number}/mine")
    assert (before["following"], before["chosen"], before["listed_by"]) == (True, False, "config")
    chosen = ben.done(
        "PATCH",
        f"/titles/{number}/mine",
        200,
        {"leads": {"premiere": ["2d"]}, "muted": True, "seen": {"first": 1}},
    )
    assert (chosen["leads"], chosen["muted"], [each["first"] for each in chosen["seen"]]) == (
        {"premiere": ["2d"]},
        True,
        [1],
    )
    again = {"leads": None, "quiet_until": None, "seen": {"first": 1, "seen": False}}
    usual = ben.done("PATCH", f"/titles/{number}/mine", 200, again)
    assert (usual["leads"], usual["muted"], usual["seen"]) == (before["leads"], False, [])
    quiet = ben.done("PATCH", f"/titles/{number}/mine", 200, {"quiet_until": "2025-07-20"})
    assert quiet["paused_until"] is not None
    stopped = ben.done("PATCH", f"/titles/{number}/mine", 200, {"following": False})
    assert (stopped["following"], stopped["stopped_at"], stopped["listed_by"]) == (
        False,
        "2025-07-02T06:30:00Z",
        "config",
    )
    follows = ben.done("PATCH", f"/titles/{number}/mine", 200, {"following": True})
    assert (follows["following"], follows["chosen"], follows["stopped_at"]) == (True, True, None)
    assert asha.get(f"/titles/{number}/mine") == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"leads": {"premiere": ["soon"]}}, "leads"),
        ({"leads": {"opening": ["1d"]}}, "leads"),
        ({"quiet_until": "2025-07-01"}, "quiet_until"),
        ({"seen": {"season": 9, "first": 9}}, "seen"),
        ({"seen": {"first": 0}}, "seen"),
    ],
)
def test_what_cannot_be_chosen_is_said_by_field(family: House, body: dict[str, object], field: str | None) -> None:
    ben = Program.of(family, "ben", Scope.WRITE)
    added = ben.done("POST", "/titles", 201, {"title": "Ballard", "premiere": "July 9, 2025"})
    found = ben.refused(400, f"/titles/{added['title_id']}/mine", "PATCH", body)
    assert {(error.get("field") or "").partition(".")[0] or None for error in found["errors"]} == {field}
    for number in (999, 2**70):
        ben.refused(404, f"/titles/{number}/mine")
        ben.refused(404, f"/titles/{number}/mine", "PATCH", {"muted": True})


def test_a_date_is_proposed_and_decided_by_programs(family: House) -> None:
    asha, ben = (Program.of(family, name, Scope.WRITE) for name in ("asha", "ben"))
    for program in (asha, ben):
        program.done("POST", "/titles", 201, {"title": "Ballard", "premiere": "2025-07-09"})
    number = titles_of(family, "ben")["Ballard"]
    made = ben.done("POST", f"/titles/{number}/proposals", 201, {"date": "July 20, 2025"})
    assert (made["subscriber"], made["when"], made["taken"]) == ("ben", "2025-07-20", None)
    assert asha.get("/proposals") == ben.get("/proposals") == [made]
    ben.refused(404, f"/proposals/{made['id']}", "PATCH", {"taken": True})
    taken = asha.done("PATCH", f"/proposals/{made['id']}", 200, {"taken": True})
    assert taken["taken"] is True
    assert (asha.get("/proposals"), ben.get("/proposals")) == ([], [taken])
    assert ben.get(f"/titles/{number}")["when"] == "2025-07-20"
    assert asha.refused(400, f"/proposals/{made['id']}", "PATCH", {"taken": False})["errors"][0]["field"] == "taken"
    refused = ben.refused(400, f"/titles/{number}/proposals", "POST", {"date": "09/07/2025"})
    assert refused["errors"][0]["field"] == "date"
    for path in ("/proposals/999", f"/proposals/{2**70}"):
        asha.refused(404, path, "PATCH", {"taken": True})
    ben.refused(404, "/titles/999/proposals", "POST", {"date": "2025-08-01"})


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
    asha.get(f"{path}/mine")
    asha.done("PATCH", f"{path}/mine", 200, {"muted": True})
    asha.get("/proposals")
    ravi = Program.of(household, "ravi", Scope.WRITE)
    ravi.done("POST", "/titles", 201, {"title": "Silo", "season": 3})
    proposed = ravi.done("POST", f"{path}/proposals", 201, {"date": "2025-08-03"})
    asha.done("PATCH", f"/proposals/{proposed['id']}", 200, {"taken": False})
    channel = asha.get("/channels")[0]["channel"]
    asked = asha.done("POST", f"/channels/{channel}/test", 202)
    household.settle()
    assert asha.get(f"/tests/{asked['message']}")["is_over"]
    asha.done("DELETE", path)
    asha.refused(400, path, "DELETE")
    calls = {(method.upper(), rule) for rule, by in described()["paths"].items() for method in by}
    assert {(method, rule) for method, rule, status in asha.seen | ravi.seen if status < 300} == calls
