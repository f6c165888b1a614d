"""`read`: from a file, standard input and an address; what it proposes, and what it says when it cannot."""

from __future__ import annotations

import gzip
import io
import os
import pty
import re
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reminder.announcements.reading.proposal import LEAST_SURE, Announcement
from reminder.cli.commands.read import FOREIGN
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
    *("evidence", "confidence", "alternatives", "choices", "readers", "second_reader"),
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


def test_of_what_was_called_off_nothing_is_proposed(household: Shell, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Hulu has cancelled “Dead Air” after two seasons.")
    found = household.run("read", str(path), "--published", "2025-05-23")
    assert found.err.splitlines()[-1] == (
        "It says that this will not come, so nothing is proposed: Hulu has cancelled “Dead Air” after two seasons."
    )
    assert "reminder add" not in found.out + found.err


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


def on_terminal(
    reminder: Reminder, folder: Path, source: str, answers: list[tuple[bytes, bytes]], **env: str
) -> list[str]:
    """Run `read` on a terminal; once the screen shows each question, type its answer. Return the lines shown."""
    ours, theirs = pty.openpty()
    command = [str(COMMAND), "read", source, "--published", "2025-05-23"]
    process = subprocess.Popen(
        command, env={**reminder.env, "NO_COLOR": "1", **env}, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen, waiting = b"", list(answers)
    try:
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 1)[0]:
                screen += os.read(ours, 4096)
            elif waiting and waiting[0][0] in screen:  # it stands still, with its question
                os.write(ours, waiting[0][1])
                waiting = waiting[1:]
    except OSError:
        pass  # the other end is closed: it has ended
    process.wait(30)
    os.close(ours)
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", screen.decode()).splitlines()]


TWO = "“Dead Air” arrives on July 9.\n\n“Salt Road” opens on July 23."


@pytest.mark.parametrize(
    ("keys", "title", "day"),
    [
        ([b"1"], "Dead Air", "2025-07-09"),
        ([b"\r"], "Dead Air", "2025-07-09"),
        ([b"x", b"2"], "Salt Road", "2025-07-23"),
    ],
    ids=["the first", "enter", "a key that means nothing, then the second"],
)
def test_of_two_titles_that_are_close_one_key_chooses(tmp_path: Path, keys: list[bytes], title: str, day: str) -> None:
    reminder = Reminder(tmp_path)
    (tmp_path / "two.txt").write_text(TWO, encoding="utf-8")
    shown = on_terminal(
        reminder, tmp_path, "two.txt", [*((b"Press 1 or 2:", each) for each in keys), (b"[Y/n]", b"y\n")]
    )

    asked = shown.index("Which title is it?")
    assert shown[asked + 1 : asked + 5] == [
        "  1  Dead Air",
        "     “Dead Air” arrives on July 9.",
        "  2  Salt Road",
        "     “Salt Road” opens on July 23.",
    ]
    assert any(f"Add {title}, {day}?" in line for line in shown)


def test_without_a_terminal_nothing_is_asked_and_both_are_handed_on(
    household: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wanted in (["--json"], []):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TWO.encode())))
        found = household.run("read", "-", "--published", "2025-05-23", *wanted)
        assert found.status == 0
        if wanted:
            choice = found.json()["choices"][0]
            assert choice["field"] == "title"
            assert [option["value"] for option in choice["options"]] == ["Dead Air", "Salt Road"]
            assert choice["options"][1]["sentence"] == "“Salt Road” opens on July 23."
        else:
            assert "Not sure which title is meant: Dead Air or Salt Road." in found.err


def test_only_what_is_sure_enough_is_offered_as_a_command(household: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "“Dead Air” premieres on July 9 on Hulu."
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    found = household.run("read", "-", "--published", "2025-05-23")
    assert "To add it: reminder add 'Dead Air'" in found.err
    unsure = Announcement(title="Dead Air", confidence={"title": 0.9, "premiere": LEAST_SURE["premiere"] - 0.01})
    assert [unsure.is_sure, replace(unsure, confidence={"title": LEAST_SURE["title"]}).is_sure] == [False, True]


def test_a_long_sentence_stays_below_its_part_on_a_narrow_terminal(tmp_path: Path) -> None:
    reminder = Reminder(tmp_path)
    (tmp_path / "dead-air.txt").write_text(TEXT, encoding="utf-8")
    shown = on_terminal(reminder, tmp_path, "dead-air.txt", [(b"[Y/n]", b"n\n")], COLUMNS="50")
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


@pytest.mark.parametrize(
    "text",
    [
        "\u4eba\u6c17\u30a2\u30cb\u30e1\u306e\u65b0\u30b7\u30ea\u30fc\u30ba\u304c2027\u5e744\u670810\u65e5\u304b\u3089Netflix\u3067\u914d\u4fe1\u3055\u308c\u308b\u3002",
        "\ub4dc\ub77c\ub9c8\uac00 2027\ub144 6\uc6d4 27\uc77c \uacf5\uac1c\ub41c\ub2e4.",
        "\u041f\u0440\u0435\u043c\u044c\u0435\u0440\u0430 \u0441\u0435\u0440\u0438\u0430\u043b\u0430 \u0441\u043e\u0441\u0442\u043e\u0438\u0442\u0441\u044f 9 \u0438\u044e\u043b\u044f 2027 \u0433\u043e\u0434\u0430.",
    ],
    ids=["Japanese", "Korean", "Russian"],
)
def test_of_letters_that_are_not_read_nothing_is_said_to_be_missing(
    household: Shell, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "article.txt"
    path.write_text(text)
    found = household.run("read", str(path))
    assert "not read" in found.out
    assert "not said" not in found.out
    assert found.err.startswith(FOREIGN)


@pytest.mark.parametrize("text", [TEXT, "Fr\u00fchling in M\u00fcnchen, ab 9. Juli.", "9/7 \U0001f3ac", "2027"])
def test_of_a_text_in_latin_letters_it_is_said_what_is_missing(household: Shell, tmp_path: Path, text: str) -> None:
    path = tmp_path / "article.txt"
    path.write_text(text)
    found = household.run("read", str(path))
    assert "not said" in found.out
    assert FOREIGN not in found.err
