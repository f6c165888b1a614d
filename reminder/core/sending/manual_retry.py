"""Tells whether a delivery may be tried again by hand (SPEC 7, `retry`)."""

from __future__ import annotations

from reminder.core.model.ledger import State

_REFUSALS = {
    State.SENT: "was sent: --force sends it once more",
    State.SENDING: "is being sent just now",
    State.SUPERSEDED: "was superseded: another message said it all",
    State.SKIPPED: "was skipped: there is nothing to try again",
}


def refusal(state: State, *, force: bool) -> str | None:
    """Return why a delivery in `state` is not tried again, None when it is."""
    if state is State.SENT and force:
        return None
    return _REFUSALS.get(state)
