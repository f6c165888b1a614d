"""The other sentences of messages, and the parts by which names, dates and places are said."""

from __future__ import annotations

from typing import Final

from reminder.core.dates.spelling import MONTHS
from reminder.core.text.sentence import MONTH_IDS, SentenceEntry, counted, said

NAMES: Final = (
    said("name.season", "{title} season {season}", "A title with its season, a number. It is never inflected."),
    said("name.year", "{title} {season}", "A title with its season, where that is a year: `Late Talk 2026`."),
    said("name.untitled", "untitled", "In the place of a title that has no letters."),
    said("name.episode", "{work} episode {episode}", "What a release is called: title, season and episode."),
    said("name.episodes", "{work} episodes {run}", "What a release is called. {run} is `3 and 4` or `5 to 7`."),
    said("name.finale", "the finale of {work}", "What a release is called, in the middle of a sentence."),
    said("run.two", "{first} and {last}", "Two episodes, in the place of {run}: numbers."),
    said("run.many", "{first} to {last}", "More than two episodes, in the place of {run}: numbers."),
    said("label.premiere", "premiere", "Which release of a title it is, as a note beside its name."),
    said("label.season_premiere", "season {season} premiere", "Which release of a title it is."),
    said("label.finale", "finale", "Which release of a title it is: the last episode of a season."),
    said("label.episode", "episode {episode}", "Which release of a title it is."),
    said("label.episodes", "episodes {first}-{last}", "Which release of a title it is: several episodes, by number."),
    said("label.episode_of", "episode of {date}", "Which release of a title it is: an episode without a number."),
)

SPANS: Final = (
    *(
        said(id_, f"in {name} {{year}}", "Without a day. It stands in the place of {when}, behind `is expected`.")
        for id_, name in zip(MONTH_IDS, MONTHS, strict=True)
    ),
    said("in_span.quarter", "in Q{quarter} {year}", "A quarter of a year, 1 to 4. In the place of {when}."),
    said("in_span.spring", "in spring {year}", "In the place of {when}."),
    said("in_span.summer", "in summer {year}", "In the place of {when}."),
    said("in_span.autumn", "in autumn {year}", "In the place of {when}."),
    said("in_span.fall", "in fall {year}", "Autumn, as American English says it. In the place of {when}."),
    said("in_span.year", "in {year}", "In the place of {when}."),
    said("sometime", "sometime {when}", "{when} is `in summer 2025` or `in 2025`. It stands behind `is expected`."),
    said("sometime.heading", "Sometime {when}", "At the head of a line. {when} is `in July 2025`, `in summer 2025`."),
    said("span.quarter", "Q{quarter} {year}", "A quarter of a year by itself, as in `moved from Q1 2025 to Q3 2025`."),
    said("span.spring", "spring {year}", "By itself, as in `moved from spring 2025 to summer 2025`."),
    said("span.summer", "summer {year}", "By itself, as in `moved from spring 2025 to summer 2025`."),
    said("span.autumn", "autumn {year}", "By itself, as in `moved from spring 2025 to autumn 2025`."),
    said("span.fall", "fall {year}", "By itself: autumn, as American English says it."),
    said("span.year", "{year}", "A year by itself, as in `moved from 2025 to 2026`."),
)

TIMES: Final = (
    counted("away.in_days", "in {days} day", "in {days} days", "days", "How far away a day is, 2 or more."),
    said("away.tomorrow", "tomorrow", "How far away a day is."),
    said("away.today", "today", "How far away a day is."),
    said("away.yesterday", "yesterday", "How far away a day is."),
    counted("away.days_ago", "{days} day ago", "{days} days ago", "days", "How far away a day is, 2 or more."),
    counted("span.hours", "{hours} hour", "{hours} hours", "hours", "As in `in 2 hours` and `2 hours ago`."),
    counted(
        "span.minutes", "{minutes} minute", "{minutes} minutes", "minutes", "As in `in 5 minutes`, `5 minutes ago`."
    ),
    said("span.both", "{hours} and {minutes}", "{hours} is `1 hour`, {minutes} is `30 minutes`."),
    said("time.left", "in {span}", "How long until a time. {span} is `2 hours` or `1 hour and 30 minutes`."),
    said("at.clock", "at {clock}", "A time of day, today. In the place of {at}, behind `in 2 hours, …`."),
    said("at.tomorrow", "tomorrow at {clock}", "In the place of {at}, behind `in 21 hours, …`."),
    said("at.yesterday", "yesterday at {clock}", "In the place of {at}, behind `6 hours ago, …`."),
    said("at.day", "on {day} at {clock}", "In the place of {at}, behind `in 72 hours, …`. {day} is `July 9`."),
    said("in_full", "{date}, at {clock}", "A day in full with its hour: `Wednesday, July 9, 2025, at 7:00 PM NZST`."),
    said("zoned", "{clock} {zone}", "A time of day with its zone: `7:00 PM NZST`, `19:00 Sao Paulo time`."),
    said("zone.city", "{city} time", "In the place of {zone}, where a zone has no letters."),
    said("list.more", "{count} more", "The end of a list: `Ballard, Severance and 7 more`. {count} is 2 or more."),
)

FACTS: Final = (
    counted("drop.all", "{count} episode", "all {count} episodes", "count", "What comes out: a whole season at once."),
    said("drop.one", "episode {episode}", "What comes out."),
    said("drop.one_of", "episode {episode} of {total}", "What comes out: one of so many episodes of the season."),
    said("drop.run", "episodes {run}", "What comes out. {run} is `1 and 2` or `5 to 7`."),
    said("drop.run_of", "episodes {run} of {total}", "What comes out, of so many episodes of the season."),
    said("place.on", "on {platform}", "Where it comes out: a service or a network, `on Prime Video`."),
    SentenceEntry(
        id="place.under",
        text="in {platform}",
        comment="Where it comes out: {platform} is `cinemas` or `theaters`. Say `in cinemas`, without {platform}.",
        spare=frozenset({"platform"}),
    ),
    said(
        "place.openings",
        "on, in, at",
        "Never shown. The words with which a place begins that somebody wrote whole, `on Steam`; commas between.",
    ),
    said(
        "place.roofs",
        "cinema, cinemas, theater, theaters, theatre, theatres",
        "Never shown. What somebody may write for a cinema, in your language; commas between, small letters.",
    ),
    said("facts.drop_and_place", "{drop} {place}", "`all 10 episodes` and `on Prime Video`, as one phrase."),
    said("facts.dated_drop", "{date}: {drop}", "A line: the day in full, then what comes out and where."),
    said("facts.dated_place", "{date}, {place}", "A line: the day in full, then only where it comes out."),
    said("facts.none", "No date is known yet.", "In the place of the line with the date."),
    counted(
        "others.changed",
        "{count} later release changed with it.",
        "{count} later releases changed with it.",
        "count",
        "How many later episodes got new dates together with this one.",
    ),
    counted(
        "others.changed_finale",
        "{count} later release changed with it; the finale comes out on {day}.",
        "{count} later releases changed with it; the finale comes out on {day}.",
        "count",
        "The same, and when the season ends. {day} is `July 9, 2025`.",
    ),
    said("missed", "While I was away: {sentence}", "{sentence} is a whole sentence, `Ballard came out on July 9`."),
)

DIGESTS: Final = (
    counted("digest", "{count} reminder", "{count} reminders", "count", "The subject of several messages in one."),
    counted(
        "digest.names",
        "{count} reminder: {names}",
        "{count} reminders: {names}",
        "count",
        "The subject of several messages in one. {names} is `Ballard, Severance and 7 more`.",
    ),
    said(
        "digest.entry", "{sentence} ({brief})", "A line of a list. {sentence} is whole; {brief} is its day and place."
    ),
)

SYSTEM: Final = (
    said("trouble", "Channel {channel} is not working", "A subject. A channel is an address that messages go to."),
    said(
        "trouble.since", "It has failed since {date}: {reason}", "{date} has its hour; {reason} is what a service said."
    ),
    said("trouble.advice", "What to do: {advice}", "{advice} is what to do, in English: a command, or a setting."),
    said(
        "trouble.usual",
        "What to do: check its address and its secrets, restart reminder if a secret was renewed, then run: {command}",
        "{command} is typed on a terminal: it ends the line, without a full stop.",
    ),
    said(
        "trouble.nothing_waits",
        "Nothing waits for it now; what comes due is tried again every hour while it is still useful",
        "`It` is a channel that does not work.",
    ),
    counted(
        "trouble.waits",
        "{count} message waits for it, tried again every hour while it is still useful",
        "{count} messages wait for it, each tried again every hour while it is still useful",
        "count",
        "`For it`: for a channel that does not work.",
    ),
    said(
        "gone",
        "{address} takes no messages any more",
        "A subject. {address} is what somebody calls an address of theirs: `Firefox on Android`.",
    ),
    said("gone.said", "What was sent there came back on {date}: {reason}", "{reason} is what a service said."),
    said("gone.elsewhere", "What you follow comes over your other channels.", "There is at least one."),
    said(
        "gone.advice",
        "To have it there again, set it up anew on the page, under Channels.",
        "`It` is what is sent; Channels is the name of a page.",
    ),
    said(
        "test", "A test of channel {channel}", "The subject of a message that somebody sends to see whether it comes."
    ),
    said("test.body", "If you can read this, reminders reach you over {channel}", "The text of a test message."),
    said("test.sent", "Sent on {date}", "The end of a test message; {date} has its hour."),
    said("heartbeat", "Still here", "The subject of a message that comes once a week, to show that all still works."),
    said("heartbeat.well", "Reminders go out.", "A weekly sign of life: nothing is wrong."),
    said("heartbeat.not_well", "Not everything is well:", "A weekly sign of life: a line for each trouble follows."),
    said("heartbeat.nothing", "Nothing is coming up for you.", "A weekly sign of life: no message is to come."),
    said(
        "heartbeat.next",
        "Next, {day}: {sentence}.",
        "{day} is `July 9`, {sentence} the message, `Silo premieres tomorrow`.",
    ),
    said(
        "refused", "Some addresses refuse what is sent", "A subject, to whoever runs this: addresses of other people."
    ),
    counted(
        "refused.line",
        "{count} address of channel {channel}: reminders to them wait, and are tried hourly.",
        "{count} addresses of channel {channel}: reminders to them wait, and are tried hourly.",
        "count",
        "A line for each channel with addresses that refuse messages.",
    ),
    said("code", "Your code: {code}", "A subject. A code signs somebody in."),
    said(
        "code.body",
        "It signs you in on the page of your reminders, and holds for ten minutes.",
        "`It` is the code in the subject.",
    ),
    said("code.from", "It was asked for from {place}", "{place} is an address on the network."),
    said(
        "code.from_browser",
        "It was asked for with {browser}, from {place}",
        "`It` is a code. {place} is an address on the network, {browser} what a browser calls itself.",
    ),
    said(
        "code.from_system",
        "It was asked for with {browser} on {system}, from {place}",
        "The same: {browser} is a name such as Firefox, {system} one such as Android.",
    ),
    said(
        "code.not_you", "If that was not you, do nothing: without the code nobody gets in.", "The end of the message."
    ),
    said(
        "proof.body",
        "Type it in on the page: then reminders come here. It holds for ten minutes.",
        "In the message with a code by which somebody shows that an address is theirs.",
    ),
    said(
        "proof.not_you",
        "If that was not you, do nothing: without the code nothing comes here.",
        "The end of that message.",
    ),
)
"""What is sent about channels and signing in, not about titles."""

MESSAGE_SENTENCES: Final[tuple[SentenceEntry, ...]] = (*NAMES, *SPANS, *TIMES, *FACTS, *DIGESTS, *SYSTEM)
