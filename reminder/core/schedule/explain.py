"""Explains what will be sent about a title, what will not, and why, before it happens (`why`, `check`)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from reminder.core.dates.when import CANCELLED, UNKNOWN, When
from reminder.core.model.entities import Kind, Release, Title
from reminder.core.model.ledger import OPEN, DateChange, Decision, Reason, Ref, State, Subscription, TitleHistory
from reminder.core.schedule.moments import Moment, moments, without_moment
from reminder.core.schedule.notice_kinds import notice_kind
from reminder.core.schedule.outlook import outlook
from reminder.core.schedule.plan import Plan, Planned, PlanVerdict, plan
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.list_sentences import NO_DAY
from reminder.core.text.phrases import ReaderSettings, expected, span_name
from reminder.core.text.sentence import Value
from reminder.core.wording import Translator, Wording

CAME_OUT: Final = "it came out on"
"""How the reason begins, in English, that a title is over."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One message that is not in the ledger: it will be sent at `at`, or, with a `reason`, it will not.

    `release.when` is the date it is, or was, planned against. `channels` is empty where it concerns all of them.
    """

    release: Release
    kind: Kind
    lead: str | None
    at: datetime | None
    channels: tuple[str, ...] = ()
    reason: str | None = None


def explain(
    sub: Subscription, story: TitleHistory, *, now: datetime, end: datetime, grace: timedelta
) -> tuple[Explained, ...]:
    """Return what one person will be sent about one title from `now` until `end`, and what not, with the reason.

    What the ledger holds already is not repeated here, but for channels that came too late for it.
    """
    return explain_beside(sub, story, outlook(sub, story, start=now, end=end, grace=grace), now=now, grace=grace)


def explain_beside(
    sub: Subscription,
    story: TitleHistory,
    decided: Iterable[tuple[datetime, Decision]],
    *,
    now: datetime,
    grace: timedelta,
) -> tuple[Explained, ...]:
    """Return what `explain` does, given what will be `decided`, and when, as `outlook` plays it through."""
    current = plan(sub, story, now, grace)
    former = tuple(_former(sub, story, grace))
    found = [
        *former,
        *_not_owed(current),
        *_late_channels(sub, current),
        *_without_moment(sub, story, {(item.release.ref, item.lead) for item in former}),
        *_ahead(decided),
    ]
    return tuple(sorted(found, key=lambda item: (item.at is None, item.at.timestamp() if item.at else 0.0)))


def _of(moment: Moment, *, reason: str | None = None, channels: tuple[str, ...] = ()) -> Explained:
    lead = str(moment.lead) if moment.lead else None
    return Explained(
        release=moment.release, kind=moment.kind, lead=lead, at=moment.at, channels=channels, reason=reason
    )


def _not_owed(current: Plan) -> Iterator[Explained]:
    silent = current.with_verdict(PlanVerdict.NOT_OWED, PlanVerdict.FORGOTTEN)
    yield from (_of(item.moment, reason=item.reason) for item in silent)


def _late_channels(sub: Subscription, current: Plan) -> Iterator[Explained]:
    """Yield what was decided before a channel was there: it is owed nothing."""
    for item in current.with_verdict(PlanVerdict.RECORDED):
        moment = item.moment
        uses = [use for use in sub.subscriber.channels if use.takes(moment.kind, moment.role)]
        late = tuple(use.name for use in uses if use.since_at is not None and use.since_at > moment.at)
        if late:
            yield _of(moment, reason=Reason.ADDED_LATER, channels=late)


def _without_moment(
    sub: Subscription, story: TitleHistory, told: Container[tuple[Ref, str | None]]
) -> Iterator[Explained]:
    """Yield the leads that have no moment: the hour, or the day, is not known, or it was cancelled.

    What is `told` of a cancelled release, as a lead of the date it had, is not told twice.
    """
    recorded = {(line.ref, line.what) for line in story.recorded}
    for dated in story.releases:
        release = dated.release
        reason = _why_no_moment(release.when)
        for lead in without_moment(sub, release):
            known = (release.ref, str(lead)) in told or (release.ref, lead.key) in recorded
            if release.when == CANCELLED and known:
                continue
            yield Explained(release=release, kind=Kind.REMINDER, lead=str(lead), at=None, reason=reason)


def _why_no_moment(when: When) -> str:
    if when.is_dated:
        return Reason.NO_TIME
    return Reason.CANCELLED if when == CANCELLED else NO_DAY


def _former(sub: Subscription, story: TitleHistory, grace: timedelta) -> Iterator[Explained]:
    """Yield the messages of dates that no longer hold, whose moments had not come when the date changed.

    A date that changed several times is told of with the reason of the last change.
    """
    found: dict[tuple[Ref, str, When], Explained] = {}
    present = {dated.release.ref: dated.release for dated in story.releases}
    for change in story.changes:
        release = present.get(change.ref)
        if release is None or release.when == change.before or not _is_notable(change, sub.subscriber.zone):
            continue
        reason = Reason.CANCELLED if change.after == CANCELLED else Reason.MOVED
        for moment in moments(sub, replace(release, when=change.before), sub.began_at, grace):
            if moment.is_owed and moment.at > change.seen_at and not _is_recorded(story, moment):
                found[release.ref, moment.what, change.before] = _of(moment, reason=reason)
    yield from found.values()


def _is_notable(change: DateChange, zone: ZoneInfo) -> bool:
    return notice_kind(change.before, change.after, zone) is not None


def _is_recorded(story: TitleHistory, moment: Moment) -> bool:
    key = (moment.what, moment.release.when)
    return any((line.what, line.planned) == key for line in story.lines_of(moment.release.ref))


def _ahead(decided: Iterable[tuple[datetime, Decision]]) -> Iterator[Explained]:
    for at, decision in decided:
        going = bool(decision.channels)
        yield Explained(
            release=decision.release,
            kind=decision.kind,
            lead=decision.lead,
            at=at if going else decision.at,
            channels=decision.channels or tuple(slot.channel for slot in decision.slots if slot.channel),
            reason=None if going else decision.slots[0].reason,
        )


# Why nothing is to come ----------------------------------------------------------------------------------------------


def silence(
    title: Title, cases: Sequence[tuple[Subscription, TitleHistory]], *, zone: ZoneInfo, now: datetime, grace: timedelta
) -> str:
    """Return why no message about a title is to come, given all subscriptions, for somebody at a terminal.

    Dates are counted in `zone`. Where a command says more, it is named. In another language it is said without that.
    """

    def said(language: Language) -> tuple[str, str]:
        form, values = _silence(title, cases, zone, now, grace, language)
        return form, language.say(f"silence.{form}", **values)

    form, text = said(ENGLISH)
    return _SilenceWording(
        "%(text)s", text=text + (WHY if form in _WHY_SAYS_MORE else ""), said_in=lambda language: said(language)[1]
    )


class _SilenceWording(Wording):
    """Why nothing is to come, with the dates in it as each language writes them."""

    def translated(self, translator: Translator) -> str:
        """Return the sentence."""
        said_in = cast("Callable[[Language], str]", self.values["said_in"])
        return said_in(cast("Language", translator))


def silence_words(
    title: Title,
    cases: Sequence[tuple[Subscription, TitleHistory]],
    reader: ReaderSettings,
    now: datetime,
    grace: timedelta,
) -> str:
    """Return the same to a reader of the page, in their zone and language."""
    form, values = _silence(title, cases, reader.zone, now, grace, reader.language)
    return reader.language.say(f"silence.{form}", **values)


_Why = tuple[str, Mapping[str, Value]]
"""The sentence that says why nothing is to come: the last part of its id, and what fills it."""


def _silence(
    title: Title,
    cases: Sequence[tuple[Subscription, TitleHistory]],
    zone: ZoneInfo,
    now: datetime,
    grace: timedelta,
    language: Language,
) -> _Why:
    if not cases:
        return "nobody", {}
    if (quiet := _wanted_by_nobody(cases, now)) is not None:
        return quiet, {}
    if title.cancelled:
        return "cancelled", {}
    whens = [dated.release.when for dated in cases[0][1].releases]
    today = now.astimezone(zone).date()
    if any((when.day_in(zone) or date.min) >= today for when in whens):
        return _silence_before(cases, now, grace), {}
    return _silence_without_day(whens, zone, today, language)


def _silence_without_day(whens: Sequence[When], zone: ZoneInfo, today: date, language: Language) -> _Why:
    """Say why nothing is to come about releases of which none has a day still ahead."""
    passed = next((when for when in whens if has_passed(when, today)), None)
    if passed is not None:
        return "passed", {"span": span_name(passed, language)}
    coarse = next((when for when in whens if when.is_coarse), None)
    if coarse is not None:
        return "expected", {"when": expected(coarse, language)}
    days = [day for when in whens if (day := when.day_in(zone)) is not None]
    if not days:
        return "no_date", {}
    return ("no_next_date", {}) if UNKNOWN in whens else ("came_out", {"day": language.dated(max(days))})


def _wanted_by_nobody(cases: Sequence[tuple[Subscription, TitleHistory]], now: datetime) -> str | None:
    if all(sub.is_muted for sub, _ in cases):
        return "muted"
    paused = all(sub.silent_until is not None and sub.silent_until > now for sub, _ in cases)
    return "paused" if paused else None


def has_passed(when: When, today: date) -> bool:
    """Tell whether a month, quarter, season or year went by without a day becoming known."""
    span = when.span()
    return when.is_coarse and span is not None and span[1] < today


def _silence_before(cases: Sequence[tuple[Subscription, TitleHistory]], now: datetime, grace: timedelta) -> str:
    """Say why nothing is to come about a release whose day is still ahead, or today."""
    awake = [(sub, story) for sub, story in cases if not sub.is_muted]
    if not any(sub.subscriber.channels for sub, _ in awake):
        return "no_channel"
    planned = [(sub, item) for sub, story in awake for item in plan(sub, story, now, grace).planned]
    if not planned:
        return _why_no_lead(awake)
    return _why_unheard(planned) or _of_verdicts([item for _, item in planned])


def _why_unheard(planned: Sequence[tuple[Subscription, Planned]]) -> str | None:
    """Return why nobody hears any of these messages, whatever becomes of each; None where somebody may."""
    if all(item.moment.release.ref in sub.seen for sub, item in planned):
        return "seen"
    taken = any(_is_taken(sub, item.moment) for sub, item in planned)
    return None if taken else "not_taken"


def _why_no_lead(cases: Sequence[tuple[Subscription, TitleHistory]]) -> str:
    dated = [(sub, d.release) for sub, story in cases for d in story.releases if d.release.when.is_dated]
    counts_hours = any(without_moment(sub, release) for sub, release in dated)
    return "hours_only" if counts_hours else "no_leads"


def _is_taken(sub: Subscription, moment: Moment) -> bool:
    return any(use.takes(moment.kind, moment.role) for use in sub.subscriber.channels)


def _of_verdicts(planned: Sequence[Planned]) -> str:
    states = {item.recorded.state for item in planned if item.recorded}
    if states & OPEN:
        return "on_its_way"
    if states & {State.FAILED, State.EXPIRED}:
        return "not_all_sent"
    if State.SENT in states:
        return "all_sent"
    late = {item.reason for item in planned if item.verdict is PlanVerdict.NOT_OWED}
    if late:
        return "added_late" if late == {Reason.ADDED_LATER} else "followed_late"
    if states == {State.SUPERSEDED}:
        return "said_otherwise"
    return "passed_over"


WHY: Final = ": `reminder why` says more"
_WHY_SAYS_MORE: Final = frozenset({"not_all_sent", "passed_over"})
