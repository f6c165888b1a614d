"""`web token`, `web tokens` and `web openapi`: what lets programs in, and what they may ask."""

from __future__ import annotations

import re

from tests.support.commands import Shell
from tests.support.docs import ROOT

FAMILY = """
subscribers: {asha: {channels: [screen]}, ravi: {channels: [screen]}}
channels: {screen: console://}
watch: [{title: Ballard, premiere: 2025-07-09}]
"""


def test_a_token_is_made_listed_and_taken_back(shell: Shell) -> None:
    shell.write(FAMILY)
    made = shell.run("web", "token", "--name", "homepage")
    assert re.fullmatch(r"rt_[\w-]{43}\n", made.out)
    assert "look as asha" in made.err
    other = shell.run("web", "token", "ravi", "--name", "phone", "--write", "--json").json()
    assert (other["person"], other["scope"], other["token"][:3]) == ("ravi", "write", "rt_")
    listed = shell.run("web", "tokens", "--json").json()
    assert [(row["name"], row["scope"], row["made_on"], row["used_on"]) for row in listed] == [
        ("homepage", "read", "2025-06-28", None)
    ]
    assert shell.run("web", "tokens", "ravi", "--revoke", str(other["id"]), "--json").json() == []
    assert "ravi has no token" in shell.run("web", "tokens", "ravi").out
    assert made.out.strip() not in shell.run("web", "tokens").out


def test_what_does_not_go_is_said(shell: Shell) -> None:
    shell.write(FAMILY)
    said = {
        words: shell.run("web", *words.split()).err
        for words in ("token --name x nobody", "token", "tokens --revoke 7", "tokens nobody --revoke 7")
    }
    assert [words for words, text in said.items() if not text.strip()] == []
    assert 'nobody is called "nobody"' in said["token --name x nobody"]
    assert "give the token a name" in said["token"]


def test_there_is_no_token_before_the_first_is_made(shell: Shell) -> None:
    assert "asha has no token" in shell.write(FAMILY).run("web", "tokens").out


def test_the_description_is_printed(shell: Shell) -> None:
    assert shell.run("web", "openapi").out == (ROOT / "openapi.json").read_text(encoding="utf-8")
