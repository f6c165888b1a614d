"""`read`: from a file, standard input and an address; what it proposes, and what it says when it cannot."""

from __future__ import annotations

import gzip
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.process import COMMAND, Reminder
from tests.support.sink import Reply, Sink
from tests.support.wire import Wire

TEXT = "“Dead Air” premieres on July 9 on Hulu. All eight episodes drop at once. The trailer came out on May 2."
PAGE = (
    f"<html><head><meta property='article:published_time' content='2025-05-23'></head><body><p>{TEXT}</p></body></html>"
)
KEYS = [
    *("title", "season", "premiere", "precision", "inferred", "platform", "episodes", "drop", "published"),
    *("evidence", "confidence", "alternatives"),
]


def proposed(found: dict[str, object]) -> tuple[object, ...]:
    return tuple(found[key] for key in ("title", "premiere", "precision", "platform", "drop", "episodes", "published"))


EXPECTED = ("Dead Air", "2025-07-09", "day", "Hulu", "all", 8, "2025-05-23")


def test_a_file_is_read_with_the_articles_own_date(household: Shell, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    found = household.run("read", str(path), "--published", "2025-05-23", "--json")
    assert found.status == 0
    said = found.json()
    assert list(said) == KEYS
    assert proposed(said) == EXPECTED
    assert said["inferred"] == ["year"]
    assert said["evidence"]["premiere"] == "“Dead Air” premieres on July 9 on Hulu."


def test_what_is_piped_in_is_read(household: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert proposed(household.run("read", "-", "--published", "23 May 2025", "--json").json()) == EXPECTED


def test_a_page_is_fetched_from_an_address_that_is_allowed(household: Shell) -> None:
    with Sink().always(Reply(body=PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})) as sink:
        url = f"http://127.0.0.1:{sink.port}/news?token=s3cr3t"
        refused = household.run("read", url, "--json")
        assert (refused.status, sink.requests) == (1, [])
        assert "--private" in refused.err
        assert "s3cr3t" not in refused.err
        assert proposed(household.run("read", url, "--private", "--json").json()) == EXPECTED
        assert sink.requests[0].headers["user-agent"].startswith("release-reminder")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(status=404), "answered 404"),
        (Reply(body=b"\x89PNG", headers={"Content-Type": "image/png"}), "sent no text, but image/png"),
    ],
    ids=["not found", "a picture"],
)
def test_an_address_that_gives_no_page_is_told(household: Shell, reply: Reply, told: str) -> None:
    with Sink().always(reply) as sink:
        found = household.run("read", f"http://127.0.0.1:{sink.port}/s3cr3t", "--private")
    assert found.status == 1
    assert told in found.err
    assert "s3cr3t" not in found.err


def test_a_proposal_shows_its_evidence_and_how_to_add_it(household: Shell, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    found = household.run("read", str(path), "--published", "2025-05-23")
    assert "Wed 9 Jul 2025 (the year is inferred)" in found.out
    assert "“Dead Air” premieres on July 9 on Hulu." in found.out
    assert "not taken    premiere 2026-05-02: past" in found.out or "trailer" in found.out
    command = found.err.removeprefix("To add it: reminder ").strip()
    assert command == "add 'Dead Air' --premiere 2025-07-09 --platform Hulu --episodes 8 --drop all"
    assert household.run("list", "--json").json()[-1]["title"] != "Dead Air", "nothing is added unasked"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.txt"], "nowhere.txt: no such file or directory"),
        (["ftp://example.com/a"], "only http:// and https:// addresses are fetched"),
        (["-", "--published", "05/06/2025"], "--published:"),
        (["-", "--published", "May 2025"], "is not one day"),
        (["-"], "there is no text in it to read"),
    ],
)
def test_wrong_input_says_what_to_write(
    household: Shell, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    text = b"" if words == ["-"] else TEXT.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    found = household.run("read", *words)
    assert found.status == 2
    assert told in found.err


def test_a_long_sentence_stays_below_its_part_on_a_narrow_terminal(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    (tmp_path / "dead-air.txt").write_text(TEXT, encoding="utf-8")
    ours, theirs = pty.openpty()
    env = {**reminder.env, "COLUMNS": "50", "NO_COLOR": "1"}
    command = [str(COMMAND), "read", "dead-air.txt", "--published", "2025-05-23"]
    process = subprocess.Popen(command, env=env, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, b"n\n")
    screen = b""
    try:
        while part := os.read(ours, 4096):
            screen += part
    except OSError:
        pass  # the other end is closed: it has ended
    process.wait(30)
    os.close(ours)
    shown = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", screen.decode()).splitlines()]
    assert " " * 13 + "“Dead Air” premieres on July 9 on" in shown
    assert shown[shown.index(" " * 13 + "“Dead Air” premieres on July 9 on") + 1] == " " * 13 + "Hulu."


def test_a_page_that_was_cut_short_is_not_read(household: Shell) -> None:
    whole = b"<p>Ballard premieres on July 18, 2027, on Prime Video.</p>"
    cut_short = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 58\r\nConnection: close\r\n\r\n" + whole[:32],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        + gzip.compress(whole)[:-12],
    )
    for answer in cut_short:
        with Wire(answer) as wire:
            found = household.run("read", f"HTTP://127.0.0.1:{wire.port}/news", "--private")
        assert (found.status, found.out) == (1, "")
        assert "the answer was cut short" in found.err
