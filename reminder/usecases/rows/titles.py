"""Rows of titles: shown whole (`show`), and taken in (`add`, `change`, `remove`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from reminder.core.model.entities import Follow, Title, TitleKind
from reminder.core.model.ledger import DateChange, Dated
from reminder.core.schedule.season import dump_drop
from reminder.platform.clock import utc_text
from reminder.usecases.rows.fields import (
    Exactness,
    FieldText,
    Instant,
    IsCancelled,
    PersonName,
    ReleaseLabel,
    Season,
    TitleKey,
    TitleName,
    WhenText,
    utc_or_none,
    when_fields,
)
from reminder.usecases.rows.messages import PlannedRow
from reminder.usecases.rows.sources import SourceRow, UnsearchedRow
from reminder.usecases.titles import (
    StoredTitle,
    SubscriptionSnapshot,
    TitleDates,
    TitleView,
    first_date,
)

# Shown whole ---------------------------------------------------------------------------------------------------------


Drops = str | list[dict[str, object]] | None
"""How episodes come out, as a config spells it: a word, or each part with its episodes and its date."""


class ReleaseRow(TypedDict):
    """A release of a title."""

    release: ReleaseLabel
    season: Season
    first: Annotated[int, FieldText("The number of its first episode.")]
    last: Annotated[int | None, FieldText("The number of its last episode, null where that is not known.")]
    when: WhenText | None
    precision: Exactness
    seen_at: Instant


ChangeRow = TypedDict(
    "ChangeRow",
    {
        "number": Annotated[int, FieldText("The number of the change, by which calendars know it.")],
        "release": ReleaseLabel | None,
        "from": WhenText | None,
        "from_precision": Exactness,
        "to": WhenText | None,
        "to_precision": Exactness,
        "source": Annotated[str, FieldText("Who said so: a source, the config, a command.")],
        "seen_at": Instant,
    },
)
ChangeRow.__doc__ = "A change of a release's date: from, to, who said so, and when it was seen."


class FollowerRow(TypedDict):
    """A person who follows a title, and by what they are told."""

    subscriber: PersonName
    remind: Annotated[
        dict[str, list[str]], FieldText("The leads for each role of a release: premiere, episode, finale.")
    ]
    channels: Annotated[list[str], FieldText("The channels that they are told over.")]
    muted: Annotated[bool, FieldText("Whether they have muted it.")]
    paused_until: Instant | None
    since: Instant
    chosen: Annotated[bool, FieldText("Whether they follow it by their own choice, beside what is listed for them.")]


class StoppedRow(TypedDict):
    """A person who has stopped following a title, though it may be listed for them, and when."""

    subscriber: PersonName
    stopped_at: Instant


class TitleFields(TypedDict):
    """A title as somebody listed it, and as its source completes it."""

    title: TitleName
    key: TitleKey
    season: Season
    kind: TitleKind | None
    when: WhenText | None
    precision: Exactness
    cancelled: IsCancelled
    platform: str | None
    episodes: int | None
    drop: Drops
    follow: Follow
    remind: dict[str, list[str]] | None
    link: str | None
    note: str | None
    listed: str | None
    ended_at: Instant | None


class TitleRow(TypedDict):
    """All that is known of a title: its dates and how they changed, who follows it, and what comes next."""

    title: TitleName
    key: TitleKey
    season: Season
    kind: Annotated[TitleKind | None, FieldText("The sort of work, where it is said.")]
    when: WhenText | None
    precision: Exactness
    cancelled: IsCancelled
    platform: Annotated[str | None, FieldText("Where it comes out.")]
    episodes: Annotated[int | None, FieldText("How many episodes it has, where somebody wrote it.")]
    drop: Annotated[Drops, FieldText("How its episodes come out, as a config spells it.")]
    follow: Annotated[Follow, FieldText("Which of its releases are followed.")]
    remind: Annotated[
        dict[str, list[str]] | None,
        FieldText("Its own leads for each role of a release, null where each person's count."),
    ]
    link: Annotated[str | None, FieldText("A web address about it.")]
    note: Annotated[str | None, FieldText("What somebody wrote beside it.")]
    listed: Annotated[
        str | None,
        FieldText("Where it is listed: a file with its line, or `by command`; null for what is no longer watched."),
    ]
    ended_at: Instant | None
    source: Annotated[
        SourceRow | UnsearchedRow | None,
        FieldText("What is known of its source, null for a title whose dates are by hand."),
    ]
    releases: list[ReleaseRow]
    changes: list[ChangeRow]
    subscribers: list[FollowerRow]
    stopped: list[StoppedRow]
    next: Annotated[PlannedRow | None, FieldText("The next message about it.")]
    next_reason: Annotated[str | None, FieldText("Why there is none.")]


def title_row(
    view: TitleView,
    today: date,
    place: str | None,
    source: SourceRow | UnsearchedRow | None,
    coming: tuple[PlannedRow | None, str | None],
) -> TitleRow:
    """Return all that is known of a title.

    `place` is where the config lists it, None where it does not; `coming` the next message or why there is none.
    """
    following, reason = coming
    return {
        **_title_fields(view.kept, today, place),
        "source": source,
        "releases": [_release_row(dated) for dated in view.dates.releases],
        "changes": _change_rows(view.dates),
        "subscribers": [_follower_row(case) for case in view.cases],
        "stopped": [{"subscriber": name, "stopped_at": utc_text(at)} for name, at in view.stopped.items()],
        "next": following,
        "next_reason": reason,
    }


def _title_fields(kept: StoredTitle, today: date, place: str | None) -> TitleFields:
    title = kept.listing.title
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        "kind": title.kind,
        **when_fields(first_date(title, today)),
        "cancelled": title.cancelled,
        "platform": title.where,
        "episodes": title.episodes,
        "drop": dump_drop(title.drop) if title.drop else None,
        "follow": title.follow,
        "remind": title.remind.dump() if title.remind else None,
        "link": title.page,
        "note": title.note,
        "listed": None if kept.ended_at else place or f"by {kept.origin}",
        "ended_at": utc_or_none(kept.ended_at),
    }


def _release_row(dated: Dated) -> ReleaseRow:
    release = dated.release
    return {
        "release": release.label,
        "season": release.season,
        "first": release.first,
        "last": release.last,
        **when_fields(release.when),
        "seen_at": utc_text(dated.seen_at),
    }


def _change_rows(known: TitleDates) -> list[ChangeRow]:
    labels = labels_of(known)
    return [_change_row(change, labels.get(change.ref)) for change in known.changes]


def _change_row(change: DateChange, label: str | None) -> ChangeRow:
    return {
        "number": change.no,
        "release": label,
        "from": change.before.json(),
        "from_precision": change.before.precision,
        "to": change.after.json(),
        "to_precision": change.after.precision,
        "source": change.source,
        "seen_at": utc_text(change.seen_at),
    }


def labels_of(known: TitleDates) -> Mapping[tuple[int | None, int], str]:
    """Return what each release of a title is called, by its season and first episode."""
    return {dated.release.ref: dated.release.label for dated in known.releases}


def _follower_row(case: SubscriptionSnapshot) -> FollowerRow:
    sub = case.subscription
    return {
        "subscriber": sub.subscriber.name,
        "remind": sub.ladder.dump(),
        "channels": [use.name for use in sub.subscriber.channels],
        "muted": sub.is_muted,
        "paused_until": utc_or_none(sub.silent_until),
        "since": utc_text(sub.began_at),
        "chosen": case.is_own,
    }


# Taken in ------------------------------------------------------------------------------------------------------------


class AddedRow(TypedDict):
    """A title that was added or changed, and what comes next about it."""

    title: TitleName
    key: TitleKey
    season: Season
    when: WhenText | None
    precision: Exactness
    next: Annotated[PlannedRow | None, FieldText("The next message about it.")]
    next_reason: Annotated[str | None, FieldText("Why there is none.")]


class RemovedRow(TypedDict):
    """A title that is no longer watched."""

    title: TitleName
    key: TitleKey


def added_row(title: Title, today: date, coming: tuple[PlannedRow | None, str | None]) -> AddedRow:
    """Return a title that was taken in; `coming` is the next message about it, or why there is none."""
    following, reason = coming
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(first_date(title, today)),
        "next": following,
        "next_reason": reason,
    }


def removed_row(kept: StoredTitle) -> RemovedRow:
    """Return a title that is no longer watched."""
    return {"title": kept.listing.title.name, "key": kept.listing.title.key}
