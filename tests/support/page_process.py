"""The page as the installed command serves it, asked over a socket; no browser is needed for this."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.support.page_home import as_text
from tests.support.process import Daemon, Reminder


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the page answered to one request."""

    status: int
    headers: Mapping[str, str]
    text: str
    cookies: Mapping[str, str]

    @property
    def form_token(self) -> str:
        """Return the token of a form on it, "" without one."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.text)
        return found[1] if found else ""


def free_port() -> int:
    """Return a port on loopback that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(kw_only=True)
class PageProcess:
    """A page that is served by a user's daemon."""

    reminder: Reminder
    daemon: Daemon
    port: int

    def at(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"http://localhost:{self.port}{path}"

    def link(self, person: str) -> str:
        """Return a link from the terminal that signs somebody in."""
        made = self.reminder.run("web", "link", person)
        assert made.status == 0, made.err
        return made.out.strip()

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
        """Send one request as it is, and return its answer."""
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)) as connection:
            connection.request(method, path, urlencode(form) if form else None, {**sent, **(headers or {})})
            answer = connection.getresponse()
            got = {name.lower(): value for name, value in answer.getheaders()}
            set_to = [text.partition(";")[0].partition("=") for text in answer.headers.get_all("Set-Cookie") or ()]
            cookies = {name: value for name, _, value in set_to}
            return Answer(status=answer.status, headers=got, text=answer.read().decode(), cookies=cookies)


@contextmanager
def page_process(reminder: Reminder, config: Mapping[str, Any], at: str) -> Iterator[PageProcess]:
    """Start the daemon of a config with a page, at an instant."""
    port = free_port()
    reminder.write(as_text({**config, "web": {"listen": f"127.0.0.1:{port}", **config.get("web", {})}}))
    with reminder.at(at).daemon() as daemon:
        yield PageProcess(reminder=reminder, daemon=daemon, port=port)
