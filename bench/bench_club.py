"""3,000 members in ten languages: 50 leave, 100 mute, 20 take another hour, a date moves; each message is looked at."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.world import Row
from tests.support.club import answer_due, answers, club, short, whole_story
from tests.support.process import Reminder
from tests.support.sink import Sink
from tests.support.smtp import MailServer

MEMBERS: Final = int(os.environ.get("BENCH_MEMBERS", "3000"))
LEFT, MUTED, MOVED_HOUR = 50, 100, 20
BY_COMMAND: Final = 10


def measure() -> list[Row]:
    """Return how many messages there were, and what they took; a message too many or too few ends it."""
    with tempfile.TemporaryDirectory() as name, Sink() as sink, MailServer() as mail:
        home = Path(name) / "home"
        home.mkdir()
        began, asked = time.monotonic(), 0
        with club(Reminder(home), sink, mail, MEMBERS) as members:
            imported = time.monotonic() - began
            changed = whole_story(members, LEFT, MUTED, MOVED_HOUR)
            lived = time.monotonic() - began - imported
            everybody = [*changed.left, *changed.muted, *changed.moved_hour]
            for member, title, rows in answers(members, everybody):
                assert short(rows) == answer_due(member)[title], (member.name, title, rows)
                asked += 1
            explained = time.monotonic() - began - imported - lived
            for member in everybody[:: len(everybody) // BY_COMMAND][:BY_COMMAND]:
                said = members.page.reminder.run("why", "Ballard", "--subscriber", member.name, "--json")
                assert short(said.json()) == answer_due(member)["Ballard"], member.name
        own, daemon = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    heard = sum(len(member.heard) for member in members.members)
    return [
        Row(f"{MEMBERS:,} members imported, the daemon started", f"{imported:.1f} s"),
        Row(f"{heard:,} messages, each to whom and when promised", f"{lived:.0f} s"),
        Row(f"`why`, asked {asked} times in process", f"{1000 * explained / asked:.1f} ms each"),
        Row("processor: daemon and commands, the servers here", f"{_seconds(daemon):.0f} s, {_seconds(own):.0f} s"),
    ]


def _seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime
