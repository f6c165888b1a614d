"""A command on a terminal of its own, with an answer typed for each of its questions."""

from __future__ import annotations

import os
import pty
import select

from tests.support.process import COMMAND


def answered(arguments: list[str], env: dict[str, str], answers: list[str]) -> tuple[int, str]:
    """Run a command on a terminal, with an answer for each question; return its status and what the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(COMMAND, ["reminder", *arguments], {"COLUMNS": "1000", **env})
    shown, waiting = b"", list(answers)
    asked = 0
    while True:
        ready, _, _ = select.select([terminal], [], [], 20)
        try:
            part = os.read(terminal, 65536) if ready else b""
        except OSError:
            part = b""
        if not part:
            break
        shown += part
        # A question ends without a new line; what is echoed and what is said end with one.
        if waiting and len(shown) > asked and shown.endswith(b": "):
            os.write(terminal, f"{waiting.pop(0)}\n".encode())
            asked = len(shown)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()
