"""Routes, each with who may go there; a route without that cannot be made."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Blueprint, Flask, g
from flask.typing import ResponseReturnValue

from reminder.web.visit import Visit

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

ROUTES: Final = "reminder.routes"
"""Where an application keeps its routes."""


class Access(enum.StrEnum):
    """The visitors a route is for: anyone, who is signed in, only the owner; programs that may read, or also write.

    A program comes with a token of its own and never with a cookie.
    """

    ANYONE = "anyone"
    MEMBER = "member"
    OWNER = "owner"
    READ = "read"
    WRITE = "write"

    @property
    def is_for_programs(self) -> bool:
        """Tell whether a token lets in, and not a cookie."""
        return self in {Access.READ, Access.WRITE}


@dataclass(frozen=True, kw_only=True)
class PageRoute:
    """A method and a path, who may go there, and what answers.

    One `without_form` takes a POST from elsewhere without a token of a form: its address is the secret. `page` is where
    whoever asks for the address of a form as if it were a page is led, where the nearest page above it is not the one.
    """

    method: str
    rule: str
    access: Access
    endpoint: str
    without_form: bool = False
    page: str = ""


class Pages:
    """Some routes that belong together. Each view is called with the visit, then with what its path says."""

    def __init__(self, name: str, prefix: str = "") -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix=prefix or None)
        self.routes: list[PageRoute] = []
        self._prefix = prefix

    def get(self, rule: str, access: Access) -> Callable[[View], View]:
        """Have the decorated view answer GET and HEAD, which only show."""
        return self.route("GET", rule, access)

    def post(self, rule: str, access: Access, *, page: str = "") -> Callable[[View], View]:
        """Have the decorated view answer POST, after the origin and the token of the form were checked."""
        return self.route("POST", rule, access, page=page)

    def route(
        self, method: str, rule: str, access: Access, *, without_form: bool = False, page: str = ""
    ) -> Callable[[View], View]:
        """Have the decorated view answer a method."""

        def register(view: View) -> View:
            def answer(**values: Any) -> ResponseReturnValue:
                return view(current_visit(), **values)

            name = f"{view.__name__}_{method.lower()}"
            self.blueprint.add_url_rule(rule, name, answer, methods=[method], provide_automatic_options=False)
            endpoint = f"{self.blueprint.name}.{name}"
            self.routes.append(
                PageRoute(
                    method=method,
                    rule=self._prefix + rule,
                    access=access,
                    endpoint=endpoint,
                    without_form=without_form,
                    page=page,
                )
            )
            return view

        return register


def add_pages(app: Flask, *pages: Pages) -> None:
    """Give an application these routes."""
    known: dict[str, PageRoute] = app.extensions.setdefault(ROUTES, {})
    for each in pages:
        app.register_blueprint(each.blueprint)
        known.update({route.endpoint: route for route in each.routes})


def routes_of(app: Flask) -> dict[str, PageRoute]:
    """Return the routes of an application by endpoint."""
    found: dict[str, PageRoute] = app.extensions[ROUTES]
    return found


def current_visit() -> Visit:
    """Return the request that is answered now; the guard has made it."""
    visit: Visit = g.visit
    return visit
