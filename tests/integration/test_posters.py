"""Pictures of titles: fetched once from where a catalogue says they are, where they are asked for, and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from reminder.core.sourcing.answers import NoAnswer, SourceTitle
from reminder.core.sourcing.pictures import MOST_BYTES, picture_kind
from reminder.daemon.build_sources import build_catalogues, build_posters
from reminder.refresh.posters import PosterKeeper
from reminder.store.sql.tables import followed, poster
from tests.support.catalogues import Catalogues
from tests.support.pictures import PNG, png
from tests.support.sourced import SourcedWorld
from tests.support.works import Film, Show

WATCH = "watch: [Harbour Lights, Salt Road]\n"
PAGE = "web: {posters: true}\n"
BEGIN = "2026-10-01 12:00"
IMAGE = "/images/7.png"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues(shows={7: Show(id=7, name="Harbour Lights"), 8: Show(id=8, name="Salt Road")}) as made:
        made.shows[7].image = f"http://{made.sink.netloc}{IMAGE}"
        made.raw[IMAGE] = PNG
        yield made


def keeper_of(world: SourcedWorld) -> PosterKeeper:
    made = build_posters(world.app, world.store, threading.Event())
    assert made is not None
    return made


def kept(world: SourcedWorld) -> dict[str, bytes]:
    with world.store.read() as tx:
        rows = tx.execute(select(poster.c.title_key, poster.c.image).where(poster.c.kept_at.is_not(None)))
        return {row.title_key: row.image for row in rows}


def test_a_picture_is_fetched_once_and_again_after_a_hundred_and_fifty_days(there: Catalogues) -> None:
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    keeper = keeper_of(world)
    assert keeper.keep(world.clock.now()) == 1
    assert list(kept(world).values()) == [PNG]
    for days in (0.1, 1, 30, 149):
        assert keeper.keep(world.clock.now() + timedelta(days=days)) == 0
    assert len(there.asked("/images/")) == 1
    there.raw[IMAGE] = png(5, 5)
    assert keeper.keep(world.clock.now() + timedelta(days=151)) == 1
    assert (len(there.asked("/images/")), list(kept(world).values())) == (2, [png(5, 5)])


def test_nothing_is_fetched_unless_it_is_asked_for(there: Catalogues) -> None:
    for config in ("", "web: {}\n", "web: {posters: false}\n"):
        world = SourcedWorld(config + WATCH, BEGIN, there=there)
        world.refresh()
        assert build_posters(world.app, world.store, threading.Event()) is None
    assert there.asked("/images/") == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no sort of picture that is safe"),
        (b"<html>Please accept our cookies</html>", "no picture"),
        (PNG + bytes(MOST_BYTES), "too large"),
        (b"", "nothing"),
    ],
    ids=["a picture that is a program", "a page", "too large", "nothing"],
)
def test_what_is_no_picture_is_not_kept_and_left_alone_for_a_day(there: Catalogues, body: bytes, why: str) -> None:
    there.raw[IMAGE] = body
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    keeper, now = keeper_of(world), world.clock.now()
    assert [keeper.keep(now + timedelta(hours=hours)) for hours in (0, 1, 23)] == [0, 0, 0], why
    assert (len(there.asked("/images/")), kept(world)) == (1, {})
    there.raw[IMAGE] = PNG
    assert keeper.keep(now + timedelta(hours=25)) == 1


def test_a_picture_at_an_address_that_is_private_is_not_asked_for(there: Catalogues) -> None:
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    with world.store.write() as tx:
        tx.execute(update(poster).values(url=f"http://localhost:{there.sink.netloc.rpartition(':')[2]}{IMAGE}"))
    assert keeper_of(world).keep(world.clock.now()) == 0
    assert there.asked("/images/") == []


def test_there_is_an_end_to_what_is_kept_in_all(there: Catalogues) -> None:
    there.shows[8].image, there.raw["/images/8.png"] = there.shows[7].image.replace("7.png", "8.png"), PNG  # type: ignore[union-attr]
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    keeper = keeper_of(world)
    keeper.most_in_all = len(PNG) * 3 // 2
    assert keeper.keep(world.clock.now()) == 1
    assert len(kept(world)) == 1


def test_a_picture_follows_its_title_and_goes_when_its_source_has_it_elsewhere_or_no_more(there: Catalogues) -> None:
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    keeper = keeper_of(world)
    keeper.keep(world.clock.now())
    there.shows[7].image = there.shows[7].image.replace("7.png", "new.png")  # type: ignore[union-attr]
    there.raw["/images/new.png"] = png(4, 4)
    world.refresh(everything=True)
    assert kept(world) == {}
    assert keeper.keep(world.clock.now()) == 1
    assert list(kept(world).values()) == [png(4, 4)]
    there.shows[7].image = None
    world.refresh(everything=True)
    with world.store.read() as tx:
        assert tx.execute(select(poster)).all() == []


def test_a_picture_of_no_title_is_let_go_of(there: Catalogues) -> None:
    world = SourcedWorld(PAGE + WATCH, BEGIN, there=there)
    world.refresh()
    keeper = keeper_of(world)
    keeper.keep(world.clock.now())
    with world.store.write() as tx:
        tx.execute(followed.delete())
    keeper.keep(world.clock.now() + timedelta(days=151))
    assert kept(world) == {}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"GIF89a", None),
        (b"<svg", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head: bytes, kind: str | None) -> None:
    assert picture_kind(head) == kind


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ({"medium": "https://static.example/7.jpg", "original": "https://static.example/big.jpg"}, "https://static.example/7.jpg"),
        ({"medium": None}, None),
        ({"medium": 7}, None),
        ("https://static.example/7.jpg", None),
        ({"medium": "javascript:alert(1)"}, None),
        ({"medium": "file:///etc/passwd"}, None),
        ({"medium": "https://static.example/" + "7" * 600}, None),
        (None, None),
    ],
)  # fmt: skip
def test_a_strange_picture_spoils_no_answer(there: Catalogues, image: object, address: str | None) -> None:
    there.shows[7].image, there.shows[7].image_as_answered = None, image
    world = SourcedWorld(WATCH, BEGIN, there=there)
    answer = build_catalogues(world.app).sources["tvmaze"].fetch("7", world.clock.now().date())
    assert isinstance(answer, SourceTitle)
    assert answer.image == address


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/pB8BM7pdSp6.jpg", "https://image.tmdb.org/t/p/w185/pB8BM7pdSp6.jpg"),
        (None, None),
        ("//evil.example/a.jpg", None),
        ("/../../a.jpg", None),
        (7, None),
    ],
)
def test_tmdb_names_a_path_on_its_own_server_of_pictures(there: Catalogues, path: object, address: str | None) -> None:
    there.films[3] = Film(id=3, name="Night Ferry", poster_path=path)
    world = SourcedWorld(WATCH, BEGIN, there=there, more="tmdb")
    answer = build_catalogues(world.app).sources["tmdb"].fetch("movie/3", world.clock.now().date())
    assert not isinstance(answer, NoAnswer)
    assert answer.image == address
