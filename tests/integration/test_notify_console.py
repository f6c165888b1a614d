"""The console channel on a terminal, in a pipe, and in a world without Unicode."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import BodyLine, Words
from reminder.notify.console import ConsoleTransport

ROOT = Path(__file__).parents[2]
SCREEN = Channel(name="screen", url=Secret("console://"))
WORDS = Words(
    subject="[bold]Ballard[/bold] premieres in 7 days",
    body=(BodyLine(text="Wednesday, July 9, 2025"), BodyLine(text="More", link="https://example.com/ballard")),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(stream: io.StringIO, *, heading: str | None = None) -> str:
    transport = ConsoleTransport(stream=stream) if heading is None else ConsoleTransport(
        stream=stream, heading=lambda channel, ref: heading
    )  # fmt: skip
    transport.send(SCREEN, WORDS, ref="d1")
    return stream.getvalue()


def test_in_a_pipe_a_message_is_plain_lines() -> None:
    assert printed(io.StringIO(), heading="Wed 2 Jul 2025, 09:00 · asha") == (
        "── Wed 2 Jul 2025, 09:00 · asha ──\n"
        "[bold]Ballard[/bold] premieres in 7 days\n"
        "Wednesday, July 9, 2025\n"
        "More https://example.com/ballard\n"
        "\n"
    )


def test_on_a_terminal_a_message_is_framed_and_its_brackets_are_text() -> None:
    shown = printed(Terminal())
    assert "╭─" in shown
    assert " screen " in shown
    assert "[bold]Ballard[/bold] premieres in 7 days" in shown
    assert "Wednesday, July 9, 2025" in shown


def test_without_unicode_a_message_is_printed_all_the_same() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ConsoleTransport(stream=stream).send(SCREEN, Words(subject="Dörte 🎬"), ref="d1")
    assert b"Dorte ?" in raw.getvalue()


class Unread(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_channel_that_nobody_reads_is_parked_and_not_tried_again_and_again() -> None:
    outcome = ConsoleTransport(stream=Unread()).send(SCREEN, WORDS, ref="d1")
    assert outcome == Failure(kind=FailureKind.CHANNEL, reason="nobody reads standard output any more")


def test_simulate_ends_quietly_when_nobody_reads_it_any_more() -> None:
    command = Path(sys.executable).with_name("reminder")
    asked = ["--config", "config.example.yaml", "simulate", "--from", "2027-07-01", "--to", "2027-07-10"]
    with subprocess.Popen([command, *asked], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as simulating:
        assert simulating.stdout is not None
        assert simulating.stderr is not None
        assert simulating.stdout.readline()
        simulating.stdout.close()
        assert simulating.stderr.read() == b""
    assert simulating.returncode == 0
