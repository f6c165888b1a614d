"""Rows of messages: to come (`plan`), sent (`simulate`), in the ledger (`history`), explained (`why`) (SPEC 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated, Final, Literal, NotRequired

from typing_extensions import TypedDict

from reminder.core.model.entities import Kind, Release, Title
from reminder.core.model.ledger import State
from reminder.core.schedule.explain import Explained
from reminder.delivery.forecast import ForecastMessage
from reminder.delivery.render import write
from reminder.delivery.sender import SendResult
from reminder.platform.clock import utc_text
from reminder.texts.templates.engine import Templates
from reminder.usecases.messages import HistoryEntry
from reminder.usecases.rows.fields import (
    Attribution,
    ChannelName,
    Exactness,
    FieldText,
    Instant,
    LeadText,
    LocalInstant,
    PersonName,
    ReleaseLabel,
    TitleName,
    WhenText,
    credited,
    credited_titles,
    local_text,
    times,
    utc_or_none,
    when_fields,
)
from reminder.usecases.titles import SubscriptionSnapshot

TO_COME: Final = "to come"
NEVER: Final = "not sent"

Outlook = Literal["to come", "not sent"]


class TopicFields(TypedDict):
    """The one release that a message is about; all null in a digest."""

    title: TitleName | None
    release: ReleaseLabel | None
    when: WhenText | None
    precision: Exactness | None


class PlannedRow(TypedDict):
    """One message to come, with the words that it would have."""

    at: Instant
    local_at: LocalInstant
    subscriber: PersonName
    channels: Annotated[list[str], FieldText("The channels that it goes over.")]
    title: TitleName | None
    release: ReleaseLabel | None
    when: WhenText | None
    precision: Exactness | None
    kind: Kind
    lead: LeadText
    subject: Annotated[str, FieldText("Its first line.")]
    body: Annotated[str, FieldText("Its text without any markup.")]
    attribution: NotRequired[Attribution]


class SimulatedRow(TypedDict):
    """One message as it went over one channel."""

    at: Instant
    local_at: LocalInstant
    subscriber: PersonName
    channel: ChannelName
    title: TitleName | None
    release: ReleaseLabel | None
    when: WhenText | None
    precision: Exactness | None
    kind: Kind
    lead: LeadText
    subject: Annotated[str, FieldText("Its first line.")]
    body: Annotated[str, FieldText("Its text without any markup.")]
    attribution: NotRequired[Attribution]


class HistoryRow(TypedDict):
    """One delivery of the ledger."""

    id: Annotated[int, FieldText("Its number, by which `retry` knows it.")]
    at: Instant
    due_at: Instant
    next_at: Instant | None
    subscriber: PersonName
    channel: ChannelName | None
    title: TitleName | None
    release: ReleaseLabel | None
    when: WhenText | None
    kind: Kind
    lead: LeadText
    state: State
    reason: Annotated[str | None, FieldText("Why it is in that state, or what the service answered.")]
    attempts: Annotated[int, FieldText("How often it was tried.")]
    attribution: NotRequired[Attribution]


class WhyRow(TypedDict):
    """What was, will be or will not be sent about a title."""

    id: Annotated[int | None, FieldText("The number of its delivery, null for what is not in the ledger.")]
    at: Instant | None
    local_at: LocalInstant | None
    subscriber: PersonName
    channels: Annotated[list[str], FieldText("The channels concerned; none where it concerns all of them.")]
    title: TitleName | None
    release: ReleaseLabel | None
    when: WhenText | None
    kind: Kind
    lead: LeadText
    state: Annotated[State | Outlook, FieldText("The state of its delivery, else `to come` or `not sent`.")]
    reason: Annotated[str | None, FieldText("Why it is in that state, or will not be sent.")]
    attribution: NotRequired[Attribution]


# To come, and sent ---------------------------------------------------------------------------------------------------


def planned_row(item: ForecastMessage, templates: Templates, problems: set[str]) -> PlannedRow:
    """Return one message to come, with the words it would have; `problems` gets what is wrong with a template."""
    written = write(item.contexts, templates, item.at)
    problems.update(written.problems)
    lead = item.contexts[0].lead if len(item.contexts) == 1 else None
    return {
        **times(item.at, item.subscriber.zone),
        "subscriber": item.subscriber.name,
        "channels": list(item.channels),
        **_about([(context.title, context.release) for context in item.contexts]),
        "kind": written.kind,
        "lead": str(lead) if lead else None,
        "subject": written.words.subject,
        "body": written.words.plain(),
        **credited_titles([context.title for context in item.contexts]),
    }


def simulated_row(done: SendResult) -> SimulatedRow:
    """Return one message that was sent to one channel."""
    outgoing = done.outgoing
    first = outgoing.items[0]
    return {
        **times(outgoing.written_at, first.subscriber.zone),
        "subscriber": first.subscriber.name,
        "channel": outgoing.channel.name,
        **_about([(item.title, item.release) for item in outgoing.items]),
        "kind": outgoing.kind,
        "lead": str(first.lead) if len(outgoing.items) == 1 and first.lead else None,
        "subject": outgoing.words.subject,
        "body": outgoing.words.plain(),
        **credited_titles([item.title for item in outgoing.items]),
    }


def _about(topics: Sequence[tuple[Title | None, Release]]) -> TopicFields:
    """Return what one message is about; a digest is about several titles, and names none."""
    title, release = topics[0]
    if len(topics) > 1 or title is None:
        return {"title": None, "release": None, "when": None, "precision": None}
    return {"title": title.name, "release": release.label, **when_fields(release.when)}


# The ledger, and what is not in it -----------------------------------------------------------------------------------


def history_row(line: HistoryEntry) -> HistoryRow:
    """Return one delivery of the ledger."""
    return {
        "id": line.id,
        "at": utc_text(line.at),
        "due_at": utc_text(line.due_at),
        "next_at": utc_or_none(line.next_at),
        "subscriber": line.subscriber,
        "channel": line.channel,
        "title": line.title,
        "release": line.release,
        "when": line.when.json(),
        "kind": line.kind,
        "lead": line.lead,
        "state": line.state,
        "reason": line.reason,
        "attempts": line.attempts,
        **credited([line.source]),
    }


def why_rows(
    entries: Sequence[tuple[HistoryEntry, tzinfo]], explained: Sequence[tuple[SubscriptionSnapshot, Explained]]
) -> list[WhyRow]:
    """Return the deliveries about a title (each with its person's zone) and what is explained, in order of time."""
    rows = [_delivered(entry, zone) for entry, zone in entries]
    rows += [_explained(each, case) for case, each in explained]
    return sorted(rows, key=lambda row: (row["at"] is None, row["at"] or ""))


def _delivered(line: HistoryEntry, zone: tzinfo) -> WhyRow:
    """Return a delivery of the ledger, with what it has in common with those that are not in it."""
    return {
        "id": line.id,
        **times(line.at, zone),
        "subscriber": line.subscriber,
        "channels": [line.channel] if line.channel else [],
        "title": line.title,
        "release": line.release,
        "when": line.when.json(),
        "kind": line.kind,
        "lead": line.lead,
        "state": line.state,
        "reason": line.reason,
        **credited([line.source]),
    }


def _explained(item: Explained, case: SubscriptionSnapshot) -> WhyRow:
    sub = case.subscription
    return {
        "id": None,
        "at": utc_or_none(item.at),
        "local_at": local_text(item.at, sub.subscriber.zone) if item.at else None,
        "subscriber": sub.subscriber.name,
        "channels": list(item.channels),
        "title": sub.title.name,
        "release": item.release.label,
        "when": item.release.when.json(),
        "kind": item.kind,
        "lead": item.lead,
        "state": NEVER if item.reason else TO_COME,
        "reason": item.reason,
        **credited_titles([sub.title]),
    }
