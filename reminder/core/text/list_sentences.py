"""The sentences that the page shows beside releases and messages: how far away, on what occasion, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reminder.core.model.entities import Kind
from reminder.core.model.ledger import Reason, State
from reminder.core.text.sentence import SentenceEntry, counted, said

COMING: Final = (
    said("coming.no_date", "No date", "A heading over releases of which nothing is known."),
    said("coming.yesterday", "Yesterday", "A heading over what is of that day."),
    said("coming.today", "Today", "A heading over what is of that day."),
    said("coming.tomorrow", "Tomorrow", "A heading over what is of that day."),
    said("coming.out_since", "out since {clock}", "Beside the name of a release that came out today."),
    said("coming.at_yesterday", "yesterday at {clock}", "Beside the name of a release."),
    said("coming.at_today", "today at {clock}", "Beside the name of a release, still to come."),
    said("coming.at_tomorrow", "tomorrow at {clock}", "Beside the name of a release."),
    said("coming.at", "{away}, {clock}", "Beside the name of a release: `in 3 days, 8:00 PM`."),
    said("coming.no_date_yet", "no date yet", "Beside the name of a release: nothing is known."),
    said("coming.no_day_yet", "no day yet", "Beside the name of a release: its month is known, its day is not."),
    said("coming.passed", "passed without a day", "Beside a release: its month is over, and no day became known."),
    said("coming.announced", "date announced", "Beside a release whose date became known lately."),
    said("coming.moved", "moved from {old}", "Beside a release: {old} is its former day or hour, `December 10`."),
    said("coming.moved_from_none", "moved from no date", "Beside a release that had no date before."),
    said("coming.withdrawn", "no longer {old}", "Beside a release without a date: {old} is the one that it had."),
    said("coming.withdrawn_none", "no longer no date", "Beside a release; hardly ever seen."),
    said("coming.told_at", "told at {clock} over {channels}", "When somebody was told today. {channels} is a list."),
    said("coming.told_on", "told on {day} over {channels}", "When somebody was told. {channels} is a list."),
    said("coming.muted", "muted", "Beside a title: no messages come about it."),
    said("coming.paused", "paused until {day}", "Beside a title: no messages come until then. {day} is `July 9`."),
    said("coming.again_at", "at {clock}", "When something is tried again today."),
    said("day.clock", "{day}, {clock}", "A day and a time of day: `July 2, 9:00 AM`, `Wed, Jul 2, 9:00 AM`."),
    said("coming.again_on", "{day} at {clock}", "When something is tried again. {day} is `July 9`."),
)

_BEFORE: Final = "When a reminder comes, in relation to the release: a note, or a part of a list."

LEADS: Final = (
    said("lead.release", "the moment it is out", _BEFORE),
    said("lead.day", "on the day", _BEFORE),
    counted("lead.weeks_before", "{count} week before", "{count} weeks before", "count", _BEFORE),
    counted("lead.days_before", "{count} day before", "{count} days before", "count", _BEFORE),
    counted("lead.hours_before", "{count} hour before", "{count} hours before", "count", _BEFORE),
    counted("lead.minutes_before", "{count} minute before", "{count} minutes before", "count", _BEFORE),
    counted("lead.weeks_after", "{count} week after", "{count} weeks after", "count", _BEFORE),
    counted("lead.days_after", "{count} day after", "{count} days after", "count", _BEFORE),
    counted("lead.hours_after", "{count} hour after", "{count} hours after", "count", _BEFORE),
    counted("lead.minutes_after", "{count} minute after", "{count} minutes after", "count", _BEFORE),
    said("lead.none", "none", "In the place of a list of reminders."),
)

_KINDS: Final = {
    Kind.REMINDER: ("reminder", "What a message is."),
    Kind.WINDOW: ("expected, with no day known", "On what occasion a message is sent: in the first days of a month."),
    Kind.ANNOUNCED: ("a date is announced", "On what occasion a message is sent."),
    Kind.MOVED: ("the date has moved", "On what occasion a message is sent."),
    Kind.WITHDRAWN: ("the date is withdrawn", "On what occasion a message is sent."),
    Kind.CANCELLED: ("it is cancelled", "On what occasion a message is sent."),
    Kind.MISSED: ("what came out while nothing could be sent", "On what occasion a message is sent."),
    Kind.DIGEST: ("digest", "What a message is: several in one."),
    Kind.TROUBLE: ("trouble", "What a message is: news of a channel that does not work."),
    Kind.TEST: ("test", "What a message is."),
    Kind.CODE: ("code", "What a message is: it brings a code that signs somebody in."),
}

_WHY: Final = "Why somebody was not sent a message about a title. `It` is the title, the message or the channel."
_REASONS: Final[Mapping[str, str]] = {
    Reason.SUBSCRIBED_LATER: "you began to follow it later",
    Reason.ADDED_LATER: "the reminder, or the channel, was added later",
    Reason.MUTED: "it was muted",
    Reason.PAUSED: "a pause was on",
    Reason.CANCELLED: "it is cancelled",
    Reason.MOVED: "the date has moved",
    Reason.MOVED_BACK: "the date moved back before you were told",
    Reason.KNOWN: "you had heard of the new date already",
    Reason.NO_TIME: "it counts hours, and only the day is known",
    Reason.NOT_WANTED: "you do not want notices of this kind",
    Reason.NO_CHANNEL: "none of your channels takes it",
    Reason.CHANNEL_GONE: "its channel is gone",
    Reason.SAME_ADDRESS: "it comes there over another channel",
    Reason.UNLISTED: "you no longer followed it",
    Reason.BY_NOTICE: "the notice of the new date said it all",
    Reason.BY_LATER: "a later message said it all",
    Reason.SAID_TODAY: "the same had been said there that day",
    Reason.PUT_RIGHT: "it was a slip, put right before you were told",
    Reason.OVER: "it was too late before it could be tried",
    Reason.RESTORED: "the database was restored from an older copy",
    Reason.SEEN: "you have seen it",
    Reason.TAKEN_BACK: "you took it back",
    Reason.FORGOTTEN: "it is older than the history is kept",
}

_STATES: Final = {
    State.DUE: "waits for its turn",
    State.SENDING: "on its way",
    State.RETRYING: "failed, is tried again",
    State.SENT: "sent",
    State.SUPERSEDED: "left out",
    State.EXPIRED: "too late to be of use",
    State.FAILED: "given up",
    State.SKIPPED: "not sent",
}

NO_DAY: Final = "no day is known yet"
REASON_IDS: Final = {
    NO_DAY: "reason.no_day",
    **{reason: f"reason.{Reason(reason).name.lower()}" for reason in _REASONS},
}
"""By what the ledger, or a plan, holds: the id of the sentence that says it."""

KEPT_IDS: Final = {
    NO_DAY: "kept.no_day",
    **{str(reason): f"kept.{reason.name.lower()}" for reason in Reason},
    **{str(state): f"kept.state.{state}" for state in State},
}
"""By what the ledger holds: the id of the sentence that says it of somebody else's message."""
_KEPT: Final = (
    "Why a message was not sent to somebody else, or what became of it: a note in a list. `It` is the title, the "
    "message or the channel."
)

_SILENT: Final = "Why no more messages come about a title. `It` is the title."

SILENCES: Final = (
    said("silence.nobody", "nobody follows it", _SILENT),
    said("silence.cancelled", "it is cancelled", _SILENT),
    said(
        "silence.passed", "{span} has passed, and no day is known", f"{_SILENT} {{span}} is `July 2025` or `Q3 2025`."
    ),
    said("silence.expected", "expected {when}, no day is known yet", f"{_SILENT} {{when}} is `in July 2025`."),
    said("silence.no_date", "its date is not known yet", _SILENT),
    said("silence.no_next_date", "its next date is not known yet", f"{_SILENT} Some of its episodes are out."),
    said("silence.came_out", "it came out on {day}", f"{_SILENT} {{day}} is `July 9, 2025`."),
    said("silence.muted", "it is muted", _SILENT),
    said("silence.paused", "a pause is on, and nothing comes after it", _SILENT),
    said("silence.no_channel", "no channel is there to tell it over", _SILENT),
    said("silence.not_taken", "no channel takes its messages", _SILENT),
    said("silence.seen", "it was seen", _SILENT),
    said("silence.hours_only", "its leads count hours, and only the day is known", f"{_SILENT} Leads are reminders."),
    said("silence.no_leads", "it has no leads", f"{_SILENT} Leads say how long before a release a reminder comes."),
    said("silence.on_its_way", "what is left of it is on its way", _SILENT),
    said("silence.not_all_sent", "not all its messages could be sent", _SILENT),
    said("silence.all_sent", "all its messages were sent", _SILENT),
    said("silence.added_late", "its reminders' moments had passed when they were added", f"{_SILENT} They: reminders."),
    said("silence.followed_late", "its reminders' moments had passed when it was added", f"{_SILENT} It: the title."),
    said("silence.said_otherwise", "other messages about it said it all", _SILENT),
    said("silence.passed_over", "what is left of it is passed over", _SILENT),
)

CHANGES: Final = (
    said("date.none", "No date is known yet", "In the place of a release's date."),
    said("date.cancelled", "Cancelled", "In the place of a release's date."),
    said("release.gone", "a release that is gone", "In the place of a release's name, in the history of its dates."),
    said("by.config", "the config", "Who gave a release its date: the file in which the program is set up."),
    said("by.hand", "by hand", "Who gave a release its date: somebody, by a command or on the page."),
    said("by.proposal", "by hand, as {who} proposed", "Who gave a release its date. {who} is a person."),
    said("by.calendar", "a calendar", "Who gave a release its date."),
    said("told.told", "you were told", "Beside a change of a date."),
    said("told.on_its_way", "a message about it is on its way", "Beside a change of a date."),
    said("told.to_come", "you will be told", "Beside a change of a date."),
    said("told.before", "before you followed it", "Beside a change of a date."),
    said("told.no_news", "not told: it changed nothing for you", "Beside a change of a date."),
    said("told.not_told", "not told", "Beside a change of a date."),
    said("told.not_told_because", "not told: {reason}", "Beside a change of a date. {reason} is `a pause was on`."),
)

CALENDAR: Final = (
    said(
        "calendar.cancelled", "Cancelled: {name}", "An event of a calendar. {name} is a title, or `The finale of Silo`."
    ),
    said(
        "calendar.sometime", "Sometime in {span}: {names}", "A note in a calendar. {span} is `July`, `Q3` or `summer`."
    ),
    said("calendar.quarter", "Q{quarter}", "A quarter of a year, 1 to 4, in the place of {span}."),
    said("calendar.spring", "spring", "In the place of {span}."),
    said("calendar.summer", "summer", "In the place of {span}."),
    said("calendar.autumn", "autumn", "In the place of {span}."),
    said("calendar.fall", "fall", "Autumn, as American English says it. In the place of {span}."),
)

LIST_SENTENCES: Final[tuple[SentenceEntry, ...]] = (
    *COMING,
    *LEADS,
    *(said(f"kind.{kind}", text, comment) for kind, (text, comment) in _KINDS.items()),
    *(said(REASON_IDS[reason], text, _WHY) for reason, text in {NO_DAY: NO_DAY, **_REASONS}.items()),
    *(said(f"state.{state}", text, "What became of a message.") for state, text in _STATES.items()),
    *(said(id_, text, _KEPT) for text, id_ in KEPT_IDS.items()),
    *SILENCES,
    *CHANGES,
    *CALENDAR,
)
