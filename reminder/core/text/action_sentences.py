"""The sentences on buttons and links by which a reader does something about a message, and what they are told then."""

from __future__ import annotations

from typing import Final

from reminder.core.text.content import ActionKind
from reminder.core.text.sentence import SentenceEntry, said

_BUTTON: Final = "On a button below a message about a release, as short as it can be."

_LABELS: Final = {
    ActionKind.LATER: ("This evening", "Tell me again this evening."),
    ActionKind.TOMORROW: ("Tomorrow", "Tell me again tomorrow."),
    ActionKind.RELEASE: ("When it is out", "Tell me again the moment it is out."),
    ActionKind.SEEN: ("Seen it", "I have seen it: tell me nothing more of this release."),
    ActionKind.MUTE: ("Mute", "Tell me nothing more of this title for now."),
    ActionKind.STOP: ("Stop following", "This title is no longer one of mine."),
    ActionKind.UNDO: ("Undo", "Take back what I have just done."),
    ActionKind.OPEN: ("More", "Opens the page on which all of these are."),
}

ACTION_SENTENCES: Final[tuple[SentenceEntry, ...]] = (
    *(said(f"action.{kind}", label, f"{_BUTTON} {meaning}") for kind, (label, meaning) in _LABELS.items()),
    said("action.later_tomorrow", "Tomorrow evening", f"{_BUTTON} In the place of `This evening`, when that is over."),
    said("action.not_now", "Later, mute or stop", "Before a web address, where a service has no buttons."),
    said("action.releases", "Your releases", "Before a web address, in a message that gathers several."),
)


def action_id(kind: ActionKind, *, is_today: bool = True) -> str:
    """Return the id of what stands on a button; `is_today` tells of one for the evening whether it is this one."""
    return "action.later_tomorrow" if kind is ActionKind.LATER and not is_today else f"action.{kind}"
