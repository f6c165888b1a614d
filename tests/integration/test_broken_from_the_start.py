"""A channel that cannot be built is broken from the start, before anything is due there (SPEC 4)."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell

CONFIG = """
timezone: UTC
channels: {{screen: console://, phone: "{url}"}}
subscribers: {{me: {{channels: [screen, phone]}}}}
watch: [{{title: Ballard, premiere: 2027-07-09}}]
"""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("tgram://${TELEGRAM_TOKEN}/123", "TELEGRAM_TOKEN"),
        ("tgram://nonsense", "tgram://"),
        ("ntfys://topic?prioriti=high", "prioriti"),
        ("mailto://me@example.com?to=anna@example.com,ravi@example.com", "2 targets"),
        ("discord://1234", "discord://"),
    ],
)
def test_health_names_it_after_the_first_pass_and_the_person_is_told(shell: Shell, url: str, why: str) -> None:
    shell.write(CONFIG.format(url=url))
    shell.run("run", "--once")
    found = shell.run("health", "--json").json()
    assert not found["ok"]
    (problem,) = found["problems"]
    assert problem.startswith("channel phone does not work: ")
    assert why in problem
    assert [row["state"] for row in shell.run("history", "--json").json() if row["kind"] == "trouble"] == ["sent"]


def test_a_secret_that_is_given_later_opens_it_again(shell: Shell) -> None:
    shell.write(CONFIG.format(url="json://127.0.0.1:9/${HOOK}"))
    shell.run("run", "--once")
    assert not shell.run("health", "--json").json()["ok"]
    shell.patch.setenv("HOOK", "abc")
    shell.run("run", "--once")
    assert shell.run("health", "--json").json()["ok"]


def test_a_channel_that_can_be_built_is_looked_at_once(shell: Shell) -> None:
    shell.write(CONFIG.format(url="json://127.0.0.1:9/abc"))
    for _ in range(2):
        shell.run("run", "--once")
        assert shell.run("health", "--json").json()["problems"] == []
