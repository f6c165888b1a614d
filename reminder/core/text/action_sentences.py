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
    said("action.take_back", "Take it back", "Before a web address, in a message about what was done by a link."),
    said("deed.stop", "You no longer follow {name}", "The subject of a message. {name} is a title."),
    said("deed.mute", "{name} is muted", "The subject of a message. {name} is a title."),
    said("deed.mail", "No more mail comes to you over {channel}", "The subject. {channel} is a channel's name."),
    said(
        "deed.chat", "Nothing comes to your chat over {channel} any more", "The subject. {channel} is a channel's name."
    ),
    said(
        "deed.pressed",
        "It was asked for by a link in a message over {channel}.",
        "A line of a message about what was done. {channel} is the name of the channel that the other one came over.",
    ),
    said(
        "deed.take_back",
        "If that was not you, or not meant, you can take it back within a day.",
        "A line of a message about what was done by a link in another message.",
    ),
    said(
        "proposal",
        "{who} proposes a date for {name}: {date}",
        "The subject of a message to the owner. {who} is a person, {name} a title, {date} a day, a month or the like.",
    ),
    said("proposal.where", "You can take it or decline it on the page of the title.", "A line of that message."),
    said("proposal.more", "More dates are proposed", "The subject of a message to the owner, when there are many."),
    said("proposal.listed", "The page Status lists them.", "A line of that message."),
    said("kind.again", "put off by you", "On what occasion a message is sent: its reader wanted it again, later."),
    said("kind.deed", "what was done by a link", "On what occasion a message is sent: it tells of a press elsewhere."),
    said("action.releases", "Your releases", "Before a web address, in a message that gathers several."),
)


def action_id(kind: ActionKind, *, is_today: bool = True) -> str:
    """Return the id of what stands on a button; `is_today` tells of one for the evening whether it is this one."""
    return "action.later_tomorrow" if kind is ActionKind.LATER and not is_today else f"action.{kind}"
