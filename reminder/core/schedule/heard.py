"""Tells which date of a release somebody last heard of: by what was sent, else as the subscription began (SPEC 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.ledger import DateChange, Ref, Subscription, TitleHistory
from reminder.core.sourcing.restless import is_told_beside


def heard(sub: Subscription, story: TitleHistory, ref: Ref) -> When:
    """Return the date of a release that this person last heard of, else the one when the subscription began."""
    told = max(told_dates(sub, story, ref), key=lambda item: item[:2], default=None)
    if told is not None:
        return told[2]
    return next(_stood(sub, story, ref), UNKNOWN)


SLIP: Final = timedelta(days=1)
"""A date that stood for less than this, and of which nobody was told, was a slip (SPEC 5)."""


def _stood(sub: Subscription, story: TitleHistory, ref: Ref) -> Iterator[When]:
    """Yield the dates of a release since the subscription began that were no slips; the present one is the last."""
    present = next((dated for dated in story.releases if dated.release.ref == ref), None)
    earlier = [change.seen_at for change in story.changes_of(ref) if change.seen_at <= sub.began_at]
    since = max(earlier, default=present.seen_at if present else None)
    for change in changes_since(sub, story, ref):
        if not change.corrects and not _is_slip(change, since):
            yield change.before
        since = change.seen_at
    if present is not None:
        yield present.release.when


def _is_slip(change: DateChange, since: datetime | None) -> bool:
    """Tell whether a date that stood from `since` until a change was a slip."""
    says_a_date = change.before.is_dated or change.before.is_coarse
    return says_a_date and since is not None and change.seen_at - since < SLIP


def told_dates(sub: Subscription, story: TitleHistory, ref: Ref) -> Iterator[tuple[datetime, int, When]]:
    """Yield when a date of the release was told, up to which change, and the date.

    A notice about another release of the title stands for all that changed with it.
    """
    for line in story.lines_of(ref):
        if line.sent_at is not None and line.sent_at >= sub.began_at:
            yield line.sent_at, line.change_no, line.planned
    changes = changes_since(sub, story, ref)
    for line in story.notices:
        if line.ref == ref or line.sent_at is None or line.sent_at < sub.began_at:
            continue
        covered = [change for change in changes if change.no <= line.change_no]
        if covered and is_told_beside(covered, ref, line.sent_at):
            yield line.sent_at, line.change_no, covered[-1].after


def changes_since(sub: Subscription, story: TitleHistory, ref: Ref) -> list[DateChange]:
    """Return the changes of a release seen after the subscription began, in their order."""
    return [change for change in story.changes_of(ref) if change.seen_at > sub.began_at]
