"""Says what a reader can do about a message: what stands on buttons and links, each whole by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.text.content import ActionKind

LABELS: Final[Mapping[ActionKind, str]] = {
    ActionKind.LATER: "This evening",
    ActionKind.TOMORROW: "Tomorrow",
    ActionKind.RELEASE: "When it is out",
    ActionKind.SEEN: "Seen it",
    ActionKind.MUTE: "Mute",
    ActionKind.STOP: "Stop following",
    ActionKind.UNDO: "Undo",
    ActionKind.OPEN: "More",
}
NOT_NOW: Final = "Later, mute or stop"
"""What stands before the address of a message's page, where a service has no buttons."""
TOMORROW_EVENING: Final = "Tomorrow evening"
"""On the button for the evening where this one is over."""
OPEN_PAGE: Final = "Your releases"
"""What a digest leads to."""
TAKE_BACK: Final = "Take it back"
"""What the message about something that was done leads to."""


def action_label(kind: ActionKind, *, is_today: bool = True) -> str:
    """Return what stands on a button; `is_today` tells of one that puts off to an evening whether it is this one."""
    return LABELS[kind] if is_today or kind is not ActionKind.LATER else TOMORROW_EVENING
