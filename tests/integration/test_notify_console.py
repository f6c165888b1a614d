"""The console channel on a terminal, in a pipe, and in a world without Unicode."""

from __future__ import annotations

import io

from reminder.core.message import Line, Words
from reminder.core.model import Channel
from reminder.core.secret import Secret
from reminder.notify.console import ConsoleTransport

SCREEN = Channel(name="screen", url=Secret("console://"))
WORDS = Words(
    subject="[bold]Ballard[/bold] premieres in 7 days",
    body=(Line(text="Wednesday, July 9, 2025"), Line(text="More", link="https://example.com/ballard")),
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
