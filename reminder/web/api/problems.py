"""Refusals of the API: `application/problem+json` (RFC 9457), with everything that is wrong at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final, NotRequired

from flask import Response, request
from pydantic import ValidationError
from typing_extensions import TypedDict
from werkzeug.exceptions import BadRequest, HTTPException

from reminder.core.errors import WrongInput
from reminder.usecases.rows.fields import FieldText

API: Final = "/api/"
PROBLEM: Final = "application/problem+json"

DETAILS: Final[Mapping[int, str]] = {
    400: "This request cannot be read.",
    401: "Bring a token that holds: Authorization: Bearer rt_…; `reminder web token` makes one.",
    403: "This token does not allow that: `reminder web token --write` makes one that may change something.",
    404: "There is no such thing, or it is not yours to see.",
    405: "This call does not take that method.",
    413: "That is too long: an announcement of half a megabyte is the most.",
    415: "Send JSON: Content-Type: application/json.",
    421: "The API is reached under another name: see web.address in the config.",
    429: "That was too often: wait as many seconds as Retry-After says.",
    500: "Something went wrong here. What happened is in the log.",
    503: "The database cannot be used just now. Nothing is lost; try again in a moment.",
}


class ErrorRow(TypedDict):
    """One thing that is wrong with a request."""

    field: NotRequired[Annotated[str, FieldText("The parameter, or the place in the body, that it is about.")]]
    detail: Annotated[str, FieldText("What is wrong, and what to write instead.")]


class ProblemRow(TypedDict):
    """Why a call was refused."""

    type: Annotated[str, FieldText("Always about:blank: the status says what sort of problem it is.")]
    title: Annotated[str, FieldText("What the status means.")]
    status: Annotated[int, FieldText("The status of the answer.")]
    detail: Annotated[str, FieldText("What to do about it, in words.")]
    errors: NotRequired[Annotated[list[ErrorRow], FieldText("All that is wrong, where it is the request itself.")]]


class WrongFields(BadRequest):
    """A request whose parameters or body are not what a call takes, with everything that is wrong."""

    def __init__(self, errors: Sequence[ErrorRow]) -> None:
        super().__init__()
        self.errors = tuple(errors)


def fields_of(error: ValidationError) -> WrongFields:
    """Return what pydantic found wrong as a refusal."""
    return WrongFields([_error(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()])


def _error(place: str, detail: str) -> ErrorRow:
    return {"field": place, "detail": detail} if place else {"detail": detail}


def problem(status: int, errors: Sequence[ErrorRow] = (), headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Refused"
    row: ProblemRow = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": DETAILS.get(status, phrase),
        **_all_errors(errors),
    }
    answer = Response(json.dumps(row), status, headers=dict(headers or {}), content_type=PROBLEM)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="reminder"'
    return answer


def is_for_api() -> bool:
    """Tell whether the present request is to the API, whose refusals are no pages."""
    return request.path.startswith(API)


def refusal(error: HTTPException) -> Response:
    """Return why a call was refused, with what the status demands of the headers."""
    given = error.get_response().headers
    headers = {name: given[name] for name in ("Allow", "Retry-After") if name in given}
    return problem(error.code or 500, error.errors if isinstance(error, WrongFields) else (), headers)


def wrong_input(error: WrongInput) -> Response:
    """Return what a use case found wrong with what was asked."""
    return problem(400, [{"detail": text} for text in error.problems])


class _Errors(TypedDict, total=False):
    errors: list[ErrorRow]


def _all_errors(errors: Sequence[ErrorRow]) -> _Errors:
    return {"errors": list(errors)} if errors else {}
