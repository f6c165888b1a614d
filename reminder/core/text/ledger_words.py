"""The words for what became of a message."""

from __future__ import annotations

from typing import Final

from reminder.core.model.ledger import State
from reminder.core.text.language import ENGLISH, Language


def state_words(state: State, language: Language = ENGLISH) -> str:
    """Return what became of a delivery, in plain words: `waits for its turn`."""
    return language.say(f"state.{state}")


STATE_WORDS: Final = {state: state_words(state) for state in State}
"""The same in English."""
