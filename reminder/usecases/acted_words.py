"""Says what came of an action on a message, on the page and in a chat alike (SPEC 12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.text.content import PUTS_OFF, ActionKind
from reminder.core.text.markup import isolated
from reminder.core.text.phrases import ReaderSettings
from reminder.core.wording import Wording, marked
from reminder.usecases.acting import Acted, ActResult, DoneDeed
from reminder.usecases.deeds import CHAT, MAIL

LONGEST_NAME: Final = 120
"""So much of a title's name is repeated: it may have ten thousand letters."""


def acted_words(acted: Acted, reader: ReaderSettings) -> Wording:
    """Return what came of an action, with times as `reader` reads them."""
    name = isolated(acted.about if len(acted.about) <= LONGEST_NAME else f"{acted.about[: LONGEST_NAME - 1].rstrip()}…")
    if acted.result is ActResult.NOT_FOLLOWED and acted.action not in PUTS_OFF:
        return Wording("You do not follow %(name)s any more. Nothing was changed.", name=name)
    if acted.action is ActionKind.SEEN and acted.result is ActResult.DONE and acted.is_drop:
        return Wording("Noted: you have seen them. You hear nothing more of these episodes of %(name)s.", name=name)
    if acted.result in _REFUSED:
        return Wording(_REFUSED[acted.result], name=name)
    if acted.at is not None:
        when = reader.in_full(acted.at)
        if acted.result is ActResult.DONE:
            return Wording("You will hear of %(name)s again: %(when)s.", name=name, when=when)
        return Wording("It is done already: you will hear of %(name)s again: %(when)s.", name=name, when=when)
    if acted.undone is not None:
        return Wording("Taken back: %(what)s. All is as it was.", what=deed_words(acted.undone, reader))
    sentences = _DONE if acted.result is ActResult.DONE else _ALREADY
    return Wording(sentences[acted.action], name=name)


def deed_words(deed: DoneDeed, reader: ReaderSettings) -> Wording:
    """Return what was done, in few words without a verb in front, as behind `Undo:`."""
    name = isolated(deed.about if len(deed.about) <= LONGEST_NAME else f"{deed.about[: LONGEST_NAME - 1].rstrip()}…")
    if deed.at is not None:
        return Wording("told again %(when)s", when=reader.in_full(deed.at))
    return Wording(_DEEDS[deed.what], name=name)


_DEEDS: Final[Mapping[str, str]] = {
    ActionKind.SEEN: marked("%(name)s seen"),
    ActionKind.MUTE: marked("%(name)s muted"),
    ActionKind.STOP: marked("%(name)s no longer followed"),
    MAIL: marked("no more mail over %(name)s"),
    CHAT: marked("nothing more in the chat over %(name)s"),
}
_DONE: Final[Mapping[ActionKind, str]] = {
    ActionKind.SEEN: marked("Noted: you have seen it. You hear nothing more of this release of %(name)s."),
    ActionKind.MUTE: marked("%(name)s is muted: you hear nothing more of it."),
    ActionKind.STOP: marked("You no longer follow %(name)s."),
}
_ALREADY: Final[Mapping[ActionKind, str]] = {
    ActionKind.SEEN: marked("You had said before that you have seen it."),
    ActionKind.MUTE: marked("%(name)s is muted already."),
    ActionKind.STOP: marked("You do not follow %(name)s any more."),
    ActionKind.UNDO: marked("There is nothing to take back."),
    **dict.fromkeys(PUTS_OFF, marked("That is done already.")),
}
_REFUSED: Final[Mapping[ActResult, str]] = {
    ActResult.NOT_OFFERED: marked("That is no longer possible with this message. Nothing was changed."),
    ActResult.MUTED: marked("%(name)s is muted, so nothing can come again. Nothing was changed."),
    ActResult.NOT_FOLLOWED: marked(
        "You do not follow %(name)s any more, so nothing can come again. Nothing was changed."
    ),
}
