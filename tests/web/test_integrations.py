"""The recipes for other programs: each request that they make is made, and each field that they show is in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml
from jinja2.sandbox import SandboxedEnvironment

from reminder.usecases.tokens import Scope, make_token
from tests.support import docs
from tests.support.docs import ROOT
from tests.support.pages import House

OPERATIONS: Final = ROOT / "docs" / "operations.md"
GUIDE: Final = ROOT / "docs" / "integrations.md"
HERE: Final = "https://reminder.example.org"
CONFIG: Final = f"""
web: {{address: "{HERE}"}}
metrics: 127.0.0.1:9464
watch:
  - {{title: Ballard, premiere: 2025-07-09, platform: Prime Video}}
  - {{title: "{{{{ 7 * 7 }}}}", premiere: 2025-07-12, kind: film}}
"""


@pytest.fixture
def house() -> House:
    return House(CONFIG, "2025-07-02 12:00")


def recipes() -> list[Any]:
    """Return every piece of configuration in the guide."""
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)]


def parts(piece: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping of a piece of configuration, at whatever depth."""
    if isinstance(piece, dict):
        yield piece
    for inner in piece.values() if isinstance(piece, dict) else piece if isinstance(piece, list) else ():
        yield from parts(inner)


def having(*keys: str) -> list[dict[str, Any]]:
    """Return the mappings of all recipes that have these keys."""
    return [part for piece in recipes() for part in parts(piece) if set(keys) <= set(part)]


def asked(house: House, address: str, headers: dict[str, str] | None = None) -> Any:
    """Return what an address of a recipe answers to a program with its headers, the token and secret being real."""
    with house.store.write() as tx:
        token, feed = (
            make_token(tx, "me", name=str(scope), scope=scope, now=house.clock.now()).text
            for scope in (Scope.READ, Scope.FEED)
        )
    sent = {name: text.replace("rt_TOKEN", token) for name, text in (headers or {}).items()}
    answer = house.site_app.test_client().get(
        address.removeprefix(HERE).replace("SECRET", feed), base_url=HERE, headers=sent
    )
    assert answer.status_code == 200, f"{address}: {answer.status}"
    return answer.text if address.endswith(".ics") else answer.json


def test_every_address_in_the_guide_is_answered(house: House) -> None:
    text = GUIDE.read_text()
    addresses = set(re.findall(rf"{HERE}/(?:api|feed)[^\s\"`)]*", text))
    assert len(addresses) >= 5
    for address in sorted(addresses):
        asked(house, address, {"Authorization": "Bearer rt_TOKEN"} if "/api/" in address else None)


def test_homepage_finds_its_fields(house: House) -> None:
    (widget,) = having("mappings")
    found = asked(house, widget["url"], widget["headers"])
    fields = [each["field"] for each in widget["mappings"]]
    assert [name for name in fields if found[name] is None] == []
    (calendar,) = having("integrations")
    assert "SUMMARY:Ballard" in asked(house, calendar["integrations"][0]["url"])


def test_home_assistant_s_templates_hold(house: House) -> None:
    (rest,) = having("resource")
    found = asked(house, rest["resource"], rest["headers"])
    shown = SandboxedEnvironment()
    said = [
        shown.from_string(each["value_template"]).render(value_json=found)
        for each in (*rest["sensor"], *rest["binary_sensor"])
    ]
    assert said == ["Ballard premieres in 7 days", "0", "False"]
    assert set(rest["sensor"][0]["json_attributes"]) <= set(found)
    nothing = shown.from_string(rest["sensor"][0]["value_template"]).render(value_json={**found, "next": None})
    assert nothing == "nothing"


def test_glance_finds_its_fields(house: House) -> None:
    (widget,) = having("template")
    more = "&".join(f"{name}={value}" for name, value in widget["parameters"].items())
    rows = asked(house, f"{widget['url']}?{more}", widget["headers"])
    fields = re.findall(r'\.String "(\w+)"', widget["template"])
    assert len(fields) == 4
    assert [name for name in fields for row in rows if not isinstance(row[name], str)] == []


def test_grafana_finds_its_columns(house: House) -> None:
    (source,), (query,) = having("secureJsonData"), having("columns")
    rows = asked(house, query["url"], {"Authorization": f"Bearer {source['secureJsonData']['bearerToken']}"})
    assert source["url"] == HERE
    assert [each["selector"] for each in query["columns"] if each["selector"] not in rows[0]] == []
    numbers = [each["selector"] for each in query["columns"] if each["type"] == "number"]
    assert [name for name in numbers if not isinstance(rows[0][name], int)] == []


def test_prometheus_finds_its_metrics() -> None:
    known = {name for row in docs.table(OPERATIONS, "metric", "says") for name in docs.names(row["metric"])}
    names = {name for rule in having("expr") for name in re.findall(r"reminder_\w+", rule["expr"])}
    assert names
    assert names <= known
