"""The commented config that `reminder init` writes, from a few answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.core.dates.spelling import EXAMPLE_YEAR

#: what may stand in a line of its own without quotes: no sign of YAML's in it, and no space at its end
PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _.,'+/@$?&=%~{}-]|:(?=[^ ]))*(?<! )")
WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
IN_BRACES: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/:+-]*")
#: what YAML would not read back from between quotes
ESCAPED: Final = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

HEAD: Final = """\
# What to watch, and where to be told. After a change: `reminder check` says what comes next; SIGHUP or
# `systemctl reload reminder` makes it count. Every key, with its words: `reminder config schema`, and docs/config.md.
"""

CHANNELS: Final = """
# NAME: URL, one of apprise's (https://appriseit.com/services/), or console:// for the terminal. ${NAME} comes from
# SECRETS, or from the environment; ${NAME:quoted} suits a password with signs in it.
# Only some messages: family: {url: "...", only: [premiere, moved]}. `reminder test` tries each.
"""

WATCH: Final = f"""
# A date as far as it is known: July 9, {EXAMPLE_YEAR} · {EXAMPLE_YEAR}-07-09 20:00 America/New_York ·
# July {EXAMPLE_YEAR} · fall {EXAMPLE_YEAR} · {EXAMPLE_YEAR} · TBA.
# A title may also say: season, platform, episodes, drop (all, weekly, 2 then weekly), follow, remind, link, note, for.
"""

EXAMPLES: Final = f"""\
  #- title: Ballard
  #  premiere: July 9, {EXAMPLE_YEAR}
  #  platform: Prime Video
  #  episodes: 10
  #- 1899                       # just a title: it is looked for, and followed
"""

SUBSCRIBERS: Final = """
# Without subscribers there is one, called me, who uses every channel.
#subscribers:
#  asha: {channels: [CHANNEL]}
#  ravi: {channels: [CHANNEL], timezone: America/New_York, at: 20:00, remind: [1d]}
"""


PEOPLE: Final = """
# Who is told: which channels they use, and what is different for them, as in {timezone: America/New_York, at: 20:00}.
subscribers:
"""


@dataclass(frozen=True, kw_only=True)
class FirstTitle:
    """A title to begin with: its text, and what else was answered, by the config's keys and as one writes it there."""

    name: str
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """A subscriber to begin with: which channels they use, and what they said for themselves, by the config's keys."""

    channels: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers that `init` got. `channels` are URLs by name, secrets in them as `${NAME}`; None is left out.

    Without `people` there is one, called me, who uses every channel.
    """

    timezone: str | None = None
    at: str | None = None
    quiet_hours: str | None = None
    language: str | None = None
    clock: str | None = None
    channels: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, FirstPerson] = field(default_factory=dict)
    titles: tuple[FirstTitle, ...] = ()


def starter_config(answers: Answers, secrets: str = "the file `environment` beside this one") -> str:
    """Return the text of a config that says what was answered, and tells in comments what more can be said.

    `secrets` names the place where secrets belong.
    """
    channels = answers.channels or {"screen": "console://"}
    parts = (
        HEAD,
        *_settings(answers),
        CHANNELS.replace("SECRETS", secrets) + "channels:\n",
        *(f"  {quoted(name)}: {quoted(url)}\n" for name, url in channels.items()),
        _people(answers.people) or SUBSCRIBERS.replace("CHANNEL", quoted(next(iter(channels)), WORD)),
        WATCH + "watch:\n",
        *(_title(title) for title in answers.titles),
        EXAMPLES if not answers.titles else "",
    )
    return "".join(parts)


def quoted(text: str, plain: re.Pattern[str] = PLAIN) -> str:
    """Return a text as YAML holds it: as it is where that is plain to see, else in double quotes."""
    if plain.fullmatch(text) and text.lower() != "null":
        return text
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _settings(answers: Answers) -> Iterable[str]:
    yield "\n"
    yield _setting("timezone", answers.timezone, "Asia/Kolkata", "where you are; without it, the system's zone")
    yield _setting("at", answers.at, "09:00", "the hour at which you like to be told")
    yield _setting("quiet_hours", answers.quiet_hours, "22:00-08:00", "nothing is sent in these hours")
    yield _setting("language", answers.language, "de", "of messages and pages; without it, English")
    yield _setting("clock", answers.clock, "24h", "how hours are written: 12h or 24h")
    yield _setting("remind", None, "[7d, 1d, day]", "when to be told: days before, and on the day")


def _setting(key: str, said: str | None, example: str, comment: str) -> str:
    line = f"#{key}: {example}" if said is None else f"{key}: {quoted(said)}"
    return f"{line:<32}# {comment}\n"


def _people(people: Mapping[str, FirstPerson]) -> str:
    if not people:
        return ""
    lines = [f"  {quoted(name)}: {{{', '.join(_own(person))}}}\n" for name, person in people.items()]
    return "".join([PEOPLE, *lines])


def _own(person: FirstPerson) -> Iterable[str]:
    yield f"channels: [{', '.join(quoted(name, WORD) for name in person.channels)}]"
    yield from (f"{key}: {quoted(value, IN_BRACES)}" for key, value in person.said.items())


def _title(title: FirstTitle) -> str:
    lines = [f"  - title: {quoted(title.name)}\n"]
    lines += [f"    {key}: {quoted(value)}\n" for key, value in title.said.items()]
    return "".join(lines)
