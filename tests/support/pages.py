"""A household whose page is looked at: its world, its application, and browsers in which somebody is signed in.

    house = House("watch: [{title: Ballard, premiere: 2025-07-09}]", at="2025-06-20 12:00")
    page = house.browser("me").get("/")
    house.browser("me").post("/title/1/mute")      # brings the token of the form, as a browser would

Everything is the real thing but for the transport and the wire: the requests go to Flask without a socket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reminder.daemon.build_web import build_site
from reminder.usecases.signing_in import make_link
from reminder.web.app import build_app
from tests.support.compiled import TEMPLATES, routes_kept
from tests.support.world import World

_TOKEN: Final = re.compile(r'name="form_token" value="([^"]+)"')
HERE: Final = "http://localhost"
SAME_SITE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """A browser at a house's page; `person` is who is signed in, None for nobody; `form_page` has a form."""

    client: FlaskClient
    form_page: str
    person: str | None = None
    _token: str | None = field(default=None, repr=False)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        """Return what a page answers."""
        return self.client.get(path, base_url=HERE, headers=dict(headers or {}))

    def text(self, path: str) -> str:
        """Return a page that has to be there, as HTML."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}\n{answer.text[:400]}"
        return answer.text

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Press a button: post a form with its token, from a page of ours."""
        values = {"form_token": self.form_token, **(data or {})}
        return self.client.post(path, data=values, base_url=HERE, headers={**SAME_SITE, **(headers or {})})

    def follow(self, answer: TestResponse) -> str:
        """Return the page that an answer to a form leads to, as HTML."""
        assert answer.status_code == 303, f"{answer.status}\n{answer.text[:400]}"
        return self.text(answer.headers["Location"])

    @property
    def form_token(self) -> str:
        """Return the token of this browser's forms, as a page shows it."""
        if self._token is None:
            page = self.get(self.form_page).text
            found = _TOKEN.search(page)
            assert found, f"no form on the page:\n{page[:400]}"
            self._token = found[1]
        return self._token


class House(World):
    """A world with a page."""

    def __init__(self, config: str, at: str, zone: str = "Asia/Kolkata", **more: Any) -> None:
        super().__init__(config, at, zone, **more)
        self.woken = 0
        self.is_in_daemon = True

    @property
    def site_app(self) -> Flask:
        """Return the application of the page, made of the config as it stands now."""

        def wake() -> None:
            self.woken += 1

        with routes_kept():
            made = build_app(build_site(lambda: self.app, self.store, wake=wake if self.is_in_daemon else None))
        made.jinja_env.bytecode_cache = TEMPLATES
        made.config["TESTING"] = True
        made.config["PROPAGATE_EXCEPTIONS"] = False
        return made

    def browser(self, person: str | None = None) -> Browser:
        """Return a new browser; with a name, that person is signed in by a link from the terminal."""
        with self.store.write() as tx:
            token = make_link(tx, person or self.app.config.operator, self.clock.now())
        stranger = Browser(self.site_app.test_client(), form_page=f"/in/{token}")
        if person is None:
            return stranger
        assert stranger.post("/in", {"token": token}).status_code == 303
        return Browser(stranger.client, form_page="/me", person=person)
