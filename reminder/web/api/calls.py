"""Calls of the API: what each takes and answers. They are checked by it, and the description is made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from reminder.web.api.paging import RowPage, link_to_next
from reminder.web.api.problems import fields_of
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

PREFIX: Final = "/api/v1"

View = TypeVar("View", bound=Callable[..., object])


class ApiInput(BaseModel):
    """The parameters or the body of a call; one that is not known is refused, as it may be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One call: its method and path, who may make it, what it takes, and the type of what it answers."""

    method: str
    rule: str
    name: str
    says: str
    access: Access
    answer: Any
    query: type[ApiInput] | None = None
    body: type[ApiInput] | None = None
    status: int = 200
    is_paged: bool = False


class Calls:
    """Some calls that belong together. Each view is given the visit, then its parameters or body, then the path's."""

    def __init__(self, name: str) -> None:
        self.pages = Pages(f"api_{name}", prefix=PREFIX)
        self.calls: list[ApiCall] = []

    def get(
        self, rule: str, answer: Any, says: str, *, query: type[ApiInput] | None = None, is_paged: bool = False
    ) -> Callable[[View], View]:
        """Have the decorated view answer a GET, which changes nothing."""
        return self._call("GET", rule, Access.READ, answer=answer, says=says, query=query, is_paged=is_paged)

    def change(
        self,
        method: str,
        rule: str,
        answer: Any,
        says: str,
        *,
        body: type[ApiInput] | None = None,
        access: Access = Access.WRITE,
        status: int = 200,
    ) -> Callable[[View], View]:
        """Have the decorated view answer a call that changes something, or that reads what is sent to it."""
        return self._call(method, rule, access, answer=answer, says=says, body=body, status=status)

    def _call(self, method: str, rule: str, access: Access, **about: Any) -> Callable[[View], View]:
        def register(view: View) -> View:
            call = ApiCall(method=method, rule=rule, name=view.__name__, access=access, **about)

            def answer(visit: Visit, **path: Any) -> ResponseReturnValue:
                return _answer(visit, call, view(visit, *_inputs(call), **path))

            answer.__name__ = view.__name__
            self.pages.route(method, rule, access)(answer)
            self.calls.append(call)
            return view

        return register


def _inputs(call: ApiCall) -> list[ApiInput]:
    """Return what a request brought, as a call takes it. Raises WrongFields with everything that is wrong."""
    try:
        if call.query is not None:
            return [call.query.model_validate(request.args.to_dict())]
        if call.body is not None:
            if request.mimetype != "application/json":
                raise UnsupportedMediaType
            return [call.body.model_validate_json(request.get_data())]
    except ValidationError as error:
        raise fields_of(error) from None
    return []


def _answer(visit: Visit, call: ApiCall, found: object) -> Response:
    page = found if isinstance(found, RowPage) else RowPage(rows=[], next=None)
    content = page.rows if isinstance(found, RowPage) else found
    # Escaped, so that whatever stands in a title is text: half a character too.
    body = json.dumps(content, separators=(",", ":")).encode()
    answer = Response(body, call.status, content_type="application/json")
    if page.next is not None:
        query = request.args.to_dict()
        answer.headers["Link"] = link_to_next(visit.site.link(request.path), query, page.next)
    if call.method == "GET":
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Vary"] = "Authorization"
        answer.set_etag(hashlib.sha256(body + answer.headers.get("Link", "").encode()).hexdigest()[:32])
        answer.make_conditional(request)
    return answer
