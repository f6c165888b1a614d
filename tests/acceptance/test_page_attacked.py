"""What a hostile visitor tries on the page of the installed command: each is refused, said once in the log, with no secret in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.support.page_process import PageProcess, page_process
from tests.support.process import Reminder
from tests.support.sink import Sink

pytestmark = pytest.mark.acceptance

AT: Final = "2025-06-20T06:30:00Z"
SECRET: Final = "proxy-Passw0rd-6174"
TOPIC: Final = "asha-topic-4104"
ELSEWHERE: Final = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
HERE: Final = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def page(installed: Reminder, sink: Sink) -> Iterator[PageProcess]:
    installed.environ |= {"PROXY_SECRET": SECRET, "TOPIC": TOPIC}
    config: dict[str, Any] = {
        "timezone": "Asia/Kolkata",
        "channels": {"own": f"ntfy://{sink.netloc}/${{TOPIC}}"},
        "watch": [{"title": "<script>alert(1)</script>", "premiere": "2025-07-09"}],
        "subscribers": {"asha": {}},
        "web": {"proxy": {"from": "127.0.0.1", "secret": "${PROXY_SECRET}"}},
    }
    with page_process(installed, config, AT) as running:
        yield running


def refusals(page: PageProcess) -> list[str]:
    """Return why requests were refused, as the log says it."""
    lines = [line for line in page.daemon.log.splitlines() if "request refused" in line]
    return [line.partition("why=")[2].partition(" asked_from=")[0].strip('"') for line in lines]


def test_each_attack_is_refused_and_said_once_in_the_log(page: PageProcess) -> None:
    link = page.link("asha").rpartition("/")[2]
    form = page.ask("GET", f"/in/{link}")
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in form.cookies.items())}

    rebound = [page.ask("GET", f"/in/{link}", {"Host": "evil.example"}).status for _ in range(3)]
    forged = [page.ask("GET", "/", {"Remote-User": "asha", "X-Proxy-Secret": "guessed"}) for _ in range(3)]
    posted = [
        page.ask("POST", "/in", {**ELSEWHERE, **cookie}, token=link, form_token=form.form_token) for _ in range(3)
    ]
    bare = [page.ask("POST", "/in", {**HERE, **cookie}, token=link) for _ in range(3)]
    long = [
        page.ask("POST", "/in", {**HERE, **cookie}, token="x" * 2**21, form_token=form.form_token) for _ in range(3)
    ]
    tries = [
        page.ask("POST", "/in", {**HERE, **cookie}, token=f"{number:043}", form_token=form.form_token).status
        for number in range(1000)
    ]

    assert rebound == [421] * 3
    assert [(answer.status, answer.headers["location"]) for answer in forged] == [(303, "/sign-in")] * 3
    assert [answer.status for answer in (*posted, *bare)] == [403] * 6
    assert [answer.status for answer in long] == [413] * 3
    assert "half a megabyte" in long[0].text
    assert set(tries) == {404, 429}
    assert tries.count(404) <= 21, "twenty tries an hour, and what fills up meanwhile"
    said = refusals(page)
    wanted = {
        "another host",
        "Remote-User without the proxy's secret",
        "from another site",
        "without the token of a form",
        "too long",
        "too often",
    }
    assert set(said) == wanted
    # Whoever is slow enough to be refused over more than a minute is named once in each.
    assert len([why for why in said if why != "too often"]) == len(wanted) - 1

    page.daemon.term()
    assert page.daemon.ends() == 0
    secrets = (link, form.form_token, SECRET, TOPIC, "guessed", *form.cookies.values())
    assert [secret for secret in secrets if secret in page.daemon.log] == []
