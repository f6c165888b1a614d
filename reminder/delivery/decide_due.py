"""Decides what is due: each subscription whose pointer has come, planned and settled, in batches."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection

from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.ledger import Decision, Subscription, TitleHistory
from reminder.core.schedule.decide import decide
from reminder.core.schedule.outlook import next_look
from reminder.core.schedule.plan import plan
from reminder.store.decisions import PUT_OFF, Settled
from reminder.store.due import due_rows
from reminder.store.load_plans import SubscriptionSnapshot, TitleCache, case_at, cases_at, put_off
from reminder.store.sql.row_fallback import whole_or_each

log = logging.getLogger(__name__)

MANY: Final = 400
"""Subscriptions decided in one transaction: few enough that nobody waits long for the database."""

FEW: Final = 200
"""As many while something is in flight: what is returned is not recorded before the transaction ends."""


def decide_due(tx: Connection, now: datetime, grace: timedelta, limit: int) -> tuple[list[Settled], bool]:
    """Return what is decided about the next subscriptions that are due at `now`, and whether there are more.

    They are some `limit`, and all of each person whom they are of.
    """
    due = due_rows(tx, now, limit)
    cases = whole_or_each(
        lambda: cases_at(tx, due.rows, now, TitleCache()),
        lambda: due.rows,
        lambda row: case_at(tx, row),
        lambda row: put_off(tx, row, now, now + PUT_OFF),
    )
    decider = Decider(now=now, grace=grace, alike=_alike(cases))
    return [decider.settled(case) for case in cases], due.more


@dataclass(frozen=True, kw_only=True)
class DecisionOutcome:
    """The result of one look."""

    decisions: tuple[Decision, ...]
    noticed_no: int
    next_due_at: datetime | None
    is_put_off: bool = False


@dataclass(kw_only=True)
class Decider:
    """Decides about the subscriptions of one transaction, once for all who say the same of the same title.

    When a premiere comes, they are very many: what is decided for them differs by settings, ladder and past, and not
    by the person's name or address. `alike` has somebody without either in the place of each who has the same settings
    as others.
    """

    now: datetime
    grace: timedelta
    alike: Mapping[int, Subscriber]
    _found: dict[Hashable, DecisionOutcome] = field(default_factory=dict)

    def settled(self, case: SubscriptionSnapshot) -> Settled:
        """Decide about one subscription; one that cannot be planned is put off, so that it stops nobody else."""
        sub = case.subscription
        person = None if case.story.recorded else self.alike.get(case.subscriber_id)
        try:
            found = self._look(sub, case.story) if person is None else self._shared(case, person)
        except Exception:
            log.exception(
                "subscription not planned",
                extra={"subscriber": sub.subscriber.name, "title": sub.title.key, "next_try": "in an hour"},
            )
            later = self.now + PUT_OFF
            found = DecisionOutcome(decisions=(), noticed_no=sub.noticed_no, next_due_at=later, is_put_off=True)
        return Settled(
            case=case,
            decisions=found.decisions,
            noticed_no=found.noticed_no,
            next_due_at=found.next_due_at,
            is_put_off=found.is_put_off,
        )

    def _shared(self, case: SubscriptionSnapshot, person: Subscriber) -> DecisionOutcome:
        """Look at a subscription of which nothing is recorded yet, or take what was found for another like it."""
        sub = case.subscription
        # By identity: to compare all of them costs half a look. The cases keep them, so no number comes twice.
        who = (id(person), id(sub.ladder), id(sub.since))
        same = (*who, case.title_id, sub.began_at, sub.noticed_no, sub.muted, sub.paused_until, sub.seen)
        if same not in self._found:
            self._found[same] = self._look(replace(sub, subscriber=person), case.story)
        return self._found[same]

    def _look(self, sub: Subscription, story: TitleHistory) -> DecisionOutcome:
        current = plan(sub, story, self.now, self.grace)
        decided = decide(sub, story, current, self.now)
        next_due_at = next_look(sub, story, current, decided, self.now, self.grace)
        return DecisionOutcome(decisions=decided.decisions, noticed_no=decided.noticed_no, next_due_at=next_due_at)


def _alike(cases: Iterable[SubscriptionSnapshot]) -> dict[int, Subscriber]:
    """Return who stands for each person who has the same settings as another, by the number of the person's row."""
    people = {case.subscriber_id: case.subscription.subscriber for case in cases}
    same: dict[Hashable, list[int]] = defaultdict(list)
    for id_, person in people.items():
        same[_SETTINGS(person), tuple(map(_OF_USE, person.channels)), _ranks(person)].append(id_)
    several = [(_nameless(people[ids[0]]), ids) for ids in same.values() if len(ids) > 1]
    return {id_: nobody for nobody, ids in several for id_ in ids}


_SETTINGS: Final = attrgetter(*(each.name for each in fields(Subscriber) if each.name not in {"name", "channels"}))
_OF_USE: Final = attrgetter(*(each.name for each in fields(ChannelUse) if each.name != "address"))


def _nameless(person: Subscriber) -> Subscriber:
    """Return somebody with the same settings: of the addresses only which of them are the same."""
    uses = zip(person.channels, _ranks(person), strict=True)
    return replace(person, name="", channels=tuple(replace(use, address=rank) for use, rank in uses))


def _ranks(person: Subscriber) -> tuple[str | None, ...]:
    addresses = [use.address for use in person.channels]
    return tuple(None if address is None else str(addresses.index(address)) for address in addresses)
