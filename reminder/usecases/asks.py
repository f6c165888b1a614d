"""What a page asks to be sent: it is written into the ledger like every other message, and the daemon sends it.

So whoever serves the page needs no channel's secret, and a code has the rates, retries and history of a message.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.config.names import did_you_mean
from reminder.core.errors import WrongInput
from reminder.core.model.own import is_proved
from reminder.core.text.message import AskedFrom
from reminder.core.wording import Wording
from reminder.store import asks as store
from reminder.store.asks import AskedTest
from reminder.store.people import Person, present_person
from reminder.usecases.messages import LARGEST

__all__ = ["AskedTest"]


def ask_code(
    tx: Connection, *, person: str, channels: Sequence[str], code: str, asked_from: AskedFrom, now: datetime
) -> None:
    """Have a code sent to a person over these channels of theirs, at once; `asked_from` tells where it was asked for.

    It holds for ten minutes, and what was not delivered by then never is. Raises WrongInput for a person or a channel
    that there is not.
    """
    whose = known_person(tx, person)
    _must_have(whose, channels)
    store.ask(tx, whose.id, channels, store.A_CODE, {"code": code, "asked_from": asked_from}, now)


def ask_test(tx: Connection, *, person: str, channel: str, now: datetime) -> int:
    """Have a test sent to a person over one channel of theirs, at once; return the number to ask `test_state` with.

    It is tried once, on a broken channel too, and one that works opens the channel again. Raises WrongInput for a
    person or a channel that there is not.
    """
    whose = known_person(tx, person)
    _must_have(whose, [channel])
    if not all(is_proved(use) for use in whose.subscriber.channels if use.name == channel):
        raise WrongInput(Wording("this address has still to prove itself: ask for a code, and type it in"))
    return store.ask(tx, whose.id, [channel], store.A_TEST, {"channel": channel}, now)


def test_state(tx: Connection, message_id: int, *, person: str | None) -> AskedTest | None:
    """Return how a test to this person goes, None for anybody's; None where there is no such test."""
    return store.asked_test(tx, min(message_id, LARGEST), person)


def known_person(tx: Connection, name: str) -> Person:
    """Return somebody who is there, by name. Raises WrongInput for nobody."""
    found = present_person(tx, name)
    if found is None:
        raise WrongInput(Wording('there is nobody called "%(name)s"', name=name))
    return found


def _must_have(whose: Person, channels: Collection[str]) -> None:
    uses = [use.name for use in whose.subscriber.channels]
    problems = [
        Wording(
            '%(person)s has no channel "%(channel)s": %(hint)s',
            person=whose.subscriber.name,
            channel=name,
            hint=did_you_mean(name, uses),
        )
        for name in channels
        if name not in uses
    ]
    if problems or not channels:
        raise WrongInput(*(problems or [Wording("%(person)s has no channel", person=whose.subscriber.name)]))
