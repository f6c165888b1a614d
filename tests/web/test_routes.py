"""Who may go where: every route, for a stranger, a member, a member whose it is not, and the owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from reminder.delivery.deed_marks import mark_of
from reminder.delivery.message_links import LinkSigner
from reminder.store.history import Filter, history
from reminder.store.identity import signing_key
from reminder.store.sql.tables import delivery, title
from reminder.usecases import asks
from reminder.usecases.signing_in import make_link, sessions_of
from reminder.usecases.tokens import Scope, make_token
from reminder.web.routing import routes_of
from tests.support.page_home import HOSTILE
from tests.support.page_newcomers import begun
from tests.support.page_rows import ROWS, PageRow
from tests.support.pages import HERE, SAME_SITE, Browser, House
from tests.web.conftest import Household

PEOPLE: Final = (None, "zoe", "ravi", "asha")
"""A stranger, two members, the owner."""

OF: Final = {"anyone": PEOPLE, "member": ("zoe", "ravi", "asha"), "owner": ("asha",)}
FOR_PEOPLE: Final = tuple(row for row in ROWS if row.access in OF)


def numbers_of(house: House) -> dict[str, str]:
    """Return what names in the rows stand for."""
    with house.store.write() as tx:
        link = make_link(tx, "asha", house.clock.now())
        titles = {row.name: str(row.id) for row in tx.execute(select(title.c.id, title.c.name))}
        theirs = history(tx, Filter(subscriber="ravi"))[0].id
        sent = tx.execute(select(delivery).where(delivery.c.id == theirs)).one()
        signer, mark = LinkSigner(signing_key(tx), house.clock.now()), mark_of(sent.channel, None)
        token = make_token(tx, "ravi", name="home", scope=Scope.READ, now=house.clock.now()).number
        test = asks.ask_test(tx, person="ravi", channel="hook", now=house.clock.now())
        newcomers = begun(tx, house.clock.now())
        feed = make_token(tx, "ravi", name="phone", scope=Scope.FEED, now=house.clock.now()).text
    style = house.browser().text("/sign-in").partition('rel="stylesheet" href="')[2].partition('"')[0]
    house.browser("ravi").get(f"/feed/{feed}.ics")  # the first use of a day is noted
    with house.store.read() as tx:
        session = sessions_of(tx, "ravi", house.clock.now())[0].hash
    return {
        "link": link,
        **newcomers,
        "message": signer.message(sent.subscriber_id, sent.message_id, theirs),
        "mail": signer.mail(sent.subscriber_id, theirs, mark),
        "style": style,
        "test": str(test),
        "token": str(token),
        "feed": feed,
        "session": session,
        "ballard": titles["Ballard"],
        "private": titles["Private"],
        "ravis_delivery": str(theirs),
        "month": titles["Month"],
        "unbroken": titles[HOSTILE["unbroken"]],
    }


def asked(browser: Browser, row: PageRow, path: str) -> TestResponse:
    """Ask for one address as its row says."""
    if row.method == "POST":
        return browser.post(path, row.form)
    return browser.client.open(path, method=row.method, base_url=HERE)


def application(house: Household) -> Flask:
    return house.site_app


def test_every_route_has_a_row_and_every_row_a_route(household: Household) -> None:
    routes = {(route.method, route.rule, str(route.access)) for route in routes_of(application(household)).values()}
    rules = {rule.endpoint for rule in application(household).url_map.iter_rules()}
    assert rules == set(routes_of(application(household))), "a route past the guard"
    assert {(row.method, row.rule, row.access) for row in ROWS} == routes


def test_every_page_for_people_is_looked_at_in_a_browser(household: Household) -> None:
    numbers, browser = numbers_of(household), household.browser("asha")
    others = [row for row in ROWS if row.method == "GET" and row.access in OF and not row.is_page]
    assert [
        path
        for row in others
        for path in row.filled(numbers)
        if (answer := asked(browser, row, path)).status_code == 200 and answer.mimetype == "text/html"
    ] == []


def test_each_route_lets_in_whom_it_is_for_and_nobody_else(household: Household) -> None:
    numbers = numbers_of(household)
    browsers = {person: household.browser(person) for person in PEOPLE if person}
    found: list[str] = []
    for row in FOR_PEOPLE:
        for person in PEOPLE:
            browser = browsers[person] if person and row.rule != "/sign-out" else household.browser(person)
            found += wrong(row, person, browser, numbers)
    assert found == []


def wrong(row: PageRow, person: str | None, browser: Browser, numbers: Mapping[str, str]) -> Iterator[str]:
    is_theirs = not row.whose or person in row.whose
    for path in row.filled(numbers):
        answer = asked(browser, row, path)
        said = f"{row.method} {path} by {person}: {answer.status_code}"
        if answer.status_code >= 500 and row.rule != "/healthz":  # no daemon runs here
            yield said
        elif person is None and row.access != "anyone":
            wanted = (303, "/sign-in") if row.method == "GET" else (403, "")
            if answer.status_code != wanted[0] or not answer.headers.get("Location", "").startswith(wanted[1]):
                yield f"{said}: a stranger is let in"
        elif person not in OF[row.access] or not is_theirs:
            if answer.status_code != 404 and (row.method, answer.status_code) != ("POST", 400):
                yield f"{said}: it is not theirs"
        elif answer.status_code == 403 or (answer.status_code == 404 and "no-such" not in f"{path} {row.form}"):
            yield f"{said}: they are kept out"


def test_a_change_without_the_token_of_a_form_or_from_another_site_is_refused(household: Household) -> None:
    numbers = numbers_of(household)
    browser = household.browser("asha")
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    routes = [
        route for route in routes_of(application(household)).values() if route.method not in {"GET", "HEAD", "PROPFIND"}
    ]
    forms = {route.rule for route in routes if not route.access.is_for_programs and not route.without_form}
    changes = [
        (row, path) for row in ROWS if row.rule in forms and row.method == "POST" for path in row.filled(numbers)
    ]
    assert {row.rule for row, _ in changes} == forms
    tries: list[tuple[Mapping[str, str], Mapping[str, str]]] = [
        ({}, SAME_SITE),
        ({"form_token": household.browser("asha").form_token}, SAME_SITE),
        ({"form_token": browser.form_token}, elsewhere),
        ({"form_token": browser.form_token}, {}),
    ]
    passed = [
        f"{path} with {list(token)} {dict(headers)}"
        for row, path in changes
        for token, headers in tries
        if browser.client.post(path, data={**row.form, **token}, base_url=HERE, headers=dict(headers)).status_code
        != 403
    ]
    assert passed == []


def test_a_program_gets_in_by_its_token_alone_and_no_further_than_its_scope(household: Household) -> None:
    numbers = numbers_of(household)
    with household.store.write() as tx:
        tokens = {
            scope: make_token(tx, "ravi", name=scope, scope=scope, now=household.clock.now()).text for scope in Scope
        }
    browser = household.browser("ravi")
    calls = [(row, path) for row in ROWS if row.access in {"read", "write"} for path in row.filled(numbers)]
    found = []
    for row, path in calls:
        for scope in (None, *Scope):
            sent = {"Authorization": f"Bearer {tokens[scope]}"} if scope else {}
            answer = browser.client.open(path, method=row.method, base_url=HERE, headers=sent, json=dict(row.form))
            is_for = scope == Scope.WRITE or (scope == Scope.READ and row.access == "read")
            if (answer.status_code in {401, 403}) == is_for or answer.status_code >= 500:
                found.append(f"{row.method} {path} with {scope or 'a cookie'}: {answer.status_code}")
    assert found == []
    assert calls
