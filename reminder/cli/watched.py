"""`upcoming`, `list` and `show`: the titles, what comes out next, and all that is known of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reminder.cli import dates
from reminder.cli.context import Asked, asked
from reminder.cli.options import Named
from reminder.cli.output import draw, print_json, print_lines, print_table
from reminder.cli.registry import AHEAD, TITLES, add
from reminder.cli.table import Column
from reminder.cli.titles import find_title, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reminder.core.ledger import Dated
    from reminder.core.model import Release, Title
    from reminder.core.when import When
    from reminder.store.desk import Dates, Kept
    from reminder.store.stories import Case

Row = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "upcoming", upcoming, AHEAD)
    add(app, "list", list_, TITLES)
    add(app, "show", show, TITLES)


# upcoming --------------------------------------------------------------------------------------------------------------


def upcoming(
    context: typer.Context,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Show only the first so many.")
    ] = None,
) -> None:
    """Show what comes out next, with a countdown.

    What has no day yet stands at the end.
    """
    from reminder.store.desk import dates_of, kept_titles

    wanted = asked(context)
    now = wanted.app.clock.now()
    today = now.astimezone(wanted.zone).date()
    rows: list[Row] = []
    with wanted.looking() as tx:
        for kept in kept_titles(tx):
            releases = dates_of(tx, kept.id).releases
            rows += _upcoming_rows(kept.listing.title, releases, wanted, today, now)
    rows.sort(key=lambda row: row.pop("order"))
    rows = rows[:limit]
    if wanted.json:
        print_json([{key: row[key] for key in UPCOMING_FIELDS} for row in rows])
        return
    columns = (
        Column(key="shown_when", heading="when", whole=True),
        Column(key="countdown", heading="countdown", style=_countdown_style),
        Column(key="name", heading="title", style="bold"),
        Column(key="what", heading="what", style="dim"),
    )
    print_table(rows, columns, empty="Nothing is to come out: no title is watched.")


UPCOMING_FIELDS = ("title", "season", "release", "when", "precision", "countdown", "what")


def _name(title: Title, release: Release) -> str:
    season = "" if release.season is None else f" season {release.season}"
    return f"{title.name}{season}{'' if release.first == 1 else f' {release.label}'}"


def _countdown_style(row: Row) -> str:
    if row["precision"] not in {"exact", "day"}:
        return "yellow" if "passed" in row["countdown"] else "dim"
    return "green" if row["countdown"].startswith(("today", "out", "tomorrow")) else "cyan"


def _upcoming_rows(title: Title, releases: Iterable[Dated], wanted: Asked, today: date, now: datetime) -> Iterable[Row]:
    from reminder.cli.rows import when_fields
    from reminder.core.phrase import drop_and_place, place
    from reminder.core.when import CANCELLED

    undated = False
    for dated in releases:
        release = dated.release
        on = release.when.day_in(wanted.zone)
        if release.when == CANCELLED or (on is not None and on < today) or (on is None and undated):
            continue
        undated = undated or on is None  # of many drops without a date, the first says it all
        yield {
            "order": _order(release.when, wanted, title),
            "title": title.name,
            "season": release.season,
            "release": release.label,
            **when_fields(release.when),
            "name": _name(title, release),
            "shown_when": dates.date_of(release.when, wanted.zone),
            "countdown": _countdown(release.when, wanted, today, now),
            "what": drop_and_place(title, release) if release.first == 1 else place(title.platform),
        }


def _order(when: When, wanted: Asked, title: Title) -> tuple[int, float, str]:
    starts_at = when.starts_at(wanted.zone)
    group = 0 if when.is_dated else 1 if when.is_coarse else 2
    return group, starts_at.timestamp() if starts_at else 0.0, title.name.casefold()


def _countdown(when: When, wanted: Asked, today: date, now: datetime) -> str:
    from reminder.core import spoken
    from reminder.core.explain import has_passed

    on = when.day_in(wanted.zone)
    if on is None:
        return "passed without a day" if has_passed(when, today) else "no day yet" if when.is_coarse else "no date yet"
    if on != today or when.at is None:
        return spoken.away(on, today)
    return spoken.time_left(when.at - now) if when.at > now else "out"


# list ------------------------------------------------------------------------------------------------------------------


def list_(context: typer.Context) -> None:
    """List the titles that are watched."""
    from reminder.store.desk import kept_titles
    from reminder.store.stories import all_cases

    wanted = asked(context)
    with wanted.looking() as tx:
        kept = kept_titles(tx)
        cases = all_cases(tx)
    rows = [_list_row(item, wanted, [case for case in cases if case.title_id == item.id]) for item in kept]
    if wanted.json:
        print_json(rows)
        return
    shown = [
        {
            **row,
            "shown_when": dates.date_of(_first_date(item.listing.title), wanted.zone),
            "who": _who(row),
            "name": _work(item.listing.title),
            "line": _line(row),
        }
        for row, item in zip(rows, kept, strict=True)
    ]
    columns = (
        Column(key="name", heading="title", style="bold"),
        Column(key="shown_when", heading="date", whole=True),
        Column(key="platform", heading="where"),
        Column(key="who", heading="for"),
        Column(key="line", heading="listed", style="dim"),
    )
    print_table(shown, columns, empty='No title is watched: list one under watch:, or `reminder add "Ballard"`.')


def _work(title: Title) -> str:
    return title.name if title.season is None else f"{title.name} season {title.season}"


def _line(row: Row) -> str:
    place, _, line = row["listed"].rpartition(":")
    return f"line {line}" if place else line


def _who(row: Row) -> str:
    muted = set(row["muted"])
    return ", ".join(f"{name} (muted)" if name in muted else name for name in row["subscribers"]) or "nobody"


def _first_date(title: Title) -> When:
    from reminder.core.season import unfold

    return unfold(title)[0].when


def _list_row(kept: Kept, wanted: Asked, cases: Iterable[Case]) -> Row:
    from reminder.cli.rows import when_fields

    title = kept.listing.title
    people = [case.subscription for case in cases]
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        **when_fields(_first_date(title)),
        "cancelled": title.cancelled,
        "platform": title.platform,
        "subscribers": [sub.subscriber.name for sub in people],
        "muted": [sub.subscriber.name for sub in people if sub.is_muted],
        "listed": place_of(wanted.app.config, title.key) or "by command",
    }


# show ------------------------------------------------------------------------------------------------------------------


def show(context: typer.Context, title: Named) -> None:
    """Show all that is known of a title.

    Its dates and how they changed, who follows it, and what comes next.
    """
    from reminder.cli.next import next_messages
    from reminder.store.desk import dates_of
    from reminder.store.stories import all_cases

    wanted = asked(context)
    with wanted.looking() as tx:
        kept = find_title(tx, title)
        known = dates_of(tx, kept.id)
        cases = all_cases(tx, title_key=kept.listing.title.key)
        coming = next_messages(wanted, tx, [kept.listing])[kept.listing.title.key]
    row = {
        **_title_row(kept, wanted),
        "releases": [_release_row(dated) for dated in known.releases],
        "changes": _change_rows(known),
        "subscribers": [_follower_row(case) for case in cases],
        "next": coming.row,
        "next_reason": coming.reason,
    }
    if wanted.json:
        print_json(row)
    else:
        _show(row, kept, known, wanted, coming.text(wanted))


def _title_row(kept: Kept, wanted: Asked) -> Row:
    from reminder.cli.rows import utc_or_none, when_fields
    from reminder.core.season import dump_drop

    title = kept.listing.title
    place = place_of(wanted.app.config, title.key)
    return {
        "title": title.name,
        "key": title.key,
        "season": title.season,
        "kind": str(title.kind) if title.kind else None,
        **when_fields(_first_date(title)),
        "cancelled": title.cancelled,
        "platform": title.platform,
        "episodes": title.episodes,
        "drop": dump_drop(title.drop) if title.drop else None,
        "follow": str(title.follow),
        "remind": title.remind.dump() if title.remind else None,
        "link": title.link,
        "note": title.note,
        "listed": None if kept.ended_at else place or "by command",
        "ended_at": utc_or_none(kept.ended_at),
    }


def _release_row(dated: Dated) -> Row:
    from reminder.cli.rows import when_fields
    from reminder.clock import utc_text

    release = dated.release
    return {
        "release": release.label,
        "season": release.season,
        "first": release.first,
        "last": release.last,
        **when_fields(release.when),
        "seen_at": utc_text(dated.seen_at),
    }


def _change_rows(known: Dates) -> list[Row]:
    from reminder.clock import utc_text

    labels = _labels(known)
    return [
        {
            "number": change.no,
            "release": labels.get(change.ref),
            "from": change.before.json(),
            "from_precision": str(change.before.precision),
            "to": change.after.json(),
            "to_precision": str(change.after.precision),
            "source": change.source,
            "seen_at": utc_text(change.seen_at),
        }
        for change in known.changes
    ]


def _labels(known: Dates) -> Mapping[tuple[int | None, int], str]:
    return {dated.release.ref: dated.release.label for dated in known.releases}


def _follower_row(case: Case) -> Row:
    from reminder.clock import utc_text

    sub = case.subscription
    return {
        "subscriber": sub.subscriber.name,
        "remind": sub.ladder.dump(),
        "channels": [use.name for use in sub.subscriber.channels],
        "muted": sub.is_muted,
        "since": utc_text(sub.began_at),
    }


def _show(row: Row, kept: Kept, known: Dates, wanted: Asked, coming: str) -> None:
    from rich.text import Text

    zone = wanted.zone
    draw(Text(_heading(row), style="bold"))
    for key in ("kind", "platform", "note", "link"):
        if row[key]:
            print_lines(f"  {row[key]}")
    listed = row["listed"] or f"no longer watched since {dates.instant(kept.ended_at, zone)}"
    print_lines(f"  listed {'at ' if ':' in listed else ''}{listed}" if row["listed"] else f"  {listed}", "")
    releases = [
        {"release": d.release.label, "when": dates.date_of(d.release.when, zone), "what": _episodes(d.release)}
        for d in known.releases
    ]
    columns = (
        Column(key="release", heading="release", whole=True),
        Column(key="when", heading="date", whole=True, style="bold"),
        Column(key="what", heading="what", style="dim"),
    )
    print_table(releases, columns, empty="")
    if known.changes:
        print_lines("")
        _show_changes(known, wanted)
    print_lines("")
    _show_followers(row)
    print_lines("", f"next: {coming}")
    if row["next"]:
        draw(Text(f"      {row['next']['subject']}", style="bold"))


def _heading(row: Row) -> str:
    season = "" if row["season"] is None else f" season {row['season']}"
    return f"{row['title']}{season}{' (cancelled)' if row['cancelled'] else ''}"


def _episodes(release: Release) -> str:
    from reminder.core.phrase import drop

    return drop(release)


def _show_changes(known: Dates, wanted: Asked) -> None:
    labels, zone = _labels(known), wanted.zone
    rows = [
        {
            "no": change.no,
            "release": labels.get(change.ref, ""),
            "from": dates.date_of(change.before, zone),
            "to": dates.date_of(change.after, zone),
            "source": change.source,
            "seen": dates.instant(change.seen_at, zone),
        }
        for change in known.changes
    ]
    columns = (
        Column(key="no", heading="change", style="dim"),
        Column(key="release", heading="release"),
        Column(key="from", heading="from", whole=True),
        Column(key="to", heading="to", whole=True, style="bold"),
        Column(key="source", heading="by", style="dim"),
        Column(key="seen", heading="seen", whole=True, style="dim"),
    )
    print_table(rows, columns, empty="")


def _show_followers(row: Row) -> None:
    rows = [
        {
            **person,
            **{kind: ", ".join(leads) or "none" for kind, leads in person["remind"].items()},
            "muted": "muted" if person["muted"] else "",
        }
        for person in row["subscribers"]
    ]
    episodic = len(row["releases"]) > 1
    columns = (
        Column(key="subscriber", heading="for", style="bold"),
        Column(key="premiere", heading="leads" if not episodic else "premiere"),
        *((Column(key="episode", heading="episode"), Column(key="finale", heading="finale")) if episodic else ()),
        Column(key="channels", heading="over", style="dim"),
        Column(key="muted", heading="", style="yellow"),
    )
    print_table(rows, columns, empty="Nobody follows it.")
