"""Every sentence that a message says, and those of the page that belong to releases and messages, by id (SPEC 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.text.action_sentences import ACTION_SENTENCES
from reminder.core.text.list_sentences import LIST_SENTENCES
from reminder.core.text.message_sentences import MESSAGE_SENTENCES
from reminder.core.text.release_sentences import release_sentences
from reminder.core.text.sentence import SentenceEntry, table

SENTENCES: Final[Mapping[str, SentenceEntry]] = table(
    release_sentences(), MESSAGE_SENTENCES, LIST_SENTENCES, ACTION_SENTENCES
)
"""The table. An id is kind and time, as in `premiere.in_days`."""
