"""The next releases: found by an index over their dates, which every writer keeps right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from reminder.core.dates.parse import load_when
from reminder.core.dates.when import When
from reminder.core.model.entities import Title
from reminder.core.schedule.season import parse_drop
from reminder.store.coming import coming
from reminder.store.sql.tables import release
from reminder.store.titles import WHEN_COLUMNS, when_columns
from tests.support.rules import a_title
from tests.support.stores import NOW, SQLITE, Rig, listed, put, watching

TODAY = date(2025, 7, 2)
WEEK = timedelta(days=7)

FORMS: dict[str, tuple[str | None, str | None, int]] = {
    "2025-07-09": ("2025-07-09", "2025-07-09", 4),
    "2025-07-09 20:00 Europe/Berlin": ("2025-07-09", "2025-07-09", 5),
    "2025-07-09 01:00 Europe/Berlin": ("2025-07-08", "2025-07-08", 5),
    "2025-12-31 20:00 America/New_York": ("2026-01-01", "2026-01-01", 5),
    "2028-02": ("2028-02-01", "2028-02-29", 3),
    "2025-Q4": ("2025-10-01", "2025-12-31", 2),
    "summer 2025": ("2025-06-01", "2025-08-31", 2),
    "2026": ("2026-01-01", "2026-12-31", 1),
    "TBA": (None, None, 0),
    "cancelled": (None, None, 0),
}


def days(first: str | None, last: str | None, exact: int) -> tuple[date | None, date | None, int]:
    first_on, last_on = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return first_on, last_on, exact


@pytest.mark.parametrize("written", FORMS)
def test_a_date_has_a_form_that_can_be_sorted(written: str) -> None:
    found = when_columns(load_when(written))
    assert (found["from_on"], found["to_on"], found["exact"]) == days(*FORMS[written])
    assert load_when(found["when_text"]) == load_when(written)


def must_be_right(rig: Rig) -> list[str]:
    """Check that every release says the same in both forms; return the dates as they are written."""
    rows = rig.rows(select(*(release.c[name] for name in WHEN_COLUMNS)).order_by(release.c.id))
    assert [row._asdict() for row in rows] == [when_columns(load_when(row.when_text)) for row in rows]
    return [row.when_text for row in rows]


@pytest.mark.parametrize("after", FORMS)
def test_both_forms_move_together(rig: Rig, after: str) -> None:
    is_cancelled = after == "cancelled"
    moved = a_title(when="2025-08-01", cancelled=True) if is_cancelled else a_title(when=after)
    season = a_title("Silo", "2025-08-01" if is_cancelled else after, season=3, episodes=2, drop=WEEKLY)
    put(rig.store, listed(a_title(when="2025-08-01"), season))
    assert must_be_right(rig)[0] == "2025-08-01"
    put(rig.store, listed(moved), NOW + WEEK)
    assert must_be_right(rig)[0] == load_when(after).show()
    put(rig.store, listed(a_title(when="2025-08-01"), season), NOW + 2 * WEEK)
    assert must_be_right(rig)[0] == "2025-08-01"


WEEKLY = parse_drop("weekly")


def names(rig: Rig, limit: int | None = None, today: date = TODAY) -> list[str]:
    with rig.store.read() as tx:
        return [f"{item.title.name} {item.dated.release.first}" for item in coming(tx, today, limit)]


def many(*dates: str) -> list[Title]:
    return [a_title(f"T{number}", when) for number, when in enumerate(dates)]


def test_no_more_is_read_than_is_asked_for(rig: Rig) -> None:
    put(rig.store, listed(*many("2025-07-20", "2025-07-05", "TBA", "2025-07-10", "2025-08-01", "2025-07-03")))
    assert names(rig, 2) == ["T1 1", "T5 1"]
    assert names(rig, 3) == ["T1 1", "T3 1", "T5 1"]
    assert names(rig) == ["T0 1", "T1 1", "T2 1", "T3 1", "T4 1", "T5 1"]


def test_days_and_instants_beside_each_other_are_both_there(rig: Rig) -> None:
    """A day begins earlier in the east than an instant of the day before it."""
    put(rig.store, listed(*many("2025-07-05 23:59 UTC", "2025-07-06", "2025-07-07 00:00 UTC", "2025-07-08")))
    assert names(rig, 1) == ["T0 1", "T1 1"]
    assert names(rig, 2) == ["T0 1", "T1 1", "T2 1"]


def test_what_comes_out_today_in_some_zone_is_there_and_what_is_gone_by_is_not(rig: Rig) -> None:
    put(rig.store, listed(*many("2025-06-30", "2025-07-01 23:00 UTC", "2025-07-02", "2025-07-02 01:00 UTC")))
    assert names(rig) == ["T1 1", "T2 1", "T3 1"]


def test_what_has_no_day_comes_when_the_days_are_used_up_a_title_once(rig: Rig) -> None:
    season = a_title("Silo", "TBA", season=3, episodes=4, drop=WEEKLY)
    put(rig.store, listed(*many("2025-07-20", "2026", "2025-09", "TBA"), season, a_title("Over", cancelled=True)))
    assert names(rig, 1) == ["T0 1"]
    assert names(rig, 2) == ["T0 1", "T1 1", "T2 1"]
    assert names(rig) == ["T0 1", "T1 1", "T2 1", "T3 1", "Silo 1"]


def test_who_is_no_longer_listed_does_not_come(rig: Rig) -> None:
    put(rig.store, listed(*many("2025-07-20", "2025-07-21", "TBA", "2026")))
    put(rig.store, listed(*many("2025-07-20")), NOW + WEEK)
    assert names(rig) == ["T0 1"]


_COPIES = (
    "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) INSERT INTO "
    "title (id, \"key\", name, origin, spec) SELECT i, 't' || i, 'T' || i, origin, spec FROM n, title WHERE id = 1",
    "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) INSERT INTO "
    "release (id, title_id, season, first, spec, when_text, seen_at, from_on, to_on, exact) "
    "SELECT i, i, season, first, spec, when_text, seen_at, {day}, {day}, 4 FROM n, release WHERE id = 1",
    "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) INSERT INTO "
    "subscription (id, subscriber_id, title_id, ladder, since, began_at) "
    "SELECT i, 1, i, ladder, since, began_at FROM n, subscription WHERE id = 1",
)


def fill(rig: Rig, last: int) -> None:
    """Have so many titles more that one person follows, one for each day to come; the dates only as they are sorted."""
    day = "date('2025-07-03', '+' || (i % 20000) || ' days')" if rig.kind == SQLITE else "date '2025-07-03' + i % 20000"
    with rig.store.write() as tx:
        for rows in _COPIES:
            tx.execute(text(rows.format(last=last, day=day)))
        tx.execute(text("ANALYZE"))


def steps_of(rig: Rig, tx: Connection, statement: str, parameters: Any) -> str:
    if rig.kind == SQLITE:
        return "\n".join(row.detail for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
    return "\n".join(row[0] for row in tx.exec_driver_sql(f"EXPLAIN {statement}", parameters))


def test_the_next_ones_are_read_off_the_index(rig: Rig) -> None:
    put(rig.store, listed(a_title(when="2025-07-20")))
    fill(rig, 10_000)
    with watching(rig.store) as seen, rig.store.read() as tx:
        assert len(coming(tx, TODAY, 50)) < 60
    assert len(seen.sent) == 3
    with rig.store.read() as tx:
        plans = [steps_of(rig, tx, *sent) for sent in seen.sent]
    for plan in plans[:2]:
        assert "ix_release_dated" in plan
    for plan in plans:
        assert "Seq Scan" not in plan
        assert "SCAN" not in plan


def test_so_are_those_of_one_person(rig: Rig) -> None:
    """What a page of one person will ask: their subscriptions are looked up as the index is walked."""
    put(rig.store, listed(a_title(when="2025-07-20")))
    fill(rig, 10_000)
    statement = """
        SELECT release.id FROM release
        WHERE release.gone_at IS NULL AND release.exact >= 4 AND release.from_on >= '2025-07-02' AND EXISTS (
            SELECT 1 FROM subscription WHERE subscription.subscriber_id = 1 AND subscription.title_id = release.title_id
        ) ORDER BY release.from_on LIMIT 50
    """
    with rig.store.read() as tx:
        plan = steps_of(rig, tx, statement, ())
    assert "ix_release_dated" in plan
    assert "SCAN" not in plan
    assert "Sort" not in plan


def test_exactness_rises_with_what_is_known() -> None:
    found = [
        load_when(text).exactness for text in ("TBA", "2026", "2026-Q1", "2026-01", "2026-01-01", "2026-01-01T00:00Z")
    ]
    assert found == [0, 1, 2, 3, 4, 5]
    assert When.season(2026, "spring").exactness == When.quarter(2026, 1).exactness
