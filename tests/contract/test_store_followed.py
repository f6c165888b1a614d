"""Titles followed through a source, on every database: pins, answers, dates that stay, and one asker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from reminder.core.dates.parse import parse_when
from reminder.core.dates.when import When
from reminder.core.errors import StoreError
from reminder.core.model.entities import Follow, Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, SourceTitle, Stated, WorkForm
from reminder.refresh.resolving import resolve_dates, understood
from reminder.store import followed
from reminder.store.answers import dump_answer, load_answer
from reminder.store.followed import SourceState
from reminder.store.source_health import alone
from reminder.store.sql.tables import date_change, message, release, subscriber, title
from reminder.store.sql.tables import followed as followed_table
from reminder.store.title_commands import put_again, rename
from tests.support.stores import POSTGRESQL, Rig, listed, put, rig_of

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
GRACE = timedelta(days=2)


def harbour(**more: object) -> Title:
    return Title(key="harbour", name="Harbour", source_options=SourceOptions(), **more)  # type: ignore[arg-type]


def answer(*dates: str, season: int = 1, source: str = "tvmaze") -> SourceTitle:
    stated = tuple(
        Stated(raw=on, when=parse_when(on), on=parse_when(on).on, rule="as said", season=season, number=number)
        for number, on in enumerate(dates, 1)
    )
    return SourceTitle(
        source=source, ref="7", name="Harbour", form=WorkForm.SERIES, releases=stated, ids={"imdb": "tt7"}
    )


def match(ref: str = "7") -> Match:
    return Match(source="tvmaze", ref=ref, name="Harbour", form=WorkForm.SERIES)


def follow(rig: Rig, item: Title, *answers: SourceTitle, now: datetime = NOW) -> None:
    """Pin a listed title and take an answer, as a refresh does."""
    with rig.store.write() as tx:
        followed.pin_to(tx, item.key, match(), followed.BY_PERSON, now)
        state = known(rig, item.key, tx)
        read = [understood(each, state, now.date()) for each in answers]
        followed.note_answer(tx, item, state, read, resolve_dates(item, state, read, now), now)
        put_again(tx, [item.key], now, GRACE, resolve_dates)


def known(rig: Rig, key: str, tx: object = None) -> SourceState:
    if tx is not None:
        return followed.known_sources(tx, [key])[key]  # type: ignore[arg-type]
    with rig.store.read() as read:
        return followed.known_sources(read, [key])[key]


def begin(rig: Rig, item: Title, now: datetime = NOW) -> None:
    put(rig.store, listed(ListedEntry(title=item)), now)


def dates(rig: Rig) -> list[tuple[int, int, str]]:
    with rig.store.read() as tx:
        rows = tx.execute(
            select(release).where(release.c.gone_at.is_(None)).order_by(release.c.season, release.c.first)
        )
        return [(row.season, row.first, row.when_text) for row in rows]


def changes(rig: Rig) -> list[tuple[str, str, str]]:
    with rig.store.read() as tx:
        return [(row.before, row.after, row.source) for row in tx.execute(select(date_change))]


def test_a_first_answer_sets_the_dates_and_is_no_change(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08", "2026-10-15"))
    assert dates(rig) == [(1, 1, "2026-10-08"), (1, 2, "2026-10-15")]
    assert changes(rig) == []


def test_a_later_answer_that_differs_is_a_change_of_that_source(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    follow(rig, harbour(), answer("2026-10-09"), now=NOW + timedelta(days=1))
    assert changes(rig) == [("2026-10-08", "2026-10-09", "tvmaze")]


def test_a_new_season_is_announced_and_its_later_episodes_are_not(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-08-20"))
    second = replace(answer("2027-01-08", "2027-01-15", season=2), releases=())
    both = replace(
        second, releases=(*answer("2026-08-20").releases, *answer("2027-01-08", "2027-01-15", season=2).releases)
    )
    follow(rig, harbour(), both, now=NOW + timedelta(days=1))
    assert changes(rig) == [("TBA", "2027-01-08", "tvmaze")]


def test_a_sync_of_the_same_config_keeps_the_dates_of_the_source(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    begin(rig, harbour(), NOW + timedelta(hours=1))
    assert dates(rig) == [(1, 1, "2026-10-08")]
    assert changes(rig) == []


def test_a_correction_in_the_config_counts_at_once_and_goes_when_it_is_taken_out(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    corrected = replace(harbour(), source_options=SourceOptions(when=When.day(date(2026, 10, 20))))
    begin(rig, corrected, NOW + timedelta(hours=1))
    assert dates(rig) == [(1, 1, "2026-10-20")]
    follow(rig, corrected, answer("2026-10-09"), now=NOW + timedelta(hours=2))
    assert dates(rig) == [(1, 1, "2026-10-20")]
    begin(rig, harbour(), NOW + timedelta(hours=3))
    assert dates(rig) == [(1, 1, "2026-10-09")]


def test_another_wish_chooses_anew_from_the_answer_that_is_kept(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08", "2026-10-15"))
    begin(rig, harbour(follow=Follow.PREMIERE), NOW + timedelta(hours=1))
    assert dates(rig) == [(1, 1, "2026-10-08")]


def test_an_entry_stays_pinned_and_another_one_takes_its_place_whole(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    with rig.store.write() as tx:
        same = followed.pin_to(tx, "harbour", match(), followed.BY_NAME, NOW + timedelta(days=1))
        assert (same.by, same.at) == (followed.BY_PERSON, NOW)
        followed.pin_to(tx, "harbour", match("9"), followed.BY_CONFIG, NOW + timedelta(days=1))
    assert known(rig, "harbour").pin.id == "tvmaze:9"
    assert known(rig, "harbour").answer is None


def test_a_title_that_gets_an_id_keeps_its_source(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    begin(rig, replace(harbour(), key="my-harbour"), NOW + timedelta(hours=1))
    assert dates(rig) == [(1, 1, "2026-10-08")]
    with rig.store.write() as tx:
        row = tx.execute(select(title.c.id)).scalar_one()
        rename(tx, row, "renamed")
    assert known(rig, "renamed").pin.ref == "7"


def test_an_answer_is_read_back_as_it_was() -> None:
    stated = Stated(
        raw="x",
        when=parse_when("2026-10-08 21:00 America/New_York"),
        on=date(2026, 10, 8),
        season=1,
        number=2,
        special=True,
        provisional=True,
        rule="r",
    )
    given = replace(answer("2026-10-08"), releases=(stated,), year=2026, link="https://example.com", also="Hulu")
    assert load_answer(dump_answer(given, NOW.date())) == given


def test_what_is_long_over_is_not_kept_but_for_the_last_season() -> None:
    old = tuple(item for season in (1, 2, 3) for item in answer("2019-01-01", season=season).releases)
    kept = load_answer(dump_answer(replace(answer(), releases=old), NOW.date()))
    assert [item.season for item in kept.releases] == [3]


def test_one_at_a_time_asks_the_sources(rig: Rig) -> None:
    other = rig.another()
    with alone(rig.store) as first, alone(other) as second:
        assert first
        assert second is rig.store.is_sqlite  # a SQLite file has one daemon; a lock of its own is not needed
    with alone(other) as again:
        assert again


LOSE_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_a_database_that_is_lost_meanwhile_is_said_to_be(tmp_path: Path) -> None:
    with rig_of(POSTGRESQL, tmp_path) as rig, pytest.raises(StoreError), alone(rig.another()):
        rig.rows(text(LOSE_OTHERS))


def test_answers_about_what_nobody_watches_are_let_go_in_time(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-08"))
    put(rig.store, listed(), NOW + timedelta(hours=1))
    assert _after(rig, 100) == ["harbour"]
    assert _after(rig, 200) == []


def _after(rig: Rig, days: int) -> Sequence[str]:
    with rig.store.write() as tx:
        followed.forget_old(tx, NOW + timedelta(days=days))
        return list(followed.known_sources(tx))


# Labels that change


def numbered(*rows: tuple[int, int, str, str]) -> SourceTitle:
    """Return an answer of (season, number, day, the source's own number)."""
    stated = tuple(
        Stated(raw=on, when=parse_when(on), on=parse_when(on).on, rule="as said", season=season, number=number, id=own)
        for season, number, on, own in rows
    )
    return replace(answer(), releases=stated, is_whole=True)


def say(rig: Rig, season: int, first: int, anchor: str) -> None:
    """Enter a message about a release, as one that was decided."""
    with rig.store.write() as tx:
        at = NOW - timedelta(hours=1)
        who = tx.execute(select(subscriber.c.id)).scalars().first()
        of = tx.execute(select(title.c.id)).scalar_one()
        key = {"subscriber_id": who, "title_id": of, "season": season, "first": first, "what": "7d", "anchor": anchor}
        words = {"kind": "reminder", "lead": "7d", "label": "then", "planned": anchor, "change_no": 0}
        tx.execute(insert(message).values(**key, **words, at=at, useful_until=at, decided_at=at))


def said(rig: Rig) -> list[tuple[int, int, str]]:
    with rig.store.read() as tx:
        rows = tx.execute(select(message).order_by(message.c.season, message.c.first, message.c.anchor))
        return [(row.season, row.first, row.anchor) for row in rows]


def changed_refs(rig: Rig) -> list[tuple[int, int, str, str]]:
    with rig.store.read() as tx:
        rows = tx.execute(select(date_change).order_by(date_change.c.no))
        return [(row.season, row.first, row.before, row.after) for row in rows]


def test_a_relabelled_release_takes_its_messages_and_changes_along(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, "2026-10-08", "b"), (1, 3, "2026-10-15", "c")))
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, "2026-10-09", "b"), (1, 3, "2026-10-15", "c")))
    say(rig, 1, 2, "2026-10-09")
    say(rig, 1, 3, "2026-10-15")
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (2, 1, "2026-10-09", "b"), (2, 2, "2026-10-15", "c")))
    assert dates(rig) == [(1, 1, "2026-10-01"), (2, 1, "2026-10-09"), (2, 2, "2026-10-15")]
    assert said(rig) == [(2, 1, "2026-10-09"), (2, 2, "2026-10-15")]
    assert changed_refs(rig) == [(2, 1, "2026-10-08", "2026-10-09")]


def test_releases_may_change_places_with_each_other(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, "2026-10-08", "b"), (1, 3, "2026-10-15", "c")))
    say(rig, 1, 2, "2026-10-08")
    say(rig, 1, 3, "2026-10-15")
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 3, "2026-10-22", "b"), (1, 2, "2026-10-16", "c")))
    assert said(rig) == [(1, 2, "2026-10-15"), (1, 3, "2026-10-08")]
    assert changed_refs(rig) == [(1, 2, "2026-10-15", "2026-10-16"), (1, 3, "2026-10-08", "2026-10-22")]


def test_a_label_that_another_takes_over_is_free_and_what_was_said_under_it_is_not_lost(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, "2026-10-08", "b"), (1, 3, "2026-10-15", "c")))
    say(rig, 1, 2, "2026-10-08")
    say(rig, 1, 3, "2026-10-15")
    for day in ("2026-10-15", "2026-10-16"):
        follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, day, "c")))
        assert dates(rig) == [(1, 1, "2026-10-01"), (1, 2, day)]
    assert said(rig) == [(1, -1, "2026-10-08"), (1, 2, "2026-10-15")]
    assert changed_refs(rig) == [(1, 2, "2026-10-15", "2026-10-16")]


def test_what_an_older_version_kept_without_numbers_goes_on_by_its_labels(rig: Rig) -> None:
    begin(rig, harbour())
    follow(rig, harbour(), answer("2026-10-01", "2026-10-08"))
    with rig.store.write() as tx:
        chosen = tx.execute(select(followed_table.c.chosen)).scalar_one()
        older = {name: value for name, value in chosen.items() if name not in {"origins", "doubts"}}
        tx.execute(update(followed_table).values(chosen=older))
    follow(rig, harbour(), numbered((1, 1, "2026-10-01", "a"), (1, 2, "2026-10-08", "b")))
    assert dates(rig) == [(1, 1, "2026-10-01"), (1, 2, "2026-10-08")]
    assert changes(rig) == []
