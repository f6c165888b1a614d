"""Tells whether a delivery may be tried again by hand (SPEC 7, `retry`)."""

from __future__ import annotations

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import State

_REFUSALS = {
    State.SENT: "was sent: --force sends it once more",
    State.SENDING: "is being sent just now",
    State.SUPERSEDED: "was superseded: another message said it all",
    State.SKIPPED: "was skipped: there is nothing to try again",
}

_NO_CODE = "was a code, which is kept no longer than it holds: ask for a new one where you sign in"


def refusal(state: State, kind: Kind, *, force: bool) -> str | None:
    """Return why a delivery of a message of this kind, in `state`, is not tried again, None when it is."""
    if kind is Kind.CODE:
        return _NO_CODE
    if state is State.SENT and force:
        return None
    return _REFUSALS.get(state)
