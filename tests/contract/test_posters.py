"""Where pictures of titles are, and those that are kept, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from reminder.core.model.entities import Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, SourceTitle, WorkForm
from reminder.store import followed, posters
from reminder.store.sql.tables import poster, title
from tests.support.pictures import PNG
from tests.support.stores import Rig, listed, put

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
KEPT = timedelta(days=150)
PLACE = "https://static.example/7.png"


def answer(image: str | None) -> SourceTitle:
    return SourceTitle(source="tvmaze", ref="7", name="Harbour", form=WorkForm.SERIES, image=image)


@pytest.fixture
def pinned(rig: Rig) -> Rig:
    """Return a database with one title that is followed through a source, whose picture is known of."""
    put(rig.store, listed(ListedEntry(title=Title(key="harbour", name="Harbour", source_options=SourceOptions()))), NOW)
    match = Match(source="tvmaze", ref="7", name="Harbour", form=WorkForm.SERIES)
    with rig.store.write() as tx:
        followed.pin_to(tx, "harbour", match, followed.BY_PERSON, NOW)
        posters.note_picture(tx, "harbour", [answer(None), answer(PLACE)])
    return rig


def claimed(rig: Rig, now: datetime, most: int = 9) -> list[str]:
    with rig.store.write() as tx:
        return [wanted.url for wanted in posters.claim_wanted(tx, now, KEPT, most)]


def keep(rig: Rig, now: datetime, url: str = PLACE) -> None:
    with rig.store.write() as tx:
        posters.keep_picture(tx, posters.WantedPoster(key="harbour", url=url), "image/png", PNG, now)


def test_a_picture_is_claimed_once_a_day_until_it_is_kept_and_again_after_its_time(pinned: Rig) -> None:
    assert claimed(pinned, NOW) == [PLACE]
    assert claimed(pinned, NOW + timedelta(hours=23)) == []
    assert claimed(pinned, NOW + timedelta(hours=25)) == [PLACE]
    later = NOW + timedelta(hours=25)
    keep(pinned, later)
    with pinned.store.read() as tx:
        assert not posters.has_wanted(tx, later + timedelta(days=149), KEPT)
        assert posters.has_wanted(tx, later + timedelta(days=151), KEPT)
        assert posters.bytes_kept(tx) == len(PNG)
    assert claimed(pinned, later + timedelta(days=151)) == [PLACE]
    with pinned.store.read() as tx:
        assert posters.bytes_kept(tx) == 0


def test_what_was_fetched_from_where_it_no_longer_is_is_not_kept(pinned: Rig) -> None:
    claimed(pinned, NOW)
    with pinned.store.write() as tx:
        posters.note_picture(tx, "harbour", [answer("https://static.example/new.png")])
    keep(pinned, NOW)
    with pinned.store.read() as tx:
        assert posters.bytes_kept(tx) == 0
    assert claimed(pinned, NOW) == ["https://static.example/new.png"]


def test_the_same_answer_lets_a_kept_picture_be(pinned: Rig) -> None:
    claimed(pinned, NOW)
    keep(pinned, NOW)
    with pinned.store.write() as tx:
        posters.note_picture(tx, "harbour", [answer(PLACE)])
        assert posters.bytes_kept(tx) == len(PNG)


def test_a_picture_goes_with_its_title_under_another_key_and_with_no_title_not_at_all(pinned: Rig) -> None:
    claimed(pinned, NOW)
    keep(pinned, NOW)
    with pinned.store.write() as tx:
        followed.rekey(tx, "harbour", "haven")
        tx.execute(
            insert(poster).values(title_key="nobody's", source="tvmaze", url=PLACE, asked_at=posters.NEVER)
        )  # fmt: skip
    assert claimed(pinned, NOW + timedelta(days=1)) == []
    with pinned.store.read() as tx:
        assert [row.title_key for row in tx.execute(select(poster.c.title_key))] == ["haven"]


def test_a_page_sees_what_is_kept_and_not_too_old(pinned: Rig) -> None:
    claimed(pinned, NOW)
    keep(pinned, NOW)
    with pinned.store.read() as tx:
        number = tx.execute(select(title.c.id)).scalar_one()
        assert [each.number for each in posters.kept_posters(tx, [number, number + 1], NOW)] == [number]
        assert posters.kept_posters(tx, [number], NOW + timedelta(seconds=1)) == []
        found = posters.picture_of(tx, number, NOW, None)
        assert found is not None
        assert (found.kind, found.content, found.kept_at) == ("image/png", PNG, NOW)
        assert posters.picture_of(tx, number, NOW, "somebody") is None
