"""Understands what somebody writes to the bot, or presses; nothing is looked up here."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final

from reminder.core.text.content import ActionKind


class BotCommand(enum.StrEnum):
    """The commands that the bot knows."""

    START = "start"
    HELP = "help"
    UPCOMING = "upcoming"
    FOLLOW = "follow"
    MUTE = "mute"
    UNMUTE = "unmute"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class GivenCommand:
    """A command with what stands behind it; `command` is None for one that nobody knows, and for plain words."""

    command: BotCommand | None
    rest: str = ""
    is_command: bool = True


_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.ASCII | re.DOTALL)
_COMMANDS: Final = {str(command): command for command in BotCommand}
_LINK: Final = re.compile(r"https?://\S", re.IGNORECASE)


def read_command(text: str, username: str) -> GivenCommand | None:
    """Return the command that a message is; None for one that is meant for another bot than `username`.

    A message with a link in it follows what the link is about: a phone shares it to the chat like that.
    """
    text = text.strip()
    found = _COMMAND.fullmatch(text)
    if found is None:
        command = BotCommand.FOLLOW if _LINK.search(text) else None
        return GivenCommand(command=command, rest=text, is_command=False)
    word, bot, rest = found[1].lower(), found[2], " ".join((found[3] or "").split(" "))
    if bot is not None and bot.lower() != username.lower():
        return None
    command = _COMMANDS.get(word)
    return GivenCommand(command=command, rest=rest.strip())


class PressKind(enum.StrEnum):
    """What the bot's own buttons do."""

    FOLLOW = "follow"
    KEPT = "kept"
    """Follow what was proposed in this message, and is kept in memory."""
    MUTE = "mute"
    UNMUTE = "unmute"
    ASK_STOP = "stop?"
    STOP = "stop"
    AGAIN = "again"
    ASK_LEAVE = "leave?"
    LEAVE = "leave"
    RETURN = "return"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class GivenPress:
    """A press on one of the bot's own buttons: what it does, and about what."""

    kind: PressKind
    about: str = ""

    def __str__(self) -> str:
        return f"{OWN}{self.kind}:{self.about}"

    @property
    def number(self) -> int:
        """Return the number of the title that it is about, 0 for none."""
        return int(self.about) if self.about.isascii() and self.about.isdecimal() else 0


@dataclass(frozen=True, kw_only=True)
class GivenAction:
    """A press on a button of a message of the ledger: what to do, and the token that names person and message."""

    kind: ActionKind
    token: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.token}"


OWN: Final = "c:"
"""Begins what the bot's own buttons carry."""
_OWN: Final = re.compile(r"c:([a-z?]{1,12}):([\x20-\x7e]{0,60})")
_PRESSES: Final = {str(kind): kind for kind in PressKind}
_ACTIONS: Final = {str(kind): kind for kind in ActionKind}
_ACTION: Final = re.compile(r"([a-z]{1,12}):([A-Za-z0-9_.-]{1,60})", re.ASCII)


def read_press(data: str) -> GivenPress | GivenAction | None:
    """Return what a button does that carries `data`; None for one that is not of ours."""
    own = _OWN.fullmatch(data)
    if own is not None:
        kind = _PRESSES.get(own[1])
        return None if kind is None else GivenPress(kind=kind, about=own[2])
    action = _ACTION.fullmatch(data)
    done = _ACTIONS.get(action[1]) if action else None
    return None if action is None or done is None else GivenAction(kind=done, token=action[2])
