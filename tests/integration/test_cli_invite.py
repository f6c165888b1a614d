"""`web invite`: a link by which somebody joins, without a browser at hand."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell

CONFIG = """
web: {address: "https://reminder.example.org"}
timezone: Asia/Kolkata
channels: {bot: {url: "json://127.0.0.1:9/{address}", join: true}}
subscribers: {asha: {channels: [{bot: "1"}]}}
watch: []
"""


def test_an_invitation_is_printed_with_what_it_proposes(shell: Shell) -> None:
    shell.write(CONFIG)
    made = shell.run("web", "invite", "Grandma", "--language", "de", "--zone", "europe/berlin")
    assert made.status == 0, made.err
    assert made.out.startswith("https://reminder.example.org/join/")
    assert "within three days" in made.err
    assert "warning" not in made.err
    row = shell.run("web", "invite", "--json", "--owner").json()
    assert row["link"].startswith("https://reminder.example.org/join/")
    assert row["name"] == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Grandma", "--language", "xx"], "--language"),
        (["Grandma", "--zone", "Mars"], "--zone"),
        (["asha"], "already"),
        (["<b>"], "without brackets"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_what_to_write(shell: Shell, arguments: list[str], why: str) -> None:
    shell.write(CONFIG)
    assert shell.run("run", "--once").status == 0
    found = shell.run("web", "invite", *arguments)
    assert (found.status, why in found.err) == (2, True), found.err


def test_where_nobody_could_bring_an_address_it_is_said(shell: Shell) -> None:
    shell.write('channels: {hook: "json://127.0.0.1:9/"}\nwatch: []\n')
    said = shell.run("web", "invite").err
    assert "join: true" in said
    assert "nothing serves the page" in said
