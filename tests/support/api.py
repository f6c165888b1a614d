"""A program at a house's API: it brings a token, and has every answer measured against the description.

asha = Program.of(house, "asha")
rows = asha.get("/upcoming?limit=5")
asha.refused(404, "/titles/2")
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from reminder.usecases.tokens import Scope, make_token
from reminder.web.api.document import document
from reminder.web.api.routes import all_calls
from tests.support.pages import HERE, House

Json = Any

PREFIX: Final = "/api/v1"


@cache
def described() -> dict[str, Json]:
    """Return the description, in which no row may have more fields than are described."""
    whole: dict[str, Json] = document(all_calls())
    for schema in whole["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return whole


@dataclass
class Program:
    """A program that asks the API with a token of somebody; `seen` are the calls that it has made."""

    client: FlaskClient
    token: str
    seen: set[tuple[str, str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, house: House, person: str = "me", scope: Scope = Scope.READ) -> Program:
        """Return a program with a new token of this person."""
        with house.store.write() as tx:
            made = make_token(tx, person, name="a test", scope=scope, now=house.clock.now())
        return cls(client=house.site_app.test_client(), token=made.text)

    def ask(self, method: str, path: str, body: Json = None, headers: dict[str, str] | None = None) -> TestResponse:
        """Make a call, and return its answer once it is seen to be as described."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        answer = self.client.open(PREFIX + path, method=method, base_url=HERE, headers=sent, json=body)
        self.seen.add((method, rule_of(path), answer.status_code))
        must_be_as_described(method, path, answer)
        return answer

    def get(self, path: str) -> Json:
        """Return what a GET answers, which has to be found."""
        return self.done("GET", path, 200)

    def done(self, method: str, path: str, status: int = 200, body: Json = None) -> Json:
        """Return what a call answers, which has to succeed."""
        answer = self.ask(method, path, body)
        assert answer.status_code == status, f"{method} {path}: {answer.status}\n{answer.text[:400]}"
        return answer.json

    def refused(self, status: int, path: str, method: str = "GET", body: Json = None) -> Json:
        """Return the problem of a call that has to be refused."""
        answer = self.ask(method, path, body)
        assert answer.status_code == status, f"{method} {path}: {answer.status}\n{answer.text[:400]}"
        return answer.json

    def pages(self, path: str) -> list[list[Json]]:
        """Return all pages of a list, by the links from one to the next."""
        found: list[list[Json]] = []
        following: str | None = path
        while following is not None:
            answer = self.ask("GET", following)
            assert answer.status_code == 200, f"{following}: {answer.status}\n{answer.text[:400]}"
            found.append(answer.json or [])
            link = re.fullmatch(r'<http://localhost:8484/api/v1(.+)>; rel="next"', answer.headers.get("Link", ""))
            following = link[1] if link else None
            assert len(found) < 100, "the pages go round in a circle"
        return found


def rule_of(path: str) -> str:
    """Return the path of the description that an address is of."""
    bare = path.partition("?")[0]
    for rule in described()["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", rule), bare):
            return str(rule)
    return bare


def must_be_as_described(method: str, path: str, answer: TestResponse) -> None:
    """Check status, type and body of an answer against the description."""
    if answer.status_code == 304:
        assert answer.data == b""
        return
    whole = described()
    operation = whole["paths"].get(rule_of(path), {}).get(method.lower(), {})
    known = operation.get("responses", {}).get(str(answer.status_code))
    if known is None:
        assert operation == {} or answer.status_code in {413, 500}, f"{method} {path}: {answer.status} is not described"
        known = whole["components"]["responses"][str(answer.status_code)]
    elif "$ref" in known:
        known = whole["components"]["responses"][known["$ref"].rpartition("/")[2]]
    ((kind, content),) = known["content"].items()
    assert answer.mimetype == kind, f"{method} {path}: {answer.mimetype}"
    schema = {**content["schema"], "components": whole["components"]}
    errors = [
        f"{error.json_path}: {error.message[:200]}" for error in _judge(json.dumps(schema)).iter_errors(answer.json)
    ]
    assert errors == [], f"{method} {path}"


@cache
def _judge(schema: str) -> Any:
    return OAS31Validator(json.loads(schema), format_checker=OAS31Validator.FORMAT_CHECKER)
