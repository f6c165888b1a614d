"""Decides what is sent of what is due: one message about a release at once, a part for each channel (SPEC 4-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reminder.core.model.entities import ChannelUse, Kind, Role
from reminder.core.model.ledger import Decision, Reason, RecordedMessage, Ref, Slot, State, Subscription, TitleHistory
from reminder.core.schedule.moments import MISSED, NOTICE, Moment
from reminder.core.schedule.notices import Notice
from reminder.core.schedule.plan import Missed, Plan, Planned, PlanVerdict
from reminder.core.schedule.said import said_today
from reminder.core.schedule.season import ladder_role


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The result of one look at one subscription: the messages, and the change up to which this person is served."""

    decisions: tuple[Decision, ...]
    noticed_no: int


def decide(sub: Subscription, story: TitleHistory, plan: Plan, now: datetime) -> Decided:
    """Given a plan at `now`, return the messages that come due, with one slot a channel, and the changes settled."""
    notice = plan.notice if plan.notice and max(plan.notice.due_at, plan.awake_at) <= now else None
    hearing = _notice_slots(sub, notice, now) if notice else ()
    decisions = [*_groups(sub, story, plan, notice, hearing, now)]
    if notice:
        decisions.insert(0, _notice_decision(story, notice, hearing))
    decisions += [_missed_decision(sub, story, missed, now) for missed in plan.missed if missed.due_at <= now]
    # Changes that nobody needs to hear of are settled as soon as they are seen.
    settled = plan.last_no if notice or plan.notice is None else sub.noticed_no
    return Decided(decisions=tuple(decisions), noticed_no=settled)


def passed_over(story: TitleHistory, plan: Plan, before: datetime, last_no: int) -> Decided:
    """Given a plan made over an old copy of the ledger, decide not to send what fell due before an instant.

    It may have been sent after the copy was made: each is skipped, under its own key. `last_no` is the newest change
    that was decided about so far.
    """
    slots = (Slot(channel=None, state=State.SKIPPED, reason=Reason.RESTORED),)
    undecided = plan.with_verdict(PlanVerdict.DUE, PlanVerdict.EXPIRED, PlanVerdict.BEFORE_CHANGE)
    late = [item.moment for item in undecided if item.moment.due_at < before]
    decisions = [_moment_decision(story, moment, slots) for moment in late]
    if plan.notice is None or plan.notice.due_at >= before:
        return Decided(decisions=tuple(decisions), noticed_no=last_no)
    return Decided(decisions=(_notice_decision(story, plan.notice, slots), *decisions), noticed_no=plan.last_no)


def _groups(
    sub: Subscription, story: TitleHistory, plan: Plan, notice: Notice | None, hearing: Sequence[Slot], now: datetime
) -> Iterator[Decision]:
    by_ref: dict[Ref, list[Planned]] = {}
    for item in plan.planned:
        by_ref.setdefault(item.moment.release.ref, []).append(item)
    for ref, of_ref in by_ref.items():
        yield from (_expired_decision(sub, story, item) for item in of_ref if item.verdict is PlanVerdict.EXPIRED)
        due = _due_together(of_ref, notice)
        if due:
            covered = _hearing_channels(hearing) if notice and ref in notice.tells else frozenset()
            yield from _merged(sub, story, due, covered, now)


def _due_together(items: Sequence[Planned], notice: Notice | None) -> list[Planned]:
    """Return what is due at once about one release.

    What had passed when a change was seen waits for the notice, and is told by it or in its place; a lead for the new
    date that comes due before the notice has told it as well.
    """
    due = [item for item in items if item.verdict is PlanVerdict.DUE]
    if due or notice:
        due += [item for item in items if item.verdict is PlanVerdict.BEFORE_CHANGE]
    return due


def _merged(
    sub: Subscription, story: TitleHistory, due: list[Planned], covered: frozenset[str], now: datetime
) -> Iterator[Decision]:
    """Yield one message for the latest of several leads, the rest superseded; who hears the notice has it all."""
    *earlier, latest = sorted(due, key=lambda item: (item.moment.at, item.moment.lead is None))
    for item in earlier:
        uses = _uses(sub, item.moment.kind, item.moment.role, item.moment.at)
        slots = [_superseded(use.name, covered) for use in uses]
        yield _moment_decision(story, item.moment, _wanted(sub, slots, item.moment))
    uses = _uses(sub, latest.moment.kind, latest.moment.role, latest.moment.at)
    until = latest.moment.useful_until
    said = said_today(sub, story, latest.moment, now)
    slots = [
        _superseded(use.name, covered) if use.name in covered else _said_or_due(use.name, said, until, now)
        for use in uses
    ]
    yield _moment_decision(story, latest.moment, _wanted(sub, slots, latest.moment))


def _superseded(channel: str, covered: frozenset[str]) -> Slot:
    reason = Reason.BY_NOTICE if channel in covered else Reason.BY_LATER
    return Slot(channel=channel, state=State.SUPERSEDED, reason=reason)


def _said_or_due(channel: str, said: frozenset[str], useful_until: datetime, now: datetime) -> Slot:
    if channel in said and useful_until >= now:
        return Slot(channel=channel, state=State.SUPERSEDED, reason=Reason.SAID_TODAY)
    return _due(channel, useful_until, now)


def _due(channel: str, useful_until: datetime, now: datetime) -> Slot:
    if useful_until < now:
        return Slot(channel=channel, state=State.EXPIRED, reason=Reason.OVER)
    return Slot(channel=channel, state=State.DUE)


def _wanted(sub: Subscription, slots: Iterable[Slot], moment: Moment) -> tuple[Slot, ...]:
    """Return the slots of a moment, all skipped where it is not wanted; the one slot of what nobody hears."""
    wanted = _silenced(sub, slots, moment.due_at, moment.release.ref)
    return wanted or _no_use(sub, moment.kind, moment.role)


def _no_use(sub: Subscription, kind: Kind, role: Role) -> tuple[Slot, ...]:
    """Return the slot of what nobody hears: no channel takes it, or those that do came later and are owed nothing."""
    is_later = any(use.takes(kind, role) for use in sub.subscriber.channels)
    reason = Reason.ADDED_LATER if is_later else Reason.NO_CHANNEL
    return (Slot(channel=None, state=State.SKIPPED, reason=reason),)


def _silenced(sub: Subscription, slots: Iterable[Slot], due_at: datetime, ref: Ref | None = None) -> tuple[Slot, ...]:
    """Return the slots of a message due at `due_at`; one that is not wanted is skipped on all of them."""
    reason = silence_of(sub, due_at, ref)
    if reason is None:
        return tuple(slots)
    return tuple(Slot(channel=slot.channel, state=State.SKIPPED, reason=reason) for slot in slots)


def silence_of(sub: Subscription, due_at: datetime, ref: Ref | None = None) -> Reason | None:
    """Return why a message due at `due_at` is not wanted: the title is muted, or a pause was on (SPEC 7).

    One that only says when a release comes out, and is given as its `ref`, is not wanted either once that was seen.
    """
    if sub.is_muted:
        return Reason.MUTED
    if ref is not None and ref in sub.seen:
        return Reason.SEEN
    return Reason.PAUSED if sub.silent_until is not None and due_at < sub.silent_until else None


def _uses(sub: Subscription, kind: Kind, role: Role, at: datetime) -> list[ChannelUse]:
    """Return the channels that take such a message and were there at its moment; a later one is owed nothing.

    Where those that were there then are all gone, it goes to the ones there are now. One place is told once.
    """
    person = sub.subscriber
    uses = [use for use in person.channels if use.takes(kind, role)]
    there = [use for use in uses if use.since_at is None or use.since_at <= at]
    if not there and any(former.was_there(at) and former.use.takes(kind, role) for former in person.former_uses):
        there = uses
    return apart(there)


def apart(uses: Iterable[ChannelUse]) -> list[ChannelUse]:
    """Return uses without those that lead where an earlier one does."""
    places: dict[object, ChannelUse] = {}
    for use in uses:
        places.setdefault(use.place or use.name, use)
    return list(places.values())


def _hearing_channels(slots: Iterable[Slot]) -> frozenset[str]:
    return frozenset(slot.channel for slot in slots if slot.channel is not None and slot.state is not State.SKIPPED)


def _notice_slots(sub: Subscription, notice: Notice, now: datetime) -> tuple[Slot, ...]:
    if notice.kind is None:
        untold = Reason.PUT_RIGHT if notice.is_slip else Reason.MOVED_BACK
        reason = Reason.KNOWN if notice.is_known else untold
        return (Slot(channel=None, state=State.SUPERSEDED, reason=reason),)
    if notice.kind not in sub.subscriber.notices:
        return (Slot(channel=None, state=State.SKIPPED, reason=Reason.NOT_WANTED),)
    role = ladder_role(sub.title, notice.release)
    slots = [_due(use.name, notice.useful_until, now) for use in _uses(sub, notice.kind, role, notice.at)]
    return _silenced(sub, slots, notice.due_at) or _no_use(sub, notice.kind, role)


def _notice_decision(story: TitleHistory, notice: Notice, slots: tuple[Slot, ...]) -> Decision:
    return Decision(
        ref=notice.release.ref,
        what=NOTICE,
        anchor=str(notice.no),
        kind=notice.kind or Kind.MOVED,
        lead=None,
        release=notice.release,
        planned=notice.release.when,
        heard=notice.heard,
        change_no=story.last_no,
        at=notice.at,
        due_at=notice.due_at,
        useful_until=notice.useful_until,
        slots=slots,
        others=notice.later,
    )


def _expired_decision(sub: Subscription, story: TitleHistory, item: Planned) -> Decision:
    uses = _uses(sub, item.moment.kind, item.moment.role, item.moment.at)
    slots = [Slot(channel=use.name, state=State.EXPIRED, reason=Reason.OVER) for use in uses]
    return _moment_decision(story, item.moment, _wanted(sub, slots, item.moment))


def _missed_decision(sub: Subscription, story: TitleHistory, missed: Missed, now: datetime) -> Decision:
    role = ladder_role(sub.title, missed.release)
    slots = [_due(use.name, missed.useful_until, now) for use in _uses(sub, Kind.MISSED, role, missed.at)]
    return Decision(
        ref=missed.release.ref,
        what=MISSED,
        anchor=missed.release.when.json() or "",
        kind=Kind.MISSED,
        lead=None,
        release=missed.release,
        planned=missed.release.when,
        heard=None,
        change_no=story.last_no,
        at=missed.at,
        due_at=missed.due_at,
        useful_until=missed.useful_until,
        slots=_silenced(sub, slots, missed.due_at, missed.release.ref) or _no_use(sub, Kind.MISSED, role),
    )


def _moment_decision(story: TitleHistory, moment: Moment, slots: tuple[Slot, ...]) -> Decision:
    return Decision(
        ref=moment.release.ref,
        what=moment.what,
        anchor=moment.anchor,
        kind=moment.kind,
        lead=moment.lead.spelling if moment.lead else None,
        release=moment.release,
        planned=moment.release.when,
        heard=None,
        change_no=story.last_no,
        at=moment.at,
        due_at=moment.due_at,
        useful_until=moment.useful_until,
        slots=slots,
        reopens=_skipped_before(story.lines_of(moment.release.ref), moment),
    )


def _skipped_before(lines: Iterable[RecordedMessage], moment: Moment) -> int | None:
    for line in lines:
        if line.what == moment.what and line.planned == moment.release.when and line.state is State.SKIPPED:
            return line.id
    return None
