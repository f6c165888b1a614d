"""Asks the source of one title, and another source of the same work."""

from __future__ import annotations

from datetime import datetime

from reminder.core.sourcing.answers import AccessRefused, EmptyAnswer, NoAnswer, SourceTitle, WorkForm, WorkStatus
from reminder.refresh.failing import own_fault
from reminder.refresh.feeds import FeedReader
from reminder.refresh.notes import key_of
from reminder.refresh.report import RefreshReport
from reminder.sources.build import Catalogues
from reminder.sources.ical import ICal
from reminder.store.followed import SourceState
from reminder.store.title_commands import StoredTitle


def heard(
    there: Catalogues, item: StoredTitle, known: SourceState, feeds: FeedReader, now: datetime, report: RefreshReport
) -> SourceTitle | NoAnswer | None:
    """Return what a source says of a title; None where asking it failed, which is that title's own fault."""
    report.tried.add(key_of(item))
    found: list[SourceTitle | NoAnswer] = []
    with own_fault(report, key_of(item), item.listing.title.name):
        found.append(_ask(there, known, feeds, now))
    return found[0] if found else None


def _ask(there: Catalogues, known: SourceState, feeds: FeedReader, now: datetime) -> SourceTitle | NoAnswer:
    ref, source = known.pin.ref, there.source(known.pin.source, known.pin.ref)
    if source is None:
        return AccessRefused(reason=f"{known.pin.source} is not set up")
    answer = feeds.fetch(source, ref, now) if isinstance(source, ICal) else source.fetch(ref, now.date())
    if isinstance(answer, SourceTitle) and _is_emptied(answer, known.answer):
        return EmptyAnswer(reason="it has no dates at all, where it had some")
    return answer


def second_answer(there: Catalogues, known: SourceState, answer: SourceTitle, now: datetime) -> SourceTitle | None:
    """Return what another source says of the same work; its silence is no news."""
    for name, source in there.sources.items():
        if name == answer.source:
            continue
        known_ref = known.second.ref if known.second and known.second.source == name else None
        ref = known_ref or source.find(answer.ids)
        found = source.fetch(ref, now.date()) if isinstance(ref, str) else None
        if isinstance(found, SourceTitle):
            return found
    return known.second


def _is_emptied(answer: SourceTitle, before: SourceTitle | None) -> bool:
    """Tell whether an answer has lost everything that the one before had, and does not say that the work is over."""
    if before is None or answer.standing in {WorkStatus.ENDED, WorkStatus.CANCELLED}:
        return False
    had, has = (any(item.number is not None for item in each.releases) for each in (before, answer))
    return bool(before.releases) and (not answer.releases or (had and not has and answer.form is WorkForm.SERIES))
