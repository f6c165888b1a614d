"""The HTTP seam: under apprise's plugins, one way out for all of them.

apprise opens a connection for each message, reads the file of authorities each time, and keeps status and
Retry-After to itself. Its plugins call `requests`; while an attempt of ours runs, `requests` goes by this seam, which
keeps connections alive, notes what left and what came back, follows no redirect, caps bodies and obeys the attempt's
deadline. Outside of an attempt `requests` is as it always was.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import requests
from requests.adapters import BaseAdapter
from requests.utils import default_user_agent

from reminder.notify.http import routes
from reminder.notify.http.attempt import Attempt, current
from reminder.notify.http.exchange import send
from reminder.notify.http.routes import Verify, address_of
from reminder.platform.http.connections import POOL

DEFAULTS: Final = {
    "User-Agent": default_user_agent(),
    "Accept-Encoding": "identity",  # the answers are a few bytes: unpacking costs more than it saves
    "Accept": "*/*",
    "Connection": "keep-alive",
}
"""What a request says of itself where a plugin does not."""


class _OfAttempt(BaseAdapter):
    """The adapter of a plugin's own session."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self._attempt = attempt

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request of the attempt."""
        return send(self._attempt, request, address_of(request.url or ""), verify)

    def close(self) -> None:
        """Do nothing: the connections are everybody's."""


@cache
def install() -> None:
    """Let `requests` come through the seam while an attempt runs. Safe to call again."""
    request, get_adapter = requests.api.request, requests.Session.get_adapter

    def request_of_attempt(method: str, url: str, **options: Any) -> requests.Response:
        attempt = current()
        return request(method, url, **options) if attempt is None else _request(attempt, method, url, **options)

    def adapter_of_attempt(self: requests.Session, url: str) -> Any:
        attempt = current()
        return get_adapter(self, url) if attempt is None else _OfAttempt(attempt)

    requests.request = requests.api.request = cast(Any, request_of_attempt)  # what post() and its like call
    requests.Session.get_adapter = adapter_of_attempt  # type: ignore[method-assign]  # for plugins with a session


def forget() -> None:
    """Let go of idle connections and of what was read from the environment."""
    routes.forget()
    POOL.clear()


def _request(  # noqa: PLR0913  the signature of requests.request
    attempt: Attempt,
    method: str,
    url: str,
    *,
    params: Any = None,
    data: Any = None,
    headers: Mapping[str, str | bytes | None] | None = None,
    cookies: Any = None,
    files: Any = None,
    auth: Any = None,
    json: Any = None,
    verify: Verify = None,
    **_unused: Any,
) -> requests.Response:
    """Do what `requests.request` does, without making a session for each call: that is a third of its time.

    Left out: redirects and timeouts, which the seam decides, and passwords from ~/.netrc, which nobody asked for.
    """
    prepared = requests.PreparedRequest()
    prepared.prepare_method(method)
    if params:
        prepared.prepare_url(url, params)
    else:
        prepared.url = address_of(url).url
    named = {**DEFAULTS, **(headers or {})}
    prepared.prepare_headers({name: value for name, value in named.items() if value is not None})
    if cookies:
        prepared.prepare_cookies(cookies)
    # A text as bytes: requests before 2.32 counts its characters.
    prepared.prepare_body((data.encode() if isinstance(data, str) else data) or {}, files, json)
    if auth or address_of(prepared.url or "").has_login:
        prepared.prepare_auth(auth, url)
    return send(attempt, prepared, address_of(prepared.url or ""), verify)
