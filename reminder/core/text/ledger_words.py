"""The words for what became of a message."""

from __future__ import annotations

from typing import Final

from reminder.core.model.ledger import State

STATE_WORDS: Final = {
    State.DUE: "waits for its turn",
    State.SENDING: "on its way",
    State.RETRYING: "failed, is tried again",
    State.SENT: "sent",
    State.SUPERSEDED: "left out",
    State.EXPIRED: "too late to be of use",
    State.FAILED: "given up",
    State.SKIPPED: "not sent",
}
"""What became of a delivery, in plain words."""
