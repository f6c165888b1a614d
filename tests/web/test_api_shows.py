"""What the API shows: the rows of `--json`, to whom they belong, in pages, and as described."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from reminder.store.sql.tables import access_token, metadata
from reminder.usecases.agenda import messages_to_come
from reminder.usecases.tokens import Scope, revoke_token, tokens_of
from tests.support.api import PREFIX, Program
from tests.support.pages import HERE, House
from tests.web.conftest import Household

AT: Final = "2025-07-02 12:00"
FAMILY: Final = """
web: {}
timezone: Asia/Kolkata
operator: asha
channels: {mail: "json://127.0.0.1:9/", shared: "json://127.0.0.1:9/{address}"}
subscribers:
  asha: {channels: [mail]}
  ben: {timezone: America/New_York, channels: [{shared: "b1"}]}
watch:
  - {title: Ballard, premiere: "2025-07-09", episodes: 10, platform: Prime Video, for: [asha, ben]}
  - {title: Late Night, premiere: "2025-07-02T19:00-04:00", for: [ben]}
  - {title: The Crown, premiere: July 2025, for: [asha]}
  - {title: "<script>alert(1)</script> \\u202e {{ x }}", premiere: "2025-07-03", for: [asha], kind: film}
"""
ODD: Final = "<script>alert(1)</script> \u202e {{ x }}"


@pytest.fixture
def family() -> House:
    house = House(FAMILY, AT, base="")
    house.once()
    return house


def test_the_owner_sees_all_and_another_what_is_theirs(family: House) -> None:
    asha, ben = Program.of(family, "asha"), Program.of(family, "ben")
    seen = {
        "asha": [row["title"] for row in asha.get("/upcoming")],
        "asha's own": [row["title"] for row in asha.get("/upcoming?mine=true")],
        "ben": [row["title"] for row in ben.get("/upcoming")],
        "who": [row["who"] for row in ben.get("/upcoming")],
        "listed": [(row["title"], row["subscribers"], row["listed"]) for row in ben.get("/titles")],
        "plan": sorted({row["subscriber"] for row in ben.get("/plan")}),
        "history": sorted({row["subscriber"] for row in ben.get("/history")}),
    }
    assert seen == {
        "asha": [ODD, "Late Night", "Ballard", "The Crown"],
        "asha's own": [ODD, "Ballard", "The Crown"],
        "ben": ["Late Night", "Ballard"],
        "who": [["ben"], ["ben"]],
        "listed": [("Ballard", ["ben"], "the config"), ("Late Night", ["ben"], "the config")],
        "plan": ["ben"],
        "history": ["ben"] if ben.get("/history") else [],
    }


def test_days_are_those_of_the_person(family: House) -> None:
    asha, ben = (
        next(row for row in Program.of(family, name).get("/upcoming") if row["title"] == "Late Night")
        for name in ("asha", "ben")
    )
    assert (asha["title"], asha["local_date"], asha["local_time"]) == ("Late Night", "2025-07-03", "04:30")
    assert (ben["title"], ben["local_date"], ben["local_time"]) == ("Late Night", "2025-07-02", "19:00")
    assert asha["url"] == f"http://localhost:8484/title/{asha['title_id']}"


def test_the_summary_is_flat_and_true(family: House) -> None:
    health = {"problems": 1, "ok": False}
    assert Program.of(family, "ben").get("/summary") == {
        "next": "Late Night premieres today at 7:00 PM",
        "next_title": "Late Night",
        "next_when": "2025-07-02T23:00:00Z",
        "next_days": 0,
        "today": 1,
        "this_week": 1,
        "this_month": 2,
        "watched": 2,
        **health,
    }
    found = Program.of(family, "asha").get("/summary")
    assert (found["next_title"], found["watched"], found["this_week"], found["this_month"]) == (ODD, 4, 2, 3)
    mine = Program.of(family, "asha").get("/summary?mine=true")
    assert (mine["next_days"], mine["watched"]) == (1, 3)


def test_the_summary_of_who_follows_nothing_has_no_next() -> None:
    house = House("web: {}", AT)
    found = Program.of(house).get("/summary")
    assert [found[name] for name in ("next", "next_title", "next_when", "next_days", "watched")] == [None] * 4 + [0]


def test_what_is_not_yours_is_not_there(family: House) -> None:
    ben = Program.of(family, "ben")
    theirs = {row["title"]: row["title_id"] for row in Program.of(family, "asha").get("/titles")}
    nothing = ben.refused(404, "/titles/999999")
    for number in (theirs["The Crown"], 999999, 2**63, 2**70, 0):
        for path in (f"/titles/{number}", f"/titles/{number}/why"):
            assert ben.refused(404, path) == nothing
    for path in (
        "/plan?subscriber=asha",
        "/history?subscriber=asha",
        f"/titles/{theirs['Ballard']}/why?subscriber=asha",
    ):
        assert ben.refused(404, path) == nothing
    assert ben.get("/history?subscriber=ben") == ben.get("/history")


def test_a_title_is_shown_whole_to_whom_it_belongs(family: House) -> None:
    asha, ben = Program.of(family, "asha"), Program.of(family, "ben")
    number = next(row["title_id"] for row in asha.get("/titles") if row["title"] == "Ballard")
    whole, part = asha.get(f"/titles/{number}"), ben.get(f"/titles/{number}")
    assert [person["subscriber"] for person in whole["subscribers"]] == ["asha", "ben"]
    assert [person["subscriber"] for person in part["subscribers"]] == ["ben"]
    assert (part["listed"], part["next"]["subscriber"]) == ("the config", "ben")
    assert whole["listed"] != "the config"
    assert {row["subscriber"] for row in asha.get(f"/titles/{number}/why")} == {"asha", "ben"}
    assert {row["subscriber"] for row in ben.get(f"/titles/{number}/why")} == {"ben"}


def test_channels_tell_each_what_is_theirs(family: House) -> None:
    assert [row["channel"] for row in Program.of(family, "asha").get("/channels")] == ["mail", "shared"]
    assert [row["channel"] for row in Program.of(family, "ben").get("/channels")] == ["shared"]


LISTS: Final = ("/upcoming?", "/titles?", "/plan?to=2025-12-31&", "/history?")


def test_pages_follow_each_other_and_leave_nothing_out() -> None:
    dates = [
        "2025-07-09",
        "2025-07-09",
        "2025-07-10T20:00-04:00",
        "July 2025",
        "Q3 2025",
        "2026",
        "TBA",
        "2025-07-02",
        "2025-07-11",
    ]
    lines = [f"  - {{title: Title {number}, premiere: '{when}'}}" for number, when in enumerate(dates)]
    house = House("web: {}\nremind: [7d, 1d, day]\nburst: 1000\nwatch:\n" + "\n".join(lines), AT)
    house.live("2025-07-08 12:00")
    program = Program.of(house)
    wrong = []
    for path in LISTS:
        whole = program.get(f"{path}limit=500")
        for limit in (1, 2, 3):
            pages = program.pages(f"{path}limit={limit}")
            if [row for page in pages for row in page] != whole or any(len(page) > limit for page in pages):
                wrong.append(f"{path}limit={limit}")
        if len(whole) < 4:
            wrong.append(f"{path} has too little to tell")
    assert wrong == []


def test_a_list_can_be_narrowed(family: House) -> None:
    asha = Program.of(family, "asha")
    assert [row["kind"] for row in asha.get("/upcoming?kind=film")] == ["film"]
    assert [row["title"] for row in asha.get("/upcoming?to=2025-07-09")][-1] == "Ballard"
    assert asha.get("/upcoming?to=2025-07-02") == []
    assert asha.get("/history?state=failed&channel=mail&title=1") == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/upcoming?limit=0&to=yesterday&kind=opera&colour=red", {"limit", "to", "kind", "colour"}),
        ("/upcoming?after=nonsense", {"after"}),
        ("/upcoming?after=WzFd", {"after"}),
        ("/upcoming?after=%00", {"after"}),
        ("/history?after=WyJub3ciLDFd", {"after"}),
        ("/history?state=lost&title=x", {"state", "title"}),
        ("/titles?limit=501", {"limit"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(family: House, path: str, fields: set[str]) -> None:
    found = Program.of(family, "asha").refused(400, path)
    assert {error["field"] for error in found["errors"]} == fields
    assert all(error["detail"] for error in found["errors"])


def test_an_answer_that_has_not_changed_is_not_sent_again(family: House) -> None:
    program = Program.of(family, "asha")
    number = program.get("/titles")[0]["title_id"]
    wrong = []
    for path in ("/upcoming", "/summary", "/titles", f"/titles/{number}", f"/titles/{number}/why", "/plan", "/history"):
        first = program.ask("GET", path)
        again = program.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        if (again.status_code, first.headers["Cache-Control"]) != (304, "private, no-cache"):
            wrong.append(path)
        if program.ask("GET", path, headers={"If-None-Match": '"other"'}).status_code != 200:
            wrong.append(f"{path} with another's")
    assert wrong == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer rt_", "Bearer rt_" + "x" * 43, "Basic bWU6", "Bearer \u00e9"])
def test_without_a_token_nothing_is_said(family: House, header: str) -> None:
    client = family.site_app.test_client()
    answer = client.get(
        f"{PREFIX}/summary", base_url=HERE, headers={"Authorization": header.encode("latin-1").decode("latin-1")}
    )
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="reminder"')
    assert answer.mimetype == "application/problem+json"


def test_a_cookie_lets_no_program_in(family: House) -> None:
    browser = family.browser("asha")
    assert browser.get(f"{PREFIX}/summary").status_code == 401


def test_a_token_that_was_taken_back_lets_nobody_in(family: House) -> None:
    program = Program.of(family, "ben")
    program.get("/summary")
    with family.store.write() as tx:
        (token,) = tokens_of(tx, "ben")
        revoke_token(tx, "ben", token.id, family.clock.now())
    program.refused(401, "/summary")


def test_a_feed_s_token_is_none_of_the_api(family: House) -> None:
    Program.of(family, "ben", Scope.FEED).refused(403, "/summary")


def test_no_get_writes_but_for_the_day_of_the_token(family: House) -> None:
    program = Program.of(family, "asha")
    number = program.get("/titles")[0]["title_id"]
    before = everything(family)
    for path in (*PATHS, f"/titles/{number}", f"/titles/{number}/why"):
        program.get(path)
    assert everything(family) == before
    with family.store.read() as tx:
        assert [row.used_on.isoformat() for row in tx.execute(access_token.select())] == ["2025-07-02"]


def everything(house: House) -> dict[str, list[Any]]:
    """Return all that the database holds."""
    with house.store.read() as tx:
        return {table.name: list(tx.execute(table.select()).all()) for table in metadata.sorted_tables}


PATHS: Final = ("/upcoming", "/summary", "/titles", "/plan", "/history", "/channels")


def test_what_there_is_not_is_a_problem_and_no_page(family: House) -> None:
    program = Program.of(family, "asha")
    for method, path, status in (("GET", "/nothing", 404), ("POST", "/summary", 405), ("DELETE", "/upcoming", 405)):
        answer = program.client.open(f"{PREFIX}{path}", method=method, base_url=HERE)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), path


def test_too_much_at_once_has_to_wait(family: House) -> None:
    program = Program.of(family, "asha")
    for _ in range(300):
        program.client.get(f"{PREFIX}/nothing", base_url=HERE)
    last = program.ask("GET", "/channels")
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) >= 1


def test_an_announcement_is_read(family: House) -> None:
    text = "Ballard returns for its second season on Prime Video on July 9, 2026, with all ten episodes."
    found: dict[str, Any] = Program.of(family, "ben").done("POST", "/read", 200, {"text": text})
    assert (found["title"], found["premiere"], found["second_reader"]) == ("Ballard", "2026-07-09", None)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, set()),
        ({"text": ""}, {"text"}),
        ({"text": "x" * 600_000}, {"text"}),
        ({"text": 1, "published": "soon", "more": 1}, {"text", "published", "more"}),
        ({"text": "x", "url": "https://example.org/"}, set()),
        ({"url": "file:///etc/passwd"}, {"url"}),
        ({"url": "http://127.0.0.1:9/"}, {"url"}),
        ({"url": "http://[::1]:9/"}, {"url"}),
        ([], set()),
    ],
)
def test_a_body_that_is_wrong_is_refused_whole(family: House, body: Any, fields: set[str]) -> None:
    found = Program.of(family, "ben").refused(400, "/read", "POST", body)
    assert {error["field"] for error in found["errors"] if "field" in error} == fields


def test_half_a_letter_and_no_json_are_refused(family: House) -> None:
    program = Program.of(family, "ben")
    sent = {"Authorization": f"Bearer {program.token}", "Content-Type": "application/json"}
    wrong = []
    for data in (b'{"text": "\\ud800"}', b"{", b"\xff", b"[" * 100_000, b"nan"):
        answer = program.client.post(f"{PREFIX}/read", base_url=HERE, headers=sent, data=data)
        if (answer.status_code, answer.mimetype) != (400, "application/problem+json"):
            wrong.append((data[:20], answer.status))
    assert wrong == []
    text = program.client.post(
        f"{PREFIX}/read", base_url=HERE, headers={**sent, "Content-Type": "text/plain"}, data=b"x"
    )
    assert text.status_code == 415


def test_both_databases_answer_as_described_and_alike_for_each(household: Household) -> None:
    wrong = []
    for person in ("asha", "zoe", "ravi"):
        program = Program.of(household, person)
        titles = [row for page in program.pages("/titles?limit=3") for row in page]
        followed = {row["title_id"] for row in titles}
        coming = [row for page in program.pages("/upcoming?limit=3") for row in page]
        summary = program.get("/summary")
        if not {row["title_id"] for row in coming} <= followed or summary["watched"] != len(followed):
            wrong.append(f"{person}: {summary['watched']} watched, {len(followed)} listed")
        days = [row["days"] for row in coming if row["days"] is not None]
        if summary["today"] != days.count(0):
            wrong.append(f"{person}: {summary['today']} today, {days.count(0)} listed")
        if coming != program.get("/upcoming?limit=500") or titles != program.get("/titles?limit=500"):
            wrong.append(f"{person}: pages are not the whole")
        for path in (*PATHS, *(f"/titles/{number}{more}" for number in sorted(followed)[:3] for more in ("", "/why"))):
            program.get(path)
    assert wrong == []


def test_the_plan_by_pointers_is_the_whole_plan(household: Household) -> None:
    now, grace = household.clock.now(), household.app.config.grace
    wrong = []
    with household.store.read() as tx:
        for days in (1, 7, 31, 400):
            asked: dict[str, Any] = {"start": now, "end": now + timedelta(days=days), "grace": grace}
            whole, found = messages_to_come(tx, **asked), messages_to_come(tx, **asked, by_pointers=True)
            if found != whole or (days == 400 and not whole):
                wrong.append(f"{days} days: {len(found)} of {len(whole)}")
    assert wrong == []
