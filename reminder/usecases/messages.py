"""Messages: what was sent, what was not and why, and trying a delivery again.

Every function works in the transaction `tx` that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.ledger import State
from reminder.core.schedule.explain import Explained, explain
from reminder.core.sending.manual_retry import refusal
from reminder.store import history as ledger
from reminder.store.history import Filter, HistoryEntry
from reminder.store.load_plans import SubscriptionSnapshot, all_cases
from reminder.store.title_commands import StoredTitle
from reminder.store.title_reads import stopped_by
from reminder.usecases.agenda import END_OF_TIME, why_silent
from reminder.usecases.own_silence import OwnSilence, own_silences
from reminder.usecases.titles import find_title, keys_called

__all__ = ["HistoryEntry"]

LARGEST: Final = 2**63 - 1
"""A database takes no larger number."""


@dataclass(frozen=True, kw_only=True)
class History:
    """Rows of the ledger, newest first; how many more there are, and whether only some kind was asked for."""

    entries: list[HistoryEntry]
    older: int
    is_filtered: bool


def history(
    tx: Connection,
    *,
    title: str | None = None,
    subscriber: str | None = None,
    channel: str | None = None,
    state: State | None = None,
    limit: int | None = None,
) -> History:
    """Return what the ledger holds of this title, person, channel and state; at most `limit` rows, all for None or 0.

    Raises WrongInput when no title is called so.
    """
    keys = keys_called(tx, title) if title else None
    asked = Filter(title_keys=keys, subscriber=subscriber, channel=channel, state=state)
    entries = ledger.history(tx, asked, limit=min(limit, LARGEST) if limit else None)
    return History(entries=entries, older=ledger.count(tx, asked) - len(entries), is_filtered=asked != Filter())


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """Some rows of the ledger, newest first; `next` is the place of the last one, None where none is older."""

    entries: list[HistoryEntry]
    next: tuple[datetime, int] | None


def ledger_page(
    tx: Connection,
    *,
    title_id: int | None,
    subscriber: str | None,
    channel: str | None,
    state: State | None,
    before: tuple[datetime, int] | None,
    limit: int,
) -> LedgerPage:
    """Return `limit` rows about this title, person, channel and state, from behind the place `before` on."""
    ids = None if title_id is None else [title_id]
    asked = Filter(title_ids=ids, subscriber=subscriber, channel=channel, state=state, before=before)
    found = ledger.history(tx, asked, limit=limit + 1)
    page = found[:limit]
    return LedgerPage(entries=page, next=(page[-1].at, page[-1].id) if len(found) > limit else None)


@dataclass(frozen=True, kw_only=True)
class ExplainedTitle:
    """The deliveries about a title, oldest first, and what each subscription will and will not send.

    `silence` says why nothing more will be sent, for where that is so; `stopped` who has stopped following it, when;
    `own` what else people have chosen for themselves that keeps it from them.
    """

    kept: StoredTitle
    entries: list[HistoryEntry]
    explained: list[tuple[SubscriptionSnapshot, Explained]]
    silence: str
    stopped: Mapping[str, datetime] = field(default_factory=dict)
    own: Sequence[OwnSilence] = ()


def explain_title(
    tx: Connection, words: Sequence[str], subscriber: str | None, *, zone: ZoneInfo, now: datetime, grace: timedelta
) -> ExplainedTitle:
    """Return what was, will be and will not be sent about a title. Raises WrongInput, with the nearest name."""
    return explain_kept(tx, find_title(tx, words), subscriber, zone=zone, now=now, grace=grace)


def explain_kept(
    tx: Connection, kept: StoredTitle, subscriber: str | None, *, zone: ZoneInfo, now: datetime, grace: timedelta
) -> ExplainedTitle:
    """Return what was, will be and will not be sent about a title that is kept, to everybody or to one person."""
    key = kept.listing.title.key
    entries = ledger.history(tx, Filter(title_keys=frozenset({key}), subscriber=subscriber))
    cases = all_cases(tx, title_key=key, name=subscriber)
    stopped = {name: at for name, at in stopped_by(tx, kept.id) if subscriber in {None, name}}
    silence = "nobody follows it"
    if subscriber in stopped:
        silence = f"{subscriber} has stopped following it"
    elif subscriber is not None:
        silence = f"{subscriber} does not follow it"
    if cases:
        silence = why_silent(cases[0].subscription.title, cases, zone=zone, now=now, grace=grace)
    explained = [
        (case, each)
        for case in cases
        for each in explain(case.subscription, case.story, now=now, end=END_OF_TIME, grace=grace)
    ]
    return ExplainedTitle(
        kept=kept,
        entries=entries[::-1],
        explained=explained,
        silence=silence,
        stopped=stopped,
        own=own_silences(tx, kept.id, subscriber, now),
    )


def delivery_of(tx: Connection, number: int, subscriber: str | None) -> HistoryEntry | None:
    """Return the delivery of this number, with a `subscriber` one of theirs; None where there is none."""
    found = ledger.history(tx, Filter(ids=(number,), subscriber=subscriber)) if number <= LARGEST else []
    return next(iter(found), None)


def retry(
    tx: Connection, ids: Sequence[int], now: datetime, grace: timedelta, *, force: bool, subscriber: str | None = None
) -> list[HistoryEntry]:
    """Have deliveries tried again from `now` on, and return them; `force` takes those too that were sent.

    With a `subscriber` only theirs are known. Raises WrongInput with every one that is unknown or cannot be tried.
    """
    chosen = Filter(ids=tuple(id_ for id_ in ids if id_ <= LARGEST), subscriber=subscriber)
    known = {entry.id: refusal(entry.state, entry.kind, force=force) for entry in ledger.history(tx, chosen)}
    problems = [f"{id_} is no delivery: `reminder history` lists them" for id_ in ids if id_ not in known]
    problems += [f"{id_} {reason}" for id_, reason in known.items() if reason]
    if problems:
        raise WrongInput(*problems)
    ledger.reopen(tx, ids, now, now + grace)
    return ledger.history(tx, chosen)
